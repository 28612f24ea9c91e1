"""More customers, and the servers that keep the same promise: fewer in proportion, the more there are."""

from __future__ import annotations

import math

from faultlab.design.stores import servers_needed
from faultlab.views.kit.chart import Axis, Chart
from faultlab.views.kit.palette import BLUE, ORANGE, QUIET
from faultlab.views.kit.picture import Picture
from faultlab.views.kit.words import share

SERVICE = 0.2
"""Seconds that a customer takes at Kestrel's checkout, on average."""
PROMISE, KEPT = 0.02, 0.95
"""Seconds that customers wait at most, and the share of them for whom that holds."""
WORK = 8
"""Servers that today's customers would keep busy all the time."""
TIMES = (1, 1.5, 2, 2.5, 3, 3.5, 4)
LISTED = (1, 2, 10, 20, 112.5)


def spare_servers(times: float) -> Picture:
    """The servers needed as the customers grow, beside as many times the servers.

    Parameters
    ----------
    times : float
        Customers, as a multiple of today's; 1 to 4.

    Returns
    -------
    Picture
        By Erlang's formula C: 95 of 100 customers wait less than 20 ms.

    Examples
    --------
    >>> spare_servers(2).sentence
    'Twice the customers need 23 servers, not 26.'
    """
    today, needed = _needed(1), _needed(times)
    chart = Chart(
        Axis(1, 4, "customers, times today's", (1, 2, 3, 4)),
        Axis(0, 60, "Servers", (0, 15, 30, 45, 60)),
    )
    chart.line(TIMES, [today * one for one in TIMES], QUIET, "7 4")
    chart.line(TIMES, [_needed(one) for one in TIMES])
    chart.dot(times, needed, ORANGE, f"{needed} servers", anchor="end" if times > 2 else "start", lift=-14)
    chart.legend(("needed", BLUE, ""), ("as many times the servers", QUIET, "7 4"))
    in_step = math.ceil(today * times)
    sentence = (
        f"Today's customers need {today} servers."
        if times == 1
        else f"{'Twice' if times == 2 else f'{times:g} times'} the customers need {needed} servers, "
        f"not {in_step}."
    )
    alt = (
        f"Two lines over the number of customers. The servers needed rise from {today} to {_needed(4)} at "
        f"four times the customers; in step with the customers they would rise to {4 * today}. {sentence}"
    )
    rows = []
    for one in LISTED:
        servers, work = _needed(one), WORK * one
        rows.append(
            {
                "Work for": f"{work:.0f} servers",
                "Servers needed": servers,
                "Spare": round(servers - work),
                "Spare, as a share of the work": share(servers / work - 1),
            }
        )
    return Picture(chart.svg(alt), alt, sentence, tuple(rows))


def _needed(times):
    return servers_needed(WORK * times / SERVICE, 1 / SERVICE, longest_wait=PROMISE, share=KEPT)
