import Autograd

/// Layers, losses and metrics.
extension Checker {
  // MARK: Layers

  /// `layer hidden = dense(x, 16, relu)`: its weights and bias become known under `hidden.w` and `hidden.b`.
  mutating func checkLayer(_ statement: Statement) -> Fact {
    guard let root = statement.root, let name = statement.name else { return .poisoned }
    layerCount += 1
    guard case .call(let call) = tree.nodes[root].kind, tree.calls[call].name == "dense" else {
      log.add(
        Issue(
          tree.nodes[root].span, "a layer is declared by `dense`",
          hint: "as in `layer \(name) = dense(x, 16, relu)`"))
      return .poisoned
    }
    for node in statement.nodes.dropLast() { checkInPlace(node) }
    do throws(Issue) {
      facts[root] = try layer(name, tree.calls[call], tree.operands(of: root).map(Int.init), root)
    } catch {
      log.add(error)
      facts[root] = .poisoned
    }
    return facts[root]
  }

  private mutating func layer(_ name: String, _ call: CallSyntax, _ operands: [Int], _ root: Int)
    throws(Issue) -> Fact
  {
    if operands.contains(where: { facts[$0].category == .poisoned }) { return .poisoned }
    let arguments = try Arguments(call, operands, for: .dense)
    try require(arguments.values, 2...3, call, root)
    let input = facts[arguments.values[0]]
    guard input.category == .value, (1...2).contains(input.shape.count), let inputs = input.shape.last else {
      throw Issue(
        tree.nodes[arguments.values[0]].span, "a layer takes a vector or a matrix with one row per sample",
        hint: "one feature a sample is a matrix with one column: `[[1], [2]]`")
    }
    guard let outputs = facts[arguments.values[1]].constant?.integer, outputs >= 1 else {
      throw Issue(tree.nodes[arguments.values[1]].span, "the width of a layer is a whole number from 1 on")
    }
    let span = tree.nodes[root].span
    try requireSize([inputs, outputs], span)
    // Its weights and bias, the product, the sum, and what the activation makes of it.
    let result = Array(input.shape.dropLast()) + [outputs]
    let parameters = inputs * outputs + outputs
    try requireSize(result, others: parameters, span)
    let entries = Shapes.count(result) ?? 0
    try requireSize(result, others: parameters + 2 * entries, span)
    totalElements += parameters + 2 * entries
    try countOperations(Double(entries) * Double(inputs + 3), span)
    let activation = try activation(arguments)
    var seed = layerCount
    if let label = arguments.label("seed") {
      guard let own = facts[label.operand].constant?.integer else {
        throw Issue(tree.nodes[label.operand].span, "the seed is a whole number")
      }
      seed = own
    }
    let start = Linear.start(
      inputs: inputs, outputs: outputs, initialization: try scheme(arguments), seed: seed)
    let layer = Computation.Layer(
      name: name, activation: activation, weight: Constant(shape: [inputs, outputs], numbers: start.weight),
      bias: Constant(shape: [outputs], numbers: start.bias))
    var fact = Fact(shape: input.shape.dropLast() + [outputs], computation: .layer(layer))
    scalarCount += Computation.layer(layer).scalarCount(operands: [input.shape], result: fact.shape)
    fact.constant = nil
    declare("\(name).w", root, .param, Fact(shape: layer.weight.shape))
    declare("\(name).b", root, .param, Fact(shape: layer.bias.shape))
    return fact
  }

  private func activation(_ arguments: Arguments) throws(Issue) -> Activation {
    let third = arguments.values.count > 2 ? arguments.values[2] : nil
    if third != nil, let label = arguments.label("activation") {
      throw Issue(label.span, "the activation is given twice")
    }
    guard let operand = third ?? arguments.label("activation")?.operand else { return .none }
    let names = Activation.allCases.map(\.rawValue)
    guard case .text(let word) = tree.nodes[operand].kind, let activation = Activation(rawValue: word) else {
      var hint = "one of " + names.joined(separator: ", ")
      if case .text(let word) = tree.nodes[operand].kind {
        hint = Spelling.suggestion(for: word, among: names) ?? hint
      }
      throw Issue(tree.nodes[operand].span, "this is no activation", hint: hint)
    }
    return activation
  }

  // MARK: Losses

