"""Redundancy: replicas, standby, versions, and the causes that they share."""

from faultlab.design.redundancy.replicas import (
    OUTAGE_TRIGGERS,
    correlated_deploys,
    redundant_availability,
    redundant_unavailability,
    replicas_needed,
)
from faultlab.design.redundancy.standby import Standby
from faultlab.design.redundancy.versions import versions_failure
