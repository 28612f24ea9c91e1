"""A room from its resume codes: counted once each, and every line that can't be used named."""

import json

import pytest

from faultlab.__main__ import main
from faultlab.cases.game_day import QUARTERS, YearInPlay, read_game, score, write_game_code
from faultlab.classroom.learner import Catalogue, count_room, progress, read_codes, resume_code, truths

COURSE = Catalogue()


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
    assert start["quiz"][0] == {"id": "q1", "answered": 3, "right": 2}
    assert metrics["tasks"][:2] == [
        {"name": first, "correct": 0, "stuck": 2, "helped": 2},
        {"name": second, "correct": 2, "stuck": 0, "helped": 0},
    ]


def test_the_same_code_and_an_earlier_one_of_a_team_count_once():
    early, late = code("red-7", 0), code("red-7", 0, True)
    other = code("red-7", 5e6)
    states, problems = read_codes(f"{early}\nBob: {late.lower()}\n{late}\n{other}", COURSE)
    assert len(states) == 2
    assert problems == ["Line 3: the code of line 2 again; it counts once."]
    # Those who never chose a team may be several people who bet alike.
    assert len(read_codes(f"{code('kestrel', 0)}\n{code('kestrel', 0, True)}", COURSE)[0]) == 2


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
