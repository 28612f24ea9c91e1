"""Ten questions, each answered by a range that is meant to hold nine times in ten; the browser scores."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from faultlab.classroom.notebook.forms import OwnForm
from faultlab.classroom.notebook.taking_away import Own
from faultlab.views.kit import script

if TYPE_CHECKING:
    from faultlab.classroom.notebook.lesson import Lesson


class _Widget(OwnForm):
    """What the browser holds of the ten questions."""

    _esm = script(Path(__file__).parent / "ten_ranges.js")


class TenRanges(Own):
    """The questions of `course/data/ten_ranges.yaml`; what is typed is kept with the learner's figures."""

    kind = _Widget

    def __init__(self, lesson: Lesson) -> None:
        path = lesson._catalogue.course / "data" / "ten_ranges.yaml"
        self.questions: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
        super().__init__("ranges", "Ten ranges", lesson.saved, lesson._catalogue, lesson.number)

    def _data(self, data):
        return {"questions": self.questions, "typed": data["ranges"]}

    def _take(self, content):
        kept = {
            str(place): [str(end)[:40] for end in ends][:2]
            for place, ends in content["ranges"].items()
            if str(place).isdecimal() and int(place) < len(self.questions)
        }
        seen = {"seen": True} if content.get("seen") else {}
        self._keep(lambda data: data.update(ranges=kept | seen), "Saved.")

    def _still(self):
        asked = "".join(f"<li>{one['question']}</li>" for one in self.questions)
        return f"<ol>{asked}</ol>"
