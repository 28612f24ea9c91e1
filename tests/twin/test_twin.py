"""What is said in Python and in JavaScript is the same: one table, and 10,000 inputs from either side.

Neither is changed without the other.
"""

import json
import random
import subprocess
from hashlib import sha256
from pathlib import Path

import pytest
import yaml
from node import node

from faultlab.classroom.answers import scoring, typed
from faultlab.classroom.learner import count_room, progress, read_codes, resume_code
from faultlab.classroom.learner.catalogue import PARTS, Catalogue
from faultlab.classroom.learner.seeds import team_code
from faultlab.errors import BadInput
from faultlab.letters import LETTERS, check_letters

HERE = Path(__file__).parent
TABLE = yaml.safe_load((HERE / "vectors.yaml").read_text(encoding="utf-8"))
LESSONS = [f"{number:02d}" for number in range(12)]
COURSE = Catalogue()
MANY = 10_000
ODDITIES = "0123456789.,' _’-+−~≈=()/%€²½٣eEkmbn\u00a0\u202f\u200bßſİµ\"\\\n\t"


@pytest.fixture(scope="module")
def twin():
    """Ask the twin: `twin(call, *args)` returns what it returns, or a `BadInput` that says what it says."""
    command = [node(), str(HERE / "answers.mjs")]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    )

    def ask(call, *args):
        process.stdin.write(json.dumps({"call": call, "args": args}) + "\n")
        process.stdin.flush()
        answer = json.loads(process.stdout.readline())
        return BadInput(answer["says"]) if "says" in answer else answer.get("is")

    ask("catalogue", COURSE.for_browser(LESSONS))
    yield ask
    process.stdin.close()
    process.wait(timeout=10)
    process.stdout.close()


CALLS = {
    "number": lambda text, asked: repr(typed.number(text, **asked)),
    "words": lambda text, letters: sorted(typed.words(text, letters)),
    "letter": typed.letter,
    "name": typed.name_key,
    "placeholder": typed.is_placeholder,
    "fixed": lambda value, decimals: f"{value:.{decimals}f}",
    "general": lambda value, digits: f"{value:.{digits}g}",
    "plainly": typed.plainly,
    "quoted": repr,
    "told": scoring.told,
    "score": lambda *args: repr(scoring.score(*args)),
    "written": scoring.written,
    "team": team_code,
    "write": lambda data: resume_code.write(data, COURSE),
    "read": lambda code: list(resume_code.read(code, COURSE)),
}


def said(call, *args):
    """What Python makes of it, in the form in which the twin answers."""
    try:
        return CALLS[call](*args)
    except BadInput as problem:
        return problem


def differ(call, mine, theirs):
    """Whether the two are not the same; numbers go as text, and are compared as numbers."""
    if isinstance(mine, BadInput) or isinstance(theirs, BadInput):
        return not (isinstance(mine, BadInput) and isinstance(theirs, BadInput) and str(mine) == str(theirs))
    if call in ("number", "score"):
        return (float(mine), str(float(mine))[0]) != (float(theirs), str(float(theirs))[0])
    return mine != theirs


def hold(twin, asked):
    """Ask both, and show where they differ."""
    wrong = []
    for call, *args in asked:
        mine, theirs = said(call, *args), twin(call, *args)
        if differ(call, mine, theirs):
            wrong.append((call, args, str(mine), str(theirs)))
    assert wrong[:5] == [], f"{len(wrong)} of {len(asked)} differ"


def test_the_table_holds_in_both_languages(twin):
    for asked, text, value in TABLE["read"]:
        assert float(twin("number", text, asked)) == value, text
    for asked, text, both in TABLE["asked_back"]:
        assert f"means {both}" in str(twin("number", text, asked))
    for asked, text in TABLE["refused"]:
        assert isinstance(twin("number", text, asked), BadInput), text
    for call in ("fixed", "general", "plainly", "quoted", "told"):
        for *args, printed in TABLE[call]:
            assert said(call, *args) == twin(call, *args) == printed
    for text, letters, found in TABLE["words"]:
        assert said("words", text, list(letters)) == twin("words", text, list(letters)) == found
    options = {"A": "Pay.", "B": "Wait."}
    for text, found in TABLE["letters"]:
        for answer in (said("letter", text, options), twin("letter", text, options)):
            assert answer == found or (found is None and isinstance(answer, BadInput))
    hold(
        twin,
        [
            ("number", text, asked)
            for part in ("read", "asked_back", "refused")
            for asked, text, *_ in TABLE[part]
        ],
    )


def test_a_digest_is_that_of_the_standard(twin):
    for text in ("", "abc", "é" * 63, "x" * 64, "y" * 1000):
        assert twin("digest", text) == sha256(text.encode()).hexdigest()


