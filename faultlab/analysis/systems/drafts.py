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
MOST_EXTENDED = 100
LIFE = {"mtbf_hours": "[200, 1000, 5000]", "mttr_hours": "[0.25, 1, 8]"}
SHARED, SHARED_IF_SPREAD = "[0.02, 0.1, 0.4]", "[0.01, 0.05, 0.2]"
WORTH = "[100, 1000, 10000]"
LONGEST_NAME = LONGEST_TEXT - 30
"""Of a part: what a draft makes of it has a few words more."""
WORKLOADS = (
    *("Deployment", "StatefulSet", "ReplicaSet", "ReplicationController", "DaemonSet", "Pod"),
    *("DeploymentConfig", "Rollout"),  # of OpenShift and of Argo
)
MADE = ("Pod", "ReplicaSet", "ReplicationController")
"""What a cluster makes from other workloads."""
NO_ADDRESS = (
    *("name", "image", "labels", "affinity", "nodeSelector", "tolerations", "topologySpreadConstraints"),
    *("resources", "mountPath", "path", "subPath", "workingDir", "serviceAccount", "serviceAccountName"),
    *("claimName", "securityContext"),
)
"""Fields of a pod whose texts name no other part."""
CONFIG = "give what `docker compose config` makes of it"
KUSTOMIZATION = "this is a kustomization; give what `kubectl kustomize` makes of it."
TEMPLATE = "this is a template; give what is made of it, for Helm by `helm template`."
_BACKSTAGE = re.compile(r"([\w-]+\.)*backstage\.io/")
_PLAIN = re.compile(r"[A-Za-z][\w-]*")
_HOST = re.compile(r"(?<![\w.-])([a-z][a-z0-9-]*)(?:\.([a-z][a-z0-9-]*))?(?=[:./,;\s\"'@]|$)")
_WHAT = ("part", "service", "component")
HEADS = {
    "name": ("name", *_WHAT, *(f"{one} name" for one in _WHAT)),
    "needs": ("needs", "depends on", "dependencies"),
    "copies": ("copies", "replicas", "instances", "quantity", "qty"),
    "enough": ("enough", "needed", "minimum"),
    **{f"{key}_hours": (f"{key} hours", f"{key} h", f"{key} in hours") for key in ("mtbf", "mttr")},
    "availability": ("availability", "availability %"),
}
NOTHING = ("-", "–", "—", "n/a", "none")
"""What people write in a cell that has nothing to say."""


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
    may_go_round: bool = False
    """Whether the kind allows parts that need each other; a draft can't, and leaves one need out."""

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
                " ".join(
                    [
                        f"there is no part in {self.kind}; give a file that describes something that runs.",
                        *map(_one_line, self.remarks[:3]),
                    ]
                )
            )
        for part in list(self.parts.values()):
            part.needs = [one for one in dict.fromkeys(part.needs) if one != part.name]
            for one in part.needs:
                if one not in self.parts:
                    self.parts[one] = Part(one)
                    self.remarks.append(f"{_quoted(one)} is needed and not described: it stands as one part.")
        self._refuse_names()
        self._refuse_too_many()
        self._open_circles()
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
        self.remarks = [_one_line(remark) for remark in self.remarks]

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

    def _open_circles(self):
        """Leave out one need of each circle where the kind allows circles, or refuse them."""
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
                    if not self.may_go_round:
                        raise BadInput(
                            f"parts need each other in a circle: {circle}; take out what can wait."
                        )
                    self.parts[path[-1]].needs.remove(name)
                    self.remarks.append(
                        f"Parts need each other in a circle, {circle}: the last of these needs is left out; "
                        "choose which can wait."
                    )
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
    names = ", ".join(path.name for path in files[:3])
    if len(files) > 3:
        names += f" and {len(files) - 3} more"
    try:
        if any(path.suffix.lower() in (".csv", ".tsv") for path in files):
            if len(files) > 1:
                raise BadInput("a table of parts is drafted alone; give one file.")
            found = _of_table(files[0])
        else:
            found = _of_documents([one for path in files for one in _documents_of(path)])
        found.complete()
        return found
    except BadInput as wrong:
        said = str(wrong)
        raise BadInput(said if _names_a_file(said, files) else f"{names}: {said}") from None


