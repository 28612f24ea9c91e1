"""Fault trees, block diagrams and service graphs, drawn."""

from faultlab.views.diagrams.tree_picture import fault_tree
from faultlab.views.diagrams.tree_picture import fault_tree as fault_tree_picture
