"""The game day as it is played: its stages, its debriefing without blame, and what is kept of it."""

import re
from html import unescape
from pathlib import Path

import pytest

from faultlab.cases.game_day.game_file import read_game
from faultlab.cases.game_day.scoring import NOTHING, by_the_odds
from faultlab.cases.game_day.year import played_year
from faultlab.classroom import Progress
from faultlab.classroom.notebook.lesson import open_lesson
from faultlab.errors import BadInput
from faultlab.metrics.reports.debriefing import blame_found
from faultlab.views.lesson_11.debriefing import for_monday
from faultlab.views.lesson_11.game_day import GameDay
from faultlab.views.lesson_11.years import in_the_best_plans, luck_of_two, what_plans_cost

COURSE = Path(__file__).parents[2] / "course"
GAME = read_game(COURSE / "data" / "game_day.yaml", COURSE / "kestrel.yaml")


def played(level="board", seed=998, buys=("alerts", "staged"), way=0):
    day = GameDay(GAME)
    day.new(level, seed)
    day.begin(buys)
    while not day.year.over:
        if day.year.pending:
            day.decide(way)
        else:
            day.begin()
    return day


def test_the_browser_gets_each_stage_and_nothing_that_is_still_to_come():
    day = GameDay(GAME)
    frame = day.widget.frame
    assert frame["stage"] == "start"
    assert len(frame["seeds"]) == 10
    day._answer(None, {"new": {"level": "board", "seed": 998}}, ())
    frame = day.widget.frame
    assert (frame["stage"], frame["quarter"], frame["left"]) == ("buy", 1, 280_000)
    assert len(frame["measures"]) == 16
    day._answer(None, {"begin": ["alerts"]}, ())
    frame = day.widget.frame
    assert frame["stage"] == "decide"
    later = [event.name for event, *_ in day.year.pending[1:] if event.name != frame["event"]["name"]]
    assert later
    assert not any(name in str(frame) for name in later)
    day._answer(None, {"decide": 0}, ())
    assert day.sentence.startswith(frame["event"]["name"])


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ({"new": {"level": "board", "seed": -1}}, "0 to 99,999"),
        ({"new": {"level": None, "seed": 3}}, "no level"),
        ({"resume": "GD1-XYZ"}, "pasted whole"),
        ({"begin": ["magic"]}, "no measure 'magic'"),
        ({"decide": 7}, "Nothing waits"),
    ],
)
def test_what_cannot_be_done_is_said_in_the_widget(message, said):
    day = GameDay(GAME)
    day.new("board", 3)
    assert day.widget.frame["note"] == ""
    day._answer(None, message, ())
    assert said in day.widget.frame["note"]
    assert day.widget.frame["stage"] == "buy"


def test_odds_are_on_the_table_where_the_level_says_so():
    day = GameDay(GAME)
    for level in GAME.levels.values():
        day.new(level.id, 3)
        assert bool(day._frame()["odds"]) == level.shows_odds


def test_the_debriefing_writes_itself_and_blames_nobody():
    for seed in (one.seed for one in GAME.seeds):
        html = played(seed=seed).widget.frame["html"]
        text = unescape(re.sub(r"<[^>]+>", " ", re.sub(r"<svg.*?</svg>", "", html, flags=re.S)))
        for head in (
            "What happened",
            "What surprised you",
            "Which barrier changes most",
            "monitors saw",
            "Monday",
        ):
            assert head in text
        assert re.search(r"You decided better than (\d+ %|nearly all|hardly any) of all plans, and ", text)
        own = text.partition("What these events are modelled on")[0]
        assert [found.words for found in blame_found(own)] == []


def test_the_questions_for_monday_follow_from_the_year():
    found = {for_monday(played(seed=one.seed).year) for one in GAME.seeds}
    assert len(found) > 4
    assert all(len(set(three)) == 3 and all(line.endswith("?") for line in three) for three in found)


def test_a_lesson_keeps_the_game_and_its_questions(tmp_path):
    saved = Progress(tmp_path)
    lesson = open_lesson("11_game_day", saved, COURSE)
    asked = lesson.monday()
    before = [row["question"] for row in asked.widget.shown["monday"]]
    day = lesson.play(GameDay(GAME))
    day.new("board", 808)
    day.begin(["alerts"])
    assert open_lesson("11_game_day", saved, COURSE).play(GameDay(GAME)).code == day.code
    while not day.year.over:
        if day.year.pending:
            day.decide(0)
        else:
            day.begin()
    after = [row["question"] for row in asked.widget.shown["monday"]]
    assert after == list(for_monday(day.year)) != before
    asked.name(1, "Ann", "2026-12-07")
    kept = open_lesson("11_game_day", saved, COURSE).monday().widget.shown["monday"][0]
    assert kept == {"question": after[0], "name": "Ann", "date": "2026-12-07"}


def test_a_kept_game_of_other_rules_begins_anew(tmp_path):
    saved = Progress(tmp_path)
    saved.change(lambda data: data["monday"].update({"11": {"game": {"code": "GD1-OLD"}}}))
    assert open_lesson("11_game_day", saved, COURSE).play(GameDay(GAME)).code == ""


def test_the_game_says_that_it_has_not_begun():
    with pytest.raises(BadInput, match="Begin a year first"):
        GameDay(GAME).begin()


def year(seed):
    return played_year(GAME, "board", seed, NOTHING, by_the_odds(GAME))


def test_each_year_for_rooms_teaches_what_it_says():
    """The claim of every named year, told by the year itself."""
    years = {one.name: year(one.seed) for one in GAME.seeds}
    events = {name: [one.event for one in found.happened] for name, found in years.items()}
    cards = {name: [(one.event, one.card) for one in found.happened] for name, found in years.items()}
    best = played("board", 808, ("alerts", "on_call", "staged", "restore_drills", "reviews"))
    assert years["A quiet year"].total() < best.year.total()
    assert len(events["Everything at once"]) >= 15
    assert events["One zone after another"].count("zone") >= 3
    assert any(e == "sale" and c.sign and c.size == 2 for e, c in cards["The great rush"])
    assert events["The open door"].count("login") >= 2
    untried = [c for e, c in cards["Never tried"] if e in ("zone", "supplier", "storm")]
    assert sum(card.weak for card in untried) >= 5
    nights = [card.night for _, card in cards["At four in the morning"]]
    assert sum(nights) / len(nights) > 0.7
    air = years["It was in the air"]
    warned = {
        o.event for o in air.happened if any(e == o.event and q < o.quarter for q, e, _ in air.near_misses)
    }
    assert len(warned) > len({o.event for o in air.happened}) / 2
    assert any(e == "deletion" and c.turn < 20 for e, c in cards["The empty copy"])
    assert events["The same again"].count("release") == 4


def test_pictures_say_their_numbers():
    bare, planned = [3_000_000, 1_000_000], [2_000_000, 500_000]
    assert "in 25 % of cases" in luck_of_two(bare, planned).sentence
    assert "Judged by 2 years" in luck_of_two(bare, planned, 2).sentence
    assert "in 0 % of cases" in luck_of_two(bare, planned, 2).sentence
    plans = what_plans_cost(GAME, "board", {"Mine": ("alerts",)})
    costs = [row["Mean cost, EUR"] for row in plans.rows]
    assert costs == sorted(costs, reverse=True)
    shares = dict.fromkeys(GAME.measures, 0.5) | {"alerts": 0.75, "limits": 0.25}
    assert "alerts that fire is in 75 %" in in_the_best_plans(GAME, shares).sentence
