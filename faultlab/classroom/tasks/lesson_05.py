"""The tasks of lab 05: what a whole made of parts can promise, and how people miscount it."""

from __future__ import annotations

import itertools
import math
from functools import lru_cache

from faultlab.analysis.systems import (
    Component,
    Group,
    Journey,
    Range,
    Service,
    System,
    read_system,
    single_points_of_failure,
    spoken,
)
from faultlab.classroom.answers.kinds import Choice, Function, Misconception, Names, Number, Wrong
from faultlab.classroom.answers.sandbox import Case
from faultlab.classroom.folders import course_folder
from faultlab.metrics.estimates import downtime_minutes, k_of_n, parallel, series

HOURS_A_YEAR = 8760


def _promise(draw):
    basket, stock = draw.choice([99.95, 99.97]), draw.choice([99.5, 99.6])
    payment = draw.choice([99.8, 99.9])
    whole = series([basket / 100, stock / 100, payment / 100])
    return {
        "basket": basket,
        "stock": stock,
        "payment": payment,
        "whole": f"{100 * whole:.2f}",
        "hours": f"{HOURS_A_YEAR * (1 - whole):.0f}",
        "weakest_hours": f"{HOURS_A_YEAR * (1 - stock / 100):.0f}",
        "mean": f"{(basket + stock + payment) / 3:.2f}",
        "possible": {
            letter
            for letter, promised in {"A": stock, "B": (basket + stock + payment) / 3, "D": 99.0}.items()
            if promised < 100 * whole
        },
    }


promise = Choice(
    name="promise",
    title="What do you promise?",
    question=(
        "An order needs the basket (up {basket} % of the time), the stock service ({stock} %) and the payment provider "
        "({payment} %). All three are needed, and they fail independently. The figures are the suppliers' promises. "
        "A large customer wants an availability in the contract, with a penalty. What do you write?"
    ),
    options={
        "A": Wrong(
            "{stock} %, since a chain is as strong as its weakest link.",
            "the weakest link",
            "That allows {weakest_hours} hours a year. Even if every supplier keeps its promise you are down {hours}: the "
            "parts fail at different times, so their downtimes add up. You would pay the penalty.",
        ),
        "B": Wrong(
            "{mean} %, the average of the three.",
            "the average of the three",
            "An average is between the parts. What needs all of them is worse than each: {whole} %, {hours} hours a year.",
        ),
        "C": Wrong(
            "99.99 %, since the three seldom fail at the same time.",
            "parallel for series",
            "That holds if one of the three were enough. An order needs all three: {whole} %, {hours} hours a year.",
        ),
        "D": "99 %, and more once our own incidents of a year bear it out.",
    },
    points=2,
    draw=_promise,
    reference=lambda n: next(iter(n.possible)),
    hints=(
        "All are needed: the parts are in series. Multiply the three, written as fractions.",
        "Which of the four figures is below the product?",
    ),
    solution="{answer} The product is {whole} %, about {hours} hours down a year, if every supplier keeps its promise.",
    why=(
        "The product is {whole} %, and only if every supplier keeps its promise and nothing hits two at once. At work: "
        "promise below the product of what you were promised, and put your own incidents in its place."
    ),
)


def _spares_bill(draw):
    worth, price = draw.choice([20_000, 30_000]), draw.choice([25_000, 30_000])
    percent, needed = draw.choice([98.5, 99.0]), draw.choice([3, 4])
    lost = [worth * downtime_minutes(k_of_n(needed, needed + more, percent / 100)) / 60 for more in range(4)]
    total = {letter: lost[more] + more * price for more, letter in enumerate("ABCD")}
    return {
        "worth": worth,
        "price": price,
        "percent": percent,
        "needed": needed,
        "total": total,
        "none": f"{round(total['A'], -3):,.0f}",
        "one": f"{round(total['B'], -3):,.0f}",
        "two": f"{round(total['C'], -3):,.0f}",
        "three": f"{round(total['D'], -3):,.0f}",
    }


