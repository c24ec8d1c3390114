import Autograd

/// Checks layers.
struct LayerChecker {
  /// What a layer line declares: its parameters, and what it makes of its operand and of them.
  typealias LayerParts = (
    parameters: [Computation.Layer.Parameter], shape: [Int], steps: Double, phased: Phased?, classCount: Int?,
    apply: @Sendable ([Tensor]) -> Tensor
  )

  /// The functions that declare parameters in a `layer` line.
  static let layerFunctions: [Vocabulary.Function] = [
    .dense, .conv1d, .conv2d, .embedding, .layerNorm, .batchNorm, .rmsNorm, .rnn, .gru, .lstm,
    .attention,
  ]

  let scope: NameScope
  let expressions: ExpressionChecker

  /// What layers have in common with the calls of the same name.
  var network: NetworkCalls { NetworkCalls(scope: scope) }

  /// Checks `layer hidden = dense(x, 16, relu)`, whose weights and bias become `hidden.w` and `hidden.b`.
  func check(_ statement: Statement) -> Fact {
    guard let root = statement.root, let name = statement.name else { return .poisoned }
    scope.count(.layer)
    guard case .call(let call) = scope.tree.nodes[root].kind,
      let function = Vocabulary.Function(rawValue: scope.tree.calls[call].name),
      Self.layerFunctions.contains(function)
    else {
      let others = Self.layerFunctions.dropFirst().map { "`\($0.rawValue)`" }.joined(separator: ", ")
      scope.log.add(
        Issue(
          scope.span(root), "a layer must be declared with `dense`, or one of \(others)",
          hint: "as in `layer \(name) = dense(x, 16, relu)`"))
      return .poisoned
    }
    for node in statement.nodes.dropLast() { expressions.check(node: node) }
    do throws(Issue) {
      let operands = scope.tree.operands(of: root).map(Int.init)
      scope[root] =
        scope.hasPoisoned(operands)
        ? .poisoned
        : try layer(name, Call(scope.tree.calls[call], operands, of: function, root, in: scope, isLayer: true))
    } catch {
      scope.log.add(error)
      scope[root] = .poisoned
    }
    return scope[root]
  }

  private func layer(_ name: String, _ call: Call) throws(Issue) -> Fact {
    let parts = call.function == .dense ? try dense(call) : try otherLayer(call)
    let span = call.span
    let parameters = parts.parameters.reduce(0) { $0 + $1.start.numbers.count }
    let entries = Shapes.count(parts.shape) ?? 0
    let others = Double(parameters) + parts.steps * Double(entries)
    guard others <= Double(scope.limits.entries) * 64 else {
      throw scope.budget.tooManyEntries(span)
    }
    // What lies between, unless it is a product alone.
    let held = call.function == .dense ? parameters + denseSteps(call) * entries : Int(others)
    try scope.budget.requireSize(parts.shape, others: held, span)
    scope.budget.totalElements += held
    try scope.budget.countOperations(Double(entries) * parts.steps, span)
    let layer = Computation.Layer(
      name: name, parameters: parts.parameters, shape: parts.shape, steps: parts.steps, phased: parts.phased,
      classCount: parts.classCount, apply: parts.apply)
    scope.budget.scalarCount += Computation.layer(layer).scalarCount(operands: [], result: parts.shape)
    for parameter in parts.parameters {
      scope.declare(
        NameScope.Symbol(
          name: "\(name).\(parameter.suffix)", line: scope.line(span), keyword: .param,
          fact: Fact(shape: parameter.start.shape)))
    }
    return Fact(shape: parts.shape, computation: .layer(layer))
  }

  /// The arrays of the size of the result that a dense layer holds: product, sum, and those of its activation.
  private func denseSteps(_ call: Call) -> Int { 2 + ((try? call.activation())?.steps ?? 0) }

  private func dense(_ call: Call) throws(Issue) -> LayerParts {
    try call.require(2...3)
    let input = scope[call.values[0]]
    guard input.category == .value, (1...Shapes.maxRank).contains(input.shape.count), let inputs = input.shape.last
    else {
      throw Issue(
        scope.span(call.values[0]), "a layer takes a vector or a matrix with one row per sample",
        hint: "one feature per sample is a matrix with one column: `[[1], [2]]`")
    }
    let outputs = try width(call.values[1])
    let activation = try call.activation()
    try scope.budget.requireSize([inputs, outputs], call.span)
    let start = Linear.start(
      inputs: inputs, outputs: outputs, initialization: try call.scheme(), seed: try seed(call))
    return (
      [
        .init(suffix: "w", start: Constant(shape: [inputs, outputs], numbers: start.weight)),
        .init(suffix: "b", start: Constant(shape: [outputs], numbers: start.bias)),
      ], Array(input.shape.dropLast()) + [outputs], Double(inputs + 3 + activation.steps), nil, nil,
      { activation(matmul($0[0], $0[1]) + $0[2]) }
    )
  }

  func width(_ operand: Int) throws(Issue) -> Int {
    guard let number = scope[operand].constant?.scalar, number == number.rounded(), number >= 1 else {
      throw Issue(scope.span(operand), "the width of a layer must be a whole number, at least 1")
    }
    let width = try scope.integer(operand, "the width of a layer")
    try scope.budget.requireSize([width], scope.span(operand))
    return width
  }

  /// The seed that a layer names, or its number.
  func seed(_ call: Call) throws(Issue) -> Int { try call.seed() ?? scope.seed(of: .layer) }
}

extension Activation {
  /// The operations on each entry beyond the first.
  var steps: Int {
    switch self {
    case .none, .relu, .tanh, .sigmoid: 0
    default: 9
    }
  }
}
