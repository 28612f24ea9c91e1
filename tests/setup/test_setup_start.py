"""start.py from outside: a small project with no downloads, real environments, real processes."""

import ast
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

import start

ROOT = Path(start.__file__).parent
POSIX = pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals: run it on Linux or macOS")
CLOSED = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_RETRIES": "0", "PIP_CONFIG_FILE": os.devnull}

PYPROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
[project]
name = "faultlab"
version = "1.0.0"
optional-dependencies = {dev = []}
"""

# A build backend of our own, so that an editable install needs no download.
BACKEND = """
import os, time, zipfile
from pathlib import Path

def build_editable(folder, config_settings=None, metadata_directory=None):
    if os.environ.get("SLOW_BUILD"):
        Path("building").touch()
        time.sleep(60)
    name = "faultlab-1.0.0-py3-none-any.whl"
    about = "faultlab-1.0.0.dist-info"
    with zipfile.ZipFile(Path(folder) / name, "w") as wheel:
        wheel.writestr("faultlab.pth", str(Path.cwd()))
        described = "Metadata-Version: 2.1\\nName: faultlab\\nVersion: 1.0.0\\nProvides-Extra: dev\\n"
        wheel.writestr(about + "/METADATA", described)
        wheel.writestr(about + "/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(about + "/RECORD", "")
    return name
"""

# Stands where JupyterLab would: says how it was called, and stays if it is told to.
JUPYTERLAB = """
import json, os, signal, sys, time
if os.environ.get("STAY"):
    def close(number, frame):
        print("kernels closed", flush=True)
        sys.exit(0)
    signal.signal(signal.SIGINT, close)
    signal.signal(signal.SIGTERM, close)
print("called " + json.dumps(sys.argv[1:]), flush=True)
while os.environ.get("STAY"):
    time.sleep(0.05)
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A project with start.py, a package and a JupyterLab of a few lines, set up once with pip."""
    return set_up(tmp_path_factory.mktemp("project with a space"))


@pytest.fixture(scope="module")
def quick(tmp_path_factory):
    """The same with uv, where it is there: for what gets an environment again and again, whoever installs."""
    return set_up(tmp_path_factory.mktemp("quick project"), **with_uv())


def set_up(folder, **more):
    make_project(folder)
    first = run(folder, **more)
    assert first.returncode == 0, first.stdout + first.stderr
    return folder


def make_project(folder):
    shutil.copy(ROOT / "start.py", folder)
    (folder / "requirements.txt").write_text("")
    (folder / "pyproject.toml").write_text(PYPROJECT)
    (folder / "backend.py").write_text(BACKEND)
    for name, program in {"faultlab": "", "jupyterlab": JUPYTERLAB, "pytest": JUPYTERLAB}.items():
        (folder / name).mkdir()
        (folder / name / "__init__.py").touch()
        (folder / name / "__main__.py").write_text(program)
    (folder / "tests").mkdir()
    for name, status in {"speed": 3, "size": 0}.items():
        program = f"def main(argv):\n    print({name!r}, argv)\n    return {status}\n"
        (folder / "tests" / f"bench_{name}.py").write_text(program)


def variables(**more):
    """No uv, so that pip installs; no settings of the person who runs the tests."""
    here = os.environ.get("PATH", "").split(os.pathsep)
    path = os.pathsep.join(folder for folder in here if not shutil.which("uv", path=folder))
    own = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    return {**own, "PATH": path, "PIP_CONFIG_FILE": os.devnull, **more}


def with_uv():
    """What puts uv back on the path; nothing where there is none."""
    uv = shutil.which("uv") or shutil.which("uv", path=str(Path(sys.executable).parent))
    return {"PATH": os.pathsep.join([variables()["PATH"], str(Path(uv).parent)])} if uv else {}


def base_python():
    return getattr(sys, "_base_executable", None) or sys.executable


def run(folder, *arguments, before=(), **more):
    command = [*before, base_python(), "start.py", *arguments]
    return subprocess.run(
        command, cwd=folder, env=variables(**more), capture_output=True, text=True, timeout=300
    )


def begin(folder, **more):
    return subprocess.Popen(
        [base_python(), "start.py"], cwd=folder, env=variables(**more), start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


def arguments_of(result, calls=1):
    """The arguments with which the program at the end was called, the last time."""
    called = [line for line in result.stdout.splitlines() if line.startswith("called ")]
    assert len(called) == calls, result.stdout + result.stderr
    return json.loads(called[-1].removeprefix("called "))


def assert_one_sentence(result, *words):
    """The person reads one sentence, and the shell sees that it failed."""
    assert result.returncode not in (0, None)
    assert "Traceback" not in result.stdout + result.stderr
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1, lines
    for word in words:
        assert word in lines[0]


def make_wheel(folder, name):
    """A package of one line, as a file."""
    path = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr(f"{name}.py", "there = True\n")
        about = f"{name}-1.0.dist-info"
        wheel.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        tags = "Wheel-Version: 1.0\nGenerator: us\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        wheel.writestr(f"{about}/WHEEL", tags)
        wheel.writestr(f"{about}/RECORD", "")
    return path


def imports(folder, name):
    """Whether the project's environment can import a package."""
    python = start.python_in(folder / ".venv")
    return subprocess.run([python, "-c", f"import {name}"], capture_output=True).returncode == 0


# The second start, and what makes it do more


def test_jupyter_listens_on_this_machine_only_and_opens_the_first_lesson(project):
    arguments = arguments_of(run(project, "--no-browser", "--port", str(free_port())))
    assert "--ServerApp.ip=127.0.0.1" in arguments
    assert "--LabApp.default_url=/lab/tree/course/00_start_here.ipynb" in arguments
    assert f"--ServerApp.root_dir={project}" in arguments
    assert "--no-browser" in arguments
    assert not any("token" in argument.lower() or "password" in argument.lower() for argument in arguments)


def test_second_start_installs_nothing_and_needs_no_network(project):
    cut = ["unshare", "--net", "--map-root-user"]
    if not shutil.which("unshare") or subprocess.run([*cut, "true"], capture_output=True).returncode != 0:
        cut = []  # then a closed port stands for the missing network
    stamp = (project / ".venv" / start.STAMP).read_bytes()
    started = time.monotonic()
    second = run(project, before=cut, **CLOSED)
    second_seconds = time.monotonic() - started
    assert second.returncode == 0, second.stderr
    assert "Installing" not in second.stdout
    assert "Making" not in second.stdout
    assert (project / ".venv" / start.STAMP).read_bytes() == stamp

    (project / ".venv" / start.STAMP).write_text("{}")
    started = time.monotonic()
    assert run(project).returncode == 0
    assert second_seconds < (time.monotonic() - started) / 2


def test_changed_requirements_are_noticed_and_installed(project):
    assert not imports(project, "newcomer")
    make_wheel(project, "newcomer")
    (project / "requirements.txt").write_text("./newcomer-1.0-py3-none-any.whl\n")
    changed = run(project)
    assert changed.returncode == 0, changed.stderr
    assert "bringing the environment up to date" in changed.stdout
    assert imports(project, "newcomer")
    assert "Installing" not in run(project).stdout


def test_changed_extension_of_jupyterlab_is_noticed(project):
    (project / "faultlab" / "labextension").mkdir()
    (project / "faultlab" / "labextension" / "package.json").write_text("{}")
    assert "Installing" in run(project).stdout
    (project / "faultlab" / "labextension" / "package.json").write_text("{ }")
    assert "Installing" in run(project).stdout
    assert "Installing" not in run(project).stdout


@POSIX
def test_install_that_was_cut_off_is_repaired(quick):
    (quick / "requirements.txt").write_text("# another set\n")
    process = begin(quick, SLOW_BUILD="1", **with_uv())
    wait_for(lambda: (quick / "building").exists())
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    repaired = run(quick, **with_uv())
    assert repaired.returncode == 0, repaired.stderr
    assert "building it again" in repaired.stdout
    assert "Installing" not in run(quick, **with_uv()).stdout


@pytest.mark.parametrize("damage", ["python", "package", "stamp"])
def test_damaged_environment_is_built_again(quick, damage):
    venv = quick / ".venv"
    if damage == "python":
        Path(start.python_in(venv)).unlink()
    elif damage == "package":
        next(venv.rglob("faultlab.pth")).unlink()
    else:
        (venv / start.STAMP).write_text('{"complete": tr')
    repaired = run(quick, **with_uv())
    assert repaired.returncode == 0, repaired.stderr
    assert "building it again" in repaired.stdout
    assert arguments_of(repaired)


def test_moved_project_gets_an_environment_that_stands_where_it_does(quick, tmp_path):
    moved = tmp_path / "elsewhere"
    shutil.copytree(quick, moved, symlinks=True)
    again = run(moved, **with_uv())
    assert "building it again" in again.stdout
    assert f"--ServerApp.root_dir={moved}" in arguments_of(again)


def test_environment_of_somebody_else_is_left_alone(tmp_path):
    make_project(tmp_path)
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "pyvenv.cfg").write_text("mine")
    assert_one_sentence(run(tmp_path), ".venv", "was not made by start.py")
    assert (tmp_path / ".venv" / "pyvenv.cfg").read_text() == "mine"


