"""The one grammar of typed numbers, names and letters: read, asked back with both readings, or refused."""

import math
from pathlib import Path

import pytest
import yaml
from hypothesis import assume, example, given
from hypothesis import strategies as st

from faultlab.classroom import TRY_AGAIN, Names, Number, labs, tasks_of
from faultlab.classroom.answers.typed import Unread, letter, name_key, number, words

TABLE = yaml.safe_load((Path(__file__).parents[2] / "twin/vectors.yaml").read_text(encoding="utf-8"))
MINUTES = {"unit": "minutes", "question": "For how many minutes a year are both down?"}
EURO = {"unit": "EUR", "question": "What does it lose a year, in EUR?"}
CALLS = {"unit": "calls"}
BET = {"unit": "EUR", "low": 0, "high": 5e6}


@pytest.mark.parametrize(("asked", "typed", "value"), TABLE["read"])
def test_what_can_mean_one_thing_is_read(asked, typed, value):
    assert number(typed, **asked) == value


@pytest.mark.parametrize(("asked", "typed", "both"), TABLE["asked_back"])
def test_what_can_mean_two_things_is_asked_back_with_both(asked, typed, both):
    with pytest.raises(Unread, match=f"I can't tell whether '{typed}' means {both}"):
        number(typed, **asked)


@pytest.mark.parametrize(("asked", "typed"), TABLE["refused"])
def test_anything_else_is_refused_in_a_sentence(asked, typed):
    with pytest.raises(Unread) as found:
        number(typed, **asked)
    assert len(str(found.value)) < 300
    assert str(found.value).endswith(".")


@given(st.floats(-1e9, 1e9).map(lambda x: round(x, 2)))
@example(1000.0)
@example(-1234.5)
def test_whatever_the_page_prints_is_read_as_it_was_meant(value):
    for written in (f"{value:,.2f}", f"{value:.2f}", f"{value:,.2f} EUR", f"{value:,.2f} EUR a year"):
        assert number(written, **EURO) == value
    german = f"{value:,.2f}".translate(str.maketrans(",.", ".,"))
    french = f"{value:,.2f}".replace(",", "\u202f").replace(".", ",")
    assert number(german, **EURO) == number(french, **EURO) == value


@given(st.integers(-(10**12), 10**12))
def test_counts_are_read_with_the_thousands_apart_and_without(count):
    for written in (f"{count:,}", f"{count}", f"{count:_}", f"{count:,}".replace(",", " ")):
        assert number(written, **CALLS) == count


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=1e-4, max_value=1e15))
def test_what_python_prints_of_a_measure_is_read_back(value):
    assert number(repr(value), **MINUTES) == value


@given(
    st.text(alphabet="0123456789.,' _ekm%€-+ minuteshr", max_size=14),
    st.sampled_from([MINUTES, EURO, BET, {}]),
)
def test_no_text_raises_anything_but_a_sentence(text, asked):
    try:
        found = number(text, **asked)
    except Unread:
        return
    assert math.isfinite(found)
    assert asked.get("low", -math.inf) <= found <= asked.get("high", math.inf)


LETTERS = [*("C D F", "CDF", "C/D/F", "c, d, f", "(C), (D) and (F)", "C;D;F", "C & D + F"), ["F", "C", "D"]]


@pytest.mark.parametrize("typed", LETTERS, ids=str)
def test_letters_are_read_with_anything_between_them(typed):
    assert words(typed, "ABCDEF") == {"c", "d", "f"}


@pytest.mark.parametrize(
    "typed", ["b", "B)", "(b)", "[B]", "b.", '"B"', "option b", "Answer: B", "B) Wait.", "wait"]
)
def test_an_option_is_named_by_its_letter_or_its_text(typed):
    assert letter(typed, {"A": "Pay.", "B": "Wait."}) == "B"


@pytest.mark.parametrize("typed", ["", "AB", "B) Pay", "C", "1", "a b"])
def test_no_option_is_guessed(typed):
    with pytest.raises(Unread):
        letter(typed, {"A": "Pay.", "B": "Wait."})


