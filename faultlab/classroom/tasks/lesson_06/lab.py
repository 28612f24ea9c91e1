"""The tasks of lab 06: gates, cut sets and importance, and a fault tree of the learner's own service."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING

from faultlab.analysis.engine import AND, AT_LEAST, OR
from faultlab.analysis.fault_trees import CommonCause, FaultTree, importance, minimal_cut_sets, solve
from faultlab.cases.azure import best_under_any_bets
from faultlab.classroom.answers.kinds import Choice, Function, Misconception, Names, Number, Wrong
from faultlab.classroom.answers.sandbox import Case
from faultlab.classroom.tasks.lesson_06.own_fault_tree import own_tree

if TYPE_CHECKING:
    from collections.abc import Collection


MINUTES_A_YEAR = 525_600


def _chance(gates, events):
    """The exact probability of the first gate, events in percent."""
    top = next(iter(gates))
    return solve(FaultTree(top, gates, {name: p / 100 for name, p in events.items()})).probability()[0]


def _minutes_down(down, shared, copies=2):
    """Minutes a year in which all copies are down; both arguments in percent."""
    names = tuple(f"copy {i}" for i in range(copies))
    tree = FaultTree(
        "all",
        {"all": AND(*names)},
        dict.fromkeys(names, down / 100),
        common_causes=(CommonCause("copies", names, (shared / 100,)),),
    )
    return MINUTES_A_YEAR * solve(tree).probability()[0]


def _two_databases(draw):
    down, shared = draw.choice([0.8, 1.0, 1.2]), draw.choice([8, 10, 12])
    own = down * (1 - shared / 100)
    # A copy that fails by itself half as often: its downtime shrinks, what is shared stays as it was.
    less, common = down - own / 2, down * shared / 100
    apart = own + common / 10
    left = {
        "A": _minutes_down(apart, 100 * (common / 10) / apart),
        "B": _minutes_down(down, shared, 3),
        "C": _minutes_down(down / 2, shared),
        "D": _minutes_down(less, 100 * common / less),
    }
    return {
        "down": down,
        "shared": shared,
        "left": left,
        "now": f"{_minutes_down(down, shared):.0f}",
        "apart": f"{left['A']:.0f}",
        "third": f"{left['B']:.0f}",
        "faster": f"{left['C']:.0f}",
        "better": f"{left['D']:.0f}",
    }


third_copy = Choice(
    name="third_copy",
    title="Both databases failed together: what do you buy?",
    question=(
        "A shop's order database has two copies, and one is enough. Each is down {down} % of the time; {shared} % of "
        "that comes from a common cause, mostly a bad release on both. All four offers cost the same, and you can "
        "pay for one. Which do you sign?"
    ),
    options={
        "A": "Releases a day apart: a tenth of the common cause is left.",
        "B": Wrong(
            "A third copy of the same kind, as good as the other two.",
            "one more copy of the same",
            "That leaves {third} of {now} minutes a year: the bad release reaches the third copy too.",
        ),
        "C": Wrong(
            "Training that halves every repair.",
            "repair, whatever the cause",
            "That leaves {faster} of {now} minutes a year. A good second choice, since it helps against every cause.",
        ),
        "D": Wrong(
            "Better hardware: each copy fails by itself half as often.",
            "better parts against a common cause",
            "That leaves {better} of {now} minutes a year. Good parts don't help against what hits them all.",
        ),
    },
    points=2,
    draw=_two_databases,
    reference=lambda n: min(n.left, key=n.left.get),
    hints=(
        "Ask of each offer what it leaves: the common cause, or the two copies failing by themselves at once?",
        "Two copies that fail by themselves are down together for less than an hour a year. The rest is one cause.",
    ),
    solution="{answer} Both are down {now} minutes a year today. A leaves {apart}, B {third}, C {faster}, D {better}.",
    why=(
        "It leaves {apart} of {now} minutes a year; the third copy would leave {third}. At work: before you pay for "
        "a copy, ask what the copies have in common: release, power, supplier, administrator."
    ),
)

_RACK = FaultTree(
    "checkout fails",
    {
        "checkout fails": OR("payment provider", "no database"),
        "no database": AND("database 1 is off", "database 2 is off"),
        "database 1 is off": OR("disk 1", "rack power"),
        "database 2 is off": OR("disk 2", "rack power"),
    },
    dict.fromkeys(("payment provider", "disk 1", "disk 2", "rack power"), 0.1),
)
_LISTED = (
    ("payment provider",),
    ("rack power",),
    ("disk 1", "disk 2"),
    ("disk 1", "rack power"),
    ("payment provider", "disk 2"),
    ("disk 1",),
)


def _lettered(draw):
    order = draw.shuffled(range(len(_LISTED)))
    letters = {letter: _LISTED[place] for letter, place in zip("ABCDEF", order, strict=True)}
    lines = "\n".join(f"{letter}) {' and '.join(events)}" for letter, events in letters.items())
    return {"letters": letters, "lines": lines}


def _letters_of(n, chosen):
    return [letter for letter, events in n.letters.items() if frozenset(events) in chosen]


def _minimal(n):
    sets = minimal_cut_sets(solve(_RACK)).most_probable(100)
    return _letters_of(n, {frozenset(one.events) for one in sets})


def _sets(*chosen):
    return {frozenset(_LISTED[place]) for place in chosen}


minimal_sets = Names(
    name="minimal_sets",
    title="Which are the minimal cut sets?",
    question=(
        "The checkout fails if the payment provider fails, or if both databases are down. A database is down if its "
        "own disk fails, or if the rack loses power; both are in one rack. Which of these are minimal cut sets? Give "
        "the letters, such as A, B.\n{lines}"
    ),
    letters="ABCDEF",
    points=2,
    draw=_lettered,
    reference=_minimal,
    hints=(
        "A cut set is enough for the top event. It is minimal when you can't leave out any of its events.",
        "Take each line. Does the checkout fail? Then take one event away: does it still fail?",
        "The rack's power is under both databases. It is one event.",
    ),
    solution="The minimal ones are {answer}: the payment provider, the rack's power, and both disks together.",
    misconceptions=(
        Misconception(
            "a cut set that is not minimal",
            lambda n: _letters_of(n, _sets(0, 1, 2, 3, 4)),
            "All of these are enough for an outage. From two of them you can take an event away, and the rest is still enough.",
        ),
        Misconception(
            "OR for AND",
            lambda n: _letters_of(n, _sets(0, 1, 5)),
            "One disk stops one database. The other still serves: both have to be down.",
        ),
        Misconception(
            "common cause not seen",
            lambda n: _letters_of(n, _sets(0, 2)),
            "You have left out something that both databases depend on.",
        ),
        Misconception(
            "single events only",
            lambda n: _letters_of(n, _sets(0, 1)),
            "Those stop the checkout alone. A minimal cut set may also have two events, if neither is enough by itself.",
        ),
    ),
)


common_cause = Number(
    name="common_cause",
    title="Two copies and their common cause",
    question=(
        "A database has two copies, and one is enough. Each copy is down {down} % of the time. Of a copy's downtime, "
        "{shared} % comes from causes that hit both copies at once (beta factor); the rest hits it alone. How many "
        "minutes a year are both down? A year has 525,600 minutes."
    ),
    unit="minutes a year",
    points=2,
    draw=lambda draw: {"down": draw.choice([0.8, 1.0, 1.2]), "shared": draw.choice([8, 10, 12])},
    reference=lambda n: _minutes_down(n.down, n.shared),
    hints=(
        "Split a copy's downtime: {shared} % of it has a common cause, the rest is its own.",
        "Both are down while the common cause lasts, or while each is down by itself at the same time.",
        "With {down} % written as a fraction q and {shared} % as b: b·q + ((1 − b)·q)².",
    ),
    solution="About 525,600 × (b·q + ((1 − b)·q)²) with q = {down} / 100 and b = {shared} / 100: {answer}.",
    misconceptions=(
        Misconception(
            "common cause ignored",
            lambda n: MINUTES_A_YEAR * (n.down / 100) ** 2,
            "That multiplies as if the copies never failed for the same reason. {shared} % of the time they do.",
        ),
        Misconception(
            "the common cause only",
            lambda n: MINUTES_A_YEAR * n.down / 100 * n.shared / 100,
            "That is the common cause. The copies can also be down by themselves at the same time: a little more.",
        ),
        Misconception(
            "adds the copies",
            lambda n: MINUTES_A_YEAR * 2 * n.down / 100,
            "That adds two downtimes, as under an OR gate. Here both have to be down.",
        ),
        Misconception(
            "one copy",
            lambda n: MINUTES_A_YEAR * n.down / 100,
            "That is one copy alone. The other one serves while this one is down.",
        ),
        Misconception(
            "the shared part counted as own too",
            lambda n: MINUTES_A_YEAR * (n.down / 100 * n.shared / 100 + (n.down / 100) ** 2),
            "Nearly. What is shared is no longer a copy's own: its own part is 100 − {shared} % of the downtime.",
        ),
    ),
)


def _two_layers(n):
    gates = {
        "both": AND("gate", "way back"),
        "gate": OR("late", "gate alone"),
        "way back": OR("late", "copy alone"),
    }
    return 100 * _chance(gates, {"late": n.late, "gate alone": n.alone, "copy alone": n.alone})


def _one_layer(n):
    return 100 * _chance({"gate": OR("late", "alone")}, {"late": n.late, "alone": n.alone})


two_layers = Number(
    name="two_layers",
    title="Two safeguards, one health signal",
    question=(
        "A bad release must pass a health gate, and if it does, you roll back to the last good copy. In {late} % of "
        "cases the crash comes after the health check: then the gate lets it through, and the copy is bad too. The "
        "gate also fails for reasons of its own in {alone} % of cases, and so does the copy. These three are "
        "independent. In what percentage of cases do both safeguards fail?"
    ),
    unit="%",
    points=2,
    draw=lambda draw: {"late": draw.choice([8, 10, 12]), "alone": draw.choice([5, 6, 9])},
    reference=_two_layers,
    hints=(
        "Draw it: an AND gate over two OR gates, with the late crash under both. It is one event.",
        "If the crash is late, both fail. If it isn't, both have to fail by themselves.",
    ),
    solution="{late} % + (100 − {late}) % × {alone} % × {alone} % = {answer}.",
    misconceptions=(
        Misconception(
            "multiplies dependent events",
            lambda n: _one_layer(n) ** 2 / 100,
            "That multiplies the two safeguards as if they were independent. A late crash opens both at once.",
        ),
        Misconception(
            "each on its own only",
            lambda n: n.alone**2 / 100,
            "That leaves out the late crash, which makes both fail.",
        ),
        Misconception(
            "OR for AND",
            lambda n: _one_layer(n),
            "That is how often one safeguard fails. Both have to.",
        ),
        Misconception(
            "adds everything",
            lambda n: n.late + 2 * n.alone,
            "A safeguard that fails by itself does no harm while the other works.",
        ),
    ),
)


def _shop(sign_in, times=1):
    """A shop that needs sign-in, stock and one of two web servers; probabilities in percent."""
    events = {"sign-in": sign_in * times / 100, "stock": 0.08 / 100, "web 1": 0.2 / 100, "web 2": 0.2 / 100}
    return solve(
        FaultTree("shop is down", {"shop is down": OR("sign-in", "stock", AND("web 1", "web 2"))}, events)
    )


def _two_lists(draw):
    sign_in, times = draw.choice([0.004, 0.005, 0.006]), draw.choice([8, 10, 12])
    solved = _shop(sign_in)
    ranked = {one.event: one for one in importance(solved)}
    now = MINUTES_A_YEAR * solved.probability()[0]
    worse = MINUTES_A_YEAR * _shop(sign_in, times).probability()[0]
    no_web = MINUTES_A_YEAR * solved.probability({"web 1": 0.0, "web 2": 0.0})[0]
    no_stock = MINUTES_A_YEAR * solved.probability({"stock": 0.0})[0]
    both = MINUTES_A_YEAR * _shop(sign_in, times).probability({"stock": 0.0})[0]
    first = max(ranked.values(), key=lambda one: one.criticality or 0.0)
    return {
        "sign_in": sign_in,
        "times": times,
        "fix": first.event,
        "lines": "\n".join(
            f"{name}: down {100 * ranked[name].probability:.3g} % of the time; if it never failed, "
            f"{100 * (ranked[name].criticality or 0.0):.2g} % of the downtime would go; "
            f"if it were gone for good, the shop would be down {ranked[name].raw or 0.0:,.0f} times as long"
            for name in ("sign-in", "stock", "web 1")
        ),
        "now": f"{now:.0f}",
        "worse": f"{worse:.0f}",
        "no_web": f"{no_web:.0f}",
        "no_stock": f"{no_stock:.0f}",
        "both": f"{both:.0f}",
    }


fix_or_keep = Choice(
    name="fix_or_keep",
    title="What to fix, what to keep good",
    question=(
        "A shop needs sign-in, stock, and one of two equal web servers. There is money to improve one part. There is "
        "also an offer of a cheaper sign-in, which is down {times} times as long. The tree says:\n{lines}\nWhat do "
        "you decide?"
    ),
    options={
        "A": Wrong(
            "Improve sign-in, since the shop depends on it most, and keep it.",
            "the part that everything depends on first",
            "The shop depends on sign-in no more than on stock, and sign-in is hardly ever down: little to win.",
        ),
        "B": "Improve stock, and refuse the cheaper sign-in.",
        "C": Wrong(
            "Improve the web servers, since they are down most, and keep sign-in.",
            "the part that is down most",
            "A web server is down most and has a copy. If they never failed again, {now} minutes a year would become "
            "{no_web}.",
        ),
        "D": Wrong(
            "Improve stock, and take the cheaper sign-in, since sign-in accounts for little of the downtime.",
            "small share, so it may get worse",
            "It accounts for little because it is good. With the cheaper one, and stock perfect, {both} minutes a year "
            "are left, against {no_stock} with today's sign-in.",
        ),
    },
    draw=_two_lists,
    reference=lambda n: {"stock": "B", "sign-in": "A", "web 1": "C"}[n.fix],
    hints=(
        "There are two lists. A part's share of the downtime says what to fix, the last figure what to keep good.",
        "What happens to the shop's {now} minutes a year if sign-in is down {times} times as long?",
    ),
    solution="{answer} Without stock's failures {now} minutes a year become {no_stock}; with the cheaper sign-in they become {worse}.",
    why=(
        "Stock is what to fix: {now} minutes a year become {no_stock}. Sign-in is what to keep good. At work: ask for "
        "both lists, and check every saving against the second one."
    ),
)

_ALARM = FaultTree(
    "outage",
    {
        "outage": OR(
            AND("late alarm", "bad release", "no canary"),
            AND("late alarm", "full disk"),
            AND("late alarm", "expired key", "no canary"),
        )
    },
    dict.fromkeys(("late alarm", "bad release", "no canary", "full disk", "expired key"), 0.1),
)
_PLACES = {"A": "bad release", "B": "full disk", "C": "late alarm", "E": "no canary"}

any_bets = Choice(
    name="any_bets",
    title="One more barrier, and no probabilities",
    question=(
        "An outage has three minimal cut sets: (late alarm, bad release, no canary), (late alarm, full disk) and "
        "(late alarm, expired key, no canary). Nobody knows the probabilities. Which event is the best place for one "
        "more barrier, or at least as good as any other, whatever the probabilities are?"
    ),
    options={
        "A": Wrong(
            "In front of bad release, since that is where it starts.",
            "the first in time",
            "Without a bad release the other two paths are still open.",
        ),
        "B": Wrong(
            "In front of full disk, since its cut set is the smallest.",
            "the smallest cut set",
            "If the disk is hardly ever full, that blocks hardly anything. So it depends on the bets.",
        ),
        "C": "In front of late alarm.",
        "D": Wrong(
            "Nobody can say without probabilities.",
            "nothing without numbers",
            "Often true, but not here: one event is in all three cut sets.",
        ),
        "E": Wrong(
            "In front of no canary, since it is in two cut sets of three.",
            "in most cut sets",
            "Two of three is not all: if a full disk is what happens most, the second path is the one that counts.",
        ),
    },
    reference=lambda n: next(
        letter for letter, event in _PLACES.items() if event in best_under_any_bets(_ALARM)
    ),
    hints=(
        "A barrier blocks the cut sets that its event is in.",
        "Is there an event in all three?",
    ),
    solution="{answer} It is in every cut set, so the barrier blocks every path to the outage.",
    why=(
        "It is in every cut set, so no figure can change the answer. At work: look for the event in every cut set "
        "before anyone argues about probabilities."
    ),
)


attacked_backup = Choice(
    name="attacked_backup",
    title="Backups and an attacker",
    question=(
        "A consultant writes: “The chance that an attacker takes our administrator's account is {account} % a year, and the "
        "chance that he destroys the backups is {account} % as well. So both happen once in {years:,} years.” Data and backups "
        "are reached from the same account. What do you do?"
    ),
    options={
        "A": Wrong(
            "Accept it. Once in {years:,} years is rare enough.",
            "independence assumed against an attacker",
            "The two are one event. By the consultant's own bet data and backups go together with a chance of {account} % "
            "a year, not once in {years:,} years.",
        ),
        "B": Wrong(
            "Ask for a better estimate of the {account} %.",
            "a probability for a determined adversary",
            "An adversary is not a coin: he tries again, and takes the path that you left open. The figure is a bet about a "
            "person, and no study makes it a measurement.",
        ),
        "C": Wrong(
            "Buy a second backup in the same account, which makes it a hundred times rarer.",
            "a backup that shares the cause",
            "The second backup is reached from the same account. It goes with the first.",
        ),
        "D": "Put one backup where that account can't reach it, and time a full restore.",
    },
    draw=lambda draw: (lambda account: {"account": account, "years": round((100 / account) ** 2)})(
        draw.choice([1, 2, 4])
    ),
    hints=(
        "Draw the tree: data gone AND backups gone. Which event is under both?",
        "If the account is taken, how likely is it that the backups are gone too?",
    ),
    solution="{answer} An attacker with the account has both. That is one event, {account} % by the consultant's own bet.",
    why=(
        "Data and backups no longer share the cause, whatever the {account} % really is. At work: ask which one account could "
        "delete the service and its backups, and when the last full restore was timed."
    ),
)


def cut_sets(tree):
    """Minimal cut sets: a sorted list of sorted lists. A gate is a list: what it needs, then its inputs."""
    if isinstance(tree, str):
        return [[tree]]
    kind, *inputs = tree
    need = len(inputs) if kind == "and" else 1 if kind == "or" else kind
    below = [cut_sets(one) for one in inputs]
    found = {
        frozenset(itertools.chain(*choice))
        for some in itertools.combinations(below, need)
        for choice in itertools.product(*some)
    }
    return sorted(sorted(one) for one in found if not any(other < one for other in found))


def _gate(tree):
    """A tree of lists as the package's gates."""
    if isinstance(tree, str):
        return tree
    kind, *inputs = tree
    inner = [_gate(one) for one in inputs]
    return AND(*inner) if kind == "and" else OR(*inner) if kind == "or" else AT_LEAST(kind, *inner)


