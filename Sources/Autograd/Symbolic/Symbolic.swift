/// Formulas of a recorded graph: the definition of each value, and the gradient of the loss by it, computed
/// on expressions instead of numbers.
///
/// Formulas are in terms of the nearest named values; unnamed intermediate values are written out.
public struct Symbolic: Sendable {
  /// A longer formula is cut at a value's name or at `∂L/∂name`, which keeps it exact.
  static let budget = 120
  /// A sum of more operands is not written out.
  static let maxOperands = 150

  public let graph: ComputationGraph
  private let formulas: [Formula]
  private let gradients: [Formula?]
  private let ties: [Int: Int]

  /// - Complexity: O(nodes · budget)
  public init(_ graph: ComputationGraph) {
    let graph = graph.hidingMisfits()
    self.graph = graph
    var formulas: [Formula] = []
    formulas.reserveCapacity(graph.nodes.count)
    for (index, node) in graph.nodes.enumerated() {
      if node.operation == nil || node.hidesOperands || node.isNamed
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
    gradients = Self.backward(graph, formulas, ties)
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

  private func formula(_ node: ComputationGraph.Node, _ operands: [Formula]) -> Formula {
    Self.formula(node, operands, graph)
  }

  /// The operation as it was recorded: a formula follows the graph that is drawn.
  private static func formula(
    _ node: ComputationGraph.Node, _ operands: [Formula], _ graph: ComputationGraph
  ) -> Formula {
    guard let operation = node.operation else { return .call(.sum, operands) }
    switch operation {
    case .power: return .call(.power, [operands[0], node.constantExponent ?? operands[1]])
    case .matrixMultiply: return .matrixProduct(operands[0], operands[1])
    case .transpose: return graph.nodes[node.operands[0]].shape.count < 2 ? operands[0] : .transposed(operands[0])
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
    default: return .call(operation, operands)
    }
  }

  // MARK: Derivatives

  /// The steps, in order, from ∂loss/∂node to the share of one use in the gradient of an operand; values are
  /// named, not written out.
  public func passages(of node: Int, operand position: Int) -> [Passage] {
    guard !graph.nodes[node].hidesOperands else { return [] }
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
    guard !graph.nodes[user].hidesOperands, graph.nodes[user].operation != nil else { return nil }
    guard graph.level == .scalar else {
      return Self.byNames(user, position, graph, ties, isLoss: user == graph.loss)
    }
    let rule = localDerivative(of: user, operand: position)
    guard user != graph.loss else { return rule }
    return Self.times(.gradient(of: user), rule)
  }

  /// The upstream gradient first, then the rule's own factors.
  private static func times(_ upstream: Formula, _ rule: Formula) -> Formula {
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
  public func chainRule(of node: Int) -> [(user: Int, position: Int, upstream: Formula, local: Formula)]
  {
    graph.nodes.indices.flatMap { user in
      graph.nodes[user].operands.enumerated().compactMap { position, operand in
        guard operand == node, let upstream = gradients[user] else { return nil }
        return (user, position, upstream, localDerivative(of: user, operand: position))
      }
    }
  }

  private static func backward(
    _ graph: ComputationGraph, _ formulas: [Formula], _ ties: [Int: Int]
  ) -> [Formula?] {
    var terms = [[Formula]](repeating: [], count: graph.nodes.count)
    var uses = [[(user: Int, position: Int)]](repeating: [], count: graph.nodes.count)
    var result = [Formula?](repeating: nil, count: graph.nodes.count)
    guard let loss = graph.loss else { return result }
    let limit = graph.level == .scalar ? budget : 14
    terms[loss] = [.number(1)]
    for index in graph.nodes.indices.reversed() where index == loss || !uses[index].isEmpty {
      let node = graph.nodes[index]
      let hidesUses = node.hidesUses || uses[index].contains { graph.nodes[$0.user].hidesOperands }
      let whole = hidesUses ? .gradient(of: index) : whole(index, terms[index], uses[index], graph, loss, ties)
      result[index] = whole
      terms[index] = []
      let upstream: Formula =
        whole.size <= limit && (graph.level == .scalar || !node.isNamed || index == loss)
        ? whole : .gradient(of: index)
      for (position, operand) in node.operands.enumerated() {
        uses[operand].append((index, position))
        guard !node.hidesOperands, terms[operand].count <= maxOperands else { continue }
        let rule = DerivativeRule(
          graph: graph, index: index, position: position, operand: { formulas[node.operands[$0]] },
          result: formulas[index], ties: ties[index] ?? 0)
        let term = passed(upstream, through: rule.passages, of: index, graph)
        terms[operand].append(
          term.size <= 2 * budget ? term : byNames(index, position, graph, ties, isLoss: index == loss))
      }
    }
    return result
  }

  /// The gradient of one value: its terms written out, or with users by name, which is exact if the
  /// written-out terms cancel; its name if no formula gives it.
  private static func whole(
    _ index: Int, _ terms: [Formula], _ uses: [(user: Int, position: Int)], _ graph: ComputationGraph,
    _ loss: Int, _ ties: [Int: Int]
  ) -> Formula {
    // Hundreds of uses, as of a weight in a large batch, do not make a readable formula.
    guard terms.count <= maxOperands else { return .gradient(of: index) }
    let node = graph.nodes[index]
    let full = fitted(.sum(of: terms), node.shape, graph)
    if holds(full, for: node, in: graph) { return full }
    let short = fitted(
      .sum(of: uses.map { byNames($0.user, $0.position, graph, ties, isLoss: $0.user == loss) }), node.shape, graph)
    return index != loss && holds(short, for: node, in: graph) ? short : .gradient(of: index)
  }

  /// The share of one use, with its user and operands by name.
  private static func byNames(
    _ user: Int, _ position: Int, _ graph: ComputationGraph, _ ties: [Int: Int], isLoss: Bool
  ) -> Formula {
    let rule = ruleByNames(user, position, graph, ties)
    return passed(isLoss ? .number(1) : .gradient(of: user), through: rule.passages, of: user, graph)
  }

  private static func ruleByNames(
    _ index: Int, _ position: Int, _ graph: ComputationGraph, _ ties: [Int: Int]
  ) -> DerivativeRule {
    let operands = graph.nodes[index].operands
    return DerivativeRule(
      graph: graph, index: index, position: position,
      operand: { leafFormula(graph.nodes[operands[$0]], operands[$0]) }, result: .value(index),
      ties: ties[index] ?? 0)
  }

  /// The upstream gradient after one operation, in the operand's shape.
  private static func passed(
    _ upstream: Formula, through passages: [Passage], of index: Int, _ graph: ComputationGraph
  ) -> Formula {
    var result = upstream
    var isWhole = false
    for passage in passages {
      switch passage {
      case .times(let factor): result = withoutOnes(result * factor, graph)
      case .timesMatrix(let other): result = .matrixProduct(result, other)
      case .matrixTimes(let other): result = .matrixProduct(other, result)
      case .timesVector(let other): result = .outerProduct(result, other)
      case .vectorTimes(let other): result = .outerProduct(other, result)
      case .transposed:
        switch result {
        case .transposed(let inner): result = inner
        case .filled(let number, let shape): result = .filled(number, shape: shape.reversed())
        default: result = .transposed(result)
        }
      case .total(let axis):
        // Before the first sum, it has the shape of the operation's result.
        if !isWhole { result = fitted(result, graph.nodes[index].shape, graph) }
        isWhole = true
        result = .total(result, axis: axis)
      case .widened(let axis):
        if case .filled(let number, var shape) = result {
          shape.insert(1, at: axis)
          result = .filled(number, shape: shape)
        } else {
          result = .widened(result, axis: axis)
        }
      case .placed(let position, let shape): result = .placed(result, at: position, shape: shape)
      case .softmax(let s, let axis):
        var total = Formula.total(withoutOnes(s * result, graph), axis: axis)
        if let axis, axis > 0 { total = .widened(total, axis: axis) }
        result = withoutOnes(s * (result - total), graph)
      }
    }
    return result
  }

  /// Omits factors of ones that the shapes of the others make redundant.
  private static func withoutOnes(_ formula: Formula, _ graph: ComputationGraph) -> Formula {
    switch formula {
    case .product(var factors):
      for (place, factor) in factors.enumerated().reversed() {
        guard case .filled(1, let shape) = factor, factors.count > 1 else { continue }
        var rest = factors
        rest.remove(at: place)
        let other = graph.shape(of: .product(rest))
        if Shapes.broadcast(shape, other) == other { factors = rest }
      }
      return factors.count == 1 ? factors[0] : .product(factors)
    case .quotient(let top, let bottom): return .quotient(withoutOnes(top, graph), bottom)
    case .negated(let part): return .negated(withoutOnes(part, graph))
    default: return formula
    }
  }

  /// The formula in a given shape: parts that simplification removed return as ones.
  private static func fitted(_ formula: Formula, _ shape: [Int], _ graph: ComputationGraph) -> Formula {
    guard graph.level == .tensor, graph.shape(of: formula) != shape else { return formula }
    switch formula {
    case .number(0): return .filled(0, shape: shape)
    case .number(1): return .filled(1, shape: shape)
    default: return formula * .filled(1, shape: shape)
    }
  }

  /// Whether a formula gives a value's gradient, which may fail because of 0·∞, rounding that cancels all
  /// digits, or a graph from another source.
  private static func holds(_ formula: Formula, for node: ComputationGraph.Node, in graph: ComputationGraph)
    -> Bool
  {
    guard let gradient = node.gradient else { return true }
    // For very large arrays, the rule is assumed to be correct.
    if gradient.count > 50_000 { return true }
    guard let value = formula.value(in: graph), value.shape == node.shape else { return false }
    let size = gradient.reduce(0) { max($0, $1.isFinite ? $1.magnitude : 0) }
    return zip(value.numbers, gradient).allSatisfy { agree($0, $1, size: size) }
  }

  private static func agree(_ a: Double, _ b: Double, size: Double = 0) -> Bool {
    a == b || a.isNaN && b.isNaN || (a - b).magnitude <= 1e-9 * max(a.magnitude, b.magnitude, size)
  }
}
