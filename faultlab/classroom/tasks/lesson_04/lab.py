"""The tasks of lab 04: what sharing saves, who gives way, what can be lent, and how fast to give up."""

from math import floor

from faultlab.classroom.answers.kinds import Choice, Misconception, Names, Number, Wrong
from faultlab.classroom.tasks.lesson_04.cell_rules import (
    evicted,
    eviction_function,
    packing_function,
    reservation_function,
)

apart = Number(
    name="apart",
    title="What it costs to be apart",
    question=(
        "Kestrel's production needs {production} machines of its own, its batch work {batch}. On shared machines both fit "
        "into {shared}. What percentage more machines does it take to keep them apart?"
    ),
    unit="%",
    tolerance=0.01,
    draw=lambda draw: draw.choice(
        [
            {"production": production, "batch": batch, "shared": shared}
            for production, batch, shared in ((60, 42, 80), (75, 50, 104), (90, 60, 120), (48, 36, 70))
        ]
    ),
    reference=lambda n: 100 * (n.production + n.batch - n.shared) / n.shared,
    hints=(
        "How many machines does it take apart, and how many more is that?",
        "As a percentage of the shared ones.",
    ),
    solution="({production} + {batch} − {shared}) / {shared} = {answer}. Google's own figure is 20 to 30 %.",
    misconceptions=(
        Misconception(
            "in machines",
            lambda n: n.production + n.batch - n.shared,
            "That is the number of machines. The question asks for a percentage of the shared ones.",
        ),
        Misconception(
            "of the larger number",
            lambda n: 100 * (n.production + n.batch - n.shared) / (n.production + n.batch),
            "That is what sharing saves, of the machines apart. The question takes the shared ones as 100 %.",
        ),
        Misconception(
            "batch comes on top",
            lambda n: 100 * n.batch / n.production,
            "That compares batch with production. Compare both apart with both together.",
        ),
    ),
    why="Apart, the capacity that production keeps and does not use stays empty. At work: ask what share of your machines runs work of both kinds.",
)

more_priority = Choice(
    name="more_priority",
    title="A higher priority, please",
    question=(
        "The recommendations team lost machines twice in {weeks} weeks. It runs at priority {now} (batch) and asks for "
        "{wanted} (production). Recommendations are shown on one page in four, which sells without them as well. What do you "
        "decide?"
    ),
    options={
        "A": Wrong(
            "Yes. With a high priority it gets more machines.",
            "priority equals quota",
            "It would get the same machines, and keep them when the checkout needs them. How much it gets is decided by quota.",
        ),
        "B": Wrong(
            "Yes, and the same for all teams that ask, so that it is fair.",
            "the highest for all",
            "If everything is production, nothing can be evicted, and a dead rack stops whatever happens to be on it.",
        ),
        "C": "No. It gives way to the checkout. Offer it quota, at a price.",
        "D": Wrong(
            "No. And it should get machines of its own.",
            "machines of its own",
            "Then they stand idle when it has little to do, and it still loses them when they die.",
        ),
    },
    draw=lambda draw: {
        "weeks": draw.choice([4, 6, 8]),
        "now": draw.choice([110, 112, 115]),
        "wanted": draw.choice([200, 220]),
    },
    hints=("What does a priority decide, and what a quota?", "Who would have to give way instead?"),
    solution="{answer} A priority says who has no machine on the bad day. Amounts are bought as quota.",
    why="A higher priority would only decide who loses a machine: then the checkout might. At work: answer such requests with a quota and its price, and keep production for what customers wait for.",
)

