"""While a lesson runs because it was opened, the page says so, and the reader is left in peace."""

import nbformat
import pytest
from jupyter_browser import CHROMIUM, MISSING, OPENING, TOKEN, choose, lab_server, new_page, wait_until_idle

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
