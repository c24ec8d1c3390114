/// The words that users of Python, NumPy and PyTorch type, with what they are in this language: another spelling of the
/// same, or an answer that says the right one.
///
/// `ForeignWordTests` types every one of them.
enum ForeignWords {
  /// Libraries in front of a dot; the function behind it is meant.
  static let modules: Set<String> = [
    "torch", "np", "numpy", "F", "nn", "math", "jnp", "jax", "tf", "keras", "scipy", "sklearn", "pd", "plt", "K",
    "d2l", "mx", "npx", "layers", "optim", "init", "functional",
  ]

  /// Libraries without anything that a program needs.
  static let moduleAnswers = [
    "plt": "`gradviz draw` and `train` draw", "model": "write one `layer` for each line",
    "self": "a `layer` or a `def` names a part of a network",
  ]

  /// Names of values, with what is written instead.
  static let valueAnswers = [
    "True": "a mask is 1 or 0", "False": "a mask is 1 or 0", "None": "leave it out", "e": "write `exp(1)`",
    "inf": "`where(mask, x, -1e9)` leaves numbers out", "nan": "numbers are finite",
  ]

  /// The number e of `math.e` and `np.e`; alone the name means nothing.
  static let e = 2.718281828459045

  /// Other names of functions.
  static let functions: [String: Vocabulary.Function] = [
    "amax": .max, "amin": .min, "maximum": .max, "minimum": .min, "average": .mean, "absolute": .abs, "fabs": .abs,
    "ln": .log, "expit": .sigmoid, "arcsin": .asin, "arccos": .acos, "arctan": .atan, "dot": .matmul, "mm": .matmul,
    "bmm": .matmul, "mv": .matmul, "power": .pow, "concatenate": .concat, "cat": .concat, "permute": .transpose,
    "swapaxes": .transpose, "t": .transpose, "view": .reshape, "expand_dims": .unsqueeze, "clamp": .clip,
    "detach": .stopGradient, "swish": .silu, "product": .prod, "logsoftmax": .logSoftmax, "logsigmoid": .logSigmoid,
    "repeat_interleave": .repeat, "mse_loss": .mse, "MSELoss": .mse, "l1_loss": .mae, "L1Loss": .mae,
    "huber_loss": .huber, "HuberLoss": .huber, "bce_loss": .bce, "cross_entropy_loss": .crossEntropy,
    "binary_cross_entropy": .bce, "BCELoss": .bce, "binary_cross_entropy_with_logits": .bceWithLogits,
    "BCEWithLogitsLoss": .bceWithLogits, "CrossEntropyLoss": .crossEntropy, "smooth_l1_loss": .smoothL1,
    "max_pool2d": .maxPool, "avg_pool2d": .averagePool, "scaled_dot_product_attention": .attention, "randn": .random,
    "rand": .random, "reduce_sum": .sum, "reduce_mean": .mean, "reduce_max": .max, "reduce_min": .min,
    "reduce_prod": .prod, "reduce_logsumexp": .logsumexp, "embedding_lookup": .embedding, "nll_loss": .nll,
    "NLLLoss": .nll,
  ]

  /// Other names of arguments.
  static let arguments = [
    "dim": "axis", "keepdim": "keepdims", "dims": "axes", "a_min": "min", "a_max": "max", "axes": "axis",
    "perm": "axes", "ddof": "correction", "k": "diagonal", "constant_values": "value", "p": "ord",
  ]

  /// Arguments that mean nothing here, with what does.
  static let labelAnswers = [
    "requires_grad": "`param` declares what training changes", "dtype": "every number is a 64-bit one",
    "training": "training drops and measures by itself, evaluation does not", "inplace": "values do not change",
    "attn_mask": "write `mask: causal`", "dropout_p": "write `dropout(x, 0.5, seed: 1)`",
    "num_layers": "write a `layer` for each", "weights": "write `sum(w * x) / sum(w)`",
    "units": "write `dense(x, 4)`", "input_shape": "the first operand has a shape",
    "kernel_initializer": "`scheme:` says which", "use_bias": "write `x @ W` for a layer without one",
    "generator": "`seed: 1` says which numbers are drawn", "device": "there is one device",
    "reduction": "a loss is a mean; `sum(…)` adds its terms up",
  ]

