"""A fleet of HTTP workers: its settings, its supervisor, the faults put into it."""
