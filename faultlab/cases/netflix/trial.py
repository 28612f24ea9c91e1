"""Kestrel's first chaos experiment: a hypothesis, a monkey, real processes, and a verdict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from faultlab.cases.netflix.fleet import EVERY_DAY, FLEET_MONKEY, FleetPrey, failing
from faultlab.cases.netflix.hunting import Hunt, hunt, unleashed
from faultlab.design.experiments import Action, Experiment, Hypothesis, Probe, python_provider, run_experiment
from faultlab.errors import BadInput
from faultlab.live import Fleet, Run, recorded_run

ANSWERED = (0.99, 1)
WORKERS, RATE, DAYS, SECONDS_A_DAY, SEED = 4, 80, 5, 2.5, 2

ONE_WORKER_DIES = Experiment(
    title="One web server a day dies",
    description="Does a customer notice when Chaos Monkey kills one of Kestrel's four web servers?",
    hypothesis=Hypothesis(
        "At least 99 % of all requests are answered",
        [Probe("share answered", python_provider("kestrel", "answered"), tolerance=list(ANSWERED))],
    ),
    method=[Action("let Chaos Monkey run live for a week", python_provider("kestrel", "unleash"))],
    blast_radius="one of four web servers at a time; no customer's data",
)


@dataclass(frozen=True)
class Trial:
    """What came of the experiment.

    Attributes
    ----------
    run : faultlab.live.Run
    hunt : Hunt or None
        None if the run was recorded.
    journal : dict
        For `faultlab.design.verdict`.
    started : float
        Seconds of the run at which the monkey was let loose.
    """

    run: Run
    hunt: Hunt | None
    journal: dict[str, Any]
    started: float


def try_monkey(retries: int = 0) -> Trial:
    """Start a fleet, load it, let the monkey loose for five days from a Monday on, and judge the hypothesis.

    Parameters
    ----------
    retries : int
        Other servers that the load balancer tries when one refuses a request.

    Returns
    -------
    Trial

    Raises
    ------
    BadInput
        Where no processes can be started; take `recorded_trial` then.
    """
    monkey = unleashed(FLEET_MONKEY)
    with Fleet(workers=WORKERS, seed=SEED, restart_after=1.0, balancer_retries=retries) as running:
        # A patient customer, so that on a busy machine nothing but the kills makes requests fail.
        running.load(seconds=(DAYS + 2) * SECONDS_A_DAY + 30, rate=RATE, timeout_ms=2500)
        running.wait_until(lambda run: run.requests > 2 * RATE)
        prey, done = FleetPrey(running), []

        def unleash():
            done.append(running.run().length)
            stop = failing(running)
            done.append(
                hunt(prey, monkey, EVERY_DAY, DAYS, seconds_a_day=SECONDS_A_DAY, seed=SEED, stop=stop)
            )

        journal = run_experiment(
            ONE_WORKER_DIES, {"kestrel.answered": _since_last(running.run), "kestrel.unleash": unleash}
        )
        run = running.run()
    started, found = done if len(done) == 2 else (run.length, None)
    return Trial(run, found, journal, started)


def monkey_trial(retries: int = 0) -> Trial:
    """Return a trial on real processes, or the recorded one where no processes can be started.

    Parameters
    ----------
    retries : int
        0 or 1: other servers that the load balancer tries when one refuses a request.
    """
    recorded = ("monkey", "monkey_with_a_retry")
    if retries not in (0, 1):
        raise BadInput(f"There is a trial with 0 retries and one with 1, not with {retries!r}.")
    try:
        return try_monkey(retries)
    except BadInput as wrong:
        if "recorded run" not in str(wrong):
            raise
        return recorded_trial(recorded[retries])


def recorded_trial(name: str) -> Trial:
    """Return a trial that was recorded, judged by the same rules.

    Parameters
    ----------
    name : str
        "monkey", or "monkey_with_a_retry".

    Examples
    --------
    >>> from faultlab.design.experiments import verdict
    >>> verdict(recorded_trial("monkey").journal).outcome
    'refuted'
    """
    run = recorded_run(name)
    kills = [event.t for event in run.events if event.kind == "kill"]
    if not kills:
        raise BadInput(f"In the recorded run {name!r} nobody was killed.")
    at = [kills[0], run.length]
    before = _since_last(lambda: run.until(at[0]))
    journal = run_experiment(
        ONE_WORKER_DIES, {"kestrel.answered": before, "kestrel.unleash": lambda: at.pop(0)}
    )
    # The first kill of a hunt comes on Monday at 09:39, a second after its midnight.
    return Trial(run, None, journal, kills[0] - 1.0)


def _since_last(look):
    """A probe: the share of requests that were answered since it was asked the last time."""
    seen = [0, 0]

    def answered():
        run = look()
        now = [run.requests, sum(run.errors.values())]
        requests, failed = now[0] - seen[0], now[1] - seen[1]
        seen[:] = now
        return 1 - failed / requests if requests else None

    return answered
