"""The functions of the language by JAX's own ones, for `with_jax.py`."""

import math

import jax
import jax.numpy as np
from evaluating.seeded import mask


def absolute(a):
    """The slope at 0 is PyTorch's, 0; that of JAX's abs is 1."""
    return a * jax.lax.stop_gradient(np.sign(a))


UNARY = {
    "exp": np.exp, "log": np.log, "tanh": np.tanh, "sigmoid": jax.nn.sigmoid, "relu": jax.nn.relu, "sin": np.sin,
    "cos": np.cos, "sqrt": np.sqrt, "abs": absolute, "tan": np.tan, "asin": np.arcsin, "acos": np.arccos,
    "atan": np.arctan, "sinh": np.sinh, "cosh": np.cosh, "log1p": np.log1p, "expm1": np.expm1, "log2": np.log2,
    "log10": np.log10, "erf": jax.scipy.special.erf, "sign": np.sign, "floor": np.floor, "ceil": np.ceil,
    "round": np.round, "softplus": jax.nn.softplus, "log_sigmoid": jax.nn.log_sigmoid, "silu": jax.nn.silu,
    "square": np.square, "stop_gradient": jax.lax.stop_gradient
}
RELATIONS = {
    "<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal, "==": np.equal, "!=": np.not_equal,
    "and": np.logical_and, "or": np.logical_or
}
REDUCTIONS = {
    "sum": np.sum, "mean": np.mean, "max": np.max, "min": np.min, "prod": np.prod, "logsumexp": jax.nn.logsumexp
}


def value_of(word, operands, options):
    """The array that a call gives."""
    a, b = operands[0], operands[1] if len(operands) > 1 else None
    if word in UNARY:
        return UNARY[word](a)
    if word in ("max", "min") and b is not None:
        return (np.maximum if word == "max" else np.minimum)(a, b)
    if word in REDUCTIONS or word in ("var", "std", "norm"):
        return reduced(word, a, options)
    if word in ("rnn", "gru", "lstm"):
        return recurrence(word, *operands)
    for functions in (activations, arrangements, losses):
        found = functions(a, b, operands, options).get(word)
        if found:
            return found()
    return parts(a, operands, options)[word]()


def reduced(word, a, options):
    axis, keeps = options.get("axis"), bool(options.get("keepdims"))
    if word in REDUCTIONS:
        return REDUCTIONS[word](a, axis=axis, keepdims=keeps)
    if word == "norm":
        if options.get("ord", 2) == 1:
            return np.sum(absolute(a), axis=axis, keepdims=keeps)
        return root(np.sum(a * a, axis=axis, keepdims=keeps))
    variance = np.var(a, axis=axis, ddof=options.get("correction", 1), keepdims=keeps)
    return variance if word == "var" else np.sqrt(variance)


def activations(a, b, operands, options):
    def number(label, default):
        return float(options.get(label, default))

    axis = options.get("axis", -1)
    return {
        "gelu": lambda: jax.nn.gelu(a, approximate="tanh" in options.get("approximate", "")),
        "elu": lambda: jax.nn.elu(a, number("alpha", 1)), "leaky_relu": lambda: np.where(
            a > 0, a, a * number("negative_slope", 0.01)), "hardtanh": lambda: clipped(
                a, number("min_val", -1), number("max_val", 1)), "clip": lambda: clipped(
                    a, number("min", -math.inf), number("max", math.inf)), "where": lambda: np.where(
                        a != 0, b, operands[2]), "pow": lambda: raised(a, b), "matmul": lambda: a @ b,
        "softmax": lambda: jax.nn.softmax(a, axis), "log_softmax": lambda: jax.nn.log_softmax(a, axis)
    }


def clipped(a, low, high):
    """The slope at a bound is PyTorch's: 0."""
    return np.where(a <= low, low, np.where(a >= high, high, a))


def root(squares):
    """The slope at 0 is PyTorch's: 0."""
    return np.where(squares > 0, np.sqrt(np.where(squares > 0, squares, 1)), 0)


