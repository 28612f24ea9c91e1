"""The game day as it is played: its stages, its debriefing without blame, and what is kept of it."""

import re
import sys
from dataclasses import replace
from html import unescape
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from faultlab.cases.game_day.cards import cards
from faultlab.cases.game_day.game_file import read_game
from faultlab.cases.game_day.odds import best_otherwise, best_plan, event_sizes
from faultlab.cases.game_day.outcomes import outcome, sighting
from faultlab.cases.game_day.scoring import NOTHING, by_the_odds, decisions, score
from faultlab.cases.game_day.year import YearInPlay, outcome_of, played_year
from faultlab.classroom import Progress
from faultlab.classroom.learner import Catalogue, course_record
from faultlab.classroom.notebook.lesson import open_lesson
from faultlab.classroom.notebook.place import keep_place
from faultlab.errors import BadInput
from faultlab.metrics.reports.debriefing import blame_found
from faultlab.views.kit.words import euros
from faultlab.views.lesson_11.debriefing import for_monday, in_a_line
from faultlab.views.lesson_11.game_day import GameDay
from faultlab.views.lesson_11.happenings import (
    SAME,
    VERDICTS,
    all_that_may_come,
    calendar,
    decided,
    how_seen,
    timeline,
    verdict,
    what_may_come,
    who_noticed,
)
from faultlab.views.lesson_11.years import (
    in_the_best_plans,
    luck_of_two,
    other_years,
    own_luck,
    what_plans_cost,
    why_the_best_plan,
)

COURSE = Path(__file__).parents[3] / "course"
GAME = read_game(COURSE / "data" / "game_day.yaml", COURSE / "kestrel.yaml")


def played(level="board", seed=998, buys=("alerts", "staged"), way=0):
    day = GameDay(GAME)
    day.new(level, seed)
    day.begin(buys)
    return play_through(day, way)


def play_through(day, way=0):
    while not day.year.over:
        if day.year.pending:
            day.decide(way)
        else:
            day.begin()
    day.go_on()
    return day


def words_of(html):
    """What stands in it, without its pictures."""
    found = unescape(re.sub(r"<[^>]+>", " ", re.sub(r"<svg.*?</svg>", "", html, flags=re.S)))
    return found.replace("\N{NO-BREAK SPACE}", " ")


def test_the_browser_gets_each_stage_and_nothing_that_is_still_to_come():
    day = GameDay(GAME)
    frame = day.widget.frame
    assert frame["stage"] == "start"
    assert [one["name"] for one in frame["seeds"]] == [f"Year {place}" for place in range(1, 11)]
    assert [one["seed"] for one in frame["seeds"]] == [one.seed for one in GAME.seeds]
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
    asked = frame["event"]
    day._answer(None, {"decide": 0}, ())
    assert day.sentence.startswith(asked["name"])
    came = day.widget.frame
    assert (came["stage"], came["came"]["name"]) == ("came", asked["name"])
    assert came["came"]["decided"] == f"You decided: {asked['ways'][0]['text']}."
    assert came["came"]["of"] == asked["of"] == "Quarter 1: event 1 of 3"
    day._answer(None, {"next": True}, ())
    assert day.widget.frame["stage"] == "decide"
    assert day.widget.frame["event"]["of"] == "Quarter 1: event 2 of 3"


def test_before_the_debriefing_too_what_came_is_shown():
    day = GameDay(GAME)
    day.new("board", 998)
    for _ in range(4):
        day.begin()
        while day.year.pending:
            day.decide(0)
    assert (day.widget.frame["stage"], day.widget.frame["came"]["next"]) == ("came", "To the debriefing")
    day._answer(None, {"next": True}, ())
    assert day.widget.frame["stage"] == "over"


