"""The resume code: it holds all there is, whatever a course grows to; old codes are read; nothing is cut."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faultlab.cases.game_day import QUARTERS, played_year, read_game, read_game_code, write_game_code
from faultlab.classroom import Progress
from faultlab.classroom.build import build
from faultlab.classroom.learner.catalogue import PARTS, Catalogue, digest_of
from faultlab.classroom.learner.lesson_file import Bet, Option, Question
from faultlab.classroom.learner.progress import empty, merge
from faultlab.classroom.learner.resume_code import (
    MOST_LETTERS,
    PREFIX,
    STEPS,
    check_room,
    read,
    strangers,
    write,
)
from faultlab.classroom.notebook.place import keep_place
from faultlab.errors import BadInput

LESSONS = [f"{number:02d}" for number in range(12)]
COURSE = Catalogue()


class Course(Catalogue):
    """A course with so many tasks, bets and questions in each lesson; the first has no lab."""

    pairs = ()

    def __init__(self, tasks=10, bets=4, quiz=4, then=None):
        self.counts = tasks, bets, quiz
        then = then or self
        self.before = {
            number: [(len(marks), digest_of(part, number, marks)) for part, marks in then.by_part(number)]
            for number in LESSONS
        }

    def by_part(self, number):
        return [(part, self.marks(part, number)) for part in PARTS]

    def marks(self, part, number):
        if part in ("before", "after"):
            return []
        return list(self.quiz(number) if part == "chosen" else getattr(self, part)(number))

    def tasks(self, number):
        return [f"task_{place}" for place in range(self.counts[0])] if number != "00" else []

    def bets(self, number):
        bets = (
            Bet("worth", "?", "number", "EUR", 0, 5e6),
            Bet("chance", "?", "probability"),
            Bet("way", "?", "choice", options=("left", "right", "none")),
            Bet("wide", "?", "number", "", 1, 1e6),
            *(Bet(f"bet_{place}", "?", "probability") for place in range(4, self.counts[1])),
        )
        return {bet.id: bet for bet in bets[: self.counts[1]]}

    def quiz(self, number):
        return [f"q{place}" for place in range(1, self.counts[2] + 1)]

    def questions(self, number):
        """Of three options each; the right one stands in another place from question to question."""
        return {
            id: Question(id, "?", tuple(Option(f"{id} {n}", "", n == place % 3) for n in range(3)))
            for place, id in enumerate(self.quiz(number), 1)
        }


def answered(course, id, place):
    """The entry of a question that was answered by an option's place."""
    asked = course.questions("00")[id]
    return {"right": place in asked.correct, "chosen": [asked.options[place].text]}


def task(outcome, hints=False, solution=False):
    entry = {"outcome": outcome} | ({"hints": 1} if hints else {})
    return entry | ({"solution": True} if solution else {})


# Written by version 1 of the code, and kept as they were.
EMPTY = "FT1-03J78N"
ONE_LESSON = "FT1-675750H2969AD4DAK7ZSQQTMYET"
THREE_LESSONS = "FT1-V7F40CV47B9VBQ2Z4QFWWFR2T4VAVX2MTXYEV55EDHP5KANAQVCWKJWYPJMJHSBQQTRDR"
TWELVE_LESSONS = (
    "FT1-PNM33ZHG9ZDADMX4JA735CNG0XT845ZFTXQ0M0NSQFP349NJE2AKZHCNCE9EKZ5VJPSNG4E1W3QYTZRYM947A15RNRRQ88F49NP64AT2"
    "50BNF0Q7QNC6V0BP4N55M8FKB5PRN2VF2BXHJYVRRPG52AR3DNTGQ98XKDYD56HC3S1SYF1Y"
)
BEFORE_THE_GAME = "FT4-PZWXGGJ092WP4EMTFQ081Q"
OF_VERSION_3 = "FT3-AQS4C40GNHVS2T23692Z2C3SBZE9K"
IN_LESSON_2 = {
    "task_0": task("correct"),
    "task_1": task("not started", hints=True),
    "task_2": task("try again"),
    "task_3": task("correct", hints=True, solution=True),
    "task_5": task("try again", hints=True),
    "task_6": task("correct"),
    "task_7": task("not started", hints=True, solution=True),
    "task_8": task("try again"),
    "task_9": task("correct", hints=True),
}


