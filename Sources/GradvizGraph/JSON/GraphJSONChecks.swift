import Autograd

/// What makes a node of a file one that the engine could have recorded.
extension ComputationGraph.Node {
  /// The error in the operands of the node's operation, or nil.
  fileprivate func misfit(operandShapes shapes: [[Int]], level: ComputationGraph.Level) -> (
    field: String, message: String
  )? {
    guard let operation else {
      return operands.isEmpty || facts?.operation != nil
        ? nil : ("operation", "a node with operands needs an operation")
    }
    let name = "`\(operation.rawValue)`"
    func takes(_ message: String) -> (String, String) { ("operation", "\(name) takes \(message)") }
    if level == .scalar, Tape.Operation.ofArrays.contains(operation) {
      return ("operation", "\(name) takes arrays, but this is a scalar graph")
    }
    let expected: [Int]?
    switch operation {
    case let pair where pair.isElementPair && pair != .power:
      guard shapes.count == 2 else { return takes("two operands") }
      expected = Shapes.broadcast(shapes[0], shapes[1])
    case .power:
      guard shapes.count == (exponent == nil ? 2 : 1) else {
        return takes("two operands, or one and an `exponent`")
      }
      expected = shapes.count == 1 ? shapes[0] : Shapes.broadcast(shapes[0], shapes[1])
    case let function where function.isElementFunction:
      guard shapes.count == 1 else { return takes("one operand") }
      expected = shapes[0]
    case .softmax:
      guard shapes.count == 1, !shapes[0].isEmpty else { return takes("one array") }
      guard axis != nil || shapes[0].count == 1 else { return ("axis", "\(name) of a matrix needs an axis") }
      if let axis, Shapes.normalized(axis, rank: shapes[0].count) == nil {
        return ("axis", Self.noAxis(axis, of: shapes[0]))
      }
      expected = shapes[0]
    case .sum, .mean, .maximumReduction, .minimumReduction, .logSumExp:
      guard !shapes.isEmpty else { return takes("at least one operand") }
      if let problem = misfit(ofReduced: shapes, name) { return problem }
      expected = shapes.count > 1 || shapes[0].isEmpty ? [] : Shapes.reduce(shapes[0], axis: axis)
    case .matrixMultiply:
      guard shapes.count == 2 else { return takes("two operands") }
      expected = Shapes.matrixMultiply(shapes[0], shapes[1])
    case .transpose, .reshape, .concat:
      if let problem = misfit(ofMoved: shapes, operation) { return problem }
      expected = movedShape(shapes, operation)
    case .index:
      guard shapes.count == 1 else { return takes("one operand") }
      guard let position else { return ("position", "\(name) needs a position") }
      expected = Shapes.index(shapes[0], position)
      if expected == nil {
        return ("position", "the position is out of range for shape \(Shapes.text(shapes[0]))")
      }
    default: return nil
    }
    guard let expected, expected == shape else {
      return ("operation", "the shapes of the operands of \(name) do not give \(Shapes.text(shape))")
    }
    return nil
  }

  /// The shape that a transpose, a reshape or a concatenation gives.
  private func movedShape(_ shapes: [[Int]], _ operation: Tape.Operation) -> [Int]? {
    switch operation {
    case .transpose: transposedShape(shapes[0])
    case .reshape: Shapes.count(shapes[0]) == Shapes.count(shape) ? shape : nil
    default: axis.flatMap { Shapes.concat(shapes, axis: $0) }
    }
  }

  private func misfit(ofMoved shapes: [[Int]], _ operation: Tape.Operation) -> (field: String, message: String)? {
    let name = "`\(operation.rawValue)`"
    if operation == .concat {
      guard !shapes.isEmpty else { return ("operation", "\(name) takes at least one operand") }
      return axis == nil ? ("axis", "\(name) needs an axis") : nil
    }
    guard shapes.count == 1 else { return ("operation", "\(name) takes one operand") }
    guard operation == .transpose, transposedShape(shapes[0]) == nil else { return nil }
    return ("position", "\(name) of \(shapes[0].count) axes needs each of them once in `position`")
  }

