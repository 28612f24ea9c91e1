"""The tasks of lab 01: what copies and versions buy, and what retries do to a service that is slow."""

import math

from faultlab.classroom.answers.kinds import Choice, Misconception, Number, Wrong
from faultlab.classroom.tasks.lesson_01.client_patterns import (
    breaker_function,
    health_function,
    retry_function,
)
from faultlab.design.calls import storm_threshold, worst_case_attempts
from faultlab.design.redundancy import redundant_unavailability, replicas_needed, versions_failure
from faultlab.metrics.estimates import downtime_minutes_from_unavailability, normal_quantile


def _down(n):
    """The unavailability of one copy."""
    return round(1 - n.percent / 100, 9)


two_copies = Number(
    name="two_copies",
    title="Two copies with a common cause",
    question=(
        "A server is up {percent} % of the time. You run two; one is enough. {shared} % of a server's failures "
        "hit both at once; the rest hit one alone. So there are two ways to lose both: a common cause, or two separate "
        "failures that overlap. For how many minutes a year are both down?"
    ),
    unit="minutes",
    tolerance=0.012,
    points=2,
    draw=lambda draw: {"percent": draw.choice([99.5, 99.6, 99.7]), "shared": draw.choice([4, 5, 8, 10])},
    reference=lambda n: downtime_minutes_from_unavailability(
        redundant_unavailability(1, 2, _down(n), n.shared / 100)
    ),
    hints=(
        "A year has 525,600 minutes. One server is down (100 − {percent}) % of them.",
        "{shared} % of that hits both at once. The rest hits each server separately: multiply it by itself.",
        "Add the two.",
    ),
    solution=(
        "With U = (100 − {percent}) / 100 and β = {shared} / 100: 525,600 × (β × U + ((1 − β) × U)²) = {answer}. "
        "Nearly all of it is the common cause."
    ),
    why=(
        "Nearly all of it is the common cause, not bad luck. At work, list what the copies of your most valuable "
        "service share: release, configuration, certificate, network, people."
    ),
    misconceptions=(
        Misconception(
            "independence assumed",
            lambda n: downtime_minutes_from_unavailability(_down(n) ** 2),
            "That treats the two as independent. {shared} % of the failures hit both at once.",
        ),
        Misconception(
            "only what is shared",
            lambda n: downtime_minutes_from_unavailability(n.shared / 100 * _down(n)),
            "That is the common cause alone. Now add the moments when separate failures overlap.",
        ),
        Misconception(
            "one server alone",
            lambda n: downtime_minutes_from_unavailability(_down(n)),
            "That is one server alone. Most of its failures leave the other one up.",
        ),
        Misconception(
            "half of one",
            lambda n: downtime_minutes_from_unavailability(_down(n)) / 2,
            "Two servers don't halve the downtime. Both have to be down at once, by coincidence or by a common cause.",
        ),
        Misconception(
            "the share taken of the product",
            lambda n: downtime_minutes_from_unavailability(n.shared / 100 * _down(n) ** 2),
            "The common cause is {shared} % of one server's downtime, not of the time both would be down independently.",
        ),
    ),
)

AIM = 60

what_to_buy = Choice(
    name="what_to_buy",
    title="Another copy?",
    question=(
        "Kestrel's search runs on two servers, each up {percent} % of the time; one is enough. {shared} % of a "
        "server's failures hit all servers at once, because they get the same release in the same minute. The target is "
        "60 minutes of downtime a year or less. What do you approve?"
    ),
    options={
        "A": Wrong(
            "A third server.",
            "one more always helps",
            "A third server removes only the overlaps of separate failures, which are few. The bad release hits all three.",
        ),
        "B": Wrong(
            "Eight more servers.",
            "common cause ignored, with force",
            "All ten servers get the same release in the same minute. It hits ten as surely as it hits two.",
        ),
        "C": Wrong(
            "Nothing. Two servers of {percent} % reach the target.",
            "independence assumed",
            "Multiplied as if independent, two servers would reach it. But {shared} % of the failures hit both.",
        ),
        "D": "Releases to one server first, then the others.",
    },
    draw=lambda draw: {"percent": draw.choice([99.4, 99.5, 99.6]), "shared": draw.choice([6, 8, 10])},
    reference=lambda n: "D" if replicas_needed(1, _down(n), AIM / 525_600, n.shared / 100) is None else "A",
    hints=(
        "For how many minutes a year is one server alone down? {shared} % of them hit all servers.",
        "Does that part shrink with more servers?",
    ),
    solution=(
        "{answer} Failures that hit all the servers come to {shared} / 100 × (100 − {percent}) / 100 × 525,600 minutes a "
        "year. That is more than 60, with two servers or with twenty. Of the four offers only a staged release shrinks it."
    ),
    why=(
        "More servers leave the common cause as it is; a staged release, or a quicker rollback, shrinks it. At work, ask "
        "of each extra copy which of last year's outages it would have prevented."
    ),
)

