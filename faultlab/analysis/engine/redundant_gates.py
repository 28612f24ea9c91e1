"""Leave out of a normal form what the rest of the tree has settled already.

The inputs of an AND are looked at one after the other: the second matters only where the first is true, so
whatever makes the first true can be taken as given under the second. What holds on all ways down from the top
to a gate is given there, and an input that is given is a constant: x AND f(x) becomes x AND f(true). ORs are
negated ANDs, so absorption is a case of it. Niemela (1997), On simplification of large fault trees, has the
idea for coherent trees.
"""

from __future__ import annotations

from faultlab.analysis.engine.normal_form import FALSE, TRUE, NormalForm, merged, reached

ROUNDS = 10
# What is given is kept as the bits of one number a gate; above this many bits in all it is left out.
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
    """One pass from the top down and one up; None where nothing is given that is asked again."""
    numbers, uses = reached(form)
    # Only what is used twice can be given in one place and asked in another.
    place = {number: 2 * i for i, number in enumerate(one for one in numbers if uses[one] > 1 and one > 1)}
    if not place or len(place) * len(numbers) > MOST_BITS:
        return None

    def bit(one):
        where = place.get(abs(one))
        return 0 if where is None else 1 << (where + (one < 0))

    def follows(one):
        return implied[one] if one > 0 else bit(one)

    # By gate: what is true where it is. And how much lies below it.
    implied, size = {}, {}
    for number in numbers:
        gate = form.gates[number]
        implied[number], size[number] = bit(number), 1
        for one in form.inputs(number):
            size[number] += size[abs(one)]
            if gate[0] == "and":
                implied[number] |= follows(one)
    given, order = _given(form, numbers, size, follows)
    found = NormalForm()
    new, changed = {TRUE: TRUE}, False
    for number in numbers:
        gate, here = form.gates[number], given[number]
        settled = _settled(bit, here, number)
        if settled is not None and number > 1:
            new[number], changed = settled, True
        elif gate is None:
            if number > 1:
                new[number] = found.variable(form.names[number])
        else:
            inputs = {}
            for one in order[number]:
                settled = _settled(bit, here, one)
                changed = changed or settled is not None
                inputs[one] = (new[one] if one > 0 else -new[-one]) if settled is None else settled
                if gate[0] == "and":
                    here |= follows(one)
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


def _given(form, numbers, size, follows):
    """By number what is given on all ways down to it, and the order in which a gate's inputs are taken."""
    given, order = {abs(form.top): 0}, {}
    for number in reversed(numbers):
        gate, here = form.gates[number], given[number]
        if gate is None:
            continue
        ordered = sorted(gate[-1], key=lambda one: size[abs(one)]) if gate[0] == "and" else gate[-1]
        order[number] = ordered
        for one in ordered:
            below = abs(one)
            given[below] = given[below] & here if below in given else here
            if gate[0] == "and":
                here |= follows(one)
    return given, order


def _settled(bit, here, one):
    if here & bit(one):
        return TRUE
    return FALSE if here & bit(-one) else None
