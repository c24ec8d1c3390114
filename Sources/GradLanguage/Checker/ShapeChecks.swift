import Autograd

/// Checks that shapes fit, with messages that name the operands.
extension Results {
  func resultShape(_ computation: Computation, _ operands: [Int], _ shapes: [[Int]], _ node: Int)
    throws(Issue) -> [Int]
  {
    let span = scope.span(node)
    let a = shapes[0]
    switch computation {
    case .passOn, .negate, .not, .power, .elementwise: return a
    case .composed(let composition): return composition.shape
    case .embedding: return Array(a.dropLast()) + shapes[1].dropFirst()
    case .binary(.matrixMultiply): return try productShape(operands, a, shapes[1], span)
    case .binary, .maximum, .minimum:
      let b = shapes[1]
      guard let shape = Shapes.broadcast(a, b) else {
        throw Issue(span, "\(scope.misfit(operands, a, b, span)): \(Self.broadcastMisfit(a, b))")
      }
      return shape
    case .transpose: return a.reversed()
    case .softmax(let axis):
      guard Shapes.reduce(a, axis: axis) != nil else { throw scope.noAxis(axis, operands[0], a, span) }
      return a
    case .reduction(_, let axis):
      guard let shape = Shapes.reduce(a, axis: axis) else {
        throw scope.noAxis(axis ?? 0, operands[0], a, span)
      }
      return shape
    case .index(let position):
      return try indexShape(position, operands[0], node)
    case .loss(let function, _):
      let b = shapes[1]
      // Broadcasting a column against a row would pair every sample with every other one.
      let comparesRows = [.crossEntropy, .crossEntropyOfDistributions].contains(function)
      guard a == b || !comparesRows && (a.isEmpty || b.isEmpty) else {
        func isColumn(_ shape: [Int], _ other: [Int]) -> Bool {
          shape.count == 2 && shape[1] == 1
            && (other == [shape[0]] || comparesRows && other.first == shape[0])
        }
        let column = isColumn(a, b) ? operands[0] : isColumn(b, a) ? operands[1] : nil
        throw Issue(
          span, "\(scope.misfit(operands, a, b, span)): a loss compares entry by entry",
          hint: column.map { "`\(scope.subject($0, or: "…"))[:, 0]` is a vector" })
      }
      return []
    case .crossEntropyOfClasses, .accuracy: return []
    case .argmax(let axis):
      guard let shape = Shapes.reduce(a, axis: axis) else {
        throw scope.noAxis(axis ?? 0, operands[0], a, span)
      }
      return shape
    case .layer(let layer): return layer.shape
    }
  }

  private func productShape(_ operands: [Int], _ a: [Int], _ b: [Int], _ span: Span) throws(Issue) -> [Int] {
    if let shape = Shapes.product(a, b) { return shape }
    guard let inner = a.last, let other = b.first else {
      throw Issue(
        span, "\(scope.misfit(operands, a, b, span)): `@` multiplies vectors and matrices",
        hint: "multiply by a scalar with `*`")
    }
    let hint: String? =
      b.count == 2 && b[1] == inner
      ? "its transpose `\(transposed(operands[1]))` fits"
      : a.count == 2 && a[0] == other ? "the transpose `\(transposed(operands[0]))` fits" : nil
    throw Issue(
      span, "\(scope.misfit(operands, a, b, span)): the inner sizes \(inner) and \(other) differ", hint: hint)
  }

  /// The operand's transpose in source form: `.T` binds tighter than operators and signs.
  private func transposed(_ node: Int) -> String {
    let text = scope.subject(node, or: "…")
    let start = scope.span(node).start
    switch scope.tree.nodes[node].kind {
    case .negate, .identity:
      return scope.source.bytes[start] == UInt8(ascii: "(") ? "\(text).T" : "(\(text)).T"
    case .binary:
      // The span of a parenthesized group starts before its first operand.
      let isGroup = scope.tree.operands(of: node).first.map { scope.span(Int($0)).start > start } ?? false
      return isGroup ? "\(text).T" : "(\(text)).T"
    default: return "\(text).T"
    }
  }

  private static func broadcastMisfit(_ a: [Int], _ b: [Int]) -> String {
    for (x, y) in zip(a.reversed(), b.reversed()) where x != y && x != 1 && y != 1 {
      return "sizes \(x) and \(y) do not match"
    }
    return "the sizes do not match"
  }

  func indexShape(_ position: [AxisIndex], _ operand: Int, _ node: Int) throws(Issue) -> [Int] {
    let shape = scope[operand].shape
    guard let result = Shapes.index(shape, position) else {
      throw Issue(
        scope.span(node),
        "\(scope.subject(operand, or: "the value")) \(Shapes.phrase(shape)) and takes "
          + (shape.isEmpty
            ? "no index"
            : "at most \(shape.count) \(shape.count == 1 ? "index" : "indices"), not \(position.count)"))
    }
    return result
  }
}
