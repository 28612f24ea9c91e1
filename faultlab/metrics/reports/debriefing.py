"""After an outage: questions that find out how it looked from inside, and words that put blame in their way.

The questions follow the ideas of Etsy's Debriefing Facilitation Guide (2016): ask how, not why; look for what
surprised; let several people tell their own story. The sentences are ours, and so is the list of words: it is
a reader's help, no judge. It knows English words and no intentions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

QUESTIONS = {
    "what it looked like": (
        "What did you see first, and what did you take it for?",
        "Which screen or number did you look at next, and what did you expect there?",
        "What did you know then, and what did you only learn later?",
    ),
    "how decisions were made": (
        "How did you choose what to try? What else did you think of?",
        "How sure were you, and what could change your mind?",
        "How did you know that it was safe to go on?",
    ),
    "what helped and what was in the way": (
        "Who or what helped, without being on any plan?",
        "What took longer than you thought, and how did you get around it?",
        "How did people find each other, and who was missing?",
    ),
    "what surprised": (
        "When did you notice that it was not what you had thought?",
        "What worked here a hundred times before, and what was different today?",
        "What does this outage tell about the days on which nothing happens?",
    ),
}
"""Questions for a debriefing, by what they are after."""

_DONE = r"(?:\w+ed|been|chosen|done|found|gone|kept|known|made|read|seen|taken|told|thought)"
_SIGNS = (
    (
        "hindsight",
        rf"\b(?:should|could|ought to|would)(?: never| not|n't)? have {_DONE}\b|\bif only\b",
        "It says what didn't happen. What did happen, and how did it make sense at the time?",
    ),
    (
        "a person as the cause",
        r"\b(?:human|operator|user) error\b|\b(?:his|her|their) (?:mistake|fault)\b|\bwho is to blame\b",
        "It ends the search at a person. What made this the likely thing to do here?",
    ),
    (
        "a judgement",
        r"\b(?:careless|negligen|stupid|incompeten|reckless|lazy|sloppy)\w*",
        "It judges. What could this person see, and what was asked of them at that moment?",
    ),
    (
        "a failing",
        r"\b(?:failed|forgot|neglected|refused|did(?: not|n't) bother) to\b"
        r"|\bdid(?: not|n't) (?:follow|notice|check|read)\b|\bignored\b|\bviolat(?:ed|ion)\b",
        "It measures against what we know today. What were they doing instead, and what for?",
    ),
    (
        "too simple a cause",
        r"\b(?:the )?root cause (?:was|is)\b|\b(?:simply|obvious(?:ly)?|common sense|just needed to)\b",
        "This turns many causes into one. What else had to be true for this to become an outage?",
    ),
)


@dataclass(frozen=True)
class Blame:
    """Words that stand in the way, and a question that leads on.

    Attributes
    ----------
    kind : str
        "hindsight", "a person as the cause", "a judgement", "a failing" or "too simple a cause".
    words : str
    start, end : int
        Where they stand in the text.
    ask : str
    """

    kind: str
    words: str
    start: int
    end: int
    ask: str


def blame_found(text: str) -> tuple[Blame, ...]:
    """Return the words of blame and hindsight in a text, in its order.

    Parameters
    ----------
    text : str

    Returns
    -------
    tuple of Blame

    Examples
    --------
    >>> found = blame_found("The engineer should have checked the graph. It was human error.")
    >>> [(one.kind, one.words) for one in found]
    [('hindsight', 'should have checked'), ('a person as the cause', 'human error')]
    >>> blame_found("The graph showed green, since nobody reached the servers that count errors.")
    ()
    """
    found = [
        Blame(kind, match.group(), match.start(), match.end(), ask)
        for kind, pattern, ask in _SIGNS
        for match in re.finditer(pattern, text.replace("’", "'"), re.IGNORECASE)
    ]
    return tuple(sorted(found, key=lambda one: (one.start, one.end)))
