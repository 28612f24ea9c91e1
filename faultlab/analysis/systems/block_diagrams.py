"""What a reliability block diagram is made of: blocks in series, in parallel, k of n (IEC 61078).

Two blocks of the same name are one and the same block, drawn in two places.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from faultlab.errors import BadInput

ACRONYMS = ("api", "cdn", "dns", "sql", "tls", "vpn")


def spoken(name: str) -> str:
    """A name of the model as it is written for people.

    >>> spoken("order_databases"), spoken("dns")
    ('order databases', 'DNS')
    """
    return " ".join(word.upper() if word in ACRONYMS else word for word in name.split("_"))


@dataclass(frozen=True)
class Block:
    """A part that works or doesn't.

    Parameters
    ----------
    name : str
        Blocks of one name are one part.
    label : str, optional
        What is written on it; the name in words (`spoken`) where it is left out.
    """

    name: str
    label: str = ""

    @property
    def words(self) -> str:
        """What is written on the block."""
        return self.label or spoken(self.name)


@dataclass(frozen=True)
class Series:
    """Works while all its parts work.

    Parameters
    ----------
    parts : tuple
        Of Block, Series and Parallel.
    """

    parts: tuple[Series | Parallel | Block, ...]

    def __post_init__(self):
        _refuse_empty(self)


@dataclass(frozen=True)
class Parallel:
    """Works while at least `needed` of its parts work: k of n, with one as the plain case.

    Parameters
    ----------
    parts : tuple
        Of Block, Series and Parallel.
    needed : int
    """

    parts: tuple[Series | Parallel | Block, ...]
    needed: int = 1

    def __post_init__(self):
        _refuse_empty(self)
        if not isinstance(self.needed, int) or not 1 <= self.needed <= len(self.parts):
            raise BadInput(f"{self.needed!r} of {len(self.parts)} parts can't be needed: k is from 1 to n.")


def _refuse_empty(part):
    object.__setattr__(part, "parts", tuple(part.parts))
    if not part.parts:
        raise BadInput(f"A {type(part).__name__.lower()} arrangement has no parts; give it at least one.")


def blocks_of(diagram: Series | Parallel | Block) -> list[Block]:
    """Return every block of a diagram in its order, one that stands in two places twice.

    Parameters
    ----------
    diagram : Block, Series or Parallel
    """
    if isinstance(diagram, Block):
        return [diagram]
    return [block for part in diagram.parts for block in blocks_of(part)]


def shared_blocks(diagram: Series | Parallel | Block) -> tuple[str, ...]:
    """Return the names of blocks that stand in more than one place, in their order.

    >>> app, other, data = Block("app"), Block("other"), Block("data")
    >>> shared_blocks(Parallel((Series((app, data)), Series((other, data)))))
    ('data',)
    """
    names = [block.name for block in blocks_of(diagram)]
    return tuple(dict.fromkeys(name for name in names if names.count(name) > 1))


def shared_first(diagram: Series | Parallel | Block) -> Series | Parallel | Block:
    """Return a diagram that works just as long, with what all parallel ways share drawn once, before them.

    (a and b) or (a and c) is a and (b or c). So a block that two regions share is seen to be in series with
    both. Where k of n ways are needed it is the same, as long as each way needs what they share.

    Parameters
    ----------
    diagram : Block, Series or Parallel

    >>> app, other, data = Block("app"), Block("other"), Block("data")
    >>> in_words(shared_first(Parallel((Series((app, data)), Series((other, data))))))
    'Works while data and at least one of (app, other) work.'
    """
    if isinstance(diagram, Block):
        return diagram
    parts = tuple(map(shared_first, diagram.parts))
    if isinstance(diagram, Series):
        return Series(_in_series(parts))
    ways = [_in_series((part,)) for part in parts]
    shared = tuple(part for part in dict.fromkeys(ways[0]) if all(part in way for way in ways))
    rests = [tuple(part for part in way if part not in shared) for way in ways]
    if not shared or len(ways) == 1:
        return replace(diagram, parts=parts)
    if not all(rests):  # a way without a part of its own works while they all do
        own = tuple(_as_one(rest) for rest in rests if rest)
        missing = diagram.needed - (len(rests) - len(own))
        return _as_one((*shared, Parallel(own, missing)) if missing > 0 else shared)
    return Series((*shared, Parallel(tuple(map(_as_one, rests)), diagram.needed)))


def _in_series(parts):
    """Parts that stand one after the other, none of them a series itself."""
    return tuple(one for part in parts for one in (part.parts if isinstance(part, Series) else (part,)))


def _as_one(parts):
    return parts[0] if len(parts) == 1 else Series(parts)


def still_works(diagram: Series | Parallel | Block, working: Collection[str]) -> bool:
    """Return whether a diagram works while just these blocks do.

    Parameters
    ----------
    diagram : Block, Series or Parallel
    working : set of str

    >>> still_works(Parallel((Block("a"), Block("b"), Block("c")), needed=2), {"a", "c"})
    True
    """
    if isinstance(diagram, Block):
        return diagram.name in working
    count = sum(still_works(part, working) for part in diagram.parts)
    return count >= (diagram.needed if isinstance(diagram, Parallel) else len(diagram.parts))


def in_words(diagram: Series | Parallel | Block) -> str:
    """Return when a diagram works, as a sentence.

    >>> in_words(Series((Block("dns"), Parallel((Block("app_1"), Block("app_2"))))))
    'Works while DNS and at least one of (app 1, app 2) work.'
    """
    verb = "works" if isinstance(diagram, Block) else "work"
    return f"Works while {_phrase(diagram)} {verb}."


def _phrase(part, inside=False):
    if isinstance(part, Block):
        return part.words
    if isinstance(part, Series):
        words = " and ".join(_phrase(one) for one in part.parts)
        return f"{words} together" if inside and len(part.parts) > 1 else words
    how_many = "one" if part.needed == 1 else str(part.needed)
    return f"at least {how_many} of ({', '.join(_phrase(one, inside=True) for one in part.parts)})"
