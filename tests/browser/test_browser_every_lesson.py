"""Every lesson in a real browser on a narrow window: it opens alive, fits, moves, and keeps its secrets."""

import re
from pathlib import Path

import nbformat
import pytest
from jupyter_browser import (
    CHROMIUM,
    MISSING,
    go_to_notebook,
    new_page,
    turn_next_card,
    wait_until_open,
)
from optional import peer

from faultlab.classroom import read_lesson_file

axe_playwright_python = peer("axe_playwright_python")

ROOT = Path(__file__).parents[2]
LESSONS = sorted(path.stem for path in (ROOT / "course").glob("[0-9][0-9]_*.ipynb"))
AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
NARROW = 400
AHEAD = 3
"""Lessons that open while another is looked at: most of their time is waiting."""
pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason=MISSING),
    pytest.mark.xdist_group("browser, every lesson"),
]

# What we draw, in the part of a lesson that JupyterLab holds in the page just now; each thing once.
VIOLATIONS = """async () => {
    const kinds = ['.faultlab-explorer', '.faultlab-form', 'figure'];
    const include = kinds.flatMap((kind) => [...document.querySelectorAll(`${kind}:not([data-judged])`)]);
    if (!include.length) return [];
    include.forEach((found) => { found.dataset.judged = 'true'; });
    const {violations} = await axe.run({include}, {resultTypes: ['violations']});
    return violations.filter((found) => ['serious', 'critical'].includes(found.impact))
        .map((found) => found.id + ': ' + found.nodes[0].html.slice(0, 200));
}"""
# Pictures that stand out of the window, and letters of less than twelve pixels in what can be seen of them.
UNREADABLE = """(width) => {
    const pictures = [...document.querySelectorAll('.faultlab-picture svg, figure svg')];
    return pictures.flatMap((svg) => {
        const box = svg.getBoundingClientRect();
        if (!box.width) return [];
        const says = (svg.getAttribute('aria-label') || svg.textContent).slice(0, 60);
        if (box.left < 0 || box.right > width + 1) return ['out of the window: ' + says];
        const scale = box.width / (svg.viewBox.baseVal.width || box.width);
        const size = (text) => parseFloat(getComputedStyle(text).fontSize) * scale;
        const small = [...svg.querySelectorAll('text')].find((text) => size(text) < 12);
        return small ? [`${size(small).toFixed(1)} px: ${small.textContent}, in: ${says}`] : [];
    });
}"""
# Whatever can be seen or heard of a lesson, but for the slips on which its bets are placed.
SEEN = """() => {
    const slips = [...document.querySelectorAll('.slip')];
    slips.forEach((slip) => { slip.style.visibility = 'hidden'; });
    const page = document.querySelector('.jp-Notebook');
    const named = [...page.querySelectorAll('[alt], [aria-label], [aria-valuetext], input[type=text]')]
        .filter((one) => one.checkVisibility({visibilityProperty: true}))
        .map((one) => [one.alt, one.ariaLabel, one.ariaValueText, one.value].join(' '));
    const text = [page.innerText, ...named].join('\\n');
    slips.forEach((slip) => { slip.style.visibility = ''; });
    return text;
}"""
# Something can be moved, placed or started on the first screen of a laptop.
FIRST_CONTROL = """() => ['.slip', '.faultlab-explorer']
    .flatMap((kind) => [...document.querySelectorAll(`${kind} input, ${kind} button`)])
    .some((one) => one.checkVisibility() && one.getBoundingClientRect().bottom <= innerHeight)"""
NUMBER = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?:\.\d+)?|(?<![\d.,])\d+(?:\.\d+)?")
# JupyterLab puts into the page what comes near: wait until for a tenth of a second nothing new has come.
SETTLED = """() => new Promise((done) => {
    const end = () => { watch.disconnect(); clearTimeout(quiet); clearTimeout(latest); done(); };
    const watch = new MutationObserver(() => { clearTimeout(quiet); quiet = setTimeout(end, 100); });
    let quiet = setTimeout(end, 100);
    const latest = setTimeout(end, 1000);
    watch.observe(document.body, {childList: true, subtree: true});
})"""
# What went wrong in a cell.
ERRORS = ".jp-OutputArea-output[data-mime-type$=stderr], .jp-mod-error"


