"""Kestrel under Chaos Monkey: its instances, and what their owners have settled."""

from __future__ import annotations

from faultlab.cases.netflix.apps import read_app_config
from faultlab.cases.netflix.config import read_monkey_config
from faultlab.cases.netflix.groups import Instance

KESTREL_MONKEY = read_monkey_config("""
[chaosmonkey]
enabled = true
leashed = false
schedule_enabled = true
accounts = ["prod"]
time_zone = "Europe/Berlin"
""")

_PRIMARY = {"account": "prod", "stack": "*", "detail": "primary", "region": "*"}


def _settled(grouping, mean_time, min_time, regions=False):
    """What an owner has settled, as Spinnaker keeps it."""
    return {
        "enabled": True,
        "grouping": grouping,
        "meanTimeBetweenKillsInWorkDays": mean_time,
        "minTimeBetweenKillsInWorkDays": min_time,
        "regionsAreIndependent": regions,
    }


KESTREL_APPS = {
    name: read_app_config(settings)
    for name, settings in {
        "web": _settled("cluster", 2, 1, regions=True),
        "search": _settled("cluster", 5, 1, regions=True),
        "basket": _settled("app", 5, 3, regions=True),
        "stock": _settled("stack", 10, 5),
        "orders": _settled("cluster", 10, 5) | {"exceptions": [_PRIMARY]},
        "payments": {"enabled": False},
    }.items()
}

_CLUSTERS = {
    "web-prod": {"eu-north": 3, "eu-south": 3},
    "web-prod-canary": {"eu-north": 1},
    "search-prod": {"eu-north": 2, "eu-south": 2},
    "basket-prod": {"eu-north": 2, "eu-south": 2},
    "stock-prod": {"eu-north": 2, "eu-south": 2},
    "orders-prod-primary": {"eu-north": 1},
    "orders-prod-replica": {"eu-north": 1, "eu-south": 2},
    "payments-prod": {"eu-north": 2},
}

KESTREL_INSTANCES = tuple(
    Instance(cluster, region, f"{cluster}.{region}.{number}")
    for cluster, regions in _CLUSTERS.items()
    for region, count in regions.items()
    for number in range(1, count + 1)
)
