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

NOT_SHOWN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
LONGEST_TEXT = 200
HOURS = {"s": 1 / 3600, "m": 1 / 60, "h": 1, "d": 24, "w": 168, "y": 8760}
UNIT = re.compile(r"s(ec(ond)?s?)?|m(in(ute)?s?)?|h(ou)?r?s?|d(ays?)?|w(eeks?)?|y(ea)?r?s?")
CURRENCY = re.compile(r"[A-Z]{3}|[^\w%]|")
DIGITS = "; write digits alone, such as 1000 or 0.99"
TIMES = {"k": 1e3, "thousand": 1e3, "million": 1e6, "mio": 1e6}


def is_empty(node: yaml.Node | None) -> bool:
    """Whether a node says nothing, as `groups:` with nothing behind it."""
    return node is None or (isinstance(node, yaml.ScalarNode) and node.value == "" and node.style is None)


def remedy(error: Exception) -> str:
    """What to do about text that is not YAML, from what its parser stumbled over."""
    said = f"{getattr(error, 'problem', '')} {getattr(error, 'context', '')}"
    if "\\t" in said:
        return "indent with spaces, not with a tab"
    if "mapping values are not allowed" in said:
        return "a text with a colon in it stands in quotes"
    return "check indentation, quotes and brackets"


def instead(said: str, name: str) -> str:
    """What to write in place of what is no number, as exactly as that is sure.

    Examples
    --------
    >>> instead("30 days", "mtbf_hours of 'disk'")
    ': write 720, the unit is in the name'
    >>> instead("€20k", "the worth of 'buy'")
    ': write 20000'
    """
    said = said.strip()
    found = re.fullmatch(r"[^\w.,+-]?\s*(\d+(?:\.\d+)?)\s*(%|[^\W\d]*|[^\w.,+-])", said)
    if found is None:
        return _in_plain_digits(said)
    amount, unit = float(found[1]), found[2].lower()
    if unit == "%":
        places = len(found[1].partition(".")[2]) + 2
        return f": for {said} write {amount / 100:.{places}f}"
    if "_hours" in name and UNIT.fullmatch(unit):
        return f": write {amount * HOURS[unit[0]]:.6g}, the unit is in the name"
    if unit in TIMES or CURRENCY.fullmatch(found[2]):
        return f": write {amount * TIMES.get(unit, 1):.12g}"
    return DIGITS


def _in_plain_digits(said):
    if re.fullmatch(r"\d{1,3}(\.\d{3})+,\d+", said):  # 8.760,5 of the continent
        return f": write {said.replace('.', '').replace(',', '.')}"
    found = re.search(r"\d+(?:[, ]\d+)+", said)
    if found is None:
        return DIGITS
    whole, decimals = re.sub("[, ]", "", found[0]), found[0].replace(",", ".", 1)
    if not re.fullmatch(r"[1-9]\d{0,2}(?:[, ]\d{3})+", found[0]):
        return f": write decimals with a point, {decimals}" if " " not in found[0] else f": write {whole}"
    if " " in found[0] or found[0].count(",") > 1:
        return f": write {whole}"
    return f": write {whole}, or with a point {decimals} where that is meant"


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
            raise self.wrong(f"this is not YAML; {remedy(error)}.") from None
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
        if re.match(r"\d+\b", name) and is_empty(value):
            return (
                f"in {place} a comma stands before {name!r}: write thousands without one, such as 1000, and "
                "decimals with a point, such as 0.99."
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
        if NOT_SHOWN.search(node.value) or len(node.value) > LONGEST_TEXT:
            raise self.wrong(
                f"a text here has up to {LONGEST_TEXT} characters, none of them invisible; write it anew."
            )
        return node.value

    def number(self, node: yaml.Node, name: str, low: float, high: float, whole: bool = False) -> float:
        """A number from low to high."""
        said = self.text(node)
        try:
            value = int(said) if whole else float(said.replace("_", ""))
        except ValueError:
            kind, hint = (
                ("a whole number", "; write one, such as 2") if whole else ("a number", instead(said, name))
            )
            raise self.wrong(f"{name} is {kind}, not {said[:40]!r}{hint}.") from None
        if not low <= value <= high:
            share = instead(f"{said} %", name) if high == 1 < value <= 100 else ""
            raise self.wrong(f"{name} lies between {low:g} and {high:g}, not at {said[:40]}{share}.")
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
            raise self.wrong(
                f"{name} has its lowest number first, then the likely one, then the highest; put "
                f"{', '.join(f'{one:g}' for one in (found.low, found.likely, found.high))} in that order."
            )
        return found