class Luck(random.Random):
    """Draws of what people may type."""

    def digits(self):
        value = 10 ** self.uniform(-3, 9)
        grouped = f"{value:,.{self.randint(0, 4)}f}"
        swapped = grouped.translate(str.maketrans(",.", ".,"))
        forms = [
            grouped,
            swapped,
            grouped.replace(",", self.choice(" '’_\u202f")),
            f"{value:.{self.randint(1, 9)}g}",
        ]
        forms += [str(self.randint(0, 2000)), "".join(self.choices(ODDITIES, k=self.randint(1, 12)))]
        return self.choice(forms)

    def text(self, asked):
        before = ["", "", "", "about ", "~ ", "EUR ", "€", "-", "−", "ca. ", '"', "approximately ", "in "]
        behind = [
            "",
            "",
            "",
            " %",
            "k",
            "m",
            " mio",
            " k€",
            " EUR p.a.",
            " euros a year",
            " minutes",
            " min/yr",
        ]
        behind += [
            " per month",
            "in a week",
            " calls/s",
            " Stunden",
            "½",
            ".",
            "s",
            "\u00a0%",
            " é a year",
            " m.",
        ]
        fits = ["", f" {asked.get('unit', '')}", asked.get("unit", ""), "k", " million", " a year", "."]
        if self.random() < 0.7:
            return self.choice(before[:4]) + self.digits() + self.choice(fits)
        return self.choice(before) + self.digits() + self.choice(behind)

    def number(self):
        asked = self.asked()
        return ("number", self.text(asked), asked)

    def asked(self):
        unit = self.choice(
            [
                "",
                "%",
                "EUR",
                "EUR a year",
                "minutes",
                "hours",
                "calls",
                "calls a second",
                "servers",
                "% of users",
            ]
        )
        asked = {"unit": unit} if unit else {}
        if self.random() < 0.4:
            asked |= self.choice(
                [{"low": 0, "high": 100}, {"low": 0, "high": 5e6}, {"low": 1000, "high": 1e7}]
            )
        if self.random() < 0.2:
            asked["whole"] = True
        if self.random() < 0.3:
            asked["question"] = self.choice(["How many a year?", "In the Month?", "Each day", ""])
        return asked

    def value(self):
        exact = self.randint(0, 10**5) / self.choice([2, 4, 8, 16, 1000])
        return self.choice(
            [exact, float(f"{10 ** self.uniform(-9, 12):.{self.randint(1, 9)}g}"), -self.random(), 0.0]
        )

    def bet(self):
        share = self.choice([round(self.random(), 3), 0.0, 1.0, 0.9995, 0.125])
        return self.choice(
            [
                ("number", self.value(), self.value(), self.choice(["", "EUR", "minutes", "%"])),
                ("probability", share, self.choice([round(self.random(), 2), 0.0, 1.0, 0.5]), ""),
                ("choice", self.choice("ab"), self.choice("ab"), ""),
            ]
        )

    def question(self):
        kind, bet, truth, unit = self.bet()
        letters = "".join(self.choices("abcdefg ,;/&().\n-_", k=self.randint(0, 14)))
        named = (
            self.choice(["", "the ", "a ", "  "])
            + letters
            + self.choice(["", " service", " and web", " Services"])
        )
        return self.choice(
            [
                *(self.number() for _ in range(6)),
                ("fixed", self.value(), self.randint(0, 6)),
                ("general", self.value(), self.randint(1, 8)),
                ("plainly", self.value()),
                ("told", kind, bet, truth, unit),
                ("score", kind, bet, truth),
                ("written", kind, bet, unit),
                ("words", named, list(self.choice(["", "ABCDEFG"]))),
                ("name", named),
                (
                    "letter",
                    self.choice(["", "option ", "("]) + letters,
                    {"A": "A bad day.", "B": "Be fed", "C": "face"},
                ),
                ("quoted", "".join(self.choices(ODDITIES, k=self.randint(0, 9)))),
                ("team", letters),
                ("placeholder", self.choice([letters, " ", "...", "…", ""])),
            ]
        )


def test_what_python_draws_is_answered_alike(twin):
    luck = Luck(20_261_128)
    hold(twin, [luck.question() for _ in range(MANY)])


def test_what_the_twin_draws_is_answered_alike(twin):
    drawn = twin("draw", MANY, 1128)
    assert len(drawn) == MANY
    wrong = []
    for entry in drawn:
        mine = said(entry["call"], *entry["args"])
        theirs = BadInput(entry["says"]) if "says" in entry else entry["is"]
        if differ(entry["call"], mine, theirs):
            wrong.append((entry, str(mine)))
    assert wrong[:5] == [], f"{len(wrong)} of {MANY} differ"


