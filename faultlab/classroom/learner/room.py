"""A room of learners from their resume codes: what was bet, answered and tried, without names.

`faultlab/twin/room.js` says it again for a facilitator with nothing but a browser; tests/twin/ asks both.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from faultlab.classroom.answers import typed
from faultlab.classroom.learner import resume_code
from faultlab.classroom.learner.before_and_after import reaches
from faultlab.classroom.learner.catalogue import PARTS, Catalogue
from faultlab.classroom.learner.league import GAME
from faultlab.classroom.learner.lesson_file import Bet
from faultlab.classroom.learner.record import openings
from faultlab.classroom.learner.seeds import DEFAULT_TEAM
from faultlab.classroom.tasks import labs, tasks_of
from faultlab.errors import BadInput
from faultlab.input_files import text_of
from faultlab.letters import LOOKALIKES

CODE = re.compile(r"(?<![0-9A-Z-])FT[0-9]-?[0-9A-Z-]{6,}", re.I)
LONGEST_LINE = 40
MOST_BYTES = 10_000_000
LEAST_OF_A_MIDDLE = 8
RESULT = re.compile(r" The answer</summary><p>(?:It is )?(.*)\.</p>")
CARD = re.compile("<Your bet: (.+)>")


def codes_in(place: str | Path) -> str:
    """Return the lines of a file, or of all text files in a folder that a room shares.

    Raises
    ------
    BadInput
        If there is no such file, or no text file in the folder.
    """
    place = Path(place)
    files = sorted(place.glob("*.txt")) if place.is_dir() else [place]
    if not files:
        raise BadInput(f"{place} has no .txt file; put the codes into one, a line each.")
    return "\n".join(text_of(file, MOST_BYTES, "a list of resume codes") for file in files)


def read_codes(text: str, catalogue: Catalogue) -> tuple[list[dict[str, Any]], list[str]]:
    """Read the codes that a room has pasted, one a line, whatever else a chat has put beside them.

    The same code counts once. So does a team that sent an earlier code too: the later one holds all of it.

    Parameters
    ----------
    text : str
    catalogue : Catalogue

    Returns
    -------
    states : list of dict
        Each in the form of `Progress.read`, in the order of their lines.
    problems : list of str
        A sentence for each line that could not be used, or not whole.
    """
    states: list[dict[str, Any]] = []
    problems: list[str] = []
    lines: dict[str, int] = {}
    for number, line in enumerate(re.split(r"\r\n|[\n\r]", text), 1):
        found = CODE.search(line)
        if not line.strip() or (GAME.search(line) and not found):
            continue
        if not found:
            said = " ".join(line.split())[:LONGEST_LINE]
            problems.append(f"Line {number}: no code is in “{said}”.")
            continue
        key = found[0].upper().replace("-", "").translate(LOOKALIKES)
        if key in lines:
            problems.append(f"Line {number}: the code of line {lines[key]} again; it counts once.")
            continue
        try:
            state, lost = resume_code.read(found[0], catalogue)
        except BadInput as problem:
            problems.append(f"Line {number}: {problem}")
            continue
        lines[key] = number
        if lost:
            problems.append(f"Line {number}: {lost}")
        states.append(state)
    return [one for one in states if not any(_is_earlier(one, other) for other in states)], problems


def _is_earlier(one, other):
    """Whether a code of a team of its own holds less than another one of that team, and nothing else."""
    if one is other or one["team"] != other["team"] or one["team"] in ("", DEFAULT_TEAM):
        return False
    mine, its = (_entries(state) for state in (one, other))
    return len(mine) < len(its) and all(its.get(place) == entry for place, entry in mine.items())


def _entries(state):
    return {
        (part, number, name): entry
        for part in (*PARTS, "before_and_after")
        for number, entries in state.get(part, {}).items()
        for name, entry in entries.items()
    }


def count_room(states: Sequence[dict[str, Any]], catalogue: Catalogue, numbers: Sequence[str]) -> list[dict]:
    """Count what a room bet, answered and tried.

    Parameters
    ----------
    states : sequence of dict
        From `read_codes`.
    catalogue : Catalogue
    numbers : sequence of str
        The lessons to count, such as "08".

    Returns
    -------
    list of dict
        A lesson each, of those that anybody has begun: `number`; `bets` (`id`, `placed`: numbers in order, or
        how many chose each option); `quiz` (`id`, `answered`, `right`, `chose`: how many took each option, as
        far as codes say it); `tasks` (`name`, `correct`, `stuck`: tried and not yet right, `helped`: saw a
        hint or the solution).
    """
    found = []
    for number in numbers:
        parts = {part: [state[part].get(number, {}) for state in states] for part in PARTS}
        if not any(entries for one in parts.values() for entries in one):
            continue
        asked = catalogue.questions(number)
        quiz = {id: [one[id] for one in parts["quiz"] if id in one] for id in asked}
        tasks = [[one[name] for one in parts["tasks"] if name in one] for name in catalogue.tasks(number)]
        found.append(
            {
                "number": number,
                "bets": [
                    {"id": id, "placed": _placed([one[id]["bet"] for one in parts["bets"] if id in one], bet)}
                    for id, bet in catalogue.bets(number).items()
                ],
                "quiz": [
                    {
                        "id": id,
                        "answered": len(answers),
                        "right": sum(entry["right"] for entry in answers),
                        "chose": [
                            sum(option.text in entry.get("chosen", ()) for entry in answers)
                            for option in asked[id].options
                        ],
                    }
                    for id, answers in quiz.items()
                ],
                "tasks": [
                    {
                        "name": name,
                        "correct": sum(entry["outcome"] == "correct" for entry in entries),
                        "stuck": sum(entry["outcome"] == "try again" for entry in entries),
                        "helped": sum("hints" in entry or "solution" in entry for entry in entries),
                    }
                    for name, entries in zip(catalogue.tasks(number), tasks, strict=True)
                ],
            }
        )
    return found


def _placed(values: list, bet: Bet) -> list:
    return [values.count(option) for option in bet.counted] if bet.kind == "choice" else sorted(values)


def middle_half(placed: Sequence[float]) -> tuple[float, float] | None:
    """Return what half of a room's numbers lie between, as many of them below it as above.

    Parameters
    ----------
    placed : sequence of float
        In order.

    Returns
    -------
    tuple of float or None
        None for fewer than eight: of so few, the lowest and the highest say more.
    """
    outside = (len(placed) + 1) // 4
    return (placed[outside], placed[-1 - outside]) if len(placed) >= LEAST_OF_A_MIDDLE else None


def truths(catalogue: Catalogue, number: str) -> dict[str, float | str]:
    """The answers to a lesson's bets, as its notebook was saved with them.

    Returns
    -------
    dict
        By the bet's id, a number in its unit (a probability as a fraction) or an option's text.
    """
    path = next(iter(catalogue.course.glob(f"{number}_*.ipynb")), None)
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"] if path else []
    said = {}
    for cell in cells:
        shown = [output.get("data", {}) for output in cell.get("outputs", [])]
        words = ["".join(data.get(kind, "")) for data in shown for kind in ("text/html", "text/plain")]
        result = next((match[1] for match in map(RESULT.search, words) if match), None)
        card = next((match[1] for match in map(CARD.search, words) if match), None)
        if result and card:
            said[card] = result
    return {id: _truth(said[id], bet) for id, bet in catalogue.bets(number).items() if id in said}


def _truth(text: str, bet: Bet) -> float | str:
    if bet.kind == "choice":
        return text
    if bet.kind == "probability":
        return typed.number(text, "%") / 100
    return typed.number(text, bet.unit)


def room_facts(catalogue: Catalogue, numbers: Sequence[str]) -> dict[str, Any]:
    """What the view of a room needs to know of the course, as plain data."""
    titles = {one["number"]: one["title"] for one in openings(catalogue.course)}
    # Here: an engine is behind it, and a lesson's first bet needs none.
    from faultlab.cases.game_day import game_for_browser, read_game

    files = (catalogue.course / "data" / "game_day.yaml", catalogue.course / "kestrel.yaml")
    return {
        "catalogue": catalogue.for_browser(numbers),
        "game": game_for_browser(read_game(*files)) if all(file.is_file() for file in files) else None,
        "reaches": reaches(),
        "lessons": {
            number: {
                "title": titles.get(number, number),
                "bets": {
                    id: {"question": bet.question, "kind": bet.kind, "unit": bet.unit}
                    | {"low": bet.low, "high": bet.high, "options": bet.counted}
                    | {"own": bet.own, "truth": None if bet.own else known.get(id)}
                    for id, bet in catalogue.bets(number).items()
                },
                "quiz": {id: one.text for id, one in catalogue.questions(number).items()},
                "tasks": {name: task.title for name, task in tasks_of(number).items()}
                if number in labs()
                else {},
            }
            for number in numbers
            for known in [truths(catalogue, number)]
        },
    }
