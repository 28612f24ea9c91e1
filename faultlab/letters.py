"""Codes that people copy and type: whole numbers in 32 letters and digits without look-alikes, and a check.

The letters are Crockford's: no I, L, O, U.
"""

from __future__ import annotations

import hashlib

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LOOKALIKES = str.maketrans("ILO", "110")
CHECK_LETTERS = 5
GAME = "GD1-"
"""How the code of a game of lesson 11 begins."""


def spelled(number: int) -> str:
    """Return a whole number in letters.

    >>> spelled(0), spelled(33)
    ('0', '11')
    """
    text = ""
    while number or not text:
        number, digit = divmod(number, 32)
        text = LETTERS[digit] + text
    return text


def value_of(text: str) -> int:
    """Return the whole number that letters spell.

    >>> value_of("11")
    33
    """
    number = 0
    for letter in text:
        number = number * 32 + LETTERS.index(letter)
    return number


def check_letters(prefix: str, body: str) -> str:
    """Return the letters that tell whether a code was mistyped: 25 bits of SHA-256."""
    number = int.from_bytes(hashlib.sha256((prefix + body).encode()).digest()[:4], "big")
    return "".join(LETTERS[number >> (5 * place) & 31] for place in range(CHECK_LETTERS))


def body_of(prefix: str, code: str, most_letters: int) -> str | None:
    """Return what stands between a code's prefix and its check letters; None where it is mistyped.

    >>> body_of("GD1-", "gd1-" + "7" + check_letters("GD1-", "7"), 60)
    '7'
    """
    typed = "".join(str(code).split()).upper().replace("-", "")
    start = prefix.replace("-", "")
    letters = typed[len(start) :].translate(LOOKALIKES)
    body, check = letters[:-CHECK_LETTERS], letters[-CHECK_LETTERS:]
    sound = (
        typed.startswith(start) and body and len(letters) <= most_letters and not set(letters) - set(LETTERS)
    )
    return body if sound and check == check_letters(prefix, body) else None
