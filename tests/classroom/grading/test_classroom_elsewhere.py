"""The gradebook for Canvas, Moodle and Open edX: read back by rules that these systems publish.

The header rows are theirs: Canvas's from `lib/gradebook_importer.rb` (instructure/canvas-lms), Moodle's from
`grade/tests/fixtures/grade_import.csv` (moodle/moodle), Open edX's from `bulk_grades/api.py`
(openedx/edx-bulk-grades).
"""

import csv

import pytest

from faultlab.__main__ import main
from faultlab.classroom.grading import read_export, write_elsewhere
from faultlab.classroom.grading.gradebook import summed
from faultlab.classroom.grading.marking import Graded
from faultlab.errors import BadInput

POSSIBLE = {"06_fault_tree_analysis": 14.0, "08_metrics": 12.0}
EDX = "user_id,username,student_key,course_id,track,cohort"
EDX_LAB = "name-{0},grade-{0},original_grade-{0},previous_override-{0},new_override-{0}"


def book(**points):
    """A gradebook in which each learner has points for each lab; None where nothing was handed in."""
    several = [
        Graded(f"{who}/{lab}.ipynb", who, "kestrel", lab, {"a": got}, {"a": most})
        for who, given in points.items()
        for (lab, most), got in zip(POSSIBLE.items(), given, strict=True)
        if got is not None
    ]
    return summed(several, dict.fromkeys(points, ()))


BOOK = book(ada=(7, 12), bob=(None, 2.5))


def filled(tmp_path, system, export, of=BOOK):
    (tmp_path / "export.csv").write_text(export, encoding="utf-8-sig")
    files, remarks = write_elsewhere(
        of, system, tmp_path / "out.csv", read_export(system, tmp_path / "export.csv")
    )
    return [rows(file) for file in files], remarks


def rows(path):
    assert not path.read_bytes().startswith(b"\xef\xbb\xbf")  # Open edX would read "\ufeffuser_id"
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def canvas(table):
    """What Canvas's importer makes of a table: the student's columns, points possible, scores by login."""
    head, *rest = table
    assert len(head) > 3
    if head[:2] == ["LastName", "FirstName"]:  # `row_has_student_headers?`: as one name to the rest
        head = ["Student", *head[2:]]
        rest = [[" ".join(filter(None, row[1::-1])), *row[2:]] for row in rest]
    # `update_column_count`: a SIS User ID, then a SIS Login ID, then perhaps an integration ID
    assert "Student" in head[0]
    assert "ID" in head[1]
    first = 3 if head[2] == "SIS Login ID" else 4 if head[2:4] == ["SIS User ID", "SIS Login ID"] else 2
    first += head[first] == "Integration ID"
    assert "Section" in head[first]
    labs = head[first + 1 :]
    possible = next(row for row in rest if "Points Possible" in row[0])
    students = [row for row in rest if "Points Possible" not in row[0] and any(row)]
    scores = {row[0]: dict(zip(labs, row[first + 1 :], strict=True)) for row in students}
    return dict(zip(labs, possible[first + 1 :], strict=True)), scores


def test_canvas_reads_a_new_table(tmp_path):
    (file,), _ = write_elsewhere(BOOK, "canvas", tmp_path / "out.csv")
    assert rows(file)[0][:5] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    possible, scores = canvas(rows(file))
    assert possible == {"06_fault_tree_analysis": "14", "08_metrics": "12"}
    assert scores["ada"] == {"06_fault_tree_analysis": "7", "08_metrics": "12"}
    assert scores["bob"] == {"06_fault_tree_analysis": "", "08_metrics": "2.5"}
    assert [row[3] for row in rows(file)[2:]] == ["ada", "bob"]


def test_an_export_of_canvas_is_filled_and_otherwise_stays(tmp_path):
    export = (
        "Student,ID,SIS User ID,SIS Login ID,Section,Lab 08 (4711),Essay (12),Labs Final Score\n"
        ",,,,,Manual Posting,,(read only)\n"
        "    Points Possible,,,,,10,5,(read only)\n"
        '"Lovelace, Ada",11,s1,ada,Monday,,3,-4\n"Doe, Bob",12,s2,bdoe,Monday,9,,\n'
        '"Roe, Cy",13,s3,cy,Monday,1,,\n'
    )
    of = book(ada=(7, 12), **{"Bob Doe": (None, 2.5)}, dan=(1, 1))
    (table,), remarks = filled(tmp_path, "canvas", export, of)
    assert table[0] == [*export.splitlines()[0].split(","), "06_fault_tree_analysis"]
    assert table[2] == ["    Points Possible", "", "", "", "", "10", "5", "(read only)", "14"]
    assert table[3] == ["Lovelace, Ada", "11", "s1", "ada", "Monday", "12", "3", "-4", "7"]
    assert table[4] == ["Doe, Bob", "12", "s2", "bdoe", "Monday", "2.5", "", "", ""]
    assert table[5] == ["Roe, Cy", "13", "s3", "cy", "Monday", "1", "", "", ""]
    assert any("dan isn't in it" in remark for remark in remarks)
    assert any("08_metrics: Canvas gives 10 points" in remark for remark in remarks)


