"""The tasks of lab 03: how busy, whose turn, how many servers, which zone, and whom to turn away."""

import math

from faultlab.classroom.answers.kinds import Choice, Misconception, Number, Wrong
from faultlab.classroom.tasks.lesson_03.store_rules import balancer_function, erlang_function, scaler_function
from faultlab.design.stores import servers_needed, waiting

busier = Number(
    name="busier",
    title="A little busier",
    question=(
        "One server takes {mean} ms for a response on average when it is {now} % busy. Next year it will be {then} % "
        "busy, with the same work for each customer. How long will a response take on average?"
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
        "How long is the work alone? At {now} % busy, half of the {mean} ms is waiting.",
        "With one server the response time is the work divided by the idle share.",
        "At {then} % busy the idle share is 100 − {then}, in per cent.",
    ),
    solution=(
        "The work is {mean} × (1 − {now} / 100) ms. Divided by the idle share, 1 − {then} / 100: {answer}."
    ),
    why=(
        "Only the idle share counts: from {now} to {then} % busy it shrinks fast, and the response slows as fast. At "
        "work, ask how busy the busiest minute is, not the average day."
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
            "That is the work without any waiting. At {then} % busy someone is nearly always ahead of you.",
        ),
        Misconception(
            "the whole response is work",
            lambda n: n.mean / (1 - n.then / 100),
            "The {mean} ms already include waiting. Take the work alone and divide it by the idle share.",
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
        "Kestrel's checkout has work for {work} servers and runs {now}. 95 of 100 customers wait less than 20 ms, and "
        "it has to stay that way. Marketing plans to double the number of customers. What do you approve?"
    ),
    options={
        "A": "{enough} servers: less than twice as many.",
        "B": Wrong(
            "{twice} servers: twice as many.",
            "everything doubles",
            "They would keep the promise, and {saved} of them would have nothing to do. A larger group needs less spare capacity for its size.",
        ),
        "C": Wrong(
            "{work2} servers: just the work. 100 % busy is efficient.",
            "utilisation of 100 % is efficient",
            "At 100 % busy the queue grows without end. Some idle time is what keeps waiting short.",
        ),
        "D": Wrong(
            "{now} servers, as today: they aren't busy all the time.",
            "there is room",
            "{now} servers can't do the work of {work2}. The queue would grow from the first minute.",
        ),
    },
    draw=lambda draw: _pools(draw.choice([8, 12, 20, 40])),
    hints=(
        "Servers need spare capacity for uneven arrivals. Does the unevenness grow as fast as the load?",
        "Look at the table in lesson 03: the spare servers, by the size of the work.",
    ),
    solution=(
        "{answer} The spare capacity you need grows more slowly than the load, at most with its square root. By Erlang's "
        "formula C, {enough} servers keep the promise. Twice as many would keep it too, for money that buys nothing."
    ),
    why=(
        "Large groups need less spare capacity for their size: you save {saved} servers against doubling. At work, "
        "ask which small groups of servers could share one queue."
    ),
)


def _pools(work):
    now, enough = (
        servers_needed(size / 0.2, 5.0, longest_wait=0.02, share=0.95) for size in (work, 2 * work)
    )
    return {
        "work": work,
        "work2": 2 * work,
        "now": now,
        "twice": 2 * now,
        "enough": enough,
        "saved": 2 * now - enough,
    }


which_target = Choice(
    name="which_target",
    title="Which target do you set?",
    question=(
        "Kestrel's home page calls {calls} services and is ready when the last has responded. Each responds in 80 ms "
        "on average, and is slower than a second one time in a hundred, independently. Customers complain; every team "
        "reports green. Which target do you give the teams?"
    ),
    options={
        "A": Wrong(
            "An average of at most 60 ms for each service.",
            "a better average",
            "The average can fall while the slow responses stay as slow. {today} % of the pages still wait for one.",
        ),
        "B": Wrong(
            "One slow response in a hundred at most, for each service, as today.",
            "one in a hundred stays one in a hundred",
            "One in a hundred is one service. A page waits for the slowest of {calls}: {today} % of the pages are slow.",
        ),
        "C": "One slow response in a thousand at most, for each service.",
        "D": Wrong(
            "An average of at most 200 ms for the page.",
            "the average of the page",
            "It at least measures what customers see. But an average of 200 ms leaves room for many pages of several seconds.",
        ),
    },
    draw=lambda draw: _targets(draw.choice([30, 50, 80, 150])),
    hints=(
        "A page is quick only if all {calls} responses are quick. How often is that?",
        "All of {calls} quick: 0.99 multiplied by itself {calls} times. And 0.999?",
    ),
    solution=(
        "{answer} With one slow response in a hundred, {today} % of the pages are slow; with one in a thousand, {then} %. "
        "Averages say nothing about either."
    ),
    why=(
        "Slow pages fall from {today} % to {then} %. This is why Amazon set targets for all but the slowest 0.1 % of "
        "requests. At work, set targets for pages first, and derive the services' from them."
    ),
)


