"""What is said in Python and in JavaScript is the same: one table, and 10,000 inputs from either side.

Neither is changed without the other.
"""

import json
import random
import subprocess
from hashlib import sha256
from itertools import product
from pathlib import Path

import pytest
import yaml
from node import node

from faultlab.analysis.fmea import Row, read_fmea
from faultlab.cases.game_day import (
    QUARTERS,
    YearInPlay,
    game_for_browser,
    read_game,
    score,
    write_game_code,
)
from faultlab.classroom.answers import scoring, typed
from faultlab.classroom.learner import (
    Certificate,
    count_room,
    course_record,
    middle_half,
    parts_done,
    progress,
    read_codes,
    read_league,
    resume_code,
)
from faultlab.classroom.learner.before_and_after import (
    FORMS,
    gain_of_room,
    gain_said,
    pairs_for_browser,
    reaches,
)
from faultlab.classroom.learner.catalogue import PARTS, Catalogue
from faultlab.classroom.learner.seeds import team_code
from faultlab.errors import BadInput
from faultlab.letters import LETTERS, check_letters
from faultlab.views.lesson_07 import FreeRatings

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
            for name, asked in course.questions(number).items():
                if luck.random() < 0.6:
                    data["quiz"].setdefault(number, {})[name] = quiz_entry(luck, asked)
        for form in FORMS:
            answered = {
                pair.id: {"chosen": luck.choice(pair.asked(form).options).text}
                for pair in course.pairs
                if luck.random() < 0.8
            }
            data["before_and_after"] |= {form: answered} if luck.random() < 0.6 else {}
        if luck.random() < 0.5:
            body = "".join(luck.choices(LETTERS, k=luck.randint(1, 59)))
            code = luck.choice([*["GD1-" + body + check_letters("GD1-", body)] * 4, "GD1-A", ""])
            game = {"code": code} | luck.choice([{}, *[{"finished": {"code": code, "said": "Well."}}] * 3])
            data["monday"] = {"11": luck.choice([{"game": game}, {"1": {"name": "Ann"}, "game": game}, {}])}
        if luck.random() < 0.03:
            data["before_and_after"]["before"] = {luck.choice(["overload", "none"]): {"chosen": "Nothing"}}
        if luck.random() < 0.05:
            part = luck.choice(PARTS)
            data[part].setdefault(luck.choice(["05", "extra"]), {})["no_such"] = {"right": True}
        yield data


def quiz_entry(luck, asked):
    """An answer as it is kept: the options in words, of before, or with none."""
    if luck.random() < 0.2:
        return {"right": luck.random() < 0.5} | luck.choice([{}, {"chosen": [0]}, {"chosen": []}])
    picked = sorted(luck.sample(range(len(asked.options)), luck.choice([1, 1, 1, 2])))
    return {"right": tuple(picked) == asked.correct, "chosen": [asked.options[n].text for n in picked]}


def test_resume_codes_go_both_ways(twin):
    """The same letters for the same progress, and the same progress from the letters."""
    last, games = progress.empty(), 0
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
        games += "monday" in last
    assert games > 30


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


def test_the_middle_half_of_a_room_is_told_alike(twin):
    for count in range(40):
        placed = sorted(random.Random(count).uniform(0, 1e6) for _ in range(count))
        mine = middle_half(placed)
        assert twin("middle", placed) == (list(mine) if mine else None)


def test_a_league_is_read_alike(twin):
    luck = random.Random(11)
    game = read_game(COURSE.course / "data" / "game_day.yaml", COURSE.course / "kestrel.yaml")
    lines = []
    for name in ("red", "  [10:31] Ann & Bob: ", "", "ein sehr langer Name für ein kleines Team 😀 12:00 "):
        year = YearInPlay(game, luck.choice(list(game.levels)), luck.randrange(1000))
        while not year.over:
            if year.pending:
                year.decide(0)
            else:
                year.begin(luck.choice([[], ["alerts"]]) if year.quarter == 0 else [])
                lines.append(f"{name}{write_game_code(year)}" if year.quarter < QUARTERS else "")
        lines.append(f"{name} {write_game_code(year, score(year, other_years=20))}")
    lines += [lines[-1].lower(), lines[-1][:-1], "GD1-0000000000", "good morning"]
    text = "\n".join(lines)
    league, problems = read_league(text, game)
    assert len(league) == 4
    assert len({one["level"] for one in league}) > 1, "a level each, and not by cost alone"
    assert len(problems) > 8
    assert twin("league", text, game_for_browser(game)) == {"league": league, "problems": problems}