  /// What follows a dot without being a call.
  static let attributes = [
    "shape": "sizes are constants: write the number, or -1; the shape of a value is in its box",
    "grad": "`gradviz draw` and `check` show gradients; `gradviz train` updates every `param`",
    "data": "a value is its numbers", "size": "the shape of a value is in its box and in messages",
    "ndim": "the shape of a value is in its box and in messages", "mT": "`transpose(x, axes=[0, 2, 1])`",
    "values": "`max(x, axis=1)` is the values", "indices": "`argmax(x, axis=1)` in a metric is the positions",
    "real": "every number is real", "H": "`.T` is the transpose", "dtype": "every number is a 64-bit one",
    "weight": "the weights of a layer are `.w`", "bias": "the bias of a layer is `.b`",
  ]

  /// Methods without a function here.
  static let methods = [
    "backward": "gradients are computed without it; declare `loss L = …`", "item": "a value is its number",
    "numpy": "a value is its numbers", "tolist": "a value is its numbers",
    "size": "the shape of a value is in its box", "cuda": "there is one device", "cpu": "there is one device",
    "to": "there is one device", "float": "every number is a 64-bit one", "double": "every number is a 64-bit one",
    "long": "whole numbers are numbers", "astype": "every number is a 64-bit one",
    "requires_grad_": "`param` declares what training changes", "zero_grad": "gradients begin at 0 in every step",
    "step": "`gradviz train` takes the steps; `steps 100` says how many",
    "clone": "values do not change; use the value itself", "copy": "values do not change; use the value itself",
    "where": "write `where(mask, a, b)`", "masked_fill": "write `where(mask, number, x)`",
    "type": "every number is a 64-bit one", "contiguous": "values have no order in memory; leave it out",
    "flatten": "write `reshape(x, -1)`; `reshape(x, 4, -1)` keeps rows", "ravel": "write `reshape(x, -1)`",
    "eval": "evaluation drops nothing by itself", "train": "`gradviz train` trains",
    "forward": "write `predict ŷ = …`", "compile": "write `optimizer sgd(rate: 0.1)` and `loss L = …`",
    "predict": "write `predict ŷ = …`", "uniform_": "write `random(2, 3, seed: 1)`", "normal_": "write `randn(2, 3)`",
    "zero_": "write `zeros(2, 3)`", "fill_": "write `full([2, 3], 0.5)`",
    "retain_grad": "every value has its gradient", "dim": "messages say the shape",
    "mul_": "values do not change; write `y = x * …`", "div_": "values do not change; write `y = x / …`",
    "expand": "shapes broadcast without it", "broadcast_to": "shapes broadcast without it",
    "repeat": "write `tile(x, [2, 1])`, or `repeat(x, 2, axis=0)` for each entry in a row",
    "fit": "`gradviz train` trains", "parameters": "training changes every `param`",
    "append": "`concat([a, b])` joins arrays", "add_": "values do not change; write `y = x + …`",
    "sub_": "values do not change; write `y = x - …`",
  ]

