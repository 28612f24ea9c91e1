"""Functions of lab 04: a score for packing, who is evicted, and how a reservation follows the use."""

import math

import numpy as np

from faultlab.cases.borg import Cell, Jobs, Machines, Reclamation, packing_trial, reservations, victims
from faultlab.classroom.answers.kinds import Function, Misconception
from faultlab.classroom.answers.sandbox import Case
from faultlab.classroom.answers.scored import Scored
from faultlab.errors import BadInput


def score(free_cpu, free_memory, cpu, memory):
    """Tight, and with what is left of both in step."""
    left_cpu, left_memory = free_cpu - cpu, free_memory - memory
    return -(left_cpu + left_memory) - 2 * abs(left_cpu - left_memory)


def _worst_fit(free_cpu, free_memory, cpu, memory):
    return free_cpu + free_memory


def _workloads(draw):
    return [
        Case(f"{tasks} tasks, some of them lopsided", (tasks, 1.0, draw.integer(1, 10_000)))
        for tasks in (1_200, 1_000, 1_400)
    ]


packing_function = Scored(
    name="packing_function",
    title="A score for packing",
    question=(
        "Write score(free_cpu, free_memory, cpu, memory): how good it would be to put a task on a machine. All four are "
        "shares of a whole machine, from 0 to 1; the task fits. Each of more than a thousand hidden tasks goes to the machine with "
        "the highest score, and to a new one only if none has room. Some tasks want much CPU and little memory, "
        "others the other way round. Full points for matching the course's own rule, none for the loosest packing, in "
        "proportion in between. What counts is the number of machines above the theoretical minimum."
    ),
    points=3,
    reference=score,
    solution=score,
    baseline=_worst_fit,
    measure="% more machines than the least",
    cases=_workloads,
    drive=packing_trial,
    seconds=20.0,
    hints=(
        "What is left on the machine afterwards is free_cpu - cpu and free_memory - memory. Little is good.",
        "CPU that is left without memory is stranded: no task can use it. How unequal are the two?",
        "Subtract from the score what is left of both, and twice the difference between them.",
    ),
    misconceptions=(
        Misconception(
            "best fit is always best",
            lambda free_cpu, free_memory, cpu, memory: -(free_cpu + free_memory),
            "That packs tightly, and strands CPU where the memory is full. Look at what is left of each.",
        ),
        Misconception(
            "spread it out",
            _worst_fit,
            "That is the simple way itself: it leaves a little room everywhere, and large tasks fit nowhere.",
        ),
        Misconception(
            "processor is what counts",
            lambda free_cpu, free_memory, cpu, memory: -free_cpu,
            "It packs by CPU alone. Memory runs out on machines that have CPU to spare.",
        ),
    ),
)


def evicted(tasks, free, priority, cores):
    """Lowest priority first, the largest of equals first, and nobody needlessly."""
    lower = [task for task in tasks if task[1] < min(priority, 120)]
    gone = []
    for task in sorted(lower, key=lambda task: (task[1], -task[2])):
        if free >= cores:
            break
        gone.append(task)
        free = free + task[2]
    if free < cores:
        return None
    for task in reversed(gone.copy()):
        if free - task[2] >= cores:
            gone.remove(task)
            free = free - task[2]
    return sorted(task[0] for task in gone)


def _by_the_cell(tasks, free, priority, cores):
    """The same by the course's own scheduler, on a cell of one machine."""
    total = free + sum(task[2] for task in tasks)
    jobs = Jobs(
        tasks=np.ones(len(tasks) + 1, dtype=int),
        cpu=np.array([*(task[2] for task in tasks), cores]),
        memory=np.full(len(tasks) + 1, 0.001),
        priority=np.array([*(task[1] for task in tasks), priority]),
    )
    cell = Cell(Machines(np.array([max(total, cores)]), np.array([64.0])), jobs, strict=False)
    cell = Cell(Machines(np.array([total]), np.array([64.0])), jobs, strict=False) if total < cores else cell
    for number in range(len(tasks)):
        cell.place(number, 0)
    try:
        return sorted(tasks[number][0] for number in victims(cell, len(tasks), 0))
    except BadInput:
        return None


