"""Expressions: numbers worked out from others, from the mission time, and from what is not known for sure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from faultlab.analysis.fault_trees.expression_kinds import KINDS, Kind
from faultlab.errors import BadInput

MISSION = "system-mission-time"


@dataclass(frozen=True)
class Unit:
    """A power of a unit of time.

    Attributes
    ----------
    system : str
        "hours" or "years".
    power : int
        -1 for a rate.
    sure : bool
        Whether a parameter or the mission time says so itself, and nothing without a unit is in it.

    Examples
    --------
    >>> print(Unit("years", -1))
    years-1
    """

    system: str
    power: int
    sure: bool = True

    def __str__(self):
        return self.system + (str(self.power) if self.power != 1 else "")


@dataclass(frozen=True, eq=False)
class Expression:
    """A number, the mission time, or a kind of expression of others; `combined` makes the last.

    Attributes
    ----------
    name : str
        Of its kind, as in Open-PSA; "float" for a number.
    parts : tuple of Expression
    number : float, optional
        Its value, where neither time nor chance is in it.
    kind : Kind, optional
    timed, random : bool
        Whether the mission time is in it, and whether something that is not known for sure is.
    unit : Unit, optional
        None without a unit of time.
    """

    name: str
    parts: tuple[Expression, ...] = ()
    number: float | None = None
    kind: Kind | None = None
    timed: bool = False
    random: bool = False
    unit: Unit | None = None


def constant(value: float) -> Expression:
    """An expression that is a number."""
    return Expression("float", number=float(value))


def mission_time() -> Expression:
    """The expression that is the mission time, in hours."""
    return Expression(MISSION, timed=True, unit=Unit("hours", 1))


def combined(name: str, parts: Sequence[Expression], unit: Unit | None = None) -> Expression:
    """Return the expression of a kind, with what is known already worked out and held against its domain.

    Parameters
    ----------
    name : str
        One of `KINDS`.
    parts : sequence of Expression
    unit : Unit, optional

    Returns
    -------
    Expression

    Raises
    ------
    BadInput
        For a number of parts that the kind has no form for, and for numbers outside its domain.

    Examples
    --------
    >>> combined("exponential", [constant(0.001), mission_time()]).timed
    True
    >>> combined("uniform-deviate", [constant(0.2), constant(0.1)])
    Traceback (most recent call last):
        ...
    faultlab.errors.BadInput: <uniform-deviate> needs a low end below the high one, not 0.2, 0.1.
    """
    parts, forms = tuple(parts), KINDS[name]
    kind = next((one for one in forms if one.least <= len(parts) <= one.most), None)
    if kind is None or (name == "histogram" and len(parts) % 2 == 0):
        counts = " or ".join(
            str(one.least) if one.least == one.most else f"{one.least} or more" for one in forms
        )
        raise BadInput(f"<{name}> has {counts} part{'s' * (counts != '1')}, not {len(parts)}.")
    known = [one.number for one in parts]
    kind.refuse_outside(name, known)
    timed, random = any(one.timed for one in parts), any(one.random for one in parts)
    number = None
    if kind.draw is None and None not in known:
        number = float(_worked_out(name, kind, known))
    return Expression(name, parts, number, kind, timed, random or kind.draw is not None, unit)


def _worked_out(name, kind, numbers, draw=None):
    kind.refuse_outside(name, numbers)
    try:
        with np.errstate(all="ignore"):
            value = kind.value(*numbers) if draw is None else kind.draw(*draw, *numbers)
    except (ArithmeticError, ValueError) as wrong:
        if isinstance(wrong, BadInput):
            raise
        value = math.nan
    if not np.all(np.isfinite(value)):
        shown = ", ".join("draws" if isinstance(one, np.ndarray) else f"{one:.15g}" for one in numbers[:4])
        raise BadInput(f"<{name}> of {shown} can't be worked out or is not finite; check its numbers.")
    return value


class Values:
    """The values of expressions at one time: their means, or with a generator as many draws of each.

    An expression that several others share has one value for all of them, and so the same draws.

    Parameters
    ----------
    hours : float
    rng : numpy.random.Generator, optional
    size : int
    """

    def __init__(self, hours: float, rng: np.random.Generator | None = None, size: int = 0) -> None:
        self.hours = hours
        self.rng, self.size = rng, size
        self.means = self if rng is None else Values(hours)
        self.known: dict[Expression, Any] = {}

    def of(self, expression: Expression) -> Any:
        """Return the value of an expression: a number, or an array of draws where it is random."""
        if self.rng is not None and not expression.random:
            return self.means.of(expression)
        waiting = [expression]  # and no recursion, which is deep where parameters stand on each other
        while waiting:
            one = waiting[-1]
            if one in self.known:
                waiting.pop()
                continue
            missing = [part for part in one.parts if part not in self.known]
            if missing and one.number is None:
                waiting += missing
            else:
                self.known[one] = self._value(one)
        return self.known[expression]

    def _value(self, one):
        if one.number is not None:
            return one.number
        if one.name == MISSION:
            return float(self.hours)
        if self.rng is not None and one.kind.draw is not None:
            means = [self.means.of(part) for part in one.parts]
            return _worked_out(one.name, one.kind, means, (self.rng, self.size))
        return _worked_out(one.name, one.kind, [self.known[part] for part in one.parts])


@dataclass(frozen=True)
class Expressed:
    """An event whose probability is an expression; what is not known for sure counts with its mean.

    Parameters
    ----------
    where : str
        Whose probability it is, for messages, as in "basic event 'a'".
    expression : Expression

    Examples
    --------
    >>> life = combined("exponential", [constant(0.001), mission_time()])
    >>> round(Expressed("basic event 'a'", life).at(1000)[0], 6)
    0.632121
    """

    where: str
    expression: Expression
    kept: dict = field(default_factory=dict, compare=False, repr=False)  # Values by hours; of a whole model

    @property
    def timed(self) -> bool:
        """Whether it has a probability only at a time."""
        return self.expression.timed

    @property
    def random(self) -> bool:
        """Whether it can be drawn."""
        return self.expression.random

    def at(self, hours: float) -> tuple[float, float]:
        """The pair (happened, has not) after `hours`."""
        one = self.expression
        if one.timed and hours == math.inf:
            raise BadInput(f"{self.where} depends on the mission time; give the hours.")
        if hours not in self.kept:
            self.kept.clear()  # one time at once: a model has many expressions
            self.kept[hours] = Values(hours)
        values = self.kept[hours]
        try:
            yes = float(values.of(one))
            if not 0 <= yes <= 1:
                raise BadInput(f"a probability is a number from 0 to 1, not {yes!r}.")
            if one.kind is None or one.kind.other is None or one.number is not None:
                return yes, 1 - yes
            return yes, float(one.kind.other(*(values.of(part) for part in one.parts)))
        except BadInput as wrong:
            raise BadInput(f"{self.where}: {wrong}") from None

    def drawn(self, values: Values) -> np.ndarray:
        """Draws of the probability; those outside 0 to 1 count as 0 and as 1.

        Parameters
        ----------
        values : Values
            With a generator.

        Returns
        -------
        array
        """
        try:
            return np.clip(values.of(self.expression), 0.0, 1.0)
        except BadInput as wrong:
            raise BadInput(f"{self.where}: {wrong}") from None