two_versions = Choice(
    name="two_versions",
    title="Two teams, one price",
    question=(
        "The price calculation gets {wrong} in 1,000 baskets wrong. A second team offers to build it again, without "
        "looking at the first, so that one program can check the other. Its offer says: both are wrong for {promised} "
        "in a million baskets. Both cost the same as a year of testing. What do you say?"
    ),
    options={
        "A": Wrong(
            "Sign: multiplied, the two error rates give {promised} in a million.",
            "versions are independent",
            "That treats their mistakes as independent. Different people stumble over the same hard cases: with a correlation of {correlation} it is {real}.",
        ),
        "B": Wrong(
            "Refuse: both teams would make the same mistakes anyway.",
            "diversity is worthless",
            "They share some mistakes, not all: {real} in a million instead of {alone}. Worth asking the price.",
        ),
        "C": "Sign only if it pays at some {real} in a million, not {promised}.",
        "D": Wrong(
            "Run the first program twice instead, on two servers.",
            "a copy checks itself",
            "The same program makes the same mistake on both servers: {alone} in a million, as before.",
        ),
    },
    draw=lambda draw: _versions(draw.choice([1, 2, 3]), draw.choice([0.1, 0.2, 0.3])),
    hints=(
        "When is multiplying two chances right? Are the teams' mistakes like that?",
        "With a correlation of {correlation} between their mistakes, both are wrong p² + {correlation} × p × (1 − p) of the time, p = {wrong} / 1,000.",
    ),
    solution=(
        "{answer} If their mistakes have a correlation of {correlation}, both are wrong for {real} baskets in a million. "
        "That is far more than {promised}, and far fewer than one program's {alone}."
    ),
    why=(
        "A correlation of only {correlation} turns {promised} into {real}. At work, when an offer multiplies two small chances, ask what "
        "makes them independent."
    ),
)


def _versions(wrong, correlation):
    real = 1e6 * versions_failure(1, 2, wrong / 1000, correlation)
    return {
        "wrong": wrong,
        "correlation": correlation,
        "promised": wrong**2,
        "alone": f"{1000 * wrong:,}",
        "real": f"{real:.0f}",
    }


layers = Choice(
    name="layers",
    title="Where do you allow retries?",
    question=(
        "A click passes through {services} services in series, the last of which calls the database. Each makes up to "
        "{tries} attempts. Last week the database was slow, and one click could cause {now} calls to it. The teams "
        "propose four rules. Which do you set for everyone?"
    ),
    options={
        "A": Wrong(
            "Nobody retries, anywhere.",
            "retries are always harmful",
            "One call instead of {now}, but now a single lost packet is an error on the customer's screen.",
        ),
        "B": "Only the top layer retries; no other does.",
        "C": Wrong(
            "One attempt fewer in every layer.",
            "a little less everywhere",
            "Still {fewer} calls: layers multiply, so trimming each of them leaves a lot.",
        ),
        "D": Wrong(
            "A second database, so that it can take the calls.",
            "more capacity",
            "Two databases can take twice the calls. The layers can send {now} times as many.",
        ),
    },
    draw=lambda draw: _layers(*draw.choice([(3, 5), (3, 4), (4, 3), (5, 3), (4, 5)])),
    hints=(
        "Begin at the bottom: the last service calls the database {tries} times and gives up. What does the one above do?",
        "Layers multiply. How many calls are left under each rule?",
    ),
    solution="{answer} Then one click causes {tries} calls, not {now}; with one attempt fewer everywhere it would be {fewer}.",
    why=(
        "From {now} calls to {tries}, and a passing fault is still retried. At work, multiply the attempts along your most "
        "valuable click, and name the one layer that may retry."
    ),
)


def _layers(tries, services):
    return {
        "tries": tries,
        "services": services,
        "now": f"{worst_case_attempts(tries, services):,}",
        "fewer": f"{worst_case_attempts(tries - 1, services):,}",
    }


SPREAD = 0.7
"""Standard deviation of the logarithm of the latencies."""


def _latencies(draw):
    median = draw.choice([40, 60, 80])

    def slower_than(share):
        return round(median * math.exp(SPREAD * normal_quantile(1 - share)))

    return {
        "median": median,
        "mean": round(median * math.exp(SPREAD**2 / 2)),
        "p99": slower_than(0.01),
        "p999": slower_than(0.001),
        "slowest": slower_than(0.00001),
    }


