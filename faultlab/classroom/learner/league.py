"""Game day's league: the finished games of a room, from their codes, skill and luck apart.

A finished year's code says how it was judged, so a hundred are read at once. One of before that doesn't is
played here; `faultlab/twin/room.js`, which reads them for a page, has no engine and says so.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from faultlab.errors import BadInput

if TYPE_CHECKING:
    from faultlab.cases.game_day import Game

GAME = re.compile(r"(?<![0-9A-Z-])GD[0-9]-?[0-9A-Z-]{6,}", re.I)
"""The code of a game of lesson 11."""

LONGEST_NAME = 30  # letters
CLOCK = " 0123456789:,.[]"  # what a chat puts around a name


def read_league(text: str, game: Game) -> tuple[list[dict[str, Any]], list[str]]:
    """Read the games in what a chat has, a line each.

    Returns
    -------
    league : list of dict
        A finished game each, level by level the best decisions first: `team` (what stands before the code),
        `called` (the year's name while it is played), `level`, `year`, `cost` in EUR, `customers`, `minutes`,
        `expected` (the same decisions in the mean of all years), `decided_better` and `unluckier` (shares).
    problems : list of str
        A sentence for each line that could not be used.
    """
    found: dict[str, dict[str, Any]] = {}
    problems: list[str] = []
    for number, line in enumerate(re.split(r"\r\n|[\n\r]", text), 1):
        code = GAME.search(line)
        key = code[0].upper().replace("-", "") if code else ""
        if not code or key in found:
            continue
        try:
            judged = _judged(game, code[0])
        except BadInput as problem:
            problems.append(f"Line {number}: {problem}")
            continue
        team = " ".join(line[: code.start()].split()).strip(CLOCK)[:LONGEST_NAME]
        called = game.called(judged["year"])
        found[key] = {"team": team or f"line {number}", "called": called} | judged
    levels = list(game.levels)
    return sorted(found.values(), key=lambda one: (levels.index(one["level"]), one["expected"])), problems


def _judged(game, code):
    from faultlab.cases.game_day import UNFINISHED, read_game_code, read_judged_year, score

    known = read_judged_year(game, code)
    if known:
        return known
    year = read_game_code(game, code)
    if not year.over:
        raise BadInput(UNFINISHED)
    result = score(year)
    return {
        "level": year.level.id,
        "year": year.seed,
        "cost": result.total,
        "customers": result.customers,
        "minutes": result.minutes,
        "expected": result.expected,
        "decided_better": result.decided_better,
        "unluckier": result.unluckier,
    }