def _targets(calls):
    slow = (f"{100 * (1 - quick**calls):.0f}" for quick in (0.99, 0.999))
    return {"calls": calls} | dict(zip(("today", "then"), slow, strict=True))


which_metric = Choice(
    name="which_metric",
    title="What should the autoscaler watch?",
    question=(
        "Last {month} the payment provider was slow for twenty minutes. Kestrel's {servers} web servers waited for it, "
        "their processors looked idle, and the autoscaler took away {taken}. The queue outlived the fault. The team "
        "asks for one change. Which do you approve?"
    ),
    options={
        "A": Wrong(
            "A higher target, so that it reacts later and less.",
            "the right number of the wrong metric",
            "A higher target takes even more servers away: idle processors are further below it.",
        ),
        "B": "Watch busy workers instead of busy processors.",
        "C": Wrong(
            "Switch the autoscaler off.",
            "no autoscaler, no harm",
            "It would have kept its {servers} servers, and still served hardly anyone while the provider was slow. And who follows the traffic on every other day?",
        ),
        "D": Wrong(
            "React faster: one reading instead of three.",
            "faster is better",
            "Then it takes the servers away sooner. The metric points the wrong way; speed only makes it worse.",
        ),
    },
    draw=lambda draw: {
        "month": draw.choice(["March", "June", "October"]),
        "servers": draw.choice([14, 24, 36]),
        "taken": draw.choice([5, 7, 9]),
    },
    hints=(
        "What does the processor do while its server waits for someone else?",
        "Which number rises when customers wait, whatever they wait for?",
    ),
    solution="{answer} A waiting server has an idle processor and a busy worker. Only the second says that customers wait.",
    why=(
        "In the lesson's run this cut the loss from nearly everyone to fewer than half. At work, ask which way each "
        "autoscaler's metric moves when a supplier is slow."
    ),
)

zone_servers = Number(
    name="zone_servers",
    title="Capacity for a lost zone",
    question=(
        "At its peak Kestrel needs {work} servers in service. They are spread over {zones} zones, the same number in "
        "each. It must be able to lose one zone without ordering anything. How many servers does Kestrel buy in all?"
    ),
    unit="servers",
    points=2,
    whole=True,
    draw=lambda draw: {"zones": draw.choice([3, 4]), "work": draw.choice([22, 34, 46, 58])},
    reference=lambda n: n.zones * math.ceil(n.work / (n.zones - 1)),
    hints=(
        "After the loss {zones} − 1 zones are left. How much does each of them have to carry?",
        "Round up for one zone, then count all {zones} zones.",
    ),
    solution="Each of the surviving zones carries {work} / ({zones} − 1), rounded up; times {zones}: {answer}.",
    why=(
        "The price of losing a zone unnoticed is paid beforehand, in servers that wait. At work, multiply your peak by "
        "zones / (zones − 1) and compare it with what you have."
    ),
    misconceptions=(
        Misconception(
            "n zones need no spare",
            lambda n: n.work,
            "That is enough while all zones are up. When one fails, its share is missing.",
        ),
        Misconception(
            "one more server",
            lambda n: n.work + 1,
            "You lose a zone, not a server: all of its servers go at once.",
        ),
        Misconception(
            "split evenly",
            lambda n: n.zones * math.ceil(n.work / n.zones),
            "That splits the work among all zones, and loses one of the parts. Split it among those that survive.",
        ),
        Misconception(
            "a whole fleet in every zone",
            lambda n: n.zones * n.work,
            "One zone doesn't have to carry everything: the other survivors help.",
        ),
    ),
)

