"""Every lesson opened, one after the other, in one JupyterLab with 1 GB for the server and all its kernels.

The server is told its limit as a hub tells it (MEM_LIMIT). Where the machine grants a control group, the
kernel enforces it, too: whoever takes more is killed. No lesson is closed; those out of sight rest where
memory is short. At the end the reader goes back to some, which run again. In a learner's environment where
the tests have made one.
"""

import argparse
import contextlib
import json
import os
import shutil
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import psutil
from jupyter_browser import CHROMIUM, MISSING, TOKEN, chromium, lab_server, new_page

from faultlab.live.containers.control_groups import ControlGroup

ROOT = Path(__file__).parents[1]
LEARNER = ROOT / ".venv-learner" / "bin" / "python"
OPEN = "path => jupyterapp.commands.execute('docmanager:open', {path})"
AGAIN = ("00", "02", "03", "09")
LONGEST = 300_000  # milliseconds


def main(argv=()):
    """Print after each lesson what server and kernels take, how many rest, and whether one was killed."""
    parser = argparse.ArgumentParser(prog="start.py bench memory", description=__doc__.splitlines()[0])
    parser.add_argument("--megabytes", type=int, default=1000, help="the limit (default: 1000)")
    options = parser.parse_args(argv)
    if not CHROMIUM:
        print(f"Skipped: {MISSING}")
        return 0
    limit = options.megabytes * 10**6
    lessons = sorted(path.name for path in (ROOT / "course").glob("[0-9]*.ipynb"))
    known = {"MEM_LIMIT": str(limit), "MALLOC_ARENA_MAX": "2", "PYTHONPATH": str(ROOT)}
    with tempfile.TemporaryDirectory() as folder, _group(limit) as group, chromium() as browser:
        shutil.copytree(ROOT / "course", Path(folder) / "course")
        python = str(LEARNER) if LEARNER.exists() else sys.executable
        shown = ["--LabApp.expose_app_in_browser=True"]
        with lab_server(folder, f"{folder}/progress", python, shown, known) as address:
            server = _server()
            if group:
                group.join(server.pid)
            page = new_page(browser)
            page.set_default_timeout(LONGEST)
            page.goto(f"{address}/lab/tree/course/{lessons[0]}?token={TOKEN}&reset")
            most = 0
            for name in [*lessons, *(one for one in lessons if one[:2] in AGAIN)]:
                started = time.perf_counter()
                page.wait_for_function("() => window.jupyterapp?.commands.hasCommand('docmanager:open')")
                page.evaluate(OPEN, f"course/{name}")
                wanted = f"Lesson {int(name[:2])}"
                page.wait_for_selector(f"[data-faultlab=open]:visible .bar-home:has-text('{wanted}')")
                opened = time.perf_counter() - started
                page.wait_for_timeout(3000)
                takes = _megabytes(server)
                most = max(most, takes)
                killed = group.killed if group else "?"
                rest = page.locator("[data-faultlab=resting]").count()
                said = (
                    f"lesson {name[:2]} open after {opened:5.1f} s: {_kernels(address)} kernels, {rest} rest"
                )
                print(f"{said}, {takes:4.0f} MB, killed: {killed}", flush=True)
    enforced = "" if group else "; no control group was granted, so nothing would have been killed"
    print(f"Most after a lesson was open: {most:.0f} of {options.megabytes} MB{enforced}.")
    return 1 if group and killed else 0


@contextlib.contextmanager
def _group(limit):
    """A control group with the limit; None where the machine grants none."""
    try:
        group = ControlGroup("bench-memory", limit)
    except OSError:
        yield None
        return
    try:
        yield group
    finally:
        group.remove()


def _server():
    """The JupyterLab that this process has started."""
    children = psutil.Process(os.getpid()).children()
    return next(one for one in children if "jupyterlab" in one.cmdline())


def _megabytes(server):
    """What the server and all below it take: what several share is counted in part."""
    total = 0
    for one in (server, *server.children(recursive=True)):
        with contextlib.suppress(psutil.Error):
            total += one.memory_full_info().pss / 1e6
    return total


def _kernels(address):
    with urllib.request.urlopen(f"{address}/api/kernels?token={TOKEN}", timeout=60) as reply:
        return len(json.load(reply))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