def test_a_measure_is_stopped_in_the_widget():
    day = GameDay(GAME)
    day.new("board", 998)
    day._answer(None, {"begin": ["alerts", "staged"], "stop": []}, ())
    while day.year.pending:
        day.decide(0)
    day.go_on()
    frame, left = day.widget.frame, day.year.left
    assert "nothing is added to it" in frame["rule"]
    price = next(one["price"] for one in frame["measures"] if one["id"] == "alerts")
    day._answer(None, {"begin": [], "stop": ["alerts"]}, ())
    assert (day.year.held, day.year.left) == ({"staged"}, left + price)


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
        assert ("Times a year" in day._frame()["odds"]) == level.shows_odds


def test_the_size_of_events_is_known_before_anything_is_bought():
    """Each as the engine has it with nothing bought, the dearest in a year first."""
    year = YearInPlay(GAME, "board", 3)
    rows, sizes = what_may_come(year), event_sizes(GAME, "board")
    assert [row["Event"] for row in rows] == [GAME.events[one.event].name for one in sizes]
    assert len(rows) == len(GAME.events)
    for row, one in zip(rows, sizes, strict=True):
        assert row["Times a year"] == f"{4 * GAME.events[one.event].chance:.1f}"
        assert row["One costs, EUR"] == pytest.approx(one.cost, abs=5000)
    year.begin(["doors"])
    guarded = {row["Event"]: row["One costs, EUR"] for row in what_may_come(year)}
    bare = {row["Event"]: row["One costs, EUR"] for row in rows}
    assert {name for name in bare if guarded[name] != bare[name]} == {
        "A stolen password",
        "A known flaw",
    }


def test_the_debriefing_writes_itself_and_blames_nobody():
    for seed in (one.seed for one in GAME.seeds):
        html = played(seed=seed).widget.frame["html"]
        text = words_of(html)
        for head in (
            "What happened",
            "What surprised you",
            "What each decision cost",
            "Why the best plan buys what it buys",
            "Which barrier changes most",
            "monitors saw",
            "Monday",
        ):
            assert head in text
        assert re.search(
            r"(You decided better than (\d+ % of|nearly all) plans drawn at random|Nearly all plans drawn at "
            r"random do better than yours), and (you were|luck did)",
            text,
        )
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
    play_through(day)
    after = [row["question"] for row in asked.widget.shown["monday"]]
    assert after == list(for_monday(day.year)) != before
    asked.name(1, "Ann", "2026-12-07")
    kept = open_lesson("11_game_day", saved, COURSE).monday().widget.shown["monday"][0]
    assert kept == {"question": after[0], "name": "Ann", "date": "2026-12-07"}


def test_a_kept_game_of_other_rules_begins_anew(tmp_path):
    saved = Progress(tmp_path)
    saved.change(lambda data: data["monday"].update({"11": {"game": {"code": "GD1-OLD"}}}))
    assert open_lesson("11_game_day", saved, COURSE).play(GameDay(GAME)).code == ""


def test_my_page_knows_the_last_year_that_was_finished(tmp_path):
    saved = Progress(tmp_path)
    day = open_lesson("11_game_day", saved, COURSE).play(GameDay(GAME))

    def known():
        lessons = course_record(saved.read(), Catalogue(COURSE))["lessons"]
        return next(one for one in lessons if one["number"] == "11")

    day.new("board", seed=808)
    assert (known()["game"], known()["state"]) == (None, "")
    play_through(day)
    finished = known()["game"]
    assert finished["code"] == day.code
    cost = euros(day.score.total)
    assert finished["said"] == f"Board, year 1: it cost {cost}. {other_years(day.score).sentence}"
    assert known()["state"] == "begun"
    day.new("board", seed=7)
    assert known()["game"] == finished, "until another one is finished"
    saved.change(lambda data: data["monday"]["11"].update(game={"code": finished["code"]}))
    open_lesson("11_game_day", saved, COURSE).play(GameDay(GAME))
    assert known()["game"] == finished, "a year that was played before My page knew it"


