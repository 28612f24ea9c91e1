"""The best of more sets of options than can be compared one by one: branch and bound.

Options that touch the same part or scenario are decided together, a bunch of them at a time. What a bunch can
still save at most is bounded: for each part that it mends, by the most that an hour of this part's downtime
can cost, whatever is done about the rest. A diagram is linear in each part, and worse where a part is. So
that most is the diagram with the part down and all undecided ones at their worst, less the diagram with the
part up and all of them at their best. Under a budget the bounds make a knapsack, whose things may be cut.
"""

from __future__ import annotations

import heapq
import itertools
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from faultlab.analysis.reviews.losses import bits
from faultlab.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Sequence

    from faultlab.analysis.reviews.losses import Losses

SECONDS = 10.0
LARGEST = 10
"""Options in a bunch, and options that are decided before all bunches, at most."""
MOST = 60
"""Options: a set is one number of 64 bits."""

NEAR = 1e-9
"""Of a year's loss: sets that gain so much more are not looked for."""


@dataclass
class Prices:
    """What sets of options may cost and which can be had, by their numbers.

    `likely` is held against the budget, `mean` taken off what is saved; `apart` has the pairs that can't be
    together, `needs` the pairs of an option and one that it requires, all by place.
    """

    likely: np.ndarray
    mean: np.ndarray
    budget: float
    apart: Sequence[tuple[int, int]]
    needs: Sequence[tuple[int, int]]

    def of(self, sets: np.ndarray, prices: np.ndarray) -> np.ndarray:
        """The sum of prices for each set."""
        total = np.zeros(len(sets))
        for one, price in enumerate(prices):
            total += price * (sets >> one & 1)
        return total

    def can_be_had(self, sets: np.ndarray, decided: int = -1) -> np.ndarray:
        """Whether each set can be had, or can still become one that can by what is not decided."""
        found = self.of(sets, self.likely) <= self.budget
        for one, other in self.apart:
            found &= (sets >> one & sets >> other & 1) == 0
        for one, other in self.needs:
            if decided >> other & 1:
                found &= (sets >> one & ~sets >> other & 1) == 0
        return found


@dataclass
class Search:
    """Sets that were looked at, with their mean gains; what no set can gain more than the best of them."""

    sets: np.ndarray
    gains: np.ndarray
    gap: float


@dataclass
class _Bunch:
    """Options that are decided together, their sets, and what each would do."""

    sets: np.ndarray
    likely: np.ndarray
    ours: np.ndarray
    """What the scenarios cost less, less what the options cost."""
    parts: dict[str, np.ndarray] = field(default_factory=dict)
    """The share of time down of each part, by the set."""
    before: dict[str, float] = field(default_factory=dict)
    """The same where none of these options is bought."""


