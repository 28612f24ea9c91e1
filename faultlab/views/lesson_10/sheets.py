"""The board's page: one sheet of A4 and an appendix, as one HTML file that asks for no other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from textwrap import shorten
from typing import TYPE_CHECKING

from faultlab.analysis.reviews import MOST_OPTIONS
from faultlab.analysis.systems import SOLID, spoken
from faultlab.metrics.estimates import percent
from faultlab.views.kit import LOOK, style_for
from faultlab.views.lesson_10.board_words import (
    SIGNS,
    alert_words,
    amount,
    headline,
    in_hundred,
    listed,
    marked_loss,
    named,
    number,
    scale_of,
    span,
)
from faultlab.views.lesson_10.exceedance import exceedance_picture

if TYPE_CHECKING:
    from faultlab.analysis.reviews import Change, Review
    from faultlab.metrics.alerts import ServiceLevel

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
MOST_BARS = 6
MOST_UNKNOWN = 3
LEAST_WORTH = 0.001
"""Of a year's loss: what is worth less to find out is not worth a line."""
MOST_ROWS, MOST_SETS = 8, 4


def board_page(
    review: Review,
    day: date,
    version: str,
    changes: Sequence[Change] = (),
    before: float | None = None,
    levels: Mapping[str, ServiceLevel] | None = None,
) -> str:
    """Return the page.

    Parameters
    ----------
    review : Review
    day : date
    version : str
        Of the package that worked it out.
    changes : sequence of Change
        Since the last review.
    before : float, optional
        The mean loss of the last review, where there was one.
    levels : dict, optional
        By journey its objective with the alerts on it.
    """
    company = review.system.company or "Our system"
    marks = f"{day:%d %B %Y}, version {version}, model {review.model_hash}".lstrip("0")
    body = (
        f"<body class='look'><main>{board_sheet(review, marks)}\n"
        f"<article class='board appendix'><p class='kicker'>{escape(company)} · Appendix</p>"
        f"<h2 class='first'>Appendix to the resilience review</h2>{_changed(review, changes, before)}"
        f"<div class='two'>{_exceedance(review)}{_sets(review)}</div>"
        f"{_origins(review)}{_scenarios(review)}{_alerts(levels or {})}{_monday(review)}{_method()}"
        "</article></main></body></html>\n"
    )
    return (
        "<!doctype html>\n<html lang='en'><head><meta charset='utf-8'>"
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        "<meta name='viewport' content='width=device-width,initial-scale=1'>"
        f"<title>{escape(company)}: resilience review</title><link rel='icon' href='data:,'>"
        f"<style>{style_for(LOOK.read_text(encoding='utf-8'), body)}</style></head>\n{body}"
    )


def board_sheet(review: Review, marks: str) -> str:
    """Return the page's one sheet, without its appendix, for a place that has the look already.

    Parameters
    ----------
    review : Review
    marks : str
        Beside its title: the day, and whatever else tells it from another one.
    """
    company = review.system.company or "Our system"
    first, point, last = map(escape, headline(review))
    return (
        "<article class='board'>"
        f"<p class='kicker'>{escape(company)} · Resilience review · {escape(marks)}</p>"
        f"<h1>{first}<span class='hi'>{point}</span>{last}</h1>{_stand(review)}"
        f"<div class='two'>{_chances(review)}{_carriers(review)}</div>{_journeys(review)}{_options(review)}"
        f"<div class='two'>{_unknown(review)}{_asked(review)}</div>"
        "<p class='foot'>Every figure comes from one model. The appendix says how, where numbers come from, "
        "and what the model can’t see.</p></article>"
    )


def _section(title, inside, kind=""):
    kind = f" class='{kind}'" if kind else ""
    return f"<section{kind}><h2>{escape(title)}</h2>{inside}</section>"


