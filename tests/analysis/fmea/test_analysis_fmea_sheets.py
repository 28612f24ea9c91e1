"""Worksheets as people keep them: heads, sheets, merged cells, and what becomes of every cell."""

import json
import os

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment

from faultlab.__main__ import main
from faultlab.analysis.fmea.revisions import changes
from faultlab.analysis.fmea.sheets import read_fmea, read_worksheet
from faultlab.analysis.fmea.words import GERMAN_LETTERS, HEADS, fields_of
from faultlab.analysis.fmea.worksheet import Row
from faultlab.analysis.fmea.writing import write_fmea
from faultlab.errors import BadInput

HEAD = ["Item", "Failure mode", "Cause", "S", "O", "D"]
QUEUE = ["queue", "message lost", "disk full", 8, 3, 4]


def csv_file(folder, text, name="a.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def book(folder, *sheets, name="a.xlsx"):
    """A workbook: sheets as (title, rows), and what is done to each afterwards."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for title, rows, *changed in sheets:
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
        for change in changed:
            change(sheet)
    made.save(folder / name)
    return folder / name


def the_row(path):
    (row,) = read_fmea(path)
    return row


HEADERS = {  # a header and a row of eights, threes and fours under it
    "plain": "Item,Failure mode,S,O,D\nqueue,lost,8,3,4",
    "potential": "Component,Potential failure mode(s),Severity,Occurrence,Detection\nqueue,lost,8,3,4",
    "camel case": "itemName,failureMode,severityRating,occurrenceRating,detectionRating\nqueue,lost,8,3,4",
    "line breaks": 'Item,"Failure\nmode","Severity\n(S)","Occ\r\n(O)","Detection\n(D)"\nqueue,lost,8,3,4',
    "misspelt": "Item,Failure Mode,Severety,Occurence,Detecton\nqueue,lost,8,3,4",
    "scales in heads": 'Item,Failure mode,"Sev\n1 = none\n10 = harm",O (1-10),D [1..10]\nqueue,lost,8,3,4',
    "ranking": "Part,Failure Mode,Severity Ranking,Occurrence Rank,Detection score\nqueue,lost,8,3,4",
    "German letters": "Komponente;Fehlerart;Fehlerfolge;B;Ursache;A;E;RPZ\nqueue;lost;x;8;y;3;4;96",
    "German words": "Bauteil;Mögliche Fehlerart;Bedeutung;Auftreten;Entdeckung\nqueue;lost;8,0;3;4",
    "titles": "FMEA,,,,\nProject,Shop,,,\n,,,,\nItem,Failure mode,S,O,D\nqueue,lost,8,3,4",
    "commas in a head": 'Item;"Failure mode (what, how, when)";S;O;D\nqueue;lost;8;3;4',
    "two lines": "Item,Failure mode,Ratings,,\n,,S,O,D\nqueue,lost,8,3,4",
    "two lines, one would do": "Item,Failure mode,S,O,D,Action results,,\n,,,,,S,O,D\nqueue,lost,8,3,4,,,",
    "AIAG & VDA": (
        "Focus Element,Failure Mode (FM) of the Focus Element,Severity (S) of FE,Occurrence (O) of FC,"
        "Detection (D) of FC/FM\nqueue,lost,8,3,4"
    ),
    "control beside its rating": "Item,Failure mode,Prevention,S,O,Detection,D\nqueue,lost,review,8,3,test,4",
    "bars": "item|failure mode|severity|likelihood|detectability\nqueue|lost|8|3|4",
}


@pytest.mark.parametrize("name", HEADERS)
def test_a_header_is_found_by_its_words(tmp_path, name):
    row = the_row(csv_file(tmp_path, HEADERS[name]))
    assert (row.item, row.failure_mode, row.rated) == ("queue", "lost", (8, 3, 4))
    assert row.rated_after is None


AFTERWARDS = {
    "repeated": "S,O,D,RPN,Action,Action taken,S,O,D,RPN",
    "repeated at once": "S,O,D,RPN,Action,x,S,O,D,RPN",
    "new": "S,O,D,RPN,Action,x,New S,New O,New D,New RPN",
    "in brackets": "S (before),O (before),D (before),RPN,Action,x,S (after),O (after),D (after),y",
    "numbered": "S1,O1,D1,RPN1,Action,x,S2,O2,D2,RPN2",
    "primes": "S,O,D,RPN,Action,x,S',O',D',RPN'",
    "AIAG & VDA": (
        "Severity (S) of FE,Occurrence (O) of FC,Detection (D) of FC,DFMEA AP,DFMEA Preventive Action,x,"
        "Severity (S),Occurrence (O),Detection (D),DFMEA AP"
    ),
    "German": "B,A,E,RPZ,Empfohlene Maßnahme,x,B,A,E,RPZ",
    "German in one word": "B,A,E,RPZ,Abstellmaßnahme,x,B,A,E,RPZ",
}


@pytest.mark.parametrize("name", AFTERWARDS)
def test_ratings_repeated_after_the_action_are_those_after_it(tmp_path, name):
    text = f"Item,Failure mode,{AFTERWARDS[name]}\ncache,stale,7,4,6,,add expiry,,7,2,3,\n"
    row = the_row(csv_file(tmp_path, text))
    assert (row.rated, row.rpn, row.action_priority) == ((7, 4, 6), 168, "M")
    assert (row.rated_after, row.rpn_after, row.action_priority_after) == ((7, 2, 3), 42, "L")
    assert row.action == "add expiry"


def test_ratings_after_may_stand_first(tmp_path):
    text = "Item,Failure mode,New S,New O,New D,S,O,D\ncache,stale,7,2,3,7,4,6\n"
    row = the_row(csv_file(tmp_path, text))
    assert (row.rated, row.rated_after) == ((7, 4, 6), (7, 2, 3))


def test_a_severity_not_rated_anew_has_stayed():
    row = Row("a", "b", severity=7, occurrence=4, detection=6, occurrence_after=2, detection_after=3)
    assert (row.rated_after, row.rpn_after) == ((7, 2, 3), 42)


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("Item,Failure mode,Severity,S,O,D", "two columns for severity, 'Severity' and 'S'"),
        ("Item,Failure mode,Effect,Effects,S,O,D", "two columns for effect, 'Effect' and 'Effects'"),
        (
            "Item,Failure mode,S,O",
            "no column for detection; line 1 has the heads 'Item', 'Failure mode', 'S'",
        ),
        ("Item,Failure mode,Severity,Frequency,Monitoring", "FMEA-MSR"),
        ("a,b\n1,2", "none of the first 30 lines is a header"),
    ],
)
def test_a_header_that_leaves_a_doubt_is_refused(tmp_path, header, words):
    with pytest.raises(BadInput) as refused:
        read_fmea(csv_file(tmp_path, header + "\n"))
    assert words in str(refused.value)


def test_the_item_is_chosen_and_the_others_are_carried(tmp_path):
    text = "Process,Component,Item,Function,Failure mode,S,O,D\npay,pump,valve,close,stuck,8,3,4\n"
    row = the_row(csv_file(tmp_path, text))
    assert (row.item, row.function) == ("valve", "close")
    assert row.others == (("Process", "pay"), ("Component", "pump"))
    text = "Process Step / Function,Requirement,Failure mode,S,O,D\nload,on time,late,8,3,4\n"  # AIAG
    row = the_row(csv_file(tmp_path, text))
    assert (row.item, row.function) == ("load", "on time")
    row = the_row(csv_file(tmp_path, "Function,Failure mode,S,O,D\nclose,stuck,8,3,4\n"))
    assert (row.item, row.function) == ("close", "")


def test_every_word_of_the_table_is_found_and_means_one_field():
    for field, lines in HEADS.items():
        for line in lines:
            for word in line.split(", "):
                assert [found for found, _ in fields_of(word)] == [field], word
                assert [found for found, _ in fields_of(word.upper())] == [field], word
    assert not any(fields_of(letter) for letter in GERMAN_LETTERS)
    assert not any(map(fields_of, ("", "Security", "Direction", "Defect", "Failure code", "Owner", "No.")))


REFUSED_ROWS = {
    "long": ("queue,lost,8,3,4,slow, then stops", "line 2: 7 cells under 6 columns"),
    "words": ("queue,lost,8 - High,3,4", "line 2: severity .* not '8 - High'; leave it blank"),
    "not available": ("queue,lost,8,N/A,4", "line 2: occurrence .* not 'N/A'; leave it blank"),
    "half": ('queue,lost,8,"3,5",4', "line 2: occurrence .* not '3,5'"),
    "continued": ("queue,lost,8,3,4\n,full,8,3,4", "line 3: there is no item"),
    "no mode": ("queue,,8,3,4", "line 2: there is no failure_mode"),
    "twice": ("queue,lost,8,3,4\nqueue,lost,9,3,4", "line 3: the same item and failure mode as line 2"),
}


@pytest.mark.parametrize("name", REFUSED_ROWS)
def test_a_row_in_doubt_is_refused_with_its_line(tmp_path, name):
    text, words = REFUSED_ROWS[name]
    with pytest.raises(BadInput, match=words):
        read_fmea(csv_file(tmp_path, f"Item,Failure mode,S,O,D,Effect\n{text}\n"))


def test_a_shifted_row_is_refused_and_a_wrong_rpn_is_named(tmp_path):
    text = "Failure Mode,Item,Effect,S,O,D,RPN,Line\nlost,queue,late,3,4,8,97,7\n"
    (remark,) = read_worksheet(csv_file(tmp_path, text)).remarks
    assert "line 2: the sheet says rpn '97', its ratings give 96" in remark
    grouped = "Item,Failure mode,S,O,D,RPN\ndisk,lost,10,10,10,1.000\n"
    assert read_worksheet(csv_file(tmp_path, grouped, "b.csv")).remarks == ()
    with pytest.raises(BadInput, match="line 3: 9 cells under 8 columns"):
        read_fmea(csv_file(tmp_path, text + "lost,disk,late, 2,9,9,9,729,8\n"))


def test_causes_of_one_mode_are_rows_of_their_own(tmp_path):
    text = "Item,Failure mode,Cause,S,O,D\nqueue,lost,killed,9,3,4\nqueue,lost,disk full,9,5,2\n"
    old = read_fmea(csv_file(tmp_path, text))
    assert [row.rpn for row in old] == [108, 90]
    new = read_fmea(csv_file(tmp_path, text.replace("9,5,2", "9,4,2") + "queue,lost,typo,9,2,2\n"))
    assert [(one.what, one.after.get("occurrence")) for one in changes(old, new)] == [
        ("changed", 4),
        ("added", 2),
    ]
    assert changes(new, new) == []


def test_headings_become_sections_and_repeated_headers_are_passed(tmp_path):
    head = "Item,Failure mode,S,O,D\n"
    first, second = "1. Messaging,,,,\nqueue,lost,8,3,4\n,,,,\n", "2. Storage,,,,\nqueue,lost,7,4,3\n"
    text = f"{head}{first}{head}{second}Signed: Ann,,,,\n"
    sheet = read_worksheet(csv_file(tmp_path, text))
    assert [(row.section, row.rpn) for row in sheet.rows] == [("1. Messaging", 96), ("2. Storage", 84)]
    assert sheet.remarks == ("a.csv, line 8: the heading 'Signed: Ann' has no rows.",)


def test_every_visible_sheet_is_read_and_the_others_are_named(tmp_path, capsys):
    def hide(sheet):
        sheet.sheet_state = "hidden"

    disk = ["disk", "full", "logs", 9, 8, 7]
    path = book(
        tmp_path,
        ("2025", [HEAD, ["queue", "message lost", "disk full", 2, 2, 2]], hide),
        ("Web", [["FMEA of the web"], [], HEAD, QUEUE]),
        ("Storage", [HEAD, disk]),
        ("Team", [["Name", "Role"], ["Ann", "lead"]]),
        ("Half", [HEAD[:5], QUEUE[:5]]),
        ("Nothing", []),
    )
    sheet = read_worksheet(path)
    assert [(row.sheet, row.rpn) for row in sheet.rows] == [("Web", 96), ("Storage", 504)]
    assert sheet.titles == {"Web": (("FMEA of the web",),)}
    assert sorted(sheet.left_out) == [
        "hidden sheet '2025'",
        "sheet 'Half' (no column for detection)",
        "sheet 'Nothing' (empty)",
        "sheet 'Team' (no column for item and failure_mode and severity and occurrence and detection)",
    ]
    assert main(["fmea", str(path)]) == 0
    said = capsys.readouterr().out
    assert "H  RPN  504   Storage, disk: full (logs)" in said
    assert "hidden sheet '2025'" in said
    before = path.read_bytes()
    assert main(["fmea", str(path), "--out", str(path)]) == 2
    assert "holds more than is read (hidden sheet '2025'" in capsys.readouterr().err
    assert path.read_bytes() == before
    assert main(["fmea", str(path), "--out", str(tmp_path / "b.csv")]) == 0
    assert [(row.sheet, row.rpn) for row in read_fmea(tmp_path / "b.csv")] == [("Web", 96), ("Storage", 504)]


def test_charts_are_passed_and_hidden_rows_counted(tmp_path):
    made = openpyxl.load_workbook(
        book(tmp_path, ("FMEA", [HEAD, QUEUE, ["tape", "lost", "old", 10, 10, 10]]))
    )
    made["FMEA"].row_dimensions[3].hidden = True
    made.create_chartsheet("Pareto", 0).add_chart(openpyxl.chart.BarChart())
    made.save(tmp_path / "b.xlsx")
    sheet = read_worksheet(tmp_path / "b.xlsx")
    assert [row.rpn for row in sheet.rows] == [96, 1000]
    assert sheet.left_out == ("chart 'Pareto'",)
    assert "hidden rows are read like all others, 1 of them" in sheet.remarks[0]


def test_merged_cells_are_filled_down_and_nothing_else(tmp_path):
    def merge(sheet):
        for area in ("A2:F2", "A3:A5", "B3:B4", "A6:A9"):
            sheet.merge_cells(area)

    rows = [
        HEAD,
        ["Messaging"],
        QUEUE,
        [None, None, "killed", 8, 5, 4],
        [None, "slow", "load", 5, 5, 4],
        ["disk", "full", "logs", 9, 8, 7],
    ]
    path = book(tmp_path, ("FMEA", rows, merge))
    assert [(row.section, row.item, row.failure_mode, row.cause) for row in read_fmea(path)] == [
        ("Messaging", "queue", "message lost", "disk full"),
        ("Messaging", "queue", "message lost", "killed"),
        ("Messaging", "queue", "slow", "load"),
        ("Messaging", "disk", "full", "logs"),
    ]
    with pytest.raises(BadInput, match="line 4: there is no item"):
        read_fmea(book(tmp_path, ("FMEA", rows)))


def test_a_merged_header_of_two_lines_far_to_the_right(tmp_path):
    def place(sheet):
        for column, (above, below) in enumerate(
            [
                *(("Item", None), ("Failure mode", None), ("Controls", "Prevention"), (None, "Detection")),
                *(("Ratings", "S"), (None, "O"), (None, "D")),
                *(("Action results", "S"), (None, "O"), (None, "D")),
            ],
            60,
        ):
            sheet.cell(2, column, above)
            sheet.cell(3, column, below)
        for column, value in enumerate(["queue", "lost", "review", "test", 8, 3, 4, 8, 2, 2], 60):
            sheet.cell(4, column, value)
        sheet.merge_cells(start_row=2, end_row=3, start_column=60, end_column=60)
        sheet.merge_cells(start_row=2, end_row=2, start_column=64, end_column=66)

    row = the_row(book(tmp_path, ("FMEA", [], place)))
    assert (row.rated, row.rated_after) == ((8, 3, 4), (8, 2, 2))
    assert (row.prevention_controls, row.detection_controls) == ("review", "test")


@pytest.mark.parametrize("place", ["D2", "A2"])
def test_a_formula_that_was_never_calculated_is_refused_by_its_cell(tmp_path, place):
    def formula(sheet):
        sheet[place] = "=4*2"

    with pytest.raises(BadInput, match=f"line 2: the formula in {place} has no stored result"):
        read_fmea(book(tmp_path, ("FMEA", [HEAD, QUEUE], formula)))


def test_a_formula_for_the_rpn_is_not_needed(tmp_path):
    rows = [[*HEAD, "RPN"], [*QUEUE, "=D2*E2*F2"], [*[None] * 6, "=D3*E3*F3"]]
    assert the_row(book(tmp_path, ("FMEA", rows))).rpn == 96


def test_spaces_that_do_not_break_numbers_and_days(tmp_path):
    import datetime

    head = ["Item", "Failure\xa0mode", "S ", "O", "D", "Due"]
    row = the_row(book(tmp_path, ("F", [head, ["q", "lost", "8\xa0", 3.0, "4", datetime.date(2026, 1, 5)]])))
    assert (row.rated, row.others) == ((8, 3, 4), (("Due", "2026-01-05"),))


@pytest.mark.parametrize(
    ("area", "words"),
    [("A1:XFD1048576", None), ("A2:A1048576", None)],
)
def test_merged_areas_without_end_take_no_time(tmp_path, area, words):
    path = book(tmp_path, ("FMEA", [HEAD, QUEUE], lambda sheet: sheet.merge_cells("H1:H2")))
    import zipfile

    with zipfile.ZipFile(path) as packed:
        parts = {part: packed.read(part) for part in packed.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b"H1:H2", area.encode())
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w") as packed:
        for part, content in parts.items():
            packed.writestr(part, content)
    assert len(read_fmea(tmp_path / "b.xlsx")) == 1


def test_cells_far_out_are_refused_and_blank_ones_are_not_counted(tmp_path):
    with pytest.raises(BadInput, match="more than 20,000 rows"):
        read_fmea(book(tmp_path, ("F", [HEAD, QUEUE], lambda sheet: sheet.cell(30_000, 1, "x"))))
    with pytest.raises(BadInput, match="more than 1,000 columns"):
        read_fmea(book(tmp_path, ("F", [HEAD, QUEUE], lambda sheet: sheet.cell(2, 2_000, "x"))))

    def border(sheet):
        sheet.cell(30_000, 2_000).font = openpyxl.styles.Font(bold=True)

    assert len(read_fmea(book(tmp_path, ("F", [HEAD, QUEUE], border)))) == 1


text = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF), max_size=12).map(str.strip)
named = text.filter(lambda one: any(letter.isalpha() for letter in one))
rating = st.none() | st.integers(1, 10)
others = st.dictionaries(st.sampled_from(["Owner", "Due", "Class", "column 9", "Owner (2)", "=x"]), named)
rows = st.builds(
    Row,
    item=named,
    failure_mode=named,
    effect=text,
    cause=text,
    function=text,
    prevention_controls=text,
    detection_controls=text,
    action=text,
    action_taken=text,
    section=text,
    severity=rating,
    occurrence=rating,
    detection=rating,
    severity_after=rating,
    occurrence_after=rating,
    detection_after=rating,
    others=others.map(lambda one: tuple(one.items())),
    sheet=st.sampled_from(["Web", "Storage"]),
)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    given_rows=st.lists(rows, max_size=5, unique_by=lambda row: row.key), titles=st.lists(named, max_size=3)
)
def test_what_is_written_reads_back_with_every_column(tmp_path, ending, given_rows, titles):
    path = tmp_path / f"sheet.{ending}"
    write_fmea(path, given_rows, {"": [[one] for one in titles]})
    found = read_worksheet(path)
    assert [_loosely(row) for row in found.rows] == [_loosely(row) for row in given_rows]
    assert [line for lines in found.titles.values() for line in lines] == [(one,) for one in titles]
    assert os.listdir(tmp_path) == [path.name], "something lies beside the file that was written"
    path.unlink()


def _loosely(row):
    """A row with its further columns in no order."""
    return {**vars(row), "others": dict(row.others), "sheet": ""}


def test_unknown_columns_survive_writing_onto_the_same_file(tmp_path, capsys):
    text = (
        "Shop,,,,,,,\nItem,Failure mode,Owner,S,O,D,Owner,Recommended Action\n"
        "queue,lost,Ann,8,3,4,Ben,=1+1\ndisk,full,,7,4,3,,\n"
    )
    path = csv_file(tmp_path, text)
    read = read_worksheet(path)
    assert read.carried == ("Owner", "Owner (2)")
    assert read.rows[0].others == (("Owner", "Ann"), ("Owner (2)", "Ben"))
    assert main(["fmea", str(path), "--out", str(path), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["rows"][0]["others"] == {"Owner": "Ann", "Owner (2)": "Ben"}
    assert found["carried"] == ["Owner", "Owner (2)"]
    assert found["titles"] == {"": [["Shop"]]}
    assert "FMEA-MSR" in found["table"]
    assert read_worksheet(path).rows == read.rows
    assert read_worksheet(path).titles == read.titles
    assert "'=1+1" in path.read_text()


def test_a_failed_write_leaves_the_old_file(tmp_path, monkeypatch):
    path = csv_file(tmp_path, "old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(BadInput, match="No space left"):
        write_fmea(path, [Row("a", "b")])
    assert (path.read_text(), os.listdir(tmp_path)) == ("old", ["a.csv"])


def test_comments_on_cells_do_no_harm(tmp_path):
    def comment(sheet):
        sheet["A2"].comment = Comment("why?", "Ann")

    assert "comments on cells" in read_worksheet(book(tmp_path, ("F", [HEAD, QUEUE], comment))).left_out
