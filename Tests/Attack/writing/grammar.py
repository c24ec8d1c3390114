"""Random programs of the whole language, as trees that are right: their shapes fit and their numbers stay tame."""

from writing.arrangements import Arrangements, whole
from writing.blocks import Blocks
from writing.expressions import Expressions
from writing.networks import network, random_numbers, training
from writing.parts import Parts
from writing.sequences import deep_network
from writing.settings import settings
from writing.syntax import Declaration, Node, Program, binary, call, names_in, number

NAMES = [
    "a", "b", "c", "w", "w1", "w2", "x", "x1", "u", "v", "z", "W", "A", "h", "β", "θ₂", "ŷ", "naïve", "損失", "Δ",
    "x_1", "_t", "p", "q", "m", "long_name_of_a_value", "éa", "ω", "n4", "E", "T", "grad", "title1", "lossy", "e2",
    # Functions that a value may have the name of.
    "norm", "flip", "tile", "full", "pad", "clip", "erf", "view", "dot", "cat", "stack"
]


class Grammar(Expressions, Arrangements, Parts, Blocks):
    def __init__(self, random, has_dropout=False):
        self.random = random
        # Where programs are not trained: every step of a training has other masks.
        self.has_dropout = has_dropout
        self.scope = []
        self.functions = []
        self.taken = set()
        self.has_kinks = False
        # Whether a program has more than matrices and plain functions.
        self.is_grown = random.random() < 0.75

    # MARK: Programs

    def program(self):
        """One program; of a third the shape is a network's that trains."""
        program = Program()
        random = self.random
        kind = random.random()
        if kind < 0.2 or not self.is_grown and kind < 0.4:
            network(self, program)
        elif kind < 0.35:
            deep_network(self, program)
        else:
            self.free(program)
        if random.random() < 0.4:
            training(self, program)
        settings(self.random, program)
        return program

    def free(self, program):
        random = self.random
        program.has_kinks = self.has_kinks = random.random() < 0.15
        size = random.choice([1, 2, 2, 3, 3, 4])
        other = random.choice([1, 2, 3])
        self.shapes = [(), (size,), (other,), (size, other), (other, size), (size, size), (size, 1), (1, other)]
        if self.is_grown:
            self.shapes += self.deep_shapes(size, other)
        definitions = random.randint(1, 3) if random.random() < 0.3 else 0
        early = random.randint(0, definitions)
        for _ in range(early):
            self.definition(program)
        for keyword in ["param"] * random.randint(1, 4) + ["input"] * random.randint(0, 2) \
                + ["target"] * random.randint(0, 1):
            shape = random.choice(self.shapes)
            is_random = keyword == "param" and 0 < len(shape) < 3 and not self.has_kinks and random.random() < 0.1
            start = random_numbers(self, shape) if is_random else self.literal(shape)
            self.declare(program, keyword, start, keyword == "param")
        for _ in range(definitions - early):
            self.definition(program)
        if random.random() < 0.3:
            self.declare(program, "", self.constant(random.choice(self.shapes)), False)
        for _ in range(random.randint(0, 5)):
            self.declare(program, "", self.deep(random.choice(self.shapes)))
        if random.random() < 0.1:
            # A second name draws no box.
            self.declare(program, "", random.choice(self.scope))
        if self.is_grown and random.random() < 0.3:
            self.loop(program)
        for _ in range(random.choice([0, 0, 0, 1, 1, 2])):
            self.declare(program, "predict", self.deep(random.choice(self.shapes)))
        for _ in range(100):
            loss = self.deep(())
            if loss.learns:
                break
        else:
            loss = call("sum", [self.learning_name()], ())
        self.declare(program, "loss", loss)

    def deep_shapes(self, size, other):
        """Some shapes of three to six axes, of few entries."""
        random = self.random
        some = [(2, size, other), (other, 1, 2), (1, 2, 2, other), (2, 1, size, 1)]
        many = [(1, 2, 1, 1, 2), (1, 1, 2, 1, 1, 2)]
        return [(2,), *random.sample(some, random.randint(1, 3)), *random.sample(many, random.randint(0, 1))]

    def deep(self, shape):
        """An expression that is more than a name or numbers."""
        while True:
            node = self.expression(shape, self.random.randint(1, 3))
            while node.kind == "unary" and node.word == "+":
                # A value has one name.
                node = node.operands[0]
            if node.kind not in ("number", "list") and not is_name(node) and node.learns | (self.random.random() < 0.1):
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
        # A function of the program is what its name means, even where the language has one of that name.
        while (name := self.fresh_name()) in NAMES[NAMES.index("norm"):]:
            pass
        parameters = [f"{name}_{letter}" for letter in ("a", "b")[:random.randint(1, 2)]]
        kept = self.scope
        around = [node for node in kept if node.shape == ()]
        self.scope = [Node("name", (), p, learns=True) for p in parameters] + around
        if self.is_grown and random.random() < 0.4:
            lines, body = self.several_lines(name, parameters)
            self.scope = kept
            used = set().union(*map(names_in, [body, *(line.expression for line in lines)]))
            program.statements.append(Declaration("def", name, body, tuple(parameters), lines))
            self.functions.append((name, parameters, any(node.learns and node.word in used for node in around)))
            return
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
        if choice < 0.5 and 0 < len(shape) < 3:
            sizes = [number(n, str(n)) for n in shape]
            return Node("call", shape, self.random.choice(["zeros", "ones"]), sizes)
        if choice < 0.7 and self.is_grown and shape:
            return self.made_of_numbers(shape)
        if choice < 0.6:
            return Node("name", (), "pi") if not shape else binary("*", Node("name", (), "pi"), one, shape)
        return binary(self.random.choice("+-*"), one, self.literal(()), shape)

    def made_of_numbers(self, shape):
        """Constants by their rule."""
        random = self.random
        kind = random.choice(["full", *["arange", "linspace"] * (len(shape) == 1), *["eye"] * (len(shape) == 2)])
        if kind == "full":
            return Node("call", shape, "full", [self.sizes(shape), self.figure()])
        if kind == "eye":
            sizes = shape[:1] if shape[0] == shape[1] and random.random() < 0.5 else shape
            return Node("call", shape, "eye", list(map(whole, sizes)))
        if kind == "linspace":
            return Node("call", shape, kind, [self.figure(), self.figure(), whole(shape[0])])
        first, step = random.choice([0, 1, -2]), random.choice([1, 2, -1, 0.5])
        ends = [first, first + step * shape[0], step]
        if step == 1 and random.random() < 0.7:
            ends = [shape[0]] if first == 0 and random.random() < 0.5 else ends[:2]
        return Node("call", shape, kind, list(map(whole, ends)))

    def sizes(self, shape):
        return Node("list", (len(shape),), "", list(map(whole, shape)))

    def names(self, shape):
        return [node for node in self.scope if node.shape == shape]

    def learning_name(self):
        return self.random.choice([node for node in self.scope if node.learns])

    def learning_number(self):
        node = self.learning_name()
        return node if node.shape == () else call("mean", [node], ())


def is_name(node):
    """Whether an expression is a name, or may be one that nothing changes: a value has one name."""
    if node.kind == "name" or not node.operands:
        return node.kind == "name"
    first = node.operands[0]
    if node.word == "concat" and first.kind == "list" and len(first.operands) == 1:
        first = first.operands[0]
    return node.shape == first.shape and is_name(first) and (
        node.kind in ("index", "transpose") or node.kind == "unary" and node.word == "+" or node.kind == "call" and
        node.word in ("reshape", "squeeze", "transpose", "pad", "tile", "repeat", "flip", "concat", "clip"))
