"""What the name of a column says: its meaning by one table of names, its unit and its time zone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, timedelta, timezone, tzinfo

from faultlab.errors import BadInput
from faultlab.metrics.incidents.duration_forms import MINUTES_OF_UNIT
from faultlab.metrics.incidents.time_forms import ABBREVIATIONS, UNCLEAR_ZONES
from faultlab.metrics.incidents.times import read_zone

MEANINGS: dict[str, tuple[str, ...]] = {
    meaning: tuple(name.replace("_", " ") for name in names.split())
    for meaning, names in {
        "start": """
            start started starts begin began begins beginning beginn beginnt störungsbeginn
            impact_start impact_started impact_began customer_impact_start customer_impact_started
            downtime_start downtime_started down_since went_down down occurred occurrence happened
            first_occurred first_occurrence first_seen fired opened open raised triggered declared
            initiated activated requested failure onset
            reported logged submitted created creation sys_created eröffnet erstellt from von
            date_time datetime timestamp date datum time
        """,
        "end": """
            end ended ends finish finished stop stopped ende störungsende impact_end impact_ended
            impact_fixed impact_resolved customer_impact_end customer_impact_ended downtime_end
            downtime_ended up_since back_up came_up resolved resolution resolutiondate resolve
            restored restoration recovered recovery fixed fix solved cleared gelöst behoben
            mitigated mitigation impact_mitigated impact_mitigation terminated completed done closed close
            closure geschlossen came_back_up up to bis
        """,
        "detected": """
            detected detection detect first_detected impact_detect impact_detected discovered
            discovery noticed erkannt entdeckt
        """,
        "duration": """
            duration length lasted outage downtime down total_duration impact_duration
            calendar_duration calendar_stc started_to_resolved to_resolve to_resolution to_restore
            to_recover to_recovery to_repair to_fix to_close ttr resolve resolution repair recovery
            restoration close mttr dauer ausfallzeit ausfalldauer
        """,
        "time to detect": "to_detect to_detection detection detect ttd mttd",
        "failed share": """
            failed_share share_failed failure_share failure_rate failed_rate failed error_share
            error_rate errors error customer_share share_of_customers customers_affected
            users_affected affected_customers affected_users affected_share share_affected
            impact_share impacted_share impact affected impacted
        """,
        "service": """
            service service_name services service_names impacted_service impacted_services
            affected_service affected_services business_service service_offering service_summary
            journey system application app product component components affected_component
            affected_components impacted_component impacted_components cmdb_ci configuration_item ci
            functionality integration integration_name monitor monitor_name host hostname device
            dienst anwendung komponente
        """,
        "cause": """
            cause root_cause root_causes cause_category root_cause_category caused_by cause_code
            category reason ursache grund
        """,
        "id": """
            id number no nr key tiny_id reference ref public_id sys_id uuid slug incident ticket
            ticketnummer
        """,
        "status": """
            status state progress resolution_status status_category event resolved closed
            is_resolved is_closed
        """,
        "time zone": "zone timezone tz",
        "acknowledged": """
            acknowledged acknowledgement acknowledge ack acked first_ack first_acknowledged
            first_acknowledgement to_first_ack to_ack to_acknowledge to_acknowledgement tta mtta
        """,
    }.items()
}
"""What each column may be called, the best name first. A name is compared without case, punctuation, camel
case, unit, zone and the words of `_SAID_ANYWAY`: createdAt, "Created On (UTC)" and incident_created_time are
"created". The names are those of PagerDuty, Opsgenie, Jira, ServiceNow, Statuspage, Grafana OnCall and
Incident, incident.io, FireHydrant, Rootly, Datadog and Salesforce, and those of people's spreadsheets."""

_SAID_ANYWAY = frozenset(
    [
        *("at", "on", "in", "time", "times", "date", "day", "datetime", "timestamp", "ts", "unix", "epoch"),
        *("iso", "iso8601", "local", "utc", "gmt", "the", "of", "actual", "incident", "incidents", "issue"),
        *("outage", "ticket", "case", "alert", "alarm", "event", "record", "uhrzeit", "zeit", "zeitpunkt"),
        *("am", "um"),
    ]
)
_PLURAL = re.compile(r"/s\b|(?<=[a-z])(?<!duration)(?<!time)\(s\)", re.IGNORECASE)  # Component/s, Service(s)


