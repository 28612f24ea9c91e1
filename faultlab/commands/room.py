"""Show what a room of learners bet, answered and tried, from their resume codes, without names.

Paste the codes into a file, one a line; a chat's names and times beside them do no harm. For the projector,
open `room.html` of the pages that `python3 start.py pages` makes: it needs no server, and shows the same.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from faultlab.classroom import Catalogue, count_room, openings, read_codes, truths
from faultlab.errors import BadInput
from faultlab.input_files import text_of

MOST_BYTES = 10_000_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the codes."""
    parser.add_argument("codes", help="a file with a resume code a line, or a folder of such files")


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Count the room; the JSON keys are `learners`, `lessons` and `unreadable`."""
    place, catalogue = Path(arguments.codes), Catalogue()
    files = sorted(place.glob("*.txt")) if place.is_dir() else [place]
    if not files:
        raise BadInput(f"{place} has no .txt file; put the codes into one, a line each.")
    text = "\n".join(text_of(file, MOST_BYTES, "a list of resume codes") for file in files)
    states, problems = read_codes(text, catalogue)
    if not states:
        raise BadInput(f"{place}: no line holds a resume code that can be used. {' '.join(problems[:3])}")
    lessons = count_room(states, catalogue, [one["number"] for one in openings(catalogue.course)])
    for lesson in lessons:
        answers = truths(catalogue, lesson["number"])
        for bet in lesson["bets"]:
            bet["truth"] = answers.get(bet["id"])
    return {"learners": len(states), "lessons": lessons, "unreadable": problems}


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
    return "\n".join([*lines, *result["unreadable"]])
