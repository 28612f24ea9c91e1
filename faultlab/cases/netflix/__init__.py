"""Netflix's Chaos Monkey by the rules of its published code, and ChAP's canaries."""

from faultlab.cases.netflix.apps import AppConfig, Exemption
from faultlab.cases.netflix.chap import compare_clusters
from faultlab.cases.netflix.config import MonkeyConfig
from faultlab.cases.netflix.days import is_work_day, no_kills_since
from faultlab.cases.netflix.fleet import monkey_log
from faultlab.cases.netflix.groups import Instance, InstanceGroup, eligible_instances
from faultlab.cases.netflix.hunting import hunt, leashed
from faultlab.cases.netflix.kestrel import KESTREL_APPS, KESTREL_INSTANCES, KESTREL_MONKEY
from faultlab.cases.netflix.observed import (
    answered_share,
    lost_share,
    lost_to_detection,
    promised_availability,
    undetected_share,
)
from faultlab.cases.netflix.records import TooSoon
from faultlab.cases.netflix.terminations import terminate
from faultlab.cases.netflix.terminations import terminate as terminate_by_monkey
from faultlab.cases.netflix.theory import (
    chance_of_a_kill,
    gap_mean,
    gap_probability,
    kill_days,
    kills_a_week,
    printed_gap_probability,
    printed_total,
)
from faultlab.cases.netflix.trial import ONE_WORKER_DIES, monkey_trial, recorded_trial
