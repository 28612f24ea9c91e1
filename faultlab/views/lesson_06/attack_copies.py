"""Copies, a backup, and an attacker: what redundancy is worth when one account reaches everything."""

from __future__ import annotations

import functools

from faultlab.analysis.engine import AND, OR
from faultlab.analysis.fault_trees import FaultTree, solve
from faultlab.views.kit.chart import bars
from faultlab.views.kit.palette import BLUE, ORANGE
from faultlab.views.kit.picture import Picture

SAME = "in the same account"
OWN = "in an account of its own"
OFFLINE = "offline, in nobody's account"
BACKUPS = (SAME, OWN, OFFLINE)
FAILS = 0.01
"""The bet on each copy, and on the backup, failing by itself for good."""


def attack_tree(copies: int, backup: str) -> FaultTree:
    """The tree of "all orders are gone": every copy and the backup, by themselves or by a taken account.

    Parameters
    ----------
    copies : int
    backup : str
        One of `BACKUPS`.

    Returns
    -------
    FaultTree

    Examples
    --------
    >>> attack_tree(2, OFFLINE).top
    'orders are gone'
    """
    account = "administrator's account is taken"
    gates = {"orders are gone": AND(*(f"copy {i} is gone" for i in range(1, copies + 1)), "backup is gone")}
    for i in range(1, copies + 1):
        gates[f"copy {i} is gone"] = OR(f"copy {i} fails", account)
    taken = {SAME: (account,), OWN: ("backup's account is taken",), OFFLINE: ()}[backup]
    gates["backup is gone"] = OR("backup fails", *taken)
    events = dict.fromkeys((f"copy {i} fails" for i in range(1, copies + 1)), FAILS)
    return FaultTree(
        "orders are gone",
        gates,
        {**events, "backup fails": FAILS, account: 0.01} | dict.fromkeys(taken, 0.01),
    )


def copies_under_attack(copies: int, backup: str, account: float, attempts: int) -> Picture:
    """The chance that all copies and the backup are gone, without an attacker and with one.

    Parameters
    ----------
    copies : int
    backup : str
        One of `BACKUPS`.
    account : float
        The bet that one attempt takes one account, in percent.
    attempts : int
        How often the attacker tries on each account; each try is as good as the last.

    Returns
    -------
    Picture

    Examples
    --------
    >>> copies_under_attack(2, SAME, 1, 1).sentence.partition(", however")[0]
    'The chance that all orders are gone is 1 in 1,000,000 without an attacker and 1 in 100 with one'
    """
    chance = 1 - (1 - account / 100) ** attempts
    exact = _gone(copies, backup, chance)
    alone = _gone(copies, backup, 0.0)
    more = _gone(copies + 3, backup, chance)
    sentence = (
        f"The chance that all orders are gone is {_one_in(alone)} without an attacker and {_one_in(exact)} "
    )
    sentence += "with one, however many copies you add." if more > 0.9 * exact else "with one."
    drawn = [
        (f"{copies} copies and a backup, no attacker", alone, _one_in(alone), BLUE),
        ("With the attacker", exact, _one_in(exact), ORANGE),
        ("With the attacker, and three more copies", more, _one_in(more), ORANGE),
    ]
    alt = "Bars of the chance that all orders are gone: " + ", ".join(
        f"{words}, {written}" for words, _, written, _ in drawn
    )
    rows = tuple(
        {"Case": words, "Chance that all orders are gone": written} for words, _, written, _ in drawn
    )
    return Picture(bars(drawn, alt + ".", highest=max(exact, 1e-12)), alt + ".", sentence, rows)


@functools.lru_cache(maxsize=64)
def _solved(copies, backup):
    return solve(attack_tree(copies, backup))


def _gone(copies, backup, chance):
    solved = _solved(copies, backup)
    taken = {name: chance for name in solved.tree.events if name.endswith("account is taken")}
    return solved.probability(taken)[0]


def _one_in(value):
    if value <= 0:
        return "never"
    return f"{100 * value:.0f} %" if value >= 0.0995 else f"1 in {float(f'{1 / value:.2g}'):,.0f}"
