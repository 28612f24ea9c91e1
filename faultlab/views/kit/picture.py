"""What a drawing function returns: the picture, what it says in words, and its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from faultlab.errors import BadInput


@dataclass(frozen=True)
class Picture:
    """A picture with everything that goes with it, whoever shows it.

    Parameters
    ----------
    svg : str
        The drawing, as one SVG element.
    alt : str
        The picture in words, for those who can't see it.
    sentence : str
        The result in one sentence, for those who won't look at it.
    rows : list of dict
        The numbers behind the picture, a dictionary a row.

    Raises
    ------
    BadInput
        If a part that someone depends on is missing.
    """

    svg: str
    alt: str
    sentence: str
    rows: Sequence[dict] = ()

    def __post_init__(self):
        for part in ("svg", "alt", "sentence"):
            if not str(getattr(self, part)).strip():
                raise BadInput(f"A picture needs its {part}: give {part}=… in words a reader can use.")
