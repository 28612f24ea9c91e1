"""What the browser gets of a widget: its script, after the functions that all scripts share, and styles."""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).parent
LOOK = HERE.parents[1] / "labextension/share/jupyter/labextensions/faultlab/static/look.css"
"""The look of everything that is seen."""


def script(path: Path) -> str:
    """The script of a widget; `elements.js` goes before it.

    Parameters
    ----------
    path : Path
        Its own file.
    """
    return "".join(one.read_text(encoding="utf-8") for one in (HERE / "elements.js", path))
