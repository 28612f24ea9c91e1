"""The game day is played to its end with the keyboard alone, on a telephone's width, and is kept."""

import json
import re

import pytest
from jupyter_browser import CHROMIUM, MISSING, go_to_notebook, new_page, wait_until_open

pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason=MISSING),
    pytest.mark.xdist_group("browser"),
]
GAME = ".faultlab-game"
NEXT = """([game, after]) => document.querySelector(`${game} .debriefing`)
    || [...document.querySelectorAll(`${game} button`)]
        .some((one) => ['Decide', after].includes(one.textContent))"""
CAME = f"{GAME} form button:text-matches('^(Next event|On to quarter|To the debriefing)')"
LEFT = "Number(/(\\d+) min left/.exec(document.querySelector('.faultlab-bar').textContent)[1])"


IN_SIGHT = """() => {
    const [line, box, bar] = ['.faultlab-game .budget', '.faultlab-game :focus', '.faultlab-bar']
        .map((one) => document.querySelector(one).getBoundingClientRect());
    return [line.top >= bar.bottom, line.bottom <= innerHeight, line.height < 50,
        box.top >= bar.bottom, box.bottom <= line.top];
}"""
HELD = "getComputedStyle(document.querySelector('.faultlab-game .budget')).position"


def minutes_left(page):
    """What the bar says of the lesson."""
    return page.evaluate(LEFT)


def begin(browser, address, height):
    """A telephone with a year that has just begun."""
    page = new_page(browser, width=400, height=height)
    go_to_notebook(page, address, "course/11_game_day.ipynb")
    wait_until_open(page)
    game = page.locator(GAME).first
    leave = game.locator("button:has-text('Another game')")
    if leave.is_visible():  # another test has played
        leave.press("Enter")
    game.locator("select").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    return page, game


def test_the_budget_stays_in_sight_while_measures_are_ticked(browser, address):
    """And no box that has the focus lies behind it, up or down the list."""
    page, game = begin(browser, address, height=700)
    line, boxes = game.locator(".budget"), game.locator("input[type=checkbox]")
    line.wait_for()
    for width, height in ((400, 700), (1280, 700)):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(300)
        boxes.last.focus()  # what has the focus already doesn't move into sight
        boxes.first.focus()
        for key in ("Tab", "Shift+Tab"):
            for place in range(boxes.count()):
                assert page.evaluate(IN_SIGHT) == [True] * 5, (width, key, place)
                if place < boxes.count() - 1:
                    page.keyboard.press(key)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    for place in range(6, boxes.count()):
        boxes.nth(place).press("Space")
    assert re.fullmatch(r"[\d,]+ EUR too much: take something back\.", line.inner_text())
    assert page.evaluate(IN_SIGHT)[:2] == [True, True]
    page.emulate_media(forced_colors="active")
    clear = "getComputedStyle(document.querySelector('.faultlab-game .budget')).backgroundColor"
    assert page.evaluate(clear) in ("rgb(0, 0, 0)", "rgb(255, 255, 255)")  # nothing shines through
    page.emulate_media(forced_colors="none", media="print")
    assert page.evaluate(HELD) == "static"
    page.close()


def test_a_year_is_played_by_keyboard(browser, address, root):
    page, game = begin(browser, address, height=900)
    page.wait_for_selector(f"{GAME} p:focus")  # what may come, then its table, then the first measure
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.wait_for_selector(f"{GAME} input[type=checkbox]:focus")
    page.keyboard.press("Space")
    assert "One costs" in game.inner_text()
    left_before = minutes_left(page)
    for quarter in range(1, 5):
        if quarter == 3:  # what is yours can be stopped, and its money is there again
            had = game.locator("form p.row").inner_text()
            game.locator("input[type=checkbox]:checked").first.press("Space")
            assert game.locator("form p.row").inner_text() != had
        game.locator(f"button:has-text('Begin quarter {quarter}')").press("Enter")
        after = "Begin quarter" if quarter < 4 else "the end"
        while True:
            page.wait_for_function(NEXT, arg=[GAME, f"{after} {quarter + 1}"])
            if not game.locator("button:has-text('Decide')").count():
                break
            code = game.locator(".resume").inner_text()
            game.locator("input[type=radio]").first.press("Space")
            game.locator("button:has-text('Decide')").press("Enter")
            page.wait_for_selector(CAME)
            assert game.locator(".resume").inner_text() != code
            assert game.locator("h4:focus").count() == 1  # what came of it, until somebody goes on
            assert "You decided: " in game.locator("form").inner_text()
            page.locator(CAME).press("Enter")
    judged = r"plans drawn at random( do better than yours)?, and (you were|luck did)"
    assert re.search(judged, game.locator(".debriefing").inner_text())
    page.wait_for_function(f"{LEFT} < {left_before} - 40")
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    kept = json.loads((root / "progress" / "progress.json").read_text(encoding="utf-8"))["monday"]["11"]
    assert kept["game"]["code"] == game.locator(".resume").inner_text()
    assert kept["1"]["question"].endswith("?")
    page.close()
