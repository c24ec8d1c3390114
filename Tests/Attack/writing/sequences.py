"""Random networks over images, sequences and tokens, with samples and training, for the grammar."""

from writing.arrangements import whole
from writing.networks import layer, metric, output, random_numbers, targets, judged, vector
from writing.syntax import NEW, Declaration, Loop, Node, binary, call


def deep_network(grammar, program):
    """Samples of several axes, the parts of a network that take them, dense layers, a loss that fits."""
    random = grammar.random
    program.is_network = True
    grammar.shapes = [(), (2,), (3,), (2, 3), (3, 2), (2, 2)]
    samples = random.randint(2, 4)
    task = random.choice(["regression", "margin", "probability", "logits", "classes", "rows"])
    width = random.randint(2, 3) if task in ("classes", "rows") else 1
    make = random.choice([images, signals, sequences, sequences, positions, positions, tokens, tokens, deep])
    h, inputs = make(grammar, program, samples)
    y = grammar.declare(program, "target", targets(grammar, program, task, samples, width), False)
    z = output(grammar, program, h, inputs, samples, width, task in ("classes", "rows"))
    prediction, loss = judged(grammar, task, z, y)
    if prediction is not None and random.random() < 0.5:
        prediction = grammar.declare(program, "predict", prediction)
        if task == "probability":
            loss = call("bce", [prediction, y], ())
            loss.learns = True
    grammar.declare(program, "loss", loss)
    if random.random() < 0.3:
        grammar.declare(program, "metric", metric(random, task, z, y))


def data(grammar, program, shape):
    """An input of any number of axes."""
    random = grammar.random

    def of(shape):
        if not shape:
            return grammar.figure(round(random.uniform(-2, 2), 2))
        return Node("list", shape, "", [of(shape[1:]) for _ in range(shape[0])])

    return grammar.declare(program, "input", of(shape), False)


def weight(grammar, program, shape):
    """A parameter of small numbers."""
    start = random_numbers(grammar, shape) if len(shape) == 2 else grammar.literal(shape)
    return grammar.declare(program, "param", start, True)


def named(grammar, program, node):
    """Sometimes a name for what is computed."""
    return grammar.declare(program, "", node) if grammar.random.random() < 0.6 else node


def activated(grammar, node):
    word = grammar.random.choice(["tanh", "relu", "sigmoid", "gelu", "silu", "softplus", "elu", "leaky_relu"])
    return call(word, [node], node.shape)


def flattened(grammar, node):
    """Samples × everything else."""
    count = 1
    for size in node.shape[1:]:
        count *= size
    shape = (node.shape[0], count)
    return call("reshape", [node, whole(-1), whole(count)], shape), count


# MARK: Kinds


