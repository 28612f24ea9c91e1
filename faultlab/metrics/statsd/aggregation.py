"""StatsD's arithmetic: what Etsy's daemon makes of the packets between two flushes.

Followed are `stats.js` and `lib/process_metrics.js` of github.com/statsd/statsd (MIT), in our own words, and
held against the daemon itself by a test. What the daemon gets wrong is named where it stands.

The daemon keeps its tables in plain objects of JavaScript, and such an object has names of its own, like
`constructor`, `toString` and `__proto__`. A counter of that name becomes a text there or is lost, `__proto__`
is lost as a member of a set, and a timer or a set of that name stops the daemon. Here they are names like all
others, and are counted.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from faultlab.errors import BadInput
from faultlab.metrics.statsd.lines import Sample, samples_of

MOST_KEYS = 100_000
LONGEST_KEY = 4_096
_OWN = ("bad_lines_seen", "packets_received", "metrics_received")


@dataclass(frozen=True)
class StatsDOptions:
    """How a daemon is set up; the defaults are Etsy's.

    Attributes
    ----------
    flush_interval : float
        Seconds.
    percent_threshold : tuple of float
        Percentiles of timers; negative ones look at the top.
    histogram : tuple of tuple
        (part of a key, bins) in the order in which they are tried; a bin is an upper bound, itself outside,
        or "inf".
    delete_counters, delete_timers, delete_sets, delete_gauges : bool
        Whether a key that got no value in an interval is left out of the next flush.
    gauges_max_ttl : int
        With `delete_gauges`: the flushes that an idle gauge lives.
    prefix_stats : str
        In front of the daemon's own counters.
    most_keys : int
        New keys above this number, and such of more than 4,096 letters, are dropped and counted: a flood of
        keys must not fill the memory.
    """

    flush_interval: float = 10.0
    percent_threshold: tuple[float, ...] = (90,)
    histogram: tuple[tuple[str, Sequence[float | str]], ...] = ()
    delete_counters: bool = False
    delete_timers: bool = False
    delete_sets: bool = False
    delete_gauges: bool = False
    gauges_max_ttl: int = 1
    prefix_stats: str = "statsd"
    most_keys: int = MOST_KEYS

    def __post_init__(self):
        if not 0 < self.flush_interval < math.inf:
            raise BadInput(f"The flush interval is in seconds and above 0, not {self.flush_interval!r}.")
        for percent in self.percent_threshold:
            if not 0 < abs(percent) <= 100:
                raise BadInput(f"A percentile is from -100 to 100 and not 0, not {percent!r}.")


@dataclass
class StatsD:
    """What a daemon holds: take packets with `receive`, and `flush` at the end of each interval.

    Examples
    --------
    >>> daemon = StatsD()
    >>> daemon.receive(b"shop.orders:1|c|@0.1")
    >>> daemon.flush()["counter_rates"]["shop.orders"]
    1.0
    >>> daemon.flush()["counters"]["shop.orders"]
    0.0
    """

    options: StatsDOptions = StatsDOptions()
    counters: dict[str, float] = field(default_factory=dict)
    gauges: dict[str, float] = field(default_factory=dict)
    sets: dict[str, set[str]] = field(default_factory=dict)
    timers: dict[str, list[float]] = field(default_factory=dict)
    timer_counts: dict[str, float] = field(default_factory=dict)
    dropped: int = 0
    _idle: dict[str, int] = field(default_factory=dict)

    def __post_init__(self):
        for own in _OWN:
            self.counters.setdefault(f"{self.options.prefix_stats}.{own}", 0.0)

    def receive(self, packet: bytes | str) -> None:
        """Take a packet, bytes or text, with one metric a line."""
        text = packet.decode("utf-8", "replace") if isinstance(packet, bytes | bytearray) else packet
        self.count_own("packets_received")
        for line in text.split("\n"):
            if line:
                self.count_own("metrics_received")
                self.take_all(samples_of(line))

    def take_all(self, samples: Iterable[Sample | None]) -> None:
        """Take what `samples_of` made of a line."""
        for sample in samples:
            if sample is None:
                self.count_own("bad_lines_seen")
            else:
                self._take(sample)

    def cut(self) -> StatsD:
        """Begin the next interval, and return the one that ended as a StatsD whose `flush` is still to do.

        It copies no values, so that packets wait as shortly as can be.
        """
        ended = replace(self, counters=dict(self.counters), gauges=dict(self.gauges), _idle={})
        self._begin_again()
        return ended

    def flush(self) -> dict[str, dict[str, Any]]:
        """Return what goes to the back ends, and begin the next interval.

        Returns
        -------
        dict
            `counters`, `counter_rates` (a second), `gauges`, `sets` (the distinct values), `timers` (the
            values, sorted) and `timer_data`, each by key.
        """
        seconds = self.options.flush_interval
        flushed: dict[str, dict[str, Any]] = {
            "counters": dict(self.counters),
            "counter_rates": {key: value / seconds for key, value in self.counters.items()},
            "gauges": dict(self.gauges),
            "sets": {key: set(values) for key, values in self.sets.items()},
            "timers": {key: sorted(values) for key, values in self.timers.items()},
        }
        flushed["timer_data"] = {
            key: timer_data(key, values, self.timer_counts[key], self.options)
            for key, values in flushed["timers"].items()
        }
        self._begin_again()
        return flushed

    def count_own(self, own: str, times: int = 1) -> None:
        """Count a packet, a metric or a bad line among the daemon's own counters."""
        own = f"{self.options.prefix_stats}.{own}"
        self.counters[own] = self.counters.get(own, 0.0) + times  # an admin may have deleted it

    def keys(self) -> int:
        """How many keys are kept, of all kinds."""
        return len(self.counters) + len(self.timers) + len(self.gauges) + len(self.sets)

    def _take(self, sample):
        key, kind = sample.key, sample.kind
        rooms: dict[str, dict[str, Any]] = {
            "counter": self.counters,
            "timer": self.timers,
            "gauge": self.gauges,
            "set": self.sets,
        }
        room = rooms[kind]
        if key not in room and (self.keys() >= self.options.most_keys or len(key) > LONGEST_KEY):
            self.dropped += 1
        elif kind == "counter":
            before = room.get(key, 0.0)
            # What is no number any more (Infinity - Infinity) begins again at 0.
            room[key] = (0.0 if math.isnan(before) else before) + sample.value * sample.weight
        elif kind == "timer":
            room.setdefault(key, []).append(sample.value)
            self.timer_counts[key] = self.timer_counts.get(key, 0.0) + sample.weight
        elif kind == "set":
            room.setdefault(key, set()).add(sample.value)
        else:
            # A signed value is a change only where there is something to change: on a gauge that is unset
            # or 0, or no number any more, it sets. So a gauge can't be set to a negative number unless it is
            # 0 first.
            before = room.get(key, 0.0)
            changes = sample.change and before and not math.isnan(before)
            room[key] = before + sample.value if changes else sample.value
            self._idle[key] = self.options.gauges_max_ttl

    def _begin_again(self):
        options = self.options
        own = {f"{options.prefix_stats}.{name}" for name in _OWN}
        kept = own if options.delete_counters else self.counters
        self.counters = {key: 0.0 for key in self.counters if key in kept}
        self.timers = {} if options.delete_timers else {key: [] for key in self.timers}
        self.timer_counts = dict.fromkeys(self.timers, 0.0)
        self.sets = {} if options.delete_sets else {key: set() for key in self.sets}
        if options.delete_gauges:
            self._idle = {key: left - 1 for key, left in self._idle.items()}
            self.gauges = {key: value for key, value in self.gauges.items() if self._idle[key] > 0}
            self._idle = {key: left for key, left in self._idle.items() if left > 0}