def _leaves(tree):
    return [tree] if isinstance(tree, str) else [leaf for one in tree[1:] for leaf in _leaves(one)]


def _tree(tree, chances=None):
    events = dict.fromkeys(_leaves(tree), 0.5) | (chances or {})
    return FaultTree("top", {"top": OR(_gate(tree))}, events)


def _minimal_cut_sets(tree):
    sets = minimal_cut_sets(solve(_tree(tree))).most_probable(10_000)
    return sorted(sorted(one.events) for one in sets)


def _all_cut_sets(tree, swap=False, one_of_k=False):
    """As `cut_sets`, with mistakes to choose from and none of the supersets left out."""
    if isinstance(tree, str):
        return {frozenset([tree])}
    kind, *inputs = tree
    if swap:
        kind = {"and": "or", "or": "and"}.get(kind, kind)
    need = len(inputs) if kind == "and" else 1 if kind == "or" or one_of_k else kind
    below = [_all_cut_sets(one, swap, one_of_k) for one in inputs]
    return {
        frozenset().union(*choice)
        for some in itertools.combinations(below, need)
        for choice in itertools.product(*some)
    }


def _only_minimal(found):
    return sorted(sorted(one) for one in found if not any(other < one for other in found))


def _shapes(draw):
    """Trees with a repeated event, a k of n gate, a single event, and gates that absorb one another."""
    a, b, c, d, e = draw.sample(["cable", "disk", "fan", "key", "link", "node", "plug"], 5)
    return [
        Case("one event", (a,)),
        Case("an OR gate", (["or", b, a],)),
        Case("an AND gate", (["and", c, a],)),
        Case("both", (["or", a, ["and", b, c]],)),
        Case("a repeated event", (["and", ["or", a, b], ["or", a, c]],)),
        Case("one that is absorbed", (["or", a, ["and", a, b], ["and", c, d]],)),
        Case("two of three", ([2, a, b, c],)),
        Case("two of three, one of them a gate", ([2, a, ["and", b, c], ["or", d, e]],)),
        Case("three levels", (["and", a, ["or", b, ["and", c, ["or", d, e]]]],)),
    ]