def search(losses: Losses, prices: Prices, seconds: float = SECONDS) -> Search:
    """Return the set of highest mean gain, among others.

    Parameters
    ----------
    losses : Losses
    prices : Prices
    seconds : float
        After these it ends, and tells what is left unproven.

    Raises
    ------
    BadInput
        Where too many options touch each other.
    """
    if len(prices.mean) > MOST:
        raise BadInput(f"{len(prices.mean)} options are too many to compare their sets; give up to {MOST}.")
    end = time.monotonic() + seconds
    first, bunches = _bunches(losses, prices)
    today = float(losses.means_of(np.zeros(1, dtype=np.int64))[0])
    seen: dict[int, float] = {0: 0.0}

    def look(sets):
        """Gains of sets; those that can be had are remembered."""
        gains = today - losses.means_of(sets) - prices.of(sets, prices.mean)
        for one in np.flatnonzero(prices.can_be_had(sets) & ~np.isnan(gains)):
            seen[int(sets[one])] = float(gains[one])
        return gains

    roots = _subsets(first)
    roots = roots[prices.can_be_had(roots, sum(1 << one for one in first))]
    order = itertools.count()
    waiting = [
        (-today, next(order), int(root), 0, float(gain))
        for root, gain in zip(roots, look(roots), strict=True)
    ]
    made: dict[int, list[_Bunch]] = {}
    decided = [sum(1 << one for one in first)]
    for bunch in bunches:
        decided.append(decided[-1] | sum(1 << one for one in bunch))
    best = max(seen.values())
    while waiting and -waiting[0][0] > best + NEAR * today:
        _, _, chosen, depth, gain = waiting[0]
        root = chosen & decided[0]
        if len(made.setdefault(root, [])) < len(bunches):
            made[root].append(_made(losses, prices, root, bunches[len(made[root])]))
        if time.monotonic() > end:
            break
        if len(made[root]) < len(bunches):
            continue
        heapq.heappop(waiting)
        left = made[root][depth:]
        if not left or not all(len(one.sets) for one in left):
            continue
        bounds = _bounds(_most(losses, chosen, left), left)
        tops = [_hull(*one) for one in zip(left, bounds, strict=True)]
        look(np.array([_rounded(tops, chosen, prices)]))
        best = max(seen.values())
        sets = chosen | left[0].sets
        rest = _knapsack(tops[1:], prices.budget - prices.of(sets, prices.likely))
        # A set may make a system only with what is still undecided. Nothing saves more than all.
        hopeful = np.fmin(gain + bounds[0] + rest, today) > best + NEAR * today
        hopeful &= prices.can_be_had(sets, decided[depth + 1])
        sets, gains = sets[hopeful], look(sets[hopeful])
        best = max(seen.values())
        for one, own, top in zip(sets, gains, np.fmin(gains + rest[hopeful], today), strict=True):
            if top > best + NEAR * today:
                heapq.heappush(waiting, (-float(top), next(order), int(one), depth + 1, float(own)))
    look(_neighbours(max(seen, key=lambda one: seen[one]), len(prices.likely)))
    best = max(seen.values())
    gap = max(0.0, -waiting[0][0] - best) if waiting else 0.0
    return Search(np.array([*seen]), np.array([*seen.values()]), gap if gap > NEAR * today else 0.0)


def _bunches(losses, prices):
    """The places of options that are decided first, and bunches of those decided together, dearest first.

    First come options that change what needs what, or parts of which a common cause strikes the best: there a
    diagram is not linear. So do options that would hold too large a bunch together.
    """
    system, names = losses.system, list(losses.system.options)
    choices = [one for name, one in system.groups.items() if name not in losses.behind]
    struck = {member for one in choices if one.shared_cause.high > 0 for member in one.among}
    touched = {
        one: {room for room in (*losses.parts, *system.scenarios) if names[one] in losses.touching(room)}
        for one in range(len(names))
    }
    first = [one for one in touched if names[one] in losses.structural or touched[one] & struck]
    while True:
        bunches: list[set[int]] = []
        for one in touched:
            if one not in first:
                meet = [bunch for bunch in bunches if any(touched[one] & touched[other] for other in bunch)]
                bunches = [bunch for bunch in bunches if bunch not in meet] + [{one}.union(*meet)]
        large = max(bunches, key=len, default=set())
        if len(first) > LARGEST:
            raise BadInput(
                f"{len(names)} options touch each other's parts too much for their sets to be compared here: "
                "give the 20 at most that are worth a decision."
            )
        if len(large) <= LARGEST:
            break
        first.append(max(large, key=lambda one: len(touched[one])))
    dearest = sorted(bunches, key=lambda bunch: -sum(prices.mean[one] for one in bunch))
    return first, [sorted(bunch) for bunch in dearest]


def _subsets(places):
    """Every set of some options, as numbers."""
    found = np.zeros(1, dtype=np.int64)
    for one in places:
        found = np.concatenate([found, found | 1 << one])
    return found


