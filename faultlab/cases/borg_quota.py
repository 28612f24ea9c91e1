"""Quota: what a user may ask for at a priority, checked when a job is handed in and not when it is scheduled.

Verma et al., EuroSys 2015, section 2.5: a quota is a vector of resources at a priority, for months. Everybody
has infinite quota at priority zero, and admission does not promise a machine.
"""

from dataclasses import dataclass, field

import numpy as np

from faultlab.cases.borg_jobs import band
from faultlab.errors import BadInput


@dataclass(frozen=True)
class Admission:
    """Which jobs were let in, and why the others were not.

    `admitted` is a (J,) bool array, `reasons` maps the jobs turned away to a sentence, and `left` maps
    (user, band) to the cores and GiB that are still free.
    """

    admitted: np.ndarray
    reasons: dict
    left: dict = field(repr=False)


def admit(jobs, quota):
    """Check jobs, in the order given, against their users' quotas.

    Parameters
    ----------
    jobs : Jobs
    quota : dict
        (user, band) to (cores, GiB), for the limits of all of the user's jobs in the band. A pair that is
        not named has none; at priority 0 nothing is checked.

    Returns
    -------
    Admission

    Examples
    --------
    >>> from faultlab.cases.borg_jobs import Jobs
    >>> jobs = Jobs([2, 2, 9], [1.0, 1.0, 1.0], [4.0, 4.0, 4.0], [200, 200, 0], user=[7, 7, 7])
    >>> result = admit(jobs, {(7, "production"): (3, 100)})
    >>> result.admitted.tolist()
    [True, False, True]
    >>> result.reasons
    {1: 'user 7 has 1 cores and 92 GiB left in production, the job needs 2 and 8'}
    """
    left = {}
    for key, amount in quota.items():
        room = np.array(amount, float)
        if room.shape != (2,) or not (room >= 0).all():
            raise BadInput(f"The quota of {key!r} is cores and GiB of 0 or more, not {amount!r}.")
        left[key] = room
    admitted, reasons = np.zeros(len(jobs), bool), {}
    for job in range(len(jobs)):
        if jobs.priority[job] == 0:
            admitted[job] = True
            continue
        key = int(jobs.user[job]), band(jobs.priority[job])
        wanted = jobs.tasks[job] * np.array([jobs.cpu[job], jobs.memory[job]])
        room = left.setdefault(key, np.zeros(2))
        if (wanted <= room + 1e-9).all():
            left[key] = room - wanted
            admitted[job] = True
        else:
            reasons[job] = (
                f"user {key[0]} has {room[0]:g} cores and {room[1]:g} GiB left in {key[1]}, "
                f"the job needs {wanted[0]:g} and {wanted[1]:g}"
            )
    return Admission(admitted, reasons, {key: tuple(room.tolist()) for key, room in left.items()})
