import Autograd

/// Checks calls: the number of arguments, their labels and their meaning.
extension Checker {
  mutating func checkCall(_ call: CallSyntax, _ operands: [Int], _ node: Int) throws(Issue) -> Fact {
    guard let function = Vocabulary.Function(rawValue: call.name) else {
      throw unknownFunction(call)
    }
    if operands.contains(where: { facts[$0].category == .poisoned }) { return .poisoned }
    let arguments = try translated(try arguments(of: call, operands, for: function), function, call, node)
    let values = arguments.values
    switch function {
    case _ where Computation.ElementFunction(rawValue: function.rawValue) != nil:
      try require(values, 1...1, call, node)
      guard let element = Computation.ElementFunction(rawValue: function.rawValue) else { return .poisoned }
      return try computed(.elementwise(element), values, node)
    case .max, .min:
      try require(values, 1...2, call, node)
      if values.count == 2, namesAxis(call, values) {
        return try reduction(call, function, arguments, axisOperand: values[1], node)
      }
      if values.count == 2 {
        if let axis = arguments.label("axis") {
          throw Issue(
            axis.span, "`\(call.name)` of two values takes no axis",
            hint: "with one value, it reduces along the axis")
        }
        return try computed(function == .max ? .maximum : .minimum, values, node)
      }
      return try reduction(call, function, arguments, axisOperand: nil, node)
    case .sum, .mean, .logsumexp:
      try require(values, 1...2, call, node)
      return try reduction(call, function, arguments, axisOperand: values.dropFirst().first, node)
    case .softmax:
      try require(values, 1...2, call, node)
      let rank = facts[values[0]].shape.count
      guard rank > 0 else {
        throw Issue(tree.nodes[node].span, "`softmax` takes a vector or a matrix, not a scalar")
      }
      let axis = try axis(arguments, values.dropFirst().first) ?? rank - 1
      return try computed(.softmax(axis: Shapes.normalized(axis, rank: rank) ?? axis), [values[0]], node)
    case .zeros, .ones, .random, .csv, .characters, .oneHot: return try data(function, call, arguments, node)
    case .standardize: return try standardized(values, node)
    case .mse, .mae, .huber, .hinge, .bce, .bceWithLogits, .crossEntropy, .nll:
      try require(values, 2...2, call, node)
      return try loss(function, arguments, node)
    case .argmax, .accuracy:
      guard case .declaration(.metric) = tree.statements[present].kind else {
        throw Issue(
          call.nameSpan, "`\(call.name)` has no gradient",
          hint: "use it in a line `metric \(call.name) = …`")
      }
      return try metric(function, arguments, call, node)
    case .dense:
      throw Issue(
        call.nameSpan, "`dense` declares parameters, so it must be the whole line",
        hint: "write `layer hidden = dense(…)`")
    default: return try arrayCall(function, call, arguments, node)
    }
  }

  private func unknownFunction(_ call: CallSyntax) -> Issue {
    if symbolByName[call.name] != nil {
      return Issue(
        call.nameSpan, "`\(call.name)` is a value, not a function",
        hint: "write a product as `\(call.name) * (…)`")
    }
    return Issue(
      call.nameSpan, "unknown function `\(call.name)`",
      hint: ForeignWords.otherFunctions[call.name]
        ?? Spelling.suggestion(for: call.name, among: Vocabulary.functionNames))
  }

  /// Whether a call is the whole of a `layer` line.
  private func isLayer(_ node: Int) -> Bool {
    guard case .declaration(.layer) = tree.statements[present].kind else { return false }
    return tree.statements[present].root == node
  }

  func require(_ values: [Int], _ counts: ClosedRange<Int>, _ call: CallSyntax, _ node: Int) throws(Issue) {
    guard !counts.contains(values.count) else { return }
    let (least, most) = (counts.lowerBound, counts.upperBound)
    let wanted =
      most == least
      ? "\(least) \(least == 1 ? "argument" : "arguments")"
      : "\(least) \(most == least + 1 ? "or" : "to") \(most) arguments"
    throw Issue(
      tree.nodes[node].span, "`\(call.name)` takes \(wanted), not \(values.count)",
      hint: Vocabulary.Function(rawValue: call.name).map { "write `\(isLayer(node) ? $0.layerUsage : $0.usage)`" })
  }

  private mutating func reduction(
    _ call: CallSyntax, _ name: Vocabulary.Function, _ arguments: Arguments, axisOperand: Int?, _ node: Int
  ) throws(Issue) -> Fact {
    guard let function = Computation.ReductionFunction(rawValue: name.rawValue) else { return .poisoned }
    let value = arguments.values[0]
    if let places = try places(in: arguments, axisOperand, of: value, node) {
      return try reduced(name, arguments, along: places, of: value, node)
    }
    let axis = try axis(arguments, axisOperand)
    let shape = facts[value].shape
    let rank = shape.count
    if try flag(arguments.label("keepdims")), facts[value].category == .value {
      let place = try place(in: arguments, axisOperand, of: value, node)
      return try composed(name.rawValue, [value], kept(shape, place), steps: 2, node) {
        let reduced = Computation.reduction(function, axis: place).apply($0)
        return reduced.reshaped(to: Checker.kept(shape, place))
      }
    }
    return try computed(
      .reduction(function, axis: axis.map { Shapes.normalized($0, rank: rank) ?? $0 }), [value], node)
  }

  /// `axis=1`, `axis: 1` or a second argument.
  func axis(_ arguments: Arguments, _ operand: Int?) throws(Issue) -> Int? {
    if let operand, let label = arguments.label("axis") {
      throw Issue(
        label.span, "the axis is given twice", hint: "leave `\(source.string(tree.nodes[operand].span))` out")
    }
    guard let operand = operand ?? arguments.label("axis")?.operand else { return nil }
    guard let number = facts[operand].constant?.scalar, number == number.rounded() else {
      throw Issue(
        tree.nodes[operand].span, "an axis must be a constant whole number",
        hint: "0 runs down the rows, 1 across the columns")
    }
    return try integer(operand, "an axis")
  }
}
