"""What a program means: its values and, forward, their derivatives. Reads the tree, never the text."""

import itertools
import math

import arrays
import dual
import seeded
from arrays import Array
from dual import Dual
from optimizers import Optimizer
from syntax import Declaration

UNARY = {
    "exp": dual.exp, "log": dual.log, "tanh": dual.tanh, "sigmoid": dual.sigmoid, "relu": dual.relu, "sin": dual.sin,
    "cos": dual.cos, "sqrt": dual.sqrt, "abs": dual.absolute
}
BINARY = {"+": dual.add, "-": dual.subtract, "*": dual.multiply, "/": dual.divide, "**": dual.power}
REDUCTIONS = {
    "sum": dual.total, "mean": dual.mean, "logsumexp": dual.logsumexp,
    "max": lambda entries: dual.extreme(entries, max), "min": lambda entries: dual.extreme(entries, min)
}
LOSSES = {
    "mse": arrays.squared_error, "mae": arrays.absolute_error, "hinge": arrays.hinge_error, "bce": arrays.bce_error,
    "bce_with_logits": arrays.logits_error
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
        self.values = {}
        self.functions = {}
        self.wide = count_of(program) if rows is not None else 0
        self.rows = rows
        for statement in program.statements:
            if isinstance(statement, Declaration):
                self.declare(statement)

    def declare(self, statement):
        if statement.keyword == "def":
            self.functions[statement.name] = statement
            return
        value = self.of(statement.expression, self.values, statement.name)
        if statement.keyword == "param":
            value = self.variable(statement.name, value)
        elif statement.keyword in ("input", "target") and self.rows is not None and value.shape[:1] == (self.wide,):
            rows = value.rows() if len(value.shape) == 2 else [[entry] for entry in value.entries]
            value = Array((len(self.rows), *value.shape[1:]), [e for row in self.rows for e in rows[row]])
        elif statement.name in self.probes:
            value = self.variable(statement.name, value, is_probe=True)
        self.values[statement.name] = value

    def variable(self, name, value, is_probe=False):
        """The array as something to differentiate by."""
        if not is_probe:
            numbers = self.learned.get(name, self.given.get(name, value.values))
            value = Array(value.shape, [Dual(number) for number in numbers])
        entries = []
        for place, entry in enumerate(value.entries):
            entries.append(Dual(entry.value, {**entry.tangent, (name, place): 1.0}))
        return Array(value.shape, entries)

    def number(self, value):
        if self.nudge is not None:
            value *= 1 + 1e-14 * self.nudge.uniform(-1, 1)
        return Array((), [Dual(value)])

    # MARK: Expressions

    def of(self, node, scope, name=None):
        kind = node.kind
        if kind == "number":
            return self.number(float(node.word.replace("_", "")))
        if kind == "name":
            return Array((), [Dual(math.pi)]) if node.word == "pi" and "pi" not in scope else scope[node.word]
        if kind == "list":
            parts = [self.of(operand, scope) for operand in node.operands]
            return Array(node.shape, [entry for part in parts for entry in part.entries])
        if kind == "call":
            return self.body(node, scope) if node.word in self.functions else self.call(node, scope, name)
        operands = [self.of(operand, scope) for operand in node.operands]
        if kind == "unary":
            return operands[0].map(dual.negate) if node.word == "-" else operands[0]
        if kind == "binary":
            if node.word == "@":
                return arrays.matmul(*operands)
            return arrays.elementwise(BINARY[node.word], *operands)
        if kind == "transpose":
            return arrays.transpose(operands[0])
        return arrays.index(operands[0], node.positions)

    def body(self, node, scope):
        """A function of the program: its expression over the arguments, and over what stands around it."""
        function = self.functions[node.word]
        arguments = [self.of(operand, scope) for operand in node.operands]
        return self.of(function.expression, {**self.values, **dict(zip(function.parameters, arguments))})

    def call(self, node, scope, name):
        word = node.word
        if word in ("random", "zeros", "ones", "csv", "one_hot", "standardize"):
            return self.data(node, scope, name)
        if word == "dense":
            return self.dense(node, scope, name)
        operands = [self.of(operand, scope) for operand in node.operands]
        if word in UNARY:
            return operands[0].map(UNARY[word])
        if word in ("max", "min") and len(operands) == 2:
            choose = max if word == "max" else min
            return arrays.elementwise(lambda a, b: dual.extreme([a, b], choose), *operands)
        axis = node.options.get("axis")
        if word in REDUCTIONS:
            return arrays.reduce(REDUCTIONS[word], operands[0], axis)
        if word == "softmax":
            return arrays.softmax(operands[0], axis)
        if word == "transpose":
            return arrays.transpose(operands[0])
        if word == "huber":
            return arrays.mean_of(arrays.huber_error(float(node.options.get("delta", 1))), *operands)
        if word == "argmax":
            return arrays.reduce(dual.position_of_greatest, operands[0], axis)
        if word == "accuracy":
            return arrays.accuracy(*operands, float(node.options["threshold"]) if node.options else None)
        if word == "cross_entropy":
            return arrays.cross_entropy(*operands)
        return arrays.mean_of(LOSSES[word], *operands)

    def data(self, node, scope, name):
        """Constants."""
        size = math.prod(node.shape)
        if node.word == "random":
            numbers = seeded.start(node.options.get("scheme", "uniform"), node.shape, node.options["seed"])
            return Array(node.shape, [Dual(number) for number in numbers])
        if node.word in ("zeros", "ones"):
            return Array(node.shape, [Dual(float(node.word == "ones")) for _ in range(size)])
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
        x = self.of(node.operands[0], scope)
        width = node.shape[-1]
        shapes = {"w": (x.shape[-1], width), "b": (width,)}
        for part, shape in shapes.items():
            key = f"{name}.{part}"
            self.values[key] = self.variable(key, Array(shape, [Dual(n) for n in self.given[key]]))
        h = arrays.elementwise(dual.add, arrays.matmul(x, self.values[f"{name}.w"]), self.values[f"{name}.b"])
        activation = node.operands[2].word if len(node.operands) > 2 else "none"
        return h if activation == "none" else h.map(UNARY[activation])


# MARK: Training


def trained(program, given, steps):
    """Parameters after so many steps, and (loss, rate) of each; the loss after the last one besides."""
    learned, history = {}, []
    optimizer = Optimizer(program)
    loss_name = program.declarations("loss")[0].name
    chosen = seeded.batches(program, count_of(program)) if program.is_cut else itertools.repeat(None)
    for rows in itertools.islice(chosen, steps):
        evaluation = Evaluation(program, given, learned, rows)
        loss = evaluation.values[loss_name].entries[0]
        history.append(loss.value)
        learned = moved(evaluation, loss, optimizer)
    rows = seeded.training_rows(program, count_of(program)) if program.is_cut else None
    return learned, history, Evaluation(program, given, learned, rows).values[loss_name].entries[0].value


def count_of(program):
    """How many samples there are."""
    return program.declarations("input")[0].expression.shape[0]


def moved(evaluation, loss, optimizer):
    """All parameters after one step; of one that the loss reaches at one entry, the others have a slope of 0."""
    learned = {}
    names = {variable[0] for variable in loss.tangent}
    for name, array in evaluation.values.items():
        own = [entry for entry in array.entries if entry.tangent.get((name, 0)) is not None]
        if not own:
            continue
        learned[name] = [
            optimizer.moved(
                (name, place), entry.value,
                loss.tangent.get((name, place), 0.0) if name in names else None)
            for place, entry in enumerate(array.entries)
        ]
    optimizer.step += 1
    return learned