how_many_spares = Choice(
    name="how_many_spares",
    title="How many spares do you pay for?",
    question=(
        "{needed} servers must work to carry the load, each is up {percent} % of the time, and they fail independently. An "
        "hour with too few costs {worth:,} EUR. A spare costs {price:,} EUR a year. How many spares do you pay for?"
    ),
    options={
        "A": Wrong(
            "None.",
            "spares don't pay",
            "Downtime and spares then cost {none} EUR a year. One spare brings that to {one}, two to {two}.",
        ),
        "B": Wrong(
            "One.",
            "the first spare is enough",
            "Downtime and spares cost {one} EUR a year with one spare and {two} with two. Compare.",
        ),
        "C": "Two.",
        "D": Wrong(
            "Three.",
            "more is safer",
            "The third spare costs {price:,} EUR a year and saves next to nothing: {three} EUR in all, against {two} with two.",
        ),
    },
    points=2,
    draw=_spares_bill,
    reference=lambda n: min(n.total, key=n.total.get),
    hints=(
        'In the chart "How many spares?", set the servers that must work to {needed} and read off the downtime.',
        "Add what the downtime costs to what the spares cost, for none, one, two and three.",
    ),
    solution="{answer} Downtime and spares cost {none} EUR a year with none, {one} with one, {two} with two, {three} with three.",
    why=(
        "In all it costs {none} EUR a year without a spare, {one} with one, {two} with two and {three} with three. At work: "
        "stop buying spares where what they share, a release or a cable, costs more than what they save."
    ),
)


def shop_with_two_apps(app: float, database: float) -> System:
    """Two app services of which one is enough, on one database."""
    return System(
        "Shop",
        "EUR",
        components={
            "app_1": Component("app_1", Range.point(app)),
            "app_2": Component("app_2", Range.point(app)),
            "database": Component("database", Range.point(database)),
        },
        groups={"lines": Group("lines", None, 1, 2, among=("line_1", "line_2"))},
        services={
            "line_1": Service("line_1", ("app_1", "database")),
            "line_2": Service("line_2", ("app_2", "database")),
        },
        journeys={"buy": Journey("buy", ("lines",), Range.point(1.0))},
    )


shared_database = Number(
    name="shared_database",
    title="Two app services, one database",
    question=(
        "A shop runs on two app services, each up {app} % of the time; one of them is enough. Both use the same "
        "database, up {database} % of the time. All fail independently. For how many minutes a year is the shop "
        "down?"
    ),
    unit="minutes",
    points=2,
    draw=lambda draw: {
        "app": draw.choice([98.5, 99.0, 99.2]),
        "database": draw.choice([99.9, 99.95, 99.96]),
    },
    reference=lambda n: downtime_minutes(
        shop_with_two_apps(n.app / 100, n.database / 100).availability("buy")
    ),
    hints=(
        "Draw it: the database once, in series with the pair of app services.",
        "The pair: 1 − (1 − {app} / 100)². Multiply by {database} / 100.",
        "Subtract that from 1 to get the share of time down; a year has 525,600 minutes.",
    ),
    solution="(1 − {database} / 100 × (1 − (1 − {app} / 100)²)) × 525,600 = {answer}.",
    misconceptions=(
        Misconception(
            "the shared database twice",
            lambda n: downtime_minutes(parallel([n.app / 100 * n.database / 100] * 2)),
            "That multiplies two lines as if each had a database of its own. When the one database is down, both "
            "lines are down: count it once.",
        ),
        Misconception(
            "series for parallel",
            lambda n: downtime_minutes(series([n.app / 100, n.app / 100, n.database / 100])),
            "That needs both app services. One of them is enough.",
        ),
        Misconception(
            "the database forgotten",
            lambda n: downtime_minutes(parallel([n.app / 100] * 2)),
            "That is the pair of app services alone. Both also wait for the database.",
        ),
        Misconception(
            "no spare",
            lambda n: downtime_minutes(series([n.app / 100, n.database / 100])),
            "That is one app service with the database. The second one carries on while the first is down.",
        ),
    ),
    why="The database is in series with both, so no number of app services helps against it. At work: ask of every pair what both of them wait for.",
)


