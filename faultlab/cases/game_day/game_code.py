"""A game in one line: level, seed, what was bought and decided so far, and a check. It plays on anywhere."""

from __future__ import annotations

import hashlib

from faultlab.cases.game_day.game_file import QUARTERS, Game
from faultlab.cases.game_day.year import MOST_SEEDS, YearInPlay
from faultlab.errors import BadInput
from faultlab.letters import body_of, check_letters, spelled, value_of

PREFIX = "GD1-"
MOST_LETTERS = 80
_RULES, _MOST_WAYS, _WAYS = 1024, 64, 3


def write_game_code(year: YearInPlay) -> str:
    """Return the code of a game as far as it has been played.

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
                sum(1 << place for place, one in enumerate(game.measures) if one in new),
                1 << len(game.measures),
            )
            for new in year.bought
        ),
        (len(year.happened), _MOST_WAYS),
        *((one.way, _WAYS) for one in year.happened),
    ]
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
    try:
        year = YearInPlay(game, list(game.levels)[taken(len(game.levels))], taken(MOST_SEEDS))
        bought = []
        for _ in range(taken(QUARTERS + 1)):
            number = taken(1 << len(game.measures))
            bought.append([one for place, one in enumerate(game.measures) if number >> place & 1])
        ways = [taken(_WAYS) for _ in range(taken(_MOST_WAYS))]
        for new in bought:
            year.begin(new)
            while year.pending and ways:
                year.decide(ways.pop(0))
    except BadInput:
        raise BadInput("This code holds no game that can be played; compare it with the original.") from None
    return year


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
