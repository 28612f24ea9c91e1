"""Numbers as a reader says them: money, time and percentages, with as many digits as they deserve."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def euros(amount: float) -> str:
    """An amount of money in words, to two digits or three.

    >>> euros(950), euros(12_340), euros(1_234_567), euros(0)
    ('950 EUR', '12,300 EUR', '1.23 million EUR', '0 EUR')
    """
    if abs(amount) >= 999_500:
        return f"{amount / 1e6:,.3g} million EUR"
    rounded = float(f"{amount:.3g}")
    return f"{rounded:,.0f} EUR"


def span(minutes: float) -> str:
    """A length of time in the unit in which people think of it.

    >>> span(0.43), span(43.2), span(525.6), span(5256), span(0.001)
    ('26 seconds', '43.2 minutes', '8.76 hours', '3.65 days', 'under a second')
    """
    if 0 < minutes < 1 / 60:
        return "under a second"
    if minutes < 0.995:
        return f"{minutes * 60:.2g} seconds"
    if minutes < 119.5:
        return f"{minutes:.3g} minutes"
    if minutes < 2 * 1440 - 1:
        return f"{minutes / 60:.3g} hours"
    return f"{minutes / 1440:.3g} days"


def share(fraction: float) -> str:
    """A fraction as a percentage, without digits that don't matter.

    >>> share(0.4321), share(0.004), share(1)
    ('43 %', '0.4 %', '100 %')
    """
    percent = 100 * fraction
    return f"{percent:,.0f} %" if percent >= 9.5 or percent == 0 else f"{percent:.1g} %"


def shares(fractions: Iterable[float]) -> str:
    """The least and the most of some fractions, as percentages.

    >>> shares([0.42, 0.84, 0.7]), shares([0.0042, 0.012]), shares([0.11, 0.11])
    ('42 to 84 %', '0.4 to 1 %', '11 %')
    """
    fractions = list(fractions)
    least, most = (share(bound).removesuffix(" %") for bound in (min(fractions), max(fractions)))
    return f"{least} %" if least == most else f"{least} to {most} %"


def count(number: float, one: str, many: str | None = None) -> str:
    """A number with its noun.

    >>> count(1, "outage"), count(6, "outage"), count(0.5, "outage")
    ('1 outage', '6 outages', '0.5 outages')
    """
    return f"{number:,g} {one if number == 1 else many or one + 's'}"


def written_out(number: int) -> str:
    """A whole number in running text: words to nine, figures from ten.

    >>> written_out(3), written_out(26)
    ('three', '26')
    """
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    return words[number] if 0 <= number < len(words) else f"{number:,}"


def listed(parts: Sequence[str]) -> str:
    """A list as people write it.

    >>> listed(["DNS"]), listed(["DNS", "CDN"]), listed(["DNS", "CDN", "stock"])
    ('DNS', 'DNS and CDN', 'DNS, CDN and stock')
    """
    return " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))
