"""What a year costs under any set of options: samples for one set, the mean for every set at once.

Copies of a group share nothing with the rest of a diagram. So each group of copies is worked out alone and
stands in the journeys' diagrams as one part, which are then the same whatever is bought, and solved once.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from faultlab.analysis.systems.system import Component, Journey, Range
from faultlab.analysis.systems.system_ranges import SAMPLES, down_samples, mean_of, sampled
from faultlab.analysis.systems.system_tree import chances
from faultlab.analysis.systems.system_views import HOURS_A_YEAR, mission_hours
from faultlab.errors import BadInput

if TYPE_CHECKING:
    from faultlab.analysis.systems.system import System

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
        options = self.system.options.values()
        choices = {name for name, group in self.system.groups.items() if group.among}
        self.structural = tuple(one.name for one in options if choices & set(one.changes))

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

        outer = self._outer(options)
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
        for start in range(0, len(found), CHUNK):
            sets = np.arange(start, min(start + CHUNK, len(found)))
            found[start : start + len(sets)] = self._scenario_means(sets, names)
        for journey in self.journeys:
            worth = HOURS_A_YEAR * float(np.mean(self.worth(journey)))
            touching = [name for name in names if self._touches(name, journey)]
            downs = self._down_means(journey, touching)
            for start in range(0, len(found), CHUNK):
                sets = np.arange(start, min(start + CHUNK, len(found)))
                found[start : start + len(sets)] += worth * downs[_bits(sets, names, touching)]
        return found

    def _down_means(self, journey, touching):
        """A journey's mean share of time down for every set of the options that touch it."""
        found = np.empty(1 << len(touching))
        for start in range(0, len(found), CHUNK):
            every = np.arange(start, min(start + CHUNK, len(found)))
            kinds = _bits(every, touching, self.structural)
            for kind in np.unique(kinds):
                sets = every[kinds == kind]
                outer = self._outer(_chosen(int(kind), self.structural))

                def component(name, tested, sets=sets):
                    own = self._touching(name)
                    down = self._unit_means(name)[_bits(sets, touching, own)]
                    return down, 1 - down

                def share(group, key, outer=outer):
                    given = getattr(outer.groups[group], key)
                    return np.mean(sampled(given, f"{group}.{key}", self.samples, self.seed, most=1.0))

                found[sets] = self._down(outer, journey, component, share)
        return found

    def _scenario_means(self, sets, names):
        total = np.zeros(len(sets))
        for one in self.system.scenarios:
            own = [option for option in names if one in self.system.options[option].changes]
            if one not in self._kept:
                self._kept[one] = np.array(
                    [_alone(self, one, _chosen(number, own)) for number in range(1 << len(own))]
                )
            total += self._kept[one][_bits(sets, names, own)]
        return total

    def _down(self, outer, journey, component, share):
        solved = outer.solved(journey)
        down = solved.probability(chances(outer, solved.tree.events, component, share))[0]
        return down if isinstance(down, np.ndarray) else np.asarray(down)

    def _outer(self, options):
        """The system with each group of copies as one part, by the options that change more than parts."""
        key = ("outer", *(name for name in self.structural if name in options))
        if key not in self._kept:
            bought = self.system.with_options(key[1:])
            copies = {name for name, group in bought.groups.items() if not group.among}
            parts = bought.components | {name: Component(name, Range.point(0.5)) for name in copies}
            choices = {name: group for name, group in bought.groups.items() if name not in copies}
            self._kept[key] = replace(bought, components=parts, groups=choices)
        return self._kept[key]

    def _touching(self, name):
        """The options that change a part, or the part that a group has copies of."""
        if ("touching", name) not in self._kept:
            group = self.system.groups.get(name)
            behind = {name} if group is None else {name, group.of}
            options = self.system.options.values()
            self._kept["touching", name] = [one.name for one in options if behind & set(one.changes)]
        return self._kept["touching", name]

    def _touches(self, option, journey):
        events = self._outer(()).fault_tree(journey).events
        return option in self.structural or any(
            option in self._touching(name) for name in events if "/" not in name
        )

    def _unit(self, name, options):
        """Samples of the share of time for which a part, or a group of copies, is down."""
        own = tuple(one for one in self._touching(name) if one in options)
        if ("unit", name, own) not in self._kept:
            bought = self.system.with_options(own)
            group = bought.groups.get(name)
            part = name if group is None else str(group.of)
            alone = replace(
                bought,
                components={part: bought.components[part]},
                groups={} if group is None else {name: group},
                services={},
                journeys={name: Journey(name, (name,), Range.point(0.0))},
            )
            self._kept["unit", name, own] = down_samples(alone, name, self.samples, self.seed)
        return self._kept["unit", name, own]

    def _unit_means(self, name):
        if ("means", name) in self._kept:
            return self._kept["means", name]
        own = self._touching(name)
        found = self._kept["means", name] = np.full(1 << len(own), np.nan)
        for number in range(len(found)):
            group = self.system.with_options(_chosen(number, own)).groups.get(name)
            if group is None or group.needs <= group.copies:
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


def _bits(sets, names, wanted):
    """The numbers of sets, over `names`, as numbers over fewer names."""
    found = np.zeros(len(sets), dtype=np.int64)
    for i, name in enumerate(wanted):
        if name in names:
            found |= (sets >> names.index(name) & 1) << i
    return found
