"""A notebook's cells as HTML, with JupyterLab's own class names, so that one look fits both."""

from __future__ import annotations

import base64
import re
from functools import cache
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

from faultlab.errors import BadInput
from faultlab.pages.running import WIDGET

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nbformat import NotebookNode

IMAGE = re.compile(r"<img alt='([^']*)' src='data:image/svg\+xml;base64,([^']*)' width='\d+'>")
LINK = re.compile(r'href="(?:\.\./)?(?:(labs|course)/)?(\d\d_\w+|my_page|before_and_after)\.ipynb"')
ROW = re.compile(r"<tr>(\s*)<td>(.*?)</td>")
"""What a row begins with: in the course's tables it names the row."""
KINDS = {"Comment": "c", "Literal.String": "s", "Keyword": "k", "Literal.Number": "n"}
"""What the look tells apart in code."""
HOW = "index.html#python"
"""Where the first page says how the course is started on one's own machine."""


def text_cell(source: str, link: Callable[[str, str], str]) -> str:
    """A cell of text.

    Parameters
    ----------
    source : str
        Markdown.
    link : callable
        From a room (`course` or `labs`) and a notebook's name to the address of its page.
    """
    inside = str(_markdown()(source))
    inside = LINK.sub(lambda found: f'href="{link(found[1] or "course", found[2])}"', inside)
    inside = inside.replace("<table>", "<div class='scroll'><table>").replace("</table>", "</table></div>")
    inside = ROW.sub(r"<tr>\1<th scope='row'>\2</th>", inside).replace("<pre>", "<pre tabindex='0'>")
    return (
        "<div class='jp-Cell jp-MarkdownCell jp-mod-rendered'><div class='jp-Cell-inputWrapper'>"
        f"<div class='jp-RenderedHTMLCommon jp-RenderedMarkdown'>{inside}</div></div></div>"
    )


def in_line(source: str) -> str:
    """Markdown within a line."""
    return str(_markdown()(source)).strip().removeprefix("<p>").removesuffix("</p>")


def door(does: str, binder: str) -> str:
    """Return the HTML of a door.

    Parameters
    ----------
    does : str
        What one does behind it, in a sentence or two.
    binder : str
        The address at which the code runs in the browser; `HOW` where there is none.

    Examples
    --------
    >>> door("Write the function.", HOW).partition("<a ")[0]
    "<div class='door'><p>Write the function. It takes Python: "
    """
    ways = f"<a href='{HOW}'>start it on your own machine</a>"
    if binder != HOW:
        ways = f"<a href='{escape(binder, quote=True)}'>open it on Binder</a>, or {ways}"
    return (
        f"<div class='door'><p>{escape(does)} It takes Python: {ways}.</p>"
        "<div class='mount' data-widget='code' data-of=''></div></div>"
    )


@cache
def _markdown():
    try:
        import mistune
    except ImportError:
        raise BadInput("Pages are made with mistune, which JupyterLab brings: install JupyterLab.") from None
    return mistune.create_markdown(escape=False, plugins=["table", "strikethrough", "url"])


NOTE = "<div class='faultlab-box note'>"
"""What stands in place of a widget that needs Python begins with it."""


def code_cell(source: str, outputs: Sequence[NotebookNode], mounts: Sequence[str], place: str) -> str:
    """A cell of code: its outputs, and its source behind a fold.

    Parameters
    ----------
    source : str
    outputs : sequence of NotebookNode
        As they are kept in the notebook.
    mounts : sequence of str
        The HTML in place of each output that is a widget.
    place : str
        The lesson and the cell, for messages.
    """
    left = list(mounts)
    if any(mount.startswith(NOTE) for mount in mounts):  # what can't move here leaves no empty picture
        outputs = [one for one in outputs if "faultlab-still" not in one.get("data", {}).get("text/html", "")]
    shown = "".join(f"<div class='jp-OutputArea-child'>{_output(one, left, place)}</div>" for one in outputs)
    code = f"<summary>The code</summary><pre tabindex='0'><code>{coloured(source)}</code></pre>"
    covers = " covers" if any("data-widget='reveal'" in mount for mount in mounts) else ""
    return (
        f"<div class='jp-Cell jp-CodeCell{covers}'><div class='jp-Cell-inputWrapper'>"
        f"<details class='code'>{code}</details></div>"
        f"<div class='jp-Cell-outputWrapper'><div class='jp-OutputArea'>{shown}</div></div></div>"
    )


def _output(output, mounts, place):
    data = output.get("data", {})
    if WIDGET in data:
        return f"<div class='jp-OutputArea-output'>{mounts.pop(0)}</div>"
    if output.output_type == "stream":
        return f"<div class='jp-OutputArea-output jp-RenderedText'><pre>{escape(output.text)}</pre></div>"
    if "text/html" in data:
        return html_output(data["text/html"])
    if "text/plain" in data:
        return (
            f"<div class='jp-OutputArea-output jp-RenderedText'><pre>{escape(data['text/plain'])}</pre></div>"
        )
    raise BadInput(
        f"{place}: an output of the kind {', '.join(data) or output.output_type} has no place in a page."
    )


def html_output(html: str, about: str = "") -> str:
    """What a cell shows in HTML, its drawings in the page itself.

    Parameters
    ----------
    html : str
    about : str
        Further attributes of its element.
    """
    inside = IMAGE.sub(_in_the_page, html)
    return f"<div class='jp-OutputArea-output jp-RenderedHTMLCommon jp-RenderedHTML'{about}>{inside}</div>"


def _in_the_page(found):
    """A drawing of the course's own stands in the page and takes its colours; another stays a picture."""
    svg = base64.b64decode(found[2]).decode("utf-8")
    if svg.startswith("<svg"):
        return f"<div class='faultlab-picture'>{svg}</div>"
    return f"<img alt='{found[1]}' src='data:image/svg+xml,{quote(_bare(svg), safe=UNQUOTED)}'>"


UNQUOTED = ' !()*,-./:;=?@[]_~"|{}^`+&$'


def _bare(svg):
    """A drawing without what only an editor reads."""
    svg = re.sub(r"<\?xml.*?\?>|<!DOCTYPE.*?>|<metadata>.*?</metadata>", "", svg, flags=re.S)
    return re.sub(r"\n\s*", " ", svg).strip()


def coloured(source: str) -> str:
    """Python source with its comments, texts, keywords and numbers marked."""
    from pygments.lexers import PythonLexer

    parts = []
    for kind, text in PythonLexer(stripnl=False, ensurenl=False).get_tokens(source):
        name = next((mark for head, mark in KINDS.items() if str(kind).startswith(f"Token.{head}")), "")
        parts.append(f"<span class='{name}'>{escape(text)}</span>" if name else escape(text))
    return "".join(parts)
