"""What sets off outages, and what staged releases buy beside another copy."""

from __future__ import annotations

from faultlab.design.redundancy import OUTAGE_TRIGGERS, correlated_deploys
from faultlab.views.kit.chart import bars
from faultlab.views.kit.palette import BLUE, ORANGE, TEAL
from faultlab.views.kit.picture import Picture
from faultlab.views.kit.words import count, span

RELEASES_A_YEAR = 250
BAD = 0.02
DOWN = 0.005
FULL = 600
"""Minutes of a full bar, so that bars can be compared while a slider moves."""

_WORDS = {
    "binary push": "a new version of a program",
    "configuration push": "a new configuration",
    "user behavior change": "users who behave differently",
    "processing pipeline": "data processing",
    "service provider change": "a change at a supplier",
    "performance decay": "slow decay",
    "capacity management": "capacity",
    "hardware": "hardware",
}
_CHANGES = ("binary push", "configuration push")


def outage_triggers() -> Picture:
    """What set off outages at Google, as bars.

    >>> outage_triggers().sentence
    'Two kinds of change, both its own, triggered 68 % of the outages. Hardware triggered 2 %.'
    """
    colours = {"hardware": ORANGE} | dict.fromkeys(_CHANGES, BLUE)
    rows = [
        (_WORDS[name], share, f"{share:.0%}".replace("%", " %"), colours.get(name, TEAL))
        for name, share in OUTAGE_TRIGGERS.items()
    ]
    said = ", ".join(f"{words} {written}" for words, _, written, _ in rows)
    alt = f"Bars of what triggered outages: {said}"
    own = sum(OUTAGE_TRIGGERS[name] for name in _CHANGES)
    sentence = (
        f"Two kinds of change, both its own, triggered {own:.0%} of the outages. "
        f"Hardware triggered {OUTAGE_TRIGGERS['hardware']:.0%}."
    ).replace("%", " %")
    data = tuple({"Trigger": words, "Share": written} for words, _, written, _ in rows)
    return Picture(bars(rows, alt, highest=1, gap=46), alt, sentence, data)


def staged_releases(copies: int, first: float, noticed: float, minutes: float) -> Picture:
    """Minutes a year lost to servers that fail and to releases that are bad.

    Kestrel's releases, as an assumption: `RELEASES_A_YEAR`, of which a share `BAD` takes down what it
    reaches. Servers are up 99.5 % of the time and fail independently.

    Parameters
    ----------
    copies : int
        Servers, of which one is enough.
    first : float
        Percent of the users whom a release reaches first; 100 for all at once.
    noticed : float
        Percent of bad releases that are noticed there.
    minutes : float
        From a release to its being undone.

    Returns
    -------
    Picture

    Examples
    --------
    >>> staged_releases(2, 100, 80, 30).sentence.partition(". ")[0]
    'Server failures cost you 13.1 minutes a year and bad releases 2.5 hours'
    """

    def lost(copies, first):
        stages = (1.0,) if first == 100 else (first / 100, 1.0)
        return correlated_deploys(1, copies, DOWN, RELEASES_A_YEAR, BAD, minutes, stages, noticed / 100)

    now, more, staged = lost(copies, first), lost(copies + 1, first), lost(copies, 10)
    rows = [
        (f"server failures ({count(copies, 'copy', 'copies')})", now.hardware, _time(now.hardware), ORANGE),
        ("bad releases", now.bad_deploys, _time(now.bad_deploys), BLUE),
    ]
    saved = now.hardware - more.hardware
    sentence = (
        f"Server failures cost you {_time(now.hardware)} a year and bad releases {_time(now.bad_deploys)}. "
        f"One more copy would save {_time(saved)}"
    )
    if first > 10:
        sentence += (
            f"; releasing to 10 % of users first would save {_time(now.bad_deploys - staged.bad_deploys)}."
        )
    else:
        before = lost(copies, 100).bad_deploys
        sentence += f"; the staged release is already saving {_time(before - now.bad_deploys)}."
    alt = f"Two bars of minutes lost a year: {rows[0][0]} {rows[0][2]}, {rows[1][0]} {rows[1][2]}."
    data = tuple(
        {
            "Release to": "all at once" if share == 100 else f"{share:g} % first",
            "Servers, minutes a year": float(f"{lost(copies, share).hardware:.4g}"),
            "Releases, minutes a year": float(f"{lost(copies, share).bad_deploys:.4g}"),
        }
        for share in sorted({100, 10, first}, reverse=True)
    )
    return Picture(bars(rows, alt, highest=FULL), alt, sentence, data)


def _time(minutes):
    return span(minutes) if minutes > 0 else "nothing"
