"""Progress on disk: written at once, whole or not at all, shared by several open notebooks.

A change is written to a new file, forced to disk, and renamed over the old one, under a lock that the
system lets go of when a process dies. So a killed kernel leaves the file before the change or the file
after it, and what a lesson shows as saved is saved.
"""

from __future__ import annotations

import contextlib
import copy
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from faultlab.classroom.folders import progress_folder
from faultlab.classroom.learner.seeds import DEFAULT_TEAM

FORMAT = 1
NAME = "progress.json"
NAMED = ("tasks", "bets", "quiz", "monday", "figures", "before_and_after")
"""What holds, for a lesson's number, an entry for each name."""

OWN = ("company", "decisions", "monday", "figures", "ranges", "board")
"""The learner's own words and figures, which no resume code carries, but for a finished game; an older file
has none."""

LATER = (*OWN, "before_and_after")
"""What a file may lack that was written before there was such a thing."""

RANK = {"not started": 0, "try again": 1, "correct": 2}
Answer = TypeVar("Answer")


def empty() -> dict[str, Any]:
    """Progress of someone who has not begun."""
    return {"format": FORMAT, "team": "", "tasks": {}, "bets": {}, "quiz": {}} | {part: {} for part in LATER}


_IN_MEMORY: dict[Path, tuple[dict, str]] = {}
"""What can't be saved and why, by its folder: one for all that is open in this process."""


