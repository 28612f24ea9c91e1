"""The tasks of lab 07: ratings and Action Priority, what a limit invites, what only a tree sees."""

from faultlab.analysis.engine import AND, AT_LEAST, OR
from faultlab.analysis.fault_trees import FaultTree, minimal_cut_sets, solve
from faultlab.analysis.fmea import Row, action_priority, gamed, priority_table, ranked, rpn
from faultlab.classroom.answers.kinds import Choice, Function, Misconception, Names, Number, Wrong
from faultlab.classroom.answers.sandbox import Case
from faultlab.classroom.tasks.lesson_07.own_worksheet import own_worksheet
from faultlab.classroom.tasks.lesson_07.safe_cells import safe_cell_function

LIMIT = 200

new_alert = Number(
    name="new_alert",
    title="The RPN after a new alert",
    question=(
        "A failure has severity {severity}, occurrence {occurrence}, detection {detection}. A new alert finds it "
        "sooner: detection becomes {after}. What is its risk priority number (RPN) now?"
    ),
    whole=True,
    draw=lambda draw: {
        "severity": draw.choice([8, 9]),
        "occurrence": draw.choice([5, 6]),
        "detection": 7,
        "after": draw.choice([3, 4]),
    },
    reference=lambda n: rpn(n.severity, n.occurrence, n.after),
    hints=(
        "The RPN is the product of the three ratings.",
        "An alert changes when somebody knows. Which rating is that? The other two stay.",
    ),
    solution="{severity} × {occurrence} × {after} = {answer}.",
    why="The failure is as bad and as frequent as before. Ask what somebody can still do in the time that the alert gains.",
    misconceptions=(
        Misconception(
            "severity falls with detection",
            lambda n: rpn(n.severity - (n.detection - n.after), n.occurrence, n.after),
            "You lowered the severity too. It rates the effect, and an alert doesn't change the effect.",
        ),
        Misconception(
            "nothing changes",
            lambda n: rpn(n.severity, n.occurrence, n.detection),
            "That is the RPN before the alert.",
        ),
        Misconception(
            "adds the ratings",
            lambda n: n.severity + n.occurrence + n.after,
            "That adds the ratings. The RPN multiplies them.",
        ),
    ),
)


def _points(n):
    found = gamed(n.severity, n.occurrence, n.detection, limit=LIMIT)
    return next(one.points for one in found if one.rating == "detection")


points_off = Number(
    name="points_off",
    title="Off the list",
    question=(
        "A company acts from an RPN of 200. A failure has severity {severity}, occurrence {occurrence}, detection "
        "{detection}. How many whole points on detection alone bring it below 200?"
    ),
    unit="points",
    whole=True,
    draw=lambda draw: dict(
        zip(
            ("severity", "occurrence", "detection"),
            draw.choice([(8, 8, 5), (9, 5, 7), (8, 6, 6), (7, 9, 5)]),
            strict=True,
        )
    ),
    reference=_points,
    hints=(
        "Which whole detection is the largest with {severity} × {occurrence} × detection below 200?",
        "Take that from {detection}.",
    ),
    solution="{answer} points. Nothing became rarer or milder.",
    why="So few points take a row off the list. Let no row leave it on detection alone.",
    misconceptions=(
        Misconception(
            "the detection that is left",
            lambda n: n.detection - _points(n),
            "That is the detection that is left. The question asks how many points that is less.",
        ),
        Misconception(
            "one point too few",
            lambda n: _points(n) - 1,
            "One point more: with yours the product still reaches 200.",
        ),
        Misconception(
            "the distance of the products",
            lambda n: rpn(n.severity, n.occurrence, n.detection) - LIMIT,
            "That is how far the product lies above 200. A point on detection takes away more than one.",
        ),
    ),
)

_MILD = [(3, 7, 10), (3, 7, 9), (6, 3, 10), (5, 3, 10)]
_GRAVE = [(9, 6, 1), (10, 6, 1), (9, 7, 1), (9, 8, 1)]


def _pair(draw):
    mild, grave = draw.choice(_MILD), draw.choice(_GRAVE)
    rows = {
        "mail arrives late": mild,
        "payment charges twice": grave,
    }
    first, second = draw.shuffled(rows)
    said = {
        name: "severity {}, occurrence {}, detection {}".format(*ratings) for name, ratings in rows.items()
    }
    return {
        "rows": rows,
        "first": first,
        "second": second,
        "rated_first": said[first],
        "rated_second": said[second],
        "rpn_first": rpn(*rows[first]),
        "rpn_second": rpn(*rows[second]),
    }


