import GradvizGraph

/// The way of a gradient from the loss back to one value, as the product of the chain rule: a factor for each
/// operation that does more than to pass it on.
struct ChainFactors {
  /// ∂of/∂by.
  struct Factor {
    var of: Int
    var by: Int
    /// nil where several ways join, or several operations are taken together.
    var rule: Formula?
    var value: Double
    fileprivate var isOnlyPassed = false
  }

  private(set) var factors: [Factor] = []

  /// More factors than these are hard to read; the first ones are then taken together.
  private static let maxFactors = 3

  /// Returns nil where the way has no number for each of its steps.
  init?(_ context: FigureContext, to end: Int) {
    guard let loss = context.graph.loss, loss != end, let steps = Self.steps(context, to: end, from: loss) else {
      return nil
    }
    for step in steps.reversed() { append(step) }
    if let first = factors.first, factors.count > Self.maxFactors {
      let joint = factors.count - Self.maxFactors
      let joined = factors[0...joint].reduce(1) { $0 * $1.value }
      factors.replaceSubrange(0...joint, with: [Factor(of: first.of, by: factors[joint].by, value: joined)])
    }
    guard factors.contains(where: { !$0.isOnlyPassed }), factors.allSatisfy(\.value.isFinite) else { return nil }
  }

  /// The last factor's value, where it only passes the gradient on, is another one's as well.
  mutating func end(at node: Int) { factors[factors.count - 1].by = node }

  private mutating func append(_ step: Factor) {
    guard let last = factors.last else {
      factors.append(step)
      return
    }
    let place = factors.count - 1
    if step.isOnlyPassed {
      factors[place].by = step.by
    } else if last.isOnlyPassed {
      factors[place] = Factor(of: last.of, by: step.by, rule: step.rule, value: step.value)
    } else if case .number(-1) = last.rule, let rule = step.rule {
      factors[place] = Factor(of: last.of, by: step.by, rule: .negated(rule), value: -step.value)
    } else if case .number(-1) = step.rule, let rule = last.rule {
      factors[place] = Factor(of: last.of, by: step.by, rule: .negated(rule), value: -last.value)
    } else {
      factors.append(step)
    }
  }

  /// From the end up to the loss.
  private static func steps(_ context: FigureContext, to end: Int, from loss: Int) -> [Factor]? {
    let graph = context.graph
    var steps: [Factor] = []
    var current = end
    while current != loss {
      let uses = context.uses[current].filter { graph.passesBack(user: $0.user, position: $0.position) }
      if uses.count == 1, let local = graph.nodes[uses[0].user].localDerivatives?[uses[0].position] {
        let rule = context.text.notation.symbolic.localDerivative(of: uses[0].user, operand: uses[0].position)
        var step = Factor(of: uses[0].user, by: current, rule: rule, value: local)
        if case .number(1) = rule { step.isOnlyPassed = true }
        steps.append(step)
      } else {
        guard let joint = graph.joint(of: current, uses: context.uses), let slope = graph.slope(of: joint, by: current)
        else {
          return nil
        }
        steps.append(
          Factor(
            of: joint, by: current, rule: graph.rule(of: joint, by: current, context.text.notation.symbolic),
            value: slope))
      }
      current = steps[steps.count - 1].of
    }
    return steps
  }
}

extension ComputationGraph {
  /// The first value that all ways from `node` to the loss pass through.
  func joint(of node: Int, uses: [[(user: Int, position: Int)]]) -> Int? {
    // Users follow their operands, so the least of those reached has nothing still to come into it.
    var reached = [node]
    repeat {
      let next = reached.removeFirst()
      for use in uses[next] where passesBack(user: use.user, position: use.position) {
        let place = reached.firstIndex { $0 >= use.user } ?? reached.count
        if place == reached.count || reached[place] != use.user { reached.insert(use.user, at: place) }
      }
    } while reached.count > 1
    return reached.first
  }

  /// The sum over all ways between two scalars of the products of their rules; nil where that is long.
  fileprivate func rule(of top: Int, by bottom: Int, _ symbolic: Symbolic) -> Formula? {
    var rules: [Int: [Formula]] = [top: []]
    var terms: [Formula] = []
    for index in stride(from: top, to: bottom, by: -1) {
      guard let factors = rules[index] else { continue }
      for (position, operand) in nodes[index].operands.enumerated()
      where operand >= bottom && passesBack(user: index, position: position) {
        let rule = symbolic.localDerivative(of: index, operand: position)
        let product = rule == .number(1) ? factors : factors + [rule]
        if operand == bottom {
          terms.append(Self.product(product))
        } else if rules.updateValue(product, forKey: operand) != nil {
          // Ways that join in between have no one product.
          return nil
        }
      }
    }
    return terms.count > 3 ? nil : .sum(terms.filter { !$0.isNegative } + terms.filter(\.isNegative))
  }

  private static func product(_ factors: [Formula]) -> Formula {
    let isNegative = factors.count { $0 == .number(-1) } % 2 == 1
    var quotient: (tops: [Formula], bottoms: [Formula]) = ([], [])
    for factor in factors where factor != .number(-1) {
      if case .quotient(.number(1), let bottom) = factor {
        quotient.bottoms.append(bottom)
      } else {
        quotient.tops.append(factor)
      }
    }
    func product(_ parts: [Formula]) -> Formula {
      parts.isEmpty ? .number(1) : parts.count == 1 ? parts[0] : .product(parts)
    }
    let whole =
      quotient.bottoms.isEmpty
      ? product(quotient.tops) : Formula.quotient(product(quotient.tops), product(quotient.bottoms))
    return isNegative ? .negated(whole) : whole
  }

  /// ∂of/∂by over all ways between two scalars; nil where a step has no number.
  func slope(of top: Int, by bottom: Int) -> Double? {
    var slopes = [top: 1.0]
    for index in stride(from: top, to: bottom, by: -1) {
      guard let slope = slopes[index] else { continue }
      guard let local = nodes[index].localDerivatives else {
        if nodes[index].operands.isEmpty { continue }
        return nil
      }
      for (position, operand) in nodes[index].operands.enumerated() where operand >= bottom {
        slopes[operand, default: 0] += slope * local[position]
      }
    }
    return slopes[bottom]
  }
}