  /// Members of libraries without a function here.
  static let members = [
    "tensor": "a list is an array: `input x = [1, 2, 3]`", "array": "a list is an array: `input x = [1, 2, 3]`",
    "Tensor": "a list is an array: `input x = [1, 2, 3]`", "asarray": "a list is an array: `input x = [1, 2, 3]`",
    "Linear": "write `layer hidden = dense(x, 4)`", "Sequential": "write one `layer` for each line",
    "Parameter": "write `param w = …`", "no_grad": "`stop_gradient(x)` passes no gradient",
    "manual_seed": "`random(2, 3, seed: 1)` has its own seed", "seed": "`random(2, 3, seed: 1)` has its own seed",
    "SGD": "write `optimizer sgd(rate: 0.1)`", "Adam": "write `optimizer adam(rate: 0.01)`",
    "Conv2d": "write `layer c = conv2d(x, 16, 3)`", "Conv1d": "write `layer c = conv1d(x, 16, 3)`",
    "Embedding": "write `layer e = embedding(ids, 27, 10)`", "LSTM": "write `layer h = lstm(x, 16)`",
    "GRU": "write `layer h = gru(x, 16)`", "RNN": "write `layer h = rnn(x, 16)`",
    "LayerNorm": "write `layer n = layer_norm(x)`", "BatchNorm1d": "write `layer n = batch_norm(x)`",
    "BatchNorm2d": "write `layer n = batch_norm(x)`", "Dropout": "write `dropout(x, 0.5, seed: 1)`",
    "Flatten": "write `reshape(x, 4, -1)`", "MaxPool2d": "write `max_pool(x, 2)`",
    "AvgPool2d": "write `avg_pool(x, 2)`", "Softmax": "write `softmax(x)`", "LogSoftmax": "write `log_softmax(x)`",
    "GELU": "write `gelu(x)`", "SiLU": "write `silu(x)`", "ELU": "write `elu(x)`",
    "LeakyReLU": "write `leaky_relu(x)`", "Softplus": "write `softplus(x)`", "Identity": "leave it out",
    "RMSNorm": "write `layer n = rms_norm(x)`", "MultiheadAttention": "write `attention(q, k, v, heads: 2)`",
    "Module": "write one `layer` for each line", "ModuleList": "write a `layer` in a `for` line",
    "AdamW": "write `optimizer adamw(rate: 0.01)`", "RMSprop": "write `optimizer rmsprop(rate: 0.01)`",
    "Adagrad": "write `optimizer adagrad(rate: 0.01)`", "StepLR": "write `schedule step(size: 30, gamma: 0.1)`",
    "ExponentialLR": "write `schedule exponential(gamma: 0.9)`",
    "CosineAnnealingLR": "write `schedule cosine(steps: 100)`", "GradientTape": "gradients are computed without it",
    "grad": "gradients are computed without it; declare `loss L = …`",
    "value_and_grad": "gradients are computed without it", "Variable": "write `param w = …`",
    "constant": "a list is an array: `input x = [1, 2, 3]`", "inf": "`where(mask, x, -1e9)` leaves numbers out",
    "nan": "numbers are finite", "newaxis": "a new axis is in an index", "c_": "write `concat([a, b], axis=1)`",
    "r_": "write `concat([a, b])`", "int32": "whole numbers are numbers", "bool": "a mask is 1 or 0",
    "Generator": "`random(2, 3, seed: 1)` has its own seed", "float32": "every number is a 64-bit one",
    "float64": "every number is a 64-bit one", "int64": "whole numbers are numbers",
    "long": "whole numbers are numbers", "BatchNormalization": "write `layer n = batch_norm(x)`",
    "LayerNormalization": "write `layer n = layer_norm(x)`",
    "clip_grad_norm_": "gradients are what they are; a smaller `rate` makes smaller steps",
    "DataLoader": "write `batch 32 shuffle`", "TensorDataset": "write `input x = …` and `target y = …`",
    "plot": "`gradviz train` plots the loss", "show": "`gradviz draw` shows every value",
    "save": "`gradviz train` saves parameters", "load": "`gradviz train` loads parameters",
    "array_equal": "write `mean(a == b)`", "ReLU": "write `relu(x)`", "Tanh": "write `tanh(x)`",
    "Sigmoid": "write `sigmoid(x)`",
  ]

