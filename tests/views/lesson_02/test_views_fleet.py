"""The live picture: true to the run, readable, and with buttons that answer while the kernel is busy."""

import json
import sys
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from pathlib import Path

import pytest
from jupyter_browser import CHROMIUM, MISSING, chromium, lab_server, new_page, open_notebook, wait_until_idle
from live_processes import identities, left_of

from faultlab.design.calls.clocks import VirtualClock
from faultlab.errors import BadInput
from faultlab.live import Fleet, Replay, recorded_run, recorded_runs
from faultlab.views.kit.lettering import width_of
from faultlab.views.lesson_02.fleet import BOX, fleet_picture, latest_events
from faultlab.views.lesson_02.fleet_watch import FAULTS, watch

GRAY, KILL = recorded_run("gray_failure"), recorded_run("kill_one_of_four")
SVG = "{http://www.w3.org/2000/svg}"


def sixteen():
    """A run with the largest fleet, in every state and with the longest faults."""
    run = GRAY.until(11)
    states = ("up", "down", "paused", "starting")
    faults = ((), ("network slower by 60000 ms", "fails 50 %"), ("leaks 200 MB/s",), ("network half-open",))
    workers = tuple(
        replace(run.intervals[-1].workers[i % 4], worker=i + 1, state=states[i % 4], faults=faults[i // 4])
        for i in range(16)
    )
    return replace(run, intervals=(*run.intervals[:-1], replace(run.intervals[-1], workers=workers)))


RUNS = {
    "nothing yet": replace(KILL, intervals=(), events=()),
    "first moment": KILL.until(0.6),
    "after a kill": KILL.until(8.7),
    "gray failure": GRAY.until(11),
    "half fail": GRAY.until(30),
    "the end": KILL,
    "sixteen": sixteen(),
}


@pytest.mark.parametrize("name", RUNS)
def test_a_picture_is_well_formed_inside_its_frame_and_says_what_it_shows(name):
    picture = fleet_picture(RUNS[name])
    root = ElementTree.fromstring(picture.svg)
    assert root.get("aria-label") == picture.alt
    assert picture.alt.startswith(picture.sentence)
    width, height = (float(v) for v in root.get("viewBox").split()[2:])
    for text in root.iter(f"{SVG}text"):
        size, x = float(text.get("font-size")), float(text.get("x"))
        assert size >= 13
        wide = width_of(text.text, size, bold=text.get("font-weight") == "600")
        left = x - wide * {"start": 0, "middle": 0.5, "end": 1}[text.get("text-anchor")]
        assert left >= -3
        assert left + wide <= width + 8, text.text
        assert 0 < float(text.get("y")) <= height
        if x == 14:
            assert x + wide < 4 + BOX, f"{text.text} leaves the worker's box"
    for box in root.iter(f"{SVG}rect"):
        assert 0 <= float(box.get("y", 0)) + float(box.get("height")) <= height + 0.1


def test_the_numbers_are_those_of_the_last_two_seconds():
    run = GRAY.until(11)
    last = [i for i in run.intervals if i.t > run.length - 2]
    rate = sum(i.requests for i in last) / sum(i.seconds for i in last)
    failed = sum(i.failed for i in last) / sum(i.requests for i in last)
    picture = fleet_picture(run)
    assert (
        f"Recorded run: {rate:.0f} requests a second, {100 * failed:.0f} % of them fail" in picture.sentence
    )
    assert "3 of 4 workers are in rotation" in picture.sentence
    assert "worker 3 is paused and out of rotation" in picture.alt
    assert [row["It is"] for row in picture.rows] == ["up", "up", "paused", "up"]
    assert picture.rows[2]["Balancer"] == "out of rotation"
    assert sum(row["Requests a second"] for row in picture.rows) == pytest.approx(rate, rel=0.2)


def test_state_and_rotation_are_said_in_words_and_shapes_and_not_by_colour_alone():
    drawn = ElementTree.fromstring(fleet_picture(RUNS["sixteen"]).svg)
    words = {text.text.split(": ")[-1] for text in drawn.iter(f"{SVG}text")}
    assert {"up", "down", "paused", "starting", "network half-open"} <= words
    dashed = [r for r in drawn.iter(f"{SVG}rect") if r.get("stroke-dasharray")]
    assert len(dashed) == 12, "all that aren't up"


def test_what_a_recording_says_is_escaped():
    hostile = "<script>alert(1)</script>"
    interval = KILL.intervals[-1]
    workers = (replace(interval.workers[0], faults=(hostile,)),)
    run = replace(KILL, intervals=(replace(interval, workers=workers),))
    picture = fleet_picture(run)
    assert "<script" not in picture.svg
    assert hostile in picture.alt


def test_events_are_told_newest_first():
    assert latest_events(KILL, 2)[0] == "41 s: The fleet was ended."
    assert len(latest_events(KILL)) == 5
    assert latest_events(RUNS["nothing yet"]) == []


def test_a_watched_fleet_is_started_disturbed_stopped_and_started_again():
    view = watch(Fleet(workers=2, minutes=1), load={"rate": 60})
    sent = []
    widget = view.widget
    widget.send = sent.append
    assert widget.frame["recorded"], "before the start, a recorded run is shown"
    assert not widget.frame["begun"]

    def press(**message):
        view._answer(widget, message | {"number": len(sent)}, [])
        assert sent[-1]["answered"] == len(sent) - 1
        return sent[-1]["note"]

    def shown_within(condition, seconds=10):
        deadline = time.monotonic() + seconds
        while not condition(widget.frame) and time.monotonic() < deadline:
            time.sleep(0.05)
        return condition(widget.frame)

    try:
        assert press(do="reset") == ""
        assert shown_within(lambda f: f["running"] and "requests a second" in f["sentence"])
        processes = identities(view.source.processes())
        assert "load" in processes
        assert press(do="fault", worker=1, fault="kill it (SIGKILL)") == ""
        assert shown_within(lambda f: any("Worker 1 is running again" in e for e in f["events"]))
        assert "whole number" in press(do="fault", worker=9, fault="kill it (SIGKILL)")
        assert "can't be done" in press(do="fault", worker=1, fault="rm -rf /")
        assert "did not work" in press(do="fault", worker=1, fault=["x"])
        assert press(do="stop") == ""
        assert not widget.frame["running"]
        assert left_of(processes)[0] == {}
        assert "has ended" in press(do="fault", worker=1, fault="heal it")
        assert press(do="reset") == ""
        assert widget.frame["running"]
    finally:
        view.stop()


def test_a_cell_that_is_run_again_and_again_leaves_two_fleets_at_most():
    views = [watch(Fleet(workers=1, minutes=1)) for _ in range(4)]
    try:
        for view in views:
            view.reset()
        assert [view.source.running for view in views] == [False, False, True, True]
        views[0].reset()
        assert [view.source.running for view in views] == [True, False, False, True]
    finally:
        for view in views:
            view.source.__exit__()


def test_every_fault_of_the_menu_can_be_done():
    with Fleet(workers=1) as fleet:
        view = watch(fleet)
        for fault, (method, _) in FAULTS.items():
            if method not in ("kill", "leak"):
                view.disturb(1, fault)
        said = " ".join(event.text for event in fleet.run().events)
    for words in ("paused", "goes on", "slower by 200 ms", "fails 50 %", "half-open", "well again"):
        assert words in said


def test_where_no_processes_can_be_started_a_recorded_run_is_played(monkeypatch):
    monkeypatch.setattr(sys, "platform", "emscripten")
    view = watch(Fleet(), load={"rate": 5}, recorded="gray_failure")
    view.reset()
    assert "in the browser" in view.note
    assert view.source.running
    assert view.picture.sentence.startswith("Recorded run")
    with pytest.raises(BadInput, match="can't be done here"):
        view.disturb(1, "kill it (SIGKILL)")
    view.stop()


@pytest.mark.parametrize("name", recorded_runs())
def test_a_recorded_run_is_watched_like_a_live_one(name):
    view = watch(Replay(recorded_run(name), speed=100))
    assert view.widget.workers == 0
    assert view.widget.faults == []
    assert view.widget.frame["recorded"]
    view.stop()
    assert not view.widget.frame["running"]


def test_without_threads_the_page_asks_for_each_picture(monkeypatch):
    def refused(thread):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr("faultlab.views.lesson_02.fleet_watch.threading.Thread.start", refused)
    clock = VirtualClock()
    view = watch(Replay(KILL, clock=clock))
    first = view.widget.frame
    view.reset()
    assert view.widget.frame["ask"]
    clock.sleep(10)
    view._answer(view.widget, {"do": "look"}, [])
    assert view.widget.frame["sentence"] != first["sentence"]
    assert any("Worker 2 is killed" in event for event in view.widget.frame["events"])


CELLS = (
    "from faultlab.live import Fleet\nfrom faultlab.views import watch\n"
    "fleet = Fleet(workers=3, minutes=2)\nwatch(fleet, load={'rate': 50})",
    "import json\nprint('processes', json.dumps(fleet.processes()))",
    "import time\nend = time.monotonic() + 40\nwhile time.monotonic() < end: time.sleep(0.01)",
)


def grave_findings(page, axe):
    """What axe finds serious or critical about the watched fleet."""
    page.evaluate(axe.read_text(encoding="utf-8"))
    ask = "async () => (await axe.run('.faultlab-fleet')).violations.map(v => [v.impact, v.id])"
    found = page.evaluate(ask)
    return [v for v in found if v[0] in ("serious", "critical")]


@pytest.mark.skipif(not CHROMIUM, reason=MISSING)
@pytest.mark.xdist_group("browser")
def test_in_the_browser_stop_acts_while_a_cell_is_running(tmp_path):
    empty = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    cells = [empty | {"id": f"cell{i}", "source": source} for i, source in enumerate(CELLS)]
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": kernel}, "cells": cells}
    axe = pytest.importorskip("axe_playwright_python", reason="needs axe-playwright-python: pip install it")
    (tmp_path / "watch.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    with lab_server(tmp_path, tmp_path / "progress") as address, chromium() as browser:
        page = new_page(browser, height=1400)
        open_notebook(page, address, "watch.ipynb")

        def run_cell(place):
            page.locator(".jp-Cell .cm-content").nth(place).click()
            page.keyboard.press("Shift+Enter")

        run_cell(0)
        page.wait_for_selector(".faultlab-fleet button.start", timeout=30_000)
        assert page.locator(".faultlab-badge").is_visible()
        page.locator(".faultlab-fleet button.start").focus()
        page.keyboard.press("Enter")
        page.wait_for_selector(".faultlab-fleet button:has-text('Reset')", timeout=20_000)
        assert not page.locator(".faultlab-badge").is_visible()
        wait_until_idle(page)
        assert grave_findings(page, Path(axe.__file__).parent / "axe.min.js") == []
        run_cell(1)
        said = page.wait_for_selector(
            ".jp-RenderedText pre:has-text('processes')", timeout=20_000
        ).inner_text()
        found = json.loads(said.removeprefix("processes "))
        processes = identities(found)
        page.locator(".faultlab-fleet select").nth(0).select_option("2")
        page.get_by_role("button", name="Do it").press("Space")
        page.wait_for_selector(".faultlab-events >> text=Worker 2 is killed", timeout=20_000)
        run_cell(2)
        page.wait_for_selector(".jp-InputPrompt:has-text('[*]')")
        page.get_by_role("button", name="Stop").press("Enter")
        page.wait_for_selector(".faultlab-fleet button.start", timeout=10_000)
        assert page.locator(".jp-InputPrompt:has-text('[*]')").count() == 1, "the cell is still running"
        assert left_of(processes)[0] == {}
