"""Functions of lab 02: the order of the questions at kill time, and the verdict of an experiment."""

from datetime import UTC, datetime
from itertools import pairwise

import numpy as np

from faultlab.cases.netflix import AppConfig, Instance, InstanceGroup, MonkeyConfig, TooSoon
from faultlab.cases.netflix import terminate as terminate_by_monkey
from faultlab.classroom.answers.kinds import Function, Misconception
from faultlab.classroom.answers.sandbox import Case
from faultlab.design.experiments import verdict


def what_happens(state):
    """The first check that stops a kill, or "killed"."""
    if not state["enabled"]:
        return "enabled"
    if state["outage"] is not False:
        return "outage"
    if not state["account_enabled"]:
        return "account"
    if state["in_test"] and not state["leashed"]:
        return "test environment"
    if not state["app_enabled"]:
        return "app enabled"
    if state["whitelist"]:
        return "whitelist"
    if state["eligible"] < 1:
        return "eligible instance"
    if state["too_soon"]:
        return "minimum time"
    if not state["trackers_answer"]:
        return "trackers"
    return "leash" if state["leashed"] else "killed"


class _Memory:
    """Records that remember nothing but whether it is too soon."""

    def __init__(self, too_soon):
        self.too_soon = too_soon

    def check_and_record(self, instance, now, *rest):
        if self.too_soon:
            raise TooSoon(instance.id, now)


def _asked_of_the_package(state):
    def outage():
        if state["outage"] is None:
            raise OSError("no answer")
        return state["outage"]

    def track(*told):
        if not state["trackers_answer"]:
            raise OSError("no answer")

    config = MonkeyConfig(
        enabled=state["enabled"],
        leashed=state["leashed"],
        accounts=("prod",) if state["account_enabled"] else (),
    )
    found = terminate_by_monkey(
        InstanceGroup("web", "prod"),
        datetime(2026, 3, 2, 12, tzinfo=UTC),
        config,
        {"web": AppConfig(enabled=state["app_enabled"], whitelist=state["whitelist"])},
        [Instance("web-prod", "eu", str(n)) for n in range(state["eligible"])],
        _Memory(state["too_soon"]),  # type: ignore[arg-type]  # nothing else of records is called
        lambda one: None,
        np.random.default_rng(0),
        outage,
        [track],
        state["in_test"],
    )
    return found.stopped_by or "killed"


def _unknown_is_no_outage(state):
    return what_happens({**state, "outage": bool(state["outage"])})


def _the_leash_first(state):
    if state["enabled"] and state["leashed"]:
        return "leash"
    return what_happens(state)


def _the_minimum_first(state):
    if state["enabled"] and state["too_soon"]:
        return "minimum time"
    return what_happens(state)


def _told_afterwards(state):
    return what_happens({**state, "trackers_answer": True})


_NOES: dict[str, dict[str, bool | int | None]] = {
    "the monkey is switched off": {"enabled": False},
    "an outage": {"outage": True},
    "no answer about outages": {"outage": None},
    "an account that is not enabled": {"account_enabled": False},
    "off the leash in the test environment": {"in_test": True},
    "an owner who has not agreed": {"app_enabled": False},
    "a whitelist": {"whitelist": True},
    "nobody eligible": {"eligible": 0},
    "too soon": {"too_soon": True},
    "a tracker that gives no answer": {"trackers_answer": False},
    "on the leash": {"leashed": True},
}


def _states(draw):
    well = {
        "enabled": True,
        "outage": False,
        "account_enabled": True,
        "in_test": False,
        "leashed": False,
        "app_enabled": True,
        "whitelist": False,
        "eligible": draw.integer(2, 9),
        "too_soon": False,
        "trackers_answer": True,
    }
    names = list(_NOES)
    cases = [Case("nothing stops it", (well,)), Case("one is eligible", ({**well, "eligible": 1},))]
    cases += [Case(name, ({**well, **_NOES[name]},)) for name in names]
    for first, second in pairwise(names):
        cases.append(Case(f"{first}, and {second}", ({**well, **_NOES[first], **_NOES[second]},)))
    cases.append(Case("on the leash in the test environment", ({**well, "in_test": True, "leashed": True},)))
    for _ in range(4):
        some = draw.sample(names, 3)
        state = dict(well)
        for name in some:
            state.update(_NOES[name])
        cases.append(Case("; ".join(some), (state,)))
    return cases


order_of_checks = Function(
    name="order_of_checks",
    title="Ten questions, in order",
    question=(
        "Write what_happens(state). state is a dictionary: enabled, outage (True, False, or None if nobody can "
        "tell), account_enabled, in_test, leashed, app_enabled, whitelist, eligible (how many servers may be killed), "
        "too_soon, trackers_answer. Return the first check that stops the kill, by its name: enabled, outage, "
        "account, test environment, app enabled, whitelist, eligible instance, minimum time, trackers, leash. If "
        "nothing stops it, return killed."
    ),
    points=3,
    reference=_asked_of_the_package,
    solution=what_happens,
    cases=_states,
    hints=(
        "One if for each check, in the order in which they are named here.",
        "None means that nobody can tell. What should happen then?",
        "In the test environment it may run, as long as it is leashed.",
    ),
    misconceptions=(
        Misconception(
            "no answer taken for no outage",
            _unknown_is_no_outage,
            "If nobody can tell whether there is an outage, no server is killed.",
        ),
        Misconception(
            "the leash first",
            _the_leash_first,
            "In a dry run every question is asked too. The leash is the last of them.",
        ),
        Misconception(
            "the minimum time first",
            _the_minimum_first,
            "The minimum time is checked when a server has been picked, late in the order.",
        ),
        Misconception(
            "tells afterwards",
            _told_afterwards,
            "The trackers record the kill before it happens. If that fails, no server is killed.",
        ),
    ),
)


