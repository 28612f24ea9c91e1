"""A room from its resume codes: counted once each, and every line that can't be used named."""

import json
import random

import pytest

from faultlab.__main__ import main
from faultlab.cases.game_day import QUARTERS, YearInPlay, read_game, score, write_game_code
from faultlab.classroom.answers import scoring
from faultlab.classroom.learner import (
    Catalogue,
    codes_in,
    count_room,
    gain_of_room,
    middle_half,
    progress,
    read_codes,
    read_league,
    resume_code,
    room_facts,
    truths,
)
from faultlab.classroom.learner.before_and_after import FORMS
from faultlab.classroom.notebook import room
from faultlab.errors import BadInput

COURSE = Catalogue()


def answer_to(pair, form, off=0):
    """The entry of an answer that is so many places off the right one."""
    asked = pair.asked(form)
    return {"chosen": asked.options[(asked.correct[0] + off) % 3].text}


def code(team, bets=None, quiz=None, tasks=None):
    data = progress.empty() | {"team": team}
    data["bets"] = {"00": {"bad_year": {"bet": bets}}} if bets is not None else {}
    data["quiz"] = {"00": {"q1": {"right": quiz}}} if quiz is not None else {}
    data["tasks"] = {"08": tasks} if tasks else {}
    return resume_code.write(data, COURSE)


def test_bets_answers_and_tasks_are_counted():
    first, second, *_ = COURSE.tasks("08")
    stuck = {first: {"outcome": "try again", "hints": 1}, second: {"outcome": "correct"}}
    text = "\n".join([code("a", 0, True), code("b", 5e6, False, stuck), code("c", 0, True, stuck)])
    states, problems = read_codes(text, COURSE)
    assert problems == []
    start, metrics = count_room(states, COURSE, ["00", "01", "08"])
    assert start["number"] == "00"
    assert start["bets"] == [{"id": "bad_year", "placed": [0, 0, 5e6]}]
    asked = COURSE.questions("00")["q1"]
    # Of a right answer the option is known; of a wrong one whose option nobody noted, it is not.
    chose = [2 * option.correct for option in asked.options]
    assert start["quiz"][0] == {"id": "q1", "answered": 3, "right": 2, "chose": chose}
    assert metrics["tasks"][:2] == [
        {"name": first, "correct": 0, "stuck": 2, "helped": 2},
        {"name": second, "correct": 2, "stuck": 0, "helped": 0},
    ]


def test_half_of_a_room_lies_in_its_middle():
    assert middle_half([1, 2, 3, 4, 5, 6, 7]) is None
    assert middle_half([1, 2, 3, 4, 5, 6, 7, 8]) == (3, 6)
    for count in range(8, 100):
        low, high = middle_half(range(count))
        assert low == count - 1 - high, "as many below as above"
        assert abs(high - low + 1 - count / 2) <= 1


@pytest.mark.parametrize("learners", [2, 4, 7, 8])
def test_the_command_says_of_few_bets_only_the_lowest_and_the_highest(tmp_path, capsys, learners):
    codes = [code(f"team-{learner}", 10_000 * 4**learner) for learner in range(learners)]
    (tmp_path / "codes.txt").write_text("\n".join(codes), encoding="utf-8")
    assert main(["room", str(tmp_path / "codes.txt"), "--json"]) == 0
    (bet,) = json.loads(capsys.readouterr().out)["lessons"][0]["bets"]
    told = [scoring.written(bet["kind"], value, bet["unit"]) for value in bet["placed"]]
    between = f", half of them between {told[2]} and {told[-3]}" if learners == 8 else ""
    assert main(["room", str(tmp_path / "codes.txt")]) == 0
    assert f"{learners} bets from {told[0]} to {told[-1]}{between}\n" in capsys.readouterr().out


def test_a_bet_on_one_s_own_company_has_no_answer_that_a_room_shares(tmp_path, capsys):
    codes = []
    for learner in range(4):
        data = progress.empty() | {"team": f"team-{learner}"}
        data["bets"] = {"10": {"own_year": {"bet": 10_000 * 4**learner}, "promise_kept": {"bet": 0.9}}}
        codes.append(resume_code.write(data, COURSE))
    (tmp_path / "codes.txt").write_text("\n".join(codes), encoding="utf-8")
    assert main(["room", str(tmp_path / "codes.txt"), "--json"]) == 0
    (lesson,) = json.loads(capsys.readouterr().out)["lessons"]
    bets = {bet["id"]: bet for bet in lesson["bets"]}
    assert (bets["own_year"]["own"], bets["own_year"]["truth"]) == (True, None)
    assert (bets["promise_kept"]["own"], bets["promise_kept"]["truth"]) == (False, 0.2)
    assert main(["room", str(tmp_path / "codes.txt")]) == 0
    said = capsys.readouterr().out
    assert "the answer: each has their own, on their own card\n" in said
    assert "4,010,000" not in said, "Kestrel's"
    facts = room_facts(COURSE, ["10"])["lessons"]["10"]["bets"]
    assert (facts["own_year"]["own"], facts["own_year"]["truth"]) == (True, None)
    assert (facts["promise_kept"]["own"], facts["promise_kept"]["truth"]) == (False, 0.2)


