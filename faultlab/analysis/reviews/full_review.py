"""The review of a system: what a year costs, what carries the loss, what to buy, what isn't known."""

from __future__ import annotations

import hashlib
import itertools
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from faultlab.analysis.fault_trees.importances import birnbaum
from faultlab.analysis.reviews.losses import Losses
from faultlab.analysis.reviews.portfolios import (
    Portfolio,
    Purchase,
    best_portfolio,
    can_be_together,
    information_value,
    purchase,
)
from faultlab.analysis.reviews.yearly_loss import YearlyLoss, simulated_years, yearly_loss
from faultlab.analysis.systems.block_diagrams import spoken
from faultlab.analysis.systems.system import Component, Objectives, Range
from faultlab.analysis.systems.system_ranges import SAMPLES, mean_of, share_above
from faultlab.analysis.systems.system_tree import chances
from faultlab.analysis.systems.system_views import (
    HOURS_A_YEAR,
    journey_times,
    naive_availability,
    ninety,
    single_points_of_failure,
)
from faultlab.errors import BadInput

if TYPE_CHECKING:
    from faultlab.analysis.systems.system import System

OF_TODAY = ("worth_per_hour", "per_year", "hours", "lasting_cost", "data_lost_minutes")
"""The numbers of a journey or scenario that a year's loss hangs on; what is promised is none of them."""

REACHED = 0.25
"""The share of a contributor's loss that has to go for the measures to reach it."""

FARTHEST = 4.0
"""How many times the dearest years' loss the board's line may be and still lie on the grid of losses: a grid
that reached farther would have no cells left for the years that come."""

TOUCHED = 0.01
"""The share that has to go for an option to touch it."""


@dataclass(frozen=True)
class JourneyLine:
    """A journey on the board's page, in means over what the ranges allow: the figures of a row fit together.

    `availability` is exact for each sample of the ranges, `naive_availability` what multiplying says of the
    same parts. `minutes_down` is a year's, by its parts; `scenario_minutes` the scenarios' beside it; `loss`
    is what both cost.
    `chance_of_promise` is the share of what the ranges allow in which the long run, scenarios included, keeps
    the promised availability. `chance_beyond_tolerance` is that of a year with an outage longer than can be
    borne, and `chance_beyond_recovery_point` of one that loses more data: None where nothing is promised.
    `parts_counted` says whether the parts' own outages are in the first: only where each has an MTTR; how
    long they last is taken as exponential. `slower_parts` stop the journey alone, and their repair is likely
    to take longer than a recovery may.
    """

    journey: str
    objectives: Objectives
    availability: float
    naive_availability: float
    minutes_down: Range
    scenario_minutes: float
    loss: Range
    single_points_of_failure: tuple[str, ...]
    chance_of_promise: float | None
    chance_beyond_tolerance: float | None
    chance_beyond_recovery_point: float | None
    parts_counted: bool
    slower_parts: tuple[str, ...]


@dataclass(frozen=True)
class Contributor:
    """What carries a part of the mean loss: a part, the copies of a group, what strikes all, a scenario.

    `loss` is what a year would cost less if it never happened; `with_best` the same once the best set is
    bought. Where two must fail together each carries the whole, so that the sum may exceed the loss.
    """

    name: str
    kind: str
    loss: float
    with_best: float
    single_point: bool

    @property
    def reached(self) -> bool:
        """Whether the recommended set takes much of it away."""
        return self.with_best < (1 - REACHED) * self.loss


@dataclass(frozen=True)
class OptionLine:
    """An option alone, what it adds to the recommended set (or its loss from it takes), and why it is out."""

    alone: Purchase
    adds: float | None
    bought: bool
    why_not: str


@dataclass(frozen=True)
class Review:
    """Everything that the board's page says, before it is said.

    `untouched` has the largest contributors, down to the first that some option alone makes smaller.
    """

    system: System
    model_hash: str
    loss: Range
    loss_with_best: Range
    today: YearlyLoss
    with_best: YearlyLoss
    journeys: tuple[JourneyLine, ...]
    contributors: tuple[Contributor, ...]
    untouched: tuple[Contributor, ...]
    options: tuple[OptionLine, ...]
    portfolio: Portfolio
    information: dict[str, float]
    noise: float


