"""Figures, widgets and the board page: how the course shows what the other floors return."""
