"""The tasks of lab 09: what alerts notice, what a number hides, and what a deploy line proves."""

from fractions import Fraction
from math import floor

from faultlab.classroom.answers.kinds import Choice, Misconception, Number, Wrong
from faultlab.classroom.tasks.lesson_09.metric_rules import (
    aggregator_function,
    burn_function,
    detector_function,
)
from faultlab.metrics.alerts import BurnRateAlert, detection_hours, failures_to_fire

_PAGE = BurnRateAlert(14.4, 1.0, 1 / 12)


seconds_to_page = Number(
    name="seconds_to_page",
    title="How soon does it page?",
    question=(
        "A service has an objective of {promise} %. Its paging alert fires when, over an hour, the share of failed requests "
        "is more than 14.4 times what is allowed. Traffic is even, nothing failed before, and now {failing} % of all "
        "requests fail. After how many seconds does the alert page someone?"
    ),
    unit="seconds",
    tolerance=0.01,
    points=2,
    draw=lambda draw: {"promise": draw.choice([99.9, 99.8, 99.5]), "failing": draw.choice([20, 25, 40, 50])},
    reference=lambda n: 3600 * detection_hours(_PAGE, n.promise / 100, n.failing / 100),
    hints=(
        "What share may fail? 14.4 times that is the limit, over an hour.",
        "After t seconds, the last hour has t seconds with {failing} % failing and none before: {failing} % × t / 3,600.",
        "Set that equal to the limit, and solve for t.",
    ),
    solution="14.4 × (100 − {promise}) / {failing} × 3,600 = {answer}.",
    why="At work, ask of each alert how soon it pages in a total outage and in a partial one, before an outage tells you.",
    misconceptions=(
        Misconception(
            "after the whole window",
            lambda n: 3600,
            "The alert looks at the last hour all the time. It doesn't wait for a full hour of failures.",
        ),
        Misconception(
            "14.4 times as a percentage",
            lambda n: 3600 * 14.4 / n.failing,
            "14.4 isn't a percentage. It multiplies what is allowed, which is 100 − {promise} per cent.",
        ),
        Misconception(
            "the burn rate forgotten",
            lambda n: 3600 * (100 - n.promise) / n.failing,
            "That is when the hour's own allowance is spent. The alert waits for 14.4 times as much.",
        ),
        Misconception(
            "as if everything failed",
            lambda n: 3600 * 14.4 * (100 - n.promise) / 100,
            "That is for a total outage. Here only {failing} % fail, so it takes longer.",
        ),
    ),
)

failures_at_night = Number(
    name="failures_at_night",
    title="How many failures does it take to wake someone?",
    question=(
        "At night a service gets {requests} requests an hour. Its objective is {promise} %. How many failed requests within "
        "an hour does it take to trigger a page at 14.4 times what is allowed?"
    ),
    unit="requests",
    whole=True,
    draw=lambda draw: draw.choice(
        [
            {"requests": requests, "promise": promise}
            for requests, promise in ((150, 99.9), (260, 99.9), (40, 99.5), (60, 99.5), (90, 99.8))
        ]
    ),
    reference=lambda n: failures_to_fire(_PAGE, n.promise / 100, n.requests),
    hints=(
        "The limit is 14.4 × (100 − {promise}) % of the requests in the hour.",
        "The share has to be above the limit: take the next whole number.",
    ),
    solution=(
        "14.4 × (100 − {promise}) / 100 × {requests} is the limit; the next whole number above it is {answer}."
    ),
    why="So few failures can come from one customer with a bad connection. Require more of them, or make it a ticket.",
    misconceptions=(
        Misconception(
            "rounded down",
            lambda n: _limit(n),
            "With that many, the share is still below the limit. It has to be above.",
        ),
        Misconception(
            "14.4 times as a percentage",
            lambda n: floor(Fraction("0.144") * n.requests) + 1,
            "14.4 isn't a percentage. It multiplies what is allowed, which is 100 − {promise} per cent.",
        ),
        Misconception(
            "it takes a real outage",
            lambda n: n.requests,
            "That would be all of them. The alert pages at a small share, and here a small share is a few requests.",
        ),
    ),
)


