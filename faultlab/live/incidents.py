"""A run as incidents: the kill log of the workers, and the outages that customers saw."""

import csv
import io

from faultlab.errors import BadInput
from faultlab.metrics import Incident, measure

CAUSES = {"kill": "killed", "pause": "paused", "exit": "died by itself", "out": "failed its health checks"}


def worker_incidents(run):
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
    watched = {}
    found = []
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


def service_outages(run, above=0.05):
    """Return the times in which more than a share of all requests failed, as incidents of the service.

    Intervals without a request say nothing, and belong to no outage.

    Parameters
    ----------
    run : Run
    above : float
        From 0 to below 1.

    Returns
    -------
    tuple of faultlab.metrics.Incident
        An outage that lasts to the last interval is open.
    """
    if not 0 <= above < 1:
        raise BadInput(f"An outage has more than a share of errors, from 0 to below 1, not {above!r}.")
    bad = [i for i in run.intervals if i.requests and i.failed / i.requests > above]
    stretches = []
    for interval in bad:
        start = interval.t - interval.seconds
        if stretches and start - stretches[-1][1] < 0.05:
            stretches[-1][1] = interval.t
        else:
            stretches.append([start, interval.t])
    last = run.intervals[-1].t if run.intervals else 0.0
    words = f"more than {100 * above:g} % of requests failed"
    return tuple(
        Incident(run.moment(start), None if end == last else run.moment(end), None, "service", words)
        for start, end in stretches
    )


def observed_availability(run, above=0.05, confidence=0.9):
    """Return the share of the watched time in which the service worked, with its interval.

    The time is that of the intervals in which customers asked for something. A run of a minute with one
    outage says little, and the interval says how little.

    Parameters
    ----------
    run : Run
    above : float
        What counts as an outage; see `service_outages`.
    confidence : float

    Returns
    -------
    faultlab.metrics.Estimate

    Raises
    ------
    BadInput
        If nobody asked for anything.

    Examples
    --------
    >>> from faultlab.live import recorded_run
    >>> found = observed_availability(recorded_run("kill_one_of_four"))
    >>> found.low < found.value < found.high
    True
    """
    asked = [interval for interval in run.intervals if interval.requests]
    if not asked:
        raise BadInput("Nobody asked this fleet for anything: an availability needs a load.")
    start, end = run.moment(asked[0].t - asked[0].seconds), run.moment(asked[-1].t)
    return measure(service_outages(run, above), start, end, confidence).availability


def kill_log(run):
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
