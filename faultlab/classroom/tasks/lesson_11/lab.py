"""The tasks of lab 11: read a finished year, plan under another budget, compare plans, decide under a clock."""

from faultlab.classroom.answers.kinds import Choice, Misconception, Names, Number, Wrong
from faultlab.classroom.tasks.lesson_11.finished_year import (
    another_budget,
    best_sets,
    by_single_savings,
    cheapest_first,
    debriefing,
    in_no_best_set,
    list_with_a_dominated_one,
    release_odds,
    two_trials,
)
from faultlab.classroom.tasks.lesson_11.year_rules import policy_function, score_function

_VERDICTS = {(True, True): "A", (False, True): "B", (True, False): "C", (False, False): "D"}


def _verdict(turn_skill=False, turn_luck=False):
    return lambda n: _VERDICTS[n.well != turn_skill, n.lucky != turn_luck]


whose_year = Choice(
    name="whose_year",
    title="Skill or luck?",
    question=(
        "A team hands in its debriefing of a game with six measures on offer and a budget of {budget}. Amounts are in thousand "
        "EUR, and the mean is that of all years. The best plan knows the odds, and not the year.\n{lines}\nOf 100 other years "
        "with the same decisions {dearer} cost more than this one. How do you judge the team?"
    ),
    options={
        "A": "It decided well, and was lucky.",
        "B": "It decided badly, and was lucky.",
        "C": "It decided well, and was unlucky.",
        "D": "It decided badly, and was unlucky.",
    },
    stream="finished year",
    draw=debriefing,
    reference=_verdict(),
    hints=(
        "Decisions are judged in the mean of all years: how far do they go from doing nothing to the best plan?",
        "Luck is judged among other years with the same decisions: how many of these cost more?",
    ),
    solution=(
        "{answer} In the mean of all years the decisions go {way} % of the way from doing nothing to the best plan. Of 100 "
        "other years with the same decisions {dearer} cost more than this one."
    ),
    why=(
        "In the mean, the decisions go {way} % of the way from doing nothing to the best plan; of 100 other years {dearer} "
        "cost more. Ask for both figures before you praise or blame anybody for a year."
    ),
    misconceptions=(
        Misconception(
            "the decision judged by the wrong row or column",
            _verdict(turn_skill=True),
            "You have the luck right. For the decisions read the means: from {nothing:,} to {best:,} is the whole way, and "
            "theirs is at {mean:,}.",
        ),
        Misconception(
            "luck turned round",
            _verdict(turn_luck=True),
            "You have the decisions right. With the same decisions {dearer} of 100 other years cost more, and {cheaper} less: "
            "was this a dear one or a cheap one?",
        ),
        Misconception(
            "both turned round",
            _verdict(turn_skill=True, turn_luck=True),
            "Both the other way. Judge the decisions by the mean of all years, and luck by the {dearer} of 100 other years "
            "that cost more.",
        ),
    ),
)

luck_of_year = Number(
    name="luck_of_year",
    title="What did luck cost?",
    question=(
        "The same debriefing, in thousand EUR.\n{lines}\nBy how many EUR did luck make this year {side} for the team?"
    ),
    unit="EUR",
    stream="finished year",
    draw=debriefing,
    reference=lambda n: 1000 * abs(n.here - n.mean),
    hints=(
        "What are these decisions worth in the mean of all years, and what did this year cost?",
        "Both figures stand in the line of their plan.",
    ),
    solution="The decisions cost {mean:,} in the mean of all years, and {here:,} in this one, in thousand EUR: {answer}.",
    why="One plan, two figures: what this year cost, and what the same decisions cost in the mean. No other plan comes into it.",
    misconceptions=(
        Misconception(
            "thousands typed as they stand",
            lambda n: abs(n.here - n.mean),
            "The amounts stand in thousand EUR. Type k behind your number, or write all of it.",
        ),
        Misconception(
            "against doing nothing here",
            lambda n: 1000 * abs(n.nothing_here - n.here),
            "That is what the measures changed in this very year. Luck is how far the year lies from the mean of all years.",
        ),
        Misconception(
            "against the best plan here",
            lambda n: 1000 * abs(n.here - n.best_here),
            "That compares two plans in this year. Luck is one plan, twice: in this year, and in the mean of all years.",
        ),
        Misconception(
            "the skill taken for luck",
            lambda n: 1000 * (n.nothing - n.mean),
            "That is what the decisions save in the mean of all years: the part that is not luck.",
        ),
        Misconception(
            "short of the best plan",
            lambda n: 1000 * (n.mean - n.best),
            "That is what a better plan would have saved in the mean of all years. It says nothing of this year.",
        ),
    ),
)

