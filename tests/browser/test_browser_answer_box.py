"""A decision of a lab answered in its box, in JupyterLab, as someone does who reads no code."""

import json
from pathlib import Path

import nbformat
import pytest
from jupyter_browser import CHROMIUM, MISSING, OPENING, choose, new_page, open_notebook, wait_until_idle
from optional import peer

from faultlab.analysis.fmea import read_fmea
from faultlab.classroom import tasks_of

axe_playwright_python = peer("axe_playwright_python")

ROOT = Path(__file__).parents[2]
AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
LAB = "labs/08_metrics.ipynb"
MINUTES = "What an objective allows in a month"
LETTERS = "Better, or lucky?"
pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason=MISSING),
    pytest.mark.xdist_group("browser"),
]


@pytest.fixture(scope="module")
def page(browser, address):
    """Lab 08, opened, in a narrow window."""
    page = new_page(browser, width=400, height=1000)
    open_notebook(page, address, LAB)
    return page


def box(page, label):
    """The box of a question, brought into view."""
    found = page.locator(f".faultlab-answer:has-text('{label}')")
    for _ in range(60):
        if found.count():
            break
        page.locator(".jp-Notebook").first.hover()
        page.mouse.wheel(0, 600)
        page.wait_for_timeout(100)
    found.scroll_into_view_if_needed()
    return found


def verdict(page, task):
    return page.locator(f".jp-CodeCell:has-text('check.{task}(')").locator(".jp-OutputArea")


def saved(page, root, name):
    """The source of the cell that assigns a name, in the file as it is saved now."""
    page.keyboard.press("Control+s")
    page.wait_for_selector(".jp-mod-dirty", state="detached")
    while not (text := (root / LAB).read_text(encoding="utf-8")):
        page.wait_for_timeout(50)  # it is just being written
    sources = [cell.source for cell in nbformat.reads(text, as_version=4).cells]
    return next(source for source in sources if source.startswith(f"{name} ="))


def test_an_untouched_lab_shows_empty_boxes_and_no_code_but_its_own(page):
    field = box(page, MINUTES).get_by_label(MINUTES)
    assert field.input_value() == ""
    assert verdict(page, "minutes_a_month").inner_text().strip().startswith("○ Not started")
    assert not page.locator(".cm-content:has-text('minutes =')").is_visible()


def test_what_is_typed_is_checked_at_once_and_saved_as_plain_code(page, root):
    field = box(page, MINUTES).get_by_label(MINUTES)
    field.focus()
    page.keyboard.type("70 minutes")
    page.keyboard.press("Enter")
    verdict(page, "minutes_a_month").locator("text=Try again").wait_for()
    field.fill("86,4 minutes")
    page.keyboard.press("Enter")
    verdict(page, "minutes_a_month").locator("text=Correct").wait_for()
    heard = box(page, MINUTES).locator("[role=status]")
    heard.locator(f"text=Correct: {MINUTES}. You answered 86.4 minutes.").wait_for()
    page.wait_for_function("(said) => said.textContent === ''", arg=heard.element_handle())
    assert saved(page, root, "minutes") == "minutes = 86.4  # in a month"


def test_what_cannot_be_read_is_not_written_and_the_old_verdict_is_called_old(page, root):
    place = box(page, MINUTES)
    field = place.get_by_label(MINUTES)
    field.fill("86.4 hours")
    field.press("Enter")
    place.locator("text=I can't read '86.4 hours' as a number in minutes").wait_for()
    assert field.get_attribute("aria-invalid") == "true"
    assert said_before(page), "the verdict on 86.4 stands as if it were current"
    assert saved(page, root, "minutes") == "minutes = 86.4  # in a month"
    field.fill("86.4")
    field.press("Enter")
    place.locator("text=You answered 86.4 minutes.").wait_for()
    assert not said_before(page)


