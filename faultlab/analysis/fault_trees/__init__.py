"""Fault trees: gates, events and their lives, common causes, and what follows from them."""

from faultlab.analysis.fault_trees.bounds import probability_bounds
from faultlab.analysis.fault_trees.common_cause import CommonCause
from faultlab.analysis.fault_trees.cut_sets import TooManySets, minimal_cut_sets
from faultlab.analysis.fault_trees.event_models import Constant, Repairable, Unstated
from faultlab.analysis.fault_trees.fault_tree import FaultTree
from faultlab.analysis.fault_trees.importances import importance
from faultlab.analysis.fault_trees.solved_tree import solve
from faultlab.analysis.fault_trees.success_trees import success_tree
from faultlab.analysis.fault_trees.tree_text import read_tree, tree_as_text
from faultlab.analysis.fault_trees.uncertainties import summarised, uncertainty
