"""What one more barrier would change in a fault tree, and which answers hold whatever the bets."""

from __future__ import annotations

import numpy as np

from faultlab.analysis.engine import AND, NOT, Gate
from faultlab.analysis.fault_trees import FaultTree, solve
from faultlab.errors import BadInput

BARRIER = "the new barrier fails"
BARRIER_FAILS = 0.1


def with_barrier(tree: FaultTree, guarded: str, fails: float = BARRIER_FAILS) -> FaultTree:
    """Return a tree in which an event or gate only has its effect where one more barrier fails too.

    Parameters
    ----------
    tree : FaultTree
    guarded : str
        An event or a gate, wherever it is used.
    fails : float
        The probability that the barrier does not hold.

    Returns
    -------
    FaultTree

    Raises
    ------
    BadInput
        If the tree has no such event or gate.

    Examples
    --------
    >>> tree = FaultTree("dark", {"dark": AND("grid", "battery")}, {"grid": 0.1, "battery": 0.1})
    >>> round(solve(with_barrier(tree, "grid", 0.5)).probability()[0], 12)
    0.005
    """
    if guarded not in tree.gates and guarded not in tree.events:
        raise BadInput(f"the tree has no event or gate {guarded!r}; a barrier stands before one of them.")
    behind = f"{guarded}, barrier fails too"
    gates = {name: _renamed(gate, {guarded: behind}) for name, gate in tree.gates.items()}
    gates[behind] = AND(guarded, BARRIER)
    top = behind if guarded == tree.top else tree.top
    return FaultTree(top, gates, {**tree.events, BARRIER: fails}, tree.house)


def _renamed(gate, names):
    inputs = (_renamed(one, names) if isinstance(one, Gate) else names.get(one, one) for one in gate.inputs)
    return Gate(gate.kind, tuple(inputs), gate.k)


def always_at_least_as_good(tree: FaultTree, one: str, other: str) -> bool:
    """Whether a barrier before `one` is at least as good as the same before `other`, under any bets.

    True when every combination of events that still gets past the first barrier also gets past the
    second. That is decided exactly, for all combinations at once.

    Parameters
    ----------
    tree : FaultTree
    one, other : str
        Events or gates.

    Returns
    -------
    bool

    Examples
    --------
    >>> from faultlab.cases.azure.outages import OUTAGES as AZURE_OUTAGES, outage_tree
    >>> tree = outage_tree(AZURE_OUTAGES["Leap day 2012"])
    >>> always_at_least_as_good(tree, "expiry is today plus one year", "no test of connections")
    True
    >>> always_at_least_as_good(tree, "no test of connections", "expiry is today plus one year")
    False
    """
    first, second = with_barrier(tree, one), with_barrier(tree, other)
    gates = {
        f"{number}: {name}": _renamed(gate, {inner: f"{number}: {inner}" for inner in guarded.gates})
        for number, guarded in enumerate((first, second))
        for name, gate in guarded.gates.items()
    }
    gates["only the first is passed"] = AND(f"0: {first.top}", NOT(f"1: {second.top}"))
    # With every event at one half each combination counts, so the sum is zero only if there is none.
    even = dict.fromkeys(first.events, 0.5)
    both = FaultTree("only the first is passed", gates, even, tree.house)
    return solve(both).probability()[0] == 0.0


def best_under_any_bets(tree: FaultTree) -> tuple[str, ...]:
    """Return the events before which a barrier is at least as good as before any other, whatever the bets.

    Parameters
    ----------
    tree : FaultTree

    Returns
    -------
    tuple of str
        Empty where the best place depends on the bets.

    Examples
    --------
    >>> from faultlab.cases.azure.outages import OUTAGES as AZURE_OUTAGES, outage_tree
    >>> best_under_any_bets(outage_tree(AZURE_OUTAGES["Australia East 2023"]))
    ('pumps get no run signal', 'too few people on site at night')
    """
    return tuple(
        one for one in tree.events if all(always_at_least_as_good(tree, one, other) for other in tree.events)
    )


def first_place_shares(
    tree: FaultTree,
    seed: int,
    bets: int = 2000,
    within: float | None = None,
) -> dict[str, float]:
    """Return, for each event, in what share of random bets a barrier before it is the best.

    Parameters
    ----------
    tree : FaultTree
    seed : int
    bets : int
        How many sets of bets are drawn.
    within : float, optional
        Draw each probability around the tree's own: up to so many times as large or as small. Left out, it
        is drawn between 1 and 90 %, equal ratios being equally likely.

    Returns
    -------
    dict
        Events that are equally good each count, so shares may add up to more than one.

    Examples
    --------
    >>> tree = FaultTree("t", {"t": AND("a", "b")}, {"a": 0.1, "b": 0.1})
    >>> first_place_shares(tree, seed=1)
    {'a': 1.0, 'b': 1.0}
    """
    rng = np.random.default_rng(seed)
    solved = solve(tree)
    drawn = {}
    for name, model in tree.events.items():
        own = model.at(float("inf"))[0]
        if within and own == 0:
            drawn[name] = np.zeros(bets)
            continue
        ends = (own / within, min(own * within, 1.0)) if within else (0.01, 0.9)
        bottom, top = np.log(ends)
        drawn[name] = np.exp(rng.uniform(bottom, top, bets))
    gone = {name: solved.probability({**drawn, name: np.zeros(bets)})[0] for name in tree.events}
    least = np.minimum.reduce(list(gone.values()))
    return {name: float(np.mean(after <= least * (1 + 1e-9))) for name, after in gone.items()}
