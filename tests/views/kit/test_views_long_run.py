"""A long run tells how far it is, stops when asked, keeps what it found, and says what went wrong."""

import threading

import pytest

from faultlab.cases.borg.experiments import EXPERIMENTS, paper_findings
from faultlab.errors import BadInput
from faultlab.views.kit.long_run import LongRun
from faultlab.views.lesson_04.borg_findings import finding_rows, findings_again


def test_it_can_be_stopped_and_keeps_what_it_found():
    reached, go_on = threading.Event(), threading.Event()

    def work(tell):
        tell(0.25, [{"found": 1}])
        reached.set()
        assert go_on.wait(10)
        tell(0.5, [{"found": 1}, {"found": 2}])
        raise AssertionError("it went on after it was stopped")

    run = LongRun(work, "A long one", "an hour")
    frames = []
    run.widget.observe(lambda change: frames.append(change["new"]), "frame")
    run.start()
    assert reached.wait(10)
    with pytest.raises(BadInput, match="running already"):
        run.start()
    run._answer(None, {"do": "stop"}, [])
    go_on.set()
    run.wait(10)
    assert (run.state, run.rows, run.done) == ("stopped", [{"found": 1}], 0.25)
    assert frames[-1]["sentence"].startswith("Stopped after")
    assert not frames[-1]["running"]
    assert "found" in frames[-1]["table"]
    # It can be started again, from the beginning.
    run._work = lambda tell: [{"found": 3}]
    run._answer(None, {"do": "start"}, [])
    run.wait(10)
    assert (run.state, run.rows, run.done) == ("done", [{"found": 3}], 1.0)


def test_what_goes_wrong_is_said():
    def work(tell):
        raise BadInput("There is no such cell.")

    run = LongRun(work, "A broken one", "no time")
    assert run.widget.frame["sentence"] == "Not started. It takes no time."
    run.start()
    run.wait(10)
    assert run.widget.frame["sentence"] == "It did not work: There is no such cell."


def test_the_papers_table_is_the_same_as_without_watching():
    told = []
    names = list(EXPERIMENTS)
    rows = findings_again(20, 1, 1)(lambda done, rows: told.append((done, len(rows))))
    assert rows == finding_rows(paper_findings(20, 1, 1), why=False)
    assert told == sorted(told)
    assert 0 < told[0][0] < told[-1][0] < 1
    assert {found for _, found in told} == set(range(len(names)))
