"""The tasks of lab 02: how often Chaos Monkey kills, what an experiment proves, and its rules."""

from faultlab.cases.netflix import chance_of_a_kill, lost_share
from faultlab.classroom.answers.kinds import Choice, Misconception, Number, Wrong
from faultlab.classroom.tasks.lesson_02.monkey_checks import order_of_checks, verdict_of_a_run
from faultlab.classroom.tasks.lesson_02.monkey_rules import minimum_time, who_may_be_killed
from faultlab.design.experiments import survival

chance_in_a_week = Number(
    name="chance_in_a_week",
    title="Will it kill this week?",
    question=(
        "An owner sets {mean} working days between kills, on average. There was no kill just before. How likely "
        "is at least one kill in the group in a week from Monday to Sunday, in per cent?"
    ),
    unit="%",
    tolerance=0,
    absolute=0.5,
    draw=lambda draw: {"mean": draw.choice([3, 4, 5, 8, 10])},
    reference=lambda n: 100 * chance_of_a_kill(n.mean),
    hints=(
        "Every working day the coin says kill with a chance of 1 in {mean}. How many working days are in a week?",
        "It is easier to work out the chance that it never does: (1 − 1/{mean}), once for each working day.",
    ),
    solution="100 × (1 − (1 − 1/{mean})⁵) = {answer}.",
    why=(
        "Some weeks pass without a kill, and nobody can prepare for the day. At work, warn a team that a setting is an "
        "average, not a timetable."
    ),
    misconceptions=(
        Misconception(
            "weekends count",
            lambda n: 100 * chance_of_a_kill(n.mean, days=7),
            "That tosses the coin on seven days. Chaos Monkey works from Monday to Friday only.",
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
            "That is the chance of a week without a kill.",
        ),
        Misconception(
            "one day",
            lambda n: 100 / n.mean,
            "That is the chance on one working day. The week has five.",
        ),
    ),
)

first_target = Choice(
    name="first_target",
    title="What do you let them break first?",
    question=(
        "Four teams offer a first target in production. A hypothesis, a stop condition and office hours are agreed. "
        "The shop has {servers} web servers, of which {enough} are enough. Which offer do you accept?"
    ),
    options={
        "A": "One of the {servers} web servers. Its team asked for it, and one command brings it back.",
        "B": Wrong(
            "The primary order database, since it matters most. Its backup is {hours} hours old.",
            "the most important first",
            "If it goes wrong, {hours} hours of orders are gone. Never break what holds the only fresh copy of something.",
        ),
        "C": Wrong(
            "A server of the payment service. Its owner hasn't been asked yet.",
            "owners can be told afterwards",
            "An owner who wasn't asked will switch experiments off after the first surprise, and for everyone.",
        ),
        "D": Wrong(
            "{more} web servers at once, so that the experiment shows something.",
            "bigger is more convincing",
            "{more} of {servers} leave fewer than the {enough} that are enough. You know the result without breaking anything.",
        ),
    },
    draw=lambda draw: (
        lambda enough, hours: {"servers": 2 * enough, "enough": enough, "more": enough + 1, "hours": hours}
    )(draw.choice([2, 3, 4]), draw.choice([6, 12, 20])),
    hints=(
        "What is the most that each offer can hit if the hypothesis is false?",
        "Who would have to bring it back, and have they agreed?",
    ),
    solution="{answer} It has an owner who asked, a small blast radius and a way back.",
    why=(
        "If the hypothesis fails, you have lost some requests, not some orders. At work, ask of each first target: who "
        "asked for it, what can it hit, and which one step brings it back?"
    ),
)

first_words = Choice(
    name="first_words",
    title="The first ten minutes",
    question=(
        "An approved experiment has just broken the checkout, {minutes} minutes ago. {people} people are on the call, "
        "several of them talking at once. You are the most senior. What do you say first?"
    ),
    options={
        "A": Wrong(
            "Who started this, and who approved it in office hours?",
            "find who did it",
            "The call goes quiet, and the one person who knows most starts to defend herself. The checkout is still down.",
        ),
        "B": Wrong(
            "I take over. Everyone reports to me from now on.",
            "the most senior commands",
            "Now the commander is the person who knows the system least. PagerDuty's guide has the seniors asked: do you wish to take command?",
        ),
        "C": "Who is in command? Stop it, and report every {every} minutes.",
        "D": Wrong(
            "Is this really serious? Let us agree on that before we wake anyone.",
            "agree on the severity first",
            "Assume the higher severity and act. You lose {minutes} more minutes discussing a word.",
        ),
    },
    draw=lambda draw: {
        "minutes": draw.choice([3, 5, 8]),
        "people": draw.choice([9, 14, 20]),
        "every": draw.choice([20, 30]),
    },
    hints=(
        "What ends the harm soonest, and who can do it without you?",
        "Which of the four will make people tell you less next time?",
    ),
    solution=(
        "{answer} One person in command, the harm stopped, a fixed time for the next report. That is what Google's and "
        "PagerDuty's guides advise; nobody has tested it in a study that we know of."
    ),
    why=(
        "It names one commander, stops the harm and leaves the team its hands free. At work, agree on these "
        "words before you need them, and ask how, not who, the next morning."
    ),
)

