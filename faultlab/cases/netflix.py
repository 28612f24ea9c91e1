"""Netflix: Chaos Monkey by the rules of its code, the Simian Army, ChAP, and a monkey for the live fleet.

The rules are those of Netflix/chaosmonkey (Apache-2.0), read at commit eaa28fb of 3 October 2024; the code
here is our own. Each file names the Go file that it follows.
"""

from faultlab.cases.chaos_monkey_apps import (
    GROUPINGS,
    NEW_APP_IN_CODE,
    NEW_APP_IN_DOCS,
    AppConfig,
    Exemption,
    read_app_config,
)
from faultlab.cases.chaos_monkey_config import KEYS, MonkeyConfig, read_monkey_config
from faultlab.cases.chaos_monkey_days import is_work_day, no_kills_since
from faultlab.cases.chaos_monkey_groups import (
    NEVER_KILLED,
    Instance,
    InstanceGroup,
    eligible_instances,
    instance_groups,
    is_exempt,
)
from faultlab.cases.chaos_monkey_kestrel import (
    KESTREL_APPS,
    KESTREL_INSTANCES,
    KESTREL_MONKEY,
    YearOfKills,
    year_of_kills,
)
from faultlab.cases.chaos_monkey_names import ClusterName, cluster_name
from faultlab.cases.chaos_monkey_records import AlreadyScheduled, KillRecords, TooSoon
from faultlab.cases.chaos_monkey_schedule import (
    ScheduledKill,
    choose_time,
    crontab,
    kill_probability,
    schedule,
)
from faultlab.cases.chaos_monkey_terminate import CHECKS, Decision, terminate
from faultlab.cases.chaos_monkey_theory import (
    chance_of_a_kill,
    gap_mean,
    gap_probability,
    gap_variance,
    kill_days,
    kills_a_week,
    printed_gap_probability,
    printed_total,
)
from faultlab.cases.chap import ClusterComparison, compare_clusters
from faultlab.cases.simian_army import CHAOS_KINDS, PRINCIPLES, ChaosKind, Principle

__all__ = [
    "CHAOS_KINDS",
    "CHECKS",
    "GROUPINGS",
    "KESTREL_APPS",
    "KESTREL_INSTANCES",
    "KESTREL_MONKEY",
    "KEYS",
    "NEVER_KILLED",
    "NEW_APP_IN_CODE",
    "NEW_APP_IN_DOCS",
    "PRINCIPLES",
    "AlreadyScheduled",
    "AppConfig",
    "ChaosKind",
    "ClusterComparison",
    "ClusterName",
    "Decision",
    "Exemption",
    "Instance",
    "InstanceGroup",
    "KillRecords",
    "MonkeyConfig",
    "Principle",
    "ScheduledKill",
    "TooSoon",
    "YearOfKills",
    "chance_of_a_kill",
    "choose_time",
    "cluster_name",
    "compare_clusters",
    "crontab",
    "eligible_instances",
    "gap_mean",
    "gap_probability",
    "gap_variance",
    "instance_groups",
    "is_exempt",
    "is_work_day",
    "kill_days",
    "kill_probability",
    "kills_a_week",
    "no_kills_since",
    "printed_gap_probability",
    "printed_total",
    "read_app_config",
    "read_monkey_config",
    "schedule",
    "terminate",
    "year_of_kills",
]