cut_sets_function = Function(
    name="cut_sets_function",
    title="Minimal cut sets of a tree",
    question=(
        'Write cut_sets(tree). A tree is the name of an event, or a list: "and", "or" or a whole number k, and then '
        'the inputs, which are trees again, such as ["or", "disk", ["and", "link", "node"]] or [2, "a", "b", "c"] '
        "for two of three. Return the minimal cut sets as a sorted list of sorted lists of names."
    ),
    points=3,
    reference=_minimal_cut_sets,
    solution=cut_sets,
    cases=_shapes,
    hints=(
        "A name has one cut set: itself. Work out the inputs of a gate first (recursion).",
        "For OR, take the cut sets of all inputs together. For AND, join one cut set of each input, in every combination.",
        "For at least k, take every choice of k inputs (itertools.combinations) and treat it as an AND.",
        "At the end, drop every set that contains another one: with frozensets, other < one tests that.",
    ),
    misconceptions=(
        Misconception(
            "a cut set that is not minimal",
            lambda tree: sorted(sorted(one) for one in _all_cut_sets(tree)),
            "Some of these contain another one: they are cut sets, but not minimal. Drop them at the end.",
        ),
        Misconception(
            "OR for AND",
            lambda tree: _only_minimal(_all_cut_sets(tree, swap=True)),
            "You have swapped the two gates: under OR one input is enough, under AND all are needed.",
        ),
        Misconception(
            "k of n as OR",
            lambda tree: _only_minimal(_all_cut_sets(tree, one_of_k=True)),
            "A gate with a number needs that many of its inputs. You treat it like an OR.",
        ),
    ),
)


