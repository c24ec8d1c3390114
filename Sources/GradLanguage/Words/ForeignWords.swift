/// The words that users of Python, NumPy and PyTorch type, with what they are in this language: another spelling of the
/// same, or an answer that says the right one.
///
/// `ForeignWordTests` types every one of them.
enum ForeignWords {
  /// Libraries in front of a dot; the function behind it is meant.
  static let modules: Set<String> = ["torch", "np", "numpy", "F", "nn", "math", "jnp", "jax", "tf"]

  /// Other names of functions.
  static let functions: [String: Vocabulary.Function] = [
    "amax": .max, "amin": .min, "maximum": .max, "minimum": .min, "average": .mean, "absolute": .abs, "fabs": .abs,
    "ln": .log, "expit": .sigmoid, "arcsin": .asin, "arccos": .acos, "arctan": .atan,
    "dot": .matmul, "mm": .matmul, "bmm": .matmul, "mv": .matmul, "power": .pow,
    "concatenate": .concat, "cat": .concat, "permute": .transpose, "swapaxes": .transpose, "t": .transpose,
    "view": .reshape, "expand_dims": .unsqueeze, "clamp": .clip, "detach": .stopGradient, "swish": .silu,
    "product": .prod, "logsoftmax": .logSoftmax, "logsigmoid": .logSigmoid,
    "repeat_interleave": .repeat,
    "mse_loss": .mse, "MSELoss": .mse, "l1_loss": .mae, "L1Loss": .mae, "huber_loss": .huber, "HuberLoss": .huber,
    "binary_cross_entropy": .bce, "BCELoss": .bce, "binary_cross_entropy_with_logits": .bceWithLogits,
    "BCEWithLogitsLoss": .bceWithLogits, "CrossEntropyLoss": .crossEntropy, "smooth_l1_loss": .smoothL1,
    "max_pool2d": .maxPool, "avg_pool2d": .averagePool, "scaled_dot_product_attention": .attention,
    "sigmoid_focal_loss": .focal, "nll_loss": .nll, "NLLLoss": .nll,
  ]

  /// Other names of arguments.
  static let arguments = ["dim": "axis", "keepdim": "keepdims", "dims": "axes", "a_min": "min", "a_max": "max"]

  /// Arguments that mean nothing here, with what does.
  static let labelAnswers = [
    "requires_grad": "`param` declares what training changes", "dtype": "every number is a 64-bit one",
    "device": "there is one device", "reduction": "a loss is a mean; `sum(…)` adds its terms up",
  ]

  /// What follows a dot without being a call.
  static let attributes = [
    "shape": "the shape of a value is in its box and in messages", "grad": "`gradviz draw` and `check` show gradients",
    "data": "a value is its numbers", "size": "the shape of a value is in its box and in messages",
    "ndim": "the shape of a value is in its box and in messages", "mT": "`transpose(x, axes=[0, 2, 1])`",
    "weight": "the weights of a layer are `.w`", "bias": "the bias of a layer is `.b`",
  ]

  /// Methods without a function here.
  static let methods = [
    "backward": "gradients are computed without it; declare `loss L = …`", "item": "a value is its number",
    "numpy": "a value is its numbers", "tolist": "a value is its numbers", "size": "the shape of a value is in its box",
    "cuda": "there is one device", "cpu": "there is one device", "to": "there is one device",
    "float": "every number is a 64-bit one", "double": "every number is a 64-bit one",
    "long": "whole numbers are numbers", "astype": "every number is a 64-bit one",
    "requires_grad_": "`param` declares what training changes",
    "zero_grad": "gradients begin at 0 in every step",
    "step": "`gradviz train` takes the steps; `steps 100` says how many",
    "clone": "values do not change; use the value itself", "copy": "values do not change; use the value itself",
    "expand": "shapes broadcast without it", "broadcast_to": "shapes broadcast without it",
    "repeat": "write `tile(x, [2, 1])`, or `repeat(x, 2, axis=0)` for each entry in a row",
    "fit": "`gradviz train` trains", "parameters": "training changes every `param`",
    "append": "`concat([a, b])` joins arrays",
    "add_": "values do not change; write `y = x + …`", "sub_": "values do not change; write `y = x - …`",
  ]

