import Autograd

/// Operations of other frameworks that are made of the engine's: what they compute, and with it their gradients.
///
/// A file may say anything, so each is recorded only where its operands fit.
struct RecordedModule {
  let tape: Tape
  let facts: ComputationGraph.RecordedFacts
  let shape: [Int]
  let operands: [Int]

  /// Records the operation; nil where it is not known, or where its operands do not fit it.
  func record() -> Int? {
    guard let name = facts.operation, facts.output ?? 0 == 0 else { return nil }
    guard let result = Self.makers.first(where: { $0.names.contains(name) })?.make(self) else { return nil }
    guard result.shape == shape else { return nil }
    // What is the operand itself still has a gradient of its own.
    guard operands.contains(result.index) else { return result.index }
    return shape.isEmpty ? tape.list(.sum, [result.index]) : tape.reshape(result.index, shape)
  }

  private static let makers: [(names: [String], make: @Sendable (RecordedModule) -> Tensor?)] = [
    (["linear"], { $0.linear() }), (["addmm"], { $0.addedProduct() }),
    (["layer_norm"], { $0.layerNorm() }), (["rms_norm"], { $0.rmsNorm() }), (["batch_norm"], { $0.batchNorm() }),
    (["embedding"], { $0.embedding() }), (["conv2d"], { $0.conv2d() }), (["conv1d"], { $0.conv1d() }),
    (["max_pool2d"], { $0.pool(GradvizGraph.maxPool) }), (["avg_pool2d"], { $0.pool(GradvizGraph.averagePool) }),
    (["scaled_dot_product_attention"], { $0.attention() }), (["dropout"], { $0.dropout() }),
    (["cross_entropy", "nll_loss"], { $0.classLoss() }),
    (["mse_loss", "l1_loss", "binary_cross_entropy", "binary_cross_entropy_with_logits"], { $0.pairLoss() }),
    (["sum", "mean", "amax", "amin", "var", "std", "logsumexp"], { $0.reduction() }),
    (["softmax", "log_softmax"], { $0.softmax() }),
    (["where", "masked_fill"], { $0.choice() }), (["tril", "triu"], { $0.triangle() }),
    (["expand", "expand_as", "broadcast_to"], { $0.expanded() }), (["stack"], { $0.stacked() }),
    (["clone", "to", "contiguous", "float", "double", "identity"], { $0.identity() }),
    (functions.map(\.name), { $0.function() }),
  ]

  // MARK: Parts

  func tensor(_ place: Int) -> Tensor { Tensor(tape: tape, index: operands[place]) }

  func argument(_ name: String, _ place: Int) -> Tensor? {
    facts.place(of: name, orAt: place, count: operands.count).map { tensor($0) }
  }

  func constant(_ value: Double) -> Tensor { Tensor(tape.constant(value)) }

  func number(_ name: String) -> Double? { facts.attribute(name)?.number }
  func isTrue(_ name: String) -> Bool { facts.attribute(name)?.isTrue ?? false }
  /// A whole number for both axes of a window; nil where there are two.
  func size(_ name: String, _ usual: Int) -> Int? {
    guard let sizes = facts.attribute(name)?.integers else { return facts.attribute(name) == nil ? usual : nil }
    guard let first = sizes.first, sizes.allSatisfy({ $0 == first }) else { return sizes.isEmpty ? usual : nil }
    return first
  }

  // MARK: Products

  private func linear() -> Tensor? {
    guard let x = argument("input", 0), let w = argument("weight", 1), w.shape.count == 2,
      let width = x.shape.last, width == w.shape[1]
    else { return nil }
    let product = x.shape.count == 1 ? matmul(w, x) : matmul(x, w.transposed)
    guard let bias = argument("bias", 2) else { return product }
    return bias.shape == [w.shape[0]] ? product + bias : nil
  }

  private func addedProduct() -> Tensor? {
    guard operands.count == 3, number("alpha") ?? 1 == 1, number("beta") ?? 1 == 1 else { return nil }
    let (a, b) = (tensor(1), tensor(2))
    guard a.shape.count == 2, b.shape.count == 2, a.shape[1] == b.shape[0] else { return nil }
    guard Shapes.broadcast(tensor(0).shape, [a.shape[0], b.shape[1]]) == shape else { return nil }
    return tensor(0) + matmul(a, b)
  }

  private func embedding() -> Tensor? {
    guard let table = argument("weight", 1), let rows = argument("input", 0), table.shape.count == 2 else { return nil }
    let places = rows.data.compactMap { Int(exactly: $0) }
    guard places.count == rows.data.count, !places.isEmpty, places.allSatisfy((0..<table.shape[0]).contains),
      Shapes.count(shape) == places.count * table.shape[1]
    else { return nil }
    return Autograd.embedding(table, places).reshaped(to: shape)
  }

