"""The course's words, explained where a page uses each first: by pointing, by keyboard and by touch."""

import pytest
from jupyter_browser import CHROMIUM, EXTENSION, MISSING, new_page, open_notebook

pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason=MISSING),
    pytest.mark.xdist_group("browser"),
]
STATIC = EXTENSION / "labextensions" / "faultlab" / "static"
TEXT = """<!doctype html><link rel="stylesheet" href="look.css">
<main class="look"><h2>A fault tree in a heading</h2>
<p id="one">Its error budgets are spent, <code>quota</code> and all.
<em>Diversity</em> helps; so does diversity. A <strong>fault tree</strong>.</p>
<p id="two">An error budget again. Each fault tree beats a fault. The slo, the SLO. Quotas. No-fault.</p>
</main>"""
WORDS = """# a remark
error budget: What may fail.
diversity: Not all alike.
fault: A cause.
fault tree: A drawing.
objective, SLO: How good.
quota: How much.
"""


@pytest.fixture(scope="module")
def page(browser):
    """A page that has the module and the look, and nothing of JupyterLab."""
    page = new_page(browser, width=400)

    def answer(route):
        name = route.request.url.rpartition("/")[2]
        if name:
            route.fulfill(path=STATIC / name)
        else:
            route.fulfill(content_type="text/html", body=TEXT)

    page.route("http://words.test/*", answer)
    page.goto("http://words.test/")
    page.evaluate("async () => { window.glossary = await import('/glossary.js'); }")
    page.evaluate("glossary.showExplanations(document.querySelector('main'))")
    mark(page)
    return page


def mark(page):
    page.evaluate("(text) => glossary.explainFirstUses([one, two], glossary.readGlossary(text))", WORDS)


def terms(page):
    return page.locator(".term").all_inner_texts()


def test_the_first_use_of_each_word_is_marked_and_no_other(page):
    assert terms(page) == ["error budgets", "fault", "SLO", "Quotas"]
    mark(page)
    assert terms(page) == ["error budgets", "fault", "SLO", "Quotas"], "twice is once"
    assert "error budgets are spent, quota and all" in page.locator("#one").inner_text()


def test_a_screen_reader_hears_the_sentence(page):
    term = page.locator(".term").first
    said = page.locator(f"#{term.get_attribute('aria-describedby')}")
    assert said.text_content() == "What may fail."
    assert term.get_attribute("role") == "button"
    assert term.get_attribute("tabindex") == "0"


def test_pointing_and_the_keyboard_show_it_and_escape_hides_it(page):
    box = page.locator(".term-box")
    assert not box.is_visible()
    page.locator(".term").nth(1).hover()
    assert box.inner_text() == "A cause."
    box.hover()
    assert box.is_visible(), "the box can be pointed at"
    page.locator("h2").hover()
    assert not box.is_visible()
    page.locator("h2").click()
    for said in ("What may fail.", "A cause.", "How good.", "How much."):
        page.keyboard.press("Tab")
        assert box.inner_text() == said
    page.keyboard.press("Escape")
    assert not box.is_visible()
    page.keyboard.press("Enter")
    assert box.is_visible()


def test_the_box_stays_on_a_narrow_screen(page):
    for i in range(page.locator(".term").count()):
        page.locator(".term").nth(i).focus()
        place = page.locator(".term-box").bounding_box()
        assert place["x"] >= 0
        assert place["x"] + place["width"] <= 400
        assert place["y"] >= 0


def test_a_finger_shows_it(browser, page):
    page.evaluate("document.activeElement.blur()")
    page.locator("#two .term").last.dispatch_event("click")
    assert page.locator(".term-box").inner_text() == "How much."


def test_a_lesson_marks_its_words_in_its_text(browser, address):
    page = new_page(browser)
    open_notebook(page, address, "course/05_reliability_block_diagrams.ipynb")
    page.wait_for_selector(".term")
    marked = [text.lower() for text in terms(page)]
    assert {"region", "checkout", "cdn"} <= {text.rstrip("s") for text in marked}
    assert len(marked) == len(set(marked)), "each once"
    page.locator(".term:visible").first.click()
    assert page.locator(".term-box").is_visible()
    page.close()