  mutating func loss(_ function: Vocabulary.Function, _ arguments: Arguments, _ node: Int) throws(Issue)
    -> Fact
  {
    var delta = 1.0
    if let label = arguments.label("delta") {
      guard let own = facts[label.operand].constant?.scalar, own > 0, own.isFinite else {
        throw Issue(tree.nodes[label.operand].span, "delta is a positive number that is known beforehand")
      }
      delta = own
    }
    let values = arguments.values
    switch function {
    case .mse: return try computed(.loss(.mse, delta: delta), values, node)
    case .mae: return try computed(.loss(.mae, delta: delta), values, node)
    case .huber: return try computed(.loss(.huber, delta: delta), values, node)
    case .hinge: return try computed(.loss(.hinge, delta: delta), values, node)
    case .bce: return try computed(.loss(.bce, delta: delta), values, node)
    case .bceWithLogits: return try computed(.loss(.bceWithLogits, delta: delta), values, node)
    default: break
    }
    let (scores, targets) = (facts[values[0]].shape, facts[values[1]].shape)
    guard facts[values[0]].category == .value, !scores.isEmpty else {
      throw Issue(tree.nodes[values[0]].span, "`cross_entropy` takes scores, one row per sample")
    }
    guard scores.count == 2, targets.count == 1, scores != targets else {
      return try computed(.loss(.crossEntropy, delta: delta), values, node)
    }
    return try crossEntropyOfClasses(values, scores, node)
  }

  /// The second operand holds class numbers: data, which is known beforehand.
  private mutating func crossEntropyOfClasses(_ values: [Int], _ scores: [Int], _ node: Int) throws(Issue)
    -> Fact
  {
    let operand = values[1]
    let data = facts[operand].constant ?? facts[operand].symbol.flatMap { symbols[$0].fact.constant }
    guard let data, facts[operand].symbol.map({ symbols[$0].keyword != .param }) ?? true else {
      throw Issue(
        tree.nodes[operand].span, "the classes are a `target` of whole numbers, or rows of `one_hot`")
    }
    guard data.numbers.count == scores[0] else {
      throw Issue(
        tree.nodes[node].span,
        "\(misfit(values, scores, facts[operand].shape, tree.nodes[node].span)): every sample needs its class"
      )
    }
    if let wrong = data.numbers.first(where: { Int(exactly: $0).map { $0 < 0 || $0 >= scores[1] } ?? true }) {
      throw Issue(
        tree.nodes[operand].span, "\(NumberText.plain(wrong)) is not one of the classes 0 to \(scores[1] - 1)"
      )
    }
    let computation = Computation.crossEntropyOfClasses(count: scores[1])
    let span = tree.nodes[node].span
    let others = computation.otherEntries(operands: [scores])
    try requireSize([], others: others, span)
    totalElements += others
    try countOperations(Double(others), span)
    scalarCount += computation.scalarCount(operands: [scores], result: [])
    return Fact(shape: [], computation: computation)
  }

  // MARK: Metrics

  mutating func metric(
    _ function: Vocabulary.Function, _ arguments: Arguments, _ call: CallSyntax, _ node: Int
  ) throws(Issue) -> Fact {
    guard function == .accuracy else {
      try require(arguments.values, 1...2, call, node)
      let rank = facts[arguments.values[0]].shape.count
      let axis = try axis(arguments, arguments.values.dropFirst().first)
      return try computed(
        .argmax(axis: axis.map { Shapes.normalized($0, rank: rank) ?? $0 }), [arguments.values[0]], node)
    }
    try require(arguments.values, 2...2, call, node)
    var threshold: Double?
    if let label = arguments.label("threshold") {
      guard let own = facts[label.operand].constant?.scalar else {
        throw Issue(tree.nodes[label.operand].span, "the threshold is a number that is known beforehand")
      }
      threshold = own
    }
    let (scores, targets) = (facts[arguments.values[0]].shape, facts[arguments.values[1]].shape)
    let samples = scores.first ?? 1
    guard targets.first ?? 1 == samples,
      scores == targets || scores.count == 2 && (targets.count == 1 || scores[1] == 1)
    else {
      let span = tree.nodes[node].span
      throw Issue(
        span, "\(misfit(arguments.values, scores, targets, span)): every sample has its scores and its target"
      )
    }
    return try computed(.accuracy(threshold: threshold), arguments.values, node)
  }
}

/// Numbers in messages.
enum NumberText {
  static func plain(_ number: Double) -> String { Int(exactly: number).map(String.init) ?? "\(number)" }
}
