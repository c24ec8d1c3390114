import Autograd

/// The library in whose words a call is written, by what stands in front of its name.
enum Library {
  case numpy, torch, jax, keras

  /// - Parameter written: such as `torch.nn.functional.pad`.
  init?(_ written: String) {
    let words = written.split(separator: ".").map { $0.filter { !$0.isWhitespace } }
    guard words.count > 1 else { return nil }
    switch words[0] {
    case "np", "numpy", "jnp": self = .numpy
    case "jax": self = words.contains("numpy") ? .numpy : .jax
    case "torch", "F", "nn": self = .torch
    case "tf", "keras": self = .keras
    default: return nil
    }
  }
}

/// Calls that mean something else in the library in whose words they are written: its own meaning, or an answer.
extension Checker {
  func library(_ call: CallSyntax) -> Library? { Library(source.string(call.nameSpan)) }

  /// The arguments as they are meant.
  ///
  /// - Throws: what this language writes in another way.
  func translated(
    _ arguments: Arguments, _ function: Vocabulary.Function, _ call: CallSyntax, _ node: Int
  ) throws(Issue) -> Arguments {
    var arguments = arguments
    let (library, span) = (library(call), tree.nodes[node].span)
    let written = source.string(call.nameSpan)
    let values = arguments.values
    let rank = values.first.map { facts[$0].shape.count } ?? 0
    func answer(_ message: String, _ hint: String) -> Issue { Issue(span, "`\(written)` \(message)", hint: hint) }
    if let training = arguments.label("training"), try !flag(training) {
      throw answer("does what training does in training, and what evaluation does there", "leave `training` out")
    }
    switch (function, library) {
    case (.variance, _), (.deviation, _):
      if library == .numpy { arguments.presets["correction"] = 0 }
      if let unbiased = arguments.label("unbiased") {
        arguments.presets["correction"] = try flag(unbiased) ? 1 : 0
      }
    case (.layerNorm, .torch), (.rmsNorm, .torch): try dropSizes(&arguments, written, span)
    case (.batchNorm, .torch): try dropStatistics(&arguments, written, span)
    case (.softmax, .torch), (.logSoftmax, .torch):
      guard rank > 2, values.count == 1, arguments.label("axis") == nil else { break }
      throw answer(
        "of \(rank) axes is along axis \(rank == 3 ? 0 : 1) in PyTorch, and along the last one here",
        "say which: `\(call.name)(x, axis=-1)`")
    case (.cosineSimilarity, .torch) where rank > 2 && arguments.label("axis") == nil:
      throw answer(
        "is along axis 1 in PyTorch, and along the last one here", "say which: `cosine_similarity(a, b, axis=1)`")
    case (.crossEntropy, .torch), (.nll, .torch):
      arguments.presets["ignore_index"] = -100
      guard rank > 2 else { break }
      throw answer(
        "has the classes along axis 1 in PyTorch, and along the last one here",
        "`reshape(z, -1, \(facts[values[0]].shape[rank - 1]))` has a row for each choice")
    case (.gelu, .jax) where arguments.label("approximate") == nil:
      throw answer("is an approximation in JAX", "write `gelu(x, approximate=\"tanh\")`, or `gelu(x)` for x · Φ(x)")
    case (.leakyReLU, .keras) where values.count == 1 && arguments.labelled.isEmpty:
      throw answer("has another slope in Keras", "say which: `leaky_relu(x, negative_slope=0.2)`")
    case (.mse, .keras), (.mae, .keras), (.huber, .keras), (.hinge, .keras), (.klDivergence, .keras),
      (.cosineSimilarity, .keras):
      throw answer("takes the target first, and gives a number for each row", "write `\(function.usage)`")
    case (.norm, _) where written.contains("linalg"):
      let isMatrix = arguments.label("axis").map { facts[$0.operand].shape.count == 1 } ?? (rank == 2)
      guard isMatrix, values.count > 1 || arguments.label("ord") != nil else { break }
      throw answer(
        "of an order is a norm of the matrix as a map",
        "`norm(x)` is the root of all squares, `norm(x, axis=1)` that of each row")
    case (.matmul, _) where written.hasSuffix("dot"):
      guard values.count == 2, values.contains(where: { facts[$0].shape.count > 2 }) else { break }
      throw answer("of more than two axes pairs every matrix with every other", "`a @ b` pairs them one by one")
    case (.where, _) where call.isMethod:
      throw answer("as a method takes the values first", "write `where(mask, a, b)`")
    default: break
    }
    return arguments
  }

