import CAutograd

/// Products of matrices, and the gradients of what puts arrays together.
extension Tape {
  func multiply(_ node: ArrayNode, _ a: ArrayLoops.Elements, _ b: ArrayLoops.Elements, into y: ArrayLoops.Target) {
    guard let size = node.product else { return }
    let step = size.rows * size.columns
    for (number, place) in size.batches.enumerated() {
      gradviz_matrix_product(
        size.rows, size.inner, size.columns, a + place.left, size.inner, 1, b + place.right, size.columns, 1,
        y + number * step, 0)
    }
  }

  /// G·Bᵀ for the left operand, Aᵀ·G for the right one.
  func backwardProduct(_ node: ArrayNode, _ upstream: UnsafeMutablePointer<Double>) {
    guard let size = node.product else { return }
    let (rows, inner, columns) = (size.rows, size.inner, size.columns)
    if size.batches.count == 1 {
      if let (left, isEmpty) = gradient(to: node.a) {
        gradviz_matrix_product(
          rows, columns, inner, upstream, columns, 1, elements(node.b), 1, columns, left, isEmpty ? 0 : 1)
      }
      if let (right, isEmpty) = gradient(to: node.b) {
        gradviz_matrix_product(
          inner, rows, columns, elements(node.a), 1, inner, upstream, columns, 1, right, isEmpty ? 0 : 1)
      }
      return
    }
    let (left, right) = (filledGradient(to: node.a), filledGradient(to: node.b))
    let (a, b) = (elements(node.a), elements(node.b))
    for (number, place) in size.batches.enumerated() {
      let passed = upstream + number * rows * columns
      if let left {
        gradviz_matrix_product(
          rows, columns, inner, passed, columns, 1, b + place.right, 1, columns, left + place.left, 1)
      }
      if let right {
        gradviz_matrix_product(
          inner, rows, columns, a + place.left, 1, inner, passed, columns, 1, right + place.right, 1)
      }
    }
  }

  /// Each part gets back its section.
  func backwardConcat(_ node: ArrayNode, _ upstream: UnsafeMutablePointer<Double>) {
    for part in node.parts { _ = filledGradient(to: part) }
    forEachRun(of: node) { part, start, place, length in
      guard let (target, _) = gradient(to: part) else { return }
      for offset in 0..<length { target[start + offset] += upstream[place + offset] }
    }
  }
}