def test_the_same_code_and_an_earlier_one_of_a_team_count_once():
    early, late = code("red-7", 0), code("red-7", 0, True)
    other = code("red-7", 5e6)
    states, problems = read_codes(f"{early}\nBob: {late.lower()}\n{late}\n{other}", COURSE)
    assert len(states) == 2
    assert problems == ["Line 3: the code of line 2 again; it counts once."]
    # Those who never chose a team may be several people who bet alike.
    assert len(read_codes(f"{code('kestrel', 0)}\n{code('kestrel', 0, True)}", COURSE)[0]) == 2


def test_what_was_chosen_and_what_was_gained_are_shown_without_names(tmp_path, capsys):
    asked, pairs = COURSE.questions("01")["q2"], COURSE.pairs
    codes = []
    for learner in range(6):
        data = progress.empty() | {"team": f"team-{learner}"}
        option = asked.options[learner % 3]
        data["quiz"] = {"01": {"q2": {"right": option.correct, "chosen": [option.text]}}}
        data["before_and_after"] = {
            form: {pair.id: answer_to(pair, form, place >= known) for place, pair in enumerate(pairs)}
            for form, known in (("before", 4), ("after", 4 + learner))
            if (learner, form) != (5, "before")
        }
        codes.append(resume_code.write(data, COURSE))
    (tmp_path / "codes.txt").write_text("\n".join(codes), encoding="utf-8")
    assert main(["room", str(tmp_path / "codes.txt"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    (lesson,) = found["lessons"]
    (one,) = [one for one in lesson["quiz"] if one["answered"]]
    assert (one["id"], one["answered"], one["chose"]) == ("q2", 6, [2, 2, 2] + [0] * (len(asked.options) - 3))
    assert one["options"] == [option.text for option in asked.options]
    gain = found["gain"]
    assert (gain["learners"], gain["before"], gain["after"]) == (5, 4, 6)  # one answered nothing before
    assert gain["gain"] == pytest.approx((6 - 4) / (10 - 4))  # Hake: (post - pre) / (most - pre)
    assert [item["before"] for item in gain["items"]] == [5] * 4 + [0] * 6
    assert [item["gained"] for item in gain["items"]] == [0] * 4 + [4, 3, 2, 1, 0, 0]
    assert main(["room", str(tmp_path / "codes.txt")]) == 0
    assert "normalised gain 0.33 (" in capsys.readouterr().out


def test_the_range_of_the_gain_holds_what_is_so_nine_times_in_ten():
    """Rooms are drawn from a world in which the share of missed answers that goes is known."""
    pairs, held, rooms = COURSE.pairs, 0, 400
    for seed in range(rooms):
        rng = random.Random(seed)
        several = []
        for _ in range(24):
            skill = rng.uniform(0.2, 0.7)
            before = [rng.random() < skill for _ in pairs]
            # Nobody forgets, and 40 % of the rest is gained.
            after = [knew or rng.random() < 0.4 for knew in before]
            several.append(
                {
                    form: {
                        pair.id: answer_to(pair, form, not right)
                        for pair, right in zip(pairs, marks, strict=True)
                    }
                    for form, marks in (("before", before), ("after", after))
                }
            )
        found = gain_of_room(several, pairs)
        held += found["low"] <= 0.4 <= found["high"]
    assert 0.86 <= held / rooms <= 0.94


def test_the_gain_of_few_has_no_range_and_of_those_who_knew_all_none():
    pairs = COURSE.pairs
    best = {form: {pair.id: answer_to(pair, form) for pair in pairs} for form in FORMS}
    one = {"before": {pairs[0].id: best["before"][pairs[0].id]}, "after": best["after"]}
    found = gain_of_room([one] * 4, pairs)
    assert (found["gain"], found["low"]) == (1, None)
    assert gain_of_room([best] * 9, pairs)["gain"] is None
    assert gain_of_room([{"before": best["before"]}], pairs) is None


def test_every_line_that_cannot_be_used_is_named(tmp_path, capsys):
    broken = code("red-7", 0)[:-1] + "_"
    file = tmp_path / "codes.txt"
    file.write_text(f"hello\n\n{code('red-7', 0)}\n{broken[:-1]}\n", encoding="utf-8")
    assert main(["room", str(file), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["learners"] == 1
    assert found["lessons"][0]["bets"][0]["truth"] == truths(COURSE, "00")["bad_year"]
    assert [line.partition(":")[0] for line in found["unreadable"]] == ["Line 1", "Line 4"]
    assert "compare it with the original" in found["unreadable"][1]


def test_a_folder_of_codes_is_a_room_and_an_empty_one_is_refused(tmp_path, capsys):
    (tmp_path / "ann.txt").write_text(code("a", 0), encoding="utf-8")
    (tmp_path / "bob.txt").write_text(code("b", 0), encoding="utf-8-sig")
    assert main(["room", str(tmp_path)]) == 0
    assert capsys.readouterr().out.startswith("2 learners")
    (tmp_path / "none").mkdir()
    assert room(tmp_path, COURSE).codes == codes_in(tmp_path)
    assert len(read_codes(room(tmp_path, COURSE).codes, COURSE)[0]) == 2
    with pytest.raises(BadInput, match=r"has no \.txt file"):
        room(tmp_path / "none", COURSE)
    assert main(["room", str(tmp_path / "none")]) == 2
    assert "has no .txt file" in capsys.readouterr().err
    (tmp_path / "none" / "a.txt").write_text("good morning", encoding="utf-8")
    assert main(["room", str(tmp_path / "none")]) == 2
    assert "Line 1: no code is in" in capsys.readouterr().err


@pytest.mark.parametrize("number", [f"{number:02d}" for number in range(10)])
def test_the_answer_to_every_bet_is_known_to_the_room(number):
    found = truths(COURSE, number)
    assert set(found) == set(COURSE.bets(number))
    for id, bet in COURSE.bets(number).items():
        assert found[id] in bet.options if bet.kind == "choice" else bet.low <= found[id] <= bet.high


def test_finished_games_make_a_league_of_decisions_and_not_of_luck(tmp_path, capsys):
    game = read_game(COURSE.course / "data" / "game_day.yaml", COURSE.course / "kestrel.yaml")
    years = []
    for bought in ([], ["alerts", "on_call", "staged"]):
        year = YearInPlay(game, "board", seed=998)
        for quarter in range(QUARTERS):
            year.begin([] if quarter else bought)
            while year.pending:
                year.decide(0)
        years.append(year)
    begun = YearInPlay(game, "board", seed=7)
    begun.begin([])
    lines = ["idle 10:31 " + write_game_code(years[0]), "red 10:32 " + write_game_code(years[1])]
    lines += [write_game_code(begun), code("a", 0), lines[0], "GD1-0000000000"]
    (tmp_path / "codes.txt").write_text("\n".join(lines), encoding="utf-8")
    assert main(["room", str(tmp_path / "codes.txt"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["learners"] == 1
    assert [one["team"] for one in found["games"]] == ["red", "idle"]
    assert found["games"][0]["expected"] == score(years[1]).expected < found["games"][1]["expected"]
    assert [line.partition(":")[0] for line in found["unreadable"]] == ["Line 3", "Line 6"]
    assert "isn't finished" in found["unreadable"][0]
    assert {(one["level"], one["year"]) for one in found["games"]} == {("board", 998)}
    assert main(["room", str(tmp_path / "codes.txt")]) == 0
    assert "in year 6 (board) " in capsys.readouterr().out
    # What a finished game's own code says of it makes the same table, and is there at once.
    judged = "\n".join(
        f"{name} {write_game_code(year, score(year))}"
        for name, year in zip(("idle", "red"), years, strict=True)
    )
    league, problems = read_league(judged, game)
    assert problems == []
    for mine, its in zip(league, found["games"], strict=True):
        assert mine == {
            name: pytest.approx(value, abs=501 if name in ("cost", "expected") else 0.0006)
            if isinstance(value, float | int)
            else value
            for name, value in its.items()
        }


def test_the_command_says_each_bet_with_its_options_and_units(tmp_path, capsys):
    data = progress.empty()
    data["bets"] = {
        "00": {"bad_year": {"bet": 0}},
        "01": {"after_the_trouble": {"bet": "It is back within seconds"}},
        "11": {"worse_with_a_plan": {"bet": 0.5}},
    }
    (tmp_path / "codes.txt").write_text(resume_code.write(data, COURSE), encoding="utf-8")
    assert main(["room", str(tmp_path / "codes.txt")]) == 0
    said = capsys.readouterr().out
    assert "1 bet on: It is back within seconds\n" in said
    assert "the answer: 565,000 EUR\n" in said
    assert "the answer: 20 %" in said
    assert COURSE.bets("00")["bad_year"].short in said


def test_a_room_s_codes_and_games_are_read_without_working_out_a_year_again(monkeypatch):
    game = read_game(COURSE.course / "data" / "game_day.yaml", COURSE.course / "kestrel.yaml")
    year = YearInPlay(game, "board", seed=5)
    while not year.over:
        if year.pending:
            year.decide(0)
        else:
            year.begin()
    judged, lines = score(year), []
    for learner in range(100):
        data = progress.empty() | {"team": f"team-{learner}"}
        for number in (f"{lesson:02d}" for lesson in range(12)):
            answers = COURSE.questions(number)
            data["quiz"][number] = {id: {"right": learner % 2 == 0} for id in answers}
        year.seed = learner  # another code, the same judgement
        lines += [resume_code.write(data, COURSE), write_game_code(year, judged)]
    monkeypatch.setattr("faultlab.cases.game_day.score", None)
    text = "\n".join(lines)
    states, problems = read_codes(text, COURSE)
    league, lost = read_league(text, game)
    assert (len(states), len(league), problems, lost) == (100, 100, [], [])
