"""Elementwise functions of numbers with derivatives.

Kinks are PyTorch's; `clip` and `hardtanh` have slope 0 at a bound.
"""

import math

from evaluating import dual
from evaluating.dual import Dual, combined, quotient


def guarded(function, x, otherwise=math.nan):
    """libm's value, where Python raises an error."""
    try:
        return function(x)
    except (ValueError, OverflowError):
        return otherwise


def tan(a):
    value = guarded(math.tan, a.value)
    return combined(value, (1 / guarded(math.cos, a.value)**2, a))


def asin(a):
    return combined(guarded(math.asin, a.value), (quotient(1.0, guarded(math.sqrt, 1 - a.value * a.value)), a))


def acos(a):
    return combined(guarded(math.acos, a.value), (-quotient(1.0, guarded(math.sqrt, 1 - a.value * a.value)), a))


def atan(a):
    return combined(math.atan(a.value), (1 / (1 + a.value * a.value), a))


def sinh(a):
    value = guarded(math.sinh, a.value, math.copysign(math.inf, a.value))
    return combined(value, (guarded(math.cosh, a.value, math.inf), a))


def cosh(a):
    slope = guarded(math.sinh, a.value, math.copysign(math.inf, a.value))
    return combined(guarded(math.cosh, a.value, math.inf), (slope, a))


def log1p(a):
    return combined(guarded(math.log1p, a.value), (quotient(1.0, 1 + a.value), a))


def expm1(a):
    return combined(guarded(math.expm1, a.value, math.inf), (dual.exponential(a.value), a))


def log2(a):
    return combined(guarded(math.log2, a.value), (quotient(1 / math.log(2), a.value), a))


def log10(a):
    return combined(guarded(math.log10, a.value), (quotient(1 / math.log(10), a.value), a))


def erf(a):
    return combined(math.erf(a.value), (2 / math.sqrt(math.pi) * dual.exponential(-a.value * a.value), a))


def flat(function):
    """A function of steps, whose derivative is 0."""
    return lambda a: Dual(float(function(a.value)))


# Python's `round` takes halves to the even number.
sign = flat(lambda x: (x > 0) - (x < 0))
floor, ceil, rounded = flat(math.floor), flat(math.ceil), flat(round)


def stopped(a):
    return Dual(a.value)


# MARK: Activations


def softplus(a):
    return dual.logsumexp([Dual(0.0), a])


def log_sigmoid(a):
    return dual.negate(softplus(dual.negate(a)))


def silu(a):
    return dual.multiply(a, dual.sigmoid(a))


def gelu(a):
    """x · Φ(x)."""
    x = a.value
    share = (1 + math.erf(x / math.sqrt(2))) / 2
    return combined(x * share, (share + x * dual.exponential(-x * x / 2) / math.sqrt(2 * math.pi), a))


def gelu_by_tanh(a):
    cube = dual.multiply(a, dual.multiply(a, a))
    inner = dual.add(a, dual.multiply(Dual(0.044715), cube))
    share = dual.tanh(dual.multiply(Dual(math.sqrt(2 / math.pi)), inner))
    return dual.multiply(dual.multiply(Dual(0.5), a), dual.add(Dual(1.0), share))


def elu(alpha):
    def function(a):
        if a.value > 0:
            return a
        return combined(alpha * math.expm1(a.value), (alpha * math.exp(a.value), a))

    return function


def leaky_relu(slope):
    return lambda a: a if a.value > 0 else combined(slope * a.value, (slope, a))


def clip(low, high):
    """Within bounds; at a bound and beyond it no derivative passes."""
    def function(a):
        if low < a.value < high:
            return a
        return combined(low if a.value <= low else high, (0.0, a))

    return function


UNARY = {
    "exp": dual.exp, "log": dual.log, "tanh": dual.tanh, "sigmoid": dual.sigmoid, "relu": dual.relu, "sin": dual.sin,
    "cos": dual.cos, "sqrt": dual.sqrt, "abs": dual.absolute, "tan": tan, "asin": asin, "acos": acos, "atan": atan,
    "sinh": sinh, "cosh": cosh, "log1p": log1p, "expm1": expm1, "log2": log2, "log10": log10, "erf": erf,
    "sign": sign, "floor": floor, "ceil": ceil, "round": rounded, "softplus": softplus, "log_sigmoid": log_sigmoid,
    "silu": silu, "stop_gradient": stopped, "square": lambda a: dual.multiply(a, a)
}


def parametrized(word, options):
    """The functions with labels, with PyTorch's defaults."""
    def of(label, default):
        return float(options.get(label, default))

    if word == "gelu":
        return gelu_by_tanh if "tanh" in options.get("approximate", "") else gelu
    if word == "elu":
        return elu(of("alpha", 1))
    if word == "leaky_relu":
        return leaky_relu(of("negative_slope", 0.01))
    if word == "hardtanh":
        return clip(of("min_val", -1), of("max_val", 1))
    return clip(of("min", -math.inf), of("max", math.inf))


PARAMETRIZED = {"gelu", "elu", "leaky_relu", "hardtanh", "clip"}

# MARK: Masks


def mask(holds):
    """A comparison: 1 or 0, without a derivative."""
    return lambda a, b: Dual(float(holds(a.value, b.value)))


RELATIONS = {
    "<": mask(lambda a, b: a < b), "<=": mask(lambda a, b: a <= b), ">": mask(lambda a, b: a > b),
    ">=": mask(lambda a, b: a >= b), "==": mask(lambda a, b: a == b), "!=": mask(lambda a, b: a != b),
    "and": mask(lambda a, b: a != 0 and b != 0), "or": mask(lambda a, b: a != 0 or b != 0)
}


def negated(a):
    return Dual(float(a.value == 0))


def chosen(condition, a, b):
    """The derivative is that of the chosen number alone, even where the other one is not finite."""
    return a if condition.value != 0 else b
