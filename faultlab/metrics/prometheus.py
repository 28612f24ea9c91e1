"""Recording and alerting rules for Prometheus, from an objective and its alerts."""

import re

import yaml

from faultlab.errors import BadInput
from faultlab.metrics.burn_rates import error_ratio_threshold


def prometheus_rules(level, bad, total, labels=()):
    """Return rules as the YAML that Prometheus loads and `promtool check rules` accepts.

    Parameters
    ----------
    level : ServiceLevel
    bad, total : str
        Names of counters of failed and of all requests, with a selector where one is needed, such as
        ``http_requests_total{code=~"5.."}``.
    labels : sequence of tuple
        Name and value of further labels of each alert.

    Returns
    -------
    str

    Raises
    ------
    BadInput
        If the objective has no alert, or a counter can't be one.

    Examples
    --------
    >>> from faultlab.metrics import BurnRateAlert, ServiceLevel
    >>> checkout = ServiceLevel("checkout", 0.999, alerts=(BurnRateAlert(14.4, 1, 1 / 12),))
    >>> text = prometheus_rules(checkout, 'http_requests_total{code=~"5.."}', "http_requests_total")
    >>> print(text.splitlines()[3].strip())
    - record: slo:error_ratio:5m
    """
    if not level.alerts:
        raise BadInput(f"{level.name} has no alert: give at least one.")
    for counter in (bad, total):
        if not re.fullmatch(r"[a-zA-Z_:][a-zA-Z0-9_:]*(\{[^{}\n]*\})?", counter):
            raise BadInput(f"A counter is a name with or without a selector in braces, not {counter[:80]!r}.")
    windows = {hours for alert in level.alerts for hours in (alert.long_hours, alert.short_hours) if hours}
    recorded = [
        {
            "record": f"slo:error_ratio:{_range(hours)}",
            "expr": f"sum(rate({bad}[{_range(hours)}])) / sum(rate({total}[{_range(hours)}]))",
            "labels": {"slo": level.name},
        }
        for hours in sorted(windows)
    ]
    alerting = [_alert(level, alert, dict(labels)) for alert in level.alerts]
    groups = [
        {"name": f"{level.name}-error-ratios", "rules": recorded},
        {"name": f"{level.name}-burn-rates", "rules": alerting},
    ]
    return yaml.safe_dump({"groups": groups}, sort_keys=False, allow_unicode=True, width=1000)


def _alert(level, alert, labels):
    threshold = f"{error_ratio_threshold(alert, level.objective):.10g}"
    parts = [
        f'slo:error_ratio:{_range(hours)}{{slo="{level.name}"}} > {threshold}'
        for hours in (alert.long_hours, alert.short_hours)
        if hours
    ]
    name = "".join(
        word.capitalize()
        for word in re.findall(r"[A-Za-z0-9]+", f"{level.name} burns over {_range(alert.long_hours)}")
    )
    return {
        "alert": name,
        "expr": " and ".join(parts),
        "labels": {"severity": alert.severity, **labels},
        "annotations": {"summary": f"{level.name} spends its error budget: {alert.name}"},
    }


def _range(hours):
    """Hours as Prometheus writes a range: 5m, 6h, 3d."""
    minutes = round(hours * 60)
    if minutes < 1 or abs(minutes - hours * 60) > 1e-6:
        raise BadInput(f"A window of {hours:g} hours is no whole number of minutes.")
    for unit, length in (("d", 1440), ("h", 60)):
        if minutes % length == 0:
            return f"{minutes // length}{unit}"
    return f"{minutes}m"
