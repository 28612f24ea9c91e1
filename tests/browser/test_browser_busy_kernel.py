"""Lesson 02 keeps its kernel busy for half a minute; its forms and pictures answer meanwhile."""

import shutil
from pathlib import Path

import pytest
from jupyter_browser import CHROMIUM, MISSING, OPENING, TOKEN, chromium, lab_server, new_page

ROOT = Path(__file__).parents[2]
CALENDAR = "section[aria-label='When does it kill?']"
pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason=MISSING),
    pytest.mark.xdist_group("browser"),
]


def test_bets_and_sliders_answer_while_processes_are_being_killed(tmp_path):
    for room in ("course", "labs"):
        shutil.copytree(ROOT / room, tmp_path / room)
    with lab_server(tmp_path, tmp_path / "progress") as address, chromium() as browser:
        page = new_page(browser)
        page.goto(f"{address}/lab/tree/course/02_netflix_chaos_monkey.ipynb?token={TOKEN}&reset")
        page.wait_for_selector("text=Place my bet", timeout=90_000)
        # The sixteenth cell sets the monkey on real processes: 12 s by its own clock.
        page.wait_for_function("document.querySelector('.faultlab-sign').textContent.includes(': 9 of')")
        page.locator(".jp-Cell input:visible").first.fill("50")
        page.locator("text=Place my bet").first.click()
        page.wait_for_selector("text=Your bet is saved: 50 %")
        assert page.locator(OPENING).count() == 1, "the bet waited until the kernel had time"

        while not page.locator(CALENDAR).count():
            page.locator(".jp-Notebook").first.hover()
            page.mouse.wheel(0, 500)
            page.wait_for_timeout(150)
        page.locator(CALENDAR).scroll_into_view_if_needed()
        page.locator(f"{CALENDAR} input[type=range]").first.focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_selector(f"{CALENDAR} >> text=every 6 work days")
        assert page.locator(OPENING).count() == 1, "the picture waited until the kernel had time"
