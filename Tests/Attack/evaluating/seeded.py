"""The random numbers of the language: SplitMix64, how parameters start, and which samples are chosen."""

import math

MASK = (1 << 64) - 1


class SplitMix64:
    """Steele, Lea & Flood, "Fast splittable pseudorandom number generators", 2014."""

    def __init__(self, seed):
        self.state = seed & MASK

    def next(self):
        self.state = self.state + 0x9E3779B97F4A7C15 & MASK
        bits = self.state
        bits = (bits ^ bits >> 30) * 0xBF58476D1CE4E5B9 & MASK
        bits = (bits ^ bits >> 27) * 0x94D049BB133111EB & MASK
        return bits ^ bits >> 31

    def uniform(self):
        """In [0, 1), of 53 bits."""
        return (self.next() >> 11) * 2.0**-53

    def normal(self):
        """By the polar method of Marsaglia and Bray."""
        while True:
            u, v = self.uniform() * 2 - 1, self.uniform() * 2 - 1
            s = u * u + v * v
            if 0 < s < 1:
                return u * math.sqrt(-2 * math.log(s) / s)

    def below(self, bound):
        """Uniform, each number as often as any other."""
        while (bits := self.next()) >= MASK - MASK % bound:
            pass
        return bits % bound

    def shuffled(self, count):
        """By Fisher and Yates, from the end."""
        order = list(range(count))
        for place in range(count - 1, 0, -1):
            other = self.below(place + 1)
            order[place], order[other] = order[other], order[place]
        return order


def spread(scheme, shape):
    """How far a scheme's numbers go: a bound, or a standard deviation. The first size counts the inputs."""
    inputs, outputs = shape[0], (*shape, 1)[1]
    scheme = scheme.replace("glorot", "xavier").replace("he_", "kaiming_")
    return {
        "uniform": 1 / math.sqrt(inputs), "normal": 1.0, "xavier_uniform": math.sqrt(6 / (inputs + outputs)),
        "xavier_normal": math.sqrt(2 / (inputs + outputs)), "kaiming_uniform": math.sqrt(6 / inputs),
        "kaiming_normal": math.sqrt(2 / inputs)
    }[scheme]


def start(scheme, shape, seed):
    """Numbers of a scheme, row by row."""
    numbers, size = SplitMix64(seed), spread(scheme, shape)
    if scheme.endswith("normal"):
        return [numbers.normal() * size for _ in range(math.prod(shape))]
    return [(numbers.uniform() * 2 - 1) * size for _ in range(math.prod(shape))]


def mask(count, options):
    """What a dropout multiplies so many entries by."""
    numbers = SplitMix64(options["seed"])
    return [0.0 if numbers.uniform() < options["p"] else 1 / (1 - options["p"]) for _ in range(count)]


def training_rows(program, count):
    """The samples that are trained with, in order; the others are held out."""
    if program.holdout is None:
        return list(range(count))
    share, seed = program.holdout
    held = min(max(int(count * share + 0.5), 1), count - 1)
    without = set(SplitMix64(seed).shuffled(count)[:held])
    return [row for row in range(count) if row not in without]


def batches(program, count):
    """The samples of each step, endlessly: what the last batch of an epoch lacks it takes from the next epoch."""
    rows = training_rows(program, count)
    size = min(program.batch or len(rows), len(rows))
    # Of all samples there is nothing to choose.
    numbers = SplitMix64(program.shuffle) if program.shuffle is not None and size < count else None
    queue = []
    while True:
        while len(queue) < size:
            queue += [rows[place] for place in numbers.shuffled(len(rows))] if numbers else rows
        yield queue[:size]
        queue = queue[size:]
