"""JupyterLab in a real browser, for the browser tests and the benchmark of the Explorer."""

import contextlib
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
MISSING = "Chromium is missing: install it (Debian: apt-get install chromium) to run what needs a browser."
QUIET_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
TOKEN = "browser-test"
OPENING = "[data-faultlab=opening]"
"""A lesson or a lab that is being run because it was opened."""
EXTENSION = Path(__file__).parents[1] / "faultlab" / "labextension" / "share" / "jupyter"


@contextlib.contextmanager
def lab_server(root, progress, python=sys.executable, settings=(), environment=()):
    """A JupyterLab server on loopback whose files are `root`; gives its address.

    It neither reads nor changes the settings of whoever runs the tests, such as the theme, nor what was open.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [python, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1", f"--port={port}"]
    command += [f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={root}", "--allow-root"]
    # The extension and its settings as they stand here, before the copies that were installed.
    command += [f"--LabApp.app_settings_dir={EXTENSION / 'lab' / 'settings'}", *settings]
    server = subprocess.Popen(
        command,
        env=os.environ
        | {"FAULTLAB_PROGRESS": str(progress), "JUPYTER_PATH": str(EXTENSION)}
        | {"JUPYTERLAB_SETTINGS_DIR": f"{progress}-settings", "JUPYTERLAB_WORKSPACES_DIR": f"{progress}-open"}
        | dict(environment),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{address}/api/status?token={TOKEN}")
        yield address
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()


@contextlib.contextmanager
def chromium():
    """Headless Chromium; only one at a time in a process, with as many pages as wanted."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="drives Chromium: install the extra `dev`")

    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET_FLAGS))
        try:
            yield browser
        finally:
            browser.close()


def new_page(browser, width=1280, height=900):
    """A page of its own, without the cookies of the others."""
    return browser.new_page(viewport={"width": width, "height": height})


def open_notebook(page, address, path):
    """Open a notebook in JupyterLab and wait until its kernel has run what runs on opening."""
    go_to_notebook(page, address, path)
    wait_until_open(page)


def go_to_notebook(page, address, path):
    """Begin to open a notebook in JupyterLab."""
    page.goto(f"{address}/lab/tree/{path}?token={TOKEN}&reset", wait_until="commit")


def choose(page, entry):
    """Choose an entry of the page's menu."""
    page.locator(".faultlab-bar summary").click()
    page.locator(f".faultlab-bar details button:has-text('{entry}')").click()


# Resolves when no card turns any more: until then its letters are pale, and it stands out of its place.
STILL = """() => Promise.all([...document.querySelectorAll('.turning')]
    .flatMap((card) => card.getAnimations()).map((turn) => turn.finished.catch(() => {}))).then(() => {})"""


def heard(page):
    """What a screen reader is given of a page's regions: by name, its text, and whatever in it has a name.

    The latter is a list of role, name and description.
    """
    session = page.context.new_cdp_session(page)
    nodes = {one["nodeId"]: one for one in session.send("Accessibility.getFullAXTree")["nodes"]}
    session.detach()

    def said(one, key):
        return str(one.get(key, {}).get("value", "")).replace("\N{NO-BREAK SPACE}", " ")

    def inside(one):
        for child in filter(None, map(nodes.get, one.get("childIds", ()))):
            if not child["ignored"]:
                yield child
            yield from inside(child)

    found = {}
    for region in nodes.values():
        if region["ignored"] or said(region, "role") != "region":
            continue
        parts = [[said(one, key) for key in ("role", "name", "description")] for one in inside(region)]
        text = "".join(name for role, name, _ in parts if role == "StaticText")
        named = [part for part in parts if part[0] not in ("StaticText", "InlineTextBox") and part[1]]
        found[said(region, "name")] = text, named
    return found


CARD = re.compile(r"(The answer to )?([Bb]et \d of \d|[Yy]our bet)")


def heard_amiss(page, question):
    """What is wrong with how a bet's question is heard: once as a text of its card, and as no card's name."""
    question = question.replace("\N{NO-BREAK SPACE}", " ")
    found, cards = [], 0
    for name, (text, parts) in heard(page).items():
        if not CARD.fullmatch(name):
            named = [f"{role} {said}" for role, said, _ in parts if role == "region" and question in said]
            found += [f"a card has its question as its name: {one}" for one in named]
            continue
        about = [said for role, said, _ in parts if role in ("region", "group") and question in said]
        times = text.count(question) + len(about)
        cards += times
        if times > 1:
            found.append(f"{name}: its question is heard {times} times")
        boxes = [about for role, _, about in parts if role in ("textbox", "group")]
        if times and boxes and question not in boxes:
            found.append(f"{name}: who comes by the Tab key doesn't hear its question")
    return found if cards else [*found, f"no card asks: {question}"]


def turn_next_card(page):
    """Turn the first card whose answer is covered; tell whether there was one, when all are still."""
    button = page.locator("[data-covered=true] button:has-text('Show')").first
    if not button.count():
        page.evaluate(STILL)
        return False
    card = page.locator("[data-covered=true]").first
    of = card.get_attribute("data-of")
    button.click()
    page.wait_for_selector(f"[data-of='{of}'][data-covered=false]")
    return True


def wait_until_open(page):
    """Wait until a notebook is there and its kernel has run what runs on opening."""
    page.wait_for_selector(".jp-NotebookPanel-toolbar", timeout=90_000, state="attached")
    wait_until_idle(page)


def wait_until_idle(page, seconds=180):
    """Wait until no lesson or lab is opening and the kernel has been idle for a second."""
    calm = 0
    deadline = time.monotonic() + seconds
    while calm < 4:
        opening = page.locator(OPENING).count()
        idle = page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").count()
        busy = page.locator(".jp-InputPrompt:has-text('[*]')").count()
        calm = calm + 1 if idle and not busy and not opening else 0
        assert time.monotonic() < deadline, f"the notebook is still at work after {seconds} seconds"
        page.wait_for_timeout(250)


def one_cell_notebook(code):
    """A notebook of one cell that is run when it is opened."""
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "outputs": [], "execution_count": None}
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"kernelspec": kernel, "faultlab": {"run_on_open": True}},
        "cells": [cell | {"source": code.strip()}],
    }


def _wait_for(url, seconds=60):
    deadline = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
