"""The evaluation once more, by JAX's own derivatives, where JAX can be imported: who watches the evaluator?"""

import math

from evaluator import Evaluation
from syntax import Declaration
from tool import Finding

try:
    import jax
    import jax.numpy as np

    jax.config.update("jax_enable_x64", True)
    jax.config.update("jax_platforms", "cpu")
except ImportError:
    jax = None

# JAX shares no rule for kinks with PyTorch; where a program may have one it is passed over.
KINKED = {
    "relu", "abs", "max", "min", "mae", "huber", "hinge", "bce", "where", "clip", "sign", "floor", "ceil", "round",
    "leaky_relu", "elu", "hardtanh", "max_pool", "norm", "std", "smooth_l1", "cosine_similarity", "stop_gradient",
    "<", "<=", ">", ">=", "==", "!=", "and", "or", "not"
}
# The two sum in another order.
AGREEMENT = 1e-7


class JaxEvaluation(Evaluation):
    """The same tree over JAX's arrays. What is data comes as the evaluator has it."""
    def __init__(self, program, plain, learned):
        self.program, self.plain, self.learned = program, plain, learned
        self.values, self.functions = {}, {}
        for statement in program.statements:
            if isinstance(statement, Declaration):
                self.declare(statement)

    def declare(self, statement):
        name = statement.name
        if statement.keyword == "def":
            self.functions[name] = statement
        elif statement.keyword in ("input", "target"):
            array = self.plain.values[name]
            self.values[name] = np.array(array.values).reshape(array.shape)
        elif statement.keyword == "param":
            self.values[name] = self.learned[name]
        elif statement.keyword != "metric":
            self.values[name] = self.of(statement.expression, self.values, name)

    def of(self, node, scope, name=None):
        if node.kind == "number":
            return np.float64(float(node.word.replace("_", "")))
        if node.kind == "name":
            return np.float64(math.pi) if node.word == "pi" and "pi" not in scope else scope[node.word]
        if node.kind == "call":
            return self.body(node, scope) if node.word in self.functions else self.call(node, scope, name)
        operands = [self.of(operand, scope) for operand in node.operands]
        if node.kind == "list":
            return np.array(operands)
        if node.kind == "unary":
            return -operands[0] if node.word == "-" else operands[0]
        if node.kind == "binary":
            a, b = operands
            return {
                "+": lambda: a + b, "-": lambda: a - b, "*": lambda: a * b, "/": lambda: a / b,
                "**": lambda: a**(int(b) if node.operands[1].kind == "number" and float(b).is_integer() else b),
                "@": lambda: a @ b
            }[node.word]()
        if node.kind == "transpose":
            return operands[0].T
        return operands[0][tuple(slice(None) if p is None else p for p in node.positions)]

    def call(self, node, scope, name):
        word = node.word
        if word in ("zeros", "ones"):
            return np.full(node.shape, float(word == "ones"))
        operands = [self.of(operand, scope) for operand in node.operands if operand.kind != "word"]
        if word == "dense":
            self.values[f"{name}.w"], self.values[f"{name}.b"] = self.learned[f"{name}.w"], self.learned[f"{name}.b"]
            h = operands[0] @ self.values[f"{name}.w"] + self.values[f"{name}.b"]
            kind = node.operands[2].word if len(node.operands) > 2 else "none"
            return {"none": lambda: h, "tanh": lambda: np.tanh(h), "sigmoid": lambda: jax.nn.sigmoid(h)}[kind]()
        a, axis = operands[0], node.options.get("axis")
        b = operands[1] if len(operands) > 1 else None
        return {
            "exp": lambda: np.exp(a), "log": lambda: np.log(a), "tanh": lambda: np.tanh(a), "sin": lambda: np.sin(a),
            "cos": lambda: np.cos(a), "sqrt": lambda: np.sqrt(a), "sigmoid": lambda: jax.nn.sigmoid(a),
            "sum": lambda: np.sum(a, axis), "mean": lambda: np.mean(a, axis), "transpose": lambda: np.transpose(a),
            "logsumexp": lambda: jax.nn.logsumexp(a, axis), "mse": lambda: np.mean(
                (a - b)**2), "softmax": lambda: jax.nn.softmax(a, -1 if axis is None else axis),
            "bce_with_logits": lambda: np.mean(np.logaddexp(0, a) - a * b),
            "cross_entropy": lambda: cross_entropy(a, b)
        }[word]()


def cross_entropy(scores, y):
    logarithms = jax.nn.log_softmax(scores)
    shares = y if y.ndim == scores.ndim else jax.nn.one_hot(y.astype(int), scores.shape[-1])
    return np.mean(-np.sum(shares * logarithms, axis=-1))


def compare(program, evaluation, words):
    """The evaluator's loss and gradients against JAX's; false where they cannot be compared."""
    if jax is None or program.has_kinks or KINKED & words:
        return False
    loss = program.declarations("loss")[0].name
    shapes = {
        name: array.shape for name, array in evaluation.values.items()
        if array.entries and (name, 0) in array.entries[0].tangent and len(array.entries[0].tangent) == 1
    }
    learned = {name: np.array(evaluation.values[name].values).reshape(shape) for name, shape in shapes.items()}

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