def _limit(n):
    return floor(Fraction("14.4") * (100 - Fraction(str(n.promise))) / 100 * n.requests)


four_percentiles = Choice(
    name="four_percentiles",
    title="The 99th percentile of the shop",
    question=(
        "Four servers report the 99th percentile of their response times: {a}, {b}, {c} and {d} ms. The board wants one "
        "number for the shop. What do you let the team report?"
    ),
    options={
        "A": Wrong(
            "The average of the four.",
            "averaging percentiles",
            "Once each server has reported its percentile, the ranking is lost. Averaging percentiles doesn't bring it back.",
        ),
        "B": Wrong(
            "The largest, to be on the safe side.",
            "the largest is safe",
            "It is an upper bound, and may be far too high: one idle server with a few slow requests would speak for the shop.",
        ),
        "C": "None of these, but the percentile of all times.",
        "D": Wrong(
            "The average, weighted by the requests of each server.",
            "weighting mends it",
            "Weights fix an average of averages. A percentile isn't an average, so weighting doesn't bring the ranking back.",
        ),
    },
    draw=lambda draw: dict(
        zip(
            "abcd",
            draw.shuffled([80, 95, draw.choice([110, 120]), draw.choice([700, 900, 1500])]),
            strict=True,
        )
    ),
    hints=(
        "Line up all the shop's requests by how long they took. Where is the 99th of 100?",
        "If one server handles half of the requests, does any average of the four numbers find that place?",
    ),
    solution="{answer} A percentile needs all the times, or a histogram of them. No average of four brings them back.",
    why="The average would have reported a time that no customer had. Ask which dashboards average percentiles today.",
)

sampled_time = Choice(
    name="sampled_time",
    title="The page that looks fast",
    question=(
        "To save work, a web page sends StatsD only one in {every} of its timings, with the sampling rate behind it. "
        "StatsD shows a count of {count} and a sum of {sum} ms, and the dashboard divides: {shown} ms. So fast, says the "
        "team, that the project to speed the page up can be cancelled. StatsD corrects the count for the sampling and "
        "leaves the sum as it came. What do you decide?"
    ),
    options={
        "A": Wrong(
            "Cancel the project: {shown} ms is fast.",
            "divided by the corrected count",
            "The count is corrected for what wasn't sent, and the sum isn't. {shown} ms is too low by a factor of {every}.",
        ),
        "B": "Keep it: the sum covers {sent} timings, so the page takes {mean} ms on average.",
        "C": Wrong(
            "Keep it: sum and count both need correcting, so the page takes {wrong} ms on average.",
            "the correction made twice",
            "That corrects the sum and takes the correction out of the count as well. One of the two is enough.",
        ),
        "D": Wrong(
            "Cancel it: with so few timings sent, nothing can be said about the page.",
            "a sample says nothing",
            "{sent} timings say a good deal about an average. Only the division went wrong.",
        ),
    },
    draw=lambda draw: _sample(
        draw.choice([5, 10, 20]), draw.choice([40, 50, 80]), draw.choice([150, 240, 320])
    ),
    hints=(
        "Which of the two numbers knows about the sampling?",
        "{count} is {every} times the timings that were sent. How many were added up in the sum?",
    ),
    solution="{answer} Divide like by like: {sum} / ({count} / {every}) = {mean} ms.",
    why="A cancelled project would have been the price of one division. Ask who checked the dashboards against raw timings.",
)


def _sample(every, sent, mean):
    shown = f"{mean / every:g}"
    return {
        "every": every,
        "count": every * sent,
        "sum": sent * mean,
        "sent": sent,
        "mean": mean,
        "shown": shown,
        "wrong": f"{mean * every:,}",
    }


