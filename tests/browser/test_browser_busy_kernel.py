"""What can be pressed answers while a cell of the notebook takes its time."""

import shutil
from pathlib import Path

import nbformat
import pytest
from jupyter_browser import CHROMIUM, MISSING, OPENING, chromium, go_to_notebook, lab_server, new_page

ROOT = Path(__file__).parents[2]
CALENDAR = "section[aria-label='When does it kill?']"
CELLS = (
    "from faultlab.classroom import open_lesson\nlesson = open_lesson('02_netflix_chaos_monkey')",
    "lesson.bet('kill_in_a_week')",
    "from faultlab.views.kit import Explorer, Slider\n"
    "from faultlab.views.lesson_02.chaos_monkey import year_of_one_group\n"
    "mean_time = Slider('mean_time', 'Average time between kills', 1, 20, 5)\n"
    "Explorer(lambda mean_time: year_of_one_group(mean_time, 1), [mean_time], title='When does it kill?')",
    "import time\ntime.sleep(25)",
)
pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason=MISSING),
    pytest.mark.xdist_group("browser"),
]


def test_bets_and_sliders_answer_while_a_cell_is_running(tmp_path):
    shutil.copytree(ROOT / "course", tmp_path / "course")
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source) for source in CELLS],
        metadata={
            "faultlab": {"run_on_open": True},
            "kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"},
        },
    )
    nbformat.write(notebook, tmp_path / "course" / "busy.ipynb")
    with lab_server(tmp_path, tmp_path / "progress") as address, chromium() as browser:
        page = new_page(browser)
        go_to_notebook(page, address, "course/busy.ipynb")
        page.wait_for_selector("text=Opening the lesson: 4 of 4", timeout=90_000)
        page.locator("[data-of='Bet: kill_in_a_week'] input").fill("50")
        page.keyboard.press("Enter")
        page.wait_for_selector("text=Your bet is saved: 50 %")
        assert page.locator(OPENING).count() == 1, "the bet waited until the kernel had time"
        # On a slow machine JupyterLab still moves the focus when the box is left: drag, don't press.
        page.locator(f"{CALENDAR} input[type=range]").first.fill("5")
        page.wait_for_selector(f"{CALENDAR} >> text=there are 6 working days")
        assert page.locator(OPENING).count() == 1, "the picture waited until the kernel had time"
