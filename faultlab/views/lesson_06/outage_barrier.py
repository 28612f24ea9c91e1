"""One more barrier in a published outage: what it would change, and whether that depends on the bets."""

from __future__ import annotations

import functools

from faultlab.analysis.fault_trees import solve
from faultlab.cases.azure import BARRIER_FAILS, best_under_any_bets, outage_tree
from faultlab.cases.azure import OUTAGES as AZURE_OUTAGES
from faultlab.views.diagrams.tree_nodes import numbered_events
from faultlab.views.diagrams.tree_picture import drawing
from faultlab.views.kit.chart import WIDTH, document, text
from faultlab.views.kit.lettering import wrapped
from faultlab.views.kit.palette import BLUE, GREEN, GREY_TINT, INK, QUIET
from faultlab.views.kit.picture import Picture
from faultlab.views.kit.words import share

MOST_EVENTS = max(len(outage.events) for outage in AZURE_OUTAGES.values())


def outage_with_barrier(outage: str, place: int, own: float, others: float) -> Picture:
    """An outage's fault tree with one more barrier, which fails one time in ten.

    Parameters
    ----------
    outage : str
        A key of `AZURE_OUTAGES`.
    place : int
        The number of the event before which it stands; 0 for none. Held to the last event of the tree.
    own, others : float
        The learner's bets in percent: that this event happens, and every other one.

    Returns
    -------
    Picture

    Examples
    --------
    >>> outage_with_barrier("Azure AD 2021", 1, 10, 10).sentence[:66]
    'A barrier before “key must be kept for longer” takes away 90 % of '
    """
    case = AZURE_OUTAGES[outage]
    tree, solved, best = _known(outage)
    names = numbered_events(tree)
    guarded = names[min(place, len(names)) - 1] if place else ""
    bets = {name: (own if name == guarded else others) / 100 for name in names}
    before = solved.probability(bets)[0]
    taken = {
        name: 1 - solved.probability(bets | {name: bets[name] * BARRIER_FAILS})[0] / before for name in names
    }
    drawn = drawing(tree, assumed=case.assumed, barrier=guarded)
    left = 1 - taken[guarded] if guarded else 1.0
    sentence = _sentence(case, guarded, taken, best)
    alt = f"{sentence} {drawn.alt} {_told(case)}"
    parts = [*drawn.parts, *_bars(drawn.height, left, bool(guarded))]
    told = wrapped(_told(case), WIDTH - 8)
    foot = drawn.height + 92
    parts += [text(4, foot + 18 * i, line, 13, QUIET) for i, line in enumerate(told)]
    rows = tuple(
        {
            "No.": number,
            "Barrier before": name,
            "Your bet": f"{100 * bets[name]:g} %",
            "Takes away": share(taken[name]),
            "Best whatever the bets": "yes" if name in best else "no",
        }
        for number, name in enumerate(names, 1)
    )
    return Picture(document(parts, foot + 18 * len(told) - 8, alt, drawn.width), alt, sentence, rows)


@functools.lru_cache(maxsize=32)
def _known(outage):
    tree = outage_tree(AZURE_OUTAGES[outage])
    return tree, solve(tree), best_under_any_bets(tree)


def _sentence(case, guarded, taken, best):
    if not guarded:
        return f"“{case.top}”: choose a number to put a barrier before that event."
    said = f"A barrier before “{guarded}” takes away {share(taken[guarded])} of the chance of “{case.top}”."
    if guarded in best:
        return f"{said} No other place does more, whatever you bet."
    first = max(taken, key=lambda name: (name in best, round(taken[name], 9)))
    holds = "whatever you bet" if best else "with these bets"
    return f"{said} Before “{first}” it does at least as much, {holds}."


def _told(case):
    """When it was, and what the tree leaves out."""
    began = f"{case.began:%d %B %Y}".lstrip("0")
    if case.ended or case.began.hour:
        began += f", {case.began:%H:%M} UTC"
    if case.ended:
        began += f", {(case.ended - case.began).total_seconds() / 3600:.1f} hours"
    return f"{began}. {case.note}"


def _bars(y, left, guarded):
    """The chance as it was, and what is left of it: the numbers are bets, so only their ratio is drawn."""
    room = WIDTH - 212
    rows = [("As it was", 1.0, BLUE)]
    if guarded:
        rows.append(("With the barrier", left, GREEN))
    for i, (words, value, colour) in enumerate(rows):
        top = y + 14 + i * 30
        yield text(4, top + 16, words, 15, INK)
        yield f"<rect x='144' y='{top}' width='{room}' height='20' fill='{GREY_TINT}'/>"
        yield f"<rect x='144' y='{top}' width='{max(value * room, 2):.1f}' height='20' fill='{colour}'/>"
        yield text(WIDTH - 62, top + 16, share(value), 15, INK, weight="600")
