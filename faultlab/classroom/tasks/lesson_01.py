"""The tasks of lab 01: what copies and versions buy, and what retries do to a service in trouble."""

import math

from faultlab.classroom.answers.kinds import Choice, Misconception, Number
from faultlab.classroom.tasks.client_patterns import breaker_function, health_function, retry_function
from faultlab.design.calls import storm_threshold, worst_case_attempts
from faultlab.design.redundancy import redundant_unavailability, replicas_needed, versions_failure
from faultlab.metrics.estimates import downtime_minutes_from_unavailability, normal_quantile


def _down(n):
    """The unavailability of one copy."""
    return round(1 - n.percent / 100, 9)


two_copies = Number(
    name="two_copies",
    title="Two copies that share a cause",
    question=(
        "A server is up {percent} % of the time. You run two; one is enough. {shared} % of a server's failures "
        "strike both at once, the rest strike one alone. So two ways lead there: one cause for both, or two servers "
        "that are down by themselves at the same time. How many minutes a year are both down?"
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
        "{shared} % of that strikes both at once. The rest has to meet by chance: multiply it by itself.",
        "Add the two.",
    ),
    solution=(
        "With U = (100 − {percent}) / 100 and β = {shared} / 100: 525,600 × (β × U + ((1 − β) × U)²) = {answer}. "
        "Nearly all of it is what both share."
    ),
    misconceptions=(
        Misconception(
            "independence assumed",
            lambda n: downtime_minutes_from_unavailability(_down(n) ** 2),
            "That takes the two as independent. {shared} % of the failures strike both at once.",
        ),
        Misconception(
            "only what is shared",
            lambda n: downtime_minutes_from_unavailability(n.shared / 100 * _down(n)),
            "That is what strikes both at once. Now add the moments when both are down by chance.",
        ),
        Misconception(
            "one server alone",
            lambda n: downtime_minutes_from_unavailability(_down(n)),
            "That is one server alone. Most of its failures leave the other one up.",
        ),
        Misconception(
            "half of one",
            lambda n: downtime_minutes_from_unavailability(_down(n)) / 2,
            "Two servers don't halve the time down. Both have to be down at once, by chance or by one cause.",
        ),
        Misconception(
            "the share taken of the product",
            lambda n: downtime_minutes_from_unavailability(n.shared / 100 * _down(n) ** 2),
            "The shared part is {shared} % of one server's time down, not of the time both would be down by chance.",
        ),
    ),
)

AIM = 60

what_to_buy = Choice(
    name="what_to_buy",
    title="Another copy?",
    question=(
        "Kestrel's search runs on two servers, each up {percent} % of the time; one is enough. {shared} % of a "
        "server's failures strike all servers at once: they get the same release in the same minute. The aim is 60 "
        "minutes down a year or less. What do you approve?"
    ),
    options={
        "A": "A third server.",
        "B": "Eight more servers.",
        "C": "Nothing. Two servers of {percent} % reach the aim.",
        "D": "Releasing to one server first, and to the others when it has proved itself.",
    },
    draw=lambda draw: {"percent": draw.choice([99.4, 99.5, 99.6]), "shared": draw.choice([6, 8, 10])},
    reference=lambda n: "D" if replicas_needed(1, _down(n), AIM / 525_600, n.shared / 100) is None else "A",
    hints=(
        "How many minutes a year does one server alone miss? {shared} % of them strike all servers.",
        "Does that part get smaller with more servers?",
    ),
    solution=(
        "{answer} What strikes all servers is {shared} / 100 × (100 − {percent}) / 100 × 525,600 minutes a year. "
        "That is more than 60, with two servers or with twenty. Only the share itself can bring it down."
    ),
    misconceptions=(
        Misconception(
            "one more always helps",
            lambda n: "A",
            "A third server takes away what two of them miss by chance, which is little. What strikes all stays.",
        ),
        Misconception(
            "beta ignored, with force",
            lambda n: "B",
            "Ten servers get the same release in the same minute. What strikes all strikes ten as it strikes two.",
        ),
        Misconception(
            "independence assumed",
            lambda n: "C",
            "Multiplied as if independent, two servers would reach it. But {shared} % of the failures strike both.",
        ),
    ),
)

