"""MTTR, MTBF and availability from data, each with the range the data leave open."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np

from faultlab.errors import BadInput
from faultlab.metrics.estimates.distributions import CONFIDENCE, chi_square_quantile, normal_quantile

SPREAD_OF_REPAIRS = (1.0, 1.6)
"""The standard deviation of the logarithm of repair times that is assumed when five or fewer are known.

Public outages have 1.6 (course/data/public_outages.csv); studies of single companies found 1.0 to 1.5.
"""
_LONGEST_BELIEVED = 100 * 365 * 1440.0
_FEWEST_THAT_SHOW_THEIR_SPREAD = 6
_FEWEST_FOR_A_TEST_OF_SHAPE = 8


@dataclass(frozen=True)
class Estimate:
    """A number from data, the range it may truly have, and how the range was found.

    `value`, `low` and `high` are None where the data say nothing or set no limit; `method` says why.
    """

    value: float | None
    low: float | None
    high: float | None
    confidence: float
    method: str

    def with_method(self, method: str) -> Estimate:
        """Return the same estimate with another description of how it was found."""
        return replace(self, method=method)

    def numbers(self) -> tuple[float, float, float]:
        """Return the value and both limits of an estimate that has all three, as that of a counted share.

        >>> Estimate(0.5, 0.2, 0.8, 0.9, "ten throws").numbers()
        (0.5, 0.2, 0.8)
        """
        if self.value is None or self.low is None or self.high is None:
            raise ValueError(f"not all of value and limits are known: {self}")
        return self.value, self.low, self.high

    def as_dict(self) -> dict[str, float | str | None]:
        """Return the five fields as a dictionary that can be written as JSON.

        >>> Estimate(3.0, 2.0, None, 0.9, "counted").as_dict()["high"] is None
        True
        """
        return asdict(self)

    def __str__(self):
        def shown(number, unknown):
            # Shares of nearly one are told apart by their later digits.
            return unknown if number is None else f"{number:.{4 if number >= 1 else 6}g}"

        low, high = shown(self.low, "no lower limit"), shown(self.high, "no upper limit")
        return f"{shown(self.value, 'unknown')} ({low} to {high}, {100 * self.confidence:.0f} %)"


def mtbf(up_hours: float, failures: int, confidence: float = CONFIDENCE) -> Estimate:
    """Return the mean operating time between failures, with its chi-square interval.

    Failures are taken to come at a constant rate while the service is up, and observation ends at a
    fixed time. Without a failure only the lower limit exists.

    Parameters
    ----------
    up_hours : float
        Hours of operation observed, above 0.
    failures : int
    confidence : float
        Two-sided.

    Returns
    -------
    Estimate
        In hours; `value` and `high` are None without a failure.

    References
    ----------
    NIST/SEMATECH e-Handbook of Statistical Methods, 8.4.5.1.

    Examples
    --------
    >>> some = mtbf(10_000, 5)
    >>> some.value, round(some.low, 4), round(some.high, 4)
    (2000.0, 951.2001, 5075.7568)
    >>> none = mtbf(1000, 0)
    >>> none.value, round(none.low, 4), none.high
    (None, 333.8082, None)
    """
    _check_confidence(confidence)
    if not (math.isfinite(up_hours) and up_hours > 0):
        raise BadInput(f"The hours of operation are a positive number, not {up_hours!r}.")
    if isinstance(failures, bool) or failures != int(failures) or failures < 0:
        raise BadInput(f"The number of failures is a whole number from 0 up, not {failures!r}.")
    failures, tail = int(failures), (1 - confidence) / 2
    low = 2 * up_hours / chi_square_quantile(1 - tail, 2 * failures + 2)
    if failures == 0:
        method = "chi-square (NIST 8.4.5.1); no failure was seen, so there is no value and no upper limit"
        return Estimate(None, low, None, confidence, method)
    high = 2 * up_hours / chi_square_quantile(tail, 2 * failures)
    method = "hours up per failure, chi-square (NIST 8.4.5.1)"
    return Estimate(up_hours / failures, low, high, confidence, method)


def mttr(minutes: Sequence[float] | np.ndarray, confidence: float = CONFIDENCE) -> Estimate:
    """Return the mean time to restore, with an interval made for lognormal durations.

    The textbook interval (mean and t) is wrong here: with 12 repairs as skewed as real ones
    (lognormal, sigma 1.6) its 90 % interval holds the truth 66 times in 100. What is used instead:

    - 6 or more durations: the interval of a lognormal mean by the method of variance estimates recovery
      (MOVER). Simulated coverage of its 90 % interval: 89 to 91 % for n = 6, 12, 50 and sigma 1 to 1.6.
    - 8 or more that are plainly not lognormal (Anderson-Darling on the logarithms, 5 %): Hall's
      transformed t, which needs no shape but more data.
    - 1 to 5: the same lognormal mean with its spread taken from experience (`SPREAD_OF_REPAIRS`), since
      so few can't show their own. It covers at least 90 % for every spread in that range.
    - none: no value and no limits.

    It promises too much where durations are uneven in another way. Simulated coverage is 77 to 89 % for a
    Weibull distribution of shape 0.6, and some 60 % for six durations, one in seven of them of a kind that
    is 20 times as long.

    A duration of zero counts as half the shortest other one where logarithms are taken.

    Parameters
    ----------
    minutes : sequence of float
        Durations of finished repairs, at least 0.
    confidence : float
        Two-sided.

    Returns
    -------
    Estimate
        `value` is the plain mean.

    References
    ----------
    Zou, Huo and Taleban (2009), Simple confidence intervals for lognormal means and their differences.
    Hall (1992), On the removal of skewness by transformation. Stephens (1986), Tests based on EDF
    statistics (critical value 0.752 with mean and variance estimated).

    Examples
    --------
    >>> answer = mttr([12, 25, 31, 44, 60, 190])
    >>> round(answer.value, 1), round(answer.low), round(answer.high)
    (60.3, 32, 308)
    """
    _check_confidence(confidence)
    values = durations_array(minutes)
    n = len(values)
    if n == 0:
        return Estimate(None, None, None, confidence, "no duration is known")
    mean = float(values.mean())
    if mean == 0:
        return Estimate(0.0, None, None, confidence, "every duration is zero")
    _, low, high, method = _mean_on_log_scale(values, confidence)
    # A mean pulled far out by one duration can lie outside a lognormal's limits: widen to hold it.
    low, high = min(_exp(low), mean), max(_exp(high), mean)
    if high > _LONGEST_BELIEVED:
        high, method = None, f"{method}; the upper limit is beyond 100 years"
    return Estimate(mean, low, high, confidence, method)


def _mean_on_log_scale(values, confidence):
    """Return the logarithm of the mean by the model in use, its two limits, and the model's name."""
    n = len(values)
    z = normal_quantile((1 + confidence) / 2)
    positive = values[values > 0]
    smallest = max(float(positive.min()) / 2, np.finfo(float).tiny)
    logs = np.log(np.where(values > 0, values, smallest))
    location = float(logs.mean())
    if n < _FEWEST_THAT_SHOW_THEIR_SPREAD:
        small, large = SPREAD_OF_REPAIRS
        # The limits are those of the worst spread within the range; the quadratic below has its
        # least value at sigma = z / sqrt(n) when that lies inside.
        worst = min(max(z / math.sqrt(n), small), large)
        low = location + worst**2 / 2 - z * worst / math.sqrt(n)
        high = location + large**2 / 2 + z * large / math.sqrt(n)
        middle = location + ((small + large) / 2) ** 2 / 2
        method = (
            f"lognormal mean of {n} duration{'s' if n > 1 else ''}, "
            f"spread assumed between {small:g} and {large:g} (too few to show it)"
        )
        return min(max(middle, low), high), low, high, method
    if n >= _FEWEST_FOR_A_TEST_OF_SHAPE and not _looks_normal(logs):
        return _hall(values, z)
    half_variance = float(logs.var(ddof=1)) / 2
    if half_variance == 0:
        return location, location, location, f"all {n} durations are the same"
    tail = (1 - confidence) / 2
    least = half_variance * (n - 1) / chi_square_quantile(1 - tail, n - 1)
    most = half_variance * (n - 1) / chi_square_quantile(tail, n - 1)
    location_part = z * z * 2 * half_variance / n
    centre = location + half_variance
    low = centre - math.sqrt(location_part + (half_variance - least) ** 2)
    high = centre + math.sqrt(location_part + (most - half_variance) ** 2)
    return centre, low, high, f"lognormal mean of {n} durations, MOVER (Zou, Huo and Taleban 2009)"


