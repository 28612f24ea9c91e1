"""A certificate: what a learner has done, in words to print, with a code that changes with every one of them.

The code shows a typing error or an edit. It stops nobody who reads this file, unless an instructor's secret
goes into it (HMAC, RFC 2104). The name stands on the page and nowhere else.

`faultlab/twin/certificate.js` says it again for My page; tests/twin/ asks both.
"""

from __future__ import annotations

import hmac
import re
import unicodedata
from dataclasses import dataclass
from hashlib import sha256
from html import escape, unescape
from pathlib import Path
from typing import Any

from faultlab.errors import BadInput
from faultlab.input_files import text_of
from faultlab.letters import LETTERS

OPEN_PREFIX, SEALED_PREFIX = "CT1-", "CS1-"
CODE = re.compile(r"\b(C[TS]1)-([0-9A-Z]{5})-([0-9A-Z]{5})\b")
COURSE = "Building Fault-Tolerant Software Systems"
SAYS = "has worked on these parts of the course."
MEANS = "This page counts what was answered. It is no examination: nobody watched, and help was allowed."
OPEN = (
    "The code changes with every word above, so it shows a slip or an edit. Whoever reads the course's own "
    "code can make one."
)
SEALED = (
    "The code changes with every word above and with a secret of the instructor's, who can tell whether it "
    "is genuine."
)
SHORTEST_SECRET = 16  # letters
LONGEST_NAME = 60
MOST_BYTES = 2_000_000


@dataclass(frozen=True)
class Certificate:
    """What stands on a certificate, from the top.

    Parameters
    ----------
    name, date : str
        The date in words.
    parts : tuple of (str, str)
        A lesson, and what was done of it.
    secret : str
        The instructor's; empty without one.
    """

    name: str
    date: str
    parts: tuple[tuple[str, str], ...]
    secret: str = ""

    @property
    def sealed(self) -> str:
        """What the code proves."""
        return SEALED if self.secret else OPEN

    @property
    def code(self) -> str:
        """The code under it."""
        flat = [words for part in self.parts for words in part]
        return code_of(" ".join([COURSE, self.name, SAYS, *flat, self.date, MEANS, self.sealed]), self.secret)

    def page(self, css: str) -> str:
        """Return it as a web page of its own, one sheet of A4, which loads and runs nothing."""
        done = "".join(
            f"<li><b>{escape(what)}</b> <span>{escape(how)}</span></li>" for what, how in self.parts
        )
        style = css.replace("</", "<\\/")
        return (
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
            "style-src 'unsafe-inline'\">\n"
            f"<title>Certificate: {escape(self.name)}</title>\n<style>\n{style}\n</style>\n</head>\n"
            '<body class="look"><main><article class="sheet certificate">'
            f'<p class="kicker">{COURSE}</p><h1>{escape(self.name)}</h1><p>{SAYS}</p><ol>{done}</ol>'
            f'<p class="date">{escape(self.date)}</p><p class="means">{MEANS}</p>'
            f'<p class="means">{self.sealed}</p><p class="code">{self.code}</p>'
            "</article></main></body>\n</html>\n"
        )