def test_a_finished_game_that_came_by_a_resume_code_is_told_once_the_lesson_opens(tmp_path):
    """And a year that is being played here goes on all the same."""
    here, there, third = (Progress(tmp_path / name) for name in ("here", "there", "third"))
    day = open_lesson("11_game_day", here, COURSE).play(GameDay(GAME))
    day.new("storm", seed=270)
    play_through(day)
    line = keep_place(here).code
    playing = open_lesson("11_game_day", there, COURSE).play(GameDay(GAME))
    playing.new("board", seed=7)
    for saved in (there, third):
        keep_place(saved).restore(line)
        finished = saved.read()["monday"]["11"]["game"]["finished"]
        assert finished == {"code": day.code, "said": ""}
        again = open_lesson("11_game_day", saved, COURSE).play(GameDay(GAME))
        assert again.code == (playing.code if saved is there else day.code)
        game = next(
            one["game"]
            for one in course_record(saved.read(), Catalogue(COURSE))["lessons"]
            if one["number"] == "11"
        )
        assert game == here.read()["monday"]["11"]["game"]["finished"]
        assert game["said"].startswith("Storm, year 3: it cost ")


def test_a_year_tells_its_name_and_what_it_teaches_once_it_is_over():
    """While it is played, neither the browser nor a sentence has a word of it."""
    for one in GAME.seeds:
        day = GameDay(GAME)
        shown = [day.widget.frame]
        day.new("board", one.seed)
        assert day.sentence.startswith(f"{GAME.called(one.seed).capitalize()} at the level Board begins")
        while not day.year.over:
            day.decide(0) if day.year.pending else day.begin()
            shown.append(day.widget.frame)
        playing = str([frame for frame in shown if frame["stage"] != "over"])
        assert not any(word in playing for word in (one.name, one.teaches))
        day.go_on()
        assert f"“{one.name}”. {one.teaches}" in words_of(day.widget.frame["html"])
        day._answer(None, {"leave": True}, ())
        assert one.name not in str(day.widget.frame)
    calm = played("calm", 808)
    assert "Year 1 is “A quiet year”. At the level Board: Who bought" in words_of(calm.widget.frame["html"])
    other = played("board", 3)
    assert "made to teach" not in words_of(other.widget.frame["html"])
    assert "year number 3" in in_a_line(other.year, other.score)


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


def test_each_decision_stands_beside_its_other_ways_in_the_same_draw():
    year = played(seed=998).year
    sentence, rows = decided(year)
    found = decisions(year)
    assert len(rows) == len(found) == len(year.happened)
    for row, one, came in zip(rows, found, year.happened, strict=True):
        ways = GAME.events[came.event].ways
        for place, (text, _) in enumerate(ways):
            again = outcome_of(GAME, came.event, came.card, came.held, place)
            cell = row["Decided" if place == came.way else "Otherwise, in the same draw"]
            money, mean = (
                euros(amount).replace(" ", "\N{NO-BREAK SPACE}")
                for amount in (again.cost(GAME), one.ways[place].mean)
            )
            assert f"{text}: {money}, {again.minutes:,}\N{NO-BREAK SPACE}min" in cell
            assert mean in row["By the odds"]
        assert row["So"] == verdict(one)
    right = sum(one.right for one in found)
    assert sentence.startswith(f"{right} of {len(found)} decisions had the lowest mean cost")


def test_a_right_decision_with_bad_luck_shows_as_such():
    told, policy = set(), by_the_odds(GAME)
    for seed in range(30):
        for plan, decide in ((NOTHING, policy), (NOTHING, lambda event, card, held: 0)):
            for one in decisions(played_year(GAME, "board", seed, plan, decide)):
                assert one.right or decide is not policy
                means = [way.mean for way in one.ways]
                assert one.right == (one.chosen.mean == min(means))
                worse = one.chosen.cost - min(w.cost for w in one.ways if w is not one.chosen)
                if abs(worse) > SAME * one.chosen.cost:
                    assert ("lucky" in verdict(one)) == (one.right == (worse > 0))
                told.add(verdict(one))
    assert told == set(VERDICTS.values())


