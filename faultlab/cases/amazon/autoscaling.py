"""Autoscalers, as pure functions of what they can see: how many servers to want next.

Amazon's target tracking by its documentation (Application Auto Scaling User Guide, "Target tracking scaling
policies"; API reference of `TargetTrackingScalingPolicyConfiguration`), Kubernetes' rule of three with
tolerance (documentation of the Horizontal Pod Autoscaler), a schedule, and a forecast.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from faultlab.design.stores import RateCurve
from faultlab.errors import BadInput, is_whole

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Seen:
    """What an autoscaler sees at the end of a minute.

    Attributes
    ----------
    minute : int
        Minutes since the start; the decision holds from here on.
    wanted : int
        Servers asked for so far, those that still warm up included.
    in_service : int
        Servers that take customers.
    readings : tuple of float or None
        The metric of each minute, oldest first, as far as it has come in; None where none came. For
        utilisation 0.6 is 60 % busy, and it can't go above 1.
    since_out, since_in : float
        Minutes since the last change upwards and downwards; infinite before the first.
    """

    minute: int
    wanted: int
    in_service: int
    readings: tuple[float | None, ...]
    since_out: float = math.inf
    since_in: float = math.inf


def rule_of_three(current: int, metric: float, target: float, tolerance: float = 0.1) -> int:
    """Return how many servers Kubernetes would want: ``ceil(current · metric / target)``.

    Parameters
    ----------
    current : int
        Servers now; 1 or more.
    metric, target : float
        The mean a server has, and should have, in the same unit; 0 or more, and above 0.
    tolerance : float
        Within this of 1, the ratio changes nothing.

    Raises
    ------
    BadInput
        For no server, a negative metric, or a target of 0.

    Examples
    --------
    >>> rule_of_three(4, 90, 60), rule_of_three(10, 52, 50), rule_of_three(10, 56, 50)
    (6, 10, 12)
    """
    if not is_whole(current, 1):
        raise BadInput(f"At least one server is needed: a whole number from 1, not {current!r}.")
    if not 0 <= metric < math.inf:
        raise BadInput(f"A metric is a number from 0, not {metric!r}.")
    if not 0 < target < math.inf or tolerance < 0:
        raise BadInput(
            f"A target is a number above 0 and a tolerance one from 0, not {target!r}, {tolerance!r}."
        )
    if abs(metric / target - 1) <= tolerance:
        return current
    # Without the small term, 10 · 0.66 / 0.6 in binary would be a hair above 11 and round up to 12.
    return max(1, math.ceil(current * metric / target - 1e-9))


@dataclass(frozen=True)
class Fixed:
    """Always the same number of servers: bought before.

    >>> Fixed(12)(Seen(5, 8, 8, (0.9,)))
    12
    """

    servers: int

    def __call__(self, seen):
        """Return the servers to want."""
        return self.servers


@dataclass(frozen=True)
class TargetTracking:
    """Amazon's target tracking: out at once and in proportion, in late and little by little.

    What is documented: it scales out in proportion to the metric as fast as it can, and in more gradually;
    missing data never scale in; a cooldown after scaling in blocks the next one, and scaling out ends it;
    servers that warm up count as there when it scales out. How gradual "gradually" is, and how long a
    metric must be off its target, is not: the three numbers for it are our own choice.

    Attributes
    ----------
    target : float
        Of the metric, above 0.
    cooldown_out, cooldown_in : float
        Minutes.
    out_after, in_after : int
        Readings in a row above the target, or below `in_below` times the target, before it acts.
    in_step : float
        The largest share of servers taken away at a time; at least one server.
    counts_warming : bool
        False forgets what it has just ordered, and orders it again: the eager autoscaler that overshoots.

    Examples
    --------
    >>> track = TargetTracking(target=0.6)
    >>> track(Seen(9, 10, 10, (0.5, 0.9, 0.9, 0.9))), track(Seen(9, 10, 10, (0.9, 0.9, None)))
    (15, 10)
    >>> track(Seen(20, 10, 10, (0.3,) * 15)), track(Seen(20, 10, 10, (0.3,) * 14 + (None,)))
    (9, 10)
    """

    target: float = 0.6
    cooldown_out: float = 0.0
    cooldown_in: float = 5.0
    out_after: int = 3
    in_after: int = 15
    in_below: float = 0.9
    in_step: float = 0.1
    counts_warming: bool = True

    def __post_init__(self):
        _refuse_target(self.target)
        if min(self.cooldown_out, self.cooldown_in) < 0 or min(self.out_after, self.in_after) < 1:
            raise BadInput("Cooldowns are minutes from 0, and it takes 1 or more readings to act.")

    def __call__(self, seen):
        """Return the servers to want."""
        last = seen.readings[-self.out_after :]
        if len(last) == self.out_after and None not in last and min(last) > self.target:
            if seen.since_out < self.cooldown_out:
                return seen.wanted
            needed = rule_of_three(max(1, seen.in_service), last[-1], self.target, tolerance=0.0)
            if self.counts_warming:
                return max(seen.wanted, needed)
            return seen.wanted + max(0, needed - seen.in_service)
        last = seen.readings[-self.in_after :]
        if len(last) < self.in_after or None in last or max(last) >= self.in_below * self.target:
            return seen.wanted
        if min(seen.since_in, seen.since_out) < self.cooldown_in:
            return seen.wanted
        needed = rule_of_three(max(1, seen.in_service), max(last), self.target, tolerance=0.0)
        return min(seen.wanted, max(needed, seen.wanted - max(1, math.floor(self.in_step * seen.wanted))))


@dataclass(frozen=True)
class RuleOfThree:
    """Kubernetes' Horizontal Pod Autoscaler: the rule of three each minute, and a look back before going in.

    `steady_minutes` is its stabilisation window: it scales in to the highest wish of the last minutes (five
    by default). A missing reading changes nothing.

    Examples
    --------
    >>> RuleOfThree(0.5)(Seen(9, 10, 10, (0.75,))), RuleOfThree(0.5)(Seen(9, 10, 10, (0.5, 0.2)))
    (15, 10)
    """

    target: float = 0.6
    tolerance: float = 0.1
    steady_minutes: int = 5

    def __post_init__(self):
        _refuse_target(self.target)

    def __call__(self, seen):
        """Return the servers to want."""
        if not seen.readings or seen.readings[-1] is None:
            return seen.wanted
        window = [reading for reading in seen.readings[-max(1, self.steady_minutes) :] if reading is not None]
        wishes = [
            rule_of_three(max(1, seen.in_service), reading, self.target, self.tolerance) for reading in window
        ]
        if wishes[-1] >= seen.wanted:
            return wishes[-1]
        return min(seen.wanted, max(wishes))


@dataclass(frozen=True)
class Scheduled:
    """So many servers from each given minute on.

    >>> plan = Scheduled(((0, 4), (50, 12), (120, 4)))
    >>> [plan(Seen(minute, 4, 4, ())) for minute in (10, 50, 200)]
    [4, 12, 4]
    """

    plan: tuple[tuple[float, int], ...]

    def __post_init__(self):
        if not self.plan or list(self.plan) != sorted(self.plan) or self.plan[0][0] != 0:
            raise BadInput("A schedule is (minute, servers), minutes rising from 0.")

    def __call__(self, seen):
        """Return the servers to want."""
        return [servers for minute, servers in self.plan if minute <= seen.minute][-1]


@dataclass(frozen=True)
class Predictive:
    """As many servers as a forecast needs within the next minutes.

    Attributes
    ----------
    forecast : RateCurve
        Customers a second, by seconds since the start.
    service : float
        Seconds a customer takes.
    target : float
        Utilisation.
    ahead : float
        Minutes: the warm-up, and a little more.

    Examples
    --------
    >>> sale = RateCurve((0, 1800, 1860, 2460, 2760, 7200), (10, 10, 60, 60, 10, 10))
    >>> early = Predictive(sale, service=0.2, target=0.6, ahead=5)
    >>> [early(Seen(minute, 4, 4, ())) for minute in (10, 26, 35)]
    [4, 20, 20]
    """

    forecast: RateCurve
    service: float
    target: float = 0.6
    ahead: float = 5.0

    def __post_init__(self):
        _refuse_target(self.target)

    def __call__(self, seen):
        """Return the servers to want."""
        now, later = 60.0 * seen.minute, 60.0 * (seen.minute + self.ahead)
        # A curve of straight pieces is highest at an end or at a corner in between.
        times = [now, later, *(time for time in self.forecast.times if now < time < later)]
        highest = max(self.forecast.at(time) for time in times)
        return max(1, math.ceil(highest * self.service / self.target - 1e-9))


@dataclass(frozen=True)
class Largest:
    """Several policies at once: out if any of them says so, in only if all do.

    The largest wish wins, as Amazon documents for target tracking.

    >>> Largest((Fixed(5), Fixed(8)))(Seen(0, 6, 6, ()))
    8
    """

    policies: tuple[Callable[[Seen], int], ...]

    def __post_init__(self):
        if not self.policies:
            raise BadInput("Give one policy or more.")

    def __call__(self, seen):
        """Return the servers to want."""
        return max(policy(seen) for policy in self.policies)


def _refuse_target(target):
    if not 0 < target < math.inf:
        raise BadInput(f"A target is a number above 0, such as 0.6 for 60 % busy, not {target!r}.")
