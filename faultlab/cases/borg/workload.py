"""Workloads and machines for a Borg cell, drawn so that they match what was published about the real ones.

Matched, and held by tests:

* what a job asks for follows Pareto's law with exponent 0.69 for CPU and 0.72 for memory, so that the top
  1 % of jobs have most of the resources (Tirmazi et al., "Borg: the next generation", EuroSys 2020);
* production has 70 % of the allocated CPU and 55 % of the allocated memory, 60 % of the CPU that is used and
  85 % of the memory; 20 % of the other tasks ask for less than 0.1 core (Verma et al., EuroSys 2015);
* priorities lie in the tiers reported for the 2019 trace.

Assumed, since it was not published: the sizes of machines, how full the cell is, the spread of task sizes,
the shares of users and of the bands within production and the rest, and what share of its limits a cell uses.
The largest job is cut off at a share of the cell, so the top 1 % have less than in the month of the trace.
"""

from __future__ import annotations

from statistics import NormalDist

import numpy as np

from faultlab.cases.borg.cell import Machines
from faultlab.cases.borg.jobs import Jobs
from faultlab.errors import BadInput

#: Exponents of Pareto's law for what a job asks for.
CPU_EXPONENT, MEMORY_EXPONENT = 0.69, 0.72
#: Production's share of what is allocated and of what is used.
ALLOCATED = {"cpu": 0.70, "memory": 0.55}
USED = {"cpu": 0.60, "memory": 0.85}
#: (cores, GiB, share of the machines); assumed.
MACHINE_KINDS = ((8, 32, 0.25), (16, 64, 0.45), (16, 128, 0.10), (32, 128, 0.20))
RACK = 40
USERS = 40
#: Used over allocated, for the whole cell; assumed.
USED_SHARE = {"cpu": 0.50, "memory": 0.55}
#: A reservation is what is used and this margin; assumed.
MARGIN = 0.15
#: (priority, share of the jobs) for production and for the rest; tiers reported, shares assumed.
PRODUCTION_PRIORITIES = ((200, 0.85), (300, 0.10), (360, 0.05))
OTHER_PRIORITIES = ((0, 0.25), (25, 0.25), (112, 0.30), (117, 0.20))
_SMALLEST_JOB = 0.1  # cores
_LARGEST_JOB = 0.01  # of the cell
_SMALL_TASK, _SMALL_SHARE = 0.1, 0.20  # cores; share of the tasks outside production
_PRODUCTION_MEDIAN = 4.0  # cores a task
_SPREAD = 1.0
_MOST_TASKS = 0.2  # of a job, for each machine of the cell
_LARGEST_TASK = 0.5  # of the smallest kind of machine


