"""The tasks of lab 08: what MTTR, MTBF and availability say, and what people make of them."""

from faultlab.classroom.answers.kinds import Choice, Function, Misconception, Number, Wrong
from faultlab.classroom.answers.sandbox import Case
from faultlab.classroom.tasks.lesson_08.own_incidents import own_file
from faultlab.metrics.budgets import error_budget
from faultlab.metrics.customers import annual_loss
from faultlab.metrics.estimates import (
    chance_looks_better,
    downtime_minutes,
    parallel,
    steady_availability,
)
from faultlab.metrics.incidents import merge_intervals

minutes_a_month = Number(
    name="minutes_a_month",
    title="What an objective allows in a month",
    question="The checkout's objective is to be up {percent} % of a month of 30 days. How many minutes may it be down?",
    unit="minutes",
    draw=lambda draw: {"percent": draw.choice([99.5, 99.8, 99.9, 99.95])},
    reference=lambda n: downtime_minutes(n.percent / 100, "month"),
    hints=(
        "A month of 30 days has 30 × 24 × 60 = 43,200 minutes.",
        "The share of time down is 100 % minus {percent} %.",
    ),
    solution="(100 − {percent}) / 100 × 43,200 minutes = {answer}.",
    why="Say it in minutes at work: nobody argues about a percentage, and everybody has a view on an hour.",
    misconceptions=(
        Misconception(
            "hours a year",
            lambda n: downtime_minutes(n.percent / 100, "year") / 60,
            "That is the number of hours a year. The objective is for one month, and the question asks for minutes.",
        ),
        Misconception(
            "minutes a year",
            lambda n: downtime_minutes(n.percent / 100, "year"),
            "That is what a year allows. A month has 30 days.",
        ),
        Misconception(
            "percent taken for a fraction",
            lambda n: (100 - n.percent) * 43_200,
            "A percentage is a hundredth: 0.1 % of the time is 0.001 of it.",
        ),
        Misconception(
            "time up",
            lambda n: n.percent / 100 * 43_200,
            "That is how long it is up. The rest is what it may be down.",
        ),
    ),
)

two_zones = Choice(
    name="two_zones",
    title="The second zone",
    question=(
        "A supplier offers a second zone for {cost:,} EUR a year. Each zone is up {percent} % of the time, one is enough, "
        'and an hour of the service is worth {worth:,} EUR. "Independent zones: up {both} % of the time, {saved:,} EUR '
        'a year saved", says the offer. Both zones take every release in the same minute and share one sign-in. What do '
        "you do?"
    ),
    options={
        "A": Wrong(
            "Sign: it saves far more than it costs.",
            "independence taken on trust",
            "The saving is that of zones which share nothing. These share each release and the sign-in.",
        ),
        "B": Wrong(
            "Refuse: two zones fail twice as often as one.",
            "series for parallel",
            "Some zone is down about twice as often. But one is enough, so the service is down only while both are.",
        ),
        "C": Wrong(
            "Ask for a third zone as well: it makes the service better still.",
            "more copies against a common cause",
            "A third zone takes the same release in the same minute. What hits all zones hits three as well.",
        ),
        "D": "Ask which of our outages would have hit both zones at once.",
    },
    points=2,
    draw=lambda draw: _offer(draw.choice([98.0, 98.5, 99.0]), draw.choice([5_000, 8_000])),
    hints=(
        "The offer multiplies the two shares of time down. When may you do that?",
        "What happens to both zones when a release is bad?",
    ),
    solution="{answer} Up {both} % holds only if nothing hits both zones. Here a release and the sign-in do.",
    why="Your own outages of the last year answer it in an afternoon. Only the share that hits one zone alone can be saved.",
)


def _offer(percent, worth):
    both = parallel([percent / 100] * 2)
    saved = (both - percent / 100) * 8_760 * worth
    return {
        "percent": percent,
        "worth": worth,
        "both": f"{100 * both:.4g}",
        "saved": int(round(saved, -3)),
        "cost": int(round(saved / 4, -4)),
    }


def down_minutes(incidents):
    """Minutes down: the union of the incidents, so that an overlap counts once."""
    total, latest = 0, 0
    for start, end in sorted(incidents):
        start = max(start, latest)
        if end > start:
            total = total + end - start
            latest = end
    return total


