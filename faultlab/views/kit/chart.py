"""Charts as SVG text, for pictures that move: a frame costs well under a millisecond.

Static figures are drawn with matplotlib. A picture behind a slider is drawn here, since matplotlib
needs 60 to 90 ms for a frame and a slider should answer at once.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from faultlab.views.kit.lettering import width_of
from faultlab.views.kit.palette import BLUE, GREY_TINT, GRID, INK, PAGE, QUIET

if TYPE_CHECKING:
    import numpy as np

WIDTH = 460
FONT = "font-family='system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial, sans-serif'"


def text(
    x: float,
    y: float,
    words: object,
    size: int = 14,
    colour: str = INK,
    anchor: str = "start",
    weight: str = "normal",
) -> str:
    """One line of text as SVG, escaped."""
    return (
        f"<text x='{x:.1f}' y='{y:.1f}' font-size='{size}' fill='{colour}' text-anchor='{anchor}' "
        f"font-weight='{weight}'>{escape(str(words))}</text>"
    )


def pressed(marks: Sequence[str], sets: str | None) -> list[str]:
    """Marks that set a control of their Explorer when they are pressed, as "offer:nothing"; with None marks.

    It is a short way for a pointer: whoever uses keys or hears the page has the control itself.
    """
    return [f"<g data-sets='{escape(sets, quote=True)}'>", *marks, "</g>"] if sets else list(marks)


def document(parts: Iterable[str], height: float, alt: str, width: float = WIDTH, scales: str = "") -> str:
    """A whole SVG picture with its alternative text, as wide as the place it is shown in.

    `scales` are the attributes data-x and data-y, by which the browser marks a bet: where the scale begins
    and ends in the picture, its values there, "log" where equal distances are equal ratios; and data-high,
    how far down the picture it counts, if not to its end.
    """
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}' role='img' "
        f"aria-label='{escape(alt, quote=True)}' {FONT}{scales}>"
        f"<rect width='{width}' height='{height}' fill='{PAGE}'/>{''.join(parts)}</svg>"
    )


@dataclass(frozen=True)
class Axis:
    """A scale from values to a place on the chart.

    Parameters
    ----------
    low, high : float
        The ends, in the unit of the data.
    label : str
        What is measured, with its unit.
    ticks : sequence of float
        Where a value is written.
    write : callable
        From a tick to its text; by default the shortest form of the number.
    log : bool
        Whether equal distances mean equal ratios.
    """

    low: float
    high: float
    label: str
    ticks: Sequence[float] = ()
    write: Callable[..., str] = "{:g}".format
    log: bool = False

    @property
    def ends(self) -> str:
        """The ends as the browser reads them."""
        return f"{self.low:g} {self.high:g}{' log' if self.log else ''}"

    def share(self, value: float) -> float:
        """Where a value stands between the ends, 0 to 1; values outside are held at the end."""
        low, high = (math.log(self.low), math.log(self.high)) if self.log else (self.low, self.high)
        if self.log:
            value = math.log(value) if value > 0 else low
        return min(1.0, max(0.0, (value - low) / (high - low)))


ROUND = (1, 1.2, 1.6, 2, 3, 4, 6, 8, 10)
"""What the end of an axis for amounts begins with."""


def amount_axis(most: float, label: str) -> Axis:
    """An axis from nothing to a round amount that is at least `most`, with five ticks.

    >>> axis = amount_axis(75_000, "EUR")
    >>> axis.high, axis.write(axis.ticks[1]), axis.write(1_200_000)
    (80000.0, '20,000', '1.2 million')
    """
    size = 10.0 ** math.floor(math.log10(max(most, 1.0)))
    end = next(step * size for step in ROUND if step * size >= most)
    return Axis(0, end, label, tuple(end * part / 4 for part in range(5)), _amount)


def _amount(amount):
    return f"{amount / 1e6:.3g} million" if amount >= 1e6 else f"{amount:,.0f}"


class Chart:
    """A chart with two axes; each method adds a mark, and `svg` returns the picture.

    Examples
    --------
    >>> chart = Chart(Axis(0, 10, "hours", (0, 5, 10)), Axis(0, 1, "share", (0, 1)))
    >>> chart.line([0, 10], [0, 1], label="all")
    >>> chart.svg("A line that rises.").startswith("<svg")
    True
    """

    def __init__(self, x: Axis, y: Axis, height: int = 300, left: int = 64, right: int = 24) -> None:
        self.x, self.y, self.height = x, y, height
        self.left, self.right, self.top, self.bottom = left, WIDTH - right, 34, height - 52
        self._marks: list[str] = []

    def place(self, x: float, y: float) -> tuple[float, float]:
        """The point of the picture at which (x, y) stands."""
        return (
            self.left + self.x.share(x) * (self.right - self.left),
            self.bottom - self.y.share(y) * (self.bottom - self.top),
        )

    def line(
        self, xs: Iterable[float], ys: Iterable[float], colour: str = BLUE, dash: str = "", label: str = ""
    ) -> None:
        """A line through the points; its label stands at its end."""
        points = [self.place(x, y) for x, y in zip(xs, ys, strict=True)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self._marks.append(
            f"<polyline points='{path}' fill='none' stroke='{colour}' stroke-width='2.5' "
            f"stroke-dasharray='{dash}' stroke-linejoin='round'/>"
        )
        if label:
            x, y = points[-1]
            self._marks.append(text(min(x, self.right), y - 8, label, 13, colour, "end", "600"))

    def band(
        self,
        xs: Sequence[float] | np.ndarray,
        lows: Iterable[float],
        highs: Iterable[float],
        colour: str = BLUE,
    ) -> None:
        """The area between two lines, drawn faintly with outlines that carry the contrast."""
        upper = [self.place(x, y) for x, y in zip(xs, highs, strict=True)]
        lower = [self.place(x, y) for x, y in zip(xs, lows, strict=True)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in upper + lower[::-1])
        self._marks.append(
            f"<polygon points='{path}' fill='{colour}' fill-opacity='0.13' stroke='{colour}' "
            f"stroke-width='1'/>"
        )

    def dot(
        self,
        x: float,
        y: float,
        colour: str = BLUE,
        label: str = "",
        radius: int = 5,
        anchor: str = "start",
        lift: int = 0,
    ) -> None:
        """A dot, with its label beside it, or lifted off a flat line."""
        px, py = self.place(x, y)
        self._marks.append(
            f"<circle cx='{px:.1f}' cy='{py:.1f}' r='{radius}' fill='{colour}' stroke='{PAGE}'/>"
        )
        if label:
            if anchor == "start" and px + 9 + 7.5 * len(label) > WIDTH:
                anchor = "end"  # it would be cut off at the right edge
            shift = {"start": 9, "end": -9, "middle": 0}[anchor]
            below = -10 if anchor == "middle" else 5
            self._marks.append(text(px + shift, py + below - lift, label, 13, colour, anchor, "600"))

    def column(self, low: float, high: float, value: float, colour: str = BLUE, opacity: float = 1.0) -> None:
        """A column from the floor to a value, between two places on the horizontal axis."""
        x0, y = self.place(low, value)
        x1, floor = self.place(high, self.y.low)
        self._marks.append(
            f"<rect x='{x0 + 0.5:.1f}' y='{y:.1f}' width='{max(x1 - x0 - 1, 0.5):.1f}' "
            f"height='{max(floor - y, 0):.1f}' fill='{colour}' fill-opacity='{opacity}'/>"
        )

    def rule(
        self,
        x: float,
        colour: str = INK,
        label: str = "",
        anchor: str = "start",
        dash: str = "4 3",
        width: float = 2,
    ) -> None:
        """A vertical line at x, with its label at the top."""
        px, _ = self.place(x, self.y.low)
        self._marks.append(
            f"<line x1='{px:.1f}' x2='{px:.1f}' y1='{self.top - 4}' y2='{self.bottom}' "
            f"stroke='{colour}' stroke-width='{width}' stroke-dasharray='{dash}'/>"
        )
        if label:  # with an edge of paper, so that it is read on whatever is drawn behind it
            words = text(
                px + (6 if anchor == "start" else -6), self.top + 8, label, 13, colour, anchor, "600"
            )
            edge = f"stroke='{PAGE}' stroke-width='5' stroke-linejoin='round' paint-order='stroke'"
            self._marks.append(f"<g {edge}>{words}</g>")

    def level(self, y: float, colour: str = INK, label: str = "", dash: str = "4 3") -> None:
        """A horizontal line at y, with its label at the left."""
        _, py = self.place(self.x.low, y)
        self._marks.append(
            f"<line x1='{self.left}' x2='{self.right}' y1='{py:.1f}' y2='{py:.1f}' "
            f"stroke='{colour}' stroke-width='2' stroke-dasharray='{dash}'/>"
        )
        self._marks.append(text(self.left + 6, py - 6, label, 13, colour, "start", "600"))

    def legend(self, *entries: tuple[str, str, str | None]) -> None:
        """What the lines and columns are, in a row of its own below: (words, colour, dash pattern) each."""
        y, x = self.height + 12, self.left - 30
        self.height += 24
        for words, colour, dash in entries:
            self._marks.append(
                f"<line x1='{x}' x2='{x + 24}' y1='{y - 5}' y2='{y - 5}' stroke='{colour}' "
                f"stroke-width='{8 if dash is None else 2.5}' stroke-dasharray='{dash or ''}'/>"
            )
            self._marks.append(text(x + 30, y, words, 13, colour, weight="600"))
            x += 48 + round(width_of(words, 14, bold=True))

    def svg(self, alt: str) -> str:
        """The chart as SVG text; `alt` says in words what it shows."""
        across, up = (self.left, self.right, self.x.ends), (self.bottom, self.top, self.y.ends)
        scales = f" data-x='{' '.join(map(str, across))}' data-y='{' '.join(map(str, up))}'"
        return document([*self._frame(), *self._marks], self.height, alt, scales=scales)

    def _frame(self):
        for tick in self.x.ticks:
            x, _ = self.place(tick, self.y.low)
            yield f"<line x1='{x:.1f}' x2='{x:.1f}' y1='{self.top}' y2='{self.bottom}' stroke='{GRID}'/>"
            words = self.x.write(tick)
            over = x + width_of(words, 14) / 2 > WIDTH
            yield text(WIDTH if over else x, self.bottom + 19, words, 13, QUIET, "end" if over else "middle")
        for tick in self.y.ticks:
            _, y = self.place(self.x.low, tick)
            yield f"<line x1='{self.left}' x2='{self.right}' y1='{y:.1f}' y2='{y:.1f}' stroke='{GRID}'/>"
            yield text(self.left - 8, y + 5, self.y.write(tick), 13, QUIET, "end")
        yield text((self.left + self.right) / 2, self.bottom + 42, self.x.label, 14, INK, "middle")
        yield text(8, 18, self.y.label, 14, INK)


def bars(
    rows: Sequence[tuple[str, float, str, str]], alt: str, highest: float | None = None, gap: int = 58
) -> str:
    """Horizontal bars, each under its own words, with its value written beside it.

    Parameters
    ----------
    rows : sequence of tuple
        (words, value, written value, colour); values are 0 or more, all in one unit.
    alt : str
        What the picture shows, in words.
    highest : float, optional
        The value of a full bar; the largest value where it is left out. Fix it while a slider moves,
        so that bars can be compared between frames.
    """
    full = highest or max((value for _, value, _, _ in rows), default=1) or 1
    parts = []
    for i, (words, value, written, colour) in enumerate(rows):
        y = 10 + i * gap
        length = max(min(value / full, 1.0) * (WIDTH - 130), 2.0)
        parts += [
            text(4, y + 12, words, 14, INK),
            f"<rect x='4' y='{y + 19}' width='{WIDTH - 130}' height='20' fill='{GREY_TINT}'/>",
            f"<rect x='4' y='{y + 19}' width='{length:.1f}' height='20' fill='{colour}'/>",
            text(WIDTH - 120, y + 34, written, 14, INK, weight="600"),
        ]
    return document(parts, 14 + gap * len(rows), alt, scales=f" data-x='4 {WIDTH - 126} 0 {full:g}'")