def said_before(page):
    shown = "getComputedStyle(document.querySelector('.faultlab-stale .jp-OutputArea'), '::before').content"
    stale = page.locator(".faultlab-stale:has-text('check.minutes_a_month(')").count()
    return bool(stale) and page.evaluate(shown) == '"On your earlier answer:"'


def right_option():
    """The numbers of the lab's question with letters, and the letter that is right."""
    task = tasks_of("08_metrics")["better_or_lucky"]
    numbers = task.numbers("kestrel", "08_metrics")
    return numbers, task.reference(numbers)


def test_a_letter_is_picked_with_the_keyboard_and_heard_with_its_option(page, root):
    letters = box(page, LETTERS).locator("input[type=radio]")
    numbers, right_letter = right_option()
    right = "ABCD".index(right_letter)
    for letter in "ABCD":
        option = box(page, LETTERS).get_by_label(f"{letter} {getattr(numbers, letter)}")
        assert option.get_attribute("value") == letter
    letters.nth((right - 1) % 4).focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    verdict(page, "better_or_lucky").locator("text=Correct").wait_for()
    assert saved(page, root, "decide").startswith(f'decide = "{right_letter}"')


def test_a_report_on_the_shipped_file_is_typed_each_number_into_its_own_field(page, root):
    place = box(page, "Your own incidents")
    for label, number in (("Incidents", "18"), ("Down minutes", "1435,0"), ("Unreadable", "")):
        place.get_by_label(label, exact=True).fill(number)
    place.locator("button:has-text('Check')").click()
    place.locator("text=Type a number for unreadable, then press Enter.").wait_for()
    assert place.get_by_label("Unreadable").evaluate("field => field === document.activeElement")
    page.keyboard.type("1")
    page.keyboard.press("Enter")
    verdict(page, "own_file").locator("text=Correct").wait_for()
    source = saved(page, root, "report")
    assert '    "incidents": 18,\n    "down_minutes": 1435,\n    "unreadable": 1,\n}' in source


def test_a_file_of_ones_own_is_chosen_and_counted_without_code(page, root, tmp_path):
    own = tmp_path / "mine.csv"
    own.write_text(
        "start,end\n2026-08-03 10:00,2026-08-03 11:00\n2026-08-03 10:30,2026-08-03 11:30\nlate,x\n"
    )
    place = box(page, "Your own incidents")
    place.locator("input[type=file]").set_input_files(own)
    place.locator("text=mine.csv is beside this notebook now.").wait_for()
    assert (root / "labs" / "mine.csv").read_bytes() == own.read_bytes()
    place.get_by_label("From", exact=True).fill("2026-08-02")
    place.locator("button:has-text('Count it for me')").click()
    verdict(page, "own_file").locator("text=incidents 2, down minutes 90, unreadable 1").wait_for()
    assert saved(page, root, "report").startswith('report = {\n    "file": "mine.csv",  #')
    place.locator("input[type=file]").set_input_files(root / LAB)
    place.locator("text=could not be kept: choose one that ends in .csv").wait_for()


def test_a_worksheet_of_ones_own_is_chosen_and_counted_without_code(browser, address, tmp_path):
    own = tmp_path / "sheet.csv"
    ratings = ((10, 7, 2), (8, 4, 3), (3, 3, 3), (2, 2, 2), (9, 8, 9))
    own.write_text(
        "item,failure_mode,effect,severity,occurrence,detection\n"
        + "".join(f"part {i},fails,stops,{s},{o},{d}\n" for i, (s, o, d) in enumerate(ratings))
    )
    high = [row for row in read_fmea(own) if row.action_priority == "H"]
    missed = sum(row.rpn < 200 for row in high)
    page = new_page(browser, width=400, height=1000)
    open_notebook(page, address, "labs/07_fmea.ipynb")
    place = box(page, "Your own worksheet")
    place.locator("input[type=file]").set_input_files(own)
    place.locator("text=sheet.csv is beside this notebook now.").wait_for()
    place.locator("button:has-text('Count it for me')").click()
    counted = f"rows {len(ratings)}, high {len(high)}, missed {missed}"
    verdict(page, "own_worksheet").locator(f"text={counted}").wait_for()
    page.close()


