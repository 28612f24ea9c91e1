"""HAProxy as the load balancer of a fleet, in place of the course's own.

A process of ours starts it, hands it the listening socket, tells it where the workers are, and reports what
it counts, in the same words as `balancer.py`. HAProxy Configuration Manual 2.6: `bind fd@`, `balance`,
`retry-on`, server options `inter`, `rise` and `fall`; Management Guide: `show stat`, `set server`.
"""

from __future__ import annotations

import asyncio
import csv
import os
import shutil
import signal
import socket
import subprocess
import sys
from typing import Any

from faultlab.live.processes.child import begin, first_order, orders, report
from faultlab.live.processes.limits import MOST_CONNECTIONS
from faultlab.live.processes.wire import LOOPBACK

REPORT_EVERY = 0.1
BALANCE = {"round robin": "roundrobin", "least connections": "leastconn", "two choices": "random(2)"}


def haproxy_program() -> str | None:
    """The path of HAProxy; None where it is not installed, or the system can't end it with its fleet.

    Debian puts it into a folder that is not on everybody's path.
    """
    if sys.platform != "linux":
        return None
    return shutil.which("haproxy") or shutil.which("haproxy", path="/usr/sbin:/usr/local/sbin")


def haproxy_configuration(settings: dict[str, Any], door: int, control: int) -> str:
    """Write HAProxy's configuration for the settings of a fleet.

    Parameters
    ----------
    settings : dict
        See `checked_settings`.
    door, control : int
        The listening socket for customers, and one of a pair for commands: numbers of open files.

    Returns
    -------
    str
    """
    ms = {
        name: f"{1000 * settings[name]:.0f}ms"
        for name in ("check_every", "check_timeout", "balancer_timeout")
    }
    check = f"check inter {ms['check_every']} rise {settings['rise']} fall {settings['fall']}"
    servers = [f"    server {n} {LOOPBACK}:1 {check} disabled" for n in range(1, settings["workers"] + 1)]
    lines = [
        "global",
        f"    maxconn {MOST_CONNECTIONS}",
        f"    stats socket sockpair@{control} level admin",
        "defaults",
        "    mode http",
        "    timeout client 1h",
        f"    timeout connect {ms['balancer_timeout']}",
        f"    timeout server {ms['balancer_timeout']}",
        f"    timeout queue {ms['balancer_timeout']}",
        f"    timeout check {ms['check_timeout']}",
        f"    retries {settings['balancer_retries']}",
        "    retry-on conn-failure empty-response",
        "    option redispatch 1",
        "    http-reuse always",
        "frontend customers",
        f"    bind fd@{door}",
        "    default_backend workers",
        "backend workers",
        f"    balance {BALANCE[settings['policy']]}",
        "    option httpchk GET /health",
        # What isn't a GET might have been done before the connection broke.
        "    http-request disable-l7-retry if !METH_GET",
        *servers,
    ]
    return "\n".join(lines) + "\n"


class Proxy:
    """A running HAProxy and the line to it."""

    def __init__(self, settings: dict[str, Any]) -> None:
        door = socket.create_server((LOOPBACK, settings["port"]), backlog=512)
        self.port = door.getsockname()[1]
        self.control, theirs = socket.socketpair()
        file = os.memfd_create("haproxy.cfg")
        text = haproxy_configuration(settings, door.fileno(), theirs.fileno())
        os.write(file, text.encode())
        os.lseek(file, 0, os.SEEK_SET)
        self.popen = subprocess.Popen(
            [haproxy_program() or "haproxy", "-db", "-f", f"/proc/self/fd/{file}"],
            pass_fds=[file, door.fileno(), theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=_die_with(os.getpid()),
        )
        os.close(file)
        door.close()
        theirs.close()
        self.known: set[int] = set()
        self.up: dict[int, bool] = {}

    def ask(self, command: str) -> str:
        """Send a command; what HAProxy answers, empty where it has ended."""
        ours, theirs = socket.socketpair()
        with ours:
            try:
                socket.send_fds(self.control, [b"d"], [theirs.fileno()])
                theirs.close()
                ours.settimeout(2.0)
                ours.sendall(command.encode() + b"\n")
                return b"".join(iter(lambda: ours.recv(65536), b"")).decode()
            except OSError:
                return ""

    def obey(self, order: dict[str, Any]) -> None:
        """Take a worker's address; a `trusted` worker is in rotation before its first check."""
        worker, name = order["worker"], f"workers/{order['worker']}"
        commands = [f"set server {name} addr {LOOPBACK} port {order['port']}"]
        if worker not in self.known:
            self.known.add(worker)
            self.up[worker] = order["trusted"]
            commands += [f"set server {name} state ready"]
            commands += [f"set server {name} health {'up' if order['trusted'] else 'down'}"]
        self.ask("; ".join(commands))

    def look(self) -> None:
        """Report what HAProxy counts, and whom it took into or out of rotation."""
        table = self.ask("show stat -1 4 -1").removeprefix("# ")
        counts = {}
        for row in csv.DictReader(table.strip().splitlines()):
            worker = int(row["svname"])
            if worker not in self.known:
                continue
            errors = sum(int(row[name] or 0) for name in ("econ", "eresp", "hrsp_5xx"))
            counts[worker] = [int(row["stot"]), errors, int(row["scur"])]
            # "UP 1/3" is up, with a failed check; "DOWN 1/2" is down, with a passed one.
            up = row["status"].startswith("UP")
            if up != self.up[worker]:
                self.up[worker] = up
                report(worker=worker, up=up)
        report(counts=counts)


def _die_with(parent):
    """What a new process does first: tie its life to ours, however we end."""
    import ctypes

    prctl, set_parent_death_signal = ctypes.CDLL(None).prctl, 1

    def first():
        prctl(set_parent_death_signal, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return first


async def serve(settings: dict[str, Any]) -> None:
    """Serve until the parent or HAProxy is gone."""
    try:
        proxy = Proxy(settings)
    except (OSError, OverflowError) as error:
        report(refused=str(error))
        return
    orders(asyncio.get_running_loop(), proxy.obey)
    while not proxy.ask("show info"):
        if proxy.popen.poll() is not None:
            sys.exit(1)
        await asyncio.sleep(0.01)
    report(port=proxy.port)
    while proxy.popen.poll() is None:
        await asyncio.sleep(REPORT_EVERY)
        proxy.look()
    sys.exit(1)


def main() -> None:
    """Run HAProxy: parent, seconds to live; its settings are the first order."""
    parent, seconds = sys.argv[1:]
    begin(int(parent), float(seconds))
    asyncio.run(serve(first_order()))
