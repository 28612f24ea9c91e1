"""A task whose answer is judged by how well it does: a function that is played on cases nobody has seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from faultlab.classroom.answers.kinds import CORRECT, TRY_AGAIN, Function, Outcome
from faultlab.errors import BadInput

if TYPE_CHECKING:
    from faultlab.classroom.answers.sandbox import Case, Result


_COSTS: dict[tuple[str, str], tuple[float, float]] = {}


@dataclass(frozen=True, kw_only=True)
class Scored(Function):
    """A function that earns the share of the way it goes, from a simple one to the course's own.

    Parameters
    ----------
    drive : callable
        `drive(function, *args)` plays a case and returns its cost: a number, the lower the better.
    baseline : callable
        The simple function, which earns nothing.
    reference : callable
        The course's own, which earns all; so does whatever does better.
    enough : float
        The share of the way that counts as correct.
    measure : str
        What the cost is, such as "EUR" or "% lost".
    """

    baseline: Callable[..., Any]
    enough: float = 0.9
    measure: str = ""

    def __post_init__(self):
        if self.drive is None or not 0 < self.enough <= 1:
            raise BadInput(f"{self.name} needs a drive that gives a cost, and enough from 0 to 1.")

    def judge(self, called: str, cases: Sequence[Case], results: Sequence[Result]) -> Outcome:
        """Compare the costs of every case with those of the simple function and of the course's own."""
        shares, words = [], ""
        for case, result in zip(cases, results, strict=False):
            cost = result.value if result.kind == "returned" else None
            if isinstance(cost, bool) or not isinstance(cost, int | float) or cost != cost:
                words = words or self._failure(called, case, result)
                shares.append(0.0)
                continue
            simple, best = self._costs(case)
            shares.append(min(1.0, max(0.0, (simple - cost) / (simple - best))))
            if shares[-1] == min(shares) and not words.startswith("I called"):
                words = (
                    f"Weakest case, {case.name}: yours {cost:,.4g} {self.measure}, the simple version "
                    f"{simple:,.4g}, ours {best:,.4g}."
                )
        earned = sum(shares) / len(cases)
        way = f"{called} goes {100 * earned:.0f} % of the way from the simple one to ours."
        if earned >= self.enough and len(results) == len(cases):
            return Outcome(CORRECT, f"{way} {words}", earned=1.0)
        wrong = self._recognise(cases, results)
        hint = f" {wrong.hint}" if wrong else ""
        return Outcome(TRY_AGAIN, f"{way} {words}{hint}", wrong.name if wrong else "", earned)

    def _costs(self, case):
        """What the simple function and the course's own cost in a case, worked out once."""
        key = (self.name, repr(case))
        if key not in _COSTS:
            assert self.drive is not None  # as __post_init__ has seen
            _COSTS[key] = (self.drive(self.baseline, *case.args, **case.kwargs), self.expected(case))
        return _COSTS[key]
