"""The loss of a single year as a distribution: what the ranges allow, and the luck of scenarios.

For one sample of the ranges, a year costs the journeys' mean hours down, which is a number, and a compound
Poisson sum for each scenario: each event costs hours x worth + what lasts. The sums are worked out on a grid
in the Fourier domain (with the exponential tilt of Grubel and Hermesmeier 1999, which keeps the grid's end
from wrapping round to its beginning), once with every amount rounded down and once up, which bounds the
answer; then the samples are averaged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from faultlab.analysis.systems.system_ranges import at_scores, share_above

if TYPE_CHECKING:
    from collections.abc import Sequence

    from faultlab.analysis.reviews.losses import Losses
    from faultlab.analysis.systems.system import Range, Scenario

CELLS = 4096
TILT = 20.0 / CELLS
LEVEL = 1.01
"""Worths of an hour are rounded to powers of this, so that few distributions serve all samples."""
ROUNDING = 1e-6
"""More than what floating-point numbers lose by the tilt, undone at the grid's end by a factor e^20."""
BATCHES = 10
NEAR_NOUGHT = 64
"""Cells of the grid: where ordinary years lie below so many, a finer grid is laid under them."""
STUDENT = 2.262
"""The 97.5 % point of Student's t for the nine degrees of freedom of ten batches."""


@dataclass(frozen=True)
class YearlyLoss:
    """How likely a year is that costs so much or more.

    `chance` of `loss`, and `low` and `high`: between these the exact chance lies, by the grid's bounds, the
    samples' error at 95 % and what rounding may lose.
    """

    loss: np.ndarray
    chance: np.ndarray
    low: np.ndarray
    high: np.ndarray

    def chance_of(self, loss: float) -> float:
        """The chance of a year that costs so much or more; beyond the grid, that of its end."""
        return float(np.interp(loss, self.loss, self.chance))

    def bounds(self, loss: float) -> tuple[float, float]:
        """The chances between which the exact one lies."""
        # The chance only falls: it is no lower than at the next edge of the grid, no higher than at the last.
        after = int(np.searchsorted(self.loss, loss))
        before = int(np.searchsorted(self.loss, loss, side="right")) - 1
        low = self.low[after] if after < len(self.low) else 0.0
        return float(low), float(self.high[max(before, 0)])

    def one_in(self, years: float) -> float:
        """What a year costs, or more, once in so many years; 0 where the grid can't tell."""
        found = float(np.interp(-1 / years, -self.chance, self.loss))
        return found if found >= self.loss[1] else 0.0


def yearly_loss(losses: Losses, options: Sequence[str] = (), top: float | None = None) -> YearlyLoss:
    """Return the distribution of a single year's loss.

    Parameters
    ----------
    losses : Losses
    options : sequence of str
        That have been bought.
    top : float, optional
        The largest loss on the grid; the chance of more is told all the same. By default half as much again
        as the dearest of a hundred simulated years.

    Examples
    --------
    A fire of 1,000 once in ten years: no fire, none of the loss.

    >>> from faultlab.analysis.reviews.losses import Losses
    >>> from faultlab.analysis.systems import Component, Journey, Range, Scenario, System
    >>> shop = System("Shop", "EUR", {"disk": Component("disk", Range.point(1.0))},
    ...               journeys={"buy": Journey("buy", ("disk",), Range.point(1000.0))},
    ...               scenarios={"fire": Scenario("fire", Range.point(0.1), Range.point(1.0), ("buy",))})
    >>> round(yearly_loss(Losses(shop)).chance_of(500.0), 6)
    0.095163
    """
    scenarios = list(losses.system.with_options(options).scenarios.values())
    mean = losses.of(options) - losses.of_scenarios(options)
    rates = [
        np.zeros(losses.samples) + losses.drawn(one.per_year, f"scenario {one.name}.per_year")
        for one in scenarios
    ]
    worths = [
        np.zeros(losses.samples) + sum(losses.worth(name) for name in one.journeys) for one in scenarios
    ]
    years = simulated_years(losses, options)
    if top is None:
        top = 1.5 * float(np.quantile(years, 0.99)) or 1.0
    wide = _on_grid(scenarios, mean, rates, worths, top)
    near = 4 * np.quantile(years, (0.5, 0.8, 0.9))
    near = near[(near > 0) & (near < 4 * NEAR_NOUGHT * top / CELLS)]
    # A rare and dear scenario makes wide cells, and the many years without it would fall into the first few.
    return wide if not len(near) else _joined(_on_grid(scenarios, mean, rates, worths, near.max()), wide)


def _joined(fine, wide):
    """A distribution on a fine grid, and beyond its end on a wide one."""
    rest = wide.loss > fine.loss[-1]
    return YearlyLoss(
        loss=np.concatenate([fine.loss, wide.loss[rest]]),
        chance=np.concatenate([fine.chance, np.minimum(wide.chance[rest], fine.chance[-1])]),
        low=np.concatenate([fine.low, np.minimum(wide.low[rest], fine.low[-1])]),
        high=np.concatenate([fine.high, np.minimum(wide.high[rest], fine.high[-1])]),
    )


