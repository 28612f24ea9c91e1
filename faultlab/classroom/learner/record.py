"""What a learner takes away: bets against results, figures, decisions and questions, as plain data.

My page is drawn from it, in a notebook and in a page without a server alike. Nothing here is in words: how it
is said stands in `my_page.js`, but for the sentences on bets, which are the lessons' own.
"""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

from faultlab.classroom.answers import scoring
from faultlab.classroom.learner.before_and_after import gain_said
from faultlab.classroom.learner.catalogue import Catalogue

LEAST_BETS = 3  # from which a learner's record says something
CLOSE = 0.1  # a factor of 1.26, or 5 points of a share


def course_record(data: dict[str, Any], catalogue: Catalogue) -> dict[str, Any]:
    """Return all that My page shows, from a progress.

    Parameters
    ----------
    data : dict
        From `Progress.read`.
    catalogue : Catalogue
        The lessons that there are, in order.

    Returns
    -------
    dict
        `team`, `company`, `bets_said`, `gained` (of the ten decisions, when both are handed in) and
        `lessons`; each lesson has its `bets`, `quiz`, `lab`, `figures`, `decision`, `monday`, `board` and
        `game` (None where no board's page was written and no year was finished) and `state`: "done",
        "begun" or "".
    """
    settled = settled_bets(data, catalogue)
    return {
        "team": data["team"],
        "company": company_of(data),
        "bets_said": how_you_bet(settled),
        "gained": gain_said(data["before_and_after"], catalogue.pairs),
        "lessons": [_lesson(data, catalogue, opening) for opening in openings(catalogue.course)],
    }


def openings(course: Path) -> list[dict[str, Any]]:
    """Read what each lesson says of itself in its first cell: its title, and the minutes that it promises.

    Returns
    -------
    list of dict
        A lesson each, in order: `number`, `title`, `minutes` and `link`, the notebook's name.
    """
    found = []
    for path in sorted(course.glob("[0-9][0-9]_*.ipynb")):
        try:
            head = "".join(json.loads(path.read_text(encoding="utf-8"))["cells"][0]["source"])
        except (OSError, ValueError, LookupError, TypeError):
            head = ""
        title, minutes = re.search(r"^# (.+)$", head, re.M), re.search(r"(\d+) minutes", head)
        found.append(
            {
                "number": path.stem.split("_")[0],
                "title": title[1].strip() if title else path.stem,
                "minutes": int(minutes[1]) if minutes else 0,
                "link": path.name,
            }
        )
    return found


def _lesson(data, catalogue, opening):
    number = opening["number"]
    quiz, answers = catalogue.quiz(number), data["quiz"].get(number, {})
    decision, signed = catalogue.decision(number), data["decisions"].get(number, {})
    lesson = opening | {
        "bets": [
            _bet(bet, data["bets"].get(number, {})[id])
            for id, bet in catalogue.bets(number).items()
            if "bet" in data["bets"].get(number, {}).get(id, {})
        ],
        "quiz": {
            "of": len(quiz),
            "answered": sum(id in answers for id in quiz),
            "right": sum(bool(answers.get(id, {}).get("right")) for id in quiz),
        },
        "lab": {
            track: _lab(names, data["tasks"].get(number, {}))
            for functions in [catalogue.functions(number)]
            for track, names in (
                ("decisions", [name for name in catalogue.tasks(number) if name not in functions]),
                ("functions", functions),
            )
        },
        "figures": figures_of(data, number),
        "decision": decision and {"question": decision.question} | signature_of(signed),
        "monday": monday_of(data, catalogue, number),
        "board": _words_of(data["board"].get(number), ("company", "said", "date", "file")),
        "game": _words_of(data["monday"].get(number, {}).get("game", {}).get("finished"), ("said", "code")),
    }
    return lesson | {"state": _state(lesson)}


def _state(lesson):
    """A lesson is done when its decision is signed, or every question at its end has been answered."""
    quiz, signed = lesson["quiz"], bool((lesson["decision"] or {}).get("choice"))
    if signed or 0 < quiz["of"] == quiz["answered"]:
        return "done"
    named = any(line["name"] or line["date"] for line in lesson["monday"])
    worked = lesson["bets"] or quiz["answered"] or lesson["board"] or lesson["game"]
    return "begun" if worked or named else ""


def _words_of(entry, keys):
    """What is kept under some keys, as texts; None where nothing is."""
    return {key: str(entry.get(key, "")) for key in keys} if isinstance(entry, dict) else None


def _lab(tasks, entries):
    correct = [entries[name] for name in tasks if entries.get(name, {}).get("outcome") == "correct"]
    shown = sum(bool(entry.get("solution")) for entry in correct)
    return {"of": len(tasks), "correct": len(correct), "shown": shown}


