"""The inside of a StatsD server's process: it receives, adds up and answers its console, and nothing else.

Packets are taken from the socket in bursts and added up in bulk. At the end of an interval the sums go to
the parent as they are, and a thread does the writing: the arithmetic of a flush never keeps a packet waiting.
"""

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

from faultlab.live.statsd_console import Console
from faultlab.metrics import StatsD, StatsDOptions, receive_many

RECEIVE_BUFFER = 8 * 1024 * 1024
BURST = 4_096
LARGEST_PACKET = 65_535
MOST_CONNECTIONS = 64
LONGEST_LINE = 1 << 20
_PAUSE = 0.002
_BUSY = 16
_BURSTS_BEFORE_A_CUT = 20


class Receiver:
    """Sockets, sums and the clock of one server; `run` returns when the parent closes standard input."""

    def __init__(self, settings):
        self.daemon = StatsD(StatsDOptions(**settings["options"]))
        self.interval = settings["options"]["flush_interval"]
        self.flushes_itself = settings["flushes_itself"]
        self.remembered = {}
        self.sealed = time.time()
        self.next_cut = time.monotonic() + self.interval
        self.orders, self.reports = SimpleQueue(), SimpleQueue()
        self.selector = selectors.DefaultSelector()
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
        self.udp.bind(("127.0.0.1", settings["port"]))
        self.udp.setblocking(False)
        self.selector.register(self.udp, selectors.EVENT_READ, self._burst)
        self.tcp = self._listen(settings["tcp_port"], self._tcp_data)
        self.admin = self._listen(settings["admin_port"], self._admin_data)
        self.console = Console(self.daemon, settings)
        self.woken, self._wake = socket.socketpair()
        self.selector.register(self.woken, selectors.EVENT_READ, self._obey)
        ports = [one.getsockname()[1] for one in (self.udp, self.tcp, self.admin)]
        self.reports.put(("ports", ports, self.udp.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF)))
        threading.Thread(target=self._write_reports, daemon=True).start()
        threading.Thread(target=self._read_orders, daemon=True).start()

    def run(self):
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
        self.console.last_seen = time.time()

    def _cut(self, number):
        """Send the interval that ends now to the parent, as answer to an order when it has a number."""
        now = time.time()
        lag = f"{self.daemon.options.prefix_stats}.timestamp_lag"
        if self.console.cuts:
            self.daemon.gauges[lag] = float(round(now) - round(self.sealed)) - self.interval
        self.console.cuts += 1
        self.sealed = now
        self.console.bad_before += self.daemon.counters.get(self.console.bad, 0.0)
        ended = self.daemon.cut()
        rooms = (ended.counters, ended.gauges, ended.sets, ended.timers, ended.timer_counts)
        self.reports.put(("cut", number, now, ended.dropped, rooms))

    def _listen(self, port, heard):
        listener = socket.create_server(("127.0.0.1", port), backlog=MOST_CONNECTIONS)
        listener.setblocking(False)
        self.selector.register(listener, selectors.EVENT_READ, lambda: self._accept(listener, heard))
        return listener

    def _accept(self, listener, heard):
        with contextlib.suppress(OSError):
            connection, _ = listener.accept()
            if len(self.selector.get_map()) > MOST_CONNECTIONS:
                connection.close()
                return
            connection.settimeout(1.0)
            kept = [b""]
            self.selector.register(
                connection, selectors.EVENT_READ, lambda: self._hear(connection, kept, heard)
            )

    def _hear(self, connection, kept, heard):
        data = b""
        with contextlib.suppress(OSError):
            data = connection.recv(LARGEST_PACKET)
        if not data or not heard(connection, kept, data):
            self.selector.unregister(connection)
            connection.close()

    def _tcp_data(self, connection, kept, data):
        whole, newline, rest = (kept[0] + data).rpartition(b"\n")
        kept[0] = rest
        if newline:
            self._take([whole + newline])
        return len(rest) <= LONGEST_LINE

    def _admin_data(self, connection, kept, data):
        answer = self.console.answer(data.decode("ascii", "replace"))
        with contextlib.suppress(OSError):
            if answer is not None:
                connection.sendall(answer.encode())
                return True
        return False

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


def report(message):
    """Write a message to the parent, behind its length."""
    written = marshal.dumps(message)
    rest = memoryview(struct.pack(">Q", len(written)) + written)
    while rest:
        rest = rest[os.write(1, rest) :]


def main():
    """Run the process of a server; its settings are the last argument, as JSON."""
    try:
        receiver = Receiver(json.loads(sys.argv[-1]))
    except OSError as problem:  # a port that is taken
        report(("ports", str(problem)))
        return
    receiver.run()
    # Threads still wait for orders or write; a common end would wait for what they hold, and complain.
    os._exit(0)
