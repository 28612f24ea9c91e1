"""Pages in a real browser, from disk: bets, answers, quiz, resume code, and pictures that are Python's."""

import shutil

import nbformat
import pytest
from jupyter_browser import CHROMIUM, MISSING, choose, turn_next_card
from small_course import NAME

from faultlab.cases.game_day import YearInPlay, read_game, score, write_game_code
from faultlab.classroom.learner import Catalogue, Progress, empty, resume_code, room_facts
from faultlab.classroom.notebook import keep_place
from faultlab.errors import BadInput
from faultlab.pages.check import check, open_page, served
from faultlab.pages.index import room_page
from faultlab.pages.site import Site

pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason=MISSING),
    pytest.mark.xdist_group("browser"),
]


@pytest.fixture
def page(browser, pages):
    with open_page(browser, pages.as_uri(), f"{NAME}.html") as page:
        yield page


def place_bet(page, text):
    page.locator(".slip input").first.fill(text)
    page.locator(".slip button:has-text('Place my bet')").first.click()


def test_pictures_are_python_s_from_disk_and_over_http(browser, small, pages):
    assert check(small, NAME, pages, browser) == 18
    with served(pages) as address:
        assert check(small, NAME, pages, browser, address) == 18


def test_an_explorer_that_was_changed_and_not_built_again_is_caught(browser, small, pages, tmp_path):
    shutil.copytree(small.course, tmp_path / "course")
    path = tmp_path / "course" / f"{NAME}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        cell.source = cell.source.replace(
            "square of {side * side:,} units", "square of {side * side + 1:,} units"
        )
    nbformat.write(notebook, path)
    with pytest.raises(
        BadInput, match=rf"{NAME}, cell 7: at .* another sentence than Python; build the page"
    ):
        check(Site(tmp_path / "course"), NAME, pages, browser)


def test_a_bet_is_placed_and_kept_and_its_answer_was_sealed(page):
    after = page.locator("text=The answer was 12.5.")
    assert not after.is_visible()
    assert page.locator(".faultlab-seal").count() == 1
    place_bet(page, "8,5 hours")
    page.locator("text=✓ Your bet is saved: 8.5 hours.").first.wait_for()
    page.reload()
    page.locator(".mybet:has-text('8.5 hours')").first.wait_for()
    assert turn_next_card(page)
    assert page.locator(".answer").first.inner_text() == "12.5\N{NO-BREAK SPACE}hours"
    assert page.locator(".off:has-text('32 % too low.')").is_visible()
    assert after.is_visible()
    assert turn_next_card(page), "the next answer is covered"
    page.locator("label:text-is('This one')").click()
    page.locator(".quiz button:has-text('Check')").click()
    assert page.locator(".quiz .status").inner_text() == "✓ Right."


def test_what_can_not_be_read_as_a_bet_is_said_in_the_words_of_the_lessons(page):
    place_bet(page, "many")
    page.wait_for_function("() => document.querySelector('.slip .status').textContent.startsWith('I can')")
    said = "I can't read 'many' as a number in hours. Type a number from 0 to 100."
    assert page.locator(".slip .status").first.inner_text() == said


def test_a_resume_code_goes_to_a_notebook_and_back(page, browser, pages, tmp_path):
    empty = page.locator(".resume").text_content()
    place_bet(page, "50")
    while turn_next_card(page):
        pass
    page.locator(".resume").hover()
    page.wait_for_function("(empty) => document.querySelector('.resume').textContent !== empty", arg=empty)
    code = page.locator(".resume").inner_text()
    assert code.startswith("FT4-")
    with open_page(browser, pages.as_uri(), f"{NAME}.html") as other:
        other.locator("input[id$=code]").evaluate("(box, code) => { box.value = code; }", code)
        other.locator("button:has-text('Restore')").evaluate("(button) => button.click()")
        other.wait_for_function("() => document.body.textContent.includes('✓ Restored')")
        other.reload()
        other.locator(".mybet").first.wait_for()
    page.locator("input[id$=team]").fill("Red 7")
    page.locator("button:has-text('Use this team')").click()
    page.locator("text=✓ Team red-7.").wait_for()
    code = page.locator(".resume").inner_text()
    # The small course is not the course: a notebook knows the team, and says what it hasn't got.
    place = keep_place(Progress(tmp_path))
    place.restore(code)
    assert "team red-7" in place.status
    with open_page(browser, pages.as_uri(), f"{NAME}.html") as other:
        other.locator("input[id$=code]").evaluate("(box, code) => { box.value = code; }", code)
        other.locator("button:has-text('Restore')").evaluate("(button) => button.click()")
        other.wait_for_function("() => document.body.textContent.includes('✓ Restored, team red-7.')")


