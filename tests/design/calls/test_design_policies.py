"""One guarded call: hostile traces on a virtual clock, and the same code around real HTTP."""

import itertools
import random
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faultlab.design.calls.backoff import Backoff
from faultlab.design.calls.bulkhead import Bulkhead, BulkheadFull
from faultlab.design.calls.circuit_breaker import BreakerOpen, CircuitBreaker, ConsecutiveFailures
from faultlab.design.calls.clocks import VirtualClock
from faultlab.design.calls.policies import Policy, Replay, call
from faultlab.design.calls.retry_budget import RetryBudget
from faultlab.errors import BadInput

DOWN = ConnectionError("down")
NO_WAIT = Backoff("none")


def play(trace, policy, fallback=None, seed=0):
    clock = VirtualClock()
    service = Replay(trace, clock)
    outcome = call(service, policy.fresh(clock), clock, fallback, random.Random(seed))
    return outcome, service


def test_an_answer_is_passed_on():
    outcome, service = play([0.3], Policy(timeout=1))
    assert (outcome.result(), outcome.ended, outcome.attempts) == ("answer 1", "answered", 1)
    assert outcome.seconds == pytest.approx(0.3)
    assert service.starts == [0]


def test_a_timeout_is_kept_in_each_attempt():
    outcome, service = play([5, 5, 5], Policy(timeout=0.2, retries=2, backoff=Backoff("exponential", 0.1, 1)))
    assert outcome.ended == "gave up"
    assert service.starts == pytest.approx([0, 0.4, 1.0])  # 0.2, wait 0.2, 0.2, wait 0.4
    assert outcome.seconds == pytest.approx(1.2)
    with pytest.raises(TimeoutError):
        outcome.result()


def test_jitter_stays_in_its_windows_and_differs_between_clients():
    policy = Policy(retries=3, backoff=Backoff("full", 0.1, 0.5))
    starts = {tuple(play([DOWN] * 4, policy, seed=seed)[1].starts) for seed in range(20)}
    assert len(starts) == 20
    for one in starts:
        gaps = [b - a for a, b in itertools.pairwise(one)]
        assert all(gap <= most for gap, most in zip(gaps, (0.2, 0.4, 0.5), strict=True))


def test_no_retry_of_an_answer_that_says_no():
    outcome, service = play([KeyError("no such customer"), 0.1], Policy(retries=5))
    assert len(service.starts) == 1
    with pytest.raises(KeyError):
        outcome.result()
    assert outcome.ended == "answered"


def test_the_deadline_holds_whatever_happens():
    outcome, service = play([0.9, DOWN, 9, 9], Policy(timeout=0.5, retries=9, backoff=NO_WAIT, deadline=1.2))
    assert service.starts == pytest.approx([0, 0.5, 0.5, 1.0])
    assert outcome.seconds == pytest.approx(1.2)  # the last attempt got the 0.2 s that were left
    assert outcome.ended == "gave up"


def test_a_wait_beyond_the_deadline_is_not_waited():
    outcome, _ = play([DOWN, 0.1], Policy(retries=1, backoff=Backoff("exponential", 5, 10), deadline=3))
    assert outcome.seconds == 0
    assert outcome.why == "the deadline comes before the retry"


def test_a_spent_budget_ends_the_retries_at_once():
    clock = VirtualClock()
    policy = Policy(retries=3, backoff=Backoff("exponential", 1, 9), budget=RetryBudget(share=0, most=2))
    first = call(Replay([DOWN] * 9, clock), policy, clock)
    assert (first.attempts, first.why) == (3, "the retry budget is spent")
    second = call(Replay([DOWN] * 9, clock), policy, clock)
    assert (second.attempts, second.seconds) == (1, 0)


def test_an_open_breaker_refuses_without_a_call():
    clock = VirtualClock()
    policy = Policy(breaker=CircuitBreaker(ConsecutiveFailures(2), open_for=5, clock=clock))
    service = Replay([DOWN, DOWN, 0.1], clock)
    ended = [call(service, policy, clock).ended for _ in range(4)]
    assert ended == ["gave up", "gave up", "refused", "refused"]
    assert len(service.starts) == 2
    clock.sleep(5)
    assert call(service, policy, clock).ended == "answered"
    assert policy.breaker.state == "closed"


def test_a_breaker_that_opens_ends_the_retries_of_the_same_call():
    outcome, service = play(
        [DOWN] * 9,
        Policy(retries=8, backoff=NO_WAIT, breaker=CircuitBreaker(ConsecutiveFailures(3))),
    )
    assert len(service.starts) == 3
    assert outcome.ended == "refused"
    with pytest.raises(BreakerOpen):
        outcome.result()


def test_a_customer_who_does_not_exist_does_not_open_the_breaker():
    clock = VirtualClock()
    policy = Policy(breaker=CircuitBreaker(ConsecutiveFailures(1), clock=clock))
    call(Replay([KeyError("no such customer")], clock), policy, clock)
    assert policy.breaker.state == "closed"


