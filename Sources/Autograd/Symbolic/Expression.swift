/// A formula over the values of one graph, simplified as it is built.
///
/// Expressions are bounded: whoever builds them cuts at a budget of tokens, so that walking one
/// recursively is safe.
public indirect enum Expression: Equatable, Sendable {
  case number(Double)
  /// A value of the graph, by index; written by its name.
  case value(Int)
  /// ∂loss/∂value, where it is not written out.
  case gradient(of: Int)
  case sum([Expression])
  /// Elementwise for arrays.
  case product([Expression])
  case quotient(Expression, Expression)
  case power(Expression, Expression)
  case negated(Expression)
  case call(Operation, [Expression])
  /// 1 where the expression is positive, 0 elsewhere.
  case isPositive(Expression)
  case matrixProduct(Expression, Expression)
  case transposed(Expression)
  /// Σ along an axis, or over everything.
  case total(Expression, axis: Int?)

  /// How many tokens the formula has, about.
  public var size: Int {
    switch self {
    case .number, .value: 1
    case .gradient: 3
    case .sum(let terms), .product(let terms): terms.reduce(terms.count - 1) { $0 + $1.size }
    case .call(_, let terms): terms.reduce(2) { $0 + $1.size }
    case .quotient(let a, let b), .power(let a, let b), .matrixProduct(let a, let b): a.size + b.size + 1
    case .negated(let a), .isPositive(let a), .transposed(let a), .total(let a, _): a.size + 1
    }
  }

  var isNegative: Bool {
    switch self {
    case .number(let number): number < 0
    case .negated: true
    case .product(let factors): factors.first?.isNegative ?? false
    case .quotient(let a, _): a.isNegative
    default: false
    }
  }
}

/// Builders that simplify as a person would: 1·a = a, 0 + a = a, numbers in front, like terms together.
extension Expression {
  static func + (a: Expression, b: Expression) -> Expression { sum(of: [a, b]) }
  static func - (a: Expression, b: Expression) -> Expression { sum(of: [a, negative(b)]) }

  static func negative(_ a: Expression) -> Expression {
    switch a {
    case .number(let number): .number(-number)
    case .negated(let inner): inner
    case .product(let factors):
      if case .number = factors[0] { product(of: [.number(-1)] + factors) } else { .negated(a) }
    case .quotient(let top, let bottom) where top.isNegative: .quotient(negative(top), bottom)
    default: .negated(a)
    }
  }

  static func sum(of terms: [Expression]) -> Expression {
    var constant = 0.0
    var order: [(coefficient: Double, rest: Expression)] = []
    func add(_ term: Expression, _ sign: Double) {
      switch term {
      case .number(let number): constant += sign * number
      case .sum(let inner): for part in inner { add(part, sign) }
      case .negated(let inner): add(inner, -sign)
      default:
        let (coefficient, rest) = term.split
        if let index = order.firstIndex(where: { $0.rest == rest }) {
          order[index].coefficient += sign * coefficient
        } else {
          order.append((sign * coefficient, rest))
        }
      }
    }
    for term in terms { add(term, 1) }
    var result = order.filter { $0.coefficient != 0 }.map { entry in
      entry.coefficient == 1
        ? entry.rest
        : entry.coefficient == -1
          ? .negated(entry.rest) : product(of: [.number(entry.coefficient), entry.rest])
    }
    // `1 − ŷ²` reads better than `−ŷ² + 1`.
    if constant != 0 {
      result.insert(.number(constant), at: result.first?.isNegative == true ? 0 : result.count)
    }
    return result.isEmpty ? .number(0) : result.count == 1 ? result[0] : .sum(result)
  }

  /// The number in front and what it multiplies.
  private var split: (Double, Expression) {
    guard case .product(let factors) = self, case .number(let number) = factors[0] else { return (1, self) }
    let rest = Array(factors.dropFirst())
    return (number, rest.count == 1 ? rest[0] : .product(rest))
  }

  static func * (a: Expression, b: Expression) -> Expression { product(of: [a, b]) }

  static func product(of factors: [Expression]) -> Expression {
    var constant = 1.0
    var order: [(base: Expression, exponent: Double)] = []
    var divisors: [Expression] = []
    func add(_ base: Expression, _ exponent: Double) {
      if let index = order.firstIndex(where: { $0.base == base }) {
        order[index].exponent += exponent
      } else {
        order.append((base, exponent))
      }
    }
    func take(_ factor: Expression) {
      switch factor {
      case .number(let number): constant *= number
      case .negated(let inner):
        constant = -constant
        take(inner)
      case .product(let inner): for part in inner { take(part) }
      case .power(let base, .number(let exponent)) where exponent > 0: add(base, exponent)
      case .quotient(let top, let bottom):
        take(top)
        divisors.append(bottom)
      default: add(factor, 1)
      }
    }
    for factor in factors { take(factor) }
    // A factor that is also a divisor goes.
    for divisor in divisors {
      if let index = order.firstIndex(where: { $0.base == divisor && $0.exponent >= 1 }) {
        order[index].exponent -= 1
        if let place = divisors.firstIndex(of: divisor) { divisors.remove(at: place) }
      }
    }
    if constant == 0 { return .number(0) }
    var result: [Expression] = order.filter { $0.exponent != 0 }.map { raised($0.base, .number($0.exponent)) }
    let isNegative = constant == -1 && !result.isEmpty
    if constant != 1, !isNegative { result.insert(.number(constant), at: 0) }
    var all: Expression = result.isEmpty ? .number(1) : result.count == 1 ? result[0] : .product(result)
    if !divisors.isEmpty { all = .quotient(all, product(of: divisors)) }
    return isNegative ? .negated(all) : all
  }

  static func / (a: Expression, b: Expression) -> Expression {
    switch (a, b) {
    case (_, .number(1)): a
    case (.number(let x), .number(let y)) where y != 0: .number(x / y)
    case (.number(0), _): .number(0)
    case (.negated(let inner), _): .negated(inner / b)
    default: product(of: [a, .quotient(.number(1), b)])
    }
  }

  static func raised(_ a: Expression, _ exponent: Expression) -> Expression {
    switch (a, exponent) {
    case (_, .number(1)): a
    case (_, .number(0)): .number(1)
    case (_, .number(let n)) where n < 0: .quotient(.number(1), raised(a, .number(-n)))
    case (.power(let base, .number(let m)), .number(let n)) where m == m.rounded() && n == n.rounded():
      raised(base, .number(m * n))
    default: .power(a, exponent)
    }
  }
}