def happens(tree: str | list, true: Collection[str]) -> bool:
    """Whether the top event of a tree of lists happens when just these events do."""
    if isinstance(tree, str):
        return tree in true
    kind, *inputs = tree
    need = len(inputs) if kind == "and" else 1 if kind == "or" else kind
    return sum(happens(one, true) for one in inputs) >= need


def top_probability(tree, chances):
    """The exact probability of a tree's top event, over all states of its events."""
    names, total = list(chances), 0
    for state in itertools.product((True, False), repeat=len(names)):
        true = {name for name, one in zip(names, state, strict=True) if one}
        if happens(tree, true):
            weight = 1
            for name in names:
                weight = weight * (chances[name] if name in true else 1 - chances[name])
            total = total + weight
    return total


def _exactly(tree, chances):
    return solve(_tree(tree, chances)).probability()[0]


def _gate_by_gate(tree, chances, add=False):
    """Gates worked out one by one, as if nothing appeared twice."""
    if isinstance(tree, str):
        return chances[tree]
    kind, *inputs = tree
    inner = [_gate_by_gate(one, chances, add) for one in inputs]
    if kind == "and":
        return math.prod(inner)
    if kind == "or" and add:
        return sum(inner)
    need = 1 if kind == "or" else kind
    return sum(
        math.prod(p if one else 1 - p for p, one in zip(inner, state, strict=True))
        for state in itertools.product((True, False), repeat=len(inner))
        if sum(state) >= need
    )