def _names_a_file(said, files):
    return any(said.startswith((f"{path.name}: ", f"{path.name}, ", f"{path.name} is ")) for path in files)


def _documents_of(path):
    try:
        return _documents(path)
    except BadInput as wrong:
        said = str(wrong)
        raise BadInput(said if _names_a_file(said, [path]) else f"{path.name}: {said}") from None


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


@dataclass
class _Instead:
    """What a later Compose file puts in the place of what an earlier said, None for nothing."""

    value: Any


def _tagged(loader, tag, node):
    """Of what stands behind a tag of its own the plain value; Compose has two that it means."""
    if isinstance(node, yaml.MappingNode):
        value: Any = loader.construct_mapping(node, deep=True)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_scalar(node)
    if tag in ("override", "reset"):
        return _Instead(None if tag == "reset" else value)
    return value


_Loader.add_multi_constructor("!", _tagged)


def _documents(path):
    text = text_of(path, MOST_BYTES, "a description of a system")
    try:
        found = [one for one in yaml.load_all(text, _Loader) if one is not None]
    except BadInput:
        raise
    except (yaml.YAMLError, ValueError, RecursionError) as wrong:
        if re.search(r"\{\{|\{%", text):
            raise BadInput(TEMPLATE) from None
        line = getattr(getattr(wrong, "problem_mark", None), "line", None)
        place = "" if line is None else f" (line {line + 1})"
        raise BadInput(f"this is no YAML that can be read{place}; {remedy(wrong)}.") from None
    return [one for document in found if isinstance(document, dict) for one in _items(document)]


def _items(document):
    """A document, or what a list of Kubernetes holds; in a list of one kind, the items don't name it."""
    kind, items = str(document.get("kind")), document.get("items")
    if not kind.endswith("List") or not isinstance(items, list):
        return [document]
    told = {"apiVersion": document.get("apiVersion"), "kind": kind.removesuffix("List")} if kind[:-4] else {}
    return [told | one for one in items if isinstance(one, dict)]


def _of_documents(documents):
    described = [one for one in documents if "kind" in one and "apiVersion" in one]
    catalogue = [one for one in described if _BACKSTAGE.match(str(one["apiVersion"]))]
    manifests = [one for one in described if not _BACKSTAGE.match(str(one["apiVersion"]))]
    composed = [one for one in documents if isinstance(one.get("services"), dict) and "kind" not in one]
    if catalogue:  # which may hold kinds of others
        manifests = [one for one in manifests if one["kind"] in WORKLOADS]
    kinds = {"a catalogue of Backstage": catalogue, "manifests of Kubernetes": manifests}
    given = [kind for kind, found in (kinds | {"a Compose file": composed}).items() if found]
    if len(given) > 1:
        raise BadInput(f"here are {' and '.join(given)}; draft one kind at a time.")
    files = [_list(one.get("resources")) + _list(one.get("bases")) for one in documents]
    if not given and any(names and all(isinstance(name, str) for name in names) for names in files):
        raise BadInput(KUSTOMIZATION)
    if catalogue:
        return _of_backstage(documents)
    if manifests:
        return _of_kubernetes(documents)
    if any({"components", "journeys"} <= set(one) for one in documents):
        raise BadInput("this is a system already; `review` and `rbd` take it as it stands.")
    included = [name for one in documents for name in _included(one)]
    if included and not composed:
        raise BadInput(f"this Compose file includes others and no more, {included[0]}; {CONFIG}.")
    if not composed or any("components" in one for one in documents):
        raise BadInput("this is no Compose file, manifest of Kubernetes or catalogue of Backstage; give one.")
    services: dict[str, Any] = {}
    remarks: list[str] = []
    for one in composed:  # what a service extends is taken over before a later file changes it
        here = {str(name): {} if said is None else said for name, said in one["services"].items()}
        known = {name: said for name, said in (services | here).items() if isinstance(said, dict)}
        services = _changed(
            services,
            {name: _extended(name, known, remarks) if name in known else here[name] for name in here},
        )
    found = _of_compose({name: _mapping(one) for name, one in services.items()}, remarks)
    if included:
        found.remarks.append(f"Included files are not read, {', '.join(included)}: {CONFIG}.")
    return found


