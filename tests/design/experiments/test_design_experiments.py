"""Experiments: files, runs and verdicts, in this process and with the Chaos Toolkit's own program."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faultlab.design.calls.clocks import VirtualClock
from faultlab.design.experiments.experiment import (
    Action,
    Experiment,
    Hypothesis,
    Probe,
    python_provider,
    within,
)
from faultlab.design.experiments.experiment_json import write_experiment
from faultlab.design.experiments.experiment_run import run_experiment
from faultlab.design.experiments.verdicts import survival, verdict
from faultlab.errors import BadInput

CHAOS = os.environ.get("FAULTLAB_CHAOS") or shutil.which("chaos", path=Path(sys.executable).parent)
needs_chaos = pytest.mark.skipif(
    not CHAOS, reason="the Chaos Toolkit is not installed: pip install chaostoolkit==1.19.0 (Python 3.11)"
)


class Shop:
    """Workers that die and are restarted, on a virtual clock."""

    def __init__(self, workers=4, restart=None):
        self.clock, self.workers, self.restart = VirtualClock(), workers, restart
        self.killed_at, self.mended = [], 0

    def up(self):
        dead = [at for at in self.killed_at if self.restart is None or self.clock() < at + self.restart]
        return self.workers - len(dead)

    def kill(self, count=1):
        self.killed_at += [self.clock()] * count

    def mend(self):
        self.killed_at, self.mended = [], self.mended + 1

    def activities(self):
        return {"shop.up": self.up, "shop.kill": self.kill, "shop.mend": self.mend}


UP = Probe("workers up", python_provider("shop", "up"), tolerance=[3, 4])
KILL = Action("kill one", python_provider("shop", "kill", count=1), pause_after=2)
MEND = Action("start again", python_provider("shop", "mend"))


def experiment(method=(KILL,), rollbacks=(MEND,), probes=(UP,), **more):
    return Experiment("One dies", "Do we notice?", Hypothesis("3 are up", probes), method, rollbacks, **more)


def run(test, shop):
    return run_experiment(test, shop.activities(), shop.clock)


def test_a_hypothesis_that_holds():
    shop = Shop()
    journal = run(experiment(), shop)
    assert verdict(journal).outcome == "held"
    assert journal["duration"] == 2
    assert shop.mended == 1


def test_a_hypothesis_that_is_refuted():
    shop = Shop()
    found = verdict(run(experiment(method=[KILL, KILL]), shop))
    assert found.outcome == "refuted"
    assert "workers up" in found.reason
    assert shop.mended == 1


def test_a_break_that_heals_before_the_end_is_seen_only_by_those_who_look():
    twice = [KILL, Action("kill another", python_provider("shop", "kill"), pause_after=5)]
    healed = Shop(restart=4)
    assert verdict(run(experiment(method=twice), healed)).outcome == "held"
    watched = Shop(restart=4)
    journal = run(experiment(method=twice, stop_every=0.5), watched)
    assert verdict(journal).outcome == "refuted"
    assert watched.clock() < 3  # stopped at the first break, not after seven seconds
    assert watched.mended == 1


def test_the_stop_condition_is_looked_at_before_the_next_step_too():
    shop = Shop()
    fill = Action("fill up", python_provider("shop", "kill", count=1))
    late = Action("kill more", python_provider("shop", "kill", count=2), pause_before=3)
    slow_death = {**shop.activities(), "shop.up": lambda: 4 - (shop.clock() > 1) * 3}
    journal = run_experiment(experiment(method=[fill, late], stop_every=0.5), slow_death, shop.clock)
    assert verdict(journal).outcome == "refuted"
    assert len(journal["run"]) == 1  # the second action was not done
    assert shop.clock() == 1.5


def test_nothing_is_tried_on_a_system_that_is_ill():
    shop = Shop(workers=2)
    journal = run(experiment(), shop)
    assert verdict(journal).outcome == "not started"
    assert journal["run"] == journal["rollbacks"] == []
    assert shop.killed_at == []


def test_an_action_that_failed_proves_nothing():
    def kill():
        raise PermissionError("not allowed")

    shop = Shop()
    journal = run_experiment(
        experiment(method=[Action("kill one", python_provider("shop", "kill"))]),
        {**shop.activities(), "shop.kill": kill},
        shop.clock,
    )
    assert verdict(journal).outcome == "inconclusive"
    assert "did not happen" in verdict(journal).reason


def test_an_interrupt_is_rolled_back():
    def kill(count):
        raise KeyboardInterrupt

    shop = Shop()
    with pytest.raises(KeyboardInterrupt):
        run_experiment(experiment(), {**shop.activities(), "shop.kill": kill}, shop.clock)
    assert shop.mended == 1


def test_a_rollback_that_failed_is_a_warning():
    def mend():
        raise OSError("no disk")

    shop = Shop()
    found = verdict(run_experiment(experiment(), {**shop.activities(), "shop.mend": mend}, shop.clock))
    assert found.outcome == "held"
    assert "start again" in found.warnings[0]


def test_a_probe_without_an_answer_after_the_fault_is_a_break():
    shop, calls = Shop(), []

    def up():
        calls.append(1)
        if len(calls) > 1:
            raise ConnectionError("nobody there")
        return 4

    found = verdict(run_experiment(experiment(), {**shop.activities(), "shop.up": up}, shop.clock))
    assert found.outcome == "refuted"
    assert "no answer" in found.reason


def test_an_unknown_action_is_refused_before_anything_is_done():
    shop = Shop()
    with pytest.raises(BadInput, match=r"shop\.burn, which is not known here; known are: shop\.kill"):
        run(experiment(method=[KILL, Action("burn it", python_provider("shop", "burn"))]), shop)
    assert shop.killed_at == []


# ---- files


def test_a_file_has_what_the_chaos_toolkit_reads(tmp_path):
    test = experiment(method=[KILL], blast_radius="one worker of four", stop_every=0.5)
    path = tmp_path / "experiment.json"
    write_experiment(test, path)
    document = json.loads(path.read_text())
    assert document["runtime"]["rollbacks"] == {"strategy": "always"}
    assert document["runtime"]["hypothesis"] == {"strategy": "continuously"}
    assert document["method"][0]["pauses"] == {"after": 2}


@pytest.mark.parametrize("journal", [{}, {"status": "completed"}, {"steady_states": {}}])
def test_what_is_no_journal_is_refused(journal):
    with pytest.raises(BadInput, match="no journal"):
        verdict(journal)


def test_many_runs_together():
    found = survival(["held"] * 9 + ["refuted"] + ["inconclusive"] * 3)
    assert found.value == 0.9
    assert (found.low, found.high) == pytest.approx((0.55498, 0.99747), abs=1e-5)  # Clopper and Pearson
    assert "3 runs without a verdict" in found.method
    with pytest.raises(BadInput, match="run the experiment"):
        survival(["not started"])
    with pytest.raises(BadInput, match="great"):
        survival(["great"])


# ---- the real program

TARGET = """
import json, pathlib, time
STATE = pathlib.Path(__file__).with_name("state.json")

