"""The board's page in Chromium: two sheets of A4 in print, and no wider than a phone."""

import re
from pathlib import Path

import pytest
from jupyter_browser import CHROMIUM, MISSING, chromium

pytestmark = [pytest.mark.skipif(not CHROMIUM, reason=MISSING), pytest.mark.xdist_group("browser")]
PAGES = sorted((Path(__file__).parents[2] / "course" / "reviews").glob("*.html"))


def test_pages_are_two_sheets_in_print_and_fit_a_phone():
    assert PAGES
    with chromium() as browser:
        for file in PAGES:
            page = browser.new_page(viewport={"width": 400, "height": 800})
            page.goto(file.as_uri())
            assert page.evaluate("document.documentElement.scrollWidth") <= 400
            printed = page.pdf(prefer_css_page_size=True)
            assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 2, file.name
            page.close()