def _table(title, heads, rows, foot=()):
    """A table; a row is its cells, and whether it is the point. A cell's second line stands below."""
    head = "".join(f"<th scope='col'>{escape(one)}</th>" for one in heads)

    def line(cells, chosen=False):
        written = [
            escape(cell).replace("\n", "<small>", 1) + ("</small>" if "\n" in cell else "") for cell in cells
        ]
        inside = "".join(f"<td>{cell}</td>" for cell in written[1:])
        kind = " class='is-point'" if chosen else ""
        return f"<tr{kind}><th scope='row'>{written[0]}</th>{inside}</tr>"

    body = "".join(line(cells, chosen) for cells, chosen in rows)
    ends = f"<tfoot>{line(foot)}</tfoot>" if foot else ""
    label = escape(title, quote=True)
    return (
        f"<div class='scroll' tabindex='0' role='region' aria-label='{label}'><table><thead><tr>{head}</tr>"
        f"</thead><tbody>{body}</tbody>{ends}</table></div>"
    )


def _items(lines, kind="ul"):
    return f"<{kind}>" + "".join(f"<li>{escape(line)}</li>" for line in lines) + f"</{kind}>"


def _said(name):
    words = spoken(name)
    return words[:1].upper() + words[1:]


def _stand(review):
    money, best = review.system.currency, review.portfolio.best
    words = f"Expected loss a year: {amount(review.loss.likely, money)} today"
    if best.options:
        words += f", {amount(review.loss_with_best.likely, money)} with {_the_set(best.options)}"
    words += f". One year in ten costs {amount(review.today.one_in(10), money)} or more."
    words += " A range holds nine in ten of what is possible."
    return f"<p class='stand'>{escape(words)}</p>"


def _the_set(options):
    return "the one measure" if len(options) == 1 else f"the {len(options)} measures"


def _chances(review):
    picture = exceedance_picture(review)
    inside = f"<figure role='img' aria-label='{escape(picture.alt, quote=True)}'>{picture.svg}</figure>"
    inside += f"<p class='foot'>{escape(picture.sentence)}</p>"
    return _section("How likely is a year that costs so much or more?", inside)


def _carriers(review):
    unit, words = scale_of(review.loss.likely)
    shown = review.contributors[:MOST_BARS]
    rest = review.loss.likely - sum(one.loss for one in shown)
    bars = [(one.name + (" ●" if one.single_point else ""), one.loss, one.reached) for one in shown]
    if len(review.contributors) > MOST_BARS and rest > 0:
        bars.append(("Everything else", rest, False))
    highest = max([loss for _, loss, _ in bars], default=1.0)
    lines = "".join(
        f"<li{' class=is-point' if reached else ''}><span>{escape(name)}</span>"
        f"<i style='--v:{100 * loss / highest:.0f}'></i><span>{number(loss, unit)}</span></li>"
        for name, loss, reached in bars
    )
    said = ["● stops a journey alone."]
    if any(reached for *_, reached in bars):
        said.append("In colour: what the measures reach.")
    money = SIGNS.get(review.system.currency, review.system.currency)
    inside = f"<ol class='bars'>{lines}</ol><p class='foot'>{' '.join(said)}</p>"
    return _section(f"Where the loss comes from, {words}{money} a year", inside)


def _journeys(review):
    unit, words = scale_of(review.loss.likely)
    rows = []
    shown = sorted(review.journeys, key=lambda one: -one.loss.likely)[:MOST_ROWS]
    for one in shown:
        promised = one.objectives
        keeps = "none made" if promised.availability is None else percent(promised.availability)
        if one.chance_of_promise is not None:
            keeps += f"\nkept: {in_hundred(one.chance_of_promise)}"
        longest = "not set"
        if promised.tolerance_hours is not None:
            longest = f"{promised.tolerance_hours:g} h\nexceeded: {in_hundred(one.chance_beyond_tolerance)}"
        rows.append(
            (
                (
                    _said(one.journey),
                    keeps,
                    f"{percent(one.availability)}\nmultiplied: {percent(one.naive_availability)}",
                    f"{number(one.minutes_down.likely)}\n{span(one.minutes_down)}",
                    number(one.scenario_minutes),
                    longest,
                    f"{number(one.loss.likely, unit)}\n{span(one.loss, unit)}",
                ),
                False,
            )
        )
    money = SIGNS.get(review.system.currency, review.system.currency)
    heads = (
        "Journey",
        "Promised",
        "Exact",
        "Minutes down a year",
        "more by scenarios",
        "Longest outage borne",
        f"Loss, {words}{money} a year",
    )
    title = "What customers cannot do, and what it costs"
    left = len(review.journeys) - len(shown)
    more = f"<p class='foot'>{left} more journeys, which lose less, are not shown.</p>" if left else ""
    return _section(title, _table(title, heads, rows) + more)


