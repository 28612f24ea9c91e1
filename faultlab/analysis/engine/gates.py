"""Gates: how events combine. A formula is a gate over names and other gates.

Names and meanings are those of IEC 61025 and of the Open-PSA model exchange format.
"""

from __future__ import annotations

import numbers
from collections.abc import Callable
from dataclasses import dataclass

from faultlab.errors import BadInput


@dataclass(frozen=True)
class GateKind:
    """What a kind of gate means, in the conjunctions, disjunctions and so on of a `NormalForm`.

    Attributes
    ----------
    meaning : function
        From the normal form, the signed numbers of the inputs, and k, to the gate's signed number.
    inputs : int, optional
        How many it has, if not any number.
    counts : bool
        Whether it has a k.
    """

    meaning: Callable
    inputs: int | None = None
    counts: bool = False


# All that there is to know of a kind: a new one is an entry here.
KINDS = {
    "and": GateKind(lambda form, inputs, k: form.both(inputs)),
    "or": GateKind(lambda form, inputs, k: form.either(inputs)),
    "atleast": GateKind(lambda form, inputs, k: form.at_least(k, inputs), counts=True),
    "not": GateKind(lambda form, inputs, k: -inputs[0], inputs=1),
    "xor": GateKind(lambda form, inputs, k: form.one_of_two(*inputs), inputs=2),
    "nand": GateKind(lambda form, inputs, k: -form.both(inputs)),
    "nor": GateKind(lambda form, inputs, k: -form.either(inputs)),
    "iff": GateKind(lambda form, inputs, k: -form.one_of_two(*inputs), inputs=2),
    "imply": GateKind(lambda form, inputs, k: form.either([-inputs[0], inputs[1]]), inputs=2),
}


@dataclass(frozen=True)
class Gate:
    """What happens when some of its inputs happen.

    Parameters
    ----------
    kind : str
        and, or, atleast (k of n), not, xor, nand, nor, iff (both or neither) or imply.
    inputs : tuple
        Names of events and gates, or gates.
    k : int, optional
        How many inputs an atleast gate needs.

    Examples
    --------
    >>> OR("power", AND("pump a", "pump b")).inputs[1].kind
    'and'
    """

    kind: str
    inputs: tuple[Gate | str, ...]
    k: int | None = None

    def __post_init__(self):
        if not isinstance(self.kind, str) or self.kind not in KINDS:
            raise BadInput(f"There is no gate {self.kind!r}; use one of {', '.join(KINDS)}.")
        if not isinstance(self.inputs, (tuple, list)):
            raise BadInput(f"The inputs of a gate are a tuple of names and gates, not {self.inputs!r}.")
        object.__setattr__(self, "inputs", tuple(self.inputs))
        for one in self.inputs:
            if not isinstance(one, (str, Gate)):
                raise BadInput(f"An input of a gate is a name or a gate, not {one!r}.")
        count, kind = len(self.inputs), KINDS[self.kind]
        if count == 0:
            raise BadInput(f"A gate {self.kind!r} has no inputs; give it at least one.")
        if kind.inputs is not None and count != kind.inputs:
            said = f"{kind.inputs} input{'s' * (kind.inputs > 1)}"
            raise BadInput(f"A gate {self.kind!r} has {said}, not {count}.")
        if kind.counts:
            if not isinstance(self.k, numbers.Integral) or isinstance(self.k, bool) or self.k < 1:
                raise BadInput(f"A gate {self.kind!r} needs k, a whole number from 1, not {self.k!r}.")
            if self.k > count:
                raise BadInput(
                    f"A gate {self.kind!r} asks for {self.k} of {count} inputs: k can't be above n."
                )
        elif self.k is not None:
            raise BadInput(f"A gate {self.kind!r} has no k; only atleast has.")


def AND(*inputs: Gate | str) -> Gate:
    """All happen."""
    return Gate("and", inputs)


def OR(*inputs: Gate | str) -> Gate:
    """At least one happens."""
    return Gate("or", inputs)


def AT_LEAST(k: int, *inputs: Gate | str) -> Gate:
    """At least k happen."""
    return Gate("atleast", inputs, k)


def NOT(one: Gate | str) -> Gate:
    """It does not happen."""
    return Gate("not", (one,))


def XOR(one: Gate | str, other: Gate | str) -> Gate:
    """Exactly one of the two happens."""
    return Gate("xor", (one, other))
