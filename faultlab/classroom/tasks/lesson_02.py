"""The tasks of lab 02: how often the monkey comes, what an experiment proves, and the monkey's rules."""

from faultlab.cases.netflix import chance_of_a_kill, gap_mean, kills_a_week, lost_share, printed_total
from faultlab.classroom.answers.kinds import Choice, Misconception, Number
from faultlab.classroom.tasks.monkey_checks import order_of_checks, verdict_of_a_run
from faultlab.classroom.tasks.monkey_rules import minimum_time, who_may_be_killed
from faultlab.design.experiments import survival

chance_in_a_week = Number(
    name="chance_in_a_week",
    title="Will the monkey come this week?",
    question=(
        "An owner sets a mean time between kills of {mean} work days. There was no kill just before. How likely "
        "is at least one kill in the group in a week from Monday to Sunday, in percent?"
    ),
    unit="%",
    tolerance=0,
    absolute=0.5,
    draw=lambda draw: {"mean": draw.choice([3, 4, 5, 8, 10])},
    reference=lambda n: 100 * chance_of_a_kill(n.mean),
    hints=(
        "Every work day a coin falls with a chance of 1 in {mean}. How many work days has the week?",
        "It is easier to ask for the chance that the coin does not fall: (1 − 1/{mean}), once for each work day.",
    ),
    solution="100 × (1 − (1 − 1/{mean})⁵) = {answer}.",
    misconceptions=(
        Misconception(
            "weekends count",
            lambda n: 100 * chance_of_a_kill(n.mean, days=7),
            "That throws the coin on seven days. The monkey works from Monday to Friday only.",
        ),
        Misconception(
            "the expected number taken for a chance",
            lambda n: min(100.0, 500 / n.mean),
            "5/{mean} is how many kills to expect in a week. The chance of at least one is smaller, since some "
            "weeks have two.",
        ),
        Misconception(
            "a week without a kill",
            lambda n: 100 - 100 * chance_of_a_kill(n.mean),
            "That is how likely a week without a kill is.",
        ),
        Misconception(
            "one day",
            lambda n: 100 / n.mean,
            "That is the chance on one work day. The week has five.",
        ),
    ),
)

WORK_DAYS_A_QUARTER = 65

kills_in_a_quarter = Number(
    name="kills_in_a_quarter",
    title="How many kills in a quarter?",
    question=(
        "A service has {clusters} clusters, each in {regions} regions. It is grouped by cluster, and regions are "
        "independent. Its mean time between kills is {mean} work days, its minimum {minimum}. How many kills are "
        "to be expected in a quarter of 65 work days, in the long run?"
    ),
    unit="kills",
    points=2,
    draw=lambda draw: {
        "clusters": draw.choice([2, 3]),
        "regions": draw.choice([2, 3]),
        "mean": draw.choice([4, 8]),
        "minimum": draw.choice([3, 4]),
    },
    reference=lambda n: (
        WORK_DAYS_A_QUARTER / 5 * kills_a_week(n.mean, n.minimum, groups=n.clusters * n.regions)
    ),
    hints=(
        "Count the coins first: every cluster in every region is a group with a coin of its own.",
        "The average gap between two kills of a group is the minimum less one, plus the mean.",
    ),
    solution="65 × {clusters} × {regions} / ({minimum} − 1 + {mean}) = {answer}.",
    misconceptions=(
        Misconception(
            "the monkey kills every day",
            lambda n: WORK_DAYS_A_QUARTER * n.clusters * n.regions,
            "That is a kill a day in each group. The coin falls on one day in {mean}, if it counts at all.",
        ),
        Misconception(
            "the minimum forgotten",
            lambda n: WORK_DAYS_A_QUARTER * n.clusters * n.regions / n.mean,
            "After each kill the coin counts for nothing until the minimum is over: the gap is longer than "
            "{mean}.",
        ),
        Misconception(
            "the minimum added whole",
            lambda n: WORK_DAYS_A_QUARTER * n.clusters * n.regions / (n.mean + n.minimum),
            "On the last day of the minimum the coin counts again, so only {minimum} − 1 days are added.",
        ),
        Misconception(
            "regions forgotten",
            lambda n: WORK_DAYS_A_QUARTER * n.clusters / gap_mean(n.mean, n.minimum),
            "Regions are independent here: each cluster has a group, and a coin, in each region.",
        ),
        Misconception(
            "weekends count",
            lambda n: 91 * n.clusters * n.regions / gap_mean(n.mean, n.minimum),
            "A quarter has 91 days and 65 work days. The monkey counts work days only.",
        ),
    ),
)

