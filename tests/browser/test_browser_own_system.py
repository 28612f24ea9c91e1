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


def test_what_is_typed_is_its_authors_judgement_until_an_origin_is_chosen(page, saved):
    part = entry(page, "components", "search_index")
    system = kept(page, saved, lambda system: "search_index.mtbf_hours" in system.origins)
    origin = system.origins["search_index.mtbf_hours"]
    assert (origin.kind, origin.source) == ("judgement", "the author of this review")
    assert system.origins["search_index.mttr_hours"].source == "operations"
    mine = part.locator(".from").first
    assert mine.locator("select").input_value() == "judgement"
    mine.locator("select").select_option("measured")
    mine.locator("text=Name the file").wait_for()
    mine.locator("input").fill("incidents.csv")
    part.locator('input[aria-label*="From one failure"]').nth(1).fill("6000")
    system = kept(page, saved, lambda system: system.numbers()["search_index.mtbf_hours"].high == 6000)
    assert system.origins["search_index.mtbf_hours"].source == "incidents.csv"


def test_objectives_and_spares_have_fields_and_origins_of_their_own(page, saved):
    journey = entry(page, "journeys", "search")
    journey.locator("label:has-text('A recovery may take') + input").fill("3")
    system = kept(page, saved, lambda system: "journey search.recovery_hours" in system.origins)
    assert system.origins["journey search.recovery_hours"].source == "the author of this review"
    assert system.origins["journey search.availability"].source == "terms of service"
    spares = entry(page, "groups", "web_servers")
    spares.locator("summary:has-text('More about these spares')").click()
    spares.locator('input[aria-label*="switch-overs"]').nth(2).fill("5")
    system = kept(page, saved, lambda system: system.groups["web_servers"].switch_over_fails.high == 0.05)
    assert system.origins["web_servers.switch_over_fails"].kind == "judgement"


def test_a_new_currency_says_that_amounts_stay_and_converts_them_when_asked(page, saved):
    box = page.locator(".own-system label:has-text('Currency') + input")
    box.fill("USD")
    said = page.locator(".own-system .rated")
    said.locator("text=1,000 EUR now counts as 1,000 USD").wait_for()
    system = kept(page, saved, lambda system: system.currency == "USD")
    assert system.journeys["web"].worth_per_hour == Range(5000, 12000, 25000)
    said.locator("input").fill("1.1")
    said.locator("button").click()
    system = kept(page, saved, lambda system: system.journeys["web"].worth_per_hour.likely == 13200)
    assert system.appetite.loss == 5_500_000
    assert system.scenarios["ransomware"].lasting_cost == Range(550_000, 2_200_000, 11_000_000)
    assert said.inner_text() == ""


def test_an_amount_with_a_point_for_thousands_is_read_or_asked_back(page, saved):
    worth = entry(page, "journeys", "web").locator('input[aria-label*="An hour without it"]')
    before = [box.input_value() for box in worth.all()]
    worth.nth(0).fill("1.500")  # in USD by now
    said = "I can't tell whether '1.500' means 1,500 or 1.5"
    entry(page, "journeys", "web").locator(f'.said:has-text("{said}")').wait_for()
    page.wait_for_selector(".own-system.refused")
    currency = page.locator(".own-system label:has-text('Currency') + input")
    currency.fill("EUR")
    worth.nth(0).fill("2.000")
    kept(page, saved, lambda system: system.journeys["web"].worth_per_hour.low == 2000)
    worth.nth(0).blur()
    assert worth.nth(0).input_value() == "2,000", "as it was read"
    currency.fill("USD")
    worth.nth(0).fill(before[0])
    page.wait_for_selector(".own-system:not(.refused)")


def test_what_cannot_be_read_is_answered_in_a_line_and_stays(page, saved):
    box = entry(page, "components", "cdn").locator('input[aria-label*="at least"]').first
    box.fill("ninety")
    refusal = page.locator(".own-system.refused .refusal:has-text('Parts, cdn')")
    refusal.wait_for()
    said = "I can't read 'ninety' as a percentage. Type a number from 0 to 100."
    part = entry(page, "components", "cdn")
    assert said in part.inner_text()
    assert f"Parts, cdn: {said} What stands" in refusal.inner_text(), "one field, one message"
    part.locator("summary").first.click()
    assert "ninety" not in part.locator("summary").first.inner_text()
    refusal.locator("button").click()
    part.locator(f'.said:has-text("{said}")').wait_for()
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
    until(page, "No journey needs new part yet")
    needs = entry(page, "journeys", "checkout")
    needs.locator("label:has-text('new part') input").check()
    kept(page, saved, lambda system: "new part" in system.journeys["checkout"].needs)
    added.locator("button:has-text('Take out this part')").click()
    system = kept(page, saved, lambda system: "new part" not in system.components)
    assert "new part" not in saved.read_text(encoding="utf-8")
    assert "identity" not in system.components


