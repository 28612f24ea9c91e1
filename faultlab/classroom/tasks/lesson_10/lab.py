"""The tasks of lab 10: read a board's page, add up what adds up, choose under a budget, judge a range."""

import math

from faultlab.analysis.reviews import Losses
from faultlab.classroom.answers.kinds import Choice, Misconception, Names, Number
from faultlab.classroom.tasks.lesson_10.review_rules import (
    by_counting,
    by_the_review,
    company,
    kestrels_choice,
    knowing_function,
    largest_first,
    perfect_information,
    set_function,
    sums_of_savings,
    year_function,
)
from faultlab.metrics.estimates import downtime_minutes_from_unavailability, parallel

bad_year = Number(
    name="bad_year",
    title="How rare is a bad year?",
    question=(
        "Three scenarios each cost Kestrel four million EUR or more. In any one year a region is lost with a chance of "
        "{region} %, a supplier goes with {supplier} %, ransomware strikes with {crooks} %; none tells of another. What is "
        "the chance, in percent, of a year that brings at least one? Give one decimal."
    ),
    unit="%",
    decimals=1,
    draw=lambda draw: {
        "region": draw.choice([10, 12, 15]),
        "supplier": draw.choice([20, 25]),
        "crooks": draw.choice([6, 8]),
    },
    reference=lambda n: 100 * parallel([n.region / 100, n.supplier / 100, n.crooks / 100]),
    hints=(
        "What is the chance of a year that brings none of the three?",
        "Multiply the three chances that nothing happens; the rest is what is asked.",
    ),
    solution="100 − 100 × (1 − {region}/100) × (1 − {supplier}/100) × (1 − {crooks}/100) = {answer}.",
    why="Each of the three sounds rare, and together they are no rare thing. Ask for the chance of the year, not of each event.",
    misconceptions=(
        Misconception(
            "chances added up",
            lambda n: n.region + n.supplier + n.crooks,
            "Added up, a year with two of them counts twice. With enough scenarios you would pass 100 %.",
        ),
        Misconception(
            "the likeliest alone",
            lambda n: max(n.region, n.supplier, n.crooks),
            "That is the chance of the likeliest. The other two bring years of their own.",
        ),
        Misconception(
            "all three at once",
            lambda n: 100 * n.region / 100 * n.supplier / 100 * n.crooks / 100,
            "That is the chance of a year with all three. One is enough to cost four million.",
        ),
        Misconception(
            "a year with none",
            lambda n: 100 - 100 * parallel([n.region / 100, n.supplier / 100, n.crooks / 100]),
            "That is the chance of a year with none of them. The question asks for the other years.",
        ),
    ),
)

double_count = Number(
    name="double_count",
    title="Saved twice",
    question=(
        "Outages of the payments cost {loss:,} EUR a year. A second supplier would end {first} % of that loss, staged "
        "releases {second} %, whichever outages are left by then. The proposal buys both, and says: {sum:,} EUR saved a "
        "year. What do both save?"
    ),
    unit="EUR a year",
    draw=lambda draw: _two_measures(
        draw.choice([400_000, 500_000, 600_000]), *draw.choice([(60, 50), (70, 40), (70, 50), (80, 30)])
    ),
    reference=lambda n: n.loss * parallel([n.first / 100, n.second / 100]),
    hints=(
        "How much of the loss is left once the second supplier is there?",
        "Staged releases end {second} % of what is left, and no more.",
    ),
    solution="The second supplier leaves {left:,} EUR, and staged releases end {second} % of that: {answer}.",
    why="Ask of every sum of savings which outages both measures end. Nobody can save the same outage twice.",
    misconceptions=(
        Misconception(
            "savings added up",
            lambda n: n.sum,
            "That is the proposal's sum. It saves the outages twice that both measures end.",
        ),
        Misconception(
            "the larger one alone",
            lambda n: n.loss * n.first / 100,
            "The second supplier alone saves that. Staged releases still end a part of what is left.",
        ),
        Misconception(
            "what is left",
            lambda n: n.loss * (1 - n.first / 100) * (1 - n.second / 100),
            "That is what outages still cost with both. The rest of {loss:,} EUR is saved.",
        ),
        Misconception(
            "one applied to the other",
            lambda n: n.loss * n.first / 100 * n.second / 100,
            "That is what both would end: the part that the proposal counts twice.",
        ),
    ),
)


def _two_measures(loss, first, second):
    return {
        "loss": loss,
        "first": first,
        "second": second,
        "sum": loss * (first + second) // 100,
        "left": loss * (100 - first) // 100,
    }


