"""Losses and metrics: means over all entries, of two arrays of one shape, unless they go by samples."""

import struct

from evaluating import dual
from evaluating.arrays import Array, reduce
from evaluating.dual import Dual
from evaluating.shapes import concat
from evaluating.statistics_of import length


def mean_of(operation, a, b):
    return Array((), [dual.mean(operation(x, y) for x, y in zip(a.entries, b.entries))])


def squared_error(a, b):
    d = dual.subtract(a, b)
    return dual.multiply(d, d)


def absolute_error(a, b):
    return dual.absolute(dual.subtract(a, b))


def huber_error(delta):
    def error(a, b):
        d = dual.subtract(a, b)
        if abs(d.value) <= delta:
            return dual.combined(0.5 * d.value * d.value, (d.value, d))
        size = dual.absolute(d)
        return dual.combined(delta * (size.value - 0.5 * delta), (delta, size))

    return error


def hinge_error(score, target):
    return dual.relu(dual.subtract(Dual(1.0), dual.multiply(target, score)))


# PyTorch's 10⁻¹² is in single precision.
LEAST = struct.unpack("f", struct.pack("f", 1e-12))[0]


def clamped(value):
    """PyTorch's logarithm here, which a probability of 0 does not carry away."""
    return max(dual.logarithm(value), -100.0)


def bce_error(p, y):
    """Its derivative is PyTorch's as well: (p − y) / max(p · (1 − p), 10⁻¹²)."""
    both = clamped(p.value), clamped(1 - p.value)
    value = -(y.value * both[0] + (1 - y.value) * both[1])
    slope = (p.value - y.value) / max(p.value * (1 - p.value), LEAST)
    return dual.combined(value, (slope, p), (both[1] - both[0], y))


def logits_error(z, y):
    """log(1 + eᶻ) − y·z, the first part without overflow."""
    both = dual.logsumexp([Dual(0.0), z])
    return dual.subtract(both, dual.multiply(y, z))


def cross_entropy(z, y, smoothing=0.0):
    """The mean over the rows of −Σ y·log softmax(z); y holds class numbers or a row of shares for each.

    Smoothing moves the shares toward equal ones.
    """
    losses, width = [], z.shape[-1]
    for number, row in enumerate(z.rows()):
        whole = dual.logsumexp(row)
        if len(y.shape) == len(z.shape):
            shares = y.rows()[number]
        else:
            shares = [Dual(float(k == round(y.entries[number].value))) for k in range(width)]
        terms = []
        for share, entry in zip(shares, row):
            share = dual.combined(share.value * (1 - smoothing) + smoothing / width, (1 - smoothing, share))
            terms.append(dual.multiply(share, dual.subtract(whole, entry)))
        losses.append(dual.total(terms))
    return Array((), [dual.mean(losses)])


def nll(q, y):
    """The mean over the rows of minus the logarithm of its class."""
    return Array((), [dual.mean([dual.negate(row[round(k.value)]) for row, k in zip(q.rows(), y.entries)])])


def smooth_l1_error(beta):
    """The Huber loss over beta."""
    huber = huber_error(beta)
    return lambda a, b: dual.divide(huber(a, b), Dual(beta))


def divergence(q, p):
    """p · (log p − q) of a logarithm q; what is not there adds nothing to the entropy."""
    entropy = dual.multiply(p, dual.log(p)) if p.value > 0 else Dual(0.0)
    return dual.subtract(entropy, dual.multiply(p, q))


def focal_error(alpha, gamma):
    """α · (1 − p)^γ · cross-entropy of what is right, by scores before the sigmoid."""
    one = Dual(1.0)

    def both(y, a, b):
        return dual.add(dual.multiply(y, a), dual.multiply(dual.subtract(one, y), b))

    def error(z, y):
        p = dual.sigmoid(z)
        wrong = dual.subtract(one, both(y, p, dual.subtract(one, p)))
        weight = both(y, Dual(alpha), Dual(1 - alpha))
        return dual.multiply(dual.multiply(weight, dual.power(wrong, Dual(gamma))), logits_error(z, y))

    return error


def cosine(a, b, axis=-1):
    """The cosine of the angle between lines; no length is below 10⁻⁸."""
    least = Dual(1e-8)

    def of(both):
        left, right = both[:len(both) // 2], both[len(both) // 2:]
        product = dual.total(dual.multiply(x, y) for x, y in zip(left, right))
        lengths = [dual.extreme([length(line), least], max) for line in (left, right)]
        return dual.divide(product, dual.multiply(*lengths))

    return reduce(of, concat([a, b], axis), axis)


def accuracy(scores, y, threshold=None):
    """The share of the samples whose greatest score, or whose side of the threshold, is that of the target."""
    if len(scores.shape) == 2 and scores.shape[1] > 1:

        def greatest(row):
            return [e.value for e in row].index(max(e.value for e in row))

        found = [greatest(row) for row in scores.rows()]
        right = [greatest(row) for row in y.rows()] if len(y.shape) == 2 else [round(v) for v in y.values]
    else:
        if threshold is None:
            threshold = 0.0 if min(y.values) < 0 else 0.5
        found = [value > threshold for value in scores.values]
        right = [value > (0.0 if min(y.values) < 0 else 0.5) for value in y.values]
    return Array((), [Dual(sum(a == b for a, b in zip(found, right)) / len(right))])
