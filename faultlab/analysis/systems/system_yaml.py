"""Read a system from YAML: safely, and with the line and the remedy where something is wrong."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from faultlab.analysis.systems.component_lives import FORMS
from faultlab.analysis.systems.review_yaml import (
    SCENARIO,
    read_appetite,
    read_objectives,
    read_origins,
    read_scenario,
    refuse_more_than_a_year,
    scenario_fields,
)
from faultlab.analysis.systems.system import Component, Group, Journey, Option, Range, Service, System
from faultlab.analysis.systems.yaml_nodes import YamlNodes, is_empty

MOST_BYTES = 500_000
MOST_COPIES = 50
ROOMS = ("components", "groups", "services", "journeys", "options", "scenarios")
MOST_ENTRIES = {
    "components": 2000,
    "groups": 500,
    "services": 2000,
    "journeys": 100,
    "options": 100,
    "scenarios": 100,
}
SPARES = ("switch_over_fails", "tested_every_hours")
LIMITS = {
    "availability": (0, 1),
    "mtbf_hours": (1e-6, 1e9),
    "mttr_hours": (0, 1e9),
    "failures_per_hour": (0, 1e6),
    "mission_hours": (0, 1e9),
    "scale_hours": (1e-6, 1e9),
    "shape": (0.1, 20),
}
"""Lowest and highest value of each field of a component."""


def read_system(path: str | Path) -> System:
    """Read a system.

    Parameters
    ----------
    path : str or Path
        A YAML file as `course/kestrel.yaml`, which says in comments what each part means.

    Returns
    -------
    System

    Raises
    ------
    BadInput
        Names the file, the line and the remedy.
    """
    return _Reading(YamlNodes(Path(path), MOST_BYTES)).system()


class _Reading:
    """One reading of one file."""

    def __init__(self, nodes):
        self.nodes = nodes
        self.wrong = nodes.wrong
        self.parts = {}
        self.lives = {}
        self.origins = []

    def at(self, node):
        """Take messages from here on as about this node."""
        self.nodes.line = node.start_mark.line + 1

    def system(self):
        top = self.nodes.entries(self.nodes.root, "the file", ("company", "currency", "appetite", *ROOMS))
        rooms = {
            room: {} if is_empty(top.get(room)) else self.nodes.entries(top[room], room) for room in ROOMS
        }
        for room, entries in rooms.items():
            if len(entries) > MOST_ENTRIES[room]:
                self.at(top[room])
                raise self.wrong(
                    f"{room} has {len(entries):,} entries; a model here has up to {MOST_ENTRIES[room]:,}: "
                    "leave out what no decision hangs on."
                )
        for room in ("components", "groups", "services", "scenarios"):
            for name, node in rooms[room].items():
                self.at(node)
                if name in self.parts:
                    raise self.wrong(f"{name!r} stands in {self.parts[name]} and in {room}: rename one.")
                if not name or "/" in name or name.endswith(" fails"):
                    raise self.wrong(
                        f"{name!r} can't be a name: no '/' in it, no ' fails' at its end; rename it."
                    )
                self.parts[name] = room
        if not rooms["components"] or not rooms["journeys"]:
            raise self.wrong("a system has `components` and `journeys`; add the one that is missing.")

        components = {name: self.component(name, node) for name, node in rooms["components"].items()}
        groups = {name: self.group(name, node) for name, node in rooms["groups"].items()}
        self.refuse_more_than_all(groups, rooms["groups"])
        services = {
            name: Service(name, self.needs(name, node, ("needs",)))
            for name, node in rooms["services"].items()
        }
        stands_on = {name: service.needs for name, service in services.items()}
        stands_on |= {name: group.among for name, group in groups.items() if group.among}
        self.refuse_circles(stands_on, rooms["services"] | rooms["groups"])
        journeys = {name: self.journey(name, node) for name, node in rooms["journeys"].items()}
        scenarios = {
            name: read_scenario(self, name, node, journeys) for name, node in rooms["scenarios"].items()
        }
        refuse_more_than_a_year(self, scenarios, rooms["scenarios"])
        options = {
            name: self.option(name, node, groups, rooms["options"]) for name, node in rooms["options"].items()
        }
        company, currency = (
            self.nodes.text(top[key]) if key in top else "" for key in ("company", "currency")
        )
        found = System(company, currency, components, groups, services, journeys, options, scenarios)
        appetite = read_appetite(self, top["appetite"]) if "appetite" in top else None
        origins = read_origins(self, (*found.numbers(), *found.promises()))
        return replace(found, origins=origins, appetite=appetite)

    def with_origin(self, prefix, node, place, allowed=None):
        """An entry's fields; what it says of their origin is kept under their prefix."""
        fields = self.nodes.entries(node, place, allowed and (*allowed, "origin"))
        if "origin" in fields:
            self.origins.append((prefix, fields.pop("origin"), tuple(fields)))
        return fields

    def component(self, name, node):
        self.lives[name] = self.with_origin(name, node, f"component {name!r}", tuple(LIMITS))
        return Component.of_life(name, **self.life(name, self.lives[name]))

    def life(self, name, fields):
        """What is said of a component, as ranges by field."""
        if set(fields) not in map(set, FORMS):
            forms = ["`" + "` and `".join(form) + "`" for form in FORMS]
            raise self.wrong(f"component {name!r} has {', or '.join(forms)}.")
        return {
            field: self.nodes.range(node, f"{field} of {name!r}", *LIMITS[field])
            for field, node in fields.items()
        }

    def group(self, name, node):
        fields = self.with_origin(
            name,
            node,
            f"group {name!r}",
            ("of", "copies", "among", "needs", "shared_cause", *SPARES),
        )
        choice = "among" in fields
        for key in ("needs",) if choice else ("of", "needs", "copies"):
            if key not in fields:
                raise self.wrong(f"group {name!r} lacks `{key}`.")
        if choice and ("of" in fields or "copies" in fields):
            raise self.wrong(f"group {name!r} is `among` named parts; `of` and `copies` are for copies.")
        if choice and set(SPARES) & set(fields):
            raise self.wrong(f"group {name!r} is `among` named parts; {' and '.join(SPARES)} are for copies.")
        needs = self.whole(fields["needs"], f"what {name!r} needs")
        cause = self.share(name, fields)
        if choice:
            among = self.listed(name, fields["among"], "among")
            self.refuse_excess(name, needs, len(among))
            if len(set(among)) < len(among):
                raise self.wrong(f"group {name!r} names a part twice; for copies write `of` and `copies`.")
            if cause.high > 0 and any(self.parts[member] != "components" for member in among):
                raise self.wrong(
                    f"the common cause of {name!r} strikes components; to groups and services give a "
                    "component that they all need."
                )
            return Group(name, None, needs, len(among), cause, among)
        of = self.nodes.text(fields["of"])
        if self.parts.get(of) != "components":
            raise self.wrong(f"group {name!r} is of {of!r}, which is no component.")
        copies = self.whole(fields["copies"], f"the copies of {name!r}")
        self.refuse_excess(name, needs, copies)
        group = Group(name, of, needs, copies, cause)
        return replace(group, **self.spares(name, fields, of, needs < copies))

    def spares(self, name, fields, of, there_are):
        """What is said of a group's spares: how often they are tested, and which switch-overs fail."""
        found = {}
        if set(SPARES) & set(fields) and not there_are:
            raise self.wrong(f"group {name!r} has no spare that could take over: give it more `copies`.")
        if "switch_over_fails" in fields:
            words = f"the share of switch-overs of {name!r} that fail"
            found["switch_over_fails"] = self.nodes.range(fields["switch_over_fails"], words, 0, 1)
        if "tested_every_hours" in fields:
            if "mttr_hours" not in self.lives[of]:
                self.at(fields["tested_every_hours"])
                raise self.wrong(f"a tested spare has an MTBF and an MTTR; give {of!r} `mttr_hours` as well.")
            words = f"the hours between tests of {name!r}"
            found["tested_every_hours"] = self.nodes.range(fields["tested_every_hours"], words, 1e-3, 1e9)
        return found

    def whole(self, node, words):
        return self.nodes.number(node, words, 1, MOST_COPIES, whole=True)

    def share(self, name, fields):
        if "shared_cause" not in fields:
            return Range.point(0.0)
        return self.nodes.range(fields["shared_cause"], f"the common cause of {name!r}", 0, 1)

    def refuse_excess(self, name, needs, copies):
        if needs > copies:
            raise self.wrong(f"group {name!r} needs {needs} of {copies} copies: k can't be above n.")

    def refuse_more_than_all(self, groups, nodes):
        """Refuse common causes that take more than all of a component's failures together."""
        taken: dict[str, float] = {}
        for name, group in groups.items():
            for member in group.among:
                taken[member] = taken.get(member, 0.0) + group.shared_cause.high
                if taken[member] > 1 + 1e-12:
                    self.at(nodes[name])
                    raise self.wrong(f"common causes take over 100 % of the failures of {member!r}.")

    def needs(self, name, node, allowed):
        fields = self.nodes.entries(node, repr(name), allowed)
        return self.listed(name, fields.get("needs"), "needs")

    def named(self, name, node, known, kind):
        """A list of names, each of them known."""
        if node.id != "sequence":
            raise self.wrong(f"{name!r} lists its {kind}s: `[one, other]`.")
        found = tuple(self.nodes.text(item) for item in node.value)
        for one in found:
            if one not in known:
                raise self.wrong(
                    f"{name!r} names {one!r}, which is no {kind}; there are: {', '.join(known)}."
                )
        return found

    def listed(self, name, node, key):
        # A sequence, told by its form: YAML gives a mapping's entries in pairs.
        if node is None or node.id != "sequence" or not node.value:
            raise self.wrong(f"{name!r} lists what it stands on: `{key}: [one, other]`.")
        found = []
        for item in node.value:
            part = self.nodes.text(item)
            if self.parts.get(part, "scenarios") == "scenarios":
                raise self.wrong(
                    f"{name!r} needs {part!r}, which isn't a component, group or service; define it."
                )
            found.append(part)
        return tuple(found)

    def refuse_circles(self, stands_on, nodes):
        """Refuse a service or choice that needs itself, however far down."""
        state: dict[str, str] = {}
        for start in stands_on:
            path = [] if start in state else [(start, iter(stands_on[start]))]
            state.setdefault(start, "open")
            while path:
                name, parts = path[-1]
                part = next(parts, None)
                if part is None:
                    state[name] = "done"
                    path.pop()
                elif state.get(part) == "open":
                    self.at(nodes[name])
                    raise self.wrong(f"{part!r} needs itself, by way of {name!r}: break the circle.")
                elif part in stands_on and part not in state:
                    state[part] = "open"
                    path.append((part, iter(stands_on[part])))

    def journey(self, name, node):
        needs = self.needs(name, node, ("needs", "worth_per_hour", "objectives", "origin"))
        fields = self.with_origin(f"journey {name}", node, f"journey {name!r}")
        if "worth_per_hour" not in fields:
            raise self.wrong(f"journey {name!r} lacks `worth_per_hour`.")
        worth = self.nodes.range(fields["worth_per_hour"], f"the worth of {name!r}", 0, 1e12)
        return Journey(name, needs, worth, read_objectives(self, name, fields.get("objectives")))

    def option(self, name, node, groups, options):
        allowed = ("cost_per_year", "changes", "requires", "excludes")
        fields = self.with_origin(f"option {name}", node, f"option {name!r}", allowed)
        if not {"cost_per_year", "changes"} <= set(fields):
            raise self.wrong(f"option {name!r} has `cost_per_year` and `changes`.")
        cost = self.nodes.range(fields["cost_per_year"], f"the cost of {name!r}", 0, 1e12)
        changes = {}
        changed = self.nodes.entries(fields["changes"], f"the changes of {name!r}")
        if not changed:
            raise self.wrong(f"option {name!r} changes nothing: name a part and what its figure would be.")
        for part, change in changed.items():
            if part in self.lives:
                life = self.changed_life(part, change)
                changes[part] = {
                    "availability": Component.of_life(part, **life).availability,
                    "life": life,
                }
            elif part in groups:
                changes[part] = self.changed_group(part, change, groups[part])
            elif self.parts.get(part) == "scenarios":
                inside = self.nodes.entries(change, f"the change of {part!r}", tuple(SCENARIO))
                changes[part] = scenario_fields(self, part, inside)
            else:
                raise self.wrong(
                    f"option {name!r} changes {part!r}, which is no component, group or scenario; define it."
                )
        others = {
            key: self.named(name, fields[key], options, "option")
            for key in ("requires", "excludes")
            if key in fields
        }
        if any(name in listed for listed in others.values()):
            raise self.wrong(f"option {name!r} names itself among what it requires or excludes: take it out.")
        return Option(name, cost, changes, **others)

    def changed_group(self, part, change, group):
        """The fields of a group that a change names."""
        allowed = ("needs",) if group.among else ("needs", "copies", *SPARES)
        if not group.among or group.shared_cause.high > 0:
            allowed = (*allowed, "shared_cause")
        inside = self.nodes.entries(change, f"the change of {part!r}", allowed)
        if not inside:
            raise self.wrong(f"the change of group {part!r} names one of: {', '.join(allowed)}.")
        found = {
            key: self.whole(inside[key], f"{key} of {part!r}") for key in ("needs", "copies") if key in inside
        }
        if "shared_cause" in inside:
            found["shared_cause"] = self.share(part, inside)
            if group.among and found["shared_cause"].high > group.shared_cause.high:
                raise self.wrong(f"an option lowers the common cause of {part!r}; it is higher than before.")
        needs, copies = (found.get(key, getattr(group, key)) for key in ("needs", "copies"))
        self.refuse_excess(part, needs, copies)
        if not group.among:
            found |= self.spares(part, inside, group.of, needs < copies)
        return found

    def changed_life(self, part, change):
        """A component's life after a change, which may name the MTTR alone."""
        before = self.lives[part]
        after = self.nodes.entries(change, f"the change of {part!r}", tuple(LIMITS))
        if not after:
            raise self.wrong(f"the change of component {part!r} names one of: {', '.join(before)}.")
        if set(after) == {"availability"} and "mttr_hours" in before:
            after = after | {"mttr_hours": before["mttr_hours"]}
        elif "availability" in before and set(after) not in map(set, FORMS):
            raise self.wrong(f"{part!r} is given by its availability; let the change name that one.")
        elif set(after) < set(before):
            after = before | after
        return self.life(part, after)
