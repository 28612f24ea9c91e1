"""Set up the course and open it in the browser: `python3 start.py`.

    python3 start.py [--no-browser] [--port N]       set up once, then open the first lesson
    python3 start.py test [--locked] [ARGUMENTS]     run every test; the arguments go to pytest
    python3 start.py test --changed [ARGUMENTS]      run the tests of what was changed since the last commit
    python3 start.py bench [NAME ...] [ARGUMENTS]    run the benchmarks, or those named
    python3 start.py build [NAME ...]                execute the lessons, make the labs from solutions/
    python3 start.py pages [--teams FILE] [NN ...]   make pages of lessons and labs that need no server
    python3 start.py slides [NN ...]                 make slides of lessons, with notes, that need no network
    python3 start.py preflight                       say what this machine can do, lesson by lesson
    python3 start.py lock                            renew the exact versions in binder/
    python3 start.py api                             write pages about every function to build/api/

Python 3.11 or later and a network connection for the first start: nothing else is needed.
"""

# An older Python must still be able to read this file, or it could not say that it is too old:
# no syntax newer than Python 3.6, and only the standard library.
import argparse
import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

OLDEST_PYTHON = (3, 11)
ROOT = Path(__file__).resolve().parent
FIRST_LESSON = "course/00_start_here.ipynb"
SPACE_NEEDED = 600_000_000  # bytes; the packages take 440 MB, pip's unpacking some more
SPACE_LEFT = 5_000_000  # bytes; with less, whatever failed did so for want of room
NO_TESTS = 5  # pytest's status where nothing was selected
# What the tests need besides pytest, which nbval brings: lent to a learner's environment from another folder.
LENT = ("execnet", "hypothesis", "pytest-timeout", "pytest-xdist", "sortedcontainers")
WORKERS = "2"  # a third makes browsers and clocks wait for each other on two cores
LONGEST = "600"  # seconds a test may take: one that hangs is named, and the others go on
STAMP = "start.json"  # inside the environment: what was installed, and whether to the end


class Trouble(Exception):
    """Something that only the person at the keyboard can mend: one sentence that says how."""