def _offer(draw):
    options, outages, budget = kestrels_choice(
        draw.choice([1, 1.5, 2, 2.5]), draw.choice([138, 140, 142, 144])
    )
    letters = dict(zip("ABCD", draw.shuffled(options), strict=True))
    lines = "\n".join(
        f"{letter}) {name}: costs {options[name][0]}, saves {sum(outages[one] for one in options[name][1])}"
        for letter, name in letters.items()
    )
    return {
        "letters": letters,
        "lines": lines,
        "options": options,
        "outages": outages,
        "budget": budget,
        "inside": next(letter for letter, name in letters.items() if name == "payment fallback"),
        "whole": next(letter for letter, name in letters.items() if name == "second payment provider"),
    }


def _lettered(n, names):
    return [letter for letter, name in n.letters.items() if name in names]


def _chosen(rule):
    return lambda n: _lettered(n, rule(n.options, n.outages, n.budget))


under_budget = Names(
    name="under_budget",
    title="Which set do you buy?",
    question=(
        "You may spend {budget} a year, in thousand EUR, on what gains most: what it saves less what it costs. All that "
        "{inside} saves is saved by {whole} too: bought together, the two save what {whole} saves alone. The others add up. "
        "Which do you buy? Give the letters.\n{lines}"
    ),
    letters="ABCD",
    points=2,
    draw=_offer,
    reference=_chosen(by_the_review),
    hints=(
        "Write down the sets that {budget} is enough for; there are few.",
        "What does {inside} still save, once you have bought {whole}?",
        "The measure that gains most alone takes more than half of the money. What would the same money buy otherwise?",
    ),
    solution="{answer}: no other set for {budget} gains as much. The largest gain alone is not in it.",
    why="Ask for the gain of sets, and for the second best one: a list ranked by single gains can't show either.",
    misconceptions=(
        Misconception(
            "savings added up",
            _chosen(sums_of_savings),
            "Of these two, {inside} saves nothing that {whole} doesn't save already. You pay for it twice.",
        ),
        Misconception(
            "the largest gain first",
            _chosen(largest_first),
            "You began with the largest gain, and it left too little money. Without it the same budget gains more.",
        ),
        Misconception(
            "whatever pays",
            lambda n: _lettered(n, set(n.options) - {"payment fallback"}),
            "All of these pay, and together they cost more than {budget}.",
        ),
        Misconception(
            "all of them",
            lambda n: _lettered(n, n.options),
            "All four cost more than {budget}, and one of them saves nothing beside the others.",
        ),
    ),
)


def _test(draw):
    cost, likely = draw.choice([40_000, 60_000, 80_000]), draw.choice([40, 50, 60])
    low = cost // 4
    return {
        "cost": cost,
        "high": 7 * cost // 2,
        "low": low,
        "likely": likely,
        "rest": 100 - likely,
        "bad": cost - low,
    }


def _gains(n):
    return [n.high - n.cost, n.low - n.cost]


def _shares(n):
    return [n.likely / 100, 1 - n.likely / 100]


worth_knowing = Number(
    name="worth_knowing",
    title="What is a test worth?",
    question=(
        "A measure costs {cost:,} EUR a year. With a chance of {likely} % it saves {high:,} EUR a year, otherwise "
        "{low:,}. A test would tell you for sure which it is, before you sign. You may also buy nothing. What is the test "
        "worth, in EUR a year, at most?"
    ),
    unit="EUR a year",
    draw=_test,
    reference=lambda n: perfect_information(_shares(n), {"buy": _gains(n)}),
    hints=(
        "Without the test you buy, since the mean gain is above zero. When would the test change that?",
        "It spares you the purchase that doesn't pay. What do you lose by that one, and how likely is it?",
    ),
    solution="In {rest} of 100 cases the test spares you a loss of {bad:,} EUR: {answer}.",
    why="A number is worth finding out where it changes what you buy. The widest range is often not the one that does.",
    misconceptions=(
        Misconception(
            "the gain of those who know",
            lambda n: n.likely / 100 * (n.high - n.cost),
            "That is what you gain with the test. Without it you gain something too: only the difference is the test's.",
        ),
        Misconception(
            "the mean gain",
            lambda n: sum(share * gain for share, gain in zip(_shares(n), _gains(n), strict=True)),
            "That is what you gain without the test. How much more would you gain with it?",
        ),
        Misconception(
            "the loss for sure",
            lambda n: n.cost - n.low,
            "That is the loss which the test spares you. It comes in {rest} of 100 cases only.",
        ),
        Misconception(
            "the width of the range",
            lambda n: n.high - n.low,
            "That is how far apart the two cases are. What counts is how often the test changes what you do, and by how much.",
        ),
    ),
)


_KEEP, _WIDEN = "A", "B"
_ENOUGH = 0.05


