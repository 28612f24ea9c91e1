"""The facilitator's view of a room, in a notebook."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import anywidget
import traitlets

from faultlab.classroom.learner.catalogue import Catalogue
from faultlab.classroom.learner.record import openings
from faultlab.classroom.learner.room import room_facts
from faultlab.views.kit import script

if TYPE_CHECKING:
    from typing import Any


class RoomView(anywidget.AnyWidget):
    """What the browser needs to read a room's codes; it sends nothing back."""

    _esm = script(Path(__file__).parent / "room.js")
    facts: traitlets.Dict[str, Any] = traitlets.Dict().tag(sync=True)

    def __repr__(self):
        return "<The room>"


def room(catalogue: Catalogue | None = None) -> RoomView:
    """A box for the room's resume codes, and below it what the room bet, answered and tried."""
    known = catalogue or Catalogue()
    return RoomView(facts=room_facts(known, [one["number"] for one in openings(known.course)]))
