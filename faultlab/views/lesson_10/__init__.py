"""The pictures of lesson 10: the board's page."""

from faultlab.views.lesson_10.board_words import headline, named
from faultlab.views.lesson_10.sheets import board_page
