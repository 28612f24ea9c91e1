"""Whatever was handed in: a row for every learner, a word on every file, and no point lost to a format."""

import copy
import csv
import json
import os
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faultlab.__main__ import main
from faultlab.classroom import grade_folder
from faultlab.classroom.grading import found, quarantine
from faultlab.classroom.grading.notebook_file import read_notebook, without_outputs
from faultlab.classroom.grading.quarantine import Limits

ROOT = Path(__file__).parents[3]
LAB = json.loads((ROOT / "labs" / "08_metrics.ipynb").read_text(encoding="utf-8"))
GOOD = {
    "minutes_a_month": "minutes = 86.4",
    "union_of_incidents": (
        "def down_minutes(incidents):\n"
        "    total, end = 0, float('-inf')\n"
        "    for first, last in sorted(incidents):\n"
        "        total += max(0, last - max(first, end))\n"
        "        end = max(end, last)\n"
        "    return total"
    ),
}
POINTS = 4
"""What these two answers are worth."""

pytestmark = pytest.mark.skipif(not quarantine.wall(), reason="this machine can't confine submissions")


def notebook(answers=GOOD, before="", **changed):
    """The lab with some answers, and a line before the first of them."""
    made = copy.deepcopy(LAB) | changed
    for cell in made["cells"]:
        mark = cell["metadata"].get("nbgrader", {"grade_id": "", "solution": False})
        name = mark["grade_id"].removesuffix("-answer")
        if mark["solution"] and name in answers:
            cell["source"] = answers[name]
        if mark["solution"] and name == "minutes_a_month" and before:
            cell["source"] = f"{before}\n{cell['source']}"
    return made


