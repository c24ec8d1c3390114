"""Parts of networks by their definitions, entry by entry: windows, normalizations, recurrences, attention."""

import itertools
import math

from evaluating import arrays, dual, shapes
from evaluating.arrays import elementwise, made
from evaluating.dual import Dual
from evaluating.statistics_of import variance


def convolution(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """Samples × channels × sizes, with a weight of outputs × channels of a group × sizes of the window."""
    outputs, channels, *window = weight.shape
    sizes = [(size + 2 * padding - dilation * (w - 1) - 1) // stride + 1 for size, w in zip(x.shape[2:], window)]

    def entry(place):
        sample, output, *at = place
        first = output // (outputs // groups) * channels
        terms = [bias.entries[output]] if bias else []
        for channel, *inner in itertools.product(range(channels), *map(range, window)):
            source = [a * stride + i * dilation - padding for a, i in zip(at, inner)]
            if all(0 <= s < size for s, size in zip(source, x.shape[2:])):
                factor = weight.at([output, channel, *inner])
                terms.append(dual.multiply(x.at([sample, first + channel, *source]), factor))
        return dual.total(terms)

    return made([x.shape[0], outputs, *sizes], entry)


def first_greatest(duals):
    """The greatest, whose derivative the first one takes where several are."""
    numbers = [d.value for d in duals]
    own = duals[numbers.index(max(numbers))]
    return dual.combined(own.value, *((1.0 if d is own else 0.0, d) for d in duals))


def pool(x, size, stride, choose):
    def entry(place):
        sample, channel, row, column = place
        return choose([
            x.at([sample, channel, row * stride + i, column * stride + j]) for i in range(size) for j in range(size)
        ])

    return made([*x.shape[:2], *((n - size) // stride + 1 for n in x.shape[2:])], entry)


# MARK: Normalizations


def normalized(entries, epsilon):
    """Mean 0, and variance 1 but for ε."""
    entries = list(entries)
    middle = dual.mean(entries)
    spread = dual.sqrt(dual.add(variance(0)(entries), Dual(epsilon)))
    return [dual.divide(dual.subtract(entry, middle), spread) for entry in entries]


def scaled(x, scale, shift):
    if scale is not None:
        x = elementwise(dual.multiply, x, scale)
    return x if shift is None else elementwise(dual.add, x, shift)


def layer_norm(x, scale=None, shift=None, eps=1e-5):
    return scaled(arrays.lined(lambda line: normalized(line, float(eps)), x), scale, shift)


def rms_norm(x, scale=None, eps=2.0**-52):
    def of(line):
        root = dual.sqrt(dual.add(dual.mean([dual.multiply(e, e) for e in line]), Dual(float(eps))))
        return [dual.divide(e, root) for e in line]

    return scaled(arrays.lined(of, x), scale, None)


def batch_norm(x, scale=None, shift=None, eps=1e-5):
    """By channels, which are the second axis."""
    channels = arrays.swapped(x, 0, 1)
    flat = arrays.lined(lambda line: normalized(line, float(eps)), shapes.reshape(channels, [x.shape[1], -1]))
    flat = scaled(flat, *(None if part is None else shapes.unsqueeze(part, 1) for part in (scale, shift)))
    return arrays.swapped(shapes.reshape(flat, channels.shape), 0, 1)


# MARK: Recurrences


def steps_of(x):
    """The rows of each step: those of all samples."""
    rank = len(x.shape)
    return [shapes.taken(x, time, rank - 2) for time in range(x.shape[-2])]


def recurrence(kind, x, weight, state, bias=None):
    """The states of all steps, from 0 on; the gates stand side by side in the weights."""
    width = state.shape[0]
    h = c = arrays.constant((*x.shape[:-2], width), 0.0)
    found = []
    for now in steps_of(x):
        inputs, states = arrays.matmul(now, weight), arrays.matmul(h, state)
        if bias is not None:
            inputs = elementwise(dual.add, inputs, bias)

        def gate(array, number):
            return shapes.taken(array, list(range(number * width, (number + 1) * width)), len(array.shape) - 1)

        def both(number):
            return elementwise(dual.add, gate(inputs, number), gate(states, number))

        if kind == "rnn":
            h = both(0).map(dual.tanh)
        elif kind == "gru":
            r, z = both(0).map(dual.sigmoid), both(1).map(dual.sigmoid)
            inner = elementwise(dual.multiply, r, gate(states, 2))
            n = elementwise(dual.add, gate(inputs, 2), inner).map(dual.tanh)
            # (1 − z)·n + z·h is n + z·(h − n).
            h = elementwise(dual.add, n, elementwise(dual.multiply, z, elementwise(dual.subtract, h, n)))
        else:
            i, f, o = both(0).map(dual.sigmoid), both(1).map(dual.sigmoid), both(3).map(dual.sigmoid)
            new = elementwise(dual.multiply, i, both(2).map(dual.tanh))
            c = elementwise(dual.add, elementwise(dual.multiply, f, c), new)
            h = elementwise(dual.multiply, o, c.map(dual.tanh))
        found.append(h)
    return shapes.stack(found, len(x.shape) - 2)


# MARK: Attention


def attention(q, k, v, mask="none", heads=1):
    """Positions × features, perhaps with samples in front; each head has its part of the features."""
    samples = list(itertools.product(*map(range, q.shape[:-2])))
    width, depth = q.shape[-1] // heads, v.shape[-1] // heads
    found = {}
    for sample, head, row in itertools.product(samples, range(heads), range(q.shape[-2])):
        scores = []
        for column in range(k.shape[-2]):
            if mask == "causal" and column > row:
                break
            products = [
                dual.multiply(q.at([*sample, row, head * width + f]), k.at([*sample, column, head * width + f]))
                for f in range(width)
            ]
            scores.append(dual.divide(dual.total(products), Dual(math.sqrt(width))))
        shares = dual.softmax(scores)
        for feature in range(head * depth, (head + 1) * depth):
            terms = [dual.multiply(s, v.at([*sample, column, feature])) for column, s in enumerate(shares)]
            found[(*sample, row, feature)] = dual.total(terms)
    return made((*q.shape[:-1], v.shape[-1]), lambda place: found[place])
