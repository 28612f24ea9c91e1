"""What a review adds to a model in YAML: scenarios, objectives, the board's appetite, origins of numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from faultlab.analysis.systems.system import ORIGINS, Appetite, Objectives, Origin, Range, Scenario
from faultlab.analysis.systems.system_ranges import mean_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from faultlab.analysis.systems.system import Journey

HOURS_A_YEAR = 8760
SCENARIO = {
    "per_year": (0, 100),
    "hours": (0, 8760),
    "lasting_cost": (0, 1e15),
    "data_lost_minutes": (0, 1e7),
}
OBJECTIVES = {
    "availability": (0, 1),
    "tolerance_hours": (0, 8760),
    "recovery_hours": (0, 8760),
    "recovery_point_minutes": (0, 1e7),
}
"""Lowest and highest value of each field."""


def scenario_fields(reading: Any, name: str, fields: Mapping[str, yaml.Node]) -> dict[str, Any]:
    """The ranges that an entry, or an option's change of it, names."""
    found = {
        key: reading.nodes.range(node, f"{key} of {name!r}", *SCENARIO[key])
        for key, node in fields.items()
        if key in SCENARIO
    }
    if not found:
        raise reading.wrong(f"the change of scenario {name!r} names one of: {', '.join(SCENARIO)}.")
    return found


def read_scenario(reading: Any, name: str, node: yaml.Node, journeys: Mapping[str, Journey]) -> Scenario:
    """A scenario, which strikes the journeys that it names."""
    fields = reading.with_origin(
        f"scenario {name}", node, f"scenario {name!r}", ("per_year", "hours", "journeys", *SCENARIO)
    )
    for key in ("per_year", "hours", "journeys"):
        if key not in fields:
            raise reading.wrong(
                f"scenario {name!r} lacks `{key}`; it has `per_year`, `hours` and `journeys`."
            )
    found = scenario_fields(reading, name, fields)
    struck = reading.named(name, fields["journeys"], journeys, "journey")
    reading.at(node)
    if not struck and not found.get("lasting_cost", Range.point(0.0)).high:
        raise reading.wrong(
            f"scenario {name!r} stops no journey and costs nothing else: name `journeys`, or give a "
            "`lasting_cost`."
        )
    return Scenario(name=name, journeys=struck, **found)


def refuse_more_than_a_year(
    reading: Any, scenarios: Mapping[str, Scenario], nodes: Mapping[str, yaml.Node]
) -> None:
    """Refuse scenarios that stop a journey for longer, on average, than a year lasts."""
    stopped: dict[str, float] = {}
    for name, one in scenarios.items():
        for journey in one.journeys:
            stopped[journey] = stopped.get(journey, 0.0) + mean_of(one.per_year) * mean_of(one.hours)
            if stopped[journey] > HOURS_A_YEAR:
                reading.at(nodes[name])
                raise reading.wrong(
                    f"with scenario {name!r}, journey {journey!r} stands still for {stopped[journey]:,.0f} "
                    f"hours a year on average, more than a year has: lower `per_year` or `hours`."
                )


def read_objectives(reading: Any, name: str, node: yaml.Node | None) -> Objectives:
    """What is promised of a journey."""
    if node is None:
        return Objectives()
    place = f"the objectives of {name!r}"
    fields = reading.with_origin(f"journey {name}", node, place, tuple(OBJECTIVES))
    return Objectives(
        **{
            key: reading.nodes.number(one, f"{key} in {place}", *OBJECTIVES[key])
            for key, one in fields.items()
        }
    )


def read_appetite(reading: Any, node: yaml.Node) -> Appetite:
    """The loss in a year that the board accepts, and with which chance."""
    fields = reading.nodes.entries(node, "appetite", ("loss", "chance"))
    if set(fields) != {"loss", "chance"}:
        raise reading.wrong("appetite has `loss`, a year's, and `chance`, such as 0.1 for one year in ten.")
    loss = reading.nodes.number(fields["loss"], "the loss of the appetite", 0, 1e15)
    if loss == 0:
        raise reading.wrong("every year costs 0 or more: give the appetite a `loss` above 0.")
    return Appetite(loss, reading.nodes.number(fields["chance"], "the chance of the appetite", 0, 1))


def read_origins(reading: Any, numbers: Iterable[str]) -> dict[str, Origin]:
    """Where numbers come from: an entry's `origin` is one for all its numbers, or one a field."""
    found: dict[str, Origin] = {}
    known = set(numbers)
    for prefix, node, fields in reading.origins:
        said = {}
        if isinstance(node, yaml.MappingNode):
            said = reading.nodes.entries(node, f"the origin of {prefix!r}", (*ORIGINS, *fields))
        if not said or not set(said) <= set(fields):
            said = dict.fromkeys(fields, node)
        # What is nought, or tells how parts are arranged, is no number that anything hangs on.
        found |= {
            f"{prefix}.{key}": _origin(reading, key if one is not node else prefix, one)
            for key, one in said.items()
            if f"{prefix}.{key}" in known
        }
    return found


def _origin(reading, name, node):
    """`judgement`, or with more about it `judgement: who`."""
    if isinstance(node, yaml.MappingNode):
        fields = reading.nodes.entries(node, f"the origin of {name!r}", ORIGINS)
        if len(fields) != 1:
            raise reading.wrong(f"the origin of {name!r} is one of: {', '.join(ORIGINS)}; keep one.")
        kind, source = next(iter(fields.items()))
        return Origin(kind, reading.nodes.text(source))
    kind = reading.nodes.text(node)
    if kind not in ORIGINS:
        raise reading.wrong(
            f"the origin of {name!r} is one of {', '.join(ORIGINS)}, with more about it as in "
            f"`origin: {{measured: incidents.csv}}`; not {kind[:40]!r}."
        )
    return Origin(kind)
