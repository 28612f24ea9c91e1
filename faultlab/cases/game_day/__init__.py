"""Lesson 11's game: Kestrel's next year, what is bought for it, what comes, and how much of it was luck."""

from faultlab.cases.game_day.game_code import (
    UNFINISHED,
    game_for_browser,
    read_game_code,
    read_judged_year,
    write_game_code,
)
from faultlab.cases.game_day.game_file import QUARTERS, Event, Game, read_game
from faultlab.cases.game_day.game_trials import offer_of, plan_trial, policy_trial
from faultlab.cases.game_day.odds import (
    best_otherwise,
    best_plan,
    event_sizes,
    expected_cost,
    worth_of_each,
)
from faultlab.cases.game_day.outcomes import sighting
from faultlab.cases.game_day.scoring import (
    Decision,
    Score,
    changed_most,
    decisions,
    in_best_plans,
    score,
    years_of,
)
from faultlab.cases.game_day.year import Happened, YearInPlay, chance_of, deck, outcome_of, played_year
