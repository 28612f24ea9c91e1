"""The tasks of lab 03: how busy, whose turn, how many servers, which zone, and whom to turn away."""

import math

from faultlab.cases.amazon import rule_of_three
from faultlab.classroom.answers.kinds import Choice, Misconception, Number
from faultlab.classroom.tasks.store_rules import balancer_function, erlang_function, scaler_function
from faultlab.design.stores import servers_needed, waiting

busier = Number(
    name="busier",
    title="A little busier",
    question=(
        "One server answers in {mean} ms on average when it is {now} % busy. Next year it will be {then} % busy, "
        "with the same work for each customer. How long will an answer take on average?"
    ),
    unit="ms",
    tolerance=0.02,
    points=2,
    draw=lambda draw: {
        "now": 50,
        "then": draw.choice([80, 90, 92, 95]),
        "mean": draw.choice([120, 200, 240, 400]),
    },
    reference=lambda n: 1000 * waiting(1, n.then / 100 / (n.mean / 2000), 1 / (n.mean / 2000)).mean_response,
    hints=(
        "How long is the work alone? At {now} % busy half of the {mean} ms is waiting.",
        "With one server the time is the work divided by the idle share.",
        "At {then} % busy the idle share is 100 − {then} = what remains, in percent.",
    ),
    solution=(
        "The work is {mean} × (1 − {now} / 100) ms. Divided by the idle share, 1 − {then} / 100: {answer}."
    ),
    misconceptions=(
        Misconception(
            "waiting grows linearly",
            lambda n: n.mean * n.then / n.now,
            "That grows with the load. Waiting grows as the idle share shrinks: much faster.",
        ),
        Misconception(
            "the work is all",
            lambda n: n.mean * (1 - n.now / 100),
            "That is the work without any waiting. At {then} % busy somebody is nearly always before you.",
        ),
        Misconception(
            "the whole answer time is work",
            lambda n: n.mean / (1 - n.then / 100),
            "The {mean} ms hold waiting already. Take the work alone, and divide it by the idle share.",
        ),
        Misconception(
            "divided by the busy share",
            lambda n: n.mean * (1 - n.now / 100) / (n.then / 100),
            "Divide by the share of time for which the server is idle, not by the busy one.",
        ),
    ),
)

double_load = Choice(
    name="double_load",
    title="Twice the customers",
    question=(
        "Kestrel's till has work for {work} servers and runs {now}. 95 of 100 customers wait less than 20 ms, and "
        "that shall stay so. The marketing plan doubles the customers. What do you approve?"
    ),
    options={
        "A": "{twice} servers: twice as many.",
        "B": "{enough} servers: less than twice.",
        "C": "{work2} servers: just the work. 100 % busy is efficient.",
        "D": "{now} servers, as today: they are not busy all the time.",
    },
    draw=lambda draw: _pools(draw.choice([8, 12, 20, 40])),
    reference=lambda n: "B",
    hints=(
        "A pool needs spare for chance. Does chance grow as fast as the load?",
        "Look at the table of lesson 03: the spare servers, by the size of the work.",
    ),
    solution=(
        "{answer}: the spare grows more slowly than the load, at most with its square root. By Erlang's formula C, {enough} servers "
        "keep the promise. Twice as many would keep it too, for money that buys nothing."
    ),
    misconceptions=(
        Misconception(
            "everything doubles",
            lambda n: "A",
            "They would keep the promise, and some would be idle. A larger pool needs less spare for its size.",
        ),
        Misconception(
            "utilisation of 100 % is efficient",
            lambda n: "C",
            "At 100 % busy the line grows without end. Some idle time is what makes waiting short.",
        ),
        Misconception(
            "there is room",
            lambda n: "D",
            "{now} servers can't do the work of {work2}. The line would grow from the first minute.",
        ),
    ),
)


def _pools(work):
    now, enough = (
        servers_needed(size / 0.2, 5.0, longest_wait=0.02, share=0.95) for size in (work, 2 * work)
    )
    return {"work": work, "work2": 2 * work, "now": now, "twice": 2 * now, "enough": enough}


