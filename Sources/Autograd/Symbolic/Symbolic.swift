/// Formulas of a recorded graph: what each value is, and the gradient of the loss by it, carried out on
/// expressions instead of numbers.
///
/// Formulas are in terms of the nearest named values; unnamed intermediate values are written out.
public struct Symbolic: Sendable {
  /// A formula longer than this is cut at a value's name or at `∂L/∂name`, which keeps it exact.
  static let budget = 120
  /// A sum of more operands than this is not written out.
  static let mostOperands = 150

  public let graph: ComputationGraph
  private let formulas: [Expression]
  private let gradients: [Expression?]

  /// - Complexity: O(nodes · budget)
  public init(_ graph: ComputationGraph) {
    let graph = graph.hidingMisfits()
    self.graph = graph
    var formulas: [Expression] = []
    formulas.reserveCapacity(graph.nodes.count)
    for (index, node) in graph.nodes.enumerated() {
      if node.operation == nil || node.hidesOperands || node.isNamed
        || node.operands.count > Self.mostOperands
      {
        formulas.append(Self.leafFormula(node, index))
      } else {
        let whole = Self.formula(node, node.operands.map { formulas[$0] }, graph.level)
        formulas.append(whole.size <= Self.budget ? whole : .value(index))
      }
    }
    self.formulas = formulas
    gradients = Self.backward(graph, formulas)
  }

  private static func leafFormula(_ node: ComputationGraph.Node, _ index: Int) -> Expression {
    node.role == .constant && !node.isNamed && node.shape.isEmpty ? .number(node.value[0]) : .value(index)
  }

  // MARK: Values

  /// What a value is computed from.
  ///
  /// - Parameters:
  ///   - node: the value's number in the graph.
  ///   - inlining: whether unnamed operands are written out.
  public func definition(of node: Int, inlining: Bool = true) -> Expression {
    let value = graph.nodes[node]
    guard value.operation != nil, !value.hidesOperands, value.operands.count <= Self.mostOperands else {
      return formulas[node]
    }
    return formula(
      value, value.operands.map { inlining ? formulas[$0] : Self.leafFormula(graph.nodes[$0], $0) })
  }

