"""Part 4: incidents, MTTR, MTBF, availability, service levels, money."""