def test_an_export_of_canvas_with_split_names_is_filled(tmp_path):
    export = (
        "LastName,FirstName,ID,SIS User ID,SIS Login ID,Integration ID,Section,Lab 06 (1),Lab 08 (4711)\n"
        "    Points Possible,,,,,,,14,12\nLovelace,Ada,11,s1,al,,Monday,,\nDoe,Bob,12,s2,bob,,Monday,,\n"
    )
    (table,), remarks = filled(
        tmp_path, "canvas", export, book(**{"Ada Lovelace": (7, 12), "bob": (None, 2)})
    )
    possible, scores = canvas(table)
    assert possible == {"Lab 06 (1)": "14", "Lab 08 (4711)": "12"}
    assert scores["Ada Lovelace"] == {"Lab 06 (1)": "7", "Lab 08 (4711)": "12"}
    assert scores["Bob Doe"] == {"Lab 06 (1)": "", "Lab 08 (4711)": "2"}
    assert remarks == []


def test_moodle_reads_a_new_table_and_its_own(tmp_path):
    (file,), remarks = write_elsewhere(BOOK, "moodle", tmp_path / "out.csv")
    assert rows(file) == [
        ["Username", "06_fault_tree_analysis", "08_metrics"],
        ["ada", "7", "12"],
        ["bob", "-", "2.5"],  # to Moodle "-" is no grade, and nothing would be an error
    ]
    assert "08_metrics 12" in remarks[0]
    export = (
        "First name,Last name,Email address,Lab 8 (Real),Lab 8 (Feedback),Lab 80\n"
        "Ada,Lovelace,ada@example.com,-,,-\nBob,Doe,bob@example.com,5,,-\n"
    )
    of = book(**{"ada@example.com": (7, 12), "bob doe": (None, 2.5)})
    (table,), remarks = filled(tmp_path, "moodle", export, of)
    assert table[0] == export.splitlines()[0].split(",")
    assert table[1] == ["Ada", "Lovelace", "ada@example.com", "12", "", "-"]
    assert table[2] == ["Bob", "Doe", "bob@example.com", "2.5", "", "-"]
    assert any("06_fault_tree_analysis" in remark for remark in remarks)
    with pytest.raises(BadInput, match="mail addresses"):
        write_elsewhere(of, "moodle", tmp_path / "out.csv")


def test_open_edx_gets_one_override_a_row(tmp_path):
    """`preprocess_row` keeps the last `new_override-` of a row alone, so a file has one lab's."""
    head = f"{EDX},{EDX_LAB.format('5e0a1b2c')},{EDX_LAB.format('9f00aa11')}"
    course = "course-v1:a+b+c"
    export = (
        f"{head}\n4,ada,,{course},audit,,Lab 06,0,0,,9,Lab 08: metrics,0,0,,9\n"
        f"5,bob,k7,{course},audit,,Lab 06,1,1,,,Lab 08: metrics,0,0,,\n"
    )
    (six, eight), remarks = filled(tmp_path, "openedx", export)
    assert remarks == []
    for table, place, given in ((six, 10, ["7", ""]), (eight, 15, ["12", "2.5"])):
        assert table[0] == head.split(",")
        assert [row[place] for row in table[1:]] == given
        assert all(
            not row[n] for row in table[1:] for n in (10, 15) if n != place and table[0][n].startswith("new_")
        )
        assert [row[:4] for row in table[1:]] == [["4", "ada", "", course], ["5", "bob", "k7", course]]


def test_a_staff_graded_problem_of_open_edx_is_filled(tmp_path):
    head = (
        "user_id,username,full_name,student_uid,enrolled,track,cohort,block_id,title,date_last_graded,"
        "who_last_graded,Previous Points,New Points"
    )
    block = "block-v1:a+b+c+type@staffgradedxblock+block@1"
    (table,), remarks = filled(tmp_path, "openedx", f"{head}\n4,ada,Ada,,True,audit,,{block},Lab 08,,,3.0,\n")
    assert table[1] == ["4", "ada", "Ada", "", "True", "audit", "", block, "Lab 08", "", "", "3.0", "12"]
    assert any("bob isn't in it" in remark for remark in remarks)
    assert any("has to allow 12 points" in remark for remark in remarks)  # `validate_row`


@pytest.mark.parametrize("order", [1, -1])
def test_two_learners_never_share_a_row_and_two_rows_no_learner(tmp_path, order):
    export = "Email address,Username,Lab 8\n" + "".join(["a@x.org,ada,-\n", "b@x.org,ada,-\n"][::order])
    with pytest.raises(BadInput, match="none of these learners"):
        filled(tmp_path, "moodle", export, book(ada=(1, 1)))
    of = book(**{"a@x.org": (1, 1), "ann": (2, 2)})
    (table,), remarks = filled(tmp_path, "moodle", "Email address,Username,Lab 8\na@x.org,ann,-\n", of)
    assert table[1] == ["a@x.org", "ann", "1"]
    assert any("are one row" in remark for remark in remarks)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--for", "openedx"], "--fill"),
        (["--fill", "x.csv"], "--fill needs --for"),
        (["--for", "canvas", "--fill", "x.csv"], "is no export of Canvas"),
        (["--for", "blackboard"], "invalid choice"),
    ],
)
def test_what_cannot_be_placed_is_refused_before_anything_is_graded(tmp_path, capsys, arguments, said):
    (tmp_path / "x.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    arguments = [str(tmp_path / one) if one == "x.csv" else one for one in arguments]
    assert main(["grade", str(tmp_path / "none"), *arguments]) == 2
    assert said in capsys.readouterr().err
