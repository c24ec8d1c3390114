"""Arrays of numbers with derivatives: a shape and its entries, row by row. NumPy's broadcasting, any number of axes.

Slow and plain: every entry is found by its place along each axis.
"""

import itertools
import math

from evaluating import dual
from evaluating.dual import Dual


class Array:
    __slots__ = ("shape", "entries")

    def __init__(self, shape, entries):
        self.shape = tuple(shape)
        self.entries = list(entries)

    @staticmethod
    def of(numbers):
        """From a number, a list, or lists in lists."""
        if not isinstance(numbers, list):
            return Array((), [Dual(float(numbers))])
        parts = [Array.of(part) for part in numbers]
        return Array((len(parts), *parts[0].shape), [entry for part in parts for entry in part.entries])

    @property
    def values(self):
        return [entry.value for entry in self.entries]

    def at(self, place):
        """The entry at a place, given along each axis."""
        number = 0
        for position, size in zip(place, self.shape):
            number = number * size + position
        return self.entries[number]

    def rows(self):
        """The entries by lines of the last axis; a vector is one."""
        width = self.shape[-1]
        return [self.entries[i:i + width] for i in range(0, len(self.entries), width)]

    def columns(self):
        return [list(column) for column in zip(*self.rows())]

    def map(self, operation):
        return Array(self.shape, [operation(entry) for entry in self.entries])


def places(shape):
    """All places of a shape, row by row."""
    return itertools.product(*map(range, shape))


def made(shape, entry):
    """An array by a function of the place."""
    return Array(shape, [entry(place) for place in places(shape)])


def constant(shape, number):
    return Array(shape, [Dual(float(number)) for _ in range(math.prod(shape))])


def broadcast_shape(a, b):
    """The shape of an elementwise operation; None where the two do not fit."""
    length = max(len(a), len(b))
    a, b = (1,) * (length - len(a)) + tuple(a), (1,) * (length - len(b)) + tuple(b)
    if any(x != y and 1 not in (x, y) for x, y in zip(a, b)):
        return None
    return tuple(y if x == 1 else x for x, y in zip(a, b))


def spread(array, shape):
    """The entries of an array repeated to a shape it fits."""
    if array.shape == tuple(shape):
        return array.entries
    missing = len(shape) - len(array.shape)

    def entry(place):
        return array.at([0 if size == 1 else p for p, size in zip(place[missing:], array.shape)])

    return [entry(place) for place in places(shape)]


def elementwise(operation, *operands):
    shape = ()
    for operand in operands:
        shape = broadcast_shape(shape, operand.shape)
    return Array(shape, [operation(*parts) for parts in zip(*(spread(operand, shape) for operand in operands))])


def transpose(a, axes=None):
    """Axis k of the result is axis axes[k]; the order is reversed unless said."""
    rank = len(a.shape)
    axes = [axis % rank for axis in axes] if axes else list(range(rank))[::-1]

    def entry(place):
        source = [0] * rank
        for axis, position in zip(axes, place):
            source[axis] = position
        return a.at(source)

    return made([a.shape[axis] for axis in axes], entry)


def swapped(a, first, second):
    """Two axes exchanged."""
    axes = list(range(len(a.shape)))
    axes[first], axes[second] = axes[second], axes[first]
    return transpose(a, axes)


def matmul(a, b):
    """The matrices of the last two axes; the axes before them are broadcast. A vector has one axis only."""
    if len(a.shape) == 1:
        whole = matmul(Array((1, *a.shape), a.entries), b)
        axis = 0 if len(b.shape) == 1 else len(whole.shape) - 2
        return Array(whole.shape[:axis] + whole.shape[axis + 1:], whole.entries)
    if len(b.shape) == 1:
        whole = matmul(a, Array((*b.shape, 1), b.entries))
        return Array(whole.shape[:-1], whole.entries)
    batch = broadcast_shape(a.shape[:-2], b.shape[:-2])

    def own(array, place, row, column):
        shape = array.shape[:-2]
        head = place[len(batch) - len(shape):]
        return array.at([*(0 if size == 1 else p for p, size in zip(head, shape)), row, column])

    def entry(place):
        *head, row, column = place
        return dual.total(
            dual.multiply(own(a, head, row, k), own(b, head, k, column)) for k in range(a.shape[-1]))

    return made((*batch, a.shape[-2], b.shape[-1]), entry)


def line(a, axis, place):
    """The entries along an axis that go through a place without that axis."""
    return [a.at([*place[:axis], position, *place[axis:]]) for position in range(a.shape[axis])]


def reduce(operation, a, axis=None, keepdims=False):
    """`operation` takes entries and gives one, over everything or along an axis."""
    rank = len(a.shape)
    if axis is None:
        return Array((1,) * rank if keepdims else (), [operation(a.entries)])
    axis %= rank
    rest = a.shape[:axis] + a.shape[axis + 1:]
    result = made(rest, lambda place: operation(line(a, axis, place)))
    return Array(rest[:axis] + (1,) * keepdims + rest[axis:], result.entries)


def lined(operation, a, axis=-1):
    """`operation` takes the entries of a line and gives as many."""
    axis %= len(a.shape)
    rest = a.shape[:axis] + a.shape[axis + 1:]
    lines = {place: operation(line(a, axis, place)) for place in places(rest)}
    return made(a.shape, lambda place: lines[(*place[:axis], *place[axis + 1:])][place[axis]])


def softmax(a, axis=-1):
    return lined(dual.softmax, a, axis) if a.shape else Array((), dual.softmax(a.entries))