def _kestrel():
    """The model of the course, read again only where the file has changed."""
    file = course_folder() / "kestrel.yaml"
    return _read(file, file.stat().st_mtime_ns)


@lru_cache(maxsize=1)
def _read(file, changed):
    return read_system(file)


def _alone(journey):
    system = _kestrel()
    return [spoken(n) for n in single_points_of_failure(system, journey) if n in system.components]


def _groups(journey):
    found = [name.partition("/")[0] for name in _kestrel().solved(journey).tree.events if "/" in name]
    return [spoken(name) for name in dict.fromkeys(found)]


def _own_needs(journey):
    system = _kestrel()
    return [spoken(name) for name in system.journey(journey).needs if name in system.components]


single_points = Names(
    name="single_points",
    title="What stops Kestrel alone?",
    question=(
        "The drawing above is Kestrel's {journey}. Which blocks are single points of failure? Leave out what "
        "belongs to a group with spares: its copies, and its common cause. Type the names separated by commas."
    ),
    draw=lambda draw: {"journey": draw.choice(["search", "basket", "checkout", "payments"])},
    reference=lambda n: _alone(n.journey),
    hints=(
        "Go from left to right. Which blocks does every path pass through?",
        "A block with others beside it, above or below, has a path around it.",
    ),
    solution="{answer}.",
    misconceptions=(
        Misconception(
            "groups taken for single parts",
            lambda n: _alone(n.journey) + _groups(n.journey),
            "The groups have spares: one copy may fail. Only what all copies share stops them at once.",
        ),
        Misconception(
            "only what the journey names",
            lambda n: _own_needs(n.journey),
            "Those are what {journey} needs directly. The services under it bring single parts of their own.",
        ),
        Misconception(
            "the groups",
            lambda n: _groups(n.journey),
            "Those are the groups that have spares. The question asks for the parts that have none.",
        ),
    ),
    why="None of these has a path around it. At work: have this list made for your most valuable journey, and name an owner for each entry.",
)

audit = Choice(
    name="audit",
    title="Audit a supplier's page",
    question=(
        "A supplier's page has four parts in series, {first} %, {second} %, {third} % and {third} %. It prints "
        "{printed} % for the whole. What do you say?"
    ),
    options={
        "A": Wrong(
            "The page is right.",
            "takes the print for granted",
            "Multiply the four fractions yourself, and keep five digits.",
        ),
        "B": "The true product is lower: the page understates the downtime.",
        "C": Wrong(
            "The whole can't be worse than the worst part, so the page is too low.",
            "a chain is as strong as its weakest link",
            "In series the whole is worse than the worst part: the downtimes of the others come on top.",
        ),
        "D": Wrong(
            "Four parts back each other up, so the whole is above 99.99 %.",
            "parallel for series",
            "That holds for parts of which one is enough. In series all four are needed.",
        ),
    },
    draw=lambda draw: draw.choice(
        [
            {"first": 99.68, "second": 99.86, "third": 99.95, "printed": 99.45},
            {"first": 99.7, "second": 99.84, "third": 99.95, "printed": 99.46},
            {"first": 99.66, "second": 99.88, "third": 99.94, "printed": 99.44},
        ]
    ),
    reference=lambda n: (
        "B"
        if series([n.first / 100, n.second / 100, n.third / 100, n.third / 100]) < n.printed / 100
        else "A"
    ),
    hints=(
        "Multiply the four fractions, and keep five digits.",
        "Some downtime is lost when a figure is rounded up. How many minutes is 0.01 % of a year?",
    ),
    solution=(
        "{answer} The product is below {printed} %. A hundredth of a percent is 53 minutes a year. The first set of "
        "numbers is in a worked example of Azure's documentation."
    ),
    why="A hundredth of a percent is 53 minutes a year. At work: multiply a supplier's figures yourself before you build a promise on them.",
)