  /// Members of libraries without a function here.
  static let members = [
    "tensor": "a list is an array: `input x = [1, 2, 3]`", "array": "a list is an array: `input x = [1, 2, 3]`",
    "Tensor": "a list is an array: `input x = [1, 2, 3]`", "asarray": "a list is an array: `input x = [1, 2, 3]`",
    "Linear": "write `layer hidden = dense(x, 4)`", "Sequential": "write one `layer` for each line",
    "Parameter": "write `param w = …`", "no_grad": "`stop_gradient(x)` passes no gradient",
    "manual_seed": "`random(2, 3, seed: 1)` has its own seed", "seed": "`random(2, 3, seed: 1)` has its own seed",
    "SGD": "write `optimizer sgd(rate: 0.1)`", "Adam": "write `optimizer adam(rate: 0.01)`",
    "randn": "write `random(2, 3, scheme: normal, seed: 1)`", "rand": "write `random(2, 3, seed: 1)`",
    "Conv2d": "write `layer c = conv2d(x, 16, 3)`", "Conv1d": "write `layer c = conv1d(x, 16, 3)`",
    "Embedding": "write `layer e = embedding(ids, 27, 10)`", "LSTM": "write `layer h = lstm(x, 16)`",
    "GRU": "write `layer h = gru(x, 16)`", "RNN": "write `layer h = rnn(x, 16)`",
    "LayerNorm": "write `layer n = layer_norm(x)`", "BatchNorm1d": "write `layer n = batch_norm(x)`",
    "BatchNorm2d": "write `layer n = batch_norm(x)`", "Dropout": "write `dropout(x, 0.5, seed: 1)`",
    "ReLU": "write `relu(x)`", "Tanh": "write `tanh(x)`", "Sigmoid": "write `sigmoid(x)`",
  ]

  /// Functions that the language lacks, called without a library.
  static let otherFunctions = [
    "print": "`gradviz draw` shows every value; `metric m = …` prints one",
    "range": "`for t in range(3):` repeats lines",
    "len": "sizes are constants: write the number", "Linear": "write `layer hidden = dense(x, 4)`",
    "linear": "write `layer hidden = dense(x, 4)`", "tensor": "a list is an array: `input x = [1, 2, 3]`",
    "array": "a list is an array: `input x = [1, 2, 3]`", "Value": "write `param a = 2` or `input a = 2`",
    "randn": "write `random(2, 3, scheme: normal, seed: 1)`", "rand": "write `random(2, 3, seed: 1)`",
    "float": "every number is a 64-bit one", "int": "`floor(x)` is the whole number below",
    "einsum": "write the product with `@` and `transpose`", "zeros_like": "write `0 * x`, or `zeros(2, 3)`",
    "ones_like": "write `ones(2, 3)`", "hstack": "write `concat([a, b], axis=1)`",
    "vstack": "write `concat([a, b], axis=0)`",
    "squared_error": "write `mse(ŷ, y)`",
  ]

  /// The first words of lines that the language lacks.
  static let firstWords = [
    "import": "nothing is imported: all functions are there", "from": "nothing is imported: all functions are there",
    "parameter": "write `param w = …`", "weight": "write `param w = …`",
    "weights": "write `param w = …`", "variable": "write `param w = …`", "var": "write `param w = …`",
    "let": "write `name = …`", "const": "write `name = …`", "bias": "write `param b = …`",
    "data": "write `input x = …`",
    "label": "write `target y = …`", "labels": "write `target y = …`", "output": "write `predict ŷ = …`",
    "prediction": "write `predict ŷ = …`", "cost": "write `loss L = …`", "learning_rate": "write `rate 0.1`",
    "lr": "write `rate 0.1`", "epochs": "write `steps 100`", "iterations": "write `steps 100`",
    "batch_size": "write `batch 32`", "class": "a `layer` or a `def` names a part of a network",
    "print": "`gradviz draw` shows every value; `metric m = …` prints one",
    "while": "`for t in range(3):` repeats lines",
    "return": "`return` ends the body of a `def`", "lambda": "write `def f(x) = …`", "function": "write `def f(x) = …`",
    "func": "write `def f(x) = …`", "else": "it follows an `if`", "elif": "write `else:` and an `if` in it",
    "with": "`stop_gradient(x)` passes no gradient", "assert": "`gradviz check` compares gradients",
    "del": "values stay", "pass": "leave the line out", "model": "write one `layer` for each line",
  ]

  /// What stands behind an expression, with what is meant.
  static let endings = ["if": "write `where(condition, a, b)`", "else": "write `where(condition, a, b)`"]
}
