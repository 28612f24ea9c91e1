"""A page as one file: text, look, data and script, and a policy that lets nothing else in."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from faultlab.pages.lighter import smaller
from faultlab.views.kit import LOOK, bundled, style_for

SCRIPTS = Path(__file__).parent / "scripts"
TOKEN = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), #[0-9a-f]{6}\)")
BEGUN = "document.documentElement.classList.add('js');"
"""Before anything is drawn: what only those without scripts need is left out."""
OURS = "look faultlab-reading faultlab-static"
"""The classes of every page."""


def page(
    title: str,
    body: str,
    data: dict[str, Any],
    entry: str,
    first: tuple[str, ...] = (),
    kinds: tuple[str, ...] = (),
) -> str:
    """One HTML file that asks for no other.

    Parameters
    ----------
    title : str
    body : str
        HTML.
    data : dict
        By its id, what scripts read.
    entry : str
        The script's file in `SCRIPTS`; it has a function `start`.
    first : tuple of str
        The ids of the data that stand before the script: with them the page begins to live.
    kinds : tuple of str
        The kinds of widgets in `kinds.js` that it has; `start` is given them.
    """
    script = bundle(entry, kinds)
    before = "".join(_data(name, data[name]) for name in first)
    after = "".join(_data(name, one) for name, one in data.items() if name not in first)
    style = smaller(style_for(look(), f"{BEGUN} {OURS} {body} {before} {script} {after}"), "text/css")
    policy = (
        f"default-src 'none'; script-src {_hash(BEGUN)} {_hash(script)}; style-src {_hash(style)}; "
        "style-src-attr 'unsafe-inline'; img-src data:; worker-src 'self'; base-uri 'none'; "
        "form-action 'none'"
    )
    return (
        "<!doctype html>\n<html lang='en'><head><meta charset='utf-8'>"
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        "<meta name='viewport' content='width=device-width,initial-scale=1'>"
        "<meta name='referrer' content='no-referrer'>"
        f"<title>{escape(title)}</title><link rel='icon' href='data:,'><style>{style}</style>"
        f"<script>{BEGUN}</script></head>\n<body class='{OURS}'>{body}\n"
        f"{before}<script>{script}</script>\n{after}</body></html>\n"
    )


def _data(name, value):
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for end in ("</", "<!--", "<script"):  # what would end the element
        text = text.replace(end, "\\u003c" + end[1:])
    return f"<script type='application/json' id='{name}'>{text}</script>\n"


def _hash(text):
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@cache
def bundle(entry: str, kinds: tuple[str, ...]) -> str:
    """The script of a page, with what it needs of all that it imports."""
    listed = ", ".join(kinds)
    text = f'import {{ start }} from "./{entry}";\n'
    text += f'import {{ {listed} }} from "./kinds.js";\nstart({{ {listed} }});\n' if kinds else "start();\n"
    return smaller(f"(() => {{\n{bundled(text, SCRIPTS)}}})();\n", "application/javascript")


@cache
def look() -> str:
    """The look; and in a picture that stands in the page, its colours as the page has them."""
    text = LOOK.read_text(encoding="utf-8")
    turned = [
        f'.look .faultlab-picture [{what}="{light}"] {{ {what}: var(--{name}); }}'
        for name, light in TOKEN.findall(text)
        for what in ("fill", "stroke")
    ]
    return "\n".join([text, *reversed(turned)])