def review(system: System, budget: float | None = None, samples: int = SAMPLES, seed: int = 0) -> Review:
    """Return the review of a system.

    Parameters
    ----------
    system : System
    budget : float, optional
        A year, for the options that are recommended.
    samples, seed : int

    Examples
    --------
    >>> from faultlab.analysis.systems import Component, Journey, System
    >>> shop = System("Shop", "EUR", {"disk": Component("disk", Range.point(0.99))},
    ...               journeys={"buy": Journey("buy", ("disk",), Range.point(1000.0))})
    >>> found = review(shop)
    >>> round(found.loss.likely), found.contributors[0].name, found.portfolio.best.options
    (87600, 'Disk', ())

    Raises
    ------
    BadInput
        Where a year costs nothing, a journey never works, or an option requires what it can't be had with.
    """
    losses = Losses(system, samples, seed)
    _refuse_nonsense(losses)
    portfolio = best_portfolio(losses, budget)
    best = portfolio.best.options
    bought = Losses(system.with_options(best), samples, seed)
    top = 1.5 * float(np.quantile(simulated_years(losses), 0.99)) or 1.0
    if system.appetite is not None:
        top = max(top, min(1.2 * system.appetite.loss, FARTHEST * top))
    information, noise = information_value(losses, portfolio.rivals)
    today, after = losses.of(()), losses.of(best)
    found = contributors(losses, bought)
    return Review(
        system=system,
        model_hash=model_hash(system),
        loss=ninety(today, float(np.mean(today))),
        loss_with_best=ninety(after, float(np.mean(after))),
        today=yearly_loss(losses, (), top),
        with_best=yearly_loss(losses, best, top),
        journeys=tuple(_journey(losses, name) for name in losses.journeys),
        contributors=found,
        untouched=_untouched(losses, found),
        options=tuple(_option(losses, portfolio, name) for name in system.options),
        portfolio=portfolio,
        information=information,
        noise=noise,
    )


def _refuse_nonsense(losses):
    """Refuse a model of which no page could be believed: each of its numbers is possible, and all are not."""
    if not np.mean(losses.of(())) > 0:
        raise BadInput(
            "in this model a year costs nothing: give the parts of a journey an `availability` below 1, or "
            "an MTTR, and the journey a `worth_per_hour`."
        )
    for name in losses.journeys:
        if HOURS_A_YEAR * (1 - float(np.mean(losses.down(name)))) < 1:
            raise BadInput(
                f"journey {name!r} works for less than an hour a year: mend the figures of its parts."
            )
    options = losses.system.options
    for name in options:
        needed = [name]
        for one in needed:
            needed += [other for other in options[one].requires if other not in needed]
        for pair in itertools.combinations(needed, 2):
            if not can_be_together(losses.system, *pair):
                raise BadInput(
                    f"option {name!r} can't be had: it requires {' and '.join(map(repr, needed[1:]))}, and "
                    f"{pair[0]!r} and {pair[1]!r} can't be had together; take out one of these rules."
                )


def mean_loss(system: System, samples: int = SAMPLES, seed: int = 0) -> float:
    """Return what a year costs in the mean, with nothing bought."""
    return float(np.mean(Losses(system, samples, seed).of(())))


def model_hash(system: System) -> str:
    """Twelve letters that change with any number or name of the model."""
    rooms = (
        system.company,
        system.currency,
        *(
            sorted(room.items())
            for room in (
                system.components,
                system.groups,
                system.services,
                system.journeys,
                system.options,
                system.scenarios,
                system.origins,
            )
        ),
        system.appetite,
    )
    return hashlib.sha256(repr(rooms).encode()).hexdigest()[:12]


def _journey(losses, name):
    system, journey = losses.system, losses.system.journeys[name]
    promised = journey.objectives
    downs = losses.down(name)
    down = float(np.mean(downs))
    struck = [one for one in system.scenarios.values() if name in one.journeys]
    rates = [losses.drawn(one.per_year, f"scenario {one.name}.per_year") for one in struck]
    hours = sum(rate * mean_of(one.hours) for rate, one in zip(rates, struck, strict=True)) + np.zeros(
        len(downs)
    )
    loss = (downs * HOURS_A_YEAR + hours) * losses.worth(name)
    times = _times(system, name)

    def beyond(field, limit, also=0.0):
        if limit is None:
            return None
        events = sum(
            rate * float(share_above(getattr(one, field), limit))
            for rate, one in zip(rates, struck, strict=True)
        )
        return float(np.mean(-np.expm1(-(np.zeros(len(downs)) + events + also))))

    tolerance = promised.tolerance_hours
    own = 0.0
    if times is not None and tolerance is not None and times.mttr_hours > 0:
        own = times.failures_per_year * math.exp(-tolerance / times.mttr_hours)
    kept = 1 - downs - hours / HOURS_A_YEAR >= (promised.availability or 0.0)
    return JourneyLine(
        journey=name,
        objectives=promised,
        availability=1 - down,
        naive_availability=naive_availability(
            system, name, lambda part: 1 - float(np.mean(losses.part_down(part)))
        ),
        minutes_down=ninety(downs * HOURS_A_YEAR * 60, down * HOURS_A_YEAR * 60),
        scenario_minutes=float(np.mean(hours)) * 60,
        loss=ninety(loss, float(np.mean(loss))),
        single_points_of_failure=single_points_of_failure(system, name),
        chance_of_promise=None if promised.availability is None else float(np.mean(kept)),
        chance_beyond_tolerance=beyond("hours", tolerance, own),
        chance_beyond_recovery_point=beyond("data_lost_minutes", promised.recovery_point_minutes),
        parts_counted=times is not None,
        slower_parts=_slower(system, name, promised.recovery_hours),
    )