def _by_priority(n):
    rows = [Row(name, "fails", **_named(ratings)) for name, ratings in n.rows.items()]
    return "A" if ranked(rows)[0].item == n.first else "B"


def _named(ratings):
    return dict(zip(("severity", "occurrence", "detection"), ratings, strict=True))


which_row = Choice(
    name="which_row",
    title="Which row gets the money?",
    question=(
        "There is money to fix one of two failures this quarter, and your company goes by Action Priority. First: "
        "{first}, with {rated_first}. Second: {second}, with {rated_second}. Which one do you pay for?"
    ),
    options={
        "A": "The first, {first}, with an RPN of {rpn_first}.",
        "B": "The second, {second}, with an RPN of {rpn_second}.",
        "C": "Half of each: both have the same priority.",
        "D": "Neither: a failure that is found at once needs no action, and nor does a mild one.",
    },
    draw=_pair,
    reference=_by_priority,
    hints=("Look each one up in the lesson's table: severity, then occurrence, then detection.",),
    solution="{answer}: the double charge is high, and late mail is low.",
    why="By the RPN you would have spent the money on late mail while customers were charged twice.",
    misconceptions=(
        Misconception(
            "by the RPN",
            lambda n: "A" if n.rpn_first > n.rpn_second else "B",
            "That is the order of the RPN. Mail is on time now, and customers are still charged twice. The table looks at "
            "severity first.",
        ),
        Misconception(
            "the same",
            lambda n: "C",
            "Half a fix leaves the double charge where it was. Look up both: one is high and the other is low.",
        ),
        Misconception(
            "found at once is harmless",
            lambda n: "D",
            "The double charge goes on. Finding it at once doesn't undo it.",
        ),
    ),
)

_BANDS = {"A": (9, 10), "B": (7, 8), "C": (4, 6), "D": (2, 3)}


def _letters(band):
    return [letters for by in [priority_table()[band]] for letters in by.values()]


def _copied(draw):
    shifted = draw.choice(_BANDS)
    rows = {}
    for letter, band in _BANDS.items():
        groups = _letters(band)
        if letter == shifted:
            # The letters of the highest occurrence stand twice, and push the others down a place.
            groups = [groups[0], *groups[:-1]]
        rows[letter] = " ".join("".join(group) for group in groups)
    return rows


def _copied_row(n):
    right = {letter: " ".join("".join(group) for group in _letters(band)) for letter, band in _BANDS.items()}
    return next(letter for letter in _BANDS if getattr(n, letter) != right[letter])


def _right_rows(n):
    return [letter for letter in _BANDS if letter != _copied_row(n)]


_AS_IN_THE_LESSON = "You refuse a tool that is right: its row is as in the lesson's table. Go through the others group by group."
copied_table = Choice(
    name="copied_table",
    title="Which tool do you refuse?",
    question=(
        "Four suppliers each show you a row of Action Priority from their tool. Each group of four letters is for "
        "detection 7-10, 5-6, 2-4 and 1; the groups are for occurrence 8-10, 6-7, 4-5, 2-3 and 1. One row is wrong. "
        "Which tool do you refuse?"
    ),
    options={
        "A": "The tool with severity 9-10: {A}",
        "B": "The tool with severity 7-8: {B}",
        "C": "The tool with severity 4-6: {C}",
        "D": "The tool with severity 2-3: {D}",
    },
    draw=_copied,
    reference=_copied_row,
    hints=(
        "Compare with the lesson's table, one row after the other.",
        "In the wrong row every group after the first is one place late, so the last group of the lesson's row is missing.",
    ),
    solution="{answer}: every group after the first is one place late, so the last group of the lesson's row is missing.",
    why="With that tool people would work on the wrong rows. At work: try 10, 1, 10 on yours; the answer is low.",
    misconceptions=(
        Misconception("the first row that is right", lambda n: _right_rows(n)[0], _AS_IN_THE_LESSON),
        Misconception(
            "the second row that is right",
            lambda n: _right_rows(n)[1],
            "That row is right, so the wrong one is still on offer. Read the lesson's table for the same severity.",
        ),
        Misconception(
            "the third row that is right",
            lambda n: _right_rows(n)[2],
            "That tool is right too. Look for the row whose letters come one group too late.",
        ),
    ),
)

