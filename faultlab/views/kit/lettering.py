"""How wide words are, and where to break them, without asking a browser.

The widths are those of a wide face (DejaVu Sans, the fallback of many Linux desktops), in hundredths of the
type size, so that a line that fits here fits with every face of the course's font list.
"""

from __future__ import annotations

import re

_WIDE = {" ": 32, "f": 36, "i": 28, "j": 28, "l": 28, "r": 42, "t": 40, "m": 98, "w": 82, "M": 87, "W": 99}
_WIDE |= dict.fromkeys(".,:;'|!", 34) | dict.fromkeys("()[]-/", 40) | {"%": 95, "–": 50, "=": 84, "×": 84}
_WIDE["\N{NO-BREAK SPACE}"] = _WIDE[" "]
_LOWER, _UPPER, _OTHER = 62, 72, 64


def width_of(words: str, size: float = 13, bold: bool = False) -> float:
    """Return how wide a line is at most, in the unit of the type size.

    >>> width_of("mm", 10) > width_of("ii", 10)
    True
    """
    hundredths = 0
    for letter in words:
        usual = _LOWER if letter.islower() else _UPPER if letter.isupper() else _OTHER
        hundredths += _WIDE.get(letter, usual)
    return hundredths * size / 100 * (1.1 if bold else 1.0)


def wrapped(words: str, width: float, size: float = 13, bold: bool = False) -> list[str]:
    """Return words as lines that fit a width; a word that is too long is broken.

    >>> wrapped("latent bug in blob front ends", 100)
    ['latent bug in', 'blob front ends']
    >>> wrapped("lasts 45\N{NO-BREAK SPACE}min", 60)
    ['lasts', '45\xa0min']
    """
    lines = [""]
    for word in filter(None, re.split(r"[ \n]", str(words))):
        longer = f"{lines[-1]} {word}".strip()
        if width_of(longer, size, bold) <= width:
            lines[-1] = longer
            continue
        if lines[-1]:
            lines.append("")
        while width_of(word, size, bold) > width and len(word) > 1:
            cut = max(n for n in range(1, len(word)) if n == 1 or width_of(word[:n], size, bold) <= width)
            lines[-1] = word[:cut]
            lines.append("")
            word = word[cut:]
        lines[-1] = word
    return lines