def test_old_codes_are_read():
    assert read(EMPTY, Course())[0] == {"format": 1, "team": "", "tasks": {}, "bets": {}, "quiz": {}}
    one, left = read(ONE_LESSON, Course())
    assert (one["team"], one["tasks"], left) == ("red-7", {}, "")
    assert one["quiz"]["00"] == {f"q{n}": {"right": n % 2 == 0} for n in range(1, 5)}
    three, left = read(THREE_LESSONS.lower().replace("-", " "), Course())
    assert (three["team"], left, sorted(three["tasks"])) == ("a-team-of-20-letters", "", ["01", "02"])
    assert three["tasks"]["02"] == IN_LESSON_2
    assert {name: entry["bet"] for name, entry in three["bets"]["02"].items()} == {
        "worth": 435000.0,
        "chance": 0.174,
        "way": "none",
        "wide": 122.0,
    }
    twelve, left = read(TWELVE_LESSONS, Course())
    assert (sorted(twelve["bets"]), left) == (LESSONS, "")


def test_an_old_code_is_read_by_a_course_that_has_grown_and_by_one_that_has_shrunk():
    then = Course()
    for code in (ONE_LESSON, THREE_LESSONS, TWELVE_LESSONS):
        assert read(code, Course(14, 4, 9, then)) == read(code, then)
    data, left = read(THREE_LESSONS, Course(9, 4, 3, then))
    assert left == (
        "Not restored, because the course has changed there: the tasks of labs 1, 2; "
        "the quiz answers of lessons 0, 1, 2."
    )
    assert (data["tasks"], data["quiz"], sorted(data["bets"])) == ({}, {}, ["00", "01", "02"])


def test_a_code_of_version_3_says_right_or_wrong_and_the_new_one_says_which():
    course = Course()
    data, left = read(OF_VERSION_3, course)
    assert left == ""
    assert data["quiz"] == {
        "00": {"q1": {"right": True}, "q3": {"right": False}},
        "02": {"q4": {"right": True}},
    }
    assert data["tasks"] == {"02": {"task_0": task("correct")}}
    again, left = read(write(data, course), course)
    assert left == ""
    # A right answer is known; of a wrong one that nobody noted, only that it was wrong.
    assert again["quiz"]["00"] == {"q1": answered(course, "q1", 1), "q3": {"right": False}}
    for place in range(3):
        data["quiz"]["00"]["q3"] = answered(course, "q3", place)
        assert read(write(data, course), course)[0]["quiz"]["00"]["q3"] == answered(course, "q3", place)


def test_a_chosen_option_that_is_no_longer_there_is_wrong_and_no_other_one():
    course = Course()
    data = {"team": "", "tasks": {}, "bets": {}, "quiz": {"01": {"q2": {"right": False, "chosen": ["gone"]}}}}
    assert read(write(data, course), course)[0]["quiz"] == {"01": {"q2": {"right": False}}}


def test_what_was_answered_before_and_after_comes_back():
    course = Catalogue()
    given = {
        form: {
            pair.id: {"chosen": pair.asked(form).options[place % len(pair.asked(form).options)].text}
            for place, pair in enumerate(course.pairs)
            if (place, form) not in ((3, "before"), (9, "before"), (0, "after"))
        }
        for form in ("before", "after")
    }
    data = {"team": "", "tasks": {}, "bets": {}, "quiz": {}}
    for one in ({}, {"before": given["before"]}, given):
        found, left = read(write(data | {"before_and_after": one}, course), course)
        assert (found.get("before_and_after", {}), left) == (one, "")
    assert len(write(data | {"before_and_after": given}, course)) - len(write(data, course)) < 20
    code = write(data | {"before_and_after": given}, course)
    course.pairs[2].before.options[0].__dict__["text"] = "Something else"
    found, left = read(code, course)
    assert "the answers before the course" in left
    assert found["before_and_after"] == {"after": given["after"]}