def up():
    return json.loads(STATE.read_text())["up"]

def set_up(count):
    STATE.write_text(json.dumps({"up": count}))

def refuse():
    raise PermissionError("not allowed")

def flicker():
    set_up(1)
    time.sleep(1)
    set_up(4)
"""


def chaos(folder, test, up=4):
    """Run an experiment with the real program; return its exit status, its journal and the workers left."""
    (folder / "faultlab_target.py").write_text(TARGET)
    (folder / "state.json").write_text(json.dumps({"up": up}))
    path, journal = folder / "experiment.json", folder / "journal.json"
    write_experiment(test, path)
    watch = ["--hypothesis-frequency", f"{test.stop_every:g}", "--fail-fast"] if test.stop_every else []
    done = subprocess.run(
        [CHAOS, "--no-version-check", "run", "--journal-path", journal, *watch, path],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "HOME": str(folder), "PYTHONWARNINGS": "ignore"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert journal.exists(), done.stdout + done.stderr
    return done.returncode, journal, json.loads((folder / "state.json").read_text())["up"]


def target(func, **arguments):
    return python_provider("faultlab_target", func, **arguments)


LIVE_UP = Probe("workers up", target("up"), tolerance=[3, 4])
LIVE_MEND = Action("start again", target("set_up", count=4))


def live(action, **more):
    return experiment(method=[action], rollbacks=[LIVE_MEND], probes=[LIVE_UP], **more)


@needs_chaos
def test_the_real_program_accepts_our_files(tmp_path):
    (tmp_path / "faultlab_target.py").write_text(TARGET)
    path = tmp_path / "experiment.json"
    test = live(
        Action("kill", target("set_up", count=3), pause_after=0.1),
        blast_radius="one worker of four",
        stop_every=0.2,
    )
    write_experiment(test, path)
    done = subprocess.run(
        [CHAOS, "--no-version-check", "validate", str(path)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr


FAILS = {"type": "process", "path": "false", "arguments": []}
CASES = {
    # what happens, and the verdict; the program's exit status; the workers left
    "held": (Action("kill", target("set_up", count=3)), 4, "held", 0, 4),
    "refuted": (Action("kill", target("set_up", count=2)), 4, "refuted", 1, 4),
    "ill before": (Action("kill", target("set_up", count=3)), 1, "not started", 0, 4),
    "action fails": (Action("kill", target("refuse")), 4, "inconclusive", 0, 4),
    "program fails": (
        Action("kill", {"type": "process", "path": "false", "arguments": []}),
        4,
        "inconclusive",
        0,
        4,
    ),
}


@needs_chaos
@pytest.mark.parametrize("case", CASES)
def test_the_verdict_of_a_real_journal_where_the_exit_status_misleads(tmp_path, case):
    action, up, outcome, status, left = CASES[case]
    code, journal, workers = chaos(tmp_path, live(action), up=up)
    assert (verdict(journal).outcome, code, workers) == (outcome, status, left)
    assert verdict(our_own_run(case, up)).outcome == outcome


def our_own_run(case, up):
    """The same case, run in this process."""
    shop = {"up": up}

    def refuse():
        raise PermissionError("not allowed")

    what = {"held": lambda: shop.update(up=3), "refuted": lambda: shop.update(up=2)}.get(case, refuse)
    activities = {"shop.up": lambda: shop["up"], "shop.mend": lambda: None, "shop.break": what}
    test = experiment(method=[Action("break", python_provider("shop", "break"))])
    return run_experiment(test, activities, VirtualClock())


@needs_chaos
def test_a_real_break_that_heals_is_seen_with_the_stop_condition_only(tmp_path):
    flicker = Action("flicker", target("flicker"))
    code, journal, _ = chaos(tmp_path, live(flicker))
    assert (verdict(journal).outcome, code) == ("held", 0)
    code, journal, workers = chaos(tmp_path, live(flicker, stop_every=0.1))
    assert verdict(journal).outcome == "refuted"
    assert json.loads(journal.read_text())["deviated"] is False  # the program's own word for it
    assert workers == 4


values = st.one_of(st.integers(-3, 3), st.booleans(), st.text("ab", max_size=2), st.just({"status": 2}))
tolerances = st.one_of(
    st.integers(-3, 3),
    st.booleans(),
    st.text("ab", max_size=2),
    st.lists(st.integers(-3, 3), min_size=2, max_size=2).map(sorted),
    st.lists(st.integers(-3, 3), min_size=3, max_size=4),
    st.tuples(st.integers(-3, 0), st.integers(0, 3)).map(lambda ends: {"type": "range", "range": list(ends)}),
    st.text("ab", max_size=2).map(lambda text: {"type": "regex", "pattern": text}),
)


@pytest.fixture(scope="module")
def judge():
    """The program's own comparison, in its own interpreter."""
    code = """
import json, sys
from chaoslib.hypothesis import within_tolerance
for line in sys.stdin:
    tolerance, value = json.loads(line)
    try:
        print(json.dumps(bool(within_tolerance(tolerance, value))), flush=True)
    except Exception as wrong:
        print(json.dumps(type(wrong).__name__), flush=True)
"""
    python = Path(CHAOS).with_name("python")
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen([python, "-c", code], text=True, **pipes) as process:

        def ask(tolerance, value):
            process.stdin.write(json.dumps([tolerance, value]) + "\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())

        yield ask
        process.stdin.close()


@needs_chaos
@settings(deadline=None)
@given(tolerances, values)
def test_tolerances_mean_what_they_mean_to_the_program(judge, tolerance, value):
    theirs = judge(tolerance, value)
    if isinstance(theirs, bool):  # otherwise it raised, for a value that can't be compared
        assert within(tolerance, value) == theirs
    else:
        assert within(tolerance, value) is False
