"""Functions of lab 01: a retry with jitter and a budget, a circuit breaker, a rule for health checks."""

from types import SimpleNamespace

from faultlab.classroom.answers.kinds import Function, Misconception
from faultlab.classroom.answers.sandbox import Case
from faultlab.design.calls import (
    Backoff,
    CircuitBreaker,
    ConsecutiveFailures,
    Policy,
    VirtualClock,
    call,
    retry_trial,
)
from faultlab.live import health_history

AGAIN = (ConnectionError, TimeoutError)
REFUSED, NO_ANSWER, ANSWER_NO = "refused", "no answer", "no such customer"
"""What `retry_trial` plays."""


def retry(operation, clock, draw, budget):
    """Up to four tries, full jitter between them, and a retry only for a token of the budget."""
    budget.first_attempt()
    for failed in range(1, 5):
        try:
            return operation()
        except (ConnectionError, TimeoutError):
            if failed == 4 or not budget.allow_retry():
                raise
            clock.sleep(draw() * min(0.5, 0.1 * 2**failed))


def _retry(operation, clock, draw, budget):
    policy = Policy(retries=3, backoff=Backoff("full", base=0.1, cap=0.5), budget=budget)
    rng = SimpleNamespace(random=draw)
    return call(lambda timeout: operation(), policy, clock, rng=rng).result()  # type: ignore[arg-type]  # `random` does


def _without_jitter(operation, clock, draw, budget):
    return _retry(operation, clock, lambda: 1.0, budget)


def _jitter_on_top(operation, clock, draw, budget):
    return _retry(operation, clock, lambda: 1 + draw(), budget)


def _without_budget(operation, clock, draw, budget):
    return _retry(operation, clock, draw, None)


def _by_hand(tries=4, again=AGAIN, waits_first=False):
    """`retry`, with one mistake."""

    def mistaken(operation, clock, draw, budget):
        budget.first_attempt()
        for failed in range(1, tries + 1):
            wait = draw() * min(0.5, 0.1 * 2**failed)
            try:
                return operation()
            except again:
                if waits_first:
                    clock.sleep(wait)
                if failed == tries or not budget.allow_retry():
                    raise
                if not waits_first:
                    clock.sleep(wait)

    return mistaken


def _swallows(operation, clock, draw, budget):
    try:
        return _retry(operation, clock, draw, budget)
    except AGAIN:
        return None


def _outages(draw):
    """Traces are longer than four tries, so that a fifth is seen and not stopped."""
    draws = [draw.between(0.05, 0.95, 3) for _ in range(5)]
    down = [REFUSED] * 8

    def case(name, outages, tokens=9, share=0.1):
        return Case(name, (outages, draws, tokens, share))

    return [
        case("it answers at once", [[0.2]]),
        case("refused once, then an answer", [[REFUSED, 0.05]]),
        case("no answer twice, then one", [[NO_ANSWER, NO_ANSWER, 0.3]]),
        case("the fourth try answers", [[REFUSED, NO_ANSWER, REFUSED, 0.1]]),
        case("nothing works, and the fifth try would", [[REFUSED] * 4 + [0.1] * 4]),
        case("an answer that says no", [[ANSWER_NO] * 8]),
        case("refused, then an answer that says no", [[REFUSED, ANSWER_NO, 0.1, 0.1, 0.1]]),
        case("a long outage with three tokens", [down, down, down, [REFUSED, 0.1]], tokens=3),
        case("two calls earn a retry", [down] * 6, tokens=1, share=0.5),
        case("calls that go well fill no more than the bucket", [[0.1]] * 5 + [down], tokens=2, share=1),
    ]


retry_function = Function(
    name="retry_function",
    title="A retry that does no harm",
    question=(
        "Write retry(operation, clock, draw, budget). First call budget.first_attempt(). Then call operation(), "
        "up to 4 times in all. ConnectionError and TimeoutError mean that another attempt may help; any other "
        "exception is an answer, so let it through. Before the retry that follows the n-th failure, ask "
        "budget.allow_retry(), then clock.sleep for draw() × min(0.5, 0.1 × 2ⁿ) seconds: full jitter. Without "
        "a token, or after the fourth failure, raise the error. Return what operation() returned."
    ),
    points=3,
    reference=_retry,
    solution=retry,
    cases=_outages,
    drive=retry_trial,
    equivalent=("range(1, 6)",),
    hints=(
        "A loop over 1, 2, 3, 4 counts the failures; try/except inside it, and return where operation() answers.",
        "except (ConnectionError, TimeoutError): and nothing more. A bare raise passes the error on.",
        "if failed == 4 or not budget.allow_retry(): raise. Then sleep for draw() * min(0.5, 0.1 * 2**failed).",
    ),
    misconceptions=(
        Misconception(
            "jitter does not matter",
            _without_jitter,
            "Every client waits equally long here, so all come back at the same moment. Multiply by draw().",
        ),
        Misconception(
            "jitter on top",
            _jitter_on_top,
            "That waits for the whole window and part of it again. Full jitter is part of the window: draw() × window.",
        ),
        Misconception(
            "retries make it safer",
            _without_budget,
            "In a long outage this tries four times for every call. Each retry needs a token of the budget.",
        ),
        Misconception(
            "an answer is retried",
            _by_hand(again=Exception),
            '"No such customer" is an answer: the service works. Asking again changes nothing, and costs a token.',
        ),
        Misconception(
            "four retries for four tries",
            _by_hand(tries=5),
            "That makes five tries. Four tries are the first one and three retries.",
        ),
        Misconception(
            "waits before it gives up",
            _by_hand(waits_first=True),
            "After the last failure it still waits, and nothing follows. Decide first, then wait.",
        ),
        Misconception(
            "the error is swallowed",
            _swallows,
            "It returns None when all failed. Then nobody knows that it failed: raise the error.",
        ),
    ),
)


