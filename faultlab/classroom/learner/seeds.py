"""A team's own numbers: the same team code draws the same numbers on every machine and Python."""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Iterable
from typing import TypeVar

from faultlab.errors import BadInput

DEFAULT_TEAM = "kestrel"
LONGEST_TEAM = 20
COLOURS, BIRDS = (
    line.split()
    for line in (
        "amber blue coral green indigo olive orange pink red silver white yellow",
        "condor crane cuckoo eagle falcon finch heron jackdaw kingfisher lapwing magpie nightingale "
        "osprey pelican puffin quail raven robin sparrow starling stork swift thrush woodpecker",
    )
)
MOST_TEAMS = len(COLOURS) * len(BIRDS)


def team_code(text: str) -> str:
    """Return a team code as it is stored: lower case, letters, digits and hyphens, at most 20.

    Raises
    ------
    BadInput
        For a code that is empty, too long or has other characters.

    Examples
    --------
    >>> team_code(" Red 7 ")
    'red-7'
    """
    code = re.sub(r"[\s_]+", "-", str(text).strip().lower())
    if not re.fullmatch(r"[a-z0-9-]{1,20}", code):
        raise BadInput(
            f"A team code is 1 to {LONGEST_TEAM} letters, digits or hyphens, such as red-7, not {text!r}."
        )
    return code


def seed_of(*words: str) -> int:
    """Return a whole number that depends on these words only, from SHA-256.

    >>> seed_of("kestrel", "08_metrics") == seed_of("kestrel", "08_metrics")
    True
    """
    return int.from_bytes(hashlib.sha256("\x1f".join(words).encode()).digest()[:8], "big")


def team_codes(count: int, workshop: str = "") -> tuple[str, ...]:
    """Return team codes that can be read aloud: a colour and a bird, no bird twice among the first 24.

    Parameters
    ----------
    count : int
        1 to 288.
    workshop : str
        Another one has other teams; the same one always has the same.

    Raises
    ------
    BadInput
        If there are not so many.

    Examples
    --------
    >>> team_codes(3)
    ('yellow-kingfisher', 'blue-falcon', 'red-condor')
    """
    if not 1 <= count <= MOST_TEAMS:
        raise BadInput(f"There are team codes for 1 to {MOST_TEAMS} teams, not {count}.")
    draw = Draw(seed_of("teams", workshop))
    colours, birds = draw.shuffled(COLOURS), draw.shuffled(BIRDS)
    rounds = ((i + i // len(birds)) % len(colours) for i in range(count))
    return tuple(f"{colours[colour]}-{birds[i % len(birds)]}" for i, colour in enumerate(rounds))


Item = TypeVar("Item")


class Draw:
    """Draws numbers from a seed.

    Only `random.Random.random` is promised to stay the same from one Python to the next, so every
    draw here is made from it.

    Examples
    --------
    >>> draw = Draw(7)
    >>> draw.integer(1, 6) in range(1, 7), draw.choice(["red", "blue"]) in ("red", "blue")
    (True, True)
    """

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed).random

    def fraction(self) -> float:
        """A number from 0 up to, not including, 1."""
        return self._random()

    def integer(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self._random() * (high - low + 1))

    def between(self, low: float, high: float, digits: int | None = None) -> float:
        """A number from low to high, rounded to digits where given."""
        value = low + self._random() * (high - low)
        return value if digits is None else round(value, digits)

    def choice(self, options: Iterable[Item]) -> Item:
        """One of the options."""
        listed = list(options)
        return listed[self.integer(0, len(listed) - 1)]

    def shuffled(self, items: Iterable[Item]) -> list[Item]:
        """The items in a drawn order, as a new list (Fisher and Yates)."""
        order = list(items)
        for i in range(len(order) - 1, 0, -1):
            j = self.integer(0, i)
            order[i], order[j] = order[j], order[i]
        return order

    def sample(self, items: Iterable[Item], count: int) -> list[Item]:
        """Some of the items, none twice."""
        return self.shuffled(items)[:count]


def numbers_draw(team: str, lab: str, stream: str) -> Draw:
    """The draw that belongs to a team, a lab and a stream (a task's name unless tasks share numbers)."""
    return Draw(seed_of(team, lab, stream))