def _record(draw):
    held = draw.choice([11, 12, 13, 17, 18])
    few = _right_range(held) == _WIDEN
    return {
        "held": held,
        "low": draw.choice([4, 5, 6]),
        "high": draw.choice([18, 20, 24]),
        "other": (
            "With {0} of 20, nine in ten is not what their ranges hold: so few come by luck in one of 400 such records, "
            "or fewer."
            if few
            else "{0} of 20 is near the 18 that nine in ten promise, and luck alone often does that. A wider range would say "
            "less than they know."
        ).format(held),
    }


def _right_range(held):
    """Whether so few ranges that hold are luck, if nine in ten should."""
    chance = sum(math.comb(20, k) * 0.9**k * 0.1 ** (20 - k) for k in range(held + 1))
    return _KEEP if chance > _ENOUGH else _WIDEN


judge_range = Choice(
    name="judge_range",
    title="Do you believe the range?",
    question=(
        "Operations say that a lost region would take {low} to {high} hours, nine times in ten. Last year the same people "
        "gave 20 such ranges, and what happened lay inside {held} of them. What do you do with this one?"
    ),
    options={
        "A": "Take it as it is.",
        "B": "Make it wider, until as many of last year's would have held as they promised.",
        "C": "Use the middle of it: a range only hides that nobody knows.",
        "D": "Leave the scenario out until somebody has measured it.",
    },
    draw=_record,
    reference=lambda n: _right_range(n.held),
    hints=(
        "How many of 20 ranges should hold, if each does nine times in ten?",
        "Luck moves that number by one or two. Does it explain {held}?",
    ),
    solution="{answer} Of 20 such ranges 18 should hold, one or two more or fewer by luck. Here {held} did.",
    why="Keep the ranges that people give you, and count after a year. Who is told the count gives better ranges.",
    misconceptions=(
        Misconception(
            "luck and habit confused",
            lambda n: _WIDEN if _right_range(n.held) == _KEEP else _KEEP,
            "{other}",
        ),
        Misconception(
            "one number is clearer",
            lambda n: "C",
            "The middle says nothing of the long outage, and it is the long one that the board has to bear.",
        ),
        Misconception(
            "what is unknown is left out",
            lambda n: "D",
            "Left out, it costs nothing in the model: that is the one figure which is surely wrong.",
        ),
    ),
)


def _page(draw):
    """Eight lines of a page: three of four faults, and five that only look like one."""
    down, mean = draw.choice([0.2, 0.3, 0.4]), draw.choice([2.1, 2.4, 2.7])
    one, two = draw.choice([310, 340, 370]), draw.choice([180, 210, 240])
    minutes = downtime_minutes_from_unavailability((down / 100) ** 2, "year")
    faults = {
        "copies": f"Each of two databases is down {down} % of the time, so both are down {minutes:.0f} minutes a year. Both take "
        "each release at the same time.",
        "sum": f"The second supplier saves {one} thousand EUR a year, the fallback {two}: {one + two} together. Both are for the "
        "hours in which the first supplier is down.",
        "mean": f"A year costs {mean} million EUR in the mean. The reserve is set to that, so that nine years in ten stay "
        "within it.",
        "nothing": "Nobody could say how often ransomware comes, so it stands at nothing until we know more.",
    }
    looks = {
        "parts": "What carries the loss adds up to more than the loss: where two must fail together, each of them carries it.",
        "left out": "A second basket cache pays for itself alone. It is left out, because beside the rest it adds less than it costs.",
        "shaky": f"Of 64 numbers {draw.choice([21, 24, 27])} are from contracts or measured. The others are marked as judgements.",
        "range": f"Checkout is down {draw.choice([640, 690, 720])} minutes a year, and nine times in ten between 310 and 1,290.",
        "pays": f"The measures pay for themselves with a chance of {draw.choice([88, 91, 93])} in 100, over the years and not in each "
        "of them.",
    }
    missing = draw.choice(faults)
    kept = {name: text for name, text in faults.items() if name != missing}
    kinds = dict(zip("ABCDEFGH", draw.shuffled([*kept, *looks]), strict=True))
    texts = kept | looks
    return {
        "kinds": kinds,
        "faults": list(kept),
        "lines": "\n".join(f"{letter}) {texts[kind]}" for letter, kind in kinds.items()),
    }


def _letters_of(n, kinds):
    return [letter for letter, kind in n.kinds.items() if kind in kinds]


def _instead(kind):
    """Two of the faults, and a line that is right."""
    return lambda n: _letters_of(n, {*n.faults[:2], kind})


