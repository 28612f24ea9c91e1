"""What customers saw of a hunt, and what theory says about it, with detection time and without."""

from __future__ import annotations

import math
from dataclasses import dataclass

from faultlab.design.redundancy import redundant_availability
from faultlab.errors import BadInput
from faultlab.live import Run, worker_incidents
from faultlab.metrics.estimates import CONFIDENCE_OF_TRIALS, Estimate, exact_share, student_t_upper


@dataclass(frozen=True)
class Lost:
    """Why requests were lost after kills, as the events of a run tell it.

    Attributes
    ----------
    kills : int
    detection, restart : float
        Mean seconds from a kill until the balancer sent nothing more to the dead worker, or until it ran
        again.
    share : float
        Of all requests that went to a dead worker, if each worker gets its even part.
    """

    kills: int
    detection: float
    restart: float
    share: float


def lost_share(kills: int, detection_seconds: float, servers: int, seconds: float) -> float:
    """Return the share of requests that went to dead servers, each of which gets its even part.

    Parameters
    ----------
    kills : int
    detection_seconds : float
        On average, from a kill until the dead server gets no more requests.
    servers : int
    seconds : float
        How long requests were sent.

    Examples
    --------
    >>> lost_share(5, 0.75, 4, 12.5)
    0.075
    """
    if not (kills >= 0 and detection_seconds >= 0 and servers >= 1 and seconds > 0):
        raise BadInput("A share needs kills and seconds of 0 or more, a server, and time to be lost in.")
    return kills * detection_seconds / (servers * seconds)


def lost_to_detection(run: Run) -> Lost:
    """Return what theory with detection time predicts: the share of requests sent to dead workers.

    A worker that is dead and still in rotation gets its even part of all requests. That lasts until the
    health checks take it out or it runs again, whatever comes first.

    Parameters
    ----------
    run : faultlab.live.Run

    Raises
    ------
    BadInput
        If nobody was killed, or nobody asked for anything.
    """
    kills = [event for event in run.events if event.kind == "kill" and event.worker]
    if not kills:
        raise BadInput("Nobody was killed in this run, so there is nothing to detect.")
    seconds = _asked_seconds(run)
    out = [_until(run, kill, ("out", "ready")) for kill in kills]
    back = [_until(run, kill, ("ready",)) for kill in kills]
    detection = sum(out) / len(out)
    share = lost_share(len(kills), detection, run.settings["workers"], seconds)
    return Lost(len(kills), detection, sum(back) / len(back), share)


def undetected_share(mtbf_hours: float, detection_seconds: float, retries: int = 0) -> float:
    """Return the share of requests that dead servers swallow before anybody notices.

    Each server is dead and still asked for `detection_seconds` in every `mtbf_hours`. A retry goes to another
    server, which fails the request only if it is dead and unnoticed as well; deaths are taken to be
    independent, and a retry to be quick and harmless.

    Parameters
    ----------
    mtbf_hours : float
        Of one server.
    detection_seconds : float
        From its death until nothing is sent to it any more.
    retries : int

    Returns
    -------
    float
        However many servers there are: each gets its even part.

    Examples
    --------
    >>> round(365 * 24 * 60 * undetected_share(700, 30), 2)  # minutes a year
    6.26
    """
    if not (mtbf_hours > 0 and detection_seconds >= 0 and isinstance(retries, int) and retries >= 0):
        raise BadInput("A server has a positive MTBF, and a detection and retries of 0 or more.")
    seconds = 3600 * mtbf_hours
    return (detection_seconds / (seconds + detection_seconds)) ** (retries + 1)


def promised_availability(run: Run, needs: int = 1) -> float:
    """Return what redundancy theory promises: k of n workers, each up for the share that it really was.

    Parameters
    ----------
    run : faultlab.live.Run
    needs : int
        Workers that are enough.

    Returns
    -------
    float
        Availability, with failures taken to be independent and a dead worker to be noticed at once.
    """
    workers, seconds = run.settings["workers"], _asked_seconds(run)
    down = 0.0
    for incident in worker_incidents(run):
        end = run.moment(run.length) if incident.end is None else incident.end
        down += (end - incident.start).total_seconds()
    each = max(0.0, 1 - down / (workers * seconds))
    return redundant_availability(needs, workers, each)


def answered_share(
    run: Run, blocks: int = 5, confidence: float = CONFIDENCE_OF_TRIALS, from_t: float = 0.0
) -> Estimate:
    """Return the share of requests that were answered, with an interval that knows that failures clump.

    The run is cut into equal blocks, one a day of the hunt, and their shares are taken for a sample
    (batch means). An interval that took each request for a draw of its own would be far too narrow.

    Parameters
    ----------
    run : faultlab.live.Run
    blocks : int
        2 or more.
    confidence : float
    from_t : float
        Leave out what was before.

    Returns
    -------
    faultlab.metrics.Estimate

    References
    ----------
    Law (2015), Simulation Modeling and Analysis, 9.5.3, batch means.
    """
    asked = [i for i in run.intervals if i.requests and i.t > from_t]
    if not isinstance(blocks, int) or blocks < 2 or len(asked) < blocks:
        raise BadInput(f"Cut the run into 2 blocks or more that hold requests, not {blocks!r}.")
    first, last = asked[0].t - asked[0].seconds, asked[-1].t
    sums = [[0, 0] for _ in range(blocks)]
    for i in asked:
        which = min(blocks - 1, int((i.t - i.seconds / 2 - first) / (last - first) * blocks))
        sums[which][0] += i.requests - i.failed
        sums[which][1] += i.requests
    if not all(requests for _, requests in sums):
        raise BadInput("A block of the run has no request; cut it into fewer.")
    shares = [answered / requests for answered, requests in sums]
    mean = math.fsum(shares) / blocks
    spread = math.sqrt(math.fsum((share - mean) ** 2 for share in shares) / (blocks - 1))
    half = student_t_upper((1 - confidence) / 2, blocks - 1) * spread / math.sqrt(blocks)
    answered, requests = map(sum, zip(*sums, strict=True))
    value = answered / requests
    if spread == 0 and value == 1:
        # Blocks that are all perfect say nothing about how they would vary.
        low = exact_share(answered, requests, confidence).low
        return Estimate(1.0, low, 1.0, confidence, "nothing failed, exact binomial")
    method = f"{blocks} batch means, Student's t"
    return Estimate(value, max(0.0, value - half), min(1.0, value + half), confidence, method)


def _asked_seconds(run):
    asked = [i for i in run.intervals if i.requests]
    if not asked:
        raise BadInput("Nobody asked this fleet for anything: a share of answers needs a load.")
    return asked[-1].t - (asked[0].t - asked[0].seconds)


def _until(run, kill, kinds):
    """Seconds from a kill to the first event of these kinds for the same worker, or to the end."""
    later = (e.t for e in run.events if e.worker == kill.worker and e.t >= kill.t and e.kind in kinds)
    return next(later, run.length) - kill.t
