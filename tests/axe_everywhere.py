"""What axe finds in a page of JupyterLab: in all of it, from its top to its end, in light and in dark."""

import contextlib
import json
import re
from pathlib import Path

from jupyter_browser import choose
from optional import peer

axe_playwright_python = peer("axe_playwright_python")

THEME = re.compile(r"/api/settings/[^?]*apputils-extension(:|%3A)themes")
COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules that depend on the theme."""
UNFOLD = """() => {
    for (const button of document.querySelectorAll('.faultlab-hood button')) button.click();
    for (const button of document.querySelectorAll('.faultlab-code[aria-expanded=false]')) button.click();
    for (const fold of document.querySelectorAll('.jp-Notebook details')) fold.open = true;
}"""
HEIGHT = """() => innerHeight + Math.max(...[...document.querySelectorAll('.jp-WindowedPanel-outer')]
    .map((one) => one.scrollHeight - one.clientHeight))"""
DRAWN = """async () => {
    const still = () => new Promise((done) => setTimeout(done, 300));
    for (let before = ''; before !== document.body.innerText; await still()) before = document.body.innerText;
}"""
# What axe calls serious or critical in the whole page, JupyterLab's own parts too; headings out of order, and
# targets under 24 px. Whether it could judge the texts: what a text lies on isn't always known.
VIOLATIONS = """async (rules) => {
    const all = {rules: {'target-size': {enabled: true}}};
    const only = rules.length ? {runOnly: {type: 'rule', values: rules}} : all;
    const {violations, passes} = await axe.run(document, {...only, resultTypes: ['violations', 'passes']});
    const judged = passes.find(({id}) => id === 'color-contrast')?.nodes.length ?? 0;
    const says = ({nodeType, data}) => nodeType === 3 && /\\w\\w/.test(data);
    const texts = [...document.querySelectorAll('.jp-Notebook *')]
        .filter((one) => [...one.childNodes].some(says) && one.checkVisibility());
    const isBad = ({id, impact}) => ['serious', 'critical'].includes(impact) || id === 'heading-order';
    const told = ({id, nodes}) => nodes.slice(0, 5).map(({html}) => `${id}: ${html.slice(0, 160)}`);
    return [...violations.filter(isBad).flatMap(told),
        ...(judged < texts.length / 3 ? [`axe judges ${judged} of ${texts.length} texts`] : [])];
}"""


def found_in_both_themes(page):
    """What axe finds in a page that is open, all unfolded; the page is left in the other theme."""
    axe = Path(axe_playwright_python.__file__).parent / "axe.min.js"
    page.evaluate(axe.read_text(encoding="utf-8"))
    page.evaluate(UNFOLD)
    page.evaluate(DRAWN)
    # As high as what it shows: what a scrolled box hides is nothing to axe.
    page.set_viewport_size({"width": 1280, "height": page.evaluate(HEIGHT)})
    page.evaluate(DRAWN)
    found = [f"{_theme(page)}: {one}" for one in page.evaluate(VIOLATIONS, [])]
    with kept_in_the_page(page) as kept:
        switch_theme(page)
        assert kept, "the theme was changed without a word to the server"
    return {*found, *(f"{_theme(page)}: {one}" for one in page.evaluate(VIOLATIONS, COLOURS))}


def switch_theme(page):
    """Choose the other theme, and wait until the page is drawn in it."""
    was = _theme(page)
    choose(page, "Dark or light")
    page.wait_for_function(f"was => ({THEME_OF}) !== was", arg=was)
    page.wait_for_selector("#jupyterlab-splash", state="detached")
    page.evaluate(DRAWN)


@contextlib.contextmanager
def kept_in_the_page(page):
    """Keep a change of the theme from the server, which would save it for other pages and other days."""
    kept = {}

    def answer(route):
        if route.request.method == "PUT":
            kept["raw"] = json.loads(route.request.post_data)["raw"]
            route.fulfill(status=204)
        else:
            response = route.fetch()
            route.fulfill(response=response, json=response.json() | kept)

    page.route(THEME, answer)
    yield kept
    page.unroute(THEME, answer)


THEME_OF = "document.body.dataset.jpThemeLight === 'true' ? 'light' : 'dark'"


def _theme(page):
    return page.evaluate(THEME_OF)
