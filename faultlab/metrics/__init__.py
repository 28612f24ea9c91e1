"""Part 4: incidents, MTTR, MTBF, availability, service levels, money."""

from faultlab.doors import door

__getattr__, __dir__ = door(
    __name__, "incidents", "estimates", "budgets", "alerts", "customers", "graphs", "reports", "statsd"
)
