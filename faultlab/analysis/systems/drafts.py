"""A first draft of a system from a file that teams keep anyway: its parts, their copies, and what needs what.

Such a file knows no reliability and no money. Those stand in the draft as wide ranges, marked as assumed, to
be replaced. Read are Docker Compose, manifests of Kubernetes, a catalogue of Backstage and a table in CSV.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from faultlab.analysis.systems.system_yaml import LIMITS, MOST_COPIES, MOST_ENTRIES
from faultlab.analysis.systems.yaml_nodes import LONGEST_TEXT, NOT_SHOWN, instead, remedy
from faultlab.errors import BadInput
from faultlab.input_files import table_records, text_of

MOST_BYTES, MOST_NODES = 5_000_000, 1_000_000
LIFE = {"mtbf_hours": "[200, 1000, 5000]", "mttr_hours": "[0.25, 1, 8]"}
SHARED, SHARED_IF_SPREAD = "[0.02, 0.1, 0.4]", "[0.01, 0.05, 0.2]"
WORTH = "[100, 1000, 10000]"
LONGEST_NAME = LONGEST_TEXT - 30
"""Of a part: what a draft makes of it has a few words more."""
WORKLOADS = ("Deployment", "StatefulSet", "ReplicaSet", "ReplicationController", "DaemonSet", "Pod")
_PLAIN = re.compile(r"[A-Za-z][\w-]*")
_HOST = re.compile(r"(?<![\w.-])[a-z][a-z0-9-]*(?=[:./,;\s\"'@]|$)")
HEADS = {
    "name": ("name", "part", "service", "component"),
    "needs": ("needs", "depends on", "depends_on", "dependencies"),
    "copies": ("copies", "replicas", "instances"),
    "enough": ("enough", "needed", "minimum"),
    **{key: (key, key.replace("_", " ")) for key in LIFE},
    "availability": ("availability",),
}


@dataclass
class Part:
    """What a file says of one part.

    Attributes
    ----------
    name : str
    needs : list of str
        Names of other parts.
    copies : int
    enough : int or None
        How many copies have to work; None where the file doesn't say.
    spread : bool
        Whether the file keeps copies apart.
    figures : dict
        Of a table: numbers by their field.
    """

    name: str
    needs: list[str] = field(default_factory=list)
    copies: int = 1
    enough: int | None = None
    spread: bool = False
    figures: dict[str, str] = field(default_factory=dict)


@dataclass
class Draft:
    """Parts by their names, and what the reader has to know about how they were read.

    Examples
    --------
    >>> draft = Draft("a table", {"web": Part("web", ["db"], copies=2), "db": Part("db")})
    >>> draft.journeys()
    ['web']
    >>> print(draft.as_yaml("Shop").splitlines()[-1])
      web: {needs: [web and what it needs], worth_per_hour: [100, 1000, 10000], origin: assumed}
    """

    kind: str
    parts: dict[str, Part] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)

    def journeys(self) -> list[str]:
        """The parts that no other needs: customers meet these."""
        needed = {name for part in self.parts.values() for name in part.needs}
        return [name for name in self.parts if name not in needed]

    def as_yaml(self, company: str) -> str:
        """The system as `read_system` takes it."""
        rooms: dict[str, list[str]] = {"components": [], "groups": [], "services": [], "journeys": []}
        for name, part in self.parts.items():
            life = part.figures or LIFE
            figures = ", ".join(f"{key}: {value}" for key, value in life.items())
            of = self._made(name, "copy") if part.copies > 1 else name
            rooms["components"].append(f"{_quoted(of)}: {{{figures}, origin: assumed}}")
            if part.copies > 1:
                needs = part.copies - 1 if part.enough is None else part.enough
                shared = SHARED_IF_SPREAD if part.spread else SHARED
                said = f"{{of: {_quoted(of)}, needs: {needs}, copies: {part.copies}, shared_cause: {shared}"
                rooms["groups"].append(f"{_quoted(name)}: {said}, origin: assumed}}")
            if part.needs:
                needed = ", ".join(_quoted(one) for one in [name, *map(self._whole, part.needs)])
                rooms["services"].append(f"{_quoted(self._whole(name))}: {{needs: [{needed}]}}")
        for name in self.journeys():
            said = f"{{needs: [{_quoted(self._whole(name))}], worth_per_hour: {WORTH}, origin: assumed}}"
            rooms["journeys"].append(f"{_quoted(name)}: {said}")
        lines = [
            f"# Drafted from {self.kind}: which parts there are, how many copies, what needs what.",
            "# Every figure is assumed, a wide range [low, likely, high]: replace it by what you measured.",
            "# What you promise of a journey goes into its `objectives`, with an `origin` of their own.",
            *(f"# {remark}" for remark in self.remarks),
            f"company: {_quoted(company)}",
            "currency: EUR",
        ]
        for room, entries in rooms.items():
            if entries:
                lines += [f"{room}:", *(f"  {entry}" for entry in entries)]
        return "\n".join(lines) + "\n"

    def _whole(self, name):
        return self._made(name, "and what it needs") if self.parts[name].needs else name

    def _made(self, name, words):
        """A name that no part has."""
        found = f"{name} {words}"
        while found in self.parts:
            found += " too"
        return found

    def complete(self) -> None:
        """Make parts of what is needed and nowhere described.

        Raises
        ------
        BadInput
            Where there is no part, or more than a model has; where a name can't be one, or parts need each
            other in a circle.
        """
        if not self.parts:
            raise BadInput(
                f"there is no part in {self.kind}; give a file that describes something that runs."
            )
        for part in list(self.parts.values()):
            part.needs = [one for one in dict.fromkeys(part.needs) if one != part.name]
            for one in part.needs:
                if one not in self.parts:
                    self.parts[one] = Part(one)
                    self.remarks.append(f"{_quoted(one)} is needed and not described: it stands as one part.")
        self._refuse_names()
        self._refuse_too_many()
        for part in self.parts.values():
            if part.copies > MOST_COPIES:
                self.remarks.append(
                    f"{_quoted(part.name)} has {part.copies} copies; here {MOST_COPIES} stand."
                )
                part.enough = (
                    None if part.enough is None else max(1, part.enough * MOST_COPIES // part.copies)
                )
                part.copies = MOST_COPIES
            if part.enough is not None and part.enough > part.copies:
                raise BadInput(
                    f"{part.name!r} needs {part.enough} of {part.copies} copies; mend one of the two."
                )
        if len(self.parts) > 1 and not any(part.needs for part in self.parts.values()):
            self.remarks.append("Nothing is said of what needs what: write it into services and journeys.")
        self._refuse_circles()

    def _refuse_names(self):
        for name in self.parts:
            if len(name) > LONGEST_NAME or NOT_SHOWN.search(name) or name.endswith(" fails") or not name:
                raise BadInput(
                    f"{name[:40]!r} can't be a name: up to {LONGEST_NAME} characters, none invisible, "
                    "no ' fails' at its end; rename it."
                )

    def _refuse_too_many(self):
        several = [name for name, part in self.parts.items() if part.copies > 1]
        for found, most, words in (
            (self.parts, MOST_ENTRIES["components"], "parts"),
            (several, MOST_ENTRIES["groups"], "parts with copies"),
            (self.journeys(), MOST_ENTRIES["journeys"], "parts that no other needs, each a journey,"),
        ):
            if len(found) > most:
                raise BadInput(
                    f"{len(found):,} {words} are more than a model has, {most:,}: draft fewer files at a "
                    "time, or leave out what no customer waits for."
                )

    def _refuse_circles(self):
        done: set[str] = set()
        for start in self.parts:
            path: list[str] = []
            waiting = [(start, False)]
            while waiting:
                name, leaving = waiting.pop()
                if leaving:
                    done.add(path.pop())
                elif name in path:
                    circle = " > ".join([*path[path.index(name) :], name])
                    raise BadInput(f"parts need each other in a circle: {circle}; take out what can wait.")
                elif name not in done:
                    path.append(name)
                    waiting.append((name, True))
                    waiting += [(one, False) for one in self.parts[name].needs]


def draft(paths: Sequence[str | Path]) -> Draft:
    """Read one file, or several that belong together.

    Parameters
    ----------
    paths : sequence of str or Path
        A table in CSV stands alone; of several Compose files the later ones change the earlier.

    Returns
    -------
    Draft

    Raises
    ------
    BadInput
        In the name of the file: of no kind that is read, without parts, of two kinds at once.
    """
    files = [Path(path) for path in paths]
    names = ", ".join(path.name for path in files)
    try:
        if any(path.suffix.lower() in (".csv", ".tsv") for path in files):
            if len(files) > 1:
                raise BadInput("a table of parts is drafted alone; give one file.")
            found = _of_table(files[0])
        else:
            found = _of_documents([one for path in files for one in _documents(path)])
        found.complete()
        return found
    except BadInput as wrong:
        said = str(wrong)
        raise BadInput(said if said.startswith(names) else f"{names}: {said}") from None


def _refuse_twice(known, new, place):
    twice = [name for name in new if name in known]
    if twice:
        raise BadInput(
            f"{place}: {twice[0]!r} is described twice; keep one, or draft one namespace at a time."
        )


class _Loader(yaml.SafeLoader):
    """Reads aliases, as far as what they stand for stays small: merges and texts write all of it out."""

    def compose_mapping_node(self, anchor):
        node = super().compose_mapping_node(anchor)
        known = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value != "<<":
                if key.value in known:
                    line = key.start_mark.line + 1
                    raise BadInput(f"line {line}: {key.value[:40]!r} is there twice; keep one of them.")
                known.add(key.value)
        return node

    def compose_document(self):
        node = super().compose_document()
        sizes: dict[int, float] = {}

        def size(one):
            if id(one) not in sizes:
                sizes[id(one)] = math.inf  # until it is known: what holds itself has no end
                below = one.value if isinstance(one, yaml.CollectionNode) else ()
                sizes[id(one)] = 1 + sum(
                    sum(map(size, inner)) if isinstance(inner, tuple) else size(inner) for inner in below
                )
            return sizes[id(one)]

        if node is not None and size(node) > MOST_NODES:
            raise BadInput(
                f"aliases (*name) here stand for over {MOST_NODES:,} entries, or themselves; write out what "
                "is meant."
            )
        return node


def _documents(path):
    text = text_of(path, MOST_BYTES, "a description of a system")
    if "{{" in text and re.search(r"\{\{-?\s*[.$a-z]", text):
        raise BadInput("this is a template; give what `helm template` makes of it.")
    try:
        found = [one for one in yaml.load_all(text, _Loader) if one is not None]
    except BadInput:
        raise
    except (yaml.YAMLError, ValueError, RecursionError) as wrong:
        line = getattr(getattr(wrong, "problem_mark", None), "line", None)
        place = "" if line is None else f" (line {line + 1})"
        raise BadInput(f"this is no YAML that can be read{place}; {remedy(wrong)}.") from None
    items = []
    for one in found:
        items += _list(one.get("items")) if isinstance(one, dict) and one.get("kind") == "List" else [one]
    return [one for one in items if isinstance(one, dict)]


def _of_documents(documents):
    if any(str(one.get("apiVersion", "")).startswith("backstage.io/") for one in documents):
        return _of_backstage(documents)
    if any("kind" in one and "apiVersion" in one for one in documents):
        return _of_kubernetes(documents)
    if any({"components", "journeys"} <= set(one) for one in documents):
        raise BadInput("this is a system already; `review` and `rbd` take it as it stands.")
    composed = [one["services"] for one in documents if isinstance(one.get("services"), dict)]
    if not composed or any("components" in one for one in documents):
        raise BadInput("this is no Compose file, manifest of Kubernetes or catalogue of Backstage; give one.")
    services: dict[str, dict] = {}
    for one in composed:
        for name, given in one.items():
            services[str(name)] = services.get(str(name), {}) | _mapping(given)
    return _of_compose(services)


def _of_compose(services):
    found = Draft("a Compose file")
    jobs = set()
    for name, service in services.items():
        part = Part(_name(name), copies=_compose_copies(name, service, found.remarks))
        waits = service.get("depends_on") or []
        if not isinstance(waits, (dict, list)) or not all(isinstance(one, (str, int)) for one in waits):
            raise BadInput(f"depends_on of {part.name!r} lists names: write `depends_on: [one, other]`.")
        for one in waits:
            how = _mapping(waits[one]) if isinstance(waits, dict) else {}
            if how.get("condition") == "service_completed_successfully":
                jobs.add(_name(one))
            part.needs.append(_name(one))
        part.needs += [_name(str(one).partition(":")[0]) for one in _list(service.get("links"))]
        network = str(service.get("network_mode") or "")
        if network.startswith("service:"):
            part.needs.append(_name(network.removeprefix("service:")))
        if service.get("profiles"):
            found.remarks.append(
                f"{_quoted(part.name)} runs in some profiles only; keep it if production has it."
            )
        if part.copies:
            found.parts[part.name] = part
        else:
            found.remarks.append(f"{_quoted(part.name)} runs in no copy and is left out.")
            jobs.add(part.name)
    for name in jobs & set(found.parts):
        found.remarks.append(f"{_quoted(name)} ends before others start and is left out.")
    return _without(found, jobs, "depends_on says what starts first: take out what is not needed later.")


def _without(found, names, remark):
    """A draft without some parts, and without anybody's need of them."""
    found.parts = {name: part for name, part in found.parts.items() if name not in names}
    for part in found.parts.values():
        part.needs = [one for one in part.needs if one not in names]
    if any(part.needs for part in found.parts.values()):
        found.remarks.append(remark)
    return found


