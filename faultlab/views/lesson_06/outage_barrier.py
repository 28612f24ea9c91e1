"""One more barrier in a published outage: what it would change, and whether that depends on the bets."""

from __future__ import annotations

import functools
from dataclasses import replace

from faultlab.analysis.engine import AT_LEAST
from faultlab.analysis.fault_trees import FaultTree, minimal_cut_sets, solve
from faultlab.cases.azure import EVEN_BET, best_under_any_bets, outage_tree, with_barrier
from faultlab.cases.azure import OUTAGES as AZURE_OUTAGES
from faultlab.cases.breaches import BREACHES
from faultlab.views.diagrams.tree_nodes import numbered_events
from faultlab.views.diagrams.tree_picture import drawing
from faultlab.views.kit.chart import WIDTH, document, text
from faultlab.views.kit.lettering import wrapped
from faultlab.views.kit.palette import BLUE, GREEN, GREY_TINT, INK, QUIET
from faultlab.views.kit.picture import Picture
from faultlab.views.kit.words import count, share, written_out

PUBLISHED = AZURE_OUTAGES | BREACHES
SYDNEY = "Australia East 2023"
NOTHING = "nothing"
THIRD_STANDBY = "a third standby chiller"
SYDNEY_OFFERS = {
    NOTHING: "",
    THIRD_STANDBY: "",
    "a power supply that rides through the sag": "voltage sag",
    "a restart that works from a distance": "pumps get no run signal",
    "more people on site at night": "too few people on site at night",
}
"""What could be bought, and the event before which it stands; a third chiller changes the tree instead."""


def sydney_with(offer: str, sag: float, others: float) -> Picture:
    """The Sydney outage's fault tree with one purchase; a barrier fails one time in ten.

    Parameters
    ----------
    offer : str
        A key of `SYDNEY_OFFERS`.
    sag, others : float
        The learner's bets in percent: that the sag happens, and each other event.

    Returns
    -------
    Picture

    Examples
    --------
    >>> sydney_with("a power supply that rides through the sag", 10, 10).sentence
    'A power supply that rides through the sag cuts the chance that the halls get too hot by 71 %.'
    """
    tree = outage_tree(AZURE_OUTAGES[SYDNEY])
    bets = dict.fromkeys(tree.events, others / 100) | {"voltage sag": sag / 100}
    before = solve(tree).probability(bets)[0]
    left = {one: _left_with(one, bets) / before for one in SYDNEY_OFFERS}
    guarded = SYDNEY_OFFERS[offer]
    shown = _third_standby(tree) if offer == THIRD_STANDBY else tree
    case = AZURE_OUTAGES[SYDNEY]
    assumed = case.assumed | ({"standby 8 stays off"} if offer == THIRD_STANDBY else set())
    sets = {
        event: f"offer:{NOTHING if one == offer else one}" for one, event in SYDNEY_OFFERS.items() if event
    }
    drawn = drawing(shown, assumed=assumed, barrier=guarded, sets=sets)
    sentence = "Nothing bought yet: the chance that the halls get too hot is what it was."
    if offer != NOTHING:
        bought, cut = f"{offer[:1].upper()}{offer[1:]}", share(1 - left[offer])
        sentence = f"{bought} cuts the chance that the halls get too hot by {cut}."
    rows = tuple(
        {"You buy": one, "Cuts the chance by": share(1 - value)}
        for one, value in left.items()
        if offer != NOTHING and one != NOTHING  # nothing bought, nothing given away
    )
    parts = [*_bars(left[offer], offer != NOTHING)]
    lift = 66
    parts.append(f"<g transform='translate(0 {lift})'>{''.join(drawn.parts)}</g>")
    alt = f"{sentence} {drawn.alt} {_told(case)}"
    return Picture(document(parts, lift + drawn.height, alt, drawn.width), alt, sentence, rows)


@functools.lru_cache(maxsize=8)
def _solved_with(offer):
    tree = outage_tree(AZURE_OUTAGES[SYDNEY])
    if offer == THIRD_STANDBY:
        return solve(_third_standby(tree))
    return solve(with_barrier(tree, SYDNEY_OFFERS[offer]) if SYDNEY_OFFERS[offer] else tree)


