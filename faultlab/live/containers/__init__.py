"""Work in bounds: limits on memory and time, and what happens at them."""