def _sum_of_cut_sets(tree, chances):
    return sum(math.prod(chances[name] for name in one) for one in _minimal_cut_sets(tree))


def _gates_changed(tree, chances):
    def changed(tree):
        if isinstance(tree, str):
            return tree
        return [{"and": "or", "or": "and"}.get(tree[0], tree[0]), *map(changed, tree[1:])]

    return _exactly(changed(tree), chances)


def _with_chances(draw):
    return [
        Case(case.name, (case.args[0], {name: draw.between(0.05, 0.6, 2) for name in _leaves(case.args[0])}))
        for case in _shapes(draw)
    ]


probability_function = Function(
    name="probability_function",
    title="The exact probability, repeated events and all",
    question=(
        "Write top_probability(tree, chances), with a tree as in the task before and a dictionary from event to "
        "probability. The events are independent. Return the exact probability of the top event. The cell above "
        "gives you happens(tree, true): whether the top event happens when just the events in the set true do."
    ),
    points=3,
    reference=_exactly,
    solution=top_probability,
    cases=_with_chances,
    hints=(
        "Working gate by gate goes wrong when an event appears in two places. Go through all states instead.",
        "With n events there are 2 to the n states. itertools.product((True, False), repeat=n) lists them.",
        "A state's probability is the product of p for what happens and 1 − p for what doesn't. Add up those in "
        "which the top event happens.",
    ),
    misconceptions=(
        Misconception(
            "multiplies dependent events",
            _gate_by_gate,
            "Gate by gate is right while nothing appears twice. An event in two places makes both gates depend on it.",
        ),
        Misconception(
            "adds under an OR gate",
            lambda tree, chances: _gate_by_gate(tree, chances, add=True),
            "Under an OR gate a sum counts twice what happens together.",
        ),
        Misconception(
            "adds up the cut sets",
            _sum_of_cut_sets,
            "The sum over minimal cut sets counts twice when two of them happen at once. It is above the exact value.",
        ),
        Misconception(
            "OR for AND",
            _gates_changed,
            "You have swapped the two gates: under OR one input is enough, under AND all are needed.",
        ),
    ),
)


