"""Every lesson in a real browser on a narrow window: it opens alive, fits, moves, and keeps its secrets.

Every lesson and every lab for everybody: what axe finds in all of it, light and dark, and what is heard.
"""

import re
from pathlib import Path

import nbformat
import pytest
from axe_everywhere import found_in_both_themes
from jupyter_browser import (
    CHROMIUM,
    MISSING,
    go_to_notebook,
    heard_amiss,
    new_page,
    turn_next_card,
    wait_until_open,
)

from faultlab.classroom import read_lesson_file

ROOT = Path(__file__).parents[2]
LESSONS = sorted(path.stem for path in (ROOT / "course").glob("[0-9][0-9]_*.ipynb"))
LABS = sorted(path.stem for path in (ROOT / "labs").glob("[0-9][0-9]_*.ipynb"))
NARROW, TABLET = 400, 768
AHEAD = 3
"""Lessons and labs that open while another is looked at: most of their time is waiting."""
pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason=MISSING),
    pytest.mark.xdist_group("browser, every lesson"),
]

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
TOO_WIDE = """() => [...document.querySelectorAll('.jp-Notebook .scroll:not(.board *)')]  // a sheet of A4
    .filter((one) => one.checkVisibility() && one.scrollWidth > one.clientWidth + 1)
    .map((one) => `a table scrolls: ${one.textContent.slice(0, 60)}`)"""
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
# On a tablet texts, pictures and cards have one left edge, and a table is wider only where it must be; a bet
# and the foot that turns it are one card; three controls leave no hole beside them.
UNTIDY = """(width) => {
    const seen = (kind) => [...document.querySelectorAll(`.jp-Notebook ${kind}`)]
        .filter((one) => one.checkVisibility() && one.getBoundingClientRect().width);
    const {left: edge, right: end} = seen('h1')[0].closest('.jp-RenderedMarkdown').getBoundingClientRect();
    const found = [];
    for (const one of seen('.faultlab-explorer, .own-system, .slip, .decision, .quiz, figure')) {
        if (one.closest('.board')) continue;
        const {left, right} = one.getBoundingClientRect();
        const wide = one.matches('figure.wide') && left >= 0 && right <= width;
        const even = wide ? left <= edge + 1 && right >= end - 1 : Math.abs(left - edge) <= 1;
        if (!even) found.push(`${left} to ${right}: ${one.className} ${one.textContent.slice(0, 40)}`);
    }
    for (const foot of seen('.faultlab-foot .slip')) {
        const bet = foot.closest('.jp-Cell').previousElementSibling.querySelector('.slip');
        const gap = foot.getBoundingClientRect().top - bet.getBoundingClientRect().bottom;
        if (Math.abs(gap) > 0.5) found.push(`${gap} px between a bet and its foot`);
    }
    for (const controls of seen('.faultlab-controls:has(> :nth-child(3):last-child)')) {
        const boxes = [...controls.children].map((one) => one.getBoundingClientRect());
        const rows = new Set(boxes.map(({top}) => Math.round(top))).size;
        const columns = new Set(boxes.map(({left}) => Math.round(left))).size;
        if (rows * columns > 4) found.push(`${rows} rows of controls: ${controls.textContent.slice(0, 40)}`);
    }
    return found;
}"""
# Nothing scrolls in a box of its own, which shows where scroll bars are always seen.
BOXED = """() => [...document.querySelectorAll('.jp-OutputArea-output, .slip')]
    .filter((one) => one.checkVisibility() && ['auto', 'scroll'].includes(getComputedStyle(one).overflowY)
        && one.scrollHeight > one.clientHeight)
    .map((one) => `scrolls in a box of its own: ${one.textContent.slice(0, 40)}`)"""
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
# Answer a task, with a number or the first option.
ANSWER = """(box) => {
    if (box.type === 'text') box.value = '7';
    else box.checked = true;
    box.form.requestSubmit();
}"""
VERDICT = ".faultlab-judged .faultlab-box:is(:has-text('✓'), :has-text('↻')), .faultlab-said.wrong"
# What went wrong in a cell.
ERRORS = ".jp-OutputArea-output[data-mime-type$=stderr], .jp-mod-error"


@pytest.fixture(scope="module")
def opened(request, browser, address):
    """Gives the page of a lesson or a lab once it is open."""
    wanted = [
        f"{room}/{item.callspec.params[kind]}.ipynb"
        for item in request.session.items
        if getattr(item, "module", None) is request.module
        for kind, room in (("lesson", "course"), ("lab", "labs"))
        if kind in item.callspec.params
    ]
    pages = {}

    def give(path):
        place = wanted.index(path)
        for name in wanted[place : place + 1 + AHEAD]:
            if name not in pages:
                pages[name] = new_page(browser, width=NARROW, height=900)
                go_to_notebook(pages[name], address, name)
        wait_until_open(pages[path])
        return pages[path]

    return give


@pytest.mark.parametrize("lesson", LESSONS)
def test_lesson(opened, lesson):
    page = opened(f"course/{lesson}.ipynb")
    page.wait_for_selector(".faultlab-explorer .faultlab-picture svg", state="attached")
    assert page.locator("h1").first.is_visible(), "the reader stays at the top"
    page.set_viewport_size({"width": 1280, "height": 800})
    page.wait_for_function(FIRST_CONTROL, timeout=5_000)
    found = {*page.evaluate(BOXED)} | untidy(page)
    page.set_viewport_size({"width": NARROW, "height": 900})
    for bet, truth in answers_of(lesson):
        found.update(
            f"{bet.id} is given away: {seen}" for seen in given_away(page.evaluate(SEEN), bet, truth)
        )
        found.update(heard_amiss(page, bet.question))
        page.wait_for_selector(f"[data-of='Your bet: {bet.id}']", state="attached")
        assert turn_next_card(page), f"the answer of {bet.id} can't be seen"
    assert not turn_next_card(page)
    found |= untidy(page)
    page.set_viewport_size({"width": NARROW, "height": 900})
    moved = moves_by_keyboard(page)
    for _ in range(60):
        found.update(page.evaluate(UNREADABLE, NARROW))
        found.update(page.evaluate(TOO_WIDE))
        found.update(page.locator(ERRORS).all_inner_texts())
        if not scroll_on(page):
            break
    found |= found_in_both_themes(page)
    page.close()
    assert moved, "no slider of the lesson changes a picture"
    assert not found


@pytest.mark.parametrize("lab", LABS)
def test_lab(opened, lab):
    page = opened(f"labs/{lab}.ipynb")
    answer_box = page.locator("form.faultlab-answer").first
    answer_box.locator("input:visible").first.evaluate(ANSWER)
    page.locator(VERDICT).first.wait_for()
    for button in page.locator(".faultlab-help").first.locator("button").all():
        button.click()
    page.locator(".faultlab-help [aria-live] > *").first.wait_for()
    found = found_in_both_themes(page)
    page.close()
    assert not found


def untidy(page):
    """What a tablet shows out of line."""
    page.set_viewport_size({"width": TABLET, "height": 1024})
    page.evaluate(SETTLED)
    return set(page.evaluate(UNTIDY, TABLET))


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
