"""What causes a journey's loss: its block diagram, exact and part by part, before and after a change."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from faultlab.analysis.fault_trees import importance
from faultlab.analysis.systems import (
    Block,
    Component,
    Parallel,
    Range,
    Series,
    blocks_of,
    journey_report,
    shared_first,
    spoken,
)
from faultlab.metrics.estimates import downtime_minutes
from faultlab.views.diagrams.block_diagram import block_diagram
from faultlab.views.kit.chart import bars
from faultlab.views.kit.palette import BLUE, ORANGE
from faultlab.views.kit.picture import Picture
from faultlab.views.kit.stack import stacked
from faultlab.views.kit.words import euros, share, span

if TYPE_CHECKING:
    from faultlab.analysis.systems.system import System

AS_IT_IS = "no change"
NOTHING = "buy nothing"
LEAST_SHARE = 0.005
"""Below this share of the downtime a block carries no mark."""

MOST_BLOCKS = 16
"""Larger diagrams have the copies of a group folded into one block, what two regions share drawn once, and
the rest of each region, where it hardly ever stops the journey, in one block."""


def loss_explorer(
    system: System, journey: str, proposals: dict[str, tuple[System, float]] | None = None
) -> Callable[..., Picture]:
    """Return the drawing function of an Explorer over one journey.

    Parameters
    ----------
    system : System
    journey : str
    proposals : dict, optional
        By words, what could be done besides the system's own options: another System with the journey, and
        its price a year.

    Returns
    -------
    callable
        From `part`, `availability` (percent) and `option` to a Picture.
    """
    bought: dict[str, tuple[System, float]] = {NOTHING: (system, 0)}
    for name, option in system.options.items():
        price = option.cost_per_year.likely
        bought[f"{spoken(name)} ({euros(price)} a year)"] = system.with_option(name), price
    for words, (offered, price) in (proposals or {}).items():
        bought[f"{words} ({euros(price)} a year)"] = offered, price
    parts = {spoken(name): name for name in _single_parts(system, journey)}

    @functools.lru_cache(maxsize=512)
    def draw(part, availability, option):
        changed, price = bought[option]
        if part != AS_IT_IS:
            changed = with_availability(changed, parts[part], availability / 100)
        return journey_loss(changed, journey, before=None if changed is system else system, price=price)

    options = tuple(
        words for words, (one, _) in bought.items() if one is system or _touches(system, one, journey)
    )
    draw.options = options  # type: ignore[attr-defined]  # what can be chosen, for who makes the controls
    draw.parts = (AS_IT_IS, *parts)  # type: ignore[attr-defined]  # as above
    return draw


def with_availability(system: System, part: str, availability: float) -> System:
    """Return the system with one part's availability changed, where it has that part.

    A part that the other system has once for each region, as `load_balancer_1`, is changed in all.
    """
    names = [
        name for name in system.components if name == part or name.rstrip("0123456789").rstrip("_") == part
    ]
    return replace(
        system,
        components=system.components | {name: Component(name, Range.point(availability)) for name in names},
    )


def _touches(system, other, journey):
    return other.availability(journey) != system.availability(journey)


def _single_parts(system, journey):
    return [name for name in system.solved(journey).tree.events if name in system.components]


def journey_loss(
    system: System, journey: str, before: System | None = None, price: float = 0, figures: str = "exact"
) -> Picture:
    """The block diagram of a journey with the share of the downtime that each block causes.

    A block's share is its criticality importance: the part of the down time that would go if it never
    failed. Shares of blocks that fail together overlap, so they need not add up to 100 %.

    Parameters
    ----------
    system : System
    journey : str
    before : System, optional
        What it was before a change, to compare with.
    price : float
        What the change costs a year, where something was bought.
    figures : str
        What is said of the first bar.

    Returns
    -------
    Picture
    """
    report = journey_report(system, journey)
    ranking = importance(system.solved(journey))
    naive = downtime_minutes(report.naive_availability)
    exact = report.minutes_down_per_year
    worth = system.journey(journey).worth_per_hour.likely
    earlier = report if before is None else _report(before, journey)
    cost, cost_before = report.cost_per_year, earlier.cost_per_year
    # Only a journey with a mission time has no year.
    assert exact is not None
    assert cost is not None
    assert earlier.minutes_down_per_year is not None
    assert cost_before is not None
    full = max(earlier.minutes_down_per_year, exact, naive)
    rows = [
        (f"Down a year, {figures}", exact, span(exact), BLUE),
        ("Down a year, multiplied part by part", naive, span(naive), ORANGE),
    ]
    blocks = system.block_diagram(journey)
    labels = {block.name: block.words for block in blocks_of(blocks)}
    # Where the journey is never down, no part has a share.
    carried = {one.event: one.criticality or 0.0 for one in ranking}
    diagram = _drawn(system.solved(journey), blocks, carried, large=len(labels) > MOST_BLOCKS)
    words = spoken(journey)
    sentence = (
        f"The {words} is down {span(exact)} a year, at a cost of {euros(cost.likely)} "
        f"(90 % range: {euros(cost.low)} to {euros(cost.high)}). {_naive_words(naive, exact, worth)}"
    )
    if before is not None:
        sentence += " " + _gain_words(cost_before.likely - cost.likely, price)
    alt = (
        f"Two bars, {span(exact)} down a year as it is and {span(naive)} counted part by part, over a block "
        f"diagram with the share of the downtime that each block causes. {diagram.alt}"
    )
    data = tuple(
        {
            "Block": labels[one.event],
            "Own downtime a year": span(downtime_minutes(1 - one.probability)),
            "Share of the downtime": "–" if one.criticality is None else share(one.criticality),
        }
        for one in ranking
    )
    return Picture(stacked([bars(rows, alt, highest=full), diagram.svg], alt), alt, sentence, data)


def _drawn(solved, blocks, carried, large):
    """The block diagram with the shares that count; a large one with few blocks."""
    if large:
        blocks = _folded(blocks)
        groups = {block.name for block in blocks_of(blocks)} - set(carried)
        carried = carried | {group: _share_of_copies(solved, group) for group in groups}
        blocks = shared_first(blocks)
    shown = {block.name for block in blocks_of(blocks)}
    marked = {name: carried[name] for name in carried if name in shown and carried[name] >= LEAST_SHARE}
    return block_diagram(_joined(blocks, marked) if large else blocks, shares=marked)


def _folded(part):
    """A diagram with the copies of each group as one block, which has the group's name."""
    if isinstance(part, Block):
        return part
    group, _, copy = part.parts[0].name.partition("/") if isinstance(part.parts[0], Block) else ("", "", "")
    if isinstance(part, Parallel) and copy:
        return Block(group, f"{spoken(group)}, {part.needed} of {len(part.parts)}")
    return replace(part, parts=tuple(map(_folded, part.parts)))


