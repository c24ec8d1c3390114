"""Random expressions that move numbers: shapes, joined arrays, positions, parts of axes."""

import math

from writing.syntax import NEW, Node, call, number


def whole(n):
    return number(n, str(n))


def listed(numbers):
    parts = [listed(n) if isinstance(n, list) else whole(n) for n in numbers]
    return Node("list", (len(parts), *parts[0].shape), "", parts)


class Arrangements:
    """What gives an array of a shape from others of the same numbers."""
    def arranging(self, shape):
        makers = [self.reshaped, self.indexed, self.sliced]
        if shape:
            makers += [self.joined, self.stacked, self.repeated, self.flipped, self.summed_up, self.rows, self.sliced]
            makers += [self.squeezed, self.padded, self.selected]
        if len(shape) > 1:
            makers += [self.triangle, self.ordered, self.ordered]
        return makers

    def any_axis(self, shape):
        """An axis as it is counted from the front, and as it may be written."""
        axis = self.random.randrange(len(shape))
        return axis, self.random.choice([axis, axis, axis - len(shape)])

    def ordered(self, shape, depth, simple):
        """The axes in another order."""
        random, rank = self.random, len(shape)
        if random.random() < 0.4:
            first, second = random.sample(range(rank), 2)
            inner = list(shape)
            inner[first], inner[second] = shape[second], shape[first]
            axes = [whole(random.choice([first, first - rank])), whole(second)]
            return call("transpose", [self.expression(tuple(inner), depth), *axes], shape)
        axes = random.sample(range(rank), rank)
        inner = [0] * rank
        for axis, size in zip(axes, shape):
            inner[axis] = size
        return call("transpose", [self.expression(tuple(inner), depth)], shape, axes=axes)

    def reshaped(self, shape, depth, simple):
        random = self.random
        inner = random.choice(self.factors(math.prod(shape)))
        sizes = list(shape)
        if sizes and random.random() < 0.5:
            sizes[random.randrange(len(sizes))] = -1
        operand = self.expression(inner, depth)
        if not sizes:
            return Node("index", (), "", [operand], positions=(0,) * len(inner), learns=operand.learns)
        arguments = [listed(sizes)] if random.random() < 0.3 else [whole(size) for size in sizes]
        return call("reshape", [operand, *arguments], shape)

    def factors(self, count):
        """Some shapes of so many entries."""
        found = [(count,), (1, count), (count, 1)]
        for first in range(2, count):
            if count % first == 0:
                found += [(first, count // first), (first, 1, count // first)]
                found += [(first, *rest) for rest in [(2, count // first // 2)] if count // first % 2 == 0]
        return found

    def squeezed(self, shape, depth, simple):
        random = self.random
        axis = random.randint(0, len(shape))
        wide = shape[:axis] + (1,) + shape[axis:]
        if random.random() < 0.5 or 1 not in shape:
            if len(wide) > 6:
                return self.flipped(shape, depth, simple)
            written = random.choice([axis, axis - len(wide)])
            options = {} if 1 not in shape and random.random() < 0.4 else {"axis": written}
            return call("squeeze", [self.expression(wide, depth)], shape, **options)
        axis = shape.index(1)
        inner = shape[:axis] + shape[axis + 1:]
        operand = self.expression(inner, depth)
        if random.random() < 0.4:
            positions = (*[None] * axis, NEW)
            if random.random() < 0.3 and axis < len(inner):
                positions = (*[None] * axis, NEW, ...)
            return Node("index", shape, "", [operand], positions=positions, learns=operand.learns)
        return call("unsqueeze", [operand], shape, axis=random.choice([axis, axis - len(shape)]))

    # MARK: Several

    def joined(self, shape, depth, simple):
        axis, written = self.any_axis(shape)
        cuts = sorted({0, shape[axis], *(self.random.randint(0, shape[axis]) for _ in range(2))})
        parts = []
        for first, last in zip(cuts, cuts[1:]):
            parts.append(self.expression(shape[:axis] + (last - first,) + shape[axis + 1:], depth))
        options = {} if axis == 0 and self.random.random() < 0.5 else {"axis": written}
        return self.joining("concat", parts, shape, options)

    def stacked(self, shape, depth, simple):
        axis, written = self.any_axis(shape)
        parts = [self.expression(shape[:axis] + shape[axis + 1:], depth) for _ in range(shape[axis])]
        if axis == 0 and self.random.random() < 0.5:
            return Node("list", shape, "", parts, learns=any(p.learns for p in parts))
        options = {} if axis == 0 and self.random.random() < 0.5 else {"axis": written}
        return self.joining("stack", parts, shape, options)

    def joining(self, word, parts, shape, options):
        together = Node("list", (len(parts), *parts[0].shape), "", parts, learns=any(p.learns for p in parts))
        # Not every array that is joined has the shape of the first.
        return call(word, [together], shape, **options)

    def repeated(self, shape, depth, simple):
        random = self.random
        axis, written = self.any_axis(shape)
        count = random.choice([n for n in range(1, shape[axis] + 1) if shape[axis] % n == 0])
        inner = shape[:axis] + (shape[axis] // count,) + shape[axis + 1:]
        if random.random() < 0.5:
            options = {} if len(shape) == 1 and random.random() < 0.5 else {"axis": written}
            return call("repeat", [self.expression(inner, depth), whole(count)], shape, **options)
        counts = [1] * len(shape)
        counts[axis] = count
        if axis == 0 and inner[0] == 1 and random.random() < 0.5:
            inner = inner[1:] or (1,)
        operand = self.expression(inner, depth)
        return call("tile", [operand, *([listed(counts)] if random.random() < 0.6 else map(whole, counts))], shape)

    def padded(self, shape, depth, simple):
        random = self.random
        pairs = []
        for size in shape:
            before = random.randint(0, size - 1)
            pairs.append([before, random.randint(0, size - 1 - before)])
        if min(shape) > 2 and random.random() < 0.3:
            pairs = [[1, 1]] * len(shape)
        inner = tuple(size - sum(pair) for size, pair in zip(shape, pairs))
        options = {"value": random.choice([0, 1.5, -2])} if random.random() < 0.5 else {}
        same = all(pair == pairs[0] for pair in pairs)
        widths = listed(pairs)
        if same and random.random() < 0.5:
            widths = whole(pairs[0][0]) if pairs[0][0] == pairs[0][1] else listed(pairs[0])
        return call("pad", [self.expression(inner, depth), widths], shape, **options)

    def flipped(self, shape, depth, simple):
        axis, written = self.any_axis(shape)
        options = {} if len(shape) == 1 and self.random.random() < 0.5 else {"axis": written}
        return call("flip", [self.expression(shape, depth)], shape, **options)

    def summed_up(self, shape, depth, simple):
        _, written = self.any_axis(shape)
        options = {} if len(shape) == 1 and self.random.random() < 0.5 else {"axis": written}
        return call("cumsum", [self.expression(shape, depth)], shape, **options)

    def triangle(self, shape, depth, simple):
        options = {"diagonal": self.random.randint(-2, 2)} if self.random.random() < 0.6 else {}
        return call(self.random.choice(["tril", "triu"]), [self.expression(shape, depth)], shape, **options)

    # MARK: Positions

    def part(self, size):
        """A slice that gives so many positions, and the size of the axis."""
        random = self.random
        step = random.choice([1, 1, 1, 2, -1, -1, -2, 3])
        reach = (size - 1) * abs(step) + 1
        before, after = random.randint(0, 1), random.randint(0, 1)
        axis = before + reach + after
        if step > 0:
            first, last = before, before + reach
            start = first if first or random.random() < 0.5 else None
            stop = last if last != axis or random.random() < 0.5 else None
            if stop is not None and stop < axis and random.random() < 0.4:
                stop -= axis
            if stop == axis and random.random() < 0.3:
                stop += 3
        else:
            first, last = before + reach - 1, before - 1
            start = first if first != axis - 1 or random.random() < 0.5 else None
            stop = last if last >= 0 else None
            if start == axis - 1 and random.random() < 0.3:
                start += 2
        if start is not None and 0 < start < axis and random.random() < 0.3:
            start -= axis
        return slice(start, stop, step if step != 1 or random.random() < 0.2 else None), axis

    def sliced(self, shape, depth, simple):
        """Parts of some axes, positions of others, `...` and new axes."""
        random = self.random
        inner, items = [], []
        for place, size in enumerate(shape):
            choice = random.random()
            if choice < 0.2 and len(inner) + len(shape) - place < 5:
                length = random.choice([1, 2, 3])
                inner.append(length)
                items.append(random.randrange(-length, length))
            if size == 1 and random.random() < 0.3:
                items.append(NEW)
            elif random.random() < 0.6:
                part, length = self.part(size)
                inner.append(length)
                items.append(part)
            else:
                inner.append(size)
                items.append(None)
        if not inner or len(inner) < 6 and random.random() < 0.2:
            inner.append(2)
            items.append(random.choice([0, 1, -1]))
        return self.taking(inner, self.shortened(items), shape, depth)

    def shortened(self, items):
        """Whole axes in a row may be `...`; those at the end may be left out."""
        for first in range(len(items)):
            run = first
            while run < len(items) and items[run] is None:
                run += 1
            if run > first and self.random.random() < 0.3:
                return items[:first] + [...] + items[run:]
        while len(items) > 1 and items[-1] is None and self.random.random() < 0.5:
            items = items[:-1]
        return items

    def taking(self, inner, items, shape, depth):
        operand = self.expression(tuple(inner), depth)
        return Node("index", shape, "", [operand], positions=tuple(items), learns=operand.learns)

    def indexed(self, shape, depth, simple):
        """Leading positions."""
        random = self.random
        count = random.randint(1, 2)
        if len(shape) + count > 4:
            return self.expression(shape, depth)
        sizes = [random.choice([1, 2, 3]) for _ in range(count)]
        items = [random.randrange(-size, size) for size in sizes]
        if random.random() < 0.2:
            return self.taking([*shape, *sizes], [..., *items], shape, depth)
        return self.taking([*sizes, *shape], items, shape, depth)

    def rows(self, shape, depth, simple):
        """A list of positions of an axis."""
        random = self.random
        axis = random.randrange(len(shape))
        length = random.choice([1, 2, 3])
        numbers = [random.randrange(-length, length) for _ in range(shape[axis])]
        inner = [*shape[:axis], length, *shape[axis + 1:]]
        items = [None] * axis + [numbers]
        if random.random() < 0.2 and len(shape) < 4:
            inner, items = [2, *inner], [random.randrange(2), *items]
        elif len(shape) > axis + 1 and random.random() < 0.2:
            part, inner[axis + 1] = self.part(shape[axis + 1])
            items.append(part)
        elif len(shape) > 1 and axis == 0 and random.random() < 0.4:
            # The axes of the list take the place of the axis.
            grid = [[random.randrange(length) for _ in range(shape[1])] for _ in range(shape[0])]
            return self.taking([length, *shape[2:]], [grid], shape, depth)
        return self.taking(inner, items, shape, depth)

    def selected(self, shape, depth, simple):
        """Rows of a table by constant numbers."""
        random = self.random
        length = random.choice([1, 2, 4])
        count = random.randint(1, min(2, len(shape)))
        numbers = [random.randrange(length) for _ in range(shape[0])]
        if count == 2:
            numbers = [[random.randrange(length) for _ in range(shape[1])] for _ in range(shape[0])]
        return call("embedding", [self.expression((length, *shape[count:]), depth), listed(numbers)], shape)
