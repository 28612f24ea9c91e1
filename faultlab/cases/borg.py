"""Google's Borg, one cell: scheduling, priorities, reclamation, failures, and the paper's experiments.

After Verma, Pedrosa, Korupolu, Oppenheimer, Tune and Wilkes, "Large-scale cluster management at Google with
Borg", EuroSys 2015. What the paper leaves open (formulas of the scores, most sizes of the workload) is this
module's own choice, and said where it is made.
"""

from faultlab.cases.borg_cell import PENDING, Cell, Machines
from faultlab.cases.borg_compaction import Compaction, compact, power_of_two_buckets
from faultlab.cases.borg_experiments import (
    EXPERIMENTS,
    Finding,
    paper_findings,
    reclaimed_share,
    recorded_findings,
    split_at_random,
    split_by_user,
    without_reclamation,
)
from faultlab.cases.borg_jobs import BANDS, Jobs, band, is_production, preemption_levels
from faultlab.cases.borg_kubernetes import INHERITED, ServiceJob, kubernetes_manifest, manifest_text
from faultlab.cases.borg_lifecycle import CellEvent, Moment, live_through, rolling_upgrade
from faultlab.cases.borg_reclamation import Reclamation, Squeeze, reservations, squeeze
from faultlab.cases.borg_scheduling import Pass, Scheduler, schedule, victims, why_pending
from faultlab.cases.borg_scoring import POLICIES, best_fit, hybrid, worst_fit
from faultlab.cases.borg_workload import synthetic_jobs, synthetic_machines, used_share

__all__ = [
    "BANDS",
    "EXPERIMENTS",
    "INHERITED",
    "PENDING",
    "POLICIES",
    "Cell",
    "CellEvent",
    "Compaction",
    "Finding",
    "Jobs",
    "Machines",
    "Moment",
    "Pass",
    "Reclamation",
    "Scheduler",
    "ServiceJob",
    "Squeeze",
    "band",
    "best_fit",
    "compact",
    "hybrid",
    "is_production",
    "kubernetes_manifest",
    "live_through",
    "manifest_text",
    "paper_findings",
    "power_of_two_buckets",
    "preemption_levels",
    "reclaimed_share",
    "recorded_findings",
    "reservations",
    "rolling_upgrade",
    "schedule",
    "split_at_random",
    "split_by_user",
    "squeeze",
    "synthetic_jobs",
    "synthetic_machines",
    "used_share",
    "victims",
    "why_pending",
    "without_reclamation",
    "worst_fit",
]
