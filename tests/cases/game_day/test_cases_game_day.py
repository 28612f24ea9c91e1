"""The game day: computed and repeatable, exact odds against years that are played, and a balanced choice."""

import math
import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from statistics import NormalDist, mean, stdev

import pytest
import yaml

from faultlab.cases.game_day.cards import CARDS, LENGTHS, cards, dealt
from faultlab.cases.game_day.game_code import JUDGED, read_game_code, read_judged_year, write_game_code
from faultlab.cases.game_day.game_file import read_game
from faultlab.cases.game_day.odds import (
    best_otherwise,
    best_plan,
    best_way,
    event_sizes,
    expected_cost,
    plan_shares,
    worth_of_each,
)
from faultlab.cases.game_day.outcomes import GOES, MATTER, outcome
from faultlab.cases.game_day.scoring import NOTHING, by_the_odds, changed_most, in_best_plans, score
from faultlab.cases.game_day.shop_load import rush, turned_away
from faultlab.cases.game_day.year import YearInPlay, deck, played_year
from faultlab.errors import BadInput

COURSE = Path(__file__).parents[3] / "course"
FILES = (str(COURSE / "data" / "game_day.yaml"), str(COURSE / "kestrel.yaml"))
GAME = read_game(*FILES)
SENSIBLE = frozenset({"alerts", "on_call", "staged", "restore_drills", "second_supplier"})
BUDGETS = tuple(range(60_000, 560_001, 25_000))
OLD_CODE = "GD1-B6AAPYRDEWDG2VHP05V3HP58TM4T63"
OLD_YEAR = (5_042_682, 151_250, 16, True)
"""Written down before measures could be stopped: what the year cost, what was left, how many events."""


def first_way(event, card, held):
    return 0


def at_once(measures):
    return [frozenset(measures), *NOTHING[1:]]


def test_lengths_are_the_middles_of_eight_parts_of_a_lognormal():
    normal = NormalDist()
    middles = [round(100 * math.exp(normal.inv_cdf((part + 0.5) / 8))) for part in range(8)]
    assert list(LENGTHS) == middles


def test_every_event_has_a_name_a_source_and_a_way_to_go():
    assert set(GAME.events) == set(GOES) == set(MATTER)
    assert set().union(*map(set, MATTER.values())) | {"workshop", "reviews"} == set(GAME.measures)
    for event in GAME.events.values():
        assert event.modelled_on
        assert all(fact and source for fact, source in event.modelled_on)
        assert len(event.signs) == 2 <= len(event.ways) <= 3


def test_the_same_seed_is_the_same_year_everywhere():
    # Written down from one machine: whole numbers through and through, so any other has to say the same.
    years = [played_year(GAME, "board", seed, at_once(SENSIBLE), first_way) for seed in range(3)]
    assert [
        [(one.quarter, one.event, one.outcome.cost(GAME)) for one in year.happened] for year in years
    ] == KNOWN


def test_streams_do_not_touch_each_other():
    """What is bought changes what comes of an event, and never which others come, but by what was learned."""
    for seed in range(30):
        bare, held = (
            played_year(GAME, "board", seed, plan, first_way)
            for plan in (NOTHING, at_once({"alerts", "limits"}))
        )
        assert [(o.quarter, o.event, o.when) for o in bare.happened] == [
            (o.quarter, o.event, o.when) for o in held.happened
        ]
    assert len({dealt(seed, event, 0).comes for seed in range(100) for event in range(10)}) > 990


@pytest.mark.parametrize("event", GOES)
def test_measures_that_are_left_out_of_account_change_nothing(event):
    idle = frozenset(GAME.measures) - set(MATTER[event])
    for card in deck(GAME, event)[::5]:
        for held in (frozenset(), frozenset(MATTER[event])):
            for way in range(len(GAME.events[event].ways)):
                assert outcome(GAME, event, card, held, way) == outcome(GAME, event, card, held | idle, way)