gives_way = Names(
    name="gives_way",
    title="Who is evicted?",
    question=(
        "A machine with no free core runs web (priority 200, {web} cores), reports (112, {reports} cores), training (110, "
        "{training} cores) and tests (0, {tests} cores). A task of the orders (priority 220) needs {need} cores. The lowest "
        "priority goes first, and no task is evicted needlessly. Which tasks are evicted?"
    ),
    draw=lambda draw: draw.choice(
        [
            {"web": 4, "reports": 4, "training": 6, "tests": 2, "need": 8},
            {"web": 4, "reports": 3, "training": 5, "tests": 3, "need": 8},
            {"web": 6, "reports": 4, "training": 5, "tests": 1, "need": 6},
        ]
    ),
    reference=lambda n: evicted(_running(n), 0, 220, n.need),
    hints=(
        "Begin with tests. Is there room? If not, who is next?",
        "When there is room, go back: was a task chosen that need not go?",
    ),
    solution="{answer}: from the lowest priority up, until {need} cores are free.",
    misconceptions=(
        Misconception(
            "production should preempt production",
            lambda n: ["web", "reports"],
            "Web is production, and orders is: in Borg production never evicts production, whatever the numbers.",
        ),
        Misconception(
            "the highest first",
            lambda n: ["reports", "training"],
            "Begin at the lowest priority: tests go before reports.",
        ),
        Misconception(
            "everybody lower goes",
            lambda n: ["reports", "tests", "training"],
            "Stop as soon as there is room. Reports can stay.",
        ),
    ),
    why="The lowest priority goes first, and nobody needlessly. At work: write the order down before the rack dies, and tell those at its end.",
)


def _running(n):
    return [
        ("web", 200, n.web),
        ("reports", 112, n.reports),
        ("training", 110, n.training),
        ("tests", 0, n.tests),
    ]


borrower = Choice(
    name="borrower",
    title="Who may borrow?",
    question=(
        "{tasks} production tasks have a limit of {limit} cores each and use {use} on average. With a margin of {margin} % above "
        "that, {free:.0f} cores can be lent to others, who lose them within seconds when production needs them. "
        "Which work do you put there?"
    ),
    options={
        "A": "Training of the recommendations. It saves its state every ten minutes and may take a week.",
        "B": Wrong(
            "The second copy of the checkout. It is hardly ever needed.",
            "a spare on borrowed capacity",
            "The day on which you need the second copy is the day on which production takes its cores back.",
        ),
        "C": Wrong(
            "The figures for the tax office, due on Friday at noon. They take {hours} hours and start again when stopped.",
            "borrowed capacity for a deadline",
            "Stopped at Friday, eleven o'clock, it starts again from the beginning and is {hours} hours late.",
        ),
        "D": Wrong(
            "Nothing. The cores are production's.",
            "reservation equals limit",
            "They stay production's, and come back within seconds. Left idle, {free:.0f} cores are paid for and never used.",
        ),
    },
    draw=lambda draw: _lendable(
        draw.choice([20, 40, 60]),
        draw.choice([4, 6, 8]),
        draw.choice([1.5, 2.0, 2.5]),
        draw.choice([15, 20, 30]),
    ),
    hints=(
        "The borrower is stopped without warning. What does that cost each of the three?",
        "Who loses ten minutes, who loses {hours} hours, and who is missing just when a rack has died?",
    ),
    solution="{answer} It loses ten minutes each time it is stopped, and nobody waits for it.",
    why=(
        "It loses ten minutes each time, and {free:.0f} cores that are paid for get used. At work: list which jobs may be "
        "stopped at any moment, and have each of them save its state."
    ),
)


def _lendable(tasks, limit, use, margin):
    return {
        "tasks": tasks,
        "limit": limit,
        "use": use,
        "margin": margin,
        "free": tasks * (limit - use * (1 + margin / 100)),
        "hours": limit + 2,
    }


which_packing = Choice(
    name="which_packing",
    title="The tightest packing",
    question=(
        "A supplier offers a new way to place tasks: always where the least room remains. In a test with identical tasks it "
        "saved {saved} % of the machines. Kestrel's tasks differ: some need much memory, others much CPU. What do you do?"
    ),
    options={
        "A": Wrong(
            "Buy it. Tight packing needs the fewest machines, whatever the tasks.",
            "best fit is always best",
            "Packed by total room, machines end up with CPU and no memory, or the other way round.",
        ),
        "B": "Have it pack last month's tasks of Kestrel's, beside what runs today.",
        "C": Wrong(
            "Don't. Spare capacity everywhere is worth more than fewer machines.",
            "room is always worth it",
            "It may be. But large tasks don't fit into small gaps. A trial on your own work will show.",
        ),
        "D": Wrong(
            "Buy it for the machines with most memory.",
            "more memory",
            "The memory of the machines is not the question. Which tasks meet on a machine is.",
        ),
    },
    draw=lambda draw: {"saved": draw.choice([6, 8, 11])},
    hints=(
        "What is left on a machine whose memory is full?",
        "Google's mix of rules was 3 to 5 % better than the tightest packing on its work, and brought nothing on ours.",
    ),
    solution="{answer} A rule is as good as the work that it packs.",
    why="A rule is as good as the work it packs. At work: ask every supplier to run your own last month, beside what you use today.",
)

