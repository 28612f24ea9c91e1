"""A system as it is typed: names, lists and texts, read from YAML and written to it as they stand.

What can't be used is written too, so that nothing typed is lost; whether it makes a system is for
`read_system` to say. Each entry is one line, so that what it says of a line is said of an entry.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from faultlab.analysis.systems import System, read_system
from faultlab.errors import BadInput
from faultlab.input_files import text_of

MOST_BYTES = 500_000
ROOMS = ("components", "groups", "services", "journeys", "scenarios", "options")
HEAD = "# A system of your own, as you described it in lesson 10. `python -m faultlab review` reads it."
PLAIN = re.compile(r"-?[A-Za-z0-9_.+](?:[\w .()/+-]*[\w.)])?")
UNSEEN = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")
LINE = re.compile(r"[^:]*, line (\d+): (.*)", re.S)
Tree = dict[str, Any]


def written(tree: Tree) -> tuple[str, dict[int, tuple[str, str]]]:
    """Return a tree as YAML, and by line the room and name of the entry that stands there.

    Parameters
    ----------
    tree : dict
        Of dicts, lists and texts.

    Examples
    --------
    >>> disk = {"availability": ["0.9", "", "1"]}
    >>> text, places = written({"company": "Acme: online", "components": {"disk": disk}})
    >>> print(text.partition("\\n")[2], end="")
    company: "Acme: online"
    components:
      disk: {availability: [0.9, "", 1]}
    >>> places[4]
    ('components', 'disk')
    """
    lines, places = [HEAD], {}
    for key, value in tree.items():
        if key not in ROOMS:
            lines.append(f"{_scalar(key)}: {_flow(value)}")
            places[len(lines)] = (key, "")
        elif value:
            lines.append(f"{key}:")
            for name, entry in value.items():
                lines.append(f"  {_scalar(name)}: {_flow(entry)}")
                places[len(lines)] = (key, name)
    return "\n".join(lines) + "\n", places


def _flow(value):
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_scalar(key)}: {_flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return _scalar(str(value))


def _scalar(text):
    if PLAIN.fullmatch(text):
        return text
    return UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))


def tree_of(path: Path) -> Tree:
    """Return a file as a tree, whether or not it makes a system.

    Raises
    ------
    BadInput
        For what is no YAML of names and texts.
    """
    text = text_of(path, MOST_BYTES, "a system model")
    try:
        tokens = yaml.scan(text)
        if any(isinstance(token, yaml.AliasToken) for token in tokens):
            raise BadInput(f"{path.name}: aliases (*name) are not read here; write out what is meant.")
        tree = yaml.load(text, yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError):
        raise BadInput(f"{path.name} is no YAML; mend it in a text editor, or choose another file.") from None
    rooms = [tree.get(room) or {} for room in ROOMS] if isinstance(tree, dict) else [None]
    if not all(
        isinstance(room, dict) and all(isinstance(one, dict) for one in room.values()) for room in rooms
    ):
        raise BadInput(f"{path.name} is no system: it has names with values, such as `components:`.")
    return {key: value or {} if key in ROOMS else value for key, value in tree.items()}


@dataclass(frozen=True)
class Refusal:
    """Why what is typed makes no system yet: what to do, and the room and name of the entry it is about."""

    says: str
    room: str = ""
    name: str = ""


TICKED = {
    ("journeys", "needs"): "part that it needs",
    ("services", "needs"): "part that it stands on",
    ("groups", "among"): "part of which some must work",
    ("scenarios", "journeys"): "journey that stands still, or say what it costs beyond the hours",
}
"""Lists in which somebody who fills in the form ticks names, and of what."""


def unticked(tree: Tree) -> Refusal | None:
    """Return what to tick first, where an entry has an empty list.

    Examples
    --------
    >>> unticked({"journeys": {"buy": {"needs": []}}}).says
    'tick at least one part that it needs, or take it out.'
    """
    for (room, key), what in TICKED.items():
        for name, entry in tree.get(room, {}).items():
            if entry.get(key) == [] and not entry.get("lasting_cost"):
                return Refusal(f"tick at least one {what}, or take it out.", room, name)
    return None


def system_of(path: Path, places: dict[int, tuple[str, str]]) -> System | Refusal:
    """Return the system in a file that was `written`, or why it is none.

    Parameters
    ----------
    path : Path
    places : dict
        From `written`.
    """
    try:
        return read_system(path)
    except BadInput as problem:
        found = LINE.fullmatch(str(problem))
        if found is None:
            return Refusal(str(problem))
        return Refusal(found[2], *places.get(int(found[1]), ("", "")))