def _options(review):
    if not review.options:
        return _section("What we could buy", "<p>The model names no options, so nothing is recommended.</p>")
    best, money = review.portfolio.best, SIGNS.get(review.system.currency, review.system.currency)
    unit, words = scale_of(max(one.alone.cost_per_year.likely for one in review.options))
    rows = []
    for one in sorted(review.options, key=lambda one: (not one.bought, -one.alone.gain_per_year.likely))[
        :MOST_ROWS
    ]:
        alone = one.alone
        adds = "–" if one.adds is None else number(one.adds, unit)
        rows.append(
            (
                (
                    ("✓ " if one.bought else "")
                    + _said(alone.options[0])
                    + (f"\n{one.why_not}" if one.why_not else ""),
                    number(alone.cost_per_year.likely, unit),
                    number(alone.saved_per_year.likely, unit),
                    span(alone.saved_per_year, unit),
                    adds,
                    in_hundred(alone.chance_of_paying),
                ),
                one.bought,
            )
        )
    foot: tuple[str, ...] = ()
    if len(best.options) > 1:
        foot = (
            f"The recommended {len(best.options)} together",
            number(best.cost_per_year.likely, unit),
            number(best.saved_per_year.likely, unit),
            span(best.saved_per_year, unit),
            "",
            in_hundred(best.chance_of_paying),
        )
    title = f"What we could buy, {words}{money} a year"
    heads = ("Recommended: ✓", "Costs", "Saves alone", "Range", "Adds to the set", "Pays for itself")
    left = len(review.options) - len(rows)
    more = f"<p class='foot'>{left} more options are not in the set and not shown.</p>" if left else ""
    return _section(title, _table(title, heads, rows, foot) + more)


def _unknown(review):
    system, money = review.system, review.system.currency
    numbers = system.numbers()
    least = max(review.noise, LEAST_WORTH * review.loss.likely)
    worth = [(name, value) for name, value in review.information.items() if value > least]
    lines = []
    for name, value in worth[:MOST_UNKNOWN]:
        given = numbers.get(name)
        between = f", between {given.low:g} and {given.high:g}" if given is not None else ""
        lines.append(
            f"{_said(named(name))}{between}: to know it before we buy is worth {amount(value, money)} a year."
        )
    if not worth and review.options:
        most = max([review.noise, *review.information.values()])
        lines.append(f"To know a single number before we buy is worth {amount(most, money)} a year at most.")
    kinds = _kinds(review)
    solid = sum(len(kinds[kind]) for kind in SOLID)
    lines.append(
        f"Of {len(numbers)} numbers {solid} are solid (contract or measured), {len(numbers) - solid} shaky; "
        f"{len(kinds['unknown'])} of these have no origin."
    )
    if not system.scenarios:
        lines.append("What rare and large events cost: the model names no scenario.")
    return _section("What we don’t know", _items(lines))


def _kinds(review):
    found: dict[str, list[str]] = {
        kind: [] for kind in (*SOLID, "judgement", "typical", "assumed", "unknown")
    }
    for name in review.system.numbers():
        origin = review.system.origins.get(name)
        found["unknown" if origin is None else origin.kind].append(name)
    return found


def _asked(review):
    money, best, system = review.system.currency, review.portfolio.best, review.system
    asked = []
    if best.options:
        asked.append(f"{amount(best.cost_per_year.likely, money)} a year for: {listed(best.options)}.")
    if system.appetite is not None:
        after = review.with_best.chance_of(system.appetite.loss)
        verdict = "within" if after <= system.appetite.chance else "above"
        asked.append(
            f"Whether {in_hundred(after)} for a year of {amount(system.appetite.loss, money)} or more is "
            "borne: "
            f"it is {verdict} the accepted {in_hundred(system.appetite.chance)}."
        )
    else:
        asked.append("How large a loss a year may bring, and with which chance.")
    beyond = [one for one in review.journeys if one.chance_beyond_tolerance is not None]
    if beyond:
        worst = max(beyond, key=lambda one: one.chance_beyond_tolerance)
        longest = f"{worst.objectives.tolerance_hours:g}\u00a0h"
        asked.append(
            f"Whether {spoken(worst.journey)} may be down for over {longest} with a chance "
            f"of {in_hundred(worst.chance_beyond_tolerance)} a year."
        )
    if any(one.objectives.tolerance_hours is None for one in review.journeys):
        asked.append("How long each journey may be down at most.")
    return _section("We ask the board to decide", _items(asked, "ol"), "asked")


