"""The form of lesson 10 in a real browser: every letter is saved and answered, and the page is written."""

import pytest
from jupyter_browser import CHROMIUM, MISSING, new_page, open_notebook, turn_next_card

from faultlab.analysis.systems import Range, read_system
from faultlab.errors import BadInput

pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason=MISSING),
    pytest.mark.xdist_group("browser"),
]


@pytest.fixture(scope="module")
def page(browser, address):
    page = new_page(browser)
    open_notebook(page, address, "course/10_resilience_review.ipynb")
    page.wait_for_selector(".own-system .faultlab-picture svg")
    return page


@pytest.fixture(scope="module")
def saved(root):
    return root / "progress" / "my_system.yaml"


def entry(page, room, name):
    """An entry of the form, open."""
    found = page.locator(f'.own-system details[data-entry="{room} {name}"]')
    if found.get_attribute("open") is None:
        found.locator("summary").first.click()
    return found


def kept(page, saved, holds):
    """Wait until the file makes a system of which something holds; the system."""
    for _ in range(100):
        try:
            system = read_system(saved)
        except BadInput:
            system = None  # what is half typed
        if system is not None and holds(system):
            return system
        page.wait_for_timeout(100)
    raise AssertionError(saved.read_text(encoding="utf-8"))


def answers(page):
    return page.locator(".own-system .answers").inner_text()


def until(page, says):
    """Wait until the answers say something."""
    page.wait_for_function(
        "(says) => document.querySelector('.own-system .answers').innerText.includes(says)", arg=says
    )


def test_a_number_that_is_typed_moves_the_answers_and_is_saved(page, saved):
    assert not saved.exists()
    box = entry(page, "components", "search_index").locator('input[aria-label*="From one failure"]')
    box.nth(0).fill("50")
    box.nth(1).fill("5000")
    box.nth(2).fill("500")
    until(page, "Saved in")
    wanted = Range(50, 500, 5000)
    kept(page, saved, lambda system: system.components["search_index"].life["mtbf_hours"] == wanted)
    page.wait_for_selector(".own-system:not(.refused)")


def test_what_cannot_be_read_is_answered_in_a_line_and_stays(page, saved):
    box = entry(page, "components", "cdn").locator('input[aria-label*="at least"]').first
    box.fill("ninety")
    page.wait_for_selector(".own-system.refused .refusal:has-text('Parts, cdn')")
    assert "can't read 'ninety'" in entry(page, "components", "cdn").inner_text()
    assert "ninety" in saved.read_text(encoding="utf-8")
    box.fill("99,9 %")
    page.wait_for_selector(".own-system:not(.refused)")
    kept(page, saved, lambda system: system.components["cdn"].availability.low == 0.999)


def test_a_new_name_goes_everywhere_and_a_part_can_be_added_and_taken_out(page, saved):
    needs = entry(page, "journeys", "checkout")
    entry(page, "components", "identity").locator("input").first.fill("sign-in")
    until(page, "checkout")
    needs.locator("label:has-text('sign-in')").wait_for()
    kept(page, saved, lambda system: "sign-in" in system.journeys["checkout"].needs)
    page.locator(".own-system button:has-text('Add a part')").click()
    added = page.locator('.own-system details[data-entry="components new part"]')
    assert added.get_attribute("open") is not None
    needs = entry(page, "journeys", "checkout")
    needs.locator("label:has-text('new part') input").check()
    kept(page, saved, lambda system: "new part" in system.journeys["checkout"].needs)
    added.locator("button:has-text('Take it out')").click()
    system = kept(page, saved, lambda system: "new part" not in system.components)
    assert "new part" not in saved.read_text(encoding="utf-8")
    assert "identity" not in system.components


def test_a_part_of_which_there_are_several_becomes_spares_wherever_it_is_needed(page, saved):
    entry(page, "components", "stock_service").locator("button:has-text('several')").click()
    page.wait_for_selector('.own-system details[data-entry="groups stock_services"][open]')
    system = kept(page, saved, lambda system: "stock_services" in system.groups)
    assert system.groups["stock_services"].of == "stock_service"
    assert "stock_services" in system.services["stock"].needs
    assert "stock_service" not in system.services["stock"].needs


def test_a_template_is_taken_and_its_year_is_told_after_the_bet(page, saved):
    page.locator(".own-system .begin select").select_option("bank_payments")
    page.locator(".own-system .begin button").first.click()
    page.wait_for_selector('.own-system details[data-entry="journeys pay_by_card"]')
    assert "average year costs about" not in answers(page)
    while turn_next_card(page):
        page.wait_for_timeout(200)
    until(page, "An average year costs about")
    until(page, "What carries the loss")
    until(page, "Worth buying")
    kept(page, saved, lambda system: system.company == "A bank's payments")
    assert saved.with_name("my_system_before.yaml").exists()


def test_the_page_is_written_and_opens(page, saved):
    button = page.locator(".board-button button")
    button.scroll_into_view_if_needed()
    button.click()
    page.wait_for_selector(".board-button a", timeout=60_000)
    with page.context.expect_page() as opened:
        page.locator(".board-button a").first.click()
    opened.value.wait_for_selector("article.board")
    assert "A bank's payments" in opened.value.title()
    assert saved.with_name("board_page.html").exists()