adds_up = Number(
    name="adds_up",
    title="Does the document add up?",
    question=(
        "Chaos Monkey's document prints the chance that n work days pass between two kills as (1 − p)ⁿ⁻¹ × p, for "
        "every n from the minimum on, with p = 1 / mean. Take a mean of {mean} and a minimum of {minimum}. What do "
        "all these chances add up to? Give three decimals."
    ),
    decimals=3,
    draw=lambda draw: {"mean": draw.choice([4, 5, 8]), "minimum": draw.choice([3, 4])},
    reference=lambda n: printed_total(n.mean, n.minimum),
    hints=(
        "With a minimum of 1 they add up to 1. Which of them are left out with a minimum of {minimum}?",
        "What is left is the chance that the coin does not fall on the first {minimum} − 1 days.",
    ),
    solution=(
        "(1 − 1/{mean}) to the power of {minimum} − 1 = {answer}. It ought to be 1: the document's formula is no "
        "distribution. The code does something else, it waits {minimum} − 1 days and then throws."
    ),
    misconceptions=(
        Misconception(
            "chances always add up to one",
            lambda n: 1,
            "They ought to. Add the first few and see: the terms below the minimum are missing.",
        ),
        Misconception(
            "what is missing",
            lambda n: 1 - printed_total(n.mean, n.minimum),
            "That is what is missing from 1. The question asks what is there.",
        ),
        Misconception(
            "one day too many",
            lambda n: printed_total(n.mean, n.minimum + 1),
            "The term n = {minimum} belongs to the sum, so only {minimum} − 1 terms are missing.",
        ),
    ),
)

which_stops_it = Choice(
    name="which_stops_it",
    title="Three things speak against it",
    question=(
        "Chaos Monkey is switched on and off the leash, in production. It is {time}, and a kill is due. The check "
        "for outages gives no answer. The service has an old whitelist. And there was a kill in the same group "
        "{minutes} minutes ago, with a minimum of 1 work day. What happens?"
    ),
    options={
        "A": "A server dies: no outage was reported.",
        "B": "Nobody dies, with an error: whether there is an outage can't be told.",
        "C": "Nobody dies: the minimum time is not over.",
        "D": "Nobody dies, and nobody hears of it: of an old whitelist there is only a line in the log.",
    },
    draw=lambda draw: {
        "time": draw.choice(["11:20", "13:05", "14:40"]),
        "minutes": draw.choice([40, 70, 95]),
    },
    reference=lambda n: "B",
    hints=(
        "The questions come in a fixed order, and the first one that says no ends it.",
        "The lesson's table has the order. Which of the three comes first in it?",
    ),
    solution="{answer} The outage check comes before the whitelist and the minimum time; in doubt nobody dies.",
    misconceptions=(
        Misconception(
            "no answer taken for no outage",
            lambda n: "A",
            "No answer is not the same as no outage. Whoever breaks things has to know that the rest is whole.",
        ),
        Misconception(
            "the minimum time first",
            lambda n: "C",
            "The minimum time is asked late, just before the kill is recorded. Something stops it before that.",
        ),
        Misconception(
            "the whitelist first",
            lambda n: "D",
            "The whitelist is asked after the settings of the service are read. The outage check comes earlier.",
        ),
    ),
)

