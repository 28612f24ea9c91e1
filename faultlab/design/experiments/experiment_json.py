"""Experiments as files of the Chaos Toolkit, which its `chaos` program runs unchanged.

Two of its defaults are changed in what we write. Rollbacks are always played: by default they are left out
when a run failed, which is when they are needed. And with a stop condition the steady state is watched
while the method runs; how often, and that it stops, the program takes from its command line only.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from faultlab.design.experiments.experiment import Probe
from faultlab.errors import BadInput

if TYPE_CHECKING:
    from faultlab.design.experiments.experiment import Experiment

EXTENSION = "faultlab"


def write_experiment(experiment: Experiment, path: str | Path | None = None) -> dict[str, Any]:
    """Return an experiment as a dictionary in the Chaos Toolkit's format; write it as JSON, given a path.

    Parameters
    ----------
    experiment : Experiment
    path : path-like, optional

    Examples
    --------
    >>> from faultlab.design.experiments.experiment import Action, Experiment, Hypothesis, Probe
    >>> from faultlab.design.experiments.experiment import http_provider
    >>> answers = Probe("the shop answers", http_provider("http://127.0.0.1:8000/"), tolerance=200)
    >>> stop = Action("stop a worker", {"type": "process", "path": "pkill", "arguments": "-f worker-1"})
    >>> one = Experiment("A worker stops", "Do we notice?", Hypothesis("The shop answers", [answers]), [stop])
    >>> sorted(write_experiment(one)["steady-state-hypothesis"])
    ['probes', 'title']
    """
    strategy = "default" if experiment.stop_every is None else "continuously"
    ours: dict[str, Any] = {"name": EXTENSION, "blast_radius": experiment.blast_radius}
    if experiment.stop_every is not None:
        ours["stop_every"] = experiment.stop_every
    kept = dict(experiment.other)
    document = {
        "title": experiment.title,
        "description": experiment.description,
        "steady-state-hypothesis": {
            "title": experiment.hypothesis.title,
            "probes": [_as_dict(probe) for probe in experiment.hypothesis.probes],
        },
        "method": [_as_dict(step) for step in experiment.method],
        "rollbacks": [_as_dict(step) for step in experiment.rollbacks],
        "runtime": {"hypothesis": {"strategy": strategy}, "rollbacks": {"strategy": "always"}},
        "extensions": [*kept.pop("extensions", []), ours],
        **kept,
    }
    if path is not None:
        Path(path).write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    return document


def read_json(path: str | Path) -> dict[str, Any]:
    """Read a JSON object from a file; refuse anything else with the name of the file."""
    path = Path(path)
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as wrong:
        raise BadInput(f"{path.name} can't be read ({wrong.strerror}); check the path.") from None
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as wrong:
        line = f", line {wrong.lineno}" if isinstance(wrong, json.JSONDecodeError) else ""
        raise BadInput(f"{path.name} is not JSON{line}; mend it in an editor that marks mistakes.") from None
    if not isinstance(document, dict):
        raise BadInput(f"{path.name} holds no JSON object; it starts with '{{'.")
    return document


def _as_dict(activity):
    pauses = {
        name: seconds
        for name, seconds in (("before", activity.pause_before), ("after", activity.pause_after))
        if seconds
    }
    found = {"type": "probe" if isinstance(activity, Probe) else "action", "name": activity.name}
    if isinstance(activity, Probe) and activity.tolerance is not None:
        found["tolerance"] = activity.tolerance
    return {**found, "provider": activity.provider, **({"pauses": pauses} if pauses else {}), **activity.more}
