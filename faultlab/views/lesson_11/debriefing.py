"""The debriefing that writes itself: what happened, what surprised, what was seen, what is next."""

from __future__ import annotations

from html import escape
from statistics import median

from faultlab.cases.game_day import Game, Happened, Score, YearInPlay, chance_of, changed_most
from faultlab.views.kit.page import folded_table, wide_table
from faultlab.views.kit.words import count, euros, listed, share, span
from faultlab.views.lesson_11.years import other_years

MOST_BARRIERS = 3


def moment(one: Happened) -> str:
    """When an event began, as a table says it: "Q2, week 3, 04:00"."""
    return f"Q{one.quarter + 1}, week {one.when // (7 * 24 * 60) + 1}, {one.card.hour:02d}:00"


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
            f"{count(len(unheard), 'near miss', 'near misses')} happened of which nobody told you: reviews "
            f"looked for who did it.{then}"
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
    longest = max(technical, key=lambda one: one.outcome.noticed)
    middle = span(median(one.outcome.noticed for one in technical))
    return (
        f"Of {count(len(technical), 'failure')} that a monitor can see, an alert was first in {len(paged)}, "
        f"and customers in {len(technical) - len(paged)}. Half were noticed within {middle}; the longest, "
        f"{year.game.events[longest.event].name.lower()}, went on for {span(longest.outcome.noticed)} unseen."
    )


def for_monday(year: YearInPlay) -> tuple[str, ...]:
    """Three questions for the learner's own company: those behind what would have changed most here."""
    game = year.game
    order = [one for one, _ in barriers(year)]
    order += [one for one in ("reviews", "experiments", "restore_drills", "alerts") if one not in order]
    return tuple(game.measures[one].monday for one in order[:3])


def timeline(year: YearInPlay) -> list[str]:
    """What happened, a line an event: when, what, what was decided, how it went, what it cost."""
    lines = []
    for one in year.happened:
        event, came = year.game.events[one.event], one.outcome
        went = " ".join(text for _, text in came.steps[1:])
        cost = f"{came.money:,} EUR, {count(came.customers, 'customer')}, {count(came.minutes, 'minute')}"
        lines.append(
            f"{moment(one)}: {event.name}. Noticed after {span(came.noticed)}. "
            f"Decided: {event.ways[one.way][0]}. {went} {cost}."
        )
    return lines


def debriefing(year: YearInPlay, found: Score) -> str:
    """Return the debriefing of a finished year as HTML.

    Parameters
    ----------
    year : YearInPlay
    found : Score
        Of that year.
    """
    picture = other_years(found)
    game = year.game
    floor = share(1 - found.best.floor / found.best.cost)
    bought = listed(sorted(game.measures[one].name.lower() for one in found.best.measures))
    way = share(max(0.0, found.way_to_best))
    best = (
        f"In the mean of all years your decisions go {way} of the way from doing nothing to the best plan by "
        f"the odds. That one buys {bought}. It was found by trying every set of measures that the budget "
        "allows, and decides by the odds. No plan that is fixed beforehand, buying later included, "
        f"can be more than {floor} cheaper."
    )
    helped = [
        f"{game.measures[one].name} (lesson {game.measures[one].lesson}): {euros(saved)} less in this year, "
        f"for {euros(game.measures[one].price)}."
        for one, saved in barriers(year)
    ]
    parts = [
        f"<p class='faultlab-sentence' tabindex='-1'>{escape(picture.sentence)}</p>",
        f"<p>{escape(_three_numbers(year, found))}</p>",
        f"<div class='faultlab-picture'>{picture.svg}</div>",
        wide_table(list(picture.rows), "Nothing, your decisions, and the best plan"),
        f"<p>{escape(best)}</p>",
        _listed("What happened", timeline(year) or ["Nothing came."]),
        _listed("What surprised you", surprises(year) or ["The record shows nothing. Ask who was there."]),
        _listed("Which barrier changes most", helped or ["No single measure that was missing."]),
        f"<h4>What your monitors saw, and when</h4><p>{escape(seen(year))}</p>",
        _listed("Three things for Monday, kept on My page", list(for_monday(year))),
        folded_table(sources(game, year), "What these events are modelled on"),
    ]
    return "".join(parts)


def _three_numbers(year: YearInPlay, found: Score) -> str:
    return (
        f"The year took {euros(found.money)}, {euros(year.spent)} of it for measures; "
        f"{count(found.customers, 'customer')} left, and for {span(found.minutes)} nobody could buy."
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
