"""The debriefing that writes itself: what happened, what surprised, what was seen, what is next."""

from __future__ import annotations

import re
from html import escape
from statistics import median

from faultlab.cases.game_day import Game, Score, YearInPlay, chance_of, changed_most, worth_of_each
from faultlab.views.kit.page import folded_table, wide_table
from faultlab.views.kit.words import count, euros, listed, share
from faultlab.views.lesson_11.happenings import WEIGHTED, decided, how_seen, on_the_clock, whole_timeline
from faultlab.views.lesson_11.years import other_years, own_luck, why_the_best_plan

MOST_BARRIERS = 3
DRAWN = (
    "The plans drawn at random buy whatever still fits; some decide by the odds, some by a die, most by both."
)
FOR_ROOMS = "board"
"""The level at which the years for rooms teach what they say."""


def surprises(year: YearInPlay) -> list[str]:
    """What was otherwise than expected, a sentence each; never who did it."""
    game, found = year.game, []
    chances = {
        one.event: chance_of(game, year.level, game.events[one.event], frozenset()) / 1e6
        for one in year.happened
    }
    if chances:
        rare = min(chances, key=lambda event: chances[event])
        found.append(f"{game.events[rare].name}: its chance in a quarter is {share(chances[rare])}. It came.")
    for one in year.happened:
        where = f"{game.events[one.event].name}, Q{one.quarter + 1}"
        found += [f"{where}: {turn}" for turn in one.outcome.turns[:1]]
    unheard = [event for _, event, heard in year.near_misses if not heard]
    came = sorted({one.event for one in year.happened} & set(unheard))
    if unheard:
        names = listed([game.events[one].name.lower() for one in came])
        then = f" Of these came in earnest: {names}." if came else ""
        found.append(
            f"{count(len(unheard), 'near miss', 'near misses')} happened that nobody reported: without "
            f"blameless reviews nobody likes to.{then}"
        )
    for quarter, event in year.uncovered:
        found.append(
            f"An experiment in Q{quarter + 1} found that what should take over would not have "
            f"({game.events[event].name.lower()}); it was mended before it was needed."
        )
    return found[:6]


def barriers(year: YearInPlay) -> list[tuple[str, int]]:
    """The missing measures that would have changed most, with the EUR that they would have saved."""
    return [(one, saved) for one, saved in changed_most(year) if saved > 0][:MOST_BARRIERS]


def seen(year: YearInPlay) -> str:
    """What the monitors saw, and when: a sentence or two."""
    technical = [one for one in year.happened if one.outcome.by in ("alert", "customers")]
    if not technical:
        return "Nothing came that a monitor could have seen first."
    paged = [one for one in technical if one.outcome.by == "alert"]
    first = f"an alert was first in {len(paged)}, and customers in {len(technical) - len(paged)}"
    if len(paged) in (0, len(technical)):
        first = "an alert was first each time" if paged else "customers were first each time"
    longest = max(technical, key=lambda one: one.outcome.noticed)
    if len(technical) == 1:
        name, told = year.game.events[longest.event].name.lower(), "An alert" if paged else "Customers"
        after = on_the_clock(longest.outcome.noticed)
        return f"A monitor can see one of these failures: {name}. {told} told of it after {after}."
    middle = on_the_clock(median(one.outcome.noticed for one in technical))
    return (
        f"Of {count(len(technical), 'failure')} that a monitor can see, {first}. Half were noticed within "
        f"{middle}; the longest, {year.game.events[longest.event].name.lower()}, went on for "
        f"{on_the_clock(longest.outcome.noticed)} unseen."
    )


def for_monday(year: YearInPlay) -> tuple[str, ...]:
    """Three questions for the learner's own company: those behind what would have changed most here."""
    game = year.game
    order = [one for one, _ in barriers(year)]
    order += [one for one in ("reviews", "experiments", "restore_drills", "alerts") if one not in order]
    return tuple(game.measures[one].monday for one in order[:3])


def in_a_line(year: YearInPlay, found: Score) -> str:
    """A finished year in a line: which it was, what it cost, and what of that was skill and what luck."""
    which = f"{year.level.id.capitalize()}, {year.game.called(year.seed)}"
    return f"{which}: it cost {euros(found.total)}. {other_years(found).sentence}"


def made_to_teach(year: YearInPlay) -> str:
    """The name of a year for rooms and what it teaches, in a sentence or two; "" for any other year."""
    made = next((one for one in year.game.seeds if one.seed == year.seed), None)
    if made is None:
        return ""
    there = "" if year.level.id == FOR_ROOMS else f" At the level {FOR_ROOMS.capitalize()}:"
    return f"{year.game.called(year.seed).capitalize()} is “{made.name}”.{there} {made.teaches}"


