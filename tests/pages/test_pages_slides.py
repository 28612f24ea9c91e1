"""Slides are the lesson's own cells: no network, no answer before its bet, the facilitator's notes."""

import re
from pathlib import Path

import pytest
from jupyter_browser import CHROMIUM, MISSING

from faultlab.classroom.learner import Catalogue, truths
from faultlab.pages import slides

COURSE = Path(__file__).parents[2] / "course"
LESSONS = sorted(COURSE.glob("[0-9][0-9]_*.ipynb"))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The folder of all slides, as the command writes them."""
    out = tmp_path_factory.mktemp("slides")
    assert slides.main(["--out", str(out)]) == 0
    return out


def of(html):
    """What each slide shows, and what its notes say."""
    found = re.findall(r"<section[^>]*>(?!\s*<section)(.*?)</section>", html, re.S)
    notes = [" ".join(re.findall(r'<aside class="notes">(.*?)</aside>', one, re.S)) for one in found]
    return [re.sub(r"<aside.*?</aside>", "", one, flags=re.S) for one in found], notes


def words(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).replace("&#x27;", "'").replace("&quot;", '"').split())


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_slides_are_complete_and_ask_for_no_network(path, made):
    html = (made / f"{path.stem}.html").read_text(encoding="utf-8")
    shown, notes = of(html)
    assert 10 <= len(shown) <= 45
    assert not re.search(r"<(?:script|img|link|iframe)[^>]*\s(?:src|href)=[\"'](?!data:)", html)
    assert "@import" not in html
    assert "jp-CodeMirrorEditor" not in html.partition("<body")[2]
    assert "Under the hood" not in words(" ".join(shown))
    catalogue, number = Catalogue(COURSE), path.name[:2]
    assert words(catalogue.decision(number).question) in words(" ".join(shown))
    for id, bet in catalogue.bets(number).items():
        places = [i for i, one in enumerate(shown) if words(bet.question) in words(one)]
        asked, answered = places[0], places[-1]
        assert asked < answered, id
        assert "Tempting:" in notes[asked], id
        assert '"asked"' not in shown[asked], id
        assert id not in truths(catalogue, number) or '"asked"' in shown[answered], id
    assert "Purpose." in words(notes[0])
    assert any("Debrief." in words(one) for one in notes)


def test_a_lesson_that_is_not_there_is_named(tmp_path, capsys):
    assert slides.main(["77", "--out", str(tmp_path / "none")]) == 2
    assert "There is no lesson '77'" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()


@pytest.mark.flaky(reruns=1)
@pytest.mark.xdist_group("browser")
@pytest.mark.skipif(not CHROMIUM, reason=MISSING)
def test_keys_go_on_and_show_the_notes(browser, made):
    tab = browser.new_page(viewport={"width": 1280, "height": 720})
    asked = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto((made / f"{LESSONS[0].stem}.html").as_uri())
    at = "[...document.querySelectorAll('main > section > section')].findIndex((one) => "
    at += "Math.abs(one.getBoundingClientRect().top) < 2)"
    for key, place in (("ArrowRight", 1), ("PageDown", 2), (" ", 3), ("ArrowLeft", 2), ("ArrowUp", 1)):
        tab.keyboard.press(key)
        tab.wait_for_function(f"{at} === {place}")
    notes = tab.locator("aside.notes").nth(0)
    assert not notes.is_visible()
    tab.keyboard.press("n")
    assert notes.is_visible()
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    tab.close()