def importance_of(tree, chances, event):
    """Birnbaum, criticality and risk achievement worth of one event."""
    now = top_probability(tree, chances)
    sure = top_probability(tree, chances | {event: 1})
    never = top_probability(tree, chances | {event: 0})
    return {
        "birnbaum": sure - never,
        "criticality": chances[event] * (sure - never) / now,
        "raw": sure / now,
    }


def _measured(tree, chances, event):
    one = next(one for one in importance(solve(_tree(tree, chances))) if one.event == event)
    return {"birnbaum": one.birnbaum, "criticality": one.criticality, "raw": one.raw}


def _measures_changed(tree, chances, event):
    right = _measured(tree, chances, event)
    return right | {"birnbaum": right["criticality"], "criticality": right["birnbaum"]}


def _from_today(tree, chances, event):
    right = _measured(tree, chances, event)
    now, sure = (_exactly(tree, chances | more) for more in ({}, {event: 1}))
    return right | {"birnbaum": sure - now, "criticality": chances[event] * (sure - now) / now}


def _own_chance_forgotten(tree, chances, event):
    right = _measured(tree, chances, event)
    return right | {"criticality": right["criticality"] / chances[event]}


def _raw_as_a_difference(tree, chances, event):
    right = _measured(tree, chances, event)
    now = _exactly(tree, chances)
    return right | {"raw": right["raw"] * now - now}


