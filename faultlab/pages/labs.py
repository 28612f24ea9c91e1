"""A lab as a page: its decisions whole, without Python; of its functions the question and the door.

No answer stands on the page. What is right is known by a salted digest of the place in which it lies, and so
are the wrong answers that people give; what is said to them, hints and solutions are veiled. Whether a number
is too high is known by bits that are locked one by one.
"""

from __future__ import annotations

import hashlib
import math
import re
import struct
from collections.abc import Callable, Sequence
from pathlib import Path
from string import ascii_lowercase, ascii_uppercase, digits
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from faultlab.classroom.answers import PERIODS, Choice, Function, Names, Number, name_key, words
from faultlab.classroom.learner import DEFAULT_TEAM, team_code, team_codes
from faultlab.classroom.notebook import Box
from faultlab.classroom.tasks import lesson_number, tasks_of
from faultlab.errors import BadInput
from faultlab.input_files import table_records, text_of
from faultlab.pages.cells import door, html_output, text_cell
from faultlab.pages.page import page
from faultlab.pages.running import run_cell

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from faultlab.classroom.answers.kinds import Task

TEAMS = team_codes(24)
"""Those of the cards that `python -m faultlab teams` prints unless it is told otherwise."""

MOST_TEAMS = 60
MOST_BYTES = 100_000
WITH_CODE = re.compile(r"; or here, with \*Show the code\*: `open_lab\(.*?\)`")
WITHOUT_CODE = "; or here, under *Another team*"
CHECKED = re.compile(r"check\.(\w+)\.question\(")
DRAWS = re.compile(r"^figure\(", re.M)
"""What a lab draws, it draws of the numbers of a team."""

LETTERS = 8
"""Of a digest, in hexadecimal: one wrong answer in four thousand million is taken for right."""

ORDERED = 40
"""Bits of a number that are compared to say whether it is too high: it is then known to nine digits."""