def _looks_normal(values):
    """Anderson-Darling test of normality at 5 %, mean and variance estimated (Stephens 1986)."""
    n = len(values)
    spread = values.std(ddof=1)
    if spread == 0:
        return True
    scaled = np.sort((values - values.mean()) / spread) / math.sqrt(2)
    below = np.array([math.erfc(-x) for x in scaled.tolist()]) / 2
    above = np.array([math.erfc(x) for x in scaled.tolist()]) / 2
    floor = 1e-300
    odd = 2 * np.arange(1, n + 1) - 1
    terms = np.log(np.maximum(below, floor)) + np.log(np.maximum(above[::-1], floor))
    statistic = -n - float((odd * terms).sum()) / n
    return statistic * (1 + 0.75 / n + 2.25 / n**2) < 0.752


def _hall(values, z):
    n = len(values)
    mean = float(values.mean())
    deviations = values - mean
    spread = math.sqrt(float((deviations**2).mean()))
    skewness = float((deviations**3).mean()) / spread**3

    def untransformed(quantile):
        inner = 1 + skewness * (quantile / math.sqrt(n) - skewness / (6 * n))
        return 3 * (math.copysign(abs(inner) ** (1 / 3), inner) - 1) / skewness

    def limit(quantile):
        if abs(skewness) < 1e-9:
            return mean - quantile / math.sqrt(n) * spread
        return mean - untransformed(quantile) * spread

    # A mean of durations is above zero whatever the expansion says for few and wild ones.
    low, high = max(limit(z), float(values.min()), mean * 1e-9), limit(-z)
    method = f"mean of {n} durations whose shape is not lognormal, Hall's transformed t (1992)"
    return math.log(mean), math.log(low), math.log(max(high, mean)), method