two_versions = Number(
    name="two_versions",
    title="Two teams, one mistake",
    question=(
        "Two teams write the price calculation, each without the other, so that one can check the other. Each "
        "program gets {wrong} in 1,000 baskets wrong. Hard baskets are hard for both: their mistakes have a "
        "correlation of {correlation}. For how many baskets in a million are both wrong?"
    ),
    unit="baskets",
    tolerance=0.012,
    draw=lambda draw: {"wrong": draw.choice([1, 2, 3]), "correlation": draw.choice([0.1, 0.2, 0.3])},
    reference=lambda n: 1e6 * versions_failure(1, 2, n.wrong / 1000, n.correlation),
    hints=(
        "Independent mistakes would meet with a chance of p × p. What do hard baskets add?",
        "Both are wrong with a chance of p² + r × p × (1 − p), where r is the correlation.",
    ),
    solution="With p = {wrong} / 1,000: a million times p² + {correlation} × p × (1 − p) = {answer}.",
    misconceptions=(
        Misconception(
            "versions are independent",
            lambda n: 1e6 * (n.wrong / 1000) ** 2,
            "That takes their mistakes as independent. Different people stumble over the same hard cases.",
        ),
        Misconception(
            "one program alone",
            lambda n: 1000 * n.wrong,
            "That is one program alone. A second one still catches most of it.",
        ),
        Misconception(
            "mistakes added",
            lambda n: 2000 * n.wrong,
            "That adds the two. Asked is when both are wrong for the same basket.",
        ),
        Misconception(
            "never both",
            lambda n: 0,
            "It is rare, and it happens: some baskets are hard for whoever writes the program.",
        ),
    ),
)

layers = Number(
    name="layers",
    title="Retries in every layer",
    question=(
        "A click passes through {services} services in a row. Each tries the next one up to {tries} times, the "
        "last one the database. The database answers nothing. How many calls does one click send it?"
    ),
    unit="calls",
    whole=True,
    draw=lambda draw: dict(
        zip(("tries", "services"), draw.choice([(3, 5), (3, 4), (4, 3), (5, 3), (4, 5)]), strict=True)
    ),
    reference=lambda n: worst_case_attempts(n.tries, n.services),
    hints=(
        "Begin at the bottom: the last service calls the database {tries} times and gives up.",
        "The service above it then tries again, {tries} times in all. So the calls multiply.",
    ),
    solution="{tries} to the power of {services} = {answer}. Retry in one layer only.",
    misconceptions=(
        Misconception(
            "layers add up",
            lambda n: n.tries * n.services,
            "Layers don't add, they multiply: each try of an upper one sets off all tries of the one below.",
        ),
        Misconception(
            "retries taken for tries",
            lambda n: (n.tries - 1) ** n.services,
            "That counts the retries only. The first try is a call as well: {tries} in each layer.",
        ),
        Misconception(
            "changed over",
            lambda n: n.services**n.tries,
            "That is {services} tries in {tries} services. Here {services} services try {tries} times.",
        ),
        Misconception(
            "one layer",
            lambda n: n.tries,
            "That is what the last service alone sends. The others above it try again as well.",
        ),
    ),
)

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


