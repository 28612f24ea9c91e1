"""Modules: gates that share nothing with the rest of the tree, and so can be solved alone.

Dutuit and Rauzy (1996), A linear-time algorithm to find modules of fault trees: number the visits of a
walk; a gate is a module when everything below it is first and last met between the gate's own two visits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from faultlab.analysis.engine.normal_form import NormalForm


def find_modules(form: NormalForm) -> list[int]:
    """Return the numbers of all modules, inner ones before those that contain them.

    Parameters
    ----------
    form : NormalForm

    Returns
    -------
    list of int
        Gates only; the top is the last. Empty where the top is a constant or a variable.
    """
    top = abs(form.top)
    if form.gates[top] is None:
        return []
    first, second, last = {}, {}, {}
    clock, waiting, finished = 0, [(top, False)], []
    while waiting:
        number, leaving = waiting.pop()
        clock += 1
        last[number] = clock
        if leaving:
            second[number] = clock
            finished.append(number)
        elif number not in first:
            first[number] = clock
            if form.gates[number] is None:
                second[number] = clock
            else:
                waiting.append((number, True))
                waiting.extend((abs(one), False) for one in reversed(form.inputs(number)))
    earliest: dict[int, int] = {}
    latest: dict[int, int] = {}
    modules = []
    for number in finished:
        below = [abs(one) for one in form.inputs(number)]
        low = min(min(first[one], earliest.get(one, first[one])) for one in below)
        high = max(max(last[one], latest.get(one, last[one])) for one in below)
        if low > first[number] and high < second[number]:
            modules.append(number)
        earliest[number], latest[number] = low, high
    return modules
