"""The facilitator's view of a room, in a notebook."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import anywidget
import traitlets

from faultlab.classroom.learner.catalogue import Catalogue
from faultlab.classroom.learner.record import openings
from faultlab.classroom.learner.room import codes_in, room_facts
from faultlab.views.kit import script

if TYPE_CHECKING:
    from typing import Any


class RoomView(anywidget.AnyWidget):
    """What the browser needs to read a room's codes; it sends nothing back."""

    _esm = script(Path(__file__).parent / "room.js")
    facts: traitlets.Dict[str, Any] = traitlets.Dict().tag(sync=True)
    codes: traitlets.Unicode[str, str | bytes] = traitlets.Unicode().tag(sync=True)

    def __repr__(self):
        return "<The room>"


def room(codes: str | Path | None = None, catalogue: Catalogue | None = None) -> RoomView:
    """A box for the room's codes, and below it what the room bet, answered, tried and played.

    Parameters
    ----------
    codes : str or Path, optional
        A file with the codes, or a folder of such files that a room shares: they are shown at once, and again
        when the cell is run again.
    catalogue : Catalogue, optional

    Raises
    ------
    BadInput
        If no codes can be read there.
    """
    known = catalogue or Catalogue()
    facts = room_facts(known, [one["number"] for one in openings(known.course)])
    return RoomView(facts=facts, codes=codes_in(codes) if codes else "")
