/// What calls of a function pass to it, and how they are written.
extension Vocabulary.Function {
  /// What a `layer` line labels.
  var labelsOfLayer: [String] {
    switch self {
    case .conv1d, .conv2d: labels + ["activation", "seed"]
    case .attention: labels + ["seed"]
    case .embedding, .rnn, .gru, .lstm: ["seed"]
    default: labels
    }
  }

  var labels: [String] {
    switch self {
    case .sum, .mean, .max, .min, .logsumexp: ["axis", "keepdims"]
    case .softmax, .logSoftmax, .concat, .stack, .repeat, .flip, .cumsum, .squeeze, .unsqueeze: ["axis"]
    case .prod: ["axis", "keepdims"]
    case .variance, .deviation: ["axis", "correction", "keepdims", "unbiased"]
    case .norm: ["ord", "axis", "keepdims"]
    case .transpose: ["axes"]
    case .gelu: ["approximate"]
    case .elu: ["alpha"]
    case .leakyReLU: ["negative_slope"]
    case .hardtanh: ["min_val", "max_val"]
    case .clip: ["min", "max"]
    case .pad: ["value", "mode"]
    case .tril, .triu: ["diagonal"]
    case .conv1d, .conv2d: ["stride", "padding", "dilation", "groups"]
    case .maxPool, .averagePool: ["stride"]
    case .attention: ["mask", "heads", "is_causal"]
    case .layerNorm, .rmsNorm: ["eps"]
    case .batchNorm: ["eps", "momentum", "training"]
    case .dropout: ["p", "seed", "training"]
    case .rnn, .gru: ["h0"]
    case .lstm: ["h0", "c0"]
    case .smoothL1: ["beta"]
    case .cosineSimilarity: ["axis"]
    case .focal: ["alpha", "gamma"]
    case .crossEntropy: ["label_smoothing", "ignore_index"]
    case .nll: ["ignore_index"]
    case .random: ["seed", "scheme"]
    case .dense: ["activation", "scheme", "seed"]
    case .huber: ["delta"]
    case .argmax: ["axis"]
    case .accuracy: ["threshold"]
    case .csv: ["columns", "rows", "header", "decimal"]
    default: []
    }
  }

  /// The names of the operands in Python's libraries, for calls that write them.
  var operandNames: [[String]] {
    switch self {
    case .conv1d, .conv2d: [["input"], ["weight"], ["bias"]]
    case .maxPool, .averagePool: [["input"], ["kernel_size"]]
    case .mse, .mae, .huber, .bce, .bceWithLogits, .crossEntropy, .nll, .smoothL1, .klDivergence:
      [["input"], ["target"]]
    case .cosineSimilarity: [["x1"], ["x2"]]
    case .where: [["condition"], ["input", "x"], ["other", "y"]]
    case .pow: [["input"], ["exponent"]]
    case .matmul: [["input"], ["other"]]
    case .linspace: [["start"], ["end", "stop"], ["steps", "num"]]
    case .arange: [["start"], ["end", "stop"], ["step"]]
    case .full: [["size", "shape"], ["fill_value"]]
    case .zeros, .ones: [["size", "shape"]]
    case .repeat: [["input", "a"], ["repeats"]]
    case .tile: [["input", "A"], ["dims", "reps"]]
    case .oneHot: [["input", "indices"], ["num_classes", "depth"]]
    case .attention: [["query"], ["key"], ["value"]]
    case .layerNorm, .rmsNorm: [["input"], ["normalized_shape", "weight"], ["weight", "bias"], ["bias"]]
    case .batchNorm: [["input"], ["weight"], ["bias"]]
    case .norm: [["input", "x"], ["ord"]]
    case .pad: [["input", "array"], ["pad", "pad_width"]]
    case .transpose: [["input", "a"], ["dim0", "axis1"], ["dim1", "axis2"]]
    default: []
    }
  }

  /// The labels that may follow the operands without being named.
  var placedLabels: [String] {
    switch self {
    case .conv1d, .conv2d: ["stride", "padding", "dilation", "groups"]
    case .maxPool, .averagePool: ["stride"]
    case .norm: ["axis"]
    case .pad: ["mode", "value"]
    default: []
    }
  }

