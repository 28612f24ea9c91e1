"""A lesson as a page: without JupyterLab's own parts, locked, and one click away from the workshop."""

import pytest
from jupyter_browser import (
    CHROMIUM,
    MISSING,
    TOKEN,
    choose,
    new_page,
    open_notebook,
    turn_next_card,
    wait_until_open,
)

from faultlab.classroom import Catalogue, read_codes

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


def test_a_double_click_in_the_file_browser_opens_a_page(browser, address):
    page = new_page(browser)
    page.goto(f"{address}/lab/tree/course?token={TOKEN}&reset")
    page.locator(".jp-DirListing-item:has-text('00_start_here.ipynb')").dblclick()
    wait_until_open(page)
    assert visible(page, CHROME) == []
    page.close()


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


def test_a_block_of_the_picture_is_broken_by_a_press_and_its_control_follows(page):
    shop = page.get_by_role("region", name="What brings the shop down?")
    shop.locator("[data-sets='dns:failed']").click()
    shop.get_by_text("DNS has failed, and the shop is down: no path is left.").wait_for()
    assert shop.get_by_role("group", name="DNS").get_by_label("failed").is_checked()
    shop.locator("[data-sets='dns:works']").click()
    shop.get_by_text("All six blocks work").wait_for()


def test_the_hood_is_folded_and_opens(page):
    button = page.locator(".faultlab-hood button").first
    code = page.locator(".jp-CodeCell .cm-content:visible")
    assert code.count() == 0
    title = page.locator(".faultlab-hood").first.inner_text()
    assert page.locator(".faultlab-hood").first.locator(":is(h2, h3) > button").inner_text() == title, (
        "its heading is its button, and is heard once"
    )
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


# A server that takes its time to list a folder; and what JupyterLab writes into the address.
SLOWLY = """const asked = fetch, push = history.pushState.bind(history);
window.fetch = async (...what) => {
  if (new URL(what[0].url ?? what[0], location).pathname.endsWith("/api/contents/course"))
    await new Promise((then) => setTimeout(then, MILLISECONDS));
  return asked(...what);
};
window.written = [];
history.pushState = (...what) => { push(...what); written.push(location.pathname); };"""


@pytest.mark.parametrize("seconds", [0, 0.8, 8])
def test_a_reload_finds_the_lesson_again_where_jupyterlab_remembers_another_visit(browser, address, seconds):
    """It then names the lesson's folder in the address, sooner or later, which would open its launcher."""
    for kept in (False, True):
        page = new_page(browser)
        page.add_init_script(SLOWLY.replace("MILLISECONDS", str(seconds * 1000 * kept)))
        with page.expect_request(lambda one: "/api/workspaces/" in one.url and one.method == "PUT"):
            page.goto(f"{address}/lab/tree/{LESSON}?token={TOKEN}{'' if kept else '&reset'}")
            wait_until_open(page)
        if kept:
            page.wait_for_function("written.some((path) => path.endsWith('/tree/course'))")
            page.wait_for_timeout(500)
            page.reload()
            wait_until_open(page)
        page.wait_for_function("(path) => location.pathname.endsWith(path)", arg=f"/doc/tree/{LESSON}")
        page.close()


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


def test_the_resume_code_is_there_before_any_answer_is_shown(browser, address):
    page = new_page(browser, height=800)
    open_notebook(page, address, "course/00_start_here.ipynb")
    choose(page, "My resume code")
    box = page.locator("dialog.resume-box")
    page.wait_for_selector("dialog.resume-box button:focus")
    assert not page.locator("[data-of='Keep your place']").is_visible(), (
        "it is sealed, as what it is below of"
    )
    assert read_codes(box.locator("code").inner_text(), Catalogue())[1] == []
    box.locator("button:has-text('Copy it')").click()
    box.locator("button:has-text('Copied')").wait_for()
    assert page.evaluate("getSelection().toString()") == box.locator("code").inner_text()
    page.keyboard.press("Escape")
    box.wait_for(state="detached")
    page.close()


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


FITS = """(bet) => {
    const words = document.createRange();
    words.selectNodeContents(bet);
    const {right, height} = words.getBoundingClientRect();
    const letters = parseFloat(getComputedStyle(bet).fontSize);
    return right <= bet.getBoundingClientRect().right && height < 1.5 * letters;
}"""


def test_a_bet_is_marked_on_the_picture_that_answers_it_and_stays_there(browser, address):
    page = new_page(browser)
    open_notebook(page, address, "course/00_start_here.ipynb")
    page.locator("[data-of='Bet: bad_year'] input").fill("5,000,000")
    page.keyboard.press("Enter")
    mine = page.locator("[data-of='Bet: bad_year'] .mybet:has-text('5,000,000 EUR')")
    mine.wait_for()
    assert mine.evaluate(FITS), "the largest bet stands in one line of its card"
    page.locator("[data-of='Bet: bad_year'] button:has-text('Change it')").click()
    page.locator("[data-of='Bet: bad_year'] input").fill("300,000")
    page.keyboard.press("Enter")
    page.locator("[data-of='Bet: bad_year'] .mybet:has-text('300,000 EUR')").wait_for()
    assert page.locator("[data-of='Bet: bad_year'] .mybet").evaluate(FITS)
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


# What is printed: what has no place on paper, texts too pale for it, tables narrower than the column.
ON_PAPER = """() => {
    const seen = (kind) => [...document.querySelectorAll(`.jp-Notebook ${kind}`)]
        .filter((one) => one.checkVisibility());
    const red = (one) => Number(/\\d+/.exec(getComputedStyle(one).color)[0]);
    const column = seen('.jp-RenderedMarkdown')[0].getBoundingClientRect().width;
    return {
        chrome: seen('button, .faultlab-controls, .cm-editor').length,
        pale: seen('p, td, th, li, h2').filter((one) => red(one) > 190).map((one) => one.textContent),
        narrow: seen('figure.wide').filter((one) => one.getBoundingClientRect().width < column - 1).length,
        tables: seen('figure.wide table').length,
        pictures: seen('.faultlab-picture svg').length,
    };
}"""


def test_a_lesson_that_is_read_in_the_dark_is_printed_dark_on_white(browser, address):
    page = new_page(browser)
    open_notebook(page, address, "course/03_amazon_traffic.ipynb")
    while turn_next_card(page):
        pass
    page.evaluate("document.body.dataset.jpThemeLight = 'false'")
    page.evaluate("document.documentElement.style.setProperty('--jp-ui-font-color1', 'white')")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 665, "height": 1000})  # A4 without its margins
    page.wait_for_timeout(500)
    printed = page.evaluate(ON_PAPER)
    page.close()
    assert printed["pictures"] >= 4
    assert printed["tables"] >= 3
    assert (printed["chrome"], printed["pale"], printed["narrow"]) == (0, [], 0)
