"""The pictures of lesson 11: the game day, and what a year is worth."""

from faultlab.views.lesson_11.game_day import GameDay
