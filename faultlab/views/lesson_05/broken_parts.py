"""A small shop whose blocks can be broken one by one: does a path from in to out remain?"""

from __future__ import annotations

from faultlab.analysis.systems import Block, Parallel, Series, blocks_of, still_works
from faultlab.views.diagrams.block_diagram import block_diagram
from faultlab.views.kit.picture import Picture
from faultlab.views.kit.words import listed

WORKS, FAILED = "works", "failed"
SHOP = Series(
    (
        Block("dns"),
        Parallel((Block("web_1"), Block("web_2"), Block("web_3")), needed=2),
        Parallel((Block("database_1"), Block("database_2"))),
    )
)
BLOCKS = {block.name: block.words for block in blocks_of(SHOP)}
"""By name, what is written on each block."""


def broken(**states: str) -> Picture:
    """The shop with some of its blocks failed; a press on a block breaks or mends it.

    Parameters
    ----------
    **states : str
        By block, "works" or "failed"; a block that is not named works.

    Returns
    -------
    Picture

    Examples
    --------
    >>> broken(web_2="failed", database_1="failed").sentence
    'Web 2 and database 1 have failed, and the shop works: the thick path is left.'
    >>> broken(dns="failed").sentence
    'DNS has failed, and the shop is down: no path is left.'
    """
    failed = [name for name in BLOCKS if states.get(name) == FAILED]
    working = [name for name in BLOCKS if name not in failed]
    is_up = still_works(SHOP, set(working))
    sets = {name: f"{name}:{WORKS if name in failed else FAILED}" for name in BLOCKS}
    drawn = block_diagram(SHOP, path=working if is_up else (), cut=() if is_up else failed, sets=sets)
    rows = tuple({"Block": BLOCKS[name], "Now": FAILED if name in failed else WORKS} for name in BLOCKS)
    if not failed:
        sentence = "All six blocks work, and so does the shop. Press a block to break it."
    else:
        names = listed([BLOCKS[name] for name in failed])
        verb = "has" if len(failed) == 1 else "have"
        left = "the shop works: the thick path is left" if is_up else "the shop is down: no path is left"
        sentence = f"{names[:1].upper()}{names[1:]} {verb} failed, and {left}."
    return Picture(drawn.svg, f"{sentence} {drawn.alt}", sentence, rows)
