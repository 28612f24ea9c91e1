"""An experiment on real processes: in this process, and by the Chaos Toolkit's program, from one file."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from faultlab.design.experiments.experiment import (
    Action,
    Experiment,
    Hypothesis,
    Probe,
    http_provider,
    python_provider,
)
from faultlab.design.experiments.experiment_json import write_experiment
from faultlab.design.experiments.experiment_run import run_experiment
from faultlab.design.experiments.verdicts import verdict
from faultlab.live import Fleet

CHAOS = os.environ.get("FAULTLAB_CHAOS") or shutil.which("chaos", path=Path(sys.executable).parent)
CASES = [
    ({"workers": 3, "balancer_retries": 1}, "held"),
    ({"workers": 1, "restart": False}, "refuted"),
]


@pytest.mark.parametrize(("settings", "outcome"), CASES)
def test_in_this_process(settings, outcome):
    with Fleet(**settings) as fleet:

        def answers():
            return fleet.get("/")["worker"] > 0

        test = Experiment(
            "A worker dies",
            "Do customers notice?",
            Hypothesis("The shop answers", [Probe("answers", python_provider("fleet", "answers"), True)]),
            [Action("kill", python_provider("fleet", "kill", worker=1), pause_after=0.4)],
            blast_radius="one worker",
            stop_every=0.1,
        )
        journal = run_experiment(test, {"fleet.answers": answers, "fleet.kill": fleet.kill})
    assert verdict(journal).outcome == outcome


@pytest.mark.skipif(
    not CHAOS or os.name != "posix",
    reason="the Chaos Toolkit is not installed: pip install chaostoolkit==1.19.0 (Python 3.11)",
)
@pytest.mark.parametrize(("settings", "outcome"), CASES)
def test_by_the_real_program(tmp_path, settings, outcome):
    with Fleet(**settings) as fleet:
        pid = fleet.processes()["worker 1"]
        test = Experiment(
            "A worker dies",
            "Do customers notice?",
            Hypothesis("The shop answers", [Probe("answers", http_provider(fleet.url), tolerance=200)]),
            [
                Action(
                    "kill",
                    {"type": "process", "path": "kill", "arguments": ["-9", str(pid)]},
                    pause_after=0.4,
                )
            ],
            blast_radius="one worker",
            stop_every=0.1,
        )
        path, journal = tmp_path / "experiment.json", tmp_path / "journal.json"
        write_experiment(test, path)
        watch = ["--hypothesis-frequency", "0.1", "--fail-fast"]
        done = subprocess.run(
            [CHAOS, "--no-version-check", "run", "--journal-path", journal, *watch, path],
            cwd=tmp_path,
            env={**os.environ, "HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert journal.exists(), done.stdout + done.stderr
    assert verdict(journal).outcome == outcome
