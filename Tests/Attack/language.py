"""Random programs of the whole language, held against an evaluation of their trees that shares nothing with the engine."""

import json
import math
import random as randomness

import files
from evaluator import Evaluation, trained
from grammar import Grammar
from optimizers import rate_of
from syntax import Writer
from tool import Finding, has_place

# How far two right evaluations may be apart, relative to the greatest entry of the array.
AGREEMENT = 1e-9


def attack(round):
    """One program: its values, gradients, update, training, and what reads its graph back."""
    random = round.random
    program = tame(random)
    text = Writer(random).text(program)
    (round.folder / "net.grad").write_bytes(text.encode())
    for name, data in program.files.items():
        (round.folder / name).write_bytes(data)
    drawn = draw(round, "tensor")
    names = [n for n in drawn if n in {d.name for d in program.declarations("", "predict")}]
    probes = random.sample(names, min(2, len(names)))
    Comparison(program, drawn, probes, random.getrandbits(32)).all()
    round.count("programs")
    compare_scalars(round, program, drawn)
    if not program.has_kinks and random.random() < 0.25:
        round.tool.run(["check", "net.grad"], round.folder)
        round.count("checks")
    if program.steps and random.random() < 0.5:
        compare_training(round, program, drawn)


def tame(random):
    """A program whose numbers do not run away, which nine of ten are."""
    for _ in range(200):
        program = Grammar(random).program()
        given = {}
        stand_in(program, given)
        try:
            values = Evaluation(program, given).values
        except OverflowError:
            continue
        if all(math.isfinite(e.value) and abs(e.value) < 1e6 and all(abs(s) < 1e6 for s in e.tangent.values())
               for array in values.values() for e in array.entries):
            return program
    raise RuntimeError("no program whose numbers stay in bounds")


def stand_in(program, given):
    """Numbers for what the program draws at random, until it says which they are."""
    for declaration in program.declarations():
        expression = declaration.expression
        while expression.word == "standardize":
            expression = expression.operands[0]
        if expression.word == "random":
            given[declaration.name] = [0.1 * (i % 7) - 0.3 for i in range(math.prod(expression.shape))]
        if declaration.keyword == "layer":
            inputs, width = expression.operands[0].shape[-1], expression.shape[-1]
            given[declaration.name + ".w"] = [0.1 * (i % 5) - 0.2 for i in range(inputs * width)]
            given[declaration.name + ".b"] = [0.05] * width


def draw(round, level):
    """The graph's nodes by name, of one run of the program."""
    result = round.tool.run(["draw", "net.grad", "-T", "json", "--level", level], round.folder)
    if result.status != 0:
        word = "refuses a program that is right" if has_place(result) else "fails"
        raise Finding(f"{word}: {result}")
    files.graph(result.out)
    graph = files.read_graph(result.out)
    if level == "tensor":
        again = round.tool.run(["draw", "-", "-T", "json"], round.folder, result.out)
        if again.out != result.out:
            raise Finding(f"the graph, read back and written, is another: {again}")
        round.graph = graph
    return {node.get("name", node["id"]): node for node in graph["nodes"] if node.get("named", True)}


def numbers(node, key):
    """A node's numbers, with those that JSON has no word for."""
    return [float(n.replace("Infinity", "inf")) if isinstance(n, str) else float(n)
            for n in files.as_list(node[key])]