def images(grammar, program, samples):
    random = grammar.random
    rows, columns, outputs = random.randint(3, 4), random.randint(3, 4), random.randint(1, 2)
    x = data(grammar, program, (samples, 1, rows, columns))
    w = weight(grammar, program, (outputs, 1, 2, 2))
    operands = [x, w] + ([weight(grammar, program, (outputs,))] if random.random() < 0.5 else [])
    padding = random.choice([0, 0, 1])
    options = {"padding": padding} if padding else {}
    h = call("conv2d", operands, (samples, outputs, rows - 1 + 2 * padding, columns - 1 + 2 * padding), **options)
    h = named(grammar, program, activated(grammar, h))
    if random.random() < 0.3:
        h = named(grammar, program, call("batch_norm", [h], h.shape))
    h = call(random.choice(["max_pool", "avg_pool"]), [h, whole(2)],
             (*h.shape[:2], h.shape[2] // 2, h.shape[3] // 2))
    return flattened(grammar, named(grammar, program, h))


def signals(grammar, program, samples):
    random = grammar.random
    length, outputs = random.randint(3, 5), random.randint(1, 2)
    x = data(grammar, program, (samples, 2, length))
    w = weight(grammar, program, (outputs, 2, 3))
    h = activated(grammar, call("conv1d", [x, w], (samples, outputs, length - 2)))
    return flattened(grammar, named(grammar, program, h))


def sequences(grammar, program, samples):
    """A recurrent layer, or the loop that it is."""
    random = grammar.random
    steps, inputs, width = random.randint(1, 3), random.randint(1, 2), random.randint(1, 2)
    x = data(grammar, program, (samples, steps, inputs))
    if random.random() < 0.4:
        return by_hand(grammar, program, x, width), width
    word = random.choice(["rnn", "gru", "lstm"])
    gates = {"rnn": 1, "gru": 3, "lstm": 4}[word] * width
    shapes = [(inputs, gates), (width, gates), (gates,)][:random.choice([2, 3])]
    operands = [x] + [weight(grammar, program, shape) for shape in shapes]
    h = named(grammar, program, call(word, operands, (samples, steps, width)))
    return Node("index", (samples, width), "", [h], positions=(None, -1), learns=True), width


def by_hand(grammar, program, x, width):
    """The state of a recurrence, from a part of the samples' own numbers on, so that it has a row for each."""
    random = grammar.random
    samples, steps, inputs = x.shape
    w, u = weight(grammar, program, (inputs, width)), weight(grammar, program, (width, width))

    def at(place):
        row = Node("index", (samples, inputs), "", [x], positions=(None, place))
        return binary("@", row, w, (samples, width))

    start = call("tanh", [at(0)], (samples, width))
    state = grammar.declare(program, "", start, name="state")
    turn = Node("name", (), "turn")
    inner = binary("+", at(turn), binary("@", state, u, (samples, width)), (samples, width))
    line = Declaration("", "state", call("tanh", [inner], (samples, width)))
    program.statements.append(Loop("turn", (whole(steps),), [line]))
    grammar.taken |= {"state", "turn"}
    if random.random() < 0.3:
        state = call("rms_norm", [state], state.shape, eps=0.1)
    return state


def positions(grammar, program, samples):
    """A block of attention: weights, heads, what goes around it, the mean over the positions."""
    random = grammar.random
    steps, width = random.randint(2, 3), random.choice([2, 2, 4])
    x = data(grammar, program, (samples, steps, width))
    parts = [binary("@", x, weight(grammar, program, (width, width)), x.shape) for _ in range(3)]
    options = {"mask": random.choice(["causal", "none"])} if random.random() < 0.7 else {}
    if random.random() < 0.5:
        options["heads"] = 2
    h = named(grammar, program, call("attention", parts, x.shape, **options))
    if random.random() < 0.5:
        h = named(grammar, program, binary("+", x, h, x.shape))
    if random.random() < 0.5:
        scale = [weight(grammar, program, (width,)) for _ in range(random.randint(0, 2))]
        h = named(grammar, program, call("layer_norm", [h, *scale], x.shape))
    if random.random() < 0.5:
        h = layer(grammar, program, h, width, width)
    return call("mean", [h], (samples, width), axis=1), width


def tokens(grammar, program, samples):
    """Rows of a table by the numbers of an input."""
    random = grammar.random
    count, width, kinds = random.randint(1, 3), random.randint(1, 2), random.randint(2, 4)
    table = weight(grammar, program, (kinds, width))
    if random.random() < 0.3:
        ids = grammar.declare(
            program, "input", vector(grammar, [random.randrange(kinds) for _ in range(samples)]), False)
        return rows_of(grammar, table, ids), width
    numbers = [vector(grammar, [random.randrange(kinds) for _ in range(count)]) for _ in range(samples)]
    ids = grammar.declare(program, "input", Node("list", (samples, count), "", numbers), False)
    h = named(grammar, program, rows_of(grammar, table, ids))
    if random.random() < 0.4:
        return call("mean", [h], (samples, width), axis=1), width
    return flattened(grammar, h)


def rows_of(grammar, table, ids):
    shape = (*ids.shape, *table.shape[1:])
    if grammar.random.random() < 0.5:
        return call("embedding", [table, ids], shape)
    return Node("index", shape, "", [table], positions=(ids,), learns=True)


def deep(grammar, program, samples):
    """A loop of layers, or normalizations between them."""
    random = grammar.random
    width = random.randint(1, 3)
    x = data(grammar, program, (samples, width))
    h = x
    if random.random() < 0.3:
        h = call("batch_norm", [h], h.shape)
    if random.random() < 0.5:
        h = Node("index", (samples, 1, width), "", [h], positions=(None, NEW), learns=h.learns)
        h = call("squeeze", [named(grammar, program, activated(grammar, h))], (samples, width), axis=1)
    h = named(grammar, program, activated(grammar, h))
    if random.random() < 0.5:
        return layer(grammar, program, h, width, width), width
    # A layer in each turn, some of them again in an inner loop.
    state = Node("name", (samples, width), "state", learns=True)
    program.statements.append(Declaration("", "state", h if h.kind != "name" else binary("*", h, whole(2), h.shape)))
    dense = call("dense", [state, whole(width), Node("word", (), random.choice(["tanh", "sigmoid", "silu"]))], h.shape)
    body = [Declaration("layer", "state", dense)]
    if random.random() < 0.5:
        inner = binary("+", state, call("sin", [state], h.shape), h.shape)
        ends = (binary("+", Node("name", (), "turn"), whole(1), ()),)
        body.append(Loop("inner_turn", ends, [Declaration("", "state", inner)]))
    program.statements.append(Loop("turn", (whole(2),), body))
    grammar.taken |= {"state", "turn", "inner_turn"}
    return state, width
