"""Where memory is short, lessons out of sight rest; one whose kernel stopped wakes up with its reader."""

import json
import urllib.request

import pytest
from jupyter_browser import CHROMIUM, MISSING, TOKEN, lab_server, new_page, one_cell_notebook

pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason=MISSING),
    pytest.mark.xdist_group("browser"),
]
LARGE = """
import os
taken = b"x" * {bytes}
print("process", os.getpid())
"""
LIMIT = 1_000_000_000
NUMBERED = "[data-faultlab=open]:visible .bar-home:has-text('Lesson {}')"
TAKES = 180_000_000  # and the kernel some 60 MB: two such lessons, and a third has to make room


def write_course(root, taken):
    (root / "course").mkdir()
    for number in range(3):
        notebook = one_cell_notebook(LARGE.format(bytes=taken))
        text = "\n\n".join(["## All", *["A line."] * 60])
        notebook["cells"].append({"cell_type": "markdown", "id": "b", "metadata": {}, "source": text})
        (root / "course" / f"0{number}_lesson.ipynb").write_text(json.dumps(notebook))


def kernels(address):
    with urllib.request.urlopen(f"{address}/api/kernels?token={TOKEN}", timeout=20) as reply:
        return len(json.load(reply))


def go(page, address, number):
    page.goto(f"{address}/lab/tree/course/0{number}_lesson.ipynb?token={TOKEN}&reset")


def shown(page):
    """The notebook in sight, once it is open, and the process that ran it."""
    panel = page.locator("[data-faultlab=open]:visible")
    panel.wait_for(timeout=90_000)
    return panel, panel.locator(".jp-OutputArea >> text=process").inner_text()


def go_on(page, number):
    page.locator(f".faultlab-bar:visible .bar-next:has-text('Lesson {number}')").click()
    page.wait_for_selector(NUMBERED.format(number), timeout=90_000)


def scrolled(page):
    return page.locator("[data-faultlab]:visible .jp-WindowedPanel-outer").evaluate("it => it.scrollTop")


def test_lessons_out_of_sight_rest_and_come_back_where_they_were(browser, tmp_path):
    write_course(tmp_path, TAKES)
    with lab_server(tmp_path, tmp_path / "progress", environment={"MEM_LIMIT": str(LIMIT)}) as address:
        page = new_page(browser)
        go(page, address, 0)
        _, first = shown(page)
        page.mouse.move(600, 500)
        page.mouse.wheel(0, 700)
        page.wait_for_timeout(1000)
        place = scrolled(page)
        assert place > 300
        for number in (1, 2):
            go_on(page, number)
        page.locator("[data-faultlab=resting]").wait_for(state="attached", timeout=30_000)
        assert page.locator("[data-faultlab=resting]").count() == 1
        assert kernels(address) == 2

        page.locator(".faultlab-bar:visible .bar-home").click()
        page.wait_for_selector(NUMBERED.format(0), timeout=90_000)
        _, again = shown(page)
        assert again != first
        page.wait_for_timeout(1000)
        assert abs(scrolled(page) - place) < 40
        page.locator("[data-faultlab=resting]").wait_for(state="attached", timeout=30_000)
        assert kernels(address) == 2
        page.close()


def test_a_lesson_that_a_hub_stopped_runs_again_at_the_first_move(browser, tmp_path):
    write_course(tmp_path, 1)
    culling = [f"--MappingKernelManager.cull_{name}" for name in ("idle_timeout=4", "interval=1")]
    culling.append("--MappingKernelManager.cull_connected=True")
    with lab_server(tmp_path, tmp_path / "progress", settings=culling) as address:
        page = new_page(browser)
        go(page, address, 0)
        _, first = shown(page)
        page.locator("[data-faultlab=resting]").wait_for(timeout=60_000)
        assert first in page.locator("[data-faultlab=resting] .jp-OutputArea").inner_text(), "the page stays"
        page.mouse.move(600, 500)
        page.mouse.move(610, 500)
        _, again = shown(page)
        assert again != first
        page.close()


def test_nothing_rests_where_there_is_room(browser, tmp_path):
    write_course(tmp_path, TAKES)
    with lab_server(tmp_path, tmp_path / "progress", environment={"MEM_LIMIT": str(4 * LIMIT)}) as address:
        page = new_page(browser)
        go(page, address, 0)
        shown(page)
        for number in (1, 2):
            go_on(page, number)
        page.wait_for_timeout(3000)
        assert page.locator("[data-faultlab=resting]").count() == 0
        assert kernels(address) == 3
        page.close()