who_did_it = Choice(
    name="who_did_it",
    title="The deploy on the graph",
    question=(
        "Errors at the checkout rose at 14:{after}. A deploy of the search team went live at 14:{deploy}. There were {deploys} "
        'deploys between 08:00 and 18:00. Somebody writes in the chat: "It was search." What do you say?'
    ),
    options={
        "A": Wrong(
            "Yes. It was the last deploy before the errors began.",
            "correlation with a deploy is cause",
            "With {deploys} deploys in 600 minutes, one is always a few minutes before anything. It is a suspect, no more.",
        ),
        "B": Wrong(
            "Stop all deploys until it is clear.",
            "stop everything",
            "Then the change that fixes it can't go out either. Roll back the suspect first.",
        ),
        "C": Wrong(
            "No. Search has nothing to do with the checkout.",
            "no connection, no cause",
            "Services share machines, databases and libraries. In lesson 01, recommendations took the checkout down.",
        ),
        "D": "It is a suspect. If that is cheap, roll it back.",
    },
    draw=lambda draw: {
        "deploy": draw.choice([10, 12, 15]),
        "after": draw.choice([18, 20, 21]),
        "deploys": draw.choice([26, 30, 40]),
    },
    hints=(
        "{deploys} deploys in ten hours: how many minutes lie between two of them, on average?",
        "What would you see if the deploy did it, and what if it didn't?",
    ),
    solution="{answer} With {deploys} deploys a day there is always one just before. A rollback is an experiment.",
    why="If the errors stay, you have lost some minutes and accused nobody. Say before the rollback what you expect to see.",
)

which_alerts = Choice(
    name="which_alerts",
    title="Worth waking someone for?",
    question=(
        "After an outage that nobody noticed for {minutes} minutes, the team proposes new alerts that wake people at night. "
        "Which one do you approve?"
    ),
    options={
        "A": "One: fewer than half of the usual orders for this hour of the week, for five minutes.",
        "B": Wrong(
            "{many} alerts: CPU, memory, disk and network of each server. More eyes see more.",
            "more alerts are safer",
            "Each of the {many} raises a false alarm now and then, and the person on call gets all of them.",
        ),
        "C": Wrong(
            "One: the error rate is above zero.",
            "no error is allowed",
            "Something always fails, so it pages every night. And if nobody gets through, the error rate is zero.",
        ),
        "D": Wrong(
            "None. Somebody who is awake will look at the dashboard.",
            "somebody will look",
            "That was the plan for the {minutes} minutes in which nobody noticed.",
        ),
    },
    draw=lambda draw: {"minutes": draw.choice([25, 40, 55]), "many": draw.choice([48, 64, 96])},
    hints=(
        "Which of them fires if no customer gets through to any server?",
        "Which of them fires on a night when all is well?",
    ),
    solution="{answer} It notices what customers feel, whatever the cause. The other metrics help to find out why.",
    why="This one would have noticed the outage within minutes, whatever its cause. The rest belong on the screen, not on the pager.",
)

budget_left = Choice(
    name="budget_left",
    title="What to do with the unspent budget",
    question=(
        "Two days before the month ends, {left} % of the error budget is left. A release is ready that customers asked "
        "for. It went well in tests, and it can be rolled back within minutes. What do you decide?"
    ),
    options={
        "A": Wrong(
            "Wait. The less of the budget is spent, the better the month.",
            "a budget to avoid spending",
            "Customers need no more than the objective. The unspent part is releases that never happened.",
        ),
        "B": Wrong(
            "Release it, and raise next month's objective, since so much is left.",
            "kept once, promised for ever",
            "One good month can be luck (lesson 08). An objective is for what customers need.",
        ),
        "C": "Release it, to a few customers first.",
        "D": Wrong(
            "Wait, and carry the rest over to next month.",
            "saved up",
            "Next month's customers get next month's objective. A budget carried over would let them be failed twice as much.",
        ),
    },
    draw=lambda draw: {"left": draw.choice([55, 65, 75])},
    hints=(
        "What is the budget for?",
        "What did it cost to leave {left} % of it unspent?",
    ),
    solution="{answer} The budget is the risk that both sides agreed to take. It can't be saved up.",
    why="If it goes wrong, a few customers pay a little of a budget that would have lapsed. If it goes well, all of them gain.",
)

TASKS = (
    seconds_to_page,
    failures_at_night,
    four_percentiles,
    sampled_time,
    who_did_it,
    which_alerts,
    budget_left,
    aggregator_function,
    burn_function,
    detector_function,
)
