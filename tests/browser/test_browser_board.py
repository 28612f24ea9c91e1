"""The board's page in Chromium: two sheets of A4 in print, and no wider than a phone."""

import json
import re
from pathlib import Path

import pytest
from jupyter_browser import CHROMIUM, MISSING, chromium

from faultlab.__main__ import main

pytestmark = [pytest.mark.skipif(not CHROMIUM, reason=MISSING), pytest.mark.xdist_group("browser")]
PAGES = sorted((Path(__file__).parents[2] / "course" / "reviews").glob("*.html"))


def crowded(parts, journeys, options):
    """A model with more than a sheet has room for, in names that need two lines."""
    lines = ["company: A company of many parts", "appetite: {loss: 5000000, chance: 0.1}", "components:"]
    lines += [f"  a part with a name {i}: {{availability: [0.99, 0.998, 0.9999]}}" for i in range(parts)]
    lines.append("journeys:")
    for i in range(journeys):
        needs = ", ".join(f"a part with a name {(3 * i + j) % parts}" for j in range(5))
        objectives = "{availability: 0.995, tolerance_hours: 4, recovery_point_minutes: 5}"
        lines.append(
            f"  what customers want to do {i}: {{needs: [{needs}], worth_per_hour: [500, 2000, 9000], "
            f"objectives: {objectives}}}"
        )
    lines.append("scenarios:")
    lines += [
        f"  something bad {i}: {{per_year: [0.01, 0.1, 0.3], hours: [4, 12, 40], data_lost_minutes: 30, "
        f"journeys: [what customers want to do {i}, what customers want to do {i + 1}]}}"
        for i in range(min(journeys - 1, 9))
    ]
    lines.append("options:")
    lines += [
        f"  an option with a name {i}: {{cost_per_year: [500, 2000, 4000], "
        f"changes: {{a part with a name {i}: {{availability: 0.9997}}}}}}"
        for i in range(options)
    ]
    return "\n".join(lines) + "\n"


def sheets(browser, file):
    page = browser.new_page()
    page.goto(file.as_uri())
    printed = page.pdf(prefer_css_page_size=True)
    page.close()
    return len(re.findall(rb"/Type\s*/Page\b", printed))


@pytest.mark.parametrize(("parts", "journeys", "options"), [(9, 8, 3), (12, 3, 12), (12, 12, 12)])
def test_a_crowded_page_is_two_sheets_too(tmp_path, capsys, parts, journeys, options):
    model, last, out = (tmp_path / name for name in ("model.yaml", "last.yaml", "page.html"))
    text = crowded(parts, journeys, options)
    model.write_text(text)
    last.write_text(text.replace("0.998", "0.997"))
    assert main(["review", str(model), "--out", str(out), "--against", str(last), "--json"]) == 0
    bought = json.loads(capsys.readouterr().out)["portfolio"]["options"]
    with chromium() as browser:
        assert sheets(browser, out) == 2
    words = out.read_text(encoding="utf-8")
    table = words[words.index("What we could buy") : words.index("What we don")]
    assert all(name in table.casefold() for name in bought), "shown, or named below"
    shown = 6 if min(journeys, options) > 6 else 8
    assert ("in the set and not shown here: " in table) == (len(bought) > shown)
    assert (f"{options - max(shown, len(bought))} more option" in table) == (
        options > max(shown, len(bought))
    )


def test_pages_are_two_sheets_in_print_and_fit_a_phone():
    assert PAGES
    with chromium() as browser:
        for file in PAGES:
            page = browser.new_page(viewport={"width": 400, "height": 800})
            page.goto(file.as_uri())
            assert page.evaluate("document.documentElement.scrollWidth") <= 400
            edges = page.eval_on_selector_all(
                ".board td", "cells => cells.map(cell => cell.getBoundingClientRect().right)"
            )
            assert max(edges) <= 400, "every column is on the phone's page"
            page.close()
            assert sheets(browser, file) == 2, file.name
