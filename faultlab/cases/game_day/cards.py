"""Luck, in whole numbers: the same seed brings the same year on every machine.

Each event has a stream of its own, so that what is bought or decided elsewhere never changes what else
comes. What an event brings is one of 96 cards, each as likely as the others; so whoever knows the odds can
go through all of them, and needs no simulation.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

CARDS = 96
MILLION = 1_000_000
LENGTHS = (22, 41, 61, 85, 117, 163, 243, 464)
"""Per cent of a median: the middles of eight equally likely parts of a lognormal with a sigma of 1."""

_MASK = (1 << 64) - 1


def _mixed(*numbers: int) -> int:
    """64 bits that depend on every number: SplitMix64 (Steele, Lea and Flood, OOPSLA 2014), in whole numbers.

    >>> hex(_mixed(0))
    '0xe220a8397b1dcdaf'
    """
    state = 0
    for number in numbers:
        state = (state ^ number) + 0x9E3779B97F4A7C15 & _MASK
        state = (state ^ state >> 30) * 0xBF58476D1CE4E5B9 & _MASK
        state = (state ^ state >> 27) * 0x94D049BB133111EB & _MASK
        state ^= state >> 31
    return state


@dataclass(frozen=True)
class Card:
    """What luck brings to an event.

    Attributes
    ----------
    size : int
        0, 1 or 2: how much of the traffic it meets, or how heavy the traffic is.
    length : int
        Per cent of the median time of a repair, one of `LENGTHS`.
    night : bool
    sign : int
        Which of the two things is known when it is decided, 0 or 1.
    turn : int
        0 to 99: whether what may go either way goes well.
    weak : bool
        Whether a failover that nobody has tried fails.
    hour : int
        At which it begins.
    """

    size: int
    length: int
    night: bool
    sign: int
    turn: int
    weak: bool
    hour: int


@cache
def cards(event: int, weak_share: float) -> tuple[Card, ...]:
    """Return the 96 cards of an event, by its place among the events.

    Each thing on them is shuffled by itself and as often there as it is likely.

    Examples
    --------
    >>> deck = cards(0, 0.25)
    >>> sum(card.weak for card in deck), sum(card.night for card in deck), sum(card.sign for card in deck)
    (24, 32, 48)
    """
    ranks = []
    for what in range(6):
        shuffled = sorted(range(CARDS), key=lambda card: _mixed(event, what, card))
        ranks.append({card: rank for rank, card in enumerate(shuffled)})
    size, length, night, sign, turn, weak = ranks
    return tuple(
        Card(
            size=3 * size[card] // CARDS,
            length=LENGTHS[8 * length[card] // CARDS],
            night=night[card] < CARDS // 3,
            sign=2 * sign[card] // CARDS,
            turn=100 * turn[card] // CARDS,
            weak=weak[card] < round(weak_share * CARDS),
            hour=(22 + night[card] % 8) % 24 if night[card] < CARDS // 3 else 8 + night[card] % 14,
        )
        for card in range(CARDS)
    )


@dataclass(frozen=True)
class Chance:
    """What a seed brings to an event in a quarter, before anybody has bought anything.

    `comes` and `misses` are from 0 to 999,999: the event comes where `comes` is below its chance in
    millionths, and otherwise there is a near miss where `misses` is below that one's. `card` is a place
    among the event's cards, and `when` orders the events of a quarter.
    """

    comes: int
    misses: int
    card: int
    when: int


def dealt(seed: int, event: int, quarter: int) -> Chance:
    """Return what a seed brings to an event, by its place, in a quarter from 0.

    Examples
    --------
    >>> dealt(7, 3, 0) == dealt(7, 3, 0), dealt(7, 3, 0) == dealt(8, 3, 0)
    (True, False)
    """
    comes, misses, card, when = (_mixed(seed, event, quarter, what) for what in range(4))
    return Chance(comes % MILLION, misses % MILLION, card % CARDS, when % (91 * 24 * 60))
