"""Answers typed into a box or, as people write, into code: what they are in Python, and what is said."""

import ast
import json
from pathlib import Path

import nbformat
import pytest
from jupyter_client.manager import start_new_kernel

from faultlab.classroom import Choice, Names, Number, grade_folder, labs, tasks_of
from faultlab.classroom.answers.unquoted import quoted
from faultlab.classroom.notebook.answer_box import box_of, entry, mark_answers

ROOT = Path(__file__).parents[3]
LABS = {path.stem.split("_")[0]: path for path in sorted((ROOT / "labs").glob("[0-9]*.ipynb"))}
MINUTES = tasks_of("08_metrics")["minutes_a_month"]
PERCENT = tasks_of("08_metrics")["two_parts"]
EURO = tasks_of("05_reliability_block_diagrams")["second_region"]
LETTER = tasks_of("08_metrics")["better_or_lucky"]
NAMES = tasks_of("07_fmea")["only_tree"]
LETTERS = tasks_of("06_fault_tree_analysis")["minimal_sets"]
REPORT = tasks_of("08_metrics")["own_file"]
TREE = tasks_of("06_fault_tree_analysis")["own_tree"]
SHIPPED = {"file": "kestrel_incidents_raw.csv", "from": "2026-08-01", "to": "2026-11-01"}
OUTLINE = """\
pay: any of
  provider
  no server: 2 of
    - server 1: all of
      - host
      - release
    - server 2
    - server 3
"""

READ = [
    (MINUTES, "86.4", "86.4"),
    (MINUTES, " 86,4 minutes ", "86.4"),
    (MINUTES, "86.4 min", "86.4"),
    (MINUTES, "−3", "-3"),
    (MINUTES, "1 234.5", "1234.5"),
    (MINUTES, "1.234,5", "1234.5"),
    (MINUTES, "1,234,567", "1234567"),
    (PERCENT, "99,367 %", "99.367"),
    (PERCENT, "99.367456 percent", "99.367456"),
    (EURO, "156 240 EUR", "156240"),
    (EURO, "€ 156240", "156240"),
    (LETTER, "b", '"B"'),
    (LETTER, "B)", '"B"'),
    (LETTER, '"B"', '"B"'),
    (NAMES, "payments, the database", '"payments, the database"'),
    (NAMES, "Zoë's service", '"Zoë\'s service"'),
    (
        REPORT,
        SHIPPED | {"incidents": "18", "down_minutes": "1 435,5"},
        ('"kestrel_incidents_raw.csv"', '"2026-08-01"', '"2026-11-01"', "18", "1435.5"),
    ),
    (
        REPORT,
        SHIPPED | {"incidents": "", "down_minutes": "..."},
        ('"kestrel_incidents_raw.csv"', '"2026-08-01"', '"2026-11-01"', "18", "1435"),
    ),
]
REFUSED = [
    (MINUTES, "", "Type your answer first"),
    (MINUTES, "...", "Type your answer first"),
    (MINUTES, "86.4 hours", "as a number in minutes"),
    (MINUTES, "99 %", "as a number in minutes"),
    (MINUTES, "about the same", "as a number in minutes"),
    (MINUTES, "43,200", "43200 or 43.200"),
    (MINUTES, "43_200 * 0.002", "as a number in minutes"),
    (MINUTES, "1e999", "is none"),
    (MINUTES, "1,2,3", "as one number"),
    (PERCENT, "99 minutes", "as a percentage"),
    (LETTER, "", "Choose an option first"),
    (LETTERS, "", "Choose at least one option first"),
    (LETTER, "E", "the letter of one option"),
    (LETTER, "1", "the letter of one option"),
    (REPORT, SHIPPED | {"incidents": "18", "down_minutes": ""}, "Type a number for down minutes"),
    (
        REPORT,
        SHIPPED | {"incidents": "many", "down_minutes": "3"},
        "Incidents: I can't read 'many' as a plain",
    ),
    (REPORT, SHIPPED | {"file": "none.csv", "incidents": ""}, "There is no file 'none.csv' here"),
    (REPORT, SHIPPED | {"to": "", "incidents": ""}, "To is empty"),
    (TREE, {"tree": "", "enough": []}, "Write the top event first"),
    (TREE, {"tree": OUTLINE, "enough": []}, "Tick the events of one minimal cut set"),
    (
        TREE,
        {"tree": OUTLINE + "other: any of", "enough": ["provider"]},
        "Line 9, 'other', is level with the top",
    ),
    (TREE, {"tree": "pay: some of\n  a\n  b", "enough": ["a"]}, "Line 1: after the colon comes any of"),
    (TREE, {"tree": "pay: any of\n  a\n    b", "enough": ["a"]}, "Line 3 is indented under a line that"),
    (
        TREE,
        {"tree": "a: any of\n  b: all of\n    c\n  b: all of\n    d", "enough": ["c"]},
        "Line 4: 'b' has its causes",
    ),
]


@pytest.mark.parametrize(("task", "typed", "literal"), READ, ids=lambda value: str(value)[:20])
def test_what_can_mean_one_thing_only_is_read(task, typed, literal):
    found = entry(task, typed)
    assert (found.literal, found.sentence) == (literal, "")
    for part in [literal] if isinstance(literal, str) else literal:
        ast.literal_eval(part)


