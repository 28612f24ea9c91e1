"""The feedback form, printed, typed into a table or asked by a survey tool: read alike, with ranges."""

import csv
import json
import re
from html import unescape
from pathlib import Path

import pytest

from faultlab.__main__ import main
from faultlab.metrics.customers import QUESTIONS

TEACHING = Path(__file__).parents[2] / "course" / "teaching"
ROWS = [
    ["9", "Buy no spare", "The storm", "7", "yes", "right", "", "Who owns the CDN? Ann"],
    ["10", "", "", "Lesson 7", "Yes", "too fast", "Wi-Fi, all morning", ""],
    ["6", "", "=1+1", "", "mostly", "right", "", ""],
    ["eleven", "", "", "2", "perhaps", "", "", ""],
    ["", "", "", "", "", "", "", ""],
]


def answered(path, head, rows=ROWS):
    with open(path, "w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file).writerows([head, *rows])
    return str(path)


def said(capsys, *arguments):
    assert main(["feedback", *arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_room_of_four(tmp_path, capsys):
    found = said(capsys, answered(tmp_path / "a.csv", QUESTIONS))
    assert found["answers"] == 4
    assert found["score"]["value"] == pytest.approx(100 * (2 - 1) / 3)  # two for, one against, of three
    assert (found["score"]["low"], found["score"]["high"]) == pytest.approx((-56.2, 100), abs=0.1)
    assert found["choices"] == {
        "free": {"yes": 2, "mostly": 1, "no": 0},
        "pace": {"too slow": 0, "right": 2, "too fast": 1},
    }
    # Clopper and Pearson's 95 % of 2 in 3: there 2 or more, and 2 or fewer, have a chance of 2.5 %
    low, high = found["free"]["low"], found["free"]["high"]
    assert 3 * low**2 - 2 * low**3 == pytest.approx(0.025)
    assert 1 - high**3 == pytest.approx(0.025)
    assert found["least_worth"] == {"2": 1, "7": 2}
    assert found["sentences"]["monday"] == ["Who owns the CDN? Ann"]
    assert [line.split(":")[0] for line in found["unreadable"]] == ["a.csv, line 5"] * 2


def test_a_survey_tools_own_headings_are_read_as_they_come(tmp_path, capsys):
    head = ["Timestamp", *(f"{n}. {words} (a hint)" for n, words in enumerate(QUESTIONS.values(), 1)), "Room"]
    rows = [["2026/11/29 5:00:00 PM", *row, "B"] for row in ROWS[:-1]]
    mine = said(capsys, answered(tmp_path / "a.csv", QUESTIONS))
    assert said(capsys, answered(tmp_path / "b.csv", head, rows)) | {"unreadable": 0} == mine | {
        "unreadable": 0
    }


def test_the_form_asks_what_the_table_holds_and_the_kit_names_its_heading(tmp_path, capsys):
    form, table = tmp_path / "form.html", tmp_path / "table.csv"
    said(capsys, "--form", str(form), "--table", str(table))
    asked = re.findall(r"<li>(.*?)<div", form.read_text(encoding="utf-8"))
    assert list(map(unescape, asked)) == list(QUESTIONS.values())
    heading = table.read_text(encoding="utf-8-sig").strip()
    assert heading.split(",") == list(QUESTIONS)
    assert f"`{heading}`" in (TEACHING / "before_and_after.md").read_text(encoding="utf-8")
    assert main(["feedback", str(table)]) == 2
    assert "no row has an answer" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "wrong"), [("a,b\n1,2\n", "has none of the headings"), ("", "has none of the headings")]
)
def test_another_table_is_refused(tmp_path, capsys, text, wrong):
    (tmp_path / "x.csv").write_text(text, encoding="utf-8")
    assert main(["feedback", str(tmp_path / "x.csv")]) == 2
    assert wrong in capsys.readouterr().err
    assert main(["feedback"]) == 2


def test_what_is_said_in_words(tmp_path, capsys):
    assert main(["feedback", answered(tmp_path / "a.csv", QUESTIONS)]) == 0
    text = capsys.readouterr().out
    assert "Net Promoter Score: 33, and from so few anything from -56 to 100 (90 %)" in text
    assert "Felt free: 67 %" in text
