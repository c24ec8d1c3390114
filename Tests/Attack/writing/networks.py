"""Random networks with samples, layers, losses and training, for the grammar."""

from writing.syntax import Node, Setting, names_in
from writing.tables import classes, table

SCHEMES = [
    "uniform", "normal", "xavier_uniform", "xavier_normal", "glorot_uniform", "glorot_normal", "kaiming_uniform",
    "kaiming_normal", "he_uniform", "he_normal"
]
# What each optimizer understands, with values that keep a training tame.
OPTIMIZERS = {
    "sgd": {"momentum": [0.5, 0.9], "dampening": [0.25],
            "weight_decay": [0.01]}, "nesterov": {"momentum": [0.8], "weight_decay": [0.1]},
    "rmsprop": {"alpha": [0.9], "eps": [1e-3, 1e-8], "weight_decay": [0.01], "momentum": [0.5]},
    "adagrad": {"lr_decay": [0.1], "weight_decay": [0.01], "initial_accumulator": [0.1],
                "eps": [1e-6]}, "adam": {"beta1": [0.8], "beta2": [0.99], "eps": [1e-4], "weight_decay": [0.01]},
    "adamw": {"beta1": [0.8], "beta2": [0.99], "eps": [1e-4], "weight_decay": [0.1]}
}


def network(grammar, program):
    """Samples, one or two layers (or weights by hand), a loss that fits, a metric."""
    random = grammar.random
    program.is_network = True
    grammar.shapes = [(), (2,), (3,), (2, 3), (3, 2), (2, 2)]
    samples, features = random.randint(3, 7), random.randint(1, 3)
    task = random.choice(["regression", "margin", "probability", "logits", "classes", "rows"])
    width = random.randint(2, 3) if task in ("classes", "rows") else 1
    x = grammar.declare(program, "input", features_of(grammar, program, samples, features), False)
    y = grammar.declare(program, "target", targets(grammar, program, task, samples, width), False)
    h, inputs = x, features
    for _ in range(random.randint(0, 2)):
        outputs = random.randint(1, 4)
        h = layer(grammar, program, h, inputs, outputs)
        inputs = outputs
    z = output(grammar, program, h, inputs, samples, width, task in ("classes", "rows"))
    if random.random() < 0.3:
        # The batch reaches data through whatever wraps it.
        sum = Node("binary", y.shape, "+", [y, Node("number", (), "0")])
        # Classes must be constants.
        y = Node("unary", y.shape, "+", [y]) if task == "classes" or random.random() < 0.5 else sum
    prediction, loss = judged(grammar, task, z, y)
    if prediction is not None and random.random() < 0.8:
        prediction = grammar.declare(program, "predict", prediction)
        if task == "probability":
            loss = Node("call", (), "bce", [prediction, y], learns=True)
    layers = program.declarations("layer")
    if layers and random.random() < 0.2:
        loss = decayed(random, random.choice(layers), loss)
    grammar.declare(program, "loss", loss)
    if random.random() < 0.4:
        grammar.declare(program, "metric", metric(random, task, z, y))


def decayed(random, layer, loss):
    """The loss and a little of a layer's weights, squared."""
    expression = layer.expression
    width = expression.shape[-1]
    word, shape = random.choice([("w", (expression.operands[0].shape[-1], width)), ("b", (width,))])
    part = Node("name", shape, f"{layer.name}.{word}", learns=True)
    square = Node("binary", shape, "**", [part, Node("number", (), "2", value=2.0)], learns=True)
    term = Node("binary", (), "*", [Node("number", (), "0.01"), Node("call", (), "sum", [square], learns=True)],
                learns=True)
    return Node("binary", (), "+", [loss, term], learns=True)


def metric(random, task, z, y):
    """The share of right predictions, or an error."""
    if task in ("margin", "classes", "probability") and random.random() < 0.6:
        # Scores of 0 and 1 before the sigmoid lie on the sides of 0.
        options = {"threshold": "0"} if task == "probability" else {}
        return Node("call", (), "accuracy", [z, y], options)
    if len(z.shape) == 2 and task == "classes" or random.random() < 0.2 and len(z.shape) == 2:
        axis = random.choice([0, 1])
        greatest = Node("call", (z.shape[1 - axis],), "argmax", [z], {"axis": axis})
        return Node("call", (), "mean", [greatest])
    return Node("call", (), "mse", [z, y])


