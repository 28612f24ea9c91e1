"""The game day is played to its end with the keyboard alone, on a telephone's width, and is kept."""

import json

from jupyter_browser import go_to_notebook, new_page, wait_until_open

GAME = ".faultlab-game"
NEXT = """([game, after]) => document.querySelector(`${game} .debriefing`)
    || [...document.querySelectorAll(`${game} button`)]
        .some((one) => ['Decide', after].includes(one.textContent))"""


def test_a_year_is_played_by_keyboard(browser, address, root):
    page = new_page(browser, width=400, height=900)
    go_to_notebook(page, address, "course/11_game_day.ipynb")
    wait_until_open(page)
    game = page.locator(GAME).first
    game.locator("select").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"{GAME} input[type=checkbox]:focus")  # the first measure
    page.keyboard.press("Space")
    for quarter in range(1, 5):
        game.locator(f"button:has-text('Begin quarter {quarter}')").press("Enter")
        after = "Begin quarter" if quarter < 4 else "the end"
        while True:
            page.wait_for_function(NEXT, arg=[GAME, f"{after} {quarter + 1}"])
            if not game.locator("button:has-text('Decide')").count():
                break
            code = game.locator(".resume").inner_text()
            game.locator("input[type=radio]").first.press("Space")
            game.locator("button:has-text('Decide')").press("Enter")
            page.wait_for_function(
                "([game, code]) => document.querySelector(`${game} .resume`).textContent !== code",
                arg=[GAME, code],
            )
    assert "of all plans" in game.locator(".debriefing").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    kept = json.loads((root / "progress" / "progress.json").read_text(encoding="utf-8"))["monday"]["11"]
    assert kept["game"]["code"] == game.locator(".resume").inner_text()
    assert kept["1"]["question"].endswith("?")
    page.close()
