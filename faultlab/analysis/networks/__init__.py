"""Networks: the chance that points are connected."""

from faultlab.analysis.networks.networks import terminal_reliability
