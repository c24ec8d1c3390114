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

extension CallSyntax {
  /// The name as it is written, such as `np.max`.
  func written(in scope: NameScope) -> String { scope.source.string(nameSpan) }

  func library(in scope: NameScope) -> Library? { Library(written(in: scope)) }

  /// Whether the second of two operands of a maximum is the axis, as in NumPy and PyTorch: in `x.max(0)`, `np.max(x, 0)`
  /// and `amax(x, 0)`, not in `max(x, 0)` and `np.maximum(x, 0)`.
  func namesAxis(_ values: [Int], in scope: NameScope) -> Bool {
    guard scope[values[1]].isLiteral, scope[values[1]].constant?.integer != nil, !scope[values[0]].shape.isEmpty else {
      return false
    }
    let written = written(in: scope)
    guard !written.hasSuffix("imum") else { return false }
    return isMethod || written.contains(".") || written.hasPrefix("a")
  }
}

/// Calls that mean something else in the library in whose words they are written: its own meaning, or an answer.
extension Call {
  /// The call as it is meant.
  ///
  /// - Throws: what this language writes in another way.
  func translated() throws(Issue) -> Call {
    var call = self
    let (library, span) = (library, span)
    let written = syntax.written(in: scope)
    let rank = values.first.map { scope[$0].shape.count } ?? 0
    func answer(_ message: String, _ hint: String) -> Issue { Issue(span, "`\(written)` \(message)", hint: hint) }
    if label("training") != nil, try !flag("training") {
      throw answer("does what training does in training, and what evaluation does there", "leave `training` out")
    }
    switch (function, library) {
    case (.variance, _), (.deviation, _):
      if library == .numpy { call.presets["correction"] = 0 }
      if label("unbiased") != nil { call.presets["correction"] = try flag("unbiased") ? 1 : 0 }
    case (.layerNorm, .torch), (.rmsNorm, .torch): try dropSizes(&call, written, span)
    case (.batchNorm, .torch): try dropStatistics(&call, written, span)
    case (.softmax, .torch), (.logSoftmax, .torch):
      guard rank > 2, values.count == 1, label("axis") == nil else { break }
      throw answer(
        "of \(rank) axes is along axis \(rank == 3 ? 0 : 1) in PyTorch, and along the last one here",
        "say which: `\(name)(x, axis=-1)`")
    case (.cosineSimilarity, .torch) where rank > 2 && label("axis") == nil:
      throw answer(
        "is along axis 1 in PyTorch, and along the last one here", "say which: `cosine_similarity(a, b, axis=1)`")
    case (.crossEntropy, .torch), (.nll, .torch):
      call.presets["ignore_index"] = -100
      guard rank > 2 else { break }
      throw answer(
        "has the classes along axis 1 in PyTorch, and along the last one here",
        "`reshape(z, -1, \(scope[values[0]].shape[rank - 1]))` has a row for each choice")
    case (.gelu, .jax) where label("approximate") == nil:
      throw answer("is an approximation in JAX", "write `gelu(x, approximate=\"tanh\")`, or `gelu(x)` for x · Φ(x)")
    case (.leakyReLU, .keras) where values.count == 1 && labelled.isEmpty:
      throw answer("has another slope in Keras", "say which: `leaky_relu(x, negative_slope=0.2)`")
    case (.mse, .keras), (.mae, .keras), (.huber, .keras), (.hinge, .keras), (.klDivergence, .keras),
      (.cosineSimilarity, .keras):
      throw answer("takes the target first, and gives a number for each row", "write `\(function.usage)`")
    case (.norm, _) where written.contains("linalg"):
      let isMatrix = label("axis").map { scope[$0.operand].shape.count == 1 } ?? (rank == 2)
      guard isMatrix, values.count > 1 || label("ord") != nil else { break }
      throw answer(
        "of an order is a norm of the matrix as a map",
        "`norm(x)` is the root of all squares, `norm(x, axis=1)` that of each row")
    case (.matmul, _) where written.hasSuffix("dot"):
      guard values.count == 2, values.contains(where: { scope[$0].shape.count > 2 }) else { break }
      throw answer("of more than two axes pairs every matrix with every other", "`a @ b` pairs them one by one")
    case (.where, _) where syntax.isMethod:
      throw answer("as a method takes the values first", "write `where(mask, a, b)`")
    default: break
    }
    return call
  }

  /// `F.layer_norm(x, (4,), g, b)` says over how many features.
  private func dropSizes(_ call: inout Call, _ written: String, _ span: Span) throws(Issue) {
    guard call.values.count > 1 else { return }
    let (x, sizes) = (scope[call.values[0]].shape, scope[call.values[1]])
    guard let size = x.last, sizes.isLiteral, sizes.constant?.numbers == [Double(size)] else {
      throw Issue(
        span, "`\(written)` takes the sizes of the axes that it normalises: here `(\(x.last ?? 1),)`, the last one",
        hint: "or write `\(written.hasSuffix("rms_norm") ? "rms_norm(x, g)" : "layer_norm(x, g, b)")`")
    }
    call.values.remove(at: 1)
  }

  /// `F.batch_norm(x, None, None, g, b)` says that it keeps no running mean and variance.
  private func dropStatistics(_ call: inout Call, _ written: String, _ span: Span) throws(Issue) {
    let values = call.values
    guard values.count > 1 else { return }
    guard values.count > 2, scope.isWord("None", values[1]), scope.isWord("None", values[2]) else {
      throw Issue(
        span, "`\(written)` takes the running mean and variance, which gradviz keeps itself",
        hint: "write `batch_norm(x, g, b)`")
    }
    call.values.removeSubrange(1...2)
  }
}

extension IndexChecker {
  /// `x.max(1)[0]` are the values in PyTorch, which gives their positions with them, and the first of them in NumPy.
  func requireNoPair(_ indexed: Int, _ items: [IndexItem], _ operands: [Int]) throws(Issue) {
    guard case .call(let number) = scope.tree.nodes[indexed].kind, items.count == 1, case .value = items[0],
      let place = operands.dropFirst().first.flatMap({ scope[$0].constant?.integer }), (0...1).contains(place)
    else { return }
    let call = scope.tree.calls[number]
    // `amax` and `reduce_max` give the values alone.
    guard ["max", "min"].contains(call.written(in: scope).split(separator: ".").last), call.library(in: scope) != .numpy
    else { return }
    let own = scope.tree.operands(of: indexed).map(Int.init)
    let isPlaced =
      call.labels.count > 1 && call.labels[0] == nil && call.labels[1] == nil && call.namesAxis(own, in: scope)
    let words = call.labels.compactMap { $0?.name }
    let isOfNumPy = words.contains("keepdims")
    guard isPlaced && !isOfNumPy || words.contains("dim") || words.contains("keepdim") else { return }
    let span = scope.span(indexed)
    let text = "\(scope.source.string(span))[\(place)]"
    throw Issue(
      span, "`\(text)` is a row of the result, not one of a pair as in PyTorch",
      hint: "`\(call.name)(x, axis=1)` is the values; `argmax(x, axis=1)` in a metric is their positions")
  }
}
