"""The arithmetic of Etsy's StatsD."""

from faultlab.metrics.statsd.aggregation import StatsD, StatsDOptions, aggregate
from faultlab.metrics.statsd.bulk import receive_many
