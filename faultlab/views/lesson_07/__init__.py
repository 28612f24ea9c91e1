"""The pictures of lesson 07."""

from faultlab.views.lesson_07.free_ratings import FreeRatings
