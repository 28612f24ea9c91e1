"""A lab's page: its decisions are judged as in the notebook, and no answer stands on it."""

import gzip
import json
import random
import re
import subprocess
from pathlib import Path

import pytest
from node import node

from faultlab.classroom.answers import Choice, Names, Number
from faultlab.classroom.learner import DEFAULT_TEAM
from faultlab.classroom.tasks import labs, tasks_of
from faultlab.errors import BadInput
from faultlab.pages.labs import TEAMS, decision, read_teams, veiled

ROOT = Path(__file__).parents[2]
CODES = (DEFAULT_TEAM, *TEAMS)
DECISIONS = [
    (path.stem, task)
    for path in sorted((ROOT / "labs").glob("*.ipynb"))
    for task in tasks_of(path.stem).values()
    if isinstance(task, Number | Choice | Names)
]
SIDE = re.compile(r"That is too (high|low)\.$")
DRIVE = """
import { readFileSync } from "node:fs";
import { LabTask } from SCRIPT;
const { task, lab, codes, asked } = JSON.parse(readFileSync(0, "utf-8"));
console.log(JSON.stringify(asked.map(([team, answers]) => {
  const mine = new LabTask(task, lab, codes, team);
  return [mine.asked, mine.hints, mine.solution(), answers.map((text) => mine.check(text))];
})));
"""


def answers_to(task, numbers, luck):
    """What learners may type: what is right, what people believe, and what lies near or elsewhere."""
    known = [task.reference(numbers), *(wrong.answer(numbers) for wrong in task.misconceptions)]
    if isinstance(task, Choice):
        return [*known, *task.options, *(f"option {letter.lower()}" for letter in task.options), "Z", ""]
    if isinstance(task, Names):
        joined = [", ".join(names) for names in map(sorted, known)]
        return [
            *joined,
            *(text.upper() for text in joined),
            joined[0].rpartition(", ")[0],
            f"{joined[0]}, moon",
            "...",
        ]
    values = [float(value) for value in known]
    factors = (1.002, 0.998, 1.004, 1.02, 0.97, -1, 60, 1 / 60, 24, 100, 1 / 100, 12, 365, 1000, 1.5)
    values += [values[0] * factor for factor in factors] + [1 - values[0], 100 - values[0], 0.0]
    values += [luck.uniform(0, 2 * abs(values[0]) + 1) for _ in range(8)]
    values += [round(values[0], places) for places in range(6)] + [values[0] + 0.1, values[0] + 1]
    return [*map(repr, values), f"{values[0]:,.2f} {task.unit}", "many", "12 apples", f"{values[1]:.6g}"]


@pytest.mark.parametrize(("lab", "task"), DECISIONS, ids=lambda one: getattr(one, "name", one))
def test_a_page_says_of_an_answer_what_the_notebook_says(lab, task):
    luck = random.Random(task.name)
    teams = [DEFAULT_TEAM, *luck.sample(TEAMS, 4)]
    numbers = {team: task.numbers(team, lab) for team in teams}
    asked = [(team, answers_to(task, numbers[team], luck)) for team in teams]
    script = DRIVE.replace("SCRIPT", json.dumps(str(ROOT / "faultlab/pages/lab_check.js")))
    given = {"task": decision(task, lab, CODES), "lab": lab, "codes": CODES, "asked": asked}
    run = [node(), "--input-type=module", "-e", script]
    said = subprocess.run(run, input=json.dumps(given), capture_output=True, text=True, encoding="utf-8")
    assert said.returncode == 0, said.stderr
    states = set()
    for (team, answers), (question, hints, solution, outcomes) in zip(
        asked, json.loads(said.stdout), strict=True
    ):
        mine = numbers[team]
        assert question == task.asked(mine)
        assert hints == [task.hint(step, mine) for step in range(len(task.hints))]
        assert solution == task.explained(mine)
        for answer, outcome in zip(answers, outcomes, strict=True):
            theirs = task.check(answer, mine)
            message = SIDE.sub("That is not it yet: a hint helps.", theirs.message)
            assert (outcome["state"], outcome["message"]) == (theirs.state, message), (team, answer)
            states.add(theirs.state)
    assert {"correct", "try again"} <= states


def test_every_lab_has_its_decisions():
    assert len(labs()) == len({lab for lab, _ in DECISIONS})
    assert len(DECISIONS) >= 61


@pytest.mark.parametrize(("lab", "task"), DECISIONS, ids=lambda one: getattr(one, "name", one))
def test_no_answer_hint_or_solution_can_be_read_in_the_source(lab, task):
    written = json.dumps(decision(task, lab, CODES), ensure_ascii=False)
    questions = " ".join(task.asked(task.numbers(team, lab)) for team in CODES)
    for team in CODES[:6]:
        numbers = task.numbers(team, lab)
        solution = task.explained(numbers)
        assert solution not in written
        assert json.dumps(veiled(solution), ensure_ascii=False)[1:-1] in written
        if isinstance(task, Number):
            printed = task.as_text(task.reference(numbers)).split(" ")[0]
            if len(printed) > 4 and printed not in questions:
                assert printed not in written
    for hint in (*task.hints, *(wrong.hint for wrong in task.misconceptions)):
        assert hint not in written
    assert len(gzip.compress(written.encode())) < 25_000


def test_teams_are_read_from_a_file(tmp_path):
    file = tmp_path / "teams.txt"
    file.write_text("# our workshop\nRed 7\nblue-12 # by the window\n\nred-7\n", encoding="utf-8")
    assert read_teams(file) == ("red-7", "blue-12")
    for text, said in (
        ("", "names 0 teams"),
        ("red-7\nÄrger!", "line 2: A team code is"),
        ("\n".join(f"t{i}" for i in range(99)), "99 teams"),
    ):
        file.write_text(text, encoding="utf-8")
        with pytest.raises(BadInput, match=said):
            read_teams(file)
