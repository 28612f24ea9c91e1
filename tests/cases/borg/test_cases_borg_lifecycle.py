"""Reclamation against its closed form; machines that fail, are cut off, upgraded, and a master away."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faultlab.cases.borg.cell import PENDING, Cell, Machines
from faultlab.cases.borg.jobs import Jobs
from faultlab.cases.borg.lifecycle import CellEvent, live_through
from faultlab.cases.borg.reclamation import Reclamation, reservations, squeeze
from faultlab.errors import BadInput
from faultlab.views.lesson_04.silent_half import ALL_AT_ONCE, PACED, tasks_run_twice


def test_the_reservation_decays_as_the_formula_says():
    reserved = reservations(4.0, np.full(200, 1.0), step=10, reclamation=Reclamation(0.2, 300, 500))
    time = 10 * np.arange(1, 201)
    assert np.allclose(reserved, np.where(time <= 300, 4, 1.2 + 2.8 * np.exp(-(time - 300) / 500)))


def test_it_jumps_up_at_once_and_not_beyond_the_limit():
    used = np.r_[np.full(500, 1.0), 2.0, 3.9, np.full(500, 1.0)]
    reserved = reservations(4.0, used, reclamation=Reclamation(margin=0.5))
    assert reserved[499] < 1.51
    assert reserved[500] == 3
    assert reserved[501] == 4
    assert 1.5 < reserved[510] < 4


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0, 5), min_size=1, max_size=80), st.floats(0, 1), st.floats(0, 400))
def test_a_reservation_lies_between_use_and_limit(used, margin, wait):
    reserved = reservations(3.0, used, reclamation=Reclamation(margin, wait))
    assert (reserved <= 3 + 1e-9).all()
    assert (reserved >= np.minimum(used, 3) - 1e-9).all()


def test_many_tasks_are_followed_at_once():
    used = np.random.default_rng(1).uniform(0, 2, (60, 3))
    together = reservations([2.0, 3.0, 4.0], used)
    for task, limit in enumerate((2.0, 3.0, 4.0)):
        assert np.allclose(together[:, task], reservations(limit, used[:, task]))


def test_memory_kills_the_lowest_and_never_production_and_cpu_kills_nobody():
    assert squeeze(1, 10, [200, 110, 0, 118], [1, 1, 1, 1], [6, 3, 2, 3]).killed == (2, 1)
    assert squeeze(9, 4, [200, 360], [1, 1], [6, 6]).killed == ()
    result = squeeze(4, 99, [0, 200, 110], [3, 2, 3], [1, 1, 1])
    assert result.killed == ()
    assert result.throttled == {2: 2.0, 0: 0.0}


def small_cell(machines=10, tasks=10):
    size = np.full(machines, 8.0)
    return Cell(Machines(size, size, np.arange(machines) // 2), Jobs([tasks], [4.0], [4.0], [200]))


def test_a_failed_machine_is_given_up_after_the_missed_polls():
    cell = small_cell()
    moments = live_through(cell, [CellEvent(10, "fail", tuple(range(5)))], until=40)
    dead = [moment.dead for moment in moments]
    assert dead[0] == dead[1] == 0
    assert dead[2] == dead[3] > 0  # at 10 and 15 s
    assert dead[4] == 0  # the third missed poll, at 20 s
    assert moments[4].running == 10
    assert moments[4].rescheduled == dead[2]
    assert not set(cell.machine.tolist()) & set(range(5))


def test_a_limited_rate_keeps_a_partition_from_becoming_a_storm():
    cut = [CellEvent(10, "cut off", tuple(range(6))), CellEvent(22, "return", tuple(range(6)))]
    rescheduled = {}
    for rate in (None, 1):
        cell = small_cell(10, 10)
        moments = live_through(cell, cut, until=60, rate=rate)
        rescheduled[rate] = moments[-1].rescheduled
        assert all(moment.running + moment.pending == 10 for moment in moments)
        # Every copy that ran on is killed on return.
        assert moments[-1].duplicates_killed == rescheduled[rate]
        assert moments[-1].running == 10
    assert rescheduled[1] < rescheduled[None]


def test_tasks_run_on_without_the_master_and_nothing_is_rescheduled():
    cell = small_cell(4, 4)
    live_through(cell, [], until=0)
    before = cell.machine.tolist()
    hit = before[0]
    events = [CellEvent(1, "master away"), CellEvent(5, "fail", (hit,)), CellEvent(100, "master back")]
    moments = live_through(cell, events, until=130)
    away = [moment for moment in moments if 5 <= moment.time < 100]
    assert all(moment.dead == before.count(hit) and moment.rescheduled == 0 for moment in away)
    assert all(moment.running == 4 - before.count(hit) for moment in away)
    assert moments[-1].running == 4


def test_a_machine_that_restarts_between_polls_has_lost_its_tasks():
    cell = small_cell(4, 4)
    live_through(cell, [], until=0)
    hit = int(cell.machine[0])
    there = int((cell.machine == hit).sum())
    moments = live_through(cell, [CellEvent(6, "fail", (hit,)), CellEvent(12, "return", (hit,))], until=30)
    assert [moment.dead for moment in moments] == [0, 0, there, 0, 0, 0, 0]
    assert moments[-1].rescheduled == there
    assert moments[-1].running == 4


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 80),
            st.sampled_from(["fail", "cut off", "upgrade", "return", "master away", "master back"]),
            st.sets(st.integers(0, 9), max_size=5).map(tuple),
        ),
        max_size=12,
    ),
    st.sampled_from([None, 1, 3]),
)
def test_whatever_happens_the_books_balance(events, rate):
    cell = small_cell(10, 14)
    moments = live_through(cell, [CellEvent(*event) for event in events], until=100, rate=rate)
    used = np.bincount(cell.machine[cell.machine != PENDING], minlength=10) * 4
    assert (used <= 8).all()
    assert np.allclose(cell.free[0][0], 8 - used)
    for moment in moments:
        assert moment.running + moment.pending + moment.dead == 14
        assert moment.duplicates_killed <= moment.rescheduled


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        (lambda: CellEvent(0, "explode"), "no event 'explode'"),
        (lambda: CellEvent(-1, "fail"), "0 seconds or later"),
        (
            lambda: live_through(small_cell(), [CellEvent(0, "fail", (99,))], 10),
            "no machine 99 in a cell of 10",
        ),
        (lambda: live_through(small_cell(), [], 10, rate=0), "rate from 1 up"),
        (lambda: Reclamation(decay=0), "decay above 0"),
        (lambda: reservations(1.0, [-1.0]), "uses 0 or more"),
        (lambda: reservations(1.0, [1.0], step=0), "more than 0 seconds"),
        (lambda: squeeze(1, 1, [0], [1, 1], [1]), "for each task"),
    ],
)
def test_what_makes_no_sense_is_named(wrong, named):
    with pytest.raises(BadInput, match=named):
        wrong()


def test_a_limited_pace_starts_far_fewer_tasks_twice_over_twenty_seeds():
    # The lesson: half of the machines cut off for a minute. Every seed, not one, and the recorded counts.
    found = [[tasks_run_twice(seed, rate) for rate in (None, 1)] for seed in range(20)]
    assert all(0 < paced < 0.6 * once for once, paced in found)
    assert tuple(sorted(once for once, _ in found)) == ALL_AT_ONCE
    assert tuple(sorted(paced for _, paced in found)) == PACED
