"""The course as pages that need no server: built from the notebooks, a file a lesson.

The lessons run in processes of their own, as many at a time as there are processors. Two builds of the same
course are equal, byte for byte.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import zipfile
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from faultlab.classroom.learner import (
    Catalogue,
    LessonFile,
    course_record,
    empty,
    read_lesson_file,
    room_facts,
)
from faultlab.errors import BadInput
from faultlab.pages import recordings
from faultlab.pages.cells import HOW, code_cell, text_cell
from faultlab.pages.index import ROOM, entry, index_page, room_page
from faultlab.pages.labs import TEAMS, lab_page
from faultlab.pages.mounts import Mounted, kinds_in
from faultlab.pages.page import SCRIPTS, page
from faultlab.pages.running import run_lesson
from faultlab.views.kit import LongRun

HEAVIEST = 300_000
"""Bytes that a page may weigh, compressed as a web host sends it."""
if TYPE_CHECKING:
    from nbformat import NotebookNode

ARCHIVE = "fault-tolerant-systems.zip"
LESSON = re.compile(r"\d\d_\w+")


@dataclass(frozen=True)
class Site:
    """What is built, from where, and for whom.

    Parameters
    ----------
    course : Path
        The folder of the lessons.
    repository : str
        OWNER/REPOSITORY on a public host, for the door to Binder; "" where there is none.
    teams : tuple of str
        The codes of the teams whose numbers the labs' pages have.
    """

    course: Path
    repository: str = ""
    teams: tuple[str, ...] = TEAMS

    @property
    def lessons(self) -> list[str]:
        """The names of the lessons, in order."""
        return sorted(path.stem for path in self.course.glob("*.ipynb") if LESSON.fullmatch(path.stem))

    @property
    def pages(self) -> list[str]:
        """The names of all notebooks that become pages: the lessons, the ten decisions, and My page."""
        more = ("before_and_after", "my_page")
        return self.lessons + [name for name in more if (self.course / f"{name}.ipynb").is_file()]

    def glossary(self, text: str) -> str:
        """The lines of the course's glossary whose words a text has."""
        path = self.course / "glossary.yaml"
        lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
        there = text.lower()

        def occurs(line):
            return any(form.lower() in there for form in line.partition(": ")[0].split(", "))

        return "\n".join(line for line in lines if not line.startswith("#") and occurs(line))

    @property
    def labs(self) -> list[str]:
        """The names of the labs, in order."""
        return sorted(path.stem for path in self.labs_folder.glob("*.ipynb") if LESSON.fullmatch(path.stem))

    @property
    def labs_folder(self) -> Path:
        """Where the labs lie."""
        return self.course.parent / "labs"

    def notebook(self, name: str, lab: bool = False) -> NotebookNode:
        """A lesson's or a lab's notebook, as it was built."""
        import nbformat

        return nbformat.read((self.labs_folder if lab else self.course) / f"{name}.ipynb", as_version=4)

    def door(self, path: str) -> str:
        """Where the code of a notebook runs: Binder, or what the index says of the two commands."""
        if not self.repository:
            return HOW
        return f"https://mybinder.org/v2/gh/{self.repository}/HEAD?urlpath=lab/tree/{path}"

    def link(self, room: str, name: str) -> str:
        """The address of a notebook's page."""
        if room == "course":
            return f"{name}.html"
        return f"lab_{name}.html" if name in self.labs else self.door(f"{room}/{name}.ipynb")

    def after(self, name: str, lab: bool = False) -> list[dict[str, str]]:
        """What follows a lesson or a lab, as a list of one: its lab, the next lesson, or My page."""
        number = name[:2]
        labs = [] if lab else [one for one in self.labs if one[:2] == number]
        later = [one for one in self.lessons if one[:2] > number]
        named = [{"label": f"Lab {int(one[:2])}", "href": f"lab_{one}.html"} for one in labs]
        named += [{"label": f"Lesson {int(one[:2])}", "href": f"{one}.html"} for one in later]
        named += [{"label": "My page", "href": f"{one}.html"} for one in self.pages if one == "my_page"]
        return named[:1]