def _made(losses, prices, root, places):
    """A bunch beside the options that were decided first."""
    names = list(losses.system.options)
    sets = _subsets(places)
    sets = sets[prices.can_be_had(root | sets, sum(1 << one for one in places))]
    both = root | sets
    here = {names[one] for one in places}
    ours = -prices.of(sets, prices.mean)
    for room in losses.system.scenarios:
        own = losses.touching(room)
        if here & set(own):
            costs = losses.scenario_means(room)
            ours += costs[bits(np.array([root]), names, own)] - costs[bits(both, names, own)]
    parts, before = {}, {}
    for room in losses.parts:
        own = losses.touching(room)
        if here & set(own):
            downs = losses.unit_means(room)
            parts[room] = downs[bits(both, names, own)]
            before[room] = float(downs[bits(np.array([root]), names, own)][0])
    possible = ~np.isnan(np.sum([*parts.values()], axis=0)) if parts else np.ones(len(sets), dtype=bool)
    return _Bunch(
        sets[possible],
        prices.of(sets, prices.likely)[possible],
        ours[possible],
        {name: downs[possible] for name, downs in parts.items()},
        before,
    )


def _most(losses, chosen, left):
    """What a year of each undecided part's downtime costs at most."""
    names = list(losses.system.options)
    undecided = {name: downs for bunch in left for name, downs in bunch.parts.items()}
    rows = {name: i for i, name in enumerate(undecided)}
    many = len(rows)
    structural = [name for name in losses.structural if chosen >> names.index(name) & 1]
    found = np.zeros(many)
    if not many:
        return {}

    def down(name):
        if name not in undecided:
            return np.full(
                2 * many, losses.unit_means(name)[bits(np.array([chosen]), names, losses.touching(name))]
            )
        values = np.repeat([undecided[name].max(), undecided[name].min()], many)
        values[rows[name]], values[many + rows[name]] = 1.0, 0.0
        return values

    for journey in losses.journeys:
        downs = losses.down_at(journey, structural, down)
        needed = losses.needed(journey)
        concerned = np.array([name in needed for name in rows])
        found += losses.mean_worth(journey) * np.where(concerned, downs[:many] - downs[many:], 0.0)
    return dict(zip(rows, np.maximum(found, 0.0), strict=True))


def _bounds(most, left):
    """What each set of each bunch adds at most to the gain."""
    return [
        sum(
            (most[name] * np.fmax(one.before[name] - downs, 0.0) for name, downs in one.parts.items()),
            one.ours,
        )
        for one in left
    ]


def _hull(bunch, bounds):
    """The sets of a bunch that are worth their price in the bound: (set, price, bound), along a hull."""
    hull: list[tuple[int, float, float]] = []
    for one in np.lexsort((-bounds, bunch.likely)):
        point = (int(bunch.sets[one]), float(bunch.likely[one]), float(bounds[one]))
        if hull and point[2] <= hull[-1][2]:
            continue
        while len(hull) > 1 and (point[2] - hull[-1][2]) * (hull[-1][1] - hull[-2][1]) >= (
            hull[-1][2] - hull[-2][2]
        ) * (point[1] - hull[-1][1]):
            hull.pop()
        hull.append(point)
    return hull


def _steps(hulls):
    """Steps from one set of a bunch to the next, the best for the money first: price, bound, bunch, set."""
    steps = [
        (new[1] - old[1], new[2] - old[2], i, new[0])
        for i, hull in enumerate(hulls)
        for old, new in itertools.pairwise(hull)
    ]
    return sorted(steps, key=lambda step: step[0] / step[1])


def _knapsack(hulls, money):
    """The most that the bunches can add for what money is left."""
    steps = _steps(hulls)
    prices = np.concatenate([[0.0], np.cumsum([step[0] for step in steps])])
    bounds = np.concatenate([[0.0], np.cumsum([step[1] for step in steps])])
    return sum(hull[0][2] for hull in hulls) + np.interp(money, prices, bounds)


def _rounded(hulls, chosen, prices):
    """A set that the bound suggests: its steps, as far as the money goes."""
    taken = [hull[0][0] for hull in hulls]
    for _, _, bunch, new in _steps(hulls):
        kept, taken[bunch] = taken[bunch], new
        number = chosen | sum(taken)
        if not prices.can_be_had(np.array([number]))[0]:
            taken[bunch] = kept
    return chosen | sum(taken)


def _neighbours(best, many):
    """Sets that differ from the best in one option, or in two."""
    flips = [1 << one for one in range(many)]
    return np.array([best ^ one ^ other for one, other in itertools.combinations([0, *flips], 2)])