# Tests and benchmarks


def test_test_command_passes_arguments_and_the_status_on(quick):
    result = run(quick, "test", "-k", "some thing", "--maxfail=2", **with_uv())
    order = ["-n", start.WORKERS, "--dist", "loadscope", "--no-loadscope-reorder", "--timeout", start.LONGEST]
    passed = quick / "build" / "passed_by_learner.json"
    last = arguments_of(result, calls=2)
    assert last == [*order, f"--skip-passed={passed}", "-k", "some thing", "--maxfail=2"]
    first, second = (result.stdout.index(words) for words in ("as a learner has it", "every extra"))
    assert first < result.stdout.index(f"--write-passed={passed}") < second
    assert "Installing" in result.stdout
    assert "Installing" not in run(quick, "test", **with_uv()).stdout
    assert "Installing" not in run(quick, **with_uv()).stdout, (
        "the tests' environment holds all that a learner needs"
    )
    (quick / "pytest" / "__main__.py").write_text("import sys; sys.exit(5)")
    assert run(quick, "test", **with_uv()).returncode == 5
    either = "import sys; sys.exit(5 if '--skip' in ' '.join(sys.argv) else int(sys.argv[-1]))"
    (quick / "pytest" / "__main__.py").write_text(either)
    assert run(quick, "test", "0", **with_uv()).returncode == 0, "no test for one leg is no failure"
    assert run(quick, "test", "1", **with_uv()).returncode == 1


