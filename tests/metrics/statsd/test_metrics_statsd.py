"""StatsD: what the real daemon printed, its quirks, packets that make no sense, and the daemon itself."""

import random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from faultlab.errors import BadInput
from faultlab.metrics.statsd.aggregation import StatsD, StatsDOptions, aggregate
from faultlab.metrics.statsd.bulk import receive_many


def test_timers_as_the_daemon_gave_them():
    packets = [f"glork:{value}|ms" for value in range(100, 1001, 100)]
    found = aggregate(packets, flush_interval=2, percent_threshold=[90, -10])["timer_data"]["glork"]
    assert found == {
        "count": 10, "count_ps": 5, "mean": 550, "median": 550, "std": 287.22813232690146,
        "sum": 5500, "sum_squares": 3850000, "upper": 1000, "lower": 100,
        "count_90": 9, "mean_90": 500, "upper_90": 900, "sum_90": 4500, "sum_squares_90": 2850000,
        "count_top10": 1, "mean_top10": 1000, "lower_top10": 1000, "sum_top10": 1000,
        "sum_squares_top10": 1000000,
    }  # fmt: skip


def test_counters_gauges_and_sets_as_the_daemon_gave_them():
    found = aggregate(
        [
            "gorets:1|c|@0.1",
            "gorets:2|c",
            "gaugor:333|g",
            "gaugor:-10|g",
            "gaugor:+4|g",
            "neg:-5|g",
            "uniques:765|s",
            "uniques:765|s\nuniques:2|s",
        ],
        flush_interval=2,
    )
    assert (found["counters"]["gorets"], found["counter_rates"]["gorets"]) == (12, 6)
    assert (found["gauges"]["gaugor"], found["gauges"]["neg"]) == (327, -5)
    assert found["sets"]["uniques"] == {"765", "2"}
    assert found["counters"]["statsd.bad_lines_seen"] == 0
    assert (found["counters"]["statsd.packets_received"], found["counters"]["statsd.metrics_received"]) == (
        8,
        9,
    )


@pytest.mark.parametrize(
    ("values", "percent", "inside"), [(5, 90, 5), (5, 10, 1), (1, 10, 1), (3, 50, 2), (4, 10, None)]
)
def test_halves_are_rounded_up_as_javascript_does(values, percent, inside):
    found = aggregate([f"t:{i}|ms" for i in range(values)], percent_threshold=[percent])["timer_data"]["t"]
    assert found.get(f"count_{percent}") == inside


def test_percentiles_are_named_as_the_daemon_names_them():
    found = aggregate(["t:1|ms", "t:2|ms"], percent_threshold=[99.9, 50.0, -99.5])["timer_data"]["t"]
    assert {key for key in found if key.startswith("count")} == {
        "count", "count_ps", "count_99_9", "count_50", "count_top99_5",
    }  # fmt: skip


def test_a_share_of_all_values_from_the_top_is_all_of_them():
    found = aggregate(["t:1|ms", "t:3|ms"], percent_threshold=[-90])["timer_data"]["t"]
    assert (found["count_top90"], found["sum_top90"], found["lower_top90"]) == (2, 4, 1)


def test_only_the_count_of_a_timer_knows_of_sampling():
    found = aggregate(["t:10|ms|@0.1", "t:20|ms"])["timer_data"]["t"]
    assert (found["count"], found["sum"], found["mean"]) == (11, 30, 15)


def test_histograms_leave_their_upper_bound_out():
    options = {"histogram": (("render", (10, 20.5, "inf")), ("", ()))}
    packets = [f"page.render:{value}|ms" for value in (1, 9.9, 10, 20, 20.5, 1000)] + ["other:1|ms"]
    found = aggregate(packets, **options)["timer_data"]
    assert found["page.render"]["histogram"] == {"bin_10": 2, "bin_20_5": 2, "bin_inf": 2}
    assert "histogram" not in found["other"]


def test_the_next_flush_keeps_keys_and_gauges():
    daemon = StatsD()
    daemon.receive("c:5|c\nt:5|ms\ng:5|g\ns:5|s")
    daemon.flush()
    found = daemon.flush()
    assert (found["counters"]["c"], found["timers"]["t"], found["gauges"]["g"]) == (0, [], 5)
    assert (found["sets"]["s"], found["timer_data"]["t"]) == (set(), {"count": 0, "count_ps": 0})


def test_idle_keys_are_left_out_where_that_is_wanted():
    daemon = StatsD(
        StatsDOptions(
            delete_counters=True, delete_timers=True, delete_sets=True, delete_gauges=True, gauges_max_ttl=2
        )
    )
    daemon.receive("c:5|c\nt:5|ms\ng:5|g\ns:5|s")
    daemon.flush()
    second, third = daemon.flush(), daemon.flush()
    assert set(second["counters"]) == {
        f"statsd.{own}" for own in ("packets_received", "metrics_received", "bad_lines_seen")
    }
    assert (second["timers"], second["sets"], second["gauges"], third["gauges"]) == ({}, {}, {"g": 5}, {})


@pytest.mark.parametrize(("line", "key"), [
    ("a b\tc:1|c", "a_b_c"), ("a/b:1|c", "a-b"), ("a(b)*ä:1|c", "ab"),
    ("a:1|c|#env:live,zone:b", "a;env=live;zone=b"),
    (":1|c", ""), ("a.b_c-1:1|c", "a.b_c-1"),
])  # fmt: skip
def test_keys_are_cleaned(line, key):
    assert aggregate([line])["counters"][key] == 1