def _on_grid(scenarios, mean, rates, worths, top):
    """The distribution on a grid that ends at `top`."""
    cell = top / CELLS
    tails = [_Tails.of(one, worth, cell) for one, worth in zip(scenarios, worths, strict=True)]
    bounds, errors = [], []
    for up in (False, True):
        batches = _batches(mean, rates, tails, cell, up)
        bounds.append(batches.mean(axis=0))
        errors.append(STUDENT * batches.std(axis=0, ddof=1) / np.sqrt(BATCHES))
    error = np.maximum(*errors) + ROUNDING
    return YearlyLoss(
        loss=cell * np.arange(CELLS),
        chance=np.clip((bounds[0] + bounds[1]) / 2, 0.0, 1.0),
        low=np.clip(bounds[0] - error, 0.0, 1.0),
        high=np.clip(bounds[1] + error, 0.0, 1.0),
    )


@dataclass(frozen=True)
class _Tails:
    """How a scenario's costs lie beyond each edge of the grid, for every worth of an hour on a fine scale.

    `powers` says where on that scale each sample's worth lies, between two steps of it or on one.
    """

    powers: np.ndarray
    hours: _Amounts
    lasting: _Amounts

    @classmethod
    def of(cls, scenario: Scenario, worth: np.ndarray, cell: float) -> _Tails:
        if np.ptp(worth) == 0:
            powers, amounts = np.zeros(len(worth)), worth[:1]
        else:
            powers = np.log(np.maximum(worth, 1e-9 * worth.max())) / np.log(LEVEL)
            first = np.floor(powers.min())
            amounts = LEVEL ** np.arange(first, np.ceil(powers.max()) + 1)
            powers -= first
        return cls(
            powers,
            _Amounts.of(scenario.hours, amounts, cell),
            _Amounts.of(scenario.lasting_cost, np.ones(1), cell),
        )


def _batches(mean, rates, tails, cell, up):
    """The chance of each loss of the grid or more, from each tenth of the samples."""
    place = np.ceil if up else np.floor
    shifts = np.minimum(place(mean / cell), 4 * CELLS)
    turn = -TILT - 2j * np.pi * np.arange(CELLS // 2 + 1) / CELLS
    levels = [place(one.powers).astype(int) for one in tails]
    severities = [_transform(one.hours.masses(up)) * _transform(one.lasting.masses(up)) - 1 for one in tails]
    found = []
    for batch in np.array_split(np.arange(len(mean)), BATCHES):
        exponent = shifts[batch, None] * turn
        for rate, level, severity in zip(rates, levels, severities, strict=True):
            exponent += rate[batch, None] * severity[level[batch]]
        average = np.exp(exponent, out=exponent).mean(axis=0)
        masses = np.fft.irfft(average, CELLS) * np.exp(TILT * np.arange(CELLS))
        found.append(1 - np.concatenate([[0.0], np.cumsum(masses)[:-1]]))
    return np.array(found)


@dataclass(frozen=True)
class _Amounts:
    """Amounts on the grid, a row each: the chance of more than each edge, or where the only one lies."""

    above: np.ndarray | None
    at: np.ndarray

    @classmethod
    def of(cls, given: Range, worths: np.ndarray, cell: float) -> _Amounts:
        at = given.likely * worths / cell
        if given.low == given.high:
            return cls(None, at)
        return cls(share_above(given, cell * np.arange(CELLS + 1) / np.maximum(worths[:, None], 1e-300)), at)

    def masses(self, up: bool) -> np.ndarray:
        """The chance that an amount falls on each cell; what is beyond is left out."""
        if self.above is None:
            at = np.ceil(self.at - 1e-9) if up else np.floor(self.at + 1e-9)
            return (np.arange(CELLS) == at[:, None]).astype(float)
        above = self.above
        if up:  # what lies within a cell counts as the next edge
            return np.concatenate([1 - above[:, :1], above[:, :-2] - above[:, 1:-1]], axis=1)
        masses = above[:, :-1] - above[:, 1:]
        masses[:, 0] += 1 - above[:, 0]
        return masses


def _transform(masses):
    return np.fft.rfft(masses * np.exp(-TILT * np.arange(CELLS)), axis=1)


def simulated_years(losses: Losses, options: Sequence[str] = (), seed: int = 1, each: int = 1) -> np.ndarray:
    """Return the loss of `each` plain simulated years for every sample of the ranges."""
    rng = np.random.default_rng([losses.seed, seed])
    total = np.repeat(losses.of(options) - losses.of_scenarios(options), each)
    for one in losses.system.with_options(options).scenarios.values():
        total += _simulated(losses, one, rng, each)
    return total


def _simulated(losses: Losses, one: Scenario, rng, each):
    rate = np.zeros(losses.samples) + losses.drawn(one.per_year, f"scenario {one.name}.per_year")
    worth = np.zeros(losses.samples) + sum(losses.worth(name) for name in one.journeys)
    counts = rng.poisson(np.repeat(rate, each))
    number = int(counts.sum())
    costs = np.repeat(np.repeat(worth, each), counts) * _drawn(one.hours, rng, number)
    costs += _drawn(one.lasting_cost, rng, number)
    return np.bincount(np.repeat(np.arange(len(counts)), counts), costs, len(counts))


def _drawn(given, rng, number):
    """Independent draws from a range."""
    if given.low == given.high:
        return np.full(number, given.likely)
    return at_scores(given, rng.standard_normal(number))
