"""Hostile notebooks: each costs only itself, earns nothing, and leaves no process, no file and no packet."""

import errno
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from faultlab.classroom.grading import quarantine
from faultlab.classroom.grading.quarantine import Limits, run_submission, wall
from faultlab.errors import BadInput

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux can confine a submission")
needs_wall = pytest.mark.skipif(
    not wall(), reason="this machine can't confine: it has no Landlock or bubblewrap"
)
QUICK = Limits(seconds=20, cell=1, disk=40_000_000)


def run(*cells, answers=("minutes",), limits=QUICK, beside=None, **options):
    """Run cells; the answers, each by its name, are looked at after the last."""
    code = [{"number": n, "source": source, "tasks": []} for n, source in enumerate(cells, 1)]
    code.append({"number": 0, "source": "", "tasks": list(answers)})
    job = {"lab": "08_metrics", "team": "kestrel", "cells": code, "numbers": {}}
    job["answers"] = {name: name for name in answers}
    return run_submission(job, {}, limits, beside or {}, **options)


def value(done, name="minutes"):
    return next((line.get("value") for line in done.lines if line.get("task") == name), None)


def left_over(mark):
    """Processes that carry a mark on their command line."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if mark.encode() in words:
                found.append(int(entry.name))
    return found


@needs_wall
def test_an_honest_notebook_hands_over_its_value():
    done = run("minutes = 86.4")
    assert (value(done), done.ended, done.confined) == (86.4, "", True)


# Each takes sixty seconds at most by itself, should a wall ever fail.
SLEEPER = "import sys, time; time.sleep(60)  # MARK"
SURVIVORS = {
    "a child with an empty environment in its own session": (
        "import subprocess, sys\n"
        "subprocess.Popen([sys.executable, '-c', SLEEPER], env={}, start_new_session=True)\n"
    ),
    "a grandchild whose parent is gone": (
        "import os, sys\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    if os.fork() == 0:\n"
        "        os.execve(sys.executable, [sys.executable, '-c', SLEEPER], {})\n"
        "    os._exit(0)\n"
        "import time; time.sleep(0.3)\n"
    ),
    "a chain of forks": (
        "import os, sys, time\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    end = time.time() + 30\n"
        "    while time.time() < end:\n"
        "        if os.fork():\n"
        "            os._exit(0)\n"
    ),
    "one that takes no notice of signals": (
        "import subprocess, sys\n"
        "deaf = 'import signal\\nfor n in range(1, 32):\\n try: signal.signal(n, signal.SIG_IGN)\\n "
        "except OSError: pass\\n'\n"
        "subprocess.Popen([sys.executable, '-c', deaf + SLEEPER], env={}, start_new_session=True)\n"
    ),
}


@needs_wall
@pytest.mark.parametrize("together", [False, True], ids=["namespaces", "no namespaces"])
@pytest.mark.parametrize("name", SURVIVORS)
def test_no_child_outlives_the_run(name, together, monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))  # another worker's submissions are not ours
    if together:
        without_namespaces(monkeypatch)
    mark = f"faultlab-{os.getpid()}-{time.monotonic_ns()}"
    source = SURVIVORS[name].replace("SLEEPER", repr(SLEEPER.replace("MARK", mark)))
    done = run(source, "minutes = 1")
    assert value(done) == 1
    assert not any("error" in line for line in done.lines), "the hostile part has to run"
    assert left_over(mark) == []
    assert list(children_in(tmp_path)) == []


def children_in(folder):
    """Processes with a submission's own folder, below this one, as the present one."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if os.readlink(entry / "cwd").startswith(str(folder)):
                    yield int(entry.name)
            except OSError:
                continue


def without_namespaces(monkeypatch):
    """A keeper as on a machine that gives nobody namespaces: its call is refused."""
    real = quarantine._lay_out

    def laid_out(folder, *rest):
        real(folder, *rest)
        keeper = folder / "keeper.py"
        text = keeper.read_text(encoding="utf-8")
        assert "libc.unshare(wanted)" in text
        keeper.write_text(text.replace("libc.unshare(wanted)", "-1"), encoding="utf-8")

    monkeypatch.setattr(quarantine, "_lay_out", laid_out)


@needs_wall
def test_when_the_grader_dies_its_submissions_die(tmp_path):
    mark = f"faultlab-{os.getpid()}-{time.monotonic_ns()}"
    sleeper = SLEEPER.replace("MARK", mark)
    cell = (
        f"import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', {sleeper!r}], env={{}})\n"
        "while True: pass"
    )
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from test_classroom_quarantine import Limits, run\n"
        "run(sys.argv[2], limits=Limits(seconds=60, cell=50))\n"
    )
    grader = subprocess.Popen([sys.executable, "-c", code, str(Path(__file__).parent), cell])
    try:
        wait_for(lambda: left_over(mark))
    finally:
        grader.kill()
        grader.wait()
    wait_for(lambda: not left_over(mark))


def wait_for(happened, seconds=30):
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.05)


ENDLESS = {
    "caught": "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
    "alarm ignored": "import signal\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)\nwhile True: pass",
    "in C": "sum(range(10**13))",
    "stopped": "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)",
    "at the end": "import os, time\nos._exit = lambda code: time.sleep(60)",
    "in a thread": "import threading, time\nthreading.Thread(target=time.sleep, args=(60,)).start()",
    "in an answer": (
        "class Slow:\n    @property\n    def __class__(self):\n        while True: pass\nminutes = Slow()"
    ),
    "while deleted": "class Slow:\n    def __del__(self):\n        while True: pass\nx = Slow()\ndel x",
}