class Rewritten(Course):
    """The same places, and something else in some of them."""

    def __init__(self, part, number, place):
        self.changed = part, number, place
        super().__init__(then=Course())

    def marks(self, part, number):
        marks = super().marks(part, number)
        if ("quiz" if part == "chosen" else part, number) == self.changed[:2]:
            marks[self.changed[2]] += " of another kind"
        return marks


@pytest.mark.parametrize("code", ["now", THREE_LESSONS])
@pytest.mark.parametrize(
    ("part", "said"),
    [("tasks", "tasks of lab 2"), ("bets", "bets of lesson 2"), ("quiz", "quiz answers of lesson 2")],
)
def test_what_means_something_else_now_is_not_restored_and_named(part, said, code):
    course = Course()
    whole, _ = read(THREE_LESSONS, course)
    if code == "now":
        code = write(whole, course)
        whole, _ = read(code, course)
    data, left = read(code, Rewritten(part, "02", 1))
    assert left == f"Not restored, because the course has changed there: the {said}."
    whole[part].pop("02")
    assert data == {**whole, "bets": data["bets"]}
    assert sorted(data["bets"]) == sorted(whole["bets"])


def test_what_stands_behind_the_places_that_are_used_may_change():
    whole, _ = read(ONE_LESSON, Course())
    whole["tasks"]["05"] = {"task_3": task("correct")}
    code = write(whole, Course())
    assert read(code, Rewritten("tasks", "05", 4)) == read(code, Course(14, 7, 9)) == read(code, Course())
    assert read(code, Rewritten("tasks", "05", 3))[1].endswith("the tasks of lab 5.")
    missed = sum(not read(code, Rewritten("tasks", "05", place))[1] for place in range(4))
    assert missed == 0


def test_a_code_of_before_the_lessons_were_rewritten_says_so():
    """Written by the course as it was: tasks of labs 1, 2, 8, bets of lessons 2 and 5, a question of 1."""
    data, left = read("FT2-BPENA9Z0XCPJPTTFK0F862ESXBXNAFDGC1F", Catalogue())
    assert left == (
        "Not restored, because the course has changed there: the tasks of lab 2; the bets of lesson 5; "
        "the quiz answers of lesson 1."
    )
    right = task("correct")
    assert data["tasks"] == {
        "01": {"two_copies": right, "what_to_buy": right, "two_versions": right},
        "08": {"minutes_a_month": right, "two_parts": right, "two_zones": right},
    }
    assert data["bets"]["02"]["helps_most"]["bet"] == "Health checks twice as often"
    assert (sorted(data["bets"]), data["quiz"]) == (["02"], {})


def progress(tasks, bets, quiz, lessons):
    course = Course(tasks, bets, quiz)
    draw = st.fixed_dictionaries
    outcome = st.sampled_from(["not started", "try again", "correct"])
    entry = st.builds(task, outcome, st.booleans(), st.booleans()).filter(
        lambda one: one != task("not started")
    )
    places = {
        name: st.integers(0, 2).map(lambda place, bet=bet: bet.options[place])
        if bet.kind == "choice"
        else st.integers(0, STEPS - 1).map(
            lambda step, bet=bet: bet.low + step * (bet.high - bet.low) / (STEPS - 1)
        )
        for name, bet in course.bets("01").items()
        if name != "wide"
    }
    bet = {name: value.map(lambda found: {"bet": found}) for name, value in places.items()}
    answer = {
        id: st.sampled_from([{"right": False}, *(answered(course, id, place) for place in range(3))])
        for id in course.quiz("01")
    }
    some = st.sampled_from(lessons)
    return draw(
        {
            "format": st.just(1),
            "team": st.text("abcxyz0189-", max_size=20),
            "tasks": st.dictionaries(
                some.filter(lambda n: n != "00"), draw({}, optional=dict.fromkeys(course.tasks("01"), entry))
            ),
            "bets": st.dictionaries(some, draw({}, optional=bet)),
            "quiz": st.dictionaries(some, draw({}, optional=answer)),
        }
    )