meaning = Choice(
    name="meaning",
    title="The total on the board's slide",
    question=(
        "A slide for the board says: the total of all RPNs fell from {total} to {left}, so our risk is down by "
        "{percent} %. Three rows of severity {severity} went from detection 8 to 5; nothing else moved. What do you do?"
    ),
    options={
        "A": Wrong(
            "Accept it: risk is the sum of the products, and it fell by {percent} %.",
            "RPN as a quantity",
            "An 8 isn't twice as bad as a 4, so products of ratings can't be added up to an amount of risk.",
        ),
        "B": Wrong(
            "Accept it for the three rows alone: each of them is less likely to happen.",
            "detection makes it rarer",
            "Detection says who notices. The three failures happen as often as before.",
        ),
        "C": "Send it back, and ask for the rows of the highest severity.",
        "D": Wrong(
            "Send it back, and ask for a lower total next year: {percent} % is too little.",
            "the number as the goal",
            "A target for the total is met by rating more kindly, or by deleting rows.",
        ),
    },
    draw=lambda draw: _slide(draw.choice([7, 8, 9]), draw.choice([4, 5]), draw.choice([2_000, 2_400])),
    hints=(
        "Ratings are places on a scale. What can a sum of their products measure?",
        "Did any failure become rarer, or milder?",
    ),
    solution="{answer} Three places on scales, multiplied and added up, are no amount of risk.",
    why="A total falls whenever a row is deleted or rated more kindly. The worst rows can't hide behind their own ratings.",
)


def _slide(severity, occurrence, total):
    saved = 3 * severity * occurrence * (8 - 5)
    return {
        "severity": severity,
        "total": f"{total:,}",
        "left": f"{total - saved:,}",
        "percent": round(100 * saved / total),
    }


def _shop(draw):
    single = draw.choice(["sign-in", "payment gateway", "load balancer"])
    pair = draw.choice(["database", "order store"])
    group = draw.choice(["web server", "basket node"])
    return {
        "single": single,
        "pair": pair,
        "group": group,
        "copies": draw.choice([3, 4]),
        "silent": draw.choice(["stock count wrong", "price shown in the wrong currency"]),
    }


def _tree_of(n):
    servers = [f"{n.group} {i}" for i in range(1, n.copies + 1)]
    both = [f"{n.pair} 1", f"{n.pair} 2"]
    gates = {
        "no orders": OR(n.single, "both copies", "too few servers"),
        "both copies": AND(*both),
        "too few servers": AT_LEAST(2, *servers),
    }
    return FaultTree("no orders", gates, dict.fromkeys([n.single, *both, *servers], 0.01))


def _together(n):
    cuts = minimal_cut_sets(solve(_tree_of(n))).most_probable(100)
    return sorted({event for cut in cuts if len(cut.events) > 1 for event in cut.events})


only_tree = Names(
    name="only_tree",
    title="What only the tree sees",
    question=(
        "A shop takes no orders if the {single} fails, if {pair} 1 and {pair} 2 fail together, or if two of its "
        "{copies} copies of the {group} fail ({group} 1 to {group} {copies}). While its '{silent}' happens, orders "
        "go on. A worksheet has each of these failures in a row of its own. Which rows don't stop orders on their own, "
        "but do together with another row? Name them."
    ),
    points=2,
    draw=_shop,
    reference=_together,
    hints=(
        "Take each failure alone. Do orders stop?",
        "Then take two at a time: look for every minimal cut set with more than one event.",
    ),
    solution="{answer}: alone each is harmless, two of a kind are a minimal cut set.",
    why="These are the rows under which a tree is worth an afternoon. The others speak for themselves.",
    misconceptions=(
        Misconception(
            "single points of failure",
            lambda n: [n.single],
            "That one stops the orders on its own, so its row shows it. Which ones have to fail together?",
        ),
        Misconception(
            "everything in the tree",
            lambda n: [n.single, *_together(n)],
            "One of these stops the orders on its own. Its row in the worksheet says so.",
        ),
        Misconception(
            "the pair alone",
            lambda n: [f"{n.pair} 1", f"{n.pair} 2"],
            "The pair is one such set. A group in which two failures are too many makes sets of two as well.",
        ),
        Misconception(
            "harm without a stop",
            lambda n: [*_together(n), n.silent],
            "'{silent}' does harm while orders go on, so no cut set holds it: only the worksheet has a place for it.",
        ),
    ),
)


def priority(severity, occurrence, detection, table):
    """H, M or L from a table: severity band, occurrence band, four letters."""
    place = 0 if detection >= 7 else 1 if detection >= 5 else 2 if detection >= 2 else 3
    for (low, high), rows in table.items():
        if low <= severity <= high:
            for (least, most), letters in rows.items():
                if least <= occurrence <= most:
                    return letters[place]


