import Autograd

/// Checks layers.
extension Checker {
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

  /// Checks `layer hidden = dense(x, 16, relu)`, whose weights and bias become `hidden.w` and `hidden.b`.
  mutating func checkLayer(_ statement: Statement) -> Fact {
    guard let root = statement.root, let name = statement.name else { return .poisoned }
    layerCount += 1
    guard case .call(let call) = tree.nodes[root].kind,
      let function = Vocabulary.Function(rawValue: tree.calls[call].name), Self.layerFunctions.contains(function)
    else {
      let others = Self.layerFunctions.dropFirst().map { "`\($0.rawValue)`" }.joined(separator: ", ")
      log.add(
        Issue(
          tree.nodes[root].span, "a layer must be declared with `dense`, or one of \(others)",
          hint: "as in `layer \(name) = dense(x, 16, relu)`"))
      return .poisoned
    }
    for node in statement.nodes.dropLast() { checkInPlace(node) }
    do throws(Issue) {
      facts[root] = try layer(name, function, tree.calls[call], tree.operands(of: root).map(Int.init), root)
    } catch {
      log.add(error)
      facts[root] = .poisoned
    }
    return facts[root]
  }

  private mutating func layer(
    _ name: String, _ function: Vocabulary.Function, _ call: CallSyntax, _ operands: [Int], _ root: Int
  ) throws(Issue) -> Fact {
    if operands.contains(where: { facts[$0].category == .poisoned }) { return .poisoned }
    let arguments = try arguments(of: call, operands, for: function, isLayer: true)
    let parts =
      function == .dense
      ? try dense(call, arguments, root) : try otherLayer(function, call, arguments, root)
    let span = tree.nodes[root].span
    let parameters = parts.parameters.reduce(0) { $0 + $1.start.numbers.count }
    let entries = Shapes.count(parts.shape) ?? 0
    let others = Double(parameters) + parts.steps * Double(entries)
    guard others <= Double(limits.entries) * 64 else {
      throw Issue(span, "this would have more than \(limits.entries) entries", hint: limits.hint(.entries))
    }
    // What lies between, unless it is a product alone.
    let held = function == .dense ? parameters + denseSteps(arguments) * entries : Int(others)
    try requireSize(parts.shape, others: held, span)
    totalElements += held
    try countOperations(Double(entries) * parts.steps, span)
    let layer = Computation.Layer(
      name: name, parameters: parts.parameters, shape: parts.shape, steps: parts.steps, phased: parts.phased,
      classCount: parts.classCount, apply: parts.apply)
    scalarCount += Computation.layer(layer).scalarCount(operands: [], result: parts.shape)
    for parameter in parts.parameters {
      declare("\(name).\(parameter.suffix)", root, .param, Fact(shape: parameter.start.shape))
    }
    return Fact(shape: parts.shape, computation: .layer(layer))
  }

  /// The arrays of the size of the result that a dense layer holds: product, sum, and those of its activation.
  private func denseSteps(_ arguments: Arguments) -> Int { 2 + ((try? activation(arguments))?.steps ?? 0) }

  private func dense(_ call: CallSyntax, _ arguments: Arguments, _ root: Int) throws(Issue) -> LayerParts {
    try require(arguments.values, 2...3, call, root)
    let input = facts[arguments.values[0]]
    guard input.category == .value, (1...Shapes.maxRank).contains(input.shape.count), let inputs = input.shape.last
    else {
      throw Issue(
        tree.nodes[arguments.values[0]].span, "a layer takes a vector or a matrix with one row per sample",
        hint: "one feature per sample is a matrix with one column: `[[1], [2]]`")
    }
    let outputs = try width(arguments.values[1])
    let activation = try activation(arguments)
    try requireSize([inputs, outputs], tree.nodes[root].span)
    let start = Linear.start(
      inputs: inputs, outputs: outputs, initialization: try scheme(arguments), seed: try layerSeed(arguments))
    return (
      [
        .init(suffix: "w", start: Constant(shape: [inputs, outputs], numbers: start.weight)),
        .init(suffix: "b", start: Constant(shape: [outputs], numbers: start.bias)),
      ], Array(input.shape.dropLast()) + [outputs], Double(inputs + 3 + activation.steps), nil, nil,
      { activation(matmul($0[0], $0[1]) + $0[2]) }
    )
  }

  func width(_ operand: Int) throws(Issue) -> Int {
    guard let number = facts[operand].constant?.scalar, number == number.rounded(), number >= 1 else {
      throw Issue(tree.nodes[operand].span, "the width of a layer must be a whole number, at least 1")
    }
    let width = try integer(operand, "the width of a layer")
    try requireSize([width], tree.nodes[operand].span)
    return width
  }

  /// The seed that a layer names, or its number.
  func layerSeed(_ arguments: Arguments) throws(Issue) -> Int {
    guard let label = arguments.label("seed") else { return layerCount }
    return try integer(label.operand, "the seed")
  }

  /// - Parameter place: that of an activation without a label.
  func activation(_ arguments: Arguments, at place: Int = 2) throws(Issue) -> Activation {
    let third = arguments.values.count > place ? arguments.values[place] : nil
    if third != nil, let label = arguments.label("activation") {
      throw Issue(label.span, "the activation is given twice")
    }
    guard let operand = third ?? arguments.label("activation")?.operand else { return .none }
    let names = Activation.allCases.map(\.rawValue)
    guard case .text(let word) = tree.nodes[operand].kind, let activation = Activation(rawValue: word) else {
      let known = "one of " + names.joined(separator: ", ")
      guard case .text(let word) = tree.nodes[operand].kind else {
        throw Issue(tree.nodes[operand].span, "expected the name of an activation", hint: known)
      }
      throw Issue(
        tree.nodes[operand].span, "unknown activation `\(word.prefix(40))`",
        hint: Spelling.suggestion(for: word, among: names) ?? known)
    }
    return activation
  }
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
