"""Values out of YAML, with the line and the remedy where one can't be used.

The document is composed to nodes and never constructed to objects. Anchors and aliases are refused: ten
lines of them can stand for a billion.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from faultlab.analysis.systems.system import Range
from faultlab.errors import BadInput
from faultlab.input_files import text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

_NOT_SHOWN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")


def is_empty(node: yaml.Node | None) -> bool:
    """Whether a node says nothing, as `groups:` with nothing behind it."""
    return node is None or (isinstance(node, yaml.ScalarNode) and node.value == "" and node.style is None)


def _remedy(error):
    """What to do about text that is not YAML, from what its parser stumbled over."""
    said = f"{getattr(error, 'problem', '')} {getattr(error, 'context', '')}"
    if "\\t" in said:
        return "indent with spaces, not with a tab"
    if "mapping values are not allowed" in said:
        return "a text with a colon in it stands in quotes"
    return "check indentation and quotes"


def _instead(said):
    """What to write in place of a number with a sign or a unit, as far as that is sure."""
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(%|h|hours?|hrs?)\s*", said)
    if found is None:
        return "; write decimals with a point" if re.fullmatch(r"\d+,\d+", said) else ""
    if found[2] == "%":
        places = len(found[1].partition(".")[2]) + 2
        return f": for {said.strip()} write {float(found[1]) / 100:.{places}f}"
    return f": write {found[1]}, the unit is in the name"


class _Alias(yaml.YAMLError):
    """An alias, where it stands."""

    def __init__(self, mark):
        super().__init__()
        self.problem_mark = mark


class _Loader(yaml.SafeLoader):
    def compose_node(self, parent, index):
        if self.check_event(yaml.AliasEvent):
            raise _Alias(self.peek_event().start_mark)
        return super().compose_node(parent, index)


class YamlNodes:
    """A YAML document, read node by node; remembers the line of the node that was read last.

    Parameters
    ----------
    path : Path
    most_bytes : int
        Above which the document is refused.

    Raises
    ------
    BadInput
        For a document that can't be read, here or in any method: the file, the line and the remedy.
    """

    def __init__(self, path: Path, most_bytes: int) -> None:
        self.name, self.line = Path(path).name, 1
        text = text_of(path, most_bytes, "a system model")
        try:
            documents = [one for one in yaml.compose_all(text, _Loader) if not is_empty(one)]
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            self.line = mark.line + 1 if mark else 1
            if isinstance(error, _Alias):
                raise self.wrong("aliases (*name) are not read here; write out what is meant.") from None
            raise self.wrong(f"this is not YAML; {_remedy(error)}.") from None
        except RecursionError:
            raise self.wrong("this is nested too deeply for a system model; take out a level.") from None
        if len(documents) > 1:
            self.line = documents[1].start_mark.line + 1
            raise self.wrong("a second document begins here; a system model is one: keep one of them.")
        self.root = documents[0] if documents else None

    def wrong(self, what: str) -> BadInput:
        """A `BadInput` at the line that was read last."""
        return BadInput(f"{self.name}, line {self.line}: {what}")

    def entries(
        self, node: yaml.Node | None, place: str, allowed: Sequence[str] | None = None
    ) -> dict[str, yaml.Node]:
        """A mapping's nodes by key; refuses other nodes, doubled keys and keys that mean nothing."""
        if node is not None:
            self.line = node.start_mark.line + 1
        if not isinstance(node, yaml.MappingNode):
            raise self.wrong(f"{place} holds names with values, such as `name: value`.")
        found = {}
        for key, value in node.value:
            name = self.text(key)
            if name in found:
                raise self.wrong(f"{name!r} is there twice in {place}: keep one.")
            if allowed and name not in allowed:
                raise self.wrong(self._unknown(name, value, place, allowed))
            found[name] = value
        self.line = node.start_mark.line + 1
        return found

    def _unknown(self, name, value, place, allowed):
        """What to say of a key that means nothing here."""
        known, colon, rest = name.partition(":")
        if colon and known in allowed:
            return f"in {place} a space is missing behind the colon: write `{known}: {rest}`."
        if name.isdecimal() and is_empty(value):
            return (
                f"in {place} a comma stands before {name!r}: write decimals with a point, such as 99.{name}."
            )
        if name in ("apiVersion", "version", "openapi"):
            return (
                f"{name!r} tells another kind of file; a system model begins with "
                f"{', '.join(allowed[:3])} and so on."
            )
        return f"{name!r} means nothing in {place}, which may have: {', '.join(allowed)}."

    def text(self, node: yaml.Node) -> str:
        """One word or text."""
        self.line = node.start_mark.line + 1
        if not isinstance(node, yaml.ScalarNode):
            raise self.wrong("expected one word or text here.")
        if _NOT_SHOWN.search(node.value) or len(node.value) > 200:
            raise self.wrong("a text here has up to 200 characters, none of them invisible; write it anew.")
        return node.value

    def number(self, node: yaml.Node, name: str, low: float, high: float, whole: bool = False) -> float:
        """A number from low to high."""
        said = self.text(node)
        try:
            value = int(said) if whole else float(said.replace("_", ""))
        except ValueError:
            kind = "a whole number" if whole else "a number"
            raise self.wrong(f"{name} is {kind}, not {said[:40]!r}{_instead(said)}.") from None
        if not low <= value <= high:
            raise self.wrong(f"{name} lies between {low:g} and {high:g}, not at {said[:40]}.")
        return value

    def range(self, node: yaml.Node, name: str, low: float, high: float) -> Range:
        """A number, or [low, likely, high], as a `Range`."""
        self.line = node.start_mark.line + 1
        if not isinstance(node, yaml.SequenceNode):
            return Range.point(self.number(node, name, low, high))
        if len(node.value) != 3:
            raise self.wrong(f"the range of {name} has three numbers, [low, likely, high].")
        found = Range(*(self.number(item, name, low, high) for item in node.value))
        if not found.low <= found.likely <= found.high:
            raise self.wrong(f"the range of {name} goes upwards: low, likely, high.")
        return found
