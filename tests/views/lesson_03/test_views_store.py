"""The pictures of lesson 03: the numbers behind them, and that they fit."""

import re

import numpy as np
import pytest

from faultlab.cases.amazon.autoscaling import Predictive, Seen
from faultlab.cases.amazon.evening import scaled_evening
from faultlab.cases.amazon.kestrel_evening import BEST_PLAN_FOUND, DECIDE_EVERY, KESTREL_EVENING, decided
from faultlab.design.stores.supermarket import supermarket_mean_time
from faultlab.errors import BadInput
from faultlab.views.lesson_03.balanced_lines import POLICIES, TROUBLES, balanced_lines, served_by
from faultlab.views.lesson_03.busy_servers import POOLS, busy_servers
from faultlab.views.lesson_03.evening_game import STEPS, EveningGame, evening_picture
from faultlab.views.lesson_03.sale_evening import BROWSERS, DECIDERS, evening_under, sale_evening

# Drawn in the tests: every process that runs some of them reads this file.
PICTURES = [
    *((busy_servers, servers, busy) for servers in POOLS for busy in (5, 50, 99)),
    *((balanced_lines, trouble) for trouble in TROUBLES),
    *((sale_evening, decides, 60, browsers) for decides in DECIDERS for browsers in BROWSERS),
    (evening_picture, ()),
    (evening_picture, ((9, 20), (30, 10))),
]


@pytest.mark.parametrize("drawn", PICTURES, ids=lambda drawn: f"{drawn[0].__name__} {drawn[1:]}"[:60])
def test_letters_are_large_enough_and_inside(drawn):
    draw, *state = drawn
    picture = draw(*state)
    width, height = (float(n) for n in re.search(r"viewBox='0 0 (\S+) (\S+)'", picture.svg).groups())
    assert width == 460
    assert min(float(size) for size in re.findall(r"font-size='([\d.]+)'", picture.svg)) >= 13
    places = re.findall(r"<text x='([\d.-]+)' y='([\d.-]+)'", picture.svg)
    assert all(0 <= float(x) <= width and 0 <= float(y) <= height for x, y in places)
    assert len(picture.alt) > 60


@pytest.mark.parametrize("busy", [50, 80, 95])
def test_one_server_is_the_closed_form_of_m_m_1(busy):
    here = busy_servers(1, busy)
    mean = float(here.rows[1]["Result"].split()[0])
    assert mean == pytest.approx(0.2 / (1 - busy / 100), rel=0.02)
    slow = float(here.rows[2]["Result"].split()[0])
    assert slow == pytest.approx(4.60517 * 0.2 / (1 - busy / 100), rel=0.01)  # -ln 0.01, exponential


def test_more_servers_wait_less_at_the_same_load():
    means = [float(busy_servers(servers, 90).rows[1]["Result"].split()[0]) for servers in POOLS]
    assert means == sorted(means, reverse=True)


def test_the_rule_that_knows_most_suffers_most_from_old_news():
    lost = {
        trouble: {policy: 1 - served_by(policy, trouble).in_time(2).mean() for policy in POLICIES}
        for trouble in TROUBLES
    }
    well, slow, dead, old = (lost[trouble] for trouble in TROUBLES)
    assert well["least connections"] < well["two choices"] < well["round robin"] < well["random"]
    assert max(old, key=old.get) == "least connections"
    assert old["two choices"] < 2 * old["round robin"]
    assert all(dead[policy] > well[policy] for policy in POLICIES)
    assert all(slow[policy] > well[policy] for policy in POLICIES)


def test_a_dead_server_has_the_shortest_line():
    sent = {}
    for policy in POLICIES:
        run = served_by(policy, TROUBLES[2])
        minute = (run.arrivals >= 300) & (run.arrivals < 360)
        sent[policy] = (run.servers[minute] == 0).mean()
    assert sent["random"] == pytest.approx(1 / 11, abs=0.02)
    assert sent["two choices"] == pytest.approx(2 / 11, abs=0.03)
    assert sent["least connections"] > sent["two choices"]


