"""Lesson 08 and its lab in JupyterLab, in a real browser, as a learner meets them."""

from pathlib import Path

import pytest
from jupyter_browser import CHROMIUM, MISSING, choose, new_page, open_notebook, turn_next_card

from faultlab.classroom import read_lesson_file
from faultlab.views.kit import script

ROOT = Path(__file__).parents[2]
KIT = ROOT / "faultlab/views/kit"
NINES = "section[aria-label='What does an availability allow?']"
pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason=MISSING),
    pytest.mark.xdist_group("browser"),
]


@pytest.fixture(scope="module")
def lesson(browser, address):
    page = new_page(browser)
    open_notebook(page, address, "course/08_metrics.ipynb")
    return page


def sentence(page, explorer=NINES):
    return page.locator(f"{explorer} .faultlab-sentence").inner_text()


def scroll_to(page, selector):
    """Bring something into view; JupyterLab draws what is far away only when it comes near."""
    for _ in range(60):
        if page.locator(selector).count():
            page.locator(selector).first.scroll_into_view_if_needed()
            return
        page.locator(".jp-Notebook").first.hover()
        page.mouse.wheel(0, 700)
        page.wait_for_timeout(150)
    raise AssertionError(f"{selector} never came into view")


def test_the_lesson_opens_alive_with_its_code_folded(lesson):
    assert lesson.locator(".jp-NotebookPanel .cm-content:visible").count() == 0
    assert lesson.locator(".jp-RenderedText[data-mime-type$=stderr]").count() == 0
    assert lesson.locator("text=model not found").count() == 0
    still = lesson.locator(".faultlab-still").first
    assert not still.is_visible(), "the live picture takes the place of the still one"


def test_one_click_shows_the_code_and_another_folds_it(lesson):
    choose(lesson, "Show the code")
    lesson.wait_for_selector(".jp-NotebookPanel .cm-content:visible")
    choose(lesson, "Fold the code")
    lesson.wait_for_function(
        "![...document.querySelectorAll('.jp-CodeCell .cm-content')].some(c => c.offsetParent)"
    )


def test_a_bet_is_placed_with_the_keyboard_alone_and_comes_back_scored(lesson):
    form = "section[data-of='Bet: lucky_improvement']"
    scroll_to(lesson, form)
    lesson.locator(f"{form} input").focus()
    lesson.keyboard.type("44")
    lesson.keyboard.press("Enter")
    lesson.wait_for_function(
        "(place) => document.querySelector(place).textContent.includes('saved')", arg=f"{form} [role=status]"
    )


def test_the_summary_of_all_bets_follows_when_a_result_is_uncovered(lesson):
    result = "section[data-of='Your bet: lucky_improvement']"
    scroll_to(lesson, result)
    lesson.locator(result).locator("text=Show the result").click()
    answer = lesson.locator(f"{result} .answer")
    answer.wait_for()
    assert answer.evaluate("(answer) => answer === document.activeElement")
    described = lesson.locator(f"#{answer.get_attribute('aria-describedby')}").inner_text()
    assert "44 %" in described.replace("\N{NO-BREAK SPACE}", " ")
    assert "Spot on." in described
    assert lesson.locator(f"{result} [role=status]").inner_text() == "", "the answer is heard once"
    while turn_next_card(lesson):
        pass
    summary = "section[data-of='Your bets so far']"
    scroll_to(lesson, summary)
    lesson.locator(summary).locator("text=After 2 more bets you see here how you bet.").wait_for()


def test_the_slider_moves_the_picture(lesson):
    scroll_to(lesson, NINES)
    before = lesson.locator(f"{NINES} .faultlab-picture").inner_html()
    slider = lesson.locator(f"{NINES} input[type=range]").first
    slider.focus()
    lesson.keyboard.press("ArrowRight")
    lesson.wait_for_function(
        "([place, old]) => document.querySelector(place).innerHTML !== old",
        arg=[f"{NINES} .faultlab-picture", before],
    )
    assert sentence(lesson).startswith("At 99.95 %, the service may be down for 4.38 hours")
    assert slider.get_attribute("aria-valuetext") == "99.95 %"


@pytest.mark.parametrize(
    ("place", "typed", "shown", "said"),
    [
        (0, "99", "99", ""),
        (0, "99.95 percent", "99.95", ""),
        (0, "99,9 %", "99.9", ""),
        (0, "5 k", "5 k", "I can't read '5 k' as a percentage. Type a number from 99 to 99.999."),
        (1, "20k", "20000", ""),
        (1, "€50,000", "50000", ""),
        (1, "0.1m EUR", "100000", ""),
        (1, "12 345,6", "12345.6", ""),
        (1, "9m", "9m", "I read 9,000,000. Type a number from 1,000 to 200,000."),
    ],
)
def test_a_value_can_be_typed_as_people_write_it(lesson, place, typed, shown, said):
    box = lesson.locator(f"{NINES} input.typed").nth(place)
    box.fill(typed)
    box.press("Enter")
    note = lesson.locator(f"{NINES} .faultlab-control .said").nth(place)
    lesson.wait_for_function("([note, said]) => note.textContent === said", arg=[note.element_handle(), said])
    assert box.input_value() == shown