@dataclass(frozen=True)
class Built:
    """A page that was built."""

    lesson: str
    html: str
    pictures: int

    @property
    def weight(self) -> int:
        """Bytes, compressed."""
        return len(gzip.compress(self.html.encode(), 9))


def build(
    site: Site, names: Sequence[str], out: Path, told: Callable[[Built], None] = lambda built: None
) -> list[Path]:
    """Build the pages of lessons and write them.

    Parameters
    ----------
    site : Site
    names : sequence of str
        Names or numbers of lessons; all of them where it is empty.
    out : Path
        The folder.
    told : callable
        Called with each page as soon as it is written.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    BadInput
        If a lesson can't be made a page: names the lesson and the cell.
    """
    wanted = wanted_lessons(site, names)
    _make(out)
    written = []
    context = get_context("spawn")  # a process that has run a lesson is not used again
    with ProcessPoolExecutor(os.cpu_count() or 1, mp_context=context, max_tasks_per_child=1) as pool:
        running = [pool.submit(lesson_page, site, name) for name in sorted(wanted, key=_longest_first(site))]
        numbers = {name[:2] for name in wanted}
        running += [pool.submit(built_lab, site, name) for name in site.labs if name[:2] in numbers]
        try:
            for done in as_completed(running):
                built = done.result()
                if built.weight > HEAVIEST:
                    raise BadInput(
                        f"{built.lesson}: the page weighs {built.weight / 1000:.0f} kB compressed, more than "
                        f"{HEAVIEST / 1000:.0f} kB; give its largest Explorer fewer steps."
                    )
                path = out / f"{built.lesson}.html"
                _write(path, built.html)
                written.append(path)
                told(built)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    if not names:
        written += _frame(site, out, sorted(written))
    return sorted(written)


def _frame(site, out, lessons):
    """The first page, what keeps all of it for a time without network, and all of it in one file."""
    labs = {name[:2]: f"lab_{name}.html" for name in site.labs}
    entries = []
    for name in site.lessons:
        decision = read_lesson_file(site.course / f"{name}.yaml").decision
        asked = decision.question if decision else ""
        entries.append(entry(name, site.notebook(name), asked, labs.get(name[:2], "")))
    door = site.door(f"course/{site.lessons[0]}.ipynb") if site.repository else ""
    index = out / "index.html"
    _write(index, index_page(entries, needed(course_facts(site), ("place",), ""), ARCHIVE, door))
    room = out / ROOM
    _write(room, room_page(room_facts(Catalogue(site.course), [name[:2] for name in site.lessons])))
    pages = [index, room, *lessons]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in pages)).hexdigest()[:16]
    offline = out / "offline.js"
    listed = ", ".join(f'"{path.name}"' for path in pages)
    text = (SCRIPTS / "offline.js").read_text(encoding="utf-8")
    _write(offline, text.replace("VERSION", digest).replace('"PAGES"', listed))
    archive = out / ARCHIVE
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        for path in pages:  # with no time in it, so that two builds are equal
            about = zipfile.ZipInfo(f"fault-tolerant-systems/{path.name}", (1980, 1, 1, 0, 0, 0))
            about.compress_type, about.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            file.writestr(about, path.read_bytes())
    return [index, room, offline, archive]


def record(site: Site, names: Sequence[str]) -> list[Path]:
    """Run what lessons show as recordings and nobody has recorded yet; return the files written."""
    written = []
    for name in wanted_lessons(site, names):
        shown = run_lesson(site.notebook(name), site.course, name)
        runs = [widget for one in shown.values() for widget in one.widgets if isinstance(widget, LongRun)]
        written += [
            recordings.record(run, name)
            for run in runs
            if not recordings.path_of(run.widget.title, name).is_file()
        ]
    return written


def wanted_lessons(site: Site, names: Sequence[str]) -> list[str]:
    """The names of the lessons that numbers or names mean; of all lessons, where there are none."""
    wanted = [name for name in site.pages if not names or name in names or name[:2] in names]
    for name in names:
        if not any(name in (lesson, lesson[:2]) for lesson in wanted):
            raise BadInput(f"There is no lesson {name!r} in {site.course}.")
    return wanted


def _longest_first(site):
    """Long work begins first, so that the processors end together; a notebook's size is a fair guess."""
    return lambda name: -(site.course / f"{name}.ipynb").stat().st_size