def test_names_are_told_apart_by_what_names_them():
    same = ["load balancer", "Load-Balancer", "load_balancer", "the load  balancer", "load balancer service"]
    assert {name_key(name) for name in same} == {"load balancer"}
    assert name_key("database 1") != name_key("database 2")
    assert name_key("service") == "service"


NAMED = [(n, task) for n in labs() for task in tasks_of(n).values() if isinstance(task, Names)]
NUMBERS = [(n, task) for n in labs() for task in tasks_of(n).values() if isinstance(task, Number)]


def asked_of(entry):
    return entry[1].name


@pytest.mark.parametrize("entry", NAMED, ids=asked_of)
def test_every_task_takes_its_names_as_people_write_them(entry):
    lab, task = entry
    numbers = task.numbers("red-7", lab)
    right = task.reference(numbers)
    forms = [", ".join(right), "; ".join(right), " and ".join(right), list(right), ", ".join(right).upper()]
    forms += [", ".join(name.replace(" ", "-") for name in right)]
    forms += [" ".join(right), "".join(right), "/".join(right)] if task.letters else []
    for typed in forms:
        assert task.check(typed, numbers).state == "correct", typed
    assert task.check(", ".join(right[:-1]), numbers).state == TRY_AGAIN
    assert task.check([*right, "moon"], numbers).state == TRY_AGAIN


def test_names_are_answered_with_how_many_are_right_and_one_that_is_not():
    task = tasks_of("05_reliability_block_diagrams")["single_points"]
    numbers = task.numbers("red-7", "05_reliability_block_diagrams")
    right = task.reference(numbers)
    for named, said in (
        (["web"], "You named web. That isn't right yet."),
        (["web", "app"], "You named app, web. None of these is right yet."),
        (["dns"], f"You named dns. You have 1 of the {len(right)}."),
        (["dns", "web"], f"You named dns, web. You have 1 of the {len(right)}, but “web” doesn't belong."),
    ):
        assert task.check(named, numbers).message == said
    assert task.check([*right, "moon"], numbers).message.endswith(
        "You have all the right ones, but “moon” doesn't belong."
    )


@pytest.mark.parametrize("entry", [one for one in NUMBERS if one[1].whole], ids=asked_of)
def test_a_whole_number_is_right_only_when_it_is_that_one(entry):
    lab, task = entry
    numbers = task.numbers("red-7", lab)
    right = float(task.reference(numbers))
    for near in (right + 0.001, right - 0.4, right * 1.0004, right + 1, right - 1):
        assert task.check(near, numbers).state == TRY_AGAIN, near
    assert task.check(f"{right:,.0f}", numbers).state == "correct"
    assert "whole number" in task.check(right + 0.1, numbers).message


@pytest.mark.parametrize("entry", [one for one in NUMBERS if one[1].decimals], ids=asked_of)
@pytest.mark.parametrize("team", [f"team-{i}" for i in range(6)])
def test_too_few_decimals_are_refused_where_they_are_not_the_answer(entry, team):
    lab, task = entry
    numbers = task.numbers(team, lab)
    right = float(task.reference(numbers))
    for decimals in range(task.decimals, task.decimals + 3):
        assert task.check(f"{right:.{decimals}f}", numbers).state == "correct"
    short = round(right, task.decimals - 1)
    if abs(short - right) > 0.51 * 10**-task.decimals:
        outcome = task.check(short, numbers)
        assert outcome.state == TRY_AGAIN
        assert f"{task.decimals} decimals" in outcome.message


@pytest.mark.parametrize("entry", [one for one in NUMBERS if not one[1].decimals], ids=asked_of)
@given(digits=st.integers(4, 9))
def test_every_task_takes_what_its_page_prints_of_the_answer(entry, digits):
    lab, task = entry
    numbers = task.numbers("red-7", lab)
    printed = f"{float(task.reference(numbers)):,.{digits}g}"
    assume("e" not in printed)
    for typed in (printed, f"{printed} {task.unit}"):
        outcome = task.check(typed, numbers)
        assert outcome.state == "correct" or outcome.message.startswith("I can't tell"), typed
