"""Real processes: a small fleet of HTTP workers, the load on it, the faults in it."""
