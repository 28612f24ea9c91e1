"""The task of lab 06 that builds a fault tree of the learner's own service, judged by its structure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from faultlab.analysis.engine import AND, AT_LEAST, OR, AnalysisTooLarge
from faultlab.analysis.fault_trees import FaultTree, TooManySets, minimal_cut_sets, solve
from faultlab.classroom.answers.kinds import CORRECT, NOT_STARTED, TRY_AGAIN, Misconception, Outcome, Table
from faultlab.classroom.answers.plain import shown
from faultlab.classroom.answers.typed import is_placeholder
from faultlab.errors import BadInput
from faultlab.views.diagrams import fault_tree as fault_tree_picture

if TYPE_CHECKING:
    from types import SimpleNamespace

    from faultlab.views.kit import Picture


FEWEST_EVENTS = 5
MOST_EVENTS = 300
PEOPLE = re.compile(
    r"\b(human|operator|user|person|people|somebody|someone|staff|engineer|admin(istrator)?|employee|developer)"
    r"(['’]?s)?\W+(error|mistake|fault|failure)s?\b(?! (rate|page|message|budget|log|code|report)s?\b)"
    r"|\bmistakes?\b|\bcareless(ness)?\b|\bnegligen(ce|t)\b|\bfat.fingers?\b"
    r"|\bforg[eo]t(s|ten)?\b|\boverlook(s|ed)\b|\bmis(typed?|clicked|click|read)\b"
    r"|\b(did not|didn['’]?t) (notice|think|remember|pay attention)\b"
    r"|\b(pressed|clicked|typed|deleted|chose|picked) the wrong\b|\b(somebody|someone)\b",
    re.IGNORECASE,
)
"""Where a cause that is looked for ends in a person."""

SOFTWARE = re.compile(
    r"\b(kubernetes|k8s|openshift|cluster|controller|helm|prometheus|postgres\w*|mysql|kafka|redis|elastic\w*|etcd"
    r"|database|cert-manager|network|telecom|mobile|grid)\W+operator['’]?s?\b",
    re.IGNORECASE,
)
"""Operators that are programs or companies."""


NEEDED = re.compile(r"(at least |any )?(?P<least>\d{1,3})( ?(of|out of|oo|/)( ?(?P<of>\d{1,3}))?)?")
"""A gate of k out of n: "2 of", "2 of 3", "2oo3", "at least 2"."""


WORDS = {"any of": "or", "any": "or", "all of": "and", "all": "and"}
"""How an outline says a gate's kind."""


class OwnTree(Table):
    """A tree as a dictionary from a gate's name to its kind and inputs, and a minimal cut set of it."""

    def check(self, answer: object, numbers: SimpleNamespace) -> Outcome:
        if is_placeholder(answer) or _unfinished(answer):
            return Outcome(NOT_STARTED, "Put your own events in place of the dots, then run this again.")
        try:
            tree, enough = _read(answer)
        except BadInput as problem:
            return Outcome(TRY_AGAIN, str(problem))
        for name, found in _findings(tree, enough):
            if found:
                hint = next(one.hint for one in self.misconceptions if one.name == name)
                return Outcome(TRY_AGAIN, f"{found} {hint}", name)
        return Outcome(CORRECT, _praise(tree), earned=1.0)

    def outlined(self, text: str) -> dict[str, list[str]]:
        """The tree that an outline writes down: a line an event, what it takes indented below it.

        Raises
        ------
        BadInput
            If a line can't be read, with its number.
        """
        return _outlined(text)

    def picture(self, answer: object) -> Picture | None:
        """The tree as a drawing, with the cut set thick; None where it can't be drawn."""
        if is_placeholder(answer) or _unfinished(answer):
            return None
        try:
            tree, enough = _read(answer)
            return fault_tree_picture(tree, highlight=enough)
        except BadInput:
            return None


def _outlined(text):
    """From a gate to its kind and inputs, the top event first, of an outline."""
    gates: dict[str, list[str]] = {}
    above: list[tuple[int, str]] = []
    for number, line in enumerate(text.expandtabs(4).splitlines(), 1):
        said = line.strip().lstrip("-*• ")
        if not said:
            continue
        indent = len(line) - len(line.lstrip())
        while above and above[-1][0] >= indent:
            above.pop()
        name, colon, word = said.rpartition(":")
        name, word = (" ".join(name.split()), word.strip().casefold()) if colon else (said, "")
        if gates and not above:
            raise BadInput(f"Line {number}, {shown(name, 40)}, is level with the top event: indent it.")
        if above and not above[-1][1]:
            raise BadInput(
                f"Line {number} is indented under a line that doesn't end in any of, all of or 2 of."
            )
        if above:
            gates[above[-1][1]].append(name)
        if not colon:
            above.append((indent, ""))
            continue
        kind = WORDS.get(word, word)
        if kind not in ("and", "or") and not NEEDED.fullmatch(kind):
            raise BadInput(f"Line {number}: after the colon comes any of, all of, or a count such as 2 of.")
        if gates.get(name):
            raise BadInput(f"Line {number}: {shown(name, 40)} has its causes above already; list them once.")
        gates[name] = [kind]
        above.append((indent, name))
    return gates


