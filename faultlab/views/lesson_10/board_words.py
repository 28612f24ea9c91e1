"""The figures of a review as a board reads them: amounts, chances, names, and the one sentence."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from faultlab.analysis.systems import spoken
from faultlab.metrics.alerts import alert_findings, detection_hours
from faultlab.metrics.estimates import percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from faultlab.analysis.reviews import Review
    from faultlab.analysis.systems import Range
    from faultlab.metrics.alerts import ServiceLevel

SIGNS = {"EUR": "€", "USD": "$", "GBP": "£"}


def amount(value: float, currency: str, digits: int = 3) -> str:
    """An amount of money, to three digits or to two.

    >>> [" ".join(amount(*one).split()) for one in ((4_049_111, "EUR"), (-950, "CHF"), (950, "USD"))]
    ['4.05 million €', '−950 CHF', '$950']
    >>> [" ".join(amount(one, "EUR", 2).split()) for one in (1_657_508, 14_574_757, 95_300)]
    ['1.7 million €', '15 million €', '95,000 €']

    Below a hundred it has the decimals that a table gives it.

    >>> [" ".join(amount(one, "EUR").split()) for one in (16.78, 1.884, 0.4, 0.002, 0.0)]
    ['16.8 €', '1.88 €', '0.4 €', 'under 0.01 €', '0 €']
    """
    sign = "−" if value < -0.005 else ""
    value = abs(value)
    if float(f"{value:.{digits}g}") >= 1e6:
        rounded = float(f"{value / 1e6:.{digits}g}")
        words = (
            f"{rounded:,.{max(0, digits - (3 if rounded >= 100 else 2 if rounded >= 10 else 1))}f} million"
        )
        words = words.replace(".00 ", " ").replace(".0 ", " ")
    elif 0 < value < 0.005:
        words = "under 0.01"
    elif value < 99.5:
        words = f"{float(f'{value:.{digits}g}'):.2f}".rstrip("0").rstrip(".")
    else:
        words = f"{float(f'{value:.{digits}g}'):,.0f}"
    if currency in ("USD", "GBP"):
        return f"{sign}{SIGNS[currency]}{words}".replace(" ", "\N{NO-BREAK SPACE}")
    return f"{sign}{words} {SIGNS.get(currency, currency)}".rstrip().replace(" ", "\N{NO-BREAK SPACE}")


def scale_of(value: float, least: float = math.inf) -> tuple[float, str]:
    """The unit in which a table of amounts like this one is written, and its name.

    The least amount that has to be told apart from nothing may ask for a smaller unit.

    >>> scale_of(4e6), scale_of(120_000), scale_of(950)
    ((1000000.0, 'million '), (1000.0, 'thousand '), (1.0, ''))
    >>> scale_of(4e6, 200), scale_of(4e6, 2)
    ((1000.0, 'thousand '), (1.0, ''))
    """
    for unit, bound, words in ((1e6, 1e6, "million "), (1e3, 1e4, "thousand ")):
        if value >= bound and least >= 0.1 * unit:
            return unit, words
    return 1.0, ""


def unit_words(scale: str, currency: str) -> str:
    """The unit of a table as its title ends: a scale and the sign of a currency, of which neither need be.

    >>> unit_words("million ", "EUR"), unit_words("thousand ", ""), unit_words("", "")
    ('million € a year', 'thousand a year', 'a year')
    """
    return " ".join([*f"{scale}{SIGNS.get(currency, currency)}".split(), "a year"])


def number(value: float, unit: float = 1.0, beside: float = 0.0) -> str:
    """A number of a table in its unit, with the digits that its size, or that of another beside it, deserves.

    >>> number(4_049_111, 1e6), number(497_321, 1e3), number(-27_000, 1e3), number(0.0)
    ('4.05', '497', '−27', '0')
    """
    value /= unit
    size = max(abs(value), abs(beside) / unit)
    written = f"{abs(value):,.{0 if size >= 100 else 1 if size >= 10 else 2}f}"
    written = written.rstrip("0").rstrip(".") if "." in written else written
    return f"−{written}" if value < -0.005 else written


def span(given: Range, unit: float = 1.0) -> str:
    """The ends of a range in their unit; nothing where they are one.

    >>> from faultlab.analysis.systems import Range
    >>> span(Range(41_900, 111_000, 209_000), 1e3)
    '42 to 209'
    """
    low, high = number(given.low, unit, given.high), number(given.high, unit, given.low)
    return f"{low} to {high}" if low != high else ""


def in_hundred(chance: float) -> str:
    """A chance as so many in a hundred, and never as none or all where it is not.

    >>> in_hundred(0.1211), in_hundred(0.004), in_hundred(0.9996), in_hundred(0.0), in_hundred(1.0)
    ('12 in 100', 'under 1 in 100', 'over 99 in 100', '0 in 100', '100 in 100')
    """
    if 0 < chance < 0.01:
        return "under 1 in 100"
    if 0.99 < chance < 1:
        return "over 99 in 100"
    return f"{round(100 * chance)} in 100"


KEYS = {
    "mtbf_hours": "hours between failures",
    "mttr_hours": "hours to repair",
    "shared_cause": "share of failures that strike all",
    "switch_over_fails": "share of switch-overs that fail",
    "tested_every_hours": "hours between tests",
    "worth_per_hour": "worth an hour",
    "journey availability": "promise",
    "tolerance_hours": "longest outage borne",
    "recovery_hours": "hours to recover",
    "recovery_point_minutes": "minutes of data that may be lost",
    "per_year": "times a year",
    "hours": "hours each time",
    "lasting_cost": "cost beyond the hours",
    "data_lost_minutes": "minutes of data lost",
    "cost_per_year": "cost a year",
}
"""The model's numbers as a board would call them, where their names don't say it."""


LONGEST_NAME = 40
"""That the page has room for: of a longer one it has both ends, which tell it from its like."""
MOST_NAMES, MOST_LETTERS = 8, 150
"""In a cell or a question, before the rest are counted."""


def called(name: str) -> str:
    """A name of the model as the page has room for it.

    >>> called("order_database"), len(called("n" * 90))
    ('order database', 40)
    """
    return cut(spoken(name))


def cut(words: str) -> str:
    """Words whose middle is left out where they are longer than a name may be on the page."""
    if len(words) <= LONGEST_NAME:
        return words
    return f"{words[: LONGEST_NAME - 19].rstrip()} … {words[-16:].lstrip()}"


def some_listed(names: Sequence[str], last: str = "and") -> str:
    """Names in a sentence, as many as there is room for, and how many more there are.

    >>> some_listed("abc"), some_listed("abcdefghijk")
    ('a, b and c', 'a, b, c, d, e, f, g, h and 3 more')
    """
    shown: list[str] = []
    for name in names[:MOST_NAMES]:
        if shown and len(listed((*shown, name))) > MOST_LETTERS:
            break
        shown.append(name)
    left = len(names) - len(shown)
    return f"{', '.join(map(called, shown))} {last} {left} more" if left else listed(tuple(shown), last)


def part_and_figure(name: str) -> tuple[str, str]:
    """Whose number it is and which one, in words; nothing for the latter where the name is an entry's.

    >>> part_and_figure("journey checkout.worth_per_hour"), part_and_figure("scenario fire")
    (('checkout', 'worth an hour'), ('scenario fire', ''))
    """
    if "." not in name:
        return called(name), ""
    part, _, key = name.rpartition(".")
    kind, _, rest = part.partition(" ")
    part = rest if rest and kind in ("journey", "scenario", "option") else part
    return called(part), KEYS.get(f"{kind} {key}", KEYS.get(key, spoken(key)))


def named(name: str) -> str:
    """A number of the model, or an entry of it, in words.

    >>> named("journey checkout.worth_per_hour"), named("dns.availability")
    ('checkout: worth an hour', 'DNS: availability')
    """
    part, figure = part_and_figure(name)
    return f"{part}: {figure}" if figure else part


def figures_listed(names: Sequence[str]) -> str:
    """Many numbers of the model in words: those who have the same ones together.

    >>> figures_listed(["dns.availability", "cdn.availability", "scenario fire.hours"])
    'DNS, CDN: availability; fire: hours each time'
    """
    figures: dict[str, tuple[str, ...]] = {}
    for part, figure in map(part_and_figure, names):
        figures[part] = (*figures.get(part, ()), figure)
    alike: dict[tuple[str, ...], list[str]] = {}
    for part, some in figures.items():
        alike.setdefault(some, []).append(part)
    return "; ".join(f"{', '.join(parts)}: {', '.join(some)}" for some, parts in alike.items())


def listed(names: tuple[str, ...], last: str = "and") -> str:
    """Names of the model in a sentence.

    >>> listed(("dns", "order_database", "cdn"))
    'DNS, order database and CDN'
    """
    words = [called(name) for name in names]
    return f" {last} ".join(filter(None, [", ".join(words[:-1]), words[-1] if words else ""]))


SHARES, MONEY = ("shared_cause", "switch_over_fails"), ("worth_per_hour", "lasting_cost", "cost_per_year")


def figure(name: str, value: float, currency: str) -> str:
    """A number of the model, by its name: a share in per cent, money with its currency, thousands apart.

    >>> [figure(*one, "") for one in (("a.availability", 0.999), ("b.shared_cause", 0.02), ("c.hours", 1500))]
    ['99.9 %', '2 %', '1,500']
    """
    key = name.rpartition(".")[2]
    if key == "availability":
        return percent(value)
    if key in SHARES:
        return f"{100 * value:.3g} %"
    if key in MONEY:
        return amount(value, currency)
    return f"{value:,.0f}" if value >= 1e5 else f"{value:,.5g}"


def marked_loss(review: Review) -> float:
    """The loss that the page speaks about: the board's appetite, or about what one year in ten costs.

    An appetite beyond every year that comes says nothing about them. Where one year in ten costs nothing it
    is what a rarer year costs.
    """
    appetite = review.system.appetite
    if appetite is not None and appetite.loss <= review.today.loss[-1]:
        return appetite.loss
    rarer = (review.today.one_in(years) for years in (10, 20, 50, 100, 200, 500, 1000))
    return float(f"{next(filter(None, rarer), review.loss.likely):.2g}")


def bad_year(review: Review) -> str:
    """What one year in ten costs, in words."""
    bad = review.today.one_in(10)
    if not bad:
        return "nine years in ten cost nothing"
    return f"one year in ten costs {amount(bad, review.system.currency)} or more"


def headline(review: Review) -> tuple[str, str, str]:
    """The one sentence, in three pieces of which the middle one is its point."""
    money = review.system.currency
    best = review.portfolio.best
    if not best.options:
        rest = f", and {bad_year(review)}"
        if review.system.options:
            rest += "; nothing on offer pays for itself"
            rest += "" if review.portfolio.budget is None else " within the budget"
        return "Outages cost us ", f"{amount(review.loss.likely, money)} a year", rest
    marked = marked_loss(review)
    chances = [one.chance_of(marked) for one in (review.today, review.with_best)]
    before, after = map(in_hundred, chances)
    spent = amount(best.cost_per_year.likely, money)
    rest = f" in outages; a year that costs {amount(marked, money)} or more goes from {before} to {after}"
    if (
        before == after or max(chances) < 0.005 or min(chances) > 0.995
    ):  # the board's line lies far from what years cost
        bad = [amount(one.one_in(10), money) for one in (review.today, review.with_best)]
        rest = " in outages; what one year in ten costs or more " + (
            f"stays at {bad[0]}" if bad[0] == bad[1] else f"goes from {bad[0]} to {bad[1]}"
        )
    return f"{spent} a year saves us ", amount(best.saved_per_year.likely, money), rest


def alert_words(level: ServiceLevel) -> list[str]:
    """What the alerts of an objective would do about a whole outage, and what is wrong with them.

    >>> from faultlab.metrics.alerts import ServiceLevel, recommended_alerts
    >>> alert_words(ServiceLevel("pay", 0.999, alerts=recommended_alerts()))
    ['A whole outage is noticed after 1 minute, with 2 in 100 parts of its budget spent.']
    >>> alert_words(ServiceLevel("pay", 0.999))
    ['No alert is named: customers notice first.']
    """
    if not level.alerts:
        return ["No alert is named: customers notice first."]
    target = level.slices.target if level.slices else None
    soonest = min(detection_hours(one, level.objective, 1.0, target) for one in level.alerts)
    if math.isinf(soonest):
        found = ["No alert fires in a whole outage."]
    else:
        spent = soonest / ((1 - level.objective) * level.period_hours)
        minutes = max(1, round(60 * soonest))
        found = [
            f"A whole outage is noticed after {minutes:,} minute{'s' if minutes != 1 else ''}, with "
            f"{in_hundred(spent)} parts of its budget spent."
        ]
    wrong = alert_findings(level.alerts, level.objective, None, level.period_hours, slices=level.slices)
    return found + [f"{one.alert}: {one.finding} {one.remedy}" for one in wrong]
