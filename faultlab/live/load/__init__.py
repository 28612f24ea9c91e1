"""Requests sent to a fleet, and how they went."""