def let_through(calls, limit, open_for):
    """For each call whether the breaker lets it through."""
    passed, failures, opened = [], 0, None
    for at, answers in calls:
        if opened is not None and at - opened < open_for:
            passed.append(False)
            continue
        passed.append(True)
        if answers:
            failures, opened = 0, None
        else:
            failures = failures + 1
            if opened is not None or failures >= limit:
                opened = at
    return passed


def _breaker(calls, limit, open_for):
    clock = VirtualClock()
    breaker = CircuitBreaker(ConsecutiveFailures(limit), open_for, clock=clock)
    passed = []
    for at, answers in calls:
        clock.now = at
        permit = breaker.allow()
        if permit:
            breaker.record(permit, answers)
        passed.append(bool(permit))
    return passed


def _counts_all_failures(calls, limit, open_for):
    passed, failures, opened = [], 0, None
    for at, answers in calls:
        if opened is not None and at - opened < open_for:
            passed.append(False)
            continue
        passed.append(True)
        if opened is not None and answers:
            failures, opened = 0, None
        elif not answers:
            failures += 1
            if opened is not None or failures >= limit:
                opened = at
    return passed


def _never_closes(calls, limit, open_for):
    return _breaker(calls, limit, float("inf"))


def _closes_by_time(calls, limit, open_for):
    passed, failures, opened = [], 0, None
    for at, answers in calls:
        if opened is not None and at - opened >= open_for:
            failures, opened = 0, None
        passed.append(opened is None)
        if opened is None:
            failures = 0 if answers else failures + 1
            if failures >= limit:
                opened = at
    return passed


def _refusals_keep_it_open(calls, limit, open_for):
    passed, failures, opened = [], 0, None
    for at, answers in calls:
        if opened is not None and at - opened < open_for:
            passed.append(False)
            opened = at
            continue
        passed.append(True)
        failures = 0 if answers else failures + 1
        if answers:
            opened = None
        elif opened is not None or failures >= limit:
            opened = at
    return passed


def _traces(draw):
    """Calls as (second, whether the dependency would answer)."""
    limit, wait = draw.integer(3, 4), draw.integer(10, 15)
    start = draw.integer(1, 9)
    trip = [(start + i, False) for i in range(limit)]
    since = start + limit - 1  # the second in which it opens

    def case(name, calls, limit=limit):
        return Case(name, (calls, limit, wait))

    return [
        case("all is well", [(second, True) for second in range(6)]),
        case("down for good", [(second, False) for second in range(3 * wait)]),
        case("one failure short, over and over", ([(1, False)] * (limit - 1) + [(1, True)]) * 3),
        case(
            "just before the time is up, and then just at it",
            [*trip, (since + wait - 1, True), (since + wait, True)],
        ),
        case(
            "the trial fails, and the next is due later",
            [
                *trip,
                (since + wait, False),
                (since + wait + 1, True),
                (since + 2 * wait - 1, True),
                (since + 2 * wait, True),
                (since + 2 * wait + 1, True),
            ],
        ),
        case(
            "a late trial fails",
            [*trip, (since + wait + 7, False), (since + 2 * wait, True), (since + 2 * wait + 7, True)],
        ),
        case(
            "closed again, it needs as many failures as before",
            [*trip, (since + wait, True), *[(since + wait + 1 + i, False) for i in range(limit + 2)]],
        ),
        case("asked all the time while open", [*trip, *[(since + i, True) for i in range(1, wait + 3)]]),
        case(
            "a limit of one",
            [(0, False), (1, True), (wait, True), (wait + 1, True), (wait + 2, False), (wait + 3, True)],
            limit=1,
        ),
        case("nobody calls", []),
    ]


