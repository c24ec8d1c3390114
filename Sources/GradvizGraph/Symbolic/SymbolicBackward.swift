import Autograd

/// The backward pass on formulas.
extension Symbolic {
  static func backward(
    _ graph: ComputationGraph, _ formulas: [Formula], _ ties: [Int: Int], _ isKnown: [Bool]
  ) -> [Formula?] {
    var terms = [[Formula]](repeating: [], count: graph.nodes.count)
    var uses = [[(user: Int, position: Int)]](repeating: [], count: graph.nodes.count)
    var result = [Formula?](repeating: nil, count: graph.nodes.count)
    guard let loss = graph.loss else { return result }
    let limit = graph.level == .scalar ? budget : 14
    terms[loss] = [.number(1)]
    for index in graph.nodes.indices.reversed() where index == loss || !uses[index].isEmpty {
      let node = graph.nodes[index]
      // A box that was recovered may be an array that is used as a whole.
      let hidesUses =
        node.hidesUses && node.fold == nil || uses[index].contains { isHidden($0.user, $0.position, graph) }
      let whole = hidesUses ? .gradient(of: index) : whole(index, terms[index], uses[index], graph, loss, ties)
      result[index] = whole
      terms[index] = []
      let upstream: Formula =
        whole.size <= limit && (graph.level == .scalar || !isKnown[index] || index == loss)
        ? whole : .gradient(of: index)
      for (position, operand) in node.operands.enumerated() {
        uses[operand].append((index, position))
        guard !isHidden(index, position, graph), terms[operand].count <= maxOperands else { continue }
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

  /// Whether nothing says how an operation passes a gradient on to one of its operands.
  static func isHidden(_ index: Int, _ position: Int, _ graph: ComputationGraph) -> Bool {
    graph.nodes[index].hidesOperands && ruleByNames(index, position, graph, [:]).recorded == nil
  }

  /// The gradient of one value: its terms in full, or with users by their names, which is exact where what is
  /// written out cancels; its name where no formula gives it.
  static func whole(
    _ index: Int, _ terms: [Formula], _ uses: [(user: Int, position: Int)], _ graph: ComputationGraph,
    _ loss: Int, _ ties: [Int: Int]
  ) -> Formula {
    // Hundreds of uses, as of a weight in a large batch, make no formula a person would read.
    guard terms.count <= maxOperands else { return .gradient(of: index) }
    let node = graph.nodes[index]
    // In the order of the uses, as the figures show them; the backward pass meets the last use first.
    let order = uses.indices.sorted { (uses[$0].user, uses[$0].position) < (uses[$1].user, uses[$1].position) }
    let (terms, uses) = order.count == terms.count ? (order.map { terms[$0] }, order.map { uses[$0] }) : (terms, uses)
    let full = fitted(.sum(of: terms), node.shape, graph)
    if holds(full, for: node, in: graph) { return full }
    let short = fitted(
      .sum(of: uses.map { byNames($0.user, $0.position, graph, ties, isLoss: $0.user == loss) }), node.shape, graph)
    return index != loss && holds(short, for: node, in: graph) ? short : .gradient(of: index)
  }

  /// What one use adds, its user and the operands by their names.
  static func byNames(
    _ user: Int, _ position: Int, _ graph: ComputationGraph, _ ties: [Int: Int], isLoss: Bool
  ) -> Formula {
    let rule = ruleByNames(user, position, graph, ties)
    return passed(isLoss ? .number(1) : .gradient(of: user), through: rule.passages, of: user, graph)
  }

  static func ruleByNames(
    _ index: Int, _ position: Int, _ graph: ComputationGraph, _ ties: [Int: Int]
  ) -> DerivativeRule {
    let operands = graph.nodes[index].operands
    return DerivativeRule(
      graph: graph, index: index, position: position,
      operand: { leafFormula(graph.nodes[operands[$0]], operands[$0]) }, result: .value(index),
      ties: ties[index] ?? 0)
  }

  /// The upstream gradient through one operation, in the operand's shape.
  private static func passed(
    _ upstream: Formula, through passages: [Passage], of index: Int, _ graph: ComputationGraph
  ) -> Formula {
    var result = upstream
    var isWhole = false
    for passage in passages {
      switch passage {
      case .times(let factor): result = withoutOnes(result * factor, graph)
      case .timesMatrix(let other):
        result = .matrixProduct(result, other)
        isWhole = true
      case .matrixTimes(let other):
        result = .matrixProduct(other, result)
        isWhole = true
      case .timesVector(let other): result = .outerProduct(result, other)
      case .vectorTimes(let other): result = .outerProduct(other, result)
      case .transposed:
        switch result {
        case .transposed(let inner): result = inner
        case .filled(let number, let shape): result = .filled(number, shape: shape.reversed())
        default: result = .transposed(result)
        }
      case .permuted(let axes):
        result = moved(result, to: Shapes.transpose(graph.shape(of: result), axes) ?? []) { .permuted($0, axes) }
      case .reshaped(let shape): result = moved(result, to: shape) { .reshaped($0, shape) }
      case .taken(let position):
        let shape = Shapes.index(graph.shape(of: result), position) ?? []
        result = moved(result, to: shape) { .entries($0, position) }
      case .total(let axis):
        // Before the first sum it has the shape of the operation's result.
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

  /// Other places for the numbers of a formula, which make no difference to an array filled with one number.
  private static func moved(_ formula: Formula, to shape: [Int], _ change: (Formula) -> Formula) -> Formula {
    if case .filled(let number, _) = formula { return .filled(number, shape: shape) }
    return change(formula)
  }

  /// Without factors of ones that the others' shape makes superfluous.
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

  /// The formula in a shape: what simplifying took away of it comes back as ones.
  private static func fitted(_ formula: Formula, _ shape: [Int], _ graph: ComputationGraph) -> Formula {
    guard graph.level == .tensor, graph.shape(of: formula) != shape else { return formula }
    switch formula {
    case .number(0): return .filled(0, shape: shape)
    case .number(1): return .filled(1, shape: shape)
    default: return formula * .filled(1, shape: shape)
    }
  }

  /// Whether a formula gives a value's gradient: 0·∞, rounding that cancels all digits, and graphs from elsewhere
  /// may see to it that it does not.
  private static func holds(_ formula: Formula, for node: ComputationGraph.Node, in graph: ComputationGraph)
    -> Bool
  {
    guard let gradient = node.gradient else { return true }
    // Of very large arrays the rule is trusted.
    if gradient.count > 50_000 { return true }
    guard let value = formula.value(in: graph), value.shape == node.shape else { return false }
    let size = gradient.reduce(0) { max($0, $1.isFinite ? $1.magnitude : 0) }
    let digits = precision(of: node)
    return zip(value.numbers, gradient).allSatisfy { agree($0, $1, size: size, digits) }
  }

  /// How near numbers of a recorder's type come to one another that were computed in two ways.
  static func precision(of node: ComputationGraph.Node) -> Double {
    switch node.facts?.type {
    case "float32": 1e-4
    case "float16": 1e-2
    case "bfloat16": 5e-2
    default: 1e-9
    }
  }

  static func agree(_ a: Double, _ b: Double, size: Double = 0, _ precision: Double = 1e-9) -> Bool {
    a == b || a.isNaN && b.isNaN || (a - b).magnitude <= precision * max(a.magnitude, b.magnitude, size)
  }
}