def main(argv=None):
    """Do what the command line asks; return the exit status."""
    argv = sys.argv[1:] if argv is None else list(argv)
    if sys.version_info < OLDEST_PYTHON:
        has = ".".join(str(number) for number in sys.version_info[:2])
        print(f"This course needs Python 3.11 or later, and this is Python {has}.", file=sys.stderr)
        print("Install a newer one from https://www.python.org/downloads/ and start again.", file=sys.stderr)
        return 1

    commands = {
        "api": write_api_pages,
        "bench": run_benchmarks,
        "build": build_notebooks,
        "lock": renew_lock,
        "pages": build_pages,
        "preflight": check_machine,
        "slides": build_slides,
        "test": run_tests,
    }
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a polite stop is the same as Ctrl-C
    try:
        if argv and argv[0] in commands:
            return commands[argv[0]](argv[1:])
        return open_course(argv)
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    except OSError as error:
        print(sentence_for(f"{error.filename or 'A file'}: {error}"), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. Start again whenever you like: what is half done is repaired.", file=sys.stderr)
        return 130


# The commands


def open_course(argv):
    """Open JupyterLab on the first lesson, on this machine only, behind its token."""
    parser = argparse.ArgumentParser(
        prog="start.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--no-browser", action="store_true", help="print the address, open nothing")
    parser.add_argument("--port", type=port_number, help="the port to use (default: 8888, or a free one)")
    options = parser.parse_args(argv)
    if options.port is not None and is_busy(options.port):
        raise Trouble(
            f"Port {options.port} is in use by another program: choose another, "
            "for example --port 8899, or leave --port out."
        )

    python = ready_environment()
    list_fonts(python)
    command = [python, "-m", "jupyterlab", "--log-level=WARN", "--LabApp.log_level=WARN"]
    command += [f"--ServerApp.root_dir={ROOT}", "--ServerApp.ip=127.0.0.1"]
    command.append(f"--LabApp.default_url=/lab/tree/{FIRST_LESSON}")
    if options.port is not None:
        command += [f"--ServerApp.port={options.port}", "--ServerApp.port_retries=0"]
    if options.no_browser:
        command.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")  # containers often have no other user, and Jupyter would refuse
    print("Opening the course. Press Ctrl-C here to close it.", flush=True)
    return run_until_stopped(command)


def run_tests(argv):
    """Run every test as a learner has it, without any extra; then what needs one or could be changed by one.

    `--locked` uses the exact versions in binder/, in environments of their own.
    """
    locked = "--locked" in argv
    arguments = [argument for argument in argv if argument not in ("--locked", "--changed")]
    python = ready_environment("tests", locked)
    if "--changed" in argv:
        return run_changed(python, arguments)
    learner, tools = ready_learner(python, locked)
    list_fonts(learner).wait()
    passed = ROOT / "build" / "passed_by_learner.json"
    passed.parent.mkdir(exist_ok=True)
    side_by_side = ["-m", "pytest", "-n", WORKERS, "--dist", "loadscope", "--no-loadscope-reorder"]
    side_by_side += ["--timeout", LONGEST]
    legs = (
        ("as a learner has it", learner, {"PYTHONPATH": str(tools)}, "--write-passed"),
        ("with every extra: what needs one, and what one could change", python, {}, "--skip-passed"),
    )
    found = []
    for said, its_python, variables, option in legs:
        print(f"\n== {said} ==", flush=True)
        command = [its_python, *side_by_side, f"{option}={passed}", *arguments]
        found.append(run_until_stopped(command, variables))
    return max(status for status in found if status != NO_TESTS or set(found) == {NO_TESTS})


def run_changed(python, arguments):
    """Run the quick tests of the rooms in which something was changed since the last commit."""
    listed = ["git", "status", "--porcelain", "--untracked-files=all", "--no-renames"]
    said = subprocess.run(listed, cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True).stdout
    changed = [ROOT / line[3:] for line in said.splitlines() if (ROOT / line[3:]).is_file()]
    wanted, rooms = set(), set()
    for path in changed:
        place = path.relative_to(ROOT).parts
        if path.suffix == ".ipynb" or path.name.startswith("test_"):
            wanted.add(path)
        elif path.suffix == ".py" and place[0] == "faultlab":
            wanted.add(path)
            rooms.add(".".join(place[:-1]))
        elif path.suffix == ".js":
            wanted.update((ROOT / "tests" / "javascript").glob("test_*.py"))
        elif place[0] == "course" and path.with_suffix(".ipynb").is_file():
            wanted.add(path.with_suffix(".ipynb"))
    for path in (ROOT / "tests").rglob("test_*.py"):
        if any(room in path.read_text(encoding="utf-8") for room in rooms):
            wanted.add(path)
    if not wanted:
        print("Nothing was changed that has tests.")
        return 0
    names = sorted(path.relative_to(ROOT).as_posix() for path in wanted)
    print("Trying:", *names, flush=True)
    return run_in(python, "-m", "pytest", "-n", WORKERS, "-m", "not slow", *names, *arguments)


def run_benchmarks(argv):
    """Run the benchmarks named first on the command line, or all; the other arguments go to each."""
    known = {path.stem[len("bench_") :]: path for path in sorted((ROOT / "tests").glob("bench_*.py"))}
    names = []
    while argv and not argv[0].startswith("-"):
        names.append(argv[0])
        argv = argv[1:]
    for name in names:
        if name not in known:
            raise Trouble(f"There is no benchmark called {name!r}: choose from {', '.join(known) or 'none'}.")
    python = ready_environment("tests")
    worst = 0
    for name in names or known:
        print(f"\n== {name} ==", flush=True)
        call = f"import sys, bench_{name}; sys.exit(bench_{name}.main(sys.argv[1:]))"
        worst = max(worst, run_in(python, "-c", f"import sys; sys.path.insert(0, 'tests'); {call}", *argv))
    return worst


def build_notebooks(argv):
    """Execute the lessons and make labs/ from solutions/."""
    return run_in(ready_environment("tests"), "-m", "faultlab.classroom.build", *argv)


def build_pages(argv):
    """Make pages of the lessons that need no server, into build/pages/."""
    # To check them takes a browser's driver; what goes to a web host is made as small as it gets.
    purpose = "tests" if {"--check", "--repository"} & set(argv) else "course"
    return run_in(ready_environment(purpose), "-m", "faultlab.pages.build", *argv)


def build_slides(argv):
    """Make slides of the lessons, into build/slides/."""
    return run_in(ready_environment(), "-m", "faultlab.pages.slides", *argv)


def check_machine(argv):
    """Say what this machine can do today; nothing has to be set up for it."""
    python = python_in(ROOT / ".venv")
    return run_in(python if Path(python).exists() else sys.executable, "-m", "faultlab", "preflight", *argv)


def write_api_pages(argv):
    """Write a page for every room of the package, from its docstrings, with pdoc."""
    pages = ROOT / "build" / "api"
    status = run_in(
        ready_environment("tests"), "-m", "pdoc", "-d", "numpy", "-o", str(pages), "faultlab", *argv
    )
    if status == 0:
        print(f"Open {pages / 'index.html'} in a browser.")
    return status


def renew_lock(argv):
    """Write into binder/ the newest versions that go together on the oldest Python promised."""
    if argv:
        raise Trouble("`start.py lock` takes no arguments.")
    uv = find_uv() or str(Path(ready_environment("tests")).parent / "uv")
    oldest = "{}.{}.0".format(*OLDEST_PYTHON)
    compiled = [uv, "pip", "compile", "--quiet", "--no-header", "--no-annotate", "--python-version", oldest]

    def resolved(*names, constraint=""):
        run = {"cwd": ROOT, "input": constraint, "stdout": subprocess.PIPE, "text": True, "check": True}
        listed = subprocess.run([*compiled, "--constraint", "-", *names], **run)
        return [
            line for line in listed.stdout.splitlines() if "==" in line and not line.startswith("faultlab")
        ]

    learner = resolved("requirements.txt")
    both = resolved("requirements.txt", "--extra", "dev", "pyproject.toml", constraint="\n".join(learner))
    tests = [line for line in both if line not in learner]
    made = "# Exact versions, tested together on Linux. Made by `python3 start.py lock`: don't edit by hand."
    write_lines("binder/requirements.txt", [made, *learner])
    write_lines("binder/requirements-dev.txt", [made, "-r requirements.txt", *tests])
    print(f"Locked {len(learner)} packages for learners, {len(tests)} more for the tests.")
    return 0


# The environment


def ready_environment(purpose="course", locked=False, base=sys.executable):
    """The path of an environment's Python with everything installed: at once, if it already is.

    The purpose is "course", "tests" (every extra as well), or "learner": what the course has, in a folder of
    its own, in which nothing else is ever installed.
    """
    for_tests = purpose == "tests"
    name = ".venv" + ("-learner" if purpose == "learner" else "") + ("-locked" if locked else "")
    folder = ROOT / name
    wanted = {"fingerprint": fingerprint(locked), "for_tests": for_tests}
    stamp = read_stamp(folder)
    if stamp is None and folder.exists() and {path.name for path in folder.iterdir()} - {STAMP + ".new"}:
        raise Trouble(f"{folder} was not made by start.py: move it away or delete it, then start again.")
    sound = bool(stamp) and stamp.get("complete") and stamp.get("place") == place() and is_sound(folder)
    enough = sound and (stamp.get("for_tests") or not for_tests)
    if enough and stamp.get("fingerprint") == wanted["fingerprint"]:
        return python_in(folder)

    refuse_small_disk()
    started = time.monotonic()
    if stamp is None:
        print("First start: this takes about a minute and 450 MB, once.", flush=True)
    elif not sound:
        # Half an installation can look whole, so it is never built upon.
        print("The environment is damaged, moved or not finished: building it again.", flush=True)
    else:
        print("More is needed than is installed: bringing the environment up to date.", flush=True)
    if not sound:
        remove(folder)
        make_environment(folder, base)
    write_stamp(folder, {**wanted, "complete": False})
    if locked:
        names = ["-r", "binder/requirements-dev.txt" if for_tests else "binder/requirements.txt"]
    else:
        names = ["-r", "requirements.txt"]
    install(python_in(folder), [*names, "-e", ".[dev]" if for_tests else "."])
    write_stamp(folder, {**wanted, "complete": True})
    print(f"Ready after {time.monotonic() - started:.0f} seconds.", flush=True)
    return python_in(folder)


def ready_learner(python, locked):
    """The learner's Python, on the oldest Python here, and a folder that lends it the tests' own tools."""
    learner = ready_environment("learner", locked, oldest_python())
    tools = Path(learner).parent.parent / "lent"
    lent = [line for line in frozen(python) if line.partition("==")[0] in LENT]
    stamp = tools / "lent.txt"
    if lent and (not stamp.exists() or stamp.read_text(encoding="utf-8").split() != lent):
        install(learner, ["--target", str(tools), "--upgrade", "--no-deps", *lent])
        stamp.write_text("\n".join(lent), encoding="utf-8")
    return learner, tools


def oldest_python():
    """The oldest Python on PATH that the course promises to run on; this one, where there is no older."""
    name = "python{}.{}".format(*OLDEST_PYTHON)
    asked = "import sys, ensurepip, venv; print(*sys.version_info[:3])"
    found = [(sys.version_info[:3], sys.executable)]
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        program = shutil.which(name, path=folder) if folder else None
        if program:
            answer = subprocess.run([program, "-c", asked], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            if answer.returncode == 0:
                found.append((tuple(int(part) for part in answer.stdout.split()), program))
    return min(found)[1]


def fingerprint(locked=False):
    """A hash of every file that decides what gets installed."""
    files = ["requirements.txt", "pyproject.toml"]
    if locked:
        files += ["binder/requirements.txt", "binder/requirements-dev.txt"]
    # JupyterLab's extension is copied into the environment, unlike the package, which is linked.
    extension = sorted((ROOT / "faultlab" / "labextension").rglob("*"))
    files += [path.relative_to(ROOT).as_posix() for path in extension if path.is_file()]
    digest = hashlib.sha256()
    for name in files:
        content = (ROOT / name).read_bytes()
        digest.update(f"{name} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def place():
    """What an environment can't survive a change of: where it stands and its Python's version."""
    return [str(ROOT), "{}.{}".format(*sys.version_info[:2])]


def read_stamp(folder):
    """What start.py wrote about this environment; None where there is no environment of its own."""
    try:
        stamp = json.loads((folder / STAMP).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except ValueError:
        return {}
    return stamp if isinstance(stamp, dict) else {}


def write_stamp(folder, stamp):
    """Replace the stamp in one step, so that a stop in between leaves the old one."""
    new = folder / (STAMP + ".new")
    new.write_text(json.dumps({"place": place(), **stamp}), encoding="utf-8")
    os.replace(new, folder / STAMP)


def is_sound(folder):
    """Whether the environment's Python runs and finds what it needs."""
    needs = ["jupyterlab", "faultlab"] + ([] if find_uv() else ["pip"])
    test = f"import sys, importlib.util as u; sys.exit(not all(u.find_spec(n) for n in {needs}))"
    try:
        # -P: what lies in the current folder is not what is installed
        command = [python_in(folder), "-P", "-c", test]
        return subprocess.run(command, stderr=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False


def make_environment(folder, base=sys.executable):
    """Make an empty virtual environment and return the path of its Python."""
    folder.mkdir(parents=True)
    write_stamp(folder, {"complete": False})  # first of all: a cut-off start finds its own traces
    print("Making the environment", flush=True)
    uv = find_uv()
    if uv:
        said, status = watch([uv, "venv", "--allow-existing", "--python", base, str(folder)])
    else:
        said, status = watch([base, "-m", "venv", str(folder)])
    if status != 0:
        if "ensurepip is not available" in said:
            raise Trouble(
                "This Python can't make virtual environments: on Debian and Ubuntu, "
                "type `sudo apt install python3-venv`, then start again."
            )
        raise Trouble(sentence_for(said))
    return python_in(folder)


def install(python, requirements):
    """Install with uv where it is on PATH, with pip otherwise."""
    print("Installing the packages", flush=True)
    uv = find_uv()
    tool = [uv, "pip", "install", "--python", python] if uv else [python, "-m", "pip", "install"]
    said, status = watch([*tool, *requirements])
    if status != 0:
        raise Trouble(sentence_for(said))


def list_fonts(python):
    """Let matplotlib list the fonts while Jupyter starts: it would warn in the middle of a lesson."""
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen([python, "-c", "import matplotlib.font_manager"], **quiet)


def frozen(python):
    """The exact version of every package in an environment, the course's own left out."""
    uv = find_uv()
    tool = [uv, "pip", "freeze", "--python", python] if uv else [python, "-m", "pip", "freeze"]
    listed = subprocess.run([*tool, "--exclude-editable"], stdout=subprocess.PIPE, check=True, text=True)
    lines = [line.strip() for line in listed.stdout.splitlines()]
    return sorted((line for line in lines if "==" in line), key=str.lower)


def remove(folder):
    """Delete an environment that start.py made."""
    if Path(sys.prefix).resolve() == folder.resolve():
        raise Trouble("This Python is in the environment to be rebuilt: type `deactivate`, then start again.")
    if folder.exists():
        shutil.rmtree(folder)


def find_uv():
    """The path of uv, or None."""
    return shutil.which("uv")


def python_in(folder):
    """The path of an environment's Python."""
    return str(folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))


def write_lines(name, lines):
    """Write a text file of the project."""
    (ROOT / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


# What can go wrong


def port_number(text):
    """A TCP port from the command line."""
    if text.isdecimal() and 0 < int(text) < 65_536:
        return int(text)
    raise argparse.ArgumentTypeError(f"a port is a number from 1 to 65535, not {text!r}")


def is_busy(port):
    """Whether some program holds the port on this machine."""
    with socket.socket() as probe:
        if os.name != "nt":  # as a server asks for it: a port that was closed a moment ago is free
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise Trouble(f"Port {port} needs an administrator's rights: choose one above 1023.") from None
        except OSError:
            return True
    return False


def refuse_small_disk():
    """Say so before the disk is full."""
    free = shutil.disk_usage(ROOT).free
    if free < SPACE_NEEDED:
        raise Trouble(
            f"The disk is full: {SPACE_NEEDED / 1e6:.0f} MB are needed and {free / 1e6:.0f} MB are free. "
            "Make room, then start again."
        )


def sentence_for(said):
    """One sentence about a failure, from what the failing program said."""
    full = ["No space left on device", "os error 28", "not enough space on the disk", "Disk quota exceeded"]
    unreachable = ["connection error", "Failed to establish a new connection", "name resolution"]
    unreachable += ["error sending request", "Could not connect", "Network is unreachable", "ConnectTimeout"]
    unreachable += ["Connection refused", "(from versions: none)", "Read timed out", "dns error", "no index"]
    unreachable += ["network was disabled", "CERTIFICATE_VERIFY_FAILED", "ProxyError"]
    # Python's own venv doesn't say why it failed, so the disk is asked, too.
    if shutil.disk_usage(ROOT).free < SPACE_LEFT or any(sign.lower() in said.lower() for sign in full):
        return "The disk is full: make room (about 600 MB), then start again."
    if any(sign.lower() in said.lower() for sign in unreachable):
        return "The packages can't be downloaded: check the network or the proxy, then start again."
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    errors = [line for line in lines if "error" in line.lower()] or lines
    return f"This step failed: {errors[-1] if errors else 'it said nothing'}"


# Running programs


def watch(command):
    """Run a program, show the seconds and its latest line; return all that it said, and its status."""
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment(command[0]), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, encoding="utf-8", errors="replace",
    )  # fmt: skip
    said = []
    reader = threading.Thread(target=lambda: said.extend(process.stdout), daemon=True)
    reader.start()
    started = time.monotonic()
    try:
        while reader.is_alive():
            reader.join(0.2)
            if sys.stdout.isatty():
                latest = said[-1].strip() if said else ""
                print(f"\r  {time.monotonic() - started:3.0f} s  {latest[:60]:60}", end="", flush=True)
    finally:
        stop(process)
        if sys.stdout.isatty():
            print()
    return "".join(said), process.returncode


def run_in(python, *arguments):
    """Run the environment's Python in the project's folder; return the exit status."""
    return run_until_stopped([python, *arguments])


def run_until_stopped(command, variables=None):
    """Run a program to its end or to Ctrl-C, which lets it close its kernels and files first."""
    surroundings = {**environment(command[0]), **(variables or {})}
    # Without a keyboard of its own Jupyter closes at once, and doesn't ask whether it should.
    process = subprocess.Popen(command, cwd=ROOT, env=surroundings, stdin=subprocess.DEVNULL)
    try:
        return process.wait()
    except KeyboardInterrupt:
        stop(process)
        print("\nClosed.", flush=True)
        return 0 if "jupyterlab" in command else 130


def stop(process):
    """Ask a program to end, wait for it, and insist where it doesn't."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
    process.wait()


def environment(program):
    """The environment variables for a program: the environment's own tools come first on PATH."""
    path = os.pathsep.join([str(Path(program).parent), os.environ.get("PATH", "")])
    return {**os.environ, "PATH": path, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}


if __name__ == "__main__":
    sys.exit(main())