def features_of(grammar, program, samples, features):
    """The samples' features: a matrix in the text, from a table, or of random numbers."""
    random = grammar.random
    shape = (samples, features)
    kind = random.choice(["literal", "literal", "csv", "random"])
    if kind == "random":
        return random_numbers(grammar, shape)
    # One column of a table is a vector.
    if kind == "csv" and features > 1:
        node = table(grammar, program, samples, features)
    else:
        rows = [[round(random.uniform(-2, 2), 3) for _ in range(features)] for _ in range(samples)]
        node = Node(
            "list", shape, "", [Node("list", (features,), "", [grammar.figure(n) for n in row]) for row in rows])
    if random.random() < 0.3:
        return Node("call", shape, "standardize", [node])
    return node


def random_numbers(grammar, shape):
    random = grammar.random
    options = {"seed": random.randint(-99, 10**6)}
    if random.random() < 0.6:
        options["scheme"] = random.choice(SCHEMES)
    return Node("call", shape, "random", [Node("number", (), str(n), value=n) for n in shape], options)


def targets(grammar, program, task, samples, width):
    random = grammar.random
    if task == "rows":
        if random.random() < 0.5:
            labels = vector(grammar, [random.randrange(width) for _ in range(samples)])
            return Node("call", (samples, width), "one_hot", [labels, Node("number", (), str(width), value=width)])
        rows = [[random.choice([0, 0.25, 0.5, 1]) for _ in range(width)] for _ in range(samples)]
        return Node("list", (samples, width), "", [vector(grammar, row) for row in rows])
    if task == "classes" and samples >= width and random.random() < 0.3:
        return classes(grammar, program, samples, width)
    numbers = {
        "regression": lambda: round(random.uniform(-2, 2), 2), "margin": lambda: random.choice([-1, 1]),
        "probability": lambda: random.choice([0, 1]), "logits": lambda: random.choice([0, 1, 0.5]),
        "classes": lambda: random.randrange(width)
    }
    return vector(grammar, [numbers[task]() for _ in range(samples)])


def vector(grammar, numbers):
    return Node("list", (len(numbers),), "", [grammar.figure(n) for n in numbers])


def layer(grammar, program, h, inputs, outputs):
    random = grammar.random
    options = {}
    if random.random() < 0.5:
        options["scheme"] = random.choice(SCHEMES)
    if random.random() < 0.5:
        options["seed"] = random.randint(0, 999)
    operands = [h, Node("number", (), str(outputs), value=outputs)]
    activation = random.choice(["none", "relu", "tanh", "sigmoid", ""])
    if grammar.is_grown and random.random() < 0.4:
        activation = random.choice(["gelu", "silu", "softplus", "elu", "leaky_relu"])
    if activation:
        operands.append(Node("word", (), activation))
    shape = h.shape[:-1] + (outputs,)
    return grammar.declare(program, "layer", Node("call", shape, "dense", operands, options, learns=True))


def output(grammar, program, h, inputs, samples, width, is_wide):
    """The scores: a row for each sample, or one number."""
    if is_wide:
        return layer(grammar, program, h, inputs, width)
    if grammar.random.random() < 0.5:
        z = layer(grammar, program, h, inputs, 1)
        return Node("index", (samples,), "", [z], positions=(None, grammar.random.choice([0, -1])), learns=True)
    w = grammar.declare(program, "param", grammar.literal((inputs,)), True)
    b = grammar.declare(program, "param", grammar.literal(()), True)
    product = Node("binary", (samples,), "@", [h, w], learns=True)
    return grammar.declare(program, "", Node("binary", (samples,), "+", [product, b], learns=True))