@needs_wall
@pytest.mark.parametrize("name", ENDLESS)
def test_an_endless_loop_anywhere_costs_a_cell_and_not_the_whole_time(name):
    start = time.monotonic()
    done = run(
        ENDLESS[name], "minutes = 1" if name != "in an answer" else "", limits=Limits(seconds=300, cell=1)
    )
    assert time.monotonic() - start < 150
    assert "300 seconds" not in done.ended


@needs_wall
def test_a_loop_that_python_can_interrupt_costs_only_its_cell():
    done = run("while True: pass", "minutes = 1")
    assert value(done) == 1
    assert {"cell": 1, "error": "had not ended after 1 seconds"} in done.lines


WRITERS = {
    "many files": "for n in range(400):\n    open(f'../tmp/{n}', 'wb').write(bytes(5_000_000))",
    "deleted files": (
        "import os\nkept = []\nfor n in range(200):\n    kept.append(open('../tmp/x', 'wb'))\n"
        "    kept[-1].write(bytes(5_000_000)); kept[-1].flush(); os.remove('../tmp/x')"
    ),
    "files in memory": (
        "import os\nkept = []\nfor n in range(200):\n    kept.append(os.memfd_create('x'))\n"
        "    os.write(kept[-1], bytes(5_000_000))"
    ),
}


@needs_wall
@pytest.mark.parametrize("name", WRITERS)
def test_all_that_is_written_counts_against_one_limit(name):
    done = run(
        WRITERS[name] + "\nimport time; time.sleep(30)", limits=Limits(seconds=60, cell=40, disk=40_000_000)
    )
    assert done.ended == "it wrote more than 40 MB to files"


@needs_wall
@pytest.mark.parametrize("together", [False, True], ids=["namespaces", "no namespaces"])
@pytest.mark.parametrize("kind", ["SOCK_DGRAM", "SOCK_STREAM"])
def test_nothing_leaves_through_a_socket(kind, together, monkeypatch):
    if together:
        without_namespaces(monkeypatch)
    with socket.socket(socket.AF_INET, getattr(socket, kind)) as listener:
        listener.bind(("127.0.0.1", 0))
        if kind == "SOCK_STREAM":
            listener.listen()
        listener.settimeout(0.2)
        done = run(
            f"import socket\ns = socket.socket(socket.AF_INET, socket.{kind})\ns.settimeout(1)\n"
            f"s.connect(('127.0.0.1', {listener.getsockname()[1]}))\ns.send(b'out')\nminutes = 1"
        )
        with pytest.raises(TimeoutError):
            listener.accept() if kind == "SOCK_STREAM" else listener.recv(10)
    assert value(done) is None


@needs_wall
def test_no_socket_of_any_kind_can_be_made():
    done = run(
        "import itertools, socket\nminutes = set()\n"
        "families = ['AF_UNIX', 'AF_INET', 'AF_INET6', 'AF_NETLINK', 'AF_PACKET', 'AF_ALG', 'AF_VSOCK']\n"
        "kinds = ['SOCK_STREAM', 'SOCK_DGRAM', 'SOCK_RAW', 'SOCK_SEQPACKET']\n"
        "for family, kind in itertools.product(families, kinds):\n"
        "    try:\n"
        "        socket.socket(getattr(socket, family), getattr(socket, kind))\n"
        "        minutes.add(family)\n"
        "    except OSError as refused:\n"
        "        minutes.add(refused.errno)\n"
    )
    assert value(done) == {"~": "set", "v": [errno.EPERM]}


@needs_wall
def test_files_outside_are_out_of_reach(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("86.4")
    tmp_path.chmod(0o777)
    own = Path(__file__).parents[3]
    kinds = own / "faultlab" / "classroom" / "answers" / "kinds.py"
    hidden = [secret, own / "solutions" / "08_metrics.ipynb", kinds]
    assert all(path.exists() for path in hidden)
    done = run(
        f"got = []\nfor path in {[str(path) for path in hidden]!r}:\n"
        "    try: got.append(open(path).read(1))\n    except OSError: pass\n"
        f"try:\n    open({str(tmp_path / 'new')!r}, 'w')\n    got.append('wrote')\nexcept OSError: pass\n"
        "minutes = got"
    )
    assert value(done) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["secret.txt"]


def test_without_a_wall_nothing_runs_unless_asked_for(monkeypatch):
    monkeypatch.setattr(quarantine, "wall", lambda: "")
    with pytest.raises(BadInput, match="--unconfined"):
        run("minutes = 1")
    done = run("minutes = 1", unconfined=True)
    assert (value(done), done.confined) == (1, False)


@pytest.mark.skipif(
    not shutil.which("bwrap"), reason="bubblewrap is missing: install it with the system's packages"
)
def test_bubblewrap_confines_where_there_is_no_landlock(monkeypatch, tmp_path):
    monkeypatch.setattr(quarantine, "wall", lambda: "bubblewrap")
    test_files_outside_are_out_of_reach(tmp_path)
    done = run("import numpy\nminutes = int(numpy.arange(3).sum())")
    assert (value(done), done.ended, done.confined) == (3, "", True)
