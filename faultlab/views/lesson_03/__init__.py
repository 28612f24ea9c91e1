"""The pictures of lesson 03."""

from faultlab.views.lesson_03.evening_game import EveningGame
