"""The tools of the command line, one module a tool, each found by its name.

A module here has three functions: `add_arguments(parser)`; `run(arguments)`, which returns a
dictionary that JSON can hold; and `describe(result)`, which returns the same as plain text.
"""
