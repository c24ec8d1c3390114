"""Arrays of numbers with derivatives: a shape and its entries, row by row. NumPy's broadcasting, two axes at most."""

import dual
from dual import Dual


class Array:
    __slots__ = ("shape", "entries")

    def __init__(self, shape, entries):
        self.shape = tuple(shape)
        self.entries = list(entries)

    @staticmethod
    def of(numbers):
        """From a number, a list, or a list of rows."""
        if not isinstance(numbers, list):
            return Array((), [Dual(float(numbers))])
        if numbers and isinstance(numbers[0], list):
            return Array((len(numbers), len(numbers[0])), [Dual(float(n)) for row in numbers for n in row])
        return Array((len(numbers),), [Dual(float(n)) for n in numbers])

    @property
    def values(self):
        return [entry.value for entry in self.entries]

    def rows(self):
        """The entries by rows; a vector is one."""
        width = self.shape[-1]
        return [self.entries[i:i + width] for i in range(0, len(self.entries), width)]

    def columns(self):
        return [list(column) for column in zip(*self.rows())]

    def map(self, operation):
        return Array(self.shape, [operation(entry) for entry in self.entries])


def broadcast_shape(a, b):
    """The shape of an elementwise operation; None where the two do not fit."""
    length = max(len(a), len(b))
    a, b = (1,) * (length - len(a)) + tuple(a), (1,) * (length - len(b)) + tuple(b)
    if any(x != y and 1 not in (x, y) for x, y in zip(a, b)):
        return None
    return tuple(y if x == 1 else x for x, y in zip(a, b))


def spread(array, shape):
    """The entries of an array repeated to a shape it fits."""
    own = (1,) * (len(shape) - len(array.shape)) + array.shape
    if own == tuple(shape):
        return array.entries
    rows, columns = (1, 1, *shape)[-2:]
    own_rows, own_columns = (1, 1, *own)[-2:]
    return [
        array.entries[(i if own_rows > 1 else 0) * own_columns + (j if own_columns > 1 else 0)] for i in range(rows)
        for j in range(columns)
    ]


def elementwise(operation, a, b):
    shape = broadcast_shape(a.shape, b.shape)
    return Array(shape, [operation(x, y) for x, y in zip(spread(a, shape), spread(b, shape))])


def transpose(a):
    if len(a.shape) < 2:
        return a
    return Array(a.shape[::-1], [entry for column in a.columns() for entry in column])


def matmul(a, b):
    left = a.rows()
    right = [b.entries] if len(b.shape) == 1 else b.columns()
    entries = [dual.total(dual.multiply(x, y) for x, y in zip(row, column)) for row in left for column in right]
    return Array(a.shape[:-1] + b.shape[1:], entries)


def reduce(operation, a, axis=None):
    """`operation` takes entries and gives one, over everything or along an axis."""
    if axis is None or len(a.shape) < 2:
        return Array((), [operation(a.entries)])
    lines = a.columns() if axis % 2 == 0 else a.rows()
    return Array((len(lines),), [operation(line) for line in lines])


def softmax(a, axis=None):
    if not a.shape:
        return Array((), dual.softmax(a.entries))
    if len(a.shape) == 2 and axis is not None and axis % 2 == 0:
        return transpose(softmax(transpose(a)))
    return Array(a.shape, [entry for row in a.rows() for entry in dual.softmax(row)])


def index(a, positions):
    """One position for each axis; None takes the whole axis."""
    positions = list(positions) + [None] * (len(a.shape) - len(positions))
    if len(a.shape) == 1:
        return a if positions[0] is None else Array((), [a.entries[positions[0]]])
    rows = a.rows()
    row, column = positions
    if row is not None:
        return Array(a.shape[1:], rows[row]) if column is None else Array((), [rows[row][column]])
    return a if column is None else Array(a.shape[:1], [line[column] for line in rows])


# MARK: Losses: means over all entries, of two arrays of one shape.


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


def clamped_logarithm(a):
    """PyTorch's, which a probability of 0 does not carry away."""
    return dual.log(a) if dual.logarithm(a.value) > -100 else dual.combined(-100.0, (0.0, a))


def bce_error(p, y):
    first = dual.multiply(y, clamped_logarithm(p))
    rest = dual.subtract(Dual(1.0), y)
    return dual.negate(dual.add(first, dual.multiply(rest, clamped_logarithm(dual.subtract(Dual(1.0), p)))))


def logits_error(z, y):
    """log(1 + eᶻ) − y·z, the first part without overflow."""
    both = dual.logsumexp([Dual(0.0), z])
    return dual.subtract(both, dual.multiply(y, z))


def cross_entropy(z, y):
    """The mean over the rows of −Σ y·log softmax(z); y holds class numbers or a row of shares for each."""
    losses = []
    for number, row in enumerate(z.rows()):
        whole = dual.logsumexp(row)
        if len(y.shape) == len(z.shape):
            shares = y.rows()[number]
            losses.append(
                dual.total(dual.multiply(share, dual.subtract(whole, entry)) for share, entry in zip(shares, row)))
        else:
            losses.append(dual.subtract(whole, row[int(y.entries[number].value)]))
    return Array((), [dual.mean(losses)])


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
