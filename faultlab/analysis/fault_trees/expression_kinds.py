"""What expressions there are: how many parts each takes, for which numbers it is defined, and its value.

One table for the stochastic layer of the Open-PSA Model Exchange Format (2.0d, section V). A random deviate
counts with its mean where one number is asked for, and can be drawn.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from faultlab.analysis.fault_trees.periodic_tests import instant_repair, instant_test, whole_test
from faultlab.errors import BadInput
from faultlab.metrics.estimates import normal_quantile

if TYPE_CHECKING:
    from collections.abc import Sequence

MANY = 1_000_000


@dataclass(frozen=True)
class Rule:
    """What has to hold for the numbers of some parts.

    Attributes
    ----------
    parts : tuple of int, or None
        The places of the parts that it looks at; None for all of them.
    holds : callable
        Of their numbers; arrays are judged number by number.
    said : str
        As in "a failure rate from 0".
    """

    parts: tuple[int, ...] | None
    holds: Callable
    said: str


@dataclass(frozen=True)
class Kind:
    """One form of an expression.

    Attributes
    ----------
    least, most : int
        How many parts it takes.
    value : callable
        Of the numbers of its parts, each a float or an array of draws.
    rules : tuple of Rule
    units : tuple of int, or str, optional
        The power of time in the unit of every part (-1 for a rate); or "same", "product" or "quotient" for
        what has the unit of its parts, or that of their product.
    draw : callable, optional
        Of a numpy generator, a size and its parts: draws of a random deviate.
    other : callable, optional
        One less the value, without losing the digits of what is small.
    """

    least: int
    most: int
    value: Callable
    rules: tuple[Rule, ...] = ()
    units: tuple[int, ...] | str | None = None
    draw: Callable | None = None
    other: Callable | None = None

    def refuse_outside(self, name: str, numbers: Sequence[Any]) -> None:
        """Refuse numbers outside the domain; None stands for one that is not known yet.

        Raises
        ------
        BadInput
        """
        for rule in self.rules:
            seen = numbers if rule.parts is None else [numbers[i] for i in rule.parts]
            if any(one is None for one in seen):
                continue
            if not np.all(rule.holds(*seen)):
                shown = ", ".join(_shown(one) for one in seen)
                raise BadInput(f"<{name}> needs {rule.said}, not {shown}.")


def _shown(number):
    if isinstance(number, np.ndarray):
        return f"draws from {number.min():.6g} to {number.max():.6g}"
    return f"{float(number):.15g}"


def _positive(place, what):
    return Rule((place,), lambda one: one > 0, f"a {what} above 0")


def _from_zero(place, what):
    return Rule((place,), lambda one: one >= 0, f"a {what} from 0")


def _chance(place, what):
    return Rule((place,), lambda one: (one >= 0) & (one <= 1), f"a {what} from 0 to 1")


def _over_all(function):
    return lambda *parts: functools.reduce(function, parts)


def _mean(*parts):
    return functools.reduce(np.add, parts) / len(parts)


def _power(base, exponent):
    return np.power(np.asarray(base, float), exponent)


def _remainder(one, other):
    """The remainder of whole numbers, with the sign of the first."""
    return np.fmod(np.trunc(one), np.trunc(other))


def _chosen(condition, then, otherwise):
    return np.where(np.asarray(condition) != 0, then, otherwise)


def _exponential(rate, time):
    return -np.expm1(-rate * time)


def _glm(on_demand, failure, repair, time):
    both = failure + repair
    return on_demand * np.exp(-both * time) - failure / both * np.expm1(-both * time)


def _glm_other(on_demand, failure, repair, time):
    both = failure + repair
    return (1 - on_demand) * np.exp(-both * time) - repair / both * np.expm1(-both * time)


def _weibull_exponent(scale, shape, shift, time):
    return -_power(np.maximum(time - shift, 0) / scale, shape)


def _lognormal(rng, size, mean, error_factor, level):
    z = normal_quantile(float(level))
    if z <= 0:
        raise BadInput("<lognormal-deviate> needs a level above 0.5 for an error factor above 1.")
    deviation = math.log(error_factor) / z
    return rng.lognormal(math.log(mean) - deviation**2 / 2, deviation, size)


def _histogram(parts):
    bounds, weights = np.array([parts[0], *parts[1::2]], float), np.array(parts[2::2], float)
    return bounds, weights / weights.sum()


def _histogram_mean(*parts):
    bounds, weights = _histogram(parts)
    return float(weights @ (bounds[:-1] + bounds[1:]) / 2)


def _histogram_draw(rng, size, *parts):
    bounds, weights = _histogram(parts)
    bins = rng.choice(len(weights), size, p=weights)
    return rng.uniform(bounds[bins], bounds[bins + 1])


def _function(value, *rules):
    return (Kind(1, 1, value, rules),)


def _test(value):
    return (Kind(2, 2, lambda one, other: value(one, other) * 1.0),)


_TIMES = (_from_zero(-1, "time"),)
_WITHIN_ONE = Rule((0,), lambda one: (one >= -1) & (one <= 1), "a number from -1 to 1")
_ABOVE_ZERO = _positive(0, "number")
_PERIODIC = (_positive(0, "failure rate"), *_TIMES)

# The forms of each expression by its name; they differ in the number of parts.
KINDS: dict[str, tuple[Kind, ...]] = {
    # numerical operations
    "neg": (Kind(1, 1, np.negative, units="same"),),
    "abs": (Kind(1, 1, np.abs, units="same"),),
    "add": (Kind(1, MANY, _over_all(np.add), units="same"),),
    "sub": (Kind(1, MANY, _over_all(np.subtract), units="same"),),
    "mul": (Kind(1, MANY, _over_all(np.multiply), units="product"),),
    "div": (
        Kind(
            1,
            MANY,
            _over_all(np.divide),
            (Rule(None, lambda _, *rest: np.all([np.all(one != 0) for one in rest]), "divisors but 0"),),
            "quotient",
        ),
    ),
    "min": (Kind(1, MANY, _over_all(np.minimum), units="same"),),
    "max": (Kind(1, MANY, _over_all(np.maximum), units="same"),),
    "mean": (Kind(1, MANY, _mean, units="same"),),
    "mod": (
        Kind(2, 2, _remainder, (Rule((1,), lambda one: np.trunc(one) != 0, "a second whole number but 0"),)),
    ),
    "pow": (
        Kind(
            2,
            2,
            _power,
            (
                Rule(None, lambda base, up: (base != 0) | (up > 0), "a power above 0 for the base 0"),
                Rule(None, lambda base, up: (base >= 0) | (up == np.trunc(up)), "a base from 0"),
            ),
        ),
    ),
    "sqrt": _function(np.sqrt, _from_zero(0, "number")),
    "exp": _function(np.exp),
    "log": _function(np.log, _ABOVE_ZERO),
    "log10": _function(np.log10, _ABOVE_ZERO),
    "ceil": _function(np.ceil),
    "floor": _function(np.floor),
    "cos": _function(np.cos),
    "sin": _function(np.sin),
    "tan": _function(np.tan),
    "cosh": _function(np.cosh),
    "sinh": _function(np.sinh),
    "tanh": _function(np.tanh),
    "acos": _function(np.arccos, _WITHIN_ONE),
    "asin": _function(np.arcsin, _WITHIN_ONE),
    "atan": _function(np.arctan),
    # Boolean operations, comparisons, and the choice between two; a <switch> is read as choices
    "not": (Kind(1, 1, lambda one: (np.asarray(one) == 0) * 1.0),),
    "and": (Kind(1, MANY, lambda *all_: np.logical_and.reduce(np.broadcast_arrays(*all_)) * 1.0),),
    "or": (Kind(1, MANY, lambda *all_: np.logical_or.reduce(np.broadcast_arrays(*all_)) * 1.0),),
    "eq": _test(np.equal),
    "df": _test(np.not_equal),
    "lt": _test(np.less),
    "gt": _test(np.greater),
    "leq": _test(np.less_equal),
    "geq": _test(np.greater_equal),
    "ite": (Kind(3, 3, _chosen),),
    # built-ins: probabilities at a time
    "exponential": (
        Kind(
            2,
            2,
            _exponential,
            (_from_zero(0, "failure rate"), *_TIMES),
            (-1, 1),
            other=lambda rate, time: np.exp(-rate * time),
        ),
    ),
    "GLM": (
        Kind(
            4,
            4,
            _glm,
            (
                _chance(0, "probability to fail on demand"),
                _positive(1, "failure rate"),
                _from_zero(2, "repair rate"),
                *_TIMES,
            ),
            (0, -1, -1, 1),
            other=_glm_other,
        ),
    ),
    "Weibull": (
        Kind(
            4,
            4,
            lambda *parts: -np.expm1(_weibull_exponent(*parts)),
            (_positive(0, "scale"), _positive(1, "shape"), _from_zero(2, "time shift"), *_TIMES),
            (1, 0, 1, 1),
            other=lambda *parts: np.exp(_weibull_exponent(*parts)),
        ),
    ),
    "periodic-test": (
        Kind(
            4,
            4,
            instant_repair,
            (*_PERIODIC, _positive(1, "time between tests"), _from_zero(2, "time before the first test")),
            (-1, 1, 1, 1),
        ),
        Kind(
            5,
            5,
            instant_test,
            (
                *_PERIODIC,
                _from_zero(1, "repair rate"),
                _positive(2, "time between tests"),
                _from_zero(3, "time before the first test"),
            ),
            (-1, -1, 1, 1, 1),
        ),
        Kind(
            11,
            11,
            whole_test,
            (
                *_PERIODIC,
                _from_zero(1, "failure rate under test"),
                _from_zero(2, "repair rate"),
                _positive(3, "time between tests"),
                _from_zero(4, "time before the first test"),
                _chance(5, "probability to fail as a test begins"),
                _positive(6, "duration of a test"),
                Rule((6, 3), lambda test, between: test <= between, "tests no longer than the time between"),
                _chance(8, "probability that a test finds the failure"),
                _chance(9, "probability to fail at the restart"),
            ),
            (-1, -1, -1, 1, 1, 0, 1, 0, 0, 0, 1),
        ),
    ),
    # random deviates
    "uniform-deviate": (
        Kind(
            2,
            2,
            lambda low, high: (low + high) / 2,
            (Rule((0, 1), lambda low, high: low < high, "a low end below the high one"),),
            "same",
            draw=lambda rng, size, low, high: rng.uniform(low, high, size),
        ),
    ),
    "normal-deviate": (
        Kind(
            2,
            2,
            lambda mean, deviation: mean,
            (_positive(1, "standard deviation"),),
            "same",
            draw=lambda rng, size, mean, deviation: rng.normal(mean, deviation, size),
        ),
    ),
    "lognormal-deviate": (
        Kind(
            2,
            2,
            lambda mu, sigma: np.exp(mu + sigma**2 / 2),
            (_positive(1, "standard deviation"),),
            draw=lambda rng, size, mu, sigma: rng.lognormal(mu, sigma, size),
        ),
        Kind(
            3,
            3,
            lambda mean, error_factor, level: mean,
            (
                Rule((2,), lambda level: (level > 0) & (level < 1), "a confidence level between 0 and 1"),
                Rule((1,), lambda factor: factor > 1, "an error factor above 1"),
                _positive(0, "mean"),
            ),
            "same",
            draw=_lognormal,
        ),
    ),
    "gamma-deviate": (
        Kind(
            2,
            2,
            lambda shape, scale: shape * scale,
            (_positive(0, "shape"), _positive(1, "scale")),
            "product",
            draw=lambda rng, size, shape, scale: rng.gamma(shape, scale, size),
        ),
    ),
    "beta-deviate": (
        Kind(
            2,
            2,
            lambda alpha, beta: alpha / (alpha + beta),
            (_positive(0, "first shape"), _positive(1, "second shape")),
            draw=lambda rng, size, alpha, beta: rng.beta(alpha, beta, size),
        ),
    ),
    # The lower end, then the upper end and the weight of every bin.
    "histogram": (
        Kind(
            3,
            MANY,
            _histogram_mean,
            (
                Rule(
                    None,
                    lambda low, *bins: np.all(np.diff([low, *bins[0::2]]) > 0),
                    "ends of bins that grow",
                ),
                Rule(
                    None,
                    lambda _, *bins: min(bins[1::2]) >= 0 and sum(bins[1::2]) > 0,
                    "weights from 0 that are not all 0",
                ),
            ),
            draw=_histogram_draw,
        ),
    ),
}