def raised(a, b):
    """A power with a whole exponent has slopes at 0."""
    is_whole = not isinstance(b, jax.core.Tracer) and np.ndim(b) == 0 and float(b).is_integer()
    return a**(int(b) if is_whole else b)


def whole(array):
    with jax.ensure_compile_time_eval():
        return np.asarray(array).round().astype(int).tolist()


def arrangements(a, b, operands, options):
    def listed():
        with jax.ensure_compile_time_eval():
            return [n for operand in operands[1:] for n in whole(np.ravel(operand))]

    def transposed():
        if len(operands) == 3:
            return np.swapaxes(a, *listed())
        return np.transpose(a, options.get("axes") or listed() or None)

    axis = options.get("axis", 0)
    return {
        "concat": lambda: np.concatenate(operands, axis), "stack": lambda: np.stack(operands, axis),
        "reshape": lambda: np.reshape(a, listed()), "transpose": transposed, "squeeze": lambda: np.squeeze(
            a, options.get("axis")), "unsqueeze": lambda: np.expand_dims(a, axis), "repeat": lambda: np.repeat(
                a, whole(b), axis), "tile": lambda: np.tile(a, listed()), "flip": lambda: np.flip(a, axis),
        "pad": lambda: np.pad(a, whole(b), constant_values=options.get("value", 0)), "cumsum": lambda: np.cumsum(
            a, axis), "tril": lambda: np.tril(a, options.get("diagonal", 0)), "triu": lambda: np.triu(
                a, options.get("diagonal", 0)), "embedding": lambda: np.take(a, np.asarray(b).round().astype(int), 0)
    }


def losses(a, b, operands, options):
    def number(label, default):
        return float(options.get(label, default))

    def huber(delta):
        d = absolute(a - b)
        return np.mean(np.where(d <= delta, d * d / 2, delta * (d - delta / 2)))

    def focal():
        p = jax.nn.sigmoid(a)
        right, alpha = p * b + (1 - p) * (1 - b), number("alpha", 0.25)
        entropy = -b * jax.nn.log_sigmoid(a) - (1 - b) * jax.nn.log_sigmoid(-a)
        return np.mean((alpha * b + (1 - alpha) * (1 - b)) * raised(1 - right, number("gamma", 2)) * entropy)

    def cosine():
        axis = options.get("axis", -1)
        lengths = [np.maximum(root(np.sum(x * x, axis)), 1e-8) for x in (a, b)]
        return np.sum(a * b, axis) / (lengths[0] * lengths[1])

    def cross_entropy():
        shares = b if b.ndim == a.ndim else jax.nn.one_hot(b.astype(int), a.shape[-1])
        smoothing = number("label_smoothing", 0)
        shares = shares * (1 - smoothing) + smoothing / a.shape[-1]
        return np.mean(-np.sum(shares * jax.nn.log_softmax(a), axis=-1))

    def bce():
        """Logarithms from −100 on; PyTorch's slope is (p − y) / max(p · (1 − p), 10⁻¹²)."""
        with_log, without = np.maximum(np.log(a), -100), np.maximum(np.log(1 - a), -100)
        stop = jax.lax.stop_gradient
        slope = (a - b) / np.maximum(a * (1 - a), 1e-12)
        value = stop(-(b * with_log + (1 - b) * without))
        return np.mean(value + stop(slope) * (a - stop(a)) + stop(without - with_log) * (b - stop(b)))

    def nll():
        return np.mean(-np.sum(jax.nn.one_hot(b.astype(int), a.shape[-1]) * a, axis=-1))

    return {
        "bce": bce, "nll": nll, "mse": lambda: np.mean((a - b)**2), "mae": lambda: np.mean(absolute(a - b)), "hinge": lambda: np.mean(
            jax.nn.relu(1 - a * b)), "huber": lambda: huber(number("delta", 1)), "smooth_l1": lambda: huber(
                number("beta", 1)) / number("beta", 1), "bce_with_logits": lambda: np.mean(
                    np.logaddexp(0, a) - a * b), "kl_div": lambda: np.mean(
                        jax.scipy.special.xlogy(b, b) - b * a), "focal": focal, "cosine_similarity": cosine,
        "cross_entropy": cross_entropy
    }