better_than = Choice(
    name="better_than",
    title="Better than how many plans?",
    question=(
        "The same team is told: “You decided better than {share} % of the other {sets} plans that the budget buys.” What do you "
        "tell the board that this means?"
    ),
    options={
        "A": Wrong(
            "In {share} of 100 years these decisions cost less than buying nothing.",
            "plans taken for years",
            "It counts plans and not years. Each plan is judged by its mean over all years.",
        ),
        "B": Wrong(
            "This year cost less than {share} % of the other years.",
            "skill taken for luck",
            "That would speak of luck. This figure would be the same after a much dearer year.",
        ),
        "C": "Over all years, {share} % of the other plans cost more in the mean.",
        "D": Wrong(
            "These decisions save {share} % of what the best plan would have saved.",
            "a rank taken for a share",
            "A rank says how many are behind, and not how far. In EUR they go {way} % of the way to the best plan.",
        ),
    },
    stream="finished year",
    draw=debriefing,
    hints=(
        "What was counted: years, or plans?",
        "Each of the other plans has a mean over all years. {share} % of these means are higher.",
    ),
    solution="{answer}: it ranks plans by what they cost in the mean of all years; what this year brought is not in it.",
    why=(
        "A rank needs the EUR beside it: here {share} % of the plans are behind, and the decisions go {way} % of the way to the "
        "best. Many plans may lie close together."
    ),
)


def _letters(n, names):
    return [letter for letter, name in n.letters.items() if name in names]


other_budget = Names(
    name="other_budget",
    title="Plan under another budget",
    question=(
        "A new year at the level {hard}, five measures, and {budget} thousand EUR. Worked out over all years, in thousand EUR a "
        "year, {shedding} and {low_target} save {both_servers} together, {copies} and {drills} {both_copies}; all else adds up. What "
        "do you buy, so that the year costs least, prices included? Give the letters.\n{lines}"
    ),
    letters="ABCDE",
    points=2,
    draw=another_budget,
    reference=lambda n: _letters(n, best_sets(n.level, n.prices, [n.budget])[0]),
    hints=(
        "What does each measure still save once its partner is bought?",
        "Beside {shedding}, {low_target} saves {beside}. Beside {drills}, {copies} saves {beside_drills}.",
        "Try what {budget} buys with {shedding} in it: which others add most beyond their price?",
    ),
    solution="{answer}: no other set for {budget} leaves a cheaper year, by the game's engine over all years.",
    why=(
        "{low_target} does much of what {shedding} does already; {copies} alone does not pay, and beside {drills} it does. Ask for "
        "savings beside what you have, since a list of single savings shows neither."
    ),
    misconceptions=(
        Misconception(
            "single savings",
            lambda n: _letters(n, by_single_savings(n)),
            "You bought what pays most alone. Beside {shedding}, {low_target} saves {beside} and no more; beside {drills}, {copies} "
            "saves {beside_drills} for {of_copies}.",
        ),
        Misconception(
            "cheapest first",
            lambda n: _letters(n, cheapest_first(n)),
            "You bought the cheapest, and as many as there is money for. Then {copies} lacks {drills}, beside which it is worth most.",
        ),
        Misconception(
            "all of them",
            lambda n: _letters(n, n.prices),
            "All five together cost more than {budget}.",
        ),
        Misconception(
            "the largest saving alone",
            lambda n: [n.shedding],
            "It saves most. But there is money left, and two others that gain more than they cost.",
        ),
    ),
)


def _dominated(n):
    (name,) = in_no_best_set(n.level, n.prices)
    return next(iter(_letters(n, [name])))


dominated = Choice(
    name="dominated",
    title="Which one do you strike off the list?",
    question=(
        "A price list for the level {hard}, in thousand EUR a year. {shedding} and {low_target} save {both_servers} together, "
        "{copies} and {drills} {both_copies}; all else adds up. One measure is dominated: whatever the budget, no best plan has "
        "it. Which?"
    ),
    options={letter: "{" + letter + "}" for letter in "ABCDEF"},
    points=2,
    draw=list_with_a_dominated_one,
    reference=_dominated,
    hints=(
        "Look for a measure that costs more than another one, saves less, and does the same work.",
        "What does it save once that other one is bought? Is this more than its price?",
    ),
    solution=(
        "{answer}: it saves less than {shedding} for more money, and beside {shedding} it saves {beside} for {price}."
    ),
    why=(
        "Alone it would pay. But {shedding} costs less and saves more, and beside it this one saves {beside} for {price}. What "
        "pays alone is no reason to buy; ask what else would do the work."
    ),
    misconceptions=(
        Misconception(
            "what does not pay alone",
            lambda n: n.copies,
            "Alone it costs more than it saves. Beside {drills} it saves {beside_drills} for {of_copies}, so large budgets have both.",
        ),
        Misconception(
            "the lowest return",
            lambda n: n.supplier,
            "It gains least for its price, and still gains, whatever else is bought. Once there is money left, it is in the best plan.",
        ),
        Misconception(
            "the dearest",
            lambda n: n.staged,
            "It is the dearest, and saves far more than it costs. Nothing else on the list does its work.",
        ),
        Misconception(
            "the wrong one of the two",
            lambda n: n.shedding,
            "Of these two it is the cheaper one, and saves more. Its partner is the one to doubt.",
        ),
        Misconception(
            "half of a pair",
            lambda n: n.drills,
            "It pays alone, and more beside {copies}. Nothing cheaper does its work.",
        ),
    ),
)