def test_the_odds_of_a_decision_are_the_mean_over_its_cards():
    one = decisions(played(seed=998).year)[0]
    came, dealt = one.happened, cards(list(GAME.events).index(one.happened.event), GAME.assumed["weak_share"])
    alike = [card for card in dealt if card.sign == came.card.sign]
    for place, way in enumerate(one.ways):
        all_of_them = [outcome_of(GAME, came.event, card, came.held, place) for card in alike]
        assert way.mean == pytest.approx(sum(each.cost(GAME) for each in all_of_them) / len(alike))
        assert way.mean_minutes == pytest.approx(sum(each.minutes for each in all_of_them) / len(alike))


def test_an_alert_says_why_it_took_its_time():
    """A release at a twentieth of the orders: 52 minutes, by the arithmetic of the window."""
    year = played(seed=998).year
    one = next(each for each in year.happened if each.event == "release")
    said = how_seen(GAME, one)
    found = sighting(GAME, one.outcome.seen, alerts=True)
    alert, minutes = min(found.pages, key=lambda pair: pair[1])
    assert (one.outcome.by, one.outcome.noticed) == ("alert", 52)
    assert 60 * alert.long_hours * alert.burn_rate / found.burn == pytest.approx(minutes)
    assert f"fires at {alert.burn_rate:g} times: after 52 minutes at this rate" in said
    assert f"{found.burn:.3g} times what the objective of 99.7 % allows" in said
    assert who_noticed(GAME, one) in said
    assert "times" not in who_noticed(GAME, one)  # the arithmetic waits for the debriefing
    assert said.replace("\N{NO-BREAK SPACE}", " ") in words_of(played(seed=998).widget.frame["html"])
    bare = next(each for each in played(seed=998, buys=()).year.happened if each.event == "release")
    assert "An alert would have after 6 minutes, but none was bought." in who_noticed(GAME, bare)
    gone = next(each for each in year.happened if each.event == "supplier")
    assert "where every order fails" in said
    assert gone.outcome.by == "alert"
    assert "where every order fails" not in how_seen(GAME, gone)  # it was every order
    rush = next(each for each in year.happened if each.event == "sale")
    assert how_seen(GAME, rush).startswith("No monitor looks at this")


def test_the_year_is_a_table_in_order_of_time():
    for seed in range(120):
        year = played_year(GAME, "storm", seed, NOTHING, by_the_odds(GAME))
        when = [tuple(map(int, re.findall(r"\d+", one)))[:3] for one in calendar(year)]
        assert when == sorted(when), seed
        rows = timeline(year)
        assert [row["Minutes"] for row in rows] == [one.outcome.minutes for one in year.happened]
        assert [row["EUR"] for row in rows] == [one.outcome.money for one in year.happened]
    assert list(rows[0]) == ["When", "Event", "Decided", "Minutes", "EUR"]


def test_it_is_said_why_the_best_plan_has_no_alerts():
    said, rows = why_the_best_plan(GAME, "board")
    best, by_name = best_plan(GAME, "board"), {row["Measure"]: row for row in rows}
    assert {GAME.measures[one].name for one in best.measures} == {
        row["Measure"] for row in rows if row["Best plan"] == "in"
    }
    alerts = by_name[GAME.measures["alerts"].name]
    assert alerts["Best plan"] == "out"
    assert alerts["Saves beside it, EUR"] < alerts["Saves alone, EUR"] / 2
    other, cost = best_otherwise(GAME, "board", "alerts")
    assert "alerts" in other
    assert f"it costs {euros(cost - best.cost)} more in the mean" in said
    for word in (
        "On-call and runbooks would save",
        "Alerts that fire would save",
        "Staged releases without an alert",
    ):
        assert word in said
    assert "Alerts that fire would save" not in why_the_best_plan(GAME, "calm")[0]


def test_the_year_has_a_place_among_the_others_and_the_picture_a_scale():
    day = played(seed=998)
    found = day.score
    cheaper = sum(one <= found.total for one in found.other_years)
    said = own_luck(found)
    assert 0 < cheaper < 1000
    assert f"{cheaper:,} cost as little or less, and {1000 - cheaper:,} cost more" in said
    assert "none cost as little or less, and 1,000 cost more" in own_luck(replace(found, unluckier=1.0))
    assert said in words_of(day.widget.frame["html"])
    few = score(day.year, other_years=40)
    svg = other_years(few).svg
    assert "Years of 40" in svg
    numbers = [int(n) for n in re.findall(r"text-anchor='end'[^>]*>(\d+)</text>", svg)]
    assert numbers[:3] == [0, numbers[1], 2 * numbers[1]]


