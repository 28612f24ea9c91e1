"""While a lesson runs because it was opened, the page says so, and the reader is left in peace."""

import json
import urllib.request

import nbformat
import pytest
from jupyter_browser import (
    CHROMIUM,
    MISSING,
    OPENING,
    TOKEN,
    choose,
    go_to_notebook,
    lab_server,
    new_page,
    one_cell_notebook,
    wait_until_idle,
)

pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason=MISSING),
    pytest.mark.xdist_group("browser"),
]
SIGN = ".faultlab-sign"
PATH = "slow.ipynb"


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """A server on one slow notebook."""
    root = tmp_path_factory.mktemp("slow")
    sources = ["import time", "time.sleep(3)", "1 / 0", "print('as it was')", "time.sleep(1)"]
    sources.append("print('last')")
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    shown = nbformat.v4.new_output("stream", text="as it was saved")
    cells.append(
        nbformat.v4.new_code_cell("print('made anew')", outputs=[shown], metadata={"tags": ["as-saved"]})
    )
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"faultlab": {"run_on_open": True}})
    notebook.metadata["kernelspec"] = {"name": "python3", "language": "python", "display_name": "Python 3"}
    nbformat.write(notebook, root / PATH)
    with lab_server(root, root / "progress") as found:
        yield found


@pytest.fixture
def page(browser, address):
    """The notebook, while it is being opened."""
    page = new_page(browser)
    page.goto(f"{address}/lab/tree/{PATH}?token={TOKEN}&reset")
    page.wait_for_selector(OPENING, timeout=90_000)
    yield page
    page.close()


def test_the_sign_counts_while_the_reader_works_and_goes_away_though_a_cell_raised(page):
    page.wait_for_selector(f"{SIGN}:has-text('Opening the lesson: 2 of 6')")
    assert page.locator(SIGN).get_attribute("role") == "status"
    # What the reader changes meanwhile is neither run nor taken out of the reader's hands.
    choose(page, "Open in JupyterLab")
    cell = page.locator(".jp-CodeCell").nth(3)
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.type("half a thou")
    wait_until_idle(page)
    page.keyboard.type("ght")
    assert cell.locator(".cm-content").inner_text() == "half a thought"
    assert cell.locator(".jp-OutputArea-output").count() == 0
    assert page.locator(OPENING).count() == 0
    assert page.locator(".jp-OutputArea >> text=ZeroDivisionError").count()
    assert page.locator(".jp-OutputArea >> text=last").count()
    assert page.locator(".jp-OutputArea >> text=as it was saved").count()
    assert not page.locator(".jp-OutputArea >> text=made anew").count()
    word = page.locator(SIGN)
    assert word.inner_text() == "The lesson is open."
    assert word.bounding_box()["width"] <= 1, "the last word is for a screen reader"


def test_a_restarted_kernel_ends_the_sign_and_opening_anew_works(page):
    page.wait_for_selector(f"{SIGN}:has-text(': 2 of 6')")
    choose(page, "Open in JupyterLab")
    page.locator(".jp-CodeCell").first.locator(".jp-InputPrompt").click()
    page.keyboard.press("0")
    page.keyboard.press("0")
    page.locator(".jp-Dialog button:has-text('Restart')").click()
    page.wait_for_selector(f"{SIGN}:has-text('Stopped before the end')")
    assert page.locator(OPENING).count() == 0
    page.reload()
    page.wait_for_selector("[data-faultlab=open]", timeout=60_000)
    assert page.locator(".jp-OutputArea >> text=last").count()


def test_a_lesson_with_a_saved_cell_lives_when_it_is_opened_again(browser, tmp_path):
    """What isn't run must be trusted too: JupyterLab trusts a notebook whole or not at all."""
    shown = nbformat.v4.new_output("display_data", {"text/html": "<b onclick='0'>as saved</b>"})
    cells = [
        nbformat.v4.new_code_cell("import ipywidgets\nipywidgets.IntSlider(description='alive')"),
        nbformat.v4.new_code_cell("'made anew'", outputs=[shown], metadata={"tags": ["as-saved"]}),
    ]
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"faultlab": {"run_on_open": True}})
    notebook.metadata["kernelspec"] = {"name": "python3", "language": "python", "display_name": "Python 3"}
    nbformat.write(notebook, tmp_path / PATH)
    with lab_server(tmp_path, tmp_path / "progress") as address:
        for _ in range(2):
            page = new_page(browser)
            page.goto(f"{address}/lab/tree/{PATH}?token={TOKEN}&reset")
            page.locator(".widget-slider:has-text('alive')").wait_for(timeout=90_000)
            page.locator("b:has-text('as saved')").wait_for()
            page.wait_for_selector("[data-faultlab=open]")
            wait_until_idle(page)
            page.close()


def test_a_widget_that_was_taken_for_lost_is_shown_again(browser, tmp_path):
    """JupyterLab fetches a known kernel's widgets twice at times, and the quicker fetch calls them lost."""
    source = "import ipywidgets\nipywidgets.IntSlider(description='alive')"
    (tmp_path / PATH).write_text(json.dumps(one_cell_notebook(source)), encoding="utf-8")
    with lab_server(tmp_path, tmp_path / "progress") as address:
        for again in (False, True):
            page = new_page(browser)
            page.goto(f"{address}/lab/tree/{PATH}?token={TOKEN}&reset")
            slider = page.locator(".widget-slider:has-text('alive')")
            slider.wait_for(timeout=90_000)
            page.wait_for_selector("[data-faultlab=open]")
            if again:
                said = "Error displaying widget: model not found"
                lose = "(it, said) => { it.parentElement.textContent = said; return it.isConnected; }"
                assert not slider.evaluate(lose, said)
                slider.wait_for(timeout=20_000)
                assert page.locator(f"text={said}").count() == 0
            else:  # what was run is saved, or the kernel would not know the notebook
                wait_until_idle(page)
                for _ in range(80):
                    if "model_id" in (tmp_path / PATH).read_text(encoding="utf-8"):
                        break
                    page.wait_for_timeout(250)
            page.close()


def test_a_lessons_kernel_is_there_before_jupyterlab_asks_for_one(browser, tmp_path):
    """It holds what a lesson begins with, though no cell has asked for that; and there is no second one."""
    asked = "import sys\nprint('faultlab.classroom.notebook' in sys.modules)"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(asked)])
    kernel = {"name": "python3", "language": "python", "display_name": "Python 3"}
    notebook.metadata = {"faultlab": {"run_on_open": True}, "kernelspec": kernel}
    (tmp_path / "course").mkdir()
    for name in ("course/01_small.ipynb", "stranger.ipynb"):
        nbformat.write(notebook, tmp_path / name)
    with lab_server(tmp_path, tmp_path / "progress") as address:
        for name, warm in (("course/01_small.ipynb", "True"), ("stranger.ipynb", "False")):
            page = new_page(browser)
            go_to_notebook(page, address, name)
            page.wait_for_selector("[data-faultlab=open]", timeout=90_000, state="attached")
            page.wait_for_selector(f".jp-OutputArea-output:has-text('{warm}')", state="attached")
            page.close()
        with urllib.request.urlopen(f"{address}/api/sessions?token={TOKEN}") as said:
            sessions = {one["path"]: one["kernel"]["id"] for one in json.load(said)}
        with urllib.request.urlopen(f"{address}/api/kernels?token={TOKEN}") as said:
            assert {one["id"] for one in json.load(said)} == set(sessions.values())
        assert set(sessions) == {"course/01_small.ipynb", "stranger.ipynb"}
