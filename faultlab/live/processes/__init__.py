"""Processes that this process started: orders, reports, limits, and their sure end."""
