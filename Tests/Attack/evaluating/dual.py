"""Numbers with their derivatives, forward: a value, and what each variable adds to it.

Shares nothing with the engine, which goes backward over arrays: here every entry is a number of its own.
At kinks the derivative is PyTorch's: 0 for relu and abs at 0, ties share.
"""

import math


class Dual:
    """A number and its derivative by each variable it depends on."""

    __slots__ = ("value", "tangent")

    def __init__(self, value, tangent=None):
        self.value = value
        self.tangent = tangent or {}

    def __repr__(self):
        return f"{self.value}{self.tangent or ''}"


def combined(value, *parts):
    """A number whose derivative is Σ factor · derivative."""
    tangent = {}
    for factor, dual in parts:
        for variable, slope in dual.tangent.items():
            tangent[variable] = tangent.get(variable, 0.0) + factor * slope
    return Dual(value, tangent)


def quotient(a, b):
    """IEEE's division, where Python raises an error."""
    if b != 0:
        return a / b
    if a == 0 or math.isnan(a):
        return math.nan
    return math.copysign(math.inf, a) * math.copysign(1, b)


def raised(a, b):
    """IEEE's power."""
    try:
        return math.pow(a, b)
    except OverflowError:
        return -math.inf if a < 0 and b % 2 == 1 else math.inf
    except ValueError:
        if a == 0:
            return math.copysign(math.inf, a) if b % 2 == 1 else math.inf
        return math.nan


def exponential(a):
    try:
        return math.exp(a)
    except OverflowError:
        return math.inf


def logarithm(a):
    if a > 0:
        return math.log(a)
    return -math.inf if a == 0 else math.nan


def add(a, b):
    return combined(a.value + b.value, (1.0, a), (1.0, b))


def subtract(a, b):
    return combined(a.value - b.value, (1.0, a), (-1.0, b))


def multiply(a, b):
    return combined(a.value * b.value, (b.value, a), (a.value, b))


def divide(a, b):
    value = quotient(a.value, b.value)
    return combined(value, (quotient(1.0, b.value), a), (-quotient(value, b.value), b))


def power(a, b):
    value = raised(a.value, b.value)
    parts = []
    if a.tangent:
        parts.append((0.0 if b.value == 0 else b.value * raised(a.value, b.value - 1), a))
    if b.tangent:
        parts.append((0.0 if a.value == 0 and b.value >= 0 else value * logarithm(a.value), b))
    return combined(value, *parts)


def negate(a):
    return combined(-a.value, (-1.0, a))


def exp(a):
    value = exponential(a.value)
    return combined(value, (value, a))


def log(a):
    return combined(logarithm(a.value), (quotient(1.0, a.value), a))


def tanh(a):
    value = math.tanh(a.value)
    return combined(value, (1 - value * value, a))


def sigmoid(a):
    small = exponential(-abs(a.value))
    value = 1 / (1 + small) if a.value >= 0 else small / (1 + small)
    # As PyTorch has it: what divides by 1 − value after it, as `bce`, has the same rounding.
    return combined(value, (value * (1 - value), a))


def relu(a):
    # NaN stays NaN.
    if a.value > 0 or math.isnan(a.value):
        return combined(a.value, (1.0, a))
    return combined(0.0, (0.0, a))


def sin(a):
    if math.isinf(a.value):
        return combined(math.nan, (math.nan, a))
    return combined(math.sin(a.value), (math.cos(a.value), a))


def cos(a):
    if math.isinf(a.value):
        return combined(math.nan, (math.nan, a))
    return combined(math.cos(a.value), (-math.sin(a.value), a))


def sqrt(a):
    value = math.sqrt(a.value) if a.value >= 0 else math.nan
    return combined(value, (quotient(0.5, value), a))


def absolute(a):
    slope = 0.0 if a.value == 0 else math.copysign(1.0, a.value)
    return combined(abs(a.value), (slope, a))


def total(duals):
    duals = list(duals)
    return combined(
        math.fsum(d.value for d in duals) if all(math.isfinite(d.value) for d in duals) else sum(
            d.value for d in duals), *((1.0, d) for d in duals))


def mean(duals):
    duals = list(duals)
    whole = total(duals)
    return combined(whole.value / len(duals), (1.0 / len(duals), whole))


def extreme(duals, choose):
    """The greatest or the least; where several are, each has an equal share of the derivative."""
    duals = list(duals)
    if any(math.isnan(d.value) for d in duals):
        return Dual(math.nan, {})
    best = choose(d.value for d in duals)
    ties = sum(d.value == best for d in duals)
    return combined(best, *((1.0 / ties if d.value == best else 0.0, d) for d in duals))


def position_of_greatest(duals):
    """The first of them where several are."""
    numbers = [d.value for d in duals]
    return Dual(float(numbers.index(max(numbers))), {})


def logsumexp(duals):
    duals = list(duals)
    top = max(d.value for d in duals)
    if not math.isfinite(top):
        top = 0.0
    parts = [exponential(d.value - top) for d in duals]
    whole = math.fsum(parts) if all(map(math.isfinite, parts)) else sum(parts)
    return combined(top + logarithm(whole), *((quotient(part, whole), d) for part, d in zip(parts, duals)))


def softmax(duals):
    duals = list(duals)
    whole = logsumexp(duals)
    return [exp(subtract(d, whole)) for d in duals]
