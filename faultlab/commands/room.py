"""Show what a room of learners bet, answered and tried, from their resume codes, without names; and the
league of game day, skill and luck apart.

Paste the codes into a file, one a line; a chat's names and times beside them do no harm. For the projector,
open `room.html` of the pages that `python3 start.py pages` makes: it needs no server, and shows the same.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from faultlab.cases.game_day import QUARTERS, read_game, read_game_code, score
from faultlab.classroom import GAME, Catalogue, count_room, openings, read_codes, truths
from faultlab.errors import BadInput
from faultlab.input_files import text_of

MOST_BYTES = 10_000_000
LONGEST_NAME = 30  # letters
CLOCK = " 0123456789:,."  # what a chat puts behind a name


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the codes."""
    parser.add_argument("codes", help="a file with a resume code a line, or a folder of such files")


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Count the room; the JSON keys are `learners`, `lessons`, `games` and `unreadable`."""
    place, catalogue = Path(arguments.codes), Catalogue()
    files = sorted(place.glob("*.txt")) if place.is_dir() else [place]
    if not files:
        raise BadInput(f"{place} has no .txt file; put the codes into one, a line each.")
    text = "\n".join(text_of(file, MOST_BYTES, "a list of resume codes") for file in files)
    states, problems = read_codes(text, catalogue)
    games, lost = _league(text, catalogue.course)
    problems += lost
    if not states and not games:
        raise BadInput(f"{place}: no line holds a resume code that can be used. {' '.join(problems[:3])}")
    lessons = count_room(states, catalogue, [one["number"] for one in openings(catalogue.course)])
    for lesson in lessons:
        answers = truths(catalogue, lesson["number"])
        for bet in lesson["bets"]:
            bet["truth"] = answers.get(bet["id"])
    return {"learners": len(states), "lessons": lessons, "games": games, "unreadable": problems}


def _league(text, course):
    """The finished games in a text, the best decisions first, and what is wrong with the others."""
    found: dict[str, dict[str, Any]] = {}
    problems: list[str] = []
    game = read_game(course / "data" / "game_day.yaml", course / "kestrel.yaml")
    for number, line in enumerate(text.splitlines(), 1):
        code = GAME.search(line)
        if not code or code[0].upper() in found:
            continue
        try:
            year = read_game_code(game, code[0])
        except BadInput as problem:
            problems.append(f"Line {number}: {problem}")
            continue
        if year.quarter < QUARTERS or year.pending:
            problems.append(f"Line {number}: this game isn't finished; play it to the end of the year.")
            continue
        result = score(year)
        found[code[0].upper()] = {
            "team": " ".join(line[: code.start()].split()).rstrip(CLOCK)[:LONGEST_NAME] or f"line {number}",
            "level": year.level.id,
            "year": year.seed,
            "cost": result.total,
            "customers": result.customers,
            "minutes": result.minutes,
            "expected": result.expected,
            "decided_better": result.decided_better,
            "unluckier": result.unluckier,
        }
    return sorted(found.values(), key=lambda one: one["expected"]), problems


def describe(result: dict[str, Any]) -> str:
    """Say lesson by lesson what the room did."""
    lines = [f"{result['learners']} learners"]
    for lesson in result["lessons"]:
        lines.append(f"\nLesson {int(lesson['number'])}")
        for bet in lesson["bets"]:
            if any(bet["placed"]):
                lines.append(f"  bet {bet['id']}: {', '.join(f'{value:g}' for value in bet['placed'])}")
                lines.append(f"      the answer: {bet['truth']}")
        lines += [
            f"  {one['id']}: {one['right']} of {one['answered']} right"
            for one in lesson["quiz"]
            if one["answered"]
        ]
        lines += [
            f"  task {one['name']}: {one['correct']} correct, {one['stuck']} stuck, {one['helped']} had help"
            for one in lesson["tasks"]
            if one["correct"] + one["stuck"] + one["helped"]
        ]
    if result["games"]:
        lines.append("\nGame day, the best decisions first")
    lines += [
        f"  {one['team']}: {one['cost']:,.0f} EUR in year {one['year']} ({one['level']}), and "
        f"{one['expected']:,.0f} on average; "
        f"decided better than {100 * one['decided_better']:.0f} % of plans, "
        f"luckier than {100 * one['unluckier']:.0f} % of years"
        for one in result["games"]
    ]
    return "\n".join([*lines, *result["unreadable"]])
