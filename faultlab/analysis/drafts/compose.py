"""A draft from Docker Compose: files merged as Compose does, what extends what, who waits for whom."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from faultlab.analysis.drafts.parts import (
    Draft,
    Part,
    count_of,
    list_of,
    mapping_of,
    name_of,
    quoted,
    without,
)
from faultlab.errors import BadInput

MOST_EXTENDED = 100
CONFIG = "give what `docker compose config` makes of it"


@dataclass
class Instead:
    """What a later Compose file puts in the place of what an earlier said, None for nothing."""

    value: Any


def merged_services(composed: list[dict[str, Any]], remarks: list[str]) -> dict[str, Any]:
    """The services of several Compose files, the later ones changing the earlier; remarks are added to.

    Raises
    ------
    BadInput
        Where a service extends itself, or one that is not there.

    Examples
    --------
    >>> one = {"services": {"web": {"depends_on": ["db"]}, "db": None}}
    >>> merged_services([one, {"services": {"web": {"depends_on": ["cache"]}}}], [])["web"]
    {'depends_on': {'db': {}, 'cache': {}}}
    """
    services: dict[str, Any] = {}
    for one in composed:  # what a service extends is taken over before a later file changes it
        here = {str(name): {} if said is None else said for name, said in one["services"].items()}
        known = {name: said for name, said in (services | here).items() if isinstance(said, dict)}
        services = _changed(
            services,
            {name: _extended(name, known, remarks) if name in known else here[name] for name in here},
        )
    return services


def included_in(document: dict[str, Any]) -> Iterator[str]:
    """The names of other files that a Compose file includes.

    >>> list(included_in({"include": ["a.yaml", {"path": "b.yaml"}]}))
    ['a.yaml', 'b.yaml']
    """
    for one in list_of(document.get("include")):
        said = one.get("path") if isinstance(one, dict) else one
        yield from map(str, said if isinstance(said, list) else [said])


def _changed(earlier, later):
    """A mapping of Compose as a later one changes it: key by key, and lists are put together."""
    merged = dict(earlier)
    for key, value in later.items():
        known = merged.get(key)
        if key == "depends_on":  # a list and a mapping of the same
            known, value = _as_mapping(known), _as_mapping(value)
        if isinstance(value, Instead):
            merged.pop(key, None)
            if value.value is not None:
                merged[key] = value.value
        elif isinstance(value, dict):
            merged[key] = _changed(mapping_of(known), value)
        elif isinstance(value, list):
            merged[key] = list_of(known) + value
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
            remarks.append(f"{quoted(name)} extends {base} of {said['file']}, which is not read: {CONFIG}.")
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


def of_compose(services: dict[str, Any], remarks: list[str]) -> Draft:
    """Draft from the services of a Compose file.

    >>> of_compose({"web": {"depends_on": ["db"], "scale": 2}, "db": {}}, []).parts["web"].copies
    2
    """
    services = {name: mapping_of(one) for name, one in services.items()}
    found = Draft("a Compose file", remarks=remarks)
    jobs: set[str] = set()
    batch, some = [], []
    for name, service in services.items():
        mode = str(mapping_of(service.get("deploy")).get("mode"))
        part = Part(name_of(name), _compose_needs(name, service, jobs, found.remarks))
        part.copies = 1 if "global" in mode else _compose_copies(name, service, found.remarks)
        if mode == "global":
            found.remarks.append(f"{quoted(part.name)} runs on every machine; it stands as one part.")
        if service.get("profiles"):
            some.append(quoted(part.name))
        if mode.endswith("-job"):
            batch.append(part.name)
        elif not part.copies:
            found.remarks.append(f"{quoted(part.name)} runs in no copy and is left out.")
            jobs.add(part.name)
            continue
        found.parts[part.name] = part
    if some:
        found.remarks.append(f"Run in some profiles only; keep what production has: {', '.join(some)}.")
    for name in found.parts:
        if name in jobs:
            found.remarks.append(f"{quoted(name)} ends before others start and is left out.")
    if batch:
        found.remarks.append(f"Jobs are left out: {', '.join(batch)}.")
    return without(
        found, jobs | set(batch), "depends_on says what starts first: take out what is not needed later."
    )


def _compose_needs(name, service, jobs, remarks):
    """What a service waits for or shares; what only has to end goes into `jobs`."""
    waits = service.get("depends_on") or []
    if not isinstance(waits, (dict, list)) or not all(isinstance(one, (str, int)) for one in waits):
        raise BadInput(f"depends_on of {name!r} lists names: write `depends_on: [one, other]`.")
    needs = []
    for one in waits:
        how = mapping_of(waits[one]) if isinstance(waits, dict) else {}
        if how.get("condition") == "service_completed_successfully":
            jobs.add(name_of(one))
        if how.get("required") is False:
            remarks.append(f"{quoted(name)} starts without {quoted(name_of(one))} too: that is no need here.")
        else:
            needs.append(name_of(one))
    needs += [name_of(str(one).partition(":")[0]) for one in list_of(service.get("links"))]
    for key in ("network_mode", "pid", "ipc"):
        shared = str(service.get(key) or "")
        if shared.startswith("service:"):
            needs.append(name_of(shared.removeprefix("service:")))
    needs += [
        name_of(str(one).partition(":")[0])
        for one in list_of(service.get("volumes_from"))
        if not str(one).startswith("container:")
    ]
    return needs


def _compose_copies(name, service, remarks):
    said = mapping_of(service.get("deploy")).get("replicas")
    said = service.get("scale") if said is None else said
    if said is None:
        return 1
    if "$" not in str(said):
        return count_of(said, f"the copies of {name!r}")
    taken, inner = str(said), None
    while inner != taken:  # from the inside: ${A:-${B:-3}}
        inner, taken = taken, re.sub(r"\$\{\w+:?-([^${}]*)\}", r"\1", taken)
    if "$" in taken:
        remarks.append(f"{quoted(name)}: how many copies {said} stands for is not in the file; 1 stands.")
        return 1
    remarks.append(f"{quoted(name)}: {said} copies are taken as {taken}.")
    return count_of(taken, f"the copies of {name!r}")
