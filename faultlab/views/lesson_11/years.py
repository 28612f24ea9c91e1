"""Pictures of years: how far luck scatters them, and which measures belong to the best plans."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence

from faultlab.cases.game_day import QUARTERS, Game, Score, best_plan, expected_cost
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
        Axis(0, max(counts) * 1.35, "Years of 1,000", ()),
    )
    for place, number in enumerate(counts):
        chart.column(place * wide, (place + 1) * wide, number, QUIET)
    late = score.total > 0.6 * most
    chart.rule(score.total, BLUE, "this year", "end" if late else "start", dash="", width=3)
    chart.rule(score.expected, INK, "")
    chart.rule(score.best.cost, ORANGE, "", dash="2 3")
    chart.legend(("your mean", INK, "4 3"), ("best plan's mean", ORANGE, "2 3"))
    better = _part(score.decided_better)
    luck = _luck(score.unluckier)
    sentence = f"You decided better than {better} of all plans, and {luck}."
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


def _luck(unluckier: float) -> str:
    """In words, by how many other years cost more."""
    others = _part(unluckier)
    if unluckier > 0.6:
        return f"were lucky: {others} of the other years cost more"
    if unluckier < 0.4:
        return f"were unlucky: {others} of the other years cost more"
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
    names = listed(sorted(game.measures[one].name.lower() for one in best.measures))
    sentence = (
        f"The best plan costs {euros(best.cost)} in the mean, and no plan that is fixed beforehand can be "
        f"more than {gap} cheaper. It buys {names}."
    )
    rows = [{"Plan": name, "Mean cost, EUR": round(cost)} for name, cost in costs.items()]
    return Picture(bars(drawn, alt, highest=max(costs.values())), alt, sentence, tuple(rows))


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
