"""Google's Borg, one cell: scheduling, priorities, reclamation, failures, and the paper's experiments."""

from faultlab.cases.borg.cell import PENDING, Cell, Machines
from faultlab.cases.borg.compaction import Compaction, compact, power_of_two_buckets
from faultlab.cases.borg.experiments import (
    EXPERIMENTS,
    Finding,
    paper_findings,
    reclaimed_share,
    recorded_findings,
    split_at_random,
    split_by_user,
    without_reclamation,
)
from faultlab.cases.borg.experiments import EXPERIMENTS as BORG_EXPERIMENTS
from faultlab.cases.borg.jobs import BANDS, Jobs, band, is_production, preemption_levels
from faultlab.cases.borg.kubernetes import INHERITED, ServiceJob, kubernetes_manifest, manifest_text
from faultlab.cases.borg.lifecycle import CellEvent, Moment, live_through
from faultlab.cases.borg.packing_trials import packing_trial
from faultlab.cases.borg.reclamation import Reclamation, Squeeze, reservations, squeeze
from faultlab.cases.borg.scheduling import Pass, Scheduler, schedule, victims, why_pending
from faultlab.cases.borg.scoring import POLICIES, best_fit, hybrid, worst_fit
from faultlab.cases.borg.scoring import POLICIES as SCORING_POLICIES
from faultlab.cases.borg.workload import synthetic_jobs, synthetic_machines, used_share
