"""Random programs of the whole language, as trees that are right: their shapes fit and their numbers stay tame."""

from arrays import broadcast_shape
from networks import network, random_numbers, training
from syntax import Declaration, Node, Program, Setting, binary, call, names_in, number, unary

NAMES = [
    "a", "b", "c", "w", "w1", "w2", "x", "x1", "u", "v", "z", "W", "A", "h", "β", "θ₂", "ŷ", "naïve", "損失", "Δ",
    "x_1", "_t", "p", "q", "m", "long_name_of_a_value", "éa", "ω", "n4", "E", "T", "grad", "title1", "lossy", "e2"
]
SMOOTH = ["exp", "log", "tanh", "sigmoid", "sin", "cos", "sqrt"]
KINKED = ["relu", "abs"]


class Grammar:
    def __init__(self, random):
        self.random = random
        self.scope = []
        self.functions = []
        self.taken = set()
        self.has_kinks = False

    # MARK: Programs

    def program(self):
        """One program; of a third the shape is a network's that trains."""
        program = Program()
        random = self.random
        if random.random() < 0.3:
            network(self, program)
        else:
            self.free(program)
        if random.random() < 0.4:
            training(self, program)
        self.settings(program)
        return program

    def free(self, program):
        random = self.random
        program.has_kinks = self.has_kinks = random.random() < 0.15
        size = random.choice([1, 2, 2, 3, 3, 4])
        other = random.choice([1, 2, 3])
        self.shapes = [(), (size,), (other,), (size, other), (other, size), (size, size), (size, 1), (1, other)]
        definitions = random.randint(1, 3) if random.random() < 0.3 else 0
        early = random.randint(0, definitions)
        for _ in range(early):
            self.definition(program)
        for keyword in ["param"] * random.randint(1, 4) + ["input"] * random.randint(0, 2) \
                + ["target"] * random.randint(0, 1):
            shape = random.choice(self.shapes)
            is_random = keyword == "param" and shape and not self.has_kinks and random.random() < 0.1
            start = random_numbers(self, shape) if is_random else self.literal(shape)
            self.declare(program, keyword, start, keyword == "param")
        for _ in range(definitions - early):
            self.definition(program)
        if random.random() < 0.3:
            self.declare(program, "", self.constant(random.choice(self.shapes)), False)
        for _ in range(random.randint(0, 5)):
            self.declare(program, "", self.deep(random.choice(self.shapes)))
        for _ in range(random.choice([0, 0, 0, 1, 1, 2])):
            self.declare(program, "predict", self.deep(random.choice(self.shapes)))
        for _ in range(100):
            loss = self.deep(())
            if loss.learns:
                break
        else:
            loss = call("sum", [self.learning_name()], ())
        self.declare(program, "loss", loss)

    def deep(self, shape):
        """An expression that is more than a name or numbers."""
        while True:
            node = self.expression(shape, self.random.randint(1, 3))
            while node.kind == "unary" and node.word == "+":
                # A value has one name.
                node = node.operands[0]
            if node.kind not in ("name", "number", "list") and node.learns | (self.random.random() < 0.1):
                return node if node.learns else binary("*", node, self.learning_number(), shape)

    def declare(self, program, keyword, expression, learns=None, name=None):
        name = name or self.fresh_name()
        program.statements.append(Declaration(keyword, name, expression))
        learns = expression.learns if learns is None else learns
        node = Node("name", expression.shape, name, learns=learns)
        self.scope.append(node)
        return node

    def fresh_name(self):
        for _ in range(50):
            name = self.random.choice(NAMES)
            if name not in self.taken:
                break
        else:
            name = f"k{len(self.taken)}"
        self.taken.add(name)
        return name

    def definition(self, program):
        """A function of one or two arguments, of numbers or elementwise, and of what stands above it."""
        random = self.random
        name = self.fresh_name()
        parameters = [f"{name}_{letter}" for letter in ("a", "b")[:random.randint(1, 2)]]
        kept = self.scope
        around = [node for node in kept if node.shape == ()]
        self.scope = [Node("name", (), p, learns=True) for p in parameters] + around
        while True:
            body = self.expression((), 2, simple=True)
            # What leaves an argument aside has not the argument's shape.
            if body.kind not in ("name", "number") and names_in(body).issuperset(parameters):
                break
        self.scope = kept
        program.statements.append(Declaration("def", name, body, tuple(parameters)))
        used = names_in(body)
        self.functions.append((name, parameters, any(node.learns and node.word in used for node in around)))

    # MARK: Numbers

    def size(self):
        if self.has_kinks:
            return self.random.choice([-2, -1.5, -1, -0.5, 0, 0, 0.5, 1, 1, 2])
        return round(self.random.uniform(-3, 3), self.random.choice([0, 1, 2, 5]))

    def figure(self, value=None):
        """A number, in one of the ways to write it."""
        value = self.size() if value is None else value
        ways = [repr(value), f"{value:.17g}", f"{value:e}" if value == float(f"{value:e}") else repr(value)]
        if value == int(value):
            ways += [str(int(value)), f"{int(value)}.", f"{int(value)}e0", f"0_{int(value)}" if value >= 0 else "-0"]
        if abs(value) < 1:
            ways.append(repr(value).replace("0.", ".", 1))
        word = self.random.choice(ways)
        return number(value, word) if float(word) == value else number(value)

    def literal(self, shape):
        if not shape:
            return self.figure()
        return Node("list", shape, "", [self.literal(shape[1:]) for _ in range(shape[0])])

    def constant(self, shape):
        """A named constant: literals only, of a few operations."""
        one = self.literal(shape)
        choice = self.random.random()
        if choice < 0.3:
            return one
        if choice < 0.5 and shape:
            sizes = [number(n, str(n)) for n in shape]
            return Node("call", shape, self.random.choice(["zeros", "ones"]), sizes)
        if choice < 0.6:
            return Node("name", (), "pi") if not shape else binary("*", Node("name", (), "pi"), one, shape)
        return binary(self.random.choice("+-*"), one, self.literal(()), shape)

    def names(self, shape):
        return [node for node in self.scope if node.shape == shape]

    def learning_name(self):
        return self.random.choice([node for node in self.scope if node.learns])

    def learning_number(self):
        node = self.learning_name()
        return node if node.shape == () else call("mean", [node], ())

    # MARK: Expressions

    def expression(self, shape, depth, simple=False):
        random = self.random
        if depth <= 0 or random.random() < 0.15:
            known = self.names(shape)
            if known and random.random() < 0.85:
                return random.choice(known)
            return self.figure() if not shape else self.literal(shape)
        makers = [self.arithmetic] * 5 + [self.function] * 3 + [self.signed, self.powered, self.pair]
        if not simple:
            if shape == ():
                makers += [self.reduction] * 3 + [self.inner, self.loss, self.element]
            elif len(shape) == 1:
                makers += [self.product, self.line, self.along, self.softmax, self.element]
            else:
                makers += [self.product, self.product, self.transposed, self.softmax, self.outer]
        if self.functions:
            makers += [self.defined]
        return random.choice(makers)(shape, depth - 1, simple)

    def fitting(self, shape):
        """A shape that is broadcast to another, and often that one itself."""
        options = [shape] * 4 + [()]
        if len(shape) == 2:
            options += [shape[1:], (shape[0], 1), (1, shape[1]), (1,)]
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
        if self.has_kinks or self.random.random() < 0.6:
            return binary("**", base, number(float(word := self.random.choice(["2", "3", "2.0", "1"])), word), shape)
        exponent = self.random.choice([number(-1, "-1"), number(0.5, ".5"), number(-2.5), self.expression((), 0)])
        return binary("**", self.positive(base), exponent, shape)

    def pair(self, shape, depth, simple):
        other = self.fitting(shape)
        if broadcast_shape(other, shape) != shape:
            other = shape
        operands = [self.expression(shape, depth, simple), self.expression(other, depth, simple)]
        return call(self.random.choice(["max", "min"]), operands, shape)

    def reduction(self, shape, depth, simple):
        words = ["sum", "mean", "max", "min"] + ([] if self.has_kinks else ["logsumexp"])
        inner = self.expression(self.random.choice(self.shapes[1:]), depth)
        return call(self.random.choice(words), [inner], ())

    def along(self, shape, depth, simple):
        axis, length = self.random.choice([0, 1]), self.random.choice([1, 2, 3])
        inner = self.expression((length, *shape) if axis == 0 else (*shape, length), depth)
        words = ["sum", "mean", "max", "min"] + ([] if self.has_kinks else ["logsumexp"])
        return call(self.random.choice(words), [inner], shape, axis=axis)

    def inner(self, shape, depth, simple):
        length = (self.random.choice([1, 2, 3]),)
        return binary("@", self.expression(length, depth), self.expression(length, depth), ())

    def product(self, shape, depth, simple):
        length = self.random.choice([1, 2, 3])
        if len(shape) == 2:
            left, right = (shape[0], length), (length, shape[1])
        elif self.random.random() < 0.5:
            left, right = (shape[0], length), (length,)
        else:
            left, right = (length,), (length, shape[0])
        return binary("@", self.expression(left, depth), self.expression(right, depth), shape)

    def outer(self, shape, depth, simple):
        return binary("*", self.expression((shape[0], 1), depth), self.expression(shape[1:], depth), shape)

    def transposed(self, shape, depth, simple):
        inner = self.expression(shape[::-1], depth)
        if self.random.random() < 0.4:
            return call("transpose", [inner], shape)
        return Node("transpose", shape, "", [inner], learns=inner.learns)

    def softmax(self, shape, depth, simple):
        if self.has_kinks:
            return self.function(shape, depth, simple)
        options = {} if len(shape) == 1 or self.random.random() < 0.4 else {"axis": self.random.choice([0, 1])}
        return call("softmax", [self.expression(shape, depth)], shape, **options)

    def element(self, shape, depth, simple):
        """A number of a vector or a matrix, or a column or a row."""
        random = self.random
        length, width = random.choice([1, 2, 3]), random.choice([1, 2, 3])
        if shape:
            if random.random() < 0.5:
                inner, positions = (length, *shape), (random.randrange(-length, length),)
            else:
                inner, positions = (*shape, width), (None, random.randrange(-width, width))
        elif random.random() < 0.5:
            inner, positions = (length,), (random.randrange(-length, length),)
        else:
            inner = (length, width)
            positions = (random.randrange(-length, length), random.randrange(-width, width))
        operand = self.expression(inner, depth)
        return Node("index", shape, "", [operand], positions=positions, learns=operand.learns)

    line = element

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

    # MARK: Settings

    def settings(self, program):
        random = self.random
        choices = {
            "title": ['"A title"', "'ŷ & <b> \\\\ \\\" %'", '"two\\nlines"',
                      '""'], "caption": ['"What it says"'], "precision": ["1", "3", "12", "2 + 2"],
            "gradients": ["numeric", "symbolic", "both"], "direction": ["LR", "TB"], "lang": ["en", "fr"],
            "formulas": ["short", "all"], "closeups": ["auto", "all", "none"], "samples": ["rows", "table", "all"], "parameters": ["shared", "repeated"], "theme": ["auto", "light", "dark",
                                                            "print"], "width": ["400", "1140", "20000"],
            "scale": ["1", "0.5", "1 + 1"], "dpi": ["72", "150"], "background": ["page", "transparent", "white"],
            "level": ["auto", "tensor",
                      "scalar"], "stage": ["all", "forward", "loss", "backward", "update", "overview"]
        }
        for keyword, texts in choices.items():
            if random.random() < 0.12:
                place = random.randint(0, len(program.statements))
                program.statements.insert(place, Setting(keyword, random.choice(texts)))
