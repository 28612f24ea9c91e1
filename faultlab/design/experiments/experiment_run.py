"""Run an experiment in this very process, over any clock, and keep a journal.

The journal has the Chaos Toolkit's form, so that one `verdict` reads both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from faultlab.design.calls.clocks import WallClock
from faultlab.design.experiments.experiment import Action, within
from faultlab.design.experiments.experiment_json import write_experiment
from faultlab.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable

    from faultlab.design.calls.clocks import VirtualClock
    from faultlab.design.experiments.experiment import Experiment


def run_experiment(
    experiment: Experiment,
    activities: dict[str, Callable[..., Any]],
    clock: WallClock | VirtualClock | None = None,
) -> dict[str, Any]:
    """Check the steady state, break something, check again, and mend it.

    Parameters
    ----------
    experiment : Experiment
    activities : dict
        What the experiment may call: from "module.func" of a Python provider, or from the name of an
        activity, to a callable that takes the provider's arguments. Nothing else is called.
    clock : WallClock or VirtualClock, optional

    Returns
    -------
    dict
        The journal: `status`, `deviated`, `steady_states`, `run`, `rollbacks`, `duration`. Hand it to
        `verdict`.

    Raises
    ------
    BadInput
        Before anything is done, if an activity is not among those given.

    Notes
    -----
    If the steady state does not hold at the start, nothing is done, so nothing is rolled back. Otherwise
    the rollbacks are played whatever happens, an interrupt included. With `stop_every`, the hypothesis is
    looked at after each step and in the pauses; the first break ends the method.

    Examples
    --------
    >>> from faultlab.design.calls import VirtualClock
    >>> from faultlab.design.experiments.experiment import Experiment, Hypothesis, Probe, python_provider
    >>> from faultlab.design.experiments.verdicts import verdict
    >>> workers = {"up": 4}
    >>> up = Probe("workers up", python_provider("fleet", "up"), tolerance=[3, 4])
    >>> kill = Action("kill one", python_provider("fleet", "kill"), pause_after=1)
    >>> one = Experiment("A kill", "Is one spare enough?", Hypothesis("3 workers are up", [up]), [kill])
    >>> journal = run_experiment(one, {"fleet.up": lambda: workers["up"],
    ...                                "fleet.kill": lambda: workers.update(up=3)}, VirtualClock())
    >>> verdict(journal).outcome
    'held'
    """
    clock = WallClock() if clock is None else clock
    called = {id(step): _callable(step, activities) for step in _all_steps(experiment)}
    began = clock()
    journal: dict[str, Any] = {
        "experiment": write_experiment(experiment),
        "status": "completed",
        "deviated": False,
        "steady_states": {"before": None, "during": [], "after": None},
        "run": [],
        "rollbacks": [],
    }

    def look():
        return _steady_state(experiment.hypothesis, called, clock)

    before = journal["steady_states"]["before"] = look()
    if not before["steady_state_met"]:
        if before["probes"][-1]["status"] == "failed":
            journal["status"] = "failed"
        journal["duration"] = clock() - began
        return journal
    try:
        stopped = _method(experiment, called, clock, journal, look)
        after = journal["steady_states"]["after"] = look()
        journal["deviated"] = not after["steady_state_met"]
        if stopped:
            journal["status"] = "failed"
    except BaseException:
        journal["status"] = "interrupted"
        raise
    finally:
        for step in experiment.rollbacks:
            clock.sleep(step.pause_before)
            journal["rollbacks"].append(_run(step, called, clock))
            clock.sleep(step.pause_after)
    journal["duration"] = clock() - began
    return journal


def _method(experiment, called, clock, journal, look):
    """Play the method; return whether the stop condition ended it."""

    def broken():
        journal["steady_states"]["during"].append(look())
        return not journal["steady_states"]["during"][-1]["steady_state_met"]

    def broken_while_waiting(seconds):
        every = experiment.stop_every
        while every is not None and seconds > every:
            clock.sleep(every)
            seconds -= every
            if broken():
                return True
        clock.sleep(seconds)
        return every is not None and seconds > 0 and broken()

    for step in experiment.method:
        if broken_while_waiting(step.pause_before):
            return True
        journal["run"].append(_run(step, called, clock))
        if experiment.stop_every is not None and broken():
            return True
        if broken_while_waiting(step.pause_after):
            return True
    return False


def _steady_state(hypothesis, called, clock):
    """Run the probes in their order, up to the first one that is out of its tolerance."""
    state: dict[str, Any] = {"steady_state_met": True, "probes": []}
    for probe in hypothesis.probes:
        run = _run(probe, called, clock)
        run["tolerance_met"] = run["status"] == "succeeded" and within(probe.tolerance, run["output"])
        state["probes"].append(run)
        if not run["tolerance_met"]:
            state["steady_state_met"] = False
            break
    return state


def _run(step, called, clock):
    began = clock()
    kind = "action" if isinstance(step, Action) else "probe"
    run: dict[str, Any] = {"activity": {"type": kind, "name": step.name, "provider": step.provider}}
    try:
        run.update(output=called[id(step)](), status="succeeded")
    except Exception as wrong:
        run.update(output=None, status="failed", exception=f"{type(wrong).__name__}: {wrong}")
    run["duration"] = clock() - began
    return run


def _all_steps(experiment):
    return (*experiment.hypothesis.probes, *experiment.method, *experiment.rollbacks)


def _callable(step, activities):
    if step.more.get("background"):
        raise BadInput(f"Activity {step.name!r} runs in the background; only the `chaos` program does that.")
    provider = step.provider
    dotted = f"{provider['module']}.{provider['func']}" if provider["type"] == "python" else None
    for name in (dotted, step.name):
        if name in activities:
            arguments = provider.get("arguments", {}) if provider["type"] == "python" else {}
            return lambda: activities[name](**arguments)
    known = ", ".join(sorted(activities)) or "none"
    wanted = dotted or f"a program or an address ({provider['type']})"
    raise BadInput(f"Activity {step.name!r} calls {wanted}, which is not known here; known are: {known}.")
