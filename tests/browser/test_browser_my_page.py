"""My page in a real browser: what is typed in a lesson stays, and leaves on a sheet, in a file, as text."""

import json
import re
from itertools import pairwise
from pathlib import Path

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
from optional import peer

from faultlab.classroom.learner import verify
from faultlab.classroom.learner.catalogue import Catalogue
from faultlab.classroom.learner.progress import Progress, empty

axe_playwright_python = peer("axe_playwright_python")

COURSE = Path(__file__).parents[2] / "course"
LESSON = "course/05_reliability_block_diagrams.ipynb"
MINE = "[data-of='My page']"
DECISION = "[data-of='Your decision']"
MONDAY = "[data-of='Questions for Monday']"
CHOICE = "Refuse as it stands, and put two questions to the supplier"
WHY = "The sum counts the CDN twice"
TAKEN = (
    CHOICE,
    WHY,
    "Ann Example",
    "Head of platform",
    "4 December 2026",
    "532,000 to 798,000 EUR",
    "3 hours",
    "10.1 hours",
)
"""What was typed, chosen and worked out, and has to be wherever the page goes."""

SEEN = """(of, what) => [...document.querySelector(of).querySelectorAll(what)]
    .filter((one) => one.checkVisibility())"""

LESSONS = len(list(COURSE.glob("[0-9][0-9]_*.ipynb")))
pytestmark = [pytest.mark.skipif(not CHROMIUM, reason=MISSING), pytest.mark.xdist_group("browser")]


@pytest.fixture(scope="module")
def page(browser, address):
    """A company typed in on My page; then lesson 05, its first bet placed and every card turned."""
    page = new_page(browser)
    open_notebook(page, address, "course/my_page.ipynb")
    own = page.locator(f"{MINE} .company")
    own.locator("input").nth(0).fill("Acme")
    own.locator("input").nth(3).fill("60k")
    own.locator("input").nth(4).fill("40,000")
    own.locator("button").click()
    own.get_by_text("put the smaller one first").wait_for()
    own.locator("input").nth(3).fill("40k")
    own.locator("input").nth(4).fill("60.000 EUR")
    own.locator("button").click()
    own.get_by_text("✓ Saved.").wait_for()
    open_notebook(page, address, LESSON)
    bet = page.locator("[data-of='Bet: second_region']")
    bet.locator("input").fill("3")
    bet.locator("button[type=submit]").click()
    bet.get_by_text("saved").wait_for()
    while turn_next_card(page):
        pass
    return page


def test_a_decision_is_signed_with_the_keyboard_alone(page):
    card = page.locator(DECISION)
    card.locator("button:has-text('Sign')").focus()
    page.keyboard.press("Enter")
    card.get_by_text("Choose what you would sign.").wait_for()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    assert card.locator("input[type=radio]").nth(1).is_checked()
    page.keyboard.press("Enter")
    card.get_by_text("type yours").wait_for()
    page.keyboard.type("Ann Example")
    card.locator("label:has-text('Why') input").focus()
    page.keyboard.type(WHY)
    assert card.locator(".ours").is_hidden(), "what we would sign sways nobody beforehand"
    page.keyboard.press("Enter")
    card.get_by_text("✓ Signed by Ann Example").wait_for()
    assert card.locator(".ours").is_visible()
    assert page.evaluate("document.activeElement.textContent") == "Change it"


def test_the_learners_figures_stand_beside_kestrels(page):
    table = page.locator(f"{DECISION} table")
    assert [cell.inner_text() for cell in table.locator("thead th").all()][1:] == ["Kestrel", "Acme"]
    saved = table.locator("tr:has-text('second region saves')")
    assert [cell.inner_text() for cell in saved.locator("td").all()] == [
        "665,000\N{NO-BREAK SPACE}EUR",
        "532,000 to 798,000\N{NO-BREAK SPACE}EUR",
    ]
    # The lesson's own table, which Python worked out at Kestrel's hour, says the same.
    assert page.locator("figure td:text-is('665,000 EUR')").count() == 1


def test_a_name_and_a_date_on_monday_are_there_after_a_reload(page):
    line = page.locator(f"{MONDAY} li").nth(1)
    line.locator("input[type=text]").fill("Head of platform")
    line.locator("input[type=date]").fill("2026-12-04")
    page.locator(MONDAY).get_by_text("✓ Saved.").wait_for()
    page.reload()
    wait_until_open(page)
    line = page.locator(f"{MONDAY} li").nth(1)
    page.wait_for_function("(place) => document.querySelectorAll(`${place} li`).length === 3", arg=MONDAY)
    assert line.locator("input[type=text]").input_value() == "Head of platform"
    assert line.locator("input[type=date]").input_value() == "2026-12-04"
    card = page.locator(DECISION)
    assert card.locator("input:checked").get_attribute("value") == CHOICE
    assert card.locator("label:has-text('Why') input").input_value() == WHY


