"""Does it teach? Ten questions before the course, ten of the same ideas after it, and what was gained.

The gain is R. R. Hake's, "Interactive-engagement versus traditional methods", American Journal of Physics 66
(1998), 64–74: of what a room could still gain, the share that it gained, from the room's averages. It has
critics. E. Brogt and others, Astronomy Education Review 6 (2007), no. 1, 25: it favours those who knew much
before. D. R. Dellwo, Journal of the Scholarship of Teaching and Learning 10 (2010), 55–67: it hides what was
lost on the way. So both averages are told beside it, and each question for itself, with what was lost.

`faultlab/twin/before_and_after.js` says it again for pages without a kernel; tests/twin/ asks both.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from faultlab.classroom.learner.lesson_file import Option, Question
from faultlab.errors import BadInput

FORMS = ("before", "after")
LEAST = 5
"""Learners from whom an interval is told."""
MOST_FREEDOM = 200
MOST_OPTIONS = 4
CONFIDENCE = 0.9


@dataclass(frozen=True)
class Pair:
    """A decision, asked before the course and after it.

    Parameters
    ----------
    id, idea, lesson : str
        The idea in a sentence, and the lesson that it is from.
    before, after : Question
        With one right option each.
    """

    id: str
    idea: str
    lesson: str
    before: Question
    after: Question

    def asked(self, form: str) -> Question:
        """The question of one of the two forms."""
        return self.before if form == "before" else self.after


def read_pairs(path: Path) -> tuple[Pair, ...]:
    """Read the pairs of `course/before_and_after.yaml`; none where there is no such file.

    Raises
    ------
    BadInput
        Names the pair and what is missing.
    """
    if not path.is_file():
        return ()
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    found = []
    for number, entry in enumerate(entries if isinstance(entries, list) else [], 1):
        place = f"{path.name}, pair {number}"
        known = entry if isinstance(entry, dict) else {}
        missing = [key for key in ("id", "idea", "lesson", *FORMS) if not known.get(key)]
        if missing:
            raise BadInput(f"{place}: `{missing[0]}` is missing.")
        before, after = (_question(known["id"], known[form], f"{place}, {form}") for form in FORMS)
        found.append(Pair(str(entry["id"]), str(entry["idea"]), str(entry["lesson"]), before, after))
    if not found:
        raise BadInput(f"{path.name}: expected a list of pairs.")
    return tuple(found)


def _question(id, entry, place):
    options: Any = entry.get("options") if isinstance(entry, dict) else None
    sound = isinstance(options, list) and all(isinstance(one, dict) and one.get("text") for one in options)
    if not sound or not entry.get("question") or not 2 <= len(options) <= MOST_OPTIONS:
        raise BadInput(
            f"{place}: it needs a `question` and 2 to {MOST_OPTIONS} `options`, each with a `text`."
        )
    asked = Question(
        str(id),
        str(entry["question"]),
        tuple(Option(str(one["text"]), "", one.get("correct") is True) for one in options),
    )
    if len(asked.correct) != 1 or len({option.text for option in asked.options}) < len(options):
        raise BadInput(f"{place}: one option is right, and no two are alike.")
    return asked


def pairs_for_browser(pairs: Sequence[Pair]) -> list[dict[str, Any]]:
    """Return the pairs as plain data."""
    return [
        {"id": pair.id, "idea": pair.idea, "lesson": pair.lesson}
        | {
            form: {
                "question": pair.asked(form).text,
                "options": [option.text for option in pair.asked(form).options],
                "right": pair.asked(form).correct[0],
            }
            for form in FORMS
        }
        for pair in pairs
    ]


def reaches() -> list[float]:
    """Student's t for the interval, by degrees of freedom from 1: what the browser can't work out."""
    return [_reach(freedom) for freedom in range(1, MOST_FREEDOM + 1)]


def _reach(freedom):
    # Here: its room needs numpy, and a lesson's first bet doesn't.
    from faultlab.metrics.estimates import student_t_upper

    return student_t_upper((1 - CONFIDENCE) / 2, freedom)


def right_of(answers: dict[str, Any], form: str, pairs: Sequence[Pair]) -> list[bool]:
    """Whether each question of a form was answered right; what was left out was not, and counts as missed.

    Parameters
    ----------
    answers : dict
        By form and id, an entry with `chosen`, the words of an option; as it is kept.
    """
    given = answers.get(form, {})
    return [
        given.get(pair.id, {}).get("chosen") == pair.asked(form).options[pair.asked(form).correct[0]].text
        for pair in pairs
    ]


def gain_said(answers: dict[str, Any], pairs: Sequence[Pair]) -> str:
    """Return what one learner gained, in a sentence or three; empty before both forms are handed in.

    Parameters
    ----------
    answers : dict
        As for `right_of`.
    pairs : sequence of Pair

    Examples
    --------
    >>> from faultlab.classroom.learner import Catalogue
    >>> pairs = Catalogue().pairs
    >>> right = {pair.id: {"chosen": pair.after.options[pair.after.correct[0]].text} for pair in pairs}
    >>> gain_said({"before": {"chain": {"chosen": "99.9 %"}}, "after": right}, pairs)[:65]
    'Before the course 0 of 10 were right, with 9 left out, and after '
    """
    if not pairs or not all(answers.get(form) for form in FORMS):
        return ""
    of = len(pairs)
    before, after = (sum(right_of(answers, form, pairs)) for form in FORMS)
    open_before, open_after = (sum(pair.id not in answers[form] for pair in pairs) for form in FORMS)
    left = [f", with {count} left out" if count else "" for count in (open_before, open_after)]
    said = [f"Before the course {before} of {of} were right{left[0]}, and after it {after}{left[1]}."]
    if open_before or open_after:
        said.append("What is left out counts as missed.")
    if before == of:
        lost = "There was nothing to gain, and something to lose."
        said.append("There was nothing left to gain." if after == of else lost)
    elif after > before:
        gain = math.floor(100 * (after - before) / (of - before) + 0.5)
        said.append(
            f"That is {after - before} more, of {of - before} that were missed: a gain of "
            f"{gain}\N{NO-BREAK SPACE}%."
        )
    else:
        said.append("The number is the same." if after == before else "That is fewer.")
    return " ".join(said)


def gain_of_room(several: Sequence[dict[str, Any]], pairs: Sequence[Pair]) -> dict[str, Any] | None:
    """Count what a room knew before and after, of those who answered both; None where nobody did.

    The gain is 1 less the questions still missed, over those missed before, both summed over the room. Its
    interval is that of a ratio of two sums (W. G. Cochran, Sampling Techniques, 1977, chapter 6), with
    Student's t.

    Parameters
    ----------
    several : sequence of dict
        The answers of each learner.
    pairs : sequence of Pair

    Returns
    -------
    dict
        `learners`, `before` and `after` (right answers of each learner on average), `gain` with `low` and
        `high` (None where nothing was left to gain, and without enough learners), and `items`: for each pair
        its `id`, how many were right `before` and `after`, `gained` it and `lost` it, and for each form how
        many `chose` each option.
    """
    both = [one for one in several if all(one.get(form) for form in FORMS)]
    if not both or not pairs:
        return None
    marks = [[right_of(one, form, pairs) for form in FORMS] for one in both]
    missed = [tuple(len(pairs) - sum(right) for right in forms) for forms in marks]
    n, before, after = len(both), sum(one for one, _ in missed), sum(one for _, one in missed)
    gain = low = high = None
    if before:
        ratio = after / before
        gain = 1 - ratio
        if n >= LEAST:
            spread = math.sqrt(sum((y - ratio * x) ** 2 for x, y in missed) / (n - 1))
            reach = _reach(min(n - 1, MOST_FREEDOM)) * spread * math.sqrt(n) / before
            low, high = gain - reach, gain + reach
    return {
        "learners": n,
        "before": len(pairs) - before / n,
        "after": len(pairs) - after / n,
        "gain": gain,
        "low": low,
        "high": high,
        "items": [_item(pair, place, marks, both) for place, pair in enumerate(pairs)],
    }


def _item(pair, place, marks, both):
    right = [(before[place], after[place]) for before, after in marks]
    return {
        "id": pair.id,
        "before": sum(before for before, _ in right),
        "after": sum(after for _, after in right),
        "gained": sum(after and not before for before, after in right),
        "lost": sum(before and not after for before, after in right),
        "chose": {
            form: [
                sum(one[form].get(pair.id, {}).get("chosen") == option.text for one in both)
                for option in pair.asked(form).options
            ]
            for form in FORMS
        },
    }
