"""Pictures of years: how far luck scatters them, and which measures belong to the best plans."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence

from faultlab.cases.game_day import (
    QUARTERS,
    Game,
    Score,
    best_otherwise,
    best_plan,
    expected_cost,
    worth_of_each,
)
from faultlab.views.kit import Axis, Chart, Picture
from faultlab.views.kit.chart import bars
from faultlab.views.kit.palette import BLUE, INK, ORANGE, QUIET
from faultlab.views.kit.words import euros, listed, share

BINS = 24


def other_years(score: Score) -> Picture:
    """Draw this year among a thousand others with the same decisions.

    Parameters
    ----------
    score : Score
        Of a finished year.
    """
    years = score.other_years
    most = _rounded(max(years[int(0.97 * len(years))], score.total, score.nothing) * 1.04)
    wide = most / BINS
    counts = [0] * BINS
    for year in years:
        counts[min(int(year / wide), BINS - 1)] += 1
    chart = Chart(
        Axis(0, most, "What the year costs, million EUR", [most * part / 4 for part in range(5)], _millions),
        Axis(0, max(counts) * 1.35, f"Years of {len(years):,}", _round_ticks(max(counts))),
    )
    for place, number in enumerate(counts):
        chart.column(place * wide, (place + 1) * wide, number, QUIET)
    chart.rule(score.expected, INK, "")
    chart.rule(score.best.cost, ORANGE, "", dash="2 3")
    late = score.total > 0.6 * most
    chart.rule(score.total, BLUE, "this year", "end" if late else "start", dash="", width=3)  # over them
    chart.legend(("your mean", INK, "4 3"), ("best plan's mean", ORANGE, "2 3"))
    sentence = f"{_decided(score.decided_better)}, and {_luck(score.unluckier)}."
    rows = [
        {
            "What is done": name,
            "Mean of all years, EUR": round(mean),
            "In this year, EUR": here,
        }
        for name, mean, here in (
            ("Nothing", score.nothing, score.nothing_here),
            ("What you did", score.expected, score.total),
            ("The best plan by the odds", score.best.cost, score.best_here),
        )
    ]
    alt = (
        f"A thousand other years with the same decisions, by what they cost: most cost less than "
        f"{euros(years[int(0.9 * len(years))])}. This year cost {euros(score.total)}; your decisions cost "
        f"{euros(score.expected)} in the mean, the best plan {euros(score.best.cost)}."
    )
    return Picture(chart.svg(alt), alt, sentence, tuple(rows))


def _round_ticks(most: int) -> range:
    """Up to five round numbers from 0 to `most`.

    >>> list(_round_ticks(187)), list(_round_ticks(3))
    ([0, 50, 100, 150], [0, 1, 2, 3])
    """
    step = next(tens * part for tens in (1, 10, 100) for part in (1, 2, 5) if 5 * tens * part > most)
    return range(0, most + 1, step)


def own_luck(score: Score) -> str:
    """The luck of the year itself: its place among the others with the same decisions, in a sentence."""
    of = len(score.other_years)
    cheaper = round(of * (1 - score.unluckier))
    gap = score.total - score.expected
    dearer = "more" if gap > 0 else "less"
    return (
        f"The luck of this year: of {of:,} others with the same decisions {_counted(cheaper)} cost as little "
        f"or less, and {_counted(of - cheaper)} cost more. It cost {euros(abs(gap))} {dearer} than your "
        "decisions do in the mean."
    )


def _counted(number: int) -> str:
    return f"{number:,}" if number else "none"


def _decided(better: float) -> str:
    """In words, by how many plans drawn at random cost more in the mean."""
    if better < 0.01:
        return "Nearly all plans drawn at random do better than yours"
    return f"You decided better than {_part(better)}{' of' if better <= 0.99 else ''} plans drawn at random"


def _luck(unluckier: float) -> str:
    """In words, by how many other years cost more."""
    others = _part(unluckier)
    if unluckier > 0.6:
        return f"you were lucky: {others} of the other years cost more"
    if unluckier < 0.4:
        return f"you were unlucky: {others} of the other years cost more"
    return f"luck did little: {others} of the other years cost more"


def _part(fraction: float) -> str:
    """A share, without digits that a thousand years don't carry."""
    return "nearly all" if fraction > 0.99 else "hardly any" if fraction < 0.01 else share(fraction)


