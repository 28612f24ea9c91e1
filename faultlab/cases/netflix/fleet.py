"""The monkey over a fleet of real processes: its prey, its stop condition, its log."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from faultlab.cases.netflix.apps import AppConfig
from faultlab.cases.netflix.config import MonkeyConfig
from faultlab.cases.netflix.groups import Instance
from faultlab.errors import BadInput
from faultlab.live import Run, kill_log

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from faultlab.cases.netflix.hunting import Hunt
    from faultlab.live import Fleet

CLUSTER, REGION = "web-prod", "here"

FLEET_MONKEY = MonkeyConfig(
    enabled=True, leashed=True, schedule_enabled=True, accounts=("prod",), time_zone="Europe/Berlin"
)
"""Switched on, and on the leash."""

EVERY_DAY = {"web": AppConfig(mean_time=1, min_time=1)}
"""Settings under which the coin falls each work day, so that a short hunt has kills to show."""


class FleetPrey:
    """The workers of a live fleet as the instances of Kestrel's cluster web-prod.

    Parameters
    ----------
    fleet : faultlab.live.Fleet
    """

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet

    def instances(self) -> list[Instance]:
        """The workers that run now; their ids are "worker 1" and the like."""
        seen = self._fleet.run().intervals[-1:]
        workers: Iterable[int]
        if not seen:
            workers = range(1, self._fleet.settings["workers"] + 1)
        else:
            workers = [one.worker for one in seen[0].workers if one.state == "up"]
        return [Instance(CLUSTER, REGION, f"worker {number}") for number in workers]

    def terminate(self, instance: Instance) -> None:
        """Kill a worker with SIGKILL."""
        self._fleet.kill(int(instance.id.removeprefix("worker ")))


def failing(fleet: Fleet, above: float = 0.5, seconds: float = 2.0) -> Callable[[], str]:
    """Return a stop condition: too large a share of the latest requests brought no good answer.

    Parameters
    ----------
    fleet : faultlab.live.Fleet
    above : float
        A share, from 0 to below 1.
    seconds : float
        Looked at together.
    """
    if not (0 <= above < 1 and seconds > 0):
        raise BadInput(
            f"Stop above a share from 0 to below 1, over some seconds, not {above!r}, {seconds!r}."
        )

    def reason():
        run = fleet.run()
        latest = [i for i in run.intervals if i.t > run.length - seconds]
        requests, failed = sum(i.requests for i in latest), sum(i.failed for i in latest)
        if requests and failed / requests > above:
            return (
                f"{100 * failed / requests:.0f} % of the latest requests failed, more than {100 * above:g} %."
            )
        return ""

    return reason


def monkey_log(run: Run, hunt: Hunt | None = None) -> str:
    """Return what happened to the workers as CSV text, as ``python -m faultlab metrics`` reads it.

    Parameters
    ----------
    run : faultlab.live.Run
    hunt : Hunt, optional
        Says which of the kills were the monkey's; without it, all of them were.

    Examples
    --------
    >>> from faultlab.live import recorded_run
    >>> print(monkey_log(recorded_run("kill_one_of_four")).splitlines()[1].split(",")[3:])
    ['worker 2', 'Chaos Monkey']
    """
    rows = list(csv.reader(io.StringIO(kill_log(run))))
    left = None if hunt is None else [one.id for one in hunt.killed]
    for row in rows[1:]:
        worker, cause = row[3:]
        if cause == "killed" and (left is None or worker in left):
            row[4] = "Chaos Monkey"
            if left is not None:
                left.remove(worker)
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()