def _compose_copies(name, service, remarks):
    deploy = _mapping(service.get("deploy"))
    said = deploy.get("replicas", service.get("scale", 1))
    default = re.fullmatch(r"\$\{\w+:?-(\d+)\}", str(said))
    if default:
        remarks.append(f"{_quoted(name)}: {said} copies are taken as {default[1]}.")
        return int(default[1])
    return _count(said, f"the copies of {name!r}")


def _of_kubernetes(documents):
    found = Draft("manifests of Kubernetes")
    if any("ustomiz" in str(one.get("kind")) for one in documents):
        raise BadInput("this is a kustomization; give what `kubectl kustomize` makes of it.")
    pods: dict[str, dict] = {}
    kinds: dict[str, list[dict]] = {}
    for one in documents:
        kind = str(one.get("kind"))
        if kind not in WORKLOADS:
            kinds.setdefault(kind, []).append(one)
            continue
        spec, name = _mapping(one.get("spec")), _named(one)
        pod = one if kind == "Pod" else _mapping(spec.get("template"))
        _refuse_twice(found.parts, {name: None}, kind)
        copies = (
            1 if kind in ("Pod", "DaemonSet") else _count(spec.get("replicas", 1), f"replicas of {name!r}")
        )
        if kind == "DaemonSet":
            found.remarks.append(f"{_quoted(name)} runs on every machine; it stands as one part.")
        if not copies:
            found.remarks.append(f"{_quoted(name)} runs in no copy and is left out.")
            continue
        inside = _mapping(pod.get("spec"))
        apart = "podAntiAffinity" in _mapping(inside.get("affinity"))
        spread = bool(inside.get("topologySpreadConstraints")) or apart
        found.parts[name], pods[name] = Part(name, copies=copies, spread=spread), pod
    for one in kinds.get("HorizontalPodAutoscaler", ()):
        spec = _mapping(one.get("spec"))
        target = _mapping(spec.get("scaleTargetRef")).get("name")
        if target in found.parts:
            found.parts[target].copies = max(
                1, _count(spec.get("minReplicas", 1), f"minReplicas of {target!r}")
            )
    for one in kinds.get("PodDisruptionBudget", ()):
        for name in _selected(_mapping(_mapping(one.get("spec")).get("selector")).get("matchLabels"), pods):
            found.parts[name].enough = _kept(_mapping(one.get("spec")), found.parts[name].copies, name)
    addresses = {
        _named(one): _selected(_mapping(one.get("spec")).get("selector"), pods)
        for one in kinds.get("Service", ())
    }
    settings = {_named(one): _mapping(one.get("data")) for one in kinds.get("ConfigMap", ())}
    for name, pod in pods.items():
        hosts = [host for text in _settings(pod, settings) for host in _HOST.findall(text)]
        found.parts[name].needs += [one for host in hosts for one in addresses.get(host, ())]
    batch = [_named(one) for kind in ("Job", "CronJob") for one in kinds.get(kind, ())]
    if batch:
        found.remarks.append(f"Jobs are left out: {', '.join(batch[:5])}{', ...' if len(batch) > 5 else ''}.")
    return _without(found, (), "Needs were told by addresses in settings: take out what is not needed.")


