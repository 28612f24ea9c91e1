"""How likely a year is that costs so much or more, today and with what is recommended."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING

from faultlab.views.kit import Picture
from faultlab.views.lesson_10.board_words import SIGNS, amount, in_hundred, marked_loss, scale_of

if TYPE_CHECKING:
    from faultlab.analysis.reviews import Review

WIDTH, TOP, FLOOR = 330.0, 16.0, 186.0
POINTS = 90
LETTER = 6.3, 11.0
"""Width, on average, and height of a letter of the labels."""
LINE = 17.0


def exceedance_picture(review: Review) -> Picture:
    """Return the two curves, with the chance that the page speaks about marked on both."""
    marked = marked_loss(review)
    end = max(review.today.one_in(20), 1.25 * marked) or 1.0
    unit, words = scale_of(end)
    money = review.system.currency
    today, after = (one.chance_of(marked) for one in (review.today, review.with_best))
    bought = bool(review.portfolio.best.options)

    def place(loss, chance):
        return WIDTH * loss / end, FLOOR - (FLOOR - TOP) * chance

    def curve(of, kind):
        losses = [end * i / POINTS for i in range(POINTS + 1)]
        path = " L".join("{:.1f} {:.1f}".format(*place(loss, of.chance_of(loss))) for loss in losses)
        return f"<path class='{kind}' d='M{path}'/>"

    parts = []
    for share in (0.25, 0.5, 0.75, 1.0):
        y = place(0, share)[1]
        said = f"{share * 100:.0f}" + (" in 100 years" if share == 1 else "")
        parts.append(f"<path class='grid' d='M0 {y:.1f}H{WIDTH:.0f}'/>")
        parts.append(
            f"<text class='q e' x='{WIDTH:.0f}' y='{y + (14 if share == 1 else -5):.1f}'>{said}</text>"
        )
    parts.append(f"<path class='axis' d='M0 {FLOOR}H{WIDTH:.0f}'/>")
    step = round_step(end / unit)
    for i in range(1, int(end / unit / step) + 1):
        x = place(i * step * unit, 0)[0]
        anchor = "e" if x > WIDTH - 8 else "m"
        parts.append(f"<path class='axis' d='M{x:.1f} {FLOOR}v4'/>")
        parts.append(f"<text class='q {anchor}' x='{x:.1f}' y='204'>{i * step:g}</text>")
    sign = escape(SIGNS.get(money, money))
    parts.append(f"<text class='q e' x='{WIDTH:.0f}' y='224'>{words}{sign} lost in a year, or more</text>")
    parts.append(curve(review.today, "line rest" if bought else "line point"))
    if bought:
        parts.append(curve(review.with_best, "line point"))
    x, y = place(marked, today)

    def heights(left, right):
        """How high each curve stands at two places."""
        shown = (review.today, review.with_best) if bought else (review.today,)
        return [[place(0, of.chance_of(end * at / WIDTH))[1] for at in (left, right)] for of in shown]

    parts.append(f"<circle class='{'rest' if bought else 'point'}' cx='{x:.1f}' cy='{y:.1f}' r='4'/>")
    below = place(marked, after)[1]
    labels = [f"today: {in_hundred(today)}"]
    labels += [f"with the measures: {in_hundred(after)}"] if bought else []
    left, first = _free(labels, (x, y, below if bought else y), heights)
    for i, label in enumerate(labels):
        kind, line = "point " * i, first + LINE * i
        parts.append(f"<text class='b {kind}halo' x='{left:.1f}' y='{line:.1f}'>{label}</text>")
    alt = f"Chance of losing at least so much in a year. {amount(marked, money)}: {in_hundred(today)} today"
    if bought:
        parts.append(f"<path class='lead' d='M{x:.1f} {y:.1f}V{below:.1f}'/>")
        parts.append(f"<circle class='point' cx='{x:.1f}' cy='{below:.1f}' r='4'/>")
        alt += f", {in_hundred(after)} with the recommended set"
    svg = f"<svg viewBox='0 0 330 230' aria-hidden='true'>{''.join(parts)}</svg>"
    return Picture(svg, f"{alt}.", _sentence(review, marked))


def _free(labels, points, heights):
    """The place nearest to the marked points where labels lie on no curve and no number of the axis.

    A curve only ever falls: it misses a box that ends above its left end's height, or begins below its
    right's.

    Parameters
    ----------
    labels : list of str
        One above the other.
    points : tuple of three floats
        How far to the right the points stand, and the heights of the upper and the lower one.
    heights : callable
        From two places to the heights of each curve there.

    Returns
    -------
    tuple of two floats
        Where the first label is written from.
    """
    x, upper, lower = points
    wide, high = LETTER[0] * max(map(len, labels)), LETTER[1] + LINE * (len(labels) - 1)
    words, digits = WIDTH - 96, WIDTH - 24

    def lies_free(at):
        left, top, right, bottom = at[0], at[1] - LETTER[1], at[0] + wide, at[1] - LETTER[1] + high + 4
        if left < 4 or top < 0 or bottom > FLOOR - 3 or right > (words if top < TOP + 20 else digits):
            return False
        dots = left - 8 < x < right + 8 and top - 8 < lower and upper < bottom + 8
        curves = (first > bottom + 3 or last < top - 3 for first, last in heights(left - 8, right + 8))
        return not dots and all(curves)

    def distance(at):
        top, bottom = at[1] - LETTER[1], at[1] - LETTER[1] + high
        across = max(at[0] - x, x - at[0] - wide, 0.0)
        return math.hypot(across, max(top - lower, upper - bottom, 0.0))

    places = ((4.0 * i, 12.0 + 4.0 * j) for i in range(1, 80) for j in range(44))
    return min(filter(lies_free, places), key=distance, default=(x + 9, TOP + 32))


def _sentence(review, marked):
    money, appetite = review.system.currency, review.system.appetite
    if appetite is None or appetite.loss != marked:
        said = f"Marked: {amount(marked, money)}, about what one year in ten costs today."
        if not review.today.one_in(10):
            said = f"Marked: {amount(marked, money)}. Nine years in ten cost nothing."
        if appetite is not None:
            said += f" The {amount(appetite.loss, money)} that the board accepts lie far beyond."
    else:
        said = (
            f"Marked: the board accepts {amount(marked, money)} or more in {in_hundred(appetite.chance)} "
            "years."
        )
    struck = " and whether scenarios strike" if review.system.scenarios else ""
    return (
        f"{said} The curve holds how sure we are of the average year{struck}; the good and bad luck of "
        "parts within a year is not in it."
    )


def round_step(most: float) -> float:
    """A round step that gives at most seven ticks up to `most`.

    >>> round_step(8.2), round_step(180)
    (2, 50)
    """
    raw = most / 7
    power = 10 ** math.floor(math.log10(raw))
    return next(power * one for one in (1, 2, 5, 10) if power * one >= raw)