def _unfinished(value):
    if isinstance(value, dict):
        return any(_unfinished(one) for one in (*value, *value.values()))
    if isinstance(value, list | tuple):
        return any(_unfinished(one) for one in value)
    return value is ... or (isinstance(value, str) and value.strip() in ("...", "…"))


def _read(answer):
    """The FaultTree and the set that is said to be enough; BadInput says what can't be read."""
    if not isinstance(answer, dict) or set(answer) != {"tree", "enough"}:
        raise BadInput('The answer is a dictionary with "tree" and "enough".')
    written, enough = answer["tree"], answer["enough"]
    if not isinstance(written, dict) or not written:
        raise BadInput('"tree" is a dictionary from a gate to its kind and inputs, the top event first.')
    gates = {_name(name): _gate(name, one) for name, one in written.items()}
    events = {one for gate in gates.values() for one in gate.inputs if one not in gates}
    if len(events) > MOST_EVENTS:
        raise BadInput(f"The tree has {len(events)} events; {MOST_EVENTS} are enough here.")
    tree = FaultTree(next(iter(gates)), gates, dict.fromkeys(sorted(events), 0.1))
    loose = [name for name in tree.roots() if name != tree.top]
    if loose:
        raise BadInput(f"{loose[0]!r} is under no other gate: name it among some gate's inputs.")
    if not isinstance(enough, list | tuple | set) or not enough:
        raise BadInput('"enough" is a list of events which together are enough for the top event.')
    enough = {_name(one) for one in enough}
    for one in sorted(enough):
        if one not in events:
            raise BadInput(f'"enough" names {shown(one, 60)}, which is not a basic event of the tree.')
    return tree, enough


def _name(name):
    if not isinstance(name, str) or not name.strip():
        raise BadInput(f"A name is a text in quotes, not {shown(name, 40)}.")
    return " ".join(name.split())


def _gate(name, written):
    if not isinstance(written, list | tuple) or len(written) < 3:
        raise BadInput(f'{shown(name, 60)} needs a kind and at least two inputs: ["or", "one", "another"].')
    kind, *named = written
    inputs = tuple(_name(one) for one in named)
    if len(set(inputs)) < len(inputs):
        raise BadInput(f"{shown(name, 60)} names one of its inputs twice; once is enough.")
    said = " ".join(str(kind).split()).casefold()
    if said in ("and", "or"):
        return AND(*inputs) if said == "and" else OR(*inputs)
    needed = NEEDED.fullmatch(said)
    if not needed:
        raise BadInput(f'{shown(name, 60)} begins with "and", "or" or such as "2 of", not {shown(kind, 40)}.')
    least, of = int(needed["least"]), needed["of"]
    if of and int(of) != len(inputs):
        raise BadInput(f"{shown(name, 60)} says {shown(kind, 40)} and has {len(inputs)} inputs.")
    # One of several is an OR gate, and all of them an AND gate.
    if least in (1, len(inputs)):
        return OR(*inputs) if least == 1 else AND(*inputs)
    return AT_LEAST(least, *inputs)


def _findings(tree, enough):
    """For each misconception, in the order of the check: what was found, or ""."""
    kinds = {gate.kind for gate in tree.gates.values()}
    yield "a list and no tree", "" if len(tree.gates) > 1 else "Your top event has no gate under it."
    people = [name for name in tree.events if PEOPLE.search(SOFTWARE.sub("it", name))]
    yield "stops at a person", f"Your tree ends in {people[0]!r}." if people else ""
    few = len(tree.events) < FEWEST_EVENTS
    yield "too few events", f"Your tree has {len(tree.events)} events." if few else ""
    yield "nothing has to come together", "" if kinds & {"and", "atleast"} else "Your tree has OR gates only."
    every = "Your tree has AND gates only." if kinds == {"and"} else "Your tree has no OR gate."
    yield "everything has to come together", "" if "or" in kinds else every
    solved = solve(tree)

    def happens(events):
        return solved.probability({name: float(name in events) for name in tree.events})[0] == 1.0

    listed = ", ".join(sorted(enough))
    yield "not enough", "" if happens(enough) else f"With just {listed} the top event does not happen."
    spare = [one for one in sorted(enough) if happens(enough - {one})]
    yield "a cut set that is not minimal", f"Without {spare[0]!r} the rest is still enough." if spare else ""


