"""Borg's cell and scheduler: what must hold on any cell, and small cells worked out by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faultlab.cases.borg.cell import PENDING, Cell, Machines
from faultlab.cases.borg.jobs import BANDS, Jobs, band
from faultlab.cases.borg.scheduling import Scheduler, schedule, victims, why_pending
from faultlab.cases.borg.scoring import POLICIES
from faultlab.errors import BadInput

PRIORITIES = [0, 25, 110, 118, 120, 200, 359, 360, 450]
DEVICES = ("score_cache", "equivalence_classes", "relaxed")


@st.composite
def workloads(draw, most_jobs=12):
    count = draw(st.integers(1, most_jobs))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    cpu, memory = rng.integers(1, 17, count) / 4, rng.integers(1, 17, count)
    keep = rng.uniform(0.2, 1, (2, count))
    return Jobs(
        tasks=rng.integers(1, 6, count),
        cpu=cpu,
        memory=memory,
        priority=rng.choice(PRIORITIES, count),
        cpu_reserved=cpu * keep[0],
        memory_reserved=memory * keep[1],
        needs=rng.choice([0, 0, 1, 2], count),
        user=rng.integers(0, 3, count),
    )


@st.composite
def cells(draw):
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    count = draw(st.integers(1, 8))
    machines = Machines(
        rng.choice([2.0, 4, 8], count),
        rng.choice([8.0, 16, 32], count),
        rng.integers(0, 3, count),
        rng.integers(0, 4, count),
    )
    return Cell(machines, draw(workloads()), strict=False)


def by_hand(cell, reserved_only):
    """Cores and GiB charged on each machine, added up task by task and not out of the cell's books."""
    jobs = cell.jobs
    used = np.zeros((2, len(cell.machines)))
    for task, machine in enumerate(cell.machine.tolist()):
        job = cell.job_of[task]
        if machine == PENDING:
            continue
        if reserved_only:
            used[:, machine] += jobs.cpu_reserved[job], jobs.memory_reserved[job]
        elif jobs.priority[job] >= 120:
            used[:, machine] += jobs.cpu[job], jobs.memory[job]
    return used


def assert_sound(cell):
    size = np.stack([cell.machines.cpu, cell.machines.memory])
    for reserved_only in (True, False):
        assert (by_hand(cell, reserved_only) <= size + 1e-6).all()
    assert np.allclose(cell.free[0], size - by_hand(cell, cell.production_level > 0), atol=1e-6)
    running = np.flatnonzero(cell.machine != PENDING)
    needs, traits = cell.jobs.needs[cell.job_of[running]], cell.machines.traits[cell.machine[running]]
    assert ((needs & ~traits) == 0).all()
    assert cell.up[cell.machine[running]].all()


