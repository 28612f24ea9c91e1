"""What keeps a page light: scripts and styles in few letters."""

from __future__ import annotations

import re
from functools import cache

REMARK = re.compile(r"^[ \t]*(?://.*|/\*\*(?:(?!\*/)[\s\S])*\*/[ \t]*)?\n|^[ \t]+", re.M)
"""Lines of a script that are a comment or empty, and indents."""


@cache
def smaller(text: str, kind: str) -> str:
    """A script or a style in fewer letters, which does the same.

    The package tdewolff-minify reads both as a browser does. Without it, comments and indents of scripts go.

    Parameters
    ----------
    text : str
    kind : str
        "application/javascript" or "text/css".
    """
    try:
        import minify
    except ImportError:
        return REMARK.sub("", text) if "script" in kind else text
    return minify.string(kind, text)
