"""Pages in Firefox as they are in Chromium: from disk and over HTTP, and a resume code goes either way."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from jupyter_browser import CHROMIUM, MISSING, turn_next_card
from node import node
from small_course import NAME

from faultlab.pages.check import open_page, served

HERE = Path(__file__).parent
TOOLS = Path(__file__).parents[2] / "build" / "npm"
FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
pytestmark = [
    pytest.mark.skipif(
        not FIREFOX, reason="Firefox is missing: install it (Debian: apt-get install firefox-esr)"
    ),
    pytest.mark.skipif(
        not (TOOLS / "node_modules" / "puppeteer-core").is_dir(),
        reason="drives Firefox: mkdir -p build/npm; cp tests/javascript/package.json build/npm; "
        "npm install --prefix build/npm",
    ),
    pytest.mark.skipif(not CHROMIUM, reason=MISSING),
    pytest.mark.xdist_group("browser"),
]


def in_firefox(addresses, code, home):
    """What Firefox shows of the lesson at each address, and of a resume code that is pasted there."""
    wanted = {"firefox": FIREFOX, "tools": str(TOOLS), "addresses": addresses, "lesson": NAME, "code": code}
    result = subprocess.run(
        [node(), HERE / "firefox.js"],
        input=json.dumps(wanted),
        env=os.environ | {"HOME": str(home)},  # a profile that nobody has used
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
    )
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)["found"]


def restored(page, code):
    """Paste a resume code into a page in Chromium; return what it says."""
    page.locator("input[id$=code]").evaluate("(box, code) => { box.value = code; }", code)
    page.locator("input[id$=code]").evaluate("(box) => box.form.requestSubmit()")
    page.wait_for_function("() => document.body.textContent.includes('✓ Restored')")
    page.reload()
    page.locator(".mybet").first.wait_for(state="attached")
    return page.locator(".mybet").first.inner_text()


def plain(seen):
    """What was seen, with plain spaces between numbers and units."""
    return {
        key: said.replace("\N{NO-BREAK SPACE}", " ") if isinstance(said, str) else said
        for key, said in seen.items()
    }


def test_a_lesson_in_firefox_is_the_lesson_in_chromium(browser, pages, tmp_path):
    with open_page(browser, pages.as_uri(), f"{NAME}.html") as page:
        page.locator(".slip input").nth(1).evaluate("(box) => { box.value = '60'; }")
        page.locator(".slip form").nth(1).evaluate("(form) => form.requestSubmit()")
        while turn_next_card(page):
            pass
        page.locator("input[id$=team]").fill("Red 7")
        page.locator("button:has-text('Use this team')").click()
        page.locator("text=✓ Team red-7.").wait_for()
        code = page.locator(".resume").inner_text()

    with served(pages) as address:
        disk, web = map(plain, in_firefox([pages.as_uri(), address], code, tmp_path))

    for seen in (disk, web):
        assert seen["bet"].startswith("✓ Your bet is saved: 8.5 hours.")
        assert seen["answer"] == "32 % too low."
        assert (seen["before"], seen["after"]) == (
            "A red square of 4.0 units.",
            "A red square of 6.25 units.",
        )
        assert seen["quiz"] == "✓ Right."
        assert seen["kept"] == "8.5 hours"
        assert "✓ Restored, team red-7." in seen["restored"]
        assert seen["team"] == "red-7"
        assert seen["errors"] == []
    # From a disk Firefox keeps what is done for each page alone, and the bet and the first page say so.
    assert (disk["index"], web["index"]) == ("", " · begun, 1 bet placed")
    assert "Firefox then keeps what you do for each page alone" in disk["disk"]
    assert disk["told"] == disk["disk"]
    assert web["disk"] == web["told"] == ""

    assert disk["code"] == web["code"] != code
    with open_page(browser, pages.as_uri(), f"{NAME}.html") as page:
        assert restored(page, disk["code"]) == "8.7\N{NO-BREAK SPACE}hours"
        assert page.locator(".quiz .status").text_content() == "✓ Right."