def synthetic_machines(count: int = 1000, seed: int = 0) -> Machines:
    """Draw machines of mixed kinds, in racks of 40 that are failure domains.

    Examples
    --------
    >>> machines = synthetic_machines(200)
    >>> len(machines), int(machines.domain.max()) + 1
    (200, 5)
    """
    if count < 1:
        raise BadInput(f"A cell needs at least one machine, not {count!r}.")
    rng = np.random.default_rng([seed, 1])
    shares = np.array([share for *_, share in MACHINE_KINDS])
    kind = rng.choice(len(MACHINE_KINDS), count, p=shares / shares.sum())
    sizes = np.array([size[:2] for size in MACHINE_KINDS], float)[kind]
    # Every fourth machine has the trait that a picky job asks for.
    traits = (rng.random(count) < 0.25).astype(int)
    return Machines(sizes[:, 0], sizes[:, 1], np.arange(count) // RACK, traits)


def synthetic_jobs(machines: Machines, fill: float = 0.7, picky: float = 0.001, seed: int = 0) -> Jobs:
    """Draw a workload for a cell; user number k of forty has work in proportion to 1 / k.

    Parameters
    ----------
    machines : Machines
    fill : float
        All limits together as a share of the cell, the same for CPU and memory.
    picky : float
        The share of jobs that need the trait 1, which a quarter of the machines have; the largest 1 % never
        do. With 2 % of them picky jobs alone decide how small a cell gets, under best fit above all: it
        fills the rare machines with jobs that could go anywhere.
    seed : int

    Returns
    -------
    Jobs

    Raises
    ------
    BadInput
        For a fill that is not above 0, or a share outside 0 to 1.

    Examples
    --------
    >>> machines = synthetic_machines(200)
    >>> jobs = synthetic_jobs(machines)
    >>> round(float(jobs.total("cpu") / machines.cpu.sum()), 2)
    0.7
    """
    if not (fill > 0 and np.isfinite(fill)):
        raise BadInput(f"The fill of a cell is above 0, not {fill!r}.")
    if not 0 <= picky <= 1:
        raise BadInput(f"The share of picky jobs is from 0 to 1, not {picky!r}.")
    rng = np.random.default_rng([seed, 2])
    luck, cpu = _job_sizes(machines.cpu.sum(), fill, rng)
    count = cpu.size
    production = _to_share(cpu, ALLOCATED["cpu"], rng)
    tasks = _task_counts(cpu, production, _LARGEST_TASK * machines.cpu.min(), len(machines), rng)
    # Memory goes with CPU, by the same luck to the other exponent, and with a spread of its own.
    memory = luck ** (-1 / MEMORY_EXPONENT) * np.exp(rng.normal(0, 0.4, count))
    memory = _scaled(memory, production, ALLOCATED["memory"], fill * machines.memory.sum())
    cap = _LARGEST_TASK * machines.memory.min()
    for _ in range(20):
        memory = np.minimum(memory, tasks * cap)
        memory = _scaled(memory, production, ALLOCATED["memory"], fill * machines.memory.sum())
    tasks = np.maximum(tasks, np.ceil(memory / cap - 1e-9).astype(int))
    cpu, memory = cpu / tasks, memory / tasks
    reserved = {
        "cpu": cpu * _reserved_share("cpu", production, rng),
        "memory": memory * _reserved_share("memory", production, rng),
    }
    priority = np.where(
        production, _priorities(PRODUCTION_PRIORITIES, count, rng), _priorities(OTHER_PRIORITIES, count, rng)
    )
    share = 1 / np.arange(1, USERS + 1)
    return Jobs(
        tasks,
        cpu,
        memory,
        priority,
        reserved["cpu"],
        reserved["memory"],
        # A picky job among the largest would decide alone how many machines the cell needs.
        needs=((rng.random(count) < picky) & (luck > 0.01)).astype(int),
        user=rng.choice(USERS, count, p=share / share.sum()),
    )


def used_share(resource: str) -> tuple[float, float]:
    """What production and what the others use of their limits, so that the published shares come out.

    Examples
    --------
    >>> production, others = used_share("cpu")
    >>> round(0.7 * production / (0.7 * production + 0.3 * others), 3)
    0.6
    """
    allocated, used, whole = ALLOCATED[resource], USED[resource], USED_SHARE[resource]
    return whole * used / allocated, whole * (1 - used) / (1 - allocated)


def _reserved_share(resource, production, rng):
    """Reservations over limits, job by job: what is used and the margin, at most the limit."""
    mean = np.where(production, *used_share(resource))
    # A beta distribution of this mean keeps the use of each job between nothing and its limit.
    return np.minimum(1, rng.beta(8 * mean, 8 * (1 - mean)) * (1 + MARGIN))


def _job_sizes(cell_cpu, fill, rng):
    """(luck, cores) of enough jobs to fill the cell; cores = smallest * luck ** (-1 / exponent), cut off."""
    low, high, a = _SMALLEST_JOB, max(_LARGEST_JOB * cell_cpu, 2 * _SMALLEST_JOB), CPU_EXPONENT
    kept = 1 - (low / high) ** a
    mean = a / (1 - a) * low**a * (high ** (1 - a) - low ** (1 - a)) / kept
    count = max(2, round(fill * cell_cpu / mean))
    # One draw in each of `count` equal slices: the tail, which decides the total, comes out every time.
    luck = 1 - kept * (np.arange(count) + rng.random(count)) / count
    luck = rng.permutation(luck)
    cpu = low * luck ** (-1 / a)
    return luck, cpu * fill * cell_cpu / cpu.sum()


def _to_share(cpu, share, rng):
    """Mark jobs as production until they have the share: the largest first, each where it is short."""
    production = np.zeros(cpu.size, bool)
    marked, seen = 0.0, 0.0
    first = rng.random()
    for job in np.argsort(-cpu).tolist():
        seen += cpu[job]
        if marked + cpu[job] * first <= share * seen:
            production[job] = True
            marked += cpu[job]
    return production


def _task_counts(cpu, production, largest, machines, rng):
    """Into how many tasks each job is cut: sizes of tasks are lognormal."""
    shape, most = np.empty(cpu.size), max(10, round(_MOST_TASKS * machines))
    for kind in (production, ~production):
        # A golden-ratio sequence from the largest job down: the few that decide the total don't all draw
        # tasks of one size.
        rank = np.flatnonzero(kind)[np.argsort(-cpu[kind])]
        even = ((rng.random() + np.arange(rank.size) * 0.6180339887498949) % 1).clip(1e-9, 1 - 1e-9)
        shape[rank] = np.exp([_SPREAD * NormalDist().inv_cdf(u) for u in even.tolist()])

    def counts(median, of):
        task = np.minimum(np.maximum(median * shape[of], cpu[of] / most), largest)
        return np.maximum(1, np.rint(cpu[of] / task)).astype(int)

    tasks = counts(_PRODUCTION_MEDIAN, np.arange(cpu.size))
    # Outside production the median is the one with which the published share of tasks is small.
    low, high = np.log(0.01), np.log(largest)
    for _ in range(40):
        middle = (low + high) / 2
        others = counts(np.exp(middle), ~production)
        small = cpu[~production] / others < _SMALL_TASK
        if others[small].sum() > _SMALL_SHARE * others.sum():
            low = middle
        else:
            high = middle
    tasks[~production] = counts(np.exp(high), ~production)
    return tasks


def _scaled(amount, production, share, total):
    """Scale production and the others so that both have their share of the total."""
    scaled = np.array(amount)
    for kind, part in ((production, share), (~production, 1 - share)):
        if kind.any():
            scaled[kind] *= part * total / scaled[kind].sum()
    return scaled


def _priorities(tiers, count, rng):
    values, shares = np.array(tiers).T
    return rng.choice(values.astype(int), count, p=shares / shares.sum())
