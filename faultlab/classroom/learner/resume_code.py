"""The resume code: the whole course's progress in one line that can be mailed, and typed if need be.

Layout, as one whole number in mixed radix: the team; how many lessons, tasks, bets and questions follow; a
bit for each lesson that was begun; and for each of those its tasks (outcome, hint seen, solution seen), bets
(rounded to 24 steps) and quiz answers (the option that was chosen), each of the three with a few bits of a
digest of what stands in those places; what was answered before the course and after it, in the same way; and
the code of the last finished game of lesson 11, without its prefix and its check. Then 25 bits of SHA-256
over that, all written in 32 letters and digits without look-alikes (Crockford's: no I, L, O, U). The counts
are those in use, so there is room for whatever a lesson will have.

A task is known by its place, so a code says what stood there: where the digest is another one, the tasks
(bets, quiz) of that lesson are not restored, and the reader is told. What is added behind changes nothing.
An older code of version 4 has nothing where the game stands, and reads as one without a game.
Codes of version 3 said of a quiz answer whether it was right, and nothing of before and after. Those of
version 2 had no digests, those of version 1 fixed counts besides (12 lessons, 10 tasks, 5 bets, 5 questions);
all are read, the oldest two held against the course of their time.

`faultlab/twin/resume_code.js` says it again for pages without a kernel; tests/twin/ asks both the same.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from faultlab.classroom.learner.before_and_after import FORMS
from faultlab.classroom.learner.catalogue import PARTS, Catalogue, digest_of
from faultlab.classroom.learner.lesson_file import Bet, Question
from faultlab.classroom.learner.seeds import LONGEST_TEAM
from faultlab.errors import BadInput
from faultlab.letters import GAME, LETTERS, body_of, check_letters, spelled, value_of

PREFIX = "FT4-"
BEFORE = ("FT1-", "FT2-", "FT3-")
TEAM_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789-"
STEPS = 24
OUTCOMES = ("not started", "try again", "correct")
MOST_OPTIONS = 4
BASES = {"tasks": 12, "bets": STEPS + 1, "quiz": MOST_OPTIONS + 2}
QUIZ_BEFORE = 3
"""Of a quiz answer in codes of version 3 and before: none, wrong, right."""

DIGESTS = {"tasks": 256, "bets": 64, "quiz": 16}
"""How many digests are told apart: a code stays short, and one change in so many is missed."""

MOST_LETTERS = 340
"""A line that a chat takes whole, and that can be typed if need be; the build refuses a longer one."""

MOST_PLACES = 1000
GAME_LESSON, GAME_ROOM, LONGEST_YEAR = "11", 64, 53
"""The lesson with the game; one more than the letters that its code may have, and how many it has at most."""

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
                out.put(_digest(catalogue, _marked(part, PREFIX), _name(place), its), DIGESTS[part])
    for form in FORMS:
        given = data.get("before_and_after", {}).get(form, {})
        values = [_option_digit(given.get(pair.id, {}), pair.asked(form)) for pair in catalogue.pairs]
        its = _used(values)
        out.put_count(its)
        for value in values[:its]:
            out.put(value, MOST_OPTIONS + 1)
        if its:
            out.put(_digest(catalogue, form, "", its), DIGESTS["quiz"])
    game = _finished_game(data)
    out.put(len(game), GAME_ROOM)
    for letter in game:
        out.put(LETTERS.index(letter), len(LETTERS))
    body = spelled(out.whole())
    return PREFIX + body + check_letters(PREFIX, body)


def _finished_game(data: dict[str, Any]) -> str:
    """What a code carries of the last finished game: the body of that one's own code; "" for none."""
    finished = data.get("monday", {}).get(GAME_LESSON, {}).get("game", {}).get("finished")
    code = finished.get("code") if isinstance(finished, dict) else ""
    return body_of(GAME, str(code), GAME_ROOM) or ""


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
        full["quiz"][number] = {
            name: {"right": not asked.options[-1].correct, "chosen": [asked.options[-1].text]}
            for name, asked in catalogue.questions(number).items()
        }
    full["before_and_after"] = {
        form: {pair.id: {"chosen": pair.asked(form).options[-1].text} for pair in catalogue.pairs}
        for form in FORMS
    }
    year = "1" * LONGEST_YEAR
    full["monday"] = {GAME_LESSON: {"game": {"finished": {"code": GAME + year + check_letters(GAME, year)}}}}
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
        Where it stands in the progress: "tasks", "bets" or "quiz", the lesson, and its name; or
        "before_and_after", the form, and the pair's id.
    """
    known_pairs = {pair.id: pair for pair in catalogue.pairs}
    found = [
        ("before_and_after", form, id)
        for form, given in data.get("before_and_after", {}).items()
        for id, entry in given.items()
        if form not in FORMS or id not in known_pairs or not _option_digit(entry, known_pairs[id].asked(form))
    ]
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
        [_quiz_digit(quiz.get(name), asked) for name, asked in catalogue.questions(number).items()],
    )


def _quiz_digit(entry: dict | None, asked: Question) -> int:
    """0 without an answer; 1 for one that was not right and isn't known; from 2 the option that was chosen.

    Where several options are right, or there are too many, 2 is right and 1 is not.
    """
    if entry is None:
        return 0
    if not _is_told_apart(asked):
        return 1 + bool(entry.get("right"))
    if entry.get("right"):
        return 2 + asked.correct[0]
    chosen = entry.get("chosen")
    place = _option_digit(
        {"chosen": chosen[0]} if isinstance(chosen, list) and len(chosen) == 1 else {}, asked
    )
    return 1 if place == 0 or place - 1 in asked.correct else 1 + place


def _is_told_apart(asked: Question) -> bool:
    return len(asked.correct) == 1 and len(asked.options) <= MOST_OPTIONS


def _option_digit(entry: dict, asked: Question) -> int:
    """The place of a chosen option from 1, or 0."""
    texts = [option.text for option in asked.options]
    return 1 + texts.index(entry["chosen"]) if entry.get("chosen") in texts else 0


def _marked(part: str, prefix: str) -> str:
    """Which marks a digest is of: a code that tells the chosen option depends on the options."""
    return "chosen" if part == "quiz" and prefix == PREFIX else part


def _digest(catalogue: Catalogue, part: str, number: str, used: int) -> int:
    space = DIGESTS.get(part, DIGESTS["quiz"])
    return digest_of(part, number, catalogue.marks(part, number)[:used]) % space


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
            base = BASES[part] if part != "quiz" or prefix == PREFIX else QUIZ_BEFORE
            values = [source.get(base) for _ in range(count)]
            used = _used(values)
            if not used:
                continue
            if prefix in ("FT1-", "FT2-"):
                same = _was_the_same(catalogue, part, number, used)
            else:
                same = source.get(DIGESTS[part]) == _digest(catalogue, _marked(part, prefix), number, used)
            if not same:
                lost[part].append(number)
                continue
            if part == "quiz" and prefix == PREFIX:
                data[part][number] = {
                    name: _quiz_entry(value, asked)
                    for (name, asked), value in zip(catalogue.questions(number).items(), values, strict=False)
                    if value
                }
                continue
            names = list(getattr(catalogue, part)(number))[:used]
            data[part][number] = {
                name: _entry(part, value, known.get(name))
                for name, value in zip(names, values, strict=False)
                if value
            }
    forms = _read_forms(source, catalogue) if prefix == PREFIX else {}
    gone = [form for form, given in forms.items() if given is None]
    if kept := {form: given for form, given in forms.items() if given}:
        data["before_and_after"] = kept
    letters = source.get(GAME_ROOM) if prefix == PREFIX else 0
    if game := "".join(LETTERS[source.get(len(LETTERS))] for _ in range(letters)):
        code = GAME + game + check_letters(GAME, game)
        # What it came to is worked out where it is opened again.
        data["monday"] = {GAME_LESSON: {"game": {"code": code, "finished": {"code": code, "said": ""}}}}
    return data, _sentence(lost, gone)


def _read_forms(source: _Reader, catalogue: Catalogue) -> dict[str, dict | None]:
    """What was answered before and after the course; None for what the course asks otherwise now."""
    found: dict[str, dict | None] = {}
    for form in FORMS:
        count = source.get_count()
        if count > MOST_PLACES:
            raise BadInput(MISTYPED)
        values = [source.get(MOST_OPTIONS + 1) for _ in range(count)]
        if not count:
            continue
        same = source.get(DIGESTS["quiz"]) == _digest(catalogue, form, "", count)
        asked = [(pair.id, pair.asked(form)) for pair in catalogue.pairs]
        if (
            not same
            or count > len(asked)
            or any(v > len(q.options) for v, (_, q) in zip(values, asked, strict=False))
        ):
            found[form] = None
            continue
        found[form] = {
            id: {"chosen": one.options[value - 1].text}
            for value, (id, one) in zip(values, asked, strict=False)
            if value
        }
    return found


def _quiz_entry(value: int, asked: Question) -> dict:
    if not _is_told_apart(asked) or value < 2:
        return {"right": value == 2}
    place = min(value - 2, len(asked.options) - 1)
    return {"right": place in asked.correct, "chosen": [asked.options[place].text]}


def _was_the_same(catalogue: Catalogue, part: str, number: str, used: int) -> bool:
    """Whether the places that an old code uses mean today what they meant when it was made."""
    marks = catalogue.marks(part, number)
    count, then = catalogue.before.get(number, ((0, 0),) * 3)[PARTS.index(part)]
    return used <= count <= len(marks) and digest_of(part, number, marks[:count]) == then


def _sentence(lost: dict[str, list[str]], gone: Sequence[str]) -> str:
    """Say what a code could not bring back."""
    said = []
    for numbers, (name, room) in zip(lost.values(), SAID, strict=True):
        if numbers:
            listed = ", ".join(str(int(number)) for number in numbers)
            said.append(f"the {name} of {room}{'' if len(numbers) == 1 else 's'} {listed}")
    said += [f"the answers {form} the course" for form in gone]
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