def _changed(review, changes, before):
    if before is None:
        return ""
    money = review.system.currency
    words = f"The mean loss a year was {amount(before, money)} and is {amount(review.loss.likely, money)}."
    if not changes:
        return _section("Since the last review", f"<p>{escape(words)} No number has changed.</p>")

    unit, scale = scale_of(max(abs(one.moves or 0.0) for one in changes))
    sign = SIGNS.get(money, money)

    def ends(given):
        if given is None:
            return "–"
        return f"{given.likely:g}" + (f"\n{given.low:g} to {given.high:g}" if given.low < given.high else "")

    rows = [
        (
            (
                named(one.name),
                ends(one.before),
                ends(one.after),
                one.why,
                "–" if one.moves is None else _signed(one.moves, unit),
            ),
            False,
        )
        for one in changes[:MOST_ROWS]
    ]
    more = len(changes) - len(rows)
    said = f"<p class='foot'>{more} more changes are in the JSON.</p>" if more > 0 else ""
    heads = ("Changed", "Before", "Now", "What it stands on", f"Moves the loss, {scale}{sign}")
    table = _table("Since the last review", heads, rows)
    return _section("Since the last review", f"<p>{escape(words)}</p>{table}{said}")


def _signed(value, unit):
    written = number(value, unit)
    return f"+{written}" if value > 0 and written != "0" else written


def _exceedance(review):
    money = review.system.currency
    rows = []
    losses = [review.today.one_in(years) for years in (2, 5, 10, 20, 50)]
    marked = marked_loss(review)
    for loss in sorted({*losses, marked}):
        cells = [
            f"{100 * one.chance_of(loss):.1f}\n" + " to ".join(f"{100 * end:.1f}" for end in one.bounds(loss))
            for one in (review.today, review.with_best)
        ]
        rows.append(((amount(loss, money), *cells), loss == marked))
    title = "The chance of a year that costs so much or more, in 100"
    heads = ("A year costs", "Today", "With the set")
    said = "<p class='foot'>Below each chance: between these it lies, given the model (grid and samples).</p>"
    return _section(title, _table(title, heads, rows) + said)


