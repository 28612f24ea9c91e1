"""Where a StatsD server sends its flushes: a Graphite line receiver, Whisper files, a Prometheus page."""

import re
import socket
from collections import defaultdict
from pathlib import Path

from faultlab.errors import BadInput
from faultlab.live.inspected import javascript_number
from faultlab.metrics import graphite_values

RETENTIONS = ((10, 2_160), (60, 8_640), (600, 4_320))
"""Seconds a point and points: 10 s for 6 hours, 1 minute for 6 days, 10 minutes for 30 days."""
_LONGEST_NAME = 200
_NOT_IN_NAMES = re.compile(r"[^a-zA-Z0-9_:]")


class GraphiteSender:
    """Sends each flush over TCP as Graphite's plain text lines: name, value, Unix time.

    Parameters
    ----------
    port : int
    host : str
    legacy : bool
        The name space, as in `graphite_values`.
    """

    def __init__(self, port, host="127.0.0.1", legacy=True):
        self.address, self.legacy = (host, port), legacy

    def __call__(self, flush):
        values = graphite_values(flush.metrics, self.legacy)
        lines = [f"{name} {javascript_number(value)} {round(flush.time)}\n" for name, value in values.items()]
        with socket.create_connection(self.address, 5.0) as graphite:
            graphite.sendall("".join(lines).encode())


class WhisperFiles:
    """Keeps each value in a Whisper file, Graphite's fixed-size store, below a folder.

    Parameters
    ----------
    folder : str or path
    retentions : sequence of (int, int)
        Seconds a point, number of points. The first has to be the flush interval: Whisper keeps one value
        a point, and a second flush within the same point replaces the first.
    legacy : bool
    most_files : int
        A new name above this number gets no file, and is said so once.

    Raises
    ------
    BadInput
        Without the `whisper` library.
    """

    def __init__(self, folder, retentions=RETENTIONS, legacy=True, most_files=10_000):
        try:
            import whisper
        except ImportError:
            raise BadInput("Whisper files need the library of that name: `pip install whisper`.") from None
        self._whisper = whisper
        self.folder, self.retentions, self.legacy = Path(folder), list(retentions), legacy
        self.most_files, self._made = most_files, set()

    def path(self, name):
        """The file of a name: its parts are folders."""
        parts = [part[:_LONGEST_NAME] for part in name.split(".") if part] or ["_"]
        return self.folder.joinpath(*parts[:-1], parts[-1] + ".wsp")

    def __call__(self, flush):
        left_out = 0
        for name, value in graphite_values(flush.metrics, self.legacy).items():
            path = self.path(name)
            if path not in self._made:
                if len(self._made) >= self.most_files:
                    left_out += 1
                    continue
                self._made.add(path)
                if not path.exists():
                    path.parent.mkdir(parents=True, exist_ok=True)
                    self._whisper.create(str(path), self.retentions, *_rolled_up(name))
            # Down to the second: Whisper refuses a moment that has not come.
            self._whisper.update(str(path), value, int(flush.time))
        if left_out:
            raise BadInput(f"{left_out:,} names got no file; {self.most_files:,} files are made at most.")


def _rolled_up(name):
    """How points of a name are joined into longer ones: the share that must be known, and the method."""
    last = name.rpartition(".")[2]
    if last == "lower" or last.startswith("lower_"):
        return 0.1, "min"
    if last == "upper" or last.startswith("upper_"):
        return 0.1, "max"
    if name.startswith("stats_counts.") or last.split("_")[0] in ("count", "sum"):
        return (0.3, "average") if last == "count_ps" else (0.0, "sum")
    return 0.3, "average"


class PrometheusPage:
    """A page for Prometheus to read, with sums since the start, as Prometheus wants its counters.

    A key's dots become low lines; two keys that become the same name are added up. Timers are summaries in
    seconds.

    Parameters
    ----------
    port : int
        On loopback; 0 lets the operating system choose. None: no server, only `page()`.

    Raises
    ------
    BadInput
        Without the `prometheus_client` library.
    """

    def __init__(self, port=None):
        try:
            import prometheus_client
        except ImportError:
            raise BadInput("A Prometheus page needs `pip install prometheus_client`.") from None
        self._client = prometheus_client
        self._counters, self._times = defaultdict(float), defaultdict(lambda: [0.0, 0.0])
        self._gauges = {}
        self._registry = prometheus_client.CollectorRegistry()
        self._registry.register(self)
        self._server = None
        if port is not None:
            self._server, _ = prometheus_client.start_http_server(port, "127.0.0.1", self._registry)
            self.port = self._server.server_port

    def __call__(self, flush):
        metrics = flush.metrics
        for key, value in metrics["counters"].items():
            self._counters[_prometheus(key)] += max(value, 0.0)
        for key, statistics in metrics["timer_data"].items():
            times = self._times[_prometheus(key)]
            # A sampled timer's sum is of the values seen; scaled to the count, the mean stays right.
            times[0] += statistics["count"]
            times[1] += statistics.get("mean", 0.0) * statistics["count"] / 1_000
        gauges = {_prometheus(key): value for key, value in metrics["gauges"].items()}
        sets = {_prometheus(key) + "_distinct": len(values) for key, values in metrics["sets"].items()}
        self._gauges = gauges | sets

    def collect(self):
        """What prometheus_client asks for at each visit."""
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, SummaryMetricFamily

        for name, value in list(self._counters.items()):
            yield CounterMetricFamily(name, "StatsD counter", value=value)
        for name, (count, seconds) in list(self._times.items()):
            yield SummaryMetricFamily(f"{name}_seconds", "StatsD timer", count_value=count, sum_value=seconds)
        for name, value in list(self._gauges.items()):
            yield GaugeMetricFamily(f"{name}_now", "StatsD gauge or set", value=value)

    def page(self):
        """Return the page as text."""
        return self._client.generate_latest(self._registry).decode()

    def close(self):
        """Stop the page's server."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()


def _prometheus(key):
    name = _NOT_IN_NAMES.sub("_", key)
    return name if name[:1].isalpha() or name[:1] == "_" else f"_{name}"