def test_the_first_page_says_where_one_is_and_what_is_next(browser, pages):
    with open_page(browser, pages.as_uri(), "index.html") as index:
        assert index.locator(".go a").inner_text() == "Begin with lesson 0"
        assert index.locator(".state").inner_text() == ""
        index.locator(".go a").click()
        index.wait_for_function("() => performance.getEntriesByName('ready').length")
        place_bet(index, "50")
        index.goto(f"{pages.as_uri()}/index.html")
        assert index.locator(".state").inner_text() == " · begun, 1 bet placed"
        assert index.locator(".go a").inner_text() == "Go on with lesson 0"
        assert not index.locator(".take").is_visible(), "from a disk there is nothing to take along"


def test_without_javascript_text_pictures_tables_and_folded_answers_can_be_read(browser, pages):
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{pages.as_uri()}/{NAME}.html")
    assert page.locator("h1").is_visible()
    assert page.locator(".faultlab-still svg").first.is_visible()
    assert page.locator("text=The answer was 12.5.").is_visible()
    answer = page.locator("details:has-text('It is 12.5 hours.') p").first
    assert not answer.is_visible(), "the question of an answer is folded with it"
    assert page.locator("text=Is it this one?").first.is_visible()
    assert page.locator("summary:has-text('The code')").first.is_visible()
    page.close()


def test_the_hood_the_code_and_dark(page):
    while turn_next_card(page):
        pass
    assert not page.locator("pre:has-text('print(1 + 1)')").is_visible()
    page.locator(".faultlab-hood button").click()
    assert page.locator("pre:has-text('print(1 + 1)')").is_visible()
    choose(page, "Dark or light")
    assert page.evaluate("getComputedStyle(document.body).colorScheme") == "dark"
    page.reload()
    page.wait_for_function("() => getComputedStyle(document.body).colorScheme === 'dark'")


def test_the_resume_code_is_two_clicks_away(page):
    place_bet(page, "8.5 hours")
    choose(page, "My resume code")
    page.wait_for_selector("h2#code:has-text('Keep your place')")
    assert page.url.endswith("index.html#code")
    assert page.locator(".place ~ .resume").inner_text().startswith("FT4-")


def test_a_slider_goes_by_keyboard_and_says_what_it_can_not_reach(page):
    while turn_next_card(page):
        pass
    explorer = page.locator(".faultlab-explorer")
    explorer.locator("input[type=range]").focus()
    page.keyboard.press("ArrowRight")
    assert explorer.locator(".faultlab-sentence").inner_text() == "A red square of 6.25 units."
    explorer.locator("input.typed").fill("3.7")
    page.keyboard.press("Enter")
    assert explorer.locator(".said").inner_text() == "Nearest: 3.5."
    assert explorer.locator(".faultlab-sentence").inner_text() == "A red square of 12.25 units."


def test_after_a_first_visit_the_pages_open_without_a_network(browser, pages):
    context = browser.new_context()
    page = context.new_page()
    with served(pages) as address:
        page.goto(f"{address}/index.html")
        page.wait_for_function(
            "navigator.serviceWorker.ready.then((found) => found.active.state === 'activated')"
        )
    page.goto(f"{address}/{NAME}.html")
    page.locator(".slip input").first.wait_for()
    context.close()


