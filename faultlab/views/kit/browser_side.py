"""What the browser gets of a widget: its script, after the functions that all scripts share, and styles."""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).parent


def script(path: Path) -> str:
    """The script of a widget; `elements.js` goes before it.

    Parameters
    ----------
    path : Path
        Its own file.
    """
    return "".join(one.read_text(encoding="utf-8") for one in (HERE / "elements.js", path))


def styles(*names: str) -> str:
    """The styles of a widget: files of this folder, one after the other."""
    return "".join((HERE / name).read_text(encoding="utf-8") for name in names)