def progresses(count):
    """Progresses of the course as it is, drawn; with a stranger among them now and then."""
    luck, course = random.Random(8), COURSE
    for _ in range(count):
        data = progress.empty() | {"team": luck.choice(["", "red-7", "kestrel", "a-team-of-20-letters"])}
        for number in LESSONS:
            if luck.random() < 0.4:
                continue
            for name in course.tasks(number):
                if luck.random() < 0.6:
                    entry = {"outcome": luck.choice(resume_code.OUTCOMES)}
                    entry |= luck.choice([{}, {"hints": 1}, {"solution": True}, {"attempts": 3}])
                    data["tasks"].setdefault(number, {})[name] = entry
            for name, bet in course.bets(number).items():
                if luck.random() < 0.6:
                    value = luck.choice(bet.options) if bet.options else luck.uniform(bet.low, bet.high)
                    data["bets"].setdefault(number, {})[name] = {"bet": value}
            for name in course.quiz(number):
                if luck.random() < 0.6:
                    data["quiz"].setdefault(number, {})[name] = {"right": luck.random() < 0.5}
        if luck.random() < 0.05:
            part = luck.choice(PARTS)
            data[part].setdefault(luck.choice(["05", "extra"]), {})["no_such"] = {"right": True}
        yield data


def test_resume_codes_go_both_ways(twin):
    """The same letters for the same progress, and the same progress from the letters."""
    last = progress.empty()
    for data in progresses(400):
        assert [list(one) for one in resume_code.strangers(data, COURSE)] == twin("strangers", data)
        mine, theirs = said("write", data), twin("write", data)
        if isinstance(mine, BadInput):
            assert str(theirs) == str(mine)
            continue
        assert mine == theirs
        found = resume_code.read(theirs, COURSE)
        assert list(found) == twin("read", mine.lower())
        merged = json.loads(json.dumps(data))
        progress.merge(merged, last)
        assert merged == twin("merge", data, last)
        last = found[0]


def test_a_room_is_counted_alike(twin):
    luck = random.Random(30)
    codes = []
    for data in progresses(120):
        data["team"] = luck.choice(["", "kestrel", *(f"team-{number}" for number in range(60))])
        for _ in range(2):  # as it was after some lessons, and later
            mine = said("write", data)
            if isinstance(mine, str):
                codes.append(mine)
            for part in PARTS:
                data[part] = {number: data[part][number] for number in list(data[part])[:4]}
    for size in (0, 1, 30, len(codes)):
        lines = luck.sample(codes, size)
        noise = [
            f"Ann 10:31\t{luck.choice(codes).lower()}",
            "good morning",
            " ",
            "red GD1-0000000000",
            "FT3-00000000000",
            "FT9-0123456789",
        ]
        text = luck.choice(["\n", "\r\n"]).join(lines + noise * (size > 1))
        states, problems = read_codes(text, COURSE)
        assert [len(states), problems, count_room(states, COURSE, LESSONS)] == twin("room", text)
    assert len(states) < len(set(codes)), "an earlier code of a team is no learner more"


def test_codes_of_before_and_broken_ones_are_read_alike(twin):
    luck = random.Random(5)
    old = ["FT1-03J78N", "FT1-675750H2969AD4DAK7ZSQQTMYET", "", "FT9-0", "XY", "FT3-", "ft 3"]
    old.append("FT1-V7F40CV47B9VBQ2Z4QFWWFR2T4VAVX2MTXYEV55EDHP5KANAQVCWKJWYPJMJHSBQQTRDR")
    bodies = ["".join(luck.choices(LETTERS, k=luck.randint(1, 60))) for _ in range(300)]
    prefixes = ("FT1-", "FT2-", "FT3-")
    old += [p + b + check_letters(p, b) for b in bodies for p in prefixes]
    old += [code[:-1] + "0" for code in old[-20:]]
    for code in old:
        mine, theirs = said("read", code), twin("read", code)
        assert not differ("read", mine, theirs), (code, str(mine), str(theirs))


def test_progress_is_noted_and_judged_alike(twin):
    data = progress.empty()
    theirs = twin("record", data, "08", "mttr")
    progress.record_check(data, "08", "mttr", "try again")
    progress.record_hint(data, "08", "mttr", 1)
    progress.record_solution(data, "08", "mttr")
    assert data == theirs
    for one in (
        data,
        {},
        [],
        None,
        {**data, "format": 2},
        {**data, "tasks": {"08": []}},
        {**data, "team": 3},
    ):
        assert twin("sound", one) == progress._sound(one)
    for kind, bet, truth, unit in (Luck(3).bet() for _ in range(300)):
        mine, theirs = scoring.leaning(kind, bet, truth, unit), twin("leaning", kind, bet, truth, unit)
        assert mine == theirs or mine == pytest.approx(theirs, abs=1e-12)