def _offer(draw):
    """A second region: what it has of its own, what both share, what an hour is worth."""
    return {
        "region": draw.choice([99.7, 99.75, 99.8]),
        "shared": draw.choice([99.88, 99.9, 99.92]),
        "worth": draw.choice([40_000, 50_000, 60_000]),
    }


def _lost(availability, worth):
    return (1 - availability) * HOURS_A_YEAR * worth


def _with_second(n):
    return series([n.shared / 100, parallel([n.region / 100] * 2)])


def _one_region(n):
    return series([n.shared / 100, n.region / 100])


second_region = Number(
    name="second_region",
    title="What a second region leaves",
    question=(
        "A supplier offers a second region; either one is enough on its own. What a region has of its own is up {region} % of "
        "the time. Identity and databases are shared by both regions, and up {shared} % of the time. An hour "
        "of the checkout is worth {worth:,} EUR. With both regions, what does the checkout still lose a year, in "
        "EUR?"
    ),
    unit="EUR",
    tolerance=0.01,
    points=2,
    stream="offer",
    draw=_offer,
    reference=lambda n: _lost(_with_second(n), n.worth),
    hints=(
        "Draw it: the shared part once, in series with the pair of regions.",
        "Up: {shared} / 100 × (1 − (1 − {region} / 100)²).",
        "Down: subtract that from 1, times 8,760 hours, times {worth:,} EUR.",
    ),
    solution="(1 − {shared} / 100 × (1 − (1 − {region} / 100)²)) × 8,760 × {worth:,} = {answer}.",
    misconceptions=(
        Misconception(
            "the shared part counted in each region",
            lambda n: _lost(parallel([n.region * n.shared / 10_000] * 2), n.worth),
            "That multiplies two regions as if each had identity and databases of its own. They share them: when "
            "these fail, both regions are down.",
        ),
        Misconception(
            "the shared part forgotten",
            lambda n: _lost(parallel([n.region / 100] * 2), n.worth),
            "That is the loss from the regions alone. The parts they share are sometimes down too.",
        ),
        Misconception(
            "one region",
            lambda n: _lost(_one_region(n), n.worth),
            "That is the loss with one region. While the second one is up, the first may be down.",
        ),
        Misconception(
            "what is saved",
            lambda n: _lost(_one_region(n), n.worth) - _lost(_with_second(n), n.worth),
            "That is what the second region saves. The question asks what is still lost.",
        ),
    ),
    why="What both regions share is what is left. At work: ask for the price of improving the shared parts before you buy a second region.",
)


def _decision(draw):
    """The offer with a price between what it saves and what the supplier's sheet says it saves."""
    found = _offer(draw)
    region, shared, worth = found["region"] / 100, found["shared"] / 100, found["worth"]
    before = _lost(series([region, shared]), worth)
    exact = before - _lost(series([shared, parallel([region] * 2)]), worth)
    sheet = before - _lost(parallel([region * shared] * 2), worth)
    price = round((0.6 * exact + 0.4 * sheet) / 10_000) * 10_000
    return found | {"sheet": round(sheet, -3), "exact": round(exact, -3), "price": price}


