"""Packets lost by our StatsD server and by the real daemon, at rising load, in one run.

    python3 start.py bench statsd

Both get the same packets (one metric each, 200 keys, half counters and half timers) from the same sender,
flush every second, and take turns at each rate, so that what else the machine does meets both. Counted is
what each says it received. The score is the highest rate at which fewer than 0.1 % were lost, the better of
two turns each. Node and npm's statsd are needed: see tests/test_metrics_statsd_daemon.py.
"""

import json
import random
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from statsd_daemon import DAEMON, MISSING, NODE, free_port

from faultlab.live import StatsDServer
from faultlab.metrics.statsd.aggregation import StatsDOptions

RATES = (5_000, 10_000, 20_000, 40_000, 60_000, 80_000, 100_000, 120_000, 150_000, 180_000, 220_000)
SECONDS = 3.0
TURNS = 2
FEW_LOST = 0.001
BACK_END = """
exports.init = (started, config, events) => {
  events.on("flush", (time, metrics) => console.log(metrics.counters["statsd.packets_received"]));
  return true;
};
"""
SENDER = """
import socket, sys, time
port, rate, seconds = int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3])
packets = sys.stdin.buffer.read().split(b"\\n")
send = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
send.connect(("127.0.0.1", port))
send, sent, begun, count = send.send, 0, time.perf_counter(), len(packets)
while (passed := time.perf_counter() - begun) < seconds:
    due = int(passed * rate)
    if due == sent:
        time.sleep(0.0005)
    for number in range(sent, min(due, sent + 200)):
        send(packets[number % count])
        sent += 1
print(sent, time.perf_counter() - begun)
"""


def load():
    """20,000 different moments of a shop, which the sender repeats."""
    rng = random.Random(1)
    lines = [
        f"shop.c{rng.randrange(100)}:1|c"
        if n % 2
        else f"shop.t{rng.randrange(100)}:{300 * rng.random():.3f}|ms"
        for n in range(20_000)
    ]
    return "\n".join(lines).encode()


def sent_to(port, rate, packets):
    """How many packets were sent, and at what rate truly."""
    line = [sys.executable, "-c", SENDER, str(port), str(rate), str(SECONDS)]
    sent, seconds = subprocess.run(line, input=packets, capture_output=True, check=True).stdout.split()
    return int(sent), int(sent) / float(seconds)


class Real:
    """The daemon of npm's package."""

    name = "npm's statsd"

    def __init__(self, folder):
        self.port = free_port(socket.SOCK_DGRAM)
        back_end, config = Path(folder) / "back_end.js", Path(folder) / "config.js"
        back_end.write_text(BACK_END)
        settings = {
            "port": self.port, "address": "127.0.0.1", "mgmt_port": free_port(socket.SOCK_STREAM),
            "mgmt_address": "127.0.0.1", "flushInterval": 1000, "backends": [str(back_end)],
        }  # fmt: skip
        config.write_text(json.dumps(settings))
        self.output = Path(folder) / "said"
        self.process = subprocess.Popen(
            [NODE, DAEMON, config],
            cwd=DAEMON.parent,
            stdout=self.output.open("wb"),
            stderr=subprocess.DEVNULL,
        )
        time.sleep(2)

    def received(self):
        """Packets in all flushes so far."""
        return sum(int(line) for line in self.output.read_text().splitlines() if line.isdigit())

    def close(self):
        self.process.terminate()
        self.process.wait()


class Ours:
    """Our server, which keeps its flushes in memory."""

    name = "faultlab"

    def __init__(self):
        self.server = StatsDServer(StatsDOptions(flush_interval=1.0))
        self.server.__enter__()
        self.port = self.server.port

    def received(self):
        return sum(f.metrics["counters"]["statsd.packets_received"] for f in self.server.flushes)

    def close(self):
        self.server.__exit__()


def lost_share(server, rate, packets):
    before = server.received()
    sent, truly = sent_to(server.port, rate, packets)
    time.sleep(2.5)  # the last packets are in a flush by now
    return 1 - (server.received() - before) / sent, truly


def main():
    if not DAEMON:
        sys.exit(MISSING)
    packets = load()
    best = {}
    with tempfile.TemporaryDirectory() as folder:
        servers = [Real(folder), Ours()]
        print(f"{'asked/s':>9}" + "".join(f"{s.name:>16} lost   sent/s" for s in servers))
        try:
            for rate in RATES:
                said = f"{rate:>9,}"
                for server in servers:
                    lost, truly = min(lost_share(server, rate, packets) for _ in range(TURNS))
                    if lost < FEW_LOST:
                        best[server.name] = max(best.get(server.name, 0), truly)
                    said += f"{lost:>20.3%} {truly:>9,.0f}"
                print(said, flush=True)
        finally:
            for server in servers:
                server.close()
    for server in servers:
        print(f"{server.name}: fewer than 0.1 % lost up to {best.get(server.name, 0):,.0f} packets/s")
    if len(best) == 2:
        print(f"{best[Ours.name] / best[Real.name]:.2f} times (the goal is 1.5)")


if __name__ == "__main__":
    main()
