"""The one error that every tool raises for input it can't use, and a question asked before it."""


class BadInput(ValueError):
    """Input that can't be used; the message names the place and the remedy in one sentence.

    The command line prints the message on one line and ends with exit status 2.
    """


def is_whole(value: object, least: int) -> bool:
    """Return whether a value is a whole number from `least` up; True and False are none.

    >>> is_whole(3, 1), is_whole(0, 1), is_whole(True, 1), is_whole(3.0, 1)
    (True, False, False, False)
    """
    return isinstance(value, int) and not isinstance(value, bool) and value >= least