@settings(deadline=None)  # a busy machine takes longer
@given(progress(13, 7, 9, [*LESSONS, "14", "123"]))
def test_whatever_was_done_comes_back(data):
    course = Course(13, 7, 9)
    found, left = read(write(data, course), course)
    assert left == ""
    assert found["team"] == data["team"]
    for part in ("tasks", "quiz"):
        assert found[part] == {number: entries for number, entries in data[part].items() if entries}
    for number, entries in data["bets"].items():
        for name, entry in entries.items():
            there, bet = found["bets"][number][name]["bet"], entry["bet"]
            assert there == (bet if isinstance(bet, str) else pytest.approx(bet, rel=0.01))


def full(course, lessons):
    data = {"format": 1, "team": "a-team-of-20-letters", "tasks": {}, "bets": {}, "quiz": {}}
    for number in lessons:
        data["tasks"][number] = {name: task("correct", True, True) for name in course.tasks(number)}
        data["bets"][number] = {
            name: {"bet": bet.options[-1] if bet.options else bet.high}
            for name, bet in course.bets(number).items()
        }
        data["quiz"][number] = {name: answered(course, name, 2) for name in course.quiz(number)}
    return data


def test_twelve_full_lessons_of_today_s_size_can_still_be_typed():
    course = Course(10, 3, 5)
    code = write(full(course, LESSONS), course)
    assert code.startswith(PREFIX)
    assert len(code) <= MOST_LETTERS
    check_room(Catalogue(), LESSONS)


def test_the_resilience_review_comes_back():
    bets = {
        "own_year": 4e6,
        "biggest_carrier": "The payment provider, which has no spare",
        "promise_kept": 0.7,
    }
    data = {"team": "", "tasks": {}, "bets": {"10": {name: {"bet": bet} for name, bet in bets.items()}}}
    first = COURSE.questions("10")["q1"]
    right = {"right": True, "chosen": [first.options[first.correct[0]].text]}
    data["quiz"] = {"10": {"q1": right, "q5": {"right": False}}}
    found, lost = read(write(data, Catalogue()), Catalogue())
    assert not lost
    assert found["quiz"] == data["quiz"]
    assert found["bets"]["10"]["biggest_carrier"]["bet"] == bets["biggest_carrier"]
    assert found["bets"]["10"]["own_year"]["bet"] == pytest.approx(4e6, rel=0.5), "in steps of a factor two"
    assert found["bets"]["10"]["promise_kept"]["bet"] == pytest.approx(0.7, abs=0.03)


def test_a_sixth_bet_and_an_eleventh_task_are_held():
    course = Course(11, 6, 6)
    data, _ = read(write(full(course, ["05"]), course), course)
    assert data["tasks"]["05"]["task_10"] == task("correct", True, True)
    assert data["bets"]["05"]["bet_5"]["bet"] == 1
    assert data["quiz"]["05"]["q6"] == answered(course, "q6", 2)


@pytest.mark.parametrize(
    ("part", "number", "name", "entry"),
    [
        ("tasks", "05", "task_99", task("correct")),
        ("bets", "05", "gone", {"bet": 3}),
        ("bets", "05", "way", {"bet": "back"}),
        ("bets", "05", "chance", {"bet": "many"}),
        ("quiz", "05", "q9", {"right": True}),
        ("quiz", "extra", "q1", {"right": True}),
    ],
)
def test_what_cannot_be_held_is_refused_and_named(part, number, name, entry, tmp_path):
    course = Course()
    data = full(course, ["05"])
    data[part].setdefault(number, {})[name] = entry
    assert strangers(data, course) == [(part, number, name)]
    with pytest.raises(BadInput, match=f"can hold {name!r} of lesson {number}"):
        write(data, course)


def test_the_form_says_what_its_code_leaves_out(tmp_path):
    saved = Progress(tmp_path)
    saved.change(
        lambda data: data["tasks"].update(
            {"08": {"old_task": task("correct"), "mtbf_function": task("correct")}}
        )
    )
    place = keep_place(saved)
    assert "leaves out 'old_task' of lesson 08: this course hasn't got it" in place.status
    assert read(place.code, Catalogue())[0]["tasks"]["08"] == {"mtbf_function": task("correct")}
    there = keep_place(Progress(tmp_path / "there"))
    there.restore(place.code)
    assert there.status.startswith("✓ Restored")
    assert "leaves out" not in there.status


