"""A StatsD server for a lesson or a test: real sockets on this machine, and every flush to look at."""

from __future__ import annotations

import json
import marshal
import os
import struct
import subprocess
import threading
import time
from collections import deque
from dataclasses import asdict, dataclass
from typing import IO, Any

from faultlab.errors import BadInput
from faultlab.live.processes.children import command, pipes_of
from faultlab.metrics.statsd import StatsD, StatsDOptions

FLUSHES_KEPT = 1_000
_ANSWERED_WITHIN = 30.0


@dataclass(frozen=True)
class Flush:
    """What one interval came to: Unix time of its end in seconds, and what `StatsD.flush` returns."""

    time: float
    metrics: dict[str, Any]


class StatsDServer:
    """StatsD's daemon on loopback, over UDP; a context manager.

    The receiver is a process of its own, so that a busy notebook loses no packet; flushes come to this
    process and are kept in `flushes`.

    Parameters
    ----------
    options : StatsDOptions, optional
        Etsy's defaults without.
    port : int
        0 lets the operating system choose.
    flushes_itself : bool
        False: only `flush()` ends an interval, which makes a lesson or a test the same on every run.

    Attributes
    ----------
    flushes : deque of Flush
        The last 1,000.
    notes : list of str
        What went wrong, a sentence each.
    receive_buffer : int
        Bytes that the operating system gave to the UDP socket; it may grant less than the 8 MiB asked for.

    Examples
    --------
    >>> import socket
    >>> with StatsDServer(flushes_itself=False) as server:
    ...     with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
    ...         _ = sender.sendto(b"shop.orders:1|c", ("127.0.0.1", server.port))
    ...     found = server.flush()
    >>> found.metrics["counters"]["shop.orders"]
    1.0
    """

    _process: subprocess.Popen[bytes]

    def __init__(
        self,
        options: StatsDOptions | None = None,
        *,
        port: int = 0,
        flushes_itself: bool = True,
    ) -> None:
        self.options = options or StatsDOptions()
        self._settings = {
            "address": "127.0.0.1",
            "port": port,
            "flushes_itself": flushes_itself,
            "options": asdict(self.options),
        }
        self.flushes: deque[Flush] = deque(maxlen=FLUSHES_KEPT)
        self.notes: list[str] = []
        self._answers: dict[str | int, Any] = {}
        self._asked = 0
        self._heard = threading.Condition()
        self._dropped = 0

    def __enter__(self) -> StatsDServer:
        line = command("statsd.receiver", json.dumps(self._settings), packages=True)
        # Apart from the notebook's group: "interrupt kernel" stops a cell, not the server.
        apart = 0 if os.name == "posix" else None
        self._process = subprocess.Popen(
            line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, process_group=apart
        )
        self._orders, self._reports = pipes_of(self._process)
        self._reader = threading.Thread(target=self._listen, daemon=True)
        self._reader.start()
        ports = self._wait_for("ports")
        if ports is None or len(ports) == 1:
            self.__exit__()
            raise BadInput(
                f"The StatsD server could not start: {ports[0] if ports else 'its process ended'}."
            )
        self.port, self.receive_buffer = ports
        return self

    def __exit__(self, *_: object) -> None:
        self._orders.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join(10)
        self._reports.close()

    @property
    def dropped(self) -> int:
        """How many values were dropped for want of room for their new keys, up to the last flush."""
        return self._dropped

    @property
    def pid(self) -> int:
        """Number of the receiving process."""
        return self._process.pid

    def flush(self) -> Flush:
        """End the interval now, with all packets that have arrived, and return its `Flush`."""
        self._asked += 1
        self._orders.write(f"cut {self._asked}\n".encode())
        self._orders.flush()
        found = self._wait_for(self._asked)
        if found is None:
            raise BadInput("The StatsD server has ended; start one with `with StatsDServer() as server:`.")
        return found

    def _wait_for(self, number):
        until = time.monotonic() + _ANSWERED_WITHIN
        with self._heard:
            while number not in self._answers and time.monotonic() < until:
                if not self._reader.is_alive():
                    break
                self._heard.wait(0.1)
            return self._answers.pop(number, None)

    def _listen(self):
        while (report := _read_report(self._reports)) is not None:
            if report[0] == "ports":
                self._answer("ports", report[1:])
            else:
                self._take_cut(*report[1:])

    def _take_cut(self, number, moment, dropped, rooms):
        counters, gauges, sets, timers, timer_counts = rooms
        ended = StatsD(self.options)
        ended.counters, ended.gauges, ended.sets = counters, gauges, sets
        ended.timers, ended.timer_counts = timers, timer_counts
        flush = Flush(moment, ended.flush())
        if dropped > self._dropped:
            self._note(
                f"{dropped - self._dropped:,} values of new keys were dropped: at most "
                f"{self.options.most_keys:,} keys are kept; delete idle ones, or look for what puts numbers "
                "into its keys."
            )
            self._dropped = dropped
        self.flushes.append(flush)
        if number is not None:
            self._answer(number, flush)

    def _note(self, sentence):
        if len(self.notes) < FLUSHES_KEPT and sentence not in self.notes[-1:]:
            self.notes.append(sentence)

    def _answer(self, number, answer):
        with self._heard:
            self._answers[number] = answer
            self._heard.notify_all()


def _read_report(stream: IO[bytes]) -> tuple | None:
    header = stream.read(8)
    if len(header) < 8:
        return None
    written = stream.read(struct.unpack(">Q", header)[0])
    try:
        return marshal.loads(written)
    except (EOFError, ValueError):
        return None  # the process ended within a report
