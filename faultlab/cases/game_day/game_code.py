"""A game in one line: level, seed, what was bought and decided so far, and a check. It plays on anywhere.

Behind a finished year stands how it was judged, so that a room's league needs no engine:
`faultlab/twin/game_code.js` reads it for a page without a kernel; tests/twin/ asks both.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from faultlab.cases.game_day.game_file import QUARTERS, Game
from faultlab.cases.game_day.year import MOST_SEEDS, YearInPlay
from faultlab.errors import BadInput
from faultlab.letters import GAME as PREFIX
from faultlab.letters import body_of, check_letters, spelled, value_of

if TYPE_CHECKING:
    from faultlab.cases.game_day.scoring import Score

MOST_LETTERS = 80
UNFINISHED = "This game isn't finished; play it to the end of the year."
UNPLAYABLE = "This code holds no game that can be played; compare it with the original."
_RULES, _MOST_WAYS, _WAYS = 1024, 64, 3
JUDGED = {
    "cost": (1_000, 1 << 17),
    "customers": (1, 1 << 20),
    "minutes": (1, 1 << 20),
    "expected": (1_000, 1 << 17),
    "decided_better": (0.001, 1001),
    "unluckier": (0.001, 1001),
}
"""What a finished year's code says of it: the step that each number is rounded to, and how many there are."""


@dataclass(frozen=True)
class _Unpacked:
    level: str
    seed: int
    changed: list[list[str]]
    ways: list[int]
    judged: dict[str, float] | None


def write_game_code(year: YearInPlay, judged: Score | None = None) -> str:
    """Return the code of a game as far as it has been played.

    Parameters
    ----------
    year : YearInPlay
    judged : Score, optional
        Of a finished year; a room's league reads it.

    Examples
    --------
    >>> from faultlab.cases.game_day.game_file import read_game
    >>> game = read_game("course/data/game_day.yaml", "course/kestrel.yaml")
    >>> year = YearInPlay(game, "board", seed=7)
    >>> year.begin(["alerts"])
    >>> again = read_game_code(game, write_game_code(year).lower())
    >>> again.held == year.held, len(again.pending) == len(year.pending)
    (True, True)
    """
    game = year.game
    digits = [
        (_rules(game), _RULES),
        (list(game.levels).index(year.level.id), len(game.levels)),
        (year.seed, MOST_SEEDS),
        (year.quarter, QUARTERS + 1),
        *(
            (
                # What was bought and what was stopped need one bit between them: nobody buys what is held.
                sum(1 << place for place, one in enumerate(game.measures) if one in new | gone),
                1 << len(game.measures),
            )
            for new, gone in zip(year.bought, year.stopped, strict=True)
        ),
        (len(year.happened), _MOST_WAYS),
        *((one.way, _WAYS) for one in year.happened),
    ]
    if judged:
        of = {name: judged.total if name == "cost" else getattr(judged, name) for name in JUDGED}
        digits += [(min(round(of[name] / step), many - 1), many) for name, (step, many) in JUDGED.items()]
        digits.append((1, 2))  # so that a judgement is told from none
    number = 0
    for value, base in reversed(digits):
        number = number * base + value
    body = spelled(number)
    return PREFIX + body + check_letters(PREFIX, body)


def read_game_code(game: Game, code: str) -> YearInPlay:
    """Return the game that a code holds, played as far as it was.

    Raises
    ------
    BadInput
        For a code that is mistyped, cut off, or of a game with other rules.
    """
    found = _unpacked(game, code)
    try:
        year = YearInPlay(game, found.level, found.seed)
        ways = list(found.ways)
        for changed in found.changed:
            year.begin(changed, stop=changed)
            while year.pending and ways:
                year.decide(ways.pop(0))
    except BadInput:
        raise BadInput(UNPLAYABLE) from None
    return year


def read_judged_year(game: Game, code: str) -> dict[str, Any] | None:
    """Return what a finished year's code says of it, without playing it; None where it says nothing.

    Returns
    -------
    dict
        `level`, `year` (its seed), and by the names of `JUDGED` its numbers.

    Raises
    ------
    BadInput
        As for `read_game_code`; and for a game that has quarters to go.
    """
    found = _unpacked(game, code)
    if len(found.changed) < QUARTERS:
        raise BadInput(UNFINISHED)
    if found.judged is None:
        return None
    return {"level": found.level, "year": found.seed, **found.judged}


def _unpacked(game: Game, code: str) -> _Unpacked:
    body = body_of(PREFIX, code, MOST_LETTERS)
    if body is None:
        raise BadInput(f"This is no code of a game: it begins with {PREFIX}, and is pasted whole.")
    left = value_of(body)

    def taken(base: int) -> int:
        nonlocal left
        left, value = divmod(left, base)
        return value

    if taken(_RULES) != _rules(game):
        raise BadInput("This code is of a game with other prices or chances; play it with that version.")
    level, seed = taken(len(game.levels)), taken(MOST_SEEDS)
    changed = []
    for _ in range(min(taken(QUARTERS + 1), QUARTERS)):
        number = taken(1 << len(game.measures))
        changed.append([one for place, one in enumerate(game.measures) if number >> place & 1])
    ways = [taken(_WAYS) for _ in range(taken(_MOST_WAYS))]
    judged = _judged(taken) if left else None
    return _Unpacked(list(game.levels)[level], seed, changed, ways, judged)


def _judged(taken: Callable[[int], int]) -> dict[str, float]:
    found: dict[str, float] = {}
    for name, (step, many) in JUDGED.items():
        value = taken(many)
        found[name] = value / 1000 if step < 1 else value * step
    return found


def game_for_browser(game: Game) -> dict[str, Any]:
    """Return what a page needs to read a finished year's code, as plain data."""
    return {
        "prefix": PREFIX,
        "letters": MOST_LETTERS,
        "rules": [_rules(game), _RULES],
        "levels": list(game.levels),
        "seeds": MOST_SEEDS,
        "rooms": [one.seed for one in game.seeds],
        "quarters": QUARTERS,
        "measures": len(game.measures),
        "ways": [_MOST_WAYS, _WAYS],
        "judged": {name: list(known) for name, known in JUDGED.items()},
    }


def _rules(game: Game) -> int:
    """A digest of all that a year follows from, so that an old code never tells another story."""
    said = repr(
        (
            [(one.id, one.price) for one in game.measures.values()],
            [(one.id, one.chance, one.foreseen, len(one.ways)) for one in game.events.values()],
            [(one.id, one.budget, one.odds) for one in game.levels.values()],
            sorted(game.assumed.items()),
            (game.order_hour, game.search_hour, game.objective),
        )
    )
    return int.from_bytes(hashlib.sha256(said.encode()).digest()[:4], "big") % _RULES