def test_hindsight_stands_apart_behind_a_fold():
    html = played(seed=998).widget.frame["html"]
    before, _, fold = html.partition("<details><summary>With hindsight")
    assert "Which barrier changes most" not in before
    assert "In this year, EUR" not in before
    assert "Mean of all years, EUR" in before
    assert "Which barrier changes most" in fold.partition("</details>")[0]


def test_weighted_minutes_are_explained_where_they_stand():
    day = played(seed=998)
    assert "A minute counts by the share" in words_of(day.widget.frame["html"])
    day.new("board", 3)
    assert "A minute counts by the share" in day.widget.frame["weighted"]


def test_the_answer_says_that_the_year_is_to_be_played_first(tmp_path):
    lesson = open_lesson("11_game_day", Progress(tmp_path), COURSE)
    day = lesson.play(GameDay(GAME))
    reveal = lesson.reveal("worse_with_a_plan", truth=0.2, game=day)
    lesson.bet("worse_with_a_plan").choose(0.1)
    assert reveal.widget.shown.get("early")
    assert reveal.status.startswith("Play your year first")
    day.new("board", 808)
    assert "you are in quarter 1 of 4" in reveal.status
    for _ in range(4):
        day.begin()
        while day.year.pending:
            day.decide(0)
    assert not reveal.widget.shown.get("early")
    assert "Play your year" not in reveal.status
    reveal.uncover()
    assert reveal.widget.shown["truth"] == "20 %"


@pytest.mark.skipif(sys.platform != "linux", reason="memory is counted as Linux does")
def test_a_kernel_that_plays_the_whole_lesson_stays_below_250_mb(tmp_path, monkeypatch):
    monkeypatch.setenv("FAULTLAB_PROGRESS", str(tmp_path))
    lesson = nbformat.read(COURSE / "11_game_day.ipynb", as_version=4)
    play = """
game.new("board", 808)
while not game.year.over:
    game.begin(["alerts", "on_call"] if game.year.quarter == 0 else [])
    while game.year.pending:
        game.decide(0)
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]
print(game.score.total, peak)
"""
    lesson.cells.append(nbformat.v4.new_code_cell(play))
    NotebookClient(lesson, timeout=120, resources={"metadata": {"path": str(COURSE)}}).execute()
    total, kilobytes = map(int, lesson.cells[-1].outputs[0].text.split())
    assert total > 0
    assert kilobytes < 250_000


def test_an_event_says_what_is_yours_and_how_far_a_staged_release_has_come():
    for buys, staged in (((), False), (("staged", "alerts"), True)):
        day = GameDay(GAME)
        day.new("board", 998)
        day.begin(buys)
        asked = day.widget.frame["event"]
        assert asked["name"] == GAME.events["release"].name
        for one in GAME.measures.values():
            assert (one.name.lower() in asked["have"]) == (one.id in buys)
        assert ("a tenth of the customers" in str(asked["known"])) == staged


def test_a_heading_speaks_of_what_is_on_the_screen():
    """After an outcome it says how much is to come, and names no event that is over."""
    day = GameDay(GAME)
    day.new("board", 998)
    day.begin(["alerts"])
    day.decide(0)
    assert day.sentence.startswith("A bad release: it was as if nobody could buy for ")
    day.go_on()
    assert day.sentence == "Quarter 1: 2 events to go."
    while day.year.pending:
        day.decide(0)
    day.go_on()
    assert day.sentence.startswith("Quarter 1 is over.")


