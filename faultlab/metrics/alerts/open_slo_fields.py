"""The fields of OpenSLO's documents, each of its kind; what goes wrong is told with its place."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from faultlab.errors import BadInput
from faultlab.input_files import text_of
from faultlab.metrics.alerts.burn_rates import span
from faultlab.metrics.alerts.open_slo_keys import checked_keys, said

MOST_BYTES = 500_000
_HOURS = {"m": 1 / 60, "h": 1, "d": 24, "w": 168, "M": 720, "Q": 2160, "Y": 8760}


class KeyTwice(ValueError):
    """One key twice in a mapping of YAML; `line` is that of the second, from 1."""

    def __init__(self, key: str, first: int, line: int) -> None:
        super().__init__(key)
        self.key, self.first, self.line = key, first, line


class Loader(yaml.SafeLoader):
    """YAML without doubled keys, in which a date stays the text that was written."""

    def compose_mapping_node(self, anchor: dict[str, yaml.Node]) -> yaml.MappingNode:
        """A mapping's node; a key that stands twice is an error, where PyYAML takes the last."""
        node = super().compose_mapping_node(anchor)
        lines: dict[str, int] = {}
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.tag != "tag:yaml.org,2002:merge":
                line = key.start_mark.line + 1
                if key.value in lines:
                    raise KeyTwice(key.value, lines[key.value], line)
                lines[key.value] = line
        return node


Loader.yaml_implicit_resolvers = {
    start: [one for one in pairs if one[0] != "tag:yaml.org,2002:timestamp"]
    for start, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def documents_of(path: str | Path) -> list[Any]:
    """Return the documents of a YAML file, empty ones left out.

    Raises
    ------
    BadInput
        With the line of what is no YAML, or of a key that stands twice.
    """
    path = Path(path)
    text = text_of(path, MOST_BYTES, "a list of objectives")
    try:
        documents = [one for one in yaml.load_all(text, Loader) if one is not None]
    except KeyTwice as twice:
        between = ", or put --- between two documents" if twice.key in ("apiVersion", "kind", "spec") else ""
        raise BadInput(
            f"{path.name}, line {twice.line}: {said(twice.key)} stands twice, first in line {twice.first}; "
            f"keep one{between}."
        ) from None
    except (yaml.YAMLError, RecursionError, ValueError, KeyError, TypeError, AttributeError) as problem:
        # PyYAML answers some tags that fit nothing, such as `!!int x`, with errors of Python's own.
        mark = getattr(problem, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        raise BadInput(f"{path.name}{line}: this is not YAML; check indentation and quotes.") from None
    return documents


class Fields:
    """Reads fields of the documents of one file.

    Parameters
    ----------
    name : str
        Of the file.

    Attributes
    ----------
    kept : list of str
        Paths of keys that change no figure.
    remarks : list of str
        What the reader of the figures should know.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.kept: list[str] = []
        self.remarks: list[str] = []

    def wrong(self, place: str, what: str) -> BadInput:
        return BadInput(f"{self.name}, {place}: {what}")

    def keys(self, entries: dict[str, Any], place: str, part: str, path: str) -> None:
        """Look at every key of a part, and keep in mind those that change nothing."""
        kept = checked_keys(entries, part, lambda what: self.wrong(place, what))
        self.kept += [f"{path}{key}" for key in kept]

    def part(
        self, entries: dict[str, Any], place: str, key: str, part: str, path: str, default: Any = ...
    ) -> Any:
        """What stands at a key, its own keys looked at."""
        found = self.of(entries, place, key, dict, default)
        self.keys(found, f"{place}, {key}", part, f"{path}{key}.")
        return found

    def of(self, entries: dict[str, Any], place: str, key: str, kind: type[Any], default: Any = ...) -> Any:
        """A field of the right kind, or its default where it has one."""
        if not isinstance(entries, dict):
            raise self.wrong(place, "this holds names with values, such as `name: value`.")
        value: Any = entries.get(key)
        if value is None and default is not ...:
            return default
        wanted = {
            str: "text",
            dict: "names with values",
            list: "a list",
            float: "a number",
            bool: "true or false",
        }
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not (number if kind is float else isinstance(value, kind)):
            found = "is missing" if value is None else f"can't be {said(value)}"
            how = ", such as 99.95, without quotes, comma or %" if kind is float and value is not None else ""
            raise self.wrong(f"{place}, {key}", f"{found}; it is {wanted[kind]}{how}.")
        if kind is str and not value.isprintable() and re.search("[\ud800-\udfff]", value):
            raise self.wrong(f"{place}, {key}", "holds half a letter (a surrogate); write it anew.")
        if kind is float and not abs(value) < 1e300:
            raise self.wrong(f"{place}, {key}", f"can't be {said(value)}; it is a number within reason.")
        return float(value) if kind is float else value

    def hours(self, text: str, place: str) -> float:
        """A duration such as 30d or 5m, in hours."""
        found = re.fullmatch("([0-9]{1,6})([mhdwMQY])", text)
        if not found or int(found[1]) == 0:
            raise self.wrong(place, f"a duration is a number with m, h, d, w, M, Q or Y, not {said(text)}.")
        return int(found[1]) * _HOURS[found[2]]

    def remark_month(self, text: str, key: str, hours: float) -> None:
        if text[-1:] in "MQY":
            self.remarks.append(f"{key}: {text} is {span(hours)}; M is a month, m a minute.")