def _priorities(draw):
    table = priority_table()
    edges = [(9, 4, 1), (9, 4, 2), (7, 4, 6), (7, 4, 7), (8, 7, 1), (8, 7, 2), (5, 8, 4), (5, 8, 5)]
    edges += [(6, 8, 6), (7, 8, 1), (9, 3, 6), (9, 3, 7), (9, 2, 4), (9, 2, 5), (8, 3, 4), (8, 3, 5)]
    edges += [
        (4, 5, 6),
        (4, 5, 7),
        (3, 8, 4),
        (3, 8, 5),
        (10, 1, 10),
        (1, 10, 10),
        (2, 10, 6),
        (6, 6, 1),
        (6, 6, 2),
    ]
    return [Case(f"ratings {s}, {o}, {d}", (s, o, d, table)) for s, o, d in draw.shuffled(edges)]


def _by_product(severity, occurrence, detection, table):
    product = severity * occurrence * detection
    return "H" if product >= 200 else "M" if product >= 100 else "L"


priority_function = Function(
    name="priority_function",
    title="Action Priority from a table",
    question=(
        "Write priority(severity, occurrence, detection, table). The table goes from a band of severity such as "
        "(9, 10) to a dictionary, from a band of occurrence to four letters, for detection 7-10, 5-6, 2-4 and 1. "
        "Return the letter."
    ),
    points=3,
    reference=action_priority,
    solution=priority,
    cases=_priorities,
    hints=(
        "Find the band with low <= severity <= high, then the same for occurrence.",
        "Then one of four places: 7 and more, 5 and more, 2 and more, 1.",
    ),
    misconceptions=(
        Misconception(
            "limits on the product", _by_product, "That is the product with limits. The table is the rule."
        ),
        Misconception(
            "severity 9 and 10 always high",
            lambda s, o, d, table: "H" if s >= 9 else action_priority(s, o, d, table),
            "The table does not say that severity 9 and 10 is always high. Look at occurrence 1 to 3.",
        ),
        Misconception(
            "detection the wrong way round",
            lambda s, o, d, table: action_priority(s, o, 11 - d, table),
            "A detection of 10 means that nothing would notice: it takes the first letter.",
        ),
    ),
)


def rank(rows):
    """Rows by priority H, M, L, then severity, then RPN, the most urgent first."""
    return sorted(rows, key=lambda row: ("HML".index(row[4]), -row[1], -row[1] * row[2] * row[3]))


def _ranked(rows):
    of = {name: (name, s, o, d, letter) for name, s, o, d, letter in rows}
    return [
        of[row.item]
        for row in ranked([Row(n, "fails", severity=s, occurrence=o, detection=d) for n, s, o, d, _ in rows])
    ]


def _sheets(draw):
    ratings = [
        (9, 4, 8),
        (8, 8, 5),
        (8, 8, 3),
        (7, 8, 4),
        (8, 4, 5),
        (6, 6, 8),
        (3, 8, 1),
        (9, 6, 1),
        (3, 7, 10),
        (9, 2, 3),
    ]
    ratings += [(8, 10, 3), (8, 6, 6), (8, 7, 5), (8, 9, 2)]
    rows = [(f"part {i}", *one, action_priority(*one)) for i, one in enumerate(ratings, 1)]
    return [
        Case("no rows", ([],)),
        Case("one row", (rows[:1],)),
        Case("all rows", (draw.shuffled(rows),)),
        Case("the rows from the last to the first", (rows[::-1],)),
    ]


rank_function = Function(
    name="rank_function",
    title="Rank a worksheet",
    question=(
        "Write rank(rows). A row is (name, severity, occurrence, detection, priority), the priority one of H, M, L. "
        "Return the rows by priority, then by severity, then by RPN, the most urgent first."
    ),
    points=2,
    reference=_ranked,
    solution=rank,
    cases=_sheets,
    hints=("sorted takes a key; a tuple sorts by its first entry first.", "A minus sign reverses an order."),
    misconceptions=(
        Misconception(
            "by the RPN",
            lambda rows: sorted(rows, key=lambda r: -r[1] * r[2] * r[3]),
            "That is the order of the RPN. The priority comes first.",
        ),
        Misconception(
            "letters by the alphabet",
            lambda rows: sorted(rows, key=lambda r: (r[4], -r[1], -r[1] * r[2] * r[3])),
            "By the alphabet L comes before M. The order is H, M, L.",
        ),
        Misconception(
            "RPN before severity",
            lambda rows: sorted(rows, key=lambda r: ("HML".index(r[4]), -r[1] * r[2] * r[3])),
            "Within a priority severity comes before the RPN.",
        ),
    ),
)

TASKS = (
    new_alert,
    points_off,
    which_row,
    copied_table,
    meaning,
    only_tree,
    priority_function,
    rank_function,
    safe_cell_function,
    own_worksheet,
)
