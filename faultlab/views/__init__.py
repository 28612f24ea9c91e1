"""Figures, widgets and the board page."""
