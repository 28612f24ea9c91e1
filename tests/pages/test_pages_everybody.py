"""Every page of the course for everybody: axe, widths, themes, forced colours, 200 %, keys, paper."""

import re
from pathlib import Path

import pytest
from jupyter_browser import CHROMIUM, MISSING, heard, heard_amiss, turn_next_card
from optional import peer
from whole_course import COURSE, PAGES, build_course

from faultlab.analysis.fmea import read_fmea
from faultlab.classroom import read_lesson_file
from faultlab.pages.check import open_page
from faultlab.views.lesson_07 import FreeRatings

axe_playwright_python = peer("axe_playwright_python")
pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason=MISSING),
    pytest.mark.xdist_group("browser, whole course"),
]
NARROW, TABLET, WIDE, ZOOMED = 400, 768, 1280, 640
# What axe calls serious or critical, headings out of order, and targets under 24 px.
VIOLATIONS = """async (rules) => {
    const all = {rules: {'target-size': {enabled: true}}};
    const only = rules.length ? {runOnly: {type: 'rule', values: rules}} : all;
    const {violations} = await axe.run(document, {...only, resultTypes: ['violations']});
    const isBad = ({id, impact}) => ['serious', 'critical'].includes(impact) || id === 'heading-order';
    return violations.filter(isBad)
        .map((found) => `${found.id}: ${found.nodes[0].html.slice(0, 160)}`);
}"""
ON_A_PHONE = ["color-contrast", "scrollable-region-focusable", "target-size"]
# Whatever is folded is unfolded.
UNFOLD = """() => {
    for (const button of document.querySelectorAll('.faultlab-hood button')) button.click();
    for (const fold of document.querySelectorAll('main details')) fold.open = true;
}"""
# What stands out of the window, or is cut off inside something that doesn't scroll; code scrolls.
CUT_OFF = """(width) => {
    const found = [];
    const page = document.documentElement.scrollWidth;
    if (page > width) found.push(`the page is ${page} wide`);
    for (const one of document.querySelectorAll('main *, .faultlab-bar *')) {
        const isSeen = one.checkVisibility({visibilityProperty: true, opacityProperty: true});
        if (!isSeen || one.closest('.unseen')) continue;
        const scrolls = one.closest('.scroll, pre, textarea, .rail');
        if (scrolls && scrolls !== one) continue;
        const {left, right, width: wide} = one.getBoundingClientRect();
        const kind = `${one.tagName}.${one.getAttribute('class') ?? ''}`;
        const says = `${kind} ${one.textContent.trim().slice(0, 60)}`;
        if (wide && (left < -1 || right > width + 1)) found.push(`out of the window: ${says}`);
        const style = getComputedStyle(one);
        const cuts = ['hidden', 'clip'].includes(style.overflowX) && style.textOverflow !== 'ellipsis';
        const holds = cuts && one.clientWidth && !(one instanceof SVGElement) && !one.matches('.slip');
        if (holds && one.scrollWidth > one.clientWidth + 1) found.push(`cut off: ${says}`);
    }
    return found;
}"""
# Tables that can't be seen whole, and letters under twelve pixels in pictures.
TOO_WIDE = """() => [...document.querySelectorAll('.scroll:not(.board *)')]  // the board's is a sheet of A4
    .filter((one) => one.scrollWidth > one.clientWidth + 1)
    .map((one) => `a table scrolls: ${one.textContent.slice(0, 60)}`)"""
# In forced colours grounds are gone: what is pressed, typed into, moved, answered or signed has a frame.
FRAMELESS = """() => {
    const framed = 'main button:not(.plain, .faultlab-hood *, .faultlab-help *), .slip, .decision, '
        + 'main input[type=text]:not(.decision *, .monday *), .faultlab-controls, .faultlab-box.note, '
        + '.faultlab-task > :is(.jp-Cell-outputWrapper, form), .faultlab-bar summary';
    const ground = getComputedStyle(document.body).backgroundColor;
    return [...document.querySelectorAll(framed)].filter((one) => one.checkVisibility()).flatMap((one) => {
        const {borderLeftStyle: kind, borderLeftWidth: wide, borderLeftColor: colour} = getComputedStyle(one);
        const is = ['solid', 'double'].includes(kind) && parseFloat(wide) >= 1;
        const seen = colour !== ground && !/^rgba.*, 0\\)$/.test(colour);
        return is && seen ? [] : [`no frame: ${one.className} ${one.textContent.slice(0, 40)}`];
    });
}"""
SMALL = """() => [...document.querySelectorAll('.faultlab-picture svg, figure svg')].flatMap((svg) => {
    const {width} = svg.getBoundingClientRect();
    const scale = width / (svg.viewBox.baseVal.width || width);
    const size = (text) => parseFloat(getComputedStyle(text).fontSize) * scale;
    const small = width && [...svg.querySelectorAll('text')].find((text) => size(text) < 12);
    return small ? [`${size(small).toFixed(1)} px: ${small.textContent}`] : [];
})"""

