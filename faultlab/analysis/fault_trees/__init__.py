"""Fault trees: gates, events and their lives, common causes, and what follows from them."""

from faultlab.analysis.fault_trees.bounds import Bounds, probability_bounds
from faultlab.analysis.fault_trees.common_cause import CauseShare, CommonCause, with_common_causes
from faultlab.analysis.fault_trees.cut_sets import CutSet, CutSets, TooManySets, minimal_cut_sets
from faultlab.analysis.fault_trees.event_models import Constant, Exponential, Repairable, Unstated, Weibull
from faultlab.analysis.fault_trees.expressions import Expressed, combined, constant, mission_time
from faultlab.analysis.fault_trees.fault_tree import FaultTree
from faultlab.analysis.fault_trees.importances import EventImportance, birnbaum, importance
from faultlab.analysis.fault_trees.solved_tree import SolvedTree, solve
from faultlab.analysis.fault_trees.success_trees import success_tree
from faultlab.analysis.fault_trees.tree_text import read_tree, tree_as_text, tree_from_text
from faultlab.analysis.fault_trees.uncertainties import Uncertain, summarised, uncertainty
