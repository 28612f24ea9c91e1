"""Functions of lab 03: Erlang's formula, a balancer and an autoscaler that others' customers try out."""

import math

from faultlab.cases.amazon import balancer_trial, scaler_trial
from faultlab.classroom.answers.kinds import Function, Misconception
from faultlab.classroom.answers.sandbox import Case
from faultlab.classroom.answers.scored import Scored
from faultlab.design.stores import erlang_b, erlang_c


def chance_to_wait(servers, busy):
    """Erlang's C by his recursion for B, which no number of servers can overflow."""
    work = servers * busy
    blocked = 1.0
    for count in range(1, servers + 1):
        blocked = work * blocked / (count + work * blocked)
    return blocked / (1 - busy * (1 - blocked))


def _pools(draw):
    cases = [
        Case(f"{servers} servers, {busy:.0%} busy", (servers, busy))
        for servers, busy in ((1, 0.5), (1, 0.95), (2, 0.9), (10, 0.8), (100, 0.9), (5000, 0.99))
    ]
    for _ in range(4):
        servers, busy = draw.integer(3, 400), draw.between(0.3, 0.98, 3)
        cases.append(Case(f"{servers} servers, {busy:.1%} busy", (servers, busy)))
    return cases


erlang_function = Function(
    name="erlang_function",
    title="The chance to wait",
    question=(
        "Write chance_to_wait(servers, busy): the share of customers who find every server busy, by Erlang's "
        "formula C. busy lies between 0 and 1. The work is servers × busy. Begin with B = 1 and, for "
        "k = 1, 2, … up to the number of servers, set B = work × B / (k + work × B). Then C = B / (1 − busy × (1 − "
        "B)). It has to work for 5,000 servers: no factorials."
    ),
    points=2,
    reference=erlang_c,
    solution=chance_to_wait,
    cases=_pools,
    hints=(
        "One loop over range(1, servers + 1); B is a number that each turn replaces.",
        "In the formula for B the work is servers × busy, not busy alone.",
        "After the loop: return B / (1 - busy * (1 - B)).",
    ),
    misconceptions=(
        Misconception(
            "Erlang's B",
            lambda servers, busy: erlang_b(servers, servers * busy),
            "That is B: customers who find every server busy and leave. Yours stay and wait, which is C: one more step.",
        ),
        Misconception(
            "the chance to wait is the utilisation",
            lambda servers, busy: busy,
            "That is right for one server only. Among many, one is more often free.",
        ),
        Misconception(
            "all busy independently",
            lambda servers, busy: busy**servers,
            "That treats the servers as independent. But they share one queue: when one is busy, the others are likelier to be.",
        ),
        Misconception(
            "the load of one server",
            lambda servers, busy: erlang_c(servers, busy / servers),
            "The work is servers × busy. With busy alone, the formula sees servers that are nearly idle.",
        ),
    ),
)


def choose(lines, draw):
    """Two servers at random, and the shorter of their queues."""
    pick = int(draw * len(lines) * (len(lines) - 1))
    one, other = divmod(pick, len(lines) - 1)
    if other >= one:
        other = other + 1
    return one if lines[one] <= lines[other] else other


def _by_chance(lines, draw):
    return int(draw * len(lines))


def _stores(draw):
    return [
        Case(f"{servers} servers, checked every {look:g} s", (rate, servers, look, draw.integer(1, 10_000)))
        for rate, servers, look in ((45.0, 11, 1.0), (45.0, 11, 0.5), (90.0, 20, 1.0), (40.0, 10, 2.0))
    ]


