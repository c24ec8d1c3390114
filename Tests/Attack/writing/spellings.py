"""How users of Python, NumPy and PyTorch spell the same functions."""

MODULES = ["torch", "np", "numpy", "F", "nn", "math", "jnp"]
# Functions whose axis may be the second argument.
SECOND = {"sum", "mean", "logsumexp", "softmax", "prod", "var", "std", "cumsum", "flip", "unsqueeze", "squeeze"}
# Other names of a function.
NAMES = {
    "abs": ["absolute", "fabs"], "log": ["ln"], "sigmoid": ["expit"], "asin": ["arcsin"], "acos": ["arccos"],
    "atan": ["arctan"], "mean": ["average"], "pow": ["power"], "concat": ["concatenate", "cat"],
    "reshape": ["view"], "unsqueeze": ["expand_dims"], "clip": ["clamp"], "stop_gradient": ["detach"],
    "silu": ["swish"], "prod": ["product"], "log_softmax": ["logsoftmax"], "log_sigmoid": ["logsigmoid"],
    "repeat": ["repeat_interleave"], "mse": ["mse_loss", "MSELoss"], "mae": ["l1_loss", "L1Loss"],
    "huber": ["huber_loss", "HuberLoss"], "bce": ["binary_cross_entropy", "BCELoss"],
    "bce_with_logits": ["binary_cross_entropy_with_logits", "BCEWithLogitsLoss"],
    "cross_entropy": ["CrossEntropyLoss"], "smooth_l1": ["smooth_l1_loss"], "max_pool": ["max_pool2d"],
    "avg_pool": ["avg_pool2d"], "attention": ["scaled_dot_product_attention"]
}
LABELS = {"axis": "dim", "keepdims": "keepdim", "axes": "dims", "min": "a_min", "max": "a_max"}
# Functions that a value has as a method.
METHODS = {
    "abs", "acos", "asin", "atan", "ceil", "clip", "cos", "cosh", "cumsum", "erf", "exp", "expm1", "flip", "floor",
    "log", "log10", "log1p", "log2", "log_softmax", "logsumexp", "matmul", "max", "mean", "min", "norm", "pow",
    "prod", "relu", "reshape", "round", "sigmoid", "sign", "sin", "sinh", "softmax", "sqrt", "square", "squeeze",
    "std", "sum", "tan", "tanh", "tile", "transpose", "tril", "triu", "unsqueeze", "var"
}
# What the language alone has.
OWN = {"csv", "dense", "random", "one_hot", "standardize", "accuracy", "argmax", "zeros", "ones", "where"}
# What has other defaults or other arguments in some of the libraries.
OTHERWISE = {"var", "std", "flip", "repeat", "pad", "batch_norm", "layer_norm", "embedding"}
# Functions whose axis is the last one here; PyTorch's own choice is another for more axes than two.
LAST = {"softmax", "log_softmax"}
SAFE = METHODS | set(NAMES) | {"stack", "embedding", "tril", "where", "layer_norm", "conv2d"}


def foreign(random, node, taken):
    """Another name of a call's function, perhaps a library's, and the names of its labels there; none that is taken."""
    word, options = node.word, node.options
    if word not in SAFE:
        return word, options
    names = list(NAMES.get(word, []))
    if word in ("max", "min"):
        if len(node.operands) == 2:
            # A number behind `np.max(x,` is an axis.
            own = {"max": "maximum", "min": "minimum"}[word]
            return random.choice([word, own, f"{random.choice(MODULES)}.{own}"]), options
        names = ["a" + word]
    if word == "matmul":
        ranks = [len(o.shape) for o in node.operands]
        names = ["dot"] if max(ranks) < 3 else []
        names += {(2, 2): ["mm"], (3, 3): ["bmm"], (2, 1): ["mv"]}.get(tuple(ranks), [])
    names = [name for name in names if name not in taken]
    own = random.choice(names) if names and random.random() < 0.7 else word
    is_elsewhere = word in LAST and "axis" not in options and len(node.operands[0].shape) > 2
    if random.random() < 0.4 and word not in OWN | OTHERWISE and not is_elsewhere:
        own = f"{random.choice(MODULES)}.{own}"
    return own, {LABELS.get(k, k) if random.random() < 0.6 else k: v for k, v in options.items()}