buy_or_not = Choice(
    name="buy_or_not",
    title="Buy the second region?",
    question=(
        "The same offer costs {price:,} EUR a year. The supplier's sheet says that it saves {sheet:,.0f} EUR a year. "
        "Your engineers say {exact:,.0f}, and show you the drawing. What do you do?"
    ),
    options={
        "A": "Don't buy; ask what it costs to improve the shared parts.",
        "B": Wrong(
            "Buy: the sheet shows that it saves more than it costs.",
            "trusts the sheet",
            "The sheet counts what both regions share as if each had its own. Exactly, it saves {exact:,.0f} EUR.",
        ),
        "C": Wrong(
            "Buy: by your engineers' figure, too, it saves more than it costs.",
            "does not compare with the price",
            "By your engineers' figure it saves {exact:,.0f} EUR and costs {price:,}: compare the two.",
        ),
        "D": Wrong(
            "Don't buy, and look for no other way: second regions save nothing.",
            "all or nothing",
            "It saves {exact:,.0f} EUR a year, which is not nothing. The same money may save more elsewhere.",
        ),
    },
    stream="offer",
    draw=_decision,
    reference=lambda n: "A" if n.exact < n.price < n.sheet else "C",
    hints=(
        "Which of the two figures counts the shared parts once?",
        "Compare that figure with the price. Then ask what causes the loss that remains.",
    ),
    solution=(
        "{answer} The sheet counts what both regions share twice. By the exact figure the offer costs more than it "
        "saves, and most of what is still lost then comes from the shared parts."
    ),
    why="By the exact figure it saves {exact:,.0f} EUR and costs {price:,}. At work: send the drawing back to the supplier, and ask for the sum with each part counted once.",
)


def at_least_k_work(k, availabilities):
    """Go through every state of the parts, and add up the chances of those in which k work."""
    total = 0
    for state in itertools.product((0, 1), repeat=len(availabilities)):
        if sum(state) >= k:
            total += math.prod(a if up else 1 - a for up, a in zip(state, availabilities, strict=True))
    return total


def _at_least(k, availabilities):
    return k_of_n(k, len(availabilities), availabilities)


def _wrong_way_round(k, availabilities):
    n = len(availabilities)
    return k_of_n(n - k, n, availabilities) if n > k else 1.0


def _exactly(k, availabilities):
    n = len(availabilities)
    more = k_of_n(k + 1, n, availabilities) if k < n else 0.0
    return k_of_n(k, n, availabilities) - more


def _of_the_mean(k, availabilities):
    n = len(availabilities)
    return k_of_n(k, n, sum(availabilities) / n)


def _all_needed(k, availabilities):
    return series(availabilities)


def _unequal_parts(draw):
    each = [draw.between(0.7, 0.99, 3) for _ in range(5)]
    return [
        Case("1 of 1", (1, each[:1])),
        Case("2 of 3", (2, each[:3])),
        Case("1 of 3: parallel", (1, each[1:4])),
        Case("3 of 3: series", (3, each[:3])),
        Case("3 of 5", (3, each)),
        Case("4 of 5", (4, each)),
        Case("2 of 4, all alike", (2, [0.9] * 4)),
        Case("one that never fails", (2, [1.0, each[0], each[1]])),
        Case("one that never works", (2, [each[2], 0.0, each[3], each[4]])),
    ]


k_of_n_function = Function(
    name="k_of_n_function",
    title="k of n, parts of different quality",
    question=(
        "Write at_least_k_work(k, availabilities). The list has the availability of each part, as fractions; they "
        "fail independently. Return the probability that at least k of them work."
    ),
    points=3,
    reference=_at_least,
    solution=at_least_k_work,
    cases=_unequal_parts,
    hints=(
        "itertools.product((0, 1), repeat=n) gives every state of n parts.",
        "A state's chance is the product of a for each part that works, and of 1 − a for each that does not.",
        "Add up the chances of the states in which the number that work is k or more.",
    ),
    misconceptions=(
        Misconception(
            "k of n the wrong way round",
            _wrong_way_round,
            "That lets k of them fail. At least k must work.",
        ),
        Misconception(
            "exactly k",
            _exactly,
            "That is the chance that exactly k work. More than k is also enough.",
        ),
        Misconception(
            "parts of mean quality",
            _of_the_mean,
            "That takes every part for an average one. A good and a bad part are not two average ones.",
        ),
        Misconception(
            "all are needed",
            _all_needed,
            "The product of all is for parts that are all needed. k of them are enough.",
        ),
    ),
)


