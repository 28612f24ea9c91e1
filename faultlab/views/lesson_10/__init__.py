"""The pictures of lesson 10: a year's loss, what carries it, offers, what is hidden, the board's page."""

from faultlab.views.lesson_10.board_words import headline
from faultlab.views.lesson_10.own_answers import own_answers, own_offers
from faultlab.views.lesson_10.sheets import board_page, board_sheet
