"""Experiments as files of the Chaos Toolkit, which its `chaos` program runs unchanged.

Two of its defaults are changed in what we write. Rollbacks are always played: by default they are left out
when a run failed, which is when they are needed. And with a stop condition the steady state is watched
while the method runs; how often, and that it stops, the program takes from its command line only, so
`chaos_command` says it there.
"""

import json
from pathlib import Path

from faultlab.design.experiment import Action, Experiment, Hypothesis, Probe
from faultlab.errors import BadInput

EXTENSION = "faultlab"
USED = ("title", "description", "steady-state-hypothesis", "method", "rollbacks", "runtime", "extensions")
ACTIVITY_PARTS = ("type", "name", "tolerance", "provider", "pauses")


def write_experiment(experiment, path=None):
    """Return an experiment as a dictionary in the Chaos Toolkit's format; write it as JSON, given a path.

    Parameters
    ----------
    experiment : Experiment
    path : path-like, optional

    Examples
    --------
    >>> from faultlab.design import Action, Experiment, Hypothesis, Probe, http_provider, process_provider
    >>> answers = Probe("the shop answers", http_provider("http://127.0.0.1:8000/"), tolerance=200)
    >>> stop = Action("stop a worker", process_provider("pkill", "-f", "worker-1"))
    >>> one = Experiment("A worker stops", "Do we notice?", Hypothesis("The shop answers", [answers]), [stop])
    >>> read_experiment(write_experiment(one)) == one
    True
    """
    strategy = "default" if experiment.stop_every is None else "continuously"
    ours = {"name": EXTENSION, "blast_radius": experiment.blast_radius}
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


def read_experiment(source):
    """Read an experiment from a file, or from a dictionary in the Chaos Toolkit's format.

    Nothing that the file names is imported, called or run.

    Parameters
    ----------
    source : path-like or dict

    Returns
    -------
    Experiment

    Raises
    ------
    BadInput
        If it is no JSON, lacks a part, names an unknown provider, or its hypothesis can't be refuted.
    """
    document = source if isinstance(source, dict) else read_json(source)
    hypothesis = document.get("steady-state-hypothesis")
    if not isinstance(hypothesis, dict):
        raise BadInput("The experiment has no 'steady-state-hypothesis'; without one, nothing is tested.")
    extensions = _list(document, "extensions")
    ours = next((one for one in extensions if isinstance(one, dict) and one.get("name") == EXTENSION), {})
    other = {name: part for name, part in document.items() if name not in USED}
    theirs = [one for one in extensions if one is not ours]
    if theirs:
        other["extensions"] = theirs
    named = {}
    probes = [_activity(one, "the hypothesis", named) for one in _list(hypothesis, "probes")]
    method = [_activity(one, "the method", named) for one in _list(document, "method")]
    rollbacks = [_activity(one, "the rollbacks", named) for one in _list(document, "rollbacks")]
    return Experiment(
        document.get("title"),
        document.get("description"),
        Hypothesis(hypothesis.get("title"), probes),
        method,
        rollbacks,
        str(ours.get("blast_radius", "")),
        ours.get("stop_every"),
        other,
    )


def read_json(path):
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


def chaos_command(experiment, path, journal):
    """Return the arguments that run a saved experiment with the Chaos Toolkit.

    Examples
    --------
    >>> from faultlab.design import Action, Experiment, Hypothesis, Probe, python_provider
    >>> up = Probe("up", python_provider("shop", "up"), tolerance=True)
    >>> kill = Action("kill", python_provider("shop", "kill"))
    >>> one = Experiment("T", "D", Hypothesis("It is up", [up]), [kill], stop_every=0.5)
    >>> " ".join(chaos_command(one, "e.json", "j.json"))
    'chaos --no-version-check run --journal-path j.json --hypothesis-frequency 0.5 --fail-fast e.json'
    """
    watch = []
    if experiment.stop_every is not None:
        watch = ["--hypothesis-frequency", f"{experiment.stop_every:g}", "--fail-fast"]
    return ["chaos", "--no-version-check", "run", "--journal-path", str(journal), *watch, str(path)]


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


def _activity(document, place, named):
    if not isinstance(document, dict):
        raise BadInput(f"In {place} stands {document!r}, which is no probe and no action.")
    if "ref" in document:
        if document["ref"] not in named:
            raise BadInput(f"In {place}, 'ref' names {document['ref']!r}, which was not defined before.")
        return named[document["ref"]]
    kind, name = document.get("type"), document.get("name")
    if kind not in ("probe", "action"):
        raise BadInput(f"In {place}, {name!r} has the type {kind!r}; use 'probe' or 'action'.")
    pauses = document.get("pauses", {})
    if not isinstance(pauses, dict):
        raise BadInput(f"In {place}, the pauses of {name!r} are {pauses!r}; write {{'after': 2}}.")
    more = {part: value for part, value in document.items() if part not in ACTIVITY_PARTS}
    parts = (pauses.get("before", 0.0), pauses.get("after", 0.0), more)
    if kind == "probe":
        activity = Probe(name, document.get("provider"), document.get("tolerance"), *parts)
    else:
        activity = Action(name, document.get("provider"), *parts)
    named[name] = activity
    return activity


def _list(document, name):
    found = document.get(name, [])
    if not isinstance(found, list):
        raise BadInput(f"{name!r} is a list, not {found!r}.")
    return found
