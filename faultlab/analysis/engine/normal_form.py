"""A fault tree in normal form: and, at-least and exclusive-or gates over signed numbers.

Number 1 is true and -1 is false; variables are 2, 3, ...; a minus sign negates. An OR is the negation of
an AND of negations, so that equal parts of a tree become one part whatever gates they were written with.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from faultlab.analysis.engine.gates import KINDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from faultlab.analysis.fault_trees.fault_tree import FaultTree

TRUE, FALSE = 1, -1


class NormalForm:
    """Gates and variables by number, no two alike.

    Attributes
    ----------
    names : list
        The variable's name by its number; None for gates.
    gates : list
        For a gate ("and", inputs), ("xor", (a, b)) or ("atleast", k, inputs), inputs before the gates
        that use them; None for variables.
    top : int
    """

    def __init__(self) -> None:
        self.names: list[str | None] = [None, None]
        self.gates: list[tuple | None] = [None, None]
        self.top = TRUE
        self._known: dict[tuple, int] = {}

    def variable(self, name: str | None) -> int:
        """The number of a variable."""
        return self._number(("variable", name), name, None)

    def both(self, inputs: Sequence[int]) -> int:
        """The conjunction of signed numbers, simplified."""
        kept = set()
        for one in inputs:
            if one == FALSE or -one in kept:
                return FALSE
            if one != TRUE:
                kept.add(one)
        if not kept:
            return TRUE
        if len(kept) == 1:
            return kept.pop()
        ordered = tuple(inputs)
        if len(ordered) > len(kept):  # with constants, or one twice
            ordered = tuple(dict.fromkeys(one for one in ordered if one in kept))
        return self._number(("and", frozenset(kept)), None, ("and", ordered))

    def either(self, inputs: Sequence[int]) -> int:
        """The disjunction of signed numbers."""
        return -self.both([-one for one in inputs])

    def one_of_two(self, a: int, b: int) -> int:
        """Exclusive or."""
        sign = 1
        if a < 0:
            a, sign = -a, -sign
        if b < 0:
            b, sign = -b, -sign
        if a == b:
            return -sign
        if a == TRUE:
            return -sign * b
        if b == TRUE:
            return -sign * a
        return sign * self._number(("xor", frozenset((a, b))), None, ("xor", (a, b)))

    def at_least(self, k: int, inputs: list[int]) -> int:
        """At least k of the inputs."""
        k -= sum(one == TRUE for one in inputs)
        inputs = [one for one in inputs if abs(one) != TRUE]
        if k <= 0:
            return TRUE
        if k > len(inputs):
            return FALSE
        if k == 1:
            return self.either(inputs)
        if k == len(inputs):
            return self.both(inputs)
        counted = frozenset(Counter(inputs).items())
        return self._number(("atleast", k, counted), None, ("atleast", k, tuple(inputs)))

    def _number(self, key, name, gate):
        number = self._known.get(key)
        if number is None:
            number = self._known[key] = len(self.gates)
            self.gates.append(gate)
            self.names.append(name)
        return number

    def inputs(self, number: int) -> tuple[int, ...]:
        """The signed inputs of a gate; nothing for a variable."""
        gate = self.gates[number]
        return gate[-1] if gate else ()


def normal_form(tree: FaultTree) -> NormalForm:
    """Return a tree's normal form, simplified.

    House events and constant inputs are worked in, gates with one input vanish, equal gates are one, and
    an AND that only another AND uses is taken into it. `without_redundancy` goes further.

    Parameters
    ----------
    tree : FaultTree
        Without common cause groups (see `with_common_causes`).

    Returns
    -------
    NormalForm
    """
    return merged(_literal(tree))


def _literal(tree):
    form = NormalForm()
    built = {name: TRUE if given else FALSE for name, given in tree.house.items()}
    waiting = [tree.top]
    while waiting:
        item = waiting[-1]
        key = item if isinstance(item, str) else id(item)
        if key in built:
            waiting.pop()
            continue
        gate = tree.gates.get(item) if isinstance(item, str) else item
        if gate is None:
            built[key] = form.variable(item)
            waiting.pop()
            continue
        keys = [one if isinstance(one, str) else id(one) for one in gate.inputs]
        missing = [one for one, known in zip(gate.inputs, keys, strict=True) if known not in built]
        if missing:
            waiting.extend(reversed(missing))
            continue
        waiting.pop()
        built[key] = KINDS[gate.kind].meaning(form, [built[known] for known in keys], gate.k)
    form.top = built[tree.top]
    return form


def reached(form: NormalForm) -> tuple[list[int], dict[int, int]]:
    """The numbers that the top depends on, inputs before users, and how often each is used."""
    uses, waiting = {abs(form.top): 1}, [abs(form.top)]
    while waiting:
        for below in map(abs, form.inputs(waiting.pop())):
            if below in uses:
                uses[below] += 1
            else:
                uses[below] = 1
                waiting.append(below)
    return sorted(uses), uses


def merged(form: NormalForm) -> NormalForm:
    """Rebuild with every AND that only one AND uses, unsigned, taken into it; drop what nothing uses."""
    numbers, uses = reached(form)
    rebuilt, new = NormalForm(), {TRUE: TRUE}

    def moved(one):
        return new[one] if one > 0 else -new[-one]

    for number in numbers:
        gate = form.gates[number]
        if number == TRUE:
            continue
        if gate is None:
            new[number] = rebuilt.variable(form.names[number])
        elif gate[0] == "and":
            inputs = []
            for one in gate[1]:
                other = moved(one)
                if one > 0 and uses[one] == 1 and other > 0 and rebuilt.gates[other]:
                    inside = rebuilt.gates[other]
                    if inside[0] == "and":
                        inputs.extend(inside[1])
                        continue
                inputs.append(other)
            new[number] = rebuilt.both(inputs)
        elif gate[0] == "xor":
            new[number] = rebuilt.one_of_two(*(moved(one) for one in gate[1]))
        else:
            new[number] = rebuilt.at_least(gate[1], [moved(one) for one in gate[2]])
    rebuilt.top = moved(form.top)
    return rebuilt