def test_a_room_sees_its_bets_before_the_answer_and_then_who_was_where(browser, small, pages):
    learners = [(8, 0.2, True), (12.5, 0.3, True), (90, 0.9, False)]
    codes = [
        resume_code.write(
            empty()
            | {"team": f"team-{round(hours)}"}
            | {"bets": {"00": {"copies": {"bet": hours}, "likely": {"bet": share}}}}
            | {"quiz": {"00": {"q1": {"right": right}}}},
            Catalogue(small.course),
        )
        for hours, share, right in learners
    ]
    with open_page(browser, pages.as_uri(), "room.html") as page:
        page.get_by_role("button", name="Show the room").click()
        assert page.locator(".status").inner_text().startswith("Paste the codes first")
        page.locator("textarea").first.fill("\n".join([*codes, codes[0], "good morning"]))
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.locator(".status").inner_text() == "3 learners."
        assert page.locator("summary:has-text('2 lines to look at')").count() == 1
        bet = page.locator(".bet").first
        assert bet.locator("circle").count() == 3
        assert "12.5" not in page.locator(".shown").inner_text()
        said = bet.locator(".said").inner_text().replace("\N{NO-BREAK SPACE}", " ")
        assert said == "3 bets, from 8.7 hours to 91.3 hours."
        bet.get_by_role("button", name="Show the answer").click()
        assert bet.locator(".said").inner_text() == "It is 12.5 hours. 1 close, 1 too low and 1 too high."
        assert list(filter(None, page.locator(".bars b").all_inner_texts())) == ["2 of 3 right"]
        assert not page.locator("textarea").first.is_visible(), "names stand beside the codes of a chat"
        page.locator("summary:has-text('The codes')").click()
        page.locator("summary:has-text('Vote again')").click()
        page.locator("textarea").nth(1).fill(codes[1])
        page.get_by_role("button", name="Show the room").click()
        bet.get_by_role("button", name="Show the answer").click()
        assert bet.locator("circle").count() == 4
        assert bet.locator(".said").inner_text().endswith("After the discussion: 1 close.")


def test_a_room_of_companies_is_told_no_answer_and_that_nobody_is_off(browser, tmp_path):
    catalogue, codes = Catalogue(), []
    for learner in range(4):
        bets = {"own_year": {"bet": 10_000 * 4**learner}, "promise_kept": {"bet": 0.9}}
        codes.append(
            resume_code.write(empty() | {"team": f"team-{learner}", "bets": {"10": bets}}, catalogue)
        )
    (tmp_path / "room.html").write_text(room_page(room_facts(catalogue, ["10"])), encoding="utf-8")
    with open_page(browser, tmp_path.as_uri(), "room.html") as page:
        page.locator("textarea").first.fill("\n".join(codes))
        page.get_by_role("button", name="Show the room").click()
        own, kestrel = page.locator(".bet").all()
        assert own.locator("circle").count() == 4
        assert own.locator(".said").inner_text().startswith("4 bets, from ")
        assert (
            own.locator(".said").inner_text().endswith("Each has an answer of their own, on their own card.")
        )
        assert not own.get_by_role("button").is_visible()
        assert "of their own" not in kestrel.locator(".said").inner_text()
        kestrel.get_by_role("button", name="Show the answer").click()
        assert kestrel.locator(".said").inner_text().endswith("4 too high.")


def test_a_wall_shows_bets_and_league_in_letters_for_the_last_row(browser, tmp_path):
    """A thirty-sixth of the picture's height, which is a letter of 4 cm on a wall of 1.5 m."""
    catalogue = Catalogue()
    game = read_game(catalogue.course / "data" / "game_day.yaml", catalogue.course / "kestrel.yaml")
    lines = []
    for team, bought in (("idle", []), ("red", ["alerts", "on_call", "staged"])):
        year = YearInPlay(game, "board", seed=998)
        while not year.over:
            if year.pending:
                year.decide(0)
            else:
                year.begin([] if year.quarter else bought)
        lines.append(f"{team} 10:31 {write_game_code(year, score(year))}")
    data = empty() | {"team": "team-1", "bets": {"00": {"bad_year": {"bet": 400_000}}}}
    lines.append(resume_code.write(data, catalogue))
    (tmp_path / "room.html").write_text(room_page(room_facts(catalogue, ["00"])), encoding="utf-8")
    with open_page(browser, tmp_path.as_uri(), "room.html") as page:
        page.set_viewport_size({"width": 1920, "height": 1080})
        page.locator("textarea").first.fill("\n".join(lines))
        page.get_by_role("button", name="Show the room").click()
        assert page.locator(".status").inner_text() == "1 learner and 2 finished games."
        teams = page.locator(".bars li > span")
        assert teams.all_inner_texts() == ["1. red", "2. idle"]
        assert "luckier than" in page.locator(".bars small").first.inner_text()
        least = page.evaluate(TALL, [".bars span", ".bars b", ".said"])
        page.get_by_role("button", name="0 Start here").click()
        least = min(least, page.evaluate(TALL, [".bet h3", ".said", ".faultlab-scale text"]))
        assert least >= 1080 / 36
        page.set_viewport_size({"width": 400, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= 400


# The smallest letters of some elements, in pixels of the wall: a picture is scaled.
TALL = """(all) => Math.min(...all.flatMap((one) => [...document.querySelectorAll(one)]).map((it) =>
    parseFloat(getComputedStyle(it).fontSize) * (it.getScreenCTM ? it.getScreenCTM().d : 1)))"""
