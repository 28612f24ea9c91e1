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
    step = _step(end / unit)
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
    # Both labels stand above the curves, where there is room: they only ever fall.
    at, anchor = (WIDTH - 24, " e") if x > WIDTH * 0.55 else (x + 9, "")
    highest = max(y - (32 if bought else 14), TOP + 32)
    parts.append(f"<circle class='{'rest' if bought else 'point'}' cx='{x:.1f}' cy='{y:.1f}' r='4'/>")
    label = f"today: {in_hundred(today)}"
    parts.append(f"<text class='b halo{anchor}' x='{at:.1f}' y='{highest:.1f}'>{label}</text>")
    alt = f"Chance of losing at least so much in a year. {amount(marked, money)}: {in_hundred(today)} today"
    if bought:
        below = place(marked, after)[1]
        parts.append(f"<path class='lead' d='M{x:.1f} {y:.1f}V{below:.1f}'/>")
        parts.append(f"<circle class='point' cx='{x:.1f}' cy='{below:.1f}' r='4'/>")
        label = f"with the measures: {in_hundred(after)}"
        parts.append(f"<text class='b point halo{anchor}' x='{at:.1f}' y='{highest + 18:.1f}'>{label}</text>")
        alt += f", {in_hundred(after)} with the recommended set"
    svg = f"<svg viewBox='0 0 330 230' aria-hidden='true'>{''.join(parts)}</svg>"
    return Picture(svg, f"{alt}.", _sentence(review, marked))


def _sentence(review, marked):
    money, appetite = review.system.currency, review.system.appetite
    if appetite is None:
        return f"Marked: {amount(marked, money)}, about what one year in ten costs today."
    return (
        f"Marked: the board accepts {amount(marked, money)} or more in {in_hundred(appetite.chance)} years."
    )


def _step(most):
    """A round step that gives at most seven ticks."""
    raw = most / 7
    power = 10 ** math.floor(math.log10(raw))
    return next(power * one for one in (1, 2, 5, 10) if power * one >= raw)
