"""Service level objectives in OpenSLO's YAML, as a team has them.

The specification: github.com/OpenSLO/OpenSLO, version openslo/v1. Read are SLO, SLI, AlertPolicy and
AlertCondition, in one file or inlined; other kinds are passed over. `open_slo_keys` tells of each key.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from faultlab.errors import BadInput
from faultlab.metrics.alerts.alert_reports import Slices
from faultlab.metrics.alerts.burn_rates import HOURS_A_MONTH, BurnRateAlert, allowed_share, span
from faultlab.metrics.alerts.open_slo_fields import Fields, documents_of
from faultlab.metrics.alerts.open_slo_keys import KINDS, WAY_OUT, other_format, said

_METHODS = ("Occurrences", "Timeslices", "RatioTimeslices")


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
    bad, good, total : str
        Queries that count failed, good and all requests; empty where the file has none.
    slices : Slices or None
        Time slices, where the budget is counted by them.
    remarks : tuple of str
        What the reader of the figures should know.
    kept : tuple of str
        Keys and documents of the file that change no figure.

    Raises
    ------
    BadInput
        For time slices that are longer than the period or the window of an alert.
    """

    name: str
    objective: float
    service: str = ""
    period_hours: float = HOURS_A_MONTH
    rolling: bool = True
    alerts: tuple[BurnRateAlert, ...] = ()
    bad: str = ""
    good: str = ""
    total: str = ""
    slices: Slices | None = None
    remarks: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()

    def __post_init__(self):
        if self.slices is None:
            return
        slice_hours = self.slices.hours * (1 - 1e-9)
        if slice_hours > self.period_hours:
            raise BadInput(
                f"A time slice of {span(self.slices.hours)} is longer than the period; shorten it."
            )
        windows = [alert.short_hours or alert.long_hours for alert in self.alerts]
        if windows and slice_hours > min(windows):
            raise BadInput(
                f"A window of {span(min(windows))} holds no whole time slice of {span(self.slices.hours)}; "
                "lengthen it, or shorten the slice."
            )

    @property
    def error_budget_minutes(self) -> float:
        """The minutes of a total outage that the objective allows in a period."""
        return allowed_share(self.objective) * self.period_hours * 60


