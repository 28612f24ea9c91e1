"""Part 1, designing for failure: redundancy, diversity, loose coupling, experiments."""

from faultlab.doors import door

__getattr__, __dir__ = door(__name__, "redundancy", "calls", "stores", "shops", "experiments")