def _left_with(offer, bets):
    solved = _solved_with(offer)
    more = {"standby 8 stays off": bets["standby 6 stays off"]} if offer == THIRD_STANDBY else {}
    return solved.probability(bets | more)[0]


def _third_standby(tree: FaultTree) -> FaultTree:
    """Eight chillers, five of which have to run: it takes four that are off."""
    more = AT_LEAST(4, *tree.gates["cooling too weak"].inputs, "standby 8 stays off")
    return replace(
        tree,
        gates=tree.gates | {"cooling too weak": more},
        events=tree.events | {"standby 8 stays off": EVEN_BET},
    )


def outage_places(outage: str) -> Picture:
    """An outage's fault tree, with the places marked where one more barrier does most under any bets.

    Parameters
    ----------
    outage : str
        A key of Azure's outages, or of the breaches.

    Returns
    -------
    Picture

    Examples
    --------
    >>> outage_places("Azure AD 2021").sentence[:66]
    'Three events had to come together, in one minimal cut set. So each'
    """
    case = PUBLISHED[outage]
    tree, best, sets = _known(outage)
    marks = {name: f"{name}\N{NO-BREAK SPACE}★" for name in best}
    drawn = drawing(tree, assumed=case.assumed, labels=marks)
    sentence = _sentence(tree, best, sets)
    told = wrapped(_told(case), WIDTH - 8, 14)
    foot = drawn.height + 20
    parts = [*drawn.parts]
    parts += [text(4, foot + 18 * i, line, 13, QUIET) for i, line in enumerate(told)]
    rows = tuple(
        {
            "No.": number,
            "Event": name,
            "No place does more, whatever the bets": "★ yes" if name in best else "no",
        }
        for number, name in enumerate(numbered_events(tree), 1)
    )
    alt = f"{sentence} {drawn.alt} {_told(case)}"
    return Picture(document(parts, foot + 18 * len(told) - 8, alt, drawn.width), alt, sentence, rows)


@functools.lru_cache(maxsize=32)
def _known(outage):
    tree = outage_tree(PUBLISHED[outage])
    return tree, best_under_any_bets(tree), minimal_cut_sets(solve(tree)).count()


def _sentence(tree, best, sets):
    if not best:
        return (
            f"There are {count(sets, 'minimal cut set')}; the best place for a barrier depends on the bets."
        )
    if sets == 1:
        many = written_out(len(tree.events)).capitalize()
        told = f"{many} events had to come together, in one minimal cut set."
        return f"{told} So each place (★) is worth the same."
    places = "one event is" if len(best) == 1 else f"{written_out(len(best))} events are"
    ways = "both" if sets == 2 else f"all {sets}"
    return (
        f"{places.capitalize()} in {ways} minimal cut sets (★). No other place does more, whatever you bet."
    )


def _told(case):
    """When it was, and what the tree leaves out."""
    began = f"{case.began:%d %B %Y}".lstrip("0")
    if case.ended or case.began.hour:
        began += f", {case.began:%H:%M} UTC"
    if case.ended:
        began += f", {(case.ended - case.began).total_seconds() / 3600:.1f} hours"
    return f"{began}. {case.note}"


def _bars(left, bought):
    """The chance as it was, and what is left of it: the numbers are bets, so only their ratio is drawn."""
    room = WIDTH - 212
    rows = [("As it was", 1.0, BLUE)]
    if bought:
        rows.append(("What is left", left, GREEN))
    for i, (words, value, colour) in enumerate(rows):
        top = 8 + i * 30
        yield text(4, top + 16, words, 15, INK)
        yield f"<rect x='144' y='{top}' width='{room}' height='20' fill='{GREY_TINT}'/>"
        yield f"<rect x='144' y='{top}' width='{max(value * room, 2):.1f}' height='20' fill='{colour}'/>"
        yield text(WIDTH - 62, top + 16, share(value), 15, INK, weight="600")