def read_open_slo(path: str | Path) -> list[ServiceLevel]:
    """Read the objectives of a file.

    Parameters
    ----------
    path : str or Path
        YAML of openslo/v1: one document or several, each of them one thing or a list of things.

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
    return _Reading(path.name, documents_of(path)).levels()


class _Reading(Fields):
    """One reading of one file."""

    def __init__(self, name, documents):
        super().__init__(name)
        self.documents, self.referred_to = {}, set()
        for number, document in enumerate(documents, 1):
            self.document(document, f"document {number}", deep=0)

    def document(self, document, place, deep):
        """Take a document by its kind and name; a list holds several."""
        listed = document
        if isinstance(document, dict) and document.get("kind") == "List":
            listed = self.of(document, place, "items", list)
        if isinstance(listed, list):
            if deep:
                raise self.wrong(place, "a list stands in a list; write its documents one after the other.")
            for number, inner in enumerate(listed, 1):
                self.document(inner, f"{place}, item {number}", deep + 1)
            return
        self.of(document, place, "kind", str, None)
        other = other_format(document)
        if other or document.get("apiVersion") != "openslo/v1":
            version = self.of(document, place, "apiVersion", str, None)
            found = "has no apiVersion" if version is None else f"has the apiVersion {said(version)}"
            kind = f"this is {other}" if other else "this isn't OpenSLO"
            raise self.wrong(place, f"{kind} ({found}), and only openslo/v1 is read; {WAY_OUT}.")
        kind = self.of(document, place, "kind", str)
        if kind not in KINDS:
            raise self.wrong(f"{place}, kind", f"can't be {said(kind)}; it is one of {', '.join(KINDS)}.")
        self.keys(document, place, "document", "")
        named = self.of(self.of(document, place, "metadata", dict), f"{place}, metadata", "name", str)
        if (kind, named) in self.documents:
            raise self.wrong(place, f"there is a second {kind} called {said(named)}; keep one, or rename it.")
        self.documents[kind, named] = document

    def levels(self):
        slos = [(name, document) for (kind, name), document in self.documents.items() if kind == "SLO"]
        if not slos:
            raise self.wrong("the file", "there is no document of the kind SLO; add one with `kind: SLO`.")
        levels = [level for name, document in slos for level in self.slo(name, document)]
        # Whatever no objective refers to is named.
        others = tuple(
            f"{kind} {name!r}"
            for kind, name in self.documents
            if kind != "SLO" and (kind, name) not in self.referred_to
        )
        return [replace(level, kept=level.kept + others) for level in levels]

    def slo(self, name, document):
        place = f"SLO {name!r}"
        self.kept, self.remarks = [], []
        self.keys(document, place, "document", "")
        self.part(document, place, "metadata", "metadata", "")
        spec = self.part(document, place, "spec", "SLO", "")
        hours, rolling = self.window(spec, place)
        method = self.of(spec, place, "budgetingMethod", str, "Occurrences")
        if method not in _METHODS:
            raise self.wrong(
                f"{place}, budgetingMethod", f"can't be {said(method)}; it is {', '.join(_METHODS)}."
            )
        alerts = tuple(self.alerts(spec, place))
        queries = self.queries(spec, place, "spec.")
        service = self.of(spec, place, "service", str, "")
        objectives = self.of(spec, place, "objectives", list)
        if not objectives:
            raise self.wrong(f"{place}, objectives", "is empty; give at least one with a target.")
        common = (self.kept, self.remarks)
        for number, objective in enumerate(objectives):
            where = f"{place}, objectives[{number}]"
            self.kept, self.remarks = list(common[0]), list(common[1])
            target = self.target(objective, where)
            self.keys(objective, where, "objective", f"spec.objectives[{number}].")
            if self.of(objective, where, "compositeWeight", float, 1.0) != 1:
                raise self.wrong(
                    f"{where}, compositeWeight",
                    "weighs objectives against each other, which is not done here; take it out to look at "
                    "each alone.",
                )
            if any(
                objective.get(key) is not None for key in ("indicator", "indicatorRef", "compositeWeight")
            ):
                self.remarks.append("A composite SLO: each of its objectives is looked at alone.")
            own = self.queries(objective, where, f"spec.objectives[{number}].")
            bad, good, total = own if any(own) else queries
            slices = self.slices(objective, where, method)
            try:
                level = ServiceLevel(
                    name if len(objectives) == 1 else f"{name} {number + 1}",
                    target,
                    service,
                    hours,
                    rolling,
                    alerts,
                    bad,
                    good,
                    total,
                    slices,
                    tuple(self.remarks),
                    tuple(dict.fromkeys(self.kept)),
                )
            except BadInput as wrong:
                raise self.wrong(where, str(wrong)) from None
            yield level

    def window(self, spec, place):
        """Hours of the period, and whether it rolls."""
        windows = self.of(spec, place, "timeWindow", list, [])
        if len(windows) > 1:
            raise self.wrong(f"{place}, timeWindow", "takes one window; keep one.")
        if not windows:
            self.remarks.append("It has no timeWindow: 30 days are taken.")
            return HOURS_A_MONTH, True
        (window,) = windows
        place = f"{place}, timeWindow"
        duration = self.of(window, place, "duration", str)
        self.keys(window, place, "time window", "spec.timeWindow.")
        calendar = self.part(window, place, "calendar", "calendar", "spec.timeWindow.", {})
        hours = self.hours(duration, place)
        if duration.endswith("m"):
            self.remarks.append(f"timeWindow: {duration} is {span(hours)}; m is a minute, M a month.")
        rolling = self.of(window, place, "isRolling", bool, not calendar)
        if rolling and calendar:
            raise self.wrong(place, "isRolling is true and there is a calendar; keep one of the two.")
        return hours, rolling

    def slices(self, objective, where, method):
        """The time slices of an objective, or None where requests are counted."""
        target = self.of(objective, where, "timeSliceTarget", float, None)
        length = objective.get("timeSliceWindow")
        if method == "Occurrences":
            if target is not None or length is not None:
                self.remarks.append(
                    "timeSliceTarget and timeSliceWindow mean nothing where the budgetingMethod is "
                    "Occurrences: requests are counted."
                )
            return None
        if isinstance(length, int | float) and not isinstance(length, bool):
            if not 1 / 60 <= length < 1e9:
                raise self.wrong(
                    f"{where}, timeSliceWindow", f"can't be {said(length)}; it is in minutes, such as 5."
                )
            hours = length / 60
        else:
            length = self.of(objective, where, "timeSliceWindow", str)
            hours = self.hours(f"{length}m" if length.isdigit() else length, f"{where}, timeSliceWindow")
            self.remark_month(length, "timeSliceWindow", hours)
        if method == "RatioTimeslices":
            if target is not None:
                self.remarks.append(
                    "timeSliceTarget means nothing with RatioTimeslices: ratios are averaged."
                )
            self.remarks.append(
                f"Averages over time slices of {span(hours)} are what counting requests gives at even "
                "traffic, and so it is computed."
            )
            return Slices(hours)
        if target is None or not 0 < target <= 1:
            found = "is missing" if target is None else f"can't be {said(target)}"
            raise self.wrong(
                f"{where}, timeSliceTarget", f"{found}; it is above 0 and up to 1, such as 0.95."
            )
        self.remarks.append(
            f"Bad time slices are counted: those of {span(hours)} in which less than {100 * target:.6g} % "
            "succeeds. Times to detect are true to a slice."
        )
        return Slices(hours, target)

    def target(self, objective, where):
        target = self.of(objective, where, "target", float, None)
        percent = self.of(objective, where, "targetPercent", float, None)
        if (target is None) == (percent is None):
            raise self.wrong(where, "give either target, such as 0.999, or targetPercent, such as 99.9.")
        target = round(percent / 100, 15) if target is None else target
        if not 0 <= target < 1:
            raise self.wrong(where, f"a target is from 0 to below 1 (100 %), not {target:g}.")
        return target

    def queries(self, spec, place, path):
        """What counts bad, good and all requests, empty where it is not told."""
        reference = self.of(spec, place, "indicatorRef", str, None)
        indicator = self.of(spec, place, "indicator", dict, {})
        if reference is not None:
            # An SLI in another file changes no figure.
            indicator = self.documents.get(("SLI", reference), {})
            self.referred_to.add(("SLI", reference))
            if not indicator:
                self.kept.append(f"{path}indicatorRef")
        path, place = f"{path}indicator.", f"{place}, indicator"
        self.keys(indicator, place, "document", path)
        self.part(indicator, place, "metadata", "metadata", path, {})
        inside = self.part(indicator, place, "spec", "SLI", path, {})
        metric = self.part(inside, place, "ratioMetric", "ratio metric", f"{path}spec.", {})

        def query(key):
            where = f"{path}spec.ratioMetric.{key}."
            part = self.part(metric, place, key, "metric", f"{path}spec.ratioMetric.", {})
            source = self.part(part, place, "metricSource", "metric source", where, {})
            found = self.of(source, place, "spec", dict, {}).get("query", "")
            return found if isinstance(found, str) else ""

        return query("bad"), query("good"), query("total")

    def alerts(self, spec, place):
        for number, policy in enumerate(self.of(spec, place, "alertPolicies", list, [])):
            where, path = f"{place}, alertPolicies[{number}]", f"spec.alertPolicies[{number}]."
            if isinstance(policy, str):  # the first schema of v1 took a name alone
                policy = {"alertPolicyRef": policy}
            policy = self.referred(policy, where, "alertPolicyRef", "AlertPolicy", path)
            inside = self.part(policy, where, "spec", "AlertPolicy", path)
            for order, condition in enumerate(self.of(inside, where, "conditions", list)):
                inner = f"{path}spec.conditions[{order}]."
                condition = self.referred(condition, where, "conditionRef", "AlertCondition", inner)
                inside_it = self.part(condition, where, "spec", "AlertCondition", inner)
                alert = self.alert(inside_it, where, f"{inner}spec.")
                if self.of(inside, where, "alertWhenBreaching", bool, True):
                    yield alert
                else:
                    self.remarks.append(
                        f"{alert.name} is left out: its policy has alertWhenBreaching: false, and never "
                        "tells of a burn rate."
                    )

    def referred(self, entry, where, key, kind, path):
        """What stands there, or what it refers to in this file."""
        reference = self.of(entry, where, key, str, None)
        if reference is None:
            if "kind" in entry and self.of(entry, where, "kind", str) != kind:
                raise self.wrong(where, f"{said(entry['kind'])} stands where a {kind} should; mend its kind.")
        elif (kind, reference) in self.documents:
            if len(entry) > 1:
                raise self.wrong(where, f"{key} stands beside other keys; keep it alone, or take it out.")
            entry = self.documents[kind, reference]
            self.referred_to.add((kind, reference))
        else:
            raise self.wrong(where, f"there is no {kind} {said(reference)} in this file; put it in.")
        self.keys(entry, where, "document", path)
        self.part(entry, where, "metadata", "metadata", path, {})
        return entry

    def alert(self, spec, where, path):
        condition = self.part(spec, where, "condition", "condition", path)
        if self.of(condition, where, "kind", str, "burnrate").lower() != "burnrate":
            raise self.wrong(where, "only conditions of the kind burnrate are read.")
        operator = self.of(condition, where, "op", str, "gt")
        if operator not in ("gt", "gte"):
            raise self.wrong(
                where, f"an alert on a burn rate fires above it (gt or gte), not {operator[:20]!r}."
            )
        looks_back = self.of(condition, where, "lookbackWindow", str)
        window = self.hours(looks_back, f"{where}, lookbackWindow")
        self.remark_month(looks_back, "lookbackWindow", window)
        waits = self.of(condition, where, "alertAfter", str, "0m")
        after = 0.0
        if not re.fullmatch("0+[mhdwMQY]", waits):
            after = self.hours(waits, f"{where}, alertAfter")
            self.remark_month(waits, "alertAfter", after)
        severity = self.of(spec, where, "severity", str, "page")
        rate = self.of(condition, where, "threshold", float)
        try:
            return BurnRateAlert(rate, window, None, severity, after, operator == "gte")
        except BadInput as wrong:
            raise self.wrong(where, str(wrong)) from None