  /// What a value is computed from, down to the values `isKnown` accepts and to leaves; what would be too
  /// long is named instead.
  ///
  /// - Complexity: O(nodes it depends on · budget)
  public func definition(of node: Int, stoppingAt isKnown: (Int) -> Bool) -> Expression {
    // Operands stand before their users, so one pass upwards serves values that are used many times.
    var needed: Set<Int> = [node]
    for index in stride(from: node, through: 0, by: -1) where needed.contains(index) {
      if index == node || !isKnown(index) { needed.formUnion(graph.nodes[index].operands) }
    }
    var known: [Int: Expression] = [:]
    for index in needed.sorted() {
      let value = graph.nodes[index]
      let isLeaf =
        value.operation == nil || value.hidesOperands || value.operands.count > Self.mostOperands
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

  private func formula(_ node: ComputationGraph.Node, _ operands: [Expression]) -> Expression {
    Self.formula(node, operands, graph.level)
  }

  private static func formula(
    _ node: ComputationGraph.Node, _ operands: [Expression], _ level: ComputationGraph.Level
  ) -> Expression {
    if level == .scalar, operands.count == 1, node.isReduction { return operands[0] }
    return switch node.operation {
    case .add, nil: .sum(of: operands)
    case .subtract: operands[0] - operands[1]
    case .multiply: .product(of: operands)
    case .divide: operands[0] / operands[1]
    case .power: .raised(operands[0], node.exponent.map { .number($0) } ?? operands[1])
    case .negate: .negative(operands[0])
    case .sum where operands.count > 1: .sum(of: operands)
    case .mean where operands.count > 1: .sum(of: operands) / .number(Double(operands.count))
    case .sum: .total(operands[0], axis: node.axis)
    case .matrixMultiply: .matrixProduct(operands[0], operands[1])
    case .transpose: .transposed(operands[0])
    case .index: .value(node.operands[0])
    case .some(let operation): .call(operation, operands)
    }
  }

  // MARK: Derivatives

  /// ∂node/∂operand; in an array graph what the upstream gradient is multiplied by.
  public func localDerivative(of node: Int, operand position: Int) -> Expression {
    Self.local(graph, node, position, formulas)
  }

  /// ∂loss/∂node, nil where the loss does not depend on it.
  public func gradient(of node: Int) -> Expression? { gradients[node] }

  /// One term for each use of a value: ∂loss/∂user and ∂user/∂value.
  public func chainRule(of node: Int) -> [(user: Int, position: Int, upstream: Expression, local: Expression)]
  {
    graph.nodes.indices.flatMap { user in
      graph.nodes[user].operands.enumerated().compactMap { position, operand in
        guard operand == node, let upstream = gradients[user] else { return nil }
        return (user, position, upstream, localDerivative(of: user, operand: position))
      }
    }
  }

  private static func backward(_ graph: ComputationGraph, _ formulas: [Expression]) -> [Expression?] {
    var terms = [[Expression]](repeating: [], count: graph.nodes.count)
    var result = [Expression?](repeating: nil, count: graph.nodes.count)
    guard let loss = graph.loss else { return result }
    let limit = graph.level == .scalar ? budget : 14
    terms[loss] = [.number(1)]
    var isUsedByFolded = [Bool](repeating: false, count: graph.nodes.count)
    for index in graph.nodes.indices.reversed() where !terms[index].isEmpty {
      // Hundreds of uses, as of a weight in a large batch, make no formula a person would read.
      let node = graph.nodes[index]
      let whole =
        terms[index].count > mostOperands || node.hidesUses || isUsedByFolded[index]
        ? .gradient(of: index) : Expression.sum(of: terms[index])
      result[index] = whole
      let upstream: Expression =
        whole.size <= limit && (graph.level == .scalar || !node.isNamed || index == loss)
        ? whole : .gradient(of: index)
      for (position, operand) in node.operands.enumerated() {
        if node.hidesOperands {
          isUsedByFolded[operand] = true
          terms[operand].append(.gradient(of: operand))
          continue
        }
        let term =
          graph.level == .scalar
          ? upstream * local(graph, index, position, formulas)
          : arrayTerm(graph, index, position, upstream, formulas)
        terms[operand].append(
          term.size <= 2 * budget ? term : .gradient(of: index) * local(graph, index, position, formulas))
      }
    }
    return result
  }

  private static func local(
    _ graph: ComputationGraph, _ index: Int, _ position: Int, _ formulas: [Expression]
  ) -> Expression {
    let node = graph.nodes[index]
    func x(_ position: Int) -> Expression { formulas[node.operands[position]] }
    let y = formulas[index]
    let number: () -> Expression = { .number(node.localDerivatives?[position] ?? 1) }
    // Of a value whose operands are folded the rule would read some that are gone.
    guard !node.hidesOperands else { return number() }
    switch node.operation {
    case .add, .sum, .transpose, .index, nil: return .number(1)
    case .subtract: return .number(position == 0 ? 1 : -1)
    case .multiply: return x(1 - position)
    case .divide: return position == 0 ? .number(1) / x(1) : .negative(x(0) / .raised(x(1), .number(2)))
    case .power:
      if let exponent = node.exponent { return .number(exponent) * .raised(x(0), .number(exponent - 1)) }
      return position == 0
        ? x(1) * .raised(x(0), x(1) - .number(1)) : .raised(x(0), x(1)) * .call(.log, [x(0)])
    case .negate: return .number(-1)
    case .exp: return y
    case .log, .clampedLog: return .number(1) / x(0)
    case .tanh: return .number(1) - .raised(y, .number(2))
    case .sigmoid: return y * (.number(1) - y)
    case .sin: return .call(.cos, [x(0)])
    case .cos: return .negative(.call(.sin, [x(0)]))
    case .sqrt: return .number(1) / (.number(2) * y)
    case .relu: return graph.level == .scalar ? number() : .isPositive(x(0))
    case .abs: return graph.level == .scalar ? number() : x(0) / .call(.abs, [x(0)])
    case .maximum, .minimum, .maximumReduction, .minimumReduction: return number()
    case .mean:
      let count =
        node.operands.count > 1
        ? node.operands.count : graph.nodes[node.operands[0]].value.count / max(node.value.count, 1)
      return .number(1 / Double(count))
    case .logSumExp:
      return graph.level == .scalar && !node.operands.isEmpty
        ? .call(.exp, [x(position) - y]) : .call(.softmax, [x(0)])
    case .softmax: return y
    case .matrixMultiply: return transposed(graph, node.operands[1 - position], x(1 - position))
    }
  }

  private static func transposed(_ graph: ComputationGraph, _ node: Int, _ formula: Expression) -> Expression
  {
    if graph.nodes[node].shape.count < 2 { return formula }
    if case .transposed(let inner) = formula { return inner }
    return .transposed(formula)
  }

  /// One term of an array's gradient: the upstream gradient through one operation.
  ///
  /// The rules are those of Giles, "Collected matrix derivative results for forward and reverse mode
  /// algorithmic differentiation", 2008.
  private static func arrayTerm(
    _ graph: ComputationGraph, _ index: Int, _ position: Int, _ upstream: Expression, _ formulas: [Expression]
  ) -> Expression {
    let node = graph.nodes[index]
    let operand = graph.nodes[node.operands[position]]
    let local = local(graph, index, position, formulas)
    switch node.operation {
    case .matrixMultiply:
      if upstream == .number(1) { return local }
      if node.shape.isEmpty { return upstream * local }
      return position == 0 ? .matrixProduct(upstream, local) : .matrixProduct(local, upstream)
    case .transpose: return transposed(graph, index, upstream)
    case .softmax:
      let s = formulas[index]
      return s * (upstream - .total(s * upstream, axis: node.axis))
    default:
      let term = upstream * local
      // A broadcast operand collects from all the elements it was spread over.
      guard !node.isReduction, operand.shape != node.shape, node.operation != .index, term != .number(1)
      else {
        return term
      }
      return .total(term, axis: operand.shape.isEmpty ? nil : 0)
    }
  }
}

extension ComputationGraph.Node {
  /// Whether it makes one number of many; of one, it is that number.
  fileprivate var isReduction: Bool {
    switch operation {
    case .sum, .mean, .maximumReduction, .minimumReduction, .logSumExp: true
    default: false
    }
  }
}
