"""What a year costs under any set of options: samples for one set, the mean for every set at once.

Copies of a group share nothing with the rest of a diagram, nor do the parts of most choices. So each of these
groups is worked out alone and stands in the journeys' diagrams as one part. The diagrams are then the same
whatever is bought, and solved once.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import numpy as np

from faultlab.analysis.systems.system import Component, Journey, Range
from faultlab.analysis.systems.system_ranges import SAMPLES, down_samples, mean_of, sampled
from faultlab.analysis.systems.system_tree import chances
from faultlab.analysis.systems.system_views import HOURS_A_YEAR, mission_hours
from faultlab.errors import BadInput

if TYPE_CHECKING:
    from faultlab.analysis.systems.system import System

MOST_AT_ONE = 12
"""Options that change one part or scenario."""

CHUNK = 1 << 14
"""Sets whose mean is worked out together: so many numbers stay near the processor."""


@dataclass(eq=False)
class Losses:
    """The yearly loss of a system under sets of its options, all under the same random numbers.

    A loss here is the mean over the years that one sample of the ranges allows: the journeys' hours down, by
    what an hour is worth, and the scenarios' mean. `yearly_loss` adds the luck of the single year.

    Parameters
    ----------
    system : System
    samples, seed : int

    Raises
    ------
    BadInput
        Where no journey has a yearly figure.

    Examples
    --------
    >>> from faultlab.analysis.systems import Scenario, System
    >>> shop = System("Shop", "EUR", {"disk": Component("disk", Range.point(0.99))},
    ...               journeys={"buy": Journey("buy", ("disk",), Range.point(1000.0))},
    ...               scenarios={"fire": Scenario("fire", Range.point(0.1), Range.point(5.0), ("buy",))})
    >>> round(float(Losses(shop).of(()).mean()), 6)
    88100.0
    """

    system: System
    samples: int = SAMPLES
    seed: int = 0
    _kept: dict[Any, Any] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self):
        self.journeys = [name for name in self.system.journeys if mission_hours(self.system, name) is None]
        if not self.journeys:
            raise BadInput(
                f"no journey of {self.system.company or 'the system'} has a yearly figure: give its parts an "
                "availability, or an MTBF and an MTTR."
            )
        for option, journey in itertools.product(self.system.options, self.journeys):
            if mission_hours(self.system.with_option(option), journey) is not None:
                raise BadInput(
                    f"option {option!r} gives a part of journey {journey!r} for a mission; a year's loss "
                    "needs an availability, or an MTBF and an MTTR."
                )
        self.behind = {
            name: {name, str(group.of)} for name, group in self.system.groups.items() if not group.among
        }
        self.behind |= self._lone_choices()
        choices = set(self.system.groups) - set(self.behind)
        self.structural = tuple(
            one.name for one in self.system.options.values() if choices & set(one.changes)
        )

    def _lone_choices(self):
        """What stands behind each choice that shares nothing with the rest of a diagram."""
        system = self.system
        needed = [one.needs for room in (system.services, system.journeys) for one in room.values()]
        mentions = Counter(itertools.chain(*needed, *(group.among for group in system.groups.values())))
        found = {}
        for name, group in system.groups.items():
            plain = all(one in system.components or one in self.behind for one in group.among)
            if group.among and plain and all(mentions[one] == 1 for one in group.among):
                behind = {name, *group.among}.union(*(self.behind.get(one, ()) for one in group.among))
                if len(self._changing(behind)) <= MOST_AT_ONE:
                    found[name] = behind
        return found

    def _changing(self, parts):
        return [one.name for one in self.system.options.values() if parts & set(one.changes)]

    def of(self, options: Iterable[str] = ()) -> np.ndarray:
        """Samples of a year's loss with these options."""
        options = tuple(options)
        if ("loss", options) not in self._kept:
            downs = sum(self.down(name, options) * self.worth(name) for name in self.journeys)
            self._kept["loss", options] = HOURS_A_YEAR * downs + self.of_scenarios(options)
        return self._kept["loss", options]

    def of_scenario(self, name: str) -> float:
        """What one scenario costs a year in the mean."""
        return _alone(self, name, ())

    def part_down(self, name: str) -> np.ndarray:
        """Samples of the share of time for which a part is down."""
        return self._unit(name, ())

    def of_scenarios(self, options: Sequence[str] = ()) -> np.ndarray:
        """Samples of what the scenarios cost a year in the mean."""
        total = np.zeros(self.samples)
        for one in self.system.with_options(options).scenarios.values():
            worth = sum(self.worth(name) for name in one.journeys)
            each = mean_of(one.hours) * worth + mean_of(one.lasting_cost)
            total += self.drawn(one.per_year, f"scenario {one.name}.per_year") * each
        return total

    def drawn(self, given: Range, name: str) -> np.ndarray | float:
        """Samples of a number, by its name."""
        return sampled(given, name, self.samples, self.seed)

    def worth(self, journey: str) -> np.ndarray | float:
        """Samples of what an hour of a journey is worth."""
        return self.drawn(self.system.journeys[journey].worth_per_hour, f"journey {journey}.worth_per_hour")

    def cost(self, options: Iterable[str]) -> np.ndarray:
        """Samples of what options cost a year."""
        prices = (self.system.options[name].cost_per_year for name in options)
        return np.zeros(self.samples) + sum(
            self.drawn(price, f"option {name}.cost_per_year")
            for name, price in zip(options, prices, strict=True)
        )

    def down(self, journey: str, options: Iterable[str] = ()) -> np.ndarray:
        """Samples of the share of time for which a journey does not work: those of `down_samples`."""
        options = tuple(options)

        def component(name, tested):
            down = self._unit(name, options)
            return down, 1 - down

        def share(group, key):
            given = getattr(outer.groups[group], key)
            return sampled(given, f"{group}.{key}", self.samples, self.seed, most=1.0)

        outer = self.outer(options)
        return self._down(outer, journey, component, share)

    def means(self) -> np.ndarray:
        """The mean yearly loss of every set of options, by the set as a number whose bits are the options.

        Not a number for sets that make no system: more copies needed than there are.
        Exact where the parts' ranges are independent: a journey's share of time down is then
        linear in that of each part. Where one range stands behind two parts, or behind those that a common
        cause strikes, it comes near.
        """
        names = list(self.system.options)
        found = np.empty(1 << len(names))
        for sets in _chunks(len(found)):
            found[sets] = self._scenario_means(sets, names)
        for journey in self.journeys:
            concerned = set(self.structural).union(*map(self.touching, self.needed(journey)))
            touching = [name for name in names if name in concerned]
            downs = np.empty(1 << len(touching))
            for sets in _chunks(len(downs)):
                downs[sets] = self._down_means(journey, sets, touching)
            for sets in _chunks(len(found)):
                found[sets] += self.mean_worth(journey) * downs[bits(sets, names, touching)]
        return found

    def means_of(self, sets: np.ndarray) -> np.ndarray:
        """The same of some sets only."""
        names = list(self.system.options)
        total = self._scenario_means(sets, names)
        for journey in self.journeys:
            total += self.mean_worth(journey) * self._down_means(journey, sets, names)
        return total

    def mean_worth(self, journey: str) -> float:
        """What a year without a journey costs in the mean."""
        return HOURS_A_YEAR * float(np.mean(self.worth(journey)))

    def _down_means(self, journey, sets, names):
        """A journey's mean share of time down for sets of the options with these names."""

        def component(chosen, name):
            return self.unit_means(name)[bits(chosen, names, self.touching(name))]

        found = np.empty(len(sets))
        kinds = bits(sets, names, self.structural)
        for kind in np.unique(kinds):
            chosen = sets[kinds == kind]
            found[kinds == kind] = self.down_at(
                journey,
                _chosen(int(kind), self.structural),
                partial(component, chosen),
            )
        return found

    def down_at(self, journey: str, structural: Iterable[str], down: Callable[[str], Any]) -> np.ndarray:
        """A journey's share of time down where each part, or group of copies, is down so much.

        Parameters
        ----------
        journey : str
        structural : iterable of str
            Options that change what needs what, of those of `self.structural`.
        down : callable
            From a part's or group's name to its share of time down, an array.
        """
        outer = self.outer(structural)

        def component(name, tested):
            found = down(name)
            return found, 1 - found

        def share(group, key):
            given = getattr(outer.groups[group], key)
            return np.mean(sampled(given, f"{group}.{key}", self.samples, self.seed, most=1.0))

        return self._down(outer, journey, component, share)

    def _scenario_means(self, sets, names):
        total = np.zeros(len(sets))
        for one in self.system.scenarios:
            total += self.scenario_means(one)[bits(sets, names, self.touching(one))]
        return total

    def scenario_means(self, name: str) -> np.ndarray:
        """What a scenario costs a year in the mean, for every set of the options that touch it."""
        if ("scenario", name) not in self._kept:
            own = self.touching(name)
            self._kept["scenario", name] = np.array(
                [_alone(self, name, _chosen(number, own)) for number in range(1 << len(own))]
            )
        return self._kept["scenario", name]

    def _down(self, outer, journey, component, share):
        solved = outer.solved(journey)
        down = solved.probability(chances(outer, solved.tree.events, component, share))[0]
        return down if isinstance(down, np.ndarray) else np.asarray(down)

    def outer(self, options: Iterable[str]) -> System:
        """The system with what shares nothing as one part, by the options that change more than parts."""
        key = ("outer", *(name for name in self.structural if name in options))
        if key not in self._kept:
            bought = self.system.with_options(key[1:])
            parts = bought.components | {name: Component(name, Range.point(0.5)) for name in self.behind}
            choices = {name: group for name, group in bought.groups.items() if name not in self.behind}
            self._kept[key] = replace(bought, components=parts, groups=choices)
        return self._kept[key]

    def touching(self, name: str) -> list[str]:
        """The options that change a part of the diagram, or what stands behind it, or a scenario."""
        if ("touching", name) not in self._kept:
            found = self._changing(self.behind.get(name, {name}))
            if len(found) > MOST_AT_ONE:
                raise BadInput(
                    f"{len(found)} options change {name!r}, and each set of them would be worked out: give "
                    f"the {MOST_AT_ONE} at most that are worth a decision."
                )
            self._kept["touching", name] = found
        return self._kept["touching", name]

    def needed(self, journey: str) -> set[str]:
        """The parts of a journey's diagram."""
        return {name for name in self.outer(()).solved(journey).tree.events if "/" not in name}

    @cached_property
    def parts(self) -> list[str]:
        """The parts of all the diagrams."""
        return sorted(set().union(*map(self.needed, self.journeys)))

    def _unit(self, name, options):
        """Samples of the share of time for which a part of the diagram is down."""
        own = tuple(one for one in self.touching(name) if one in options)
        if ("unit", name, own) not in self._kept:
            bought, behind = self.system.with_options(own), self.behind.get(name, {name})
            alone = replace(
                bought,
                components={one: bought.components[one] for one in behind & set(bought.components)},
                groups={one: bought.groups[one] for one in behind & set(bought.groups)},
                services={},
                journeys={name: Journey(name, (name,), Range.point(0.0))},
            )
            self._kept["unit", name, own] = down_samples(alone, name, self.samples, self.seed)
        return self._kept["unit", name, own]

    def unit_means(self, name: str) -> np.ndarray:
        """The mean share of time for which a part of the diagram is down.

        For every set of the options that touch it; not a number for those that make no group.
        """
        if ("means", name) in self._kept:
            return self._kept["means", name]
        own = self.touching(name)
        found = self._kept["means", name] = np.full(1 << len(own), np.nan)
        for number in range(len(found)):
            bought = self.system.with_options(_chosen(number, own)).groups
            groups = [bought[one] for one in self.behind.get(name, ()) if one in bought]
            if all(group.needs <= group.copies for group in groups):
                found[number] = np.mean(self._unit(name, _chosen(number, own)))
        return found


def _alone(losses, scenario, options):
    """What one scenario costs a year in the mean."""
    one = losses.system.with_options(options).scenarios[scenario]
    worth = sum(np.mean(losses.worth(name)) for name in one.journeys)
    each = mean_of(one.hours) * worth + mean_of(one.lasting_cost)
    return float(np.mean(losses.drawn(one.per_year, f"scenario {scenario}.per_year")) * each)


def _chosen(number, names):
    return tuple(name for i, name in enumerate(names) if number >> i & 1)


def _chunks(number):
    return [np.arange(start, min(start + CHUNK, number)) for start in range(0, number, CHUNK)]


def bits(sets: np.ndarray, names: Sequence[str], wanted: Sequence[str]) -> np.ndarray:
    """The numbers of sets, over `names`, as numbers over fewer names."""
    found = np.zeros(len(sets), dtype=np.int64)
    for i, name in enumerate(wanted):
        if name in names:
            found |= (sets >> names.index(name) & 1) << i
    return found
