"""Progress survives: killed writers, damaged files, read-only folders, and the way to another machine."""

import json
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from faultlab.classroom import Progress, open_lab, open_lesson, read_lesson_file
from faultlab.classroom.learner.catalogue import Catalogue
from faultlab.classroom.learner.resume_code import read, write
from faultlab.classroom.notebook.lesson import Lesson
from faultlab.classroom.notebook.place import keep_place
from faultlab.errors import BadInput

ROOT = Path(__file__).parents[3]

WRITER = """
import sys
from faultlab.classroom import Progress
saved = Progress(sys.argv[1])
n = saved.read().get("n", 0)
while True:
    n += 1
    saved.change(lambda data: data.update(n=n, padding="x" * 20_000))
    print(n, flush=True)
"""


def test_a_killed_writer_loses_nothing_that_was_shown_as_saved(tmp_path, request):
    luck = random.Random(1)
    for _ in range(request.config.getoption("--kills")):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True
        )
        shown = int(writer.stdout.readline())
        time.sleep(luck.random() * 0.02)
        writer.send_signal(signal.SIGKILL)
        rest = writer.stdout.read().split()
        writer.wait()
        shown = int(rest[-1]) if rest and rest[-1].isdigit() else shown
        saved = Progress(tmp_path)
        kept = saved.read()
        assert kept["n"] >= shown
        assert saved.remark == ""
        assert len(kept["padding"]) == 20_000


def test_two_notebooks_at_once_lose_nothing_of_each_other(tmp_path):
    code = (
        "import sys; from faultlab.classroom import Progress; saved = Progress(sys.argv[1])\n"
        "for i in range(40):\n"
        "    saved.change(lambda data: data['quiz'].setdefault(sys.argv[2], {}).update({str(i): {'n': i}}))"
    )
    both = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path), name]) for name in ("01", "02")]
    assert [one.wait() for one in both] == [0, 0]
    kept = Progress(tmp_path).read()["quiz"]
    assert [len(kept[name]) for name in ("01", "02")] == [40, 40]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\x00", b'{"format": 99}', b'{"tasks": 3}'])
def test_a_damaged_file_is_set_aside_and_reported(tmp_path, content):
    (tmp_path / "progress.json").write_bytes(content)
    saved = Progress(tmp_path)
    assert saved.read()["tasks"] == {}
    assert saved.remark
    saved.change(lambda data: data.update(team="red-7"))
    assert Progress(tmp_path).team() == "red-7"
    aside = [path for path in tmp_path.iterdir() if path.name not in ("progress.json", "progress.lock")]
    assert any(path.read_bytes() == content for path in aside), "nothing is thrown away"