def _times(system, name):
    try:
        return journey_times(system, name)
    except BadInput:
        return None


def _slower(system, name, limit):
    """The parts that alone stop a journey for longer, likely, than a recovery may take."""
    if limit is None:
        return ()
    found: dict[str, None] = {}
    for event in single_points_of_failure(system, name):
        name, _, copy = event.partition("/")
        if copy in ("shared", "switch-over"):  # the copies together, no part of them alone
            continue
        part = system.groups[name].of if copy else event
        repair = system.components[part].life.get("mttr_hours")
        if repair is not None and repair.likely > limit:
            found[part] = None
    return tuple(found)


def contributors(losses: Losses, bought: Losses) -> tuple[Contributor, ...]:
    """Return what carries the mean loss, the most first: today, and once something is bought.

    Parameters
    ----------
    losses, bought : Losses
        Of the system as it is, and with what was bought.
    """
    today, after = _carried(losses), _carried(bought)
    alone = {event for name in losses.journeys for event in single_points_of_failure(losses.system, name)}
    single = {_label(losses.system, event) for event in alone}
    found = [
        Contributor(name, kind, loss, after.get((name, kind), 0.0), (name, kind) in single)
        for (name, kind), loss in today.items()
        if loss > 0
    ]
    return tuple(sorted(found, key=lambda one: -one.loss))


def _untouched(losses, found):
    system = losses.system
    if not system.options:
        return ()
    alone = [
        _carried(Losses(system.with_option(name), losses.samples, losses.seed)) for name in system.options
    ]

    def touched(one):
        return any(some.get((one.name, one.kind), 0.0) < (1 - TOUCHED) * one.loss for some in alone)

    return tuple(itertools.takewhile(lambda one: not touched(one), found))


def _carried(losses):
    """The mean loss that each label carries."""
    system = losses.system
    found: dict[tuple[str, str], float] = {}
    for name in losses.journeys:
        solved = system.solved(name)

        def component(part, tested):
            if tested is not None:
                return system.components[part].down_and_up("likely", tested)
            down = float(np.mean(losses.part_down(part)))
            return down, 1 - down

        def share(group, key):
            return float(np.mean(losses.drawn(getattr(system.groups[group], key), f"{group}.{key}")))

        at = chances(system, solved.tree.events, component, share)
        worth = HOURS_A_YEAR * float(np.mean(losses.worth(name)))
        for event, slope in birnbaum(solved, at).items():
            label = _label(system, event)
            found[label] = found.get(label, 0.0) + worth * slope * at[event][0]
    for name in system.scenarios:
        found[_said(name), "scenario"] = losses.of_scenario(name)
    return found


def _label(system, event):
    part, _, copy = event.partition("/")
    if not copy:
        return _said(part), "part"
    if copy == "shared":
        return f"{_said(part)}, all at once", "shared cause"
    if copy == "switch-over":
        return f"{_said(part)}, switch-over", "switch-over"
    return f"{_said(part)}, one by one", "copies"


def _said(name):
    words = spoken(name)
    return words[:1].upper() + words[1:]


def _option(losses, portfolio, name):
    system, best = losses.system, portfolio.best.options
    alone = purchase(losses, (name,))
    if name in best:
        rest = tuple(one for one in best if one != name)
        return OptionLine(alone, float(np.mean(losses.of(rest) - losses.of(best))), True, "")
    rivals = [one for one in best if not can_be_together(system, name, one)]
    if rivals:
        return OptionLine(alone, None, False, f"not together with {' and '.join(map(spoken, rivals))}")
    missing = [one for one in system.options[name].requires if one not in best]
    if missing:
        return OptionLine(alone, None, False, f"needs {' and '.join(map(spoken, missing))}")
    both = tuple(one for one in system.options if one in best or one == name)
    adds = float(np.mean(losses.of(best) - losses.of(both)))
    price, budget = system.options[name].cost_per_year, portfolio.budget
    if adds <= mean_of(price):
        return OptionLine(alone, adds, False, "adds less to the set than it costs")
    spent = portfolio.best.cost_per_year.likely + price.likely
    if budget is None or spent <= budget:  # the sets' means come near, and these two are nearly even
        why = "adds to the set about what it costs"
    elif price.likely > budget:
        why = f"over the budget: {price.likely:,.0f} of {budget:,.0f}"
    else:
        beside = spoken(best[0]) if len(best) == 1 else "the recommended set"
        why = f"does not fit beside {beside}: {spent:,.0f} of {budget:,.0f}"
    return OptionLine(alone, adds, False, why)