def test_an_empty_date_prints_nothing(page):
    page.emulate_media(media="print")
    empty_one, filled = (page.locator(f"{MONDAY} input[type=date]").nth(i) for i in (0, 1))
    colour = "(box) => getComputedStyle(box).color"
    assert empty_one.evaluate(colour) == "rgba(0, 0, 0, 0)"
    assert filled.evaluate(colour) != "rgba(0, 0, 0, 0)"
    page.emulate_media(media="screen")


def test_my_page_shows_all_of_it(page):
    page.locator(f"{MONDAY} a").click()
    page.locator(f"{MINE} h2").first.wait_for()
    page.locator(f"{MINE} .ledger").first.wait_for()
    assert page.locator("#jp-top-panel").is_hidden()
    said = page.locator(MINE).inner_text().replace("\N{NO-BREAK SPACE}", " ")
    assert [
        one for one in TAKEN if one not in said and one not in ("Head of platform", "4 December 2026")
    ] == []
    line = page.locator(f"{MINE} .monday li").nth(1)
    assert line.locator("input[type=text]").input_value() == "Head of platform"
    assert line.locator("input[type=date]").input_value() == "2026-12-04"
    assert f"You have done 1 of {LESSONS} lessons." in said
    assert page.locator(f"{MINE} .lessons .done").text_content() == "5 Reliability block diagrams, done"
    here = "'.jp-NotebookPanel:not(.lm-mod-hidden)'"
    ranks = page.evaluate(f"({SEEN})({here}, 'h1, h2, h3').map((head) => Number(head.tagName[1]))")
    assert ranks[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(ranks))


def pages_of(pdf):
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))


def test_the_browsers_own_print_gives_one_sheet_for_a_lesson_and_for_the_course(page):
    for which in ("", "05"):
        page.locator(f"{MINE} select").select_option(which)
        assert pages_of(page.pdf(prefer_css_page_size=True)) == 1
    assert page.locator(".faultlab-sheets").count() == 0, "the sheet goes when it is printed"


def test_the_file_opens_by_itself_and_holds_the_same(page, browser, tmp_path):
    page.locator(f"{MINE} select").select_option("05")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save it as a file").click()
    file = tmp_path / "mine.html"
    download.value.save_as(file)
    asked = []
    alone = browser.new_page(java_script_enabled=False)
    alone.on("request", lambda request: asked.append(request.url))
    alone.goto(file.as_uri())
    said = alone.locator("main").inner_text()
    assert [one for one in TAKEN if one not in said] == []
    assert asked == [file.as_uri()], "nothing is loaded from anywhere"
    assert alone.locator("h1").inner_text() == "Reliability block diagrams: what can you promise?"
    assert alone.locator("h1").evaluate("(h) => getComputedStyle(h).fontFamily").startswith("Charter")
    assert pages_of(alone.pdf(prefer_css_page_size=True)) == 1
    alone.close()


def test_a_certificate_is_saved_with_a_code_that_python_verifies(page, address, tmp_path):
    open_notebook(page, address, "course/my_page.ipynb")
    button = page.get_by_role("button", name="Save the certificate")
    button.click()
    page.get_by_text("A certificate has a name on it").wait_for()
    page.get_by_label("My name, as it should stand there").fill("  Ann   Example ")
    with page.expect_download() as loading:
        page.keyboard.press("Enter")
    loading.value.save_as(tmp_path / "certificate.html")
    text = (tmp_path / "certificate.html").read_text(encoding="utf-8")
    assert "<h1>Ann Example</h1>" in text
    assert "Lesson 5, Reliability block diagrams" in text
    assert verify(tmp_path / "certificate.html")[0]
    (tmp_path / "more.html").write_text(text.replace("1 bet", "9 bets"), encoding="utf-8")
    assert not verify(tmp_path / "more.html")[0]


