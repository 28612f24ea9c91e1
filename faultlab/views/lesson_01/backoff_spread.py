"""The backoff contest as a picture: what each way of waiting costs in calls and in time."""

from __future__ import annotations

from faultlab.design.calls import STRATEGIES, backoff_contest
from faultlab.views.kit.chart import bars
from faultlab.views.kit.palette import BLUE, TEAL
from faultlab.views.kit.picture import Picture

WORDS = {
    "none": "no wait",
    "exponential": "doubling waits, no jitter",
    "equal": "half fixed, half jitter",
    "full": "full jitter",
    "decorrelated": "jitter from the last wait",
}


def backoff_spread(clients: int = 100, repetitions: int = 10) -> Picture:
    """Calls and time until all clients have updated one row, by strategy.

    Parameters
    ----------
    clients, repetitions : int
        As in `faultlab.design.backoff_contest`.

    Returns
    -------
    Picture

    Examples
    --------
    >>> [row["Strategy"] for row in backoff_spread(20, 2).rows]
    ['none', 'exponential', 'equal', 'full', 'decorrelated']
    """
    found = [backoff_contest(clients, name, repetitions, seed=2015) for name in STRATEGIES]
    fewest = min(found, key=lambda one: one.mean_calls)
    rows = []
    for one in found:
        words = f"{WORDS[one.strategy]}: all done after {one.mean_time_ms / 1000:.2g} s"
        best = one is fewest
        calls = f"{one.mean_calls:,.0f} calls"
        rows.append((f"► {words}" if best else words, one.mean_calls, calls, BLUE if best else TEAL))
    alt = f"Bars of the calls that {clients} clients need: " + "; ".join(
        f"{words.removeprefix('► ')}, {written}" for words, _, written, _ in rows
    )
    by_name = {one.strategy: one for one in found}
    saved = 1 - by_name["full"].mean_calls / by_name["exponential"].mean_calls
    sooner = by_name["exponential"].mean_time_ms / by_name["full"].mean_time_ms
    sentence = (
        f"With full jitter {clients} clients need {100 * saved:.0f} % fewer calls than with doubling waits "
        f"alone, and all are done {sooner:.0f} times as fast."
    )
    data = tuple(
        {
            "Strategy": one.strategy,
            "Calls": round(one.mean_calls),
            "Seconds": float(f"{one.mean_time_ms / 1000:.3g}"),
        }
        for one in found
    )
    return Picture(bars(rows, alt, gap=48), alt, sentence, data)
