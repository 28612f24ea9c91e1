"""A bet and its answer: nothing that can be moved stands between them, and a picture marks the bet after."""

import re
from pathlib import Path

import nbformat
import pytest
import yaml

COURSE = Path(__file__).parents[2] / "course"
LESSONS = sorted(COURSE.glob("[0-9][0-9]_*.ipynb"))
ON_THEIR_CARD_ALONE = {"segregated", "backups_attacked", "own_year", "promise_kept", "worse_with_a_plan"}
"""One number that somebody published or a model works out: no picture that moves has an axis for it."""


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_nothing_that_can_be_moved_stands_between_a_bet_and_its_answer(path):
    placed = set()
    for cell in nbformat.read(path, 4).cells:
        source = cell.source if cell.cell_type == "code" else ""
        for kind, of in re.findall(r"lesson\.(bet|reveal)\(\s*\"(\w+)\"", source):
            placed ^= {of}
            assert (of in placed) == (kind == "bet")
        if placed:
            assert not re.search(r"Explorer\(|LongRun\(|\.watch\(", source), f"{placed} could be looked up"
    assert not placed


def test_every_bet_with_a_number_is_marked_on_a_picture():
    asked, marked = set(), set()
    for path in LESSONS:
        bets = yaml.safe_load(path.with_suffix(".yaml").read_text(encoding="utf-8"))["bets"]
        asked |= {bet["id"] for bet in bets if bet["kind"] != "choice"}
        code = "\n".join(cell.source for cell in nbformat.read(path, 4).cells)
        marked |= set(re.findall(r"BetMark\(\"(\w+)\"", code))
    assert marked == asked - ON_THEIR_CARD_ALONE
