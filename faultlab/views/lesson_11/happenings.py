"""What came of events, told from what the engine worked out: when, who noticed, what else was possible."""

from __future__ import annotations

import math

from faultlab.cases.game_day import Decision, Game, Happened, YearInPlay, decisions, event_sizes, sighting
from faultlab.views.kit.words import count, euros, share, span

WEIGHTED = (
    "A minute counts by the share of an ordinary minute's orders that it loses: ten minutes in which one "
    "order in ten fails count as one, and a minute of a rush that loses three times as many counts as three. "
    "So a small failure and a whole one can be added up."
)


def as_if_down(minutes: int) -> str:
    """Weighted minutes in words, which are no time on the clock.

    >>> as_if_down(5), as_if_down(0)
    ('it was as if nobody could buy for 5 minutes', 'nearly everybody could buy')
    """
    whole = on_the_clock(minutes)
    return f"it was as if nobody could buy for {whole}" if minutes else "nearly everybody could buy"


def on_the_clock(minutes: float) -> str:
    r"""A length of time as somebody reads it off a clock.

    >>> on_the_clock(1), on_the_clock(52), on_the_clock(153), on_the_clock(480), on_the_clock(9 * 1440)
    ('1 minute', '52 minutes', '2\xa0h\xa033\xa0min', '8\xa0h', '9 days')
    """
    whole = round(minutes)
    if whole < 120:
        return count(whole, "minute")
    if whole >= 2 * 24 * 60:
        return span(whole)
    hours, rest = divmod(whole, 60)
    return (f"{hours} h" + (f" {rest} min" if rest else "")).replace(" ", "\N{NO-BREAK SPACE}")