  /// `F.layer_norm(x, (4,), g, b)` says over how many features.
  private func dropSizes(_ arguments: inout Arguments, _ written: String, _ span: Span) throws(Issue) {
    guard arguments.values.count > 1 else { return }
    let (x, sizes) = (facts[arguments.values[0]].shape, facts[arguments.values[1]])
    guard let size = x.last, sizes.isLiteral, sizes.constant?.numbers == [Double(size)] else {
      throw Issue(
        span, "`\(written)` takes the sizes of the axes that it normalises: here `(\(x.last ?? 1),)`, the last one",
        hint: "or write `\(written.hasSuffix("rms_norm") ? "rms_norm(x, g)" : "layer_norm(x, g, b)")`")
    }
    arguments.values.remove(at: 1)
  }

  /// `F.batch_norm(x, None, None, g, b)` says that it keeps no running mean and variance.
  private func dropStatistics(_ arguments: inout Arguments, _ written: String, _ span: Span) throws(Issue) {
    let values = arguments.values
    guard values.count > 1 else { return }
    guard values.count > 2, isWord("None", values[1]), isWord("None", values[2]) else {
      throw Issue(
        span, "`\(written)` takes the running mean and variance, which gradviz keeps itself",
        hint: "write `batch_norm(x, g, b)`")
    }
    arguments.values.removeSubrange(1...2)
  }

  /// Whether the second of two operands of a maximum is the axis, as in NumPy and PyTorch: in `x.max(0)`, `np.max(x, 0)`
  /// and `amax(x, 0)`, not in `max(x, 0)` and `np.maximum(x, 0)`.
  func namesAxis(_ call: CallSyntax, _ values: [Int]) -> Bool {
    guard facts[values[1]].isLiteral, facts[values[1]].constant?.integer != nil, !facts[values[0]].shape.isEmpty else {
      return false
    }
    let written = source.string(call.nameSpan)
    guard !written.hasSuffix("imum") else { return false }
    return call.isMethod || written.contains(".") || written.hasPrefix("a")
  }

  /// `x.max(1)[0]` are the values in PyTorch, which gives their positions with them, and the first of them in NumPy.
  func requireNoPair(_ indexed: Int, _ items: [IndexItem], _ operands: [Int]) throws(Issue) {
    guard case .call(let number) = tree.nodes[indexed].kind, items.count == 1, case .value = items[0],
      let place = operands.dropFirst().first.flatMap({ facts[$0].constant?.integer }), (0...1).contains(place)
    else { return }
    let call = tree.calls[number]
    // `amax` and `reduce_max` give the values alone.
    guard ["max", "min"].contains(source.string(call.nameSpan).split(separator: ".").last), library(call) != .numpy
    else { return }
    let own = tree.operands(of: indexed).map(Int.init)
    let isPlaced = call.labels.count > 1 && call.labels[0] == nil && call.labels[1] == nil && namesAxis(call, own)
    let words = call.labels.compactMap { $0?.name }
    let isOfNumPy = words.contains("keepdims")
    guard isPlaced && !isOfNumPy || words.contains("dim") || words.contains("keepdim") else { return }
    let span = tree.nodes[indexed].span
    let text = "\(source.string(span))[\(place)]"
    throw Issue(
      span, "`\(text)` is a row of the result, not one of a pair as in PyTorch",
      hint: "`\(call.name)(x, axis=1)` is the values; `argmax(x, axis=1)` in a metric is their positions")
  }
}