@pytest.mark.parametrize("event", GOES)
def test_each_way_is_the_best_for_somebody_and_none_is_always(event):
    """A decision is one: what is known, or what was bought, changes which way is the best."""
    names = MATTER[event]
    bought = [
        frozenset(n for i, n in enumerate(names) if number >> i & 1) for number in range(1 << len(names))
    ]
    best = {best_way(GAME, event, sign, held) for sign in (0, 1) for held in bought}
    assert len(best) >= 2, best


def test_the_mean_by_the_odds_is_that_of_years_played():
    """Exact tables against three thousand years played out, for plans that buy late and learn too."""
    plans = [
        NOTHING,
        at_once(SENSIBLE),
        at_once({"reviews", "workshop", "doors"}),
        [frozenset({"reviews"}), frozenset({"staged"}), frozenset(), frozenset({"limits", "alerts"})],
    ]
    for level in ("board", "calm"):
        for plan in plans:
            totals = [
                played_year(GAME, level, seed, plan, by_the_odds(GAME)).total()
                for seed in range(0, 90_000, 60)
            ]
            wide = 4 * stdev(totals) / math.sqrt(len(totals))
            assert mean(totals) == pytest.approx(expected_cost(GAME, level, plan), abs=wide)


def test_the_best_plan_is_best_and_its_floor_holds():
    for level in GAME.levels:
        best = best_plan(GAME, level)
        assert expected_cost(GAME, level, at_once(best.measures)) == pytest.approx(best.cost)
        assert GAME.price(best.measures) <= GAME.level(level).budget
        assert best.floor <= best.cost <= 1.1 * best.floor
        assert plan_shares(GAME, level, best.cost) == 1.0
        for one in best.measures:
            for other in {*GAME.measures, None} - best.measures:
                near = (best.measures - {one}) | ({other} - {None})
                if GAME.price(near) <= GAME.level(level).budget:
                    assert expected_cost(GAME, level, at_once(near)) >= best.cost - 1e-6
                later = [best.measures - {one}, frozenset({one}), frozenset(), frozenset()]
                assert expected_cost(GAME, level, later) >= best.floor


def test_no_measure_dominates_and_none_is_useless():
    with ThreadPoolExecutor(2) as pool:
        shares = in_best_plans(tuple(GAME.levels), BUDGETS, FILES, pool)
    assert shares == in_best_plans(tuple(GAME.levels), BUDGETS, FILES)
    assert min(shares.values()) > 0.05, shares
    assert max(shares.values()) < 0.9, shares


def test_over_seeds_each_measure_is_worth_its_price_in_some_years_and_not_in_others():
    """Each is put to, or taken from, a random plan, in the same year: a plan and a year a seed."""
    rich = replace(GAME, levels={"rich": replace(GAME.level("board"), budget=10**6)})
    gains = {name: [] for name in GAME.measures}
    for seed in range(60):
        some = set(random.Random(seed).sample(sorted(GAME.measures), 5))
        for name in GAME.measures:
            bare, held = (
                played_year(rich, "rich", seed, at_once(plan), by_the_odds(rich)).total()
                for plan in (some - {name}, some | {name})
            )
            gains[name].append(bare - held)
    for name, found in gains.items():
        better = sum(gain > 0 for gain in found) / len(found)
        assert 0.02 < better < 0.98, (name, better)


def test_a_sensible_first_plan_lands_in_the_middle():
    found = []
    for seed in range(300, 325):
        year = played_year(GAME, "board", seed, at_once(SENSIBLE - {"second_supplier"}), first_way)
        found.append(score(year, other_years=40))
    assert 0.4 < mean(one.way_to_best for one in found) < 0.9
    # With decisions by the odds it is among its like, too; without any purchase it is behind nearly all.
    cheap = [SENSIBLE - {"second_supplier"}, *[frozenset()] * 3]
    assert 0.3 < plan_shares(GAME, "board", expected_cost(GAME, "board", cheap)) < 0.7
    assert plan_shares(GAME, "board", expected_cost(GAME, "board", [frozenset()] * 4)) < 0.02
    # Luck is luck: over seeds, as many years are better than most as are worse.
    assert 0.35 < mean(one.unluckier for one in found) < 0.65