def _included(document):
    """The names of other files that a Compose file includes."""
    for one in _list(document.get("include")):
        said = one.get("path") if isinstance(one, dict) else one
        yield from map(str, said if isinstance(said, list) else [said])


def _changed(earlier, later):
    """A mapping of Compose as a later one changes it: key by key, and lists are put together."""
    merged = dict(earlier)
    for key, value in later.items():
        known = merged.get(key)
        if key == "depends_on":  # a list and a mapping of the same
            known, value = _as_mapping(known), _as_mapping(value)
        if isinstance(value, _Instead):
            merged.pop(key, None)
            if value.value is not None:
                merged[key] = value.value
        elif isinstance(value, dict):
            merged[key] = _changed(_mapping(known), value)
        elif isinstance(value, list):
            merged[key] = _list(known) + value
        elif value is not None or key not in merged:
            merged[key] = value
    return merged


def _as_mapping(waits):
    names = isinstance(waits, list) and all(isinstance(one, (str, int)) for one in waits)
    return {one: {} for one in waits} if names else waits


def _extended(name, services, remarks):
    """A service with what it takes over from others of the same file."""
    chain = [name]
    while said := services[chain[-1]].get("extends"):
        base = str(said.get("service") if isinstance(said, dict) else said)
        if isinstance(said, dict) and said.get("file"):
            remarks.append(f"{_quoted(name)} extends {base} of {said['file']}, which is not read: {CONFIG}.")
            break
        if base in chain:
            raise BadInput(f"{name!r} extends itself; take one `extends` out.")
        if base not in services:
            raise BadInput(f"{chain[-1]!r} extends {base[:40]!r}, which is not there; mend the name.")
        chain.append(base)
        if len(chain) > MOST_EXTENDED:
            raise BadInput(f"{name!r} extends over {MOST_EXTENDED} others in a row; write them together.")
    service = services[chain.pop()]
    while chain:
        service = _changed(service, services[chain.pop()])
    return service


def _of_compose(services, remarks):
    found = Draft("a Compose file", remarks=remarks)
    jobs: set[str] = set()
    batch, some = [], []
    for name, service in services.items():
        mode = str(_mapping(service.get("deploy")).get("mode"))
        part = Part(_name(name), _compose_needs(name, service, jobs, found.remarks))
        part.copies = 1 if "global" in mode else _compose_copies(name, service, found.remarks)
        if mode == "global":
            found.remarks.append(f"{_quoted(part.name)} runs on every machine; it stands as one part.")
        if service.get("profiles"):
            some.append(_quoted(part.name))
        if mode.endswith("-job"):
            batch.append(part.name)
        elif not part.copies:
            found.remarks.append(f"{_quoted(part.name)} runs in no copy and is left out.")
            jobs.add(part.name)
            continue
        found.parts[part.name] = part
    if some:
        found.remarks.append(f"Run in some profiles only; keep what production has: {', '.join(some)}.")
    for name in found.parts:
        if name in jobs:
            found.remarks.append(f"{_quoted(name)} ends before others start and is left out.")
    if batch:
        found.remarks.append(f"Jobs are left out: {', '.join(batch)}.")
    return _without(
        found, jobs | set(batch), "depends_on says what starts first: take out what is not needed later."
    )


