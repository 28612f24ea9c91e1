"""Say before a workshop what this machine or hub can do today, lesson by lesson, and what stands in.

It needs nothing but Python's standard library, so it runs before the set-up too. Nothing is asked of the
network, and nothing is left behind.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import webbrowser
from pathlib import Path
from typing import Any

from faultlab.classroom import progress_folder, root_folder
from faultlab.errors import BadInput

MEMORY_MB = 600
"""JupyterLab and one lesson; the heaviest kernel, that of lesson 03, took 251 MB."""
DISK_MB = {True: 50, False: 600}
"""What has to be free, when the packages are there and when they are not."""
MEMINFO = Path("/proc/meminfo")
GROUPS = (
    (Path("/sys/fs/cgroup"), "memory.max", "memory.current", "inactive_file"),
    (
        Path("/sys/fs/cgroup/memory"),
        "memory.limit_in_bytes",
        "memory.usage_in_bytes",
        "total_inactive_file",
    ),
)
"""Where Linux says what a container may take: control groups, of the second kind and of the first."""
PROCESSES = 8
"""Four workers, and what starts, balances, disturbs and loads them: lesson 02."""
SECONDS = 20
LIVE = {
    "02": "recorded runs stand in for the live ones",
    "03": "the live fleet says that it can't start; everything else works",
    "04": "the live containers say that they can't start; everything else works",
    "09": "the same packets go through the same arithmetic, without a server",
}
"""The lessons that start processes, and what happens where none can be started."""
WITH_PYTHON = {
    "03": "the game at its end",
    "10": "the form for a system of your own",
    "11": "the game: play one year as a room, on a machine that can",
}
"""What a page without a server has not got."""
ANSWER = """
import socket
with socket.create_server(("127.0.0.1", 0)) as server:
    server.settimeout(20)
    print(server.getsockname()[1], flush=True)
    server.accept()[0].sendall(b"here")
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """There is nothing to choose."""


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Try what a lesson needs; the JSON keys are `machine`, `lessons` and `pages`."""
    root = root_folder()
    if root is None:
        raise BadInput("The course is not here: go to the folder that holds `course`, and ask again.")
    ready = _installed()
    machine = {
        "Python": (sys.version_info >= (3, 11), f"{sys.version.split()[0]}; 3.11 or later is needed."),
        "Packages": (ready, _said_of_packages(ready)),
        "Memory": _memory(),
        "Disk": _disk(root, ready),
        "Progress": _progress(),
        "Processes": _processes(),
        "Port": (True, _said_of_port()),
        "Browser": _browser(),
    }
    pages = root / "build" / "pages" / "index.html"
    needed = [name for name in ("Python", "Packages", "Memory") if not machine[name][0]]
    return {
        "machine": [{"what": what, "good": good, "said": said} for what, (good, said) in machine.items()],
        "lessons": [
            {
                "lesson": number,
                "title": title,
                "said": _said_of_lesson(number, needed, machine["Processes"][0]),
            }
            for number, title in _lessons(root / "course")
        ],
        "pages": str(pages) if pages.is_file() else None,
    }


def _installed():
    """Whether this Python has what a lesson imports, and JupyterLab."""
    try:
        lines = importlib.metadata.requires("faultlab") or []
        names = [re.split(r"[^\w.-]", line)[0] for line in lines if "extra ==" not in line]
        return all(importlib.metadata.version(name) for name in (*names, "jupyterlab"))
    except importlib.metadata.PackageNotFoundError:
        return False


def _said_of_packages(ready):
    if ready:
        return "All here. No network is needed."
    return "Not all here. `python3 start.py` installs them, and needs the network this once."


def _memory():
    """Whether the memory will do."""
    free = memory_left()
    takes = f"JupyterLab and one lesson take up to {MEMORY_MB} MB."
    if free is None:
        return True, f"What is free can't be read here. {takes}"
    if free >= MEMORY_MB * 1e6:
        return True, f"{free / 1e6:,.0f} MB are free. {takes}"
    return False, f"{free / 1e6:,.0f} MB are free. {takes} Close programs and other lessons' kernels."


def memory_left() -> int | None:
    """Bytes that may still be taken: what is free, or what a container's or a hub's limit leaves of it.

    None where the system doesn't say. A page asks its kernel for it, and lets other lessons rest where
    little is left (`resting.js`).

    Example
    -------
    >>> memory_left() is None or memory_left() > 0
    True
    """
    free = [_number(MEMINFO, r"^MemAvailable: *(\d+)", 1024), _left_of_hub()]
    for folder, limit, used, cache in GROUPS:
        most, taken = _number(folder / limit), _number(folder / used)
        if most is not None and taken is not None:
            kept = _number(
                folder / "memory.stat", rf"^{cache} (\d+)$"
            )  # for files; given back when asked for
            free.append(most - taken + (kept or 0))
    return min((one for one in free if one is not None), default=None)


def _left_of_hub():
    """What JupyterHub's own limit leaves: it tells it to each server, also where nothing enforces it."""
    limit = os.environ.get("MEM_LIMIT", "")
    if not limit.isdecimal():
        return None
    mine = {f"{name}={os.environ[name]}" for name in ("MEM_LIMIT", "JUPYTERHUB_USER") if name in os.environ}
    taken = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            environment = (process / "environ").read_bytes().decode(errors="replace").split("\0")
        except OSError:  # somebody else's, or ended meanwhile
            continue
        if mine <= set(environment):  # what several share is counted in part
            taken.append(_number(process / "smaps_rollup", r"^Pss: *(\d+)", 1024) or 0)
    return int(limit) - sum(taken) if taken else None


