"""The fault proxy: a broken network between the balancer and a worker."""

from __future__ import annotations

import asyncio
import contextlib
import random
import socket
import struct
import sys
from dataclasses import dataclass
from typing import Any

from faultlab.live.processes.child import begin, orders, report
from faultlab.live.processes.wire import LOOPBACK


@dataclass
class Network:
    """What is wrong on the way to one worker."""

    worker: int
    port: int
    delay_ms: float = 0.0
    drop: float = 0.0
    reset: float = 0.0
    half_open: bool = False


class Proxy:
    """One listening address for each worker that has a broken network."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.networks: dict[int, Network] = {}
        self.doors: dict[int, asyncio.Server] = {}
        self.connections: dict[int, set[asyncio.StreamWriter]] = {}

    async def obey(self, order: dict[str, Any]) -> None:
        """Take a worker's address or what is wrong on the way to it."""
        worker = order["worker"]
        network = self.networks.setdefault(worker, Network(worker, 0))
        for name, value in order.items():
            setattr(network, name, value)
        if network.half_open:
            for upstream in self.connections.get(worker, ()):
                upstream.transport.abort()
        if worker not in self.doors:
            self.doors[worker] = await asyncio.start_server(
                lambda reader, writer: self._pass(network, reader, writer), LOOPBACK, 0
            )
        report(worker=worker, port=self.doors[worker].sockets[0].getsockname()[1])

    async def _pass(self, network, reader, writer):
        upstream, back = None, None
        with contextlib.suppress(OSError):
            if not network.half_open:
                answers, upstream = await asyncio.open_connection(LOOPBACK, network.port)
                self.connections.setdefault(network.worker, set()).add(upstream)
                back = asyncio.create_task(self._return(network, answers, writer))
            await self._forward(network, reader, writer, upstream)
        if upstream is not None:
            self.connections[network.worker].discard(upstream)
            upstream.transport.abort()
        if back is not None:
            back.cancel()
        writer.transport.abort()

    async def _forward(self, network, reader, writer, upstream):
        """Carry what the client sends; a request is one piece, since requests here are short."""
        lost = upstream is None
        while piece := await reader.read(65536):
            lost = lost or network.half_open or upstream.is_closing()
            if lost:
                continue  # taken, and never heard of again
            if self.random.random() < network.reset:
                hang_up = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
                writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, hang_up)
                return
            if self.random.random() < network.drop:
                lost = True
                continue
            if network.delay_ms:
                await asyncio.sleep(network.delay_ms / 1000)
            upstream.write(piece)

    async def _return(self, network, answers, writer):
        with contextlib.suppress(OSError):
            while piece := await answers.read(65536):
                if not network.half_open:
                    writer.write(piece)
        if not network.half_open:
            writer.close()


async def serve(seed: int) -> None:
    """Serve until the parent is gone."""
    orders(asyncio.get_running_loop(), Proxy(seed).obey)
    report(ready=True)
    await asyncio.Event().wait()


def main() -> None:
    """Run the proxy: parent, seconds to live, seed."""
    parent, seconds, seed = sys.argv[1:]
    begin(int(parent), float(seconds))
    asyncio.run(serve(int(seed)))
