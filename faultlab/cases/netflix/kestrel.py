"""Kestrel under Chaos Monkey: its instances, and what their owners have settled."""

from __future__ import annotations

from faultlab.cases.netflix.apps import AppConfig, Exemption
from faultlab.cases.netflix.config import MonkeyConfig
from faultlab.cases.netflix.groups import Instance

KESTREL_MONKEY = MonkeyConfig(
    enabled=True, leashed=False, schedule_enabled=True, accounts=("prod",), time_zone="Europe/Berlin"
)

KESTREL_APPS = {
    "web": AppConfig(mean_time=2, min_time=1),
    "search": AppConfig(mean_time=5, min_time=1),
    "basket": AppConfig(mean_time=5, min_time=3, grouping="app"),
    "stock": AppConfig(mean_time=10, min_time=5, grouping="stack", regions_are_independent=False),
    "orders": AppConfig(
        mean_time=10,
        min_time=5,
        regions_are_independent=False,
        exceptions=(Exemption("prod", stack="*", detail="primary"),),
    ),
    "payments": AppConfig(enabled=False),
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
