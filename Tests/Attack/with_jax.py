"""The evaluation once more, by JAX's own derivatives, where JAX can be imported: who watches the evaluator?"""

import contextlib
import math

from evaluating import calls
from evaluating.evaluator import Evaluation
from writing.syntax import NEW
from tool import Finding

try:
    import jax
    import jax.numpy as np

    import jax_calls

    jax.config.update("jax_enable_x64", True)
    jax.config.update("jax_platforms", "cpu")
except ImportError:
    jax = None

# What may have a kink, or a step.
KINKED = {
    "relu", "abs", "max", "min", "mae", "huber", "hinge", "bce", "where", "clip", "sign", "floor", "ceil", "round",
    "leaky_relu", "elu", "hardtanh", "max_pool", "norm", "std", "smooth_l1", "cosine_similarity", "<", "<=", ">",
    ">=", "==", "!=", "and", "or", "not"
}
# JAX has other rules for these at kinks than PyTorch, or none at 0; where a program may have one it is passed over.
OTHER_RULES = {"std"}
# The two sum in another order.
AGREEMENT = 1e-7


class JaxEvaluation(Evaluation):
    """The same tree over JAX's arrays. What is data comes as the evaluator has it."""
    def __init__(self, program, plain, learned):
        self.program, self.own, self.learned = program, plain, learned
        self.nudge, self.probes, self.rows = None, set(), None
        self.start(program)

    def declare(self, statement):
        name = statement.name
        if statement.keyword in ("input", "target"):
            self.values[name] = converted(self.own.values[name])
        elif statement.keyword == "param":
            self.values[name] = self.learned[name]
        elif statement.keyword != "metric":
            super().declare(statement)

    def literal(self, value):
        with jax.ensure_compile_time_eval():
            return np.float64(value)

    def plain(self, value):
        return float(value)

    def whole(self, value):
        return jax_calls.whole(value)

    def stacked(self, parts):
        with at_once(parts):
            return np.stack(parts)

    def index(self, value, items):
        """One item after another."""
        with at_once([value]):
            return self.part(value, items)

    def part(self, value, items):
        own = sum(item is not Ellipsis and item != NEW for item in items)
        axis, rank = 0, np.ndim(value)
        for item in items:
            if item is None:
                axis += 1
            elif item is Ellipsis:
                axis += rank - own
            elif item == NEW:
                value, axis = np.expand_dims(value, axis), axis + 1
            elif isinstance(item, slice):
                value, axis = value[(slice(None),) * axis + (item,)], axis + 1
            else:
                places = np.array(item) % value.shape[axis]
                value, axis = np.take(value, places, axis), axis + places.ndim
        return value

    def operation(self, node, operands):
        with at_once(operands):
            return self.computed(node, operands)

    def computed(self, node, operands):
        if node.kind == "unary":
            if node.word == "not":
                return np.float64(operands[0] == 0)
            return -operands[0] if node.word == "-" else operands[0]
        if node.kind == "transpose":
            return operands[0].T
        a, b = operands
        if node.word in jax_calls.RELATIONS:
            return np.float64(jax_calls.RELATIONS[node.word](a, b))
        return {
            "+": lambda: a + b, "-": lambda: a - b, "*": lambda: a * b, "/": lambda: a / b, "@": lambda: a @ b,
            "**": lambda: jax_calls.raised(a, b)
        }[node.word]()

    def call(self, node, scope, name):
        if node.word in calls.NUMBERS:
            return converted(calls.numbers(node))
        return super().call(node, scope, name)

    def result(self, word, operands, node):
        with at_once(operands):
            return jax_calls.value_of(word, operands, node.options)

    def dense(self, node, scope, name):
        for part in ("w", "b"):
            self.values[f"{name}.{part}"] = self.learned[f"{name}.{part}"]
        h = self.of(node.operands[0], scope) @ self.values[f"{name}.w"] + self.values[f"{name}.b"]
        kind = node.operands[2].word if len(node.operands) > 2 else "none"
        return h if kind == "none" else jax_calls.value_of(kind, [h], {})


def converted(array):
    with jax.ensure_compile_time_eval():
        return np.array(array.values).reshape(array.shape)


def at_once(operands):
    """What depends on no parameter has its numbers while a program is compiled: it may be an index, an axis, a condition."""
    is_traced = any(isinstance(leaf, jax.core.Tracer) for leaf in jax.tree_util.tree_leaves(operands))
    return contextlib.nullcontext() if is_traced else jax.ensure_compile_time_eval()


def learned_of(evaluation):
    """The parameters with their numbers, as JAX's arrays."""
    return {
        name: converted(array) for name, array in evaluation.values.items()
        if array.entries and array.entries[0].tangent == {(name, 0): 1.0}
    }


def evaluated(program, evaluation, loss):
    """All values, and the gradients of the parameters, as lists of numbers by their names."""
    def of(learned):
        values = JaxEvaluation(program, evaluation, learned).values
        return values[loss], values

    # One compilation a program, not one for each of its functions: half the time.
    (_, values), gradients = jax.jit(jax.value_and_grad(of, has_aux=True))(learned_of(evaluation))
    return tuple({name: np.ravel(array).tolist() for name, array in found.items()} for found in (values, gradients))


def compare(program, evaluation, words):
    """The evaluator's loss and gradients against JAX's; false where they cannot be compared."""
    if jax is None or program.has_kinks or OTHER_RULES & words:
        return False
    loss = program.declarations("loss")[0].name
    learned = learned_of(evaluation)

    def of(learned):
        return JaxEvaluation(program, evaluation, learned).values[loss]

    value, gradients = jax.value_and_grad(of)(learned)
    own = evaluation.values[loss].entries[0]
    pairs = [(loss, [float(value)], [own.value])]
    for name, gradient in gradients.items():
        places = range(len(evaluation.values[name].entries))
        pairs.append((name, gradient.ravel().tolist(), [own.tangent.get((name, place), 0.0) for place in places]))
    for name, its, ours in pairs:
        scale = max(map(abs, [*its, *ours, 1e-6]))
        if any(not abs(a - b) <= AGREEMENT * scale for a, b in zip(its, ours)):
            raise Finding(f"the attack's own evaluation of {name} is {ours}, JAX's {its}")
    return True