@dataclass(frozen=True)
class Heading:
    """The name of a column and what it says beside its meaning.

    `meant` is the name without decoration; `unit` a word of `MINUTES_OF_UNIT` or "percent"; `zone` and
    `day_first` hold for the column's times, and `unclear` is an abbreviation of more than one zone.
    """

    name: str
    place: int
    meant: str
    unit: str | None = None
    zone: tzinfo | None = None
    day_first: bool | None = None
    unclear: str | None = None


def heading(name: str, place: int = 0) -> Heading:
    """Return what a column's name says.

    Examples
    --------
    >>> heading("Created At (UTC)").meant, heading("Created At (UTC)").zone
    ('created', datetime.timezone.utc)
    >>> heading("seconds_to_resolve").meant, heading("seconds_to_resolve").unit
    ('to resolve', 'seconds')
    >>> [heading(name).meant for name in ("Custom field (Impact started at)", "Component/s", "data.created")]
    ['impact started', 'component', 'created']
    """
    text = " ".join(name.split())
    custom = re.fullmatch(r"Custom field \((.*)\)", text, re.IGNORECASE)  # Jira
    text = _PLURAL.sub("", custom[1] if custom else text)
    zone = unit = day_first = unclear = None
    for inside in re.findall(r"[(\[]([^()\[\]]*)[)\]]", text):
        order = re.match(r"(d+)?[./-]?(m+)[./-](d+)?", inside.casefold())
        found = zone_named(inside)
        if found:
            zone, text = found, text.replace(inside, "")
        elif inside.upper() in UNCLEAR_ZONES:
            unclear, text = inside, text.replace(inside, "")
        elif order and bool(order[1]) != bool(order[3]):
            day_first, text = bool(order[1]), text.replace(inside, "")
    text = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", text)
    offset = re.search(r"\b(?:UTC|GMT) ?[+-]\d{1,2}(?::?\d\d)?\b", text)
    if offset:
        zone, text = zone_named(offset[0]), text.replace(offset[0], "")
    words = re.findall(r"[^\W_]+", text.casefold().replace("%", " percent ").replace("#", " number "))
    if zone is None and ("utc" in words or "gmt" in words):
        zone = UTC
    words = words[1:] if len(words) > 1 and words[0] == "u" else words  # ServiceNow's own fields: u_…
    plain = []
    for word in words:
        if word in ("percent", "pct", "percentage"):
            unit = "percent"
        elif word in MINUTES_OF_UNIT and word not in ("day", "tag") and len(words) > 1:
            unit = word
        elif word not in _SAID_ANYWAY:
            plain.append(word)
    meant = " ".join(plain or _without_units(words))
    if "." in text and not any(meant in names for names in MEANINGS.values()):  # data.attributes.created
        last = heading(name.rsplit(".", 1)[1], place)
        meant, unit, zone = last.meant, unit or last.unit, zone or last.zone
    return Heading(" ".join(name.split()), place, meant, unit, zone, day_first, unclear)


def _without_units(words):
    return [word for word in words if word not in MINUTES_OF_UNIT] or words


def zone_named(text: str) -> tzinfo | None:
    """Return the zone that a text names: UTC, an offset, a region, or a clear abbreviation; or None.

    >>> zone_named("GMT+1").utcoffset(None), zone_named("in minutes")
    (datetime.timedelta(seconds=3600), None)
    """
    text = text.strip()
    if text.upper() in ABBREVIATIONS:
        minutes = ABBREVIATIONS[text.upper()]
        return timezone(timedelta(minutes=minutes)) if minutes else UTC
    if "/" not in text and not re.fullmatch(r"(?:UTC|GMT)? ?[+-]\d{1,2}(?::?\d\d)?", text, re.IGNORECASE):
        return None
    try:
        return read_zone(text)
    except BadInput:
        return None