which_minute = Choice(
    name="which_minute",
    title="Which minutes do you buy back?",
    question=(
        "A region fails. It takes {detect} seconds until anyone knows, {decide} minutes until someone decides to move, "
        "and customers' software keeps the old address from DNS, the internet's address book, for {kept} seconds. All "
        "four offers cost the same. Which brings the last customer back soonest?"
    ),
    options={
        "A": "Health checks that detect the failure in half the time.",
        "B": "A rule and a named person on call: decided in a minute.",
        "C": "DNS addresses kept for 60 seconds only.",
        "D": "Servers twice as fast in the other region, for those who move.",
    },
    draw=lambda draw: _minutes(
        draw.choice([30, 60, 90]), draw.choice([5, 8, 12]), draw.choice([120, 360, 600])
    ),
    reference=lambda n: "B" if n.by_rule > n.by_dns else "C",
    hints=(
        "The three times follow one another. How much does each offer take off?",
        "B saves all minutes of deciding but one; C saves all seconds of DNS but 60. Put both in minutes.",
    ),
    solution="{answer} A saves {by_checks} minutes, B {by_rule}, C {by_dns}, D none, of {whole} in all.",
    why=(
        "It saves the most of {whole} minutes: A {by_checks}, B {by_rule}, C {by_dns}. At work, time all three in an "
        "exercise; the decision is the one that nobody measures."
    ),
    misconceptions=(
        Misconception(
            "detect faster",
            lambda n: "A",
            "That saves {by_checks} of {whole} minutes. Where do the others go?",
        ),
        Misconception(
            "the other of two large ones",
            lambda n: "C" if n.by_rule > n.by_dns else "B",
            "A good offer, but not the best: B saves {by_rule} minutes, C {by_dns}.",
        ),
        Misconception(
            "more power",
            lambda n: "D",
            "The other region's speed saves nothing while the customers are still calling the dead one.",
        ),
    ),
)


def _minutes(detect, decide, kept):
    return {
        "detect": detect,
        "decide": decide,
        "kept": kept,
        "by_checks": detect / 120,
        "by_rule": decide - 1,
        "by_dns": (kept - 60) // 60,
        "whole": (detect + kept) / 60 + decide,
    }


shed_or_scale = Choice(
    name="shed_or_scale",
    title="A rush nobody announced",
    question=(
        "A newspaper writes about Kestrel, and within {minutes} minutes five times as many people are browsing. New "
        "servers take {warm} minutes. The team asks for one thing for next time. What do you approve?"
    ),
    options={
        "A": Wrong(
            "An autoscaler with a better target. It will order the servers.",
            "autoscaling replaces load shedding",
            "Its servers arrive after {warm} minutes, the visitors after {minutes}. In between the queues are full.",
        ),
        "B": Wrong(
            "Running five times as many servers all year.",
            "enough for everything",
            "It would work, at five times the price on every quiet day, until the day six times as many come.",
        ),
        "C": Wrong(
            "Longer queues, so that nobody is refused.",
            "nobody is refused",
            "Then everyone waits, and most leave before it is their turn. The servers work for people who have left.",
        ),
        "D": "Turning away some who browse until the servers arrive.",
    },
    draw=lambda draw: {"minutes": draw.choice([2, 3]), "warm": draw.choice([5, 6, 8])},
    hints=(
        "What happens between minute {minutes} and minute {warm}, whatever the autoscaler orders?",
        "Someone will go unserved in those minutes. Who decides who that is?",
    ),
    solution=(
        "{answer} Without headroom, no autoscaler bridges the minutes until its servers arrive. In the lesson's evening, "
        "load shedding cut the loss from 36,000 EUR to 3,000."
    ),
    why=(
        "Someone goes unserved between minute {minutes} and minute {warm}; now you have chosen who. At work, agree on "
        "that list, write the page they will see, and try it once."
    ),
)

TASKS = (
    busier,
    double_load,
    which_target,
    which_metric,
    zone_servers,
    which_minute,
    shed_or_scale,
    erlang_function,
    balancer_function,
    scaler_function,
)