@dataclass(frozen=True)
class Change:
    """What is not as it was in the last review; None for a number that was not there, or is no more.

    `why` says what a number stands on now, or in words what is arranged differently. `moves` is by how much
    this change alone moves the mean loss of the last model; None where it can't be made alone.
    """

    name: str
    before: Range | None
    after: Range | None
    why: str
    moves: float | None


def changes_since(system: System, last: System, samples: int = SAMPLES, seed: int = 0) -> tuple[Change, ...]:
    """Return which numbers and arrangements have changed since the last review, and what each stands on now.

    >>> from faultlab.analysis.systems import Component, Journey, System
    >>> def shop(worth):
    ...     return System("Shop", "EUR", {"disk": Component("disk", Range.point(0.99))},
    ...                   journeys={"buy": Journey("buy", ("disk",), Range.point(worth))})
    >>> [(one.name, round(one.moves)) for one in changes_since(shop(900.0), shop(1000.0))]
    [('journey buy.worth_per_hour', -8760)]
    """
    now, then = (
        one.numbers() | {name: Range.point(given) for name, given in one.promises().items()}
        for one in (system, last)
    )
    bare = replace(last, options={})
    mean = mean_loss(bare, samples, seed)

    def moves(changed):
        return None if changed is None else mean_loss(changed, samples, seed) - mean

    found = []
    for name in dict.fromkeys((*now, *then)):
        if now.get(name) != then.get(name):
            origin = system.origins.get(name)
            why = "no origin given" if origin is None else f"{origin.kind}: {origin.source}".rstrip(": ")
            effect = moves(_with_number(bare, name, now[name])) if name in now and name in then else None
            found.append(
                Change(name, then.get(name), now.get(name), why if name in now else "no longer there", effect)
            )
    for room in ("components", "groups", "services", "journeys", "options", "scenarios"):
        ours, theirs = getattr(system, room), getattr(last, room)
        for name in dict.fromkeys((*ours, *theirs)):
            words = _in_words(ours.get(name), theirs.get(name))
            if words:
                changed = None
                if room == "scenarios" and set(getattr(ours.get(name), "journeys", ())) <= set(last.journeys):
                    kept = {one: given for one, given in theirs.items() if one != name}
                    changed = replace(
                        bare, scenarios=kept | {one: ours[one] for one in (name,) if one in ours}
                    )
                found.append(Change(f"{room[:-1]} {name}", None, None, words, moves(changed)))
    if system.appetite != last.appetite:
        found.append(Change("appetite", None, None, _in_words(system.appetite, last.appetite), 0.0))
    return tuple(found)


def _with_number(system, name, value):
    """The system with another value for one number; None for what doesn't move today's loss alone."""
    part, _, key = name.rpartition(".")
    kind, _, rest = part.partition(" ")
    if part in system.components:
        life = system.components[part].life
        room, entry = "components", Component.of_life(part, **life | {key: value})
    elif part in system.groups:
        room, entry = "groups", replace(system.groups[part], **{key: value})
    elif kind in ("journey", "scenario") and key in OF_TODAY and rest in getattr(system, f"{kind}s"):
        room, part = f"{kind}s", rest
        entry = replace(getattr(system, room)[rest], **{key: value})
    else:
        return None
    return replace(system, **{room: getattr(system, room) | {part: entry}})


def _in_words(ours, theirs):
    """How two entries differ but for their numbers, which are told on their own; empty where they don't."""
    if ours is None or theirs is None:
        return "" if ours is theirs else "gone" if ours is None else "new"
    if isinstance(ours, Component):
        return ""
    found = []
    for key, after in vars(ours).items():
        before = getattr(theirs, key)
        if before == after or isinstance(before, Range) or isinstance(after, (Range, Objectives)):
            continue
        said = spoken(key)
        if isinstance(after, tuple):
            more, fewer = (
                [one for one in some if one not in other]
                for some, other in ((after, before), (before, after))
            )
            if more:
                found.append(f"{said} also {', '.join(map(spoken, more))}")
            if fewer:
                found.append(f"{said} no longer {', '.join(map(spoken, fewer))}")
            if not more and not fewer:
                found.append(f"{said} in another order")
        elif isinstance(after, dict):
            found.append(f"{said} {', '.join(spoken(one) for one in after)} otherwise")
        else:
            words = (
                "none" if one is None else one if isinstance(one, str) else f"{one:g}"
                for one in (after, before)
            )
            found.append("{} {}, was {}".format(said, *words))
    return "; ".join(found)