def _anybody_below(tasks, free, priority, cores):
    return evicted(
        [(name, min(of, 119) if of < priority else of, size) for name, of, size in tasks],
        free,
        priority,
        cores,
    )


def _all_lower(tasks, free, priority, cores):
    lower = [task for task in tasks if task[1] < min(priority, 120)]
    if free >= cores:
        return []
    return sorted(task[0] for task in lower) if free + sum(task[2] for task in lower) >= cores else None


def _highest_first(tasks, free, priority, cores):
    lower = sorted((task for task in tasks if task[1] < min(priority, 120)), key=lambda task: -task[1])
    gone = []
    for task in lower:
        if free >= cores:
            break
        gone.append(task[0])
        free += task[2]
    return sorted(gone) if free >= cores else None


def _machines(draw):
    a, b, c = draw.choice([2, 3]), draw.choice([4, 5]), draw.choice([1, 2])
    return [
        Case("there is room", ([("a", 0, 2), ("b", 200, 4)], 4, 200, 3)),
        Case("one has to go", ([("c", 0, a), ("b", 110, b), ("a", 200, 4)], 0, 200, a)),
        Case("two have to go", ([("a", 0, a), ("b", 110, b), ("c", 200, 4)], 0, 200, a + 1)),
        Case("the small one need not go", ([("small", 0, c), ("large", 112, 6)], 0, 200, 6)),
        Case("two need not go", ([("a", 0, 1), ("b", 50, 2), ("c", 112, 7)], 0, 200, 7)),
        Case("one of two need not go", ([("a", 0, 3), ("b", 50, 1), ("c", 112, 4)], 0, 200, 7)),
        Case(
            "the third makes the first two needless", ([("a", 0, 2), ("b", 50, 3), ("c", 60, 4)], 1, 200, 6)
        ),
        Case("only production is left", ([("a", 200, 4), ("b", 150, 4)], 1, 300, 3)),
        Case("the lowest of production stays", ([("a", 120, 4)], 0, 300, 4)),
        Case("the highest of batch goes", ([("a", 119, 4)], 0, 200, 4)),
        Case("production and a little more", ([("a", 150, 4), ("b", 112, 2)], 1, 300, 3)),
        Case("batch for batch", ([("a", 110, 3), ("b", 114, 3), ("c", 0, 1)], 0, 114, 4)),
        Case("equals don't evict", ([("a", 112, 3)], 1, 112, 3)),
        Case("of equals the largest", ([("a", 0, 1), ("b", 0, 5), ("c", 0, 2)], 0, 116, 4)),
        Case("a small one of low priority first", ([("z", 10, 1), ("y", 80, 6), ("x", 90, 3)], 0, 116, 1)),
        Case("a large one of low priority first", ([("a", 90, 1), ("b", 10, 6), ("c", 80, 2)], 0, 116, 1)),
        Case("only one of two can be spared", ([("a", 0, 2), ("b", 50, 2), ("c", 60, 6)], 1, 200, 8)),
        Case("of equals one large or two small", ([("a", 0, 2), ("b", 0, 3), ("c", 0, 5)], 0, 116, 5)),
        Case("names in order", ([("z", 0, 3), ("y", 10, 3)], 0, 200, 6)),
        Case("it will never fit", ([("a", 0, 2)], 1, 300, 9)),
        Case("an empty machine", ([], 4, 200, 4)),
    ]


