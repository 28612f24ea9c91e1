"""What a signature under one alert means for three services that differ in objective and traffic."""

from __future__ import annotations

from faultlab.metrics.alerts import alert_report
from faultlab.views.kit.chart import WIDTH, document, text
from faultlab.views.kit.palette import GREEN, INK, QUIET, RED
from faultlab.views.kit.picture import Picture
from faultlab.views.kit.words import count, span
from faultlab.views.lesson_09.burn_alert import ALERTS

SERVICES = {"checkout": (99.9, 7_200), "gift cards": (99.9, 60), "wish lists": (90, 1_000)}
"""Objective in per cent, and requests an hour."""
PROPOSALS = ("nothing", "the alert for all three services", "the alert for the checkout alone")
_PAGE = ALERTS["14.4 times over 1 hour"]


def signature(proposal: str) -> Picture:
    """Draw who is paged, how soon in a total outage, and how often for nothing.

    Parameters
    ----------
    proposal : str
        One of `PROPOSALS`.

    Returns
    -------
    Picture

    Examples
    --------
    >>> signature("the alert for all three services").sentence.partition(":")[0]
    'You sign for 43 false alarms a month, and for one service that the alert can never protect'
    """
    rows = tuple(_row(name, proposal) for name in SERVICES)
    parts = []
    for place, row in enumerate(rows):
        y = 26 + 66 * place
        bad = row["Total outage"] == "never pages" or row["False alarms a month"] > 1
        colour = QUIET if not row["Alert"] else RED if bad else GREEN
        parts += [
            f"<rect x='4' y='{y - 18}' width='6' height='50' fill='{colour}'/>",
            text(20, y, row["Service"], 15, INK, weight="600"),
            text(20, y + 22, _words(row), 14, colour if row["Alert"] else QUIET),
            text(WIDTH - 6, y, f"{row['Objective']}, {row['Requests an hour']:,} an hour", 13, QUIET, "end"),
        ]
    alt = " ".join(f"{row['Service']}: {_words(row)}." for row in rows)
    return Picture(document(parts, 26 + 66 * len(rows), alt), alt, _sentence(proposal, rows), rows)


def _row(name, proposal):
    objective, requests = SERVICES[name]
    signed = proposal == PROPOSALS[1] or (proposal == PROPOSALS[2] and name == "checkout")
    report = alert_report(_PAGE, objective / 100, requests)
    full = report.detection_minutes["full"]
    return {
        "Service": name[0].upper() + name[1:],
        "Objective": f"{objective:g} %",
        "Requests an hour": requests,
        "Alert": signed,
        "Total outage": "nobody is paged"
        if not signed
        else "never pages"
        if full is None
        else f"pages after {span(full)}",
        "False alarms a month": round(report.false_alerts or 0.0, 1) if signed else 0.0,
    }


def _words(row):
    if not row["Alert"]:
        return "no alert: customers will tell you"
    number = row["False alarms a month"]
    false = "almost no false alarms" if number < 0.1 else f"{count(round(number), 'false alarm')} a month"
    return f"a total outage {row['Total outage']}; {false}"


def _sentence(proposal, rows):
    if proposal == PROPOSALS[0]:
        return "Nobody is paged for anything. The next slow afternoon is noticed as this one was."
    if proposal == PROPOSALS[1]:
        false = sum(row["False alarms a month"] for row in rows)
        return (
            f"You sign for {false:.0f} false alarms a month, and for one service that the alert can never "
            "protect: it looks covered and isn't."
        )
    return (
        "The checkout is protected, almost without false alarms. The other two need an alert of their own: "
        "gift cards a count of failures, wish lists a lower burn rate."
    )