def _compose_needs(name, service, jobs, remarks):
    """What a service waits for or shares; what only has to end goes into `jobs`."""
    waits = service.get("depends_on") or []
    if not isinstance(waits, (dict, list)) or not all(isinstance(one, (str, int)) for one in waits):
        raise BadInput(f"depends_on of {name!r} lists names: write `depends_on: [one, other]`.")
    needs = []
    for one in waits:
        how = _mapping(waits[one]) if isinstance(waits, dict) else {}
        if how.get("condition") == "service_completed_successfully":
            jobs.add(_name(one))
        if how.get("required") is False:
            remarks.append(f"{_quoted(name)} starts without {_quoted(_name(one))} too: that is no need here.")
        else:
            needs.append(_name(one))
    needs += [_name(str(one).partition(":")[0]) for one in _list(service.get("links"))]
    for key in ("network_mode", "pid", "ipc"):
        shared = str(service.get(key) or "")
        if shared.startswith("service:"):
            needs.append(_name(shared.removeprefix("service:")))
    needs += [
        _name(str(one).partition(":")[0])
        for one in _list(service.get("volumes_from"))
        if not str(one).startswith("container:")
    ]
    return needs


def _compose_copies(name, service, remarks):
    said = _mapping(service.get("deploy")).get("replicas")
    said = service.get("scale") if said is None else said
    if said is None:
        return 1
    if "$" not in str(said):
        return _count(said, f"the copies of {name!r}")
    taken, inner = str(said), None
    while inner != taken:  # from the inside: ${A:-${B:-3}}
        inner, taken = taken, re.sub(r"\$\{\w+:?-([^${}]*)\}", r"\1", taken)
    if "$" in taken:
        remarks.append(f"{_quoted(name)}: how many copies {said} stands for is not in the file; 1 stands.")
        return 1
    remarks.append(f"{_quoted(name)}: {said} copies are taken as {taken}.")
    return _count(taken, f"the copies of {name!r}")


def _without(found, names, remark):
    """A draft without some parts, and without anybody's need of them."""
    found.parts = {name: part for name, part in found.parts.items() if name not in names}
    for part in found.parts.values():
        part.needs = [one for one in part.needs if one not in names]
    if any(set(part.needs) - {part.name} for part in found.parts.values()):
        found.remarks.append(remark)
    return found


def _of_kubernetes(documents):
    found = Draft("manifests of Kubernetes", may_go_round=True)
    if any(str(one.get("apiVersion")).startswith("kustomize.config.k8s.io") for one in documents):
        raise BadInput(KUSTOMIZATION)
    kinds: dict[str, list[dict]] = {}
    for one in documents:
        kind, group = str(one.get("kind")), str(one.get("apiVersion")).rpartition("/")[0]
        kinds.setdefault(f"Service of {group}" if kind == "Service" and group else kind, []).append(one)
    pods = _workloads(kinds, found)
    _autoscaled(kinds.pop("HorizontalPodAutoscaler", ()), found)
    for one in kinds.pop("PodDisruptionBudget", ()):
        spec = _mapping(one.get("spec"))
        selector = _mapping(spec.get("selector"))
        kept = _selected(selector.get("matchLabels"), pods, _list(selector.get("matchExpressions")))
        for name in kept:
            if name in found.parts:
                found.parts[name].enough = _kept(spec, found.parts[name].copies, name)
        if not kept:
            found.remarks.append(f"The disruption budget {_quoted(_named(one))} is of no part here.")
    addresses = {
        _named(one): _selected(_mapping(one.get("spec")).get("selector"), pods) or [_named(one)]
        for one in kinds.pop("Service", ())
    }
    maps = {("configMap", _named(one)): _mapping(one.get("data")) for one in kinds.pop("ConfigMap", ())}
    for one in kinds.pop("Secret", ()):
        maps["secret", _named(one)] = _mapping(one.get("stringData"))
    for name, part in found.parts.items():
        for text in _settings(pods[name], maps):
            for host, after in _HOST.findall(text):  # web.shop, or of one pod: web-0.web.shop
                known = host if host in addresses or not re.search(r"-\d+$", host) else after
                part.needs += [
                    one for one in addresses.get(known, ()) if one in found.parts or one not in pods
                ]
    batch = [_named(one) for kind in ("Job", "CronJob") for one in kinds.pop(kind, ())]
    if batch:
        found.remarks.append(f"Jobs are left out: {', '.join(batch[:5])}{', ...' if len(batch) > 5 else ''}.")
    _say_unread(kinds, found)
    return _without(found, (), "Needs were told by addresses in settings: take out what is not needed.")


