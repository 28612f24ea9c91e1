"""The resume code: the whole course's progress in one line that can be mailed, and typed if need be.

Layout, as one whole number in mixed radix: the team; how many lessons, tasks, bets and questions follow; a
bit for each lesson that was begun; and for each of those its tasks (outcome, hint seen, solution seen), bets
(rounded to 24 steps) and quiz answers, each of the three with a few bits of a digest of what stands in those
places. Then 25 bits of SHA-256 over that, all written in 32 letters and digits without look-alikes
(Crockford's: no I, L, O, U). The counts are those in use, so there is room for whatever a lesson will have.

A task is known by its place, so a code says what stood there: where the digest is another one, the tasks
(bets, quiz) of that lesson are not restored, and the reader is told. What is added behind changes nothing.
Codes of version 2 had no digests, those of version 1 fixed counts besides (12 lessons, 10 tasks, 5 bets,
5 questions); both are read, and held against the course of their time.

`faultlab/twin/resume_code.js` says it again for pages without a kernel; tests/twin/ asks both the same.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from faultlab.classroom.learner.catalogue import PARTS, Catalogue, digest_of
from faultlab.classroom.learner.lesson_file import Bet
from faultlab.classroom.learner.seeds import LONGEST_TEAM
from faultlab.errors import BadInput
from faultlab.letters import body_of, check_letters, spelled, value_of

PREFIX = "FT3-"
BEFORE = ("FT1-", "FT2-")
TEAM_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789-"
STEPS = 24
OUTCOMES = ("not started", "try again", "correct")
BASES = {"tasks": 12, "bets": STEPS + 1, "quiz": 3}
DIGESTS = {"tasks": 256, "bets": 64, "quiz": 16}
"""How many digests are told apart: a code stays short, and one change in so many is missed."""

MOST_LETTERS = 250
"""A line that can still be typed; the build refuses a course whose progress needs more."""

MOST_PLACES = 1000
SAID = (("tasks", "lab"), ("bets", "lesson"), ("quiz answers", "lesson"))
MISTYPED = "This resume code is mistyped or cut off: compare it with the original and paste it whole."


@dataclass(frozen=True)
class _Room:
    """How many lessons a code has, and how many tasks, bets and questions each of them."""

    lessons: int
    tasks: int
    bets: int
    quiz: int


VERSION_1 = _Room(12, 10, 5, 5)


class _Writer:
    """Packs small numbers into one large number, and remembers their order by stacking."""

    def __init__(self) -> None:
        self.digits: list[tuple[int, int]] = []

    def put(self, value: int, base: int) -> None:
        self.digits.append((value, base))

    def put_count(self, count: int) -> None:
        """Any whole number: three bits at a time, each with a bit that says whether more follow."""
        while count >= 8:
            self.put(8 + count % 8, 16)
            count //= 8
        self.put(count, 16)

    def whole(self) -> int:
        number = 0
        for value, base in reversed(self.digits):
            number = number * base + value
        return number


class _Reader:
    def __init__(self, number: int) -> None:
        self.left = number

    def get(self, base: int) -> int:
        self.left, value = divmod(self.left, base)
        return value

    def get_count(self) -> int:
        count, size = 0, 1
        while (part := self.get(16)) >= 8:
            count, size = count + (part - 8) * size, size * 8
        return count + part * size


def write(data: dict[str, Any], catalogue: Catalogue) -> str:
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
        One line.

    Raises
    ------
    BadInput
        If the progress has something that a code can't hold: it names what.
    """
    team, found = data["team"], strangers(data, catalogue)
    if found:
        part, number, name = found[0]
        raise BadInput(
            f"No resume code can hold {name!r} of lesson {number} ({part}): this course hasn't got it."
        )
    if len(team) > LONGEST_TEAM or set(team) - set(TEAM_LETTERS):
        raise BadInput(f"No resume code can hold the team {team[:40]!r}: choose the team again.")
    out = _Writer()
    out.put(len(team), 21)
    for letter in team:
        out.put(TEAM_LETTERS.index(letter), len(TEAM_LETTERS))
    begun_until = max((int(n) + 1 for part in PARTS for n in data[part]), default=0)
    lessons = [_digits(data, _name(number), catalogue) for number in range(begun_until)]
    used = [max((_used(one[part]) for one in lessons), default=0) for part in range(3)]
    for count in (len(lessons), *used):
        out.put_count(count)
    begun = [any(value for part in one for value in part) for one in lessons]
    for there in begun:
        out.put(int(there), 2)
    for place, one in enumerate(lessons):
        if not begun[place]:
            continue
        for part, values, count in zip(PARTS, one, used, strict=True):
            for value in _slots(values, count, 0):
                out.put(value, BASES[part])
            if its := _used(values):
                marks = catalogue.marks(part, _name(place))[:its]
                out.put(digest_of(part, _name(place), marks) % DIGESTS[part], DIGESTS[part])
    body = spelled(out.whole())
    return PREFIX + body + check_letters(PREFIX, body)


