"""Every task of every lab: its reference passes, its untouched cell hasn't started, its traps are caught."""

import ast
import copy
import inspect
import json
import re
import textwrap
from dataclasses import replace
from pathlib import Path

import pytest

from faultlab.classroom import CORRECT, NOT_STARTED, TRY_AGAIN, Choice, Function, Number, labs, tasks_of
from faultlab.classroom.answers.scored import Scored

TEAMS = ("kestrel", "red-7", "blue")
TASKS = [(number, task) for number in labs() for task in tasks_of(number).values()]
SOLUTIONS = Path(__file__).parents[3] / "solutions"
LABS = {path.stem.split("_")[0]: path.stem for path in sorted(SOLUTIONS.glob("[0-9]*.ipynb"))}
CAUGHT = 0.95


def named(entry):
    return f"{entry[0]}-{entry[1].name}"


@pytest.mark.parametrize("lab", LABS.values())
def test_what_asks_for_code_stands_below_the_fold_and_nothing_else_does(lab):
    cells = json.loads((SOLUTIONS / f"{lab}.ipynb").read_text(encoding="utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells]
    fold = next(place for place, source in enumerate(sources) if source.startswith("## Functions"))
    below = set(re.findall(r"check\.(\w+)\.question\(\)", "\n".join(sources[fold:])))
    assert below == {name for name, task in tasks_of(lab).items() if isinstance(task, Function)}


def checked(number, task, answer, team="kestrel"):
    lab = LABS[number]
    if isinstance(task, Function):
        return task.check_function(answer, task.cases_for(team, lab))
    return task.check(answer, task.numbers(team, lab))


def reference(number, task, team="kestrel"):
    if isinstance(task, Function):
        return task.solution
    return task.reference(task.numbers(team, LABS[number]))


@pytest.mark.parametrize("entry", TASKS, ids=named)
@pytest.mark.parametrize("team", TEAMS)
def test_the_reference_is_correct_and_the_untouched_answer_has_not_started(entry, team):
    number, task = entry
    assert checked(number, task, reference(number, task, team), team).state == CORRECT
    for blank in (..., None):
        assert checked(number, task, blank, team).state == NOT_STARTED
    assert task.hints
    assert task.title
    if not isinstance(task, Function):
        numbers = task.numbers(team, LABS[number])
        said = [task.asked(numbers), task.explained(numbers)]
        said += [task.hint(step, numbers) for step in range(len(task.hints))]
        assert not re.search(r"\{\w+[:}]", " ".join(said)), "a number is missing in a sentence"


@pytest.mark.parametrize("entry", TASKS, ids=named)
def test_each_misconception_meets_its_own_hint(entry):
    number, task = entry
    assert len(task.misconceptions) >= 3
    assert len({wrong.hint for wrong in task.misconceptions}) == len(task.misconceptions)
    for wrong in task.misconceptions:
        for team in TEAMS:
            if isinstance(task, Function):
                answer = wrong.answer
            else:
                answer = wrong.answer(task.numbers(team, LABS[number]))
            outcome = checked(number, task, answer, team)
            assert (outcome.state, outcome.misconception) == (TRY_AGAIN, wrong.name)
    if isinstance(task, Choice):
        for team in TEAMS:
            numbers = task.numbers(team, LABS[number])
            wrong_letters = set(task.options) - {task.reference(numbers)}
            assert {wrong.answer(numbers) for wrong in task.misconceptions} == wrong_letters


@pytest.mark.parametrize("entry", TASKS, ids=named)
def test_mutants_of_the_reference_are_caught(entry):
    number, task = entry
    if isinstance(task, Scored):
        pytest.skip("a scored function has many right forms: test_classroom_scored.py")
    if isinstance(task, Function):
        mutants = function_mutants(task.solution)
        # Some mutants never end, and nobody has to recognise them.
        task = replace(task, seconds=min(task.seconds, 1.5), misconceptions=())
        missed = [
            words
            for words, mutant in mutants
            if not any(piece in words for piece in task.equivalent)
            and checked(number, task, mutant).state == CORRECT
        ]
    elif isinstance(task, Number):
        mutants = number_mutants(float(reference(number, task)))
        missed = [words for words, value in mutants if checked(number, task, value).state == CORRECT]
    else:
        pytest.skip("a choice or a table has no operators to mutate; its wrong answers are all named")
    assert len(mutants) >= 8
    assert len(missed) <= (1 - CAUGHT) * len(mutants), missed


def number_mutants(value):
    """Slips of units, signs and counting."""
    factors = (60, 24, 100, 12, 365, 30, 1000, 7, 2)
    found = [(f"times {factor}", value * factor) for factor in factors]
    found += [(f"divided by {factor}", value / factor) for factor in factors]
    found += [("negative", -value), ("less from 1", 1 - value), ("less from 100", 100 - value)]
    return [(words, mutant) for words, mutant in found if mutant != value]


OPERATORS = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.Gt: ast.Lt,
    ast.Lt: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}


def function_mutants(function):
    """The function with one operator, constant, call or argument changed, each as (words, function)."""
    source = textwrap.dedent(inspect.getsource(function))
    tree = ast.parse(source)
    places = [node for node in ast.walk(tree) if changes(node)]
    found = []
    for place in range(len(places)):
        for way in range(changes(places[place])):
            mutant = copy.deepcopy(tree)
            node = [n for n in ast.walk(mutant) if changes(n)][place]
            change(node, way)
            words = ast.unparse(mutant)
            scope = dict(function.__globals__)
            exec(compile(ast.fix_missing_locations(mutant), "<mutant>", "exec"), scope)
            found.append((words, scope[function.__name__]))
    return found


def changes(node):
    """In how many ways a node is mutated."""
    if isinstance(node, ast.BinOp):
        return int(type(node.op) in OPERATORS)
    if isinstance(node, ast.Compare):
        return int(type(node.ops[0]) in OPERATORS)
    if isinstance(node, ast.Constant):
        return 2 if isinstance(node.value, int | float) and not isinstance(node.value, bool) else 0
    if isinstance(node, ast.Call):
        return int(getattr(node.func, "id", "") in ("max", "min", "sorted"))
    return int(isinstance(node, ast.Return) and node.value is not None)


def change(node, way):
    if isinstance(node, ast.BinOp):
        node.op = OPERATORS[type(node.op)]()
    elif isinstance(node, ast.Compare):
        node.ops[0] = OPERATORS[type(node.ops[0])]()
    elif isinstance(node, ast.Constant):
        node.value = node.value + (1 if way else -1)
    elif isinstance(node, ast.Call):
        node.func.id = {"max": "min", "min": "max", "sorted": "list"}[node.func.id]
        node.keywords = [] if node.func.id == "list" else node.keywords
    else:
        node.value = ast.Constant(None)


@pytest.mark.parametrize(("lab", "name"), [("07_fmea", "own_worksheet"), ("08_metrics", "own_file")])
@pytest.mark.parametrize("answer", [12, "my file", None, [1, 2]])
def test_what_names_no_file_is_told_so(lab, name, answer):
    task = tasks_of(lab)[name]
    said = str(task.check(answer, task.numbers("kestrel", lab)))
    assert "TypeError" not in said
