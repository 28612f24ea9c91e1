"""Part 3: the system model, fault trees, block diagrams, FMEA, and their exact quantification."""

from faultlab.analysis.diagram import Diagram
from faultlab.analysis.system import Component, Group, Journey, Option, Range, Service, System
from faultlab.analysis.system_views import (
    JourneyReport,
    journey_report,
    naive_availability,
    single_points_of_failure,
)
from faultlab.analysis.system_yaml import read_system

__all__ = [
    "Component",
    "Diagram",
    "Group",
    "Journey",
    "JourneyReport",
    "Option",
    "Range",
    "Service",
    "System",
    "journey_report",
    "naive_availability",
    "read_system",
    "single_points_of_failure",
]
