"""The inside of a StatsD server's process: it receives and adds up, and nothing else.

Packets are taken from the socket in bursts and added up in bulk. At the end of an interval the sums go to
the parent as they are, and a thread does the writing: the arithmetic of a flush never keeps a packet waiting.
"""

from __future__ import annotations

import contextlib
import json
import marshal
import os
import selectors
import socket
import struct
import sys
import threading
import time
from queue import SimpleQueue
from typing import Any

from faultlab.metrics.statsd import StatsD, StatsDOptions, receive_many

RECEIVE_BUFFER = 8 * 1024 * 1024
BURST = 4_096
LARGEST_PACKET = 65_535
_PAUSE = 0.002
_BUSY = 16
_BURSTS_BEFORE_A_CUT = 20


class Receiver:
    """Sockets, sums and the clock of one server; `run` returns when the parent closes standard input."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self.daemon = StatsD(StatsDOptions(**settings["options"]))
        self.interval = settings["options"]["flush_interval"]
        self.flushes_itself = settings["flushes_itself"]
        self.remembered: dict[str, Any] = {}
        self.sealed = time.time()
        self.next_cut = time.monotonic() + self.interval
        self.orders: SimpleQueue[str] = SimpleQueue()
        self.reports: SimpleQueue[tuple] = SimpleQueue()
        self.selector = selectors.DefaultSelector()
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
        self.udp.bind(("127.0.0.1", settings["port"]))
        self.udp.setblocking(False)
        self.selector.register(self.udp, selectors.EVENT_READ, self._burst)
        self.cuts = 0
        self.woken, self._wake = socket.socketpair()
        self.selector.register(self.woken, selectors.EVENT_READ, self._obey)
        port = self.udp.getsockname()[1]
        self.reports.put(("ports", port, self.udp.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF)))
        threading.Thread(target=self._write_reports, daemon=True).start()
        threading.Thread(target=self._read_orders, daemon=True).start()

    def run(self) -> None:
        """Receive until the parent says stop, or is gone."""
        self.running = True
        while self.running:
            left = self.next_cut - time.monotonic() if self.flushes_itself else None
            for key, _ in self.selector.select(left if left is None else max(left, 0)):
                key.data()
            if self.flushes_itself and time.monotonic() >= self.next_cut:
                # A late cut moves no later one.
                late = (time.monotonic() - self.next_cut) // self.interval
                self.next_cut += (late + 1) * self.interval
                self._cut(None)

    def _burst(self):
        receive, packets = self.udp.recv, []
        with contextlib.suppress(BlockingIOError, ConnectionError):
            for _ in range(BURST):
                packets.append(receive(LARGEST_PACKET))
        if packets:
            self._take(packets)
        if _BUSY <= len(packets) < BURST:
            time.sleep(_PAUSE)  # under load, more packets a burst cost less each; the buffer holds them
        return len(packets)

    def _take(self, packets):
        receive_many(self.daemon, packets, self.remembered)

    def _cut(self, number):
        """Send the interval that ends now to the parent, as answer to an order when it has a number."""
        now = time.time()
        lag = f"{self.daemon.options.prefix_stats}.timestamp_lag"
        if self.cuts:
            self.daemon.gauges[lag] = float(round(now) - round(self.sealed)) - self.interval
        self.cuts += 1
        self.sealed = now
        ended = self.daemon.cut()
        rooms = (ended.counters, ended.gauges, ended.sets, ended.timers, ended.timer_counts)
        self.reports.put(("cut", number, now, ended.dropped, rooms))

    def _read_orders(self):
        for line in sys.stdin.buffer:
            self.orders.put(line.decode())
            self._wake.send(b".")
        self.orders.put("stop 0")
        self._wake.send(b".")

    def _obey(self):
        self.woken.recv(1)
        word, number = self.orders.get().split()
        if word == "cut":
            bursts = 0
            while self._burst() == BURST and bursts < _BURSTS_BEFORE_A_CUT:
                bursts += 1
            self._cut(int(number))
        else:
            self.running = False

    def _write_reports(self):
        with contextlib.suppress(OSError):
            while True:
                report(self.reports.get())


def report(message: tuple) -> None:
    """Write a message to the parent, behind its length."""
    written = marshal.dumps(message)
    rest = memoryview(struct.pack(">Q", len(written)) + written)
    while rest:
        rest = rest[os.write(1, rest) :]


def main() -> None:
    """Run the process of a server; its settings are the last argument, as JSON."""
    try:
        receiver = Receiver(json.loads(sys.argv[-1]))
    except OSError as problem:  # a port that is taken
        report(("ports", str(problem)))
        return
    receiver.run()
    # Threads still wait for orders or write; a common end would wait for what they hold, and complain.
    os._exit(0)