def test_ten_decisions_say_what_is_right_after_the_second_form_alone(browser, address):
    pairs = Catalogue(COURSE).pairs
    page = new_page(browser)
    open_notebook(page, address, "course/before_and_after.ipynb")
    forms = page.locator(".ten-decisions > section")

    def hand_in(number, places):
        form = forms.nth(number)
        for place, chosen in enumerate(places):
            form.locator("fieldset").nth(place).locator("input").nth(chosen).check()
        form.get_by_role("button", name="Hand in my answers").focus()
        page.keyboard.press("Enter")

    page.locator(".bar p", has_text="10 min left").wait_for()
    said = page.locator(".ten-decisions").inner_text()
    hand_in(0, [pair.before.correct[0] if place < 4 else 0 for place, pair in enumerate(pairs[:9])])
    page.get_by_text("1 of the ten is open. Press again").wait_for()
    page.keyboard.press("Enter")
    page.get_by_text("What was right is said when").wait_for()
    said += page.locator(".ten-decisions").inner_text()
    assert not [pair.idea for pair in pairs if pair.idea in said]
    page.locator("summary", has_text="The ten after the course").click()
    page.locator(".ten-decisions p", has_text="You have not begun lessons 1, 2, 3").wait_for()
    hand_in(1, [pair.after.correct[0] for pair in pairs])
    page.locator(".ten-decisions .gained li").first.wait_for()
    shown = page.locator(".ten-decisions .gained").inner_text()
    assert "with 1 left out, and after it 10. What is left out counts as missed." in shown
    assert page.locator(".gained .left-out").all_inner_texts() == ["○ before: left out"]
    assert page.locator(".gained .pairs > li").last.locator(".left-out").count() == 1
    assert re.search(r"a gain of 100\s%", shown)
    assert [pair.idea for pair in pairs if pair.idea not in shown] == []
    assert page.evaluate("document.activeElement.className") == "faultlab-sentence"
    page.close()


def test_the_text_holds_the_same_and_can_be_had_without_the_clipboard(page):
    box = page.locator(f"{MINE} textarea")
    copy = page.get_by_role("button", name="Copy it as text")
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); }")
    copy.click()
    page.wait_for_function(
        "(box) => document.activeElement === document.querySelector(box)", arg=f"{MINE} textarea"
    )
    assert page.evaluate("getSelection().toString().length") == len(box.input_value())
    assert [one for one in TAKEN if one not in box.input_value()] == []
    page.evaluate("() => { navigator.clipboard.writeText = async (text) => { window.copied = text; }; }")
    copy.click()
    page.get_by_text("✓ Copied").wait_for()
    assert page.evaluate("window.copied") == box.input_value()
    assert box.is_hidden()


