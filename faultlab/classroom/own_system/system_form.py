"""The form in which a learner describes a system: saved as YAML with every letter, answered at once."""

from __future__ import annotations

import functools
import itertools
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from faultlab.analysis.reviews import mean_loss
from faultlab.analysis.systems import System, read_system, spoken
from faultlab.classroom.learner.record import company_of
from faultlab.classroom.notebook.forms import OwnForm
from faultlab.classroom.notebook.taking_away import Own
from faultlab.classroom.own_system.typed_yaml import Refusal, system_of, tree_of, unticked, written
from faultlab.errors import BadInput
from faultlab.views.kit import script
from faultlab.views.lesson_10 import own_answers, own_offers

if TYPE_CHECKING:
    from faultlab.classroom.notebook.lesson import Lesson
    from faultlab.classroom.own_system.typed_yaml import Tree

FILE, BEFORE = "my_system.yaml", "my_system_before.yaml"
EXAMPLE = "kestrel"
EMPTY: Tree = {
    "company": "",
    "currency": "EUR",
    "components": {
        "first part": {
            "availability": ["0.995", "0.999", "0.9998"],
            "mttr_hours": ["0.5", "1", "4"],
            "origin": "assumed",
        }
    },
    "journeys": {
        "first journey": {
            "needs": ["first part"],
            "worth_per_hour": ["100", "1000", "10000"],
            "origin": "assumed",
        }
    },
}
MOST_LETTERS = 400_000
YEAR, CARRIER = "own_year", "biggest_carrier"
"""The bets of lesson 10 that the form would give away: it is silent about them until they are settled."""


class _Widget(OwnForm):
    """What the browser holds of the form."""

    _esm = script(Path(__file__).parent / "system_form.js")