def hand_in(folder, files):
    """Write files; a notebook is given as a dictionary."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return folder


def graded(folder, files, **options):
    """The rows of the gradebook by learner, and what was left out."""
    book = grade_folder(hand_in(folder / "in", files), limits=Limits(seconds=40), **options)
    return {row.learner: row for row in book.rows}, book.left_out


def with_cell(*cells):
    made = notebook()
    made["cells"][2:2] = cells
    return made


def code(source):
    return {"cell_type": "code", "source": source, "metadata": {}, "outputs": [], "execution_count": None}


def without_labels(ids=True):
    made = notebook()
    for cell in made["cells"]:
        cell["metadata"] = {}
        if not ids:
            del cell["id"]
    return made


def old_format():
    cells = [
        {key: value for key, value in cell.items() if key not in ("source", "id")}
        | {"input" if cell["cell_type"] == "code" else "source": cell["source"]}
        for cell in notebook()["cells"]
    ]
    return {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": cells}]}


LINES = {
    "shell": "x = !ls\nassert isinstance(x, list)\nfiles = !echo hi\nassert files == ['hi']",
    "timeit": "t = %timeit -o sum(range(10))\nassert t.average > 0",
    "question": "len?\n?len\nlen??",
    "pip": "!pip install \\\n   --quiet numpy\n%pip install numpy",
    "await": "import asyncio\nawait asyncio.sleep(0)\nx = asyncio.create_task(asyncio.sleep(0))\nawait x",
    "inside": "if True:\n    !echo hi\n    %time y = 5\nassert y == 5",
    "magics": "%matplotlib inline\n%load_ext autoreload\n%autoreload 2\n%env A=1\nwhere = %pwd",
    "display": "display(1)\nfrom IPython.display import HTML, display\ndisplay(HTML('x'))",
    "shell_itself": "from IPython import get_ipython\nget_ipython().run_line_magic('pylab', '')\n%time 3",
    "time": "%%time",
    "capture": "%%capture out",
}
FORMATS = {
    "mark": b"\xef\xbb\xbf" + json.dumps(notebook()).encode(),
    "utf16": json.dumps(notebook()).encode("utf-16"),
    "windows": json.dumps(notebook(), indent=1).replace("\n", "\r\n").encode(),
    "windows_inside": json.dumps(notebook({k: v.replace("\n", "\r\n") for k, v in GOOD.items()})).encode(),
    "bash": with_cell(
        code("%%bash\nls\nfor x in 1; do echo; done"), code("%%timeit\nq = 1"), code("%%html\n<b>")
    ),
    "no_metadata": notebook(metadata=None),
}
ODD = {
    "has no metadata": code("x = 1") | {"metadata": None},
    "has no metadata of nbgrader's": code("x = 1") | {"metadata": {"nbgrader": None}},
    "has no source": {"cell_type": "code", "metadata": {}, "outputs": []},
    "has null for its source": code(None),
    "has something else than text for its source": code(5),
    "has something else than text among its lines": code(["x = 1", 5, None]),
    "is no cell": 7,
    "has no type": {"source": "x = 1", "metadata": {}},
    "has a type that there is not": code("x = 1") | {"cell_type": ["code"]},
}


def test_a_notebook_is_python_as_ipython_reads_it(tmp_path):
    files = {f"{name}/08_metrics.ipynb": notebook(before=line) for name, line in LINES.items()}
    files |= {f"{name}/08_metrics.ipynb": content for name, content in FORMATS.items()}
    rows, _ = graded(tmp_path, files)
    for name, row in rows.items():
        assert row.total == POINTS, (name, row.remarks)
        assert not any("Errors" in remark for remark in row.remarks), (name, row.remarks)
    assert len(rows) == len(LINES | FORMATS)


def test_an_odd_cell_costs_nothing_and_is_named(tmp_path):
    files = {f"n{n}/08_metrics.ipynb": with_cell(cell) for n, cell in enumerate(ODD.values())}
    rows, _ = graded(tmp_path, files)
    for (name, row), words in zip(rows.items(), ODD, strict=True):
        assert row.total == POINTS, (name, row.remarks)
        assert f"cell 3 {words}" in " ".join(row.remarks)


def test_outputs_are_not_graded_however_large(tmp_path):
    made = notebook()
    made["cells"][4]["outputs"] = [{"output_type": "stream", "text": ["x" * 99 + "\n"] * 300_000}]
    made["cells"][5]["outputs"] = [{"data": {"image/png": "A" * 30_000_000, "text/plain": '"]}{['}}]
    too_large = notebook({"minutes_a_month": "x = '" + "A" * 21_000_000 + "'"})
    rows, _ = graded(tmp_path, {"large/08.ipynb": made, "text/08_metrics.ipynb": too_large})
    assert rows["large"].total == POINTS
    assert "without its outputs" in rows["text"].remarks[0]


def test_every_way_to_lose_a_lab_has_its_own_sentence(tmp_path):
    markdown, raw, merged = notebook(), notebook(), json.dumps(notebook(), indent=1).encode()
    for made, kind in ((markdown, "markdown"), (raw, "raw")):
        next(cell for cell in made["cells"] if cell["id"] == "union_of_incidents-answer")["cell_type"] = kind
    lesson = json.loads((ROOT / "course" / "08_metrics.ipynb").read_text(encoding="utf-8"))
    said = {
        "markdown": (markdown, 1, "the cell for its answer is Markdown now"),
        "raw": (raw, 1, "the cell for its answer is raw text now"),
        "ids": (without_labels(), POINTS, "labels of its cells were lost, as some editors do"),
        "checks": (without_labels(ids=False), POINTS, "by the checks that follow them"),
        "old": (old_format(), POINTS, "nbformat 3"),
        "page": (b"<!DOCTYPE html><html>", 0, "web page (HTML)"),
        "empty": (b"", 0, "It is empty"),
        "cut": (json.dumps(notebook(), indent=1).encode()[:9000], 0, "its JSON is broken in line"),
        "merge": (merged[:500] + b"\n<<<<<<< HEAD\n" + merged[500:], 0, "git left the marks"),
        "packed": (b"PK\x03\x04" + bytes(50), 0, "a zip file with another name"),
        "list": ([1], 0, "no object with cells"),
        "cells": ({"cells": 3}, 0, "no list of cells"),
        "deep": (b'{"cells":' + b"[" * 100_000, 0, "no notebook"),
        "lesson": (lesson, 0, "It is lesson 08_metrics and no lab"),
        "other": ({"cells": [code("print(1)")]}, 0, "no lab of this course"),
    }
    rows, _ = graded(tmp_path, {f"{name}/work.ipynb": content for name, (content, _, _) in said.items()})
    for name, (_, points, words) in said.items():
        assert rows[name].total == points, (name, rows[name].remarks)
        assert words in " ".join(rows[name].remarks), (name, rows[name].remarks)


def test_labels_and_first_cell_may_both_be_lost(tmp_path):
    made = without_labels(ids=False)
    made["cells"] = [cell for cell in made["cells"] if "open_lab" not in "".join(cell["source"])]
    rows, _ = graded(tmp_path, {"ada/work.ipynb": made})
    assert rows["ada"].total == POINTS


def zipped(path, members):
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content if isinstance(content, bytes | str) else json.dumps(content))
    return path


def test_every_folder_file_and_link_is_accounted_for(tmp_path):
    folder = tmp_path / "in"
    zipped(folder / "zoe.zip", {"zoe/08_metrics.ipynb": notebook(), "__MACOSX/zoe/._08_metrics.ipynb": b"x"})
    zipped(folder / "yan" / "all.zip", {"08_metrics.ipynb": notebook(), "inner.zip": b"x"})
    zipped(folder / "out.zip", {"../../../out_08_metrics.ipynb": notebook(), "/etc/08.ipynb": b"x"})
    (folder / "nobody").mkdir()
    (folder / "linked").symlink_to(folder / "yan")
    os.mkfifo(hand_in(folder, {"pipe/README.md": b"x"}) / "pipe" / "08_metrics.ipynb")
    files = {
        "upper/08_METRICS.IPYNB": notebook(),
        "page/08_metrics.html": b"<html>",
        "pdf.pdf": b"%PDF",
        "rar/08.rar": b"x",
        "damaged.zip": b"PK\x03\x04",
        "deep/a/b/c/08 metrics.ipynb": notebook(),
        "text/08_metrics.ipynb.txt": notebook(),
        "json/08_metrics.json": notebook(),
        "flat_08_metrics.ipynb": notebook(),
        "flat_08_metrics (1).ipynb": notebook(),
        "Jürgen Ö/08_metrics.ipynb": notebook(),
        "__MACOSX/._x.ipynb": b"x",
        ".DS_Store": b"x",
        "upper/.ipynb_checkpoints/08_metrics-checkpoint.ipynb": notebook(),
        "teams.csv": b"learner,team\n",
    }
    rows, left_out = graded(tmp_path, files)
    full = ["Jürgen Ö", "deep", "flat", "json", "out", "text", "upper", "yan", "zoe"]
    none = ["damaged", "linked", "nobody", "page", "pdf", "pipe", "rar"]
    assert sorted(rows) == sorted([*full, *none])
    assert {name: rows[name].total for name in full} == dict.fromkeys(full, POINTS)
    for name in none:
        assert rows[name].total == 0
        assert "No notebook was handed in." in rows[name].remarks or name == "pipe"
    said = " ".join(" ".join(row.remarks) for row in rows.values())
    for words in (
        "linked is a link",
        "page/08_metrics.html is a web page",
        "pdf.pdf is no notebook",
        "rar/08.rar is packed in a way",
        "damaged.zip is no zip file, or a damaged one",
        "pipe/08_metrics.ipynb is no ordinary file",
        "yan/all.zip/inner.zip is a zip file in a zip file",
        "flat_08_metrics.ipynb counts (4), not flat_08_metrics (1).ipynb (4)",
    ):
        assert words in said
    assert [line.split(" was left out")[0] for line in left_out] == [
        ".DS_Store",
        "__MACOSX",
        "teams.csv",
        "upper/.ipynb_checkpoints",
        "zoe.zip/__MACOSX",
    ]
    assert not list(tmp_path.parent.glob("out_08*")), "nothing is unpacked anywhere"


def test_a_zip_that_grows_or_is_locked_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(found, "MOST_UNPACKED", 1_000_000)
    monkeypatch.setattr(found, "MOST_IN_A_ZIP", 3)
    folder = tmp_path / "in"
    zipped(folder / "bomb.zip", {"08_metrics.ipynb": bytes(2_000_000)})
    zipped(folder / "many.zip", {f"{n}.txt": b"x" for n in range(4)})
    locked = bytearray(zipped(folder / "locked.zip", {"08_metrics.ipynb": b"x"}).read_bytes())
    locked[6] |= 1
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    (folder / "locked.zip").write_bytes(locked)
    rows, _ = graded(tmp_path, {})
    assert "unpacks to more than 1 MB" in rows["bomb"].remarks[0]
    assert "holds 4 files" in rows["many"].remarks[0]
    assert "locked with a password" in rows["locked"].remarks[0]


def test_one_zip_file_of_all_learners_is_a_folder_of_them(tmp_path):
    path = zipped(tmp_path / "all.zip", {f"{who}/08_metrics.ipynb": notebook() for who in ("ada", "ben")})
    assert [(row.learner, row.total) for row in grade_folder(path).rows] == [("ada", POINTS), ("ben", POINTS)]


def test_of_two_copies_the_better_one_counts_once(tmp_path, capsys):
    files = {
        "ada/08_metrics.ipynb": notebook({}),
        "ada/08_metrics-Copy1.ipynb": notebook(),
        "ada/01_designing_for_failure.ipynb": (ROOT / "labs" / "01_designing_for_failure.ipynb").read_bytes(),
    }
    out = tmp_path / "book.csv"
    assert main(["grade", str(hand_in(tmp_path / "in", files)), "--out", str(out), "--seconds", "40"]) == 0
    assert "08_metrics-Copy1.ipynb counts (4), not ada/08_metrics.ipynb (0)" in capsys.readouterr().out
    with out.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["learner"], row["08_metrics (of 17)"], float(row["total"])) == ("ada", "4.0", POINTS)
    with (tmp_path / "book_tasks.csv").open(encoding="utf-8-sig", newline="") as file:
        tasks = [row for row in csv.DictReader(file) if row["lab"] == "08_metrics"]
    assert sum(float(row["points"]) for row in tasks) == POINTS
    assert sum(float(row["max"]) for row in tasks) == 17
    assert {row["file"] for row in tasks} == {"ada/08_metrics-Copy1.ipynb"}


def test_what_two_learners_share_letter_for_letter_is_said(tmp_path):
    own = GOOD | {"union_of_incidents": GOOD["union_of_incidents"].replace("total", "minutes")}
    files = {
        "ada/08_metrics.ipynb": notebook(),
        "ben/08_metrics.ipynb": notebook(metadata={"of": "ben"}),
        "cem/08_metrics.ipynb": notebook(own),
        "dag/08_metrics.ipynb": notebook({"minutes_a_month": GOOD["minutes_a_month"]}),
        "eva/08_metrics.ipynb": notebook({}),
        "fay/08_metrics.ipynb": notebook({}),
    }
    rows, _ = graded(tmp_path, files)
    shared = "What was written in union_of_incidents-answer is the same as that of"
    assert f"{shared} ben." in rows["ada"].remarks
    assert f"{shared} ada." in rows["ben"].remarks
    for name in ("cem", "dag", "eva", "fay"):
        assert not any("the same as" in remark for remark in rows[name].remarks), name


def test_a_file_of_the_learners_own_goes_along_and_no_other_is_read(tmp_path):
    rows = "start,end\n2026-09-01 10:00,2026-09-01 10:30\n2026-09-02 10:00,2026-09-02 10:10\n"
    answer = {
        "own_file": (
            "report = {'file': NAME, 'from': '2026-08-01', 'to': '2026-11-01', 'incidents': 2, "
            "'down_minutes': 40, 'unreadable': 0}"
        )
    }
    (tmp_path / "mine.csv").write_text(rows)
    elsewhere = {"own_file": answer["own_file"].replace("NAME", repr(str(tmp_path / "mine.csv")))}
    here = {"own_file": answer["own_file"].replace("NAME", "'mine.csv'")}
    files = {
        "ada/08_metrics.ipynb": notebook(here),
        "ada/mine.csv": rows.encode(),
        "ben/08_metrics.ipynb": notebook(elsewhere),
    }
    rows, _ = graded(tmp_path, files)
    assert rows["ada"].total == 2
    assert rows["ben"].total == 0


def test_nothing_that_can_be_graded_is_status_two_and_still_a_gradebook(tmp_path, capsys):
    folder, out = hand_in(tmp_path / "in", {"ada/08_metrics.html": b"<html>"}), tmp_path / "book.csv"
    assert main(["grade", str(folder), "--out", str(out)]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    with out.open(encoding="utf-8-sig", newline="") as file:
        assert [row["learner"] for row in csv.DictReader(file)] == ["ada"]
    assert main(["grade", str(folder), "--out", str(out), "--labs", str(tmp_path)]) == 2
    (tmp_path / "empty").mkdir()
    assert main(["grade", str(tmp_path / "empty"), "--out", str(out)]) == 2


def test_the_official_labs_can_be_named(tmp_path, monkeypatch):
    folder = hand_in(tmp_path / "in", {"ada/08_metrics.ipynb": notebook()})
    monkeypatch.chdir(tmp_path)
    assert main(["grade", str(folder), "--labs", str(ROOT / "labs")]) == 0


def test_a_machine_that_cannot_confine_refuses_or_marks_every_row(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(quarantine, "wall", lambda: "")
    folder = str(hand_in(tmp_path / "in", {"ada/08_metrics.ipynb": notebook(), "ben.ipynb": notebook()}))
    out = ["--out", str(tmp_path / "book.csv")]
    assert main(["grade", folder, *out]) == 2
    assert "--unconfined" in capsys.readouterr().err
    assert main(["grade", folder, *out, "--unconfined", "--json"]) == 0
    learners = json.loads(capsys.readouterr().out)["learners"]
    assert [row["total"] for row in learners] == [POINTS, POINTS]
    assert all(any("It ran unconfined" in remark for remark in row["remarks"]) for row in learners)


def test_the_same_folder_gives_the_same_gradebook(tmp_path):
    folder = hand_in(tmp_path / "in", {f"{who}/08_metrics.ipynb": notebook() for who in "abc"})
    assert grade_folder(folder, workers=1) == grade_folder(folder, workers=3)


@st.composite
def broken(draw):
    """A notebook in which something was taken away, put in, or replaced, somewhere."""
    made = copy.deepcopy(notebook())
    odd = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(), inside, max_size=3),
        max_leaves=5,
    )
    for _ in range(draw(st.integers(1, 4))):
        place, steps = made, draw(st.integers(1, 6))
        for step in range(steps):
            keys = (
                list(place)
                if isinstance(place, dict)
                else range(len(place))
                if isinstance(place, list)
                else []
            )
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            if step == steps - 1 or not isinstance(place[key], dict | list):
                if draw(st.booleans()):
                    place[key] = draw(odd)
                else:
                    del place[key]
                break
            place = place[key]
    text = json.dumps(made)
    if draw(st.booleans()):
        start = draw(st.integers(0, len(text)))
        text = text[:start] + draw(st.text(max_size=3)) + text[start + draw(st.integers(0, 3)) :]
    return text.encode("utf-8", "surrogatepass")


@settings(max_examples=12, deadline=None)
@given(contents=st.lists(broken(), min_size=1, max_size=2))
def test_every_learner_gets_a_row_whatever_their_file_is(contents, tmp_path_factory):
    folder = tmp_path_factory.mktemp("broken")
    rows, _ = graded(folder, {f"n{n}/08_metrics.ipynb": content for n, content in enumerate(contents)})
    assert list(rows) == [f"n{n}" for n in range(len(contents))]
    for row in rows.values():
        assert row.counted or row.remarks
        assert "could not be graded" not in " ".join(row.remarks)


@settings(max_examples=300, deadline=None)
@given(st.one_of(broken(), st.binary()))
def test_any_bytes_are_read_or_refused_in_a_sentence(content):
    read = read_notebook(content)
    assert read.refused or isinstance(read.cells, tuple)


@settings(max_examples=200, deadline=None)
@given(
    st.recursive(
        st.none() | st.integers() | st.text(),
        lambda inside: (
            st.lists(inside, max_size=4)
            | st.dictionaries(st.sampled_from(["outputs", "source", '"outputs": [']), inside, max_size=3)
        ),
    )
)
def test_taking_outputs_out_changes_nothing_else(data):
    def without(value):
        if isinstance(value, list):
            return [without(one) for one in value]
        if not isinstance(value, dict):
            return value
        return {k: "" if k == "outputs" and isinstance(v, list) else without(v) for k, v in value.items()}

    def emptied(value):
        if isinstance(value, list):
            return [emptied(one) for one in value]
        if not isinstance(value, dict):
            return value
        return {
            k: "" if k == "outputs" and isinstance(v, str) and v[:1] == "[" else emptied(v)
            for k, v in value.items()
        }

    for text in (json.dumps(data), json.dumps(data, indent=1)):
        stripped = without_outputs(text)
        assert stripped.count("\n") == text.count("\n")
        assert emptied(json.loads(stripped)) == emptied(without(data))
