"""The first page: the map of the course, where the learner is, what is next, and the doors to the code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from faultlab.pages.cells import in_line
from faultlab.pages.page import page

if TYPE_CHECKING:
    from nbformat import NotebookNode

ROOM = "room.html"
"""The page of the facilitator."""
TITLE = "Building Fault-Tolerant Software Systems"
BINDER = (
    "<li><a href='{door}'>On Binder</a>: in the browser, with nothing to install. It takes a minute or two "
    "to start and forgets everything after ten idle minutes; your resume code brings it back.</li>"
)
PROMISE = re.compile(r"\*\*In this lesson\*\* (.+?\.)(?: |$)", re.M)
MINUTES = re.compile(r"\*(\d+) minutes\. (.*)\.\*")


@dataclass(frozen=True)
class Entry:
    """A lesson on the map.

    Parameters
    ----------
    name, title : str
    minutes : int
    part : str
        The part of the course, or "".
    promise : str
        What its reader decides, or else what it gives, in HTML.
    lab : str
        The address of its lab's page, or "".
    """

    name: str
    title: str
    minutes: int
    part: str
    promise: str
    lab: str = ""


def entry(name: str, notebook: NotebookNode, asked: str = "", lab: str = "") -> Entry:
    """What a lesson says of itself: title, minutes, part, and its decision, or what it promises."""
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    title = texts[0].partition("\n")[0].lstrip("# ")
    found = MINUTES.search(texts[0])
    promise = next((said[1] for said in map(PROMISE.search, texts) if said), "")
    promise = in_line(promise[:1].upper() + promise[1:])
    part = found[2] if found and found[2].startswith("Part") else ""
    return Entry(name, title, int(found[1]) if found else 0, part, escape(asked) or promise, lab)


def index_page(entries: list[Entry], facts: dict, archive: str, door: str) -> str:
    """The HTML of the first page.

    Parameters
    ----------
    entries : list of Entry
    facts : dict
        What every page knows of the course.
    archive : str
        The name of the file with all pages, for taking along.
    door : str
        The address of the course with its code, on Binder; "" where there is none.
    """
    parts, last = [], None
    for one in entries:
        if one.part[:6] not in ("", last):  # "Part 3"
            parts.append(f"<li class='part'><h3>{escape(one.part)}</h3></li>")
        last = one.part[:6] or last
        number, title = int(one.name[:2]), escape(one.title)
        lab = f" · <a href='{one.lab}'>Lab {number}</a>" if one.lab else ""
        parts.append(
            f"<li data-lesson='{one.name}'><a href='{one.name}.html'><b>{number}</b> {title}</a>"
            f"<p>{one.promise} <span class='quiet'>{one.minutes} minutes"
            f"<span class='state'></span>{lab}</span></p></li>"
        )
    minutes = sum(one.minutes for one in entries)
    body = Template((Path(__file__).parent / "index.html").read_text(encoding="utf-8")).substitute(
        title=TITLE,
        lessons=len(entries),
        hours=f"{round(minutes / 30) / 2:g}",
        first=entries[0].name,
        map="".join(parts),
        archive=archive,
        binder=BINDER.format(door=escape(door, quote=True)) if door else "",
    )
    return page(
        TITLE,
        body,
        {"course": facts | {"lessons": [one.name for one in entries]}},
        "index_page.js",
        ("course",),
    )


def room_page(facts: dict) -> str:
    """The HTML of the facilitator's page: a room from its resume codes.

    Parameters
    ----------
    facts : dict
        From `faultlab.classroom.room_facts`.
    """
    body = (
        "<main class='column look'><p><a href='index.html'>The course</a></p><h1>The room</h1>"
        "<p>What a room bet, before and after the answer; which questions went wrong; who is stuck where. "
        "Learners copy their resume code from lesson 0 into the chat. Paste all of them here. "
        "Nobody is named, and nothing leaves this machine.</p>"
        "<section class='faultlab-form' aria-label='The room'></section></main>"
    )
    return page("The room", body, {"room": facts}, "room_page.js", ("room",))
