"""Allocs keep their room, their guests go where they go, and never take more than was set aside."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faultlab.cases import AllocSet, Cell, CellEvent, Jobs, Machines, live_through, schedule
from faultlab.errors import BadInput


@pytest.fixture
def web():
    cell = Cell(Machines([8] * 4, [8] * 4), Jobs([3, 9], [4.0, 4.0], [4.0, 4.0], [200, 110]))
    return AllocSet(cell, 0, Jobs([3, 3], [3.0, 1.0], [3.0, 1.0], [200, 110]))


def test_guests_wait_until_their_alloc_has_a_machine(web):
    done = web.settle()
    assert (done.placed, done.pending) == (0, 6)
    assert set(done.reasons.values()) == {"no machine in service has what it needs"}
    schedule(web.cell)
    assert web.settle().pending == 0
    assert (np.sort(web.machines()) != -1).all()


def test_room_stays_assigned_while_nobody_uses_it(web):
    schedule(web.cell)
    web.settle()
    before = web.cell.free.copy()
    for guest in range(6):
        web.inside.remove(guest)
    assert (web.cell.free == before).all()
    # Batch takes what is left over, and not what is set aside: three allocs and five batch tasks fit.
    assert (web.cell.machine != -1).sum() == 8
    assert web.settle().placed == 6


def test_guests_move_with_their_alloc_when_a_machine_dies(web):
    schedule(web.cell)
    web.settle()
    alloc_of, before = web.inside.machine.copy(), web.machines()
    dead = int(web.cell.machine[0])
    live_through(web.cell, [CellEvent(10, "fail", (dead,))], until=60)
    web.settle()
    after = web.machines()
    assert (web.inside.machine == alloc_of).all()
    assert dead not in after
    assert -1 not in after
    moved = before == dead
    assert moved.any()
    assert (after == web.cell.machine[web.tasks[alloc_of]]).all()
    assert (after[~moved] == before[~moved]).all()


@settings(deadline=None, max_examples=40)
@given(
    allocs=st.integers(1, 4),
    guests=st.lists(
        st.tuples(st.integers(1, 4), st.floats(0.1, 4), st.floats(0.1, 4)), min_size=1, max_size=4
    ),
)
def test_guests_never_take_more_than_their_alloc_has(allocs, guests):
    cell = Cell(Machines([8] * 4, [8] * 4), Jobs([allocs], [4.0], [4.0], [200]))
    tasks, cpu, memory = zip(*guests, strict=True)
    inner = AllocSet(cell, 0, Jobs(tasks, cpu, memory, [200] * len(guests)))
    schedule(cell)
    inner.settle()
    for alloc in range(allocs):
        jobs = inner.inside.job_of[inner.inside.tasks_on(alloc)]
        assert inner.inside.jobs.cpu[jobs].sum() <= 4 + 1e-6
        assert inner.inside.jobs.memory[jobs].sum() <= 4 + 1e-6


def test_what_makes_no_sense_is_named(web):
    with pytest.raises(BadInput, match="no job 7 in a cell of 2"):
        AllocSet(web.cell, 7, Jobs([1], [1], [1], [0]))
    with pytest.raises(BadInput, match="bigger than every machine"):
        AllocSet(web.cell, 0, Jobs([1], [5], [1], [0]))
    with pytest.raises(BadInput, match="bigger than every machine that has what it needs"):
        AllocSet(web.cell, 0, Jobs([1], [1], [1], [0], needs=[1]))
