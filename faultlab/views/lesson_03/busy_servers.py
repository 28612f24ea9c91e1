"""How busy servers may be: what it does to the wait, and to those who don't wait that long."""

from __future__ import annotations

from faultlab.design.stores import abandonment, waiting
from faultlab.views.kit.chart import Axis, Chart
from faultlab.views.kit.palette import BLUE, ORANGE, RED
from faultlab.views.kit.picture import Picture
from faultlab.views.kit.words import count, euros, share

SERVICE = 0.2
"""Seconds that a customer takes at Kestrel's till, on average."""
PATIENCE = 2.0
"""Seconds in line after which a customer leaves."""
WORTH = 6.94
"""EUR: an order of Kestrel's, 50,000 EUR an hour at two orders a second."""
POOLS = (1, 2, 5, 10, 20, 50, 100)
SERVER_HOUR = 3.0
LONGEST = 4.0  # seconds, at the top of the picture


def busy_servers(servers: int, busy: float) -> Picture:
    """The time to an answer by how busy the servers are, all fed from one line.

    Parameters
    ----------
    servers : int
    busy : float
        Per cent of their time, above 0 and below 100.

    Returns
    -------
    Picture
        The curves by M/M/c, Erlang's formula C, where all stay; the money by M/M/c with patience, where a
        customer leaves after two seconds in line and the servers are a little less busy for it.

    Examples
    --------
    >>> busy_servers(1, 50).sentence.partition(".")[0]
    'With 1 server 50 % busy an answer takes 0'
    >>> busy_servers(1, 95).rows[1]["Result"]
    '4.0 s'
    """
    here = _waiting(servers, busy)
    gone = abandonment(servers, here.arrival_rate, PATIENCE, here.service_rate)
    lost = gone * here.arrival_rate * 3600 * WORTH
    chart = Chart(
        Axis(
            0,
            100,
            f"how busy {count(servers, 'server')} {'is' if servers == 1 else 'are'}",
            (0, 25, 50, 75, 100),
            "{:g} %".format,
        ),
        Axis(0, LONGEST, "Seconds until the answer", (0, 1, 2, 3, 4)),
    )
    levels = [*range(1, 90), *(level / 4 for level in range(360, 399))]
    for colour, dash, measure in (
        (BLUE, "", lambda found: found.mean_response),
        (ORANGE, "7 4", lambda found: found.response_percentile(0.99)),
    ):
        shown = [(level, measure(_waiting(servers, level))) for level in levels]
        inside = [(level, seconds) for level, seconds in shown if seconds <= LONGEST]
        chart.line([level for level, _ in inside], [seconds for _, seconds in inside], colour, dash)
    chart.legend(("average", BLUE, ""), ("1 in 100 takes longer", ORANGE, "7 4"))
    slow = here.response_percentile(0.99)
    chart.rule(busy, RED, f"{busy:g} %", "end" if busy > 50 else "start")
    chart.dot(busy, min(here.mean_response, LONGEST), BLUE)
    chart.dot(busy, min(slow, LONGEST), ORANGE)
    who = f"{count(servers, 'server')} {busy:g} % busy"
    sentence = (
        f"With {who} an answer takes {here.mean_response:.2g} s on average, and one in a hundred more than "
        f"{slow:.2g} s. If customers leave after {PATIENCE:g} s in line, "
        + (f"{share(gone)} of them do: {euros(lost)} an hour." if lost >= 1 else "hardly anybody does.")
    )
    rows = (
        {"What": "Customers an hour", "Result": f"{3600 * here.arrival_rate:,.0f}"},
        {
            "What": "Average time until the answer",
            "Result": f"{here.mean_response:.1f} s"
            if here.mean_response >= 1
            else f"{here.mean_response:.3f} s",
        },
        {"What": "One in a hundred takes longer than", "Result": f"{slow:.2f} s"},
        {"What": f"Leave, if {PATIENCE:g} s in line is all they bear", "Result": f"{100 * gone:.2g} %"},
        {"What": "What these order an hour", "Result": euros(lost)},
        {"What": "The servers cost an hour", "Result": euros(servers * SERVER_HOUR)},
    )
    alt = (
        f"Two curves over how busy {count(servers, 'server')} may be. They lie flat and then rise steeply. "
        f"At {busy:g} % the average answer takes {here.mean_response:.2g} s, one in a hundred more than "
        f"{slow:.2g} s."
    )
    return Picture(chart.svg(alt), alt, sentence, rows)


def _waiting(servers, busy):
    return waiting(servers, servers * busy / 100 / SERVICE, 1 / SERVICE)