def test_learning_makes_repeats_rarer_and_blame_hides_near_misses():
    blind, open_minded = (
        [played_year(GAME, "storm", seed, at_once(held), first_way) for seed in range(300)]
        for held in ((), {"reviews"})
    )
    assert sum(len(year.happened) for year in blind) > 1.05 * sum(len(year.happened) for year in open_minded)
    assert not any(heard for year in blind for *_, heard in year.near_misses)
    assert all(heard for year in open_minded for *_, heard in year.near_misses)


def test_a_measure_that_changed_most_is_found_by_playing_again():
    for seed in range(20):
        year = played_year(GAME, "board", seed, at_once({"alerts"}), first_way)
        found = changed_most(year)
        assert {one for one, _ in found} == set(GAME.measures) - {"alerts"}
        name, saved = found[0]
        assert saved >= found[-1][1]
        if len(year.happened) > 4:
            assert saved > 0, (seed, name)


def test_a_code_brings_the_game_back_wherever_it_stands():
    for seed in (0, 7, 99_999):
        for level in GAME.levels:
            year = YearInPlay(GAME, level, seed)
            for new in ({"alerts"}, set(), {"limits", "reviews"}, set()):
                year.begin(new)
                while True:
                    code = write_game_code(year)
                    assert len(code) <= 45
                    again = read_game_code(GAME, f" {code.lower()} ")
                    assert (again.happened, again.held, again.left) == (year.happened, year.held, year.left)
                    assert (again.pending, again.quarter) == (year.pending, year.quarter)
                    if not year.pending:
                        break
                    year.decide(len(year.pending[0][0].ways) - 1)
            assert again.over


def stopping(year):
    """Play on to the end: stop what is held in the third quarter, and buy limits for it."""
    while not year.over:
        if year.pending:
            year.decide(0)
        elif year.quarter == 2:
            year.begin({"limits"}, year.held)
        else:
            year.begin()
    return year


def test_what_is_stopped_works_no_more_and_frees_the_rest_of_its_price():
    year = YearInPlay(GAME, "board", 7)
    year.begin({"alerts", "staged"})
    stopping(year)
    half = GAME.price(frozenset({"alerts", "staged"}), 2)
    assert year.stopped[2] == {"alerts", "staged"}
    assert year.held == {"limits"}
    assert year.spent == half + GAME.price(frozenset({"limits"}), 2)
    late = [one for one in year.happened if one.quarter >= 2]
    assert late
    assert all(one.held == {"limits"} and one.outcome.by != "alert" for one in late)
    assert {one for one, _ in changed_most(year)} == set(GAME.measures) - {"limits"}
    with pytest.raises(BadInput, match="take something back"):
        YearInPlay(GAME, "storm", 7).begin(set(GAME.measures), set(GAME.measures))
    # All of it buys again: what is stopped pays for what is too dear otherwise.
    dear = YearInPlay(GAME, "storm", 7)
    dear.begin({"on_call", "alerts", "staged"})
    while dear.pending:
        dear.decide(0)
    with pytest.raises(BadInput, match="take something back"):
        dear.begin({"doors"})
    dear.begin({"doors"}, {"alerts"})
    assert "doors" in dear.held


def test_a_code_keeps_what_was_stopped():
    for level in GAME.levels:
        year = YearInPlay(GAME, level, 44)
        year.begin({"alerts", "reviews"})
        stopping(year)
        again = read_game_code(GAME, write_game_code(year))
        assert (again.bought, again.stopped) == (year.bought, year.stopped)
        assert (again.happened, again.left) == (year.happened, year.left)


def test_a_finished_code_says_how_its_year_was_judged_and_plays_as_before():
    for level in GAME.levels:
        for seed in (7, 99_999):
            year = YearInPlay(GAME, level, seed)
            year.begin({"alerts"})
            with pytest.raises(BadInput, match="isn't finished"):
                read_judged_year(GAME, write_game_code(year))
            stopping(year)
            result, bare = score(year, other_years=50), write_game_code(year)
            assert read_judged_year(GAME, bare) is None
            code = write_game_code(year, result)
            assert len(code) <= 70
            found = read_judged_year(GAME, code.lower())
            assert (found["level"], found["year"]) == (level, seed)
            for name, (step, _) in JUDGED.items():
                own = result.total if name == "cost" else getattr(result, name)
                assert abs(found[name] - own) <= step / 2 + 1e-9, name
            again = read_game_code(GAME, code)
            assert (again.happened, again.left, again.over) == (year.happened, year.left, True)


