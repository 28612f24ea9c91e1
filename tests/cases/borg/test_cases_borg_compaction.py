"""Synthetic cells against the published marginals; compaction against counting by hand."""

from statistics import median

import numpy as np
import pytest

from faultlab.cases.borg.cell import Machines
from faultlab.cases.borg.compaction import compact, power_of_two_buckets
from faultlab.cases.borg.experiments import (
    EXPERIMENTS,
    paper_findings,
    reclaimed_share,
    split_at_random,
    split_by_user,
)
from faultlab.cases.borg.jobs import Jobs, is_production
from faultlab.cases.borg.scheduling import Scheduler
from faultlab.cases.borg.workload import synthetic_jobs, synthetic_machines
from faultlab.errors import BadInput

SEEDS = pytest.mark.parametrize("seed", range(4))


def hill(amounts):
    """Hill's estimator of Pareto's exponent, from the larger half."""
    ordered = np.sort(amounts)[::-1]
    half = ordered.size // 2
    return 1 / np.log(ordered[:half] / ordered[half]).mean()


@SEEDS
def test_a_synthetic_cell_has_the_published_marginals(seed):
    machines = synthetic_machines(5000, seed)
    jobs = synthetic_jobs(machines, seed=seed)
    tasks, production = jobs.tasks, is_production(jobs.priority)

    def share(amount):
        return (amount * tasks)[production].sum() / (amount * tasks).sum()

    assert share(jobs.cpu) == pytest.approx(0.70, abs=0.01)
    assert share(jobs.memory) == pytest.approx(0.55, abs=0.01)
    assert share(jobs.cpu_reserved) == pytest.approx(0.60, abs=0.05)
    assert share(jobs.memory_reserved) == pytest.approx(0.85, abs=0.05)
    others = tasks[~production]
    assert others[jobs.cpu[~production] < 0.1].sum() / others.sum() == pytest.approx(0.20, abs=0.02)
    assert hill(jobs.cpu * tasks) == pytest.approx(0.69, abs=0.04)
    assert hill(jobs.memory * tasks) == pytest.approx(0.72, abs=0.06)
    sizes = np.sort(jobs.cpu * tasks)[::-1]
    assert sizes[: sizes.size // 100].sum() > sizes.sum() / 2
    assert jobs.total("cpu") == pytest.approx(0.7 * machines.cpu.sum())
    assert jobs.total("memory") == pytest.approx(0.7 * machines.memory.sum())


def test_the_same_seed_draws_the_same_cell():
    one, two = (synthetic_jobs(synthetic_machines(50, 3), seed=3) for _ in range(2))
    assert np.array_equal(one.cpu, two.cpu)
    other = synthetic_jobs(synthetic_machines(50, 3), seed=4)
    assert not np.array_equal(one.cpu[: len(other)], other.cpu[: len(one)])


@pytest.mark.parametrize(("tasks", "size", "machines"), [(12, 4, 6), (13, 4, 7), (30, 2.5, 10), (5, 8, 5)])
@pytest.mark.parametrize("policy", ["hybrid", "best fit", "worst fit"])
def test_compaction_counts_like_a_child(tasks, size, machines, policy):
    # Machines of 8 cores: floor(8 / size) tasks on each.
    jobs = Jobs([tasks], [size], [1], [200])
    assert compact(Machines([8] * 4, [32] * 4), jobs, Scheduler(policy), trials=3).trials == (machines,) * 3


def test_a_few_may_stay_pending():
    # 1,001 tasks of a whole machine: 0.2 % of them is 2.
    assert compact(Machines([8] * 1001, [8] * 1001), Jobs([1001], [8], [1], [200]), trials=1).machines == 999


def test_the_result_is_the_90th_percentile():
    machines = synthetic_machines(20)
    jobs = synthetic_jobs(machines)
    told = []
    here = compact(machines, jobs, trials=5, progress=lambda *at: told.append(at))
    assert told == [(done, 5) for done in range(1, 6)]
    assert here.machines == np.percentile(here.trials, 90)
    assert (here.low, here.high) == (min(here.trials), max(here.trials))


def test_groups_keep_every_job():
    machines = synthetic_machines(60)
    jobs = synthetic_jobs(machines)
    for groups in (split_by_user(jobs, machines), split_at_random(jobs)):
        assert len(groups) > 1
        assert sum(group.total("cpu") for group in groups) == pytest.approx(jobs.total("cpu"))
    users = [set(group.user.tolist()) for group in split_by_user(jobs, machines)]
    assert sum(map(len, users)) == len(set.union(*users))


def test_buckets_round_up_and_at_most_double():
    jobs = synthetic_jobs(synthetic_machines(60))
    rounded = power_of_two_buckets(jobs)
    for name, least in (("cpu", 0.5), ("memory", 1.0)):
        before, after = getattr(jobs, name), getattr(rounded, name)
        assert (after >= before).all()
        assert (after < 2 * np.maximum(before, least)).all()
        assert (np.log2(after) % 1 == 0).all()


def test_nothing_is_reclaimed_when_limits_are_used():
    machines = Machines([8] * 3, [8] * 3)
    assert reclaimed_share(machines, Jobs([3], [8], [1], [200])) == 0


def test_sharing_a_cell_takes_fewer_machines():
    named = ["segregating production", "no reclamation"]
    for finding in paper_findings(30, cells=1, trials=1, only=named):
        assert finding.ours > 0
        assert finding.ours == median(finding.cells)
        assert finding.paper == EXPERIMENTS[finding.experiment][1]


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        (
            lambda: compact(Machines([1], [1]), Jobs([1], [2], [1], [0])),
            "does not fit into 8 times 1 machines",
        ),
        (lambda: compact(Machines([1], [1]), Jobs([1], [1], [1], [0]), trials=0), "trials from 1 up"),
        (lambda: paper_findings(only=["luck"]), "no experiment 'luck'"),
        (lambda: paper_findings(cells=0), "at least one cell"),
        (lambda: synthetic_machines(0), "at least one machine"),
        (lambda: synthetic_jobs(Machines([1], [1]), fill=0), "fill of a cell"),
        (lambda: synthetic_jobs(Machines([1], [1]), picky=2), "picky jobs"),
    ],
)
def test_what_makes_no_sense_is_named(wrong, named):
    with pytest.raises(BadInput, match=named):
        wrong()
