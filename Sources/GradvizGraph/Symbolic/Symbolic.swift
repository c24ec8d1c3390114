import Autograd

/// Formulas of a recorded graph: what each value is, and the gradient of the loss by it, carried out on
/// expressions instead of numbers.
///
/// Formulas are in terms of the nearest named values; unnamed intermediate values are written out.
public struct Symbolic: Sendable {
  /// A longer formula is cut at a value's name or at `∂L/∂name`, which keeps it exact.
  static let budget = 32
  /// A sum of more operands is not written out.
  static let maxOperands = 150

  /// The graph that the formulas are about; what does not fit together in it is hidden.
  public let graph: ComputationGraph
  let formulas: [Formula]
  private let gradients: [Formula?]
  let ties: [Int: Int]

  /// Works out the formulas of every value and every gradient.
  ///
  /// - Parameters:
  ///   - graph: the graph that the formulas are about.
  ///   - isDrawn: the values that formulas name though they have no name of their own, as each has a box; none by default.
  /// - Complexity: O(nodes · budget)
  public init(_ graph: ComputationGraph, naming isDrawn: (ComputationGraph.Node) -> Bool = { _ in false }) {
    let graph = graph.hidingMisfits()
    let isKnown = graph.nodes.map { $0.isNamed || isDrawn($0) }
    self.graph = graph
    var formulas: [Formula] = []
    formulas.reserveCapacity(graph.nodes.count)
    for (index, node) in graph.nodes.enumerated() {
      if node.operation == nil || node.hidesOperands || isKnown[index]
        || node.operands.count > Self.maxOperands
      {
        formulas.append(Self.leafFormula(node, index))
      } else {
        let whole = Self.formula(node, node.operands.map { formulas[$0] }, graph)
        formulas.append(whole.size <= Self.budget ? whole : .value(index))
      }
    }
    self.formulas = formulas
    ties = graph.extremeTies
    gradients = Self.backward(graph, formulas, ties, isKnown)
  }

  static func leafFormula(_ node: ComputationGraph.Node, _ index: Int) -> Formula {
    guard node.role == .constant, !node.isNamed, node.shape.isEmpty else { return .value(index) }
    return node.source.map { .constant(node.value[0], $0) } ?? .number(node.value[0])
  }

  // MARK: Values

  /// The formula that defines a value.
  ///
  /// - Parameters:
  ///   - node: the index of the value in the graph.
  ///   - inlining: whether unnamed operands are written out.
  public func definition(of node: Int, inlining: Bool = true) -> Formula {
    let value = graph.nodes[node]
    guard value.operation != nil, !value.hidesOperands, value.operands.count <= Self.maxOperands else {
      return formulas[node]
    }
    return formula(
      value, value.operands.map { inlining ? formulas[$0] : Self.leafFormula(graph.nodes[$0], $0) })
  }

  /// The formula that defines a value in terms of the values `isKnown` accepts and leaves; parts that would
  /// be too long are named instead.
  ///
  /// - Complexity: O(nodes it depends on · budget)
  public func definition(of node: Int, stoppingAt isKnown: (Int) -> Bool) -> Formula {
    // Operands precede their users, so one forward pass handles values with many uses.
    var needed: Set<Int> = [node]
    for index in stride(from: node, through: 0, by: -1) where needed.contains(index) {
      if index == node || !isKnown(index) { needed.formUnion(graph.nodes[index].operands) }
    }
    var known: [Int: Formula] = [:]
    for index in needed.sorted() {
      let value = graph.nodes[index]
      let isLeaf =
        value.operation == nil || value.hidesOperands || value.operands.count > Self.maxOperands
      guard !isLeaf, index == node || !isKnown(index) else {
        known[index] = Self.leafFormula(value, index)
        continue
      }
      let whole = formula(value, value.operands.map { known[$0] ?? .value($0) })
      known[index] =
        whole.size <= 4 * Self.budget
        ? whole
        : index == node ? formula(value, value.operands.map { .value($0) }) : .value(index)
    }
    return known[node] ?? .value(node)
  }

  func formula(_ node: ComputationGraph.Node, _ operands: [Formula]) -> Formula {
    Self.formula(node, operands, graph)
  }

