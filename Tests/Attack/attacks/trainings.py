"""A whole training against another one, by PyTorch's definitions: history, parameters, metrics."""

import json
import math
import re

import files
from evaluating import seeded
from attacks.comparison import difference, numbers
from evaluating.evaluator import Evaluation, count_of
from evaluating.optimizers import rate_of
from evaluating.steps import trained
from writing.syntax import words_in
from tool import Finding

# Steps add up what rounding makes of each.
AGREEMENT = 1e-6


def compare_training(round, program, drawn):
    """All steps: the losses and rates of the history, what was saved, and what is said in the end."""
    given = {
        name: numbers(node, "value") for name, node in drawn.items()
        if node["role"] in ("parameter", "input", "target", "constant")
    }
    result = round.tool.run(
        ["train", "net.grad", "--steps", program.steps, "-o", "out", "--save", "saved.json"], round.folder)
    try:
        learned, history, last = trained(program, given, program.steps)
    except (OverflowError, ZeroDivisionError, ValueError):
        return
    if not all(math.isfinite(loss) and abs(loss) < 1e6 for loss in [*history, last]):
        return
    if result.status != 0:
        raise Finding(f"a training that converges fails: {result}")
    # What is evaluated after the last step uses the running statistics of batch_norm, which this evaluation has not.
    is_phased = "batch_norm" in words_in(program)
    try:
        losses(round, program, [*history, None if is_phased else last])
        parameters(round, program, learned)
        if not is_phased:
            metrics(program, given, learned, result.out.decode())
    except Finding:
        if not spreads_rounding(round.random, program, given, [*history, last]):
            raise
        return round.count("trainings that spread their rounding")
    round.count("trainings")


def spreads_rounding(random, program, given, losses):
    """Whether other last digits at the start change the losses as much as what is compared: steps too long for the loss."""
    for _ in range(4):
        nudged = {name: [value * (1 + 1e-14 * random.uniform(-1, 1)) for value in values] for name, values in given.items()}
        try:
            _, history, last = trained(program, nudged, program.steps)
        except (OverflowError, ZeroDivisionError, ValueError):
            return True
        if any(difference(a, b) > AGREEMENT / 10 * max(abs(b), 1e-3) for a, b in zip([*history, last], losses)):
            return True
    return False


def losses(round, program, history):
    files.history((round.folder / "out/history.csv").read_bytes())
    lines = (round.folder / "out/history.csv").read_text().split("\n")[1:-1]
    if len(lines) != len(history):
        raise Finding(f"the history has {len(lines)} lines for {len(history) - 1} steps")
    for step, (line, loss) in enumerate(zip(lines, history)):
        cells = line.split(",")
        if loss is not None and difference(float(cells[1]), loss) > AGREEMENT * max(abs(loss), 1e-3):
            raise Finding(f"loss in step {step}: {line}, not {loss!r}")
        if cells[2] and difference(float(cells[2]), rate_of(program, step)) > 1e-9:
            raise Finding(f"rate in step {step}: {line}, not {rate_of(program, step)!r}")


def parameters(round, program, learned):
    saved = json.loads((round.folder / "saved.json").read_text())
    if {p["name"] for p in saved["parameters"]} != set(learned):
        raise Finding(f"saved are {[p['name'] for p in saved['parameters']]}, not {sorted(learned)}")
    for parameter in saved["parameters"]:
        right = learned[parameter["name"]]
        scale = max(map(abs, right), default=0.0)
        if any(difference(a, b) > AGREEMENT * max(scale, 1e-3) for a, b in zip(parameter["values"], right)):
            raise Finding(f"after {program.steps} steps {parameter['name']} is {parameter['values']}, not {right}")


# In a program with `lang fr` the terminal says it in French.
METRIC = (
    r"^{}(?:\u00a0)?: ([^ \n]+)"
    r"(?: in training, ([^ \n]+) held out| sur les données d’entraînement, ([^ \n]+) sur celles de test)?$")


def metrics(program, given, learned, words):
    """Over the samples that are trained with and over those that are held out, in the program's order."""
    parts = [None]
    if program.holdout is not None:
        training = seeded.training_rows(program, count_of(program))
        parts = [training, [row for row in range(count_of(program)) if row not in training]]
    for declaration in program.declarations("metric"):
        said = re.search(METRIC.format(re.escape(declaration.name)), words, re.MULTILINE)
        numbers = [word for word in said.groups() if word is not None] if said else []
        if len(numbers) != len(parts):
            raise Finding(f"the metric {declaration.name} is not said: {words[-400:]!r}")
        for word, rows in zip(numbers, parts):
            number = float(word.translate(str.maketrans("−⁻⁰¹²³⁴⁵⁶⁷⁸⁹,", "--0123456789.")).replace("×10", "e"))
            right = Evaluation(program, given, learned, rows).values[declaration.name].entries[0].value
            if difference(number, right) > 1e-5 * max(abs(right), 1e-3):
                raise Finding(f"the metric {declaration.name} is {word}, not {right!r}")
