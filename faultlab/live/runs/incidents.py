"""A run as incidents: the kill log of the workers, and the outages that customers saw."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from faultlab.metrics.incidents import Incident

if TYPE_CHECKING:
    from faultlab.live.runs.runs import Run

CAUSES = {"kill": "killed", "pause": "paused", "exit": "died by itself", "out": "failed its health checks"}


def worker_incidents(run: Run) -> tuple[Incident, ...]:
    """Return the times in which a worker was no use to anybody, as incidents.

    An incident begins when a worker is killed, paused, dies or is taken out of rotation, whatever comes
    first; where health checks took out a worker with a lasting fault, it begins with that fault. It is
    detected when the supervisor sees the process end or the balancer takes it out of rotation, and it ends
    when the worker runs and is in rotation.

    Parameters
    ----------
    run : Run

    Returns
    -------
    tuple of faultlab.metrics.Incident
        By start; the service is "worker 2" and the like, "balancer" for the balancer.

    Examples
    --------
    >>> from faultlab.live import recorded_run
    >>> found = worker_incidents(recorded_run("kill_one_of_four"))
    >>> found[0].service, found[0].cause, found[0].detected >= found[0].start
    ('worker 2', 'killed', True)
    """
    watched: dict[int, _Watched] = {}
    found: list[Incident] = []
    for event in run.events:
        if event.worker or event.kind in ("kill", "exit", "ready"):
            worker = watched.setdefault(event.worker, _Watched(run, event.worker))
            found += worker.take(event)
    found += [worker.incident(None) for worker in watched.values() if worker.start is not None]
    return tuple(sorted(found, key=lambda incident: (incident.start, incident.service)))


class _Watched:
    """One worker while its events go by."""

    def __init__(self, run, worker):
        self.run, self.name = run, f"worker {worker}" if worker else "balancer"
        self.runs = self.rotates = True
        self.start = self.detected = None
        self.cause, self.fault = "", None

    def take(self, event):
        """Take an event; the incident that it ends, in a list."""
        kind = event.kind
        if kind in ("kill", "pause", "exit", "out"):
            if self.start is None:
                self.start, self.cause = event.t, CAUSES[kind]
                if kind in ("exit", "out") and self.fault is not None:
                    begun, words = self.fault
                    self.start, self.cause = (begun if kind == "out" else event.t), words
            if kind in ("exit", "out") and self.detected is None:
                self.detected = event.t
        if kind in ("kill", "pause", "exit"):
            self.runs = False
        elif kind in ("ready", "resume"):
            self.runs = True
        elif kind in ("in", "out"):
            self.rotates = kind == "in"
        elif kind == "fault":
            self.fault = (event.t, event.text.split(": ", 1)[-1].rstrip("."))
        if kind in ("heal", "exit"):
            self.fault = None
        if self.start is None or not (self.runs and self.rotates):
            return []
        ended = self.incident(event.t)
        self.start = self.detected = None
        return [ended]

    def incident(self, end):
        """The incident that is going on, ended at `end`."""
        moment = self.run.moment
        return Incident(
            start=moment(self.start),
            end=None if end is None else moment(end),
            detected=None if self.detected is None else moment(self.detected),
            service=self.name,
            cause=self.cause,
        )


def kill_log(run: Run) -> str:
    """Return what happened to the workers as CSV text, as ``python -m faultlab metrics`` reads it.

    Times are in UTC, to the millisecond.

    Examples
    --------
    >>> from faultlab.live import recorded_run
    >>> print(kill_log(recorded_run("kill_one_of_four")).splitlines()[0])
    start,end,detected,service,cause
    """
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(["start", "end", "detected", "service", "cause"])
    for i in worker_incidents(run):
        rows.writerow([*map(_stamp, (i.start, i.end, i.detected)), i.service, i.cause])
    return out.getvalue()


def _stamp(moment):
    return "" if moment is None else moment.isoformat(timespec="milliseconds")
