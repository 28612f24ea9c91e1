"""Expressions of the Open-PSA format: numbers, arithmetic, parameters, and how events come about."""

import math

from faultlab.analysis.event_models import Constant, Exponential, Repairable, Weibull
from faultlab.errors import BadInput

IGNORED = {"label", "attributes"}
MOST_DEPTH = 200


def named(element):
    """The name of an element."""
    name = element.get("name")
    if not name:
        raise BadInput(f"a <{element.tag}> has no name; give it one.")
    return name


def contents(element):
    """What an element holds, but for labels and attributes."""
    return [child for child in element if child.tag not in IGNORED]


class Expressions:
    """Reads expressions; parameters are looked up by name and may not go in a circle."""

    def __init__(self, parameters):
        self.parameters = parameters
        self.known = {}
        self.open = []

    def model(self, name, element):
        """The model of a basic event."""
        inside = contents(element)
        if len(inside) != 1:
            raise BadInput(f"basic event {name!r} has {len(inside)} probabilities; give it one.")
        one = inside[0]
        parts = contents(one)
        try:
            if one.tag == "exponential" and len(parts) == 2 and parts[1].tag == "system-mission-time":
                return Exponential(self.number(name, parts[0]))
            if one.tag == "Weibull" and len(parts) == 4 and parts[3].tag == "system-mission-time":
                if self.number(name, parts[2]) != 0:
                    raise BadInput("a Weibull life that begins later is not read here; let it begin at 0.")
                return Weibull(self.number(name, parts[0]), self.number(name, parts[1]))
            if one.tag == "GLM" and len(parts) == 4 and parts[3].tag == "system-mission-time":
                if self.number(name, parts[0]) != 0:
                    raise BadInput("a GLM that may fail on demand is not read here; its first part is 0.")
                return Repairable(self.inverse(name, parts[1]), self.inverse(name, parts[2]))
            return Constant(self.number(name, one))
        except BadInput as wrong:
            raise BadInput(f"basic event {name!r}: {wrong}") from None

    def inverse(self, name, rate):
        """One divided by a rate; of a rate that is written as one divided by hours, those hours."""
        inside = contents(rate)
        if rate.tag == "div" and len(inside) == 2 and self.number(name, inside[0]) == 1:
            return self.number(name, inside[1])
        value = self.number(name, rate)
        if not value > 0:
            raise BadInput(f"a rate is a number above 0, not {value!r}.")
        return 1 / value

    def number(self, name, element):
        """The value of an expression; a distribution counts with its mean."""
        tag, inside = element.tag, contents(element)
        if tag in ("float", "int"):
            try:
                value = float(element.get("value", ""))
            except ValueError:
                raise BadInput(
                    f"<{tag}> needs a value that is a number, not {element.get('value')!r}."
                ) from None
            if not math.isfinite(value):
                raise BadInput(f"{element.get('value')!r} is no finite number.")
            return value
        if tag == "parameter":
            return self.parameter(named(element))
        numbers = [self.number(name, child) for child in inside]
        try:
            value = None
            if tag in ARITHMETIC and numbers:
                value = ARITHMETIC[tag](numbers)
            elif tag in MEANS and len(numbers) == MEANS[tag][0]:
                value = MEANS[tag][1](*numbers)
        except (ArithmeticError, TypeError):  # TypeError: a root of a negative number is complex
            raise BadInput(f"<{tag}> of {numbers} can't be worked out; check its numbers.") from None
        if value is not None:
            if not math.isfinite(value):
                raise BadInput(f"<{tag}> of {numbers} is not finite; check its numbers.")
            return value
        raise BadInput(f"<{tag}> with {len(inside)} parts is not read here; use a number or a known model.")

    def parameter(self, name):
        """The value of a parameter by name."""
        if name not in self.parameters:
            raise BadInput(f"parameter {name!r} is not defined; define it.")
        if len(self.open) >= MOST_DEPTH:
            raise BadInput(f"parameters stand on each other over {MOST_DEPTH} deep; give numbers earlier.")
        if name in self.open:
            raise BadInput(f"parameters go in a circle: {' > '.join([*self.open, name])}; break it.")
        if name not in self.known:
            inside = contents(self.parameters[name])
            if len(inside) != 1:
                raise BadInput(f"parameter {name!r} has {len(inside)} values; give it one.")
            self.open.append(name)
            self.known[name] = self.number(name, inside[0])
            self.open.pop()
        return self.known[name]


def _quotient(numbers):
    value = numbers[0]
    for divisor in numbers[1:]:
        value /= divisor
    return value


ARITHMETIC = {
    "add": sum,
    "sub": lambda numbers: numbers[0] - sum(numbers[1:]),
    "mul": math.prod,
    "div": _quotient,
    "neg": lambda numbers: -numbers[0],
}

# Parts that each has, and what it comes to: a probability at a fixed time, or the mean of a distribution.
MEANS = {
    "exponential": (2, lambda rate, time: Exponential(rate).at(time)[0]),
    "Weibull": (4, lambda scale, shape, shift, time: Weibull(scale, shape).at(time - shift)[0]),
    "uniform-deviate": (2, lambda low, high: (low + high) / 2),
    "normal-deviate": (2, lambda mean, deviation: mean),
    "lognormal-deviate": (3, lambda mean, error_factor, level: mean),
    "gamma-deviate": (2, lambda shape, scale: shape * scale),
    "beta-deviate": (2, lambda alpha, beta: alpha / (alpha + beta)),
}