# Pictures that don't share the screen of a laptop with their sentence and their controls.
TOO_TALL = """(bar) => [...document.querySelectorAll('.faultlab-explorer:has(.faultlab-controls)')]
    .filter((one) => one.checkVisibility())
    .map((one) => [one.ariaLabel, one.querySelector('.faultlab-body').getBoundingClientRect().bottom
        - one.querySelector('.faultlab-sentence').getBoundingClientRect().top])
    .flatMap(([title, high]) => high > innerHeight - bar ? [`${Math.round(high)} px tall: ${title}`] : [])"""
CHOOSE_LAST = """() => {
    const last = '.faultlab-explorer .options label:last-child input';
    for (const option of document.querySelectorAll(last)) option.click();
}"""
BAR = 48


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """The address of the whole course's pages."""
    out = tmp_path_factory.mktemp("course")
    with pytest.MonkeyPatch.context() as patch:
        build_course(out, patch)
    return out.as_uri()


def unfolded(page):
    while turn_next_card(page):
        pass
    page.evaluate(UNFOLD)


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_and_nothing_is_cut_off(browser, course, name):
    found = []
    with open_page(browser, course, f"{name}.html") as page:
        unfolded(page)
        page.evaluate((Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8"))
        page.set_viewport_size({"width": WIDE, "height": 800})
        found += page.evaluate(TOO_TALL, BAR) + page.evaluate(SMALL)
        page.evaluate(CHOOSE_LAST)
        found += page.evaluate(TOO_TALL, BAR)
        # No colour depends on the width and the theme together.
        for width, theme, rules in ((WIDE, "light", []), (NARROW, "dark", ON_A_PHONE)):
            page.set_viewport_size({"width": width, "height": 800})
            page.evaluate("(theme) => { document.body.dataset.theme = theme; }", theme)
            found += [f"{width} px, {theme}: {one}" for one in page.evaluate(VIOLATIONS, rules)]
        found += page.evaluate(CUT_OFF, NARROW) + page.evaluate(TOO_WIDE) + page.evaluate(SMALL)
        page.set_viewport_size({"width": TABLET, "height": 1024})
        found += [f"{TABLET} px: {one}" for one in page.evaluate(CUT_OFF, TABLET)] + page.evaluate(SMALL)
        page.set_viewport_size({"width": ZOOMED, "height": 400})
        found += [f"at 200 %: {one}" for one in page.evaluate(CUT_OFF, ZOOMED)]
        page.set_viewport_size({"width": WIDE, "height": 800})
        page.evaluate("() => { document.documentElement.style.fontSize = '200%'; }")
        found += [f"letters at 200 %: {one}" for one in page.evaluate(CUT_OFF, WIDE)]
        page.emulate_media(forced_colors="active")
        found += [f"in forced colours: {one}" for one in page.evaluate(FRAMELESS)]
    assert not found, "\n".join(found)


def test_the_question_of_each_bet_is_heard_once(browser, course):
    """In every lesson in JupyterLab too; see `test_browser_every_lesson.py`."""
    name = "05_reliability_block_diagrams"
    with open_page(browser, course, f"{name}.html") as page:
        for place, bet in enumerate(read_lesson_file(COURSE.course / f"{name}.yaml").bets.values(), 1):
            cards = [f"Bet {place} of 3", f"The answer to bet {place} of 3"]
            assert [card for card in heard(page) if card in cards] == cards
            assert heard_amiss(page, bet.question) == []
            turn_next_card(page)
            assert heard_amiss(page, bet.question) == []


# The element that has the focus: what it is, and what is wrong with how it is seen.
FOCUSED = """() => {
    const one = document.activeElement;
    if (one === document.body) return null;
    const {left, right, top, bottom} = one.getBoundingClientRect();
    const middle = Math.max(top + 1, Math.min((top + bottom) / 2, innerHeight - 1));
    const at = document.elementFromPoint((left + right) / 2, middle);
    const wrong = [];
    if (bottom < 1 || top > innerHeight - 1) wrong.push('out of sight');
    else if (!at || !(one.contains(at) || at.contains(one))) wrong.push('covered');
    return {
        ring: getComputedStyle(one).outlineStyle !== 'none',
        place: {x: left - 8, y: top - 8, width: right - left + 16, height: bottom - top + 16},
        kind: one.type ?? one.tagName.toLowerCase(),
        group: one.name || one.closest('form')?.className || '',
        says: (one.ariaLabel || one.labels?.[0]?.textContent || one.textContent).trim().slice(0, 60),
        of: one.closest('.faultlab-explorer')?.ariaLabel ?? one.closest('.faultlab-form')?.dataset.of ?? '',
        wrong,
    };
}"""
SHOWN = """() => ['picture', 'sentence'].map((part) =>
    document.activeElement.closest('.faultlab-explorer').querySelector(`.faultlab-${part}`).innerHTML).join()"""
STATE = """() => ({
    bets: [...document.querySelectorAll('[data-of^="Bet:"] .mybet')].map((one) => one.textContent),
    answers: [...document.querySelectorAll('[data-of^="Your bet:"]')].map((one) => one.dataset.covered),
    quiz: [...document.querySelectorAll('.quiz form .status')].map((one) => one.textContent),
    signed: document.querySelector('.decision')?.classList.contains('signed'),
    monday: document.querySelector('.monday li input')?.value,
})"""
PRESSED = ("Place", "Show the result", "Check", "Sign")


@pytest.mark.parametrize("name", ["04_google_borg", "08_metrics"])
def test_a_whole_lesson_by_keys_alone(browser, course, name):
    with open_page(browser, course, f"{name}.html") as page:
        found, moved = by_keys(page)
        state = page.evaluate(STATE)
    assert not found, "\n".join(found)
    assert all(state["bets"]), "each bet is placed"
    assert set(state["answers"]) == {"false"}, "each answer is turned"
    assert all(state["quiz"]), "each question is answered"
    assert state["signed"]
    assert state["monday"] == "Ada"
    assert len(moved) >= 2
    assert all(moved.values()), "each slider moves its picture's sentence or picture"


def test_a_worksheet_s_ratings_are_moved_by_keys_on_a_phone(browser, course):
    rows = read_fmea(COURSE.course / "data" / "kestrel_fmea.csv")
    here, row = FreeRatings(rows, 200), next(row for row in rows if row.item == "cdn")
    with open_page(browser, course, "07_fmea.html") as page:
        page.set_viewport_size({"width": NARROW, "height": 800})
        while turn_next_card(page):
            pass
        free = page.locator(".faultlab-ratings")
        free.get_by_label("Row").focus()
        page.keyboard.type("cdn")
        page.keyboard.press("Tab")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("End")
        here.move(row.item, row.failure_mode, severity=row.severity + 1, detection=10)
        told = here.standing
        assert free.locator(".faultlab-sentence").inner_text() == told["sentence"]
        assert free.locator(".told").inner_text() == told["rows"][rows.index(row)]["was"]
        for order, label in (("by_priority", "Action Priority"), ("by_rpn", "RPN")):
            free.get_by_label(label, exact=True).check()
            column = 1 if order == "by_rpn" else 2
            places = free.locator(f"tbody tr td:nth-child({column})").all_inner_texts()
            assert places == [str(place) for place in range(1, len(rows) + 1)]
            wanted = [one["rpn"] for one in sorted(told["rows"], key=lambda one: one[order])]
            shown = free.locator("tbody tr td:nth-child(4)").all_inner_texts()
            assert [int(text.removeprefix("▲ ")) for text in shown] == wanted
        free.get_by_role("button", name="Put all back").click()
        assert free.locator(".faultlab-sentence").inner_text() == FreeRatings(rows, 200).standing["sentence"]


def test_a_whole_lab_by_keys_alone(browser, course):
    with open_page(browser, course, "lab_08_metrics.html") as page:
        found, _ = by_keys(page)
        said = page.locator(".faultlab-judged .faultlab-box").all_inner_texts()
    assert not found, "\n".join(found)
    assert len(said) >= 6
    assert not [one for one in said if one.startswith("○")], "each task has its verdict"


def by_keys(page):
    """Go through a page with Tab, and answer whatever asks; what is wrong on the way, and what moved."""
    found, moved, drawn, seen = [], {}, {}, set()
    page.emulate_media(reduced_motion="reduce")  # nothing glides into sight
    for _ in range(600):
        page.keyboard.press("Tab")
        one = page.evaluate(FOCUSED)
        if one is None:
            break
        name = f"{one['kind']} {one['says']!r} of {one['of']!r}"
        found += [f"{name}: {wrong}" for wrong in one["wrong"]]
        if not one["ring"] and one["kind"] not in drawn:  # a slider's thumb has it, a date's parts
            drawn[one["kind"]] = looks_focused(page, one["place"])
        kind, of = one["kind"], one["of"]
        if kind == "range":
            moved[name] = moves(page)
        elif kind == "text" and of.startswith("Bet:"):
            page.keyboard.type("20")
            page.keyboard.press("Enter")
        elif kind in ("radio", "checkbox") and one["group"] not in seen:
            seen.add(one["group"])
            page.keyboard.press("Space")
        elif kind == "text":
            page.keyboard.type("Ada" if of in ("Your decision", "Questions for Monday") else "1")
            page.keyboard.press("Enter")
        elif kind in ("submit", "button") and one["says"].startswith(PRESSED):
            page.keyboard.press("Enter")
    else:
        found.append("the Tab key never comes to the end")
    found += [f"no {kind} shows that it has the focus" for kind, is_seen in drawn.items() if not is_seen]
    return found, moved


def looks_focused(page, place):
    """Whether what has the focus looks otherwise than without."""
    focused = page.screenshot(clip=place)
    page.evaluate("""() => {
        window.was = document.activeElement;
        document.querySelector('.bar-home').focus({preventScroll: true});
    }""")
    without = page.screenshot(clip=place)
    page.evaluate("() => was.focus()")
    return focused != without


def moves(page):
    """Push the slider that has the focus on by an arrow; tell whether picture or sentence follows."""
    before = page.evaluate(SHOWN)
    page.keyboard.press("ArrowRight")
    if page.evaluate(SHOWN) == before:
        page.keyboard.press("ArrowLeft")
    return page.evaluate(SHOWN) != before


PRINTED = """() => {
    const seen = (kinds) => [...document.querySelectorAll(kinds)].filter((one) => one.checkVisibility());
    const whole = seen('.faultlab-explorer, figure, .slip, .decision, tr');
    return {
        chrome: seen('.faultlab-bar, .faultlab-controls, main button, .code, .faultlab-hood').length,
        pictures: seen('.faultlab-picture svg').length,
        tables: seen('main .scroll table').length,
        text: document.querySelector('main').innerText,
        cut: whole.filter((one) => one.offsetHeight > 1000 || getComputedStyle(one).breakInside !== 'avoid')
            .map((one) => one.className),
    };
}"""
PAPER = 665
"""The width of what is printed on A4, in the pixels of a page."""


def test_a_whole_lesson_is_printed(browser, course):
    with open_page(browser, course, "03_amazon_traffic.html") as page:
        while turn_next_card(page):
            pass
        on_screen = page.evaluate(PRINTED)
        page.evaluate("() => { document.body.dataset.theme = 'dark'; }")
        page.emulate_media(media="print")
        page.set_viewport_size({"width": PAPER, "height": 1000})
        printed, cut_off = page.evaluate(PRINTED), page.evaluate(CUT_OFF, PAPER)
        ink = page.evaluate("getComputedStyle(document.querySelector('main p')).color")
        sheets = len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))
    assert printed["chrome"] == 0
    assert printed["pictures"] == on_screen["pictures"] >= 4
    assert printed["tables"] == on_screen["tables"] >= 3
    assert "0.99¹⁵⁰ = 78\xa0%" in printed["text"].replace("78 %", "78\xa0%"), "formulas"
    assert ink == "rgb(27, 31, 36)", "dark on white, whatever the screen was"
    assert printed["cut"] == [], "each picture, each card and each row stands on one sheet"
    assert not cut_off, "\n".join(cut_off)
    assert 8 <= sheets <= 15
