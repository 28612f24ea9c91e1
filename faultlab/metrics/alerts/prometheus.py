"""Recording and alerting rules for Prometheus, from an objective and its alerts."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

import yaml

from faultlab.errors import BadInput
from faultlab.metrics.alerts.burn_rates import complement, error_ratio_threshold, span
from faultlab.metrics.alerts.open_slo import ServiceLevel

_TEXT = r"""(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`)"""
_MATCHER = rf"\s*[a-zA-Z_][a-zA-Z0-9_]*\s*(?:=~|!~|!=|=)\s*{_TEXT}\s*"
_COUNTER = re.compile(rf"[a-zA-Z_:][a-zA-Z0-9_:]*(?:\{{(?:{_MATCHER}(?:,{_MATCHER})*,?)?\s*\}})?")
_LONGEST_HOURS = 100 * 8760  # Prometheus counts a duration in nanoseconds, up to 292 years


def prometheus_rules(levels: Sequence[ServiceLevel]) -> str:
    """Return rules as the YAML that Prometheus loads and `promtool check rules` accepts.

    Parameters
    ----------
    levels : sequence of ServiceLevel
        Each with a name of its own, and with counters of failed (or of good) and of all requests, with a
        selector where one is needed, such as ``http_requests_total{code=~"5.."}``.

    Returns
    -------
    str

    Raises
    ------
    BadInput
        If the objective has no alert, or a counter can't be one.

    Notes
    -----
    Texts of others are escaped: in PromQL's strings, and where Prometheus reads ``{{`` in labels and
    annotations as the begin of a template. Where bad time slices are counted, a subquery counts them; it
    needs two scrapes a slice.

    Examples
    --------
    >>> from faultlab.metrics.alerts.burn_rates import BurnRateAlert
    >>> from faultlab.metrics.alerts.open_slo import ServiceLevel
    >>> counters = {"bad": 'http_requests_total{code=~"5[0-9]{2}"}', "total": "http_requests_total"}
    >>> checkout = ServiceLevel("checkout", 0.999, alerts=(BurnRateAlert(14.4, 1, 1 / 12),), **counters)
    >>> print(prometheus_rules([checkout]).splitlines()[3].strip())
    - record: slo:error_ratio:5m
    """
    called = [one.name for one in levels]
    if len(set(called)) < len(called):
        raise BadInput("Two objectives have one name, by which the rules tell them apart; rename one.")
    groups: list[dict[str, Any]] = []
    names: set[str] = set()
    group_names: set[str] = set()
    for one in levels:
        if not one.alerts:
            raise BadInput(f"{one.name} has no alert: give at least one.")
        bad_one, good_one, total_one = _counters(one)
        windows = {hours for alert in one.alerts for hours in _windows(alert)}
        recorded = [_record(one, hours, bad_one, good_one, total_one) for hours in sorted(windows)]
        alerting = [_alert(one, alert, names) for alert in one.alerts]
        for kind, rules in (("error-ratios", recorded), ("burn-rates", alerting)):
            groups.append({"name": _unused([f"{one.name}-{kind}"], group_names, " "), "rules": rules})
    return yaml.dump({"groups": groups}, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1000)


class _Dumper(yaml.SafeDumper):
    """Writes texts with line ends and the like in double quotes, where escapes keep each letter."""


def _text(dumper, text):
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, None if text.isprintable() else '"')


_Dumper.add_representer(str, _text)


def _counters(level):
    """Counters of bad, or else of good requests, and of all."""
    bad, good, total = level.bad, "" if level.bad else level.good, level.total
    if not total or not (bad or good):
        raise BadInput(f"Name the counters of failed and of all requests of {level.name}.")
    for counter in filter(None, (bad, good, total)):
        if not _COUNTER.fullmatch(counter):
            raise BadInput(
                f"A counter is a name with or without a selector in braces, such as "
                f'http_requests_total{{code=~"5.."}}, not {counter[:80]!r}.'
            )
    return bad, good, total


def _windows(alert):
    return [hours for hours in (alert.long_hours, alert.short_hours) if hours]


def _record(level, hours, bad, good, total):
    def ratio(window):
        share = f"sum(rate({bad or good}[{window}])) / sum(rate({total}[{window}]))"
        return share if bad else f"1 - {share}"

    expression = ratio(_range(hours))
    if level.slices is not None:
        piece = _range(level.slices.hours)
        over = ">= 0"  # leaves out slices without requests, whose ratio is no number
        if level.slices.target is not None:
            over = f"> bool {complement(level.slices.target):.10g}"
        expression = f"avg_over_time((({ratio(piece)}) {over})[{_range(hours)}:{piece}])"
    return {"record": _recorded(level, hours), "expr": expression, "labels": {"slo": level.name}}


def _recorded(level, hours):
    counted = "bad_slice_ratio" if level.slices is not None and level.slices.target else "error_ratio"
    return f"slo:{counted}:{_range(hours)}"


def _alert(level, alert, names):
    threshold = f"{error_ratio_threshold(alert, level.objective):.10g}"
    # JSON's escapes are among those of a string in PromQL.
    named = json.dumps(level.name, ensure_ascii=False)
    over = ">=" if alert.or_equal else ">"
    parts = [f"{_recorded(level, hours)}{{slo={named}}} {over} {threshold}" for hours in _windows(alert)]
    burns = f"{level.name} burns over {_range(alert.long_hours)}"
    short = "" if alert.short_hours is None else f" and {_range(alert.short_hours)}"
    more = [burns, burns + short, f"{burns}{short} {alert.burn_rate:g} times"]
    rule = {
        "alert": _unused(["".join(_words(text)) for text in more], names, "No"),
        "expr": " and ".join(parts),
    }
    if alert.after_hours:
        rule["for"] = _range(alert.after_hours)
    return rule | {
        "labels": {"severity": _literal(alert.severity)},
        "annotations": {"summary": _literal(f"{level.name} spends its error budget: {alert.name}")},
    }


def _words(text):
    return [word[:1].upper() + word[1:].lower() for word in re.findall(r"[A-Za-z0-9]+", text)]


def _unused(names, used, between):
    """The first of the names that nobody has yet, or the last with a number."""
    name, number = next((name for name in names if name not in used), ""), 2
    while not name:
        numbered = f"{names[-1]}{between}{number}"
        name, number = ("" if numbered in used else numbered), number + 1
    used.add(name)
    return name


def _literal(text):
    """Text as Go's templates print it unchanged."""
    return text.replace("{{", '{{"{{"}}')


def _range(hours):
    """Hours as Prometheus writes a range: 5m, 6h, 3d."""
    minutes = round(hours * 60)
    if minutes < 1 or abs(minutes - hours * 60) > 1e-6:
        raise BadInput(f"A window of {hours:g} hours is no whole number of minutes.")
    if hours > _LONGEST_HOURS:
        raise BadInput(f"A window of {span(hours)} is longer than Prometheus can look back; shorten it.")
    for unit, length in (("d", 1440), ("h", 60)):
        if minutes % length == 0:
            return f"{minutes // length}{unit}"
    return f"{minutes}m"