@pytest.mark.parametrize(("task", "typed", "said"), REFUSED, ids=lambda value: str(value)[:20])
def test_anything_else_is_met_with_one_sentence_and_writes_nothing(task, typed, said):
    found = entry(task, typed)
    assert found.literal == ""
    assert said in found.sentence
    assert len(found.sentence) < 200
    assert found._repr_json_() == {"literal": "", "sentence": found.sentence}


def test_what_a_box_writes_is_what_the_check_takes():
    for number in labs():
        for task in tasks_of(number).values():
            if not isinstance(task, Number | Choice | Names):
                continue
            numbers = task.numbers("red-7", LABS[number].stem)
            right = task.reference(numbers)
            typed = ", ".join(right) if isinstance(task, Names) else str(right)
            literal = ast.literal_eval(entry(task, typed).literal)
            assert task.check(literal, numbers).state == "correct", (number, task.name, typed)


@pytest.mark.parametrize("number", LABS)
def test_every_decision_of_a_lab_has_its_box_and_every_other_task_its_code(number):
    notebook = nbformat.read(LABS[number], as_version=4)
    before = json.dumps(notebook, sort_keys=True)
    found = {}
    for cell in notebook.cells:
        asked = cell.metadata.get("faultlab", {}).get("answer")
        if asked:
            if asked["kind"] in ("numbers", "file"):
                counted = set(asked["parts"]) - set(asked.get("given", ()))
                assert all(f'"{part}": ...,\n' in cell.source for part in counted)
            elif asked["kind"] == "outline":
                assert cell.source.startswith(f"{asked['name']} = {{")
            else:
                assert cell.source.startswith(f"{asked['name']} = ...")
            assert cell.metadata["nbgrader"]["solution"]
            found[asked["task"]] = {key: value for key, value in asked.items() if key != "name"}
    parts = {
        name: [part for part in asked.get("parts", ()) if part not in asked.get("given", ())]
        for name, asked in found.items()
    }
    wanted = {name: box_of(task, parts.get(name, ())) for name, task in tasks_of(number).items()}
    assert found == {name: asked for name, asked in wanted.items() if asked}
    assert len(found) >= 5
    mark_answers(notebook, tasks_of(number))
    assert json.dumps(notebook, sort_keys=True) == before, "marking twice changes nothing"


UNQUOTED = [
    ("minutes = 86.4 minutes", "minutes = '86.4 minutes'"),
    ("minutes = 86,4 minutes  # a month", "minutes = '86,4 minutes'  # a month"),
    ("# mine\navailable=99.367 %\n", "# mine\navailable= '99.367 %'\n"),
    ("a_year = €156240", "a_year = '€156240'"),
    ("decide = option B", "decide = 'option B'"),
    ("minutes =   # later", "minutes = ...  # later"),
    ("minutes = about the same", "minutes = 'about the same'"),
]
AS_IT_IS = [
    "minutes = 86.4",
    "minutes = 86,4",
    "minutes = 99 % 7",
    "minutes = (86.4",
    "minutes == 86.4 minutes",
    "minutes = 'half",
    "a = 1\nminutes = 86.4 minutes",
    "files = !ls *.csv files",
    "took = %timeit -o pass",
    "minutes = 43_200 * [0.002",
    "def f(x):\n    return x",
    "",
]


@pytest.mark.parametrize(("typed", "source"), UNQUOTED)
def test_an_answer_in_code_that_is_no_python_becomes_a_text(typed, source):
    assert quoted(typed) == source
    ast.parse(source)


@pytest.mark.parametrize("typed", AS_IT_IS)
def test_code_stays_as_it_is(typed):
    assert quoted(typed) == typed


def test_a_kernel_reads_such_an_answer_and_says_one_sentence_to_a_worse_one(tmp_path, monkeypatch):
    monkeypatch.setenv("FAULTLAB_PROGRESS", str(tmp_path))
    manager, client = start_new_kernel(kernel_name="python3")
    try:
        said = []
        ask = LETTER.reference(LETTER.numbers("kestrel", "08_metrics"))

        def heard(message):
            content = message["content"]
            said.append(content.get("evalue") or content.get("data", {}).get("text/plain", ""))

        for source in (
            "from faultlab.classroom import open_lab\ncheck = open_lab('08_metrics')",
            "check = open_lab('08_metrics')",
            "minutes = 86.4 minutes",
            "check.minutes_a_month(minutes)",
            "minutes = 86.4 hours",
            "check.minutes_a_month(minutes)",
            f"decide = {ask}",
            "check.better_or_lucky(decide)",
        ):
            reply = client.execute_interactive(source, timeout=60, output_hook=heard)
            assert reply["content"]["status"] == "ok", source
        said = "\n".join(said)
        assert said.count("✓ Correct") == 2
        assert "I can't read '86.4 hours' as a number in minutes" in said
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def test_the_gradebook_reads_such_an_answer_too(tmp_path):
    notebook = nbformat.read(LABS["08"], as_version=4)
    for cell in notebook.cells:
        if cell.source.startswith("minutes = ..."):
            cell.source = "minutes = 86.4 minutes"
    (tmp_path / "in").mkdir()
    nbformat.write(notebook, tmp_path / "in" / "ada.ipynb")
    (graded,) = grade_folder(tmp_path / "in").submissions
    assert graded.points["minutes_a_month"] == 1
