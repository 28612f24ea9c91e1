"""A lesson as a page: without JupyterLab's own parts, locked, and one click away from the workshop."""

import pytest
from jupyter_browser import (
    CHROMIUM,
    MISSING,
    choose,
    new_page,
    open_notebook,
    turn_next_card,
    wait_until_open,
)

pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason=MISSING),
    pytest.mark.xdist_group("browser"),
]
CHROME = "#jp-top-panel, #jp-main-statusbar, .jp-SideBar, .jp-NotebookPanel-toolbar, .lm-DockPanel-tabBar"
NOTHING_OF_JUPYTERLAB = f"[...document.querySelectorAll('{CHROME}')].every((part) => !part.checkVisibility())"
LESSON = "course/05_reliability_block_diagrams.ipynb"


@pytest.fixture(scope="module")
def page(browser, address):
    page = new_page(browser, height=800)
    open_notebook(page, address, LESSON)
    return page


def visible(page, selector):
    return [part.get_attribute("class") for part in page.locator(selector).all() if part.is_visible()]


def cells(page):
    return page.evaluate(
        "[...document.querySelectorAll('.jp-Cell')].map((c) => c.classList.contains('jp-mod-rendered'))"
    )


def test_a_lesson_opens_as_a_page_and_fills_the_window(page):
    assert visible(page, CHROME) == []
    assert visible(page, ".jp-InputPrompt, .jp-OutputPrompt, .jp-Collapser, .jp-cell-toolbar") == []
    bar = page.locator(".faultlab-bar").bounding_box()
    assert (bar["x"], bar["y"], bar["width"]) == (0, 0, 1280)
    text = page.locator(".jp-RenderedMarkdown p").first.bounding_box()
    assert text["width"] <= 680
    assert abs(text["x"] + text["width"] / 2 - 640) < 12, "the column stands in the middle"


def test_no_key_and_no_double_click_changes_the_text(page):
    before = cells(page)
    title = page.locator("h1").first
    title.click()
    for key in ("d", "d", "x", "b", "a", "y", "Enter", "Shift+Enter"):
        page.keyboard.press(key)
    page.locator(".jp-RenderedMarkdown p").first.dblclick()
    page.keyboard.press("d")
    page.keyboard.press("d")
    assert cells(page) == before
    assert title.is_visible()


def test_what_stands_below_a_covered_answer_is_sealed_until_it_is_turned(page):
    quiz = page.locator("section[data-of='Check yourself']")
    assert not quiz.is_visible()
    assert page.locator(".faultlab-seal").count() == 1
    turned = 0
    while turn_next_card(page):
        turned += 1
        assert page.evaluate("document.activeElement.classList.contains('answer')"), (
            "the focus stays on the card"
        )
    assert turned == page.locator("[data-covered=false]").count() >= 3
    assert page.locator(".faultlab-seal").count() == 0
    quiz.wait_for()
    assert page.locator("section.slip.passed button:visible").count() == 0, (
        "a bet that was passed up is closed"
    )


def test_the_hood_is_folded_and_opens(page):
    button = page.locator(".faultlab-hood button").first
    code = page.locator(".jp-CodeCell .cm-content:visible")
    assert code.count() == 0
    assert button.get_attribute("aria-expanded") == "false"
    button.click()
    assert code.count() > 0
    button.click()
    assert code.count() == 0


def test_a_reload_comes_back_to_the_same_place_and_runs_nothing_again(page):
    page.keyboard.press("Shift")  # a reader who moves is followed
    page.locator(".faultlab-bar .rail a").nth(4).click()
    page.wait_for_function("document.querySelector('.faultlab-bar b').textContent.startsWith('5 of')")
    page.wait_for_timeout(300)
    at = page.locator(".faultlab-bar b").inner_text()
    models = page.evaluate("document.querySelectorAll('.jupyter-widgets').length")
    page.reload()
    wait_until_open(page)
    assert page.locator(".faultlab-sign").count() == 0, "the kernel knows the lesson"
    page.wait_for_function("(n) => document.querySelectorAll('.jupyter-widgets').length >= n", arg=models)
    assert page.locator("[data-covered=true]").count() == 0, "what was turned stays turned"
    page.wait_for_function("(at) => document.querySelector('.faultlab-bar b').textContent === at", arg=at)


def test_the_bar_leads_on_and_one_click_opens_the_workshop(page):
    page.locator(".faultlab-bar .rail a").last.click()
    page.locator(".faultlab-bar .bar-next:has-text('Next: Lab 5')").wait_for()
    choose(page, "Open in JupyterLab")
    page.wait_for_selector("#jp-top-panel", state="visible")
    page.wait_for_timeout(2000)  # what JupyterLab had open before comes back, if it had
    assert page.url.split("?")[0].endswith(LESSON)
    page.locator("text=Read as a page >> visible=true").click()
    page.locator(".faultlab-bar >> visible=true").wait_for()
    page.wait_for_function(f"""() => {NOTHING_OF_JUPYTERLAB}""")


def test_the_workshop_opens_on_the_notebook_that_was_left_for_it(browser, address):
    """JupyterLab brings back what was open before, here what another tab of the browser left."""
    first, second = new_page(browser), new_page(browser)
    open_notebook(first, address, "course/my_page.ipynb")
    open_notebook(second, address, LESSON)
    # JupyterLab writes its workspace after a while; what was opened of late is named in it before that.
    second.wait_for_function(
        """(name) => fetch('/lab/api/workspaces/default').then((answer) => answer.json()).then(({data}) =>
            JSON.stringify(data['layout-restorer:data']?.main ?? '').includes(name))""",
        arg=f"notebook:{LESSON}",
    )
    first.reload()
    wait_until_open(first)
    choose(first, "Open in JupyterLab")
    first.locator(".lm-DockPanel-tabBar li:has-text('05_reliability')").wait_for()
    first.wait_for_timeout(2000)
    assert first.url.split("?")[0].endswith("my_page.ipynb")
    assert first.locator(".jp-NotebookPanel-toolbar >> visible=true").count() == 1
    first.close()
    second.close()


def test_forced_colours_and_dark_keep_every_button_a_button(browser, address):
    page = browser.new_page(
        viewport={"width": 1280, "height": 800}, forced_colors="active", color_scheme="dark"
    )
    open_notebook(page, address, LESSON)
    button = page.locator(".slip button[type=submit]").first
    assert button.evaluate("(b) => getComputedStyle(b).borderTopStyle") == "solid"
    assert page.locator(".slip").first.evaluate("(b) => getComputedStyle(b).borderTopStyle") == "solid"
    page.close()


def test_a_bet_is_marked_on_the_picture_that_answers_it_and_stays_there(browser, address):
    page = new_page(browser)
    open_notebook(page, address, "course/00_start_here.ipynb")
    page.locator("[data-of='Bet: bad_year'] input").fill("300,000")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Your bet is saved")
    mark = page.locator(".bet-mark")
    assert mark.count() == 0
    assert turn_next_card(page)
    mark.wait_for()
    for end in (1_200_000, 3_000_000):  # the axis follows the value of an hour, and the mark follows the axis
        left, right, low, high = map(
            float, page.locator("svg:has(.bet-mark)").get_attribute("data-x").split()
        )
        assert (low, high) == (0, end)
        at = left + (right - left) * 300_000 / end
        assert mark.locator("path").get_attribute("d").startswith(f"M{at:g} ")
        page.get_by_label("Value of an hour, typed").fill("100000")
        page.keyboard.press("Enter")
        page.wait_for_selector("svg[data-x$=' 3e+06']")
    page.close()