slow_pages = Number(
    name="slow_pages",
    title="One in a hundred",
    question=(
        "The search answers in 80 ms on average, and one answer in a hundred takes more than a second. A page asks "
        "it {calls} times, and is ready when the last answer is there. The answers are slow independently. How many "
        "percent of the pages take more than a second?"
    ),
    unit="%",
    tolerance=0.01,
    absolute=0.05,
    draw=lambda draw: {"calls": draw.choice([10, 20, 30, 50])},
    reference=lambda n: 100 * (1 - 0.99**n.calls),
    hints=(
        "A page is quick if all {calls} answers are quick.",
        "One answer is quick 99 times in 100. All {calls}: 0.99 multiplied by itself {calls} times.",
        "Take that from 1.",
    ),
    solution="1 − 0.99^{calls} = {answer}. The average of 80 ms says nothing of it.",
    misconceptions=(
        Misconception(
            "the average hides the tail",
            lambda n: 0,
            "The average is 80 ms, but every page draws {calls} times. How often is none of them slow?",
        ),
        Misconception(
            "one in a hundred stays one in a hundred",
            lambda n: 1,
            "That is one answer. A page waits for the slowest of {calls}.",
        ),
        Misconception(
            "added up",
            lambda n: n.calls,
            "Adding counts pages with two slow answers twice. Multiply the chances that all are quick.",
        ),
        Misconception(
            "the quick ones",
            lambda n: 100 * 0.99**n.calls,
            "That is the share of quick pages. The question asks for the slow ones.",
        ),
    ),
)

rule_by_hand = Number(
    name="rule_by_hand",
    title="What the rule does now",
    question=(
        "Kubernetes' rule keeps {target} % busy. Now {servers} servers are {reading} % busy. How many servers does "
        "it want? (It does nothing while the reading is within a tenth of the target, and never rounds down.)"
    ),
    unit="servers",
    whole=True,
    draw=lambda draw: draw.choice(
        [
            {"servers": servers, "target": 50, "reading": reading}
            for servers, reading in ((20, 53), (22, 54), (24, 53), (30, 54), (26, 54))
        ]
    ),
    reference=lambda n: rule_of_three(n.servers, n.reading, n.target),
    hints=(
        "How far is {reading} from {target}, as a share of {target}?",
        "A tenth of {target} is {target} / 10. Is {reading} within that?",
    ),
    solution="{reading} is less than a tenth above {target}: the rule does nothing. {answer}.",
    misconceptions=(
        Misconception(
            "rule of three without tolerance",
            lambda n: math.ceil(n.servers * n.reading / n.target),
            "Without its tolerance it would. But within a tenth of the target it does nothing, or it would never rest.",
        ),
        Misconception(
            "rounded down",
            lambda n: n.servers * n.reading // n.target,
            "It never rounds down, and here it does not even come to that: look at the tolerance.",
        ),
        Misconception(
            "the other way round",
            lambda n: math.floor(n.servers * n.target / n.reading),
            "Busier servers need more servers. And first look at the tolerance.",
        ),
    ),
)

zone_servers = Number(
    name="zone_servers",
    title="Room for a lost zone",
    question=(
        "At its peak Kestrel needs {work} servers that serve. They stand in {zones} zones, the same number in each. "
        "One zone may be lost without ordering anything. How many servers does Kestrel buy in all?"
    ),
    unit="servers",
    points=2,
    whole=True,
    draw=lambda draw: {"zones": draw.choice([3, 4]), "work": draw.choice([22, 34, 46, 58])},
    reference=lambda n: n.zones * math.ceil(n.work / (n.zones - 1)),
    hints=(
        "After the loss {zones} − 1 zones are left. What has each of them to carry?",
        "Round up for one zone, then count all {zones} zones.",
    ),
    solution="Each of the surviving zones carries {work} / ({zones} − 1), rounded up; times {zones}: {answer}.",
    misconceptions=(
        Misconception(
            "n zones need no spare",
            lambda n: n.work,
            "That is enough while all zones live. When one dies, its share is missing.",
        ),
        Misconception(
            "one more server",
            lambda n: n.work + 1,
            "A zone is lost, and not a server: all of its servers at once.",
        ),
        Misconception(
            "split evenly",
            lambda n: n.zones * math.ceil(n.work / n.zones),
            "That splits the work among all zones, and loses one of the parts. Split it among those that survive.",
        ),
        Misconception(
            "a whole fleet in every zone",
            lambda n: n.zones * n.work,
            "One zone need not carry all: the other survivors help.",
        ),
    ),
)

