"""What one burn-rate alert notices, how soon, and how often it pages someone for nothing."""

from __future__ import annotations

from faultlab.metrics.alerts import BurnRateAlert, alert_report, hours_until_spent
from faultlab.views.kit.chart import bars
from faultlab.views.kit.palette import BLUE, RED
from faultlab.views.kit.picture import Picture
from faultlab.views.kit.words import count, span

ALERTS = {
    "14.4 times over 1 hour": BurnRateAlert(14.4, 1.0, 1 / 12),
    "6 times over 6 hours": BurnRateAlert(6.0, 6.0, 0.5),
    "1 time over 3 days": BurnRateAlert(1.0, 72.0, 6.0, "ticket"),
}
OBJECTIVES = (90, 93, 95, 99, 99.5, 99.9, 99.95, 99.99)
TRAFFIC = (10, 60, 300, 1_000, 10_000)
_OUTAGES = (
    ("Everything fails", "full"),
    ("One request in ten fails", "ten_percent"),
    ("One in a hundred fails", "one_percent"),
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
    >>> burn_alert(99.9, 60, "14.4 times over 1 hour").sentence.partition(",")[0]
    'A single failed request triggers this alert'
    >>> burn_alert(90, 1_000, "14.4 times over 1 hour").sentence.partition(":")[0]
    'This alert can never fire'
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
        rows.append({"What": f"Time until it fires if {words[0].lower()}{words[1:]}", "Result": written})
    budget = 60 * hours_until_spent(1.0) * (1 - objective / 100)
    by_chance, needed, full = report.false_alerts, report.failures_to_fire, report.detection_minutes["full"]
    assert by_chance is not None  # as the requests are known
    assert needed is not None
    alarms = f"{by_chance:.2g}" if by_chance >= 0.005 else "almost none"
    rows += [
        {"What": "Error budget of 30 days, as a total outage", "Result": span(budget)},
        {"What": "Failed requests needed to trigger it", "Result": f"{needed:,}"},
        {"What": "False alarms in 30 days when the objective is exactly met", "Result": alarms},
        {"What": "Share of the budget spent when it fires", "Result": f"{100 * report.budget_spent:.0f} %"},
    ]
    if full is None:
        fastest = 1 / (1 - objective / 100)
        sentence = (
            f"This alert can never fire: even in a total outage, errors are only {fastest:.3g} times what is "
            f"allowed, and it needs more than {rule.burn_rate:g} times."
        )
    elif needed == 1:
        sentence = (
            f"A single failed request triggers this alert, so it goes off {_times(by_chance)} a month even "
            f"if the objective is exactly met. In a total outage it fires after {span(full)}."
        )
    else:
        sentence = (
            f"It takes {count(needed, 'failed request')} to trigger this alert; in a total outage it fires "
            f"after {span(full)}. False alarms: "
            + (f"{alarms} a month." if by_chance >= 0.005 else f"{alarms}.")
        )
    alt = "Bars: how long until the alert fires. " + ", ".join(f"{w}: {t}" for w, _, t, _ in drawn) + "."
    return Picture(bars(drawn, alt, highest=window), alt, sentence, tuple(rows))


def _times(number):
    return "once" if f"{number:.2g}" == "1" else f"{number:.2g} times"