def debriefing(year: YearInPlay, found: Score) -> str:
    """Return the debriefing of a finished year as HTML.

    Parameters
    ----------
    year : YearInPlay
    found : Score
        Of that year.
    """
    picture, game = other_years(found), year.game
    floor = share(1 - found.best.floor / found.best.cost)
    way = share(max(0.0, found.way_to_best))
    best = (
        f"In the mean of all years your decisions go {way} of the way from doing nothing to the best plan by "
        "the odds. It was found by trying every set of measures that the budget allows, and decides by the "
        "odds. No plan that is fixed beforehand, buying and stopping later included, can be more than "
        f"{floor} cheaper."
    )
    (ways, choices), made = decided(year), made_to_teach(year)
    why, worths = why_the_best_plan(game, year.level.id)
    means, here = (
        [{key: row[key] for key in (next(iter(row)), column)} for row in picture.rows]
        for column in ("Mean of all years, EUR", "In this year, EUR")
    )
    parts = [
        f"<p class='faultlab-sentence' tabindex='-1'>{escape(picture.sentence)}</p>",
        f"<p>{escape(_three_numbers(year, found))}</p>",
        f"<div class='faultlab-picture'>{picture.svg}</div>",
        f"<p>{escape(own_luck(found))} {DRAWN}</p>",
        wide_table(means, "Nothing, your decisions, and the best plan"),
        f"<p>{escape(best)}</p>",
        f"<h4>What this year was made to teach</h4><p>{escape(made)}</p>" if made else "",
        f"<h4>What each decision cost</h4><p>{escape(ways)}</p>",
        f"<p>{escape(_BY_THE_ODDS)}</p>{wide_table(choices, 'What each decision cost')}" if choices else "",
        folded_table(whole_timeline(year), "What happened, event by event; money without customers who left"),
        f"<h4>What your monitors saw, and when</h4><p>{escape(seen(year))}</p>{_each_seen(year)}",
        f"<h4>Why the best plan buys what it buys</h4><p>{escape(why)}</p>",
        folded_table(worths, "What each measure is worth, beside the best plan and alone"),
        _listed("What surprised you", surprises(year) or ["The record shows nothing. Ask who was there."]),
        _with_hindsight(year, here),
        _listed("Three things for Monday, kept on My page", list(for_monday(year))),
        folded_table(sources(game, year), "What these events are modelled on"),
    ]
    return _BREAKS.sub("\N{NO-BREAK SPACE}", "".join(parts))


_BREAKS = re.compile(r"(?<=\d) (?=%|EUR|million EUR|minutes?\b|hours\b)|(?<=million) (?=EUR)")
"""Where a line may not end: between a number and its unit."""
_BY_THE_ODDS = (
    "Money counts customers who left. The odds are the mean over all draws with the same news, whatever the "
    "hour and the size; the best plan goes by them too. They judge a decision. What it came to is luck "
    "besides."
)


def _each_seen(year: YearInPlay) -> str:
    """How each event was noticed that a monitor could see, behind a fold; the one seen last in the open."""
    technical = [one for one in year.happened if one.outcome.by in ("alert", "customers")]
    if not technical:
        return ""
    longest = max(technical, key=lambda one: one.outcome.noticed)
    rows = [
        {
            "Event": f"{year.game.events[one.event].name}, Q{one.quarter + 1}",
            "Who told of it, and why not sooner": how_seen(year.game, one),
        }
        for one in technical
    ]
    name = year.game.events[longest.event].name
    told = f"<p>{escape(f'{name}, Q{longest.quarter + 1}: {how_seen(year.game, longest)}')}</p>"
    return told + folded_table(rows, "How each of them was noticed")


def _with_hindsight(year: YearInPlay, here: list[dict]) -> str:
    """What only this very year shows, behind a fold: it judges no decision."""
    game = year.game
    worth = {one.measure: one for one in worth_of_each(game, year.level.id, year.held)}
    helped = [
        {
            "Barrier that was missing": f"{game.measures[one].name} (lesson {game.measures[one].lesson})",
            "Saves in this year": euros(saved),
            "Saves in the mean": euros(worth[one].gain),
            "Price of a year": euros(game.measures[one].price),
        }
        for one, saved in barriers(year)
    ]
    if not helped:
        barrier = "<p>No single measure that was missing changes this year.</p>"
    else:
        barrier = wide_table(helped, "Which barrier changes most")
    return (
        "<details><summary>With hindsight: this very year, now that it is known</summary>"
        "<p>Nobody could know this beforehand, so it judges no decision. It shows which barrier changes most "
        "here, and what the mean of all years says of it.</p>"
        f"<h4>Which barrier changes most</h4>{barrier}"
        f"<h4>What others pay in this year</h4>{wide_table(here, 'This very year')}</details>"
    )


def _three_numbers(year: YearInPlay, found: Score) -> str:
    return (
        f"The year took {euros(found.money)}, {euros(year.spent)} of it for measures; "
        f"{count(found.customers, 'customer')} left, and it was as if nobody could buy for "
        f"{on_the_clock(found.minutes)}. {WEIGHTED} "
        f"With {round(year.game.assumed['customer_worth'])} EUR for a customer who left, that makes "
        f"{euros(found.total)}: the blue line."
    )


def _listed(head: str, lines: list[str]) -> str:
    return f"<h4>{escape(head)}</h4><ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>"


def sources(game: Game, year: YearInPlay | None = None) -> list[dict]:
    """What the events are modelled on, a row a source: of those of a year, or of all."""
    came = {one.event for one in year.happened} if year else set(game.events)
    return [
        {"Event": event.name, "What is published": fact, "Where": source}
        for event in game.events.values()
        if event.id in came
        for fact, source in event.modelled_on
    ]
