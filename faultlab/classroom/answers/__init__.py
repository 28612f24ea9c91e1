"""Answers: read as people type them, checked, scored."""
