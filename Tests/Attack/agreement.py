#!/usr/bin/env python3
"""Random programs of the whole language against JAX in float64: agreement.py GRADVIZ [--programs 10000] [--seed N]

Every value that a program names, and the gradient of every parameter, as `gradviz draw -T json` writes them, and as JAX's
own functions and derivatives give them from the program's tree (`jax_calls.py`). The evaluator of the attacks (`evaluating/evaluator.py`)
only says what is data. Counts, for each word of the language, the programs that have it and agree. `make numbers` runs it.
"""

import argparse
import math
import pathlib
import random
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.dont_write_bytecode = True

import files  # noqa: E402
from evaluating import seeded  # noqa: E402
import with_jax  # noqa: E402
from attacks.comparison import numbers  # noqa: E402
from evaluating.evaluator import Evaluation, count_of  # noqa: E402
from writing.grammar import Grammar  # noqa: E402
from attacks.language import draw, tame  # noqa: E402
from run import Round, keep  # noqa: E402
from writing.syntax import NEW, Choice, Loop, flat  # noqa: E402
from tool import Finding, Tool  # noqa: E402
from writing.writer import Writer  # noqa: E402

# Relative to the greatest entry of an array: the two sum in another order.
AGREEMENT = 1e-9
# What has a place where its slope jumps: only where a program puts no number there on purpose.
PASSED_OVER = "on a kink"


def features(program):
    """What a program has of the language: the functions that it calls, operators, slices, blocks, layers."""
    found = set()

    def visit(node):
        if node.kind in ("call", "binary", "unary") and node.word not in "+-":
            found.add(node.word)
        found.update({"transpose": {".T"}, "list": {"[…]"}}.get(node.kind, ()))
        for item in node.positions if node.kind == "index" else ():
            found.add(
                "x[:, …]" if item is None else "x[...]" if item is Ellipsis else "x[None]" if item == NEW else
                "x[a:b:c]" if isinstance(item, slice) and item.step is not None else "x[a:b]"
                if isinstance(item, slice) else "x[[…]]" if isinstance(item, list) else "x[0]")
        for label in node.options:
            found.add(f"{node.word}({label}=)")
        for operand in node.operands:
            visit(operand)

    def blocks(statements):
        for statement in statements:
            if isinstance(statement, (Loop, Choice)):
                found.add("for" if isinstance(statement, Loop) else "if")
                blocks(statement.body)
                blocks(getattr(statement, "other", []))

    blocks(program.statements)
    for declaration in flat(program.statements):
        if declaration.keyword in ("def", "layer", "predict"):
            found.add(declaration.keyword + (" of lines" if declaration.lines else ""))
        if declaration.operator:
            found.add(declaration.operator + "=")
        visit(declaration.expression)
    return found


def close(what, found, expected, size):
    """Entry by entry."""
    if len(found) != len(expected):
        raise Finding(f"{what}: {len(found)} numbers, JAX has {len(expected)}")
    if not all(map(math.isfinite, found + expected)):
        return
    scale = max(map(abs, found + expected), default=0.0)
    worst = max((abs(a - b) for a, b in zip(found, expected)), default=0.0)
    if worst > AGREEMENT * scale + 1e-13 * size:
        raise Finding(f"{what}: {found}, JAX has {expected}")


def compare(round, generator):
    """One program; what it has of the language, or why it is passed over."""
    program = tame(generator, has_dropout=True)
    (round.folder / "net.grad").write_bytes(Writer(generator).text(program).encode())
    for name, data in program.files.items():
        (round.folder / name).write_bytes(data)
    drawn, _ = draw(round, "tensor")
    given = {
        name: numbers(node, "value") for name, node in drawn.items()
        if node["role"] in ("parameter", "input", "target", "constant")
    }
    rows = next(seeded.batches(program, count_of(program))) if program.is_cut else None
    plain = Evaluation(program, given, {}, rows)
    loss = program.declarations("loss")[0].name
    values, gradients = with_jax.evaluated(program, plain, loss)
    size = max(abs(e.value) for array in plain.values.values() for e in array.entries)
    for name, value in values.items():
        node = drawn.get(name)
        # Classes, and numbers of rows, are drawn as rows of 0 and 1.
        if node and node["role"] not in ("input", "target"):
            close(f"the value of {name}", numbers(node, "value"), value, size)
    if program.has_kinks:
        return PASSED_OVER, features(program)
    for name, gradient in gradients.items():
        found = numbers(drawn[name], "gradient") if "gradient" in drawn[name] else [0.0] * len(gradient)
        close(f"the gradient of {name}", found, gradient, size)
    return None, features(program)


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("gradviz")
    arguments.add_argument("--programs", type=int, default=10000)
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()
    if with_jax.jax is None:
        sys.exit("JAX is missing: pip install jax, and PYTHON= names the Python that has it")
    findings = pathlib.Path(__file__).resolve().parent.parent.parent / ".build/attack/findings"
    tool, counts, kinks, found = Tool(options.gradviz), {}, 0, 0
    for seed in range(options.seed, options.seed + options.programs):
        # It keeps what it has compiled: gigabytes after a thousand programs.
        if seed % 100 == 0:
            with_jax.jax.clear_caches()
        with tempfile.TemporaryDirectory(prefix="gradviz-numbers-") as folder:
            round = Round(tool, seed, pathlib.Path(folder), {})
            try:
                reason, words = compare(round, random.Random(seed))
            except Finding as finding:
                found += 1
                keep(findings / f"numbers-{seed}", round.folder, str(finding))
                print(f"finding, seed {seed}: {finding}", flush=True)
                continue
        kinks += reason is not None
        for word in words:
            counts[word] = counts.get(word, 0) + 1
    print(f"{options.programs} programs, {found} findings; of {kinks} on kinks the values alone")
    for word, count in sorted(counts.items()):
        print(f"{count:6} {word}")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
