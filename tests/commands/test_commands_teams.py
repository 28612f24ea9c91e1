"""Team codes and their cards: the same every time, told apart, and read by grading and the pages."""

import csv
import json
import re
import sys
from itertools import combinations

import pytest

from faultlab.__main__ import main
from faultlab.classroom import team_code, team_codes
from faultlab.classroom.grading import read_teams
from faultlab.classroom.learner.seeds import BIRDS, COLOURS, MOST_TEAMS
from faultlab.pages import labs


def distance(one, other):
    """Letters to add, drop or change (Levenshtein)."""
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        above, row = row, [i]
        for j, its in enumerate(other, 1):
            row.append(min(above[j] + 1, row[-1] + 1, above[j - 1] + (letter != its)))
    return row[-1]


def test_codes_are_valid_and_no_two_are_alike():
    codes = team_codes(MOST_TEAMS)
    assert len(set(codes)) == MOST_TEAMS
    assert all(team_code(code) == code for code in codes)
    for words in (COLOURS, BIRDS):
        assert min(distance(one, other) for one, other in combinations(words, 2)) >= 3
    assert len({code.partition("-")[2] for code in team_codes(24)}) == 24


def test_a_workshop_keeps_its_codes_and_another_has_others():
    assert team_codes(30, "May")[:10] == team_codes(10, "May")
    assert len(set(team_codes(24, "May")) & set(team_codes(24, "June"))) < 12
    assert team_codes(24) == labs.TEAMS


def test_cards_carry_code_and_address(tmp_path, capsys):
    out, listed = tmp_path / "cards.html", tmp_path / "teams.csv"
    address = "https://example.org/course?a=1&b=<2>"
    asked = ["teams", "--count", "9", "--workshop", "May & June", "--out", out, "--list", listed]
    assert main([*map(str, asked), "--address", address, "--json"]) == 0
    found, page = json.loads(capsys.readouterr().out), out.read_text(encoding="utf-8")
    assert re.findall(r"<p class='code'>(.+?)</p>", page) == found["teams"]
    assert page.count("<section>") == 2
    assert page.count("May &amp; June") == page.count("a=1&amp;b=&lt;2&gt;</p>") == 9
    assert "<2>" not in page
    assert "://" not in re.sub("https://example[^<]*", "", page).replace("http://www.w3.org", "")
    assert labs.read_teams(listed) == tuple(found["teams"])
    assert main(["grade", str(tmp_path), "--teams", str(listed)]) == 2
    assert "teams.csv, line 2: a learner and a team are needed" in capsys.readouterr().err
    rows = list(csv.DictReader(listed.read_text(encoding="utf-8").splitlines()))
    listed.write_text("learner,team\n" + "".join(f"l{i},{row['team']}\n" for i, row in enumerate(rows)))
    assert tuple(read_teams(listed).values()) == tuple(found["teams"])


def test_the_picture_says_the_address(tmp_path, capsys):
    segno = pytest.importorskip("segno", reason="QR codes: install the extra `instructor`")
    out, address = tmp_path / "cards.html", "https://example.org/course"
    assert main(["teams", "--count", "3", "--out", str(out), "--address", address]) == 0
    assert "QR" not in capsys.readouterr().out
    (drawn,) = set(re.findall(r'<path .*? d="(.+?)"', out.read_text(encoding="utf-8")))
    assert drawn in segno.make(address, error="m").svg_inline(border=2)
    assert out.read_text(encoding="utf-8").count("<svg") == 3


def test_without_the_library_or_an_address_the_cards_come_without_a_picture(tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "segno", None)
    out = tmp_path / "cards.html"
    for more, said in (
        [["--address", "https://a.org"], "no QR code: install"],
        [[], "a line for the address"],
    ):
        assert main(["teams", "--out", str(out), *more]) == 0
        assert said in capsys.readouterr().out
        assert "<svg" not in out.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["--count", "0"], "1 to 288 teams, not 0"),
        (["--count", "289"], "1 to 288 teams, not 289"),
        (["--out", "cards.pdf"], "the browser prints it"),
        (["--address", "javascript:x"], "begins with https://"),
        (["--address", "https://" + "x" * 250], "more than 160 letters"),
        (["--workshop", "x" * 41], "more than 40 letters"),
    ],
)
def test_what_makes_no_card_is_refused(asked, said, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["teams", *asked]) == 2
    assert said in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