def test_codes_of_before_and_broken_ones_are_read_alike(twin):
    luck = random.Random(5)
    old = ["FT1-03J78N", "FT1-675750H2969AD4DAK7ZSQQTMYET", "", "FT9-0", "XY", "FT3-", "ft 3"]
    old.append("FT1-V7F40CV47B9VBQ2Z4QFWWFR2T4VAVX2MTXYEV55EDHP5KANAQVCWKJWYPJMJHSBQQTRDR")
    bodies = ["".join(luck.choices(LETTERS, k=luck.randint(1, 60))) for _ in range(300)]
    prefixes = ("FT1-", "FT2-", "FT3-", "FT4-")
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


@pytest.mark.parametrize(
    "name", ["Ada Lovelace", "Zoë O’Hara", "张伟 & Söhne <b>", "Zoe\u0308 Ⅷ ²½ Αθηνά", "नेहा"]
)
def test_a_certificate_says_the_same_words_and_has_the_same_code(twin, name):
    rng = random.Random(name)
    data = progress.empty()
    for number in LESSONS:
        kinds = [{"outcome": "correct"}, {"outcome": "correct", "solution": True}, {"outcome": "try again"}]
        data["tasks"][number] = {
            task: rng.choice(kinds) for task in COURSE.tasks(number) if rng.random() < 0.5
        }
        data["quiz"][number] = {
            id: {"right": rng.random() < 0.5} for id in COURSE.quiz(number) if rng.random() < 0.5
        }
        known = {
            id: {"bet": bet.high if not bet.options else bet.options[0]}
            for id, bet in COURSE.bets(number).items()
        }
        data["bets"][number] = {id: entry for id, entry in known.items() if rng.random() < 0.3}
        signed = {"choice": COURSE.decision(number).options[0].text, "name": name, "date": "2026-05-01"}
        data["decisions"] |= {number: signed} if rng.random() < 0.5 else {}
    played = {"game": {"code": "GD1-A", "finished": {"code": "GD1-A", "said": "It went well."}}}
    data["monday"] |= {"11": played} if rng.random() < 0.5 else {}
    data["before_and_after"] = next(progresses(1))["before_and_after"] if rng.random() < 0.7 else {}
    record = course_record(data, COURSE)
    mine = Certificate(name, "1 May 2026", parts_done(record))
    theirs = twin("certificate", name, "1 May 2026", record)
    assert theirs["parts"] == [list(part) for part in mine.parts]
    assert theirs["code"] == mine.code
    assert all(theirs[key] in mine.page("") for key in ("course", "says", "means", "sealed", "date"))


def test_every_combination_stands_alike_on_a_worksheet_of_one_row(twin):
    mine = FreeRatings([Row("cache", "lost", severity=5, occurrence=5, detection=5)], 200)
    for ratings in product(range(1, 11), repeat=3):
        mine.moved = {0: ratings}
        assert twin("standing", mine.data, mine.data["moved"]) == mine.standing


def test_a_worksheet_s_rows_stand_alike_whatever_is_moved(twin):
    rows, luck, told = read_fmea(COURSE.course / "data" / "kestrel_fmea.csv"), random.Random(7), set()
    for turn in range(400):
        mine = FreeRatings(rows, luck.choice([100, 200, 500]))
        places = luck.sample(range(len(rows)), luck.randint(1, len(rows)) if turn else 0)
        mine.moved = {place: tuple(luck.randint(1, 10) for _ in range(3)) for place in places}
        assert twin("standing", mine.data, mine.data["moved"]) == mine.standing
        told |= {
            words for words in ("as before", "instead of", "or more") if words in mine.standing["sentence"]
        }
    assert len(told) == 3


def test_what_somebody_gained_is_said_alike(twin):
    pairs, told = pairs_for_browser(COURSE.pairs), set()
    for data in progresses(300):
        mine = gain_said(data["before_and_after"], COURSE.pairs)
        assert twin("gained", data["before_and_after"], pairs) == mine
        told |= {mine and words for words in ("a gain of", "the same", "fewer", "left out") if words in mine}
    assert len(told) == 4


def test_what_a_room_gained_is_counted_alike(twin):
    pairs = pairs_for_browser(COURSE.pairs)
    rooms = [[data["before_and_after"] for data in progresses(count)] for count in (0, 3, 8, 60)]
    best = {
        form: {one["id"]: {"chosen": one[form]["options"][one[form]["right"]]} for one in pairs}
        for form in FORMS
    }
    for room in (*rooms, [best] * 6, rooms[2] + [best] * 200):
        mine, theirs = gain_of_room(room, COURSE.pairs), twin("gain", room, pairs, reaches())
        assert (mine is None) == (theirs is None)
        for key in mine or {}:
            expected = pytest.approx(mine[key]) if isinstance(mine[key], float) else mine[key]
            assert theirs[key] == expected, key