def judged(grammar, task, z, y):
    """The prediction and the loss of a task."""
    def loss(word, first, **options):
        return Node("call", (), word, [first, y], options, learns=True)

    named = z.kind == "name"
    if task == "regression":
        words = ["mse", "mae", "huber"] + ["smooth_l1"] * grammar.is_grown
        return None if named else z, loss(grammar.random.choice(words), z)
    if task == "margin":
        return None if named else z, loss("hinge", z)
    if task == "classes" or task == "rows":
        shares = Node("call", z.shape, "softmax", [z], learns=True)
        if grammar.is_grown and task == "rows" and grammar.random.random() < 0.3:
            return shares, loss("kl_div", Node("call", z.shape, "log_softmax", [z], learns=True))
        if grammar.is_grown and task == "classes" and grammar.random.random() < 0.3:
            return shares, loss("nll", Node("call", z.shape, "log_softmax", [z], learns=True))
        options = {"label_smoothing": 0.1} if grammar.is_grown and grammar.random.random() < 0.3 else {}
        return shares, loss("cross_entropy", z, **options)
    p = Node("call", z.shape, "sigmoid", [z], learns=True)
    scores = "focal" if grammar.is_grown and grammar.random.random() < 0.3 else "bce_with_logits"
    return p, loss(scores, z) if task == "logits" else loss("bce", p)


def training(grammar, program):
    """An optimizer, a rate or a schedule, steps, and batches where there are samples."""
    random = grammar.random
    program.steps = random.randint(2, 12)
    settings = [Setting("steps", str(program.steps))]
    rate = random.choice([0.1, 0.05, 0.01])
    if random.random() < 0.3:
        slope = random.choice([0.5, 0.25])
        words, program.rate = random.choice([
            (f"{rate} - {rate} * {slope} * step / {program.steps}",
             lambda step, steps=program.steps: rate - rate * slope * step / steps),
            (f"{rate} / (1 + step)", lambda step: rate / (1 + step)), (f"{rate} * {slope}**step",
                                                                       lambda step: rate * slope**step)])
        settings.append(Setting("rate", words))
    else:
        name = random.choice(list(OPTIMIZERS))
        options = {k: random.choice(v) for k, v in OPTIMIZERS[name].items() if random.random() < 0.4}
        program.optimizer = (name, options)
        program.rate = lambda step, rate=rate: rate
        words = [f"{k}{random.choice([': ', '='])}{v!r}" for k, v in options.items()]
        if random.random() < 0.5:
            words.insert(random.randint(0, len(words)), f"rate: {rate}")
        else:
            settings.append(Setting("rate", repr(rate)))
        settings.append(Setting("optimizer", f"{name}({', '.join(words)})"))
        settings += schedule(random, program)
    samples = [s for s in program.declarations("input") if len(s.expression.shape) >= 2]
    if program.declarations("target") and len(samples) == 1 and random.random() < 0.6:
        count = samples[0].expression.shape[0]
        if program.declarations("target")[0].expression.shape[:1] == (count,) and program.is_network:
            chosen(random, program, settings, count)
    for setting in settings:
        program.statements.insert(random.randint(0, len(program.statements)), setting)


def chosen(random, program, settings, count):
    """Which samples a step takes, and which none does."""
    def seed():
        number = random.choice([None, 0, 1, random.randint(-9, 99)])
        return number or 0, "" if number is None else f" seed {number}"

    if random.random() < 0.4 and count > 2:
        (number, words), share = seed(), random.choice([("1/3", 1 / 3), ("0.25", 0.25), (".5", 0.5)])
        program.holdout = (share[1], number)
        settings.append(Setting("holdout", share[0] + words))
    if program.holdout is None or random.random() < 0.7:
        program.batch = random.randint(1, count if program.holdout is None else count // 2)
        (number, words), shuffles = seed(), random.random() < 0.5
        program.shuffle = number if shuffles else None
        size = random.choice([str(program.batch), f"{program.batch + 1} - 1"])
        settings.append(Setting("batch", size + (" shuffle" + words if shuffles else "")))


def schedule(random, program):
    kind = random.choice(["", "", "constant", "step", "exponential", "cosine"])
    options = {
        "constant": {}, "": {}, "step": {"size": random.randint(1, 5), "gamma": 0.5}, "exponential": {"gamma": 0.9},
        "cosine": {"steps": random.randint(12, 20), "minimum": 0.001}
    }[kind]
    program.schedule = (kind or "constant", options)
    words = ", ".join(f"{k}: {v}" for k, v in options.items())
    return [Setting("schedule", f"{kind}({words})")] if kind else []
