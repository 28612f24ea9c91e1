"""Read a system from YAML: safely, and with the line and the remedy where something is wrong."""

import math
from pathlib import Path

import yaml

from faultlab.analysis.system import Component, Group, Journey, Option, Range, Service, System
from faultlab.errors import BadInput
from faultlab.metrics import steady_availability

MOST_BYTES = 1_000_000
MOST_COPIES = 50
FIELDS = ("availability", "mtbf_hours", "mttr_hours", "failures_per_hour", "mission_hours")
ROOMS = ("components", "groups", "services", "journeys", "options")


def read_system(path):
    """Read a system.

    Parameters
    ----------
    path : Path
        A YAML file as `course/kestrel.yaml`, which says in comments what each part means.

    Returns
    -------
    System

    Raises
    ------
    BadInput
        Names the file, the line and the remedy.
    """
    path = Path(path)
    content = path.read_bytes()
    if len(content) > MOST_BYTES:
        raise BadInput(f"{path.name}: a system model has at most 1 MB; this has {len(content):,} bytes.")
    try:
        tree = yaml.compose(content.decode("utf-8-sig"), yaml.SafeLoader)
    except UnicodeDecodeError:
        raise BadInput(f"{path.name}: this is not text in UTF-8; save it as such.") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        raise BadInput(f"{path.name}{where}: this is not YAML; check indentation and quotes.") from None
    except RecursionError:
        raise BadInput(f"{path.name}: this is nested too deeply for a system model.") from None
    return _System(path.name, tree).read()


