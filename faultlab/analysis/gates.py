"""Gates: how events combine. A formula is a gate over names and other gates.

Names and meanings are those of IEC 61025 and of the Open-PSA model exchange format.
"""

from dataclasses import dataclass

from faultlab.errors import BadInput

KINDS = ("and", "or", "atleast", "not", "xor", "nand", "nor", "iff", "imply")
INPUTS_NEEDED = {"not": 1, "xor": 2, "iff": 2, "imply": 2}


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
    inputs: tuple
    k: int | None = None

    def __post_init__(self):
        count = len(self.inputs)
        if self.kind not in KINDS:
            raise BadInput(f"There is no gate {self.kind!r}; use one of {', '.join(KINDS)}.")
        if count == 0:
            raise BadInput(f"A gate {self.kind!r} has no inputs; give it at least one.")
        needed = INPUTS_NEEDED.get(self.kind)
        if needed is not None and count != needed:
            raise BadInput(f"A gate {self.kind!r} has {needed} input{'s' * (needed > 1)}, not {count}.")
        if self.kind == "atleast":
            if not isinstance(self.k, int) or isinstance(self.k, bool) or self.k < 1:
                raise BadInput(f"An atleast gate needs k, a whole number from 1, not {self.k!r}.")
            if self.k > count:
                raise BadInput(f"An atleast gate asks for {self.k} of {count} inputs: k can't be above n.")
        elif self.k is not None:
            raise BadInput(f"A gate {self.kind!r} has no k; only atleast has.")


def AND(*inputs):
    """All happen."""
    return Gate("and", inputs)


def OR(*inputs):
    """At least one happens."""
    return Gate("or", inputs)


def AT_LEAST(k, *inputs):
    """At least k happen."""
    return Gate("atleast", inputs, k)


def NOT(one):
    """It does not happen."""
    return Gate("not", (one,))


def XOR(one, other):
    """Exactly one of the two happens."""
    return Gate("xor", (one, other))
