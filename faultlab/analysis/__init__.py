"""Part 3: the system model, fault trees, block diagrams, FMEA, and their exact quantification."""

from faultlab.analysis.block_diagrams import (
    Block,
    Parallel,
    Series,
    blocks_of,
    in_words,
    shared_blocks,
    spoken,
    still_works,
)
from faultlab.analysis.bounds import Bounds, probability_bounds
from faultlab.analysis.common_cause import CauseShare, CommonCause, with_common_causes
from faultlab.analysis.criticality import FailureMode, item_criticality, mode_criticality
from faultlab.analysis.cut_sets import CutSet, CutSets, TooManySets, minimal_cut_sets
from faultlab.analysis.event_models import Constant, Exponential, Repairable, Unstated, Weibull
from faultlab.analysis.expressions import Expressed, combined, constant, mission_time
from faultlab.analysis.fault_tree import FaultTree
from faultlab.analysis.fmea import Row, action_priority, priority_table, ranked, rows_of, rpn
from faultlab.analysis.fmea_changes import Change, changes
from faultlab.analysis.fmea_ranking import Gamed, Inversion, gamed, rpn_counts, with_rpn, worst_inversion
from faultlab.analysis.fmea_scales import DETECTION, OCCURRENCE, SEVERITY
from faultlab.analysis.fmea_sheets import Worksheet, read_fmea, read_worksheet
from faultlab.analysis.fmea_variants import WrongTable, wrong_tables
from faultlab.analysis.fmea_writing import safe_cell, write_fmea
from faultlab.analysis.gates import AND, AT_LEAST, NOT, OR, XOR, Gate
from faultlab.analysis.gates import KINDS as GATE_KINDS
from faultlab.analysis.importances import EventImportance, birnbaum, importance
from faultlab.analysis.networks import connection_chances, terminal_reliability
from faultlab.analysis.open_psa import parse_open_psa, read_open_psa
from faultlab.analysis.open_psa_text import open_psa_as_text
from faultlab.analysis.solved_tree import AnalysisTooLarge, SolvedTree, solve
from faultlab.analysis.success_trees import success_tree
from faultlab.analysis.system import Component, Group, Journey, Option, Range, Service, System
from faultlab.analysis.system_options import OptionReport, option_report
from faultlab.analysis.system_ranges import down_samples
from faultlab.analysis.system_times import SystemTimes, failure_frequency, probability_over, times_of
from faultlab.analysis.system_views import (
    JourneyReport,
    journey_report,
    journey_times,
    naive_availability,
    single_points_of_failure,
)
from faultlab.analysis.system_yaml import read_system
from faultlab.analysis.tree_text import read_tree, tree_as_text, tree_from_text
from faultlab.analysis.uncertainties import Uncertain, summarised, uncertainty

__all__ = [
    "AND",
    "AT_LEAST",
    "DETECTION",
    "GATE_KINDS",
    "NOT",
    "OCCURRENCE",
    "OR",
    "SEVERITY",
    "XOR",
    "AnalysisTooLarge",
    "Block",
    "Bounds",
    "CauseShare",
    "Change",
    "CommonCause",
    "Component",
    "Constant",
    "CutSet",
    "CutSets",
    "EventImportance",
    "Exponential",
    "Expressed",
    "FailureMode",
    "FaultTree",
    "Gamed",
    "Gate",
    "Group",
    "Inversion",
    "Journey",
    "JourneyReport",
    "Option",
    "OptionReport",
    "Parallel",
    "Range",
    "Repairable",
    "Row",
    "Series",
    "Service",
    "SolvedTree",
    "System",
    "SystemTimes",
    "TooManySets",
    "Uncertain",
    "Unstated",
    "Weibull",
    "Worksheet",
    "WrongTable",
    "action_priority",
    "birnbaum",
    "blocks_of",
    "changes",
    "combined",
    "connection_chances",
    "constant",
    "down_samples",
    "failure_frequency",
    "gamed",
    "importance",
    "in_words",
    "item_criticality",
    "journey_report",
    "journey_times",
    "minimal_cut_sets",
    "mission_time",
    "mode_criticality",
    "naive_availability",
    "open_psa_as_text",
    "option_report",
    "parse_open_psa",
    "priority_table",
    "probability_bounds",
    "probability_over",
    "ranked",
    "read_fmea",
    "read_open_psa",
    "read_system",
    "read_tree",
    "read_worksheet",
    "rows_of",
    "rpn",
    "rpn_counts",
    "safe_cell",
    "shared_blocks",
    "single_points_of_failure",
    "solve",
    "spoken",
    "still_works",
    "success_tree",
    "summarised",
    "terminal_reliability",
    "times_of",
    "tree_as_text",
    "tree_from_text",
    "uncertainty",
    "with_common_causes",
    "with_rpn",
    "worst_inversion",
    "write_fmea",
    "wrong_tables",
]