class Comparison:
    def __init__(self, program, drawn, probes, seed):
        self.program, self.drawn, self.probes, self.seed = program, drawn, probes, seed
        self.given = {name: numbers(node, "value") for name, node in drawn.items()
                      if node["role"] in ("parameter", "input", "target", "constant")}
        self.rows = list(range(program.batch)) if program.batch else None
        self.evaluation = self.evaluated()
        # Terms of a gradient that cancel leave rounding as large as they are.
        self.size = max(abs(e.value) for array in self.evaluation.values.values() for e in array.entries)

    def evaluated(self, nudge=None):
        return Evaluation(self.program, self.given, {}, self.rows, self.probes, nudge)

    def all(self):
        for declaration in self.program.declarations("param", "layer", "input", "target"):
            self.in_bounds(declaration)
        for name, array in self.evaluation.values.items():
            if name in self.drawn:
                self.close("value", name, self.values(name, array), lambda e, n=name: e.values[n].values)
        for name, array in self.evaluation.values.items():
            is_learned = any((name, 0) in entry.tangent and name not in self.probes for entry in array.entries[:1])
            if name in self.drawn and (name in self.probes or is_learned):
                self.gradient(name, len(array.entries))

    def values(self, name, array):
        """As drawn; classes are drawn as rows of 0 and 1."""
        found = numbers(self.drawn[name], "value")
        width = len(found) // len(array.entries)
        if width < 2 or self.drawn[name]["role"] != "target":
            return found
        rows = [found[i:i + width] for i in range(0, len(found), width)]
        return [float(row.index(1.0)) if sorted(row) == [0.0] * (width - 1) + [1.0] else math.nan for row in rows]

    def gradient(self, name, count):
        def slopes(evaluation):
            loss = evaluation.values[self.program.declarations("loss")[0].name].entries[0]
            return [loss.tangent.get((name, place), 0.0) for place in range(count)]
        node = self.drawn[name]
        if "gradient" in node:
            self.close("gradient", name, numbers(node, "gradient"), slopes)
        elif any(slopes(self.evaluation)):
            raise Finding(f"{name} has no gradient, not {slopes(self.evaluation)}")
        if "updated" in node and self.program.optimizer == ("sgd", {}):
            # A statement about arithmetic, not about derivatives: with the program's own gradient.
            rate = rate_of(self.program, 0)
            gradient = numbers(node, "gradient") if "gradient" in node else [0.0] * count
            expected = [w - rate * g for w, g in zip(numbers(node, "value"), gradient)]
            self.close("update", name, numbers(node, "updated"), lambda e: expected)

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
            moved = [expected(self.evaluated(generator)) for _ in range(4)]
            rounding = max(difference(a, b) for other in moved for a, b in zip(other, right))
            if worst <= 30 * rounding + AGREEMENT * scale:
                return
        raise Finding(f"{what} of {name}: {found}, not {right}")

    def in_bounds(self, declaration):
        """What is drawn at random lies where its scheme says."""
        expression = declaration.expression
        parts = {declaration.name: expression} if expression.word == "random" else {}
        if declaration.keyword == "layer":
            parts = {declaration.name + ".w": expression}
        for name, node in parts.items():
            scheme = node.options.get("scheme", "uniform").replace("glorot", "xavier").replace("he_", "kaiming_")
            shape = self.drawn[name].get("shape", [])
            inputs, outputs = shape[0], shape[1] if len(shape) > 1 else 1
            bound = {
                "uniform": 1 / math.sqrt(inputs), "xavier_uniform": math.sqrt(6 / (inputs + outputs)),
                "kaiming_uniform": math.sqrt(6 / inputs),
            }.get(scheme, 8.0)
            if any(abs(n) > bound for n in numbers(self.drawn[name], "value")):
                raise Finding(f"{name}, drawn by {scheme} from {inputs} inputs, is beyond ±{bound}")


def difference(a, b):
    if math.isnan(a) and math.isnan(b) or a == b:
        return 0.0
    return abs(a - b) if math.isfinite(a - b) else math.inf


def compare_scalars(round, program, arrays):
    """The same program number by number: the loss, and every parameter's gradient, in their order."""
    scalars = draw(round, "scalar")
    loss = program.declarations("loss")[0].name

    def learned(nodes):
        return [g for node in nodes.values() if node["role"] == "parameter"
                for g in (numbers(node, "gradient") if "gradient" in node else [0.0] * len(numbers(node, "value")))]
    pairs = [("the loss", numbers(scalars[loss], "value"), numbers(arrays[loss], "value"))]
    whole = learned(scalars)
    if len(whole) == len(learned(arrays)):
        pairs.append(("the gradients", whole, learned(arrays)))
    for what, one, other in pairs:
        scale = max(map(abs, other), default=0.0)
        if any(difference(a, b) > 1e-7 * scale + 1e-9 for a, b in zip(one, other)):
            raise Finding(f"{what} number by number: {one}, as arrays: {other}")


def compare_training(round, program, drawn):
    """All steps, by another optimizer's definition: the history and the saved parameters."""
    result = round.tool.run(["train", "net.grad", "--steps", program.steps, "-o", "out", "--save", "saved.json", "-q"],
                            round.folder)
    given = {name: numbers(node, "value") for name, node in drawn.items()
             if node["role"] in ("parameter", "input", "target", "constant")}
    if program.batch:
        # The graph shows the first batch; what is drawn at random for all samples is not in it.
        for declaration in program.declarations("input", "target"):
            given.pop(declaration.name, None)
        if any("random" in str(d.expression) for d in program.declarations("input", "target")):
            return
    try:
        learned, history, last = trained(program, given, program.steps)
    except (OverflowError, ZeroDivisionError, ValueError):
        return
    if not all(math.isfinite(loss) and abs(loss) < 1e6 for loss in [*history, last]):
        return
    if result.status != 0:
        raise Finding(f"a training that converges fails: {result}")
    files.history((round.folder / "out/history.csv").read_bytes())
    lines = (round.folder / "out/history.csv").read_text().split("\n")[1:-1]
    if len(lines) != len(history) + 1:
        raise Finding(f"the history has {len(lines)} lines for {len(history)} steps")
    for step, (line, loss) in enumerate(zip(lines, [*history, last])):
        if difference(float(line.split(",")[1]), loss) > 1e-6 * max(abs(loss), 1e-3):
            raise Finding(f"loss in step {step}: {line}, not {loss!r}")
        if step < len(history) and difference(float(line.split(",")[2]), rate_of(program, step)) > 1e-9:
            raise Finding(f"rate in step {step}: {line}, not {rate_of(program, step)!r}")
    saved = json.loads((round.folder / "saved.json").read_text())
    for parameter in saved["parameters"]:
        right = learned.get(parameter["name"])
        if right is None:
            raise Finding(f"saved parameters hold {parameter['name']}")
        scale = max(map(abs, right), default=0.0)
        if any(difference(a, b) > 1e-6 * max(scale, 1e-3) for a, b in zip(parameter["values"], right)):
            raise Finding(f"after {program.steps} steps {parameter['name']} is {parameter['values']}, not {right}")
    round.count("trainings")
