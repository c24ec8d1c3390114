"""A graph as the program drew it against the evaluation of its tree: values, gradients, the update."""

import math
import random as randomness

import files
from evaluating import seeded
from evaluating.evaluator import Evaluation, count_of
from evaluating.optimizers import Optimizer, rate_of
from evaluating.steps import moved
from tool import Finding

# How far two right evaluations may be apart, relative to the greatest entry of the array.
AGREEMENT = 1e-9


def numbers(node, key):
    """A node's numbers, with those that JSON has no word for."""
    return [float(n.replace("Infinity", "inf")) if isinstance(n, str) else float(n) for n in files.as_list(node[key])]


def difference(a, b):
    if math.isnan(a) and math.isnan(b) or a == b:
        return 0.0
    return abs(a - b) if math.isfinite(a - b) else math.inf


class Comparison:
    def __init__(self, program, drawn, graph, probes, seed):
        self.program, self.drawn, self.graph, self.probes, self.seed = program, drawn, graph, probes, seed
        self.given = {
            name: numbers(node, "value") for name, node in drawn.items()
            if node["role"] in ("parameter", "input", "target", "constant")
        }
        self.loss = program.declarations("loss")[0].name
        self.rows = next(seeded.batches(program, count_of(program))) if program.is_cut else None
        self.evaluation = self.evaluated()
        # Terms of a gradient that cancel leave rounding as large as they are.
        self.size = max(abs(e.value) for array in self.evaluation.values.values() for e in array.entries)

    def evaluated(self, nudge=None, probes=None):
        probes = self.probes if probes is None else probes
        return Evaluation(self.program, self.given, {}, self.rows, probes, nudge)

    def all(self):
        for declaration in self.program.declarations("layer"):
            self.in_bounds(declaration)
        for name, array in self.evaluation.values.items():
            if name in self.drawn:
                self.shape(name, array.shape)
                self.close("value", name, self.values(name, array), lambda e, n=name: e.values[n].values)
        learned = [name for name, node in self.drawn.items() if node["role"] == "parameter"]
        for name in [*learned, *self.probes]:
            self.gradient(name)
        self.update(learned)

    def shape(self, name, right):
        """As drawn; class numbers have one axis more there."""
        found = tuple(self.drawn[name].get("shape") or ())
        if found != right and (self.drawn[name]["role"] not in ("target", "input") or found[:-1] != right):
            raise Finding(f"{name} has the shape {found}, not {right}")

    def values(self, name, array):
        """As drawn; classes, and the numbers of rows of a table, are drawn as rows of 0 and 1."""
        found = numbers(self.drawn[name], "value")
        width = len(found) // len(array.entries)
        if width < 2 or self.drawn[name]["role"] not in ("target", "input"):
            return found
        rows = [found[i:i + width] for i in range(0, len(found), width)]
        return [float(row.index(1.0)) if sorted(row) == [0.0] * (width - 1) + [1.0] else math.nan for row in rows]

    def gradient(self, name):
        count = len(self.evaluation.values[name].entries)

        def slopes(evaluation):
            loss = evaluation.values[self.loss].entries[0]
            return [loss.tangent.get((name, place), 0.0) for place in range(count)]

        if "gradient" in self.drawn[name]:
            self.close("gradient", name, numbers(self.drawn[name], "gradient"), slopes)
        elif any(slopes(self.evaluation)):
            raise Finding(f"{name} has no gradient, not {slopes(self.evaluation)}")

    def update(self, learned):
        """The first step of the optimizer, and the loss after it."""
        rate = rate_of(self.program, 0)
        if difference(self.graph["learningRate"], rate) > 1e-12 * rate:
            raise Finding(f"the rate is {self.graph['learningRate']}, not {rate}")

        def after(evaluation):
            return moved(evaluation, self.loss, Optimizer(self.program))

        for name in learned:
            # Absent, it stays as it is.
            found = numbers(self.drawn[name], "updated" if "updated" in self.drawn[name] else "value")
            self.close("update", name, found, lambda e, n=name: after(e)[n])

        def loss_after(evaluation):
            own = {name: values for name, values in after(evaluation).items() if name not in self.probes}
            return Evaluation(self.program, self.given, own, self.rows).values[self.loss].values

        if "lossAfterUpdate" in self.graph:
            found = numbers(self.graph, "lossAfterUpdate")
            if all(map(math.isfinite, loss_after(self.evaluation))) and not self.program.has_kinks:
                self.close("loss after the update", self.loss, found, loss_after)

    def close(self, what, name, found, expected):
        """Entry by entry, relative to the greatest; what rounding moves as far in the evaluation itself is let pass."""
        right = expected(self.evaluation)
        if len(found) != len(right):
            raise Finding(f"{what} of {name}: {len(found)} numbers, not {len(right)}")
        scale = max([abs(n) for n in right + found if math.isfinite(n)], default=0.0)
        worst = max((difference(a, b) for a, b in zip(found, right)), default=0.0)
        if worst <= AGREEMENT * scale + 1e-14 * self.size:
            return
        if not self.program.has_kinks:
            generator = randomness.Random(self.seed)
            nudged = [expected(self.evaluated(generator)) for _ in range(4)]
            rounding = max(difference(a, b) for other in nudged for a, b in zip(other, right))
            if worst <= 30 * rounding + AGREEMENT * scale:
                return
        raise Finding(f"{what} of {name}: {found}, not {right}")

    def in_bounds(self, declaration):
        """A layer's weights lie where their scheme says."""
        node, name = declaration.expression, declaration.name + ".w"
        if name not in self.drawn:
            # In a loop it has several names.
            return
        shape = (node.operands[0].shape[-1], node.shape[-1])
        scheme = node.options.get("scheme", "uniform")
        bound = seeded.spread(scheme, shape) * (8 if scheme.endswith("normal") else 1)
        if any(abs(n) > bound for n in numbers(self.drawn[name], "value")):
            raise Finding(f"{name}, drawn by {scheme} for {shape}, is beyond ±{bound}")


def compare_scalars(program, scalars, arrays):
    """The same program number by number: the loss, and every parameter's gradient, in their order."""
    loss = program.declarations("loss")[0].name

    def learned(nodes):
        return [
            g for node in nodes.values() if node["role"] == "parameter"
            for g in (numbers(node, "gradient") if "gradient" in node else [0.0] * len(numbers(node, "value")))
        ]

    pairs = [("the loss", numbers(scalars[loss], "value"), numbers(arrays[loss], "value"))]
    whole = learned(scalars)
    if len(whole) == len(learned(arrays)):
        pairs.append(("the gradients", whole, learned(arrays)))
    for what, one, other in pairs:
        scale = max(map(abs, other), default=0.0)
        if any(difference(a, b) > 1e-7 * scale + 1e-9 for a, b in zip(one, other)):
            raise Finding(f"{what} number by number: {one}, as arrays: {other}")