def _union(incidents):
    return sum(end - start for start, end in merge_intervals(sorted(incidents), 44_640))


def _sum_of_lengths(incidents):
    return sum(end - start for start, end in incidents)


def _first_to_last(incidents):
    return max(end for _, end in incidents) - min(start for start, _ in incidents) if incidents else 0


def _only_neighbours(incidents):
    total, previous_end = 0, 0
    for start, end in sorted(incidents):
        total += max(0, end - max(start, previous_end))
        previous_end = end
    return total


def _night_and_day(draw):
    """Cases in minutes since the month began."""
    first = draw.integer(1, 500)
    length = draw.integer(20, 90)
    apart = [(first, first + length), (first + 400, first + 400 + draw.integer(5, 60))]
    return [
        Case("no incident", ([],)),
        Case("one incident", ([(first, first + length)],)),
        Case("two incidents apart", (apart,)),
        Case("one from the first minute on", ([(0, length)],)),
        Case("an overlap", ([(first, first + length), (first + length // 2, first + length + 30)],)),
        Case(
            "one inside another",
            ([(first, first + 120), (first + 10, first + 40), (first + 60, first + 150)],),
        ),
        Case("the later one first", ([apart[1], apart[0]],)),
        Case("one ends as the next starts", ([(first, first + 15), (first + 15, first + 40)],)),
    ]


union_of_incidents = Function(
    name="union_of_incidents",
    equivalent=("total, latest = (0, -1)",),
    title="Minutes down when incidents overlap",
    question=(
        "Write down_minutes(incidents). Each incident is a pair (start, end) in minutes since the month "
        "began. Return the minutes in which at least one of them was open."
    ),
    points=3,
    reference=_union,
    solution=down_minutes,
    cases=_night_and_day,
    hints=(
        "Sort the incidents by their start; then go through them once.",
        "Keep the latest end that you have seen. Only what lies after it is new.",
        "An incident inside an earlier one adds nothing and must not move the latest end back.",
    ),
    misconceptions=(
        Misconception(
            "an overlap counts twice",
            _sum_of_lengths,
            "Adding the lengths counts a minute twice in which two incidents were open.",
        ),
        Misconception(
            "first to last",
            _first_to_last,
            "From the first start to the last end there were also minutes in which all was well.",
        ),
        Misconception(
            "looks at the neighbour only",
            _only_neighbours,
            "An incident may end before the one that started ahead of it: keep the latest end of all.",
        ),
    ),
)

two_parts = Number(
    name="two_parts",
    title="From MTBF and MTTR to availability",
    question=(
        "The payments service runs {days} days between failures (MTBF) and takes {minutes} minutes to restore "
        "(MTTR), on average. What percentage of the time is it up? Give at least three decimals."
    ),
    unit="%",
    decimals=3,
    draw=lambda draw: {"days": draw.choice([9, 12, 15, 18]), "minutes": draw.choice([50, 70, 90, 110])},
    reference=lambda n: 100 * steady_availability(24 * n.days, n.minutes),
    hints=(
        "Put both into the same unit first: {days} days are {days} × 1,440 minutes.",
        "Availability = MTBF / (MTBF + MTTR).",
    ),
    solution="{days} × 1,440 / ({days} × 1,440 + {minutes}) × 100 = {answer}.",
    why="Halving {minutes} minutes or doubling {days} days gives the same availability. Ask which of the two is cheaper.",
    misconceptions=(
        Misconception(
            "minutes taken for hours",
            lambda n: 100 * steady_availability(24 * n.days, 60 * n.minutes),
            "That takes {minutes} hours to restore. The MTTR is in minutes: bring both to one unit.",
        ),
        Misconception(
            "days taken for hours",
            lambda n: 100 * steady_availability(n.days, n.minutes),
            "That takes the {days} days for hours. A day has 24 of them.",
        ),
        Misconception(
            "ratio without units",
            lambda n: 100 * n.days / (n.days + n.minutes),
            "Days and minutes can't be added. Bring both to one unit first.",
        ),
        Misconception(
            "time down",
            lambda n: 100 - 100 * steady_availability(24 * n.days, n.minutes),
            "That is the share of downtime. The question asks for the uptime.",
        ),
    ),
)

joint_mttr = Choice(
    name="joint_mttr",
    title="One MTTR for two services",
    question=(
        "In spring the search had {few} incidents of {short} minutes on average, and the checkout {checkout} of {long} "
        "minutes: an MTTR of {before} minutes for both together. In summer the checkout is as before, and the search "
        "has {many} incidents of {short} minutes. The report says: joint MTTR down to {after} minutes, well done. "
        "What do you do?"
    ),
    options={
        "A": "Ask for the minutes down of each service: they rose from {down_before} to {down_after} in all.",
        "B": Wrong(
            "Congratulate both teams: outages are {better} % shorter.",
            "a lower average is an improvement",
            "No outage became shorter. The search had more of its short ones, which pull the average down.",
        ),
        "C": Wrong(
            "Ask for the average of the two MTTRs instead: it weighs both services alike.",
            "the mean of the means",
            "That average would not have moved at all, while customers had more downtime than before.",
        ),
        "D": Wrong(
            "Take the search out of the report: its incidents are too short to matter.",
            "short outages don't count",
            "The search's short outages are where the additional downtime comes from.",
        ),
    },
    draw=lambda draw: _two_services(
        draw.choice([12, 15, 18]), draw.choice([20, 24, 30]), draw.choice([4, 5]), draw.choice([90, 120, 150])
    ),
    hints=(
        "Did any single outage become shorter?",
        "How many minutes were both services down together, in spring and in summer?",
    ),
    solution="{answer} No outage became shorter. There were more of the short ones, and they pull the average down.",
    why="An average of two services changes with the mix. Ask for each service by itself, with its number of incidents.",
)


def _two_services(few, short, checkout, long):
    many = 2 * few
    down = [count * short + checkout * long for count in (few, many)]
    before, after = down[0] / (few + checkout), down[1] / (many + checkout)
    return {
        "few": few,
        "many": many,
        "short": short,
        "checkout": checkout,
        "long": long,
        "before": round(before),
        "after": round(after),
        "better": round(100 * (1 - after / before)),
        "down_before": f"{down[0]:,}",
        "down_after": f"{down[1]:,}",
    }


_REACTIONS = {
    "pay": "Pay: the MTTR fell by {percent} %, so the runbook works.",
    "ask": "Ask how often it was used, and how long repairs took then.",
    "refuse": "Refuse: a fall of {percent} % shows that it has no effect.",
    "wait": "Wait for one more quarter and compare the MTTR again.",
}


def _quarters(draw):
    """Few incidents, and the four reactions in an order of the team's own."""
    incidents, percent = draw.choice([8, 10, 12]), draw.choice([11, 13, 15])
    lettered = zip("ABCD", draw.shuffled(_REACTIONS), strict=True)
    reactions = {letter: _REACTIONS[name].format(percent=percent) for letter, name in lettered}
    return {"incidents": incidents, "percent": percent} | reactions


def _reaction(n, name):
    """The letter of a reaction in the team's order."""
    text = _REACTIONS[name].format(percent=n.percent)
    return next(letter for letter in "ABCD" if getattr(n, letter) == text)


better_or_lucky = Choice(
    name="better_or_lucky",
    title="Better, or lucky?",
    question=(
        "The basket had {incidents} incidents in spring and {incidents} in summer. Its MTTR fell by {percent} %. "
        "The team asks for money to bring its new runbook to every service. What do you do?"
    ),
    options={
        "A": "{A}",
        "B": "{B}",
        "C": "{C}",
        "D": "{D}",
    },
    draw=_quarters,
    reference=lambda n: _reaction(
        n,
        "ask"
        if chance_looks_better(n.incidents, 1.25, by_at_least=n.percent / 100).numbers()[1] > 0.1
        else "pay",
    ),
    hints=(
        "How often does an MTTR look so much better when nothing has changed? The lesson's first chart shows it.",
        "What would tell you about the runbook itself, and not about the luck of a quarter?",
    ),
    solution=(
        "{answer}: with {incidents} incidents in each quarter an MTTR looks {percent} % better about four times in "
        "ten when nothing has changed. Look at the repairs in which the runbook was used."
    ),
    why="You pay an afternoon, and know afterwards whether the runbook was opened at all.",
    misconceptions=(
        Misconception(
            "takes luck for an effect",
            lambda n: _reaction(n, "pay"),
            "With {incidents} incidents each, luck alone shows such an improvement about four times in ten.",
        ),
        Misconception(
            "takes no proof for no effect",
            lambda n: _reaction(n, "refuse"),
            "So few incidents don't show that it works. They don't show that it doesn't, either.",
        ),
        Misconception(
            "one more quarter will tell",
            lambda n: _reaction(n, "wait"),
            "Another {incidents} incidents leave you where you are: to see 10 % you need thousands.",
        ),
    ),
)

budget_left = Choice(
    name="budget_left",
    title="Release on the tenth?",
    question=(
        "The checkout's objective is {percent} % in a month of 30 days, which allows {allowed} minutes down. On the 3rd "
        "it was down for {first} minutes. On the 9th two incidents overlapped: one from 14:00 for {second} minutes, the "
        "other from 14:10 for {second} minutes. On the 10th a large migration is ready. By the lesson's rule, what "
        "happens?"
    ),
    options={
        "A": Wrong(
            "Carry on: budget is left, and it is there to be spent.",
            "what is left may be spent at once",
            "At this pace the budget is gone before the month is. The rule is to slow down as soon as it runs ahead.",
        ),
        "B": "Slow down: {spent} of {allowed} minutes are gone after a third of the month.",
        "C": Wrong(
            "Fix first: with {twice} minutes down in a third of the month, the budget can't last.",
            "an overlap counts twice",
            "From 14:10 on both incidents were open, and those minutes count once. The budget isn't spent yet.",
        ),
        "D": Wrong(
            "Migrate at night, when nobody counts.",
            "an hour without a count",
            "Night hours count in this budget like all others, and a failed migration lasts into the morning.",
        ),
    },
    draw=lambda draw: _tenth(
        draw.choice([99.8, 99.85]), draw.choice([11, 13, 16]), draw.choice([15, 18, 21])
    ),
    hints=(
        "The overlapping incidents reach from 14:00 to {second} minutes after 14:10. Each minute counts once.",
        "Compare the share of the budget that is gone with the share of the month that has passed.",
    ),
    solution="{answer} The overlap counts once: {first} + {second} + 10 minutes.",
    why="The migration waits, and nobody had to argue: both sides agreed on the rule before the month began.",
)


def _tenth(percent, first, second):
    budget = error_budget(percent / 100, first + second + 10, "month")
    return {
        "percent": percent,
        "first": first,
        "second": second,
        "allowed": f"{budget.allowed:g}",
        "spent": first + second + 10,
        "twice": first + 2 * second,
    }


price_of_a_year = Choice(
    name="price_of_a_year",
    title="What outages cost in an average year",
    question=(
        "Payments fail {frequency} times a year. Nine such outages in ten cost between {low:,} and {high:,} EUR; we take "
        "them as the 5 and 95 % points of a lognormal distribution. Finance asks for one number for the budget. Which do "
        "you give?"
    ),
    options={
        "A": Wrong(
            "{typical} EUR: {frequency} typical outages, since half of them cost less.",
            "the typical outage",
            "That leaves out what the few expensive outages cost, and over the years they cost the most.",
        ),
        "B": "{average} EUR: {frequency} average outages, the few expensive ones included.",
        "C": Wrong(
            "{middle} EUR: {frequency} times the middle between the two ends.",
            "the middle of the two ends",
            "Halfway between the ends lies above the average: most outages cost far less than that.",
        ),
        "D": Wrong(
            "{worst} EUR: {frequency} times the high end, to be on the safe side.",
            "the worst of every outage",
            "Only one outage in twenty costs so much or more. A year in which all do is no plan.",
        ),
    },
    points=2,
    draw=lambda draw: _year(
        draw.choice([3, 4, 5, 6]), draw.choice([4_000, 5_000, 6_000]), draw.choice([80_000, 100_000, 120_000])
    ),
    hints=(
        "Over many years the budget should come out right. Which number adds up over all outages, the long ones too?",
        "The typical outage leaves the few expensive ones out; the middle of the ends costs more than most outages do.",
    ),
    solution="{answer} It adds up over the years. Most years cost less, and a few cost far more.",
    why="Tell the board the range beside it: a budget that is right on average is wrong in nearly every single year.",
)


def _year(frequency, low, high):
    amounts = {
        "typical": frequency * (low * high) ** 0.5,
        "average": annual_loss(frequency, low, high),
        "middle": frequency * (low + high) / 2,
        "worst": frequency * high,
    }
    return {"frequency": frequency, "low": low, "high": high} | {
        name: f"{round(amount, -3):,.0f}" for name, amount in amounts.items()
    }


def operating_hours_per_failure(incidents, window_hours):
    """Hours up per failure; an incident without an end lasts to the end of the window."""
    failures, down, latest = 0, 0, 0
    for start, end in sorted(incidents, key=lambda incident: incident[0]):
        failures = failures + 1
        end = window_hours if end is None else end
        start = max(start, latest)
        if end > start:
            down = down + end - start
            latest = end
    return None if failures == 0 else (window_hours - down) / failures


def _mtbf(incidents, window_hours):
    if not incidents:
        return None
    closed = [(start, window_hours if end is None else end) for start, end in incidents]
    up = window_hours - sum(end - start for start, end in merge_intervals(sorted(closed), window_hours))
    return up / len(incidents)


def _window_per_failure(incidents, window_hours):
    return window_hours / len(incidents) if incidents else None


def _open_forgotten(incidents, window_hours):
    return _mtbf([(start, end) for start, end in incidents if end is not None], window_hours)


def _overlaps_twice(incidents, window_hours):
    down = sum((window_hours if end is None else end) - start for start, end in incidents)
    return (window_hours - down) / len(incidents) if incidents else None


def _start_to_start(incidents, window_hours):
    starts = sorted(start for start, _ in incidents)
    return (starts[-1] - starts[0]) / (len(starts) - 1) if len(starts) > 1 else None


def _windows(draw):
    """Cases in hours since the quarter began."""
    first = draw.integer(20, 200)
    two = [(first, first + 2), (first + 300, first + 300 + draw.integer(1, 5))]
    return [
        Case("two incidents", (two, 2160)),
        Case("one incident", ([(first, first + draw.integer(1, 9))], 720)),
        Case("no incident", ([], 720)),
        Case("one from the first hour on", ([(0, 3)], 720)),
        Case("an overlap", ([(first, first + 6), (first + 4, first + 9)], 720)),
        Case(
            "one inside another",
            ([(first, first + 12), (first + 1, first + 3), (first + 40, first + 41)], 720),
        ),
        Case("one is still open", ([(first, first + 2), (700, None)], 720)),
        Case("the later one first", ([two[1], two[0]], 2160)),
        Case("open, and another during it", ([(600, None), (650, 652)], 720)),
    ]


mtbf_function = Function(
    name="mtbf_function",
    equivalent=("failures, down, latest = (0, 0, -1)",),
    title="MTBF from a list of incidents",
    question=(
        "Write mtbf(incidents, window_hours). Each incident is a pair (start, end) in hours since the window "
        "began; end is None while it is open. Return the hours up per failure, or None without a failure. Every "
        "incident counts as a failure here, also one that starts while another is open. (IEC 60050-192, the "
        "vocabulary of dependability, would count only the steps from the up state to the down state.)"
    ),
    points=3,
    reference=_mtbf,
    solution=operating_hours_per_failure,
    cases=_windows,
    hints=(
        "MTBF here is operating time: the window less the time down, divided by the number of incidents.",
        "An open incident lasts to the end of the window, and it is a failure like any other.",
        "Time down is the union of the incidents. You may use what you wrote for the task before.",
    ),
    misconceptions=(
        Misconception(
            "time down forgotten",
            _window_per_failure,
            "That divides the whole window. Take off the time down: MTBF counts operating hours.",
        ),
        Misconception(
            "the open incident forgotten",
            _open_forgotten,
            "An incident without an end is a failure too, and it lasts to the end of the window.",
        ),
        Misconception(
            "an overlap counts twice",
            _overlaps_twice,
            "Minutes in which two incidents were open count once.",
        ),
        Misconception(
            "from start to start",
            _start_to_start,
            "The time from one start to the next includes the repair, and takes two incidents to measure.",
        ),
    ),
)

TASKS = (
    minutes_a_month,
    two_parts,
    two_zones,
    joint_mttr,
    better_or_lucky,
    budget_left,
    price_of_a_year,
    union_of_incidents,
    mtbf_function,
    own_file,
)
