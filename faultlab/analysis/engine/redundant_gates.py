"""Leave out of a normal form what the rest of the tree has settled already.

The inputs of an AND are looked at one after the other: the second matters only where the first is true, so
under the second, whatever the first needs in order to be true is known. What every path from the top down to
a gate makes known is known at the gate, and an input that is known is a constant: x AND f(x) becomes
x AND f(true). ORs are negated ANDs, so absorption is a case of it. Niemela (1997), On simplification of large
fault trees, has the idea for coherent trees.

A set of known facts is kept as the bits of one number: for each node that is used more than once, one bit for
"it is true" and one for "it is false".
"""

from __future__ import annotations

from faultlab.analysis.engine.normal_form import FALSE, TRUE, NormalForm, merged, reached

ROUNDS = 10
# With more bits than this for all gates together, the tree is left as it is.
MOST_BITS = 1_000_000_000


def without_redundancy(form: NormalForm) -> NormalForm:
    """Return the normal form of an equivalent tree that has no more gates, and usually fewer.

    Parameters
    ----------
    form : NormalForm

    Returns
    -------
    NormalForm
    """
    for _ in range(ROUNDS):
        following = _once(form)
        if following is None:
            break
        form = merged(following)
    return form


def _once(form):
    """One pass from the top down and one up; None where it finds nothing to leave out."""
    numbers, uses = reached(form)
    # Only what is used twice can be known from one place and asked in another.
    shared = [one for one in numbers if uses[one] > 1 and one > 1]
    if not shared or len(shared) * len(numbers) > MOST_BITS:
        return None
    bit = dict.fromkeys(numbers, 0) | {-one: 0 for one in numbers}
    for i, one in enumerate(shared):
        bit[one], bit[-one] = 1 << 2 * i, 2 << 2 * i
    # What is known wherever a node is true, or false, and how much lies below it.
    follows = dict(bit)
    size: dict[int, int] = {}
    for number in numbers:
        gate, total = form.gates[number], 1
        if gate:
            for one in gate[-1]:
                total += size[abs(one)]
            if gate[0] == "and":
                for one in gate[-1]:
                    follows[number] |= follows[one]
        size[number] = total
    known, order = _known_at(form, numbers, size, follows)
    found = NormalForm()
    new, changed = {TRUE: TRUE}, False
    for number in numbers:
        gate, here = form.gates[number], known[number]
        if here & (bit[number] | bit[-number]) and number > 1:
            new[number], changed = TRUE if here & bit[number] else FALSE, True
        elif gate is None:
            if number > 1:
                new[number] = found.variable(form.names[number])
        else:
            inputs = {}
            for one in order[number]:
                if here & (bit[one] | bit[-one]):
                    inputs[one], changed = TRUE if here & bit[one] else FALSE, True
                else:
                    inputs[one] = new[one] if one > 0 else -new[-one]
                if gate[0] == "and":
                    here |= follows[one]
            # As written, for the walks that follow the writer's order.
            written = [inputs[one] for one in gate[-1]]
            if gate[0] == "and":
                new[number] = found.both(written)
            elif gate[0] == "xor":
                new[number] = found.one_of_two(*written)
            else:
                new[number] = found.at_least(gate[1], written)
    found.top = new[form.top] if form.top > 0 else -new[-form.top]
    return found if changed else None


def _known_at(form, numbers, size, follows):
    """Return what every path from the top to a node makes known, and the order in which gates take inputs."""
    known, order = {abs(form.top): 0}, {}
    for number in reversed(numbers):
        gate, here = form.gates[number], known[number]
        if gate is None:
            continue
        ordered = sorted(gate[-1], key=lambda one: size[abs(one)]) if gate[0] == "and" else gate[-1]
        order[number] = ordered
        for one in ordered:
            below = abs(one)
            known[below] = known[below] & here if below in known else here
            if gate[0] == "and":
                here |= follows[one]
    return known, order
