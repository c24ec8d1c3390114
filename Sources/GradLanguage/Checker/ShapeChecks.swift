import Autograd

/// Checks that shapes fit, with messages that name the operands.
extension Checker {
  func resultShape(_ computation: Computation, _ operands: [Int], _ shapes: [[Int]], _ node: Int)
    throws(Issue) -> [Int]
  {
    let span = tree.nodes[node].span
    let a = shapes[0]
    switch computation {
    case .passOn, .negate, .not, .power, .elementwise: return a
    case .composed(let composition): return composition.shape
    case .embedding: return Array(a.dropLast()) + shapes[1].dropFirst()
    case .binary(.matrixMultiply): return try productShape(operands, a, shapes[1], span)
    case .binary, .maximum, .minimum:
      let b = shapes[1]
      guard let shape = Shapes.broadcast(a, b) else {
        throw Issue(span, "\(misfit(operands, a, b, span)): \(Self.broadcastMisfit(a, b))")
      }
      return shape
    case .transpose: return a.reversed()
    case .softmax(let axis):
      return try Shapes.reduce(a, axis: axis) == nil ? noAxis(axis, operands[0], a, span) : a
    case .reduction(_, let axis):
      guard let shape = Shapes.reduce(a, axis: axis) else {
        return try noAxis(axis ?? 0, operands[0], a, span)
      }
      return shape
    case .index(let position):
      return try indexShape(position, operands, a, node)
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
          span, "\(misfit(operands, a, b, span)): a loss compares entry by entry",
          hint: column.map { "`\(subject($0, or: "…"))[:, 0]` is a vector" })
      }
      return []
    case .crossEntropyOfClasses, .accuracy: return []
    case .argmax(let axis):
      guard let shape = Shapes.reduce(a, axis: axis) else {
        return try noAxis(axis ?? 0, operands[0], a, span)
      }
      return shape
    case .layer(let layer): return layer.shape
    }
  }

  private func productShape(_ operands: [Int], _ a: [Int], _ b: [Int], _ span: Span) throws(Issue) -> [Int] {
    if let shape = Shapes.product(a, b) { return shape }
    guard let inner = a.last, let other = b.first else {
      throw Issue(
        span, "\(misfit(operands, a, b, span)): `@` multiplies vectors and matrices",
        hint: "multiply by a scalar with `*`")
    }
    let hint: String? =
      b.count == 2 && b[1] == inner
      ? "its transpose `\(transposed(operands[1]))` fits"
      : a.count == 2 && a[0] == other ? "the transpose `\(transposed(operands[0]))` fits" : nil
    throw Issue(
      span, "\(misfit(operands, a, b, span)): the inner sizes \(inner) and \(other) differ", hint: hint)
  }

  /// Such as `` `x @ w`: x is 4×3, w has 2 entries ``.
  func misfit(_ operands: [Int], _ a: [Int], _ b: [Int], _ span: Span) -> String {
    let whole = source.excerpt(span, limit: 40).map { "`\($0)`: " } ?? ""
    let left = subject(operands[0], or: "the left side")
    let right = subject(operands[1], or: "the right side")
    return "\(whole)\(left) \(Shapes.phrase(a)), \(right) \(Shapes.phrase(b))"
  }

  func subject(_ node: Int, or fallback: String) -> String {
    source.excerpt(tree.nodes[node].span, limit: 24) ?? fallback
  }

  /// The operand's transpose in source form: `.T` binds tighter than operators and signs.
  private func transposed(_ node: Int) -> String {
    let text = subject(node, or: "…")
    let start = tree.nodes[node].span.start
    switch tree.nodes[node].kind {
    case .negate, .identity:
      return source.bytes[start] == UInt8(ascii: "(") ? "\(text).T" : "(\(text)).T"
    case .binary:
      // The span of a parenthesized group starts before its first operand.
      let isGroup = tree.operands(of: node).first.map { tree.nodes[Int($0)].span.start > start } ?? false
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

  func noAxis(_ axis: Int, _ operand: Int, _ shape: [Int], _ span: Span) throws(Issue) -> [Int] {
    let name = subject(operand, or: "the operand")
    throw Issue(
      span, "axis \(axis) is out of range: \(name) \(Shapes.phrase(shape))",
      hint: shape.isEmpty
        ? nil : shape.count == 1 ? "a vector has axis 0" : "a matrix has axes 0 (down) and 1 (across)")
  }
}