def _selected(labels, pods):
    """The workloads that a selector means."""
    wanted = _mapping(labels).items()
    return [
        name
        for name, pod in pods.items()
        if wanted and wanted <= _mapping(_mapping(pod.get("metadata")).get("labels")).items()
    ]


def _kept(spec, copies, name):
    """How many copies a disruption budget keeps, at least one."""
    for key in ("minAvailable", "maxUnavailable"):
        said = spec.get(key)
        if said is None:
            continue
        share = re.fullmatch(r"(\d+)%", str(said))
        count = math.ceil(int(share[1]) * copies / 100) if share else _count(said, f"{key} of {name!r}")
        return min(copies, max(1, count if key == "minAvailable" else copies - count))
    return None


def _settings(pod, maps):
    """All texts that a pod is given: its settings, its arguments, and the maps that it names."""
    waiting = [_mapping(pod.get("spec"))]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            for key in ("configMapRef", "configMapKeyRef", "configMap"):
                waiting.append(maps.get(_mapping(one.get(key)).get("name")))
            waiting += [value for key, value in one.items() if key not in ("name", "image", "labels")]
        elif isinstance(one, list):
            waiting += one
        elif isinstance(one, str):
            yield one


def _of_backstage(documents):
    found = Draft("a catalogue of Backstage")
    makers: dict[str, list[str]] = {}  # from an interface to who provides it
    asked: dict[str, list[str]] = {}
    users, libraries = [], set()
    if all(str(one.get("kind")).lower() == "location" for one in documents):
        raise BadInput("this Location of Backstage names other files; give those instead, several at once.")
    for one in documents:
        kind, spec = str(one.get("kind")).lower(), _mapping(one.get("spec"))
        if kind not in ("component", "resource"):
            continue
        name = _named(one)
        _refuse_twice(found.parts, {name: None}, kind)
        if spec.get("type") == "library":
            libraries.add(name)
        found.parts[name] = Part(name, [_reference(needed) for needed in _list(spec.get("dependsOn"))])
        for user in _list(spec.get("dependencyOf")):
            users.append((_reference(user), name))
        for api in _list(spec.get("providesApis")):
            makers.setdefault(_reference(api), []).append(name)
        asked[name] = [_reference(api) for api in _list(spec.get("consumesApis"))]
    for user, needed in users:
        if user in found.parts:
            found.parts[user].needs.append(needed)
    for user, interfaces in asked.items():
        found.parts[user].needs += [one for api in interfaces for one in makers.get(api, [api])]
    if libraries:
        found.remarks.append(
            f"Libraries run in what uses them and are left out: {', '.join(sorted(libraries))}."
        )
    return _without(found, libraries, "A catalogue says no number of copies: each part stands as one.")


