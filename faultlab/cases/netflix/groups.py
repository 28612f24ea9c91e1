"""Which instances there are, which of them share a coin, and which are never killed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from faultlab.cases.netflix.names import cluster_name

if TYPE_CHECKING:
    from faultlab.cases.netflix.apps import AppConfig, Exemption

NEVER_KILLED = ("-canary", "-baseline", "-citrus", "-citrusproxy")
"""Endings of clusters that are never touched, whatever the owner says (eligible/eligible.go)."""


@dataclass(frozen=True, order=True)
class Instance:
    """A running copy of an application, in a cluster named app-stack-detail.

    `enabled` is whether its server group takes traffic; Chaos Monkey kills in no other.
    """

    cluster: str
    region: str
    id: str
    account: str = "prod"
    enabled: bool = True

    @property
    def app(self) -> str:
        """The application, from the cluster's name."""
        return cluster_name(self.cluster).app

    @property
    def stack(self) -> str:
        """The stack, from the cluster's name."""
        return cluster_name(self.cluster).stack


@dataclass(frozen=True, order=True)
class InstanceGroup:
    """Instances that share one coin a day. An empty region, stack or cluster stands for all of them."""

    app: str
    account: str
    region: str = ""
    stack: str = ""
    cluster: str = ""

    def contains(self, instance: Instance) -> bool:
        """Whether an instance belongs to the group."""
        return (
            instance.app == self.app
            and instance.account == self.account
            and self.region in ("", instance.region)
            and self.stack in ("", instance.stack)
            and self.cluster in ("", instance.cluster)
        )

    def __str__(self):
        parts = (self.region, self.stack, self.cluster)
        names = ("region", "stack", "cluster")
        words = [f"{name}={part}" for name, part in zip(names, parts, strict=True) if part]
        return " ".join([f"app={self.app}", f"account={self.account}", *words])


def instance_groups(instances: Iterable[Instance], app: str, config: AppConfig) -> list[InstanceGroup]:
    """Divide an application's instances into groups that have a coin each.

    Parameters
    ----------
    instances : iterable of Instance
    app : str
    config : AppConfig

    Returns
    -------
    list of InstanceGroup
        Sorted. Neither exceptions nor the minimum time count here: they are looked at when it comes to
        the kill, so that a coin may fall for a group in which nobody may be killed.

    References
    ----------
    Netflix/chaosmonkey, deploy/eligible_instance_groups.go.

    Examples
    --------
    One cluster in two regions is two groups, and two coins, as long as regions are independent.

    >>> from faultlab.cases.netflix.apps import AppConfig
    >>> fleet = [Instance("web-prod", region, f"{region}-{n}") for region in ("eu", "us") for n in (1, 2)]
    >>> len(instance_groups(fleet, "web", AppConfig()))
    2
    >>> len(instance_groups(fleet, "web", AppConfig(regions_are_independent=False)))
    1
    """
    found = set()
    for one in instances:
        if one.app != app or not one.enabled:
            continue
        group = InstanceGroup(app, one.account)
        if config.regions_are_independent:
            group = replace(group, region=one.region)
        if config.grouping != "app":
            group = replace(group, **{config.grouping: getattr(one, config.grouping)})
        found.add(group)
    return sorted(found)


def is_exempt(instance: Instance, exceptions: Iterable[Exemption]) -> bool:
    """Whether an instance is spared: by an exception of its owner, or by its cluster's name.

    >>> is_exempt(Instance("web-prod-canary", "eu", "i-1"), ())
    True
    """
    name = cluster_name(instance.cluster)
    by_owner = any(
        one.matches(instance.account, name.stack, name.detail, instance.region) for one in exceptions
    )
    return by_owner or instance.cluster.endswith(NEVER_KILLED)


def eligible_instances(
    instances: Iterable[Instance], group: InstanceGroup, exceptions: Sequence[Exemption] = ()
) -> list[Instance]:
    """Return the instances of a group that may be killed.

    Parameters
    ----------
    instances : iterable of Instance
    group : InstanceGroup
    exceptions : sequence of Exemption

    Returns
    -------
    list of Instance
        In the order given.

    References
    ----------
    Netflix/chaosmonkey, eligible/eligible.go.
    """
    return [
        one for one in instances if one.enabled and group.contains(one) and not is_exempt(one, exceptions)
    ]
