import Autograd

/// Builders that simplify as a person would: 1·a = a, 0 + a = a, numbers in front, like terms together.
///
/// This also holds for arrays, except for their shapes: an omitted part may have been larger than the rest.
/// ``Symbolic`` restores the shape where it matters.
extension Formula {
  static func + (a: Formula, b: Formula) -> Formula { sum(of: [a, b]) }
  static func - (a: Formula, b: Formula) -> Formula { sum(of: [a, negative(b)]) }

  package static func negative(_ a: Formula) -> Formula {
    switch a {
    case .number(let number): .number(-number)
    case .negated(let inner): inner
    case .call(.negate, let inner): inner[0]
    case .product(let factors):
      if case .number = factors[0] { product(of: [.number(-1)] + factors) } else { .negated(a) }
    case .quotient(let top, let bottom) where top.isNegative: .quotient(negative(top), bottom)
    default: .negated(a)
    }
  }

  static func sum(of terms: [Formula]) -> Formula {
    var constant = 0.0
    var order: [(coefficient: Double, rest: Formula)] = []
    func add(_ term: Formula, _ sign: Double) {
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

  /// The leading number and what it multiplies.
  private var split: (Double, Formula) {
    guard case .product(let factors) = self, case .number(let number) = factors[0] else { return (1, self) }
    let rest = Array(factors.dropFirst())
    return (number, rest.count == 1 ? rest[0] : .product(rest))
  }

  static func * (a: Formula, b: Formula) -> Formula { product(of: [a, b]) }

  static func product(of factors: [Formula]) -> Formula {
    var constant = 1.0
    var order: [(base: Formula, exponent: Double)] = []
    var divisors: [Formula] = []
    func add(_ base: Formula, _ exponent: Double) {
      if let index = order.firstIndex(where: { $0.base == base }) {
        order[index].exponent += exponent
      } else {
        order.append((base, exponent))
      }
    }
    func take(_ factor: Formula) {
      switch factor {
      case .number(let number): constant *= number
      case .negated(let inner):
        constant = -constant
        take(inner)
      case .call(.negate, let inner):
        constant = -constant
        take(inner[0])
      case .product(let inner), .call(.multiply, let inner): for part in inner { take(part) }
      case .power(let base, .number(let exponent)) where exponent > 0: add(base, exponent)
      case .call(.power, let parts):
        if case .number(let exponent) = parts[1], exponent > 0 { add(parts[0], exponent) } else { add(factor, 1) }
      case .quotient(let top, let bottom):
        take(top)
        divisors.append(bottom)
      default: add(factor, 1)
      }
    }
    for factor in factors { take(factor) }
    // Cancels a factor that is also a divisor.
    for divisor in divisors {
      if let index = order.firstIndex(where: { $0.base == divisor && $0.exponent >= 1 }) {
        order[index].exponent -= 1
        if let place = divisors.firstIndex(of: divisor) { divisors.remove(at: place) }
      }
    }
    if constant == 0 { return .number(0) }
    var result: [Formula] = order.filter { $0.exponent != 0 }.map { raised($0.base, .number($0.exponent)) }
    let isNegative = constant == -1 && !result.isEmpty
    if constant != 1, !isNegative { result.insert(.number(constant), at: 0) }
    var all: Formula = result.isEmpty ? .number(1) : result.count == 1 ? result[0] : .product(result)
    if !divisors.isEmpty { all = .quotient(all, product(of: divisors)) }
    return isNegative ? .negated(all) : all
  }

  static func / (a: Formula, b: Formula) -> Formula {
    switch (a, b) {
    case (_, .number(1)): a
    case (.number(0), _): .number(0)
    case (.negated(let inner), _): .negated(inner / b)
    default: product(of: [a, .quotient(.number(1), b)])
    }
  }

  static func raised(_ a: Formula, _ exponent: Formula) -> Formula {
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
