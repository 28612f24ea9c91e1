"""Of the look only what a page shows: it keeps a page light."""

from __future__ import annotations

import re
from collections.abc import Iterator

WORD = re.compile(r"[\w-]+")
ASIDE = re.compile(r"\([^()]*\)")
CLASS = re.compile(r"\.([A-Za-z][\w-]*)")
COLOUR = re.compile(r'="(#[0-9a-f]{6})"')
NESTS = ("@media", "@supports")


def style_for(css: str, page: str) -> str:
    """The rules of a style that a page can use: those whose classes and colours occur in it somewhere.

    Parameters
    ----------
    css : str
    page : str
        All that the page holds, its scripts too: a class that a script gives stands there as a word.

    Examples
    --------
    >>> style_for(".a { x: 1; & .b, & .c { y: 2 } } @media print { .d { z: 3 } }", "<p class='a c'>")
    '.a{x: 1;& .c{y: 2}}'
    """
    return _rules(re.sub(r"/\*.*?\*/", "", css, flags=re.S), set(WORD.findall(page)))


def _rules(css, words):
    kept = []
    for head, block in _pieces(css):
        if block is None:
            kept.append(head)
            continue
        if not head.startswith("@"):
            head = ",".join(one for one in _listed(head) if _occurs(one, words))
        inside = _rules(block, words) if head.startswith(NESTS) or "{" in block else block.strip()
        if head and inside:
            kept.append(f"{head}{{{inside}}}")
    return "".join(kept)


def _pieces(css) -> Iterator[tuple[str, str | None]]:
    """The declarations of a block, each with None, and its rules, each with its own block."""
    start, place = 0, 0
    while found := re.compile(r"[;{\"']").search(css, place):
        place = found.end()
        if found[0] in "\"'":
            place = css.index(found[0], place) + 1
        elif found[0] == ";":
            yield css[start:place].strip(), None
            start = place
        else:
            end = _end(css, place)
            yield css[start : place - 1].strip(), css[place : end - 1]
            start = place = end
    if css[start:].strip():
        yield css[start:].strip(), None


def _end(css, place):
    """The place after the brace that closes the one before `place`."""
    depth = 1
    for found in re.compile(r"\"[^\"]*\"|'[^']*'|[{}]").finditer(css, place):
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        if not depth:
            return found.end()
    raise ValueError(css[place : place + 40])


def _listed(head):
    """The selectors of a rule, cut at the commas that stand in no brackets."""
    return (part.strip() for part in re.split(r",(?![^()]*\))", head))


def _occurs(selector, words):
    bare = selector
    while bare != (bare := ASIDE.sub("", bare)):
        pass
    return words.issuperset(CLASS.findall(bare)) and all(one[1:] in words for one in COLOUR.findall(bare))