timeout = Choice(
    name="timeout",
    title="Which timeout do you sign off?",
    question=(
        "Of 100,000 responses of the payment service on a good day, half took less than {median} ms, and the average "
        "was {mean} ms. One in 100 took longer than {p99} ms, one in 1,000 longer than {p999} ms, and the slowest took "
        "{slowest} ms. You can afford to lose one good payment in 1,000. Which timeout do you sign off?"
    ),
    options={
        "A": Wrong(
            "{mean} ms, the average.",
            "the average",
            "More than a third of all good responses take longer than the average. Each would be cut off, and perhaps paid twice.",
        ),
        "B": Wrong(
            "{p99} ms.",
            "one in a hundred",
            "That cuts off one good payment in 100: ten times what you can afford to lose.",
        ),
        "C": "{p999} ms.",
        "D": Wrong(
            "{slowest} ms, to be on the safe side.",
            "the slowest of all",
            "That cuts off nobody, and ties up everyone for {slowest} ms when the service hangs.",
        ),
    },
    draw=_latencies,
    hints=(
        "A timeout cuts off every response that takes longer. What share may that be?",
        "One in 1,000 may be cut off. Look for the time that one in 1,000 exceeds.",
    ),
    solution="{answer} One good response in 1,000 takes longer.",
    why=(
        "It throws away the share that you chose, and no more. At work, ask for each timeout which share of good "
        "responses it cuts off; few teams can say."
    ),
)

storm_load = Number(
    name="storm_load",
    title="At what load does the storm stop ending by itself?",
    question=(
        "A service can handle {capacity} requests a second. Its clients give up after half a second and retry at "
        "once, up to {retries} times. After a short slowdown everything times out. Below what load, in calls a "
        "second, does the retry storm end by itself?"
    ),
    unit="calls a second",
    draw=lambda draw: {"capacity": draw.choice([120, 240, 600]), "retries": draw.choice([2, 3, 4])},
    reference=lambda n: storm_threshold(n.capacity, n.retries),
    hints=(
        "While everything times out, how many requests does one call make?",
        "Each call makes 1 + {retries} requests. The service has to handle them all.",
    ),
    solution="{capacity} / (1 + {retries}) = {answer}. Above that it goes on until someone ends it.",
    why=(
        "Above that, a slowdown of seconds becomes an outage without end. At work, divide the capacity of your most "
        "important service by the attempts its clients make, and compare it with an ordinary evening."
    ),
    misconceptions=(
        Misconception(
            "retries forgotten",
            lambda n: n.capacity,
            "That would be so without retries. In a storm each call comes {retries} times more.",
        ),
        Misconception(
            "the first try forgotten",
            lambda n: n.capacity / n.retries,
            "Each call makes its first attempt and {retries} retries: one more than you divided by.",
        ),
        Misconception(
            "as with a budget of a tenth",
            lambda n: n.capacity / 1.1,
            "That would be so with a retry budget of 10 %. These clients have none.",
        ),
    ),
)

first_aid = Choice(
    name="first_aid",
    title="The trigger is gone, the outage isn't",
    question=(
        "The stock service was slow for ten seconds. Since then its hardware has been as fast as ever, and yet hardly any "
        "call is answered in time. It can handle {capacity} requests a second. Customers make {rate} calls a "
        "second, and their apps make {tries} attempts. What do you do first?"
    ),
    options={
        "A": "Turn away what can't be answered in time, and limit retries.",
        "B": Wrong(
            "Let the apps try more often: some of the attempts will get through.",
            "retries make it safer",
            "The attempts are what fills the queue. More of them make every response later still.",
        ),
        "C": Wrong(
            "Wait. The trigger is gone, so it will come back by itself.",
            "without its trigger it ends",
            "It keeps itself going: late responses cause retries, and retries make responses late. {rate} calls with {tries} "
            "attempts each are more than {capacity} a second.",
        ),
        "D": Wrong(
            "Have the apps wait 1, 2 and 4 seconds before they try again.",
            "waiting reduces the load",
            "Customers keep coming, so the same number of requests arrives a little later. And equal waits bring "
            "all of them back at the same moment.",
        ),
    },
    draw=lambda draw: (
        lambda capacity, percent: {"capacity": capacity, "rate": capacity * percent // 100, "tries": 4}
    )(draw.choice([200, 400, 800]), draw.choice([50, 60, 70])),
    reference=lambda n: "A" if n.rate > storm_threshold(n.capacity, n.tries - 1) else "C",
    hints=(
        "How many requests a second do {rate} calls make, with {tries} attempts each?",
        "What keeps the queue full now that the trigger is gone? What would reduce the load, not move it?",
    ),
    solution=(
        "{answer} {rate} calls with {tries} attempts each are more than {capacity} a second. The retries keep the "
        "queue full, so end them: shed load, and give retries a budget."
    ),
    why=(
        "The retries keep the queue full, so the load has to fall. At work, decide today who may shed load at three in "
        "the morning without asking anyone."
    ),
)

TASKS = (
    two_copies,
    what_to_buy,
    two_versions,
    layers,
    timeout,
    storm_load,
    first_aid,
    retry_function,
    breaker_function,
    health_function,
)
