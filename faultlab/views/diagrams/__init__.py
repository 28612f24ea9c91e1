"""Fault trees, block diagrams and service graphs, drawn."""

from faultlab.views.diagrams.tree_picture import fault_tree
