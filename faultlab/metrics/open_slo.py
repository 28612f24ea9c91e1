"""Service level objectives in OpenSLO's YAML: read what a team has, write what it can take along.

The specification: github.com/OpenSLO/OpenSLO, version openslo/v1. Read are SLO, AlertPolicy and
AlertCondition, in one file or inlined; other kinds are passed over.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import yaml

from faultlab.errors import BadInput
from faultlab.input_files import text_of
from faultlab.metrics.burn_rates import HOURS_A_MONTH, BurnRateAlert

MOST_BYTES = 500_000
_HOURS = {"m": 1 / 60, "h": 1, "d": 24, "w": 168, "M": 720, "Q": 2160, "Y": 8760}


@dataclass(frozen=True)
class ServiceLevel:
    """One objective with its period and its alerts.

    Parameters
    ----------
    name, service : str
    objective : float
        A fraction below 1.
    period_hours : float
        A month is 30 days and a year 8,760 hours.
    rolling : bool
        Whether the period ends now, or is one of the calendar's.
    alerts : tuple of BurnRateAlert
    bad, total : str
        Queries that count failed and all requests; empty where the file has none.
    """

    name: str
    objective: float
    service: str = ""
    period_hours: float = HOURS_A_MONTH
    rolling: bool = True
    alerts: tuple = ()
    bad: str = ""
    total: str = ""

    @property
    def error_budget_minutes(self):
        """The minutes of a total outage that the objective allows in a period."""
        return round(1 - self.objective, 15) * self.period_hours * 60


def read_open_slo(path):
    """Read the objectives of a file.

    Parameters
    ----------
    path : str or Path
        YAML of openslo/v1, one document or several.

    Returns
    -------
    list of ServiceLevel
        One for each objective of each SLO, in the order of the file.

    Raises
    ------
    BadInput
        Names the file, the place in the document, and the remedy.
    """
    path = Path(path)
    text = text_of(path, MOST_BYTES, "a list of objectives")
    try:
        documents = [one for one in yaml.safe_load_all(text) if one is not None]
    except (yaml.YAMLError, RecursionError, ValueError) as problem:
        mark = getattr(problem, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        raise BadInput(f"{path.name}{line}: this is not YAML; check indentation and quotes.") from None
    return _Reading(path.name, documents).levels()


class _Reading:
    """One reading of one file."""

    def __init__(self, name, documents):
        self.name = name
        self.documents = []
        for number, document in enumerate(documents, 1):
            place = f"document {number}"
            if self.of(document, place, "apiVersion", str) != "openslo/v1":
                raise self.wrong(f"{place}, apiVersion", "is not openslo/v1; other versions are not read.")
            kind = self.of(document, place, "kind", str)
            self.documents.append((kind, document, place))

    def wrong(self, place, what):
        return BadInput(f"{self.name}, {place}: {what}")

    def of(self, entries, place, key, kind, default=...):
        """A field of the right kind, or its default where it has one."""
        if not isinstance(entries, dict):
            raise self.wrong(place, "this holds names with values, such as `name: value`.")
        if entries.get(key) is None and default is not ...:
            return default
        value = entries.get(key)
        wanted = {
            str: "text",
            dict: "names with values",
            list: "a list",
            float: "a number",
            bool: "true or false",
        }
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not (number if kind is float else isinstance(value, kind)):
            found = "is missing" if value is None else f"can't be {str(value)[:40]!r}"
            raise self.wrong(f"{place}, {key}", f"{found}; it is {wanted[kind]}.")
        return value

    def levels(self):
        slos = [(document, place) for kind, document, place in self.documents if kind == "SLO"]
        if not slos:
            raise self.wrong("the file", "there is no document of the kind SLO.")
        return [level for document, place in slos for level in self.slo(document, place)]

    def slo(self, document, place):
        name = self.of(self.of(document, place, "metadata", dict), f"{place}, metadata", "name", str)
        place = f"SLO {name!r}"
        spec = self.of(document, place, "spec", dict)
        windows = self.of(spec, place, "timeWindow", list, [])
        if len(windows) > 1:
            raise self.wrong(f"{place}, timeWindow", "takes one window; keep one.")
        hours, rolling = HOURS_A_MONTH, True
        if windows:
            hours = self.hours(self.of(windows[0], f"{place}, timeWindow", "duration", str), place)
            rolling = self.of(windows[0], place, "isRolling", bool, "calendar" not in windows[0])
        alerts = tuple(self.alerts(spec, place))
        bad, total = self.queries(spec, place)
        objectives = self.of(spec, place, "objectives", list)
        if not objectives:
            raise self.wrong(f"{place}, objectives", "is empty; give at least one with a target.")
        for number, objective in enumerate(objectives):
            where = f"{place}, objectives[{number}]"
            target = self.target(objective, where)
            called = name if len(objectives) == 1 else f"{name} {number + 1}"
            service = self.of(spec, place, "service", str, "")
            yield ServiceLevel(called, target, service, hours, rolling, alerts, bad, total)

    def target(self, objective, where):
        target = self.of(objective, where, "target", float, None)
        percent = self.of(objective, where, "targetPercent", float, None)
        if (target is None) == (percent is None):
            raise self.wrong(where, "give either target, such as 0.999, or targetPercent, such as 99.9.")
        target = round(percent / 100, 15) if target is None else float(target)
        if not 0 <= target < 1:
            raise self.wrong(
                where, f"a target of {target:g} can't be: it is from 0 to below 1 (below 100 %)."
            )
        return target

    def hours(self, text, place):
        """A duration such as 30d or 5m, in hours."""
        found = re.fullmatch(r"(\d{1,6})([mhdwMQY])", text)
        if not found or int(found[1]) == 0:
            raise self.wrong(place, f"a duration is a number with m, h, d, w, M, Q or Y, not {text[:40]!r}.")
        return int(found[1]) * _HOURS[found[2]]

    def queries(self, spec, place):
        indicator = self.of(spec, place, "indicator", dict, {})
        metric = self.of(self.of(indicator, place, "spec", dict, {}), place, "ratioMetric", dict, {})

        def query(part):
            source = self.of(self.of(metric, place, part, dict, {}), place, "metricSource", dict, {})
            found = self.of(source, place, "spec", dict, {}).get("query", "")
            return found if isinstance(found, str) else ""

        return query("bad"), query("total")

    def alerts(self, spec, place):
        for number, policy in enumerate(self.of(spec, place, "alertPolicies", list, [])):
            where = f"{place}, alertPolicies[{number}]"
            if isinstance(policy, str):  # the published schema takes a name alone
                policy = {"alertPolicyRef": policy}
            policy = self.referred(policy, where, "alertPolicyRef", "AlertPolicy")
            if policy is None:
                continue
            inside = self.of(policy, where, "spec", dict)
            for condition in self.of(inside, where, "conditions", list):
                condition = self.referred(condition, where, "conditionRef", "AlertCondition")
                if condition is not None:
                    yield self.alert(self.of(condition, where, "spec", dict), where)

    def referred(self, entry, where, key, kind):
        """What stands there, or what it refers to in this file; None where that is in another file."""
        reference = self.of(entry, where, key, str, None)
        if reference is None:
            return entry
        for found, document, place in self.documents:
            name = self.of(self.of(document, place, "metadata", dict), place, "name", str)
            if (found, name) == (kind, reference):
                return document
        raise self.wrong(where, f"there is no {kind} {reference[:60]!r} in this file; put it in.")

    def alert(self, spec, where):
        condition = self.of(spec, where, "condition", dict)
        if self.of(condition, where, "kind", str).lower() != "burnrate":
            raise self.wrong(where, "only conditions of the kind burnrate are read.")
        operator = self.of(condition, where, "op", str, "gt")
        if operator not in ("gt", "gte"):
            raise self.wrong(
                where, f"an alert on a burn rate fires above it (gt or gte), not {operator[:20]!r}."
            )
        window = self.hours(self.of(condition, where, "lookbackWindow", str), where)
        severity = self.of(spec, where, "severity", str, "page")
        return BurnRateAlert(float(self.of(condition, where, "threshold", float)), window, None, severity)


def open_slo_text(levels):
    """Return objectives as OpenSLO's YAML, which `read_open_slo` reads back.

    Parameters
    ----------
    levels : sequence of ServiceLevel

    Notes
    -----
    A condition of OpenSLO has one window. An alert with two is written as the long one, and the short one
    stands in its name. Names are of small letters, digits and hyphens there; another name is kept as the one
    to be displayed. Whoever has no service gets the objective's name for it.
    """
    documents = []
    for level in levels:
        window = {"duration": _duration(level.period_hours), "isRolling": level.rolling}
        if not level.rolling:
            window["calendar"] = {"startTime": "2026-01-01 00:00:00", "timeZone": "Etc/UTC"}
        spec = {
            "service": _plain(level.service or level.name),
            "indicator": _indicator(level),
            "timeWindow": [window],
            "budgetingMethod": "Occurrences",
            "objectives": [{"target": level.objective}],
        }
        if level.alerts:
            spec["alertPolicies"] = [_policy(level, alert) for alert in level.alerts]
        documents.append(_document("SLO", level.name, spec))
    wakes = dict.fromkeys(alert.severity for level in levels for alert in level.alerts)
    for severity in wakes:
        documents.append(_document("AlertNotificationTarget", severity, {"target": severity}))
    return yaml.safe_dump_all(documents, sort_keys=False, allow_unicode=True)


def _indicator(level):
    def source(query):
        return {"metricSource": {"type": "Prometheus", "spec": {"query": query}}}

    bad = level.bad or 'sum(rate(http_requests_total{code=~"5.."}[{{.window}}]))'
    total = level.total or "sum(rate(http_requests_total[{{.window}}]))"
    metric = {"counter": True, "bad": source(bad), "total": source(total)}
    return {"metadata": _named(f"{level.name}-errors"), "spec": {"ratioMetric": metric}}


def _document(kind, name, spec):
    return {"apiVersion": "openslo/v1", "kind": kind, "metadata": _named(name), "spec": spec}


def _named(name):
    plain = _plain(name)
    return {"name": plain} if plain == name else {"name": plain, "displayName": name}


def _plain(name):
    """A name as OpenSLO's schema takes it."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:255] or "unnamed"


def _policy(level, alert):
    name = _plain(f"{level.name}-{alert.name}")
    condition = {
        "kind": "burnrate",
        "op": "gt",
        "threshold": alert.burn_rate,
        "lookbackWindow": _duration(alert.long_hours),
        "alertAfter": "1m",
    }
    inner = {
        "kind": "AlertCondition",
        "metadata": {"name": name, "displayName": alert.name},
        "spec": {"severity": alert.severity, "condition": condition},
    }
    spec = {
        "alertWhenNoData": False,
        "alertWhenResolved": False,
        "alertWhenBreaching": True,
        "conditions": [inner],
        "notificationTargets": [{"targetRef": _plain(alert.severity)}],
    }
    return {"kind": "AlertPolicy", "metadata": {"name": name}, "spec": spec}


def _duration(hours):
    """Hours as OpenSLO writes a duration: in the largest unit that divides them."""
    for unit in ("w", "d", "h", "m"):
        count = hours / _HOURS[unit]
        if round(count) >= 1 and abs(count - round(count)) < 1e-9:
            return f"{round(count)}{unit}"
    raise BadInput(f"A window of {hours:g} hours is no whole number of minutes; OpenSLO can't say it.")