def _praise(tree):
    try:
        orders = minimal_cut_sets(solve(tree)).by_order()
    except (AnalysisTooLarge, TooManySets):
        return f"Your tree has {len(tree.events)} events, and more minimal cut sets than can be counted here."
    count = sum(orders.values())
    single = orders.get(1, 0)
    sets = f"{count} minimal cut sets" if count > 1 else "one minimal cut set"
    if count == 1:
        alone = "a single event" if single else "of several events"
    elif single:
        alone = f"{single} of them {'a single event' if single == 1 else 'single events'}"
    else:
        alone = "none of which is a single event"
    told = f"Your tree has {len(tree.events)} events and {sets}{',' if count > 1 or single else ''} {alone}."
    if not single:
        return f"{told} At work: find the event that is in most of them, and ask what protects it."
    return f"{told} A single event stops you alone: at work, ask what is in front of it today."


def _example():
    return {
        "tree": {
            "customers can't pay": [
                "or",
                "payment provider is down",
                "no payment server answers",
                "key expired",
            ],
            "no payment server answers": ["and", "server 1 is off", "server 2 is off"],
            "server 1 is off": ["or", "server 1 fails", "bad release on both servers"],
            "server 2 is off": ["or", "server 2 fails", "bad release on both servers"],
        },
        "enough": ["server 1 fails", "server 2 fails"],
    }


def _with(**changes):
    example = _example()
    tree = example["tree"] | changes.get("tree", {})
    return {"tree": tree, "enough": changes.get("enough", example["enough"])}


own_tree = OwnTree(
    name="own_tree",
    title="A fault tree of your own service",
    question=(
        "Write the fault tree of something that your company can't afford to lose: the top event first, and "
        "indented below it what it takes. After an event that has causes below it put a colon and any of, all of, or "
        "a count such as 2 of. Use at least two levels, five events, and both any of and all of. Give the same name to "
        'what is the same thing. Then name one minimal cut set. In code, the words are "or", "and" and '
        '"2 of", and a gate comes before its inputs.'
    ),
    points=3,
    reference=lambda n: _example(),
    hints=(
        "Begin with an outage that you remember. What was needed for it, and joined by which word?",
        "Ask of every AND gate which single thing would make all of its inputs happen, and add it under each.",
        "For a minimal cut set, follow one way up: under OR choose one input, under AND take all.",
    ),
    solution="For example: {answer}.",
    misconceptions=(
        Misconception(
            "a list and no tree",
            lambda n: {
                "tree": {"customers can't pay": ["or", "provider", "server", "key", "disk", "cable"]},
                "enough": ["provider"],
            },
            "A list of causes is a start: take the most important of them and ask what it takes.",
        ),
        Misconception(
            "stops at a person",
            lambda n: _with(
                tree={"server 1 is off": ["or", "server 1 fails", "operator error"]},
                enough=["payment provider is down"],
            ),
            "Go one level down: what made that possible and likely, and what would have stopped it?",
        ),
        Misconception(
            "too few events",
            lambda n: {
                "tree": {"can't pay": ["or", "provider", "no server"], "no server": ["and", "one", "two"]},
                "enough": ["provider"],
            },
            "Go on until you have five or more that you could act on.",
        ),
        Misconception(
            "nothing has to come together",
            lambda n: _with(tree={"no payment server answers": ["or", "server 1 is off", "server 2 is off"]}),
            'Is there really no copy, no fallback, no alarm? Whatever else has to fail goes under "and".',
        ),
        Misconception(
            "everything has to come together",
            lambda n: {
                "tree": {
                    "can't pay": ["and", "no provider", "no server"],
                    "no provider": ["and", "provider 1", "provider 2"],
                    "no server": ["and", "server 1", "server 2", "server 3"],
                },
                "enough": ["provider 1", "provider 2", "server 1", "server 2", "server 3"],
            },
            "Is nothing enough on its own somewhere: a key, a network, a release?",
        ),
        Misconception(
            "not enough",
            lambda n: _with(enough=["server 1 fails"]),
            "A cut set is enough by itself. Under an AND gate it needs all inputs.",
        ),
        Misconception(
            "a cut set that is not minimal",
            lambda n: _with(enough=["server 1 fails", "bad release on both servers"]),
            "A minimal cut set has nothing to spare: take that one out.",
        ),
    ),
)
