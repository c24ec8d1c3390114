import Autograd

/// Checks layers.
extension Checker {
  // MARK: Layers

  /// Checks `layer hidden = dense(x, 16, relu)`, whose weights and bias become `hidden.w` and `hidden.b`.
  mutating func checkLayer(_ statement: Statement) -> Fact {
    guard let root = statement.root, let name = statement.name else { return .poisoned }
    layerCount += 1
    guard case .call(let call) = tree.nodes[root].kind, tree.calls[call].name == "dense" else {
      log.add(
        Issue(
          tree.nodes[root].span, "a layer must be declared with `dense`",
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
    guard input.category == .value, (1...Shapes.maxRank).contains(input.shape.count), let inputs = input.shape.last
    else {
      throw Issue(
        tree.nodes[arguments.values[0]].span, "a layer takes a vector or a matrix with one row per sample",
        hint: "one feature per sample is a matrix with one column: `[[1], [2]]`")
    }
    guard let outputs = facts[arguments.values[1]].constant?.integer, outputs >= 1 else {
      throw Issue(tree.nodes[arguments.values[1]].span, "the width of a layer must be a whole number, at least 1")
    }
    let span = tree.nodes[root].span
    try requireSize([inputs, outputs], span)
    // The weights and bias, the product, the sum and the activation.
    let result = Array(input.shape.dropLast()) + [outputs]
    let parameters = inputs * outputs + outputs
    try requireSize(result, others: parameters, span)
    let entries = Shapes.count(result) ?? 0
    let activation = try activation(arguments)
    let others = parameters + (2 + activation.steps) * entries
    try requireSize(result, others: others, span)
    totalElements += others
    try countOperations(Double(entries) * Double(inputs + 3 + activation.steps), span)
    var seed = layerCount
    if let label = arguments.label("seed") {
      guard let own = facts[label.operand].constant?.integer else {
        throw Issue(tree.nodes[label.operand].span, "the seed must be a whole number")
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