class SystemForm(Own):
    """The form; `start(template)` and `describe(tree)` drive it from code.

    Parameters
    ----------
    lesson : Lesson
        Whose bets it keeps quiet about.

    Examples
    --------
    >>> import tempfile
    >>> from faultlab.classroom import open_lesson
    >>> from faultlab.classroom.learner.progress import Progress
    >>> form = open_lesson("10_resilience_review", Progress(tempfile.mkdtemp())).own_system()
    >>> form.system.company
    'Kestrel'
    >>> form.start("online_shop")
    >>> form.system.company
    'An online shop'
    """

    kind = _Widget

    def __init__(self, lesson: Lesson) -> None:
        self._lesson, self._course = lesson, lesson._catalogue.course
        self._place = lesson.saved.place
        self._load, self._serial, self._journey, self._offers = 0, 0, "", False
        self._answered: tuple[Any, dict[str, Any]] = ((), {})
        self._system = read_system(self._course / f"{EXAMPLE}.yaml")
        self._example = self._system.company
        self._text, self._untouched = "", " "  # of a beginning, as it was taken
        self._tree, self.own, trouble = self._begin()
        self._read()
        super().__init__("system", "Your system", lesson.saved, lesson._catalogue, lesson.number)
        if trouble:
            self.widget.status = trouble

    @property
    def system(self) -> System:
        """The system as it was typed last, where it made one."""
        return self._system

    @property
    def is_example(self) -> bool:
        """Whether it is Kestrel still, whatever was changed about it, by its name."""
        return self._system.company == self._example

    @property
    def named(self) -> str:
        """The company's name where the learner gave it one: neither Kestrel's nor a template's."""
        borrowed = {
            tree_of(self._path_of(one))["company"] for one in _templates(self._course) if one != "empty"
        }
        name = self._system.company
        return "" if self.is_example or name in borrowed else name

    def year(self) -> float:
        """What an average year costs, to three digits: the learner's, or Kestrel's."""
        return float(f"{mean_loss(self._system):.3g}")

    def start(self, template: str) -> None:
        """Begin anew from Kestrel, a template or nothing; what was typed before is kept beside it."""
        tree = EMPTY if template == "empty" else tree_of(self._path_of(template))
        self._take_over(tree if template == EXAMPLE else self._with_company(tree))

    def _with_company(self, tree):
        """A beginning with the name that the learner gave the company: nobody is asked twice."""
        name = company_of(self._lesson.saved.read())["name"]
        return tree | {"company": name} if name else tree

    def open(self, name: str, text: str) -> None:
        """Go on with the text of a file that the learner chose.

        Raises
        ------
        BadInput
            If it makes no system: the file, the line and the remedy.
        """
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, Path(name).name or "a file")
            path.write_text(text, encoding="utf-8")
            read_system(path)
            tree = tree_of(path)
        self._take_over(tree)

    def describe(self, tree: Tree) -> None:
        """Take over what is typed: save it as it stands, and answer if it makes a system."""
        self._tree, self.own = tree, True
        self._read()
        self.refresh()

    def _take_over(self, tree):
        kept = self._keep_before()
        self._load += 1
        self.describe(tree)
        self._untouched = self._text
        self.widget.status = kept

    def _path_of(self, template):
        if template == EXAMPLE:
            return self._course / f"{EXAMPLE}.yaml"
        if template not in _templates(self._course):
            raise BadInput(
                f"There is no template {template!r}. There are: {', '.join(_templates(self._course))}."
            )
        return self._course / "templates" / f"{template}.yaml"

    def _begin(self):
        """What was typed before, or Kestrel's; and a sentence where the former can't be read."""
        path, trouble = self._place / FILE, ""
        try:
            if path.is_file():
                return tree_of(path), True, ""
        except (BadInput, OSError) as problem:
            trouble = f"{problem} {self._keep_before()}"
        return tree_of(self._course / f"{EXAMPLE}.yaml"), False, trouble

    def _keep_before(self):
        """Put what was typed beside the file under a free name; return the sentence that names it."""
        if not (self._place / FILE).is_file() or self._text == self._untouched:
            return ""  # nothing of the learner's, or a template as it can be had again
        more = (BEFORE.replace(".", f"_{number}.") for number in itertools.count(2))
        name = next(one for one in itertools.chain([BEFORE], more) if not (self._place / one).exists())
        os.replace(self._place / FILE, self._place / name)
        return f"What you had is kept as {name}."

    def _read(self):
        """Save what is typed, and read it as a system."""
        text, places = written(self._tree)
        self._text, self.kept = text, False
        if self.own:
            try:
                self._place.mkdir(parents=True, exist_ok=True)
                new = self._place / f"{FILE}.new"
                new.write_text(text, encoding="utf-8")
                os.replace(new, self._place / FILE)
                self.kept = True
            except OSError:
                pass
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, FILE)
            path.write_text(text, encoding="utf-8")
            found = unticked(self._tree) or system_of(path, places)
        self.refusal = found if isinstance(found, Refusal) else None
        if not isinstance(found, Refusal):
            self._system = found

    def _data(self, data):
        settled = data["bets"].get(self._lesson.number, {})
        told = tuple("truth" in settled.get(id, {}) for id in (YEAR, CARRIER))
        asked = (self._text, self._journey, told, self._offers)
        if self._answered[0] != asked:
            self._answered = (asked, self._answer(*told))
        return {
            "load": self._load,
            "tree": self._tree,
            "own": self.own,
            "kept": self.kept,
            "place": str(self._place / FILE),
            "serial": self._serial,
            "starts": _templates(self._course),
            "typical": _typical(self._course),
            "told": told,
        } | self._answered[1]

    def _answer(self, year, carrier):
        """The answers, with what they must not give away left out; the last ones where there are none."""
        refusal = self.refusal
        answers = self._answered[1].get("answers", {}) if self._answered else {}
        if refusal is None:
            try:
                answers = own_answers(self._system, self._journey, money=year)
                if not carrier:
                    answers["carriers"] = []
                answers["offers"] = own_offers(self._system) if carrier and self._offers else ""
            except BadInput as problem:
                refusal = Refusal(str(problem))
        said = refusal and {"says": refusal.says, "room": refusal.room, "name": refusal.name}
        return {"answers": answers, "refusal": said}

    def _take(self, content):
        if "start" in content:
            self.start(str(content["start"]))
        elif "open" in content:
            self.open(str(content["open"]["name"]), str(content["open"]["text"])[:MOST_LETTERS])
        else:
            self._serial = int(content.get("serial", 0))
            self._journey, self._offers = str(content.get("journey", "")), bool(content.get("offers"))
            if "tree" in content:
                return self.describe(content["tree"])
            self.refresh()

    def _still(self):
        return (
            "<p>Here you describe a system of your own, once the lesson runs. Kestrel's stands in it "
            "to begin with.</p>"
        )


@functools.cache
def _templates(course: Path) -> dict[str, str]:
    """What there is to begin with, by its file, and what it is called."""
    found = sorted(path.stem for path in (course / "templates").glob("*.yaml"))
    return (
        {EXAMPLE: "Kestrel, the course's shop"}
        | {name: spoken(name) for name in found}
        | {"empty": "an empty sheet"}
    )


@functools.cache
def _typical(course: Path) -> list[dict[str, Any]]:
    """Values to start from, each with its room, its fields and where it comes from."""
    return yaml.load((course / "data" / "typical_values.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)
