"""What a run of a fleet was: its history, its incidents, kept and played again."""
