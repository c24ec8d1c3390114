"""What is said of many numbers: sums, extremes, products, spreads, lengths."""

import math

from evaluating import dual, functions
from evaluating.dual import Dual, combined


def product(duals):
    """Each derivative is the product of the others, even where numbers are 0."""
    numbers = [d.value for d in duals]
    parts = [(math.prod(numbers[:k] + numbers[k + 1:]), d) for k, d in enumerate(duals)]
    return combined(math.prod(numbers), *parts)


def root(a):
    """The root, with slope 0 at 0."""
    return dual.sqrt(a) if a.value != 0 else Dual(0.0)


def variance(correction):
    """Σ (x − mean)² / (n − correction)."""
    def of(duals):
        middle = dual.mean(duals)
        squares = dual.total(functions.UNARY["square"](dual.subtract(d, middle)) for d in duals)
        return dual.divide(squares, Dual(len(duals) - correction))

    return of


def deviation(correction):
    return lambda duals: root(variance(correction)(duals))


def length(duals):
    return root(dual.total(functions.UNARY["square"](d) for d in duals))


def size(duals):
    return dual.total(map(dual.absolute, duals))


def reduction(word, options):
    """The function of entries that a call reduces with."""
    if word in ("var", "std"):
        return {"var": variance, "std": deviation}[word](float(options.get("correction", 1)))
    if word == "norm":
        return size if float(options.get("ord", 2)) == 1 else length
    return {
        "sum": dual.total, "mean": dual.mean, "logsumexp": dual.logsumexp, "prod": product,
        "max": lambda entries: dual.extreme(entries, max), "min": lambda entries: dual.extreme(entries, min),
        "argmax": dual.position_of_greatest
    }[word]


REDUCTIONS = {"sum", "mean", "logsumexp", "prod", "max", "min", "argmax", "var", "std", "norm"}
