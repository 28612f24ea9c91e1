"""Waiting lines, exactly: how long customers wait for one of c servers, and how many are turned away.

Erlang's formulas for M/M/c, M/M/c/c and M/M/c/K; Baccelli and Hebuterne's for customers who leave the
line; Pollaczek and Khinchine's for M/G/1; Allen and Cunneen's approximation for G/G/c, named as one.
Rates are per unit of time, times in that same unit.

Sources: L. Kleinrock, *Queueing Systems*, volume 1, Wiley 1975, chapters 3 and 5; A. O. Allen,
*Probability, Statistics, and Queueing Theory*, 2nd edition, Academic Press 1990, section 5.2.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from faultlab.errors import BadInput, is_whole


@dataclass(frozen=True)
class Waiting:
    """What customers meet at c servers with one line, in the long run.

    Attributes
    ----------
    servers : int
    arrival_rate, service_rate : float
        Customers a unit of time, and how many of them one server finishes.
    chance_to_wait : float
        Erlang's C: the share of customers who find every server busy.
    mean_wait, mean_response : float
        Time in line, and time in line and in service.
    """

    servers: int
    arrival_rate: float
    service_rate: float
    chance_to_wait: float
    mean_wait: float
    mean_response: float

    def chance_of_wait_over(self, time: float) -> float:
        """The share of customers who wait longer than `time`."""
        spare = self.servers * self.service_rate - self.arrival_rate
        return self.chance_to_wait * math.exp(-spare * time)

    def chance_of_response_over(self, time: float) -> float:
        """The share of customers who are not done within `time`: the wait and the service together."""
        spare = self.servers * self.service_rate - self.arrival_rate
        rate = self.service_rate
        # After a wait, both parts are exponential. Where their rates meet, the formula is its own limit.
        gap = abs(spare - rate) * time
        both = rate * time * math.exp(-min(spare, rate) * time) * (-math.expm1(-gap) / gap if gap else 1.0)
        return math.exp(-rate * time) + self.chance_to_wait * both

    def response_percentile(self, share: float) -> float:
        """The response time that a share of the customers, such as 0.99, does not exceed."""
        _refuse_share(share)
        low, high = 0.0, self.mean_response
        while self.chance_of_response_over(high) > 1 - share:
            low, high = high, 2 * high
        for _ in range(200):
            middle = (low + high) / 2
            if middle in (low, high):
                break
            low, high = (middle, high) if self.chance_of_response_over(middle) > 1 - share else (low, middle)
        return high


def erlang_b(servers: int, offered_load: float) -> float:
    """Return the share of calls that are lost at `servers` lines without a place to wait.

    Parameters
    ----------
    servers : int
        0 or more.
    offered_load : float
        Arrival rate times mean service time, in erlangs; 0 or more.

    Raises
    ------
    BadInput
        For a number of servers that is no whole number from 0, or a load below 0.

    Notes
    -----
    ``B(0) = 1``, ``B(c) = a B(c-1) / (c + a B(c-1))``: no factorial, so thousands of servers are no trouble.

    Examples
    --------
    >>> round(erlang_b(10, 8.0), 6)
    0.121661
    """
    if not is_whole(servers, 0):
        raise BadInput(f"The number of servers is a whole number from 0, not {servers!r}.")
    if not 0 <= offered_load < math.inf:
        raise BadInput(
            f"The offered load is a number from 0 (arrivals times service time), not {offered_load!r}."
        )
    lost = 1.0
    for line in range(1, servers + 1):
        lost = offered_load * lost / (line + offered_load * lost)
    return lost


def erlang_c(servers: int, utilisation: float) -> float:
    """Return the probability that a customer has to wait for one of `servers` servers.

    Parameters
    ----------
    servers : int
        1 or more.
    utilisation : float
        The share of its time for which each server is busy, from 0 to below 1.

    Raises
    ------
    BadInput
        For no server, or a utilisation of 1 or more, at which the line grows without end.

    Examples
    --------
    >>> round(erlang_c(10, 0.9), 6)
    0.668732
    """
    _refuse_servers(servers)
    if not 0 <= utilisation < 1:
        raise BadInput(
            f"The utilisation is from 0 to below 1, not {utilisation!r}: at 1 or more the line grows "
            "without end, so add servers or turn customers away."
        )
    lost = erlang_b(servers, servers * utilisation)
    return lost / (1 - utilisation * (1 - lost))


def waiting(servers: int, arrival_rate: float, service_rate: float = 1.0) -> Waiting:
    """Return what customers meet at an M/M/c queue.

    Parameters
    ----------
    servers : int
        1 or more.
    arrival_rate, service_rate : float
        Customers a unit of time in all, and how many of them one server finishes in it.

    Returns
    -------
    Waiting

    Raises
    ------
    BadInput
        For no server, a negative rate, or more arrivals than the servers can finish.

    Examples
    --------
    >>> shop = waiting(servers=10, arrival_rate=9.0)
    >>> round(shop.mean_wait, 6), round(shop.mean_response, 6)
    (0.668732, 1.668732)
    >>> round(waiting(1, 0.9).response_percentile(0.99), 4)  # ln(100) / (1 - 0.9)
    46.0517
    """
    _refuse_servers(servers)
    _refuse_rates(arrival_rate, service_rate)
    utilisation = arrival_rate / (servers * service_rate)
    waits = erlang_c(servers, utilisation)
    mean_wait = waits / (servers * service_rate - arrival_rate)
    mean_response = mean_wait + 1 / service_rate
    return Waiting(
        servers=servers,
        arrival_rate=arrival_rate,
        service_rate=service_rate,
        chance_to_wait=waits,
        mean_wait=mean_wait,
        mean_response=mean_response,
    )


def servers_needed(arrival_rate: float, service_rate: float, longest_wait: float, share: float = 0.95) -> int:
    """Return the fewest servers at which a share of the customers waits no longer than `longest_wait`.

    Parameters
    ----------
    arrival_rate, service_rate : float
        As in `waiting`.
    longest_wait : float
        0 or more.
    share : float
        Above 0 and below 1.

    Examples
    --------
    >>> servers_needed(arrival_rate=9.0, service_rate=1.0, longest_wait=0.5)
    13
    """
    _refuse_rates(arrival_rate, service_rate)
    _refuse_share(share)
    if not longest_wait >= 0:
        raise BadInput(f"The longest wait is a time from 0, not {longest_wait!r}.")
    servers = math.floor(arrival_rate / service_rate) + 1
    while waiting(servers, arrival_rate, service_rate).chance_of_wait_over(longest_wait) > 1 - share:
        servers += 1
    return servers


def abandonment(servers: int, arrival_rate: float, patience: float, service_rate: float = 1.0) -> float:
    """Return the share of customers who leave the line because they have waited for `patience`.

    Those who leave make room, so the load may be higher than the servers bear.

    Parameters
    ----------
    servers : int
        1 or more.
    arrival_rate, service_rate : float
        As in `waiting`.
    patience : float
        The time in line, the same for all, after which a customer leaves; 0 or more.

    Raises
    ------
    BadInput
        For no server, a negative rate or a negative patience.

    Notes
    -----
    M/M/c with a fixed patience. The work ahead of a customer has the density ``λ p e^{-(cμ - λ) x}`` up to
    the patience D, and ``λ p e^{λD - cμx}`` after it, where p is the chance that just one server is idle;
    those leave who find more than D. Without patience it is Erlang's B.
    Source: F. Baccelli and G. Hebuterne, "On queues with impatient customers", *Performance '81*.

    Examples
    --------
    >>> round(abandonment(servers=1, arrival_rate=0.95, patience=10.0), 4)
    0.0637
    >>> abandonment(10, 8.0, patience=0.0) == erlang_b(10, 8.0)
    True
    """
    _refuse_servers(servers)
    _refuse_rates(arrival_rate, service_rate)
    if not 0 <= patience < math.inf:
        raise BadInput(f"The patience is a time from 0, not {patience!r}.")
    if not patience:
        return erlang_b(servers, arrival_rate / service_rate)
    capacity = servers * service_rate
    find_the_last = arrival_rate * erlang_b(servers - 1, arrival_rate / service_rate)
    exponent = (capacity - arrival_rate) * patience
    # Both parts are divided by the larger of 1 and e^-exponent, so that neither overflows.
    longer = math.exp(-max(exponent, 0.0))
    fewer = math.exp(min(exponent, 0.0))
    shorter = patience * (-math.expm1(-abs(exponent)) / abs(exponent) if exponent else 1.0)
    leave = find_the_last * longer / capacity
    return leave / (fewer + find_the_last * shorter + leave)


def _refuse_servers(servers):
    if not is_whole(servers, 1):
        raise BadInput(f"At least one server is needed: a whole number from 1, not {servers!r}.")


def _refuse_rates(arrival_rate, service_rate):
    if not 0 <= arrival_rate < math.inf:
        raise BadInput(f"The arrival rate is a number from 0, not {arrival_rate!r}.")
    if not 0 < service_rate < math.inf:
        raise BadInput(f"The service rate is a number above 0, not {service_rate!r}.")


def _refuse_share(share):
    if not 0 < share < 1:
        raise BadInput(f"A share of customers is above 0 and below 1, such as 0.99, not {share!r}.")