def test_what_can_mean_two_numbers_is_asked_back_with_both(browser):
    """In a picture of its own: no picture of the lessons has a range so wide."""
    page = new_page(browser)
    page.evaluate(
        """async (source) => {
            const { default: widget } = await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
            const control = { name: "minutes", label: "It lasts", kind: "slider", unit: "min", values: [1, 60, 100000], between: true };
            const values = { title: "One slider", controls: [control], state: { minutes: 60 }, frame: { svg: "", sentence: "", table: "" } };
            window.moves = [];
            const model = { get: (name) => values[name], on() {}, off() {}, send: ({ move }) => move && moves.push(move.minutes) };
            widget.render({ model, el: document.body });
        }""",  # noqa: E501
        script(KIT / "explorer.js"),
    )
    box, note = page.locator("input.typed"), page.locator(".said")
    for typed, said in (
        ("43,200", "I can't tell whether '43,200' means 43200 or 43.200. Write one of these."),
        ("2 hours", "I can't read '2 hours' as a number in min. Type a number from 1 to 100,000."),
        ("43.200", ""),
        ("43200 minutes", ""),
    ):
        box.fill(typed)
        box.press("Enter")
        assert note.inner_text() == said
    assert page.evaluate("moves") == [43.2, 43200]


def test_a_quiz_answers_every_option_with_its_own_words_by_the_keyboard_alone(lesson):
    asked = read_lesson_file(ROOT / "course" / "08_metrics.yaml").quiz[1]
    scroll_to(lesson, f".faultlab-form fieldset:has-text('{asked.text[:40]}')")
    form = lesson.locator(".faultlab-form form", has=lesson.locator(f"legend:has-text('{asked.text[:40]}')"))
    for place, option in reversed(list(enumerate(asked.options))):
        field = form.locator("input").nth(place)
        field.focus()
        lesson.keyboard.press("Space")
        lesson.keyboard.press("Enter")
        kind = "right" if option.correct else "wrong"
        said = form.locator(f".option:nth-of-type({place + 1}) .feedback.{kind}")
        said.wait_for()
        assert said.inner_text().endswith(option.feedback.removeprefix("Right. "))
        assert field.get_attribute("aria-describedby") == said.get_attribute("id")


def test_nothing_that_we_draw_has_a_serious_accessibility_violation(lesson):
    import axe_playwright_python

    source = Path(axe_playwright_python.__file__).parent / "axe.min.js"
    scroll_to(lesson, NINES)
    lesson.evaluate(source.read_text(encoding="utf-8"))
    found = lesson.evaluate(
        """async () => {
            const ours = {include: [['.faultlab-explorer'], ['.faultlab-form'], ['figure']]};
            const {violations} = await axe.run(ours, {resultTypes: ['violations']});
            return violations.map((found) => [found.impact, found.id, found.nodes[0].html.slice(0, 200)]);
        }"""
    )
    assert [v for v in found if v[0] in ("serious", "critical")] == []


def test_a_narrow_window_has_room_for_the_lesson(browser, address):
    page = new_page(browser, width=400, height=800)
    open_notebook(page, address, "course/08_metrics.ipynb")
    while turn_next_card(page):
        pass
    scroll_to(page, NINES)
    drawn = page.locator(f"{NINES} .faultlab-picture svg").bounding_box()
    assert drawn["width"] > 300
    assert drawn["x"] >= 0
    assert drawn["x"] + drawn["width"] <= 400
    box = page.locator(f"{NINES} input.typed").first.bounding_box()
    assert box["x"] + box["width"] <= 400


def test_a_lab_is_ready_when_it_is_opened_and_a_hint_is_one_key_away(browser, address):
    page = new_page(browser, width=400)
    open_notebook(page, address, "labs/08_metrics.ipynb")
    help_form = page.locator("section[aria-label^='Help']").first
    help_form.wait_for()
    assert page.locator("h1").first.is_visible(), "the reader stays at the top"
    help_form.locator("button").first.focus()
    page.keyboard.press("Enter")
    help_form.locator("text=Hint 1 of").wait_for()
    # The learner's own cells alone can be written into.
    choose(page, "Show the code")
    page.wait_for_selector(".jp-CodeCell .cm-content:visible")
    cells = page.evaluate(
        """() => [...document.querySelectorAll('.jp-Cell .cm-content')].map((one) =>
            [one.textContent, one.isContentEditable && one.getAttribute('aria-readonly') !== 'true'])"""
    )
    ours = {
        mine for text, mine in cells if text.startswith(("check.", "from faultlab.classroom import open_lab"))
    }
    own = {mine for text, mine in cells if text.startswith(("minutes =", "decide ="))}
    assert (ours, own) == ({False}, {True})