@pytest.fixture(scope="module")
def opened(request, browser, address):
    """Gives the page of a lesson once it is open."""
    wanted = [
        item.callspec.params["lesson"]
        for item in request.session.items
        if getattr(item, "module", None) is request.module
    ]
    pages = {}

    def give(lesson):
        place = wanted.index(lesson)
        for name in wanted[place : place + 1 + AHEAD]:
            if name not in pages:
                pages[name] = new_page(browser, width=NARROW, height=900)
                go_to_notebook(pages[name], address, f"course/{name}.ipynb")
        wait_until_open(pages[lesson])
        return pages[lesson]

    return give


@pytest.mark.parametrize("lesson", LESSONS)
def test_lesson(opened, lesson):
    page = opened(lesson)
    page.wait_for_selector(".faultlab-explorer .faultlab-picture svg", state="attached")
    assert page.locator("h1").first.is_visible(), "the reader stays at the top"
    page.set_viewport_size({"width": 1280, "height": 800})
    page.wait_for_function(FIRST_CONTROL, timeout=5_000)
    page.set_viewport_size({"width": NARROW, "height": 900})
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = set()
    for bet, truth in answers_of(lesson):
        found.update(
            f"{bet.id} is given away: {seen}" for seen in given_away(page.evaluate(SEEN), bet, truth)
        )
        page.wait_for_selector(f"[data-of='Your bet: {bet.id}']", state="attached")
        assert turn_next_card(page), f"the answer of {bet.id} can't be seen"
    assert not turn_next_card(page)
    moved = moves_by_keyboard(page)
    for _ in range(60):
        found.update(page.evaluate(VIOLATIONS))
        found.update(page.evaluate(UNREADABLE, NARROW))
        found.update(page.locator(ERRORS).all_inner_texts())
        if not scroll_on(page):
            break
    page.close()
    assert moved, "no slider of the lesson changes a picture"
    assert not found


def answers_of(lesson):
    """The bets of a lesson in the order in which they are revealed, each with its answer as it is shown."""
    path = ROOT / "course" / f"{lesson}.ipynb"
    bets = {bet.question: bet for bet in read_lesson_file(path.with_suffix(".yaml")).bets.values()}
    for cell in nbformat.read(path, as_version=4).cells:
        for output in cell.get("outputs", ()):
            said = output.get("data", {}).get("text/plain", "")
            shown = re.match(r"i The result: (?:It is )?(.*)\.\n(.*)", said, re.S)
            if shown:
                yield bets[shown[2].strip()], shown[1]


def given_away(text, bet, truth):
    """Where a text says the answer of a bet: its option, or its number with its unit."""
    if bet.kind == "choice":
        return [truth] if truth in text else []
    value, _, unit = truth.partition(" ")
    value, words = (
        float(value.replace(",", "")),
        rf"\s*(?:{re.escape(unit)}|per ?cent)" if unit == "%" else unit,
    )
    found = []
    for number in NUMBER.finditer(text):
        rest = text[number.end() : number.end() + 30]
        same = float(number[0].replace(",", "")) == value
        if same and (re.match(rf"\s*{words}", rest) or len(number[0]) > 3):
            found.append(text[max(0, number.start() - 30) : number.end() + 30].replace("\n", " "))
    return found


def moves_by_keyboard(page):
    """Push the first slider in the page on by a key; tell whether picture and sentence follow."""
    explorers = [
        one
        for one in page.locator(".faultlab-explorer:has(.faultlab-controls):has(input[type=range])").all()
        if one.is_visible()
    ]
    return any(moved_by_key(page, explorer) for explorer in explorers)


def moved_by_key(page, explorer):
    """Push an explorer's first slider; tell whether picture and sentence follow within five seconds."""
    slider, sentence = explorer.locator("input[type=range]").first, explorer.locator(".faultlab-sentence")
    before = explorer.locator(".faultlab-picture").inner_html(), sentence.inner_text()
    slider.focus()
    page.keyboard.press("ArrowRight" if slider.input_value() != slider.get_attribute("max") else "ArrowLeft")
    for _ in range(50):
        after = explorer.locator(".faultlab-picture").inner_html(), sentence.inner_text()
        if after[0] != before[0] and after[1] != before[1]:
            return True
        page.wait_for_timeout(100)
    return False


def scroll_on(page):
    """Turn to the next part of the lesson; tell whether there was one."""
    moved = page.evaluate(
        """() => {
            const outer = [...document.querySelectorAll('.jp-WindowedPanel-outer, .jp-Notebook')];
            const bar = outer.reduce((a, b) =>
                b.scrollHeight - b.clientHeight > a.scrollHeight - a.clientHeight ? b : a);
            const before = bar.scrollTop;
            bar.scrollTop += 700;
            return bar.scrollTop > before + 1;
        }"""
    )
    page.evaluate(SETTLED)
    return moved