which_stops_it = Choice(
    name="which_stops_it",
    title="Three reasons not to kill",
    question=(
        "Chaos Monkey is switched on and live, in production. It is {time}, and a kill is due. The outage check that you "
        "wrote gives no answer. The service has an old whitelist. And there was a kill in the same group {minutes} "
        "minutes ago, with a minimum of one working day. What happens?"
    ),
    options={
        "A": Wrong(
            "A server is killed: no outage was reported.",
            "no answer taken for no outage",
            "No answer isn't the same as no outage. Before you break something, you need to know that everything else works.",
        ),
        "B": Wrong(
            "No server is killed: the minimum time isn't over.",
            "the minimum time first",
            "The minimum time is checked late, just before the kill is recorded. Something stops it before that.",
        ),
        "C": Wrong(
            "No server is killed and nobody is told: an old whitelist leaves only a line in the log.",
            "the whitelist first",
            "The whitelist is checked after the settings of the service are read. The outage check comes earlier.",
        ),
        "D": "No server is killed, and there is an error: the outage check gave no answer.",
    },
    draw=lambda draw: {
        "time": draw.choice(["11:20", "13:05", "14:40"]),
        "minutes": draw.choice([40, 70, 95]),
    },
    hints=(
        "The questions come in a fixed order, and the first one that says no ends it.",
        "The lesson lists the order under the hood. Which of the three comes first?",
    ),
    solution="{answer} The outage check comes before the whitelist and the minimum time.",
    why=(
        "A check that fails stops everything, and says so. At work, ask what your outage check does when your monitoring "
        "is down; as released, Chaos Monkey has none and carries on."
    ),
)

lost_requests = Number(
    name="lost_requests",
    title="What redundancy theory leaves out",
    question=(
        "{servers} servers stand behind a load balancer; one is enough. In {minutes} minutes Chaos Monkey "
        "kills {kills} of them, one after another. It takes {detection} seconds until a dead server is noticed and gets "
        "no more requests, and {restart} seconds until it is back. Nobody retries. What percentage of all requests is "
        "lost?"
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
        "A request is lost if it goes to a dead server that nobody has noticed yet.",
        "For {kills} × {detection} seconds one of {servers} servers swallows its part of the requests.",
    ),
    solution="100 × {kills} × {detection} / ({servers} × {minutes} × 60) = {answer}.",
    why=(
        "Detection decides, not the number of spares. At work, measure how long a dead server still gets requests, and "
        "compare it with what the settings promise."
    ),
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
            "Once it is noticed, no request is sent to it. The loss ends then, not when it is back.",
        ),
        Misconception(
            "minutes taken for seconds",
            lambda n: 100 * lost_share(n.kills, n.detection, n.servers, n.minutes),
            "The run lasts {minutes} minutes, and the detection time is in seconds.",
        ),
    ),
)

what_to_tell = Choice(
    name="what_to_tell",
    title="What do you tell the board?",
    question=(
        "Chaos Monkey has killed {kills} web servers in production. At each kill at least 99 % of the requests were "
        "answered. What do you tell the board?"
    ),
    options={
        "A": Wrong(
            "Our shop survives the loss of any web server, as we have now proved.",
            "experiments prove the hypothesis",
            "An experiment can refute a hypothesis, not prove it. {kills} survived kills leave room for a failure now and then.",
        ),
        "B": "It survived all {kills}: at 95 % confidence, {share} % of such kills.",
        "C": Wrong(
            "We are resilient now, so the experiments have done their work and can end.",
            "killing proves resilience",
            "Only one kind of failure was tried, and the system goes on changing. Killing tests; it proves nothing.",
        ),
        "D": Wrong(
            "Nothing: a result without a single failure says nothing.",
            "no failure, no knowledge",
            "It does say something: if every other kill broke the shop, you would hardly have seen {kills} in a "
            "row survived.",
        ),
    },
    draw=lambda draw: _kills(draw.choice([10, 15, 20, 30])),
    hints=(
        "What could you have seen that would have shown the hypothesis to be false? You didn't see it, {kills} times.",
        "Which kinds of failure does a kill imitate, and which not?",
    ),
    solution="{answer} It is the least that they prove. Other kinds of failure, such as a server that hangs, were not tried.",
    why=(
        'It says what was tried, how often, and what that proves. At work, put a number and a limit on every "we tested '
        'that" that you hear.'
    ),
)


def _kills(count):
    return {"kills": count, "share": int(100 * survival(["held"] * count).numbers()[1])}


TASKS = (
    chance_in_a_week,
    first_target,
    first_words,
    which_stops_it,
    lost_requests,
    what_to_tell,
    minimum_time,
    who_may_be_killed,
    order_of_checks,
    verdict_of_a_run,
)
