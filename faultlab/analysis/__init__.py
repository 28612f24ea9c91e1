"""Part 3: the system model, fault trees, block diagrams, FMEA, and their exact quantification."""
