"""The tasks of lab 09: what alerts see, what a number hides, and what a deploy line proves."""

from fractions import Fraction
from math import floor

from faultlab.classroom.answers.kinds import Choice, Misconception, Number
from faultlab.classroom.tasks.metric_rules import aggregator_function, burn_function, detector_function
from faultlab.metrics.alerts import BurnRateAlert, detection_hours, failures_to_fire

_PAGE = BurnRateAlert(14.4, 1.0, 1 / 12)


seconds_to_page = Number(
    name="seconds_to_page",
    title="How soon does it page?",
    question=(
        "A service promises {promise} %. The page alert fires when, over an hour, the share of failed requests is more "
        "than 14.4 times what is allowed. Traffic is even, nothing failed before, and now {failing} % of all requests "
        "fail. After how many seconds does it page?"
    ),
    unit="seconds",
    tolerance=0.01,
    points=2,
    draw=lambda draw: {"promise": draw.choice([99.9, 99.8, 99.5]), "failing": draw.choice([20, 25, 40, 50])},
    reference=lambda n: 3600 * detection_hours(_PAGE, n.promise / 100, n.failing / 100),
    hints=(
        "What share may fail? 14.4 times that is the limit, over an hour.",
        "After t seconds, the hour holds t seconds of {failing} % and the rest of nothing: {failing} % × t / 3,600.",
        "Set this equal to the limit.",
    ),
    solution="14.4 × (100 − {promise}) / {failing} × 3,600 = {answer}.",
    misconceptions=(
        Misconception(
            "after the whole window",
            lambda n: 3600,
            "The alert looks at the last hour all the time. It need not wait for a full hour of failures.",
        ),
        Misconception(
            "14.4 times as a percentage",
            lambda n: 3600 * 14.4 / n.failing,
            "14.4 is no percentage. It multiplies what is allowed, which is 100 − {promise} per cent.",
        ),
        Misconception(
            "the burn rate forgotten",
            lambda n: 3600 * (100 - n.promise) / n.failing,
            "That is when the hour's own allowance is used up. The alert waits for 14.4 times as much.",
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
    title="How many failures wake somebody?",
    question=(
        "At night a service gets {requests} requests an hour. It promises {promise} %. How many failed requests within "
        "an hour are enough to set off the page at 14.4 times what is allowed?"
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
        "The share has to be more than the limit: the next whole number above.",
    ),
    solution=(
        "14.4 × (100 − {promise}) / 100 × {requests} is the limit; the next whole number above it is {answer}. Ask "
        "what else could be wrong with so few requests."
    ),
    misconceptions=(
        Misconception(
            "rounded down",
            lambda n: _limit(n),
            "With so many the share is still below the limit. It takes more than the limit.",
        ),
        Misconception(
            "14.4 times as a percentage",
            lambda n: floor(Fraction("0.144") * n.requests) + 1,
            "14.4 is no percentage. It multiplies what is allowed, which is 100 − {promise} per cent.",
        ),
        Misconception(
            "it takes a real outage",
            lambda n: n.requests,
            "That would be everything. The page comes at a small share, and here a small share is a few requests.",
        ),
    ),
)


def _limit(n):
    return floor(Fraction("14.4") * (100 - Fraction(str(n.promise))) / 100 * n.requests)


four_percentiles = Choice(
    name="four_percentiles",
    title="The 99th percentile of the shop",
    question=(
        "Four servers report the 99th percentile of their answer times: {a}, {b}, {c} and {d} ms. The board wants one "
        "number for the shop. What do you let the team report?"
    ),
    options={
        "A": "The average of the four.",
        "B": "The largest: then it is on the safe side.",
        "C": "None of these. Collect all times, or their histograms, and take the percentile of all.",
        "D": "The average, weighted by the requests of each server.",
    },
    draw=lambda draw: dict(
        zip(
            "abcd",
            draw.shuffled([80, 95, draw.choice([110, 120]), draw.choice([700, 900, 1500])]),
            strict=True,
        )
    ),
    reference=lambda n: "C",
    hints=(
        "Put all customers of the shop in one row, by how long they waited. Where is the 99th of 100?",
        "If one server has half of the customers, does any mean of the four numbers find that place?",
    ),
    solution="{answer} A percentile needs the whole row of times, or a histogram of it. No mean of four puts it back.",
    misconceptions=(
        Misconception(
            "averaging percentiles",
            lambda n: "A",
            "The place in the row is lost when each server has reported. An average of places is no place in the row.",
        ),
        Misconception(
            "the largest is safe",
            lambda n: "B",
            "It is an upper bound, and may be far above. One idle server would then speak for the shop.",
        ),
        Misconception(
            "weighting mends it",
            lambda n: "D",
            "Weights mend averages of means. A percentile is no mean: weighting does not bring the row back.",
        ),
    ),
)

sampled_time = Number(
    name="sampled_time",
    title="One of some",
    question=(
        "To save work, a page sends one of {every} of its times to StatsD, with the rate behind it. A flush shows count "
        "{count} and sum {sum} ms. How long does the page take on average?"
    ),
    unit="ms",
    tolerance=0.01,
    draw=lambda draw: _sample(
        draw.choice([5, 10, 20]), draw.choice([40, 50, 80]), draw.choice([150, 240, 320])
    ),
    reference=lambda n: n.sum / (n.count / n.every),
    hints=(
        "Which of the two numbers knows of the sampling?",
        "StatsD corrects the count for the rate, and leaves the sum as it came: {count} / {every} times were added up.",
    ),
    solution="{sum} / ({count} / {every}) = {answer}.",
    misconceptions=(
        Misconception(
            "divided by the corrected count",
            lambda n: n.sum / n.count,
            "The count is corrected for what was not sent, and the sum is not. Divide like by like.",
        ),
        Misconception(
            "sampled timers counted twice",
            lambda n: n.sum * n.every / (n.count / n.every),
            "That corrects the sum, and takes the correction out of the count as well. One of the two is enough.",
        ),
        Misconception(
            "the sum is the time",
            lambda n: n.sum,
            "That is the sum of all times that came. The average is asked for.",
        ),
    ),
)


def _sample(every, sent, mean):
    return {"every": every, "count": every * sent, "sum": sent * mean}


who_did_it = Choice(
    name="who_did_it",
    title="The deploy on the graph",
    question=(
        "Errors at the checkout rose at 14:{after}. A deploy of the search team went live at 14:{deploy}. There were {deploys} "
        'deploys between 8 and 18 h. Somebody writes in the chat: "It was search." What do you say?'
    ),
    options={
        "A": "Yes. It was the last deploy before the errors.",
        "B": "Stop all deploys until it is clear.",
        "C": "No. Search has nothing to do with the checkout.",
        "D": "Take it back, if that is cheap, and see whether the errors go. Until then search is a suspect.",
    },
    draw=lambda draw: {
        "deploy": draw.choice([10, 12, 15]),
        "after": draw.choice([18, 20, 21]),
        "deploys": draw.choice([26, 30, 40]),
    },
    reference=lambda n: "D",
    hints=(
        "{deploys} deploys in ten hours: how many minutes are between two of them, on average?",
        "What would you see if the deploy did it, and what if it did not?",
    ),
    solution="{answer} With {deploys} deploys a day there is always one just before. Taking it back is an experiment.",
    misconceptions=(
        Misconception(
            "correlation with a deploy is cause",
            lambda n: "A",
            "With {deploys} deploys in 600 minutes, one is always a few minutes before anything. It is a suspect.",
        ),
        Misconception(
            "no connection, no cause",
            lambda n: "C",
            "Services share machines, databases and libraries. Lesson 01 has a checkout that recommendations took down.",
        ),
        Misconception(
            "stop everything",
            lambda n: "B",
            "Then the change that mends it can't go out either. Take back the suspect first.",
        ),
    ),
)

which_alerts = Choice(
    name="which_alerts",
    title="May it wake people?",
    question=(
        "After an outage that nobody noticed for {minutes} minutes, the team proposes new alerts that wake people at night. "
        "Which one do you approve?"
    ),
    options={
        "A": "One: fewer than half of the usual orders for this hour of the week, for five minutes.",
        "B": "{many} alerts: processor, memory, disk and network of each server. More eyes see more.",
        "C": "One: the error rate is above 0.",
        "D": "None. Who is awake will look at the dashboard.",
    },
    draw=lambda draw: {"minutes": draw.choice([25, 40, 55]), "many": draw.choice([48, 64, 96])},
    reference=lambda n: "A",
    hints=(
        "Which of them fires if no customer gets through to any server?",
        "Which of them fires on a night without any trouble?",
    ),
    solution="{answer} It sees what customers feel, whatever the cause. The other numbers then help to find out why.",
    misconceptions=(
        Misconception(
            "more alerts are safer",
            lambda n: "B",
            "Each of {many} cries wolf now and then. After a month nobody gets up for any of them.",
        ),
        Misconception(
            "no error is allowed",
            lambda n: "C",
            "Something always fails. And if nobody gets through, the error rate is 0.",
        ),
        Misconception(
            "somebody will look",
            lambda n: "D",
            "That is what happened for {minutes} minutes.",
        ),
    ),
)

budget_left = Choice(
    name="budget_left",
    title="What to do with the rest",
    question=(
        "Two days before the month ends, {left} % of the error budget is left. A release is ready that customers asked "
        "for. It went well in tests, and it can be taken back within minutes. What do you decide?"
    ),
    options={
        "A": "Wait. The less of the budget is spent, the better the month.",
        "B": "Release it, to a few customers first.",
        "C": "Release it, and raise the promise for next month, since so much is left.",
        "D": "Wait, and carry the rest over to next month.",
    },
    draw=lambda draw: {"left": draw.choice([55, 65, 75])},
    reference=lambda n: "B",
    hints=(
        "What is the budget for?",
        "What did it cost to keep {left} % of it unspent?",
    ),
    solution="{answer} The budget is the room for change that both sides signed. It can't be saved up.",
    misconceptions=(
        Misconception(
            "a budget to avoid spending",
            lambda n: "A",
            "Customers were promised no more than the objective. What is left unspent are releases that did not happen.",
        ),
        Misconception(
            "kept once, promised for ever",
            lambda n: "C",
            "One good month is luck as well (lesson 08). A promise is for what customers need.",
        ),
        Misconception(
            "saved up",
            lambda n: "D",
            "Next month's customers get next month's promise. A budget that is carried over would let them wait for hours.",
        ),
    ),
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
