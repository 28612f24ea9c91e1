"""Reviews: what a year costs, which options to buy, and what is worth finding out first."""
