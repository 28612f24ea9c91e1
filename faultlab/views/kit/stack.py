"""Several drawings above each other as one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from faultlab.errors import BadInput
from faultlab.views.kit.chart import FONT, WIDTH
from faultlab.views.kit.palette import PAGE

SCALE = re.compile(r" data-x='([\d.]+) ([\d.]+) ([^']+)'(?! data-y)")


def stacked(drawings: Sequence[str], alt: str) -> str:
    """Return drawings of `chart.document` as one SVG, the first on top, narrower ones in the middle.

    Where the first is `bars`, its scale is the whole picture's.

    Parameters
    ----------
    drawings : sequence of str
    alt : str
        The whole picture in words; the words of the single drawings are left out.

    Examples
    --------
    >>> from faultlab.views.kit.chart import bars
    >>> one = bars([("a", 1, "1", "#0b5cad")], "One bar.")
    >>> stacked([one, one], "The same bar twice.").count("<svg")
    3
    """
    sizes = [_size(drawing) for drawing in drawings]
    width = max([WIDTH, *(wide for wide, _ in sizes)])
    scale = SCALE.search(drawings[0][: drawings[0].index(">")])
    scales = ""
    if scale:
        low, high = (float(end) + (width - sizes[0][0]) / 2 for end in scale.groups()[:2])
        scales = f" data-x='{low:g} {high:g} {scale[3]}' data-high='{sizes[0][1]:g}'"
    parts, top = [], 0
    for drawing, (wide, high) in zip(drawings, sizes, strict=True):
        left = (width - wide) / 2
        inside = drawing[drawing.index(">") + 1 :]
        parts.append(
            f"<svg x='{left:g}' y='{top:g}' width='{wide:g}' height='{high:g}' "
            f"viewBox='0 0 {wide:g} {high:g}'>"
            f"{inside}"
        )
        top += high
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width:g} {top:g}' role='img' "
        f"aria-label='{escape(alt, quote=True)}' {FONT}{scales}>"
        f"<rect width='{width:g}' height='{top:g}' fill='{PAGE}'/>{''.join(parts)}</svg>"
    )


def _size(drawing):
    found = re.match(r"<svg [^>]*viewBox='0 0 ([\d.]+) ([\d.]+)'", drawing)
    if not found:
        raise BadInput("Only drawings of chart.document can be stacked: this one has no viewBox.")
    return float(found[1]), float(found[2])
