"""Figures, widgets and the board page: how the course shows what the other floors return."""

from faultlab.doors import door

__getattr__, __dir__ = door(__name__, "kit", "diagrams", "lesson_02")
