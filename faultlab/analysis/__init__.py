"""Part 3: the system model, fault trees, block diagrams, FMEA, and their exact quantification."""

from faultlab.doors import door

__getattr__, __dir__ = door(__name__, "engine", "fault_trees", "open_psa", "networks", "systems", "fmea")
