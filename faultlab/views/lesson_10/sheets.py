"""The board's page: one sheet of A4 and an appendix, as one HTML file that asks for no other."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from textwrap import shorten
from typing import TYPE_CHECKING

from faultlab.analysis.reviews import MOST_OPTIONS
from faultlab.analysis.systems import SOLID, unneeded
from faultlab.metrics.estimates import percent
from faultlab.views.kit import LOOK, style_for
from faultlab.views.lesson_10.board_words import (
    SIGNS,
    alert_words,
    amount,
    bad_year,
    called,
    cut,
    figure,
    figures_listed,
    headline,
    in_hundred,
    listed,
    marked_loss,
    named,
    number,
    scale_of,
    some_listed,
    span,
    unit_words,
)
from faultlab.views.lesson_10.exceedance import exceedance_picture
from faultlab.views.lesson_10.one_sheet import fitted
from faultlab.views.lesson_10.unbeaten_sets import sets_picture

if TYPE_CHECKING:
    from faultlab.analysis.reviews import Change, Review
    from faultlab.metrics.alerts import ServiceLevel

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
MOST_BARS = 6
MOST_UNKNOWN = 3
MISSED = 0.01
"""Chance a year of an outage longer than can be borne that a board is asked about."""
LEAST_WORTH = 0.001
"""Of a year's loss: what is worth less to find out is not worth a line."""
MOST_ROWS, MOST_SETS = 8, 4
FEWER_ROWS = 6
"""Of each of the sheet's two tables, where both have more."""
MOST_LETTERS, MOST_ORIGINS = 420, 8
"""For which the appendix has room: of the numbers of one origin, and origins."""
SURE, UNSURE = "◆", "◇"
UNNAMED = ", source not named"


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
    appendix = (
        f"<article class='board appendix'><p class='kicker'>{escape(company)} · Appendix</p>"
        f"<h2 class='first'>Appendix to the resilience review</h2>{_changed(review, changes, before)}"
        f"<div class='two'><div>{_exceedance(review)}{_sets_drawn(review)}</div>{_sets(review)}</div>"
        f"{_origins(review)}{_scenarios(review)}{_alerts(levels or {})}{_monday(review)}{_method()}</article>"
    )
    body = (
        f"<body class='look'><main>{fitted(board_sheet(review, marks))}\n{fitted(appendix)}</main></body>"
        "</html>\n"
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
    """A table; a row is its cells, and whether it is the point. A cell's second line stands below.

    On a phone each row is a list, whose cells say their head themselves.
    """
    head = "".join(f"<th scope='col'>{escape(one)}</th>" for one in heads)

    def line(cells, chosen=False):
        cells = [cell.rstrip("\n") for cell in cells]
        written = [
            _marked(escape(cell).replace("\n", "<small>", 1)) + ("</small>" if "\n" in cell else "")
            for cell in cells
        ]
        inside = "".join(
            f"<td data-head='{escape(name, quote=True)}'>"
            + (f"<span>{cell}</span>" if cell else "")
            + "</td>"
            for name, cell in zip(heads[1:], written[1:], strict=True)
        )
        kind = " class='is-point'" if chosen else ""
        return f"<tr{kind}><th scope='row'>{written[0]}</th>{inside}</tr>"

    body = "".join(line(cells, chosen) for cells, chosen in rows)
    ends = f"<tfoot>{line(foot)}</tfoot>" if foot else ""
    label = escape(title, quote=True)
    return (
        f"<div class='scroll' tabindex='0' role='region' aria-label='{label}'><table><thead><tr>{head}</tr>"
        f"</thead><tbody>{body}</tbody>{ends}</table></div>"
    )


def _marked(text):
    """A text whose marks of solid and shaky are said by a screen reader."""
    for mark, word in ((SURE, "solid"), (UNSURE, "shaky")):
        text = text.replace(mark, f"<span role='img' aria-label='{word}'>{mark}</span>")
    return text


def _mark(review, name):
    """How well a number of the model is known."""
    origin = review.system.origins.get(name)
    return f" {SURE if origin is not None and origin.solid else UNSURE}"


def _items(lines, kind="ul"):
    return f"<{kind}>" + "".join(f"<li>{escape(line)}</li>" for line in lines) + f"</{kind}>"


def _said(name):
    return _first_up(called(name))


def _first_up(words):
    return words[:1].upper() + words[1:]


def _stand(review):
    money, best = review.system.currency, review.portfolio.best
    words = f"Expected loss a year: {amount(review.loss.likely, money)} today"
    if best.options:
        words += f", {amount(review.loss_with_best.likely, money)} with {_the_set(best.options)}"
    bad = bad_year(review)
    words += f". {bad[:1].upper()}{bad[1:]}."
    words += " Figures are means; a range holds nine in ten of what is possible."
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
    bars = [
        (cut(one.name) + " ●" * one.single_point + " ✓" * one.reached, one.loss, one.reached) for one in shown
    ]
    if len(review.contributors) > MOST_BARS and rest > 0:
        bars.append(("Everything else", rest, False))
    highest, point = max([loss for _, loss, _ in bars], default=1.0), " class='is-point'"
    lines = "".join(
        f"<li{point * reached}><span>{escape(name)}</span>"
        f"<i style='--v:{100 * loss / highest:.0f}'></i><span>{number(loss, unit)}</span></li>"
        for name, loss, reached in bars
    )
    said = ["● stops a journey alone."] if any(one.single_point for one in shown) else []
    if any(reached for *_, reached in bars):
        said.append("✓ the measures take at least a quarter of it away.")
    untouched = tuple(one.name for one in review.untouched[:3])
    if untouched:
        many = ("the largest", "the two largest", "the three largest")[len(untouched) - 1]
        said.append(f"No option touches {many}: {escape(listed(untouched))}.")
    foot = f"<p class='foot'>{' '.join(said)}</p>" if said else ""
    title = f"Where the loss comes from, {unit_words(words, review.system.currency)}"
    return _section(title, f"<ol class='bars'>{lines}</ol>{foot}")


def _journeys(review):
    unit, words = scale_of(review.loss.likely)
    rows = []
    shown = sorted(review.journeys, key=lambda one: -one.loss.likely)[: _room(review)]
    for one in shown:
        promised = one.objectives
        keeps, longest = "none made", "not set"
        if one.chance_of_promise is not None:
            mark = _mark(review, f"journey {one.journey}.availability")
            keeps = f"{percent(promised.availability)}{mark}\nkept: {in_hundred(one.chance_of_promise)}"
        if one.chance_beyond_tolerance is not None:
            mark = _mark(review, f"journey {one.journey}.tolerance_hours")
            chance = in_hundred(one.chance_beyond_tolerance)
            longest = f"{promised.tolerance_hours:,g} h{mark}\nexceeded: {chance}"
        rows.append(
            (
                (
                    _said(one.journey),
                    keeps,
                    f"{percent(one.availability)}\nusual sum: {percent(one.naive_availability)}",
                    f"{number(one.minutes_down.likely)}\n{span(one.minutes_down)}",
                    number(one.scenario_minutes),
                    longest,
                    f"{number(one.loss.likely, unit)}\n{span(one.loss, unit)}",
                ),
                False,
            )
        )
    heads = (
        "Journey",
        "Promised",
        "Its parts give",
        "Minutes down a year",
        "more by scenarios",
        "Longest outage borne",
        f"Loss, {unit_words(words, review.system.currency)}",
    )
    title = "What customers cannot do, and what it costs"
    left = len(review.journeys) - len(shown)
    said = "Usual sum: a part that is needed twice counts twice, and no cause strikes all copies at once."
    if left:
        said += f" {left} more journey{'' if left == 1 else 's'}, losing less, not shown."
    return _section(title, f"{_table(title, heads, rows)}<p class='foot'>{said}</p>")


def _room(review):
    """How many rows each of the two tables has room for."""
    return MOST_ROWS if min(len(review.journeys), len(review.options)) <= FEWER_ROWS else FEWER_ROWS


def _options(review):
    if not review.options:
        return _section("What we could buy", "<p>The model names no options, so nothing is recommended.</p>")
    best, money = review.portfolio.best, review.system.currency
    told = [one.likely for one in (best.cost_per_year, best.saved_per_year) if best.options]
    told += [one.alone.cost_per_year.likely for one in review.options]
    unit, words = scale_of(max(one.alone.cost_per_year.likely for one in review.options), _least(told))
    rows = []
    ordered = sorted(review.options, key=lambda one: (not one.bought, -one.alone.gain_per_year.likely))
    shown = ordered[: _room(review)]
    for one in shown:
        alone = one.alone
        adds = "–" if one.adds is None else number(one.adds, unit)
        rows.append(
            (
                (
                    ("✓ " if one.bought else "")
                    + _said(alone.options[0])
                    + (f"\n{one.why_not}" if one.why_not else ""),
                    number(alone.cost_per_year.likely, unit)
                    + _mark(review, f"option {alone.options[0]}.cost_per_year"),
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
    title = f"What we could buy, {unit_words(words, money)}"
    heads = ("Recommended: ✓", "Costs", "Saves alone", "Range", "Adds to the set", "Pays for itself")
    said = []
    for bought, words in ((True, "in the set and not shown here: "), (False, "not in the set and not shown")):
        left = [one.alone.options[0] for one in ordered[len(shown) :] if one.bought is bought]
        if left:
            many = "1 more option is" if len(left) == 1 else f"{len(left)} more options are"
            said.append(f"{many} {words}{listed(tuple(left)) if bought else ''}.")
    said += [_dearer(review)] if review.portfolio.more is not None else []
    more = f"<p class='foot'>{escape(' '.join(said))}</p>" if said else ""
    return _section(title, _table(title, heads, rows, foot) + more)


def _least(amounts):
    """The least of some amounts that is one at all."""
    return min((one for one in amounts if one > 0), default=math.inf)


def _dearer(review):
    """What a little more than the budget would buy."""
    found, money = review.portfolio, review.system.currency
    extra = amount(found.more.cost_per_year.likely - found.budget, money)
    saved = amount(found.more.saved_per_year.likely, money)
    before = f" in place of {amount(found.best.saved_per_year.likely, money)}" if found.best.options else ""
    return (
        f"With {extra} a year more than the budget of {amount(found.budget, money)}, "
        f"{listed(found.more.options)} would save {saved}{before}."
    )


def _unknown(review):
    system, money = review.system, review.system.currency
    numbers = system.numbers()
    least = max(review.noise, LEAST_WORTH * review.loss.likely)
    worth = [(name, value) for name, value in review.information.items() if value > least]
    lines = []
    for name, value in worth[:MOST_UNKNOWN]:
        given = numbers.get(name)
        between = ""
        if given is not None:
            low, high = (figure(name, one, money) for one in (given.low, given.high))
            between = f", between {low} and {high}"
        lines.append(
            f"{_said(named(name))}{between}: to know it before we buy is worth {amount(value, money)} a year."
        )
    if not worth and review.options:
        most = max([review.noise, *review.information.values()])
        lines.append(f"To know a single number before we buy is worth {amount(most, money)} a year at most.")
    kinds = _kinds(review)
    solid, every = sum(len(kinds[kind]) for kind in SOLID), sum(map(len, kinds.values()))
    unnamed = sum(len(names) for kind, names in kinds.items() if kind.endswith(UNNAMED))
    why = [f"for {unnamed} of them the source is not named"] if unnamed else []
    why += [f"{len(kinds['unknown'])} have no origin"] if kinds["unknown"] else []
    nobody = f": {', '.join(why)}" if why else ""
    lines.append(
        f"Of {every} numbers that were put in, {solid} are solid (contract or measured, by a named source, "
        f"{SURE}), {every - solid} shaky ({UNSURE}){nobody}."
    )
    idle = unneeded(system)
    if idle:
        lines.append(f"What {listed(idle)} would cost us: no journey of the model needs {_it(idle)}.")
    if not system.scenarios:
        lines.append("What rare and large events cost: the model names no scenario.")
    return _section("What we don’t know", _items(lines))


def _it(names):
    return "it" if len(names) == 1 else "them"


def _kinds(review):
    """The numbers of each kind of origin; a contract or measurement that nobody named is one of its own."""
    unnamed = [kind + UNNAMED for kind in SOLID]
    found: dict[str, list[str]] = {
        kind: [] for kind in (*SOLID, *unnamed, "judgement", "typical", "assumed", "unknown")
    }
    for name in (*review.system.numbers(), *review.system.promises()):
        origin = review.system.origins.get(name)
        kind = "unknown" if origin is None else origin.kind
        found[kind + UNNAMED if kind in SOLID and not origin.solid else kind].append(name)
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
    beyond = [one for one in review.journeys if (one.chance_beyond_tolerance or 0.0) >= MISSED]
    if beyond:
        asked.append(_too_long(sorted(beyond, key=lambda one: -one.chance_beyond_tolerance)))
    without = tuple(one.journey for one in review.journeys if one.objectives.tolerance_hours is None)
    if len(without) == len(review.journeys):
        asked.append("How long each journey may be down at most.")
    elif without:
        which = listed(without) if len(without) < 4 else f"{len(without)} journeys without a limit"
        asked.append(f"How long {which} may be down at most.")
    return _section("We ask the board to decide", _items(asked, "ol"), "asked")


def _too_long(beyond):
    """Who is down for longer than can be borne, the likeliest first."""
    said: list[str] = []
    for one in beyond[:FEWER_ROWS]:
        chance = in_hundred(one.chance_beyond_tolerance).removesuffix(" in 100")
        verb, years = ("", "") if said else (" breaks", " of 100 years")
        limit = f"{one.objectives.tolerance_hours:,g}\u00a0h"
        said.append(f"{called(one.journey)}{verb} its {limit} in {chance}{years}")
    more = len(beyond) - len(said)
    said += [f"{more} more theirs"] if more else []
    return f"Whether to raise the longest outage borne or to pay to keep to it: {', '.join(said)}."


def _changed(review, changes, before):
    if before is None:
        return ""
    money = review.system.currency
    words = f"The mean loss a year was {amount(before, money)} and is {amount(review.loss.likely, money)}."
    if not changes:
        return _section("Since the last review", f"<p>{escape(words)} No number has changed.</p>")

    unit, scale = scale_of(max(abs(one.moves or 0.0) for one in changes))
    sign = SIGNS.get(money, money)

    def ends(name, given):
        if given is None:
            return "–"
        low, likely, high = (figure(name, one, money) for one in (given.low, given.likely, given.high))
        return likely + (f"\n{low} to {high}" if given.low < given.high else "")

    rows = [
        (
            (
                named(one.name),
                ends(one.name, one.before),
                ends(one.name, one.after),
                one.why,
                "–" if one.moves is None else _signed(one.moves, unit),
            ),
            False,
        )
        for one in changes[:MOST_ROWS]
    ]
    more = len(changes) - len(rows)
    said = f"<p class='foot'>{more} more changes are in the JSON.</p>" if more > 0 else ""
    heads = ("Changed", "Before", "Now", "What it stands on", f"Moves the loss, {scale}{sign}".rstrip(", "))
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
            "{:.1f} ({:.1f} to {:.1f})".format(*(100 * one for one in (of.chance_of(loss), *of.bounds(loss))))
            for of in (review.today, review.with_best)
        ]
        rows.append(((amount(loss, money), *cells), loss == marked))
    title = "The chance of a year that costs so much or more, in 100"
    heads = ("A year costs", "Today", "With the set")
    said = "<p class='foot'>In brackets: between these it lies, given the model (grid and samples).</p>"
    return _section(title, _table(title, heads, rows) + said)


def _sets_drawn(review):
    if not review.options:
        return ""
    picture = sets_picture(review)
    return f"<figure role='img' aria-label='{escape(picture.alt, quote=True)}'>{picture.svg}</figure>"


def _short(chance):
    """A chance in a column that says in 100.

    >>> _short(0.996), _short(0.001), _short(0.5)
    ('>99', '<1', '50')
    """
    said = in_hundred(chance).removesuffix(" in 100")
    return said.replace("over ", ">").replace("under ", "<")


def _sets(review):
    if not review.options:
        return ""
    found, money = review.portfolio, review.system.currency
    best = (found.best.options, found.best.cost_per_year.likely, found.best.saved_per_year.likely)
    beaten = best[:1] not in [one[:1] for one in found.pareto]
    told = [one for one in (*found.pareto, *[best] * beaten) if one[0] in found.chances and one[0]]
    step = -(-len(told) // MOST_SETS) or 1
    costs = [one[1] for one in told]
    unit, scale = scale_of(max(costs, default=0.0), _least([*costs, *(one[2] for one in told)]))
    rows = []
    for i, (names, cost, saved) in enumerate(told):
        if i % step == 0 or names in (found.best.options, found.likeliest.options):
            chances = [_short(one) for one in found.chances[names]]
            cells = (_first_up(some_listed(names)), number(cost, unit, saved), number(saved, unit), *chances)
            rows.append((cells, names == found.best.options))
    together = ""
    if abs(found.together) > 0.01 * found.best.saved_per_year.likely:
        together = (
            f" Bought together, its measures save {amount(abs(found.together), money)} a year "
            f"{'less' if found.together < 0 else 'more'} than the sum of what each saves alone."
        )
    within = "" if found.budget is None else f" within the budget of {amount(found.budget, money)}"
    compared = f"All {found.sets:,} sets that can be had{within} were compared."
    if len(review.options) > MOST_OPTIONS:
        compared = f"{found.sets:,} sets were worked out, and bounds rule out that any other gains more."
    if found.gap:
        compared = (
            f"{found.sets:,} sets were worked out before the time was over: another may gain up to "
            f"{amount(found.gap, money)} a year more."
        )
    words = f"{compared} {_how_sure(found, money)}{together}"
    title = f"Sets that no other beats in cost and saving, {unit_words(scale, money)}"
    table = _table(title, ("Set", "Costs", "Saves", "Pays, in 100", "Best, in 100"), rows) if rows else ""
    return _section(title, f"<p>{escape(words)}</p>{table}")


def _how_sure(found, money):
    """How often the recommended set is the best, and why it is recommended where another is so more often."""
    chance, other = in_hundred(found.chance_of_being_best), found.likeliest
    said = f"Recommended is what gains most on average; it is the best in {chance} of what the ranges allow"
    if other.options == found.best.options:
        return f"{said}."
    name = listed(other.options) + (" alone" if len(other.options) == 1 else "")
    less = amount(found.best.gain_per_year.likely - other.gain_per_year.likely, money)
    return (
        f"{said}. Best more often, in {in_hundred(found.chances[other.options][1])}, is "
        f"{name or 'to buy nothing'}, but it gains {less} a year less on average."
    )


def _counted(many):
    return "1 number" if many == 1 else f"{many} numbers"


def _origins(review):
    words = {
        "judgement": "shaky",
        "typical": "shaky, from elsewhere",
        "assumed": "shaky, nobody has looked",
        "unknown": "shaky, no origin given",
    } | {kind + UNNAMED: f"shaky{UNNAMED}" for kind in SOLID}
    rows = []
    for kind, names in _kinds(review).items():
        by_source: dict[str, list[str]] = {}
        for name in names:
            by_source.setdefault("" if kind == "unknown" else review.system.origins[name].source, []).append(
                name
            )
        for source, some in by_source.items():
            mark = SURE if kind in SOLID else UNSURE
            cells = (
                f"{kind.removesuffix(UNNAMED).capitalize()} {mark} {_counted(len(some))}\n"
                f"{words.get(kind, 'solid')}",
                "\n".join(
                    shorten(one, MOST_LETTERS, placeholder=" …")
                    for one in (figures_listed(some), source)
                    if one
                ),
            )
            rows.append((cells, False))
    left = len(rows) - MOST_ORIGINS
    said = f"<p class='foot'>{left} more origins are in the JSON.</p>" if left > 0 else ""
    title = "Where each number comes from"
    heads = ("Origin", "Of which numbers, and who or what says so")
    return _section(title, _table(title, heads, rows[:MOST_ORIGINS]) + said, "texts")


def _scenarios(review):
    money = review.system.currency

    def mark(one, key):
        return _mark(review, f"scenario {one.name}.{key}")

    def beyond(one):
        given = one.lasting_cost
        if given.high == 0:
            return "nothing"
        ends = (
            f"\n{amount(given.low, money)} to {amount(given.high, money)}" if given.low < given.high else ""
        )
        return f"{amount(given.likely, money)}{mark(one, 'lasting_cost')}{ends}"

    rows = [
        (
            (
                _said(one.name),
                f"{one.per_year.likely:g}{mark(one, 'per_year')}\n{span(one.per_year)}",
                f"{one.hours.likely:,g} h{mark(one, 'hours')}\n{span(one.hours)}",
                some_listed(one.journeys) or "none",
                beyond(one),
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


def _minutes(many):
    return f"{many:g} minute{'' if many == 1 else 's'}"


def _any_of(parts):
    names = some_listed(parts, "or")
    if len(parts) == 1:
        return f"{_first_up(names)} alone"
    return f"{_first_up(names)}, {'either' if len(parts) == 2 else 'each'} alone,"


def _monday(review):
    asked = [
        "What do the copies of each group share: releases, settings, names, keys, people? Who looked?",
        "Which outage of the last year is in neither a part nor a scenario of this model?",
    ]
    for one in review.journeys:
        if one.slower_parts:
            asked.append(
                f"{_said(one.journey)} is to be back in {one.objectives.recovery_hours:,g} h. "
                f"{_any_of(one.slower_parts)} can hold it longer. What then?"
            )
        if one.objectives.recovery_point_minutes is not None and one.chance_beyond_recovery_point:
            asked.append(
                f"{_said(one.journey)} may lose {_minutes(one.objectives.recovery_point_minutes)} of data; a "
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
            f"Each of these stops a journey alone: {some_listed(single)}. Who owns it, and what is the plan?"
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