def parts(a, operands, options):
    """Windows, normalizations, attention."""
    def convolution():
        weight, count = operands[1], operands[1].ndim - 2
        padding = options.get("padding", 0)
        h = jax.lax.conv_general_dilated(
            a, weight, (options.get("stride", 1),) * count, [(padding, padding)] * count,
            rhs_dilation=(options.get("dilation", 1),) * count, feature_group_count=options.get("groups", 1))
        return h + operands[2].reshape(-1, *[1] * count) if len(operands) > 2 else h

    def windows():
        """The entries of each window, row by row, along a new first axis."""
        size = whole(operands[1])
        stride = options.get("stride", size)
        counts = [(n - size) // stride * stride + 1 for n in a.shape[2:]]
        return np.stack([
            a[:, :, i:i + counts[0]:stride, j:j + counts[1]:stride] for i in range(size) for j in range(size)
        ])

    def greatest():
        """The first of several takes the whole slope, as in PyTorch."""
        parts = windows()
        first = np.argmax(jax.lax.stop_gradient(parts), 0)
        return np.take_along_axis(parts, first[None], 0)[0]

    def normalized(axes, shape=()):
        h = (a - a.mean(axes, keepdims=True)) / np.sqrt(a.var(axes, keepdims=True) + options.get("eps", 1e-5))
        return scaled(h, shape)

    def scaled(h, shape=()):
        for number, part in enumerate(operands[1:3]):
            part = part.reshape(shape) if shape else part
            h = h * part if number == 0 else h + part
        return h

    return {
        "conv1d": convolution, "conv2d": convolution, "max_pool": greatest, "avg_pool": lambda: windows().mean(0), "layer_norm": lambda: normalized(-1),
        "batch_norm": lambda: normalized((0, *range(2, a.ndim)), (-1, *[1] * (a.ndim - 2))),
        "rms_norm": lambda: scaled(a / np.sqrt(np.mean(a * a, -1, keepdims=True) + options.get("eps", 2.0**-52))),
        "attention": lambda: attention(*operands, **options),
        "dropout": lambda: a * np.array(mask(a.size, options)).reshape(a.shape)
    }


def attention(q, k, v, mask="none", heads=1):
    def divided(x):
        return np.moveaxis(x.reshape(*x.shape[:-1], heads, -1), -2, 0)

    q, k, v = divided(q), divided(k), divided(v)
    scores = q @ np.swapaxes(k, -1, -2) / math.sqrt(q.shape[-1])
    if mask == "causal":
        scores = np.where(np.tril(np.ones(scores.shape[-2:])) > 0, scores, -np.inf)
    result = np.moveaxis(jax.nn.softmax(scores) @ v, 0, -2)
    return result.reshape(*result.shape[:-2], -1)


def recurrence(word, x, weight, state, bias=0.0):
    """All steps, by the formulas of PyTorch's documentation."""
    width = state.shape[0]
    h = c = np.zeros((*x.shape[:-2], width))
    found = []
    for time in range(x.shape[-2]):
        inputs, states = x[..., time, :] @ weight + bias, h @ state
        gates = [(inputs[..., k:k + width], states[..., k:k + width]) for k in range(0, weight.shape[1], width)]
        if word == "rnn":
            h = np.tanh(inputs + states)
        elif word == "gru":
            r, z = (jax.nn.sigmoid(one + other) for one, other in gates[:2])
            n = np.tanh(gates[2][0] + r * gates[2][1])
            h = (1 - z) * n + z * h
        else:
            i, f, g, o = (one + other for one, other in gates)
            c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * np.tanh(g)
            h = jax.nn.sigmoid(o) * np.tanh(c)
        found.append(h)
    return np.stack(found, -2)