def _sets(review):
    if not review.options:
        return ""
    found, money = review.portfolio, review.system.currency
    best = (found.best.options, found.best.cost_per_year.likely, found.best.saved_per_year.likely)
    beaten = best[:1] not in [one[:1] for one in found.pareto]
    told = [one for one in (*found.pareto, *[best] * beaten) if one[0] in found.chances and one[0]]
    step = -(-len(told) // MOST_SETS) or 1
    unit, scale = scale_of(max((one[1] for one in told), default=0.0))
    rows = []
    for i, (names, cost, saved) in enumerate(told):
        if i % step == 0 or names == found.best.options:
            chances = [in_hundred(one).removesuffix(" in 100") for one in found.chances[names]]
            cells = (_said(listed(names)), number(cost, unit, saved), number(saved, unit), *chances)
            rows.append((cells, names == found.best.options))
    together = ""
    if abs(found.together) > 0.01 * found.best.saved_per_year.likely:
        together = (
            f" Bought together, its measures save {amount(abs(found.together), money)} a year "
            f"{'less' if found.together < 0 else 'more'} than the sum of what each saves alone."
        )
    compared = f"All {found.sets:,} sets that can be had were compared."
    if len(review.options) > MOST_OPTIONS:
        compared = f"{found.sets:,} sets were worked out, and bounds rule out that any other gains more."
    if found.gap:
        compared = (
            f"{found.sets:,} sets were worked out before the time was over: another may gain up to "
            f"{amount(found.gap, money)} a year more."
        )
    words = (
        f"{compared} The recommended one is the best in "
        f"{in_hundred(found.chance_of_being_best)} of what the ranges allow, among the {len(found.rivals)} "
        f"of highest mean gain.{together}"
    )
    title = f"Sets that no other beats in cost and saving, {scale}{SIGNS.get(money, money)} a year"
    table = _table(title, ("Set", "Costs", "Saves", "Pays, in 100", "Best, in 100"), rows) if rows else ""
    return _section(title, f"<p>{escape(words)}</p>{table}")


def _origins(review):
    words = {
        "contract": "solid",
        "measured": "solid",
        "judgement": "shaky",
        "typical": "shaky: a value from elsewhere",
        "assumed": "shaky: nobody has looked",
        "unknown": "shaky: no origin given",
    }
    rows = []
    for kind, names in _kinds(review).items():
        if names:
            sources = sorted(
                {review.system.origins[name].source for name in names if kind != "unknown"} - {""}
            )
            parts = dict.fromkeys(named(name).rpartition(":")[0] for name in names)
            more = f" and {len(parts) - MOST_ROWS} more" if len(parts) > MOST_ROWS else ""
            said = ", ".join([*parts][:MOST_ROWS]) + more
            rows.append(
                (
                    (
                        f"{kind.capitalize()}\n{words[kind]}",
                        str(len(names)),
                        said,
                        shorten("; ".join(sources), 200, placeholder=" …"),
                    ),
                    False,
                )
            )
    title = "Where the numbers come from"
    return _section(title, _table(title, ("Origin", "Numbers", "Of what", "Source"), rows), "texts")


def _scenarios(review):
    money = review.system.currency
    rows = [
        (
            (
                _said(one.name),
                f"{one.per_year.likely:g}\n{span(one.per_year)}",
                f"{one.hours.likely:g} h\n{span(one.hours)}",
                listed(one.journeys),
                f"{amount(one.lasting_cost.likely, money)}",
            ),
            False,
        )
        for one in [*review.system.scenarios.values()][:MOST_ROWS]
    ]
    title = "Scenarios: rare and large"
    heads = ("Scenario", "Times a year", "For", "Journeys", "Costs beyond the hours")
    return _section(title, _table(title, heads, rows)) if rows else ""


def _alerts(levels):
    lines = [f"{_said(name)}: {line}" for name, level in levels.items() for line in alert_words(level)]
    return _section("Who would notice", _items(lines)) if lines else ""


def _monday(review):
    asked = [
        "What do the copies of each group share: releases, settings, names, keys, people? Who looked?",
        "Which outage of the last year is in neither a part nor a scenario of this model?",
    ]
    for one in review.journeys:
        if one.slower_parts:
            asked.append(
                f"{_said(one.journey)} is to be back in {one.objectives.recovery_hours:g} h. How, if "
                f"{listed(one.slower_parts)} alone stops it and takes longer?"
            )
        if one.objectives.recovery_point_minutes is not None and one.chance_beyond_recovery_point:
            asked.append(
                f"{_said(one.journey)} may lose {one.objectives.recovery_point_minutes:g} minutes of data; a "
                f"year loses more with a chance of {in_hundred(one.chance_beyond_recovery_point)}. When was "
                "a restore last measured?"
            )
    single = [
        name
        for name in dict.fromkeys(n for one in review.journeys for n in one.single_points_of_failure)
        if "/" not in name
    ]
    if single:
        asked.append(
            f"Each of these stops a journey alone: {listed(tuple(single[:MOST_ROWS]))}. Who owns it, and "
            "what is the plan?"
        )
    return _section("Questions for Monday", _items(asked))


def _method():
    lines = [
        "Time down is exact for the block diagram, shared parts counted once. A journey’s hours are a year’s "
        "mean: that outages come by chance within a year is counted for scenarios, not for parts.",
        "Parts fail independently but for the common causes that the model names; one without a name "
        "is not here.",
        "Ranges are taken as nine in ten of what is possible, and as independent. Most are too narrow.",
        "Scenarios come on top of the parts. A scenario that nobody asked for costs nothing here.",
        "An hour is worth the same at night, in season, and while another journey is down.",
        "That a journey is down for longer than can be borne counts its parts only where each has an MTTR.",
        "A year is 8,760 hours. Pays for itself: over the years, not in each of them.",
    ]
    return _section("How it was worked out, and what it can’t see", _items(lines))