def test_nothing_is_cut_off_or_without_a_name_on_a_narrow_window_in_light_and_dark(page):
    page.set_viewport_size({"width": 400, "height": 800})
    page.wait_for_timeout(300)
    out = "filter((one) => one.getBoundingClientRect().right > 401 && !one.closest('.scroll'))"
    assert (
        page.evaluate(f"(of) => ({SEEN})(of, '*').{out}.map((one) => one.outerHTML.slice(0, 80))", MINE) == []
    )
    page.evaluate((Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8"))
    for light in ("true", "false"):
        page.evaluate("(light) => { document.body.dataset.jpThemeLight = light; }", light)
        found = page.evaluate("async (of) => (await axe.run({include: [[of]]})).violations", MINE)
        assert [one["id"] for one in found] == []
    page.evaluate("document.body.dataset.jpThemeLight = 'true'")
    page.set_viewport_size({"width": 1280, "height": 900})
    pressed = "'button, select, input, .lessons a'"
    small = f"(of) => ({SEEN})(of, {pressed}).filter((one) => one.getBoundingClientRect().height < 24).length"
    assert page.evaluate(small, MINE) == 0


def test_lesson_00_says_where_one_is_and_the_bar_leads_to_my_page(page, address):
    open_notebook(page, address, "course/00_start_here.ipynb")
    card = page.locator("[data-of='Where you are']")
    card.get_by_text(f"You have done 1 of {LESSONS} lessons.").wait_for()
    assert card.locator("a:has-text('lesson 0, Start here')").get_attribute("href") == "00_start_here.ipynb"
    choose(page, "My page")
    page.locator(f"{MINE} h2").first.wait_for()


BOARD_SAID = (
    "125,000 EUR a year saves us 1.25 million EUR in outages; a year that costs 5 million EUR or more goes "
    "from 12 in 100 to 4 in 100."
)
GAME_SAID = (
    "Storm, year number 99999: it cost 1.2 million EUR. You decided better than 72 % of plans drawn at "
    "random, and you were unlucky: 34 % of the other years cost more."
)
GAME_CODE = "GD1-7K3MN-9QRST-2VWXY-4Z5AB"
GAINED = (
    "0 of 10 were right, with 9 left out, and after it 9, with 1 left out. What is left out counts as missed."
)


def everything():
    """A progress in which every box is as full as it can be."""
    catalogue, data = Catalogue(COURSE), empty()
    data["company"] = {"name": "A" * 40, "users": [200_000, 250_000], "worth": [40_000, 60_000]}
    for path in sorted(COURSE.glob("[0-9][0-9]_*.ipynb")):
        number = path.stem[:2]
        data["bets"][number] = {
            id: {"bet": bet.options[0], "truth": bet.options[-1]}
            if bet.kind == "choice"
            else {"bet": bet.low, "truth": bet.high}
            for id, bet in catalogue.bets(number).items()
        }
        longest = max((way.text for way in catalogue.decision(number).options), key=len)
        data["decisions"][number] = {
            "choice": longest,
            "name": "Ann Example, who signs a lot of papers",
            "date": "2026-11-28",
            "reason": "because it can be undone " * 5,
        }
        data["monday"][number] = {
            str(i): {"name": f"Person {number}, {i}, of engineering", "date": "2026-12-02"} for i in (1, 2, 3)
        }
        data["figures"][number] = {
            f"What lesson {number} counts in a year, as it says": {"hours": 13.3, "kestrel": 50_000}
        }
        data["quiz"][number] = {id: {"right": True} for id in catalogue.quiz(number)}
        data["tasks"][number] = {
            task: {"outcome": "correct", "solution": True} for task in catalogue.tasks(number)
        }
    data["board"]["10"] = {
        "company": "A" * 40,
        "said": BOARD_SAID,
        "date": "2026-12-02",
        "file": "board_page.html",
    }
    data["monday"]["11"]["game"] = {"code": GAME_CODE, "finished": {"code": GAME_CODE, "said": GAME_SAID}}
    data["before_and_after"] = {
        "before": {catalogue.pairs[0].id: {"chosen": ""}},
        "after": {
            pair.id: {"chosen": pair.after.options[pair.after.correct[0]].text}
            for pair in catalogue.pairs[:9]
        },
    }
    return data


def test_the_fullest_course_is_still_one_sheet(browser, address, root, tmp_path):
    full = everything()
    saved = Progress(root / "progress")
    before = saved.read()
    saved.change(lambda data: data.update(json.loads(json.dumps(full))))
    (saved.place / "board_page.html").write_text(
        "<!doctype html><title>The board's</title>", encoding="utf-8"
    )
    page = new_page(browser)
    open_notebook(page, address, "course/my_page.ipynb")
    page.locator(f"{MINE} .ledger").first.wait_for()
    try:
        for which in ("", "01", "06", "10", "11"):
            page.locator(f"{MINE} select").select_option(which)
            assert pages_of(page.pdf(prefer_css_page_size=True)) == 1
        lines = page.locator(f"{MINE} p.came")
        assert lines.count() == 3
        told = " ".join(lines.all_inner_texts()).replace("\N{NO-BREAK SPACE}", " ")
        assert [
            one for one in (BOARD_SAID, "2 December 2026", GAME_SAID, GAME_CODE, GAINED) if one not in told
        ] == []
        with page.expect_popup() as opened:
            page.get_by_role("link", name="Open the page").click()
        assert opened.value.title() == "The board's"
        opened.value.close()
        page.locator(f"{MINE} select").select_option("")
        page.get_by_role("button", name="Copy it as text").click()
        text = page.locator(f"{MINE} textarea").input_value()
        assert [
            one for one in (BOARD_SAID, GAME_CODE, "Ten decisions before and after:") if one not in text
        ] == []
        # Asked once: what is known of the company is told, and the form waits behind a fold.
        assert page.locator(f"{MINE} .company button").is_hidden()
        assert page.get_by_text(
            "200,000 to 250,000 users, an hour is worth 40,000 to 60,000"
        ).first.is_visible()
        page.get_by_label("My name, as it should stand there").fill("N" * 60)
        with page.expect_download() as loading:
            page.keyboard.press("Enter")
        loading.value.save_as(tmp_path / "certificate.html")
        alone = browser.new_page()
        alone.goto((tmp_path / "certificate.html").as_uri())
        assert f"{LESSONS} of {LESSONS} lessons finished" in alone.locator("li").first.inner_text()
        assert pages_of(alone.pdf(prefer_css_page_size=True)) == 1
        alone.close()
        page.locator(f"{MINE} summary", has_text="Change it").click()
        assert page.locator(f"{MINE} .company button").is_visible()
    finally:
        saved.change(lambda data: data.update(before))
        page.close()
