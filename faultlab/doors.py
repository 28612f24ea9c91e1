"""The door of a floor: the names at the doors of its rooms, a room loaded when it is first asked for one.

So `from faultlab.metrics import mttr` says as much as `from faultlab.metrics.estimates import mttr`, and an
import costs no more than the room that it needs: one in whose door a name isn't written is not loaded for it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any


def door(floor: str, *rooms: str) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Return the functions `__getattr__` and `__dir__` of a floor's module.

    Parameters
    ----------
    floor : str
        Its dotted name.
    *rooms : str
        In the order in which a name is looked for.

    Returns
    -------
    (callable, callable)

    Examples
    --------
    >>> find, names = door("faultlab.metrics", "incidents", "estimates")
    >>> find("mttr").__module__, "mttr" in names()
    ('faultlab.metrics.estimates.estimates', True)
    """

    @cache
    def written(room: str) -> str:
        loader = getattr(find_spec(f"{floor}.{room}"), "loader", None)
        return loader.get_source(f"{floor}.{room}") if loader else ""

    def shown(room: str) -> dict[str, Any]:
        inside = vars(import_module(f"{floor}.{room}"))
        return {
            name: one
            for name, one in inside.items()
            if not name.startswith("_") and not isinstance(one, ModuleType)
        }

    def names() -> list[str]:
        return sorted({name for room in rooms for name in shown(room)})

    def find(name: str) -> Any:
        if name == "__all__":
            return names()
        if not name.startswith("_"):
            for room in rooms:
                if name in written(room) and name in (found := shown(room)):
                    return found[name]
        raise AttributeError(f"module {floor!r} has no attribute {name!r}")

    return find, names