def _reference(said):
    """The name in a reference as `component:default/shop`."""
    return _name(str(said).rpartition(":")[2].rpartition("/")[2])


def _of_table(path):
    found = Draft("a table of parts")
    records = table_records(text_of(path, MOST_BYTES, "a table of parts"), path.name)
    if not records:
        raise BadInput("the table is empty; its first line names the columns.")
    head = [cell.strip().casefold() for cell in records[0][1]]
    columns: dict[str, int] = {}
    for place, cell in enumerate(head):
        for key in (key for key, words in HEADS.items() if cell in words):
            if key in columns:
                raise BadInput(f"columns {head[columns[key]]!r} and {cell!r} both mean {key!r}; keep one.")
            columns[key] = place
    unknown = [cell for place, cell in enumerate(head) if cell and place not in columns.values()]
    if "name" not in columns:
        raise BadInput(f"no column is called name, part, service or component; there are: {', '.join(head)}.")
    if unknown:
        found.remarks.append(f"Columns that were not used: {', '.join(unknown)}.")
    for line, record in records[1:]:
        if any(cell.strip() for cell in record[len(head) :]):
            raise BadInput(
                f"line {line} has more cells than the {len(head)} of the first line; write semicolons "
                "between names that are needed, or put them in quotes."
            )
        cells = {key: record[place].strip() for key, place in columns.items() if place < len(record)}
        if not cells.get("name"):
            raise BadInput(f"line {line} names no part; fill its name, or take the line out.")
        name = _name(cells["name"])
        _refuse_twice(found.parts, {name: None}, f"line {line}")
        needs = [_name(one) for one in re.split(r"[;,|]", cells.get("needs", "")) if one.strip()]
        part = found.parts[name] = Part(name, needs, _count(cells.get("copies") or 1, f"line {line}: copies"))
        if not part.copies:
            raise BadInput(f"line {line}: {name!r} has no copy; take the line out.")
        if cells.get("enough"):
            part.enough = _count(cells["enough"], f"line {line}: what is enough of {name!r}")
            if not part.enough:
                raise BadInput(f"line {line}: none of {name!r} is enough; write 1 or more, or take it out.")
        part.figures = {key: cells[key] for key in ("availability", *LIFE) if cells.get(key)}
        for key, said in part.figures.items():
            _refuse_figure(key, said, line)
        if part.figures and set(part.figures) not in (
            {"availability"},
            {"availability", "mttr_hours"},
            set(LIFE),
        ):
            raise BadInput(f"line {line}: give {name!r} an availability, or both mtbf_hours and mttr_hours.")
    return found