def _number(path, pattern=r"^(\d+)$", unit=1):
    """The first number of that form in one of the system's files, or None."""
    try:
        found = re.search(pattern, path.read_text(encoding="utf-8"), re.M)
    except OSError:
        return None
    return int(found[1]) * unit if found else None


def _disk(root, ready):
    free = shutil.disk_usage(root).free
    needed = DISK_MB[ready]
    remedy = "" if free >= needed * 1e6 else " Make room."
    return not remedy, f"{free / 1e6:,.0f} MB are free, {needed} MB are needed.{remedy}"


def _progress():
    folder = progress_folder()
    there = next(place for place in (folder, *folder.parents) if place.exists())
    if os.access(there, os.W_OK):
        return True, f"It is kept in {folder}."
    return (
        False,
        f"{folder} can't be written to. Name another folder in FAULTLAB_PROGRESS, or keep resume codes.",
    )


def _processes():
    """Whether small programs can be started, can listen and are heard."""
    started = []
    try:
        for _ in range(PROCESSES):
            program = [sys.executable, "-I", "-S", "-c", ANSWER]
            started.append(
                subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
            )
        for one in started:
            port = int(next(iter(one.stdout or ()), ""))
            with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as line:
                line.settimeout(SECONDS)
                if line.recv(4) != b"here":
                    raise OSError
    except (OSError, ValueError):
        return False, "Programs can't be started, or can't be reached over 127.0.0.1; see the lessons below."
    finally:
        for one in started:
            one.kill()
            one.communicate()
    return True, f"{PROCESSES} small programs started at once and answered over 127.0.0.1."


def _said_of_port():
    with socket.socket() as probe:
        if os.name != "nt":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", 8888))
        except OSError:
            return "8888 is in use; Jupyter takes the next free one."
    return "8888 is free."


def _browser():
    if os.environ.get("JUPYTERHUB_SERVICE_PREFIX"):
        return True, "The learners' own; a hub needs none."
    try:
        return True, f"{webbrowser.get().name or 'one'} opens by itself."
    except webbrowser.Error:
        return False, "None opens by itself: `python3 start.py --no-browser` prints the address."


def _lessons(course):
    """Each lesson's number and title, from its first cell."""
    for path in sorted(course.glob("[0-9][0-9]_*.ipynb")):
        head = "".join(json.loads(path.read_text(encoding="utf-8"))["cells"][0]["source"])
        yield path.name[:2], head.partition("\n")[0].lstrip("# ")


def _said_of_lesson(number, lacking, processes):
    if lacking:
        without = f"; and without {WITH_PYTHON[number]}" if number in WITH_PYTHON else ""
        return f"only as a page without a server, until this is mended: {', '.join(lacking)}{without}"
    if number in LIVE and not processes:
        return LIVE[number]
    return "opens whole"


def describe(result: dict[str, Any]) -> str:
    """Say the machine's part, each lesson's, and what stands in."""
    lines = ["This machine"]
    lines += [
        f"  {'good' if one['good'] else 'LESS'}  {one['what'] + ':':11} {one['said']}"
        for one in result["machine"]
    ]
    lines.append("Lesson by lesson")
    lines += [f"  {one['lesson']}  {one['said']}  ({one['title']})" for one in result["lessons"]]
    lines.append("If all else fails")
    if result["pages"]:
        lines.append(f"  Open {result['pages']} in any browser: every lesson but the game, without a server.")
    else:
        lines.append("  Make the pages today, and put the zip on a stick: `python3 start.py pages`.")
    return "\n".join(lines)