silent_half = Number(
    name="silent_half",
    title="A cut network",
    question=(
        "{silent} machines with {each} tasks each are cut off. The first one is given up after {after} seconds, and then one "
        "every {every} seconds; its tasks are started elsewhere. After {back} seconds the network is back. How many tasks were "
        "started twice?"
    ),
    unit="tasks",
    points=2,
    whole=True,
    draw=lambda draw: draw.choice(
        [
            {"silent": 400, "each": each, "after": 15, "every": every, "back": back}
            for each in (9, 12)
            for every, back in ((5, 62), (5, 93), (4, 61), (10, 120))
        ]
    ),
    reference=lambda n: n.each * (floor((n.back - n.after) / n.every) + 1),
    hints=(
        "One at {after} s, the next at {after} + {every} s … the last one before {back} s.",
        "Count the first one as well.",
    ),
    solution="({back} − {after}) / {every}, rounded down, and the first one; times {each} tasks: {answer}.",
    misconceptions=(
        Misconception(
            "all at once",
            lambda n: n.silent * n.each,
            "That is what a Borgmaster without a limit would have done. This one gives up one machine at a time.",
        ),
        Misconception(
            "the first one not counted",
            lambda n: n.each * floor((n.back - n.after) / n.every),
            "Count the first machine as well: it is given up after {after} seconds.",
        ),
        Misconception(
            "from the beginning",
            lambda n: n.each * (floor(n.back / n.every) + 1),
            "For the first {after} seconds no machine is given up.",
        ),
        Misconception(
            "in machines",
            lambda n: floor((n.back - n.after) / n.every) + 1,
            "Those are the machines. Each had {each} tasks.",
        ),
    ),
    why="Without the limit, all {silent} machines would have been given up at once. At work: ask how many machines your platform may give up in a minute, and who can stop it.",
)

how_busy = Choice(
    name="how_busy",
    title="As full as can be",
    question=(
        "The shared cell is {full} % full by what tasks use. A quarter of that is work that can wait. Somebody proposes to "
        "fill it to 100 % with production, so that nothing is wasted. What do you say?"
    ),
    options={
        "A": Wrong(
            "Yes. 100 % is efficient, and idle machines cost money.",
            "utilisation of 100 % is efficient",
            "When the first rack dies, some customers have no service: there is no room, and nothing to evict.",
        ),
        "B": Wrong(
            "Yes, if the machines are new.",
            "new machines don't die",
            "Racks lose power, networks are cut, and machines are taken out for upgrades, however new.",
        ),
        "C": Wrong(
            "No. Machines should be half empty at any time.",
            "half empty is safe",
            "It is safe, and twice as expensive. Work that can wait keeps the capacity available just as safely.",
        ),
        "D": "No. Nothing would be left to evict on a bad day.",
    },
    draw=lambda draw: {"full": draw.choice([75, 80, 85])},
    hints=("A rack dies. Where do its tasks go?", "Whose tasks may be stopped for that?"),
    solution="{answer} The work that can wait is the spare capacity, and it earns money until it is needed.",
    why="The work that can wait is your spare capacity, and it earns money until it is needed. At work: look at the share of work that may be evicted, not only at how full the machines are.",
)

TASKS = (
    apart,
    more_priority,
    gives_way,
    borrower,
    which_packing,
    silent_half,
    how_busy,
    packing_function,
    eviction_function,
    reservation_function,
)
