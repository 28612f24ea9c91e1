"""Reliability block diagrams as pictures: a journey works while a way through the blocks works."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from faultlab.analysis.systems import blocks_of, in_words, shared_blocks
from faultlab.errors import BadInput
from faultlab.views.diagrams.block_layout import Style, measure
from faultlab.views.diagrams.block_marks import draw, wire
from faultlab.views.kit.chart import WIDTH, document, text
from faultlab.views.kit.palette import INK, PAGE, QUIET
from faultlab.views.kit.picture import Picture

if TYPE_CHECKING:
    from faultlab.analysis.systems import Block, Parallel, Series


END = 27
"""The room for the words "in" and "out" at either end."""

TOP = 14
FOOT = 24
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def block_diagram(
    diagram: Block | Series | Parallel,
    path: Sequence[str] = (),
    cut: Sequence[str] = (),
    shares: dict[str, float] | None = None,
    sets: dict[str, str] | None = None,
) -> Picture:
    """Draw a block diagram by the conventions of IEC 61078.

    In on the left, out on the right; parts in series follow each other, parts in parallel stand above
    each other, and where k of n are needed the lines meet in a mark that says so. A block that stands in
    several places has a dashed outline and one letter in all of them.

    Parameters
    ----------
    diagram : Block, Series or Parallel
    path, cut : sequence of str
        Blocks to mark: a path that works (all others failed), or a cut (these failed, all others work).
        One of the two.
    shares : dict, optional
        By block, a share from 0 to 1 of whatever the picture is about, drawn as a bar in the block.
    sets : dict, optional
        By block, what a press on it does in an Explorer: a Choice and its option, as "dns:failed".

    Returns
    -------
    Picture

    Raises
    ------
    BadInput
        For a name in `path`, `cut` or `shares` that is no block, or both a path and a cut.

    Examples
    --------
    >>> from faultlab.analysis.systems import Block, Parallel, Series
    >>> shop = Series((Block("dns"), Parallel((Block("app_1"), Block("app_2")))))
    >>> block_diagram(shop).sentence
    'Works while DNS and at least one of (app 1, app 2) work.'
    """
    shares = shares or {}
    names = list(dict.fromkeys(block.name for block in blocks_of(diagram)))
    for name in (*path, *cut, *shares):
        if name not in names:
            raise BadInput(f"The diagram has no block {name!r}. It has: {', '.join(names)}.")
    if path and cut:
        raise BadInput("Mark a path or a cut, one of the two: blocks can't work and fail at once.")
    shared = shared_blocks(diagram)
    badges = {name: LETTERS[i % len(LETTERS)] for i, name in enumerate(shared)}
    working = frozenset(path) if path else frozenset(names) - frozenset(cut)
    style = Style(frozenset(path), frozenset(cut), shares, badges, working, sets or {})

    box = measure(diagram, WIDTH - 2 * END, style)
    width = max(WIDTH, box.width + 2 * END)
    left = (width - box.width) / 2
    marks = [
        *_ends(box, left, width, style.line(diagram)),
        *draw(box, left, TOP, style),
    ]
    height = TOP + box.height + 12
    if shared:
        marks.append(text(WIDTH / 2, height + 14, "Same letter: one and the same block", 13, QUIET, "middle"))
        height += FOOT
    words = in_words(diagram)
    alt = f"Block diagram from left to right. {words}" + _said(diagram, path, cut, shares, shared)
    rows = tuple({"Block": one.words, "In the diagram": _times(diagram, one.name)} for one in _once(diagram))
    return Picture(document(marks, round(height), alt, round(width)), alt, words, rows)


def _ends(box, left, width, kind):
    enter, leave = TOP + box.enter, TOP + box.leave
    right = left + box.width
    marks = [wire([(6, enter), (left, enter)], kind), wire([(right, leave), (width - 6, leave)], kind)]
    for x, y in ((6, enter), (width - 6, leave)):
        marks.append(
            f"<circle cx='{x:.1f}' cy='{y:.1f}' r='4' fill='{PAGE}' stroke='{INK}' stroke-width='1.8'/>"
        )
    marks.append(text(2, enter - 9, "in", 13, QUIET))
    marks.append(text(width - 2, leave - 9, "out", 13, QUIET, "end"))
    return marks


def _said(diagram, path, cut, shares, shared):
    words = {block.name: block.words for block in blocks_of(diagram)}
    said = ""
    if shared:
        said += f" One and the same block in several places: {_listed(words, shared)}."
    if path:
        said += f" Marked is a path that works: {_listed(words, path)}."
    if cut:
        said += f" Marked is a cut, blocks whose failure stops it: {_listed(words, cut)}."
    if shares:
        said += " Shares: " + ", ".join(f"{words[n]} {share:.0%}" for n, share in shares.items()) + "."
    return said


def _listed(words, names):
    return ", ".join(words[name] for name in names)


def _once(diagram):
    return {block.name: block for block in blocks_of(diagram)}.values()


def _times(diagram, name):
    count = sum(block.name == name for block in blocks_of(diagram))
    return "once" if count == 1 else f"{count} times"
