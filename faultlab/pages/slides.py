"""Slides of a lesson: `python3 start.py slides NN`, a file that asks for no network.

They are the lesson's own cells, put into order for nbconvert's slide exporter: a heading, a picture or a bet
begins a slide, and of the text what is bold. The whole text goes into the notes, with what the facilitator's
page says to it.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from faultlab.classroom import course_folder
from faultlab.errors import BadInput
from faultlab.input_files import text_of
from faultlab.views.kit import LOOK

if TYPE_CHECKING:
    from nbformat import NotebookNode

MOST_BYTES = 20_000_000
FOLDED = re.compile(r"(#{2,3}) (?:Under the hood|For engineers|Functions|Sources|Check yourself|The words)")
BOLD = re.compile(r"\*\*([^*]+[.?!][”\"]?)\*\*")
CALL = re.compile(r"lesson\.(bet|reveal|decision|monday)\((?:\"(\w+)\")?")
LEFT_OUT = re.compile(
    r"LongRun\(|board_sheet\(|lesson\."
    r"(?:quiz|yours|company|bets_so_far|play|own_system|board_page|ten_ranges|where_you_are)\("
)
"""What is done alone and leaves no picture."""
STYLE = """
html { scroll-snap-type: y mandatory; scroll-behavior: auto; font-size: clamp(13px, 1.7vw, 40px); }
body.look { margin: 0; counter-reset: slide; --measure: 78vw; --wide: 86vw; }
main > section > section { box-sizing: border-box; min-height: 100vh; padding: 4vh 7vw 7vh;
  display: flex; flex-direction: column; justify-content: center;
  position: relative; scroll-snap-align: start; counter-increment: slide; }
main > section > section::after { content: counter(slide); position: absolute; right: 3vw; bottom: 2vh;
  font: 0.7rem var(--tool); color: var(--quiet); }
body.look h1 { font-size: 3rem !important; line-height: 1.15; }
body.look h2 { font-size: 1.9rem !important; margin: 0 0 0.8rem; }
body.look h3 { font: 600 1.5rem/1.35 var(--read) !important; max-width: none; margin: 0 0 0.6rem; }
.jp-Cell { width: 100%; }
.jp-InputPrompt, .jp-OutputPrompt, .jp-Collapser, .anchor-link { display: none; }
.look p, .look li { max-width: none; font-size: 1.25rem; line-height: 1.4; }
.look figure { margin: 0; width: auto; max-width: none; }
.look figure img { display: block; max-width: 100%; width: auto; height: 60vh; margin: 0 auto; }
.look figcaption, .look figure p { font-size: 1rem; line-height: 1.35; }
.look figure details { display: none; }
.look details.asked > summary::before { display: none; }
.look table { font-size: 0.85rem; } .look td, .look th { padding-block: 0.3em; }
.look summary { list-style: none; font: 500 1.25rem/1.4 var(--read); color: inherit; }
.look summary + p { font-size: 3rem; font-weight: 650; color: var(--point); line-height: 1.2; }
.look aside.notes { display: none; border-top: 1px solid var(--edge); margin-top: 4vh; padding-top: 1vh; }
.look.with-notes aside.notes { display: block; }
body.look aside.notes * { font-size: 0.8rem; }
@media (max-width: 700px) { html { scroll-snap-type: none; } body.look h1 { font-size: 2.2rem !important; }
  .look figure img { height: auto; } }
@media print { @page { size: A4 landscape; margin: 8mm; } html { scroll-snap-type: none; font-size: 5mm; }
  main > section > section { min-height: 0; height: 190mm; break-after: page; padding: 4mm 10mm; }
  .with-notes main > section > section { height: auto; } .look figure img { height: 100mm; } }
