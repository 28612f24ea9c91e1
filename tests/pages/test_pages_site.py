"""Pages from notebooks: the same twice, quiet, whole; and one sentence for what can't be made a page."""

import re
import zipfile
from pathlib import Path

import nbformat
import pytest
from small_course import CELLS, NAME, SQUARE, course_of

from faultlab.errors import BadInput
from faultlab.pages import site as building
from faultlab.pages.build import main
from faultlab.pages.cells import WIDGET, code_cell, text_cell
from faultlab.pages.mounts import Mounted
from faultlab.pages.recordings import FOLDER, path_of
from faultlab.pages.site import Site, build, lesson_page
from faultlab.views.lesson_03 import EveningGame

ROOT = Path(__file__).parents[2]


def test_two_builds_are_equal_byte_for_byte(small, pages, tmp_path):
    again = build(small, (), tmp_path)
    assert {path.name for path in again} == {
        *("index.html", "room.html", "00_small.html", "offline.js"),
        building.ARCHIVE,
    }
    for path in again:
        assert path.read_bytes() == (pages / path.name).read_bytes(), path.name


def test_a_page_asks_for_no_other_file(pages):
    for path in pages.glob("*.html"):
        text = path.read_text(encoding="utf-8")
        markup = re.sub(r"<script.*?</script>", "", text, flags=re.S)
        assert not re.search(r"""\b(?:src|srcset|poster)=["'](?!data:)""", markup)
        assert "<link rel='icon' href='data:,'>" in text
        assert "@import" not in text
        assert "url(" not in text.partition("</style>")[0]
        policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)[1]
        assert "default-src 'none'" in policy
        assert "unsafe-eval" not in policy
        assert "script-src 'sha256-" in policy


def test_the_archive_holds_every_page(pages):
    with zipfile.ZipFile(pages / building.ARCHIVE) as file:
        names = {name.rpartition("/")[2]: file.read(name) for name in file.namelist()}
    assert names == {path.name: path.read_bytes() for path in pages.glob("*.html")}


def test_links_lead_to_pages_or_to_the_code(pages, small):
    assert 'href="index.html#python">lab</a>' in (pages / f"{NAME}.html").read_text(encoding="utf-8")
    on_binder = Site(small.course, "owner/course").link("labs", "08_metrics")
    assert on_binder == "https://mybinder.org/v2/gh/owner/course/HEAD?urlpath=lab/tree/labs/08_metrics.ipynb"


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("import ipywidgets\nipywidgets.IntSlider()", "shows 0 widgets where the notebook has 1|no place"),
        ("from faultlab.classroom.notebook.lesson import Form\nclass Odd:\n"
         "    def _ipython_display_(self):\n        from IPython.display import display\n"
         "        display(Form(form='quiz', title='Odd'))\nOdd()", "no place for the widget Odd"),
        (f"import itertools\n{SQUARE}\nturn = itertools.count()\n"
         "draw = lambda side: Picture(f'<svg>{next(turn)}</svg>', 'A', 'B')\n"
         "Explorer(draw, [Slider('side', 'S', 0, 2, 0)], 'C?')",
         "differently the second time"),
    ],
)  # fmt: skip
def test_what_can_not_be_a_page_is_named_with_its_cell(cell, said, tmp_path):
    site = course_of([CELLS[0], CELLS[1], ("code", cell)], tmp_path / "course")
    with pytest.raises(BadInput, match=rf"{NAME}, cell 3.*({said})"):
        lesson_page(site, NAME)


def test_a_page_that_is_too_heavy_is_refused(small, tmp_path, monkeypatch):
    monkeypatch.setattr(building, "HEAVIEST", 1000)
    with pytest.raises(BadInput, match=r"00_small: the page weighs \d+ kB compressed, more than 1 kB"):
        build(small, (), tmp_path)


def test_a_folder_that_can_not_be_written_is_named(small, tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(BadInput, match=r"Choose another folder with --out"):
        build(small, (), tmp_path / "file" / "pages")


def test_an_unknown_lesson_is_named(small, tmp_path):
    with pytest.raises(BadInput, match="There is no lesson '42'"):
        build(small, ["42"], tmp_path)


def test_pages_that_are_not_there_are_not_checked(tmp_path, capsys):
    assert main(["--check", "--out", str(tmp_path), "08"]) == 2
    assert "has no page of lesson 08_metrics; make it first" in capsys.readouterr().err


def test_every_long_run_of_the_course_has_its_recording_and_none_is_left_over():
    titles = {
        (path.stem, title)
        for path in (ROOT / "course").glob("[0-9][0-9]_*.ipynb")
        for title in re.findall(r"<Long run: (.+?)>", path.read_text(encoding="utf-8"))
    }
    wanted = {path_of(title, lesson) for lesson, title in titles}
    assert wanted == set(FOLDER.glob("*.json"))


def test_a_game_that_needs_python_leaves_no_empty_picture():
    still, live = {"text/html": "<div class='faultlab-still'>an empty chart</div>"}, {WIDGET: {}}
    outputs = [nbformat.v4.new_output("display_data", data) for data in (still, live)]
    note = Mounted("03_amazon_traffic", "https://binder").mount(EveningGame(), 29)
    page = code_cell("EveningGame()", outputs, [note], "a cell")
    assert EveningGame().widget.title in page
    assert "<a href='https://binder'>open it on Binder</a>" in page
    assert "an empty chart" not in page
    assert "an empty chart" in code_cell("an Explorer", outputs, ["<div class='mount'></div>"], "a cell")


def test_no_text_of_the_course_leads_from_a_page_to_a_notebook():
    """A page opened from a disk has the pages beside it; a notebook there would be a file to save."""
    site = Site(ROOT / "course", "owner/course")
    for name in site.pages:
        for cell in site.notebook(name).cells:
            if cell.cell_type == "markdown":
                led = re.findall(r'href="([^"]+\.ipynb)"', text_cell(cell.source, site.link))
                assert [one for one in led if not one.startswith("https://")] == [], (name, cell.id)
