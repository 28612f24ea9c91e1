"""The StatsD server with real packets: its flushes, its console, its back ends, and what must not stop it."""

import json
import os
import random
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request

import pytest
from test_metrics_statsd_daemon import DAEMON, MISSING, NODE, free_port, random_packets

from faultlab.errors import BadInput
from faultlab.live import GraphiteSender, PrometheusPage, StatsDServer, WhisperFiles
from faultlab.live.inspected import inspected, javascript_number
from faultlab.live.statsd_console import Console
from faultlab.live.statsd_server import Flush
from faultlab.metrics import StatsD, StatsDOptions, aggregate, graphite_values, receive_many

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


def test_udp_and_tcp_packets_are_what_aggregate_makes_of_them():
    packets = random_packets(4, 200)
    with StatsDServer(flushes_itself=False) as server:
        send(server.port, packets)
        found = without_own_clock(server.flush().metrics)
        assert found == aggregate(packets)
        with socket.create_connection((LOOPBACK, server.tcp_port)) as stream:
            for part in (b"basket:1|c\nbas", b"ket:2|c\nhalf a line"):
                stream.sendall(part)
                time.sleep(0.05)
            until = time.monotonic() + 10
            while "basket: 3" not in server.ask("counters") and time.monotonic() < until:
                time.sleep(0.02)
        assert server.flush().metrics["counters"]["basket"] == 3.0
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


def test_the_console():
    with StatsDServer(flushes_itself=False) as server:
        send(server.port, ["shop.orders:2|c", "shop.visits:5|c", "t:7|ms", "queue:4|g", "no sense"])
        until = time.monotonic() + 10
        while "bad_lines_seen: 1" not in server.ask("stats") and time.monotonic() < until:
            time.sleep(0.02)
        assert "'shop.orders': 2" in server.ask("counters")
        assert server.ask("timers") == "{ t: [ 7 ] }\nEND\n\n"
        assert server.ask("gauges") == "{ queue: 4 }\nEND\n\n"
        assert server.ask("health down") == "health: down\n"
        assert server.ask("health") == "health: down\n"
        answer = server.ask("delcounters shop.* nothing")
        assert answer == "deleted: shop.orders\ndeleted: shop.visits\nmetric nothing not found\nEND\n\n"
        assert server.ask("delgauges queue") == "deleted: queue\nEND\n\n"
        assert server.ask("deltimers t") == "deleted: t\nEND\n\n"
        assert server.ask("nonsense") == "ERROR\n"
        assert "options > flush_interval: 10.0" in server.ask("config")
        assert server.ask("quit") == ""
        found = server.flush().metrics
        assert found["timers"] == {}
        assert "shop.orders" not in found["counters"]


@pytest.mark.skipif(not DAEMON, reason=MISSING)
def test_the_console_answers_as_the_daemons_does(tmp_path):
    port, control = free_port(socket.SOCK_DGRAM), free_port(socket.SOCK_STREAM)
    settings = {
        "port": port, "address": LOOPBACK, "mgmt_port": control, "mgmt_address": LOOPBACK,
        "flushInterval": 600_000, "backends": [],
    }  # fmt: skip
    config = tmp_path / "config.js"
    config.write_text(json.dumps(settings))
    packets = [f"shop.t{n % 3}:{n * 1.5}|ms" for n in range(40)]
    packets += [f"orders{n % 5}:{n}|c|@0.3" for n in range(20)] + ["queue:-4|g", "a.b:7|g"]
    lines = ["counters", "timers", "gauges", "help", "health", "health DOWN", "bogus"]
    lines += ["delcounters orders1 x", "deltimers shop.*", "timers", "delgauges queue", "gauges", "counters"]
    daemon = StatsD()
    console = Console(daemon, {})
    for packet in packets:
        daemon.receive(packet)
    process = subprocess.Popen([NODE, DAEMON, config], cwd=DAEMON.parent, stdout=subprocess.DEVNULL)
    try:
        answers = None
        until = time.monotonic() + 30
        while answers is None and time.monotonic() < until:
            try:
                answers = asked(control, ["help"])
            except OSError:
                time.sleep(0.1)
        send(port, packets)
        time.sleep(0.5)
        theirs = asked(control, lines)
    finally:
        process.terminate()
        process.wait(10)
    assert theirs == [console.answer(line) for line in lines]


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


@pytest.mark.skipif(not NODE, reason="util.inspect is Node's: install Node.")
def test_values_are_shown_as_node_shows_them():
    rng = random.Random(3)

    def value():
        kinds = (rng.random() * 10 ** rng.randint(-9, 23), float(rng.randint(0, 10**6)), 12.5, -2.5, 0.0)
        return rng.choice(kinds)

    def room(lists):
        keys = ["page", "shop.orders", "a-b", "it's", "x"]
        values = lambda: [value() for _ in range(rng.choice((0, 1, 6, 7, 12, 30, 100, 101, 150)))]  # noqa: E731
        return {f"{rng.choice(keys)}{n}": values() if lists else value() for n in range(rng.randint(0, 9))}

    rooms = [room(number % 2) for number in range(150)]
    code = "const u=require('util'),c=JSON.parse(require('fs').readFileSync(0));"
    code += "console.log(JSON.stringify(c.map(x=>u.inspect(x))))"
    said = subprocess.run(
        [NODE, "-e", code], input=json.dumps(rooms), text=True, capture_output=True, check=True
    )
    assert json.loads(said.stdout) == [inspected(one) for one in rooms]


