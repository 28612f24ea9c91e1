"""Google's Borg, one cell: scheduling, priorities, reclamation, failures, and the paper's experiments.

After Verma, Pedrosa, Korupolu, Oppenheimer, Tune and Wilkes, "Large-scale cluster management at Google with
Borg", EuroSys 2015. What the paper leaves open (formulas of the scores, most sizes of the workload) is this
module's own choice, and said where it is made.
"""

from faultlab.cases.borg_cell import PENDING, Cell, Machines
from faultlab.cases.borg_jobs import BANDS, Jobs, band, is_production, preemption_levels
from faultlab.cases.borg_quota import Admission, admit
from faultlab.cases.borg_scheduling import Pass, Scheduler, schedule, victims, why_pending
from faultlab.cases.borg_scoring import POLICIES, best_fit, hybrid, worst_fit

__all__ = [
    "BANDS",
    "PENDING",
    "POLICIES",
    "Admission",
    "Cell",
    "Jobs",
    "Machines",
    "Pass",
    "Scheduler",
    "admit",
    "band",
    "best_fit",
    "hybrid",
    "is_production",
    "preemption_levels",
    "schedule",
    "victims",
    "why_pending",
    "worst_fit",
]
