"""Our arithmetic beside the real daemon's on the same packets: the same flush, value by value."""

import json
import math
import socket
import subprocess
import time

import pytest
from statsd_daemon import DAEMON, MISSING, NODE, free_port, random_packets

from faultlab.metrics.statsd.aggregation import StatsD, StatsDOptions
from faultlab.metrics.statsd.bulk import receive_many

BACK_END = """
exports.init = (started, config, events) => {
  events.on("flush", (time, metrics) => {
    const sets = Object.fromEntries(Object.entries(metrics.sets).map(([key, set]) => [key, set.values()]));
    const { counters, counter_rates, gauges, timers, timer_data } = metrics;
    console.log(JSON.stringify({ counters, counter_rates, gauges, timers, timer_data, sets }));
  });
  return true;
};
"""

pytestmark = pytest.mark.skipif(not DAEMON, reason=MISSING)


def holds_packets(flushed):
    """Whether anything came in the interval of a flush."""
    return flushed["counters"]["statsd.packets_received"] > 0


def flushed_by_the_daemon(tmp_path, packets, percentiles, wanted=holds_packets):
    """What the daemon hands to its back ends for packets that it got in one interval."""
    port, control = free_port(socket.SOCK_DGRAM), free_port(socket.SOCK_STREAM)
    settings = {
        "port": port, "address": "127.0.0.1", "mgmt_port": control, "mgmt_address": "127.0.0.1",
        "flushInterval": 2000, "percentThreshold": percentiles, "backends": [str(tmp_path / "back_end.js")],
        "histogram": [{"metric": "web", "bins": [5, 10.5, "inf"]}]
    }  # fmt: skip
    config = tmp_path / "config.js"
    config.write_text(json.dumps(settings))
    (tmp_path / "back_end.js").write_text(BACK_END)
    output = tmp_path / "said"
    with output.open("wb") as said:
        process = subprocess.Popen(
            [NODE, DAEMON, config], cwd=DAEMON.parent, stdout=said, stderr=subprocess.STDOUT
        )
        try:
            flush(process, output)  # it listens, and an interval has just begun
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
                for number, packet in enumerate(packets):
                    sender.sendto(packet.encode(), ("127.0.0.1", port))
                    if number % 50 == 49:
                        time.sleep(0.05)  # a socket's default buffer holds fewer than 300 packets
            found = flush(process, output, wanted)
        finally:
            process.terminate()
            process.wait(10)
    return found


def flush(process, output, wanted=lambda _: True):
    """The first flush that was printed and is wanted, once there is one."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        lines = [line for line in output.read_text(errors="replace").split("\n")[:-1] if line[:1] == "{"]
        found = next((one for one in map(json.loads, lines) if wanted(one)), None)
        if found is not None:
            return found
        time.sleep(0.05)
    raise AssertionError(output.read_text(errors="replace"))


HUGE = ("1e308", "Infinity", "-Infinity", "0x" + "f" * 300)


def as_json(value):
    """As JavaScript writes it: what is no finite number is null."""
    if isinstance(value, dict):
        return {key: as_json(one) for key, one in value.items()}
    if isinstance(value, list):
        return [as_json(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_same_flush_value_by_value(tmp_path, seed):
    packets, percentiles = random_packets(seed, more=HUGE), [90, 50, 99.5]
    theirs = flushed_by_the_daemon(tmp_path, packets, percentiles)
    options = StatsDOptions(2.0, tuple(percentiles), histogram=(("web", (5, 10.5, "inf")),))
    ours, in_bulk = StatsD(options), StatsD(options)
    for packet in packets:
        ours.receive(packet)
    receive_many(in_bulk, [packet.encode() for packet in packets])
    found = as_json(ours.flush())
    assert as_json(in_bulk.flush()) == found
    assert theirs["counters"]["statsd.bad_lines_seen"] > 20
    for room in ("counters", "counter_rates", "timers", "timer_data"):
        assert found[room] == theirs[room], room
    assert found["gauges"] == {k: v for k, v in theirs["gauges"].items() if k != "statsd.timestamp_lag"}
    assert {key: len(values) for key, values in found["sets"].items()} == {
        key: len(values) for key, values in theirs["sets"].items()
    }


def test_what_is_no_number_any_more_begins_again_there_too(tmp_path):
    packets = ["c:1e309|c\nc:-1e309|c\nc:7|c", "g:Infinity|g\ng:-Infinity|g\ng:+5|g", "g:+1|g"]
    theirs = flushed_by_the_daemon(tmp_path, packets, [90])
    ours = StatsD()
    for packet in packets:
        ours.receive(packet)
    found = ours.flush()
    assert found["counters"]["c"] == theirs["counters"]["c"] == 7
    assert found["gauges"]["g"] == theirs["gauges"]["g"] == 6


def test_names_of_javascripts_own_are_mangled_or_lost_there_and_counted_here(tmp_path):
    packets = ["constructor:1|c", "__proto__:1|c", "u:__proto__|s"]
    theirs = flushed_by_the_daemon(tmp_path, packets, [90])
    assert isinstance(theirs["counters"]["constructor"], str)
    assert "__proto__" not in theirs["counters"]
    assert theirs["sets"]["u"] == []
    ours = StatsD()
    receive_many(ours, [packet.encode() for packet in packets])
    found = ours.flush()
    assert (found["counters"]["constructor"], found["counters"]["__proto__"]) == (1, 1)
    assert found["sets"]["u"] == {"__proto__"}


@pytest.mark.parametrize("packet", ["constructor:1|ms", "__proto__:1|ms", "toString:1|s"])
def test_a_timer_or_a_set_of_such_a_name_stops_the_daemon(tmp_path, packet):
    with pytest.raises(AssertionError, match="TypeError"):  # it flushes once more, and ends
        flushed_by_the_daemon(tmp_path, [packet], [90], wanted=lambda _: False)
    ours = StatsD()
    ours.receive(packet)
    assert len(ours.timers) + len(ours.sets) == 1
