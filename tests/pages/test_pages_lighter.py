"""What is left out of a page to make it light is missed by nobody."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from jupyter_browser import CHROMIUM, MISSING, turn_next_card
from node import node
from small_course import NAME

from faultlab.errors import BadInput
from faultlab.pages import lighter
from faultlab.pages import page as pages_page
from faultlab.pages.check import open_page
from faultlab.pages.mounts import kinds_in
from faultlab.pages.site import lesson_page
from faultlab.views.kit import bundled

ROOT = Path(__file__).parents[2]
ESLINT = ROOT / "build" / "npm" / "node_modules" / "eslint" / "bin" / "eslint.js"
KINDS = re.findall(
    r"^export (?:const|function) (\w+)", (pages_page.SCRIPTS / "kinds.js").read_text(encoding="utf-8"), re.M
)
ENTRIES = {
    "index": 'import { start } from "./index_page.js";\nstart();\n',
    "lab": 'import { start } from "./lab_page.js";\nstart();\n',
    **{
        kind: f'import {{ start }} from "./lesson_page.js";\nimport {{ {kind} }} from "./kinds.js";\n'
        f"start({{ {kind} }});\n"
        for kind in KINDS
    },
}
BROWSER = (
    "document window location history performance navigator localStorage matchMedia getComputedStyle "
    "requestAnimationFrame cancelAnimationFrame setTimeout clearTimeout IntersectionObserver ResizeObserver "
    "CustomEvent Event HTMLElement SVGElement NodeFilter getSelection structuredClone Blob URL btoa "
    "TextEncoder"
)
TRICKY = r"""
const inner = (one, two) => (one ? `"${"#".repeat(2)} ${one}"  //  ${two ? `(${two} )` : "'"}` : "");
const say = (one, two) => `${`${inner(one, two)} `} ! /* not this */`;
const quote = (text) => text.replace(/[<&"'`]/g, "?").split(/\/\*|\s{2}/);
console.log(JSON.stringify([say("a", 0), say("b", "c"), say(), quote("<a>  'b' /*`"), 8 / 2 / 2]));
"""
LOOKS = """() => [...document.querySelectorAll("html, body, main *, .bar, .bar *")].map((one) => {
    const style = getComputedStyle(one);
    const names = [...style].filter((name) => !name.startsWith("--"));
    const values = names.map((name) => `${name}: ${style.getPropertyValue(name)}`);
    return [`${one.tagName}.${one.getAttribute("class")} in ${one.parentElement?.className}`, ...values];
})"""


@pytest.mark.skipif(not ESLINT.exists(), reason="reads the scripts: see tests/javascript/test_javascript.py")
def test_no_script_asks_for_a_name_that_was_left_behind(tmp_path):
    names = json.dumps(dict.fromkeys(BROWSER.split(), "readonly"))
    options = f"languageOptions: {{ sourceType: 'script', globals: {names} }}"
    rules = f"{{ {options}, rules: {{ 'no-undef': 'error' }} }}"
    (tmp_path / "scripts").mkdir()
    (tmp_path / "rules.mjs").write_text(f"export default [{rules}];", encoding="utf-8")
    for name, entry in ENTRIES.items():
        (tmp_path / "scripts" / f"{name}.js").write_text(bundled(entry, pages_page.SCRIPTS), encoding="utf-8")
    command = [node(), ESLINT, "--config", tmp_path / "rules.mjs", tmp_path / "scripts"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8")
    assert result.returncode == 0, result.stdout + result.stderr
    (tmp_path / "scripts" / "lab.js").write_text("start();", encoding="utf-8")
    assert subprocess.run(command, cwd=tmp_path, capture_output=True).returncode == 1


def test_a_page_carries_the_kinds_that_it_has_and_no_others(small):
    html = lesson_page(small, NAME).html
    assert kinds_in(html) == ("bet", "explorer", "place", "quiz", "reveal")
    assert "Place my bet" in html
    for others in ("Sign my decision", "as it was", "Remember my figures", "Save it as a file"):
        assert others not in html


def test_what_is_imported_and_not_there_is_named(tmp_path):
    (tmp_path / "one.js").write_text("export const there = 1;\n", encoding="utf-8")
    with pytest.raises(BadInput, match=r"one\.js has no 'gone', which the page imports"):
        bundled('import { gone } from "./one.js";\ngone();\n', tmp_path)


def test_text_in_text_and_patterns_survive():
    pytest.importorskip("minify", reason="makes scripts shorter: install the extra `dev`")

    def said(script):
        return json.loads(subprocess.run([node(), "-e", script], capture_output=True, check=True).stdout)

    shorter = lighter.smaller(TRICKY, "application/javascript")
    assert len(shorter) < len(TRICKY)
    assert said(shorter) == said(TRICKY)


@pytest.mark.skipif(not CHROMIUM, reason=MISSING)
@pytest.mark.xdist_group("browser")
def test_every_element_looks_as_it_does_with_the_whole_look(browser, small, tmp_path, monkeypatch):
    def looks(name, html):
        (tmp_path / name).write_text(html, encoding="utf-8")
        with open_page(browser, tmp_path.as_uri(), name) as page:
            page.emulate_media(reduced_motion="reduce")  # a card that is still turning looks like no other
            while turn_next_card(page):
                pass
            found = []
            for width in (1280, 400):
                page.set_viewport_size({"width": width, "height": 900})
                page.evaluate("document.body.offsetHeight")
                page.wait_for_timeout(300)
                found.append(page.evaluate(LOOKS))
            return found

    light = lesson_page(small, NAME).html
    monkeypatch.setattr(pages_page, "style_for", lambda css, page: css)
    whole = lesson_page(small, NAME).html
    assert len(light) < len(whole) - 5_000
    for mine, theirs in zip(looks("light.html", light), looks("whole.html", whole), strict=True):
        for one, other in zip(mine, theirs, strict=True):
            assert set(one) ^ set(other) == set(), one[0]