def test_a_code_of_before_measures_could_be_stopped_is_read():
    year = read_game_code(GAME, OLD_CODE)
    assert (year.total(), year.left, len(year.happened), year.over) == OLD_YEAR
    assert not any(year.stopped)


def test_the_mean_by_the_odds_is_that_of_years_played_where_measures_are_stopped():
    bought = [frozenset({"reviews", "alerts"}), frozenset(), frozenset({"limits"}), frozenset()]
    stops = [frozenset(), frozenset({"alerts"}), frozenset({"reviews"}), frozenset()]
    totals = [
        played_year(GAME, "board", seed, bought, by_the_odds(GAME), stops).total()
        for seed in range(0, 90_000, 60)
    ]
    wide = 4 * stdev(totals) / math.sqrt(len(totals))
    exact = expected_cost(GAME, "board", bought, stops=stops)
    assert mean(totals) == pytest.approx(exact, abs=wide)
    # Played: what is in nobody's hands any more is not paid for.
    year = played_year(GAME, "board", 3, bought, by_the_odds(GAME), stops)
    assert year.spent == GAME.price(bought[0]) - 37_500 - 15_000 + 12_500
    assert score(year, other_years=5).expected < expected_cost(GAME, "board", NOTHING)


def test_stopping_is_a_way_back_and_no_better_plan():
    """Swaps of every pair, in every quarter: none is below the floor, or beats the best plan by much."""
    for level in GAME.levels:
        best = best_plan(GAME, level)
        for gone in best.measures:
            for new in set(GAME.measures) - best.measures:
                for quarter in (1, 2, 3):
                    bought, stops = at_once(best.measures), list(NOTHING)
                    if GAME.price(frozenset({new})) > GAME.price(frozenset({gone})) + (
                        GAME.level(level).budget - GAME.price(best.measures)
                    ):
                        continue
                    bought[quarter], stops[quarter] = frozenset({new}), frozenset({gone})
                    cost = expected_cost(GAME, level, bought, stops=stops)
                    assert cost >= max(best.floor, 0.995 * best.cost)


def test_what_a_measure_is_worth_is_the_difference_of_two_plans():
    best = best_plan(GAME, "board")
    for one in worth_of_each(GAME, "board", best.measures):
        assert one.held == (one.measure in best.measures)
        with_it, without = (
            expected_cost(GAME, "board", at_once(some))
            for some in (best.measures | {one.measure}, best.measures - {one.measure})
        )
        assert one.net == pytest.approx(without - with_it)
        other, cost = best_otherwise(GAME, "board", one.measure)
        assert (one.measure in other) != one.held
        assert GAME.price(other) <= GAME.level("board").budget
        assert expected_cost(GAME, "board", at_once(other)) == pytest.approx(cost)
        assert cost >= best.cost


def test_the_sizes_of_events_add_up_to_a_year():
    for level in GAME.levels:
        for held in (frozenset(), frozenset({"doors", "workshop"})):
            total = sum(one.a_year * one.cost for one in event_sizes(GAME, level, held))
            assert total + GAME.price(held) == pytest.approx(expected_cost(GAME, level, at_once(held)))
    for one in event_sizes(GAME, "board"):
        costs = [
            outcome(
                GAME, one.event, card, frozenset(), best_way(GAME, one.event, card.sign, frozenset())
            ).cost(GAME)
            for card in deck(GAME, one.event)
        ]
        assert (
            sum(cost >= one.dear for cost in costs)
            >= len(costs) / 10
            >= sum(cost > one.dear for cost in costs)
        )


@pytest.mark.parametrize("code", ["", "GD1-", "FT3-0", "GD1-ABC", "x" * 300, "GD1-" + "0" * 30])
def test_a_code_that_is_none_says_so_in_a_sentence(code):
    with pytest.raises(BadInput, match="pasted whole"):
        read_game_code(GAME, code)