def test_a_tree_of_ones_own_is_written_as_an_outline_and_is_there_after_a_reload(browser, address):
    page = new_page(browser, width=400, height=1000)
    open_notebook(page, address, "labs/06_fault_tree_analysis.ipynb")
    place = page.locator(".faultlab-answer:has(textarea)")
    area = place.locator("textarea")
    area.fill("can't pay: any of")
    area.press("End")
    lines = ("provider is down", "key expired", "no server: all of", "server 1 fails", "server 2 fails")
    for line in (*lines, "server 3 fails"):
        page.keyboard.press("Enter")
        page.keyboard.type(line)
    written = area.input_value()
    assert written.splitlines()[1:4] == ["    provider is down", "    key expired", "    no server: all of"]
    assert written.splitlines()[4] == "        server 1 fails", "what stands under a colon is indented"
    place.get_by_label("provider is down").check()
    place.locator("button:has-text('Check')").click()
    page.locator(".jp-CodeCell:has-text('check.own_tree(') .jp-OutputArea >> text=5 events").wait_for()
    page.wait_for_selector(".jp-mod-dirty", state="detached")
    open_notebook(page, address, "labs/06_fault_tree_analysis.ipynb")
    assert area.input_value() == written
    assert place.get_by_label("provider is down").is_checked()
    page.close()


def test_the_summary_follows_and_everything_is_there_again_after_reopening(page, address):
    summary = page.locator(".jp-CodeCell:has-text('check.summary()') .jp-OutputArea")
    page.keyboard.press("Escape")
    box(page, "What outages cost in an average year")
    while not summary.count():
        page.mouse.wheel(0, 800)
        page.wait_for_timeout(100)
    summary.locator("text=decisions 4 of").wait_for()
    open_notebook(page, address, LAB)
    assert box(page, MINUTES).get_by_label(MINUTES).input_value() == "86.4"
    assert box(page, LETTERS).locator("input:checked").get_attribute("value") == right_option()[1]


def test_boxes_fit_a_narrow_window_and_have_no_serious_accessibility_violation(page):
    for label in (LETTERS, "Release on the tenth?"):
        placed = box(page, label).bounding_box()
        assert placed["x"] >= 0
        assert placed["x"] + placed["width"] <= 400
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        """async () => {
            const ours = {include: [['.faultlab-answer']]};
            const {violations} = await axe.run(ours, {resultTypes: ['violations']});
            return violations.map((found) => [found.impact, found.id, found.nodes[0].html.slice(0, 200)]);
        }"""
    )
    assert [v for v in found if v[0] in ("serious", "critical")] == [], json.dumps(found)


def test_own_code_is_left_in_sight_without_a_box_and_shows_each_outcome(page):
    place = box(page, MINUTES)
    place.locator("text=Show the code").click()
    cell = page.locator(".jp-CodeCell:has(.cm-content:has-text('minutes ='))").first
    outcomes = (("...", "Not started"), ("9 * 11_111", "Try again"), ("43_200 * 0.002", "Correct"))
    for typed, outcome in outcomes:
        cell.locator(".cm-content").click()
        page.keyboard.press("Control+A")
        page.keyboard.insert_text(f"minutes = {typed}")
        page.keyboard.press("Shift+Enter")
        page.keyboard.press("Shift+Enter")
        verdict(page, "minutes_a_month").locator(f"text={outcome}").wait_for()
        assert place.is_visible() == (typed == "...")
        assert cell.locator(".cm-content").is_visible()


def test_a_box_opens_the_lab_anew_after_a_restart(page):
    choose(page, "Run it again")
    page.wait_for_selector(OPENING)
    wait_until_idle(page)
    field = box(page, "From MTBF and MTTR to availability").locator("input")
    field.fill("99,367 %")
    page.keyboard.press("Enter")
    verdict(page, "two_parts").locator("text=Correct").wait_for()
    wait_until_idle(page)