def _refuse_figure(key, said, line):
    low, high = LIMITS[key]
    if not re.fullmatch(r"\d+(\.\d+)?([eE][+-]?\d+)?", said) or not low <= float(said) <= high:
        percent = key == "availability" and re.fullmatch(r"\d+(\.\d+)?", said)
        hint = instead(f"{said} %" if percent else said, key)
        raise BadInput(f"line {line}: {key} is a number from {low:g} to {high:g}, not {said[:40]!r}{hint}.")


def _count(said, words):
    if isinstance(said, bool) or not re.fullmatch(r"\d{1,6}(\.0+)?", str(said).strip()):
        raise BadInput(f"{words} is a whole number, not {str(said)[:40]!r}; write one, such as 2.")
    return int(float(said))


def _named(one):
    name = _mapping(one.get("metadata")).get("name")
    if not name:
        raise BadInput(f"a {one.get('kind')} has no metadata.name; give it one.")
    return _name(name)


def _name(said):
    """A name as a model can have it: on one line, without a slash."""
    return " ".join(str(said).replace("/", "-").split())


def _quoted(name):
    plain = _PLAIN.fullmatch(name) and name.lower() not in (
        "y",
        "n",
        "yes",
        "no",
        "on",
        "off",
        "true",
        "false",
        "null",
    )
    words = re.fullmatch(r"[A-Za-z][\w-]*( [A-Za-z][\w-]*)+", name)
    return name if plain or words else json.dumps(name, ensure_ascii=False)


def _mapping(said: Any) -> dict:
    return said if isinstance(said, dict) else {}


def _list(said: Any) -> list:
    return said if isinstance(said, list) else []