def best_plan_found(evening=KESTREL_EVENING, seed=0, every=DECIDE_EVERY, rounds=1, compiled=None):
    """Search the best decisions with the whole evening known, which no autoscaler has.

    It starts from the best forecast plan and changes one decision at a time where that saves money, so many
    rounds. It is the best found: a better one may exist. A round takes seconds with numba, and ten times as
    long without.

    Returns
    -------
    servers : tuple of int
    played : ScaledEvening
    """
    decisions = range(0, evening.minutes, every)

    def play(servers):
        return scaled_evening(evening, decided(servers, every), seed, compiled)

    starts = []
    for target in (0.4, 0.5, 0.6, 0.7, 0.8):
        ask = Predictive(evening.traffic, evening.service, target, ahead=evening.warm_up + every)
        wishes = [ask(Seen(minute, evening.first, evening.first, ())) for minute in decisions]
        starts.append([int(np.clip(wish, evening.fewest, evening.quota)) for wish in wishes])
    servers = min(starts, key=lambda plan: play(plan).total_money)
    best = play(servers)
    for _ in range(rounds):
        before = best.total_money
        for place in range(len(servers)):
            for step in (-3, 2, 6):
                changed = list(servers)
                changed[place] = int(np.clip(changed[place] + step, evening.fewest, evening.quota))
                if changed != servers and (played := play(changed)).total_money < best.total_money:
                    servers, best = changed, played
        if best.total_money == before:
            break
    return tuple(servers), best


def test_the_best_plan_is_what_the_search_finds():
    pytest.importorskip("numba", reason="the search takes a minute without numba")
    servers, played = best_plan_found()
    assert servers == BEST_PLAN_FOUND
    assert played.total_money < evening_under("yesterday's plan", 0.6).total_money


def test_the_game_scores_the_best_plan_with_all_and_idling_with_nearly_nothing():
    game = EveningGame()
    assert game.widget.frame["from"] == 0
    for servers in BEST_PLAN_FOUND:
        game.decide(servers)
    assert game.over
    assert "score: 100 %" in game.picture.sentence
    assert "score: 0.1 %" in evening_picture(((7, 120),)).sentence
    assert game.widget.frame["over"] is True
    game.again()
    assert game.moves == ()


@pytest.mark.parametrize("servers", [1, 41, 7.5, True, "7", None])
def test_the_game_refuses_what_is_no_number_of_servers(servers):
    game = EveningGame()
    with pytest.raises(BadInput, match="2 to 40"):
        game.decide(servers)
    game.widget  # noqa: B018 - made, so that it can answer
    game._answer(None, {"servers": servers}, [])
    assert "2 to 40" in game.widget.frame["note"]
    assert game.moves == ()


def test_what_comes_later_does_not_change_what_was():
    known = ((9, 10), (9, 1), (12, 5))
    assert evening_picture(known).rows == evening_picture((*known, (30, 10))).rows[:3]


def test_deciding_by_the_minute_is_the_same_evening():
    tens, minutes = EveningGame(), EveningGame()
    for servers in BEST_PLAN_FOUND:
        tens.decide(servers)
        for _ in range(10):
            minutes.decide(servers, minutes=1)
    assert minutes.over
    assert minutes.picture.sentence == tens.picture.sentence
    with pytest.raises(BadInput, match="is over"):
        minutes.decide(9, minutes=1)


def test_the_end_cuts_the_last_decision_short_and_odd_lengths_are_refused():
    game = EveningGame()
    for minutes in (3, 0, None, True, "10"):
        with pytest.raises(BadInput, match="lasts 1, 5 or 10 minutes"):
            game.decide(9, minutes=minutes)
    game.decide(9, minutes=5)
    for _ in range(12):
        game.decide(9)
    assert game.over
    assert game.moves[-1] == (9, 5)
    assert set(STEPS) == {1, 5, 10}


def test_theory_of_two_choices_is_in_reach_of_the_simulation():
    run = served_by("two choices", TROUBLES[0])
    theory = 0.2 * supermarket_mean_time(45.0 * 0.2 / 11, 2)
    assert run.responses.mean() == pytest.approx(theory, rel=0.12)  # eleven servers are not without end