same_years = Choice(
    name="same_years",
    title="Two trials, two winners",
    question=(
        "A model plays two plans, prices included. A first trial gives each plan {together} years of its own: {worse} is cheaper, "
        "by {own} thousand EUR a year in the mean. A second trial gives both the same {together} years: {better} is cheaper in "
        "{wins} of them, and by {saved} thousand EUR a year in the mean. Which plan do you buy?"
    ),
    options={
        "A": Wrong(
            "{worse}: the first trial looked at twice as many years.",
            "more years say more",
            "In the first trial one plan may have met the milder years. Twice as many years don't mend that.",
        ),
        "B": Wrong(
            "The one that is ahead when both trials are averaged.",
            "trials are averaged",
            "The first trial is mostly luck, and much louder. Averaged in, it drowns what the second one says.",
        ),
        "C": Wrong(
            "Neither: {together} years are too few, however they are drawn.",
            "luck needs many years, always",
            "For the first trial that is right. In the same years most of the luck meets both plans, and drops out.",
        ),
        "D": "{better}: in the same years, only the plans make a difference.",
    },
    draw=two_trials,
    hints=(
        "What differs between the plans in the first trial, besides the plans?",
        "A dear year in the second trial is dear for both. What is left when you subtract?",
    ),
    solution="{answer}: over all years, worked out exactly, {better} is cheaper by {truth} thousand EUR a year.",
    why=(
        "Over all years, worked out exactly, {better} is cheaper by {truth} thousand EUR a year. Give rivals the same luck, and "
        "compare them year by year: engineers call this common random numbers."
    ),
)


def _release(draw):
    runbook = draw.choice([True, False])
    return {
        "roll": draw.choice([15, 20, 30]),
        "undo": draw.choice([30, 40, 60]),
        "has": "has a runbook" if runbook else "has no runbook",
        **release_odds(runbook),
    }


roll_back = Number(
    name="roll_back",
    title="Roll back, or forward?",
    question=(
        "A bad release, and the clock runs. Going forward with a fix takes {fix} minutes in the mean, since the team {has}. "
        "Rolling back takes {roll} minutes, if the old version can still read the data. If it can't, {undo} more minutes go by "
        "until that is undone, and then the fix has to be made all the same. From which chance on, in percent, that the old "
        "version can read the data is rolling back the quicker way, in the mean? Give one decimal."
    ),
    unit="%",
    decimals=1,
    points=2,
    draw=_release,
    reference=lambda n: 100 * (n.roll + n.undo) / (n.fix + n.undo),
    hints=(
        "How long does rolling back take where it fails? Add up all three parts.",
        "In the mean it takes {roll} minutes, and in the cases that fail {undo} + {fix} more. Set that equal to {fix}.",
    ),
    solution=(
        "{roll} + (1 − chance) × ({undo} + {fix}) = {fix}, so chance = ({roll} + {undo}) / ({fix} + {undo}): {answer}."
    ),
    why=(
        "In the game the old version can read the data in {pages} of 100 cases where only pages changed, and in {tables} where "
        "tables did. So one question decides, and its answer can stand in the plan of every release."
    ),
    misconceptions=(
        Misconception(
            "what likelier works",
            lambda n: 50,
            "A failed attempt doesn't cost as much as a good one saves. Compare minutes, and not the two chances.",
        ),
        Misconception(
            "a failed attempt costs only its minutes",
            lambda n: 100 * n.roll / n.fix,
            "You left out the {undo} minutes until a failed attempt is undone.",
        ),
        Misconception(
            "the chance that it fails",
            lambda n: 100 - 100 * (n.roll + n.undo) / (n.fix + n.undo),
            "That is the chance of failing that you can accept. The question asks for the chance that it works.",
        ),
        Misconception(
            "both against the fix alone",
            lambda n: 100 * (n.roll + n.undo) / n.fix,
            "Where rolling back works, neither {undo} nor {fix} minutes are needed. You spare both, and not the fix alone.",
        ),
    ),
)

TASKS = (
    whose_year,
    luck_of_year,
    better_than,
    other_budget,
    dominated,
    same_years,
    roll_back,
    score_function,
    policy_function,
)
