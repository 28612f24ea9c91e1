"""The real StatsD daemon, where it is installed, and packets for it."""

import os
import random
import shutil
import socket
import subprocess
from pathlib import Path

NODE = shutil.which("node")
MISSING = (
    "The real StatsD is missing: install Node and `npm install -g statsd`, or name it in FAULTLAB_STATSD."
)


def daemon_file():
    """The daemon's stats.js, or None."""
    named = os.environ.get("FAULTLAB_STATSD")
    if named:
        return Path(named)
    if not shutil.which("npm"):
        return None
    root = subprocess.run(["npm", "root", "-g"], capture_output=True, text=True).stdout.strip()
    found = Path(root) / "statsd" / "stats.js"
    return found if found.exists() else None


DAEMON = NODE and daemon_file()


def free_port(kind):
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def random_packets(seed, count=300, more=()):
    """Packets as clients send them, and many that are odd; none at which the daemon stops.

    `more` are numbers that may stand in them too.
    """
    rng = random.Random(seed)
    numbers = [
        "1",
        "2.5",
        "-3",
        "+4",
        "1e2",
        "0x1F",
        " 7 ",
        ".5",
        "5.",
        "0",
        "x",
        "",
        "1_0",
        "12345.678",
        "Infinity1",
        "0.1",
        "0.3",
        *more,
    ]
    rates = ["", "", "|@0.1", "|@0.25", "|@1", "|@.5", "|@0.3", "|@0.7", "|@x", "|@-1", "|", "|0.1"]
    kinds = ["c", "ms", "g", "s", " c", " ms", "h", "", "g\ufeff", "g\x85", "g\x1c", "\u00a0ms", "c\u2028"]
    keys = ["web.orders", "a b", "a/b", "é-1", "q(1)", "t;zone=b", "x"]

    def line():
        value = f"{rng.choice(numbers)}|{rng.choice(kinds)}{rng.choice(rates)}"
        one = f"{rng.choice(keys)}{rng.randint(0, 3)}:{value}"
        if rng.random() < 0.1:
            one += f":{rng.choice(numbers)}|{rng.choice(kinds)}"
        return one + ("|#env:live,zone:b" if rng.random() < 0.1 else "")

    return ["\n".join(line() for _ in range(rng.choice((1, 1, 1, 3)))) for _ in range(count)]
