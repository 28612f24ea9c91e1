"""What one burn-rate alert sees, how soon, and what it takes for an outage that is none."""

from __future__ import annotations

from faultlab.metrics.alerts import BurnRateAlert, alert_report, hours_until_spent
from faultlab.views.kit.chart import bars
from faultlab.views.kit.palette import BLUE, RED
from faultlab.views.kit.picture import Picture
from faultlab.views.kit.words import count, span

ALERTS = {
    "14.4 times, over 1 hour": BurnRateAlert(14.4, 1.0, 1 / 12),
    "6 times, over 6 hours": BurnRateAlert(6.0, 6.0, 0.5),
    "1 time, over 3 days": BurnRateAlert(1.0, 72.0, 6.0, "ticket"),
}
OBJECTIVES = (90, 93, 95, 99, 99.5, 99.9, 99.95, 99.99)
TRAFFIC = (10, 60, 300, 1_000, 10_000)
_OUTAGES = (
    ("everything fails", "full"),
    ("one request in ten fails", "ten_percent"),
    ("one in a hundred fails", "one_percent"),
)


def burn_alert(objective: float, requests: float, alert: str) -> Picture:
    """Draw how soon an alert fires, by how much fails.

    Parameters
    ----------
    objective : float
        Per cent.
    requests : float
        An hour.
    alert : str
        One of `ALERTS`.

    Returns
    -------
    Picture

    Examples
    --------
    >>> burn_alert(99.9, 60, "14.4 times, over 1 hour").sentence.partition(".")[0]
    'One failed request sets it off, and chance alone does 43 times a month'
    >>> burn_alert(90, 1_000, "14.4 times, over 1 hour").sentence.partition(":")[0]
    'It never fires'
    """
    rule = ALERTS[alert]
    report = alert_report(rule, objective / 100, requests)
    window = 60 * rule.long_hours
    drawn, rows = [], []
    for words, name in _OUTAGES:
        minutes = report.detection_minutes[name]
        written = "never" if minutes is None else span(minutes)
        drawn.append(
            (words, window if minutes is None else minutes, written, RED if minutes is None else BLUE)
        )
        rows.append({"What": f"Fires after, if {words}", "Result": written})
    budget = 60 * hours_until_spent(1.0) * (1 - objective / 100)
    by_chance, needed, full = report.false_alerts, report.failures_to_fire, report.detection_minutes["full"]
    assert by_chance is not None  # as the requests are known
    assert needed is not None
    rows += [
        {"What": "Error budget of 30 days, as time with nothing working", "Result": span(budget)},
        {"What": "Failed requests in its window that set it off", "Result": f"{needed:,}"},
        {"What": "Fires by chance in 30 days, if the objective is just met", "Result": f"{by_chance:.2g}"},
        {"What": "Budget gone when it fires", "Result": f"{100 * report.budget_spent:.0f} %"},
    ]
    if full is None:
        fastest = 1 / (1 - objective / 100)
        sentence = (
            f"It never fires: with everything down, errors are {fastest:.3g} times what is allowed, and it "
            f"waits for {rule.burn_rate:g}."
        )
    elif needed == 1:
        sentence = (
            f"One failed request sets it off, and chance alone does {_times(by_chance)} a month. A total "
            f"outage is seen after {span(full)}."
        )
    else:
        sentence = (
            f"A total outage is seen after {span(full)}; "
            f"{count(needed, 'failed request')} set it off, and chance alone "
            + (f"does {_times(by_chance)} a month." if by_chance >= 0.005 else "hardly ever does.")
        )
    alt = "Bars: how long until the alert fires. " + ", ".join(f"{w}: {t}" for w, _, t, _ in drawn) + "."
    return Picture(bars(drawn, alt, highest=window), alt, sentence, tuple(rows))


def _times(number):
    return "once" if f"{number:.2g}" == "1" else f"{number:.2g} times"
