"""A lesson as a page without a server beside the same lesson in JupyterLab, in one run and one browser.

From opening it to its first living picture, from a slider's key to the painted picture, and what pages weigh.
The page is opened from disk, and over a line of 1.6 Mbit/s with 150 ms of delay, compressed as hosts do.
"""

import argparse
import functools
import gzip
import http.server
import shutil
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

from bench_explorer import WATCH
from jupyter_browser import (
    CHROMIUM,
    MISSING,
    chromium,
    go_to_notebook,
    lab_server,
    new_page,
    turn_next_card,
    wait_until_open,
)

from faultlab.pages.site import HEAVIEST, Site, build

ROOT = Path(__file__).parents[1]
LESSON = "08_metrics"
OPENED = 7  # times that a page is opened; the middle is told
MOVES = 40
LINE = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 96_000}  # bytes
LIVE = "performance.getEntriesByName('first')[0]?.startTime"
GOALS = {"disk": 0.35, "line": 1.5, "p95": 25}


class Compressed(http.server.SimpleHTTPRequestHandler):
    """Sends pages as a web host does."""

    def do_GET(self):
        """Answer with the compressed file."""
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            return self.send_error(404)
        found = gzip.compress(path.read_bytes(), 9)
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(found)))
        self.end_headers()
        self.wfile.write(found)

    def log_message(self, *args):
        """Say nothing."""


def main(argv=()):
    """Print what was measured beside the goals; what a page weighs, for each page that is built."""
    parser = argparse.ArgumentParser(prog="python3 start.py bench pages", description=__doc__)
    parser.add_argument("--lesson", default=LESSON)
    parser.add_argument("--pages", type=Path, help="pages that are built already")
    options = parser.parse_args(argv)
    if not CHROMIUM:
        print(f"Skipped: {MISSING}")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        pages = options.pages or Path(folder) / "pages"
        if not options.pages:
            began = time.monotonic()
            build(Site(ROOT / "course"), (), pages)
            print(f"Built in {time.monotonic() - began:.0f} s.")
        _weights(pages)
        with chromium() as browser:
            disk, line, moves = _page(browser, pages, options.lesson)
            lab, lab_moves = _in_jupyterlab(browser, options.lesson, Path(folder))
    print(f"\n{'lesson ' + options.lesson:52} {'page':>8} {'JupyterLab':>11} {'goal':>8}")
    print(f"{'first living picture, from disk, s':52} {disk:8.2f} {lab:11.2f} {GOALS['disk']:8.2f}")
    print(f"{'the same over 1.6 Mbit/s, s':52} {line:8.2f} {'':11} {GOALS['line']:8.2f}")
    for name, share, goal in (("p50", 0.5, ""), ("p95", 0.95, GOALS["p95"])):
        own, other = (sorted(times)[int(share * (len(times) - 1))] for times in (moves, lab_moves))
        print(f"{f'slider to painted picture, {name}, ms':52} {own:8.1f} {other:11.1f} {goal:>8}")
    return 0


def _weights(pages):
    """Print what each page weighs, compressed."""
    weights = {path.stem: len(gzip.compress(path.read_bytes(), 9)) for path in sorted(pages.glob("*.html"))}
    for name, weight in weights.items():
        print(f"{name:40} {weight / 1000:8.0f} kB{'  too heavy' if weight > HEAVIEST else ''}")
    print(f"{'the course':40} {sum(weights.values()) / 1000:8.0f} kB, compressed; goal 1,600")


def _page(browser, pages, lesson):
    """Seconds from disk and over a slow line; milliseconds of every move."""
    handler = functools.partial(Compressed, directory=str(pages))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    disk = [_opened(browser, f"{pages.absolute().as_uri()}/{lesson}.html") for _ in range(OPENED)]
    line = [_opened(browser, f"http://127.0.0.1:{server.server_port}/{lesson}.html", LINE) for _ in range(3)]
    server.shutdown()
    server.server_close()
    page = new_page(browser)
    page.goto(f"{pages.absolute().as_uri()}/{lesson}.html")
    page.wait_for_function("() => performance.getEntriesByName('ready').length")
    moves = _moves(page)
    page.close()
    return statistics.median(disk), statistics.median(line), moves


def _opened(browser, address, line=None):
    page = new_page(browser)
    if line:
        page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", line)
    page.goto(address, wait_until="commit")
    page.wait_for_function(f"() => {LIVE}", timeout=30_000)
    seconds = page.evaluate(LIVE) / 1000
    page.close()
    return seconds


def _in_jupyterlab(browser, lesson, folder):
    shutil.copytree(ROOT / "course", folder / "course")
    with lab_server(folder, folder / "progress") as address:
        page = new_page(browser)
        began = time.monotonic()
        go_to_notebook(page, address, f"course/{lesson}.ipynb")
        page.wait_for_selector(".faultlab-explorer .faultlab-picture svg", state="attached", timeout=120_000)
        seconds = time.monotonic() - began
        wait_until_open(page)
        moves = _moves(page)
        page.close()
    return seconds, moves


def _moves(page):
    """Push the first slider on by keys; milliseconds from each key to the painted picture."""
    while turn_next_card(page):
        pass
    explorer = page.locator(".faultlab-explorer:has(input[type=range])").first
    slider = explorer.locator("input[type=range]").first
    slider.scroll_into_view_if_needed()
    picture = explorer.locator(".faultlab-picture")
    picture.evaluate("(one) => { one.id = 'watched'; }")
    slider.focus()
    page.keyboard.press("Home")
    page.wait_for_timeout(6000)  # as a reader meets it: what is fetched ahead has been
    page.evaluate(WATCH, ["#watched"])
    key, last = "ArrowRight", slider.get_attribute("max")
    for _ in range(MOVES):
        if slider.input_value() in (last, "0"):
            key = "ArrowLeft" if slider.input_value() == last else "ArrowRight"
        before = page.evaluate("window.moved.length")
        page.keyboard.press(key)
        page.wait_for_function(f"() => window.moved.length > {before}", timeout=10_000, polling=5)
    return page.evaluate("window.moved")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