def _say_unread(kinds, found):
    if kinds:
        known = {"None": "without a kind"}
        counted = ", ".join(
            f"{len(ones)} {known.get(kind, kind)[:40]}" for kind, ones in sorted(kinds.items())
        )
        found.remarks.append(f"Not read: {counted}.")


def _workloads(kinds, found):
    """Make parts of what runs; the pod of each by its name, also of what runs in no copy."""
    described = {(kind, _named(one)) for kind, ones in kinds.items() for one in ones if _labelled(one)}
    pods: dict[str, dict] = {}
    made = 0
    for kind in [kind for kind in kinds if kind in WORKLOADS]:
        for one in kinds.pop(kind):
            maker = _maker(one) if kind in MADE else None
            if maker and (maker in described or maker[0] == "Job" or _maker_of_maker(maker) in described):
                made += 1
            elif maker and maker[1] in found.parts:
                found.parts[maker[1]].copies += 1
            else:
                _add_workload(kind, one, maker[1] if maker else _named(one), pods, found)
    if made:
        found.remarks.append(f"Pods and the like that others here have made are left out: {made}.")
    return pods


def _labelled(one):
    return bool(_mapping(one.get("metadata")).get("name"))


def _maker(one):
    """Kind and name of what made a pod, or None where somebody wrote it."""
    for owner in map(_mapping, _list(_mapping(one.get("metadata")).get("ownerReferences"))):
        if owner.get("name") and owner.get("kind") != "Node":
            return str(owner.get("kind")), _name(owner["name"])
    return None


def _maker_of_maker(maker):
    """The Deployment behind a set of its copies, told by the name: web-5d4f7 is of web."""
    return ("Deployment", maker[1].rpartition("-")[0]) if maker[0] == "ReplicaSet" else None


def _add_workload(kind, one, name, pods, found):
    spec = _mapping(one.get("spec"))
    _refuse_twice(pods, {name: None}, kind)
    pod = pods[name] = one if kind == "Pod" else _mapping(spec.get("template"))
    said = None if kind in ("Pod", "DaemonSet") else spec.get("replicas")
    copies = 1 if said is None else _count(said, f"replicas of {name!r}")
    if kind == "DaemonSet":
        found.remarks.append(f"{_quoted(name)} runs on every machine; it stands as one part.")
    if not copies:
        found.remarks.append(f"{_quoted(name)} runs in no copy and is left out.")
        return
    inside = _mapping(pod.get("spec"))
    apart = "podAntiAffinity" in _mapping(inside.get("affinity"))
    spread = bool(inside.get("topologySpreadConstraints")) or apart
    found.parts[name] = Part(name, copies=copies, spread=spread)


def _autoscaled(scalers, found):
    """Of what is scaled by load, the copies that there are at least."""
    for one in scalers:
        spec = _mapping(one.get("spec"))
        target, least = str(_mapping(spec.get("scaleTargetRef")).get("name")), spec.get("minReplicas")
        if target in found.parts:
            least = 1 if least is None else _count(least, f"minReplicas of {target!r}")
            found.parts[target].copies = max(1, least)
        else:
            found.remarks.append(f"The autoscaler {_quoted(_named(one))} is of no part here.")


def _selected(labels, pods, expressions=()):
    """The workloads that a selector means."""
    wanted = _mapping(labels).items()
    return [
        name
        for name, labelled in ((name, _labels(pod)) for name, pod in pods.items())
        if (wanted or expressions)
        and wanted <= labelled.items()
        and all(_holds(_mapping(one), labelled) for one in expressions)
    ]


def _labels(pod):
    return _mapping(_mapping(pod.get("metadata")).get("labels"))