lost_requests = Number(
    name="lost_requests",
    title="What redundancy theory leaves out",
    question=(
        "{servers} servers stand behind a load balancer; one is enough. In {minutes} minutes the monkey kills "
        "{kills} of them, one after the other. It takes {detection} seconds until a dead server is noticed and gets "
        "no more requests, and {restart} seconds until it is back. Nobody retries. How many percent of all "
        "requests are lost?"
    ),
    unit="%",
    points=2,
    tolerance=0.01,
    draw=lambda draw: {
        "servers": draw.choice([4, 5]),
        "minutes": draw.choice([30, 45, 60]),
        "kills": draw.choice([5, 6, 7]),
        "detection": draw.choice([12, 18]),
        "restart": draw.choice([75, 100]),
    },
    reference=lambda n: 100 * lost_share(n.kills, n.detection, n.servers, 60 * n.minutes),
    hints=(
        "A request is lost if it goes to a server that is dead and not yet noticed.",
        "For {kills} × {detection} seconds one of {servers} servers swallows its part of the requests.",
    ),
    solution="100 × {kills} × {detection} / ({servers} × {minutes} × 60) = {answer}.",
    misconceptions=(
        Misconception(
            "one is enough, so nothing is lost",
            lambda n: 0,
            "One server can carry the load. It can't answer what was sent to a dead one.",
        ),
        Misconception(
            "all requests are lost",
            lambda n: 100 * lost_share(n.kills, n.detection, 1, 60 * n.minutes),
            "Only those that go to the dead server are lost, one in {servers}.",
        ),
        Misconception(
            "until it is back",
            lambda n: 100 * lost_share(n.kills, n.restart, n.servers, 60 * n.minutes),
            "Once it is noticed, nobody is sent to it any more. The loss ends then, not when it is back.",
        ),
        Misconception(
            "minutes taken for seconds",
            lambda n: 100 * lost_share(n.kills, n.detection, n.servers, n.minutes),
            "The hunt lasts {minutes} minutes, and the detection time is in seconds.",
        ),
    ),
)

what_to_tell = Choice(
    name="what_to_tell",
    title="What do you tell the board?",
    question=(
        "The monkey has killed {kills} web servers in production. At each kill at least 99 % of the requests were "
        "answered. What do you tell the board?"
    ),
    options={
        "A": "Our shop survives the loss of a web server.",
        "B": (
            "It survived all {kills}. At 95 % confidence that means at least {share} % of such kills; other kinds "
            "of failure were not tried."
        ),
        "C": "We are resilient now, and the experiments can end.",
        "D": "Nothing: a result without a single failure says nothing.",
    },
    draw=lambda draw: _kills(draw.choice([10, 15, 20, 30])),
    reference=lambda n: "B",
    hints=(
        "What could you have seen that would have shown the hypothesis to be false? You didn't see it, {kills} times.",
        "What kinds of failure does a monkey make that kills?",
    ),
    solution="{answer} One failure in {kills} + 1 would surprise nobody, and a server that hangs was never tried.",
    misconceptions=(
        Misconception(
            "experiments prove the hypothesis",
            lambda n: "A",
            "An experiment can refute a sentence. {kills} survived kills leave room for a failure now and then.",
        ),
        Misconception(
            "killing proves resilience",
            lambda n: "C",
            "Only one kind of failure was tried, and the system goes on changing. Killing tests, it proves nothing.",
        ),
        Misconception(
            "no failure, no knowledge",
            lambda n: "D",
            "It does say something: if every second kill broke the shop, you would hardly have seen {kills} in a "
            "row survived.",
        ),
    ),
)


def _kills(count):
    return {"kills": count, "share": int(100 * survival(["held"] * count).numbers()[1])}


TASKS = (
    chance_in_a_week,
    kills_in_a_quarter,
    adds_up,
    which_stops_it,
    lost_requests,
    what_to_tell,
    minimum_time,
    who_may_be_killed,
    order_of_checks,
    verdict_of_a_run,
)
