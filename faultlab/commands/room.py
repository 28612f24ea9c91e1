"""Show what a room of learners bet, answered, tried and gained, from their resume codes, without names; and
the league of game day, skill and luck apart.

Paste the codes into a file, one a line; a chat's names and times beside them do no harm. For the projector,
open `room.html` of the pages that `python3 start.py pages` makes: it needs no server, and shows the same.
"""

from __future__ import annotations

import argparse
from typing import Any

from faultlab.cases.game_day import read_game
from faultlab.classroom import (
    Catalogue,
    codes_in,
    count_room,
    gain_of_room,
    middle_half,
    openings,
    read_codes,
    read_league,
    truths,
    written,
)
from faultlab.errors import BadInput


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the codes."""
    parser.add_argument("codes", help="a file with a resume code a line, or a folder of such files")


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Count the room; the JSON keys are `learners`, `lessons`, `gain`, `games`, `unreadable`."""
    catalogue = Catalogue()
    text = codes_in(arguments.codes)
    states, problems = read_codes(text, catalogue)
    course = catalogue.course
    games, lost = read_league(text, read_game(course / "data" / "game_day.yaml", course / "kestrel.yaml"))
    problems += lost
    if not states and not games:
        raise BadInput(
            f"{arguments.codes}: no line holds a resume code that can be used. {' '.join(problems[:3])}"
        )
    lessons = count_room(states, catalogue, [one["number"] for one in openings(catalogue.course)])
    for lesson in lessons:
        answers = truths(catalogue, lesson["number"])
        bets = catalogue.bets(lesson["number"])
        for bet in lesson["bets"]:
            asked_for = bets[bet["id"]]
            bet["truth"] = None if asked_for.own else answers.get(bet["id"])
            bet |= {"question": asked_for.short, "kind": asked_for.kind, "unit": asked_for.unit}
            bet["own"] = asked_for.own
            bet["options"] = asked_for.counted
        asked = catalogue.questions(lesson["number"])
        for one in lesson["quiz"]:
            one["question"] = asked[one["id"]].text
            one["options"] = [option.text for option in asked[one["id"]].options]
    gain = gain_of_room([state.get("before_and_after", {}) for state in states], catalogue.pairs)
    if gain:
        for item, pair in zip(gain["items"], catalogue.pairs, strict=True):
            item["idea"] = pair.idea
    return {
        "learners": len(states),
        "lessons": lessons,
        "gain": gain,
        "games": games,
        "unreadable": problems,
    }


def _bet_said(bet):
    placed, options = bet["placed"], bet["options"]

    def told(value):
        return written(bet["kind"], value, bet["unit"])

    if options:
        said = [f"{many} bet on: {text}" for many, text in zip(placed, options, strict=True) if many]
    elif placed:
        half = middle_half(placed)
        between = f", half of them between {told(half[0])} and {told(half[1])}" if half else ""
        several = f"{len(placed)} bets from {told(placed[0])} to {told(placed[-1])}{between}"
        said = [several if len(placed) > 1 else f"1 bet: {told(placed[0])}"]
    else:
        said = []
    if said and bet["truth"] is not None:
        said.append(f"the answer: {told(bet['truth'])}")
    if said and bet["own"]:
        said.append("the answer: each has their own, on their own card")
    return [f"  {bet['question'] or bet['id']}", *(f"      {line}" for line in said)] if said else []


def _gain_said(gain):
    of = len(gain["items"])
    said = f"right of {of}: {gain['before']:.1f} before, {gain['after']:.1f} after"
    lines = [f"\nBefore and after, of {gain['learners']} who answered both", f"  {said}"]
    if gain["gain"] is not None:
        span = "" if gain["low"] is None else f" ({gain['low']:.2f} to {gain['high']:.2f}, 90 %)"
        lines.append(f"  normalised gain {gain['gain']:.2f}{span}, after Hake")
    return lines + [
        f"  {one['idea']} {one['before']} right before, {one['after']} after; {one['gained']} gained it, "
        f"{one['lost']} lost it"
        for one in gain["items"]
    ]


def _part(share, what):
    return f"nearly all {what}" if share > 0.99 else f"{100 * share:.0f} % of {what}"


def describe(result: dict[str, Any]) -> str:
    """Say lesson by lesson what the room did."""
    lines = [f"{result['learners']} learner{'' if result['learners'] == 1 else 's'}"]
    for lesson in result["lessons"]:
        lines.append(f"\nLesson {int(lesson['number'])}")
        for bet in lesson["bets"]:
            lines += _bet_said(bet)
        for one in lesson["quiz"]:
            if one["answered"]:
                lines.append(f"  {one['question']} {one['right']} of {one['answered']} right")
                told = zip(one["options"], one["chose"], strict=True)
                lines += [f"      {chose} chose: {option}" for option, chose in told if chose]
        lines += [
            f"  task {one['name']}: {one['correct']} correct, {one['stuck']} stuck, {one['helped']} had help"
            for one in lesson["tasks"]
            if one["correct"] + one["stuck"] + one["helped"]
        ]
    lines += _gain_said(result["gain"]) if result["gain"] else []
    if result["games"]:
        lines.append("\nGame day, level by level the best decisions first")
    lines += [
        f"  {one['team']}: {one['expected']:,.0f} EUR in the mean of all years, so decided better than "
        f"{_part(one['decided_better'], 'plans')}; in {one['called']} ({one['level']}) "
        f"{one['cost']:,.0f} EUR, {one['customers']:,} customers and {one['minutes']:,} minutes, so luckier "
        f"than {_part(one['unluckier'], 'years')}"
        for one in result["games"]
    ]
    return "\n".join([*lines, *result["unreadable"]])
