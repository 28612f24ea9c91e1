"""A fault tree: a top event, the gates under it, and the basic events under those."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from faultlab.analysis.engine.gates import Gate
from faultlab.analysis.fault_trees.event_models import Constant
from faultlab.errors import BadInput

if TYPE_CHECKING:
    from faultlab.analysis.fault_trees.common_cause import CommonCause


@dataclass(frozen=True)
class FaultTree:
    """What has to go wrong for the top event to happen.

    Parameters
    ----------
    top : str
        The gate whose probability is asked for.
    gates : dict
        From a gate's name to its `Gate`.
    events : dict
        From a basic event's name to a model (`Constant`, `Exponential`, ...), or a probability.
    house : dict, optional
        From a house event's name to True or False: what is taken as given.
    common_causes : tuple, optional
        Groups of events that may happen from one cause (`CommonCause`).
    remarks : tuple of str, optional
        What the reader of a file decided or left out; no part of the tree.

    Raises
    ------
    BadInput
        If a name is not defined or defined twice, or a gate stands under itself.

    Examples
    --------
    >>> from faultlab.analysis.engine import AND, OR
    >>> tree = FaultTree("dark", {"dark": OR("grid", AND("fuse", "lamp"))},
    ...                  {"grid": 0.1, "fuse": 0.5, "lamp": 0.5})
    >>> tree.events["grid"]
    Constant(probability=0.1)
    """

    top: str
    gates: dict[str, Any]
    events: dict[str, Any]
    house: dict[str, bool] = field(default_factory=dict)
    common_causes: tuple[CommonCause, ...] = ()
    remarks: tuple[str, ...] = field(default=(), compare=False)

    def __post_init__(self):
        models = {}
        for name, model in self.events.items():
            try:
                models[name] = Constant(model) if isinstance(model, (int, float)) else model
            except BadInput as wrong:
                raise BadInput(f"Basic event {name!r}: {wrong}") from None
        object.__setattr__(self, "events", models)
        for name in self.gates:
            if name in self.events or name in self.house:
                raise BadInput(f"{name!r} is a gate and an event; give each a name of its own.")
        for name in self.house:
            if name in self.events:
                raise BadInput(f"{name!r} is a basic event and a house event; keep one of the two.")
        if self.top not in self.gates:
            raise BadInput(f"The top event {self.top!r} is not among the gates; define it or name another.")
        for group in self.common_causes:
            for member in group.members:
                if member not in self.events:
                    raise BadInput(f"Common cause group {group.name!r} names {member!r}, which is no event.")
        below = {gate: self.names_under(gate) for gate in self.gates}
        self._refuse_undefined(below)
        self._refuse_cycles(below)

    def names_under(self, gate: str) -> list[str]:
        """The names that a gate mentions, those inside nested gates too, in their order."""
        found, waiting = [], [self.gates[gate]]
        while waiting:
            item = waiting.pop()
            if isinstance(item, Gate):
                waiting.extend(reversed(item.inputs))
            else:
                found.append(item)
        return found

    def roots(self) -> tuple[str, ...]:
        """The gates that stand under no other gate, in their order."""
        used = {name for gate in self.gates for name in self.names_under(gate)}
        return tuple(name for name in self.gates if name not in used)

    def events_under_top(self) -> tuple[str, ...]:
        """The names of the basic events that the top mentions, itself or through others, in their order."""
        met, waiting = {self.top: None}, [self.top]
        while waiting:
            fresh = [name for name in self.names_under(waiting.pop()) if name not in met]
            met |= dict.fromkeys(fresh)
            waiting += [name for name in dict.fromkeys(fresh) if name in self.gates]
        return tuple(name for name in met if name in self.events)

    def _refuse_undefined(self, below):
        for gate, names in below.items():
            for name in names:
                if name not in self.gates and name not in self.events and name not in self.house:
                    raise BadInput(
                        f"Gate {gate!r} names {name!r}, which is not defined; define or remove it."
                    )

    def _refuse_cycles(self, below):
        entered: dict[str, bool | None] = {}
        left = set()
        for start in self.gates:
            waiting = [(start, False)]
            while waiting:
                name, leaving = waiting.pop()
                if leaving:
                    left.add(name)
                    del entered[name]
                elif name in entered:
                    path = list(entered)
                    circle = [*path[path.index(name) :], name]
                    raise BadInput(f"Gates go in a circle: {_shortened(circle)}; break it.")
                elif name not in left:
                    entered[name] = True
                    waiting.append((name, True))
                    waiting.extend((one, False) for one in reversed(below[name]) if one in self.gates)


def _shortened(names):
    shown = names if len(names) <= 8 else [*names[:4], "...", *names[-3:]]
    return " > ".join(shown)
