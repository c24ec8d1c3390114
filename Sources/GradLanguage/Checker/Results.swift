import Autograd

/// Infers what operations give: the shape, the numbers if they are constant, and what it costs.
struct Results {
  let scope: NameScope

  /// The fact of an operation whose shapes are checked here; literal operands yield a literal.
  func computed(_ computation: Computation, _ operands: [Int], _ node: Int) throws(Issue) -> Fact {
    let span = scope.span(node)
    for operand in operands {
      if scope[operand].category == .poisoned { return .poisoned }
      if scope[operand].category == .text {
        throw scope.noValue(operand)
      }
    }
    let shapes = operands.map { scope[$0].shape }
    let shape = try resultShape(computation, operands, shapes, node)
    let others = computation.otherEntries(operands: shapes)
    try scope.budget.requireSize(shape, others: others, span)
    scope.budget.totalElements += others
    // `x[:]`, `+x` and the transpose of a vector are the value itself.
    var computation = computation
    switch computation {
    case .transpose where shape.count < 2: computation = .passOn
    case .index(let position) where position.allSatisfy({ $0 == .all }): computation = .passOn
    default: break
    }
    var fact = Fact(shape: shape, computation: computation)
    fact.isMask = computation.isMask
    fact.isData = operands.allSatisfy { scope[$0].isData }
    if case .passOn = computation { fact.symbol = scope[operands[0]].symbol }
    let scalarCount = computation.scalarCount(operands: shapes, result: shape)
    let work = Swift.max(scalarCount, shapes.reduce(0) { $0 + Double(Shapes.count($1) ?? 0) })
    try scope.budget.countOperations(work, span)
    let constants = operands.compactMap { scope[$0].constant }
    if constants.count == operands.count {
      let tape = Tape()
      let leaves = constants.map { tape.array($0.numbers, shape: $0.shape, role: .constant, name: nil) }
      fact.constant = Constant(shape: shape, numbers: computation.apply(leaves).data)
      fact.isLiteral = operands.allSatisfy { scope[$0].isLiteral }
    }
    if !fact.isLiteral { scope.budget.scalarCount += scalarCount }
    return fact
  }

  /// A computation composed of several operations.
  func composed(
    _ name: String, _ operands: [Int], _ shape: [Int], steps: Int, isScope: Bool = false, phased: Phased? = nil,
    _ node: Int, apply: @escaping @Sendable ([Tensor]) -> Tensor
  ) throws(Issue) -> Fact {
    var composition = Composition(
      name: name, shape: shape, operands: operands, operandCount: operands.count, steps: steps, isScope: isScope,
      apply: apply)
    composition.phased = phased
    var fact = try computed(.composed(composition), operands, node)
    guard phased != nil, fact.category == .value else { return fact }
    // It is not the same number in training and in evaluation.
    (fact.constant, fact.isLiteral, fact.isData) = (nil, false, false)
    return fact
  }

  /// The fact of an operation on one-hot rows of data, whose shape and operands the caller has checked.
  ///
  /// - Parameters:
  ///   - operands: the shapes of its operands as they are computed.
  ///   - others: the entries beside the result.
  ///   - operations: the scalar operations of one pass.
  func counted(
    _ computation: Computation, operands: [[Int]], shape: [Int], others: Int, operations: Double, _ span: Span
  ) throws(Issue) -> Fact {
    try scope.budget.requireSize(shape, others: others, span)
    scope.budget.totalElements += others
    try scope.budget.countOperations(operations, span)
    scope.budget.scalarCount += computation.scalarCount(operands: operands, result: shape)
    return Fact(shape: shape, computation: computation)
  }

  /// The fact of a call that changes nothing, such as `pad(x, 0)`: it is the operand, under a second name.
  func unchanged(_ fact: Fact, _ operand: Int) -> Fact {
    var fact = fact
    fact.symbol = scope[operand].symbol
    return fact
  }
}
