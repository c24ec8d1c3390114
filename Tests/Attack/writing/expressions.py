"""Random expressions of a shape: arithmetic, functions, reductions, products, the program's own functions."""

from evaluating.arrays import broadcast_shape
from writing.syntax import Node, binary, call, number, unary

SMOOTH = ["exp", "log", "tanh", "sigmoid", "sin", "cos", "sqrt"]
KINKED = ["relu", "abs"]


class Expressions:
    """The makers of expressions that every shape has."""
    def expression(self, shape, depth, simple=False):
        random = self.random
        if depth <= 0 or random.random() < 0.15:
            known = self.names(shape)
            if known and random.random() < 0.85:
                return random.choice(known)
            if shape and self.is_grown and random.random() < 0.1:
                return self.made_of_numbers(shape)
            return self.figure() if not shape else self.literal(shape)
        makers = [self.arithmetic] * (3 if self.is_grown else 5) + [self.function] * 3
        makers += [self.signed, self.powered, self.pair]
        if not simple:
            if shape == ():
                makers += [self.reduction] * 3 + [self.inner, self.loss, self.element]
            elif len(shape) == 1:
                makers += [self.product, self.element, self.along, self.softmax, self.element]
            else:
                makers += [self.product, self.product, self.transposed, self.softmax, self.outer]
                makers += [self.along] * (len(shape) < 6)
            if self.is_grown:
                makers += self.grown(shape)
        if self.functions:
            makers += [self.defined]
        return random.choice(makers)(shape, depth - 1, simple)

    def fitting(self, shape):
        """A shape that is broadcast to another, and often that one itself."""
        options = [shape] * 4 + [()]
        if len(shape) > 1:
            axis = self.random.randrange(len(shape))
            options += [shape[1:], (shape[0], *[1] * (len(shape) - 1)), (1, *shape[1:]), (1,)]
            options += [shape[:axis] + (1,) + shape[axis + 1:]]
        return self.random.choice(options)

    def arithmetic(self, shape, depth, simple):
        random = self.random
        left, right = shape, self.fitting(shape)
        if random.random() < 0.5:
            left, right = right, left
        if broadcast_shape(left, right) != shape:
            left = right = shape
        word = random.choice("++--**/" if not self.has_kinks else "++--*")
        a, b = self.expression(left, depth, simple), self.expression(right, depth, simple)
        if word == "/":
            b = self.positive(b)
        return binary(word, a, b, shape)

    def positive(self, node):
        """Away from 0: what is divided by, and what has a logarithm or a root."""
        if self.random.random() < 0.02:
            return node
        if self.random.random() < 0.5:
            return binary("+", binary("**", node, number(2, "2"), node.shape), number(0.5), node.shape)
        return binary("+", call("sigmoid", [node], node.shape), number(0.25), node.shape)

    def bounded(self, node):
        """From −1 to 1."""
        return call(self.random.choice(["tanh", "sin"]), [node], node.shape)

    def function(self, shape, depth, simple):
        word = self.random.choice(KINKED if self.has_kinks else SMOOTH + KINKED)
        operand = self.expression(shape, depth, simple)
        if word in ("log", "sqrt"):
            operand = self.positive(operand)
        elif word == "exp":
            operand = call("tanh", [operand], shape)
        return call(word, [operand], shape)

    def signed(self, shape, depth, simple):
        return unary(self.random.choice("-+") if depth else "-", self.expression(shape, depth, simple))

    def powered(self, shape, depth, simple):
        base = self.expression(shape, depth, simple)
        as_call = self.is_grown and self.random.random() < 0.2
        if self.has_kinks or self.random.random() < 0.6:
            exponent = number(float(word := self.random.choice(["2", "3", "2.0", "1"])), word)
            return call("pow", [base, exponent], shape) if as_call else binary("**", base, exponent, shape)
        exponent = self.random.choice([number(-1, "-1"), number(0.5, ".5"), number(-2.5), self.expression((), 0)])
        base = self.positive(base)
        return call("pow", [base, exponent], shape) if as_call else binary("**", base, exponent, shape)

    def pair(self, shape, depth, simple):
        other = self.fitting(shape)
        if broadcast_shape(other, shape) != shape:
            other = shape
        operands = [self.expression(shape, depth, simple), self.expression(other, depth, simple)]
        return call(self.random.choice(["max", "min"]), operands, shape)

    # MARK: Along axes

    def reducing_words(self):
        return ["sum", "mean", "max", "min"] + ([] if self.has_kinks else ["logsumexp"])

    def reduction(self, shape, depth, simple):
        inner = self.expression(self.random.choice(self.shapes[1:]), depth)
        return call(self.random.choice(self.reducing_words()), [inner], ())

    def along(self, shape, depth, simple):
        axis, length = self.random.randrange(len(shape) + 1), self.random.choice([1, 2, 3])
        inner = self.expression(shape[:axis] + (length,) + shape[axis:], depth)
        named = axis - len(shape) - 1 if self.is_grown and self.random.random() < 0.2 else axis
        return call(self.random.choice(self.reducing_words()), [inner], shape, axis=named)

    def softmax(self, shape, depth, simple):
        if self.has_kinks:
            return self.function(shape, depth, simple)
        word = "log_softmax" if self.is_grown and self.random.random() < 0.3 else "softmax"
        options = {} if self.random.random() < 0.4 else {"axis": self.random.randrange(-len(shape), len(shape))}
        if not self.is_grown and len(shape) == 1:
            options = {}
        return call(word, [self.expression(shape, depth)], shape, **options)

    # MARK: Products and order

    def inner(self, shape, depth, simple):
        length = (self.random.choice([1, 2, 3]),)
        return binary("@", self.expression(length, depth), self.expression(length, depth), ())

    def product(self, shape, depth, simple):
        length = self.random.choice([1, 2, 3])
        if len(shape) >= 2:
            left, right = (*shape[:-1], length), (*shape[:-2], length, shape[-1])
            if len(shape) > 2 and self.random.random() < 0.6:
                # The axes in front of the matrices are broadcast.
                fewer = self.random.choice([shape[1:-2], (1,) * len(shape[:-2]), (1, *shape[1:-2]), ()])
                if self.random.random() < 0.5:
                    left = (*fewer, *left[-2:])
                else:
                    right = (*fewer, *right[-2:])
        elif self.random.random() < 0.5:
            left, right = (shape[0], length), (length,)
        else:
            left, right = (length,), (length, shape[0])
        operands = [self.expression(left, depth), self.expression(right, depth)]
        if self.is_grown and self.random.random() < 0.3:
            return call("matmul", operands, shape)
        return binary("@", *operands, shape)

    def outer(self, shape, depth, simple):
        column = (*shape[:-1], 1)
        return binary("*", self.expression(column, depth), self.expression(shape[-1:], depth), shape)

    def transposed(self, shape, depth, simple):
        inner = self.expression(shape[::-1], depth)
        if self.random.random() < 0.4:
            return call("transpose", [inner], shape)
        return Node("transpose", shape, "", [inner], learns=inner.learns)

    def element(self, shape, depth, simple):
        """A number of a vector or a matrix, or a column or a row."""
        random = self.random
        length, width = random.choice([1, 2, 3]), random.choice([1, 2, 3])
        if shape:
            if random.random() < 0.5:
                inner, positions = (length, *shape), (random.randrange(-length, length),)
            else:
                axis = random.randint(1, len(shape))
                inner = (*shape[:axis], width, *shape[axis:])
                positions = (*[None] * axis, random.randrange(-width, width))
        elif random.random() < 0.5:
            inner, positions = (length,), (random.randrange(-length, length),)
        else:
            inner = (length, width)
            positions = (random.randrange(-length, length), random.randrange(-width, width))
        operand = self.expression(inner, depth)
        return Node("index", shape, "", [operand], positions=positions, learns=operand.learns)

    def loss(self, shape, depth, simple):
        """The losses that take any numbers."""
        random = self.random
        inner = random.choice(self.shapes)
        word = random.choice(["mse", "mae", "huber"])
        options = {"delta": random.choice(["1", "0.5", "2."])} if word == "huber" and random.random() < 0.5 else {}
        return call(word, [self.expression(inner, depth), self.expression(inner, depth)], (), **options)

    def defined(self, shape, depth, simple):
        name, parameters, learns = self.random.choice(self.functions)
        node = call(name, [self.expression(shape, depth, simple) for _ in parameters], shape)
        node.learns = learns or any(o.learns for o in node.operands)
        if self.random.random() < 0.3:
            node.labels = tuple(parameters[self.random.randrange(len(parameters)):])
        return node