def test_one_changed_letter_is_noticed():
    code = write_game_code(played_year(GAME, "board", 5, at_once({"alerts"}), first_way))
    for place in range(4, len(code)):
        other = code[:place] + ("2" if code[place] != "2" else "3") + code[place + 1 :]
        with pytest.raises(BadInput):
            read_game_code(GAME, other)


def test_bad_moves_are_refused_in_a_sentence():
    year = YearInPlay(GAME, "storm", 1)
    for wrong, said in (({"magic"}, "no measure 'magic'"), (set(GAME.measures), "take something back")):
        with pytest.raises(BadInput, match=said):
            year.begin(wrong)
    with pytest.raises(BadInput, match="Nothing waits"):
        year.decide(0)
    with pytest.raises(BadInput, match="no level 'easy'"):
        YearInPlay(GAME, "easy", 1)
    with pytest.raises(BadInput, match="0 to 99,999"):
        YearInPlay(GAME, "storm", 1.5)
    with pytest.raises(BadInput, match="when it is over"):
        score(year)


def test_a_file_without_a_part_names_it(tmp_path):
    data = yaml.safe_load(Path(FILES[0]).read_text(encoding="utf-8"))
    del data["events"]["zone"]["signs"]
    path = tmp_path / "mine.yaml"
    path.write_text(yaml.safe_dump(data), encoding="utf-8")
    with pytest.raises(BadInput, match=r"mine\.yaml, zone: `signs` is missing"):
        read_game(path, FILES[1])


def test_a_way_that_breaks_off_at_a_comma_is_named(tmp_path):
    text = Path(FILES[0]).read_text(encoding="utf-8")
    way = "follows: It works. Yesterday's and today's orders are typed in from mails.}"
    path = tmp_path / "mine.yaml"
    path.write_text(text.replace(way, "follows: It works, as a rule.}"), encoding="utf-8")
    with pytest.raises(BadInput, match=r"mine\.yaml, deletion: a way ends before 'as a rule.'; put quotes"):
        read_game(path, FILES[1])


def test_the_queue_is_lesson_threes():
    from faultlab.design.stores import abandonment

    assert turned_away(5, 30.0, False)[0] == abandonment(5, 30.0, 2.0, 5.0)
    for rate in (20.0, 60.0, 160.0):
        buyers, browsers = turned_away(7, rate, True)
        assert buyers <= turned_away(7, rate, False)[0] <= browsers + 1e-12
        assert 0 <= buyers <= 1
        assert 0 <= browsers <= 1
    assert rush(3, 20, 40, True, True)[0] == 0


def test_each_deck_is_even():
    for place in range(len(GAME.events)):
        found = cards(place, GAME.assumed["weak_share"])
        assert len(found) == CARDS
        for name in ("size", "length", "night", "sign", "weak"):
            values = [getattr(card, name) for card in found]
            counts = {value: values.count(value) for value in set(values)}
            assert name == "night" or len(set(counts.values())) == 1, (place, name, counts)


KNOWN = [
    [
        (0, "release", 29204),
        (1, "sale", 12334),
        (2, "storm", 78575),
        (2, "sale", 66707),
        (2, "release", 11760),
        (2, "supplier", 15600),
        (3, "sale", 160451),
        (3, "login", 0),
        (3, "zone", 197869),
        (3, "deletion", 116700),
    ],
    [
        (0, "sale", 12334),
        (0, "storm", 29425),
        (1, "memory", 69300),
        (1, "supplier", 99300),
        (1, "release", 10050),
        (2, "sale", 265300),
        (2, "network", 26981),
        (3, "sale", 265300),
        (3, "release", 6900),
        (3, "zone", 5343),
    ],
    [
        (0, "release", 10050),
        (0, "deletion", 161440),
        (0, "storm", 78575),
        (0, "zone", 40738),
        (1, "release", 13784),
        (2, "zone", 1508155),
        (2, "release", 12488),
        (3, "release", 13784),
        (3, "supplier", 15600),
    ],
]
