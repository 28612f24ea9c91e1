"""The error budget as a decision: carry on, slow down, or fix things first."""

from __future__ import annotations

from faultlab.metrics.budgets import error_budget
from faultlab.views.kit.chart import bars
from faultlab.views.kit.palette import BLUE, GREEN, ORANGE, RED
from faultlab.views.kit.picture import Picture
from faultlab.views.kit.words import share, span

DAYS = 30
BARELY_SPENT, NEARLY_SPENT = 0.1, 0.9
"""Below the one, haste says nothing yet; above the other, the next outage spends the rest."""


def budget_decision(objective: float, down: float, day: int) -> Picture:
    """How much of a month's error budget is spent, against how much of the month has passed.

    The rule: fix things first when the budget is spent; slow down when less than a tenth of it is left,
    or when it is being spent faster than the month passes and a tenth is gone; carry on otherwise. A team may
    choose another rule, before the month and not in it.

    Parameters
    ----------
    objective : float
        The service level objective, in percent.
    down : float
        Minutes down so far.
    day : int
        Days of the month that have passed, 1 to 30.

    Returns
    -------
    Picture

    Examples
    --------
    >>> budget_decision(99.9, 30, 10).sentence
    'Slow down: 69 % of the budget is gone and only 33 % of the month has passed.'
    """
    budget = error_budget(round(objective / 100, 9), down, "month")
    passed = day / DAYS
    if budget.share_spent >= 1:
        decision, colour = "Fix first", RED
    elif budget.share_spent > NEARLY_SPENT or budget.share_spent > max(passed, BARELY_SPENT):
        decision, colour = "Slow down", ORANGE
    else:
        decision, colour = "Carry on", GREEN
    spent, month = share(budget.share_spent), share(passed)
    if budget.share_spent <= 0:
        sentence = f"{decision}: none of the budget is spent, and {month} of the month has passed."
    elif budget.share_spent >= 1:
        sentence = f"{decision}: the budget is spent ({spent} of it), and {month} of the month has passed."
    elif budget.share_spent > passed:
        sentence = f"{decision}: {spent} of the budget is gone and only {month} of the month has passed."
    else:
        sentence = f"{decision}: {spent} of the budget is gone and {month} of the month has passed."
    rows = [
        ("Month passed", passed, month, BLUE),
        ("Budget spent", budget.share_spent, spent, colour),
    ]
    alt = f"Two bars: {month} of the month has passed, {spent} of the error budget is spent. {decision}."
    data = (
        {"What": "The budget of the month", "Time": span(budget.allowed)},
        {"What": "Spent so far", "Time": span(down)},
        {"What": "Left" if budget.left >= 0 else "Over the budget by", "Time": span(abs(budget.left))},
    )
    return Picture(bars(rows, alt, highest=1.0), alt, sentence, data)
