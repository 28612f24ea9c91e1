"""What every test needs, wherever it stands: in tests/, in a docstring, or in a notebook's cell."""

import json
import os
import sys
import tempfile
from collections import Counter
from hashlib import sha256
from pathlib import Path

import pytest
from legs import asked_so_far, file_of, said_of, settled, write_down_in_kernels

SLOWEST = 8  # notebooks listed at the end
# The longest files, one that mostly waits (for a browser, for processes) beside one that works.
FIRST = (
    *("test_browser_every_lesson", "test_classroom_tasks", "test_pages_everybody", "02_netflix"),
    *("test_classroom_grading",),
    *("test_browser_lesson", "test_setup_start", "test_browser_answer_box", "test_setup_binder"),
    *("test_browser_opening", "test_analysis_fault_trees", "test_live", "test_classroom_progress"),
    *("test_cases_netflix_live", "test_classroom_sweeping", "test_views_fleet", "03_amazon"),
)
# What an extra makes faster is tried with it as well, although it passed without.
FASTER = ("test_analysis_diagram", "test_analysis_fault", "test_design_store")

# With --doctest-modules they would be imported as tests.
# A submission's stand-in answers for every name, also for those that pytest asks a module for.
collect_ignore_glob = ["tests/bench_*.py", "solutions/*.py", "faultlab/classroom/submission/stand_in.py"]

_folder = tempfile.TemporaryDirectory(prefix="faultlab-tests-")


def pytest_addoption(parser):
    """How often a writer of progress is killed (1,000 is the long run), and how many files are broken."""
    parser.addoption("--kills", type=int, default=30, help="kills in the test of progress (default: 30)")
    parser.addoption("--fuzz", type=int, default=400, help="broken input files (default: 400; long: 10000)")

    parser.addoption("--write-passed", help="a file for what the second leg has to know")
    parser.addoption("--skip-passed", help="such a file: what it settles is left out")


def pytest_configure(config):
    """Keep the tests away from the learner's own progress and from their settings of IPython."""
    os.environ["FAULTLAB_PROGRESS"] = _folder.name
    os.environ["IPYTHONDIR"] = os.path.join(_folder.name, "ipython")
    os.environ["PATH"] = _with_tools_of_this_python(os.environ.get("PATH", ""))
    if config.getoption("--write-passed"):
        write_down_in_kernels()


def pytest_collection_modifyitems(config, items):
    """Leave out what has passed already, and begin with the files that take longest.

    So both processes end at about the same time.
    """
    passed = config.getoption("--skip-passed")
    if passed and Path(passed).exists():
        known = settled(json.loads(Path(passed).read_text(encoding="utf-8")), items)
        again = [item for item in known if not item.path.name.startswith(FASTER)]
        config.hook.pytest_deselected(items=again)
        items[:] = [item for item in items if item not in set(again)]

    for item in items:
        mark = item.get_closest_marker("xdist_group")
        if mark and mark.args == ("browser",):  # a browser is late at times; two failures are one too many
            item.add_marker(pytest.mark.flaky(reruns=1))

    def place(item):
        return next((i for i, name in enumerate(FIRST) if item.path.name.startswith(name)), len(FIRST))

    items.sort(key=place)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """Start every file, and so every notebook's kernel, without progress."""
    name = sha256(str(item.path).encode()).hexdigest()[:16]
    os.environ["FAULTLAB_PROGRESS"] = os.path.join(_folder.name, name)


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item):
    """Let a report of a notebook's cell say what the notebook has asked for so far."""
    asked = asked_so_far()
    if asked is not None:
        item.user_properties.append(("asked", asked))


def pytest_unconfigure():
    """Leave no folder behind."""
    _folder.cleanup()


def pytest_terminal_summary(terminalreporter):
    """Say which notebooks took longest, and what was skipped and how to enable it."""
    into = terminalreporter.config.getoption("--write-passed")
    if into:  # for the second leg of `start.py test`
        Path(into).write_text(json.dumps(said_of(terminalreporter.stats), indent=1), encoding="utf-8")
    notebooks = Counter()
    for outcome in ("", "passed", "failed", "error"):  # "": setting up, where the kernel starts
        for report in terminalreporter.stats.get(outcome, []):
            file = file_of(report.nodeid)
            if file.endswith(".ipynb"):
                notebooks[file] += report.duration
    if notebooks:
        terminalreporter.section("slowest notebooks")
        for file, seconds in notebooks.most_common(SLOWEST):
            terminalreporter.write_line(f"{seconds:6.1f} s  {file}")

    again = terminalreporter.stats.get("rerun", [])
    if again:
        terminalreporter.section("failed in the browser and was tried once more")
        for report in again:
            said = report.longrepr.reprcrash.message.splitlines()[0]
            terminalreporter.write_line(f"{report.nodeid}: {said}")

    reasons = Counter(_reason(report) for report in terminalreporter.stats.get("skipped", []))
    if reasons:
        terminalreporter.section("skipped, and how to enable it")
        for reason, count in sorted(reasons.items()):
            terminalreporter.write_line(f"{count:4d} × {reason}")


def _reason(report):
    if isinstance(report.longrepr, tuple):
        return report.longrepr[2].removeprefix("Skipped: ")
    return str(report.longrepr)


def _with_tools_of_this_python(path):
    # nbgrader calls its tools by name, and so do the tests of ruff and import-linter.
    tools = str(Path(sys.executable).parent)
    return path if tools in path.split(os.pathsep) else os.pathsep.join([tools, path])