def _joined(part, marked):
    """A diagram in which the blocks of one way that have no mark are one block, which names them."""
    if isinstance(part, Block):
        return part
    if isinstance(part, Series):
        return Series(tuple(_joined(one, marked) for one in part.parts))
    return replace(part, parts=tuple(_joined_way(way, marked) for way in part.parts))


def _joined_way(way, marked):
    parts = way.parts if isinstance(way, Series) else (way,)
    quiet = tuple(part for part in parts if isinstance(part, Block) and part.name not in marked)
    if len(quiet) < 2:
        return _joined(way, marked)
    groups = dict.fromkeys(block.name.partition("/")[0] for block in quiet)
    one = Block(" ".join(block.name for block in quiet), " + ".join(map(spoken, groups)))
    return Series((one, *(_joined(part, marked) for part in parts if part not in quiet)))


def _share_of_copies(solved, group):
    """The share of the downtime that would go if no copy of a group failed by itself."""
    copies = [
        name for name in solved.tree.events if name.startswith(f"{group}/") and name != f"{group}/shared"
    ]
    down = solved.probability()[0]
    return 1 - solved.probability(dict.fromkeys(copies, 0.0))[0] / down if down else 0.0


_report = functools.lru_cache(maxsize=8)(journey_report)


def _naive_words(naive, exact, worth):
    gap = abs(naive - exact) / 60 * worth
    if abs(naive - exact) < 0.005 * exact:
        return "Multiplying part by part would give about the same."
    side = "understate" if naive < exact else "overstate"
    return f"Multiplying part by part would give {span(naive)} and {side} the cost by {euros(gap)} a year."


def _gain_words(saved, price):
    verb = "saves" if saved >= 0 else "adds"
    if not price:
        return f"The change {verb} {euros(abs(saved))} a year, before its price."
    left = saved - price
    kept = f"a gain of {euros(left)}" if left >= 0 else f"a loss of {euros(-left)}"
    return f"The change {verb} {euros(abs(saved))} a year and its price is {euros(price)}: {kept}."