@pytest.mark.parametrize("line", [
    "a", "a:1", "a:|c", "a:x|c", "a:1|c|", "a:1|c|0.1", "a:1|c|@", "a:1|c|@-1", "a:1|c|@x", "a:-1|ms",
    "a:nan|c",
    "a:1_0|c", "a:1|c|@+1", "a:1|c|@0", "a:1|c|@Infinity", "a:1|c|@ 1", "a:0b3|c", "a:inf|c",
])  # fmt: skip
def test_bad_lines_are_counted_and_change_nothing(line):
    found = aggregate([line])
    assert found["counters"]["statsd.bad_lines_seen"] == 1
    assert (set(found["counters"]) | set(found["timers"]), found["gauges"]) == (
        set(found["counter_rates"]),
        {},
    )
    assert len(found["counters"]) == 3


@pytest.mark.parametrize(("line", "value"), [
    ("a:1e2|c", 100), ("a:0x10|c", 16), ("a: 5 |c", 5), ("a:.5|c", 0.5), ("a:5.|c", 5), ("a:+5|c", 5),
    ("a:-5|c", -5),
    ("a:1|whatever", 1), ("a:1|c|@1e3", 1), ("a:2:3|c", None), ("a:2|c:3|c", 5),
])  # fmt: skip
def test_numbers_are_javascripts(line, value):
    assert aggregate([line])["counters"].get("a") == (3 if value is None else value)


def test_random_packets_stop_nothing(pytestconfig):
    rng = random.Random(7)
    alphabet = b"abc:|@#.,;=-+0123456789smgc \n\t\xff\x00"
    daemon = StatsD(StatsDOptions(most_keys=20))
    for _ in range(pytestconfig.getoption("--fuzz") * 10):
        daemon.receive(bytes(rng.choices(alphabet, k=rng.randint(0, 40))))
        daemon.receive(b"%c%c:1|%c" % tuple(rng.choices(alphabet, k=3)))
    found = daemon.flush()
    assert sum(len(found[room]) for room in ("counters", "gauges", "sets", "timers")) <= 20
    assert daemon.dropped > 0
    assert found["counters"]["statsd.bad_lines_seen"] > 0


@pytest.mark.parametrize(("options", "said"), [
    ({"flush_interval": 0}, "flush interval is in seconds"),
    ({"percent_threshold": [0]}, "not 0"),
    ({"percent_threshold": [101]}, "from -100 to 100"),
])  # fmt: skip
def test_bad_options_are_one_sentence(options, said):
    with pytest.raises(BadInput, match=said):
        aggregate([], **options)


@pytest.mark.parametrize(
    ("line", "room"),
    [
        ("k:5|g\ufeff", "gauges"),
        ("k:5|g\x85", "counters"),
        ("k:5|g\x1c", "counters"),
        ("k:5|\u2003g", "gauges"),
    ],
)
def test_white_space_is_javascripts(line, room):
    assert aggregate([line])[room]["k"] == 5


def test_what_is_no_number_any_more_begins_again():
    daemon = StatsD()
    daemon.receive("c:1e309|c\nc:-1e309|c\nc:7|c\ng:Infinity|g\ng:-Infinity|g\ng:+5|g")
    assert daemon.flush()["counters"]["c"] == 7
    daemon.receive("g:+1|g")
    assert daemon.flush()["gauges"]["g"] == 6
    assert aggregate(["h:0x" + "f" * 300 + "|c"])["counters"]["h"] == float("inf")


@pytest.mark.parametrize("name", ["constructor", "__proto__", "toString", "hasOwnProperty"])
def test_names_that_the_daemon_loses_are_counted(name):
    found = aggregate([f"{name}:1|c", f"{name}:2|ms", f"{name}:3|g", f"{name}:4|s", f"u:{name}|s"])
    assert found["counters"][name] == 1
    assert found["timers"][name] == [2]
    assert found["gauges"][name] == 3
    assert found["sets"] == {name: {"4"}, "u": {name}}


numbers = st.sampled_from(
    [
        "1",
        "0.1",
        "0.3",
        "2.5",
        "1e308",
        "-1e308",
        "Infinity",
        "-Infinity",
        "1e16",
        "-0",
        "7",
        "+2",
        "-1",
        "0x1F",
    ]
)
lines = st.builds(
    "{}:{}|{}{}".format,
    st.sampled_from(["a", "b", "c d", "constructor"]),
    numbers,
    st.sampled_from(["c", "ms", "g", "s", " ms", "g\ufeff"]),
    st.sampled_from(["", "", "|@0.1", "|@0.3", "|@0.7", "|@0.01"]),
)


@settings(deadline=None, max_examples=300)
@given(st.lists(lines, min_size=1, max_size=8), st.lists(st.integers(0, 99), max_size=60), st.integers(0, 60))
@example(["a:0.1|c|@0.1"], [0] * 3, 0)
@example(["a:0.3|c|@0.1", "a:1|c"], [0, 1, 0, 1, 0], 2)
def test_bulk_and_one_by_one_agree_to_the_last_bit(pool, order, cut):
    packets = [pool[place % len(pool)].encode() for place in order]
    one, many, remembered = StatsD(), StatsD(), {}
    for packet in packets:
        one.receive(packet)
    receive_many(many, packets[:cut], remembered)
    receive_many(many, packets[cut:], remembered)
    ours, theirs = one.flush(), many.flush()
    for room in ("counters", "gauges", "timers", "timer_data", "counter_rates"):
        assert repr(sorted(ours[room].items())) == repr(sorted(theirs[room].items()))
    assert ours["sets"] == theirs["sets"]
