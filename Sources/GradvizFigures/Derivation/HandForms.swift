import Autograd
import GradvizGraph

/// Forms of a formula that a person would write.
extension Formula {
  /// Whether a gradient stands in it by its name.
  var namesGradient: Bool {
    switch self {
    case .gradient: true
    case .sum(let parts), .product(let parts), .call(_, let parts): parts.contains(where: \.namesGradient)
    case .quotient(let a, let b), .power(let a, let b), .comparison(let a, _, let b), .only(let a, let b, _):
      a.namesGradient || b.namesGradient
    case .negated(let part), .sign(let part): part.namesGradient
    default: false
    }
  }

  /// The factors of a product; otherwise the formula itself.
  var factors: [Formula] { if case .product(let factors) = self { factors } else { [self] } }

  /// A product whose sign stands before all of it: `−(y/4)·w`.
  static func withSignInFront(_ factors: [Formula]) -> Formula {
    guard case .negated(let first)? = factors.first else { return factors.count == 1 ? factors[0] : .product(factors) }
    return .negated(withSignInFront([first] + factors.dropFirst()))
  }

  /// A number times a sum as the sum of products: `2ŷ − 2y` for `2(ŷ − y)`.
  var multipliedOut: Formula {
    guard case .product(let factors) = self, factors.count == 2, case .number(let number) = factors[0] else {
      return self
    }
    func scaled(_ term: Formula) -> Formula {
      switch term {
      case .number(let own): .number(number * own)
      case .negated(let inner): .negated(scaled(inner))
      default: .product([.number(number), term])
      }
    }
    switch factors[1] {
    case .sum(let terms): return .sum(terms.map(scaled))
    case .call(.subtract, let parts): return .sum([scaled(parts[0]), .negated(scaled(parts[1]))])
    case .call(.add, let parts): return .sum(parts.map(scaled))
    default: return self
    }
  }

  /// With `tanh(n)` in place of the name of a value that is one, and so on.
  func writingActivationsOut(_ symbolic: Symbolic) -> Formula {
    func written(_ part: Formula) -> Formula { part.writingActivationsOut(symbolic) }
    switch self {
    case .value(let node):
      guard [.tanh, .sigmoid].contains(symbolic.graph.nodes[node].operation) else { return self }
      return symbolic.definition(of: node, inlining: false)
    case .sum(let parts): return .sum(parts.map(written))
    case .product(let parts): return .product(parts.map(written))
    case .quotient(let a, let b): return .quotient(written(a), written(b))
    case .power(let a, let b): return .power(written(a), b)
    case .negated(let part): return .negated(written(part))
    default: return self
    }
  }

  /// A product that begins with numbers and data: `x₁·(1 − o²)`.
  func withDataFirst(in graph: ComputationGraph) -> Formula {
    guard case .product(let factors) = self else { return self }
    func isFirst(_ factor: Formula) -> Bool {
      switch factor {
      case .number: true
      case .value(let node): graph.nodes[node].isLeaf
      default: false
      }
    }
    return .product(factors.filter(isFirst) + factors.filter { !isFirst($0) })
  }
}