  /// The operation as it was recorded: a formula follows the graph that is drawn.
  static func formula(
    _ node: ComputationGraph.Node, _ operands: [Formula], _ graph: ComputationGraph
  ) -> Formula {
    guard let operation = node.operation else { return .call(.sum, operands) }
    switch operation {
    case .power: return .call(.power, [operands[0], node.constantExponent ?? operands[1]])
    case .matrixMultiply: return .matrixProduct(operands[0], operands[1])
    case .transpose:
      let rank = graph.nodes[node.operands[0]].shape.count
      if rank < 2 { return operands[0] }
      return Shapes.axes(node.position).map { .permuted(operands[0], $0) } ?? .transposed(operands[0])
    case .reshape: return .reshaped(operands[0], node.shape)
    case .concat: return .joined(operands, axis: node.axis ?? 0)
    case .masked: return .only(operands[0], where: operands[1], isNot: 0)
    case .index: return .entries(operands[0], node.position ?? [])
    case .clampedLog:
      let log = Formula.call(.log, operands)
      return node.value.contains(-100) ? .call(.maximum, [log, .number(-100)]) : log
    case .softmax, .sum, .mean, .maximumReduction, .minimumReduction, .logSumExp:
      let shape = graph.nodes[node.operands[0]].shape
      if operands.count == 1, !shape.isEmpty || operation == .softmax {
        let axis = shape.count < 2 ? nil : node.axis.flatMap { Shapes.normalized($0, rank: shape.count) }
        return .along(operation, operands[0], axis: axis)
      }
      // The sum of one number is that number.
      if operands.count == 1 { return operands[0] }
      return operation == .mean
        ? .call(.divide, [.call(.sum, operands), .number(Double(operands.count))]) : .call(operation, operands)
    default:
      if let relation = Formula.Relation(operation) { return .comparison(operands[0], relation, operands[1]) }
      return .call(operation, operands)
    }
  }

  // MARK: Derivatives

  /// The steps, in order, from ∂loss/∂node to the share of one use in the gradient of an operand; values are
  /// named, not written out.
  package func passages(of node: Int, operand position: Int) -> [Passage] {
    guard !Self.isHidden(node, position, graph) else { return [] }
    return Self.ruleByNames(node, position, graph, ties).passages
  }

  /// ∂node/∂operand of scalars by the operation's rule; values are named, not written out.
  ///
  /// Returns the number itself if the rule does not apply, as for a folded value.
  public func localDerivative(of node: Int, operand position: Int) -> Formula {
    let value = graph.nodes[node]
    // The rule would read operands that are missing.
    guard !value.hidesOperands else { return .number(value.localDerivatives?[position] ?? 1) }
    let rule = Self.ruleByNames(node, position, graph, ties).factor
    guard let local = value.localDerivatives?[position] else { return rule }
    guard let number = rule.evaluate(in: graph), Self.agree(number, local) else {
      return .number(local)
    }
    return rule
  }

  /// ∂loss/∂node; nil if the loss does not depend on it, and ∂loss/∂node by name if no formula gives it.
  public func gradient(of node: Int) -> Formula? { gradients[node] }

  /// The share of one use in a value's gradient, with users and operands by name: `∂L/∂n₂·w`.
  ///
  /// nil if the user's operands are folded.
  public func term(user: Int, position: Int) -> Formula? {
    guard !Self.isHidden(user, position, graph), !graph.nodes[user].isLeaf else { return nil }
    guard graph.level == .scalar else {
      return Self.byNames(user, position, graph, ties, isLoss: user == graph.loss)
    }
    let rule = localDerivative(of: user, operand: position)
    guard user != graph.loss else { return rule }
    return Self.times(.gradient(of: user), rule)
  }

  /// The upstream gradient first, then the rule's own factors.
  static func times(_ upstream: Formula, _ rule: Formula) -> Formula {
    switch rule {
    case .number(1): upstream
    case .number(-1): .negated(upstream)
    case .negated(let part): .negated(times(upstream, part))
    case .product(let factors): .product([upstream] + factors)
    case .quotient(let top, let bottom): .quotient(times(upstream, top), bottom)
    default: .product([upstream, rule])
    }
  }

  /// One term for each use of a value: ∂loss/∂user and ∂user/∂value.
  public func chainRule(of node: Int) -> [(user: Int, position: Int, upstream: Formula, local: Formula)] {
    graph.nodes.indices.flatMap { user in
      graph.nodes[user].operands.enumerated().compactMap { position, operand in
        guard operand == node, let upstream = gradients[user] else { return nil }
        return (user, position, upstream, localDerivative(of: user, operand: position))
      }
    }
  }
}