balancer_function = Scored(
    name="balancer_function",
    title="A balancer that knows little",
    question=(
        "Write choose(lines, draw): the number of the server, from 0, that gets the next customer. lines holds the "
        "queue lengths at the last check, up to two seconds ago; draw is a random number from 0 up to 1, new for "
        "each customer. Hidden customers try it, up to 90 a second. What counts is how many get no response within "
        "two seconds: full points for the course's own rule, none for choosing at random, in proportion in between."
    ),
    points=3,
    reference=choose,
    solution=choose,
    baseline=_by_chance,
    measure="% lost",
    cases=_stores,
    drive=balancer_trial,
    seconds=20.0,
    hints=(
        "Everyone who arrives within a second sees the same queue lengths. What happens if all choose the same server?",
        "Take two servers at random and compare only those two.",
        "One draw is enough for both: divmod(int(draw * n * (n - 1)), n - 1) gives two numbers; add 1 to the second if it is not below the first.",
    ),
    misconceptions=(
        Misconception(
            "the shortest line is always best",
            lambda lines, draw: lines.index(min(lines)),
            "Everyone who arrives before the next check goes to the same server, the one that was idlest.",
        ),
        Misconception(
            "random is fair enough",
            _by_chance,
            "That is the simple rule itself. The queue lengths are old, but not worthless.",
        ),
        Misconception(
            "always the first",
            lambda lines, draw: 0,
            "Then one server gets every customer, and the others are idle.",
        ),
    ),
)


def scale(wanted, in_service, readings):
    """In proportion, at 25 % busy, and given back one server at a time."""
    if not readings or readings[-1] is None:
        return wanted
    needed = math.ceil(in_service * readings[-1] / 0.25)
    return max(needed, wanted - 1)


def _at_all_hours(wanted, in_service, readings):
    return 24


def _three_fifths(wanted, in_service, readings):
    if not readings or readings[-1] is None:
        return wanted
    return math.ceil(in_service * readings[-1] / 0.6)


def _one_at_a_time(wanted, in_service, readings):
    if not readings or readings[-1] is None:
        return wanted
    return wanted + 1 if readings[-1] > 0.6 else wanted - 1


def _in_at_once(wanted, in_service, readings):
    if not readings or readings[-1] is None:
        return wanted
    return math.ceil(in_service * readings[-1] / 0.45)


def _hours(draw):
    return [
        Case(f"a sale of {peak:g} a second", (peak, draw.integer(12, 28), warm_up, draw.integer(1, 10_000)))
        for peak, warm_up in ((70.0, 4), (60.0, 3), (75.0, 4))
    ]


scaler_function = Scored(
    name="scaler_function",
    title="An autoscaler for a sale that nobody announced",
    question=(
        "Write scale(wanted, in_service, readings): how many servers to want, 2 to 60. It is asked every minute. "
        "wanted is the number ordered so far, in_service the number already serving; readings say how busy the "
        "servers were in each minute so far (0.6 for 60 %, None where a reading is missing), the last one a minute "
        "old. A new server takes 3 or 4 minutes and costs 3 EUR an hour; a lost order costs 6.94 EUR. Six hours are "
        "played: 20 customers a second, a sale of up to 75 at some minute of the first hour, and then a night with 2 "
        "a second. What counts is money: full points for the course's own rule, none for 24 servers at all hours, "
        "in proportion in between."
    ),
    points=3,
    reference=scale,
    solution=scale,
    baseline=_at_all_hours,
    measure="EUR",
    cases=_hours,
    drive=scaler_trial,
    seconds=30.0,
    hints=(
        "Compare the two prices: how many minutes of a spare server does one lost order pay for?",
        "In proportion: ceil(in_service × reading / target). Which target leaves headroom for a sale until new servers arrive?",
        "Add servers at once and give them back slowly: max(needed, wanted - 1). Without a reading, change nothing.",
    ),
    misconceptions=(
        Misconception(
            "busy servers are well used",
            _three_fifths,
            "At 60 % there is no headroom for the minutes before new servers arrive: thousands of orders are lost.",
        ),
        Misconception(
            "one at a time",
            _one_at_a_time,
            "The sale needs twenty more servers within five minutes. One a minute comes too late.",
        ),
        Misconception(
            "out and in at once",
            _in_at_once,
            "A higher target and no patience: it gives servers back in every quiet minute and orders them again too late.",
        ),
        Misconception(
            "a fleet of fixed size",
            _at_all_hours,
            "That is the simple rule itself. It survives the sale, and then pays for a whole night of idle servers.",
        ),
        Misconception(
            "a fleet for the ordinary hour",
            lambda wanted, in_service, readings: 7,
            "Seven servers carry the ordinary hour. The sale needs more than twice as many.",
        ),
    ),
)