flattering_page = Names(
    name="flattering_page",
    title="Three faults in a flattering page",
    question=(
        "A page for the board says all this. Three lines make the company look better than it is. Which? Give the letters, "
        "such as A, B, C.\n{lines}"
    ),
    letters="ABCDEFGH",
    points=2,
    draw=_page,
    reference=lambda n: _letters_of(n, n.faults),
    hints=(
        "Look for what is counted twice, for what counts as nothing, and for a mean that stands in for a bad year.",
        "When may you multiply two chances? When may you add two savings?",
        "A loss, a range or a doubt that is said aloud flatters nobody.",
    ),
    solution="The three are {answer}. The others may look odd, and are as they should be.",
    why="Read your own page so before others do. A page that says what it doesn't know is the one to trust.",
    misconceptions=(
        Misconception(
            "shares that pass the whole",
            _instead("parts"),
            "One of your lines is right: where two parts must fail together, to mend either one ends the loss. So both carry it.",
        ),
        Misconception(
            "whatever pays alone belongs in",
            _instead("left out"),
            "One of your lines is right: what pays alone may add nothing beside the measures that are bought already.",
        ),
        Misconception(
            "a doubt is a fault",
            _instead("shaky"),
            "One of your lines is right: judgements that are marked as such flatter nobody. Look for what is passed over.",
        ),
        Misconception(
            "a wide range is a fault",
            _instead("range"),
            "One of your lines is right: a wide range is what is known. A narrow one would have to be earned.",
        ),
    ),
)


def _sentence(draw):
    """Seven pieces of a sentence, from a review of two measures that overlap."""
    scale = draw.choice([1, 1.5, 2])
    outages = {"supplier down": 240, "payments slow": 160, "bad release": 300, "region lost": 250}
    outages = {name: round(cost * scale) for name, cost in outages.items()}
    options = {
        "second supplier": (round(60 * scale), ["supplier down", "payments slow"]),
        "staged releases": (round(50 * scale), ["bad release", "payments slow"]),
    }
    losses = Losses(company(options, outages), samples=100)
    saved = float(losses.of(()).mean() - losses.of(options).mean())
    left = set(outages) - {one for _, ends in options.values() for one in ends}
    marked = round(1_000 * scale)
    before, after = (
        round(100 * by_counting([(1.0, outages[one]) for one in outages if one in some], marked))
        for some in (outages, left)
    )
    alone = {name: sum(outages[one] for one in ends) for name, (_, ends) in options.items()}
    pieces = {
        "cost": f"{sum(cost for cost, _ in options.values())} thousand EUR a year for both measures",
        "saved": f"save us {saved:,.0f} thousand in outages a year",
        "bad year": f"a year that costs {marked:,} thousand or more goes from {before} to {after} in 100",
        "sum": f"save us {sum(alone.values()):,} thousand in outages a year",
        "nines": "availability goes from 99.72 to 99.91 %",
        "promise": "payments can't fail any more",
        "others": "as the leaders of our industry have it",
    }
    kinds = dict(zip("ABCDEFG", draw.shuffled(pieces), strict=True))
    return {
        "kinds": kinds,
        "singles": " and ".join(f"{saves} by the {name}" for name, saves in alone.items()),
        "lines": "\n".join(f"{letter}) {pieces[kind]}" for letter, kind in kinds.items()),
    }


def _three(*kinds):
    return lambda n: _letters_of(n, kinds)


one_sentence = Names(
    name="one_sentence",
    title="Write the one sentence",
    question=(
        "You recommend two measures. Alone they save, in thousand EUR a year, {singles}; some hours would be saved by either. "
        "A board reads one sentence of your page. Which three pieces does it need to decide? Give the letters.\n{lines}"
    ),
    letters="ABCDEFG",
    points=2,
    draw=_sentence,
    reference=_three("cost", "saved", "bad year"),
    hints=(
        "What does it cost, what does it bring in the mean, and what does it do to a bad year?",
        "Two pieces say what is saved. Which one counts the shared hours once?",
    ),
    solution="{answer}: the price, the mean, and the bad year, each as the model has it.",
    why="Say it aloud to somebody who isn't in the room. If they ask what to decide, a piece is missing.",
    misconceptions=(
        Misconception(
            "savings added up",
            _three("cost", "sum", "bad year"),
            "That saving is the sum of both alone, and counts the shared hours twice.",
        ),
        Misconception(
            "nines for money",
            _three("cost", "saved", "nines"),
            "Nobody decides on nines. Say what they stand for: how likely a year is that hurts.",
        ),
        Misconception(
            "a promise",
            _three("cost", "saved", "promise"),
            "No measure makes an outage impossible, and the board will remember that you said so.",
        ),
        Misconception(
            "without the price",
            _three("saved", "bad year", "others"),
            "A board can't decide without the price. What others have says nothing of your own loss.",
        ),
    ),
)

TASKS = (
    bad_year,
    double_count,
    under_budget,
    worth_knowing,
    judge_range,
    flattering_page,
    one_sentence,
    year_function,
    set_function,
    knowing_function,
)
