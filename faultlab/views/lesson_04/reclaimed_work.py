"""What a task may use, what it is expected to use, and what it uses: the gap that others get."""

from __future__ import annotations

import numpy as np

from faultlab.cases.borg import Reclamation, reservations
from faultlab.views.kit.chart import Axis, Chart
from faultlab.views.kit.palette import BLUE, GREEN, ORANGE, QUIET
from faultlab.views.kit.picture import Picture
from faultlab.views.kit.words import written_out

LIMIT = 4.0  # cores
MINUTES = 90
MARGINS = (0, 5, 15, 30, 60)
SPIKES = ("a quiet hour", "a rush at minute 60")


def used_cores(spike: str) -> np.ndarray:
    """What the task uses, ten seconds a step; the same for the same words."""
    rng = np.random.default_rng(4)
    steps = np.arange(6 * MINUTES)
    used = 1.2 + 0.3 * np.sin(steps / 70) + 0.12 * rng.standard_normal(steps.size)
    if spike == SPIKES[1]:
        used[360:400] += 1.9 * np.minimum(1, np.arange(40) / 4)
    return np.clip(used, 0.1, LIMIT)


def reclaimed_work(margin: float, spike: str) -> Picture:
    """Draw limit, reservation and use of one task.

    Parameters
    ----------
    margin : float
        Per cent kept above the use.
    spike : str
        One of `SPIKES`.

    Returns
    -------
    Picture

    Examples
    --------
    >>> reclaimed_work(15, "a quiet hour").rows[0]["Number"]
    '4.0'
    """
    used = used_cores(spike)
    reserved = reservations(LIMIT, used, reclamation=Reclamation(margin=margin / 100))
    lent, jumps = LIMIT - reserved, int((used[1:] > reserved[:-1]).sum())
    minutes = (np.arange(used.size) + 1) / 6
    chart = Chart(
        Axis(0, MINUTES, "Minutes since the task began", (0, 30, 60, 90)),
        Axis(0, 4.5, "Cores", (0, 1, 2, 3, 4)),
        height=310,
    )
    chart.band(minutes, reserved, np.full(used.size, LIMIT), GREEN)
    chart.line(minutes, np.full(used.size, LIMIT), QUIET, "2 3")
    chart.line(minutes, reserved, ORANGE, "7 4")
    chart.line(minutes, used, BLUE)
    chart.legend(
        ("limit", QUIET, "2 3"), ("reservation", ORANGE, "7 4"), ("used", BLUE, ""), ("lent", GREEN, None)
    )
    times = {1: "Once", 2: "Twice"}.get(jumps, f"{written_out(jumps).capitalize()} times")
    sentence = f"On average {lent.mean():.1f} of its {LIMIT:g} cores are lent out. " + (
        f"{times} the task needed more than was kept for it, and got it back at once."
        if jumps
        else "The task never needed more than was kept for it."
    )
    rows = (
        {"What": "Limit, cores", "Number": f"{LIMIT:.1f}"},
        {"What": "Used on average", "Number": f"{used.mean():.2f}"},
        {"What": "Kept for it on average (reservation)", "Number": f"{reserved.mean():.2f}"},
        {"What": "Lent on average", "Number": f"{lent.mean():.2f}"},
        {"What": "Times it reclaimed cores", "Number": f"{jumps}"},
    )
    alt = (
        f"Lines over 90 minutes: a limit of 4 cores, a use of about {used.mean():.1f}, and between them the "
        f"reservation, which falls from 4 after five minutes to about {reserved[250]:.1f}."
    )
    return Picture(chart.svg(alt), alt, sentence, rows)