def check_room(catalogue: Catalogue, numbers: Iterable[str]) -> None:
    """Refuse a course whose progress can't be held by a resume code of a length that can be typed.

    Parameters
    ----------
    catalogue : Catalogue
    numbers : iterable of str
        The lessons, such as "08".

    Raises
    ------
    BadInput
        With the length of the code of somebody who has done everything.
    """
    full: dict = {"team": "-" * LONGEST_TEAM, "tasks": {}, "bets": {}, "quiz": {}}
    for number in numbers:
        done = {"outcome": OUTCOMES[-1], "hints": 1, "solution": True}
        full["tasks"][number] = dict.fromkeys(catalogue.tasks(number), done)
        full["bets"][number] = {
            name: {"bet": bet.counted[-1] if bet.kind == "choice" else bet.high}
            for name, bet in catalogue.bets(number).items()
        }
        full["quiz"][number] = {name: {"right": True} for name in catalogue.quiz(number)}
    length = len(write(full, catalogue))
    if length > MOST_LETTERS:
        raise BadInput(
            f"A resume code of the whole course has {length} letters, and {MOST_LETTERS} are the most: "
            "take tasks, bets or questions away from the lesson that has most of them."
        )


def strangers(data: dict[str, Any], catalogue: Catalogue) -> list[tuple[str, str, str]]:
    """Return what no code can hold, since this version of the course hasn't got it.

    Returns
    -------
    list of (str, str, str)
        Where it stands in the progress: "tasks", "bets" or "quiz", the lesson, and its name.
    """
    found = []
    for part in PARTS:
        for number, entries in data[part].items():
            known = getattr(catalogue, part)(number)
            sound = re.fullmatch("[0-9]{2,3}", number)
            for name, entry in entries.items():
                held = sound and name in known
                if held and part == "bets":
                    held = _can_be_stepped(entry.get("bet"), known[name])
                if not held:
                    found.append((part, number, name))
    return found


def _can_be_stepped(value: object, bet: Bet) -> bool:
    if value is None:
        return True
    if bet.kind == "choice":
        return value in bet.counted[:STEPS]
    return isinstance(value, int | float) and math.isfinite(value)


def _digits(data: dict, number: str, catalogue: Catalogue) -> tuple[list[int], list[int], list[int]]:
    tasks, bets = data["tasks"].get(number, {}), data["bets"].get(number, {})
    quiz, known = data["quiz"].get(number, {}), catalogue.bets(number)
    return (
        [_task_digit(tasks.get(name, {})) for name in catalogue.tasks(number)],
        [_bet_digit(bets.get(name, {}).get("bet"), bet) for name, bet in known.items()],
        [1 + bool(quiz[name].get("right")) if name in quiz else 0 for name in catalogue.quiz(number)],
    )


def _task_digit(entry: dict) -> int:
    outcome = OUTCOMES.index(entry.get("outcome", OUTCOMES[0]))
    return outcome * 4 + 2 * bool(entry.get("hints")) + bool(entry.get("solution"))


def _bet_digit(placed: object, bet: Bet) -> int:
    return 0 if placed is None else 1 + _step(placed, bet)


def _used(values: Sequence[int]) -> int:
    return max((place + 1 for place, value in enumerate(values) if value), default=0)


def _name(number: int) -> str:
    return f"{number:02d}"