  private func attention() -> Tensor? {
    guard operands.count == 3, let q = argument("query", 0), let k = argument("key", 1), let v = argument("value", 2),
      number("dropout_p") ?? 0 == 0, facts.attribute("scale") == nil, !isTrue("enable_gqa")
    else { return nil }
    let rank = q.shape.count
    guard (2...4).contains(rank), k.shape.count == rank, v.shape.count == rank,
      Array(q.shape.dropLast(2)) == Array(k.shape.dropLast(2)),
      Array(k.shape.dropLast(2)) == Array(v.shape.dropLast(2)),
      q.shape[rank - 1] == k.shape[rank - 1], k.shape[rank - 2] == v.shape[rank - 2]
    else { return nil }
    return Autograd.attention(q, k, v, isCausal: isTrue("is_causal"))
  }

  // MARK: Norms

  private func affine(_ x: Tensor, width: Int) -> (scale: Tensor?, shift: Tensor?)? {
    let (scale, shift) = (argument("weight", 1), argument("bias", 2))
    guard [scale, shift].allSatisfy({ $0 == nil || $0?.shape == [width] }) else { return nil }
    return (scale, shift)
  }

  private func layerNorm() -> Tensor? {
    guard let x = argument("input", 0), let width = x.shape.last, let parts = affine(x, width: width),
      facts.attribute("normalized_shape")?.integers ?? [width] == [width]
    else { return nil }
    return Autograd.layerNorm(x, scale: parts.scale, shift: parts.shift, epsilon: number("eps") ?? 1e-5)
  }

  private func rmsNorm() -> Tensor? {
    guard let x = argument("input", 0), let width = x.shape.last, let parts = affine(x, width: width),
      facts.attribute("normalized_shape")?.integers ?? [width] == [width]
    else { return nil }
    return Autograd.rmsNorm(x, scale: parts.scale, epsilon: number("eps") ?? 1.1920928955078125e-07)
  }

  private func batchNorm() -> Tensor? {
    guard let x = argument("input", 0), (2...4).contains(x.shape.count), let parts = affine(x, width: x.shape[1]) else {
      return nil
    }
    let epsilon = number("eps") ?? 1e-5
    if isTrue("training") { return Autograd.batchNorm(x, scale: parts.scale, shift: parts.shift, epsilon: epsilon) }
    guard let mean = argument("running_mean", 3), let variance = argument("running_var", 4),
      mean.shape == [x.shape[1]], variance.shape == [x.shape[1]]
    else { return nil }
    let channels = [x.shape[1]] + [Int](repeating: 1, count: x.shape.count - 2)
    func each(_ part: Tensor) -> Tensor { part.reshaped(to: channels) }
    let result = (x - each(mean)) / sqrt(each(variance) + epsilon)
    let scaled = parts.scale.map { result * each($0) } ?? result
    return parts.shift.map { scaled + each($0) } ?? scaled
  }

  // MARK: Numbers that move

  private func choice() -> Tensor? {
    if facts.operation == "masked_fill" {
      guard let x = argument("input", 0), let mask = argument("mask", 1), let value = number("value"),
        Shapes.broadcast(x.shape, mask.shape) == x.shape
      else { return nil }
      return choose(mask, constant(value), x)
    }
    guard operands.count == 3 else { return nil }
    let (mask, first, second) = (tensor(0), tensor(1), tensor(2))
    guard let pair = Shapes.broadcast(first.shape, second.shape), Shapes.broadcast(mask.shape, pair) == shape else {
      return nil
    }
    return choose(mask, first, second)
  }

  private func triangle() -> Tensor? {
    guard operands.count == 1, tensor(0).shape.count == 2 else { return nil }
    let diagonal = facts.attribute("diagonal")?.integer ?? 0
    guard diagonal.magnitude < 1 << 30 else { return nil }
    return facts.operation == "tril"
      ? tensor(0).lowerTriangle(diagonal: diagonal) : tensor(0).upperTriangle(diagonal: diagonal)
  }

  private func expanded() -> Tensor? {
    guard !operands.isEmpty, Shapes.broadcast(tensor(0).shape, shape) == shape else { return nil }
    let zeros = tape.array([Double](repeating: 0, count: Shapes.count(shape) ?? 0), shape: shape, role: .constant)
    return tensor(0) + zeros
  }

  private func stacked() -> Tensor? {
    let first = tensor(0).shape
    guard operands.allSatisfy({ tape.shape(of: $0) == first }),
      let axis = Shapes.normalized(facts.attribute("dim")?.integer ?? 0, rank: first.count + 1)
    else { return nil }
    return stack(operands.indices.map { tensor($0) }, axis: axis)
  }

  private func identity() -> Tensor? {
    guard operands.count == 1, tensor(0).shape == shape else { return nil }
    return tensor(0)
  }
}
