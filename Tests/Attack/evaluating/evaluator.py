"""What a program means: its values and, forward, their derivatives. Reads the tree, never the text."""

import math

from evaluating import arrays, calls, dual, functions, seeded, shapes
from evaluating.arrays import Array
from evaluating.dual import Dual
from writing.syntax import NEW, Choice, Declaration, Loop, Node

BINARY = {
    "+": dual.add, "-": dual.subtract, "*": dual.multiply, "/": dual.divide, "**": dual.power, **functions.RELATIONS
}


class Evaluation:
    """The values of a program by name; variables are (name, place) of parameters and of probes.

    `given` holds the numbers with which layers start, `learned` those of parameters as they are now, `rows` the
    samples of the batch, `probes` the named values whose own derivatives are asked for, `nudge` a relative change
    of every number, which shows how much rounding matters.
    """
    def __init__(self, program, given=None, learned=None, rows=None, probes=(), nudge=None):
        self.given = given or {}
        self.learned = learned or {}
        self.probes = set(probes)
        self.nudge = nudge
        self.wide = count_of(program) if rows is not None else 0
        self.rows = rows
        self.start(program)

    def start(self, program):
        self.values, self.functions = {}, {}
        # What a name means now: in loops the latest of several values. And how many there are of each.
        self.meaning, self.counts, self.turns, self.depth = {}, {}, {}, 0
        # The parameters behind each named value, and those that the present line has read so far.
        self.behind, self.read = {}, set()
        # Values without a name, so that no other takes their place in memory.
        self.kept = []
        self.run(program.statements)

    # MARK: Statements

    def run(self, statements):
        for statement in statements:
            if isinstance(statement, Declaration):
                self.declare(statement)
            elif isinstance(statement, Loop):
                self.loop(statement)
            elif isinstance(statement, Choice):
                holds = self.plain(self.of(statement.condition, self.scope())) != 0
                self.run(statement.body if holds else statement.other)

    def loop(self, statement):
        self.depth += 1
        for turn in range(*(round(self.plain(self.of(end, self.scope()))) for end in statement.ends)):
            self.turns[statement.variable] = self.literal(turn)
            self.run(statement.body)
        del self.turns[statement.variable]
        self.depth -= 1

    def scope(self):
        """What each name stands for."""
        return {**self.values, **{name: self.values[own] for name, own in self.meaning.items()}, **self.turns}

    def own_name(self, name):
        """The name of a value: in a loop with the number of the next one that is free."""
        if not self.depth:
            return name
        mark = "_" if name[-1].isnumeric() else ""
        number = self.counts.get(name, 0) + 1
        while f"{name}{mark}{number}" in self.values:
            number += 1
        self.counts[name] = number
        return f"{name}{mark}{number}"

    def declare(self, statement):
        if statement.keyword == "def":
            self.functions[statement.name] = (statement, dict(self.meaning))
            return
        name = self.own_name(statement.name)
        if statement.operator:
            before = Node("name", statement.expression.shape, statement.name)
            expression = Node("binary", statement.expression.shape, statement.operator, [before, statement.expression])
        else:
            expression = statement.expression
        self.read = set()
        value = self.finished(statement.keyword, name, self.of(expression, self.scope(), name))
        self.values[name] = value
        own = {name} if statement.keyword == "param" else self.read
        self.behind[id(value)] = self.behind.get(id(value), set()) | own
        if self.depth:
            self.meaning[statement.name] = name

    def finished(self, keyword, name, value):
        """The array as something to differentiate by, or its samples of the batch, where it is such."""
        if keyword == "param":
            return self.variable(name, value)
        if keyword in ("input", "target") and self.rows is not None and value.shape[:1] == (self.wide,):
            return shapes.taken(value, list(self.rows), 0)
        return self.variable(name, value, is_probe=True) if name in self.probes else value

    def variable(self, name, value, is_probe=False):
        if not is_probe:
            numbers = self.learned.get(name, self.given.get(name, value.values))
            value = Array(value.shape, [Dual(self.nudged(number)) for number in numbers])
        entries = []
        for place, entry in enumerate(value.entries):
            entries.append(Dual(entry.value, {**entry.tangent, (name, place): 1.0}))
        return Array(value.shape, entries)

    def nudged(self, value):
        return value * (1 + 1e-14 * self.nudge.uniform(-1, 1)) if self.nudge is not None else value

    def literal(self, value):
        """A number of the program, as an array."""
        return Array.of(value)

    def plain(self, value):
        """The number that a scalar is."""
        return value.entries[0].value

    # MARK: Expressions

    def of(self, node, scope, name=None):
        kind = node.kind
        if kind == "number":
            return self.number(node)
        if kind == "name":
            return self.known(node.word, scope)
        if kind == "list":
            return self.stacked([self.of(operand, scope) for operand in node.operands])
        if kind == "call":
            return self.body(node, scope) if node.word in self.functions else self.call(node, scope, name)
        known, self.read = self.read, set()
        operands = [self.of(operand, scope) for operand in node.operands]
        # No gradient arrives at what is compared.
        self.read = known if node.word in (*functions.RELATIONS, "not") else known | self.read
        if kind == "index":
            return self.index(operands[0], [self.position(item, scope) for item in node.positions])
        return self.operation(node, operands)

    def known(self, word, scope):
        if word == "pi" and "pi" not in scope:
            return self.literal(math.pi)
        self.read |= self.behind.get(id(scope[word]), set())
        return scope[word]

    def number(self, node):
        value = float(node.word.replace("_", ""))
        # Whole numbers count something, most of them.
        return self.literal(value if value.is_integer() else self.nudged(value))

    def stacked(self, parts):
        return shapes.stack(parts)

    def index(self, value, items):
        return shapes.index(value, items, NEW)

    def operation(self, node, operands):
        if node.kind == "unary":
            change = {"-": dual.negate, "not": functions.negated}.get(node.word)
            return operands[0].map(change) if change else operands[0]
        if node.kind == "transpose":
            return arrays.transpose(operands[0])
        if node.word == "@":
            return arrays.matmul(*operands)
        return arrays.elementwise(BINARY[node.word], *operands)

    def position(self, item, scope):
        """Numbers in place of the expressions of an index."""
        if isinstance(item, Node):
            return self.whole(self.of(item, scope))
        if isinstance(item, slice):
            return slice(*(self.position(end, scope) for end in (item.start, item.stop, item.step)))
        return item

    def whole(self, value):
        """A whole number, or lists of them."""
        return shapes.nested(value.shape, [round(number) for number in value.values])

    def body(self, node, scope):
        """A function of the program: its expression over the arguments, and over what stood around it."""
        function, meaning = self.functions[node.word]
        names = [parameter for parameter in function.parameters if parameter not in node.labels] + list(node.labels)
        arguments = dict(zip(names, (self.apart(operand, scope) for operand in node.operands)))
        inner = {**self.values, **{word: self.values[own] for word, own in meaning.items()}, **arguments}
        for line in function.lines:
            expression = line.expression
            if line.operator:
                before = Node("name", expression.shape, line.name)
                expression = Node("binary", expression.shape, line.operator, [before, expression])
            inner[line.name] = self.apart(expression, inner)
        return self.of(function.expression, inner)

    def apart(self, expression, scope):
        """The value of an expression; the present line reads its parameters where it uses it."""
        known, self.read = self.read, set()
        value = self.of(expression, scope)
        self.behind[id(value)] = self.behind.get(id(value), set()) | self.read
        self.kept.append(value)
        self.read = known
        return value

    # MARK: Calls

    def call(self, node, scope, name):
        word = node.word
        if word in calls.NUMBERS:
            return calls.numbers(node)
        if word in ("random", "csv", "one_hot", "standardize"):
            return self.data(node, scope, name)
        if word == "dense":
            return self.dense(node, scope, name)
        return self.result(word, self.arguments(node, scope), node)

    def arguments(self, node, scope):
        """The operands; those of a joining function stand in its list, and may differ in their shapes."""
        operands = node.operands
        if node.word in ("concat", "stack") and len(operands) == 1 and operands[0].kind == "list":
            operands = operands[0].operands
        values = []
        for place, operand in enumerate(operands):
            known = set(self.read)
            values.append(self.of(operand, scope))
            if node.word == "stop_gradient" or (node.word == "where" and place == 0):
                self.read = known
        return values

    def result(self, word, operands, node):
        return calls.value_of(word, operands, node.options)

    def data(self, node, scope, name):
        """Constants."""
        if node.word == "random":
            numbers = seeded.start(node.options.get("scheme", "uniform"), node.shape, node.options["seed"])
            return Array(node.shape, [Dual(number) for number in numbers])
        if node.word == "csv":
            return Array.of(node.value)
        inner = self.of(node.operands[0], scope, name)
        if node.word == "one_hot":
            width = node.shape[1]
            return Array(node.shape, [Dual(float(round(c) == k)) for c in inner.values for k in range(width)])
        columns = []
        for column in inner.columns():
            numbers = [entry.value for entry in column]
            mean = math.fsum(numbers) / len(numbers)
            spread = math.sqrt(math.fsum((n - mean)**2 for n in numbers) / len(numbers))
            columns.append([Dual((n - mean) / spread if spread else n - mean) for n in numbers])
        return Array(node.shape, [entry for row in zip(*columns) for entry in row])

    def dense(self, node, scope, name):
        x, width = self.of(node.operands[0], scope), node.shape[-1]
        for part, shape in {"w": (x.shape[-1], width), "b": (width,)}.items():
            key = f"{name}.{part}"
            # Until the program says how the layer starts.
            start = self.given.get(key) or [0.1 * (i % 5) - 0.2 for i in range(math.prod(shape))]
            self.values[key] = self.variable(key, Array(shape, [Dual(n) for n in start]))
            self.behind[id(self.values[key])] = {key}
            self.read.add(key)
        h = arrays.elementwise(dual.add, arrays.matmul(x, self.values[f"{name}.w"]), self.values[f"{name}.b"])
        activation = node.operands[2].word if len(node.operands) > 2 else "none"
        return h if activation == "none" else calls.value_of(activation, [h], {})


def count_of(program):
    """How many samples there are."""
    return program.declarations("input")[0].expression.shape[0]
