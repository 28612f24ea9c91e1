"""Where the header of a worksheet stands, and which of its columns is which field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from faultlab.analysis.fmea.words import GERMAN_LETTERS, HEADS, fields_of, plain_head
from faultlab.analysis.fmea.worksheet import RATINGS
from faultlab.errors import BadInput

SEARCHED = 30  # rows with text, from the top, among which the header is looked for
NEEDED = ("item", "failure_mode", *RATINGS)
_OF_ANOTHER_TABLE = ("frequency", "monitoring")  # rated in FMEA-MSR; beside O and D, text to be carried
_NAMED = 20  # heads in a message
_ACTION = frozenset(("action", "actions", "massnahme", "massnahmen"))
_REPEATED = (*RATINGS, "rpn", "action_priority")

Line = tuple[int, Sequence[str]]


class NoHeader(BadInput):
    """A table without a header: what the line that comes closest lacks is in `missing`."""

    def __init__(self, message: str, missing: tuple[str, ...]) -> None:
        super().__init__(message)
        self.missing = missing


@dataclass(frozen=True)
class Header:
    """A header that was found.

    Attributes
    ----------
    first : int
        Its place among the lines.
    lines : int
        How many lines it takes: 1 or 2.
    fields : dict of int to str
        By the place of a column, from 0, the field that it holds.
    carried : dict of int to str
        By the place of a column, the head of one that holds no field.
    width : int
        Columns up to the last one with a head.
    heads : dict of int to str
        The heads as they stand there.
    """

    first: int
    lines: int
    fields: dict[int, str]
    carried: dict[int, str]
    width: int
    heads: dict[int, str]


def find_header(lines: Sequence[Line], name: str) -> Header:
    """Return the header of a table: the first line, or two lines, whose heads name all that is needed.

    Parameters
    ----------
    lines : sequence of (int, sequence of str)
        Lines with text: their number in the file, and their cells.
    name : str
        The file or sheet, to be named.

    Returns
    -------
    Header

    Raises
    ------
    NoHeader
        If no line is a header, with the heads of the line that comes closest.
    BadInput
        If two columns claim one field.

    Examples
    --------
    >>> lines = [(1, ["Shop, 2026"]), (3, ["Component", "Failure Mode", "S", "O", "D", "Owner"])]
    >>> header = find_header(lines, "a.csv")
    >>> header.first, header.fields[0], header.carried
    (1, 'item', {5: 'Owner'})
    """
    closest, most, known = None, 0, set()
    for first in range(min(len(lines), SEARCHED)):
        heads = _heads(lines, first, 1)
        claims = _claims(heads)
        missing = _missing(claims)
        if not missing:
            pair = _pair(lines, first) if _goes_on(lines, first) else None
            height, heads, claims = pair or (1, heads, claims)
            return _header(lines, first, height, heads, claims, name)
        if claims:
            known.add(first)
        if len(NEEDED) - len(missing) > most:
            closest, most = (first, missing), len(NEEDED) - len(missing)
    for first in range(min(len(lines), SEARCHED)):
        pair = _pair(lines, first) if known & {first, first + 1} else None
        if pair:
            height, heads, claims = pair
            return _header(lines, first, height, heads, claims, name)
    missing = closest[1] if closest else NEEDED
    raise NoHeader(_not_found(lines, closest, name), tuple(missing))


def _heads(lines, first, height):
    """The heads by column; in two lines the upper one reaches over the columns right of it."""
    lower = lines[first + height - 1][1]
    if height == 1:
        return {place: cell.strip() for place, cell in enumerate(lower) if cell.strip()}
    upper, heads, over = lines[first][1], {}, ""
    for place in range(max(len(upper), len(lower))):
        above = upper[place].strip() if place < len(upper) else ""
        below = lower[place].strip() if place < len(lower) else ""
        over = (above or over) if below else ""
        if below and over and above != below:
            joined = f"{over} {below}"
            heads[place] = joined if fields_of(joined) or not fields_of(below) else below
        elif above or below:
            heads[place] = below or above
    return heads


def _pair(lines, first):
    """A header of two lines: its height, heads and claims; None if these name too little."""
    if first + 1 >= len(lines):
        return None
    heads = _heads(lines, first, 2)
    claims = _claims(heads)
    return None if _missing(claims) else (2, heads, claims)


def _goes_on(lines, first):
    """Whether the line below a header is its second line: heads, and none where items and modes stand."""
    if first + 1 >= len(lines):
        return False
    upper, lower = _heads(lines, first, 1), _heads(lines, first + 1, 1)
    below = [place for place in lower if place not in upper]
    return bool(below) and all(
        fields_of(lower[place]) and plain_head(lower[place]) not in ("failure", "mode") for place in lower
    )


def _claims(heads):
    """By field, the columns that claim it, as (how far off, place)."""
    claims: dict[str, list] = {}
    acted = -1
    matched = _matched(heads)
    twice = _rated_twice(matched)
    for place, head in heads.items():
        if _ACTION & set(plain_head(head).split()) or "action" in dict(matched[place]):
            acted = place
        for field, far in matched[place]:
            earlier = [at for _, at in claims.get(field, ())]
            if field in _REPEATED and earlier and (twice or earlier[0] < acted):
                field = f"{field}_after"
            claims.setdefault(field, []).append((far, place))
    if "prevention_controls" in claims and len(claims.get("detection", ())) == 2:
        words = [place for _, place in claims["detection"] if plain_head(heads[place]) == "detection"]
        if len(words) == 1:  # beside "Prevention" and "D", it is the control
            claims["detection"] = [one for one in claims["detection"] if one[1] != words[0]]
            claims.setdefault("detection_controls", []).append((0, words[0]))
    if "item" not in claims and "function" in claims:
        claims["item"] = claims.pop("function")
    return claims


def _matched(heads):
    """By column, the fields that its head may stand for; B, A and E are ratings where nothing else is."""
    matched = {place: fields_of(head) for place, head in heads.items()}
    plain = {place: plain_head(head) for place, head in heads.items()}
    if set(GERMAN_LETTERS) <= set(plain.values()) and not any(
        field in RATINGS for found in matched.values() for field, _ in found
    ):
        matched |= {at: ((GERMAN_LETTERS[one], 0),) for at, one in plain.items() if one in GERMAN_LETTERS}
    return matched


def _rated_twice(matched):
    """Whether all three ratings stand there, and then all three again."""
    places = [[place for place, found in matched.items() if field in dict(found)] for field in RATINGS]
    return all(len(one) == 2 for one in places) and max(one[0] for one in places) < min(
        one[1] for one in places
    )


def _missing(claims):
    return [field for field in NEEDED if field not in claims]


def _header(lines, first, height, heads, claims, name):
    places = " and ".join(str(line) for line, _ in lines[first : first + height])
    fields = {}
    for field, columns in claims.items():
        nearest = min(far for far, _ in columns)
        # Another column of ratings is no text to be carried along: which of them counts, people say.
        chosen = [place for far, place in columns if far == nearest or field in RATINGS]
        if len(chosen) > 1:
            given = " and ".join(repr(heads[place]) for place in chosen)
            raise BadInput(
                f"{name}, line {places}: two columns for {field}, {given}; "
                "join them, or give one another head."
            )
        if field not in _OF_ANOTHER_TABLE:
            fields[chosen[0]] = field
    return Header(first, height, fields, _carried(heads, fields), max(heads) + 1, heads)


def _carried(heads, fields):
    """The heads of further columns, each once; a column without a head is named by its place."""
    met, carried = set(), {}
    for place in range(max(heads) + 1):
        if place in fields:
            continue
        head = once = heads.get(place) or f"column {place + 1}"
        number = 1
        while once in met:
            number += 1
            once = f"{head} ({number})"
        met.add(once)
        carried[place] = once
    return carried


def _not_found(lines, closest, name):
    if not lines:
        return f"{name} is empty; its first line names the columns {', '.join(NEEDED)}."
    if closest is None:
        return (
            f"{name}: none of the first {SEARCHED} lines is a header; give each column a head: "
            f"{', '.join(NEEDED)}."
        )
    first, missing = closest
    line, cells = lines[first]
    given = [repr(cell.strip()[:40]) for cell in cells if cell.strip()]
    found = ", ".join(given[:_NAMED]) + (f" and {len(given) - _NAMED} more" if len(given) > _NAMED else "")
    if set(_OF_ANOTHER_TABLE) <= {field for cell in cells for field, _ in fields_of(cell)}:
        return (
            f"{name}, line {line}: this sheet rates frequency and monitoring (FMEA-MSR), whose table is not "
            "included; rate occurrence and detection for the table of design and process FMEA."
        )
    words = " and ".join(repr(HEADS[field][0].split(", ")[0].capitalize()) for field in missing)
    lacking = " and ".join(missing)
    return f"{name}: no column for {lacking}; line {line} has the heads {found}; add {words}."