failover_time = Number(
    name="failover_time",
    title="How long until the last one has moved?",
    question=(
        "A region dies. It takes {detect} seconds until anybody knows, {decide} minutes until it is decided to move, "
        "and answers of DNS, the address book of the internet, are kept for {kept} seconds. After how many minutes has the last customer moved, of those "
        "whose program keeps to DNS' time to live?"
    ),
    unit="minutes",
    tolerance=0.01,
    draw=lambda draw: {
        "detect": draw.choice([30, 60, 90]),
        "decide": draw.choice([4, 7, 10]),
        "kept": draw.choice([120, 300, 600]),
    },
    reference=lambda n: (n.detect + n.kept) / 60 + n.decide,
    hints=(
        "Three times follow one another. Put them into one unit.",
        "The unlucky customer asked DNS in the moment before it got the new address, and keeps the old one for {kept} seconds.",
    ),
    solution="{detect} s + {decide} min + {kept} s = {answer}.",
    misconceptions=(
        Misconception(
            "failover is instant",
            lambda n: 0,
            "Nothing here happens at once: somebody has to know, to decide, and DNS has to forget.",
        ),
        Misconception(
            "only DNS",
            lambda n: n.kept / 60,
            "DNS' time begins when the address is changed. Before that somebody has to know, and to decide.",
        ),
        Misconception(
            "until it is decided",
            lambda n: n.detect / 60 + n.decide,
            "Then the address is changed. The customers keep the old one for a while.",
        ),
        Misconception(
            "the average customer",
            lambda n: n.detect / 60 + n.decide + n.kept / 120,
            "That is when half of them have moved. The question asks for the last one.",
        ),
    ),
)

shed_or_scale = Choice(
    name="shed_or_scale",
    title="For what nobody announced",
    question=(
        "A newspaper writes about Kestrel, and within {minutes} minutes five times as many people browse. New servers "
        "take {warm} minutes to serve. The team asks for one thing for the next time. What do you approve?"
    ),
    options={
        "A": "An autoscaler with a better target. It will bring the servers.",
        "B": "Running five times as many servers all year.",
        "C": "Longer lines, so that nobody is refused.",
        "D": "Refusing some of those who browse, so that those who pay are served, until the servers are there.",
    },
    draw=lambda draw: {"minutes": draw.choice([2, 3]), "warm": draw.choice([5, 6, 8])},
    reference=lambda n: "D",
    hints=(
        "What happens between minute {minutes} and minute {warm}, whatever the autoscaler orders?",
        "Somebody will not be served in these minutes. Who decides, who it is?",
    ),
    solution=(
        "{answer} Without room, no autoscaler bridges the minutes until its servers serve. In the lesson's evening, shedding took "
        "the loss from 36,000 EUR to 3,000."
    ),
    misconceptions=(
        Misconception(
            "autoscaling replaces load shedding",
            lambda n: "A",
            "Its servers come after {warm} minutes, and the people after {minutes}. In between the lines are full.",
        ),
        Misconception(
            "nobody is refused",
            lambda n: "C",
            "Then all wait, and most go before it is their turn. The servers work for people who have left.",
        ),
        Misconception(
            "enough for everything",
            lambda n: "B",
            "It would work, for five times the price on every quiet day, until the sixfold day.",
        ),
    ),
)

TASKS = (
    busier,
    double_load,
    slow_pages,
    rule_by_hand,
    zone_servers,
    failover_time,
    shed_or_scale,
    erlang_function,
    balancer_function,
    scaler_function,
)
