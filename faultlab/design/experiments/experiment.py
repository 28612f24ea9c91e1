"""A chaos experiment: what you believe, what you break, how you mend it, and when you stop.

The parts are those of the Chaos Toolkit's experiment format, so that its `chaos` program runs what
`write_experiment` saves. Blast radius and stop condition are ours; in the file they stand where the format
has room for them.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from faultlab.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Sequence

PROVIDERS = {"python": ("module", "func"), "http": ("url",), "process": ("path",)}


@dataclass(frozen=True)
class Probe:
    """A measurement. In a hypothesis it has a tolerance: what it may return while all is well.

    Parameters
    ----------
    name : str
    provider : dict
        Who measures, as made by `python_provider` or `http_provider`, or a dictionary of the same form.
    tolerance : optional
        A number, text or True that it has to equal; `[low, high]`, both included; a longer list of allowed
        values; ``{"type": "regex", "pattern": ...}`` or ``{"type": "range", "range": [low, high]}``. With
        a status (of HTTP, or of a process) a number or list is about the status.
    pause_before, pause_after : float
        Seconds, in the method.
    more : dict
        What else a file says about it (controls, secrets ...), kept for writing it again.
    """

    name: str
    provider: dict[str, Any]
    tolerance: Any = None
    pause_before: float = 0.0
    pause_after: float = 0.0
    more: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self):
        _check_activity("probe", self)
        if self.tolerance is not None:
            check_tolerance(self.name, self.tolerance)


@dataclass(frozen=True)
class Action:
    """Something that is done: the fault itself, or its rollback. Pauses are in seconds."""

    name: str
    provider: dict[str, Any]
    pause_before: float = 0.0
    pause_after: float = 0.0
    more: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self):
        _check_activity("action", self)


@dataclass(frozen=True)
class Hypothesis:
    """The steady state: a sentence, and the probes that say whether it holds."""

    title: str
    probes: Sequence[Probe]

    def __post_init__(self):
        object.__setattr__(self, "probes", tuple(self.probes))
        if not (isinstance(self.title, str) and self.title.strip()):
            raise BadInput("A hypothesis needs a title: one sentence that can turn out to be false.")
        if not self.probes:
            raise BadInput(f"Hypothesis {self.title!r} has no probe, so nothing can refute it; give it one.")
        for probe in self.probes:
            if not isinstance(probe, Probe) or probe.tolerance is None:
                raise BadInput(
                    f"Hypothesis {self.title!r}: {getattr(probe, 'name', probe)!r} needs a tolerance, "
                    "what the probe may return while all is well."
                )


@dataclass(frozen=True)
class Experiment:
    """A hypothesis and an attempt to refute it.

    Parameters
    ----------
    title, description : str
    hypothesis : Hypothesis
    method : sequence of Action and Probe
        At least one action: without a fault nothing is tried.
    rollbacks : sequence of Action
        Done at the end, whatever happened.
    blast_radius : str
        What may be hit at most, in words: "one worker of four, no customer's data".
    stop_every : float, optional
        The stop condition: while the method runs, look at the hypothesis every so many seconds, and stop
        at the first break.
    other : dict
        Parts of a file that are not used here (configuration, tags ...), kept for writing it again.

    Examples
    --------
    >>> up = Probe("share of requests answered", python_provider("shop", "success"), tolerance=[0.99, 1])
    >>> kill = Action("kill a worker", python_provider("shop", "kill", worker=1), pause_after=2)
    >>> test = Experiment("One worker dies", "Do customers notice?", Hypothesis("99 % are answered", [up]),
    ...                   [kill], blast_radius="one worker of four")
    >>> within([0.99, 1], 0.995), within([0.99, 1], 0.9)
    (True, False)
    """

    title: str
    description: str
    hypothesis: Hypothesis
    method: Sequence[Action | Probe]
    rollbacks: Sequence[Action] = ()
    blast_radius: str = ""
    stop_every: float | None = None
    other: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self):
        object.__setattr__(self, "method", tuple(self.method))
        object.__setattr__(self, "rollbacks", tuple(self.rollbacks))
        for name, text in (("title", self.title), ("description", self.description)):
            if not (isinstance(text, str) and text.strip()):
                raise BadInput(f"An experiment needs a {name} in words.")
        if not any(isinstance(step, Action) for step in self.method):
            raise BadInput(f"Experiment {self.title!r} has no action in its method; say what to break.")
        if self.stop_every is not None and not (_is_number(self.stop_every) and self.stop_every > 0):
            raise BadInput(f"The stop condition is looked at every so many seconds, not {self.stop_every!r}.")


def python_provider(module: str, func: str, **arguments: Any) -> dict[str, Any]:
    """Return a provider that calls a Python function by the name of its module and its own.

    >>> python_provider("shop", "kill", worker=1)
    {'type': 'python', 'module': 'shop', 'func': 'kill', 'arguments': {'worker': 1}}
    """
    return _provider("python", module=module, func=func, arguments=arguments)


def http_provider(url: str, method: str = "GET", timeout: int = 3, **more: Any) -> dict[str, Any]:
    """Return a provider that makes an HTTP request; its result is a status, headers and a body.

    >>> http_provider("http://127.0.0.1:8000/")
    {'type': 'http', 'url': 'http://127.0.0.1:8000/', 'method': 'GET', 'timeout': 3}
    """
    return _provider("http", url=url, method=method, timeout=timeout, **more)


def within(tolerance: Any, value: Any) -> bool:
    """Whether a probe's value lies within its tolerance, by the Chaos Toolkit's rules.

    >>> within(200, {"status": 200, "body": "ok"}), within({"type": "regex", "pattern": "^ok"}, "ok, 3 up")
    (True, True)
    """
    if isinstance(tolerance, dict):
        if tolerance["type"] not in ("regex", "range"):
            raise BadInput(f"A tolerance of type {tolerance['type']!r} is one for the `chaos` program only.")
        if "target" in tolerance and isinstance(value, dict):
            value = value.get(tolerance["target"], value)
        if tolerance["type"] == "regex":
            return isinstance(value, str) and re.search(tolerance["pattern"], value) is not None
        try:
            number = float(value)
        except (TypeError, ValueError):
            return False
        low, high = tolerance["range"]
        return low <= number <= high
    if isinstance(value, dict) and "status" in value and isinstance(tolerance, int | list):
        if isinstance(tolerance, bool):
            return False
        # A list is then one of statuses, even with two places.
        return value["status"] in (tolerance if isinstance(tolerance, list) else [tolerance])
    if isinstance(tolerance, list) and len(tolerance) == 2:
        try:
            return bool(tolerance[0] <= value <= tolerance[1])
        except TypeError:
            return False
    return value in tolerance if isinstance(tolerance, list) else value == tolerance


def check_tolerance(name: str, tolerance: Any) -> None:
    """Refuse a tolerance that nothing can be compared with."""
    place = f"The tolerance of probe {name!r}"
    if isinstance(tolerance, float):
        raise BadInput(f"{place} is one decimal number, {tolerance!r}; give a range, such as [0.99, 1].")
    if isinstance(tolerance, bool | int | str):
        return
    if isinstance(tolerance, list):
        if not tolerance:
            raise BadInput(f"{place} is an empty list, which nothing is in; name the values.")
        if len(tolerance) == 2 and all(_is_number(end) for end in tolerance) and tolerance[0] > tolerance[1]:
            raise BadInput(f"{place} is a range that ends below its start: {tolerance!r}; swap the two.")
        return
    kind = tolerance.get("type") if isinstance(tolerance, dict) else None
    if kind == "range":
        ends = tolerance.get("range")
        if isinstance(ends, list) and len(ends) == 2 and all(map(_is_number, ends)) and ends[0] <= ends[1]:
            return
        raise BadInput(f"{place} needs a range of two numbers, the lower one first, not {ends!r}.")
    if kind == "regex":
        try:
            re.compile(tolerance["pattern"])
        except (KeyError, TypeError, re.error) as wrong:
            raise BadInput(f"{place} needs a pattern that is a regular expression ({wrong}).") from None
        return
    if kind == "jsonpath" and isinstance(tolerance.get("path"), str) and tolerance["path"].strip():
        return
    if kind == "probe":
        Probe(f"{name}, tolerance", tolerance.get("provider"))
        return
    raise BadInput(f"{place} can't be used: {tolerance!r}; give a value, a range, a list, or a regex.")


def _provider(kind, **parts):
    return {"type": kind, **{name: part for name, part in parts.items() if part not in (None, {}, [])}}


def _check_activity(kind, activity):
    if not (isinstance(activity.name, str) and activity.name.strip()):
        raise BadInput(f"Every {kind} needs a name.")
    provider = activity.provider
    which = provider.get("type") if isinstance(provider, dict) else None
    if which not in PROVIDERS:
        raise BadInput(
            f"The {kind} {activity.name!r} has an unknown provider {which!r}; use {', '.join(PROVIDERS)}."
        )
    for part in PROVIDERS[which]:
        if not (isinstance(provider.get(part), str) and provider[part].strip()):
            raise BadInput(f"The {kind} {activity.name!r}: its {which} provider needs {part!r}.")
    for pause in (activity.pause_before, activity.pause_after):
        if not (_is_number(pause) and pause >= 0):
            raise BadInput(f"The {kind} {activity.name!r} pauses for 0 seconds or more, not {pause!r}.")


def _is_number(value):
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
