"""Lesson 11's game: Kestrel's next year, what is bought for it, what comes, and how much of it was luck."""

from faultlab.cases.game_day.game_code import read_game_code, write_game_code
from faultlab.cases.game_day.game_file import QUARTERS, Event, Game, read_game
from faultlab.cases.game_day.odds import best_plan, expected_cost
from faultlab.cases.game_day.scoring import Score, changed_most, in_best_plans, score, years_of
from faultlab.cases.game_day.year import Happened, YearInPlay, chance_of, played_year
