"""Processes that share requests among workers, and how they tell who is well."""