class LineReceiver:
    """A Graphite line receiver: keeps what it is sent."""

    def __enter__(self):
        self.listener = socket.create_server((LOOPBACK, 0))
        self.port, self.lines = self.listener.getsockname()[1], []
        self.heard = threading.Event()
        threading.Thread(target=self._run, daemon=True).start()
        return self

    def _run(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection, connection.makefile() as stream:
                self.lines += [line.split() for line in stream]
            self.heard.set()

    def __exit__(self, *_):
        self.listener.close()


@pytest.mark.parametrize("legacy", [True, False])
def test_graphite_gets_the_lines_that_the_daemon_sends(tmp_path, legacy):
    packets = ["orders;zone=b:5|c|@0.1", "page:10|ms", "page:25.5|ms", "queue:-4|g", "cart:7|s", "cart:8|s"]
    with (
        LineReceiver() as receiver,
        StatsDServer(
            flushes_itself=False, back_ends=[GraphiteSender(receiver.port, legacy=legacy)]
        ) as server,
    ):
        send(server.port, packets)
        server.flush()
        assert receiver.heard.wait(10)
        ours = {name: value for name, value, _ in receiver.lines}
    assert ours["stats.timers.page.upper"] == "25.5"
    assert ours["stats.orders;zone=b" if legacy else "stats.counters.orders.rate;zone=b"] == "5"
    if not DAEMON:
        pytest.skip(MISSING)
    with LineReceiver() as receiver:
        port = free_port(socket.SOCK_DGRAM)
        settings = {
            "port": port, "address": LOOPBACK, "mgmt_port": free_port(socket.SOCK_STREAM),
            "mgmt_address": LOOPBACK, "flushInterval": 1500, "graphiteHost": LOOPBACK,
            "graphitePort": receiver.port, "graphite": {"legacyNamespace": legacy},
        }  # fmt: skip
        config = tmp_path / "config.js"
        config.write_text(json.dumps(settings))
        process = subprocess.Popen([NODE, DAEMON, config], cwd=DAEMON.parent, stdout=subprocess.DEVNULL)
        try:
            assert receiver.heard.wait(30)  # a flush, and the next interval has just begun
            receiver.lines.clear()
            receiver.heard.clear()
            send(port, packets)
            assert receiver.heard.wait(30)
            theirs = {name: value for name, value, _ in receiver.lines}
        finally:
            process.terminate()
            process.wait(10)
    own = ("graphiteStats", "processing_time", "timestamp_lag", "numStats")
    theirs = {name: value for name, value in theirs.items() if not any(word in name for word in own)}
    options = StatsDOptions(flush_interval=1.5)
    expected = graphite_values(aggregate(packets, options.flush_interval), legacy)
    expected = {name: javascript_number(value) for name, value in expected.items() if "numStats" not in name}
    assert expected == theirs


def test_whisper_files_keep_values_and_roll_them_up(tmp_path):
    whisper = pytest.importorskip("whisper", reason="Whisper files need `pip install whisper`.")
    files = WhisperFiles(tmp_path, retentions=[(1, 60), (10, 60)], most_files=30)
    with StatsDServer(flushes_itself=False, back_ends=[files]) as server:
        send(server.port, ["orders:5|c", "page:12.5|ms", "../../etc:1|c"])
        flush = server.flush()
    path = files.path("stats_counts.orders")
    _, values = whisper.fetch(str(path), int(flush.time) - 30, int(flush.time) + 2)
    assert 5.0 in values
    assert whisper.info(str(path))["aggregationMethod"] == "sum"
    assert whisper.info(str(files.path("stats.timers.page.upper_90")))["aggregationMethod"] == "max"
    assert all(tmp_path in found.parents for found in files._made)
    assert len(list(tmp_path.rglob("*.wsp"))) <= 30


def test_a_flush_late_in_its_second_is_kept(tmp_path):
    pytest.importorskip("whisper", reason="Whisper files need `pip install whisper`.")
    files = WhisperFiles(tmp_path, retentions=[(1, 60)])
    files(Flush(int(time.time()) + 0.9, aggregate(["orders:5|c"])))
    assert files.path("stats_counts.orders").exists()


def test_the_prometheus_page_sums_up():
    pytest.importorskip("prometheus_client", reason="The page needs `pip install prometheus_client`.")
    from prometheus_client.parser import text_string_to_metric_families

    page = PrometheusPage(port=0)
    with StatsDServer(flushes_itself=False, back_ends=[page]) as server:
        for _ in range(2):
            send(server.port, ["shop.orders:2|c", "page:500|ms|@0.5", "queue:4|g", "cart:a|s", "1odd:1|c"])
            server.flush()
        with urllib.request.urlopen(f"http://{LOOPBACK}:{page.port}/metrics") as answer:
            text = answer.read().decode()
    page.close()
    samples = {s.name: s.value for family in text_string_to_metric_families(text) for s in family.samples}
    assert samples["shop_orders_total"] == 4
    assert (samples["page_seconds_count"], samples["page_seconds_sum"]) == (4, 2)
    assert (samples["queue_now"], samples["cart_distinct_now"], samples["_1odd_total"]) == (4, 1, 2)


def test_a_back_end_that_is_away_is_named_and_stops_nothing():
    with StatsDServer(
        flushes_itself=False, back_ends=[GraphiteSender(free_port(socket.SOCK_STREAM))]
    ) as server:
        server.flush()
        send(server.port, ["a:1|c"])
        assert server.flush().metrics["counters"]["a"] == 1.0
        assert server.notes[0].startswith("GraphiteSender could not take a flush: ")


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
    with socket.create_server((LOOPBACK, 0)) as taken:
        server = StatsDServer(tcp_port=taken.getsockname()[1])
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
