"""What the functions of the language give for arrays, by their names."""

import math

from evaluating import arrays, dual, functions, layers, losses, seeded, shapes, statistics_of as statistics
from evaluating.arrays import Array, elementwise
from evaluating.dual import Dual

LOSSES = {
    "mse": losses.squared_error, "mae": losses.absolute_error, "hinge": losses.hinge_error, "bce": losses.bce_error,
    "bce_with_logits": losses.logits_error, "kl_div": losses.divergence
}
RECURRENCES = {"rnn", "gru", "lstm"}
# Functions of literals only, which are constants.
NUMBERS = {"zeros", "ones", "full", "eye", "arange", "linspace"}


def value_of(word, operands, options):
    """The array that a call gives."""
    if word in functions.UNARY:
        return operands[0].map(functions.UNARY[word])
    if word in functions.PARAMETRIZED:
        return operands[0].map(functions.parametrized(word, options))
    if word in ("max", "min") and len(operands) == 2:
        choose = max if word == "max" else min
        return elementwise(lambda a, b: dual.extreme([a, b], choose), *operands)
    if word in statistics.REDUCTIONS:
        operation = statistics.reduction(word, options)
        return arrays.reduce(operation, operands[0], options.get("axis"), bool(options.get("keepdims")))
    if word in ("softmax", "log_softmax"):
        return softmax(word, operands[0], options.get("axis", -1))
    if word in RECURRENCES:
        return layers.recurrence(word, *operands)
    if word in LOSSES:
        return losses.mean_of(LOSSES[word], *operands)
    return (loss if word in LOSSES_WITH_LABELS else arranged)(word, operands, options)


LOSSES_WITH_LABELS = {"huber", "smooth_l1", "focal", "cross_entropy", "nll", "accuracy", "cosine_similarity"}


def softmax(word, a, axis):
    if word == "softmax":
        return arrays.softmax(a, axis)

    def of(line):
        whole = dual.logsumexp(line)
        return [dual.subtract(entry, whole) for entry in line]

    return arrays.lined(of, a, axis)


def loss(word, operands, options):
    def number(label, default):
        return float(options.get(label, default))

    if word == "cross_entropy":
        return losses.cross_entropy(*operands, number("label_smoothing", 0))
    if word == "nll":
        return losses.nll(*operands)
    if word == "accuracy":
        return losses.accuracy(*operands, float(options["threshold"]) if options else None)
    if word == "cosine_similarity":
        return losses.cosine(*operands, options.get("axis", -1))
    error = {
        "huber": lambda: losses.huber_error(number("delta", 1)), "smooth_l1": lambda: losses.smooth_l1_error(
            number("beta", 1)), "focal": lambda: losses.focal_error(number("alpha", 0.25), number("gamma", 2))
    }[word]()
    return losses.mean_of(error, *operands)


def arranged(word, operands, options):
    """What moves numbers, and the parts of networks. Numbers among the operands come as arrays."""
    a, rest = operands[0], operands[1:]

    def whole(array):
        """The numbers of a constant, as lists in lists."""
        return shapes.nested(array.shape, [round(v) for v in array.values])

    def listed():
        """The numbers one by one or in a list."""
        return [n for array in rest for n in (whole(array) if array.shape else [whole(array)])]

    axis = options.get("axis", 0)
    return {
        "where": lambda: elementwise(functions.chosen, *operands), "matmul": lambda: arrays.matmul(*operands),
        "pow": lambda: elementwise(dual.power, *operands), "concat": lambda: shapes.concat(operands, axis),
        "stack": lambda: shapes.stack(operands, axis), "reshape": lambda: shapes.reshape(a, listed()),
        "transpose": lambda: transposed(a, rest, listed(), options.get("axes")), "squeeze": lambda: shapes.squeeze(
            a, options.get("axis")), "unsqueeze": lambda: shapes.unsqueeze(a, axis),
        "repeat": lambda: shapes.repeat(a, whole(rest[0]), axis), "tile": lambda: shapes.tile(a, listed()),
        "pad": lambda: shapes.pad(a, whole(rest[0]), options.get("value", 0)), "flip": lambda: shapes.flip(a, axis),
        "cumsum": lambda: shapes.cumsum(a, axis), "tril": lambda: shapes.triangle(
            a, options.get("diagonal", 0), True), "triu": lambda: shapes.triangle(a, options.get("diagonal", 0), False),
        "dropout": lambda: elementwise(dual.multiply, a, Array(
            a.shape, [Dual(n) for n in seeded.mask(len(a.entries), options)])),
        "embedding": lambda: shapes.embedding(*operands), "conv1d": lambda: layers.convolution(*operands, **options),
        "conv2d": lambda: layers.convolution(*operands, **options), "max_pool": lambda: layers.pool(
            a, whole(rest[0]), options.get("stride", whole(rest[0])), layers.first_greatest),
        "avg_pool": lambda: layers.pool(a, whole(rest[0]), options.get("stride", whole(rest[0])), dual.mean),
        "layer_norm": lambda: layers.layer_norm(*operands, **options),
        "batch_norm": lambda: layers.batch_norm(*operands, **options),
        "rms_norm": lambda: layers.rms_norm(*operands, **options), "attention": lambda: layers.attention(
            *operands, **options)
    }[word]()


def transposed(a, rest, listed, axes):
    """The order of all axes; two axes that are named one by one are exchanged."""
    if len(rest) == 2:
        return arrays.swapped(a, *listed)
    return arrays.transpose(a, axes or listed)


def numbers(node):
    """The constants that the language makes, from the values of the call's arguments."""
    own = [operand.value for operand in node.operands]
    if node.word in ("zeros", "ones"):
        return arrays.constant(node.shape, node.word == "ones")
    if node.word == "full":
        return arrays.constant(node.shape, own[-1])
    if node.word == "eye":
        return arrays.made(node.shape, lambda place: Dual(float(place[0] == place[1])))
    if node.word == "linspace":
        first, last, count = own
        return Array((count,), [Dual(first + (last - first) * k / max(count - 1, 1)) for k in range(count)])
    first, last, step = {1: lambda: (0, *own, 1), 2: lambda: (*own, 1), 3: lambda: own}[len(own)]()
    count = math.ceil((last - first) / step)
    return Array((count,), [Dual(float(first + k * step)) for k in range(count)])
