"""A fleet behind HAProxy says and does what one behind the course's own balancer does, and leaves nothing."""

import os
import signal
import time
from pathlib import Path

import pytest
from live_processes import identities, left_of

from faultlab.errors import BadInput
from faultlab.live import Fleet, haproxy_program
from faultlab.live.balancers.haproxy import haproxy_configuration
from faultlab.live.fleet import settings

pytestmark = pytest.mark.skipif(
    haproxy_program() is None, reason="HAProxy is not installed (Debian: haproxy)"
)


@pytest.fixture
def fleet():
    with Fleet(workers=3, balancer="haproxy", service_ms=2.0, check_every=0.1) as running:
        yield running


def proxies_of(fleet):
    """The process numbers of HAProxy and of the process that started it."""
    starter = fleet.processes()["balancer"]
    threads = Path(f"/proc/{starter}/task").glob("*/children")
    (proxy,) = [int(pid) for one in threads for pid in one.read_text().split()]
    return {"starter": starter, "HAProxy": proxy}


def test_requests_reach_every_worker_and_are_counted(fleet):
    assert {fleet.get()["worker"] for _ in range(6)} == {1, 2, 3}
    sent = fleet.load(1, rate=60).result()
    assert sent.answered_share == 1
    asked = 6 + sent.requests
    assert fleet.wait_until(
        lambda run: sum(w.requests for one in run.intervals for w in one.workers) == asked
    )


def test_a_dead_worker_leaves_rotation_and_comes_back_at_its_new_address(fleet):
    fleet.kill(2)
    kinds = lambda run: [event.kind for event in run.events if event.worker == 2]  # noqa: E731
    assert fleet.wait_until(lambda run: {"exit", "ready"} <= set(kinds(run)))
    # It may be back before three checks have failed; then it never left.
    fleet.wait_until(lambda run: run.intervals[-1].workers[1].in_rotation)
    time.sleep(0.5)
    assert {fleet.get()["worker"] for _ in range(6)} == {1, 2, 3}


def test_a_gray_worker_leaves_rotation(fleet):
    fleet.pause(1)
    assert fleet.wait_until(lambda run: any(e.kind == "out" and e.worker == 1 for e in run.events))
    assert {fleet.get()["worker"] for _ in range(6)} == {2, 3}


def test_answers_with_errors_are_counted(fleet):
    fleet.fail(3, 1.0)
    fleet.load(1, rate=60).result()
    seen = lambda run: sum(one.workers[2].errors for one in run.intervals)  # noqa: E731
    assert fleet.wait_until(lambda run: seen(run) >= 10)


def test_haproxy_ends_with_its_fleet_and_with_its_starter(fleet):
    known = identities(proxies_of(fleet))
    fleet.kill("balancer")
    assert left_of(known)[0] == {}
    # Whoever comes late trusts no worker before its checks have passed.
    assert fleet.wait_until(lambda run: sum(e.kind == "in" for e in run.events) == 3)
    assert "worker" in fleet.get()
    known = identities(proxies_of(fleet))
    fleet.stop()
    assert left_of(known)[0] == {}


def test_haproxy_does_not_outlive_a_supervisor_that_is_killed(fleet):
    known = identities(proxies_of(fleet))
    os.kill(fleet.processes()["supervisor"], signal.SIGKILL)
    assert left_of(known, 5)[0] == {}


def test_settings_are_written_down():
    given = Fleet(balancer="haproxy", policy="two choices", rise=4, balancer_timeout=0.5).settings
    lines = [line.strip() for line in haproxy_configuration(given, 7, 8).splitlines()]
    for line in ("bind fd@7", "balance random(2)", "timeout server 500ms", "retries 0"):
        assert line in lines
    assert "server 4 127.0.0.1:1 check inter 250ms rise 4 fall 3 disabled" in lines


def test_a_taken_port_and_a_missing_program_are_named(fleet, monkeypatch):
    with pytest.raises(BadInput, match=f"Port {fleet.port} can't be used"):
        Fleet(balancer="haproxy", port=fleet.port).start()
    with pytest.raises(BadInput, match="no balancer 'nginx'"):
        Fleet(balancer="nginx")
    monkeypatch.setattr(settings, "haproxy_program", lambda: None)
    with pytest.raises(BadInput, match="not installed here"):
        Fleet(balancer="haproxy")
