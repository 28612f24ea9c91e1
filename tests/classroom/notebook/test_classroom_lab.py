"""A lab in a learner's hands: three outcomes, no exception, nothing on stderr, whatever is typed."""

import queue
import subprocess
import sys
import time
from pathlib import Path

import pytest
from jupyter_client import KernelManager

from faultlab.classroom import Progress, open_lab

ROOT = Path(__file__).parents[3]


@pytest.fixture
def check(tmp_path, capsys):
    lab = open_lab("08_metrics", team="red-7", saved=Progress(tmp_path))
    capsys.readouterr()
    return lab


ODD = [
    float("nan"),
    float("inf"),
    True,
    [],
    [1],
    {"a": 1},
    object(),
    print,
    int,
    1j,
    "",
    "many",
    "<img src=x onerror=alert(1)>",
    "9" * 5000,
    10**400,
    b"43",
    {1, 2},
    ValueError("x"),
]


@pytest.mark.parametrize("answer", ODD, ids=lambda a: type(a).__name__)
def test_odd_answers_are_met_with_a_sentence(check, capsys, answer):
    for task in check:
        task(answer)
        said = capsys.readouterr()
        assert said.err == ""
        assert said.out.splitlines()[0].startswith(("↻ Try again", "○ Not started"))
        assert len(said.out) < 2000


def test_numbers_are_read_as_people_write_them(check, capsys):
    for typed in ("43.2", "43,2", "43.2 min", "43.2 minutes", 43.2, "43.20"):
        check.minutes_a_month(typed)
    lines = [line for line in capsys.readouterr().out.splitlines() if line[0] in "✓↻○"]
    assert len(lines) == 6
    assert all("Correct" in line for line in lines)


def test_the_same_answer_prints_the_same_every_time(check, capsys):
    said = []
    for _ in range(3):
        check.joint_mttr("A")
        said.append(capsys.readouterr().out)
    assert len(set(said)) == 1


def test_hints_come_in_steps_then_the_solution_and_both_are_recorded(check, capsys, tmp_path):
    check.two_zones.hint()
    check.two_zones.hint()
    check.two_zones.hint()
    said = capsys.readouterr().out
    assert "Hint 1 of 2" in said
    assert "Hint 2 of 2" in said
    assert ".solution()" in said
    check.two_zones.solution()
    assert "Ask which of our outages" in capsys.readouterr().out
    kept = Progress(tmp_path).read()["tasks"]["08"]["two_zones"]
    assert kept["solution"]
    assert check.two_zones.outcome("D").earned == 1, "asking for help is never punished"


def test_a_failing_function_says_what_was_called_and_what_came_back(check, capsys):
    def down_minutes(incidents):
        return sum(end - start for start, end in incidents) + 1

    check.union_of_incidents(down_minutes)
    said = capsys.readouterr().out
    assert "I called down_minutes([]) (no incident); it returned 1. Expected: 0." in said


HOSTILE = {
    "endless loop": "while True: pass",
    "exit": "import sys; sys.exit()",
    "hard exit": "import os; os._exit(0)",
    "recursion": "return down_minutes(incidents)",
    "changes what it is given": "incidents.clear(); return 0",
    "floods the output": "print('x' * 10_000_000); return 0",
    "raises with markup": "raise ValueError('<b>&')",
    "a million gigabytes": "return [0] * 10**15",
    "kills its parent's children": "import os; os.abort()",
}


def test_nothing_that_a_function_does_harms_a_real_kernel(tmp_path):
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(env={**__import__("os").environ, "FAULTLAB_PROGRESS": str(tmp_path)})
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        run(client, "from faultlab.classroom import open_lab\ncheck = open_lab('08_metrics')\nalive = 41")
        for what, body in HOSTILE.items():
            started = time.monotonic()
            out, err = run(
                client, f"def down_minutes(incidents):\n    {body}\ncheck.union_of_incidents(down_minutes)"
            )
            assert err == "", what
            assert "Try again" in out, what
            assert "<b>" not in out, what
            assert time.monotonic() - started < 10, what
        assert run(client, "print(alive + 1)")[0].strip() == "42"
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def run(client, code):
    """Run a cell; what it showed as HTML or text, and what it wrote on stderr or raised."""
    wanted = client.execute(code)
    out, err = [], []
    while True:
        try:
            message = client.get_iopub_msg(timeout=30)
        except queue.Empty:
            raise AssertionError(f"no answer to {code!r}") from None
        if message["parent_header"].get("msg_id") != wanted:
            continue
        kind, content = message["msg_type"], message["content"]
        if kind == "stream":
            (err if content["name"] == "stderr" else out).append(content["text"])
        elif kind == "display_data":
            out.append(content["data"].get("text/html", ""))
        elif kind == "error":
            err.append(content["evalue"])
        elif kind == "status" and content["execution_state"] == "idle":
            return "".join(out), "".join(err)


def test_the_first_bet_waits_for_no_arithmetic():
    opened = "import sys; from faultlab.classroom import open_lesson; print('numpy' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", opened], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"