def _rounded(amount: float) -> float:
    return -(-amount // 400_000) * 400_000


def _millions(amount: float) -> str:
    return f"{amount / 1e6:.1f}"


def worse_luck(bare: Sequence[float], planned: Sequence[float]) -> float:
    """Return in what share of pairs of years, one of either, the one without a plan costs less.

    >>> worse_luck([3, 5], [4, 2])
    0.25
    """
    ordered = sorted(bare)
    return sum(bisect_left(ordered, cost) for cost in planned) / (len(bare) * len(planned))


def luck_of_two(bare: Sequence[int], planned: Sequence[int], together: int = 1) -> Picture:
    """Draw how often a year, or the mean of several, costs more than so much: without a plan and with one.

    Parameters
    ----------
    bare, planned : sequence of int
        What each year costs, in EUR.
    together : int
        How many years are looked at before anybody is judged.
    """
    most = 4_000_000
    kinds = {
        "nothing bought": (_means(bare, together), QUIET, "7 4"),
        "the plan": (_means(planned, together), BLUE, ""),
    }
    of_years = "a year" if together == 1 else f"the mean of {together} years"
    chart = Chart(
        Axis(
            0,
            most,
            f"Million EUR {'a year' if together == 1 else 'in the mean of a year'}",
            _TICKS,
            _millions,
        ),
        Axis(0, 1, "Share that costs more", (0, 0.5, 1), share),
    )
    at = range(0, most + 1, 100_000)
    for costs, colour, dash in kinds.values():
        chart.line(at, [sum(one > cost for one in costs) / len(costs) for cost in at], colour, dash)
    chart.legend(*((name, colour, dash) for name, (_, colour, dash) in kinds.items()))
    costs = kinds["the plan"][0]
    worse = worse_luck(kinds["nothing bought"][0], costs)
    judged = "one year" if together == 1 else f"{together} years"
    dear, cheap = (costs[int(part * len(costs))] for part in (0.9, 0.1))
    sentence = (
        f"Judged by {judged}, the shop with the plan looks worse than the one without in {share(worse)} of "
        f"cases. With the plan, the second dearest of ten costs {dear / cheap:.2g} times the second cheapest."
    )
    rows: list[dict] = [
        {
            "Of ten": name,
            **{label: round(found[0][int(part * len(found[0]))]) for label, part in _PARTS.items()},
        }
        for name, found in kinds.items()
    ]
    alt = (
        f"Two falling lines: the share of cases in which {of_years} costs more than so much. Half cost more "
        f"than {euros(rows[0]['the middle one'])} without measures, and {euros(rows[1]['the middle one'])} "
        "with the plan."
    )
    return Picture(chart.svg(alt), alt, sentence, tuple(rows))


def _means(years: Sequence[int], together: int) -> list[float]:
    """The means of so many years after each other, the lowest first."""
    starts = range(0, len(years) - together + 1, together)
    return sorted(sum(years[start : start + together]) / together for start in starts)


_TICKS = range(0, 4_000_001, 1_000_000)
_PARTS = {"the second cheapest": 0.1, "the middle one": 0.5, "the second dearest": 0.9}


def what_plans_cost(game: Game, level: str, plans: Mapping[str, Sequence[str]]) -> Picture:
    """Draw what plans that are bought in the first quarter cost in the mean, beside nothing and the best.

    Parameters
    ----------
    game : Game
    level : str
    plans : mapping
        From a plan's name to its measures.
    """
    best = best_plan(game, level)
    later = [frozenset[str]()] * (QUARTERS - 1)
    costs = {"Nothing": expected_cost(game, level, [frozenset(), *later])}
    for name, measures in plans.items():
        costs[name] = expected_cost(game, level, [frozenset(measures), *later])
    costs["The best plan by the odds"] = best.cost
    colours = {"Nothing": QUIET, "The best plan by the odds": ORANGE}
    drawn = [
        (name, cost, euros(cost).removesuffix(" EUR"), colours.get(name, BLUE))  # what fits on a phone
        for name, cost in costs.items()
    ]
    alt = "What plans cost in the mean of all years: " + listed(
        [f"{name}, {euros(c)}" for name, c in costs.items()]
    )
    gap = share(1 - best.floor / best.cost)
    sentence = (
        f"The best plan costs {euros(best.cost)} in the mean, and no plan that is fixed beforehand can be "
        f"more than {gap} cheaper."
    )
    rows = [{"Plan": name, "Mean cost, EUR": round(cost)} for name, cost in costs.items()]
    return Picture(bars(drawn, alt, highest=max(costs.values())), alt, sentence, tuple(rows))


def why_the_best_plan(game: Game, level: str) -> tuple[str, list[dict]]:
    """Why the best plan buys what it buys: a sentence on what it leaves out, and what each measure is worth.

    A row has what a measure saves in a year beside the plan's others, its price, what is left of it, and
    what it saves alone: measures that do each other's work are worth less together.
    """
    best, budget = best_plan(game, level), game.level(level).budget
    alone = {one.measure: one.gain for one in worth_of_each(game, level, frozenset())}
    found = worth_of_each(game, level, best.measures)
    name = {one.measure: game.measures[one.measure].name for one in found}
    rows = [
        {
            "Measure": name[one.measure],
            "Best plan": "in" if one.held else "out",
            "Saves beside it, EUR": round(one.gain),
            "Price, EUR": one.price,
            "Left, EUR": round(one.net),
            "Saves alone, EUR": round(alone[one.measure]),
        }
        for one in sorted(found, key=lambda one: not one.held)
    ]
    out = [one for one in found if not one.held]
    left = budget - game.price(best.measures)
    bought = listed(sorted(name[one].lower() for one in best.measures))
    said = [f"The best plan buys {bought}; {euros(left) if left else 'nothing'} of the budget is left."]
    others: dict[tuple, list[str]] = {}
    for one in [one for one in out if one.measure in ("alerts", "on_call")] or out[:1]:
        said.append(
            f"{name[one.measure]} would save {euros(one.gain)} a year beside it, for {euros(one.price)}; "
            f"alone, {euros(alone[one.measure])}."
        )
        others.setdefault(best_otherwise(game, level, one.measure), []).append(name[one.measure].lower())
    for (other, cost), has in others.items():
        buys = listed(sorted(name[each].lower() for each in other))
        more = f"{euros(cost - best.cost)} more in the mean, {share(cost / best.cost - 1)}"
        said.append(f"The best plan that has {listed(has)} buys {buys}; it costs {more}.")
    if "staged" in best.measures and "alerts" not in best.measures:
        seen = worth_of_each(game, level, best.measures | {"alerts"})
        without, beside = (
            next(one.gain for one in some if one.measure == "staged") for some in (found, seen)
        )
        said.append(
            f"{name['staged']} without an alert let a small failure go on unseen for longer; they still save "
            f"{euros(without)} here, and {euros(beside)} with alerts beside them."
        )
    return " ".join(said), rows


def in_the_best_plans(game: Game, shares: Mapping[str, float]) -> Picture:
    """Draw how often each measure belongs to the best plan, over budgets and levels.

    Parameters
    ----------
    game : Game
    shares : mapping
        From a measure to a share, as `in_best_plans` returns it.
    """
    ordered = sorted(shares.items(), key=lambda pair: -pair[1])
    drawn = [(game.measures[name].name, value, share(value), BLUE) for name, value in ordered]
    first, last = (game.measures[ordered[place][0]].name.lower() for place in (0, -1))
    sentence = (
        f"No measure is in every best plan and none is in no one: {first} is in {share(ordered[0][1])} of "
        f"them, {last} in {share(ordered[-1][1])}."
    )
    alt = "How often each measure belongs to the best plan: " + listed([f"{n}, {w}" for n, _, w, _ in drawn])
    rows = [{"Measure": name, "In the best plan": written} for name, _, written, _ in drawn]
    return Picture(bars(drawn, alt, highest=1.0, gap=52), alt, sentence, tuple(rows))