class _System:
    """One reading of one file; remembers the line of every entry for messages."""

    def __init__(self, file, tree):
        self.file, self.tree = file, tree
        self.line = 1
        self.parts = {}

    def wrong(self, words):
        return BadInput(f"{self.file}, line {self.line}: {words}")

    def read(self):
        top = self.entries(self.tree, "the file", ("company", "currency", *ROOMS))
        rooms = {room: self.room(top, room) for room in ROOMS}
        for room in ("components", "groups", "services"):
            for name, node in rooms[room].items():
                self.line = node.start_mark.line + 1
                if name in self.parts:
                    raise self.wrong(f"{name!r} stands in {self.parts[name]} and in {room}: rename one.")
                self.parts[name] = room
        if not rooms["components"] or not rooms["journeys"]:
            raise self.wrong("a system has `components` and `journeys`; add the one that is missing.")

        components = {n: Component(n, self.availability(n, node)) for n, node in rooms["components"].items()}
        groups = {n: self.group(n, node, components) for n, node in rooms["groups"].items()}
        services = {n: Service(n, self.needs(n, node, ("needs",))) for n, node in rooms["services"].items()}
        stands_on = {n: service.needs for n, service in services.items()}
        stands_on |= {n: group.among for n, group in groups.items() if group.among}
        self.refuse_circles(stands_on, rooms["services"] | rooms["groups"])
        journeys = {n: self.journey(n, node) for n, node in rooms["journeys"].items()}
        options = {n: self.option(n, node, components, groups) for n, node in rooms["options"].items()}
        words = {key: self.text(top[key]) if key in top else "" for key in ("company", "currency")}
        return System(words["company"], words["currency"], components, groups, services, journeys, options)

    def entries(self, node, place, allowed=None):
        """A mapping's values by key; refuses other nodes, doubled keys and keys that mean nothing."""
        if node is not None:
            self.line = node.start_mark.line + 1
        if not isinstance(node, yaml.MappingNode):
            raise self.wrong(f"{place} holds names with values, such as `name: value`.")
        found = {}
        for key, value in node.value:
            self.line = key.start_mark.line + 1
            name = str(key.value)
            if name in found:
                raise self.wrong(f"{name!r} is there twice in {place}: keep one.")
            if allowed and name not in allowed:
                raise self.wrong(f"{place} has no {name!r}. It may have: {', '.join(allowed)}.")
            found[name] = value
        self.line = node.start_mark.line + 1
        return found

    def room(self, top, room):
        return self.entries(top[room], room) if room in top else {}

    def text(self, node):
        self.line = node.start_mark.line + 1
        if not isinstance(node, yaml.ScalarNode):
            raise self.wrong("expected one word or text here.")
        return node.value

    def number(self, node, name, low, high, whole=False):
        self.line = node.start_mark.line + 1
        try:
            value = int(self.text(node)) if whole else float(self.text(node).replace("_", ""))
        except ValueError:
            kind = "a whole number" if whole else "a number"
            raise self.wrong(f"{name} is {kind}, not {node.value!r}.") from None
        if not low <= value <= high:
            raise self.wrong(f"{name} lies between {low:g} and {high:g}, not at {value:g}.")
        return value

    def range(self, node, name, low, high):
        self.line = node.start_mark.line + 1
        if not isinstance(node, yaml.SequenceNode):
            return Range.point(self.number(node, name, low, high))
        if len(node.value) != 3:
            raise self.wrong(f"the range of {name} has three numbers, [low, likely, high].")
        found = Range(*(self.number(item, name, low, high) for item in node.value))
        if not found.low <= found.likely <= found.high:
            raise self.wrong(f"the range of {name} goes upwards: low, likely, high.")
        return found

    def availability(self, name, node):
        """A component's availability: as it stands, MTBF / (MTBF + MTTR), or a mission without failure."""
        fields = self.entries(node, f"component {name!r}", FIELDS)
        if set(fields) == {"availability"}:
            return self.range(fields["availability"], f"the availability of {name!r}", 0, 1)
        if set(fields) == {"failures_per_hour", "mission_hours"}:
            rate = self.range(fields["failures_per_hour"], f"the failure rate of {name!r}", 0, 1e6)
            hours = self.range(fields["mission_hours"], f"the mission of {name!r}", 0, 1e9)
            return Range(
                math.exp(-rate.high * hours.high),
                math.exp(-rate.likely * hours.likely),
                math.exp(-rate.low * hours.low),
            )
        if set(fields) != {"mtbf_hours", "mttr_hours"}:
            raise self.wrong(
                f"component {name!r} has `availability`, or `mtbf_hours` and `mttr_hours`, "
                "or `failures_per_hour` and `mission_hours`."
            )
        mtbf = self.range(fields["mtbf_hours"], f"the MTBF of {name!r}", 1e-6, 1e9)
        mttr = self.range(fields["mttr_hours"], f"the MTTR of {name!r}", 0, 1e9)
        return Range(
            steady_availability(mtbf.low, 60 * mttr.high),
            steady_availability(mtbf.likely, 60 * mttr.likely),
            steady_availability(mtbf.high, 60 * mttr.low),
        )

    def group(self, name, node, components):
        fields = self.entries(node, f"group {name!r}", ("of", "copies", "among", "needs", "shared_cause"))
        choice = "among" in fields
        for key in ("needs",) if choice else ("of", "needs", "copies"):
            if key not in fields:
                raise self.wrong(f"group {name!r} lacks `{key}`.")
        needs = self.number(fields["needs"], f"what {name!r} needs", 1, MOST_COPIES, whole=True)
        if choice:
            if "of" in fields or "copies" in fields or "shared_cause" in fields:
                raise self.wrong(f"group {name!r} has `among` and `needs` only; `of` is for copies.")
            among = self.listed(name, fields["among"], "among")
            self.refuse_excess(name, needs, len(among))
            return Group(name, None, needs, len(among), among=among)
        of = self.text(fields["of"])
        if of not in components:
            raise self.wrong(f"group {name!r} is of {of!r}, which is no component.")
        copies = self.number(fields["copies"], f"the copies of {name!r}", 1, MOST_COPIES, whole=True)
        self.refuse_excess(name, needs, copies)
        shared = fields.get("shared_cause")
        cause = self.range(shared, f"the shared cause of {name!r}", 0, 1) if shared else Range.point(0.0)
        return Group(name, of, needs, copies, cause)

    def refuse_excess(self, name, needs, copies):
        if needs > copies:
            raise self.wrong(f"group {name!r} needs {needs} of {copies} copies: k can't be above n.")

    def needs(self, name, node, allowed):
        fields = self.entries(node, repr(name), allowed)
        return self.listed(name, fields.get("needs"), "needs")

    def listed(self, name, node, key):
        if not isinstance(node, yaml.SequenceNode) or not node.value:
            raise self.wrong(f"{name!r} lists what it stands on: `{key}: [one, other]`.")
        found = []
        for item in node.value:
            part = self.text(item)
            if part not in self.parts:
                raise self.wrong(f"{name!r} needs {part!r}, which is no component, group or service.")
            found.append(part)
        return tuple(found)

    def refuse_circles(self, stands_on, nodes):
        """Refuse a service or choice that needs itself, however far down."""
        state = {}
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
                    self.line = nodes[name].start_mark.line + 1
                    raise self.wrong(f"{part!r} needs itself, by way of {name!r}: break the circle.")
                elif part in stands_on and part not in state:
                    state[part] = "open"
                    path.append((part, iter(stands_on[part])))

    def journey(self, name, node):
        needs = self.needs(name, node, ("needs", "worth_per_hour"))
        worth = self.entries(node, f"journey {name!r}").get("worth_per_hour")
        if worth is None:
            raise self.wrong(f"journey {name!r} lacks `worth_per_hour`.")
        return Journey(name, needs, self.range(worth, f"the worth of {name!r}", 0, 1e12))

    def option(self, name, node, components, groups):
        fields = self.entries(node, f"option {name!r}", ("cost_per_year", "changes"))
        if set(fields) != {"cost_per_year", "changes"}:
            raise self.wrong(f"option {name!r} has `cost_per_year` and `changes`.")
        cost = self.range(fields["cost_per_year"], f"the cost of {name!r}", 0, 1e12)
        changes = {}
        for part, change in self.entries(fields["changes"], f"the changes of {name!r}").items():
            if part in components:
                changes[part] = {"availability": self.changed(part, change)}
            elif part in groups:
                changes[part] = self.changed_group(part, change, groups[part])
            else:
                raise self.wrong(f"option {name!r} changes {part!r}, which is no component or group.")
        return Option(name, cost, changes)

    def changed_group(self, part, change, group):
        """The fields of a group that a change names."""
        allowed = ("needs",) if group.among else ("needs", "copies", "shared_cause")
        inside = self.entries(change, f"the change of {part!r}", allowed)
        if not inside:
            raise self.wrong(f"the change of group {part!r} names one of: {', '.join(allowed)}.")
        found = {}
        for key in ("needs", "copies"):
            if key in inside:
                found[key] = self.number(inside[key], f"{key} of {part!r}", 1, MOST_COPIES, whole=True)
        if "shared_cause" in inside:
            found["shared_cause"] = self.range(inside["shared_cause"], f"the shared cause of {part!r}", 0, 1)
        self.refuse_excess(part, found.get("needs", group.needs), found.get("copies", group.copies))
        return found

    def changed(self, part, change):
        """A component's availability after a change, which may name the MTTR alone."""
        before = self.entries(self.component_node(part), part)
        after = self.entries(change, f"the change of {part!r}", FIELDS)
        if len(after) == 1 and "availability" not in after:
            after = {key: value for key, value in before.items() if key != "availability"} | after
        pairs = [
            (yaml.ScalarNode("tag:yaml.org,2002:str", key, change.start_mark), v) for key, v in after.items()
        ]
        return self.availability(part, yaml.MappingNode(change.tag, pairs, change.start_mark))

    def component_node(self, part):
        rooms = {key.value: value for key, value in self.tree.value}
        return next(value for key, value in rooms["components"].value if key.value == part)