def test_where_nothing_can_be_saved_the_lesson_goes_on(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    saved = Progress(blocked / "folder")
    saved.change(lambda data: data.update(team="red-7"))
    assert saved.team() == "red-7"
    assert not saved.saved
    assert saved.remark.endswith(".")
    another = Progress(blocked / "folder")
    assert (another.team(), another.remark) == ("red-7", saved.remark), "what is open beside it shares it"
    assert keep_place(another).code == keep_place(saved).code


def full(tmp_path):
    """Progress in which every task, bet and question of the course has something."""
    saved = Progress(tmp_path)
    check = open_lab("08_metrics", team="a-team-of-20-letters"[:20], saved=saved)
    for task in check:
        task.hint()
        task.solution()
        if not hasattr(task.task, "cases"):
            task(task.task.reference(task.numbers))
    lesson = open_lesson("08_metrics", saved=saved)
    for bet, value in (("incidents_needed", 300), ("lucky_improvement", 30), ("customers_gone", 2)):
        lesson.bet(bet).choose(value)
    return saved, lesson


def test_the_resume_code_restores_the_whole_course(tmp_path, capsys):
    saved, _ = full(tmp_path / "here")
    code = write(saved.read(), Catalogue())
    assert len(code) <= 200
    assert "\n" not in code
    place = keep_place(Progress(tmp_path / "there"))
    place.restore(code.lower())
    assert place.status.startswith("✓")
    there = Progress(tmp_path / "there").read()
    assert there["team"] == "a-team-of-20-letters"
    for name, entry in saved.read()["tasks"]["08"].items():
        assert there["tasks"]["08"][name].get("outcome") == entry.get("outcome")
    assert there["bets"]["08"]["customers_gone"]["bet"] == "More came than left"
    assert there["bets"]["08"]["lucky_improvement"]["bet"] == pytest.approx(30, rel=0.1)


def test_a_mistyped_code_says_so_and_changes_nothing(tmp_path, capsys):
    saved, _ = full(tmp_path)
    code = write(saved.read(), Catalogue())
    luck = random.Random(2)
    refused = 0
    for _ in range(300):
        at = luck.randrange(4, len(code))
        other = code[:at] + luck.choice("0123456789ABCDEFGHJKMNPQRSTVWXYZ") + code[at + 1 :]
        if other.replace("-", "") == code.replace("-", ""):
            continue
        try:
            read(other, Catalogue())
        except BadInput:
            refused += 1
        else:
            raise AssertionError(f"{other} was taken for {code}")
    assert refused > 200
    before = saved.read()
    place = keep_place(saved)
    place.restore(code[:-1])
    assert "mistyped" in place.status
    assert saved.read() == before


def test_bets_are_scored_and_shown_without_changing_what_the_notebook_prints(tmp_path, capsys):
    empty = open_lesson("08_metrics", saved=Progress(tmp_path / "empty"))
    _, lesson = full(tmp_path / "full")
    capsys.readouterr()
    shown = []
    for one in (empty, lesson):
        reveal = one.reveal("lucky_improvement", 44)
        shown.append((reveal.sentence, repr(reveal.widget)))
    assert shown[0] == shown[1]
    assert lesson.reveal("lucky_improvement", 44).score == pytest.approx(44 / 30, rel=0.1)
    assert empty.reveal("lucky_improvement", 44).score is None
    summary = lesson.bets_so_far()
    lesson.bet("customers_gone").choose(0)
    reveal = lesson.reveal("customers_gone", "More came than left")
    lesson.bet("customers_gone").choose(2)
    assert reveal.widget.shown == {
        "covered": True,
        "mine": "More came than left",
        "bet": "customers_gone",
    }, "a covered answer isn't sent to the browser"
    assert summary.rows == [], "a covered result hasn't been seen"
    reveal.uncover()
    lesson.bet("customers_gone").choose(0)
    assert lesson.bet("customers_gone").answer == "More came than left", "a seen result ends the bet"
    assert [row["score"] for row in summary.rows] == [1.0]
    assert "After 2 more bets" in summary.widget.status
    lesson.bet("incidents_needed").choose(12)
    lesson.reveal("incidents_needed", 900).uncover()
    lesson.bet("lucky_improvement").choose(43)
    lesson.reveal("lucky_improvement", 44).uncover()
    said = "You have placed 3 bets. Of your 2 numbers, 1 was too low and 1 was close."
    assert lesson.bets_so_far().sentence == f"{said} Your one choice was right."


def test_a_bet_on_what_turns_out_to_be_zero_is_sent_to_the_browser_as_json(tmp_path):
    lesson = open_lesson("04_google_borg", saved=Progress(tmp_path))
    for id, bet, truth in (("rack_dies", 20, 0), ("segregated", 20, 30), ("half_is_silent", 0, 0)):
        lesson.bet(id).choose(bet)
        options = lesson.file.bets[id].options
        lesson.reveal(id, options[truth] if options else truth).uncover()
    rows = lesson.bets_so_far().widget.shown["rows"]
    assert len(rows) == 3
    json.dumps(rows, allow_nan=False)


def test_a_result_that_was_seen_without_a_bet_closes_it(tmp_path):
    lesson = open_lesson("08_metrics", saved=Progress(tmp_path))
    bet, reveal = lesson.bet("incidents_needed"), lesson.reveal("incidents_needed", 900)
    reveal.uncover()
    bet.choose(900)
    assert bet.answer is None
    assert bet.widget.closed
    assert reveal.widget.shown["truth"] == "900 incidents"
    again = open_lesson("08_metrics", saved=Progress(tmp_path))
    assert not again.reveal("incidents_needed", 900).widget.shown["covered"]
    assert again.bets_so_far().rows == []


def test_a_typed_bet_says_what_was_understood_and_refuses_nonsense(tmp_path):
    bet = open_lesson("00_start_here", saved=Progress(tmp_path)).bet("bad_year")
    for typed in ("300.000", "300,000 EUR", "300 000", "300k", "0.3m"):
        bet._heard(bet.widget, {"bet": typed, "typed": True}, [])
        assert bet.answer == 300_000
        assert "300,000 EUR" in bet.status
    for typed in ("a lot", "3,0,0", "", None, "9m"):
        bet._heard(bet.widget, {"bet": typed, "typed": True}, [])
        assert bet.answer == 300_000
        assert "Type a number from 0 to 5,000,000" in bet.status


def test_every_option_of_every_question_has_its_own_feedback(tmp_path):
    for name in ("00_start_here", "08_metrics"):
        quiz = open_lesson(name, saved=Progress(tmp_path)).quiz()
        for question in quiz.widget.questions:
            for option in range(len(question["options"])):
                quiz.choose(question["id"], option)
                assert quiz.feedback(question["id"])
    assert json.loads((tmp_path / "progress.json").read_text())["quiz"]


def test_an_answer_is_kept_in_words_and_survives_another_order_of_the_options(tmp_path):
    first = open_lesson("02_netflix_chaos_monkey", saved=Progress(tmp_path))
    first.quiz().choose("q1", 1)
    kept = first.saved.read()["quiz"]["02"]["q1"]
    assert kept["chosen"] == [first.file.quiz[0].options[1].text]
    asked = [replace(one, options=one.options[::-1]) for one in first.file.quiz]
    turned = Lesson("02_netflix_chaos_monkey", replace(first.file, quiz=tuple(asked)), first.saved)
    assert turned.quiz().widget.marks["q1"]["chosen"] == [len(asked[0].options) - 2]
    # An older progress has places, in an order that may be another one now; whether it was right stays.
    first.saved.change(lambda data: data["quiz"]["02"].update(q1={"chosen": [1], "right": True}))
    mark = turned.quiz().widget.marks["q1"]
    assert (mark["right"], mark["status"], "chosen" in mark) == (True, "✓ Answered right before.", False)


@pytest.mark.parametrize("path", sorted((ROOT / "course").glob("[0-9]*.yaml")), ids=lambda path: path.stem)
def test_every_bet_says_what_its_answer_means(path):
    assert [bet.id for bet in read_lesson_file(path).bets.values() if not bet.meaning.endswith(".")] == []