class WatchedCell(Cell):
    """Notes who is removed, with the task that is placed next."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.removed, self.preemptions = [], []

    def remove(self, task):
        self.removed.append(int(self.job_of[task]))
        super().remove(task)

    def place(self, task, machine):
        self.preemptions += [(int(self.job_of[task]), loser) for loser in self.removed]
        self.removed = []
        super().place(task, machine)


@settings(max_examples=60, deadline=None)
@given(cells(), st.sampled_from(list(POLICIES)), st.integers(0, 3))
def test_no_machine_is_over_committed_and_every_task_runs_or_has_a_reason(cell, policy, seed):
    done = schedule(cell, Scheduler(policy, enough=2), seed)
    assert_sound(cell)
    waiting = set(cell.job_of[cell.machine == PENDING].tolist())
    assert done.pending == (cell.machine == PENDING).sum()
    assert waiting <= set(done.reasons)
    for job in waiting:
        assert done.reasons[job].startswith(("no machine", "CPU and memory are free"))
    # Who waits really fits nowhere, even when all that it may preempt is gone.
    for job in waiting:
        assert why_pending(cell, job) != "not tried since the cell last changed"


@settings(max_examples=60, deadline=None)
@given(cells(), st.randoms(use_true_random=False))
def test_only_lower_priorities_are_preempted_and_production_never_by_production(cell, random):
    watched = WatchedCell(cell.machines, cell.jobs, strict=False)
    jobs = cell.jobs
    # The low priorities come first and fill the cell; then everybody else arrives.
    order = np.argsort(jobs.priority, kind="stable")
    for job in order[: len(order) // 2].tolist():
        for task in watched.tasks_of(job).tolist():
            fits = [
                m
                for m in range(len(watched.machines))
                if watched.fits_now(job, [m])[0] and not jobs.needs[job] & ~watched.machines.traits[m]
            ]
            if fits:
                watched.place(task, random.choice(fits))
    done = schedule(watched, Scheduler(enough=2))
    assert_sound(watched)
    assert done.preempted == len(watched.preemptions)
    for winner, loser in watched.preemptions:
        assert jobs.priority[winner] > jobs.priority[loser]
        assert {band(jobs.priority[winner]), band(jobs.priority[loser])} != {"production"}


@settings(max_examples=40, deadline=None)
@given(cells())
def test_cache_and_classes_change_nothing_but_the_work(cell):
    places, rated = [], []
    for cache in (True, False):
        for classes in (True, False):
            fresh = Cell(cell.machines, cell.jobs, strict=False)
            scheduler = Scheduler(score_cache=cache, equivalence_classes=classes, relaxed=False)
            rated.append(schedule(fresh, scheduler).rated)
            places.append(fresh.machine.tolist())
    assert places[0] == places[1] == places[2] == places[3]
    assert rated[0] == min(rated)
    assert rated[3] == max(rated)


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("policy", POLICIES)
def test_a_workload_that_fits_with_a_device_fits_without(device, policy):
    rng = np.random.default_rng(5)
    machines = Machines(np.full(60, 16.0), np.full(60, 64.0), np.arange(60) // 6)
    jobs = Jobs(
        rng.integers(1, 12, 60),
        rng.uniform(0.1, 2, 60),
        rng.uniform(0.5, 8, 60),
        rng.choice(PRIORITIES, 60),
        user=rng.integers(0, 5, 60),
    )
    for on in (True, False):
        cell = Cell(machines, jobs)
        assert schedule(cell, Scheduler(policy, enough=10, **{device: on})).pending == 0
        assert_sound(cell)


def test_relaxed_randomisation_finds_the_only_machine_that_can():
    traits = np.zeros(3000, int)
    traits[1234] = 4
    cell = Cell(
        Machines(np.full(3000, 4.0), np.full(3000, 8.0), None, traits), Jobs([1], [1], [1], [0], needs=[4])
    )
    schedule(cell, Scheduler(enough=1))
    assert cell.machine.tolist() == [1234]


def test_best_fit_fills_and_worst_fit_spreads():
    # Ten tasks of a core on ten machines of ten: 1 machine in use, or all 10.
    machines, jobs = Machines(np.full(10, 10.0), np.full(10, 10.0)), Jobs([10], [1.0], [1.0], [200])
    in_use = {}
    for policy in POLICIES:
        cell = Cell(machines, jobs)
        schedule(cell, Scheduler(policy, spread=0))
        in_use[policy] = len(set(cell.machine.tolist()))
    assert in_use == {"worst fit": 10, "best fit": 1, "hybrid": 1}


def test_hybrid_fits_what_best_fit_strands():
    # Two machines, one with CPU to spare and one with memory. Best fit puts the CPU-heavy task wherever the
    # mean of what is left is least; only the hybrid keeps both machines usable.
    machines = Machines([10.0, 10.0], [10.0, 10.0])
    jobs = Jobs([1, 1, 1, 1], [5.0, 2.0, 4.0, 1.0], [2.0, 5.0, 1.0, 4.0], [400, 390, 380, 370])
    cell = Cell(machines, jobs)
    schedule(cell, Scheduler("hybrid", spread=0))
    assert cell.machine[0] == cell.machine[1]
    assert np.allclose(cell.free[0][:, cell.machine[0]], [3, 3])


def test_tasks_of_a_job_are_spread_over_failure_domains():
    machines = Machines(np.full(12, 16.0), np.full(12, 16.0), np.repeat([0, 1, 2], 4))
    cell = Cell(machines, Jobs([6], [1.0], [1.0], [200]))
    schedule(cell, Scheduler("best fit", spread=10))
    assert np.bincount(machines.domain[cell.machine]).tolist() == [2, 2, 2]


def test_the_lowest_priority_goes_first_and_nobody_in_vain():
    # Free: 0 of 10. A task of 4 needs the best-effort task of 4, not the batch tasks, nor both.
    jobs = Jobs([1, 1, 1, 1], [4.0, 3.0, 3.0, 4.0], [1.0] * 4, [10, 110, 118, 200])
    cell = Cell(Machines([10.0], [10.0]), jobs)
    for task in range(3):
        cell.place(task, 0)
    assert victims(cell, 3, 0) == [0]
    # For 6 the batch task of 110 must go as well, and 118 stays.
    jobs = Jobs([1, 1, 1, 1], [4.0, 3.0, 3.0, 6.0], [1.0] * 4, [10, 110, 118, 200])
    cell = Cell(Machines([10.0], [10.0]), jobs)
    for task in range(3):
        cell.place(task, 0)
    assert victims(cell, 3, 0) == [0, 1]
    # For 3 with a small best-effort task: the small one would go in vain and is spared.
    jobs = Jobs([1, 1, 1], [1.0, 9.0, 9.0], [1.0] * 3, [10, 110, 200])
    cell = Cell(Machines([10.0], [10.0]), jobs)
    for task in range(2):
        cell.place(task, 0)
    assert victims(cell, 2, 0) == [1]


def test_a_machine_without_preemption_comes_first():
    jobs = Jobs([1, 1], [6.0, 6.0], [1.0, 1.0], [110, 200])
    cell = Cell(Machines([8.0, 8.0], [8.0, 8.0]), jobs)
    cell.place(0, 0)
    done = schedule(cell)
    assert cell.machine.tolist() == [0, 1]
    assert done.preempted == 0


def test_others_run_in_what_production_has_reserved_and_not_used():
    # Production has a limit of 8 of 8 cores and uses 2: batch fits into the rest, production doesn't.
    jobs = Jobs([1, 1, 1], [8.0, 5.0, 5.0], [1.0] * 3, [200, 110, 210], cpu_reserved=[2.0, 5.0, 5.0])
    cell = Cell(Machines([8.0], [8.0]), jobs)
    cell.place(0, 0)
    schedule(cell)
    assert cell.machine.tolist() == [0, 0, PENDING]


def test_users_take_turns_within_a_priority():
    # User 0 hands in three jobs before user 1's only one; two fit, one of each.
    jobs = Jobs([1] * 4, [4.0] * 4, [1.0] * 4, [200] * 4, user=[0, 0, 0, 1])
    cell = Cell(Machines([8.0], [8.0]), jobs)
    schedule(cell)
    assert cell.machine.tolist() == [0, PENDING, PENDING, 0]


def test_bands_have_no_gaps():
    assert [band(lowest) for lowest in BANDS.values()] == list(BANDS)
    assert [band(lowest - 1) for lowest in list(BANDS.values())[1:]] == list(BANDS)[:-1]


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        (lambda: Jobs([0], [1], [1], [0]), "Job 0 has no task"),
        (lambda: Jobs([1, 1], [1, -1], [1, 1], [0, 0]), "Job 1 needs a cpu limit"),
        (lambda: Jobs([1], [1], [float("nan")], [0]), "Job 0 needs a memory limit"),
        (lambda: Jobs([1], [1], [1], [-1]), "priority of 0 or more"),
        (lambda: Jobs([1], [1], [1], [0], cpu_reserved=[2]), "reservation between 0 and its limit"),
        (lambda: Jobs([1, 1], [1], [1, 1], [0, 0]), "cpu has 1 rows"),
        (lambda: Machines([], []), "at least one machine"),
        (lambda: Machines([1], [0]), "Machine 0 needs memory"),
        (
            lambda: Cell(Machines([4], [4]), Jobs([1, 1], [1, 8], [1, 1], [0, 0])),
            "job 1 .* bigger than every",
        ),
        (lambda: Cell(Machines([4], [4]), Jobs([1], [1], [1], [0], needs=[2])), "bigger than every"),
        (lambda: Scheduler("luck"), "no scoring policy 'luck'"),
        (lambda: Scheduler(spread=-1), "weight of spreading"),
        (lambda: Scheduler(enough=0), "at least one feasible"),
        (lambda: band(-1), "A priority is 0 or more"),
    ],
)
def test_what_makes_no_sense_is_named(wrong, named):
    with pytest.raises(BadInput, match=named):
        wrong()
