"""What an experiment says, read from its journal; and what many runs say together.

The `chaos` program's exit status does not tell. It is 0 when the hypothesis did not hold before the method,
so that nothing was tried, and 0 when the action failed, so that nothing was broken (tried with
chaostoolkit-lib 1.44). The journal tells.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from faultlab.design.experiments.experiment_json import read_json
from faultlab.errors import BadInput
from faultlab.metrics.estimates import CONFIDENCE_OF_TRIALS, exact_share

if TYPE_CHECKING:
    from collections.abc import Iterable

    from faultlab.metrics.estimates import Estimate

HELD, REFUTED, NOT_STARTED, INCONCLUSIVE = "held", "refuted", "not started", "inconclusive"


@dataclass(frozen=True)
class Verdict:
    """`outcome` is "held", "refuted", "not started" or "inconclusive"; `reason` is a sentence.

    `warnings` are sentences about what went wrong beside: a rollback that failed, for example.
    """

    outcome: str
    reason: str
    warnings: tuple[str, ...] = ()

    def __str__(self):
        return f"{self.outcome}: {self.reason}"


def verdict(journal: str | Path | dict[str, Any]) -> Verdict:
    """Read the verdict from a journal.

    Parameters
    ----------
    journal : path-like or dict
        As written by ``chaos run --journal-path``, or returned by `run_experiment`.

    Returns
    -------
    Verdict
        "refuted" if the steady state broke during or after the method; a probe that got no answer counts
        as a break. "not started" if it did not hold before. "inconclusive" if an action failed, so that
        the fault never happened, or the run did not come to its end.

    Examples
    --------
    >>> print(verdict({"status": "completed", "deviated": False, "run": [],
    ...                "steady_states": {"before": {"steady_state_met": False, "probes": []}}}))
    not started: The steady state did not hold before the method, so nothing was tried.
    """
    journal = journal if isinstance(journal, dict) else read_json(journal)
    states = journal.get("steady_states")
    if not isinstance(states, dict) or "status" not in journal:
        raise BadInput("This is no journal of an experiment: it lacks 'status' or 'steady_states'.")
    warnings = tuple(
        f"Rollback {_name(run)!r} failed; look whether all is as before."
        for run in journal.get("rollbacks") or []
        if _failed(run)
    )

    def found(outcome, reason):
        return Verdict(outcome, reason, warnings)

    before, after = states.get("before"), states.get("after")
    if not before:
        return found(INCONCLUSIVE, "The steady state was not looked at before the method.")
    if not before.get("steady_state_met"):
        why = _first_break([before])
        return found(
            NOT_STARTED, f"The steady state did not hold before the method{why}, so nothing was tried."
        )
    runs = journal.get("run") or []
    actions = [run for run in runs if run.get("activity", {}).get("type") == "action"]
    broken = [
        state for state in [*(states.get("during") or []), after] if state and not state["steady_state_met"]
    ]
    lame = next((run for run in actions if _failed(run)), None)
    if lame is not None:
        too = "; the steady state broke all the same, so look why" if broken else ""
        return found(INCONCLUSIVE, f"Action {_name(lame)!r} failed, so the fault did not happen{too}.")
    if broken:
        return found(REFUTED, f"The steady state broke{_first_break(broken)}.")
    if journal["status"] in ("interrupted", "aborted", "failed"):
        return found(INCONCLUSIVE, f"The run was {journal['status']} before its end.")
    if not actions:
        return found(INCONCLUSIVE, "No action was done, so nothing was tried.")
    if not after:
        return found(INCONCLUSIVE, "The steady state was not looked at after the method.")
    return found(HELD, "The steady state held through the method, this time.")


def survival(verdicts: Iterable[Verdict | str]) -> Estimate:
    """Return the share of runs that the system survives, with its exact interval.

    Parameters
    ----------
    verdicts : sequence of Verdict or str
        Runs that were not started or inconclusive say nothing and are left out.

    Returns
    -------
    Estimate
        With a two-sided interval; if all held, or none, the open side gets all of its confidence.

    Examples
    --------
    Twenty kills, all survived: the system may still fail at one kill in eight.

    >>> found = survival(["held"] * 20)
    >>> found.value, round(found.low, 3)
    (1.0, 0.861)
    """
    outcomes = [one.outcome if isinstance(one, Verdict) else one for one in verdicts]
    unknown = set(outcomes) - {HELD, REFUTED, NOT_STARTED, INCONCLUSIVE}
    if unknown:
        raise BadInput(f"There is no outcome {min(map(str, unknown))!r} of an experiment.")
    held, refuted = outcomes.count(HELD), outcomes.count(REFUTED)
    if held + refuted == 0:
        raise BadInput("No run came to a verdict, so nothing is known; run the experiment first.")
    silent = len(outcomes) - held - refuted
    left_out = f"; {silent} runs without a verdict left out" if silent else ""
    return exact_share(held, held + refuted, CONFIDENCE_OF_TRIALS).with_method(
        f"{held} of {held + refuted} runs held, exact binomial{left_out}"
    )


def _failed(run):
    """Whether an activity failed; a program does so with a status that is not 0, and is called a success."""
    if run.get("status") != "succeeded":
        return True
    is_process = run.get("activity", {}).get("provider", {}).get("type") == "process"
    output = run.get("output")
    return is_process and isinstance(output, dict) and output.get("status", 0) != 0


def _first_break(states):
    for state in states:
        for probe in state.get("probes") or []:
            if probe.get("status") != "succeeded":
                return f" (probe {_name(probe)!r} got no answer)"
            if probe.get("tolerance_met") is False:
                return f" (probe {_name(probe)!r} was out of its tolerance)"
    return ""


def _name(run):
    return run.get("activity", {}).get("name", "without a name")