def parts_done(record: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return what was done, each part as its name and what: the course in sum, each lesson, the gain.

    Parameters
    ----------
    record : dict
        From `course_record`.
    """
    lessons = record["lessons"]
    ready = sum(lesson["state"] == "done" for lesson in lessons)
    signed = sum(_signed(lesson) for lesson in lessons)
    decisions = [lesson["lab"]["decisions"] for lesson in lessons]
    in_sum = [
        f"{ready} of {_counted(len(lessons), 'lesson')} finished" if ready else "",
        f"{_counted(signed, 'decision')} signed" if signed else "",
        _correct({key: sum(one[key] for one in decisions) for key in ("of", "correct", "shown")}, "decision"),
    ]
    found = [("The course", in_sum), *((_name_of(lesson), _done_of(lesson)) for lesson in lessons)]
    parts = [(name, f"{'; '.join(filter(None, done))}.") for name, done in found if any(done)]
    return (*parts, *([("Ten decisions before and after", record["gained"])] if record["gained"] else []))


def _name_of(lesson):
    return f"Lesson {int(lesson['number'])}, {lesson['title'].split(':')[0]}"


def _done_of(lesson):
    quiz, lab, bets = lesson["quiz"], lesson["lab"], len(lesson["bets"])
    return [
        f"{quiz['right']} of {_counted(quiz['of'], 'question')} right" if quiz["answered"] else "",
        _counted(bets, "bet") if bets else "",
        "decision signed" if _signed(lesson) else "",
        _correct(lab["decisions"], "decision"),
        _correct(lab["functions"], "function"),
        "a year of the game day played" if lesson["game"] else "",
    ]


def _signed(lesson):
    return bool(lesson["decision"] and lesson["decision"]["choice"])


def _correct(tasks, what):
    shown = f", {tasks['shown']} after the solution" if tasks["shown"] else ""
    return (
        f"{tasks['correct']} of {_counted(tasks['of'], f'lab {what}')} correct{shown}"
        if tasks["correct"]
        else ""
    )


def _counted(count, what):
    return f"{count} {what}{'' if count == 1 else 's'}"


def code_of(text: str, secret: str = "") -> str:
    """Return the code of a text: 50 bits of SHA-256 over its letters and digits, whatever is between them.

    >>> code_of("Ada, 7 of 9.") == code_of("Ada 7 of  9"), code_of("Ada 7 of 9") == code_of("Ada 8 of 9")
    (True, False)
    """
    prefix = SEALED_PREFIX if secret else OPEN_PREFIX
    spaced = "".join(sign if sign.isalnum() else " " for sign in unicodedata.normalize("NFC", text))
    words = (prefix + " ".join(spaced.split())).encode()
    digest = hmac.digest(secret.encode(), words, "sha256") if secret else sha256(words).digest()
    bits = int.from_bytes(digest[:8], "big")
    letters = "".join(LETTERS[bits >> (5 * place) & 31] for place in range(10))
    return f"{prefix}{letters[:5]}-{letters[5:]}"


def read_secret(path: str | Path) -> str:
    """Read an instructor's secret: the text of a file.

    Raises
    ------
    BadInput
        If it is short enough to be guessed.
    """
    secret = text_of(path, MOST_BYTES, "a secret").strip()
    if len(secret) < SHORTEST_SECRET:
        raise BadInput(
            f"{Path(path).name} has fewer than {SHORTEST_SECRET} letters: a secret must not be guessed."
        )
    return secret


def verify(path: str | Path, secret: str = "") -> tuple[bool, str]:
    """Check a certificate, as a file or as its words typed off from paper.

    Parameters
    ----------
    path : str or Path
        The page, or a text with all of its words in order, the code last.
    secret : str

    Returns
    -------
    sound : bool
        Whether words and code belong together.
    said : str
        What that means, in a sentence.

    Raises
    ------
    BadInput
        If it is no certificate, or its code was made with a secret and there is none.
    """
    name, text = Path(path).name, text_of(path, MOST_BYTES, "a certificate")
    body = re.search(r"<body\b.*", text, re.S | re.I)
    if body:
        text = unescape(
            re.sub(r"<[^>]*>", " ", re.sub(r"(?s)<!--.*?-->|<(style|script)\b.*?</\1>", " ", body[0]))
        )
    codes = list(CODE.finditer(text))
    if not codes:
        raise BadInput(f"{name} is no certificate of this course: it has no code such as CT1-00000-00000.")
    words, behind = text[: codes[-1].start()], text[codes[-1].end() :]
    sealed = f"{codes[-1][1]}-" == SEALED_PREFIX
    if sealed and not secret:
        raise BadInput(f"The code of {name} was made with a secret: name its file with --secret.")
    if behind.strip() or code_of(words, secret if sealed else "") != codes[-1][0]:
        return (
            False,
            f"{name}: its words and its code don't belong together, so something was changed or mistyped.",
        )
    who = "and was made with your secret" if sealed else "which says nothing of who made it"
    return True, f"{name}: not a word was changed since it was made, {who}."