class Progress:
    """What a learner has done, in a file that survives.

    Parameters
    ----------
    place : Path, optional
        The folder; `progress_folder()` by default.

    Attributes
    ----------
    remark : str
        A sentence for the learner where something is unusual (a damaged file was set aside, nothing
        can be saved here), or "".
    """

    def __init__(self, place: Path | None = None) -> None:
        self.place = Path(place) if place else progress_folder()
        self._memory: dict[str, Any] | None
        self._memory, self.remark = _IN_MEMORY.get(self.place, (None, ""))

    def read(self) -> dict[str, Any]:
        """Return what is saved, as a dictionary of its own."""
        if self._memory is not None:
            return copy.deepcopy(self._memory)
        try:
            return self._load()
        except OSError as problem:
            return copy.deepcopy(self._go_on_in_memory(problem))

    def change(self, edit: Callable[[dict[str, Any]], Answer]) -> Answer:
        """Apply `edit(data)` to what is saved and save it; return what `edit` returned.

        When this returns and `saved` is true, the change is on disk.
        """
        if self._memory is None:
            try:
                with self._locked():
                    data = self._load()
                    answer = edit(data)
                    self._store(data)
                    return answer
            except OSError as problem:
                return edit(self._go_on_in_memory(problem))
        return edit(self._memory)

    @property
    def saved(self) -> bool:
        """Whether changes reach the disk."""
        return self._memory is None

    def team(self) -> str:
        """The team code; "kestrel" where none was chosen."""
        return self.read()["team"] or DEFAULT_TEAM

    def _load(self):
        path = self.place / NAME
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return empty()
        except ValueError:
            return self._set_aside(path)
        return empty() | data if _sound(data) else self._set_aside(path)

    def _set_aside(self, path):
        aside = path.with_name(f"progress-damaged-{time.strftime('%Y%m%d-%H%M%S')}.json")
        number = 1
        while aside.exists():
            number += 1
            aside = path.with_name(f"progress-damaged-{time.strftime('%Y%m%d-%H%M%S')}-{number}.json")
        os.replace(path, aside)
        self.remark = (
            f"Your saved progress couldn't be read. It was set aside as {aside.name}, and a new one was "
            "begun. If you have a resume code, paste it in to restore your answers."
        )
        return empty()

    def _store(self, data):
        new = self.place / (NAME + ".new")
        with open(new, "w", encoding="utf-8") as file:
            json.dump(data, file, ensure_ascii=False, indent=1, sort_keys=True)
            file.flush()
            os.fsync(file.fileno())
        os.replace(new, self.place / NAME)
        if hasattr(os, "O_DIRECTORY"):
            directory = os.open(self.place, os.O_DIRECTORY)
            try:
                os.fsync(directory)
            finally:
                os.close(directory)

    @contextlib.contextmanager
    def _locked(self):
        self.place.mkdir(parents=True, exist_ok=True)
        with open(self.place / "lock", "a+b") as file:
            _lock(file)
            yield

    def _go_on_in_memory(self, problem: OSError) -> dict[str, Any]:
        if self._memory is None:
            reason = (problem.strerror or type(problem).__name__).lower()
            self.remark = (
                f"Progress can't be saved here ({reason}), so it is kept until this notebook is closed; "
                "keep_place() from faultlab.classroom shows a code that keeps it."
            )
            self._memory, self.remark = _IN_MEMORY.setdefault(self.place, (self._readable(), self.remark))
        return self._memory

    def _readable(self):
        """What was saved before, where that can be read."""
        try:
            data = json.loads((self.place / NAME).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return empty()
        return empty() | data if _sound(data) else empty()


def _lock(file, seconds=10.0):
    """Lock until the file is closed; an OSError where another process holds it all that time."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            if sys.platform == "win32":
                import msvcrt

                file.seek(0)
                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                import fcntl

                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def _sound(data):
    """Whether data has the form that everything here relies on."""
    if not isinstance(data, dict) or data.get("format") != FORMAT or not isinstance(data.get("team"), str):
        return False
    data = {part: {} for part in LATER} | data
    return (
        isinstance(data["company"], dict)
        and isinstance(data["ranges"], dict)
        and _holds_dicts(data["decisions"])
        and _holds_dicts(data["board"])
        and all(isinstance(data.get(name), dict) for name in NAMED)
        and all(_holds_dicts(part) for name in NAMED for part in data[name].values())
    )


def _holds_dicts(part):
    return isinstance(part, dict) and all(isinstance(entry, dict) for entry in part.values())


def record_check(data: dict[str, Any], lab: str, task: str, state: str) -> None:
    """Note the outcome of a check; the best one is kept."""
    entry = _task(data, lab, task)
    entry["attempts"] = entry.get("attempts", 0) + 1
    if RANK[state] > RANK.get(entry.get("outcome"), 0):
        entry["outcome"] = state


def record_hint(data: dict[str, Any], lab: str, task: str, step: int) -> None:
    """Note that a hint was shown."""
    entry = _task(data, lab, task)
    entry["hints"] = max(entry.get("hints", 0), step)


def record_solution(data: dict[str, Any], lab: str, task: str) -> None:
    """Note that the solution was shown."""
    _task(data, lab, task)["solution"] = True


def _task(data, lab, task):
    return data["tasks"].setdefault(lab, {}).setdefault(task, {})


def merge(data: dict[str, Any], other: dict[str, Any]) -> None:
    """Add another progress to this one, in place; of two records of one thing the better stays.

    An exact record (placed here) is better than one that came through a resume code, in which bets
    are rounded.
    """
    data["team"] = other["team"] or data["team"]
    for lab, tasks in other["tasks"].items():
        for name, theirs in tasks.items():
            mine = _task(data, lab, name)
            if RANK.get(theirs.get("outcome"), 0) > RANK.get(mine.get("outcome"), 0):
                mine["outcome"] = theirs["outcome"]
            for count in ("attempts", "hints"):
                if theirs.get(count, 0) > mine.get(count, 0):
                    mine[count] = theirs[count]
            if theirs.get("solution"):
                mine["solution"] = True
    for lesson, bets in other["bets"].items():
        for name, theirs in bets.items():
            data["bets"].setdefault(lesson, {}).setdefault(name, theirs)
    for lesson, answers in other["quiz"].items():
        mine = data["quiz"].setdefault(lesson, {})
        for name, theirs in answers.items():
            if not mine.get(name, {}).get("right"):
                mine[name] = theirs
    forms = data.setdefault("before_and_after", {})
    for form, theirs in other.get("before_and_after", {}).items():
        if not forms.get(form):
            forms[form] = theirs
    for lesson, kept in other.get("monday", {}).items():
        if "game" in kept:
            game = data["monday"].setdefault(lesson, {}).setdefault("game", {})
            if not game.get("finished"):  # what is being played here stays as it is
                game |= kept["game"] | game
