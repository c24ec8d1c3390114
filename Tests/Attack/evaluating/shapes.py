"""What gives the same numbers another shape or another order, or puts arrays together."""

import math

from evaluating import dual
from evaluating.arrays import Array, made, places
from evaluating.dual import Dual


def reshape(a, sizes):
    """The same entries row by row; one size may be −1, which is what remains."""
    sizes = list(sizes)
    if -1 in sizes:
        known = math.prod(size for size in sizes if size != -1)
        sizes[sizes.index(-1)] = len(a.entries) // known
    return Array(sizes, a.entries)


def squeeze(a, axis=None):
    shape = list(a.shape)
    if axis is None:
        return Array([size for size in shape if size != 1], a.entries)
    if shape[axis] == 1:
        del shape[axis]
    return Array(shape, a.entries)


def unsqueeze(a, axis):
    shape = list(a.shape)
    shape.insert(axis if axis >= 0 else axis + len(shape) + 1, 1)
    return Array(shape, a.entries)


def concat(arrays, axis=0):
    axis %= len(arrays[0].shape)
    owners = [(array, position) for array in arrays for position in range(array.shape[axis])]

    def entry(place):
        array, position = owners[place[axis]]
        return array.at([*place[:axis], position, *place[axis + 1:]])

    shape = list(arrays[0].shape)
    shape[axis] = len(owners)
    return made(shape, entry)


def stack(arrays, axis=0):
    axis %= len(arrays[0].shape) + 1
    shape = list(arrays[0].shape)
    shape.insert(axis, len(arrays))
    return made(shape, lambda place: arrays[place[axis]].at([*place[:axis], *place[axis + 1:]]))


def repeat(a, count, axis=0):
    """Each entry so often in a row."""
    axis %= len(a.shape)
    shape = list(a.shape)
    shape[axis] *= count
    return made(shape, lambda place: a.at([*place[:axis], place[axis] // count, *place[axis + 1:]]))


def tile(a, counts):
    """The whole so often along each axis."""
    length = max(len(counts), len(a.shape))
    counts = [1] * (length - len(counts)) + list(counts)
    a = Array((1,) * (length - len(a.shape)) + a.shape, a.entries)
    shape = [size * count for size, count in zip(a.shape, counts)]
    return made(shape, lambda place: a.at([p % size for p, size in zip(place, a.shape)]))


def pad(a, widths, value=0.0):
    """`widths` has how many numbers are put before and after each axis; a pair or a number is for all axes."""
    if not isinstance(widths, (list, tuple)):
        widths = [widths, widths]
    if not isinstance(widths[0], (list, tuple)):
        widths = [widths] * len(a.shape)

    def entry(place):
        source = [p - before for p, (before, _) in zip(place, widths)]
        is_inside = all(0 <= p < size for p, size in zip(source, a.shape))
        return a.at(source) if is_inside else Dual(float(value))

    return made([size + before + after for size, (before, after) in zip(a.shape, widths)], entry)


def flip(a, axis=0):
    axis %= len(a.shape)
    last = a.shape[axis] - 1
    return made(a.shape, lambda place: a.at([*place[:axis], last - place[axis], *place[axis + 1:]]))


def cumsum(a, axis=0):
    axis %= len(a.shape)

    def entry(place):
        return dual.total(a.at([*place[:axis], k, *place[axis + 1:]]) for k in range(place[axis] + 1))

    return made(a.shape, entry)


def triangle(a, diagonal, is_lower):
    """0 beyond a diagonal of the last two axes."""
    def entry(place):
        beyond = place[-1] - place[-2] - diagonal
        return a.at(place) if (beyond <= 0 if is_lower else beyond >= 0) else Dual(0.0)

    return made(a.shape, entry)


# MARK: Positions


def taken(a, position, axis):
    """One position of an axis, or a list of them in its place."""
    if isinstance(position, int):
        rest = a.shape[:axis] + a.shape[axis + 1:]
        return made(rest, lambda place: a.at([*place[:axis], position % a.shape[axis], *place[axis:]]))
    numbers = list(flat(position))
    inner = Array((len(numbers),), [None] * len(numbers))
    inner = made(
        a.shape[:axis] + inner.shape + a.shape[axis + 1:],
        lambda place: a.at([*place[:axis], numbers[place[axis]] % a.shape[axis], *place[axis + 1:]]))
    return Array(a.shape[:axis] + depth_of(position) + a.shape[axis + 1:], inner.entries)


def flat(numbers):
    """The numbers of lists in lists."""
    for number in numbers:
        if isinstance(number, (list, tuple)):
            yield from flat(number)
        else:
            yield number


def depth_of(numbers):
    """The shape of lists in lists."""
    return (len(numbers), *depth_of(numbers[0])) if isinstance(numbers, (list, tuple)) else ()


def nested(shape, numbers):
    """Numbers as lists in lists."""
    if not shape:
        return numbers[0]
    size = len(numbers) // shape[0]
    return [nested(shape[1:], numbers[i:i + size]) for i in range(0, len(numbers), size)]


def index(a, items, new):
    """Positions, parts, lists of positions; `new` is a new axis, `...` as many whole axes as there remain."""
    own = sum(item is not Ellipsis and item != new for item in items)
    whole, axis = [], 0
    for item in items:
        whole += [None] * (len(a.shape) - own) if item is Ellipsis else [item]
    for item in whole:
        if item is None:
            axis += 1
        elif item == new:
            a, axis = unsqueeze(a, axis), axis + 1
        elif isinstance(item, slice):
            a, axis = taken(a, list(range(*item.indices(a.shape[axis]))), axis), axis + 1
        elif isinstance(item, int):
            a = taken(a, item, axis)
        else:
            a, axis = taken(a, item, axis), axis + len(depth_of(item))
    return a


def embedding(table, numbers):
    """A row of the table for each number."""
    whole = [round(n) for n in numbers.values]
    rest = table.shape[1:]
    entries = [table.at([number, *place]) for number in whole for place in places(rest)]
    return Array(numbers.shape + rest, entries)