def test_what_was_taken_out_is_said_and_put_back_with_the_keyboard(page, saved):
    kept(page, saved, lambda system: "sign-in" in system.journeys["checkout"].needs)
    before = saved.read_text(encoding="utf-8")
    line, said = page.locator(".own-system .taken"), page.locator(".own-system > .unseen")
    assert said.get_attribute("role") == "status"
    entry(page, "components", "sign-in").locator("button:has-text('Take out this part')").focus()
    page.keyboard.press("Enter")
    assert line.inner_text().strip() == "Taken out: sign-in. Put it back"
    assert said.inner_text() == "Taken out: sign-in. You can put it back."
    kept(page, saved, lambda system: "sign-in" not in system.components)
    # What is taken out next comes back first; the line stands where its entry stood.
    entry(page, "scenarios", "ransomware").locator("button:has-text('Take out this scenario')").click()
    assert line.inner_text().strip() == "Taken out: ransomware. Put it back"
    assert line.locator("xpath=../h3").inner_text() == "Rare and large"
    for room, name in (("scenarios", "ransomware"), ("components", "sign-in")):
        line.locator("button").focus()
        page.keyboard.press("Enter")
        there = page.locator(f'.own-system details[data-entry="{room} {name}"] > summary')
        assert there.evaluate("(summary) => summary === document.activeElement")
        assert said.inner_text() == f"{name} is back."
    kept(page, saved, lambda _: saved.read_text(encoding="utf-8") == before)


def test_what_was_taken_out_can_be_put_back_where_the_eye_is(page, saved):
    def in_sight(locator):
        page.wait_for_timeout(500)  # whatever is drawn late has been
        box, height = locator.bounding_box(), page.viewport_size["height"]
        assert box["y"] >= 0, box
        assert box["y"] + box["height"] <= height, box
        for down in (0.2, 0.8):  # and no bar lies over it
            at = [box["x"] + 20, box["y"] + down * box["height"]]
            assert locator.evaluate("(one, at) => one.contains(document.elementFromPoint(...at))", at), box

    names = ("cdn", "dns", "search_index", "stock_service")
    for name in names:
        entry(page, "components", name)
    for name, width in ((names[-1], 1280), (names[1], 1280), (names[-1], 400), (names[1], 400)):
        page.set_viewport_size({"width": width, "height": 900})
        entry(page, "components", name).locator("button:has-text('Take out this part')").click()
        line = page.locator(".own-system .taken")
        in_sight(line.locator("button"))
        line.locator("button").click()
        in_sight(page.locator(f'.own-system details[data-entry="components {name}"] > summary'))
    page.set_viewport_size({"width": 1280, "height": 900})
    for name in names:
        page.locator(f'.own-system details[data-entry="components {name}"] > summary').click()
    kept(page, saved, lambda system: "dns" in system.components)


def test_a_new_journey_has_nothing_ticked_and_says_so(page, saved):
    said = ".own-system .refusal:has-text('Journeys, new journey: tick at least one part that it needs')"
    added = page.locator('.own-system details[data-entry="journeys new journey"]')
    name = added.locator("input").first

    def calm():
        for _ in range(100):
            if "new journey" in saved.read_text(encoding="utf-8"):
                break
            page.wait_for_timeout(100)
        page.wait_for_timeout(500)
        assert page.locator(".own-system.refused").count() == 0

    # Nothing is amiss before it is left, or something but its name is typed.
    page.locator(".own-system button:has-text('Add a journey')").click()
    assert name.evaluate("(box) => box === document.activeElement")
    calm()
    page.locator(".own-system label:has-text('Currency') + input").focus()
    page.wait_for_selector(said)
    added.locator("button:has-text('Take out this journey')").click()
    page.wait_for_selector(".own-system:not(.refused)")
    page.locator(".own-system button:has-text('Add a journey')").click()
    name.fill("new journey 7")
    page.locator('.own-system details[data-entry="journeys new journey 7"]').wait_for()
    calm()
    added = page.locator('.own-system details[data-entry="journeys new journey 7"]')
    added.locator("input").first.fill("new journey")
    added = page.locator('.own-system details[data-entry="journeys new journey"]')
    added.locator('input[aria-label*="at least"]').first.fill("200")
    page.wait_for_selector(said)
    assert added.locator(".names input:checked").count() == 0
    added.locator("label:has-text('cdn') input").check()
    page.wait_for_selector(".own-system:not(.refused)")
    kept(page, saved, lambda system: system.journeys["new journey"].needs == ("cdn",))
    added.locator("button:has-text('Take out this journey')").click()
    kept(page, saved, lambda system: "new journey" not in system.journeys)


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
    assert "average year costs" not in answers(page)
    while turn_next_card(page):
        page.wait_for_timeout(200)
    until(page, "An average year costs")
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
