"""The moment of a kill: ten questions in their order, and each of them can stop it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from faultlab.cases.netflix.groups import Instance, eligible_instances
from faultlab.cases.netflix.records import TooSoon

if TYPE_CHECKING:
    from faultlab.cases.netflix.apps import AppConfig
    from faultlab.cases.netflix.config import MonkeyConfig
    from faultlab.cases.netflix.groups import InstanceGroup
    from faultlab.cases.netflix.records import KillRecords


@dataclass(frozen=True)
class Decision:
    """What came of one attempt to kill.

    Attributes
    ----------
    killed : bool
    stopped_by : str
        The check that said no, "terminate" if the cloud refused, or "" for a kill.
    reason : str
        In words.
    error : bool
        Whether something went wrong. A monkey that is switched off, or an outage, is no error.
    instance : Instance or None
        Who was picked.
    """

    killed: bool
    stopped_by: str
    reason: str
    error: bool = False
    instance: Instance | None = None


def terminate(
    group: InstanceGroup,
    now: datetime,
    config: MonkeyConfig,
    apps: dict[str, AppConfig],
    instances: Iterable[Instance],
    records: KillRecords,
    kill: Callable[[Instance], object],
    rng: np.random.Generator,
    outage: Callable[[], bool] | None = None,
    trackers: Sequence[Callable[[Instance, datetime, bool], object]] = (),
    in_test: bool = False,
) -> Decision:
    """Kill one instance of a group, unless something speaks against it.

    Parameters
    ----------
    group : InstanceGroup
    now : datetime
        With its zone.
    config : MonkeyConfig
    apps : dict
        From name to AppConfig.
    instances : iterable of Instance
    records : KillRecords
    kill : callable
        Gets the Instance and ends it. It isn't called while the monkey is leashed.
    rng : numpy.random.Generator
        Picks among the eligible instances, each equally likely.
    outage : callable, optional
        Returns whether there is an outage. If it fails, nothing is killed.
    trackers : sequence of callable
        Each gets (instance, now, leashed) before the kill. If one fails, nothing is killed, though the
        kill has been recorded by then and counts for the minimum time.
    in_test : bool
        Whether this monkey runs in the test environment, where it must be leashed.

    Returns
    -------
    Decision

    References
    ----------
    Netflix/chaosmonkey, term/term.go.

    Examples
    --------
    With the defaults, nothing dies.

    >>> from datetime import UTC, datetime
    >>> from faultlab.cases.netflix.apps import AppConfig
    >>> from faultlab.cases.netflix.config import MonkeyConfig
    >>> from faultlab.cases.netflix.groups import InstanceGroup
    >>> from faultlab.cases.netflix.records import KillRecords
    >>> terminate(InstanceGroup("web", "prod"), datetime.now(UTC), MonkeyConfig(), {"web": AppConfig()},
    ...           [], KillRecords(), print, None).reason
    'Chaos Monkey is not enabled.'
    """
    if not config.enabled:
        return Decision(False, "enabled", "Chaos Monkey is not enabled.")
    if outage is not None:
        try:
            ongoing = outage()
        except Exception as wrong:
            return Decision(
                False, "outage", f"Whether there is an outage can't be told ({wrong}).", error=True
            )
        if ongoing:
            return Decision(False, "outage", "There is an outage already.")
    if group.account not in config.accounts:
        return Decision(False, "account", f"Account {group.account} is not among the enabled ones.")
    if in_test and not config.leashed:
        return Decision(
            False, "test environment", "In the test environment it has to be leashed.", error=True
        )
    app = apps.get(group.app)
    if app is None:
        return Decision(False, "app enabled", f"There are no settings for {group.app}.", error=True)
    if not app.enabled:
        return Decision(False, "app enabled", f"Chaos Monkey is not enabled for {group.app}.")
    if app.whitelist:
        return Decision(False, "whitelist", f"{group.app} has a whitelist, which is no longer supported.")
    candidates = eligible_instances(instances, group, app.exceptions)
    if not candidates:
        place = ", ".join(filter(None, (group.cluster or group.stack or group.app, group.region)))
        return Decision(False, "eligible instance", f"Nobody may be killed in {place}.")
    picked = candidates[int(rng.integers(len(candidates)))]
    try:
        records.check_and_record(picked, now, app, config, config.leashed)
    except TooSoon as wrong:
        when = f"{wrong.killed_at.astimezone(config.zone):%A %H:%M}"
        return Decision(
            False, "minimum time", f"Too soon after {wrong.instance} on {when}.", error=True, instance=picked
        )
    try:
        for track in trackers:
            track(picked, now, config.leashed)
    except Exception as wrong:
        return Decision(False, "trackers", f"A tracker failed ({wrong}).", error=True, instance=picked)
    if config.leashed:
        return Decision(False, "leash", f"Leashed: {picked.id} would have been killed.", instance=picked)
    try:
        kill(picked)
    except Exception as wrong:
        return Decision(False, "terminate", f"The kill failed ({wrong}).", error=True, instance=picked)
    return Decision(True, "", f"{picked.id} was killed.", instance=picked)