def test_a_zone_that_the_spare_one_carries_is_noticed_by_nobody_and_says_why():
    """And where the spare zone was never tried and fails, that is said too."""
    told = set()
    for card in cards(list(GAME.events).index("zone"), GAME.assumed["weak_share"]):
        for held in (frozenset({"spare_zone"}), frozenset({"spare_zone", "experiments"})):
            came = outcome(GAME, "zone", card, held, 0)
            text = " ".join(what for _, what in came.steps)
            works = "The spare zone takes over." in text
            assert works != ("The spare zone does not take over" in text)
            assert works or "experiments" not in held
            assert (came.by == "nobody") == (works and came.seen <= 1 - GAME.objective)
            if came.by == "nobody":
                assert "customers have called" not in text.lower()
                again = [what for _, what in outcome(GAME, "zone", card, held, 1).steps]
                assert "Nobody has missed anything; you fail over all the same." in again
            told.add((works, came.by))
    assert {(True, "nobody"), (False, "customers")} <= told


def test_nobody_on_call_at_night_is_said():
    for card in cards(list(GAME.events).index("supplier"), GAME.assumed["weak_share"]):
        for held in (frozenset(), frozenset({"on_call"})):
            text = str(outcome(GAME, "supplier", card, held, 0).steps)
            assert ("nobody was on call" in text) == (card.night and not held)


def test_what_a_way_says_is_what_the_engine_does():
    """The lengths and prices that stand beside a choice, over the middle half of the cards."""

    def hours(event, way, sign, since):
        took = []
        for card in cards(list(GAME.events).index(event), GAME.assumed["weak_share"]):
            if sign in (None, card.sign):
                steps = outcome(GAME, event, card, frozenset(), way).steps
                took.append((steps[-1][0] - next(at for at, what in steps if since in what)) / 60)
        took.sort()
        return [round(took[int(part * len(took))]) for part in (0.25, 0.75)]

    ways = {name: event.ways for name, event in GAME.events.items()}
    assert hours("release", 1, None, "is on it") == [1, 4]
    assert "one to four hours" in ways["release"][1][1]
    assert hours("storm", 2, 0, "is on it") == [1, 2]
    assert hours("storm", 2, 1, "is on it") == [3, 11]
    assert "an hour or two with little traffic, three to eleven with much" in ways["storm"][2][1]
    card = cards(list(GAME.events).index("memory"), GAME.assumed["weak_share"])[0]
    no, closing = (outcome(GAME, "memory", replace(card, sign=sign), frozenset(), 0).money for sign in (0, 1))
    assert closing - no == 55_000 - 4_000
    assert "If the books close today, that costs some 55,000 EUR; else, 4,000." in ways["memory"][0][1]


def test_orders_that_are_never_paid_are_told_apart_from_what_the_outage_costs():
    told = 0
    for card in cards(list(GAME.events).index("supplier"), GAME.assumed["weak_share"]):
        came, closed = (outcome(GAME, "supplier", card, frozenset(), way) for way in (1, 0))
        found = re.search(r"never paid.* cost ([\d,]+) EUR", " ".join(what for _, what in came.steps))
        assert bool(found) == (closed.minutes > came.minutes)
        if found:
            rest = came.money - int(found[1].replace(",", ""))
            assert 0 < rest <= 1.3 * came.minutes / 60 * GAME.order_hour
            told += 1
    assert told


def test_what_comes_together_is_the_sum_of_what_may_come():
    year = YearInPlay(GAME, "board", 3)
    total = sum(one.a_year * one.cost for one in event_sizes(GAME, "board"))
    assert f"about {euros(round(total, -4))} a year" in all_that_may_come(year)
    rows = what_may_come(year)
    assert sum(row["All of a year, EUR"] for row in rows) == pytest.approx(total, rel=0.01)
    assert all_that_may_come(YearInPlay(GAME, "storm", 3)) == ""


def test_no_line_of_the_debriefing_ends_between_a_number_and_its_unit():
    html = played(seed=998).widget.frame["html"]
    assert not re.search(r"\d (%|EUR|million EUR|minutes)", re.sub(r"<svg.*?</svg>", "", html, flags=re.S))
    assert re.search("\\d\N{NO-BREAK SPACE}%", html)
