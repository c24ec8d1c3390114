/// Recording of operations that move numbers without changing them.
extension Tape {
  /// Records the axes in another order; without one, in reverse.
  package func transpose(_ a: Int, axes: [Int]? = nil) -> Int {
    let shape = shape(of: a)
    let order = axes ?? Array(shape.indices.reversed())
    guard let result = Shapes.transpose(shape, order) else {
      preconditionFailure("transpose: \(order) does not name each axis of \(description(of: a)) once")
    }
    // A matrix has one transpose; its order goes without saying.
    let position = shape.count > 2 ? order.map(AxisIndex.position) : nil
    return array(.transpose, a, nil, shape: result, position: position)
  }

  /// Records the same numbers in another shape.
  package func reshape(_ a: Int, _ shape: [Int]) -> Int {
    precondition(
      Shapes.count(shape) == Shapes.count(self.shape(of: a)),
      "reshape: \(description(of: a)) does not fit the shape \(Shapes.text(shape))")
    return array(.reshape, a, nil, shape: shape)
  }

  /// Records arrays one after another along an axis.
  package func concat(_ parts: [Int], axis: Int) -> Int {
    guard let first = parts.first, let shape = Shapes.concat(parts.map(shape(of:)), axis: axis) else {
      preconditionFailure("concat: the arrays differ in more than axis \(axis)")
    }
    let normalized = Shapes.normalized(axis, rank: shape.count) ?? 0
    return array(.concat, first, nil, shape: shape, axis: normalized, parts: parts)
  }

  // MARK: Concatenation

  /// Calls `body` for each part of a concatenation, for each run of its numbers that stays together: the part, where
  /// the run begins in it and in the result, and its length.
  func forEachRun(of node: ArrayNode, _ body: (Int, Int, Int, Int) -> Void) {
    let axis = node.axis ?? 0
    var outer = 1
    for size in node.shape[..<axis] { outer *= size }
    guard outer > 0 else { return }
    let width = node.values.count / outer
    var start = 0
    for part in node.parts {
      let own = elementCount(part) / outer
      for row in 0..<outer { body(part, row * own, row * width + start, own) }
      start += own
    }
  }
}
