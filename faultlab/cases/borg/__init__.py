"""Google's Borg, one cell: scheduling, priorities, reclamation, failures, and the paper's experiments."""

from faultlab.cases.borg.cell import PENDING, Cell, Machines
from faultlab.cases.borg.experiments import (
    EXPERIMENTS,
    Finding,
    paper_findings,
    recorded_findings,
    without_reclamation,
)
from faultlab.cases.borg.jobs import Jobs
from faultlab.cases.borg.kubernetes import INHERITED, ServiceJob, kubernetes_manifest, manifest_text
from faultlab.cases.borg.lifecycle import CellEvent, live_through
from faultlab.cases.borg.packing_trials import packing_trial
from faultlab.cases.borg.reclamation import Reclamation, reservations, squeeze
from faultlab.cases.borg.scheduling import schedule, victims, why_pending
from faultlab.cases.borg.workload import synthetic_jobs, synthetic_machines
