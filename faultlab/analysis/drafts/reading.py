"""A first draft of a system from a file that teams keep anyway: its parts, their copies, and what needs what.

Such a file knows no reliability and no money. Those stand in the draft as wide ranges, marked as assumed, to
be replaced. Read are Docker Compose, manifests of Kubernetes, a catalogue of Backstage and a table in CSV.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from faultlab.analysis.drafts.backstage import of_backstage
from faultlab.analysis.drafts.compose import CONFIG, Instead, included_in, merged_services, of_compose
from faultlab.analysis.drafts.kubernetes import KUSTOMIZATION, WORKLOADS, of_kubernetes
from faultlab.analysis.drafts.parts import TEMPLATE, Draft, list_of
from faultlab.analysis.drafts.tables import of_table
from faultlab.analysis.systems.yaml_nodes import remedy
from faultlab.errors import BadInput
from faultlab.input_files import text_of

MOST_BYTES, MOST_NODES = 5_000_000, 1_000_000
_BACKSTAGE = re.compile(r"([\w-]+\.)*backstage\.io/")


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
            found = of_table(files[0], MOST_BYTES)
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


def _tagged(loader, tag, node):
    """Of what stands behind a tag of its own the plain value; Compose has two that it means."""
    if isinstance(node, yaml.MappingNode):
        value: Any = loader.construct_mapping(node, deep=True)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_scalar(node)
    if tag in ("override", "reset"):
        return Instead(None if tag == "reset" else value)
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
    files = [list_of(one.get("resources")) + list_of(one.get("bases")) for one in documents]
    if not given and any(names and all(isinstance(name, str) for name in names) for names in files):
        raise BadInput(KUSTOMIZATION)
    if catalogue:
        return of_backstage(documents)
    if manifests:
        return of_kubernetes(documents)
    if any({"components", "journeys"} <= set(one) for one in documents):
        raise BadInput("this is a system already; `review` and `rbd` take it as it stands.")
    included = [name for one in documents for name in included_in(one)]
    if included and not composed:
        raise BadInput(f"this Compose file includes others and no more, {included[0]}; {CONFIG}.")
    if not composed or any("components" in one for one in documents):
        raise BadInput("this is no Compose file, manifest of Kubernetes or catalogue of Backstage; give one.")
    remarks: list[str] = []
    found = of_compose(merged_services(composed, remarks), remarks)
    if included:
        found.remarks.append(f"Included files are not read, {', '.join(included)}: {CONFIG}.")
    return found