def judge(run):
    """What an experiment says; the hypothesis: at least 99 % of the requests are answered."""
    if run["before"] is None or run["before"] < 0.99:
        return "not started"
    if run["actions"] == [] or "failed" in run["actions"]:
        return "inconclusive"
    for share in [*run["during"], run["after"]]:
        if share is None or share < 0.99:
            return "refuted"
    return "held"


def _verdict_of_the_package(run):
    def state(share):
        met = share is not None and 0.99 <= share <= 1
        return {"steady_state_met": met, "probes": []}

    actions = [{"activity": {"type": "action"}, "status": status} for status in run["actions"]]
    states = {"before": state(run["before"]), "during": [state(share) for share in run["during"]]}
    states["after"] = state(run["after"])
    journal = {"status": "completed", "deviated": False, "steady_states": states, "run": actions}
    return verdict(journal).outcome


def _after_alone(run):
    return judge({**run, "before": 1.0, "during": []})


def _lame_is_held(run):
    return judge({**run, "actions": ["succeeded"]})


def _silence_is_good(run):
    def heard(share):
        return 1.0 if share is None else share

    return judge(
        {
            **run,
            "before": heard(run["before"]),
            "during": [heard(share) for share in run["during"]],
            "after": heard(run["after"]),
        }
    )


def _on_average(run):
    shares = [share for share in [*run["during"], run["after"]] if share is not None]
    silent = len(shares) < len(run["during"]) + 1
    return judge({**run, "during": [], "after": None if silent else sum(shares) / len(shares)})


def _journals(draw):
    good, bad = draw.between(0.992, 0.999, 4), draw.between(0.4, 0.95, 3)
    well = {"before": good, "actions": ["succeeded"], "during": [], "after": good}
    return [
        Case("all is well", (well,)),
        Case("every request is answered", ({**well, "before": 1.0, "after": 1.0},)),
        Case("just at the limit", ({**well, "before": 0.99, "after": 0.99},)),
        Case("broken afterwards", ({**well, "after": bad},)),
        Case("broken before", ({**well, "before": bad},)),
        Case("broken before and after", ({**well, "before": bad, "after": bad},)),
        Case("no answer before", ({**well, "before": None},)),
        Case("no answer afterwards", ({**well, "after": None},)),
        Case("the kill failed", ({**well, "actions": ["failed"]},)),
        Case("one of two kills failed", ({**well, "actions": ["succeeded", "failed"]},)),
        Case("the kill failed, and it broke all the same", ({**well, "actions": ["failed"], "after": bad},)),
        Case("nothing was done", ({**well, "actions": []},)),
        Case("broken in between, well at the end", ({**well, "during": [good, bad, good]},)),
        Case("no answer in between", ({**well, "during": [good, None]},)),
        Case("well in between", ({**well, "during": [good, 0.995]},)),
        Case("a short dip that the average hides", ({**well, "during": [1.0] * 9 + [0.95]},)),
    ]


verdict_of_a_run = Function(
    name="verdict_of_a_run",
    title="What does the experiment say?",
    question=(
        'Write judge(run) for the hypothesis "at least 99 % of the requests are answered". run has before and after, '
        "the shares that were answered (from 0 to 1, or None if nobody could measure); during, a list of such "
        'shares; and actions, a list of "succeeded" and "failed". Return "not started" if the hypothesis did '
        'not hold before, "inconclusive" if no action was done or one failed, "refuted" if it broke during or '
        'after, and "held" otherwise.'
    ),
    points=3,
    reference=_verdict_of_the_package,
    solution=judge,
    cases=_journals,
    hints=(
        "Four questions in this order: did it hold before? Did the fault really happen? Did it break? If not, it held.",
        "What nobody could measure did not hold.",
        "One broken moment refutes it, however good the others were.",
    ),
    misconceptions=(
        Misconception(
            "looks at the end only",
            _after_alone,
            "Look before as well: if it was broken already, nothing was tested. And in between it may have broken "
            "and recovered.",
        ),
        Misconception(
            "a fault that failed counts as survived",
            _lame_is_held,
            "If the fault did not happen, the system survived nothing.",
        ),
        Misconception(
            "no answer taken for a good one",
            _silence_is_good,
            "A probe that gives no answer doesn't show that all is well.",
        ),
        Misconception(
            "judges by the average",
            _on_average,
            "The average hides a dip. One broken moment refutes the hypothesis.",
        ),
    ),
)
