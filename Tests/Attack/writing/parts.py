"""Random expressions of functions that networks need: more elementwise ones, masks, statistics, windows, layers."""

from writing.arrangements import whole
from evaluating.arrays import broadcast_shape
from writing.syntax import Node, binary, call, compared, number

# What any number may be given, what needs a bounded one, what needs a positive one.
FREE = ["atan", "erf", "softplus", "log_sigmoid", "silu", "gelu", "elu", "leaky_relu", "hardtanh", "clip", "square"]
OF_BOUNDED = ["tan", "sinh", "cosh", "expm1", "asin", "acos", "log1p"]
OF_POSITIVE = ["log2", "log10", "log1p"]
STEPS = ["sign", "floor", "ceil", "round"]
EXACT = ["sign", "floor", "ceil", "round", "clip", "hardtanh", "leaky_relu", "square", "stop_gradient"]
RELATIONS = ["<", "<=", ">", ">=", "==", "!="]


class Parts:
    def grown(self, shape):
        """The makers of what the language has besides arithmetic."""
        makers = self.arranging(shape) + [self.more] * 4 + [self.chosen, self.masked, self.statistic, self.statistic]
        if not shape:
            return makers + [self.other_loss]
        if self.has_kinks:
            return makers + ([self.pooled] if len(shape) == 4 else [])
        makers += [self.normalized] + [self.dropped] * self.has_dropout
        return makers + {
            1: [self.similar], 2: [self.recurrent, self.attended, self.similar],
            3: [self.recurrent, self.recurrent, self.attended, self.convolved, self.convolved],
            4: [self.convolved] * 4 + [self.pooled] * 4
        }.get(len(shape), [])

    # MARK: Elementwise

    def more(self, shape, depth, simple):
        random = self.random
        operand = self.expression(shape, depth, simple)
        if self.has_kinks:
            word = random.choice(EXACT)
            return self.labelled(word, operand)
        kind = random.random()
        if kind < 0.55:
            return self.labelled(random.choice(FREE), operand)
        if kind < 0.75:
            inner = binary("*", self.bounded(operand), number(0.75), shape)
            return call(random.choice(OF_BOUNDED), [inner], shape)
        if kind < 0.85:
            return call(random.choice(OF_POSITIVE), [self.positive(operand)], shape)
        if kind < 0.95:
            # What has no slope is not all there is.
            return binary("+", call(random.choice(STEPS), [operand], shape), self.expression(shape, 0, simple), shape)
        node = call("stop_gradient", [operand], shape)
        node.learns = False
        return node

    def labelled(self, word, operand):
        random = self.random
        options = {
            "gelu": lambda: {"approximate": random.choice(['"tanh"', '"none"'])}, "elu": lambda: {
                "alpha": random.choice([0.5, 2])}, "leaky_relu": lambda: {"negative_slope": random.choice([0.2, 0.5])},
            "hardtanh": lambda: {"min_val": -2, "max_val": random.choice([1, 0.5])}, "clip": lambda: random.choice(
                [{"min": -1}, {"max": 0.5}, {"min": -1, "max": 1}, {"min": -0.5, "max": 2}])
        }.get(word)
        if options and (word == "clip" or random.random() < 0.5):
            return call(word, [operand], operand.shape, **options())
        return call(word, [operand], operand.shape)

    # MARK: Masks

    def mask(self, shape, depth):
        """1 where something holds, 0 elsewhere."""
        random = self.random
        kind = random.random()
        if kind < 0.15 and depth > 0:
            return Node("unary", shape, "not", [self.mask(shape, depth - 1)])
        if kind < 0.35 and depth > 0:
            return compared(random.choice(["and", "or"]), self.mask(shape, depth - 1), self.mask(shape, depth - 1),
                            shape)
        right = self.fitting(shape)
        right = right if broadcast_shape(shape, right) == shape else shape
        return compared(random.choice(RELATIONS), self.expression(shape, 1), self.expression(right, 0), shape)

    def chosen(self, shape, depth, simple):
        """One of two values where a mask holds; all three may be broadcast."""
        first, second = self.fitting(shape), shape
        if self.random.random() < 0.5:
            first, second = second, first
        if broadcast_shape(first, second) != shape:
            first = second = shape
        fitting = self.fitting(shape)
        fitting = fitting if broadcast_shape(shape, fitting) == shape else shape
        values = [self.expression(first, depth, simple), self.expression(second, depth, simple)]
        node = call("where", [self.mask(fitting, 1), *values], shape)
        node.learns = any(value.learns for value in values)
        return node

    def masked(self, shape, depth, simple):
        return binary("*", self.expression(shape, depth, simple), self.mask(shape, 1), shape)

    # MARK: Statistics

    def statistic(self, shape, depth, simple):
        """Over everything, or along an axis, which may stay."""
        random = self.random
        words = ["prod", "sum", "mean", "max", "min"]
        words = words if self.has_kinks else words + ["var", "std", "var", "std", "norm", "norm", "prod", "logsumexp"]
        word = random.choice(words)
        options = {}
        if word in ("var", "std") and random.random() < 0.4:
            options["correction"] = random.choice([0, 1])
        if word == "norm" and random.random() < 0.4:
            options["ord"] = random.choice([1, 2])
        least = 2 if word in ("var", "std") else 1
        length = random.choice([n for n in (1, 2, 3, 4) if n >= least])
        ones = [axis for axis, size in enumerate(shape) if size == 1]
        if not shape and random.random() < 0.6:
            inner = random.choice([s for s in self.shapes[1:] if max(s) >= least] or [(2, 2)])
        elif ones and random.random() < 0.7:
            axis = random.choice(ones)
            inner = shape[:axis] + (length,) + shape[axis + 1:]
            options |= {"axis": random.choice([axis, axis - len(shape)]), "keepdims": True}
        elif len(shape) < 4:
            axis = random.randint(0, len(shape))
            inner = shape[:axis] + (length,) + shape[axis:]
            options["axis"] = random.choice([axis, axis - len(inner)])
        else:
            return self.more(shape, depth, simple)
        return call(word, [self.expression(inner, depth)], shape, **options)

    # MARK: Windows

    def windowed(self, size, width, stride, dilation=1, padding=0):
        """The size of an axis on which so many windows of a width fit."""
        rest = self.random.randrange(stride)
        return (size - 1) * stride + dilation * (width - 1) + 1 + rest - 2 * padding

    def convolved(self, shape, depth, simple):
        random = self.random
        samples, outputs, *sizes = shape
        groups = 2 if outputs % 2 == 0 and random.random() < 0.3 else 1
        channels = random.choice([1, 2])
        options = {"stride": random.choice([1, 1, 2]), "padding": random.choice([0, 0, 1]),
                   "dilation": random.choice([1, 1, 2])}
        window = [random.choice([1, 2, 3]) for _ in sizes]
        inner = [
            self.windowed(size, width, options["stride"], options["dilation"], options["padding"])
            for size, width in zip(sizes, window)
        ]
        if min(inner) < 1:
            return self.more(shape, depth, simple)
        options = {k: v for k, v in options.items() if v != (k != "padding") or random.random() < 0.3}
        if groups > 1 or random.random() < 0.1:
            options["groups"] = groups
        operands = [
            self.expression((samples, channels * groups, *inner), depth),
            self.expression((outputs, channels, *window), depth)
        ]
        if random.random() < 0.5:
            operands.append(self.expression((outputs,), depth))
        return call("conv1d" if len(shape) == 3 else "conv2d", operands, shape, **options)

    def pooled(self, shape, depth, simple):
        random = self.random
        width, stride = random.choice([1, 2, 2]), random.choice([1, 2, 2, 3])
        inner = [self.windowed(size, width, stride) for size in shape[2:]]
        options = {} if stride == width and random.random() < 0.7 else {"stride": stride}
        operand = self.expression((*shape[:2], *inner), depth)
        return call(random.choice(["max_pool", "avg_pool"]), [operand, whole(width)], shape, **options)

    # MARK: Layers

    def normalized(self, shape, depth, simple):
        random = self.random
        word = random.choice(["layer_norm", "rms_norm"] + ["batch_norm"] * (len(shape) > 1))
        size = shape[1] if word == "batch_norm" else shape[-1]
        count = random.randint(0, 1 if word == "rms_norm" else 2)
        operands = [self.expression(shape, depth)] + [self.expression((size,), depth) for _ in range(count)]
        options = {"eps": random.choice([0.1, 1e-3, 0.5])} if random.random() < 0.7 else {}
        return call(word, operands, shape, **options)

    def dropped(self, shape, depth, simple):
        """The masks of the first step."""
        random = self.random
        options = {"p": random.choice([0.25, 0.5, 0]), "seed": random.randint(-9, 99)}
        return call("dropout", [self.expression(shape, depth)], shape, **options)

    def recurrent(self, shape, depth, simple):
        random = self.random
        word = random.choice(["rnn", "gru", "lstm"])
        width, inputs = shape[-1], random.choice([1, 2, 3])
        gates = {"rnn": 1, "gru": 3, "lstm": 4}[word] * width
        shapes = [(*shape[:-1], inputs), (inputs, gates), (width, gates), (gates,)]
        return call(word, [self.expression(s, depth) for s in shapes[:random.choice([3, 4])]], shape)

    def attended(self, shape, depth, simple):
        random = self.random
        heads = 2 if shape[-1] % 2 == 0 and random.random() < 0.4 else 1
        width, positions = heads * random.choice([1, 2]), random.choice([1, 2, 3])
        options = {"mask": random.choice(["causal", "none"])} if random.random() < 0.5 else {}
        if heads > 1 or random.random() < 0.2:
            options["heads"] = heads
        shapes = [shape[:-1] + (width,), (*shape[:-2], positions, width), (*shape[:-2], positions, shape[-1])]
        return call("attention", [self.expression(s, depth) for s in shapes], shape, **options)

    def similar(self, shape, depth, simple):
        random = self.random
        axis = random.randint(0, len(shape))
        inner = shape[:axis] + (random.choice([2, 3]),) + shape[axis:]
        options = {} if axis == len(shape) and random.random() < 0.5 else {"axis": axis}
        return call("cosine_similarity", [self.expression(inner, depth) for _ in range(2)], shape, **options)

    def other_loss(self, shape, depth, simple):
        random = self.random
        inner = random.choice(self.shapes)
        a, b = self.expression(inner, depth), self.expression(inner, depth)
        word = "smooth_l1" if self.has_kinks else random.choice(["smooth_l1", "kl_div", "focal"])
        if word == "smooth_l1":
            options = {"beta": random.choice([0.5, 2, 1])} if random.random() < 0.5 else {}
            return call(word, [a, b], (), **options)
        y = call("sigmoid", [b], inner)
        if word == "kl_div":
            return call(word, [call("log_sigmoid", [a], inner), y], ())
        options = {"alpha": 0.75, "gamma": random.choice([1, 3, 1.5])} if random.random() < 0.5 else {}
        return call(word, [a, y], (), **options)
