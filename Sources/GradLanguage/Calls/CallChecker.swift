import Autograd

/// Checks calls: the number of arguments, their labels and their meaning.
struct CallChecker {
  let scope: NameScope
  let files: DataFiles

  func check(_ syntax: CallSyntax, _ operands: [Int], _ node: Int) throws(Issue) -> Fact {
    guard let function = Vocabulary.Function(rawValue: syntax.name) else {
      throw unknownFunction(syntax)
    }
    if scope.hasPoisoned(operands) { return .poisoned }
    return try check(try Call(syntax, operands, of: function, node, in: scope).translated())
  }

  private func check(_ call: Call) throws(Issue) -> Fact {
    let values = call.values
    let results = Results(scope: scope)
    let reductions = ReductionCalls(scope: scope)
    switch call.function {
    case _ where Computation.ElementFunction(rawValue: call.function.rawValue) != nil:
      try call.require(1...1)
      guard let element = Computation.ElementFunction(rawValue: call.function.rawValue) else { return .poisoned }
      return try results.computed(.elementwise(element), values, call.node)
    case .max, .min:
      try call.require(1...2)
      if values.count == 2, call.syntax.namesAxis(values, in: scope) {
        return try reductions.check(call, axisOperand: values[1])
      }
      if values.count == 2 {
        if let axis = call.label("axis") {
          throw Issue(
            axis.span, "`\(call.name)` of two values takes no axis",
            hint: "with one value, it reduces along the axis")
        }
        return try results.computed(call.function == .max ? .maximum : .minimum, values, call.node)
      }
      return try reductions.check(call, axisOperand: nil)
    case .sum, .mean, .logsumexp:
      try call.require(1...2)
      return try reductions.check(call, axisOperand: values.dropFirst().first)
    case .softmax:
      try call.require(1...2)
      let rank = scope[values[0]].shape.count
      guard rank > 0 else {
        throw Issue(call.span, "`softmax` takes a vector or a matrix, not a scalar")
      }
      let axis = try call.axis(values.dropFirst().first) ?? rank - 1
      return try results.computed(.softmax(axis: Shapes.normalized(axis, rank: rank) ?? axis), [values[0]], call.node)
    case .zeros, .ones, .random, .csv, .characters, .oneHot:
      return try DataCalls(scope: scope, files: files).check(call)
    case .standardize: return try DataCalls(scope: scope, files: files).standardized(call)
    case .mse, .mae, .huber, .hinge, .bce, .bceWithLogits, .crossEntropy, .nll:
      try call.require(2...2)
      return try LossCalls(scope: scope).check(call)
    case .argmax, .accuracy:
      guard case .declaration(.metric) = scope.statement.kind else {
        throw Issue(
          call.nameSpan, "`\(call.name)` has no gradient",
          hint: "use it in a line `metric \(call.name) = …`")
      }
      return try MetricCalls(scope: scope).check(call)
    case .dense:
      throw Issue(
        call.nameSpan, "`dense` declares parameters, so it must be the whole line",
        hint: "write `layer hidden = dense(…)`")
    default: return try ArrayCalls(scope: scope).check(call)
    }
  }

  private func unknownFunction(_ call: CallSyntax) -> Issue {
    if scope.index(of: call.name) != nil {
      return Issue(
        call.nameSpan, "`\(call.name)` is a value, not a function",
        hint: "write a product as `\(call.name) * (…)`")
    }
    return Issue(
      call.nameSpan, "unknown function `\(call.name)`",
      hint: ForeignWords.otherFunctions[call.name]
        ?? Spelling.suggestion(for: call.name, among: Vocabulary.functionNames))
  }
}