timeout = Number(
    name="timeout",
    title="How long to wait?",
    question=(
        "Of 100,000 answers of the payment service on a good day, half took less than {median} ms, and the mean "
        "was {mean} ms. One in 100 took longer than {p99} ms, one in 1,000 longer than {p999} ms, and the slowest "
        "{slowest} ms. You accept to cut off one good answer in 1,000. Which timeout do you set?"
    ),
    unit="ms",
    whole=True,
    draw=_latencies,
    reference=lambda n: n.p999,
    hints=(
        "A timeout cuts off the answers that take longer. Which share may that be?",
        "One in 1,000 may be cut off. Look for the time that one in 1,000 exceeds.",
    ),
    solution="{answer}: the time that one good answer in 1,000 exceeds.",
    misconceptions=(
        Misconception(
            "the average",
            lambda n: n.mean,
            "About a third of all good answers take longer than the mean. Each would be cut off, and tried again.",
        ),
        Misconception(
            "three times the average",
            lambda n: 3 * n.mean,
            "A multiple of the mean says nothing about how many answers are slower. Here it cuts off far too many.",
        ),
        Misconception(
            "one in a hundred",
            lambda n: n.p99,
            "That cuts off one good answer in 100: ten times what you accept.",
        ),
        Misconception(
            "the slowest of all",
            lambda n: n.slowest,
            "That cuts off nobody, and makes everybody wait for {slowest} ms when the service hangs.",
        ),
    ),
)

storm_load = Number(
    name="storm_load",
    title="From which load on does the storm stay?",
    question=(
        "A service can do {capacity} requests a second. Its clients give up after half a second and retry at "
        "once, up to {retries} times. After a short trouble everything times out. Below which load, in calls a "
        "second, does the storm end by itself?"
    ),
    unit="calls a second",
    draw=lambda draw: {"capacity": draw.choice([120, 240, 600]), "retries": draw.choice([2, 3, 4])},
    reference=lambda n: storm_threshold(n.capacity, n.retries),
    hints=(
        "While everything times out, how many requests does one call make?",
        "Each call makes 1 + {retries} requests. The service has to be able to do them all.",
    ),
    solution="{capacity} / (1 + {retries}) = {answer}. Above that it stays until somebody ends it.",
    misconceptions=(
        Misconception(
            "retries forgotten",
            lambda n: n.capacity,
            "That would be so without retries. In a storm each call comes {retries} times more.",
        ),
        Misconception(
            "the first try forgotten",
            lambda n: n.capacity / n.retries,
            "Each call makes {retries} retries and the first try: one more than you divided by.",
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
    title="The cause is gone, the trouble is not",
    question=(
        "The stock service was slow for ten seconds. Since then its hardware is as fast as ever, and yet nearly "
        "nothing is answered in time. It can do {capacity} requests a second. Customers make {rate} calls a "
        "second, and their apps try {tries} times. What do you do first?"
    ),
    options={
        "A": "Let the apps try more often: some of the tries will get through.",
        "B": "Wait. The cause has gone, so it will come back by itself.",
        "C": "Refuse what can't be answered in time, and allow retries only for a tenth of the calls.",
        "D": "Have the apps wait 1, 2 and 4 seconds before they try again.",
    },
    draw=lambda draw: (
        lambda capacity, percent: {"capacity": capacity, "rate": capacity * percent // 100, "tries": 4}
    )(draw.choice([200, 400, 800]), draw.choice([50, 60, 70])),
    reference=lambda n: "C" if n.rate > storm_threshold(n.capacity, n.tries - 1) else "B",
    hints=(
        "How many requests a second do {rate} calls make, when each is tried {tries} times?",
        "What keeps the queue full now that the cause has gone? What would take load away, not move it?",
    ),
    solution=(
        "{answer} {rate} calls, tried {tries} times each, are more than {capacity} a second. The retries keep the "
        "queue full, so end them: shed load, and give retries a budget."
    ),
    misconceptions=(
        Misconception(
            "retries make it safer",
            lambda n: "A",
            "The tries are what fills the queue. More of them make every answer later still.",
        ),
        Misconception(
            "without its cause it ends",
            lambda n: "B",
            "It feeds itself: late answers make retries, and retries make answers late. {rate} calls tried {tries} "
            "times are more than {capacity}.",
        ),
        Misconception(
            "waiting takes load away",
            lambda n: "D",
            "Customers keep coming, so the same number of requests arrives a little later. And equal waits bring "
            "all of them back at the same moment.",
        ),
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