def _bet(bet, entry):
    row = {"asks": bet.short, "mine": scoring.written(bet.kind, entry["bet"], bet.unit)}
    if "truth" not in entry:
        return row
    pair = bet.kind, entry["bet"], entry["truth"]
    return row | {
        "answer": scoring.written(bet.kind, entry["truth"], bet.unit),
        "missed": scoring.missed(*pair, bet.unit),
        "right": scoring.score(*pair) == 1 if bet.kind == "choice" else None,
        "leaning": scoring.leaning(*pair, bet.unit),
    }


def company_of(data: dict[str, Any]) -> dict[str, Any]:
    """Return the learner's company: its name, its users and the worth of an hour as [low, high] or None."""
    own = data["company"]
    return {
        "name": str(own.get("name", "")),
        "users": _range(own.get("users")),
        "worth": _range(own.get("worth")),
    }


def _range(found):
    """A range from a file that somebody may have changed; None where it is none."""
    sound = isinstance(found, list) and len(found) == 2 and all(isinstance(end, int | float) for end in found)
    return found if sound and 0 <= found[0] <= found[1] < math.inf else None


def figures_of(data: dict[str, Any], number: str) -> list[dict[str, Any]]:
    """Return what a lesson has counted: hours and what one is worth to Kestrel, or a share of the users."""
    kept = data["figures"].get(number, {})
    rows = [
        {key: entry[key] for key in ("hours", "kestrel", "share") if isinstance(entry.get(key), int | float)}
        | {"what": what}
        for what, entry in sorted(kept.items(), key=lambda item: str(item[1].get("place", "")).zfill(4))
    ]
    return [row for row in rows if "share" in row or {"hours", "kestrel"} <= set(row)]


def signature_of(entry: dict[str, Any]) -> dict[str, str]:
    """Return choice, name, date and reason of a decision; empty texts before it is signed."""
    return {key: str(entry.get(key, "")) for key in ("choice", "name", "date", "reason")}


def monday_of(data: dict[str, Any], catalogue: Catalogue, number: str) -> list[dict[str, str]]:
    """Return a lesson's questions for Monday, each with the name and the date that it got.

    Where the lesson has found questions of the learner's own, as the game day does, these take their place.
    """
    named = data["monday"].get(number, {})
    return [
        {"question": str(named.get(str(place), {}).get("question") or question)}
        | {key: str(named.get(str(place), {}).get(key, "")) for key in ("name", "date")}
        for place, question in enumerate(catalogue.monday(number), 1)
    ]


def settled_bets(data: dict[str, Any], catalogue: Catalogue) -> list[dict[str, Any]]:
    """Return the bets that have met their result, in the order of the course; an endless score is None."""
    rows = []
    for number, placed in sorted(data["bets"].items()):
        for id, bet in catalogue.bets(number).items():
            entry = placed.get(id, {})
            if "bet" in entry and "truth" in entry:
                pair = bet.kind, entry["bet"], entry["truth"]
                score = scoring.score(*pair)
                rows.append(
                    {
                        "lesson": number,
                        "bet": bet.question,
                        "kind": bet.kind,
                        "said": scoring.told(*pair, bet.unit),
                        "score": score if math.isfinite(score) else None,  # no JSON says infinity
                        "leaning": scoring.leaning(*pair, bet.unit),
                    }
                )
    return rows


def how_you_bet(rows: list[dict[str, Any]]) -> str:
    """Return how the bets went, in a sentence or two."""
    count = len(rows)
    if count < LEAST_BETS:
        more = LEAST_BETS - count
        return f"After {more} more bet{'s' if more > 1 else ''} you see here how you bet."
    leanings = [row["leaning"] for row in rows if row["leaning"] is not None]
    low = sum(leaning < -CLOSE for leaning in leanings)
    high = sum(leaning > CLOSE for leaning in leanings)
    choices = [row["score"] for row in rows if row["kind"] == "choice"]
    right = int(sum(choices))
    numbers = {"too low": low, "too high": high, "close": len(leanings) - low - high}
    said = [_counted("number", numbers), _counted("choice", {"right": right, "wrong": len(choices) - right})]
    return " ".join([f"You have placed {count} bets.", *filter(None, said)])


def _counted(what, counts):
    """How many of something were what, in a sentence; nothing of what there is none of."""
    total = sum(counts.values())
    parts = [f"{count} {'was' if count == 1 else 'were'} {words}" for words, count in counts.items() if count]
    if len(parts) > 1:
        return f"Of your {total} {what}s, {', '.join(parts[:-1])} and {parts[-1]}."
    words = next((words for words, count in counts.items() if count), "")
    if total == 1:
        return f"Your one {what} was {words}."
    return f"{'Both' if total == 2 else f'All {total}'} of your {what}s were {words}." if total else ""