def test_the_form_says_what_a_code_holds_and_this_course_has_not(tmp_path):
    grown = write(full(Course(12, 3, 5), ["08"]), Course(12, 3, 5))
    place = keep_place(Progress(tmp_path))
    place.restore(grown)
    assert "Not restored, because the course has changed there: the tasks of lab 8; " in place.status


def test_a_course_without_room_is_refused_when_it_is_built(tmp_path):
    with pytest.raises(BadInput, match=r"A resume code of the whole course has \d+ letters"):
        check_room(Course(40, 20, 20), LESSONS)
    (tmp_path / "course").mkdir()
    for number in range(20):
        text = "bets:\n" + "".join(
            f"- id: bet_{i}\n  question: Why?\n  kind: probability\n" for i in range(40)
        )
        (tmp_path / "course" / f"{number:02d}_x.yaml").write_text(text)
        (tmp_path / "course" / f"{number:02d}_x.ipynb").write_text("{}")
    with pytest.raises(BadInput, match="take tasks, bets or questions away"):
        build(root=tmp_path)


@pytest.mark.parametrize(
    "code",
    ["", "FT3-", "FT2-", "FT5-000000", "FT4-000000", "XY", "FT3-" + "8" * 4000, "FT3-FFFFFFFFFFFFFFFFF"],
)
def test_anything_else_is_refused_in_a_sentence(code):
    with pytest.raises(BadInput) as found:
        read(code, Course())
    assert str(found.value).endswith(".")


@given(st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=1, max_size=60))
def test_even_a_code_with_right_check_letters_ends_soon(body):
    from faultlab.letters import check_letters

    try:
        data, _ = read(PREFIX + body + check_letters(PREFIX, body), Course())
    except BadInput:
        return
    assert set(data) == {"format", "team", "tasks", "bets", "quiz"}


def with_game(code):
    return {"monday": {"11": {"game": {"code": code, "finished": {"code": code, "said": "It went well."}}}}}


def test_a_finished_game_comes_along():
    """Its code does, and no word of it: what it came to is worked out again."""
    game = read_game(COURSE.course / "data" / "game_day.yaml", COURSE.course / "kestrel.yaml")
    for level, seed in (("board", 808), ("storm", 7085)):  # the longest of twelve thousand years
        year = played_year(game, level, seed, [frozenset()] * QUARTERS, lambda event, card, held: 1)
        played = write_game_code(year)
        code = write(empty() | {"team": "red-7"} | with_game(played), COURSE)
        found, lost = read(code, COURSE)
        assert found["monday"] == {"11": {"game": {"code": played, "finished": {"code": played, "said": ""}}}}
        assert not lost
        assert read_game_code(game, found["monday"]["11"]["game"]["code"]).over
        assert len(code) <= len(write(empty() | {"team": "red-7"}, COURSE)) + len(played)


def test_codes_from_before_the_game_was_carried_are_read_and_written_as_they_were():
    course = Course(2, 2, 2)
    data, lost = read(BEFORE_THE_GAME, course)
    assert not lost
    assert "monday" not in data
    assert data["tasks"] == {"08": {"task_0": task("correct")}}
    assert write(data, course) == BEFORE_THE_GAME


@pytest.mark.parametrize("game", ["GD1-OLD", "", None, "GD1-" + "7" * 90, "FT1-03J78N"])
def test_what_is_no_game_is_left_out(game):
    assert write(empty() | with_game(game), COURSE) == write(empty(), COURSE)
    begun = {"monday": {"11": {"game": {"code": "GD1-A"}}}}
    assert write(empty() | begun, COURSE) == write(empty(), COURSE)


def test_a_game_that_is_here_stays():
    theirs, mine = with_game("GD1-B")["monday"], with_game("GD1-A")["monday"]
    for here, after in (
        ({}, theirs["11"]["game"]),
        ({"code": "GD1-C"}, theirs["11"]["game"] | {"code": "GD1-C"}),
        (mine["11"]["game"], mine["11"]["game"]),
    ):
        data = empty() | {"monday": {"11": {"1": {"question": "Who?"}, "game": dict(here)}}}
        merge(data, empty() | {"monday": theirs})
        assert data["monday"] == {"11": {"1": {"question": "Who?"}, "game": after}}