LETTERS_AND_DIGITS = (ascii_lowercase, ascii_uppercase, digits)
VEIL = str.maketrans(
    "".join(LETTERS_AND_DIGITS),
    "".join(row[len(row) // 2 :] + row[: len(row) // 2] for row in LETTERS_AND_DIGITS),
)


def read_teams(path: Path) -> tuple[str, ...]:
    """Return the team codes of a workshop, one a line; an empty line and what follows # are left out.

    A table with the columns learner and team, which `faultlab grade` reads, is such a list too.

    Raises
    ------
    BadInput
        Names the line that is no team code, or says that there are none, or too many for a page.
    """
    found: dict[str, None] = {}
    text = text_of(path, MOST_BYTES, "a list of teams")
    lines = list(enumerate(text.splitlines(), 1))
    if re.search(r"[,;\t]", lines[0][1] if lines else ""):
        records = table_records(text, path.name)
        heads = [head.strip().lower() for head in records[0][1]]
        if "team" not in heads:
            raise BadInput(f"{path.name}: write one team code a line, or a table with a column team.")
        place = heads.index("team")
        lines = [(number, cells[place]) for number, cells in records[1:] if len(cells) > place]
    for number, line in lines:
        if code := line.partition("#")[0].strip():
            try:
                found[team_code(code)] = None
            except BadInput as problem:
                raise BadInput(f"{path.name}, line {number}: {problem}") from None
    if not 1 <= len(found) <= MOST_TEAMS:
        raise BadInput(f"{path.name} names {len(found)} teams; a page has room for 1 to {MOST_TEAMS}.")
    return tuple(found)


def lab_page(
    notebook: NotebookNode,
    name: str,
    facts: dict[str, Any],
    teams: Sequence[str],
    link: Callable[[str, str], str],
    folder: Path,
) -> str:
    """Return the page of a lab.

    Parameters
    ----------
    notebook : NotebookNode
        The lab as it was built.
    name : str
        Its name, such as "08_metrics".
    facts : dict
        What the page knows of the course: `door`, `next`, and what a resume code needs.
    teams : sequence of str
        Their codes; the team of those who have chosen none is always there.
    link : callable
        From a room and a notebook's name to the address of its page.
    folder : Path
        Where the lab lies.
    """
    tasks, parts, data = tasks_of(name), [], []
    codes = (DEFAULT_TEAM, *(code for code in teams if code != DEFAULT_TEAM))
    for cell in notebook.cells:
        asked = CHECKED.match(cell.source)
        if cell.cell_type == "markdown":
            parts.append(text_cell(WITH_CODE.sub(WITHOUT_CODE, cell.source), link))
        elif "open_lab(" in cell.source:
            parts.append("<div class='jp-Cell jp-CodeCell lab-team'></div>")
        elif "check.summary(" in cell.source:
            parts.append("<div class='jp-Cell jp-CodeCell lab-summary'></div>")
        elif DRAWS.search(cell.source):
            parts.append(_drawn(cell.source, name, codes, folder))
        elif asked:
            task = tasks[asked[1]]
            parts.append(_still(task, name, facts["door"]))
            if isinstance(task, Number | Choice | Names):
                data.append(decision(task, name, codes))
    title = notebook.cells[0].source.partition("\n")[0].lstrip("# ")
    number = lesson_number(name)
    lab = facts | {"lab": name, "number": number, "name": f"Lab {int(number)}", "teams": codes, "tasks": data}
    body = f"<div class='look faultlab-bar'></div><main class='jp-Notebook look'>{''.join(parts)}</main>"
    return page(title, body, {"lab": lab}, "lab_page.js", ("lab",))


def _drawn(source: str, lab: str, teams: Sequence[str], folder: Path) -> str:
    """What a cell draws: each drawing once, with the teams that have it; the first team's is seen."""
    tasks = tasks_of(lab)

    def check(team: str) -> dict[str, object]:
        numbers = {name: SimpleNamespace(numbers=task.numbers(team, lab)) for name, task in tasks.items()}
        return {"check": SimpleNamespace(**numbers)}

    of_teams: dict[str, list[str]] = {}
    for team, html in zip(teams, run_cell(source, folder, [check(team) for team in teams]), strict=True):
        of_teams.setdefault(html, []).append(team)
    shown = "".join(
        html_output(html, f" data-teams='{' '.join(codes)}'{'' if teams[0] in codes else ' hidden'}")
        for html, codes in of_teams.items()
    )
    return (
        "<div class='jp-Cell jp-CodeCell'><div class='jp-Cell-outputWrapper'>"
        f"<div class='jp-OutputArea'>{shown}</div></div></div>"
    )


def _still(task: Task, lab: str, binder: str) -> str:
    """The question with the first team's numbers: what stands there without scripts."""
    points = f"Task, {task.points} point" + ("s" if task.points != 1 else "")
    asked = Box("task", task.title, task.asked(task.numbers(DEFAULT_TEAM, lab)), head=points)._repr_html_()
    way = "" if isinstance(task, Number | Choice | Names) else door(_behind(task), binder)
    return (
        f"<div class='jp-Cell jp-CodeCell faultlab-task faultlab-asked' data-task='{task.name}'>"
        f"<div class='jp-Cell-outputWrapper'><div class='jp-OutputArea'>{asked}{way}</div></div></div>"
    )


def _behind(task):
    """What one does with a task that no page can judge."""
    if isinstance(task, Function):
        return "You write the function, and it is run on cases of your team's at once."
    return "You give your own in a form, without code, and it is read and checked at once."


def veiled(text: str) -> str:
    """A text that nobody reads by accident; the same again makes it readable.

    >>> veiled("Answer: 86.4"), veiled(veiled("Answer: 86.4"))
    ('Nafjre: 31.9', 'Answer: 86.4')
    """
    return text.translate(VEIL)


def decision(task: Number | Choice | Names, lab: str, teams: Sequence[str]) -> dict[str, Any]:
    """Return what the page has to know of a task: what is asked, and how an answer is known, team by team.

    Texts that teams share stand once, in `texts`; a team has their places.
    """
    texts: dict[str, int] = {}

    def kept(text: str, hidden: bool = True) -> int:
        return texts.setdefault(veiled(text) if hidden else text, len(texts))

    def of_team(team: str) -> list[Any]:
        numbers, salt = task.numbers(team, lab), "\x1f".join((lab, team, task.name))
        place = _places(task, salt)
        hints = [task.hint(step, numbers) or "" for step in range(len(task.hints))]
        wrong = [
            (place(one.answer(numbers))[0], kept(task.filled(one.hint, numbers)))
            for one in task.misconceptions
        ]
        return [
            kept(task.asked(numbers), hidden=False),
            [kept(hint) for hint in hints],
            kept(task.explained(numbers)),
            kept(task.filled(task.why, numbers)),
            place(task.reference(numbers)),
            wrong,
            *([_locked(task.reference(numbers), salt)] if isinstance(task, Number) else []),
        ]

    by_team = [of_team(team) for team in teams]
    periods = [word for word in PERIODS if re.search(rf"\b{word}\b", task.question.lower())]
    about: dict[str, Any] = {"name": task.name, "title": task.title, "points": task.points}
    if isinstance(task, Number):
        about |= {"kind": "number", "unit": task.unit, "whole": task.whole, "decimals": task.decimals}
    elif isinstance(task, Choice):
        said = {letter: "" if "{" in text else text for letter, text in task.texts.items()}
        about |= {"kind": "choice", "options": said}
    else:
        about |= {"kind": "names", "letters": task.letters}
    return about | {"periods": " ".join(periods), "texts": list(texts), "teams": by_team}


def _places(task: Number | Choice | Names, salt: str) -> Callable[[Any], list[Any]]:
    """From an answer to where it lies, as the page finds it: a digest, and what the way to it needs."""

    def digest(text: str) -> str:
        return _salted(salt, text)[:LETTERS]

    if isinstance(task, Choice):
        return lambda letter: [digest(letter)]
    if isinstance(task, Names):

        def of_names(names):
            keys = sorted({name_key(name) for name in words(names)})
            return [digest("|".join(keys)), *(digest(key) for key in keys)]

        return of_names

    def of_number(value):
        value = float(value)
        if task.whole:
            return [_cell(value, 0, 1, digest)]
        if task.decimals is not None:
            near = 10 ** (1 - task.decimals)
            return [_cell(value, 0, 1.000002 * 10**-task.decimals, digest), _cell(value, 0, 2 * near, digest)]
        if task.tolerance * abs(value) > task.absolute:
            return [_cell(value, 1, -2 * math.log(1 - task.tolerance), digest)]
        return [_cell(value, 0, 2 * task.absolute, digest)]

    return of_number


def _salted(salt: str, text: str) -> str:
    return hashlib.sha256(f"{salt}\x1f{text}".encode()).hexdigest()


def _locked(value: float, salt: str) -> str:
    """The bits of a number, the greatest first, each turned by a digest of those before it.

    Who has a number reads as many of them as the two have in common, and one more: whether it is higher.
    """
    (bits,) = struct.unpack(">Q", struct.pack(">d", float(value) + 0.0))
    in_order = bits ^ (2**64 - 1 if bits >> 63 else 2**63)
    text = f"{in_order:064b}"[:ORDERED]
    turned = (int(text[i]) ^ int(_salted(salt, text[:i])[0], 16) & 1 for i in range(ORDERED))
    return f"{int(''.join(map(str, turned)), 2):0{ORDERED // 4}x}"


def _cell(value: float, log: int, width: float, digest: Callable[[str], str]) -> list[Any]:
    """A ruler with cells as wide as what is taken for right; the value lies in the middle of one."""
    at = math.log(abs(value)) if log else value
    offset = float(f"{(at - width / 2) % width:.12g}")
    sign = "below " if log and value < 0 else ""
    return [log, width, offset, digest(f"{sign}{math.floor((at - offset) / width)}")]
