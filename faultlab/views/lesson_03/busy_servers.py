"""How busy servers may be: what it does to the wait, and to those who don't wait that long."""

from __future__ import annotations

from faultlab.cases.amazon import ORDER_WORTH
from faultlab.design.stores import abandonment, waiting
from faultlab.views.kit.chart import Axis, Chart
from faultlab.views.kit.palette import BLUE, ORANGE, RED
from faultlab.views.kit.picture import Picture
from faultlab.views.kit.words import count, euros, share

SERVICE = 0.2
"""Seconds that a customer takes at Kestrel's checkout, on average."""
PATIENCE = 2.0
"""Seconds in the queue after which a customer gives up."""
POOLS = (1, 2, 5, 10, 20, 50, 100)
SERVER_HOUR = 3.0
TOPS = (4, 20, 100)
"""Seconds at the top of the chart: the smallest that holds the slow customer."""


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
        customer gives up after two seconds in the queue and the servers are a little less busy for it.

    Examples
    --------
    >>> busy_servers(1, 50).sentence.partition(".")[0]
    'With 1 server, 50 % busy, a response takes 0'
    >>> busy_servers(1, 95).rows[1]["Result"]
    '4.0 s'
    """
    here = _waiting(servers, busy)
    gone = abandonment(servers, here.arrival_rate, PATIENCE, here.service_rate)
    lost = gone * here.arrival_rate * 3600 * round(ORDER_WORTH, 2)
    slow = here.response_percentile(0.99)
    top = next(top for top in TOPS if slow <= top)
    chart = Chart(
        Axis(
            0,
            100,
            f"how busy {'the server is' if servers == 1 else f'the {servers} servers are'}",
            (0, 25, 50, 75, 100),
            "{:g} %".format,
        ),
        Axis(0, top, "Seconds until the response", tuple(top * part / 4 for part in range(5))),
    )
    levels = [*range(1, 90), *(level / 4 for level in range(360, 399))]
    for colour, dash, measure in (
        (BLUE, "", lambda found: found.mean_response),
        (ORANGE, "7 4", lambda found: found.response_percentile(0.99)),
    ):
        shown = [(level, measure(_waiting(servers, level))) for level in levels]
        inside = [(level, seconds) for level, seconds in shown if seconds <= top]
        chart.line([level for level, _ in inside], [seconds for _, seconds in inside], colour, dash)
    chart.legend(("average", BLUE, ""), ("slowest 1 % take longer", ORANGE, "7 4"))
    chart.rule(busy, RED, f"{busy:g} %", "end" if busy > 50 else "start")
    chart.dot(busy, here.mean_response, BLUE)
    chart.dot(busy, slow, ORANGE)
    who = f"{count(servers, 'server')}, {busy:g} % busy,"
    sentence = (
        f"With {who} a response takes {here.mean_response:.2g} s on average; the slowest 1 % take more than "
        f"{slow:.2g} s. If customers give up after {PATIENCE:g} s in the queue, "
        + (
            f"{share(gone)} of them leave, and {euros(lost)} an hour goes with them."
            if lost >= 1
            else "hardly anyone leaves."
        )
    )
    rows = (
        {"What": "Customers an hour", "Result": f"{3600 * here.arrival_rate:,.0f}"},
        {
            "What": "Average response time",
            "Result": f"{here.mean_response:.1f} s"
            if here.mean_response >= 1
            else f"{here.mean_response:.3f} s",
        },
        {"What": "The slowest 1 % take longer than", "Result": f"{slow:.2f} s"},
        {"What": f"Customers who leave after {PATIENCE:g} s in the queue", "Result": f"{100 * gone:.2g} %"},
        {"What": "Value of their orders, per hour", "Result": euros(lost)},
        {"What": "Cost of the servers, per hour", "Result": euros(servers * SERVER_HOUR)},
    )
    alt = (
        f"Two curves: response time against how busy {count(servers, 'server')} can be. They are flat, then "
        f"rise steeply. At {busy:g} % the average response takes {here.mean_response:.2g} s, the slowest 1 % "
        f"more than {slow:.2g} s."
    )
    return Picture(chart.svg(alt), alt, sentence, rows)


def _waiting(servers, busy):
    return waiting(servers, servers * busy / 100 / SERVICE, 1 / SERVICE)
