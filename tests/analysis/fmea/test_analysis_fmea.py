"""FMEA: the whole Action Priority table, worksheets that go round, and other people's formulas."""

import csv
import itertools
import json
from collections import Counter

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from faultlab.__main__ import main
from faultlab.analysis.fmea.criticality import FailureMode, item_criticality, mode_criticality
from faultlab.analysis.fmea.ranking import gamed, rpn_counts, with_rpn
from faultlab.analysis.fmea.revisions import changes
from faultlab.analysis.fmea.scales import DETECTION, OCCURRENCE, SEVERITY
from faultlab.analysis.fmea.sheets import read_fmea
from faultlab.analysis.fmea.variants import wrong_tables
from faultlab.analysis.fmea.worksheet import Row, action_priority, priority_table, ranked, rows_of, rpn
from faultlab.analysis.fmea.writing import write_fmea
from faultlab.analysis.systems import read_system
from faultlab.errors import BadInput

ALL = list(itertools.product(range(1, 11), repeat=3))
HEAD = "item,failure_mode,severity,occurrence,detection\n"
KESTREL = "course/kestrel.yaml"


def test_action_priority_as_counted_and_at_the_check_pairs():
    assert Counter(action_priority(*one) for one in ALL) == {"H": 318, "M": 214, "L": 468}
    pairs = "10,1,9 L; 9,3,4 L; 9,2,5 M; 8,5,3 M; 6,5,4 L; 5,8,3 M; 9,2,7 H; 8,6,1 M; 4,8,5 H; 3,8,5 M"
    for pair in pairs.split("; "):
        ratings, expected = pair.split(" ")
        assert action_priority(*map(int, ratings.split(","))) == expected, pair


def test_action_priority_never_falls_when_a_rating_rises():
    worth = {one: "LMH".index(action_priority(*one)) for one in ALL}
    for one in ALL:
        for i in range(3):
            if one[i] < 10:
                assert worth[one] <= worth[(*one[:i], one[i] + 1, *one[i + 1 :])]


def test_risk_priority_numbers_rank_badly_as_counted():
    counted = Counter(rpn(*one) for one in ALL)
    assert len(counted) == 120
    assert sum(number * times for number, times in counted.items()) / 1000 == 166.375
    assert {number for number, times in counted.items() if times == 24} == {60, 72, 120}
    assert sum(times for number, times in counted.items() if number <= 100) == 499
    assert sum(times for number, times in counted.items() if number >= 125) == 447
    for number, expected in {100: {"H": 2, "M": 3, "L": 7}, 120: {"H": 2, "M": 10, "L": 12}}.items():
        assert Counter(action_priority(*one) for one in ALL if rpn(*one) == number) == expected


@pytest.mark.parametrize("wrong", [0, 11, 2.5, "3", None, True])
def test_a_rating_that_is_none_is_refused(wrong):
    with pytest.raises(BadInput, match="occurrence is a whole number from 1 to 10"):
        action_priority(5, wrong, 5)


def test_criticality_of_the_standard_made_example():
    modes = [
        FailureMode("a", 0.5, 1, "II"),
        FailureMode("b", 0.3, 0.5, "II"),
        FailureMode("c", 0.2, 0.1, "III"),
    ]
    assert [mode_criticality(mode, 50e-6, 20) for mode in modes] == pytest.approx([5e-4, 1.5e-4, 2e-5])
    assert item_criticality(modes, 50e-6, 20) == pytest.approx({"II": 6.5e-4, "III": 2e-5})
    with pytest.raises(BadInput, match="more than one"):
        item_criticality([*modes, FailureMode("d", 0.1, 1, "I")], 50e-6, 20)
    with pytest.raises(BadInput, match="'d': the severity class"):
        item_criticality([FailureMode("d", 0.1, 1, "V")], 50e-6, 20)


def test_the_most_urgent_come_first_and_unrated_rows_last():
    rows = [Row("a", "m"), Row("b", "m", severity=10, occurrence=1, detection=9)]
    rows += [
        Row("c", "m", severity=4, occurrence=8, detection=5),
        Row("d", "m", severity=9, occurrence=2, detection=5),
    ]
    assert [row.item for row in ranked(rows)] == ["c", "d", "b", "a"]


text = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF), max_size=20).map(str.strip)
named = text.filter(bool)
rating = st.none() | st.integers(1, 10)
rows = st.builds(Row, named, named, named, named, named, rating, rating, rating, named)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(rows, max_size=5, unique_by=lambda row: (row.item, row.failure_mode)))
def test_a_worksheet_reads_back_as_it_was_written(tmp_path, ending, given_rows):
    path = tmp_path / f"sheet.{ending}"
    write_fmea(path, given_rows)
    assert read_fmea(path) == given_rows


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_a_cell_of_someone_else_never_becomes_a_formula(tmp_path, start):
    said = f'{start}HYPERLINK("http://example.org","click")'
    row = Row(said, "m", effect=said, severity=1, occurrence=1, detection=1)
    write_fmea(tmp_path / "a.csv", [row])
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file))[1][:3] == ["'" + said, "m", "'" + said]
    write_fmea(tmp_path / "a.xlsx", [row])
    cell = openpyxl.load_workbook(tmp_path / "a.xlsx").active["A2"]
    assert (cell.value, cell.data_type) == (said, "s")


def test_spreadsheets_habits_are_read(tmp_path):
    path = tmp_path / "sheet.csv"
    path.write_bytes("\ufeffComponent;Failure-mode;S;O;D;Note\r\ncache;lost;5;8;3.0;x\r\n;;;;;\r\n".encode())
    noted = (("Note", "x"),)
    assert read_fmea(path) == [Row("cache", "lost", severity=5, occurrence=8, detection=3, others=noted)]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"item,failure_mode,severity,occurrence\na,b,1,2", "no column for detection"),
        (b"item,failure_mode,severity,s,occurrence,detection\n", "two columns for severity"),
        (
            (HEAD + "a,b,1,2,3\na,c,11,2,3").encode(),
            "line 3: severity is a whole number from 1 to 10, not '11'",
        ),
        ((HEAD + "a,b,1,x,3").encode(), "line 2: occurrence .* not 'x'"),
        ((HEAD + "a,b,1,nan,3").encode(), "line 2: occurrence .* not 'nan'"),
        ((HEAD + "a,b,1,1e999,3").encode(), "line 2: occurrence"),
        ((HEAD + ",b,1,1,3").encode(), "line 2: there is no item"),
        ((HEAD + "a,b,1,2,3\na,b,1,2,3").encode(), "line 3: the same item and failure mode as line 2"),
        (bytes(range(256)), "not text in UTF-8"),
        (b"item\0", "binary"),
        (b"PK\x03\x04nonsense", "no readable XLSX"),
        ((HEAD + '"' + "a" * 200_000).encode(), "a quote is opened and not closed"),
    ],
)
def test_a_sheet_that_makes_no_sense_is_refused_in_one_line(tmp_path, capsys, content, words):
    path = tmp_path / "sheet.csv"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=words):
        read_fmea(path)
    assert main(["fmea", str(path)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1


def test_a_worksheet_that_cannot_be_written_is_one_sentence(tmp_path):
    with pytest.raises(BadInput, match=r"can't write a\.csv: No such file or directory"):
        write_fmea(tmp_path / "nowhere" / "a.csv", [Row("a", "b")])
    with pytest.raises(BadInput, match="characters that XLSX can't"):
        write_fmea(tmp_path / "a.xlsx", [Row("a\x07", "b")])
    with pytest.raises(BadInput, match=r"ends in \.csv or \.xlsx"):
        write_fmea(tmp_path / "a.pdf", [])


def test_an_apostrophe_before_a_formula_is_kept(tmp_path):
    rows = [Row("'=1+1", "''@", severity=1)]
    for name in ("a.csv", "a.xlsx"):
        write_fmea(tmp_path / name, rows)
        assert read_fmea(tmp_path / name) == rows


@pytest.mark.parametrize("scale", [SEVERITY, OCCURRENCE, DETECTION])
def test_every_rating_of_every_scale_has_a_meaning_of_its_own(scale):
    assert sorted(scale) == list(range(1, 11))
    assert len(set(scale.values())) == 10


def test_rows_of_the_system_name_whom_each_part_stops():
    rows = {row.item: row for row in rows_of(read_system(KESTREL))}
    assert rows["dns"].effect == "stops web, search, basket, checkout, payments"
    assert rows["identity"].effect == "stops checkout, payments"
    assert all(row.rated is None and row.effect for row in rows.values())


def test_the_command_says_what_changed(tmp_path, capsys):
    old, new = tmp_path / "old.csv", tmp_path / "new.csv"
    old.write_text(HEAD + "cache,lost,5,8,3\ndns,down,9,2,7\n", encoding="utf-8")
    new.write_text(HEAD + "cache,lost,5,4,3\nqueue,full,7,5,5\n", encoding="utf-8")
    assert main(["fmea", str(new), "--against", str(old), "--out", str(tmp_path / "out.xlsx"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [(row["rpn"], row["action_priority"]) for row in found["rows"]] == [(60, "L"), (175, "M")]
    assert [(one["item"], one["what"]) for one in found["changes"]] == [
        ("cache", "changed"),
        ("dns", "removed"),
        ("queue", "added"),
    ]
    assert found["changes"][0]["before"] == {"occurrence": 8, "rpn": 120, "action_priority": "M"}
    assert read_fmea(tmp_path / "out.xlsx") == read_fmea(new)
    assert changes(read_fmea(new), read_fmea(new)) == []
    assert main(["fmea", str(new)]) == 0
    assert capsys.readouterr().out.startswith("M  RPN  175   queue: full")


def test_wrong_tables_differ_where_counted_by_hand():
    """Cells of the row for severity 9 and 10, times two severities, occurrences and detections in a cell."""
    shifted, always, thresholds = wrong_tables()
    by_cell = {  # occurrence band: how many of its cells' detections change
        "shifted": 2 * (2 * 1 + 2 * (2 + 3 + 1) + 1 * (4 + 2)),
        "always": 2 * (2 * 1 + 2 * (2 + 3 + 1) + 1 * 10),
    }
    assert len(shifted.differing()) == by_cell["shifted"]
    assert len(always.differing()) == by_cell["always"]
    assert all(severity >= 9 for table in (shifted, always) for severity, _, _ in table.differing())
    assert "".join(always.priority(10, o, d) for o in (1, 10) for d in (1, 10)) == "HHHH"
    assert Counter(thresholds.priority(*one) for one in ALL) == Counter(
        "H" if rpn(*one) >= 200 else "M" if rpn(*one) >= 100 else "L" for one in ALL
    )
    assert set(thresholds.differing()) == {
        one for one in ALL if thresholds.priority(*one) != action_priority(*one)
    }
    for table in wrong_tables():
        assert table.differing()
        assert table.error.endswith(".")
    assert [table.cells is None for table in wrong_tables()] == [False, False, True]
    assert priority_table()[9, 10][1, 1] == "LLLL", "a wrong table has changed the right one"


def test_every_cell_of_the_shown_table_is_what_is_answered():
    detections = ((7, 10), (5, 6), (2, 4), (1, 1))
    answered = 0
    for (s_low, s_high), row in priority_table().items():
        for (o_low, o_high), letters in row.items():
            for (d_low, d_high), letter in zip(detections, letters, strict=True):
                for one in itertools.product(
                    range(s_low, s_high + 1), range(o_low, o_high + 1), range(d_low, d_high + 1)
                ):
                    assert action_priority(*one) == letter
                    answered += 1
    assert answered == 1000


def test_the_number_and_the_priority_disagree_at_most_so():
    assert (len(rpn_counts()), sum(rpn_counts().values())) == (120, 1000)
    assert {key: len(found) for key, found in with_rpn(120).items()} == {"H": 2, "M": 10, "L": 12}
    with pytest.raises(BadInput, match="121"):
        with_rpn(121)
    lowest_urgent = min(rpn(*one) for one in ALL if action_priority(*one) == "H")
    highest_optional = max(rpn(*one) for one in ALL if action_priority(*one) == "L")
    assert lowest_urgent < highest_optional


@given(st.tuples(*[st.integers(1, 10)] * 3), st.integers(2, 1000))
def test_gaming_takes_the_fewest_points_that_pass(ratings, limit):
    found = gamed(*ratings, limit)
    assert bool(found) == (rpn(*ratings) >= limit and min(rpn(*ratings) // one for one in ratings) < limit)
    for one in found:
        place = ["severity", "occurrence", "detection"].index(one.rating)
        before = [*one.ratings]
        before[place] += one.points
        assert tuple(before) == ratings
        before[place] = one.ratings[place] + 1
        assert one.rpn < limit <= rpn(*before)