def _holds(expression, labels):
    """Whether labels are as one of `matchExpressions` wants them."""
    key, operator, values = (expression.get(word) for word in ("key", "operator", "values"))
    found = key in labels if isinstance(key, str) else False
    if operator in ("In", "NotIn"):
        found = found and labels[key] in _list(values)
    return found == (operator in ("In", "Exists"))


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
            waiting += [value for key, value in one.items() if key not in NO_ADDRESS]
            for room in ("configMap", "secret"):
                for key in (room, f"{room}Ref", f"{room}KeyRef"):
                    of = _mapping(one.get(key))
                    held = maps.get((room, str(of.get("name") or of.get("secretName"))), {})
                    whole = not key.endswith("KeyRef")
                    waiting += [text for entry, text in held.items() if whole or entry == of.get("key")]
        elif isinstance(one, list):
            waiting += one
        elif isinstance(one, str):
            yield one


def _of_backstage(documents):
    found = Draft("a catalogue of Backstage", may_go_round=True)
    if all(str(one.get("kind")).lower() == "location" for one in documents):
        raise BadInput("this Location of Backstage names other files; give those instead, several at once.")
    entities: dict[tuple[str, str, str], dict] = {}
    kinds: dict[str, list[dict]] = {}
    for one in documents:
        kind = str(one.get("kind"))
        if kind.lower() not in ("component", "resource"):
            if kind.lower() != "api":  # an interface stands for who provides it
                kinds.setdefault(kind, []).append(one)
            continue
        key = (kind.lower(), _namespace(one), _named(one).casefold())
        if key in entities:
            _refuse_twice([_named(one)], [_named(one)], kind)
        entities[key] = one
    names = _names_of(entities, found)
    called: dict[str, list[tuple[str, str, str]]] = {}
    for key in names:
        called.setdefault(key[2], []).append(key)
    makers: dict[str, list[str]] = {}  # from an interface to who provides it
    for key, one in entities.items():
        for api in _texts(one, "providesApis"):
            makers.setdefault(_reference(api)[2].casefold(), []).append(names[key])

    def meant(said, own, kind=""):
        """The parts that a reference means, or a name that nobody describes."""
        given, namespace, name = _reference(said)
        kind = given or kind
        if kind == "api" and name.casefold() in makers:
            return makers[name.casefold()]
        alike = [known for known in called.get(name.casefold(), ()) if kind in ("", known[0])]
        exact = [known for known in alike if known[1] == (namespace or own)]
        if alike and not exact:
            taken = _quoted(names[alike[0]])
            found.remarks.append(f"{_quoted(said)} is described in another namespace only: {taken} is taken.")
        return [names[known] for known in (exact or alike)[:1]] or [name]

    libraries = set()
    for key, one in entities.items():
        if _mapping(one.get("spec")).get("type") == "library":
            libraries.add(names[key])
        needs = [part for said in _texts(one, "dependsOn") for part in meant(said, key[1])]
        needs += [part for said in _texts(one, "consumesApis") for part in meant(said, key[1], "api")]
        found.parts[names[key]] = Part(names[key], needs)
    for key, one in entities.items():
        for said in _texts(one, "dependencyOf"):
            for user in meant(said, key[1]):
                found.parts.setdefault(user, Part(user)).needs.append(names[key])
    if libraries:
        found.remarks.append(
            f"Libraries run in what uses them and are left out: {', '.join(sorted(libraries))}."
        )
    _say_unread(kinds, found)
    _hand_on(found.parts, libraries)
    return _without(found, libraries, "A catalogue says no number of copies: each part stands as one.")


def _names_of(entities, found):
    """A name of its own for each: kind or namespace are added where several have the same."""
    names: dict[tuple[str, str, str], str] = {}
    used: set[str] = set()
    for key, one in entities.items():
        kind, namespace, _ = key
        plain = _named(one)
        longer = (f"{plain} {kind}", f"{plain} of {namespace}", f"{plain} {kind} of {namespace}")
        name = names[key] = next(free for free in (plain, *longer) if free not in used)
        used.add(name)
        if name != plain:
            found.remarks.append(f"Several are called {_quoted(plain)}: one stands as {_quoted(name)}.")
    return names


