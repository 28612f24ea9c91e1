"""One slow dependency, seen page by page, with one pattern after the other switched on."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from faultlab.design.calls import Backoff, CircuitBreaker, FailureRate, Policy, RetryBudget
from faultlab.design.shops import SHOP, Fault, simulate_shop
from faultlab.metrics.customers import CHECKOUT_HOUR
from faultlab.views.kit.chart import bars, document, text
from faultlab.views.kit.palette import GREEN, GREY_TINT, INK, ORANGE, ORANGE_TINT, QUIET, RED
from faultlab.views.kit.picture import Picture
from faultlab.views.kit.stack import stacked
from faultlab.views.kit.words import euros

if TYPE_CHECKING:
    from faultlab.design.shops import ShopDay


STEPS = ("nothing", "timeout", "and retries", "and a retry budget", "and a circuit breaker", "and a fallback")
"""The safeguards switched on; each step keeps those before it."""
_SHORT = dict(
    zip(STEPS, ("nothing", "+ timeout", "+ retries", "+ budget", "+ breaker", "+ fallback"), strict=True)
)
MIDDLE = 6
"""The seed that is shown: of twenty, unguarded, the one in the middle."""
SECONDS = 45
LEFT, RIGHT, TOP, ROW, TALL = 106, 388, 44, 42, 28


def shop_policy(step: str) -> Policy:
    """The policy of a step: what guards the calls to each dependency.

    >>> shop_policy("and retries").retries, shop_policy("timeout").retries
    (2, 0)
    """
    place = STEPS.index(step)
    if place == 0:
        return Policy()
    return Policy(
        timeout=1.0,
        retries=2 if place >= 2 else 0,
        backoff=Backoff("full", base=0.1, cap=1.0),
        budget=RetryBudget(0.1) if place >= 3 else None,
        breaker=CircuitBreaker(FailureRate(0.5, calls=20), open_for=5) if place >= 4 else None,
    )


@functools.lru_cache(maxsize=128)
def shop_run(step: str, slower: float, seed: int = MIDDLE) -> ShopDay:
    """The simulated time of a step; with one seed, visitors and times are the same in every step."""
    return simulate_shop(
        SHOP, shop_policy(step), Fault(slower=slower), step == STEPS[-1], seconds=SECONDS, seed=seed
    )


def shop_day(step: str, slower: float) -> Picture:
    """Which visits are served while the recommendations are slow.

    Parameters
    ----------
    step : str
        One of `STEPS`.
    slower : float
        How many times as long the recommendations take, from second 10 to second 30.

    Returns
    -------
    Picture

    Examples
    --------
    >>> shop_day("and a fallback", 100).sentence.partition(" (")[0]
    'During the slowdown 100 % of visits are served'
    """
    run = shop_run(step, slower)
    fault = run.fault
    parts = [_slow_time(fault)]
    for place, page in enumerate(run.visits):
        shares = [
            served / came if came else 1.0
            for came, served in zip(run.visits[page].tolist(), run.served[page].tolist(), strict=True)
        ]
        parts += _strip(place, page, shares, GREEN, _percent(run.success(page)))
    busy = run.busy[int(fault.start) : int(fault.end)].mean()
    parts += _strip(
        len(run.visits),
        "busy workers",
        [min(1.0, n / SHOP.workers) for n in run.busy],
        ORANGE,
        f"{busy:.0f} of {SHOP.workers}",
    )
    bottom = TOP + ROW * (len(run.visits) + 1) - (ROW - TALL)
    for second in range(0, SECONDS + 1, 10):
        parts.append(text(_x(second), bottom + 18, f"{second} s", 13, QUIET, "middle"))
    served, checkout = run.success(), run.success("checkout")
    assert served is not None  # visitors come in every second
    assert checkout is not None
    hour = (1 - checkout) * CHECKOUT_HOUR[1]
    attempts = int(run.attempts[int(fault.start) : int(fault.end)].sum())
    sentence = (
        f"During the slowdown {_percent(served)} of visits are served "
        f"({_percent(checkout)} at the checkout). "
        + (
            f"An hour like this costs the checkout alone {euros(hour)}."
            if hour
            else "The checkout loses no money."
        )
    )
    if run.degraded["product"].sum():
        sentence += " Product pages come without recommendations."
    alt = (
        f"Switched on: {step}. Recommendations take {slower:g} times as long from second {fault.start:g} to "
        f"{fault.end:g}. Visits served in that time: "
        + ", ".join(f"{page} {_percent(run.success(page))}" for page in run.visits)
        + f". Busy workers: {busy:.0f} of {SHOP.workers}. Calls to recommendations: {attempts}."
    )
    rows = tuple(
        {
            "Page": page,
            "Visits during the slowdown": _sum(run.visits, page, fault),
            "Served": _percent(run.success(page)),
        }
        for page in run.visits
    )
    all_visits = ("All visits, while recommendations are slow", served, _percent(served), GREEN)
    svg = stacked([bars([all_visits], alt, highest=1.0), document(parts, bottom + 28, alt)], alt)
    return Picture(svg, alt, sentence, rows)


def one_after_the_other() -> list[dict]:
    """Every step beside the others, as rows of a table."""
    rows = []
    for step in STEPS:
        run = shop_run(step, 100)
        span = slice(int(run.fault.start), int(run.fault.end))
        rows.append(
            {
                "Switched on": _SHORT[step],
                "Served": _percent(run.success()),
                "Checkout": _percent(run.success("checkout")),
                "Calls to recommendations": int(run.attempts[span].sum()),
            }
        )
    return rows


def _percent(fraction):
    return f"{100 * fraction:.0f} %"


def _sum(counts, page, fault):
    return int(counts[page][int(fault.start) : int(fault.end)].sum())


def _x(second):
    return LEFT + second * (RIGHT - LEFT) / SECONDS


def _slow_time(fault):
    """The time of the fault, tinted from top to bottom under its words."""
    x0, x1 = _x(fault.start), _x(fault.end)
    height = ROW * (len(SHOP.pages) + 1) + 8
    return (
        f"<rect x='{x0:.1f}' y='{TOP - 12}' width='{x1 - x0:.1f}' height='{height}' fill='{ORANGE_TINT}'/>"
        f"<path d='M{x0:.1f} {TOP - 12}V{TOP - 12 + height}M{x1:.1f} {TOP - 12}V{TOP - 12 + height}' "
        f"stroke='{ORANGE}' stroke-dasharray='4 3'/>"
        + text((x0 + x1) / 2, TOP - 20, "recommendations are slow", 14, ORANGE, "middle", "600")
        + text(RIGHT + 8, TOP - 20, "served", 13, QUIET)
    )


def _strip(place, words, shares, colour, written):
    """A row of columns, one a second, as high as the share; what is missing to the top was lost."""
    y = TOP + place * ROW
    wide = (RIGHT - LEFT) / len(shares)
    path = "".join(
        f"M{LEFT + i * wide:.1f} {y + TALL}v{-TALL * share:.1f}h{wide - 0.8:.1f}v{TALL * share:.1f}z"
        for i, share in enumerate(shares)
        if share > 0
    )
    low = written.endswith("%") and int(written.split()[0]) < 99
    return [
        f"<rect x='{LEFT}' y='{y}' width='{RIGHT - LEFT}' height='{TALL}' fill='{GREY_TINT}' "
        "fill-opacity='0.6'/>",
        f"<path d='{path}' fill='{colour}'/>",
        text(4, y + 19, words, 14, INK),
        text(RIGHT + 8, y + 19, written, 14, RED if low else INK, weight="600"),
    ]