  /// Functions that the language lacks, called without a library.
  static let otherFunctions = [
    "print": "`gradviz draw` shows every value; `metric m = …` prints one",
    "range": "`for t in range(3):` repeats lines", "len": "sizes are constants: write the number",
    "Linear": "write `layer hidden = dense(x, 4)`", "linear": "write `x @ W.T + b`, or `layer h = dense(x, 4)`",
    "tensor": "a list is an array: `input x = [1, 2, 3]`", "array": "a list is an array: `input x = [1, 2, 3]`",
    "Value": "write `param a = 2` or `input a = 2`", "float": "every number is a 64-bit one",
    "int": "`floor(x)` is the whole number below", "einsum": "write the product with `@` and `transpose`",
    "zeros_like": "write `0 * x`, or `zeros(2, 3)`", "ones_like": "write `ones(2, 3)`",
    "hstack": "write `concat([a, b], axis=1)`", "vstack": "write `concat([a, b], axis=0)`",
    "squared_error": "write `mse(ŷ, y)`", "add": "write `a + b`", "subtract": "write `a - b`", "sub": "write `a - b`",
    "multiply": "write `a * b`", "mul": "write `a * b`", "divide": "write `a / b`", "div": "write `a / b`",
    "true_divide": "write `a / b`", "floor_divide": "write `floor(a / b)`", "negative": "write `-x`",
    "neg": "write `-x`", "mod": "write `x - n * floor(x / n)`", "remainder": "write `x - n * floor(x / n)`",
    "reciprocal": "write `1 / x`", "rsqrt": "write `1 / sqrt(x)`", "exp2": "write `2**x`",
    "hypot": "write `sqrt(a**2 + b**2)`", "outer": "write `a[:, None] * b`", "inner": "write `a @ b`",
    "vdot": "write `a @ b`", "tensordot": "write the product with `@` and `transpose`",
    "kron": "write `a[:, None] * b`", "addmm": "write `b + x @ W`", "eq": "write `a == b`", "equal": "write `a == b`",
    "ne": "write `a != b`", "not_equal": "write `a != b`", "gt": "write `a > b`", "greater": "write `a > b`",
    "ge": "write `a >= b`", "greater_equal": "write `a >= b`", "lt": "write `a < b`", "less": "write `a < b`",
    "le": "write `a <= b`", "less_equal": "write `a <= b`", "logical_and": "write `a and b`",
    "logical_or": "write `a or b`", "logical_not": "write `not a`", "any": "write `max(mask)`",
    "all": "write `min(mask)`", "argmin": "write `argmax(-x)` in a metric",
    "flatten": "write `reshape(x, -1)`; `reshape(x, 4, -1)` keeps rows", "ravel": "write `reshape(x, -1)`",
    "normalize": "write `x / norm(x, axis=1, keepdims=True)`", "gather": "`nll(q, y)` takes the class of each row",
    "take": "write `x[[0, 2]]`", "index_select": "write `x[[0, 2]]`",
    "take_along_axis": "`nll(q, y)` takes the class of each row", "split": "a slice is a part: `x[:, 0:4]`",
    "chunk": "a slice is a part: `x[:, 0:4]`", "unbind": "write `x[0]`, `x[1]`", "diag": "write `eye(3) * x`",
    "trace": "write `sum(eye(3) * x)`", "identity": "write `eye(3)`", "empty": "write `zeros(2, 3)`",
    "full_like": "write `full([2, 3], 0.5)`", "rand_like": "write `rand(2, 3)`", "randn_like": "write `randn(2, 3)`",
    "randint": "`floor(6 * rand(2, 3))` is random whole numbers",
    "uniform": "write `random(2, 3, seed: 1)`, or `rand(2, 3)`", "normal": "write `randn(2, 3)`",
    "default_rng": "`random(2, 3, seed: 1)` has its own seed", "PRNGKey": "`random(2, 3, seed: 1)` has its own seed",
    "permutation": "write `batch 32 shuffle`", "shuffle": "write `batch 32 shuffle`",
    "choice": "write `batch 32 shuffle`", "mean_squared_error": "write `mse(ŷ, y)`",
    "mean_absolute_error": "write `mae(ŷ, y)`", "binary_crossentropy": "write `bce(p, y)`",
    "categorical_crossentropy": "write `cross_entropy(z, y)`, of scores",
    "sparse_categorical_crossentropy": "write `cross_entropy(z, y)`, of scores", "log_loss": "write `bce(p, y)`",
    "sigmoid_cross_entropy_with_logits": "write `bce_with_logits(z, y)`",
    "softmax_cross_entropy_with_logits": "write `cross_entropy(z, y)`",
    "sigmoid_focal_loss": "write `focal(z, y)`, which is a mean",
    "accuracy_score": "write `metric a = accuracy(ŷ, y)`", "loadtxt": "write `csv(\"data/iris.csv\")`",
    "genfromtxt": "write `csv(\"data/iris.csv\")`", "read_csv": "write `csv(\"data/iris.csv\")`",
    "relu6": "write `clip(x, 0, 6)`", "softsign": "write `x / (1 + abs(x))`", "mish": "write `x * tanh(softplus(x))`",
    "selu": "write `1.0507 * elu(x, alpha=1.67326)`", "hardsigmoid": "write `clip(x / 6 + 0.5, 0, 1)`",
    "clip_by_value": "write `clip(x, 0, 1)`", "reduce_variance": "write `var(x, correction=0)`",
    "reduce_std": "write `std(x, correction=0)`", "adaptive_avg_pool2d": "write `mean(x, axis=[2, 3])`",
    "zip": "`for t in range(3):` repeats lines", "enumerate": "`for t in range(3):` repeats lines",
    "list": "a list is an array: `[1, 2, 3]`", "Dense": "write `layer hidden = dense(x, 4)`",
    "Conv2D": "write `layer c = conv2d(x, 16, 3)`", "MaxPooling2D": "write `max_pool(x, 2)`",
    "Flatten": "write `reshape(x, 4, -1)`", "Sequential": "write one `layer` for each line",
    "Input": "write `input x = …`", "Model": "write one `layer` for each line",
    "Dropout": "write `dropout(x, 0.5, seed: 1)`", "Embedding": "write `layer e = embedding(ids, 27, 10)`",
    "LSTM": "write `layer h = lstm(x, 16)`", "backward": "gradients are computed without it; declare `loss L = …`",
    "grad": "gradients are computed without it; declare `loss L = …`", "scatter": "write `one_hot(classes, 3)`",
    "sort": "nothing is sorted; `max(x)` is the greatest", "topk": "`max(x, axis=1)` is the greatest",
    "median": "`mean(x)` is the mean", "isnan": "a warning names the first number that is not finite",
    "trapz": "write `sum((y[1:] + y[:-1]) / 2 * (x[1:] - x[:-1]))`", "diff": "write `x[1:] - x[:-1]`",
    "MLP": "write one `layer` for each line", "Neuron": "write `tanh(x @ w + b)`",
    "Layer": "write `layer h = dense(x, 4)`", "open": "`csv(…)` and `characters(…)` read files",
    "σ": "write `sigmoid(z)`", "cov": "write `(x - mean(x, axis=0)).T @ (x - mean(x, axis=0)) / 4`",
    "xavier_uniform_": "write `random(2, 3, scheme: xavier_uniform, seed: 1)`",
    "kaiming_normal_": "write `random(2, 3, scheme: kaiming_normal, seed: 1)`",
  ]

