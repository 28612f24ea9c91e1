"""The one error that every tool of the course raises for input it can't use."""


class BadInput(ValueError):
    """Input that can't be used; the message names the place and the remedy in one sentence.

    The command line prints the message on one line and ends with exit status 2.
    """
