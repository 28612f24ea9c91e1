"""What runs in a lesson, as a recording: frames with their times, the date and the machine.

A page has no kernel, and a build has to give the same page twice, so what takes its time was run once:
`python3 start.py pages --record NN` does that for those without a file in `recorded/`. A fleet is told from
the runs that come with the package.
"""

from __future__ import annotations

import datetime
import json
import os
import platform
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from faultlab.errors import BadInput
from faultlab.pages.pictures import PARTS, pack

if TYPE_CHECKING:
    from faultlab.views.kit import LongRun
    from faultlab.views.lesson_02 import FleetView

FOLDER = Path(__file__).parent / "recorded"
MOST_FRAMES = 150


def of_fleet(view: FleetView) -> dict[str, Any]:
    """Return the recorded run that a watched fleet falls back on, as its widget would play it."""
    date, machine, still, moments = view.recording()
    frames = [[frame[part] for part in PARTS] + [json.dumps(frame["events"])] for _, frame in moments]
    times = [seconds for seconds, _ in moments]
    first = sum(seconds < still for seconds in times)
    return pack(frames) | {
        "title": view.widget.title,
        "times": times,
        "first": first,
        "date": date,
        "machine": machine,
    }


def of_run(run: LongRun, lesson: str, place: str) -> dict[str, Any]:
    """Return what was recorded of a long run.

    Raises
    ------
    BadInput
        If it has not been recorded.
    """
    path = path_of(run.widget.title, lesson)
    if not path.is_file():
        raise BadInput(
            f"{place}: {run.widget.title!r} has not been recorded; run `python3 start.py pages --record "
            f"{lesson[:2]}` once."
        )
    return json.loads(path.read_text(encoding="utf-8")) | {"title": run.widget.title}


def record(run: LongRun, lesson: str) -> Path:
    """Run it, and keep what it showed."""
    seen: list[tuple[float, dict]] = []
    began = datetime.datetime.now(datetime.UTC)

    def note(change):
        passed = datetime.datetime.now(datetime.UTC) - began
        seen.append((round(passed.total_seconds(), 1), dict(change["new"])))

    run.widget.observe(note, "frame")
    run.start()
    run.wait()
    if run.state != "done":
        raise BadInput(f"{lesson}: {run.widget.title!r} did not end: {run.note or run.state}.")
    kept = _thinned(seen)
    data = {
        "date": began.date().isoformat(),
        "machine": f"{platform.system()}, {os.cpu_count()} processors",
        "times": [seconds for seconds, _ in kept],
        "done": [round(frame["done"], 3) for _, frame in kept],
        **pack([[frame[part] for part in PARTS] for _, frame in kept]),
    }
    path = path_of(run.widget.title, lesson)
    path.parent.mkdir(exist_ok=True)
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
    return path


def _thinned(seen):
    """The frames that show something new, and so many of the others that it moves."""
    step = max(1, len(seen) // MOST_FRAMES)
    return [
        one
        for i, one in enumerate(seen)
        if i % step == 0 or i == len(seen) - 1 or one[1]["table"] != seen[i - 1][1]["table"]
    ]


def path_of(title: str, lesson: str) -> Path:
    """The file of a long run's recording, by its title."""
    words = re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")
    return FOLDER / f"{lesson[:2]}_{words[:40].strip('_')}.json"
