"""Part 1, designing for failure: redundancy, diversity, loose coupling, experiments."""
