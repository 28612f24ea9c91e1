"""From following the link to the first bet, and to the whole lesson open: every lesson beside a bare one.

The bare notebook holds one slider of ipywidgets and is run on opening too; its kernel is started when
JupyterLab does so by itself. All are opened in JupyterLab in headless Chromium, in turn, on one server, so
that what the machine does besides hits all alike. It runs in a learner's environment where the tests have
made one, since extras make some lessons faster, and with modules compiled, as they are from the second
opening on.
"""

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from jupyter_browser import (
    CHROMIUM,
    MISSING,
    TOKEN,
    chromium,
    go_to_notebook,
    lab_server,
    new_page,
    one_cell_notebook,
)

ROOT = Path(__file__).parents[1]
BARE = "bare"
LEARNER = ROOT / ".venv-learner" / "bin" / "python"
SLIDER = "import ipywidgets\nipywidgets.IntSlider()"
GOALS = (1.2, 2.4)  # times the bare notebook: the first bet placed, the whole lesson open


def main(argv=()):
    """Print the seconds to the first bet and to the whole lesson, and how many times the bare notebook's."""
    parser = argparse.ArgumentParser(prog="start.py bench opening", description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="", help="the lessons, such as 00,04 (default: all)")
    parser.add_argument("--repeat", type=int, default=3, help="how often each is opened")
    options = parser.parse_args(argv)
    if not CHROMIUM:
        print(f"Skipped: {MISSING}")
        return 0
    paths = sorted((ROOT / "course").glob("[0-9]*.ipynb"))
    wanted = [path.stem for path in paths if not options.only or path.stem[:2] in options.only.split(",")]
    found = {name: [] for name in [BARE, *wanted]}
    python = str(LEARNER) if LEARNER.exists() else sys.executable
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        shutil.copytree(ROOT / "course", root / "course")
        (root / "course" / f"{BARE}.ipynb").write_text(
            json.dumps(one_cell_notebook(SLIDER)), encoding="utf-8"
        )
        with lab_server(root, root / "progress", python) as address, chromium() as browser:
            _open(browser, address, BARE)  # what only the first of all pays for
            for _ in range(options.repeat):
                for name, times in found.items():
                    times.append(_open(browser, address, name))
    base = _medians(found[BARE])
    print(f"{'opened':28} {'bet s':>7} {'all s':>7} {'bet ratio':>10} {'all ratio':>10}")
    for name, times in found.items():
        bet, whole = _medians(times)
        print(f"{name:28} {bet:7.2f} {whole:7.2f} {bet / base[0]:10.2f} {whole / base[0]:10.2f}")
    print(f"Goals: {GOALS[0]} and {GOALS[1]} times the bare notebook.")
    return 0


def _open(browser, address, name):
    """Seconds until the first question took an answer, and until the kernel had run the notebook."""
    page = new_page(browser)
    try:
        started = time.perf_counter()
        go_to_notebook(page, address, f"course/{name}.ipynb")
        if name == BARE:
            page.wait_for_selector(".widget-slider", timeout=120_000)
        else:
            first = page.locator("form[class~=stub], .faultlab-explorer:not(.faultlab-still *)").first
            first.wait_for(timeout=120_000)
        answers = time.perf_counter() - started
        page.wait_for_selector("[data-faultlab=open]", timeout=240_000, state="attached")
        return answers, time.perf_counter() - started
    finally:
        _end_kernels(address)
        page.close()


def _end_kernels(address):
    """Leave no kernel to the next opening, which would find the lesson known and run nothing."""
    headers = {"Authorization": f"token {TOKEN}"}
    with urllib.request.urlopen(urllib.request.Request(f"{address}/api/sessions", headers=headers)) as said:
        sessions = json.load(said)
    for session in sessions:
        one = f"{address}/api/sessions/{session['id']}"
        urllib.request.urlopen(urllib.request.Request(one, headers=headers, method="DELETE")).close()


def _medians(times):
    return [statistics.median(column) for column in zip(*times, strict=True)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