def test_bench_command_runs_all_or_those_named(project):
    everything = run(project, "bench", "--runs", "7")
    assert everything.returncode == 3
    assert "speed ['--runs', '7']" in everything.stdout
    assert "size ['--runs', '7']" in everything.stdout
    one = run(project, "bench", "size")
    assert one.returncode == 0
    assert "size []" in one.stdout
    assert "speed []" not in one.stdout
    assert_one_sentence(run(project, "bench", "weight"), "'weight'", "size, speed")


# What can go wrong


def test_busy_port_is_a_sentence_before_anything_is_installed(tmp_path):
    make_project(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert_one_sentence(run(tmp_path, "--port", str(port)), f"Port {port} is in use", "--port")
    assert not (tmp_path / ".venv").exists()


@pytest.mark.parametrize("port", ["0", "65536", "-1", "lab", "8888.5"])
def test_port_that_is_none_is_refused(project, port):
    result = run(project, f"--port={port}")
    assert result.returncode == 2
    assert "a port is a number from 1 to 65535" in result.stderr


def test_no_network_is_a_sentence_and_the_next_start_repairs(tmp_path):
    make_project(tmp_path)
    (tmp_path / "requirements.txt").write_text("newcomer\n")
    failed = run(tmp_path, **CLOSED)
    assert_one_sentence(failed, "can't be downloaded", "network")
    make_wheel(tmp_path, "newcomer")
    repaired = run(tmp_path, PIP_NO_INDEX="1", PIP_FIND_LINKS=".")
    assert repaired.returncode == 0, repaired.stderr
    assert imports(tmp_path, "newcomer")


def test_no_network_is_the_same_sentence_with_uv(tmp_path):
    if not with_uv():
        pytest.skip("needs uv: pip install uv")
    make_project(tmp_path)
    wheel = make_wheel(tmp_path, "newcomer")
    (tmp_path / "requirements.txt").write_text("newcomer\n")
    offline = {"UV_DEFAULT_INDEX": "http://127.0.0.1:9/simple", "UV_HTTP_RETRIES": "0"}
    offline |= {"UV_CACHE_DIR": str(tmp_path / "cache"), **with_uv()}
    assert_one_sentence(run(tmp_path, **offline), "can't be downloaded", "network")
    assert_one_sentence(run(tmp_path, UV_OFFLINE="1", **offline), "can't be downloaded")
    (tmp_path / "requirements.txt").write_text(f"./{wheel.name}\n")
    repaired = run(tmp_path, **offline)
    assert repaired.returncode == 0, repaired.stderr
    assert imports(tmp_path, "newcomer")


def test_disk_too_small_is_a_sentence_before_anything_is_written(tmp_path, monkeypatch, capsys):
    make_project(tmp_path)
    monkeypatch.setattr(start, "ROOT", tmp_path)
    usage = shutil.disk_usage(tmp_path)._replace(free=123_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    assert start.main([]) == 1
    assert capsys.readouterr().err.startswith("The disk is full: 600 MB are needed and 123 MB are free.")
    assert not (tmp_path / ".venv").exists()


def test_disk_that_fills_up_on_the_way_is_a_sentence(tmp_path):
    tiny = tmp_path / "tiny disk"
    tiny.mkdir()
    mounted = shutil.which("mount") and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", tiny], capture_output=True
    ).returncode == 0  # fmt: skip
    if not mounted:
        pytest.skip("needs the right to mount a small disk: run the tests as root on Linux")
    try:
        make_project(tiny)
        program = (tiny / "start.py").read_text().replace("SPACE_NEEDED = 600_000_000", "SPACE_NEEDED = 0")
        (tiny / "start.py").write_text(program)
        assert_one_sentence(run(tiny), "The disk is full", "make room")
        shutil.rmtree(tiny / ".venv")
        with contextlib.suppress(OSError):  # fill it to the last byte
            (tiny / "filler").write_bytes(bytes(3_200_000))
        assert_one_sentence(run(tiny), "The disk is full", "make room")
    finally:
        subprocess.run(["umount", tiny], check=True)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "full"),
        ("error: failed to copy: No space left on device (os error 28)", "full"),
        ("OSError: [WinError 112] There is not enough space on the disk", "full"),
        ("WARNING: Retrying after connection broken by 'NewConnectionError: Failed to establish a new "
         "connection: [Errno -3] Temporary failure in name resolution'", "network"),
        ("error: Failed to fetch: `https://example.org`\n  Caused by: dns error", "network"),
        ("ERROR: No matching distribution found for jupyterlab (from versions: none)", "network"),
        ("working\nERROR: the compiler is missing\nbye", "the compiler is missing"),
        ("", "it said nothing"),
    ],
)  # fmt: skip
def test_what_an_installer_says_becomes_a_sentence(said, sentence):
    assert sentence in start.sentence_for(said)
    assert "\n" not in start.sentence_for(said)