def aggregate(
    packets: Iterable[bytes | str],
    flush_interval: float = 10.0,
    percent_threshold: Sequence[float] = (90,),
    **options: Any,
) -> dict[str, dict[str, Any]]:
    """Return what one flush makes of packets: `StatsD` for one interval.

    Parameters
    ----------
    packets : iterable of bytes or str
        One or several metrics each.
    flush_interval : float
        Seconds.
    percent_threshold : sequence of float
    **options
        As in `StatsDOptions`.

    Returns
    -------
    dict
        As `StatsD.flush`.

    Examples
    --------
    >>> found = aggregate(["page:10|ms", "page:30|ms|@0.5", "cart:765|s", "cart:765|s"])
    >>> found["timer_data"]["page"]["count"], found["timer_data"]["page"]["mean"], len(found["sets"]["cart"])
    (3.0, 20.0, 1)
    """
    daemon = StatsD(StatsDOptions(flush_interval, tuple(percent_threshold), **options))
    for packet in packets:
        daemon.receive(packet)
    return daemon.flush()


def timer_data(key: str, values: list[float], counted: float, options: StatsDOptions) -> dict[str, Any]:
    """Return the statistics of a timer, named as the daemon names them.

    Parameters
    ----------
    key : str
    values : list of float
        Sorted.
    counted : float
        How many there were, sampling undone. Of all figures only `count` and `count_ps` know of sampling.
    options : StatsDOptions

    Returns
    -------
    dict
    """
    if not values:
        return {"count": 0, "count_ps": 0}
    count = len(values)
    sums, squares = [values[0]], [values[0] * values[0]]
    for value in values[1:]:
        sums.append(value + sums[-1])
        squares.append(value * value + squares[-1])
    found: dict[str, Any] = {}
    for percent in options.percent_threshold:
        # JavaScript rounds a half up, where Python's round goes to the even neighbour.
        inside = count if count == 1 else math.floor(abs(percent) / 100 * count + 0.5)
        if inside:
            found |= _share(values, sums, squares, percent, inside)
    mean = sums[-1] / count
    middle = count // 2
    differences = 0.0
    for value in values:
        differences += (value - mean) * (value - mean)
    found |= {
        "std": math.sqrt(differences / count),
        "upper": values[-1],
        "lower": values[0],
        "count": counted,
        "count_ps": counted / options.flush_interval,
        "sum": sums[-1],
        "sum_squares": squares[-1],
        "mean": mean,
        "median": values[middle] if count % 2 else (values[middle - 1] + values[middle]) / 2,
    }
    bins = next((bins for part, bins in options.histogram if part in key), ())
    if bins:
        found["histogram"] = _histogram(values, bins)
    return found


def _share(values, sums, squares, percent, inside):
    """The statistics of the lowest `inside` values, or of the highest for a negative percentile."""
    named = repr(int(percent) if percent == int(percent) else percent).replace(".", "_", 1)
    named = named.replace("-", "top", 1)
    if percent > 0:
        bound, total, square = values[inside - 1], sums[inside - 1], squares[inside - 1]
    else:
        # The daemon has no number here where the share takes in all values; what is meant is all of them.
        left_out = len(values) - inside
        bound = values[left_out]
        total = sums[-1] - (sums[left_out - 1] if left_out else 0.0)
        square = squares[-1] - (squares[left_out - 1] if left_out else 0.0)
    return {
        f"count_{named}": inside,
        f"mean_{named}": total / inside,
        f"{'upper' if percent > 0 else 'lower'}_{named}": bound,
        f"sum_{named}": total,
        f"sum_squares_{named}": square,
    }


def _histogram(values, bins):
    """How many values lie below each bound and not below the one before; what lies above is left out."""
    found, place = {}, 0
    for bound in bins:
        start = place
        while place < len(values) and (bound == "inf" or values[place] < bound):
            place += 1
        found[f"bin_{str(bound).replace('.', '_', 1)}"] = place - start
    return found
