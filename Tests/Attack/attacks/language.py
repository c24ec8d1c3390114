"""Random programs of the whole language against an evaluation of their trees that shares nothing with the engine."""

import math

import files
import with_jax
from attacks.comparison import Comparison, compare_scalars, numbers
from evaluating.evaluator import Evaluation
from writing.grammar import Grammar
from writing.syntax import words_in
from tool import Finding, has_place
from attacks.trainings import compare_training
from writing.writer import Writer


def attack(round):
    """One program: its values, gradients, update, training, and what reads its graph back."""
    random = round.random
    program = tame(random)
    (round.folder / "net.grad").write_bytes(Writer(random).text(program).encode())
    for name, data in program.files.items():
        (round.folder / name).write_bytes(data)
    arrays, graph = draw(round, "tensor")
    names = [d.name for d in program.declarations("", "predict") if d.name in arrays]
    probes = random.sample(names, min(2, len(names)))
    comparison = Comparison(program, arrays, graph, probes, random.getrandbits(32))
    comparison.all()
    round.count("programs")
    if random.random() < 0.1 and with_jax.compare(program, comparison.evaluated(probes=()), words_in(program)):
        round.count("evaluated by JAX, too")
    scalars, _ = draw(round, "scalar")
    compare_scalars(program, scalars, arrays)
    if random.random() < 0.3:
        check(round, program)
    if random.random() < 0.5:
        compare_training(round, program, arrays)


def tame(random, has_dropout=False):
    """A program whose numbers do not run away, as nine of ten are."""
    for _ in range(200):
        program = Grammar(random, has_dropout).program()
        try:
            values = Evaluation(program).values
        except OverflowError:
            continue
        if all(math.isfinite(e.value) and abs(e.value) < 1e6 and all(abs(s) < 1e6 for s in e.tangent.values())
               for array in values.values() for e in array.entries):
            return program
    raise RuntimeError("no program whose numbers stay in bounds")


def draw(round, level):
    """The graph's named nodes by their names, and the graph, which is the same read back and written again."""
    result = round.tool.run(["draw", "net.grad", "-T", "json", "--level", level], round.folder)
    if result.status != 0:
        raise Finding(f"{'refuses a program that is right' if has_place(result) else 'fails'}: {result}")
    files.graph(result.out)
    again = round.tool.run(["draw", "-", "-T", "json"], round.folder, result.out)
    if again.out != result.out:
        raise Finding(f"the graph, read back and written, is another: {again}")
    graph = files.read_graph(result.out)
    return {node.get("name", node["id"]): node for node in graph["nodes"] if node.get("named", True)}, graph


def check(round, program):
    """Gradients that agree with the evaluation pass `check`, and what is smooth has no kink."""
    if program.has_kinks or not all(math.isfinite(n) for node in draw(round, "tensor")[0].values()
                                    for n in numbers(node, "value")):
        return
    result = round.tool.run(["check", "net.grad"], round.folder)
    if result.status != 0:
        raise Finding(f"right gradients do not pass: {result.out.decode()[-1500:]}{result}")
    if b"kink" in result.out and not with_jax.KINKED & words_in(program):
        raise Finding(f"a smooth program has a kink: {result.out.decode()[-1500:]}")
    round.count("checks")
