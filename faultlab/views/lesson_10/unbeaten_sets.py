"""The sets of options that no other beats: what each costs, and what it saves."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from faultlab.views.kit import Picture
from faultlab.views.lesson_10.board_words import SIGNS, amount, listed, number, scale_of, some_listed
from faultlab.views.lesson_10.exceedance import round_step

if TYPE_CHECKING:
    from faultlab.analysis.reviews import Review

WIDTH, TOP, FLOOR = 330.0, 20.0, 108.0
LEFT = 10.0


def sets_picture(review: Review) -> Picture:
    """Return the sets as points, cost to the right and saving upwards, with the recommended one told by name.

    Its rows are the points: the options of a set, its cost and its saving.
    """
    found, money = review.portfolio, review.system.currency
    best = found.best.options
    points = {names: (cost, saved) for names, cost, saved in found.pareto}
    points.setdefault(best, (found.best.cost_per_year.likely, found.best.saved_per_year.likely))
    dearest, highest = (max(1.0, *(one[i] for one in points.values())) for i in (0, 1))
    unit, scale = scale_of(dearest)
    sign = escape(SIGNS.get(money, money))

    def place(cost, saved):
        return LEFT + (WIDTH - 2 * LEFT) * cost / dearest, FLOOR - (FLOOR - TOP) * max(saved, 0.0) / highest

    parts = [f"<path class='axis' d='M0 {FLOOR}H{WIDTH:.0f}'/>"]
    step = round_step(dearest / unit)
    for i in range(int(dearest / unit / step) + 1):
        x = place(i * step * unit, 0)[0]
        parts.append(f"<path class='axis' d='M{x:.1f} {FLOOR}v4'/>")
        parts.append(f"<text class='q m' x='{x:.1f}' y='{FLOOR + 18}'>{number(i * step)}</text>")
    parts.append(f"<text class='q e' x='{WIDTH:.0f}' y='{FLOOR + 36}'>cost a year, {scale}{sign}</text>")
    parts.append(f"<text class='q' x='0' y='12'>saved a year, up to {escape(amount(highest, money))}</text>")
    way = " L".join("{:.1f} {:.1f}".format(*place(cost, saved)) for _, cost, saved in found.pareto)
    parts.append(f"<path class='line rest' d='M{way}'/>")
    for names, given in points.items():
        if names != best:
            parts.append("<circle class='rest' cx='{:.1f}' cy='{:.1f}' r='3.5'/>".format(*place(*given)))
    x, y = place(*points[best])
    side, at = (" e", x - 9) if x > WIDTH / 2 else ("", x + 9)
    parts.append(f"<circle class='point' cx='{x:.1f}' cy='{y:.1f}' r='5'/>")
    said = "recommended" if best else "nothing"
    parts.append(f"<text class='b point halo{side}' x='{at:.1f}' y='{y + 25:.1f}'>{said}</text>")
    alt = f"{len(points)} set{'s' * (len(points) != 1)} by what they cost and save a year. "
    cost, saved = (amount(one, money) for one in points[best])
    alt += (
        f"Recommended: {some_listed(best)}, for {cost}, saves {saved}."
        if best
        else "None of them is recommended."
    )
    svg = f"<svg viewBox='0 0 {WIDTH:.0f} {FLOOR + 40:.0f}' aria-hidden='true'>{''.join(parts)}</svg>"
    rows = tuple(
        {"Set": listed(names) or "nothing", "Costs": cost, "Saves": saved}
        for names, (cost, saved) in points.items()
    )
    return Picture(svg, alt, "Each further step costs more for what it saves.", rows)
