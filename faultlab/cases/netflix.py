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
from faultlab.cases.chaos_monkey_fleet import EVERY_DAY, FLEET_MONKEY, FleetPrey, failing, monkey_log
from faultlab.cases.chaos_monkey_groups import (
    NEVER_KILLED,
    Instance,
    InstanceGroup,
    eligible_instances,
    instance_groups,
    is_exempt,
)
from faultlab.cases.chaos_monkey_hunt import Attempt, Hunt, Prey, hunt, leashed, unleashed
from faultlab.cases.chaos_monkey_kestrel import (
    KESTREL_APPS,
    KESTREL_INSTANCES,
    KESTREL_MONKEY,
    GroupInYear,
    YearOfKills,
    beside_theory,
    year_of_kills,
)
from faultlab.cases.chaos_monkey_names import ClusterName, cluster_name
from faultlab.cases.chaos_monkey_observed import (
    Lost,
    answered_share,
    lost_share,
    lost_to_detection,
    promised_availability,
    undetected_share,
)
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
from faultlab.cases.chaos_monkey_trial import ONE_WORKER_DIES, Trial, monkey_trial, recorded_trial, try_monkey
from faultlab.cases.chap import ClusterComparison, compare_clusters

__all__ = [
    "CHECKS",
    "EVERY_DAY",
    "FLEET_MONKEY",
    "GROUPINGS",
    "KESTREL_APPS",
    "KESTREL_INSTANCES",
    "KESTREL_MONKEY",
    "KEYS",
    "NEVER_KILLED",
    "NEW_APP_IN_CODE",
    "NEW_APP_IN_DOCS",
    "ONE_WORKER_DIES",
    "AlreadyScheduled",
    "AppConfig",
    "Attempt",
    "ClusterComparison",
    "ClusterName",
    "Decision",
    "Exemption",
    "FleetPrey",
    "GroupInYear",
    "Hunt",
    "Instance",
    "InstanceGroup",
    "KillRecords",
    "Lost",
    "MonkeyConfig",
    "Prey",
    "ScheduledKill",
    "TooSoon",
    "Trial",
    "YearOfKills",
    "answered_share",
    "beside_theory",
    "chance_of_a_kill",
    "choose_time",
    "cluster_name",
    "compare_clusters",
    "crontab",
    "eligible_instances",
    "failing",
    "gap_mean",
    "gap_probability",
    "gap_variance",
    "hunt",
    "instance_groups",
    "is_exempt",
    "is_work_day",
    "kill_days",
    "kill_probability",
    "kills_a_week",
    "leashed",
    "lost_share",
    "lost_to_detection",
    "monkey_log",
    "monkey_trial",
    "no_kills_since",
    "printed_gap_probability",
    "printed_total",
    "promised_availability",
    "read_app_config",
    "read_monkey_config",
    "recorded_trial",
    "schedule",
    "terminate",
    "try_monkey",
    "undetected_share",
    "unleashed",
    "year_of_kills",
]