def lesson_page(site: Site, name: str) -> Built:
    """Build the page of one lesson."""
    notebook = site.notebook(name)
    known = name in site.lessons
    file = read_lesson_file(site.course / f"{name}.yaml") if known else LessonFile({}, ())
    mounted = Mounted(name, site.door(f"course/{name}.ipynb"))
    shown = run_lesson(notebook, site.course, name)
    parts, title = [], ""
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type == "markdown":
            title = title or cell.source.partition("\n")[0].lstrip("# ")
            parts.append(text_cell(cell.source, site.link))
        elif cell.cell_type == "code":
            mounts = [mounted.mount(widget, number) for widget in shown[number].widgets]
            parts.append(code_cell(cell.source, shown[number].outputs, mounts, f"{name}, cell {number + 1}"))
    text = "".join(parts)
    kinds = kinds_in(text)
    lesson = {
        "lesson": name,
        "number": name[:2] if known else "",
        "name": f"Lesson {int(name[:2])}" if known else title,
        "next": site.after(name) if known else [],
        "door": site.door(f"course/{name}.ipynb"),
        "bets": {id: asdict(bet) for id, bet in file.bets.items()},
        "truths": mounted.truths,
        "questions": [asdict(question) for question in file.quiz],
        "decision": file.decision and asdict(file.decision),
        "glossary": site.glossary(text),
        **needed(course_facts(site), kinds, name[:2]),
    }
    first = next((id for id in mounted.data), None)
    html = page(
        title,
        f"<div class='look faultlab-bar'></div><main class='jp-Notebook look'>{text}</main>",
        {"lesson": lesson} | mounted.data,
        "lesson_page.js",
        ("lesson",) if first is None else ("lesson", first),
        kinds,
    )
    return Built(name, html, sum(one["count"] for one in mounted.data.values() if "count" in one))


def built_lab(site: Site, name: str) -> Built:
    """Build the page of one lab."""
    facts = {
        "door": site.door(f"labs/{name}.ipynb"),
        "next": site.after(name, lab=True),
        "catalogue": course_facts(site)["catalogue"],
    }
    notebook = site.notebook(name, lab=True)
    facts["glossary"] = site.glossary("\n".join(cell.source for cell in notebook.cells))
    return Built(f"lab_{name}", lab_page(notebook, name, facts, site.teams, site.link, site.labs_folder), 0)


def needed(facts: dict, kinds: Sequence[str], number: str) -> dict:
    """What a page with these kinds of widgets needs of the facts of the course."""
    if {"page", "where", "decisions"} & set(kinds):
        return facts
    wanted = {"mondays": {number: facts["mondays"].get(number, [])}}
    if "record" in kinds:  # scores, which no question goes into
        wanted["everyBet"] = {
            of: {id: {"kind": bet["kind"], "unit": bet["unit"]} for id, bet in bets.items()}
            for of, bets in facts["everyBet"].items()
        }
    if {"place", "code"} & set(kinds):
        wanted["catalogue"] = facts["catalogue"]
    return wanted


def course_facts(site: Site) -> dict:
    """What pages know of the whole course: for the resume code, and for the learner's record."""
    catalogue = Catalogue(site.course)
    numbers = [name[:2] for name in site.lessons]
    asked = {
        number: {
            id: {"question": bet.question, "short": bet.short, "kind": bet.kind, "unit": bet.unit}
            for id, bet in catalogue.bets(number).items()
        }
        for number in numbers
    }
    lessons = course_record(empty(), catalogue)["lessons"]
    return {
        "everyBet": asked,
        "catalogue": catalogue.for_browser(numbers),
        "decisions": {one["number"]: one["decision"] and one["decision"]["question"] for one in lessons},
        "mondays": {one["number"]: [line["question"] for line in one["monday"]] for one in lessons},
        "openings": [
            {key: one[key] for key in ("number", "title", "minutes")}
            | {"link": f"{Path(one['link']).stem}.html"}
            for one in lessons
        ],
    }


def _make(out):
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise BadInput(f"{out}: {problem.strerror}. Choose another folder with --out.") from None


def _write(path, text):
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as problem:
        raise BadInput(f"{path}: {problem.strerror}. Choose another folder with --out.") from None
