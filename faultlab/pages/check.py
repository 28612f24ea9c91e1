"""Check built pages in a real browser: every widget lives, and a sample of the pictures is Python's."""

from __future__ import annotations

import contextlib
import functools
import http.server
import random
import shutil
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from faultlab.errors import BadInput
from faultlab.pages.mounts import id_of
from faultlab.pages.pictures import PARTS, states
from faultlab.pages.running import run_lesson
from faultlab.pages.site import Site
from faultlab.views.kit import Explorer

SAMPLED = 40
"""States of each Explorer that are compared; all of them where it has fewer."""
NARROW = 400
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")
DRIVE = """([of, state]) => {
    const mount = document.querySelector(`[data-of="${of}"]`);
    const { controls } = JSON.parse(document.getElementById(of).textContent);
    controls.forEach((control, i) => {
        const box = mount.querySelectorAll(".faultlab-control")[i];
        const at = control.values.indexOf(state[control.name]);
        const range = box.querySelector("input[type=range]");
        if (!range) return box.querySelectorAll("input[type=radio]")[at].click();
        range.value = at;
        range.dispatchEvent(new Event("input", { bubbles: true }));
    });
    const part = (name) => mount.querySelector(`.faultlab-${name}`);
    const [svg, table] = [part("picture").innerHTML, part("table").innerHTML];
    return { svg, table, sentence: part("sentence").textContent };
}"""
DEAD = "[...document.querySelectorAll('.mount:not([data-live])')].map((one) => one.dataset.of)"
AS_HTML = "(html) => Object.assign(document.createElement('div'), { innerHTML: html }).innerHTML"


def samples(site: Site, name: str, count: int = SAMPLED) -> list[tuple[str, dict, dict]]:
    """Some states of every Explorer of a lesson, each with the picture that Python draws now.

    Returns
    -------
    list of (str, dict, dict)
        The mount's id, the state, the frame.
    """
    found: list[tuple[str, dict, dict]] = []
    taken: set[str] = set()
    for number, shown in run_lesson(site.notebook(name), site.course, name).items():
        for widget in shown.widgets:
            if not isinstance(widget, Explorer):
                continue
            of = id_of(f"{name}, cell {number + 1}", taken)
            taken.add(of)
            every = list(states(widget.widget.controls))
            drawn = random.Random(of).sample(every, min(count, len(every)))
            found += [(of, state, widget.frame(state)) for state in drawn]
    return found


def check(site: Site, name: str, folder: Path, browser: Any, address: str = "") -> int:
    """Open a lesson's page, move its controls, and compare; return how many pictures were compared.

    Parameters
    ----------
    site : Site
    name : str
        The lesson.
    folder : Path
        Where its page is.
    browser : playwright's Browser
    address : str
        Of a web host that serves the folder; from disk where it is empty.

    Raises
    ------
    BadInput
        Names what is wrong and where.
    """
    wanted = samples(site, name)
    with open_page(browser, address or folder.absolute().as_uri(), f"{name}.html") as page:
        dead = page.evaluate(DEAD)
        if dead:
            raise BadInput(f"{name}: the page does not bring {dead[0]} to life.")
        for of, state, frame in wanted:
            shown = page.evaluate(DRIVE, [of, state])
            for part in PARTS:
                expected = frame[part] if part == "sentence" else page.evaluate(AS_HTML, frame[part])
                if shown[part] != expected:
                    raise BadInput(
                        f"{name}, cell {of.removeprefix('cell-')}: at {state} the page shows another {part} "
                        "than Python; build the page again."
                    )
        page.set_viewport_size({"width": NARROW, "height": 850})
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > NARROW:
            raise BadInput(f"{name}: the page is {width} pixels wide on a screen of {NARROW}.")
    return len(wanted)


@contextlib.contextmanager
def open_page(browser: Any, address: str, name: str) -> Iterator[Any]:
    """A page once it is ready; what it says on the console or asks for beside itself is an error."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("request", lambda one: None if _belongs(one) else said.append(one.url))
    try:
        page.goto(f"{address}/{name}")
        page.wait_for_function("() => performance.getEntriesByName('ready').length", timeout=20_000)
        yield page
        if said:
            raise BadInput(f"{name}: the page is not quiet: {said[0][:200]}")
    finally:
        page.close()


def _belongs(request):
    """Whether a page may ask for this: it is gone to, or carried along."""
    return request.is_navigation_request() or request.url.startswith("data:")


@contextlib.contextmanager
def chromium() -> Iterator[Any]:
    """Headless Chromium, where it and playwright are there."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    try:
        from playwright import sync_api
    except ImportError:
        path = None
    if not path:
        raise BadInput("Pages are checked in Chromium: install it, and playwright with the extra `dev`.")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """A web host on this machine that serves a folder; gives its address."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args):
            """Say nothing on the terminal."""

    class Patient(http.server.ThreadingHTTPServer):
        def handle_error(self, request, client_address):
            """A page that is closed breaks off what it was being sent."""
            if not isinstance(sys.exception(), ConnectionError):
                super().handle_error(request, client_address)

    server = Patient(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