def test_python_without_venv_is_told_what_to_install(tmp_path, monkeypatch, capsys):
    make_project(tmp_path)
    monkeypatch.setattr(start, "ROOT", tmp_path)
    monkeypatch.setattr(start, "find_uv", lambda: None)
    debian = "The virtual environment was not created successfully because ensurepip is not available."
    monkeypatch.setattr(start, "watch", lambda command: (debian, 1))
    assert start.main([]) == 1
    assert "sudo apt install python3-venv" in capsys.readouterr().err


def test_older_python_can_read_the_file_and_gets_a_sentence(project):
    ast.parse((ROOT / "start.py").read_text(), feature_version=(3, 7))
    pretend = "import sys; sys.version_info = (3, 10, 4, 'final', 0); import start; sys.exit(start.main([]))"
    answer = subprocess.run([base_python(), "-c", pretend], cwd=ROOT, capture_output=True, text=True)
    assert answer.returncode == 1
    assert "needs Python 3.11 or later, and this is Python 3.10" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_every_older_python_at_hand_gets_a_sentence():
    asked = 0
    for version in ["3.6", "3.7", "3.8", "3.9", "3.10"]:
        old = shutil.which(f"python{version}")
        if old and subprocess.run([old, "-c", ""], capture_output=True).returncode == 0:
            answer = subprocess.run([old, ROOT / "start.py"], capture_output=True, text=True)
            assert answer.returncode == 1
            assert f"this is Python {version}" in answer.stderr
            assert "Traceback" not in answer.stderr
            asked += 1
    if not asked:
        pytest.skip("needs a Python older than 3.11 on PATH, such as python3.9")


@POSIX
@pytest.mark.parametrize("whom", ["terminal", "start.py alone", "polite stop"])
def test_ctrl_c_closes_jupyter_cleanly(project, whom):
    process = begin(project, STAY="1")
    for line in process.stdout:
        if line.startswith("called "):
            break
    if whom == "terminal":  # a terminal tells every program in the window
        os.killpg(process.pid, signal.SIGINT)
    else:
        process.send_signal(signal.SIGINT if whom == "start.py alone" else signal.SIGTERM)
    said, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "kernels closed" in said
    assert "Traceback" not in said


@POSIX
def test_ctrl_c_while_installing_leaves_nothing_running(project):
    (project / "building").unlink(missing_ok=True)
    (project / "requirements.txt").write_text("# yet another set\n")
    process = begin(project, SLOW_BUILD="1")
    wait_for(lambda: (project / "building").exists())
    os.killpg(process.pid, signal.SIGINT)
    said, _ = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Start again whenever you like" in said
    assert "Traceback" not in said
    wait_for(lambda: not group_lives(process.pid))
    assert "building it again" in run(project).stdout


def group_lives(group):
    """Whether a process of a group still runs; one that has ended and waits to be counted does not."""
    said = subprocess.run(
        ["ps", "-e", "-o", "pgid=,stat="], capture_output=True, text=True, check=True
    ).stdout
    states = [line.split() for line in said.splitlines()]
    return any(int(pgid) == group and not state.startswith("Z") for pgid, state in states)


def wait_for(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