  /// The first words of lines that the language lacks.
  static let firstWords = [
    "import": "nothing is imported: all functions are there", "from": "nothing is imported: all functions are there",
    "parameter": "write `param w = …`", "weight": "write `param w = …`", "weights": "write `param w = …`",
    "variable": "write `param w = …`", "var": "write `param w = …`", "let": "write `name = …`",
    "const": "write `name = …`", "bias": "write `param b = …`", "data": "write `input x = …`",
    "label": "write `target y = …`", "labels": "write `target y = …`", "output": "write `predict ŷ = …`",
    "prediction": "write `predict ŷ = …`", "cost": "write `loss L = …`", "learning_rate": "write `rate 0.1`",
    "lr": "write `rate 0.1`", "epochs": "write `steps 100`", "iterations": "write `steps 100`",
    "batch_size": "write `batch 32`", "class": "a `layer` or a `def` names a part of a network",
    "print": "`gradviz draw` shows every value; `metric m = …` prints one",
    "while": "`for t in range(3):` repeats lines", "return": "`return` ends the body of a `def`",
    "lambda": "write `def f(x) = …`", "function": "write `def f(x) = …`", "func": "write `def f(x) = …`",
    "else": "it follows an `if`", "elif": "write `else:` and an `if` in it",
    "with": "`stop_gradient(x)` passes no gradient", "assert": "`gradviz check` compares gradients",
    "seed": "each `random`, `layer` and `batch` has its own `seed`", "fn": "write `def f(x) = …`",
    "train": "`gradviz train` trains; `steps 100` says how long", "test": "write `holdout 1/5`",
    "try": "`gradviz check` reports every mistake", "raise": "`gradviz check` reports every mistake",
    "global": "names are known everywhere below their line", "optim": "write `optimizer sgd(rate: 0.1)`",
    "epoch": "write `steps 100`", "num_epochs": "write `steps 100`",
    "activation": "write `layer h = dense(x, 4, relu)`", "del": "values stay", "pass": "leave the line out",
    "model": "write one `layer` for each line",
  ]

  /// What stands behind an expression, with what is meant.
  static let endings = ["if": "write `where(condition, a, b)`", "else": "write `where(condition, a, b)`"]
}