def _with_an_event(draw):
    return [
        Case(case.name, (*case.args, draw.choice(list(case.args[1]))))
        for case in _with_chances(draw)
        if case.name != "one event"
    ]


importance_function = Function(
    name="importance_function",
    title="Three measures of one event",
    question=(
        'Write importance_of(tree, chances, event). Return a dictionary with "birnbaum", "criticality" and "raw" '
        "(risk achievement worth) of the event. With P the top event's probability, P1 the same when the event is "
        "sure to happen and P0 when it can't: P1 − P0; p · (P1 − P0) / P with p the event's own; P1 / P. You may "
        "use what you wrote for the task before."
    ),
    points=2,
    reference=_measured,
    solution=importance_of,
    cases=_with_an_event,
    hints=(
        "chances | {{event: 1}} is the same dictionary with the event made sure.",
        "Three calls of top_probability are enough.",
    ),
    misconceptions=(
        Misconception(
            "Fussell-Vesely for Birnbaum",
            _measures_changed,
            "You have swapped the two: Birnbaum is the plain difference, without the event's own probability.",
        ),
        Misconception(
            "compares with today",
            _from_today,
            "Birnbaum compares an event that is sure with one that can't happen, not with today.",
        ),
        Misconception(
            "own probability forgotten",
            _own_chance_forgotten,
            "Criticality is the share that would go: it includes the event's own probability.",
        ),
        Misconception(
            "risk achievement as a difference",
            _raw_as_a_difference,
            "Risk achievement worth is a ratio: how many times as likely the top event becomes.",
        ),
    ),
)

TASKS = (
    third_copy,
    minimal_sets,
    common_cause,
    two_layers,
    fix_or_keep,
    any_bets,
    own_tree,
    cut_sets_function,
    probability_function,
    importance_function,
    attacked_backup,
)