  /// How a `layer` line is written.
  var layerUsage: String {
    switch self {
    case .conv1d, .conv2d: "layer c = \(rawValue)(x, 16, 3, relu)"
    case .embedding: "layer e = embedding(ids, 27, 10)"
    case .rnn, .gru, .lstm: "layer h = \(rawValue)(x, 16)"
    case .attention: "layer a = attention(x, mask: causal, heads: 2)"
    case .layerNorm, .batchNorm, .rmsNorm: "layer n = \(rawValue)(x)"
    default: "layer h = \(usage)"
    }
  }

  /// How a call is written.
  var usage: String {
    switch self {
    case .max, .min: "\(rawValue)(a, b)` or `\(rawValue)(x, axis=0)"
    case .sum, .mean, .logsumexp, .prod: "\(rawValue)(x, axis=0, keepdims=True)"
    case .variance, .deviation: "\(rawValue)(x, axis=0, correction=1, keepdims=True)"
    case .norm: "norm(x, ord=2, axis=0, keepdims=True)"
    case .softmax, .logSoftmax: "\(rawValue)(x, axis=1)"
    case .cumsum, .flip, .squeeze, .unsqueeze: "\(rawValue)(x, axis=0)"
    case .transpose: "transpose(x, axes=[0, 2, 1])"
    case .zeros, .ones: "\(rawValue)(2, 3)"
    case .random: "random(2, 3, seed: 1, scheme: normal)"
    case .csv: "csv(\"data/iris.csv\", columns: [a, b], rows: 0:50)"
    case .characters: "characters(\"data/names.txt\", 4)"
    case .oneHot: "one_hot(classes, 3)"
    case .mse, .mae, .hinge, .smoothL1: "\(rawValue)(ŷ, y)"
    case .huber: "huber(ŷ, y, delta=1)"
    case .bce: "bce(p, y)"
    case .bceWithLogits: "bce_with_logits(z, y)"
    case .crossEntropy: "cross_entropy(z, y, label_smoothing=0.1, ignore_index=-1)"
    case .nll: "nll(q, y, ignore_index=-1)"
    case .klDivergence: "kl_div(q, p)"
    case .focal: "focal(z, y, alpha=0.25, gamma=2)"
    case .cosineSimilarity: "cosine_similarity(a, b, axis=-1)"
    case .argmax: "argmax(z, axis=1)"
    case .accuracy: "accuracy(ŷ, y, threshold=0.5)"
    case .dense: "dense(x, 16, relu)"
    case .gelu: "gelu(x, approximate=\"tanh\")"
    case .elu: "elu(x, alpha=1)"
    case .leakyReLU: "leaky_relu(x, negative_slope=0.01)"
    case .hardtanh: "hardtanh(x, min_val=-1, max_val=1)"
    case .where: "where(mask, a, b)"
    case .clip: "clip(x, min=0, max=1)"
    case .concat, .stack: "\(rawValue)([a, b], axis=0)"
    case .reshape: "reshape(x, 2, -1)"
    case .repeat: "repeat(x, 2, axis=0)"
    case .tile: "tile(x, [2, 1])"
    case .pad: "pad(x, [[1, 1], [0, 2]], value=0)"
    case .tril, .triu: "\(rawValue)(x, diagonal=0)"
    case .arange: "arange(0, 6, 2)"
    case .linspace: "linspace(0, 1, 5)"
    case .eye: "eye(3)"
    case .full: "full([2, 3], 0.5)"
    case .embedding: "embedding(E, ids)"
    case .matmul, .pow: "\(rawValue)(a, b)"
    case .conv1d, .conv2d: "\(rawValue)(x, W, b, stride=1, padding=0, dilation=1, groups=1)"
    case .maxPool, .averagePool: "\(rawValue)(x, 2, stride=2)"
    case .attention: "attention(q, k, v, mask: causal, heads: 2)"
    case .layerNorm: "layer_norm(x, g, b, eps=1e-5)"
    case .batchNorm: "batch_norm(x, g, b, eps=1e-5, momentum=0.1)"
    case .rmsNorm: "rms_norm(x, g, eps=1e-5)"
    case .dropout: "dropout(x, 0.5, seed: 3)"
    case .rnn, .gru: "\(rawValue)(x, W, U, b, h0=h)"
    case .lstm: "lstm(x, W, U, b, h0=h, c0=c)"
    default: "\(rawValue)(x)"
    }
  }
}