"""
SCRIPT = """
const slides = [...document.querySelectorAll("main > section > section")];
const at = () => slides.findLastIndex((one) => one.getBoundingClientRect().top < innerHeight / 2);
const MOVES = { ArrowRight: 1, ArrowDown: 1, PageDown: 1, " ": 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1 };
addEventListener("keydown", (press) => {
  if (press.key === "n") document.body.classList.toggle("with-notes");
  const step = MOVES[press.key];
  if (!step || press.target.closest("summary, a") && press.key === " ") return;
  const here = slides[at()].getBoundingClientRect(), tall = here.height > innerHeight + 2;
  if (tall && (step > 0 ? here.bottom > innerHeight + 2 : here.top < -2)) return;
  press.preventDefault();
  slides[Math.min(slides.length - 1, Math.max(0, at() + step))].scrollIntoView({ behavior: "instant" });
});
"""
TEMPLATE = """
{%- extends 'base.html.j2' -%}
{%- block header -%}
<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ nb.metadata.title | escape_html }}</title><link rel="icon" href="data:,">
<style>{{ resources.faultlab_style }}</style></head>
{%- endblock -%}
{%- block body_header -%}<body class="look" data-theme="light"><main>{%- endblock -%}
{%- block body_footer -%}</main><script>{{ resources.faultlab_script }}</script></body>{%- endblock -%}
{%- block footer -%}</html>{%- endblock -%}
"""


def slides(path: Path) -> str:
    """Return a lesson's slides as one HTML file.

    Parameters
    ----------
    path : Path
        The lesson's notebook, as it was built.

    Raises
    ------
    BadInput
        If nbconvert is not installed.
    """
    try:
        import nbformat
        from nbconvert import SlidesExporter
    except ImportError:
        raise BadInput(
            "Slides are made with nbconvert, which JupyterLab brings: install JupyterLab."
        ) from None
    lesson = nbformat.reads(text_of(path, MOST_BYTES, "a lesson"), as_version=4)
    deck = nbformat.v4.new_notebook(cells=list(deck_cells(lesson, facilitators_notes(path))))
    deck.metadata.title = lesson.cells[0].source.partition("\n")[0].lstrip("# ")
    exporter = SlidesExporter(raw_template=TEMPLATE, exclude_input=True)
    style = LOOK.read_text(encoding="utf-8") + STYLE
    html, _ = exporter.from_notebook_node(deck, {"faultlab_style": style, "faultlab_script": SCRIPT})
    return html


def deck_cells(lesson: NotebookNode, notes: dict[str, str]) -> Iterator[NotebookNode]:
    """The cells of a deck, each told where its slide begins.

    Parameters
    ----------
    lesson : NotebookNode
    notes : dict
        From `facilitators_notes`.
    """
    heading, bare = "", True  # of the section; whether the slide has nothing but it
    for number, cell in enumerate(read_cells(lesson.cells)):
        if cell.cell_type == "markdown":
            first, _, rest = cell.source.partition("\n")
            if first.startswith("#"):
                heading, bare = first, number > 0
                minutes = next((line for line in rest.splitlines() if re.search(r"\*\d+ minutes", line)), "")
                yield _cell(f"{first}\n\n{minutes}", "slide")
            claims = BOLD.findall(cell.source) if number else []
            if claims:
                kind = "-" if bare else "subslide"
                yield _cell("\n\n".join(f"### {claim}" for claim in claims), kind)
                bare = False
            said = notes.get("", "") if not number else ""
            yield _cell("\n\n".join(filter(None, [said, rest or first])), "notes")
        elif shown := _shown(cell):
            called = CALL.search(cell.source)
            answer = called is not None and called[1] == "reveal"
            if answer or not bare:
                yield _cell("" if called and called[1] in ("bet", "reveal") else heading, "subslide")
            yield _cell(shown, "-")
            bare = False
            said = notes.get(called[2] or called[1], "") if called and called[1] != "reveal" else ""
            if said:
                yield _cell(said, "notes")


def read_cells(cells: Sequence[NotebookNode]) -> Iterator[NotebookNode]:
    """The cells that are neither folded nor questions to be answered alone."""
    level = 0
    for cell in cells:
        first = cell.source.partition(" ")[0] if cell.cell_type == "markdown" else ""
        if re.fullmatch("#{1,3}", first) and (not level or len(first) <= level):
            level = len(first) if FOLDED.match(cell.source) else 0
        if not level and not LEFT_OUT.search(cell.source):
            yield cell


def facilitators_notes(path: Path) -> dict[str, str]:
    """What the facilitator's page says: by a bet's id, to the decision, and ("") to the whole lesson."""
    page = path.parent / "teaching" / "facilitator.md"
    text = page.read_text(encoding="utf-8") if page.is_file() else ""
    part = re.search(rf"^## {path.name[:2]} .*?(?=^## |\Z)", text, re.M | re.S)
    if not part:
        return {}
    found = dict(re.findall(r"^- `(\w+)`, (.+)$", part[0], re.M))
    parts = dict(re.findall(r"^\*\*([^*]+)\.\*\* ?(.+?)(?=^\*\*|\Z)", part[0], re.M | re.S))
    whole = [f"**{name}.** {parts[name].strip()}" for name in ("Purpose", "If it fails", "When late")]
    return found | {"": "\n\n".join(whole), "decision": f"**Debrief.**\n\n{parts['Debrief'].strip()}"}


def _shown(cell):
    """The picture, table, bet or answer that a cell left, as HTML; "" where there is none."""
    outputs = [output.get("data", {}).get("text/html", "") for output in cell.get("outputs", ())]
    html = "".join(outputs).replace("<details class='faultlab-still'>", "<details open class='asked'>")
    return re.sub(r"<summary>(.*?) The answer</summary>", r"<summary>\1</summary>", html)


def _cell(source, kind):
    import nbformat

    return nbformat.v4.new_markdown_cell(source, metadata={"slideshow": {"slide_type": kind}})


def main(argv: Sequence[str] | None = None) -> int:
    """Write the named lessons' slides, or all; return the exit status."""
    parser = argparse.ArgumentParser(prog="python3 start.py slides", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NN", help="a lesson's number or name; all by default")
    parser.add_argument("--out", type=Path, help="the folder to write to; build/slides by default")
    options = parser.parse_args(argv)
    course = course_folder()
    out = options.out or course.parent / "build" / "slides"
    lessons = sorted(course.glob("[0-9][0-9]_*.ipynb"))
    try:
        for name in options.names:
            if not any(name in (one.stem, one.stem[:2]) for one in lessons):
                raise BadInput(f"There is no lesson {name!r} in {course}.")
        out.mkdir(parents=True, exist_ok=True)
        for one in lessons:
            if not options.names or {one.stem, one.stem[:2]} & set(options.names):
                (out / f"{one.stem}.html").write_text(slides(one), encoding="utf-8")
                print(out / f"{one.stem}.html")
    except BadInput as problem:
        print(" ".join(str(problem).split()), file=sys.stderr)
        return 2
    print("Open a file in a browser: arrows or Page Down go on, n shows the notes.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
