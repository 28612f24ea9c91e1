"""Show a figure with what makes it usable by everyone: alternative text, a caption, its numbers."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from IPython.display import HTML, display

from faultlab.errors import BadInput
from faultlab.views.kit.page import framed, image, wide_table
from faultlab.views.kit.palette import BLUE, GREEN, GRID, INK, ORANGE, PAGE, PURPLE, QUIET, RED
from faultlab.views.kit.picture import Picture

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from typing import Any

    from matplotlib.figure import Figure

STYLE: dict[str, Any] = {
    "figure.figsize": (6.4, 3.8),
    "figure.facecolor": PAGE,
    "axes.facecolor": PAGE,
    "axes.edgecolor": QUIET,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": GRID,
    "text.color": INK,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "font.size": 11,
    "lines.linewidth": 2.2,
    "svg.hashsalt": "faultlab",
}


def house_style() -> AbstractContextManager[None]:
    """A context in which matplotlib draws as the course does.

    Examples
    --------
    >>> with house_style():
    ...     pass
    """
    import matplotlib as mpl
    from matplotlib.rcsetup import cycler

    styles = ["-", "--", ":", "-.", "-"]
    colours = cycler(color=[BLUE, ORANGE, GREEN, PURPLE, RED], linestyle=styles)
    settings = STYLE | {"axes.prop_cycle": colours}
    return mpl.rc_context(settings)  # type: ignore[arg-type]  # its own type lists every key


def figure(drawing: Figure | Picture, alt: str = "", caption: str = "", data: Sequence[dict] = ()) -> None:
    """Show a drawing with its alternative text, its caption and its numbers behind a fold.

    Parameters
    ----------
    drawing : matplotlib.figure.Figure or Picture
        What to show. A matplotlib figure is closed afterwards, so that it isn't shown twice.
    alt : str
        The drawing in words. A `Picture` brings its own.
    caption : str
        What to see in it. A `Picture` brings its own sentence.
    data : sequence of dict
        The numbers that were drawn, a dictionary a row.

    Raises
    ------
    BadInput
        If the alternative text or the caption is missing.
    """
    if isinstance(drawing, Picture):
        alt, caption = alt or drawing.alt, caption or drawing.sentence
        data = data or drawing.rows
        content = drawing.svg.encode()
    if not alt.strip():
        raise BadInput("This figure has no alternative text: give alt='…', the picture in words.")
    if not caption.strip():
        raise BadInput("This figure has no caption: give caption='…', what to see in it.")
    if not isinstance(drawing, Picture):
        content = _matplotlib_svg(drawing)
    html = framed(image(content, "svg+xml", alt), caption, list(data))
    display(HTML(html))


def show_table(rows: Sequence[dict], caption: str) -> None:
    """Show rows as a table with a caption.

    Parameters
    ----------
    rows : sequence of dict
        A dictionary a row, all with the same keys.
    caption : str
        What to see in it.
    """
    display(HTML(framed(wide_table(rows, "Table"), caption, wide=True)))


def _matplotlib_svg(drawing):
    import matplotlib as mpl
    from matplotlib import pyplot

    buffer = io.BytesIO()
    with mpl.rc_context({"svg.hashsalt": STYLE["svg.hashsalt"]}):
        drawing.savefig(buffer, format="svg", bbox_inches="tight", metadata={"Date": None})
    pyplot.close(drawing)
    return buffer.getvalue()
