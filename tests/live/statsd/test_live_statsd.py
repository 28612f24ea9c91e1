"""The StatsD server with real packets: its flushes, its console, its back ends, and what must not stop it."""

import os
import random
import shutil
import socket
import subprocess
import sys
import time

import pytest
from statsd_daemon import random_packets

from faultlab.errors import BadInput
from faultlab.live import StatsDServer
from faultlab.metrics.statsd.aggregation import StatsD, StatsDOptions, aggregate
from faultlab.metrics.statsd.bulk import receive_many

LOOPBACK = "127.0.0.1"


def send(port, packets):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for packet in packets:
            sender.sendto(packet if isinstance(packet, bytes) else packet.encode(), (LOOPBACK, port))


def without_own_clock(flushed):
    gauges = {key: value for key, value in flushed["gauges"].items() if key != "statsd.timestamp_lag"}
    return flushed | {"gauges": gauges}


@pytest.mark.parametrize("seed", range(6))
def test_in_bulk_as_one_by_one_to_the_last_bit(seed):
    options = StatsDOptions(most_keys=40 if seed == 5 else 100_000)
    single, bulk, remembered = StatsD(options), StatsD(options), {}
    rng = random.Random(seed)
    fractions = [
        f"f{rng.randint(0, 3)}:{rng.random():.3f}|{rng.choice(('c', 'ms', 'ms|@0.3'))}" for _ in range(300)
    ]
    whole = [
        f"n{rng.randint(0, 30)}:{rng.randint(0, 9)}|{rng.choice(('c', 'ms', 'g', 's'))}" for _ in range(900)
    ]
    for _ in range(3):
        packets = random_packets(rng.random(), 600) + fractions + whole + ["", "\n", "a:1|c\n\nb:2|c"]
        rng.shuffle(packets)
        packets = [packet.encode() for packet in packets] + [b"\xff\xc3:1|c"]
        for packet in packets:
            single.receive(packet)
        for first in range(0, len(packets), 250):
            receive_many(bulk, packets[first : first + 250], remembered)
        assert bulk.dropped == single.dropped
        assert bulk.cut().flush() == single.flush()
    assert single.dropped > 0 or seed != 5


def test_packets_are_what_aggregate_makes_of_them():
    packets = random_packets(4, 200)
    with StatsDServer(flushes_itself=False) as server:
        send(server.port, packets)
        found = without_own_clock(server.flush().metrics)
        assert found == aggregate(packets)
        assert server.notes == []


def test_it_flushes_by_itself_and_ends_with_its_block():
    with StatsDServer(StatsDOptions(flush_interval=0.2)) as server:
        until = time.monotonic() + 20
        while len(server.flushes) < 3 and time.monotonic() < until:
            time.sleep(0.02)
        assert len(server.flushes) >= 3
        pid = server.pid
    if os.name == "posix":
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def asked(port, lines):
    """What the daemon's console says to each line."""
    answers = []
    with socket.create_connection((LOOPBACK, port), 10) as console:
        for line in lines:
            console.sendall(line.encode() + b"\n")
            console.settimeout(10)
            said = console.recv(65_536)
            console.settimeout(0.3)
            try:
                while more := console.recv(65_536):
                    said += more
            except TimeoutError:
                pass
            answers.append(said.decode())
    return answers


def test_a_flood_of_new_keys_is_dropped_with_a_sentence():
    with StatsDServer(StatsDOptions(most_keys=50), flushes_itself=False) as server:
        send(server.port, [f"user.{number}:1|c" for number in range(200)] + ["k" * 5_000 + ":1|c"])
        found = server.flush().metrics
        assert len(found["counters"]) == 50
        assert server.dropped == 154
        assert server.notes == [
            "154 values of new keys were dropped: at most 50 keys are kept; delete idle ones, or look for "
            "what puts numbers into its keys."
        ]


def test_random_packets_never_stop_the_server(pytestconfig):
    rng = random.Random(7)
    bytes_of_the_protocol = b"abc.:|@#0123456789-+cmsg\n \x00\xff"
    with StatsDServer(flushes_itself=False) as server:
        for _ in range(max(1, pytestconfig.getoption("--fuzz") // 200)):
            packets = [
                bytes(rng.choices(bytes_of_the_protocol, k=rng.randint(0, 40)))
                if rng.random() < 0.8
                else rng.randbytes(rng.randint(0, 300))
                for _ in range(200)
            ]
            send(server.port, packets)
            found = server.flush().metrics["counters"]
            assert found["statsd.packets_received"] == 200
        send(server.port, ["alive:1|c"])
        assert server.flush().metrics["counters"]["alive"] == 1.0


def test_the_client_that_python_shops_use():
    client = pytest.importorskip("statsd", reason="The client is needed: `pip install statsd`.")
    with StatsDServer(flushes_itself=False) as server:
        shop = client.StatsClient(LOOPBACK, server.port, prefix="shop")
        shop.incr("orders", 3)
        shop.timing("page", 320)
        shop.gauge("queue", -3)
        shop.gauge("queue", 4, delta=True)
        shop.set("cart", "ann")
        with shop.pipeline() as pipe:
            pipe.incr("orders")
            pipe.decr("stock", 2)
        found = server.flush().metrics
    assert (found["counters"]["shop.orders"], found["counters"]["shop.stock"]) == (4.0, -2.0)
    assert found["timers"]["shop.page"] == [320.0]
    assert (found["gauges"]["shop.queue"], found["sets"]["shop.cart"]) == (1.0, {"ann"})


def test_a_port_that_is_taken_is_one_sentence():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind((LOOPBACK, 0))
        server = StatsDServer(port=taken.getsockname()[1])
        with pytest.raises(BadInput, match="The StatsD server could not start: "):
            server.__enter__()


def test_it_ends_when_its_parent_is_gone():
    code = (
        "from faultlab.live import StatsDServer; import os; s = StatsDServer().__enter__();"
        "print(s.pid, flush=True); os._exit(1)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60).stdout
    if os.name != "posix" or not shutil.which("ps"):
        pytest.skip("looks at the process table with ps")
    until = time.monotonic() + 10
    while time.monotonic() < until:
        state = subprocess.run(
            ["ps", "-o", "stat=", "-p", said.strip()], capture_output=True, text=True
        ).stdout
        if not state.strip() or state.startswith("Z"):
            return
        time.sleep(0.1)
    raise AssertionError("the receiver outlived its parent")
