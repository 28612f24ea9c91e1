"""The names under which StatsD's values stand in Graphite, old and new (backends/graphite.js)."""

from faultlab.metrics.statsd_lines import clean_key


def graphite_values(flushed, legacy=True, flush_counts=True, prefix_stats="statsd"):
    """Return what a flush sends to Graphite, by name.

    The daemon adds how long its own work took; such numbers are left out here.

    Parameters
    ----------
    flushed : dict
        As `StatsD.flush` returns it.
    legacy : bool
        The old name space, the daemon's default: the rate of a counter is `stats.KEY`, its count
        `stats_counts.KEY`. The new one: `stats.counters.KEY.rate` and `.count`.
    flush_counts : bool
        Whether counts are sent beside rates.
    prefix_stats : str

    Returns
    -------
    dict of str to float

    Examples
    --------
    >>> from faultlab.metrics.statsd import aggregate
    >>> flushed = aggregate(["orders:5|c"])
    >>> graphite_values(flushed)["stats.orders"], graphite_values(flushed)["stats_counts.orders"]
    (0.5, 5.0)
    >>> graphite_values(flushed, legacy=False)["stats.counters.orders.rate"]
    0.5
    """
    found = {}

    def add(place, key, *inner, value):
        name, *tags = key.split(";")
        name = ".".join([*place, clean_key(name), *inner])
        found[";".join([name, *tags])] = value

    counters = ("stats",) if legacy else ("stats", "counters")
    for key, rate in flushed["counter_rates"].items():
        add(counters, key, *(() if legacy else ("rate",)), value=rate)
        if flush_counts:
            place, inner = (("stats_counts",), ()) if legacy else (counters, ("count",))
            add(place, key, *inner, value=flushed["counters"][key])
    for key, statistics in flushed["timer_data"].items():
        for name, value in statistics.items():
            if isinstance(value, dict):
                for inner, number in value.items():
                    add(("stats", "timers"), key, name, inner, value=number)
            else:
                add(("stats", "timers"), key, name, value=value)
    for key, value in flushed["gauges"].items():
        add(("stats", "gauges"), key, value=value)
    for key, values in flushed["sets"].items():
        add(("stats", "sets"), key, "count", value=len(values))
    rooms = ("counters", "timer_data", "gauges", "sets")
    own = prefix_stats if legacy else f"stats.{prefix_stats}"
    found[f"{own}.numStats"] = sum(len(flushed[room]) for room in rooms)
    return found
