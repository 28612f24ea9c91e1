"""The tasks of lab 08: what MTTR, MTBF and availability say, and what people make of them."""

from faultlab.classroom.kinds import Function, Misconception, Number
from faultlab.classroom.sandbox import Case
from faultlab.metrics import downtime_minutes, merge_intervals, parallel, series

minutes_a_month = Number(
    name="minutes_a_month",
    title="What a promise allows in a month",
    question="The checkout promises {percent} % of a month of 30 days. How many minutes may it be down?",
    unit="minutes",
    draw=lambda draw: {"percent": draw.choice([99.5, 99.8, 99.9, 99.95])},
    reference=lambda n: downtime_minutes(n.percent / 100, "month"),
    hints=(
        "A month of 30 days has 30 × 24 × 60 = 43,200 minutes.",
        "The share of time down is 100 % less {percent} %.",
    ),
    solution="(100 − {percent}) / 100 × 43,200 minutes = {answer}.",
    misconceptions=(
        Misconception(
            "hours a year",
            lambda n: downtime_minutes(n.percent / 100, "year") / 60,
            "That is the number of hours a year. The promise is for one month, and asks for minutes.",
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

two_zones = Number(
    name="two_zones",
    title="Two zones side by side",
    question=(
        "A service runs in two zones, each up {percent} % of the time. One zone is enough, and the zones "
        "fail independently. How many percent of the time is the service up?"
    ),
    unit="%",
    tolerance=0,
    absolute=0.0001,
    points=2,
    draw=lambda draw: {"percent": draw.choice([98.0, 98.5, 99.0, 99.2])},
    reference=lambda n: 100 * parallel([n.percent / 100] * 2),
    hints=(
        "The service is down only while both zones are down.",
        "The chance that both are down is the product of their chances to be down.",
    ),
    solution="100 − 100 × (1 − {percent} / 100)² = {answer}.",
    misconceptions=(
        Misconception(
            "series for parallel",
            lambda n: 100 * series([n.percent / 100] * 2),
            "That is for two zones that are both needed. Here one is enough, so two are better than one.",
        ),
        Misconception(
            "the second zone adds nothing",
            lambda n: n.percent,
            "That is one zone alone. The second one is there while the first is down.",
        ),
        Misconception(
            "half the time down",
            lambda n: 100 - (100 - n.percent) / 2,
            "Two zones do not share the time down between them: both have to be down at once.",
        ),
    ),
)


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

TASKS = (minutes_a_month, two_zones, union_of_incidents)
