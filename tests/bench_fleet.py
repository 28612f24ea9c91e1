"""How fast the fleet starts and answers, beside a server of the standard library with nothing before it.

The peer is `http.server.ThreadingHTTPServer` in one process: no balancer, no health checks, no second
process. Both do the same work (1 ms on average, waited for) for the same load generator, in turns.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time

from faultlab.live import Fleet
from faultlab.live.processes.children import command

PEER = """
import random, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
class Work(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    def do_GET(self):
        time.sleep(random.expovariate(1000))
        body = b'{"worker": 1}'
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *said):
        pass
class Server(ThreadingHTTPServer):
    request_queue_size = 128
server = Server(("127.0.0.1", 0), Work)
print(server.server_address[1], flush=True)
server.serve_forever()
"""
WORKERS = 4
LEAST = 500


def main(argv=None):
    """Print the table; return 0, or 1 where the fleet is slower than it promises."""
    parser = argparse.ArgumentParser(prog="start.py bench fleet", description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="turns of each (default: 3)")
    parser.add_argument("--seconds", type=float, default=4, help="length of each load (default: 4)")
    parser.add_argument(
        "--users", type=int, default=32, help="customers, each waiting for an answer (default: 32)"
    )
    options = parser.parse_args(argv)
    starts, ends, ours, peers, open_loop = [], [], [], [], []
    for _ in range(options.runs):
        began = time.perf_counter()
        with Fleet(workers=WORKERS, service_ms=1, places=16) as fleet:
            starts.append(time.perf_counter() - began)
            ours.append(fleet.load(options.seconds, users=options.users).result())
            open_loop.append(fleet.load(options.seconds, rate=LEAST).result())
            began = time.perf_counter()
        ends.append(time.perf_counter() - began)
        peers.append(peer(options))
    print(f"{'':46}{'requests/s':>11} {'p50 ms':>8} {'p99 ms':>8} {'errors':>7}")
    rows = {
        f"fleet of {WORKERS} behind its balancer, {options.users} customers": ours,
        f"the same, {LEAST} requests a second, open loop": open_loop,
        f"ThreadingHTTPServer alone, {options.users} customers": peers,
    }
    for name, results in rows.items():
        middle = [statistics.median(one) for one in zip(*map(figures, results), strict=True)]
        print(f"{name:46}{middle[0]:11.0f} {middle[1]:8.2f} {middle[2]:8.2f} {middle[3]:7.0f}")
    ratio = statistics.median(r.rate for r in ours) / statistics.median(figures(p)[0] for p in peers)
    print(f"ratio of requests a second, fleet to peer: {ratio:.2f}")
    print(
        f"start of {WORKERS} workers: {statistics.median(starts):.2f} s, end: {statistics.median(ends):.2f} s"
    )
    return 0 if min(r.rate for r in ours) >= LEAST and max(starts) < 2 else 1


def figures(result):
    """Requests a second, p50, p99 and errors of a result of either side."""
    if isinstance(result, dict):
        failed = sum(result["errors"].values())
        return result["requests"] / result["seconds"], result["p50_ms"], result["p99_ms"], failed
    return result.rate, result.p50_ms, result.p99_ms, result.failed


def peer(options):
    """The result of the same load on the peer."""
    server = subprocess.Popen([sys.executable, "-I", "-c", PEER], stdout=subprocess.PIPE, text=True)
    try:
        order = {"port": int(server.stdout.readline()), "path": "/", "seed": 0, "policy": None, "rate": 0}
        order |= {"seconds": options.seconds, "users": options.users, "think_ms": 0, "timeout_ms": 5000}
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        with subprocess.Popen(command("load", 120), **pipes) as load:
            load.stdin.write(json.dumps(order) + "\n")
            load.stdin.flush()
            found = next(said["done"] for said in map(json.loads, load.stdout) if "done" in said)
        return found
    finally:
        server.kill()
        server.wait()
        server.stdout.close()


if __name__ == "__main__":
    sys.exit(main())