def availability_interval(
    down: float,
    window_minutes: float,
    failures: int,
    repairs: Sequence[float] | np.ndarray,
    confidence: float = CONFIDENCE,
) -> Estimate:
    """Return the availability seen in a window, with a range for the one in the long run.

    In the long run down time per hour up is the rate of failures times the mean time to restore. Both
    have intervals (`mtbf`, `mttr`); on the logarithmic scale the product is a sum, and the method of
    variance estimates recovery (MOVER) joins the two.

    Parameters
    ----------
    down : float
        Minutes down in the window, overlaps counted once.
    window_minutes : float
    failures : int
        Incidents that started in the window.
    repairs : sequence of float
        Minutes of the finished repairs among them.
    confidence : float
        Two-sided.

    Returns
    -------
    Estimate
        A fraction of time up. Without a finished repair no limits are known, save that without a failure
        the upper one is 1.

    References
    ----------
    Zou and Donner (2008), Construction of confidence limits about effect measures.

    Examples
    --------
    >>> year = availability_interval(362, 525_600, 6, [12, 25, 31, 44, 60, 190])
    >>> round(year.value, 6), round(year.low, 5), round(year.high, 5)
    (0.999311, 0.99597, 0.99975)
    """
    _check_confidence(confidence)
    if not 0 <= down <= window_minutes or window_minutes <= 0:
        raise BadInput(f"{down:g} minutes down don't fit in a window of {window_minutes:g} minutes.")
    value = 1 - down / window_minutes
    values = durations_array(repairs)
    if failures == 0:
        method = "time up in the window; no failure started in it, so nothing is known about repairs"
        return Estimate(value, None, 1.0, confidence, method)
    if len(values) == 0 or values.max() == 0 or down in (0, window_minutes):
        method = "time up in the window; no finished repair tells how long they take"
        return Estimate(value, None, None, confidence, method)
    between = mtbf((window_minutes - down) / 60, failures, confidence)
    seen, shortest, longest = between.numbers()
    rate_down = math.log(seen / longest)
    rate_up = math.log(seen / shortest)
    centre, low, high, _ = _mean_on_log_scale(values, confidence)
    # Centred on the down time per minute up that was seen: with overlaps, open incidents or cuts at the
    # edges it is not failures times mean repair. The model's own centre may differ from the plain mean.
    seen = math.log(down / (window_minutes - down))
    middle = seen + centre - math.log(values.mean())
    lower = middle - math.hypot(rate_down, centre - low)
    upper = middle + math.hypot(rate_up, high - centre)
    method = "time up in the window; limits from MTBF (chi-square) and MTTR, joined by MOVER"
    best, worst = min(_odds_down(lower), 1 - value), max(_odds_down(upper), 1 - value)
    return Estimate(value, 1 - worst, 1 - best, confidence, method)


def _odds_down(log_odds):
    return 1 / (1 + _exp(-log_odds))


def _exp(x):
    return math.exp(min(x, 700.0))


def counted_share(hits: int, trials: int, method: str, confidence: float = CONFIDENCE) -> Estimate:
    """Return a share that was counted, with Wilson's interval, which holds near 0 and 1 too.

    Parameters
    ----------
    hits, trials : int
    method : str
        What was counted.
    confidence : float

    References
    ----------
    NIST/SEMATECH e-Handbook of Statistical Methods, 7.2.4.1 (Wilson).

    Examples
    --------
    >>> heads = counted_share(0, 10, "ten throws")
    >>> heads.low, round(heads.high, 3)
    (0.0, 0.213)
    """
    if not 0 <= hits <= trials or trials < 1:
        raise BadInput(f"{hits!r} of {trials!r} is not a share.")
    z = normal_quantile((1 + _check_confidence(confidence)) / 2)
    share = hits / trials
    centre = (share + z * z / (2 * trials)) / (1 + z * z / trials)
    half = z / (1 + z * z / trials) * math.sqrt(share * (1 - share) / trials + (z / (2 * trials)) ** 2)
    low = 0.0 if hits == 0 else centre - half
    high = 1.0 if hits == trials else centre + half
    return Estimate(share, low, high, confidence, method)


def durations_array(minutes: Iterable[float] | np.ndarray) -> np.ndarray:
    """Return durations as an array of floats; refuse what is negative or not a number."""
    values = np.asarray(
        list(minutes) if not isinstance(minutes, np.ndarray) else minutes, dtype=float
    ).ravel()
    if not np.isfinite(values).all() or (values < 0).any():
        raise BadInput("Durations are minutes from 0 up; one of them is negative or not a number.")
    return values


def _check_confidence(confidence):
    if not 0 < confidence < 1:
        raise BadInput(f"A confidence is a fraction between 0 and 1, such as 0.9, not {confidence!r}.")
    return confidence
