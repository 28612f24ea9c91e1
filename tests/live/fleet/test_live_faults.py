"""Real processes that fail: every fault does what it says, is noticed, and can be taken back."""

import contextlib
import gc
import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
import warnings
from collections import Counter

import pytest
from live_processes import identities, identity, left_of

from faultlab.design.experiments.experiment import Action, Experiment, Hypothesis, Probe, http_provider
from faultlab.design.experiments.experiment_json import write_experiment
from faultlab.errors import BadInput
from faultlab.live import Fleet, worker_incidents
from faultlab.live.processes.control import Door

POSIX = pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals (Linux or macOS)")
pytestmark = pytest.mark.filterwarnings("error")


@pytest.fixture(autouse=True)
def nothing_left_by_others():
    """A socket that an earlier test dropped is collected here, and not in the middle of a test."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gc.collect()


def seen(run, kind, worker=None, times=1):
    """Whether something happened so often."""
    return sum(e.kind == kind and (worker is None or e.worker == worker) for e in run.events) >= times


def answers(fleet, count, timeout=2.0):
    """Who answered so many questions, or what went wrong, counted."""
    found = Counter()
    for _ in range(count):
        try:
            found[fleet.get(timeout=timeout)["worker"]] += 1
        except (ConnectionError, TimeoutError) as error:
            found[str(error)] += 1
    return found


def test_round_robin_gives_every_worker_its_share():
    with Fleet(workers=4) as fleet:
        assert answers(fleet, 40) == {1: 10, 2: 10, 3: 10, 4: 10}
        assert set(fleet.processes()) == {"supervisor", "balancer", *(f"worker {i}" for i in range(1, 5))}
        assert "at http://127.0.0.1:" in repr(fleet)
    assert "not running" in repr(fleet)


def test_a_killed_worker_is_noticed_restarted_and_nobody_else_is_touched(record_property):
    with Fleet(workers=3) as fleet:
        before = fleet.processes()
        known = identities(before)
        fleet.kill(2)
        assert fleet.wait_until(lambda run: seen(run, "ready", 2))
        after = fleet.processes()
        assert identity(known["worker 2"][0]) != known["worker 2"]
        assert after["worker 2"] != before["worker 2"]
        assert {n: p for n, p in after.items() if n != "worker 2"} == {
            n: p for n, p in before.items() if n != "worker 2"
        }
        assert fleet.wait_until(lambda run: not any(i.end is None for i in worker_incidents(run)))
        (incident,) = worker_incidents(fleet.run())
        assert (incident.service, incident.cause) == ("worker 2", "killed")
        assert incident.start <= incident.detected < incident.end
        assert answers(fleet, 9) == {1: 3, 2: 3, 3: 3}


def test_without_restart_the_others_carry_on_and_faults_on_the_dead_are_refused():
    with Fleet(workers=2, restart=False) as fleet:
        fleet.kill(1)
        assert fleet.wait_until(lambda run: seen(run, "out", 1))
        assert answers(fleet, 6) == {2: 6}
        for fault in (
            lambda: fleet.kill(1),
            lambda: fleet.slow(1, ms=10),
            lambda: fleet.fail(1, share=0.5),
        ):
            with pytest.raises(BadInput, match="Worker 1 isn't running, so it was not"):
                fault()
        with pytest.raises(BadInput, match="worker is a whole number from 1 to 2, not 3"):
            fleet.kill(3)
        with pytest.raises(BadInput, match="share is a number from 0 to 1, not 7"):
            fleet.fail(2, share=7)
        fleet.reset()
        assert fleet.wait_until(lambda run: seen(run, "in", 1)), "reset brings the dead back"
        assert answers(fleet, 4) == {1: 2, 2: 2}


@POSIX
def test_a_paused_worker_is_a_gray_failure_until_health_checks_find_it(record_property):
    with Fleet(workers=2, check_every=0.1, check_timeout=0.2, balancer_timeout=0.3) as fleet:
        fleet.pause(1)
        assert identity(fleet.processes()["worker 1"]), "it lives"
        early = answers(fleet, 2)
        assert early["status 504"] == 1, "the balancer still sends requests to it"
        assert fleet.wait_until(lambda run: seen(run, "out", 1))
        assert answers(fleet, 4) == {2: 4}
        with pytest.raises(BadInput, match="Worker 2 isn't paused"):
            fleet.resume(2)
        fleet.resume(1)
        assert fleet.wait_until(lambda run: seen(run, "in", 1))
        assert answers(fleet, 4) == {1: 2, 2: 2}
        (incident,) = worker_incidents(fleet.run())
        assert incident.cause == "paused"
        record_property("detected_after", incident.minutes_to_detect * 60)
        assert incident.minutes_to_detect * 60 > 3 * 0.2, "three checks had to time out first"


def test_health_checks_see_neither_slowness_nor_errors():
    with Fleet(workers=2, service_ms=1) as fleet:
        fleet.slow(1, ms=120)
        fleet.fail(2, share=1.0)
        began = time.monotonic()
        assert answers(fleet, 4) == {1: 2, "status 500": 2}
        assert time.monotonic() - began > 0.24
        time.sleep(1.0)
        run = fleet.run()
        assert not seen(run, "out"), "both stay in rotation"
        assert [w.faults for w in run.intervals[-1].workers] == [("slower by 120 ms",), ("fails 100 %",)]
        fleet.heal()
        assert answers(fleet, 4) == {1: 2, 2: 2}


@pytest.mark.skipif(sys.platform == "win32", reason="needs a memory limit: Linux or macOS")
def test_a_worker_that_leaks_memory_reaches_its_limit_and_is_replaced():
    with Fleet(workers=1, restart_after=0.1) as fleet:
        fleet.leak(1, mb_a_second=200)
        assert fleet.wait_until(lambda run: seen(run, "ready", 1), seconds=20)
        assert any("out of memory" in event.text for event in fleet.run().events)
        assert worker_incidents(fleet.run())[0].cause == "leaks 200 MB/s"


def test_a_broken_network_delays_resets_drops_and_stays_half_open():
    with Fleet(workers=1, check_every=60, balancer_timeout=0.25, restart_after=0.1) as fleet:

        def after(**fault):
            fleet.network(1, **fault)
            began = time.monotonic()
            found = answers(fleet, 1)
            return next(iter(found)), time.monotonic() - began

        found, seconds = after(delay_ms=150)
        assert found == 1
        assert seconds > 0.15
        assert after(reset=1)[0] == "status 502"
        assert after(drop=1)[0] == "status 504"
        assert after(half_open=True)[0] == "status 504"
        assert fleet.run().events[-1].text == "Worker 1: network half-open."
        assert after()[0] == 1, "mended"
        fleet.network(1, drop=0.5)
        fleet.kill(1)
        assert fleet.wait_until(lambda run: seen(run, "ready", 1))
        time.sleep(0.2)
        found = answers(fleet, 9)
        assert found[1] > 0, "the broken network leads to the new process"
        assert found["status 504"] > 0


def test_health_checks_take_the_same_broken_way():
    with Fleet(workers=2, check_every=0.05, check_timeout=0.1) as fleet:
        fleet.network(2, half_open=True)
        assert fleet.wait_until(lambda run: seen(run, "out", 2))
        assert answers(fleet, 4) == {1: 4}
        fleet.heal(2)
        assert fleet.wait_until(lambda run: seen(run, "in", 2))


def test_the_balancer_is_a_single_point_of_failure_and_comes_back_at_its_port():
    with Fleet(workers=2, restart_after=0.2) as fleet:
        port = fleet.port
        fleet.kill("balancer")
        assert fleet.wait_until(lambda run: seen(run, "exit", 0))
        with pytest.raises(ConnectionError):
            fleet.get()
        assert fleet.wait_until(lambda run: seen(run, "in", 1) and seen(run, "in", 2))
        assert fleet.port == port
        assert answers(fleet, 4) == {1: 2, 2: 2}
        (incident,) = worker_incidents(fleet.run())
        assert (incident.service, incident.cause) == ("balancer", "killed")


def test_a_second_try_of_the_balancer_hides_a_dead_worker():
    for retries, expected in ((0, {"status 502": 2, 2: 2}), (1, {2: 4})):
        with Fleet(workers=2, restart=False, check_every=30, balancer_retries=retries) as fleet:
            fleet.kill(1)
            assert fleet.wait_until(lambda run: seen(run, "exit", 1))
            assert answers(fleet, 4) == expected


def test_what_is_sent_by_post_is_tried_once():
    with Fleet(workers=2, restart=False, check_every=30, balancer_retries=1) as fleet:
        fleet.kill(1)
        assert fleet.wait_until(lambda run: seen(run, "exit", 1))
        found = Counter()
        for _ in range(4):
            connection = http.client.HTTPConnection("127.0.0.1", fleet.port, timeout=2)
            connection.request("POST", "/", b"pay")
            found[connection.getresponse().status] += 1
            connection.close()
        assert found == {200: 2, 502: 2}


def test_a_port_in_use_is_refused_and_nothing_is_left():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(BadInput, match=f"^Port {port} can't be used; leave port out"), Fleet(port=port):
            pass


def test_there_are_no_processes_in_the_browser(monkeypatch):
    monkeypatch.setattr(sys, "platform", "emscripten")
    with pytest.raises(BadInput, match=r"in the browser\): take a recorded run"), Fleet():
        pass


def test_where_the_system_starts_no_processes_a_sentence_says_so(monkeypatch):
    def refused(*args, **kwargs):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("faultlab.live.fleet.starting.subprocess.Popen", refused)
    with pytest.raises(BadInput, match=r"Operation not permitted\): take a recorded run"), Fleet():
        pass


def test_two_fleets_share_a_machine_and_a_fourth_is_refused():
    with contextlib.ExitStack() as stack:
        fleets = [stack.enter_context(Fleet(workers=1)) for _ in range(3)]
        assert len({fleet.port for fleet in fleets}) == 3
        with pytest.raises(BadInput, match="3 fleets are running already"):
            Fleet(workers=1).start()
        with pytest.raises(BadInput, match="running already"):
            fleets[0].start()
        gone = identities(fleets[1].processes())
        fleets[1].stop()
        fleets[1].stop()
        assert left_of(gone)[0] == {}
        assert answers(fleets[0], 2) == {1: 2}
        fleets[1].reset()
        assert answers(fleets[1], 2) == {1: 2}, "a fleet that was stopped starts again"
        assert fleets[1].get("/health") == "ok\n"
        for fleet in fleets:
            fleet.__exit__()
        assert not any(fleet.running for fleet in fleets)


def test_nothing_can_be_asked_of_a_fleet_that_never_began():
    fleet = Fleet()
    for asked in (fleet.get, lambda: fleet.kill(1), fleet.run, fleet.processes):
        with pytest.raises(BadInput, match="with Fleet"):
            asked()
    fleet.stop()


def test_the_door_opens_to_its_token_alone():
    with Fleet(workers=1) as fleet:
        door = fleet._door
        with pytest.raises(BadInput, match="token is missing or wrong"):
            Door(door.port, "guess").do("kill", worker=1)
        for action, sentence in (
            ("explode", "There is no action 'explode'; there are kill, pause"),
            ("load", "missing"),
            ("kill", "missing"),
        ):
            with pytest.raises(BadInput, match=sentence):
                door.do(action)
        for sent in (b"[1]", b"{", b"\xff"):
            connection = http.client.HTTPConnection("127.0.0.1", door.port, timeout=5)
            connection.request("POST", "/do", sent, door.headers)
            answer = connection.getresponse()
            assert answer.status == 400
            assert json.loads(answer.read())["error"]
            connection.close()
        with socket.create_connection(("127.0.0.1", door.port)) as raw:
            raw.sendall(b"\x00" * 40_000)
            raw.settimeout(5)
            with contextlib.suppress(ConnectionError):
                assert raw.recv(100) == b""
        assert answers(fleet, 1) == {1: 1}


def test_garbage_and_a_long_row_of_requests_do_the_balancer_no_harm():
    with Fleet(workers=1, service_ms=0.1) as fleet:
        for sent in (
            b"\x16\x03\x01\r\n\r\n",
            b"GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
            b"\x00" * 40_000,
        ):
            with socket.create_connection(("127.0.0.1", fleet.port), timeout=5) as raw:
                raw.sendall(sent)
                assert raw.recv(100).startswith(b"HTTP/1.1 400 ")
        asked = b"GET /health HTTP/1.1\r\n\r\n"
        with socket.create_connection(("127.0.0.1", fleet.port), timeout=10) as raw:
            raw.sendall(asked * 2000)
            found = b""
            while found.count(b"ok\n") < 2000:
                part = raw.recv(65536)
                assert part
                found += part
        assert answers(fleet, 2) == {1: 2}
        assert not seen(fleet.run(), "exit")


def test_the_token_is_in_no_command_line():
    with Fleet(workers=1) as fleet:
        token = fleet._door.headers["Authorization"].split()[1]
        for pid in fleet.processes().values():
            with contextlib.suppress(OSError), open(f"/proc/{pid}/cmdline", encoding="utf-8") as file:
                assert token not in file.read()


def test_the_chaos_toolkits_program_kills_a_worker_as_an_experiment_says(tmp_path):
    chaos = shutil.which("chaos")
    if not chaos:
        pytest.skip("needs the Chaos Toolkit: pip install chaostoolkit")
    with Fleet(workers=2) as fleet:
        answers_well = Probe("the fleet answers", http_provider(fleet.url), tolerance=200)
        kill = Action("kill worker 2", fleet.provider("kill", worker=2), pause_after=1.5)
        hypothesis = Hypothesis("The fleet answers", [answers_well])
        experiment = Experiment("A worker dies", "Does the fleet answer?", hypothesis, [kill])
        write_experiment(experiment, tmp_path / "experiment.json")
        line = [chaos, "run", "--journal-path", "journal.json", "experiment.json"]
        subprocess.run(line, cwd=tmp_path, capture_output=True, timeout=60)
        assert json.loads((tmp_path / "journal.json").read_text())["status"] == "completed"
        assert seen(fleet.run(), "ready", 2)


def test_an_action_of_an_experiment_is_done_by_any_program_that_speaks_http():
    with Fleet(workers=1) as fleet:
        provider = fleet.provider("slow", worker=1, ms=30)
        asked = urllib.request.Request(
            provider["url"],
            json.dumps(provider["arguments"]).encode(),
            provider["headers"],
            method=provider["method"],
        )
        with urllib.request.urlopen(asked, timeout=5) as answer:
            assert answer.status == 200
        assert fleet.run().events[-1].text == "Worker 1: slower by 30 ms."
    with pytest.raises(BadInput, match="has ended"):
        fleet.provider("kill", worker=1)
