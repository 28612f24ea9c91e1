"""Two safeguards with one cause in common: multiplied, exact, and with one more thing bought."""

from __future__ import annotations

import functools

from faultlab.analysis.engine import AND, OR
from faultlab.analysis.fault_trees import FaultTree, solve
from faultlab.views.kit.chart import bars
from faultlab.views.kit.palette import BLUE, GREEN, ORANGE, QUIET
from faultlab.views.kit.picture import Picture
from faultlab.views.kit.words import share

NOTHING = "nothing"
GATE = "a second health gate that looks at the same moment"
COPIES = "a second last good copy"
LATER = "a later look (it catches nine in ten)"
BUYS = (NOTHING, GATE, COPIES, LATER)


def two_layers(late: float, alone: float, buy: str) -> Picture:
    """How often stages let a bad release through and the way back is bad too.

    Parameters
    ----------
    late : float
        In how many percent of the cases the crash comes after the health check, which opens both layers.
    alone : float
        In how many percent each layer fails for reasons of its own.
    buy : str
        One of `BUYS`.

    Returns
    -------
    Picture

    Examples
    --------
    >>> two_layers(10, 10, NOTHING).sentence
    'Multiplied, both safeguards would fail in 4 % of cases. They do in 11 %: 3 times as often.'
    >>> two_layers(10, 10, LATER).sentence
    'With a later look (it catches nine in ten), both safeguards fail in 2 % of cases instead of 11 %.'
    """
    one, both = _chances(late, alone, NOTHING)
    bought = _chances(late, alone, buy)[1]
    product = one**2
    times = both / product if product else 1.0
    if buy != NOTHING:
        sentence = f"With {buy}, both safeguards fail in {share(bought)} of cases instead of {share(both)}."
    elif times < 1.05:
        told = f"Multiplied, both safeguards fail in {share(product)} of cases"
        sentence = f"{told}, and that is exact: they share no cause."
    else:
        sentence = (
            f"Multiplied, both safeguards would fail in {share(product)} of cases. "
            f"They do in {share(both)}: {times:.2g} times as often."
        )
    drawn = [
        ("One safeguard fails", one, share(one), QUIET),
        ("Both fail, multiplied as if independent", product, share(product), BLUE),
        ("Both fail, exact", both, share(both), ORANGE),
    ]
    if buy != NOTHING:
        drawn.append((f"Both fail, with {buy}", bought, share(bought), GREEN))
    alt = "Bars: " + "; ".join(f"{words}, {written}" for words, _, written, _ in drawn) + "."
    rows = tuple(
        {"You buy": name, "Both safeguards fail": share(_chances(late, alone, name)[1])} for name in BUYS
    )
    return Picture(bars(drawn, alt, highest=max(one, 0.01)), alt, sentence, rows)


def _chances(late, alone, buy):
    """The chance that one layer fails, and that both do."""
    solved = _solved(buy)
    events = dict.fromkeys(solved[1].tree.events, alone / 100)
    events["crash comes late"] = late / 100
    if "later look misses it" in events:
        events["later look misses it"] = 0.1
    layer = {name: events[name] for name in solved[0].tree.events}
    return solved[0].probability(layer)[0], solved[1].probability(events)[0]


@functools.lru_cache(maxsize=8)
def _solved(buy):
    crash = "crash goes unseen"
    gates = {
        "both fail": AND("stages let it through", "no clean way back"),
        "stages let it through": OR(
            crash, AND("gate fails", "gate 2 fails") if buy == GATE else "gate fails"
        ),
        "no clean way back": OR(
            crash, AND("copy is bad", "copy 2 is bad") if buy == COPIES else "copy is bad"
        ),
        crash: AND("crash comes late", "later look misses it") if buy == LATER else OR("crash comes late"),
    }
    both = _tree("both fail", gates)
    layer = {name: gate for name, gate in gates.items() if name in ("stages let it through", crash)}
    return solve(_tree("stages let it through", layer)), solve(both)


def _tree(top, gates):
    return FaultTree(top, gates, dict.fromkeys(_events(gates), 0.1))


def _events(gates):
    found = []
    waiting = list(gates.values())
    while waiting:
        for one in waiting.pop(0).inputs:
            if isinstance(one, str):
                found += [one] if one not in gates else []
            else:
                waiting.append(one)
    return list(dict.fromkeys(found))
