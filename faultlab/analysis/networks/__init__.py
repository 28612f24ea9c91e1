"""Networks: the chance that points are connected."""

from faultlab.analysis.networks.networks import connection_chances, terminal_reliability