def test_a_full_bulkhead_refuses_and_takes_no_permit_of_the_breaker():
    clock = VirtualClock()
    breaker = CircuitBreaker(ConsecutiveFailures(1), open_for=5, clock=clock)
    policy = Policy(breaker=breaker, bulkhead=Bulkhead(1))
    call(Replay([DOWN], clock), policy, clock)
    clock.sleep(5)  # half-open: one trial
    policy.bulkhead.enter()
    refused = call(Replay([], clock), policy, clock)
    with pytest.raises(BulkheadFull):
        refused.result()
    policy.bulkhead.leave()
    assert call(Replay([0.1], clock), policy, clock).ended == "answered"


def test_an_interrupt_gives_the_place_back():
    clock = VirtualClock()
    policy = Policy(bulkhead=Bulkhead(1), retries=3)
    with pytest.raises(KeyboardInterrupt):
        call(Replay([KeyboardInterrupt()], clock), policy, clock)
    assert policy.bulkhead.taken == 0


def test_a_fallback_gets_the_error_and_its_own_error_is_not_hidden():
    outcome, _ = play([DOWN], Policy(), fallback=lambda error: f"without it ({error})")
    assert (outcome.result(), outcome.ended) == ("without it (down)", "fell back")
    with pytest.raises(ZeroDivisionError):
        play([DOWN], Policy(), fallback=lambda error: 1 / 0)
    answered, _ = play([KeyError("no")], Policy(), fallback=lambda error: "hidden")
    assert answered.ended == "answered"  # a no is an answer; a fallback must not turn it into a yes


entry = st.one_of(st.floats(0, 3), st.just(DOWN), st.tuples(st.floats(0, 1), st.just(DOWN)))


@given(
    st.lists(entry, min_size=12, max_size=12),
    st.floats(0.05, 2),
    st.integers(0, 6),
    st.sampled_from(["none", "exponential", "equal", "full", "decorrelated"]),
    st.one_of(st.none(), st.floats(0.1, 10)),
    st.integers(1, 3),
)
@settings(max_examples=300, deadline=None)
def test_promises_hold_on_every_trace(trace, timeout, retries, strategy, deadline, tokens):
    policy = Policy(
        timeout=timeout,
        retries=retries,
        backoff=Backoff(strategy, 0.1, 1),
        deadline=deadline,
        budget=RetryBudget(share=0, most=tokens),
        bulkhead=Bulkhead(1),
    )
    clock = VirtualClock()
    service = Replay(trace, clock)
    outcome = call(service, policy, clock, rng=random.Random(1))
    assert 1 <= len(service.starts) == outcome.attempts <= 1 + min(retries, tokens)
    assert policy.bulkhead.taken == 0
    if deadline is not None:
        assert outcome.seconds <= deadline + 1e-9
    good = [
        place
        for place, one in enumerate(trace[: outcome.attempts])
        if isinstance(one, float)
        and one <= timeout
        and (deadline is None or service.starts[place] + one <= deadline)
    ]
    if outcome.ended == "answered":
        assert good == [outcome.attempts - 1]  # it stops at the first good answer
    else:
        assert outcome.error is not None
        with pytest.raises(OSError):  # noqa: PT011 (ConnectionError or TimeoutError)
            outcome.result()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda: Policy(timeout=0), "timeout"),
        (lambda: Policy(deadline=-1), "deadline"),
        (lambda: Policy(retries=-1), "retries"),
        (lambda: Policy(retries=1.5), "retries"),
        (lambda: Replay([], VirtualClock())(), "one more attempt"),
    ],
)
def test_nonsense_is_refused(wrong, says):
    with pytest.raises(BadInput, match=says):
        wrong()


# ---- the same code around real HTTP


class Moody(BaseHTTPRequestHandler):
    """Answers what its script says next: a status, or "hang"."""

    script, released = (), None

    def do_GET(self):
        step = self.server.script.pop(0)
        if step == "hang":
            self.server.released.wait(20)
            step = 200
        self.send_response(step)
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, *_):
        pass


@pytest.fixture
def moody():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Moody)
    server.daemon_threads = True
    server.released = threading.Event()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.released.set()
    server.shutdown()
    server.server_close()
    thread.join()


def get(server):
    def operation(timeout):
        try:
            with urlopen(f"http://127.0.0.1:{server.server_port}/", timeout=timeout) as answer:
                return answer.read()
        except HTTPError as refusal:
            if refusal.code >= 500:
                raise ConnectionError(str(refusal)) from refusal
            raise
        except URLError as wrong:
            raise ConnectionError(str(wrong)) from wrong

    return operation


def test_a_real_call_is_retried_after_a_hang_and_an_error(moody):
    moody.script = ["hang", 503, 200]
    policy = Policy(timeout=0.3, retries=3, backoff=Backoff("full", 0.001, 0.01), bulkhead=Bulkhead(1))
    outcome = call(get(moody), policy)
    assert outcome.result() == b"hello"
    assert outcome.attempts == 3
    assert [what for _, what in outcome.story if what.startswith("attempt")][-1] == "attempt 3"


def test_a_real_not_found_is_an_answer(moody):
    moody.script = [404, 200]
    outcome = call(get(moody), Policy(timeout=5, retries=3))
    assert outcome.attempts == 1
    with pytest.raises(HTTPError):
        outcome.result()