def _hand_on(parts, libraries):
    """What a library needs, its users need."""
    for part in parts.values():
        waiting, seen = list(part.needs), set()
        while waiting:
            one = waiting.pop()
            if one in libraries and one not in seen:
                seen.add(one)
                waiting += parts[one].needs
                part.needs += parts[one].needs


def _namespace(one):
    return str(_mapping(one.get("metadata")).get("namespace") or "default").casefold()


def _texts(one, field_name):
    """The names in a list of an entity; one alone is taken as a list."""
    said = _mapping(one.get("spec")).get(field_name) or []
    names = [said] if isinstance(said, str) else said
    if not isinstance(names, list) or not all(isinstance(name, (str, int)) for name in names):
        raise BadInput(f"{field_name} of {_named(one)!r} lists names; write `{field_name}: [one, other]`.")
    return [str(name) for name in names]


def _reference(said):
    """Kind, namespace and name in a reference as `component:default/shop`, "" for what it leaves out."""
    kind, _, rest = said.rpartition(":")
    namespace, _, name = rest.rpartition("/")
    return kind.strip().casefold(), namespace.strip().casefold(), _name(name)


def _of_table(path):
    found = Draft("a table of parts")
    records = table_records(text_of(path, MOST_BYTES, "a table of parts"), path.name)
    if not records:
        raise BadInput("the table is empty; its first line names the columns.")
    head = [" ".join(re.sub(r"[\s_()\[\]]", " ", cell).split()).casefold() for cell in records[0][1]]
    columns: dict[str, int] = {}
    for place, cell in enumerate(head):
        for key in (key for key, words in HEADS.items() if cell in words):
            if key in columns:
                raise BadInput(f"columns {head[columns[key]]!r} and {cell!r} both mean {key!r}; keep one.")
            columns[key] = place
    unknown = [cell for place, cell in enumerate(head) if cell and place not in columns.values()]
    if "name" not in columns:
        there = ", ".join(cell[:40] for cell in head if cell)
        raise BadInput(f"no column is called name, part, service or component; the first line has: {there}.")
    if unknown:
        found.remarks.append(f"Columns that were not used: {', '.join(unknown)}.")
    for line, record in records[1:]:
        if any(cell.strip() for cell in record[len(head) :]):
            raise BadInput(
                f"line {line} has more cells than the {len(head)} of the first line; write semicolons "
                "between names that are needed, or put them in quotes."
            )
        cells = {key: record[place].strip() for key, place in columns.items() if place < len(record)}
        cells = {key: said for key, said in cells.items() if key == "name" or said.casefold() not in NOTHING}
        if not cells.get("name"):
            raise BadInput(f"line {line} names no part; fill its name, or take the line out.")
        name = _name(cells["name"])
        _refuse_twice(found.parts, {name: None}, f"line {line}")
        needs = [_name(one) for one in re.split(r"[;,|\r\n]", cells.get("needs", "")) if one.strip()]
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
    known = {}
    for name in found.parts:
        known[name.casefold()] = None if name.casefold() in known else name
    for part in found.parts.values():
        part.needs = [one if one in found.parts else known.get(one.casefold()) or one for one in part.needs]
    return found


def _refuse_figure(key, said, line):
    low, high = LIMITS[key]
    if not re.fullmatch(r"\d+(\.\d+)?([eE][+-]?\d+)?", said) or not low <= float(said) <= high:
        hint = instead(said, key)
        percent = re.fullmatch(r"(\d+(?:[.,]\d+)?) ?(%?)", said) if key == "availability" else None
        if percent:
            amount = percent[1].replace(",", ".")
            if percent[2] or float(amount) > 1:
                hint = instead(f"{amount} %", key)
        raise BadInput(f"line {line}: {key} is a number from {low:g} to {high:g}, not {said[:40]!r}{hint}.")


def _count(said, words):
    if "{{" in str(said):
        raise BadInput(TEMPLATE)
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
    if "{{" in str(said):
        raise BadInput(TEMPLATE)
    return " ".join(str(said).replace("/", "-").split())


def _one_line(said):
    """A remark as it can stand behind a # and on a screen."""
    return NOT_SHOWN.sub("?", " ".join(said.split()))


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
