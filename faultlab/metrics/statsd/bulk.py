"""Many StatsD packets in one go: the same values as one by one, at a fraction of the cost.

Most lines of a busy shop are alike (``orders:1|c``), so they are counted in C and read once. Only what
commutes is done so: whole numbers, whose sums have no rounding. Gauges, fractions and whatever is odd are
taken in the order in which they came.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from faultlab.metrics.statsd.lines import Sample, samples_of

if TYPE_CHECKING:
    from faultlab.metrics.statsd.aggregation import StatsD

_EXACT = 2.0**53
_REMEMBERED = 20_000


def receive_many(daemon: StatsD, packets: list[bytes], remembered: dict[str, Any] | None = None) -> None:
    """Take packets as `StatsD.receive` does one by one, with the same result to the last bit.

    Parameters
    ----------
    daemon : StatsD
        Changed in place.
    packets : list of bytes
    remembered : dict, optional
        Lines that were read before; give the same dict again and again, and it stays small by itself.

    Examples
    --------
    >>> from faultlab.metrics.statsd.aggregation import StatsD
    >>> daemon = StatsD()
    >>> receive_many(daemon, [b"orders:1|c"] * 3 + [b"page:12|ms"])
    >>> daemon.counters["orders"], daemon.timers["page"]
    (3.0, [12.0])
    """
    remembered = {} if remembered is None else remembered
    lines = b"\n".join(packets).decode("utf-8", "replace").split("\n")
    counts = Counter(lines)
    empty = counts.pop("", 0)
    daemon.count_own("packets_received", len(packets))
    daemon.count_own("metrics_received", len(lines) - empty)
    if daemon.keys() + len(counts) > daemon.options.most_keys:
        # Which of the new keys still find room depends on the order.
        for line in filter(None, lines):
            daemon.take_all(_read(line, remembered))
        return
    found, plain = {}, []
    for line, times in counts.items():
        timing = _plain_timing(line, daemon.timers)
        if timing is None:
            found[line] = _read(line, remembered)
        else:
            plain.append((line, *timing, times))
    ordered = {line for line, samples in found.items() if not _commutes(samples, daemon)}
    touched = {sample.key for line in ordered for sample in found[line] if sample}
    if touched:
        ordered |= {line for line, samples in found.items() if samples[0] and samples[0].key in touched}
    for line, samples in found.items():
        if line not in ordered:
            _take_times(samples[0], counts[line], daemon)
    for line, key, value, times in plain:
        if key in touched:
            ordered.add(line)
            found[line] = (Sample(key, "timer", value),)
        else:
            daemon.timers[key].extend((value,) * times)
            for _ in range(times):  # one by one: what is there already may be a fraction
                daemon.timer_counts[key] += 1.0
    if ordered:
        for line in lines:
            if line in ordered:
                daemon.take_all(found[line])


def _plain_timing(line, timers):
    """Key and milliseconds of a line such as ``page:12.5|ms`` whose key is known; None for all others."""
    key, _, rest = line.partition(":")
    # A key that is stored has been cleaned, and cleaning it again changes nothing.
    if rest[-3:] != "|ms" or key not in timers:
        return None
    value = rest[:-3]
    if value.isdigit() or value.replace(".", "", 1).isdigit():
        return (key, float(value)) if value.isascii() else None
    return None


def _read(line, remembered):
    """The samples of a line, from memory or by all the rules."""
    found = remembered.get(line)
    if found is None:
        found = tuple(samples_of(line))
        if len(remembered) >= _REMEMBERED:
            remembered.clear()
        if len(line) < 200:
            remembered[line] = found
    return found


def _commutes(samples, daemon):
    """Whether a line may be taken out of order: one sample, and sums of whole numbers only."""
    sample = samples[0]
    if len(samples) > 1 or sample is None or sample.kind == "gauge":
        return False
    if sample.kind == "set":
        return True
    whole, so_far = sample.weight, daemon.timer_counts.get(sample.key, 0.0)
    if sample.kind == "counter":
        whole, so_far = sample.value * sample.weight, daemon.counters.get(sample.key, 0.0)
    return whole.is_integer() and so_far.is_integer() and abs(whole) < 1e9 and abs(so_far) < _EXACT / 2


def _take_times(sample, times, daemon):
    if times == 1 or sample.kind == "set":
        daemon.take_all((sample,))
    elif sample.kind == "counter":
        # Sampling first, as one by one: 0.1 times ten is a whole number, and 0.3 times ten is none.
        daemon.take_all((Sample(sample.key, "counter", sample.value * sample.weight * times),))
    else:
        daemon.take_all((sample,))
        if sample.key in daemon.timers:
            daemon.timers[sample.key].extend([sample.value] * (times - 1))
            daemon.timer_counts[sample.key] += sample.weight * (times - 1)