  /// The same of a reduction: numbers, or one array that may have an axis.
  private func misfit(ofReduced shapes: [[Int]], _ name: String) -> (field: String, message: String)? {
    if shapes.count > 1 || shapes[0].isEmpty {
      guard shapes.allSatisfy(\.isEmpty) else {
        return ("operation", "\(name) takes one array, or any number of scalars")
      }
      return axis == nil ? nil : ("axis", "scalars have no axis")
    }
    guard let axis, Shapes.normalized(axis, rank: shapes[0].count) == nil else { return nil }
    return ("axis", Self.noAxis(axis, of: shapes[0]))
  }

  private static func noAxis(_ axis: Int, of shape: [Int]) -> String {
    "axis \(axis) is out of range for shape \(Shapes.text(shape)); use 0 to \(shape.count - 1)"
  }
}

extension ComputationGraph {
  /// The error in a decoded node, after its operands, and the member it is in; nil if there is none.
  func problem(of index: Int) -> (field: String, message: String)? {
    let node = nodes[index]
    guard node.shape.count <= 8, let count = Shapes.count(node.shape), count > 0 else {
      return ("shape", "expected the sizes of at most 8 axes")
    }
    guard level == .tensor || node.shape.isEmpty else { return ("shape", "a scalar graph has only scalars") }
    for (field, numbers) in [("value", node.value), ("gradient", node.gradient), ("updated", node.updated)] {
      if let numbers, numbers.count != count {
        return (field, Self.expected(count, not: numbers.count))
      }
    }
    for (number, pass) in (node.facts?.contributions ?? []).enumerated() where pass.count != count {
      return ("contributions[\(number)]", Self.expected(count, not: pass.count))
    }
    for (number, term) in node.updateTerms.enumerated() where term.value.count != count {
      return ("updateTerms[\(number)].value", Self.expected(count, not: term.value.count))
    }
    if let local = node.localDerivatives {
      guard level == .scalar else { return ("localDerivatives", "a tensor graph has no local derivatives") }
      guard local.count == node.operands.count else {
        return (
          "localDerivatives", "expected one number for each of the \(node.operands.count) operands"
        )
      }
    }
    if let lane = node.lane, !(0..<laneCount).contains(lane) {
      return (
        "lane",
        laneCount == 0
          ? "the graph has no lanes; `laneCount` says how many it has"
          : "`laneCount` is \(laneCount), so lanes go from 0 to \(laneCount - 1)"
      )
    }
    return node.stray ?? node.misfit(operandShapes: node.operands.map { nodes[$0].shape }, level: level)
  }

  /// Why the graph cannot be worked with at all, as one put together by hand may be; nil for what a tape or a file gives.
  package var misfit: String? {
    if let loss, !nodes.indices.contains(loss) { return "the loss is not one of the graph's values" }
    for (index, node) in nodes.enumerated() {
      let count = Shapes.count(node.shape)
      if !node.operands.allSatisfy((0..<index).contains) {
        return "an operand of `\(node.name)` does not stand before it"
      }
      if [node.value, node.gradient, node.updated].contains(where: { $0 != nil && $0?.count != count }) {
        return "`\(node.name)` has more or fewer numbers than its shape"
      }
      if let local = node.localDerivatives, local.count != node.operands.count {
        return "`\(node.name)` has more or fewer local derivatives than operands"
      }
      if let lane = node.lane, lane < 0 || lane >= laneCount {
        return "`\(node.name)` has lane \(lane), but the graph has \(laneCount) lanes"
      }
    }
    return nil
  }

  private static func expected(_ count: Int, not other: Int) -> String {
    "expected \(count) \(count == 1 ? "number" : "numbers"), found \(other)"
  }
}

extension ComputationGraph.Node {
  /// A member that belongs to a different operation.
  fileprivate var stray: (field: String, message: String)? {
    let name = operation.map { "`\($0.rawValue)`" } ?? "a leaf"
    if exponent != nil, operation != .power { return ("exponent", "\(name) has no exponent") }
    if axis != nil, !Tape.Operation.withAxis.contains(operation) { return ("axis", "\(name) has no axis") }
    if position != nil, operation != .index, operation != .transpose { return ("position", "\(name) has no position") }
    return nil
  }
}

extension Tape.Operation {
  fileprivate static let ofArrays: Set<Tape.Operation> = [
    .softmax, .matrixMultiply, .transpose, .index, .reshape, .concat,
  ]
  fileprivate static let withAxis: Set<Tape.Operation?> = [
    .sum, .mean, .maximumReduction, .minimumReduction, .logSumExp, .softmax, .concat,
  ]
}
