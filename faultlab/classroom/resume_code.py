"""The resume code: the whole course's progress in one line that can be mailed, and typed if need be.

Layout, as one whole number in mixed radix: the team, a bit for each lesson that was begun, and for
each of those ten tasks (outcome, hint seen, solution seen), five bets (rounded to 24 steps) and five
quiz answers. Then 25 bits of SHA-256 over that, all written in 32 letters and digits without
look-alikes (Crockford's: no I, L, O, U). At most 200 characters for twelve lessons, all full.
"""

import hashlib
import math
from functools import partial

from faultlab.errors import BadInput

PREFIX = "FT1-"
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LOOKALIKES = str.maketrans("ILO", "110")
TEAM_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789-"
LESSONS = tuple(f"{number:02d}" for number in range(12))
TASKS, BETS, QUIZ = 10, 5, 5
STEPS = 24
OUTCOMES = ("not started", "try again", "correct")
CHECK_LETTERS = 5


class _Writer:
    """Packs small numbers into one large number, and remembers their order by stacking."""

    def __init__(self):
        self.digits = []

    def put(self, value, base):
        self.digits.append((value, base))

    def whole(self):
        number = 0
        for value, base in reversed(self.digits):
            number = number * base + value
        return number


class _Reader:
    def __init__(self, number):
        self.left = number

    def get(self, base):
        self.left, value = divmod(self.left, base)
        return value


def write(data, catalogue):
    """Return the resume code of a progress.

    Parameters
    ----------
    data : dict
        From `Progress.read`.
    catalogue : Catalogue
        The names and places of tasks, bets and questions.

    Returns
    -------
    str
        One line of at most 200 characters.
    """
    out = _Writer()
    team = "".join(letter for letter in data["team"] if letter in TEAM_LETTERS)[:20]
    out.put(len(team), 21)
    for letter in team:
        out.put(TEAM_LETTERS.index(letter), len(TEAM_LETTERS))
    parts = [_lesson_digits(data, number, catalogue) for number in LESSONS]
    for part in parts:
        out.put(int(any(value for value, _ in part)), 2)
    for part in parts:
        if any(value for value, _ in part):
            out.digits += part
    body = _spell(out.whole())
    return PREFIX + body + _check_letters(body)


def _lesson_digits(data, number, catalogue):
    digits = []
    tasks = data["tasks"].get(number, {})
    for name in _slots(catalogue.tasks(number), TASKS):
        entry = tasks.get(name, {})
        outcome = OUTCOMES.index(entry.get("outcome", OUTCOMES[0]))
        digits.append((outcome * 4 + 2 * bool(entry.get("hints")) + bool(entry.get("solution")), 12))
    bets = data["bets"].get(number, {})
    known = catalogue.bets(number)
    for name in _slots(list(known), BETS):
        placed = bets.get(name, {}).get("bet")
        digits.append((0 if placed is None else 1 + _step(placed, known[name]), STEPS + 1))
    answers = data["quiz"].get(number, {})
    for name in _slots(catalogue.quiz(number), QUIZ):
        entry = answers.get(name)
        digits.append((0 if entry is None else 1 + bool(entry.get("right")), 3))
    return digits


def read(code, catalogue):
    """Return the progress that a resume code holds, in the form of `Progress.read`.

    Raises
    ------
    BadInput
        For a code that is mistyped, cut off, or of another version.
    """
    body = _body(code)
    source = _Reader(_value(body))
    get = source.get
    team = "".join(TEAM_LETTERS[get(len(TEAM_LETTERS))] for _ in range(get(21)))
    data = {"format": 1, "team": team, "tasks": {}, "bets": {}, "quiz": {}}
    begun = [number for number in LESSONS if get(2)]
    for number in begun:
        _read_lesson(data, number, catalogue, get)
    return data


def _read_lesson(data, number, catalogue, get):
    for name in _slots(catalogue.tasks(number), TASKS):
        value = get(12)
        if name and value:
            entry = {"outcome": OUTCOMES[value // 4]}
            entry |= {"hints": 1} if value & 2 else {}
            entry |= {"solution": True} if value & 1 else {}
            data["tasks"].setdefault(number, {})[name] = entry
    known = catalogue.bets(number)
    for name in _slots(list(known), BETS):
        value = get(STEPS + 1)
        if name and value:
            bet = _unstep(value - 1, known[name])
            data["bets"].setdefault(number, {})[name] = {"bet": bet, "rounded": True}
    for name in _slots(catalogue.quiz(number), QUIZ):
        value = get(3)
        if name and value:
            data["quiz"].setdefault(number, {})[name] = {"right": value == 2}


def _slots(names, count):
    """The names in their places; "" where a place is free."""
    return (list(names) + [""] * count)[:count]


def _scale(bet):
    """Both ways between a bet's value and the range from 0 to 1."""
    low, high = bet.low, bet.high
    if low > 0 and high / low >= 100:
        return (partial(_log_share, low, high), lambda share: low * (high / low) ** share)
    return (lambda value: (value - low) / (high - low), lambda share: low + share * (high - low))


def _log_share(low, high, value):
    return math.log(max(value, low) / low) / math.log(high / low)


def _step(value, bet):
    if bet.kind == "choice":
        return bet.options.index(value) if value in bet.options else 0
    share = _scale(bet)[0](float(value))
    return round(min(max(share, 0.0), 1.0) * (STEPS - 1))


def _unstep(step, bet):
    if bet.kind == "choice":
        return bet.options[min(step, len(bet.options) - 1)]
    return float(f"{_scale(bet)[1](step / (STEPS - 1)):.3g}")


def _spell(number):
    text = ""
    while number or not text:
        number, digit = divmod(number, 32)
        text = LETTERS[digit] + text
    return text


def _value(text):
    number = 0
    for letter in text:
        number = number * 32 + LETTERS.index(letter)
    return number


def _check_letters(body):
    number = int.from_bytes(hashlib.sha256((PREFIX + body).encode()).digest()[:4], "big")
    return "".join(LETTERS[number >> (5 * place) & 31] for place in range(CHECK_LETTERS))


def _body(code):
    typed = "".join(str(code).split()).upper().replace("-", "")
    if not typed:
        raise BadInput("The resume code is empty: paste the whole line that resume() showed.")
    wanted = PREFIX.replace("-", "")
    if typed.startswith("FT") and typed[2:3].isdigit() and not typed.startswith(wanted):
        raise BadInput("This resume code is of another version of the course; open it with that version.")
    if not typed.startswith(wanted):
        raise BadInput(f"A resume code begins with {PREFIX}; paste the whole line that resume() showed.")
    letters = typed[len(wanted) :].translate(LOOKALIKES)
    body, check = letters[:-CHECK_LETTERS], letters[-CHECK_LETTERS:]
    if set(letters) - set(LETTERS) or not body or check != _check_letters(body):
        raise BadInput(
            "This resume code is mistyped or cut off: compare it with the original and paste it whole."
        )
    return body
