"""The pictures of lesson 10: a year's loss, what carries it, offers, what is hidden, the board's page."""

from faultlab.views.lesson_10.board_words import alert_words, headline, listed, named
from faultlab.views.lesson_10.sheets import board_page, board_sheet
from faultlab.views.lesson_10.taken_elsewhere import in_cells, in_markdown
from faultlab.views.lesson_10.while_typing import own_answers, own_offers