def calendar(year: YearInPlay) -> list[str]:
    """When each event began, in order, as a table says it: "Q2, day 17, 04:00"."""
    found, before = [], (-1, 0, 0)
    for one in year.happened:
        now = (one.quarter, one.when // (24 * 60) + 1, one.card.hour)
        if now < before:  # the draw has the order, and the hour is the card's: this one is of the next day
            now = (one.quarter, before[1] + 1, one.card.hour)
        day = f"Q{now[0] + 1}, day {now[1]},".replace(" ", "\N{NO-BREAK SPACE}")
        found.append(f"{day} {now[2]:02d}:00")
        before = now
    return found


def timeline(year: YearInPlay) -> list[dict]:
    """What has happened, a row an event in order of time: when, what was decided, minutes and money."""
    return [
        {
            "When": when,
            "Event": year.game.events[one.event].name,
            "Decided": year.game.events[one.event].ways[one.way][0],
            "Minutes": one.outcome.minutes,
            "EUR": one.outcome.money,
        }
        for when, one in zip(calendar(year), year.happened, strict=True)
    ]


def whole_timeline(year: YearInPlay) -> list[dict]:
    """The timeline with how each event went: when it was noticed, what followed, and who left."""
    return [
        row
        | {
            "Customers lost": one.outcome.customers,
            "Noticed after": "not at all"
            if one.outcome.by == "nobody"
            else on_the_clock(one.outcome.noticed),
            "How it went": " ".join(text for _, text in one.outcome.steps[1:]),
        }
        for row, one in zip(timeline(year), year.happened, strict=True)
    ]


def who_noticed(game: Game, one: Happened) -> str:
    """Who noticed an event first, and who else would have: in a sentence or two."""
    came = one.outcome
    if came.by == "nobody":
        allowed = f"{100 * game.objective:.4g} %"
        return (
            f"Until something was done, fewer orders failed than the objective of {allowed} allows: there "
            "was nothing to notice."
        )
    after = on_the_clock(came.noticed)
    if came.by not in ("alert", "customers"):
        return f"No monitor looks at this: people noticed it after {after}."
    found = sighting(game, came.seen, "alerts" in one.held)
    first = min(minutes for _, minutes in found.pages)
    if came.by == "alert":
        calls = on_the_clock(found.calls)
        return f"An alert told of it after {after}. Without it, customers call after {calls}."
    told = f"Customers told of it after {after}."
    if math.isinf(first):
        return f"{told} No alert looks at so small a failure."
    if "alerts" in one.held or first >= found.calls:
        return f"{told} No alert is sooner."
    return f"{told} An alert would have after {on_the_clock(math.ceil(first))}, but none was bought."


def how_seen(game: Game, one: Happened) -> str:
    """Who noticed an event first, and why not sooner: the arithmetic of the alerts, from the engine."""
    told, came = who_noticed(game, one), one.outcome
    if came.by not in ("alert", "customers"):
        return told
    found, whole = (sighting(game, orders, "alerts" in one.held) for orders in (came.seen, 1.0))
    alert, first = min(found.pages, key=lambda pair: pair[1])
    told += (
        f" {share(min(1.0, came.seen))} of the orders failed, {found.burn:.3g} times what the objective of "
        f"{100 * game.objective:.4g} % allows."
    )
    if math.isinf(first):
        return told
    least = math.ceil(min(minutes for _, minutes in whole.pages))
    soonest = f", and after {on_the_clock(least)} where every order fails" if least < first else ""
    return (
        f"{told} The alert looks at the mean of the last {on_the_clock(60 * alert.long_hours)}, and fires at "
        f"{alert.burn_rate:g} times: after {on_the_clock(math.ceil(first))} at this rate{soonest}."
    )


def _cost(amount: float, minutes: float) -> str:
    """Money and minutes, neither of which is broken in a narrow cell."""
    kept = euros(amount).replace(" ", "\N{NO-BREAK SPACE}")
    return f"{kept}, {minutes:,.0f}\N{NO-BREAK SPACE}min"


def verdict(one: Decision) -> str:
    """A decision by the odds, and by what came of it: these are two things.

    >>> from faultlab.cases.game_day import read_game
    >>> game = read_game("course/data/game_day.yaml", "course/kestrel.yaml")
    >>> year = YearInPlay(game, "board", 7)
    >>> year.begin()
    >>> while year.pending:
    ...     what = year.decide(0)
    >>> {verdict(one) for one in decisions(year)} <= set(VERDICTS.values())
    True
    """
    if abs(one.dearer_here) <= SAME * one.chosen.cost:
        return VERDICTS[one.right, 0]
    return VERDICTS[one.right, 1 if one.dearer_here > 0 else -1]


SAME = 0.01
"""Of what a decision came to: less makes no difference to anybody."""
VERDICTS = {
    (True, -1): "Right by the odds, and it paid",
    (True, 0): "Right by the odds; here it made no difference",
    (True, 1): "Right by the odds, and unlucky",
    (False, -1): "Against the odds, and lucky",
    (False, 0): "Against the odds; here it made no difference",
    (False, 1): "Against the odds, and it cost",
}


def decided(year: YearInPlay) -> tuple[str, list[dict]]:
    """What each decision cost beside the other ways, in this draw and by the odds: a sentence and rows."""
    game, found = year.game, decisions(year)
    if not found:
        return "Nothing had to be decided.", []
    rows = []
    for when, one in zip(calendar(year), found, strict=True):
        event, mine = game.events[one.happened.event], one.happened.way
        others = [pair for place, pair in enumerate(zip(event.ways, one.ways, strict=True)) if place != mine]
        here = [f"{text}: {_cost(way.cost, way.outcome.minutes)}" for (text, _), way in others]
        odds = [_cost(way.mean, way.mean_minutes) for _, way in others]
        rows.append(
            {
                "When": when,
                "Event": event.name,
                "Decided": (f"{event.ways[mine][0]}: {_cost(one.chosen.cost, one.chosen.outcome.minutes)}"),
                "Otherwise, in the same draw": "; ".join(here),
                "By the odds": (
                    f"{_cost(one.chosen.mean, one.chosen.mean_minutes)}; otherwise {' or '.join(odds)}"
                ),
                "So": verdict(one),
            }
        )
    right = sum(one.right for one in found)
    unlucky = sum(verdict(one) == VERDICTS[True, 1] for one in found)
    short = sum(one.chosen.mean - one.by_the_odds.mean for one in found)
    dearer = sum(one.chosen.cost - one.by_the_odds.cost for one in found)
    sentence = f"{right} of {count(len(found), 'decision')} had the lowest mean cost of all ways"
    sentence += f"; {unlucky} of these had bad luck." if unlucky else "."
    if right < len(found):
        less = "more" if dearer > 0 else "less"
        sentence += (
            f" By the odds the others cost {euros(short)} more than the best way; in this very year, "
            f"{euros(abs(dearer))} {less}."
        )
    return sentence, rows


def what_may_come(year: YearInPlay) -> list[dict]:
    """How often each event comes in a year, and what one takes with what is held; the largest first."""
    odds = year.level.shows_odds
    rows = []
    for one in event_sizes(year.game, year.level.id, year.held):
        row: dict = {"Event": year.game.events[one.event].name}
        if odds:
            row["Times a year"] = f"{one.a_year:.1f}"
        row |= {
            "One costs, EUR": _roughly(one.cost),
            "One in ten costs more than, EUR": _roughly(one.dear),
        }
        if odds:
            row["All of a year, EUR"] = _roughly(one.a_year * one.cost)
        rows.append(row)
    return rows if odds else sorted(rows, key=lambda row: row["Event"])


def all_that_may_come(year: YearInPlay) -> str:
    """What the events of a year cost together, in the mean, in a sentence; "" where no odds are shown."""
    if not year.level.shows_odds:
        return ""
    total = sum(one.a_year * one.cost for one in event_sizes(year.game, year.level.id, year.held))
    return f"Together they cost about {euros(_roughly(total))} a year in the mean, the dearest first."


def _roughly(amount: float) -> int:
    return int(round(amount, -3 if amount < 1e6 else -4))