eviction_function = Function(
    name="eviction_function",
    title="Who has to go",
    question=(
        "Write evicted(tasks, free, priority, cores). A machine runs tasks, each (name, priority, cores), and has free "
        "cores left. A new task with this priority needs this many cores. Tasks with a lower priority may be evicted, "
        "but never production (120 and above). Go from the lowest priority up, the largest of equals first, until there "
        "is room. Then go back through the chosen tasks, last first, and spare each one whose eviction turned out to be unnecessary. Return the names, sorted; [] "
        "if no task has to go; None if it can't fit at all."
    ),
    points=3,
    reference=_by_the_cell,
    solution=evicted,
    cases=_machines,
    hints=(
        "Those who may go: priority below the newcomer's, and below 120.",
        "sorted(…, key=lambda task: (task[1], -task[2])) gives the order. Stop as soon as free >= cores.",
        "Then, for the chosen in reverse: if free - its cores is still enough, it stays.",
    ),
    misconceptions=(
        Misconception(
            "production preempts production",
            _anybody_below,
            "It evicts a production task with a lower number. In Borg production never evicts production.",
        ),
        Misconception(
            "everybody lower goes",
            _all_lower,
            "It evicts every lower task. Stop as soon as there is room, and spare those that need not go.",
        ),
        Misconception(
            "the highest first",
            _highest_first,
            "It begins with the most important of those who may go. Begin with the least important.",
        ),
    ),
)


def reserved(limit, used, step, margin, wait, decay):
    """The reservation at the end of each step: down slowly, up at once."""
    kept, now, found = math.exp(-step / decay), limit, []
    for place, use in enumerate(used):
        target = min(limit, use * (1 + margin))
        if (place + 1) * step <= wait:
            target = limit
        now = target if target >= now else target + (now - target) * kept
        found.append(now)
    return found


def _by_the_course(limit, used, step, margin, wait, decay):
    return reservations(limit, used, step, Reclamation(margin, wait, decay)).tolist()


def _down_at_once(limit, used, step, margin, wait, decay):
    return [limit if (n + 1) * step <= wait else min(limit, use * (1 + margin)) for n, use in enumerate(used)]


def _up_slowly(limit, used, step, margin, wait, decay):
    kept, now, found = math.exp(-step / decay), limit, []
    for place, use in enumerate(used):
        target = limit if (place + 1) * step <= wait else min(limit, use * (1 + margin))
        now = target + (now - target) * kept
        found.append(now)
    return found


def _uses(draw):
    def walk(count, level):
        return [round(level * draw.between(0.6, 1.4), 3) for _ in range(count)]

    return [
        Case("a short life", (4.0, [1.0, 1.0], 10.0, 0.15, 300.0, 600.0)),
        Case("a quiet hour", (4.0, walk(60, 1.0), 60.0, 0.15, 300.0, 600.0)),
        Case("a rush", (4.0, [1.0] * 40 + [3.5] * 5 + [1.0] * 10, 30.0, 0.15, 300.0, 400.0)),
        Case("more than the limit", (2.0, [0.5] * 20 + [5.0] * 3, 30.0, 0.3, 60.0, 200.0)),
        Case("nothing kept above", (8.0, walk(50, 3.0), 20.0, 0.0, 100.0, 150.0)),
        Case("no wait", (6.0, walk(30, 2.0), 15.0, 0.25, 0.0, 90.0)),
    ]


reservation_function = Function(
    name="reservation_function",
    title="Down slowly, up at once",
    question=(
        "Write reserved(limit, used, step, margin, wait, decay). used lists what a task used in each step, step seconds long. "
        "Begin with the limit. The target of a step is use × (1 + margin), at most the limit; in the steps that end within "
        "the first wait seconds it is the limit. If the target is at or above the reservation, the reservation jumps to it. If it "
        "is below, the reservation keeps exp(−step / decay) of its excess. Return the reservation at the end of each step, as a list."
    ),
    points=2,
    reference=_by_the_course,
    solution=reserved,
    cases=_uses,
    hints=(
        "Step number place, from 0, ends after (place + 1) * step seconds.",
        "Down: target + (now - target) * math.exp(-step / decay).",
        "Up: now = target, at once. And never above the limit.",
    ),
    misconceptions=(
        Misconception(
            "down at once",
            _down_at_once,
            "It falls to the target at once. Then the next small rise takes back what was just lent: sink slowly.",
        ),
        Misconception(
            "up slowly",
            _up_slowly,
            "It rises slowly. A task that needs what it reserved must have it at once.",
        ),
        Misconception(
            "reservation equals limit",
            lambda limit, used, step, margin, wait, decay: [limit] * len(used),
            "That keeps the limit for ever. Then nothing is lent, and what is not used stays empty.",
        ),
    ),
)
