"""Parts as a file describes them, and the system drafted from them: every figure a wide range, assumed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from faultlab.analysis.systems.system_yaml import MOST_COPIES, MOST_ENTRIES
from faultlab.analysis.systems.yaml_nodes import LONGEST_TEXT, NOT_SHOWN
from faultlab.errors import BadInput

LIFE = {"mtbf_hours": "[200, 1000, 5000]", "mttr_hours": "[0.25, 1, 8]"}
SHARED, SHARED_IF_SPREAD = "[0.02, 0.1, 0.4]", "[0.01, 0.05, 0.2]"
WORTH = "[100, 1000, 10000]"
LONGEST_NAME = LONGEST_TEXT - 30
"""Of a part: what a draft makes of it has a few words more."""

TEMPLATE = "this is a template; give what is made of it, for Helm by `helm template`."

NO_NAMES = ("y", "n", "yes", "no", "on", "off", "true", "false", "null")
"""What YAML reads as something else than a text."""
_PLAIN = re.compile(r"[A-Za-z][\w-]*")


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
            rooms["components"].append(f"{quoted(of)}: {{{figures}, origin: assumed}}")
            if part.copies > 1:
                needs = part.copies - 1 if part.enough is None else part.enough
                shared = SHARED_IF_SPREAD if part.spread else SHARED
                said = f"{{of: {quoted(of)}, needs: {needs}, copies: {part.copies}, shared_cause: {shared}"
                rooms["groups"].append(f"{quoted(name)}: {said}, origin: assumed}}")
            if part.needs:
                needed = ", ".join(quoted(one) for one in [name, *map(self._whole, part.needs)])
                rooms["services"].append(f"{quoted(self._whole(name))}: {{needs: [{needed}]}}")
        for name in self.journeys():
            said = f"{{needs: [{quoted(self._whole(name))}], worth_per_hour: {WORTH}, origin: assumed}}"
            rooms["journeys"].append(f"{quoted(name)}: {said}")
        lines = [
            f"# Drafted from {self.kind}: which parts there are, how many copies, what needs what.",
            "# Every figure is assumed, a wide range [low, likely, high]: replace it by what you measured.",
            "# What you promise of a journey goes into its `objectives`, with an `origin` of their own.",
            *(f"# {remark}" for remark in self.remarks),
            f"company: {quoted(company)}",
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
                        *map(one_line, self.remarks[:3]),
                    ]
                )
            )
        for part in list(self.parts.values()):
            part.needs = [one for one in dict.fromkeys(part.needs) if one != part.name]
            for one in part.needs:
                if one not in self.parts:
                    self.parts[one] = Part(one)
                    self.remarks.append(f"{quoted(one)} is needed and not described: it stands as one part.")
        self._refuse_names()
        self._refuse_too_many()
        self._open_circles()
        self._refuse_too_many()
        for part in self.parts.values():
            if part.copies > MOST_COPIES:
                self.remarks.append(
                    f"{quoted(part.name)} has {part.copies} copies; here {MOST_COPIES} stand."
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
        self.remarks = [one_line(remark) for remark in self.remarks]

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


def refuse_twice(known: Iterable[str], new: Iterable[str], place: str) -> None:
    """Refuse a name that is taken already, in the words of where it stands."""
    twice = [name for name in new if name in known]
    if twice:
        raise BadInput(
            f"{place}: {twice[0]!r} is described twice; keep one, or draft one namespace at a time."
        )


def without(found: Draft, names: Iterable[str], remark: str) -> Draft:
    """A draft without some parts and anybody's need of them; the remark where parts need each other."""
    names = set(names)
    found.parts = {name: part for name, part in found.parts.items() if name not in names}
    for part in found.parts.values():
        part.needs = [one for one in part.needs if one not in names]
    if any(set(part.needs) - {part.name} for part in found.parts.values()):
        found.remarks.append(remark)
    return found


def say_unread(kinds: dict[str, list[dict]], found: Draft) -> None:
    """Add to the remarks which kinds of entries were not read, and how many of each."""
    if kinds:
        known = {"None": "without a kind"}
        counted = ", ".join(
            f"{len(ones)} {known.get(kind, kind)[:40]}" for kind, ones in sorted(kinds.items())
        )
        found.remarks.append(f"Not read: {counted}.")


def count_of(said: object, words: str) -> int:
    """A whole number, or a complaint that begins with words.

    >>> count_of("3", "copies")
    3
    """
    if "{{" in str(said):
        raise BadInput(TEMPLATE)
    if isinstance(said, bool) or not re.fullmatch(r"\d{1,6}(\.0+)?", str(said).strip()):
        raise BadInput(f"{words} is a whole number, not {str(said)[:40]!r}; write one, such as 2.")
    return int(float(str(said)))


def named_in(one: dict[str, Any]) -> str:
    """The name that an entry gives in its metadata."""
    name = mapping_of(one.get("metadata")).get("name")
    if not name:
        raise BadInput(f"a {one.get('kind')} has no metadata.name; give it one.")
    return name_of(name)


def name_of(said: object) -> str:
    """A name as a model can have it: on one line, without a slash.

    >>> name_of("shop/web\\n1")
    'shop-web 1'
    """
    if "{{" in str(said):
        raise BadInput(TEMPLATE)
    return " ".join(str(said).replace("/", "-").split())


def one_line(said: str) -> str:
    """A remark as it can stand behind a # and on a screen."""
    return NOT_SHOWN.sub("?", " ".join(said.split()))


def quoted(name: str) -> str:
    """A name as it stands in YAML.

    >>> quoted("order database"), quoted("no")
    ('order database', '"no"')
    """
    plain = _PLAIN.fullmatch(name) and name.lower() not in NO_NAMES
    words = re.fullmatch(r"[A-Za-z][\w-]*( [A-Za-z][\w-]*)+", name)
    return name if plain or words else json.dumps(name, ensure_ascii=False)


def mapping_of(said: Any) -> dict:
    """What should be a mapping; an empty one where it is none."""
    return said if isinstance(said, dict) else {}


def list_of(said: Any) -> list:
    """What should be a list; an empty one where it is none."""
    return said if isinstance(said, list) else []
