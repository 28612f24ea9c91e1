"""Part 3: the system model, fault trees, block diagrams, FMEA, and their exact quantification."""

from faultlab.analysis.common_cause import CommonCause, with_common_causes
from faultlab.analysis.cut_sets import CutSet, CutSets, TooManySets, minimal_cut_sets
from faultlab.analysis.event_models import Constant, Exponential, Repairable, Weibull
from faultlab.analysis.fault_tree import FaultTree
from faultlab.analysis.gates import AND, AT_LEAST, NOT, OR, XOR, Gate
from faultlab.analysis.importances import EventImportance, birnbaum, importance
from faultlab.analysis.open_psa import parse_open_psa, read_open_psa
from faultlab.analysis.solved_tree import AnalysisTooLarge, SolvedTree, solve
from faultlab.analysis.system import Component, Group, Journey, Option, Range, Service, System
from faultlab.analysis.system_views import (
    JourneyReport,
    journey_report,
    naive_availability,
    single_points_of_failure,
)
from faultlab.analysis.system_yaml import read_system

__all__ = [
    "AND",
    "AT_LEAST",
    "NOT",
    "OR",
    "XOR",
    "AnalysisTooLarge",
    "CommonCause",
    "Component",
    "Constant",
    "CutSet",
    "CutSets",
    "EventImportance",
    "Exponential",
    "FaultTree",
    "Gate",
    "Group",
    "Journey",
    "JourneyReport",
    "Option",
    "Range",
    "Repairable",
    "Service",
    "SolvedTree",
    "System",
    "TooManySets",
    "Weibull",
    "birnbaum",
    "importance",
    "journey_report",
    "minimal_cut_sets",
    "naive_availability",
    "parse_open_psa",
    "read_open_psa",
    "read_system",
    "single_points_of_failure",
    "solve",
    "with_common_causes",
]
