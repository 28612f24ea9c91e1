"""Move one event: the top event, the ranking, the largest cut sets; and how sure the ranking is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from faultlab.analysis.fault_trees import importance, minimal_cut_sets
from faultlab.analysis.systems import spoken
from faultlab.cases.azure import first_place_shares
from faultlab.views.kit.chart import WIDTH, bars, document, text
from faultlab.views.kit.palette import BLUE, GREY_TINT, INK, ORANGE, QUIET
from faultlab.views.kit.picture import Picture
from faultlab.views.kit.words import share, span

if TYPE_CHECKING:
    from faultlab.analysis.fault_trees import FaultTree
    from faultlab.analysis.fault_trees.solved_tree import SolvedTree

SHOWN = 6
TRIALS = 2000
MINUTES_A_YEAR = 8760 * 60
_ROOM = WIDTH - 76


def spoken_names(tree: FaultTree) -> dict[str, str]:
    """Return words for the names that a system's fault tree gives to its events and gates.

    Examples
    --------
    >>> from faultlab.analysis.engine import OR
    >>> from faultlab.analysis.fault_trees import FaultTree
    >>> names = spoken_names(FaultTree("web_servers fails", {"web_servers fails": OR(
    ...     "web_servers/1", "web_servers/shared")}, {"web_servers/1": 0.1, "web_servers/shared": 0.1}))
    >>> names["web_servers fails"], names["web_servers/shared"]
    ('web servers fail', 'web servers, common cause')
    """
    names = {}
    for name in tree.gates:
        words = name.removeprefix("journey ").replace("_", " ")
        names[name] = words.replace("s fails", "s fail")
    for name in tree.events:
        part, _, copy = name.partition("/")
        cause = "common cause" if copy == "shared" else f"copy {copy}"
        names[name] = f"{spoken(part)}, {cause}" if copy else spoken(part)
    return names


def event_moved(
    solved: SolvedTree, event: str, times: float, labels: dict[str, str] | None = None
) -> Picture:
    """What happens to a journey's downtime when one event becomes more or less likely.

    Parameters
    ----------
    solved : SolvedTree
        Of a journey; its probabilities are shares of time.
    event : str
        The event's name, or its label.
    times : float
        By how much its probability is multiplied; it is held at 1.
    labels : dict, optional
        From names to the words to show.

    Returns
    -------
    Picture

    Examples
    --------
    >>> from faultlab.analysis.engine import AND, OR
    >>> from faultlab.analysis.fault_trees import FaultTree, solve
    >>> tree = FaultTree("t", {"t": OR("a", AND("b", "c"))}, {"a": 0.001, "b": 0.01, "c": 0.02})
    >>> event_moved(solve(tree), "a", 0).sentence
    'It is down 105 minutes a year, 8.76 hours less than before. “b” has the largest share now, 100 %.'
    """
    labels = labels or {}
    event = next((name for name, words in labels.items() if words == event), event)
    chance = solved.tree.events[event].at(float("inf"))[0]
    chances = {event: min(1.0, chance * times)}
    before, now = solved.probability()[0], solved.probability(chances)[0]
    sets = minimal_cut_sets(solved)
    ranking = importance(solved, chances, cut_sets=sets)
    carried = sets.most_probable(5, chances)

    def words(name):
        return labels.get(name, name)

    first = ranking[0]
    change = (now - before) * MINUTES_A_YEAR
    told = (
        "as before"
        if abs(change) < 0.005
        else f"{span(abs(change))} {'more' if change > 0 else 'less'} than before"
    )
    sentence = (
        f"It is down {span(now * MINUTES_A_YEAR)} a year, {told}. "
        f"“{words(first.event)}” has the largest share now, {share(first.criticality or 0.0)}."
        if now > 0
        else f"It is never down, {told}."
    )
    shown = ranking[:SHOWN]
    if event not in [one.event for one in shown]:
        shown = [*shown[:-1], next(one for one in ranking if one.event == event)]
    parts = [text(4, 20, "Share of the downtime that would go if it never failed", 14, QUIET)]
    for i, one in enumerate(shown):
        parts += _bar(32 + 44 * i, words(one.event), one.criticality, one.event == event)
    bars_end = 32 + 44 * len(shown)
    y = bars_end + 18
    parts.append(text(4, y, "Largest cut sets, with their share of the downtime", 14, QUIET))
    for i, cut in enumerate(carried):
        named = " and ".join(words(name) for name in cut.events)
        parts.append(
            text(4, y + 24 + 22 * i, named, 15, INK, weight="600" if event in cut.events else "normal")
        )
        parts.append(
            text(WIDTH - 62, y + 24 + 22 * i, _share(cut.probability / now if now else None), 15, INK)
        )
    listed = ", ".join(f"{words(one.event)} {_share(one.criticality)}" for one in shown)
    alt = f"Bars of the share of downtime that would go if an event never happened: {listed}."
    rows = tuple(
        {
            "Event": words(one.event),
            "Probability": float(f"{one.probability:.3g}"),
            "Birnbaum": float(f"{one.birnbaum:.3g}"),
            "Fussell-Vesely": _digits(one.fussell_vesely),
            "Risk achievement": _digits(one.raw),
        }
        for one in ranking
    )
    height = y + 22 + 22 * len(carried)
    scales = f" data-x='4 {4 + _ROOM} 0 1' data-high='{bars_end + 4}'"
    return Picture(document(parts, height, alt, scales=scales), alt, sentence, rows)


def first_places(tree: FaultTree, within: float, seed: int, labels: dict[str, str] | None = None) -> Picture:
    """How often each part is the most important one when no figure is known better than to a factor.

    Parameters
    ----------
    tree : FaultTree
    within : float
        Each probability is drawn up to so many times as large or as small as it is, equal ratios being
        equally likely.
    seed : int
    labels : dict, optional
        From names to the words to show.

    Returns
    -------
    Picture

    Examples
    --------
    >>> from faultlab.analysis.engine import OR
    >>> from faultlab.analysis.fault_trees import FaultTree
    >>> first_places(FaultTree("t", {"t": OR("a", "b")}, {"a": 0.1, "b": 0.001}), 2, 1).sentence
    'If no figure is off by more than a factor of 2, “a” comes first in 100 % of 2,000 trials.'
    """
    labels = labels or {}
    found = first_place_shares(tree, seed=seed, within=within, bets=TRIALS)
    ranked = sorted((name for name in found if found[name]), key=lambda name: (-found[name], name))
    named = [(labels.get(name, name), found[name]) for name in ranked]
    listed = [f"“{words}” comes first in {share(value)}" for words, value in named[:1]]
    listed += [f"“{words}” in {share(value)}" for words, value in named[1:SHOWN]]
    sentence = (
        f"If no figure is off by more than a factor of {within:g}, {', '.join(listed)} of {TRIALS:,} trials."
    )
    alt = "Bars of how often each part comes first: " + ", ".join(
        f"{words} {share(value)}" for words, value in named
    )
    drawn = [
        (words, value, share(value), ORANGE if i == 0 else BLUE) for i, (words, value) in enumerate(named)
    ]
    rows = tuple({"Part": words, "Comes first": share(value)} for words, value in named)
    return Picture(bars(drawn, alt + ".", highest=1.0), alt + ".", sentence, rows)


def _share(fraction):
    """A share of a top event that can't happen is undefined."""
    return "–" if fraction is None else share(fraction)


def _digits(value):
    return "–" if value is None else float(f"{value:.3g}")


def _bar(y, words, value, moved):
    colour = ORANGE if moved else BLUE
    yield text(4, y + 12, f"► {words}" if moved else words, 15, INK, weight="600" if moved else "normal")
    yield f"<rect x='4' y='{y + 18}' width='{_ROOM}' height='14' fill='{GREY_TINT}'/>"
    width = max((value or 0.0) * _ROOM, 2)
    yield f"<rect x='4' y='{y + 18}' width='{width:.1f}' height='14' fill='{colour}'/>"
    yield text(WIDTH - 62, y + 30, _share(value), 15, INK, weight="600")