def read(code: str, catalogue: Catalogue) -> tuple[dict, str]:
    """Return the progress that a resume code holds.

    Returns
    -------
    data : dict
        In the form of `Progress.read`.
    lost : str
        A sentence on what is left out, since the course has changed there; "" where that is nothing.

    Raises
    ------
    BadInput
        For a code that is mistyped, cut off, or of another version.
    """
    prefix, body = _body(code)
    source = _Reader(value_of(body))
    team = "".join(TEAM_LETTERS[source.get(len(TEAM_LETTERS))] for _ in range(source.get(21)))
    room = VERSION_1 if prefix == "FT1-" else _Room(*(source.get_count() for _ in range(4)))
    if max(room.lessons, room.tasks, room.bets, room.quiz) > MOST_PLACES:
        raise BadInput(MISTYPED)
    data: dict = {"format": 1, "team": team, "tasks": {}, "bets": {}, "quiz": {}}
    begun = [_name(number) for number in range(room.lessons) if source.get(2)]
    lost: dict[str, list[str]] = {part: [] for part in PARTS}
    for number in begun:
        known = catalogue.bets(number)
        for part, count in zip(PARTS, (room.tasks, room.bets, room.quiz), strict=True):
            values = [source.get(BASES[part]) for _ in range(count)]
            used = _used(values)
            if not used:
                continue
            seen = source.get(DIGESTS[part]) if prefix == PREFIX else None
            if not _is_the_same(catalogue, part, number, used, seen):
                lost[part].append(number)
                continue
            names = list(getattr(catalogue, part)(number))[:used]
            data[part][number] = {
                name: _entry(part, value, known.get(name))
                for name, value in zip(names, values, strict=False)
                if value
            }
    return data, _sentence(lost)


def _is_the_same(catalogue: Catalogue, part: str, number: str, used: int, seen: int | None) -> bool:
    """Whether the places that a code uses mean today what they meant when it was made."""
    marks = catalogue.marks(part, number)
    if seen is not None:
        return digest_of(part, number, marks[:used]) % DIGESTS[part] == seen
    count, then = catalogue.before.get(number, ((0, 0),) * 3)[PARTS.index(part)]
    return used <= count <= len(marks) and digest_of(part, number, marks[:count]) == then


def _sentence(lost: dict[str, list[str]]) -> str:
    """Say what a code could not bring back."""
    said = []
    for numbers, (name, room) in zip(lost.values(), SAID, strict=True):
        if numbers:
            listed = ", ".join(str(int(number)) for number in numbers)
            said.append(f"the {name} of {room}{'' if len(numbers) == 1 else 's'} {listed}")
    return f"Not restored, because the course has changed there: {'; '.join(said)}." if said else ""


def _entry(part: str, value: int, bet: Bet | None) -> dict:
    if part == "tasks":
        entry: dict = {"outcome": OUTCOMES[value // 4]}
        entry |= {"hints": 1} if value & 2 else {}
        return entry | ({"solution": True} if value & 1 else {})
    if part == "bets":
        assert bet is not None  # only tasks and quiz have none
        return {"bet": _unstep(value - 1, bet), "rounded": True}
    return {"right": value == 2}


def _slots(values: Sequence, count: int, free: object) -> list:
    """The values in their places, with something for a place that is free."""
    return (list(values) + [free] * count)[:count]


def _scale(bet: Bet) -> tuple[Callable, Callable]:
    """Both ways between a bet's value and the range from 0 to 1."""
    low, high = bet.low, bet.high
    if low > 0 and high / low >= 100:
        return (partial(_log_share, low, high), lambda share: low * (high / low) ** share)
    return (lambda value: (value - low) / (high - low), lambda share: low + share * (high - low))


def _log_share(low: float, high: float, value: float) -> float:
    return math.log(max(value, low) / low) / math.log(high / low)


def _step(value, bet: Bet) -> int:
    if bet.kind == "choice":
        return bet.counted.index(value)
    share = _scale(bet)[0](float(value))
    return round(min(max(share, 0.0), 1.0) * (STEPS - 1))


def _unstep(step: int, bet: Bet) -> float | str:
    if bet.kind == "choice":
        return bet.counted[min(step, len(bet.options) - 1)]
    return float(f"{_scale(bet)[1](step / (STEPS - 1)):.3g}")


def _body(code: str) -> tuple[str, str]:
    """The version that a code begins with, and what stands between it and the check letters."""
    typed = "".join(str(code).split()).upper().replace("-", "")
    if not typed:
        raise BadInput("The resume code is empty: paste the whole line that lesson 00 showed.")
    prefix = f"{typed[:3]}-"
    if typed.startswith("FT") and typed[2:3].isdigit() and prefix not in (*BEFORE, PREFIX):
        raise BadInput("This resume code is of another version of the course; open it with that version.")
    if prefix not in (*BEFORE, PREFIX):
        raise BadInput(f"A resume code begins with {PREFIX}; paste the whole line that lesson 00 showed.")
    body = body_of(prefix, typed, 20 * MOST_LETTERS)
    if body is None:
        raise BadInput(MISTYPED)
    return prefix, body
