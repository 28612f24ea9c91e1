"""Lesson 11's game: Kestrel's next year, what is bought for it, what comes, and how much of it was luck."""

from faultlab.cases.game_day.cards import LENGTHS, Card, Chance, cards, dealt
from faultlab.cases.game_day.game_code import read_game_code, write_game_code
from faultlab.cases.game_day.game_file import Game, read_game
from faultlab.cases.game_day.odds import best_plan, expected_cost, plan_shares, value_of
from faultlab.cases.game_day.year import Happened, YearInPlay, played_year
