"""How likely a basic event is: a constant, or a life that ends, is repaired, or wears out.

Each model answers `at(hours)` with the pair (probability that the event has happened, probability that
it has not), both to full precision; `timed` says whether it has one only at a time, and `random` whether its
probability is not known for sure. Rausand and Hoyland (2004), System Reliability Theory, chapters 2
and 9.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from faultlab.errors import BadInput


def _positive(**fields):
    for name, value in fields.items():
        if not (isinstance(value, (int, float)) and math.isfinite(value) and value > 0):
            raise BadInput(f"{name.replace('_', ' ')} is a number above 0, not {value!r}.")


@dataclass(frozen=True)
class Constant:
    """A probability that does not change with time.

    Examples
    --------
    >>> Constant(0.25).at(1000)
    (0.25, 0.75)
    """

    timed: ClassVar[bool] = False
    random: ClassVar[bool] = False

    probability: float

    def __post_init__(self):
        value = self.probability
        if not (isinstance(value, (int, float)) and 0 <= value <= 1):
            raise BadInput(f"a probability is a number from 0 to 1, not {value!r}.")

    def at(self, hours: float) -> tuple[float, float]:
        """The pair (happened, has not); `hours` does not matter."""
        return self.probability, 1 - self.probability


@dataclass(frozen=True)
class Exponential:
    """A failure that is not repaired, at a constant rate.

    Examples
    --------
    >>> round(Exponential(0.001).at(1000)[0], 6)
    0.632121
    """

    timed: ClassVar[bool] = True
    random: ClassVar[bool] = False

    failures_per_hour: float

    def __post_init__(self):
        _positive(failures_per_hour=self.failures_per_hour)

    def at(self, hours: float) -> tuple[float, float]:
        """The pair (has failed, has not) after `hours`."""
        exponent = -self.failures_per_hour * hours
        return -math.expm1(exponent), math.exp(exponent)


@dataclass(frozen=True)
class Repairable:
    """A part that fails and is repaired, both at constant rates; it starts working.

    Examples
    --------
    >>> Repairable(mtbf_hours=999, mttr_hours=1).at(math.inf)
    (0.001, 0.999)
    """

    timed: ClassVar[bool] = False
    random: ClassVar[bool] = False

    mtbf_hours: float
    mttr_hours: float

    def __post_init__(self):
        _positive(mtbf_hours=self.mtbf_hours, mttr_hours=self.mttr_hours)

    def at(self, hours: float) -> tuple[float, float]:
        """The pair (is down, is up) after `hours`; `math.inf` for the long run."""
        both = self.mtbf_hours + self.mttr_hours
        settled = -math.expm1(-hours * (1 / self.mtbf_hours + 1 / self.mttr_hours))
        down = self.mttr_hours / both * settled
        # Written so that no digit of a small value is lost: up = 1 - down.
        up = self.mtbf_hours / both * settled + (1 - settled)
        return down, up


@dataclass(frozen=True)
class Weibull:
    """A failure that is not repaired, at a rate that falls (shape below 1) or grows (above 1).

    Examples
    --------
    >>> Weibull(scale_hours=1000, shape=1).at(1000) == Exponential(0.001).at(1000)
    True
    """

    timed: ClassVar[bool] = True
    random: ClassVar[bool] = False

    scale_hours: float
    shape: float

    def __post_init__(self):
        _positive(scale_hours=self.scale_hours, shape=self.shape)

    def at(self, hours: float) -> tuple[float, float]:
        """The pair (has failed, has not) after `hours`."""
        exponent = -((hours / self.scale_hours) ** self.shape)
        return -math.expm1(exponent), math.exp(exponent)


@dataclass(frozen=True)
class Unstated:
    """An event whose probability nobody has given: it has its place in cut sets, and no number.

    Parameters
    ----------
    where : str
        For messages, as in "basic event 'a'".
    """

    where: str
    timed: ClassVar[bool] = False
    random: ClassVar[bool] = False

    def at(self, hours: float) -> None:
        """Refused."""
        raise BadInput(f"{self.where} has no probability; give it one.")