breaker_function = Function(
    name="breaker_function",
    title="A circuit breaker",
    question=(
        "Write let_through(calls, limit, open_for). Each call is a pair: the second in which it arrives, and "
        "whether the dependency would answer it. Return, for each call, True if the breaker lets it through. It "
        "opens after limit failures in a row. While open it lets nothing through for open_for seconds. The "
        "first call after that is a trial: if it is answered the breaker closes and counts from 0, if not it is "
        "open again from that second on."
    ),
    points=3,
    reference=_breaker,
    solution=let_through,
    cases=_traces,
    hints=(
        "Remember two things: failures in a row, and since when it has been open (None while closed).",
        "A call that is not let through is no failure: it changes nothing at all.",
        "A trial is a call that comes while opened is set and the time is up. One failure opens it again.",
    ),
    misconceptions=(
        Misconception(
            "failures in all",
            _counts_all_failures,
            "It counts failures since the beginning. Only failures in a row count: an answer sets the count back to 0.",
        ),
        Misconception(
            "never closes",
            _never_closes,
            "Once open, it stays open. After open_for seconds one call has to be let through, as a trial.",
        ),
        Misconception(
            "closes by time alone",
            _closes_by_time,
            "After the time is up it is closed as if nothing had happened. One failed trial has to open it again.",
        ),
        Misconception(
            "refused calls keep it open",
            _refusals_keep_it_open,
            "Every refused call restarts the time here, so a busy client never tries again.",
        ),
    ),
)


def in_rotation(checks, rise, fall):
    """After each check, whether the server gets requests."""
    up, against, history = True, 0, []
    for passed in checks:
        against = 0 if passed == up else against + 1
        if against == (fall if up else rise):
            up, against = not up, 0
        history.append(up)
    return history


def _checks(checks, rise, fall):
    return health_history(checks, rise, fall)


def _one_check_decides(checks, rise, fall):
    return list(checks)


def _rise_and_fall_changed_over(checks, rise, fall):
    return health_history(checks, fall, rise)


def _not_in_a_row(checks, rise, fall):
    up, against, history = True, 0, []
    for passed in checks:
        against += passed != up
        if against == (fall if up else rise):
            up, against = not up, 0
        history.append(up)
    return history


def _back_at_once(checks, rise, fall):
    return health_history(checks, 1, fall)


def _check_traces(draw):
    rise, fall = draw.choice([(2, 3), (2, 4), (3, 5)])

    def case(name, *runs):
        checks = [passed for passed, times in runs for _ in range(times)]
        return Case(name, (checks, rise, fall))

    flicker = [check for _ in range(4) for check in ((False, fall - 1), (True, 1))]
    return [
        case("always well", (True, 6)),
        case("it dies", (True, 2), (False, fall + 2)),
        case("one miss too few, over and over", *flicker),
        case("it dies and comes back", (False, fall), (True, rise + 2)),
        case(
            "it comes back, and falters once", (False, fall), (True, rise - 1), (False, 1), (True, rise + 1)
        ),
        case("down, up, and down again", (False, fall), (True, rise), (False, fall + 1), (True, rise)),
        case("down for long", (False, 3 * fall), (True, rise)),
        case("back, with a miss at once", (False, fall), (True, rise), (False, fall - 1), (True, 1)),
        Case("another rule", ([False, True, True, False, False, True, False, True, True, True], 3, 1)),
        Case("no check yet", ([], rise, fall)),
    ]


health_function = Function(
    name="health_function",
    title="When does a server leave, and when does it come back?",
    question=(
        "Write in_rotation(checks, rise, fall) for a load balancer. checks are the results of a server's health "
        "checks, True or False. The server starts in rotation. It leaves after fall failed checks in a row "
        "and comes back after rise passed checks in a row. Return, after each check, whether it is in rotation."
    ),
    points=2,
    reference=_checks,
    solution=in_rotation,
    cases=_check_traces,
    hints=(
        "Keep whether it is up, and how many checks in a row have contradicted that.",
        "A check that agrees with what you believe sets the count to 0.",
        "When the count reaches fall (while up) or rise (while down), turn around and count from 0.",
    ),
    misconceptions=(
        Misconception(
            "one check decides",
            _one_check_decides,
            "One lost packet takes a healthy server out here. It takes several checks in a row.",
        ),
        Misconception(
            "rise and fall changed over",
            _rise_and_fall_changed_over,
            "You have swapped the two: fall is for leaving, rise for coming back.",
        ),
        Misconception(
            "not in a row",
            _not_in_a_row,
            "It also counts misses with passed checks in between. A check that agrees sets the count to 0.",
        ),
        Misconception(
            "back at once",
            _back_at_once,
            "One passed check brings it back. A server that falters would go in and out: wait for rise of them.",
        ),
    ),
)
