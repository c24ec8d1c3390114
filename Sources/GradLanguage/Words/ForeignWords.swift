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
    "inf": "`where(mask, x, -1e9)` leaves numbers out", "nan": "numbers are finite", "π": "write `pi`",
    "true": "a mask is 1 or 0", "false": "a mask is 1 or 0", "null": "leave it out", "nil": "leave it out",
    "Infinity": "`where(mask, x, -1e9)` leaves numbers out", "NaN": "numbers are finite",
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
    "NLLLoss": .nll, "kl": .klDivergence, "kl_divergence": .klDivergence,
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
    "RMSNorm": "write `layer n = rms_norm(x)`", "MultiheadAttention": "write `layer a = attention(x, heads: 2)`",
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
}