def exact_availability(paths, availability):
    """Go through every state, and add up the chances of those in which some path works as a whole."""
    names = list(availability)
    total = 0
    for state in itertools.product((0, 1), repeat=len(names)):
        working = {name for name, up in zip(names, state, strict=True) if up}
        if any(set(path) <= working for path in paths):
            total += math.prod(availability[n] if n in working else 1 - availability[n] for n in names)
    return total


def _by_the_model(paths, availability):
    """The same from the course's model: the paths are services, and one of them is enough."""
    lines = {f"path_{i}": Service(f"path_{i}", tuple(path)) for i, path in enumerate(paths)}
    return System(
        "Paths",
        "EUR",
        components={name: Component(name, Range.point(value)) for name, value in availability.items()},
        groups={"ways": Group("ways", None, 1, len(lines), among=tuple(lines))},
        services=lines,
        journeys={"whole": Journey("whole", ("ways",), Range.point(1.0))},
    ).availability("whole")


def _independent_paths(paths, availability):
    return parallel([series([availability[name] for name in path]) for path in paths])


def _best_path(paths, availability):
    return max(series([availability[name] for name in path]) for path in paths)


def _added_paths(paths, availability):
    return sum(series([availability[name] for name in path]) for path in paths)


def _every_part(paths, availability):
    return series([availability[name] for name in {name for path in paths for name in path}])


def _networks(draw):
    up = {name: draw.between(0.8, 0.99, 3) for name in "abcde"}
    return [
        Case("one part", ([["a"]], {"a": up["a"]})),
        Case("two in series", ([["a", "b"]], {"a": up["a"], "b": up["b"]})),
        Case("two in parallel", ([["a"], ["b"]], {"a": up["a"], "b": up["b"]})),
        Case("two lines on one database", ([["a", "c"], ["b", "c"]], {n: up[n] for n in "abc"})),
        Case("2 of 3", ([["a", "b"], ["a", "c"], ["b", "c"]], {n: up[n] for n in "abc"})),
        Case("the bridge", ([["a", "c"], ["b", "d"], ["a", "e", "d"], ["b", "e", "c"]], dict(up))),
        Case(
            "the bridge at 0.9",
            ([["a", "c"], ["b", "d"], ["a", "e", "d"], ["b", "e", "c"]], dict.fromkeys(up, 0.9)),
        ),
        Case("a part on no path", ([["a", "b"], ["c"]], dict(up))),
        Case("a part that never fails", ([["a", "b"], ["c", "b"]], {"a": up["a"], "b": 1.0, "c": up["c"]})),
    ]


paths_function = Function(
    name="paths_function",
    equivalent=("itertools.product((0, 2)",),
    title="Exact, whatever is shared",
    question=(
        "Write exact_availability(paths, availability). Each path is a list of names; the whole works while all parts "
        "of at least one path work. availability maps each name to a fraction. A part may stand on several paths, "
        "and is one part all the same. Return the availability of the whole."
    ),
    points=4,
    reference=_by_the_model,
    solution=exact_availability,
    cases=_networks,
    hints=(
        "Go through every state of all parts: itertools.product((0, 1), repeat=len(availability)).",
        "Collect the names that work in a set. set(path) <= working tells whether a path works.",
        "Add up the chance of every state in which any path works.",
    ),
    misconceptions=(
        Misconception(
            "paths taken as independent",
            _independent_paths,
            "That multiplies the paths as if they shared nothing. A part that stands on two paths is one part: it "
            "takes both down.",
        ),
        Misconception(
            "the best path",
            _best_path,
            "That is the best path alone. While it is down, another may work.",
        ),
        Misconception(
            "paths added up",
            _added_paths,
            "That adds the chances of the paths. States in which two paths work are counted twice, and the sum can "
            "exceed 1.",
        ),
        Misconception(
            "every part is needed",
            _every_part,
            "That needs all parts at once. One path is enough.",
        ),
    ),
)

TASKS = (
    promise,
    how_many_spares,
    shared_database,
    single_points,
    audit,
    second_region,
    buy_or_not,
    k_of_n_function,
    paths_function,
)
