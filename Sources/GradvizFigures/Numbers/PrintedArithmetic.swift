import GradvizGraph

/// Whether both sides of an equation agree as printed.
enum Relation: String {
  case equal = "="
  /// Equal only before rounding.
  case about = "≈"
  /// Of a number from elsewhere that its formula does not give.
  case unequal = "≠"
}

extension NumberFormat {
  /// Chooses how the numbers on a line are written so that it is correct as printed: with the format's
  /// digits, or one more; if neither works, with the sign ≈.
  ///
  /// - Parameters:
  ///   - extraDigits: the most digits to add.
  ///   - holds: whether the line is correct with the numbers in this format.
  func reckoned(extraDigits: Int = 1, _ holds: (NumberFormat) -> Bool) -> (format: NumberFormat, relation: Relation) {
    var format = self
    for _ in 0...extraDigits {
      if holds(format) { return (format, .equal) }
      // Of a blank, how many digits fit would say something about it.
      guard format.finer.precision > format.precision, !isHidden else { break }
      format = format.finer
    }
    return (self, .about)
  }
}

/// `2 × 3 + (−1) × 4 = 2`: a sum of products with a known result, correct as printed.
struct PrintedSum {
  struct Term {
    /// None before the first, otherwise ` + ` or ` − `.
    var sign: String
    var factors: [String]
    /// Between the factors.
    var cross: String
    var isFinite: Bool
    var text: String { factors.joined(separator: cross) }
  }

  private(set) var terms: [Term] = []
  /// The sign before the result.
  let relation: Relation
  let format: NumberFormat

  /// A negative term with a single factor is subtracted.
  init(_ products: [[Double]], result: Double, format: NumberFormat, extraDigits: Int = 1) {
    let total = format.printed(result)
    let reckoned = format.reckoned(extraDigits: extraDigits) { format in
      total.admits(products.reduce(0) { $0 + Self.value($1, format) })
    }
    (self.format, relation) = reckoned
    for (number, factors) in products.enumerated() {
      // A sign outside a blank would be a part of the answer.
      let isSubtracted = factors.count == 1 && number > 0 && factors[0] < 0 && !format.isHidden
      // The cross of a product must differ from that of ×10ⁿ.
      let hasPower = factors.contains { reckoned.format.printed($0).isScientific }
      terms.append(
        Term(
          sign: number == 0 ? "" : isSubtracted ? " − " : " + ",
          factors: isSubtracted
            ? [reckoned.format.text(-factors[0])]
            : Self.texts(factors, isFirst: number == 0, reckoned.format),
          cross: hasPower ? " · " : " × ", isFinite: factors.allSatisfy(\.isFinite)))
    }
  }

  private static func value(_ factors: [Double], _ format: NumberFormat) -> WideNumber {
    factors.reduce(1) { $0 * format.printed($1).value }
  }

  /// A factor without its parentheses, where a frame holds it together.
  static func bare(_ factor: String) -> String {
    factor.hasPrefix("(") && factor.hasSuffix(")") ? String(factor.dropFirst().dropLast()) : factor
  }

  private static func texts(_ factors: [Double], isFirst: Bool, _ format: NumberFormat) -> [String] {
    factors.enumerated().map { number, factor in
      number == 0 && (isFirst || factors.count == 1) ? format.text(factor) : format.factor(factor)
    }
  }
}

extension Formula {
  /// The result of evaluating the formula with its numbers as `format` prints them; nil for formulas of
  /// arrays.
  func printedValue(in graph: ComputationGraph, _ format: NumberFormat) -> WideNumber? {
    func all(_ parts: [Self]) -> [WideNumber]? {
      let numbers = parts.compactMap { $0.printedValue(in: graph, format) }
      return numbers.count == parts.count ? numbers : nil
    }
    switch self {
    case .number(let number), .constant(let number, _): return format.printed(number).value
    case .value(let node):
      return graph.nodes[node].value.count == 1 ? format.printed(graph.nodes[node].value[0]).value : nil
    case .sum(let terms), .call(.add, let terms), .call(.sum, let terms):
      return all(terms).map { $0.reduce(0, +) }
    case .call(.subtract, let parts): return all(parts).map { $0[0] - $0[1] }
    case .product(let factors), .call(.multiply, let factors): return all(factors).map { $0.reduce(1, *) }
    case .quotient(let a, let b): return all([a, b]).map { $0[0] / $0[1] }
    case .call(.divide, let parts): return all(parts).map { $0[0] / $0[1] }
    case .negated(let part): return part.printedValue(in: graph, format).map { -$0 }
    case .call(.negate, let parts): return parts[0].printedValue(in: graph, format).map { -$0 }
    case .call(.power, let parts):
      return Self.power(parts[0], parts[1]).printedValue(in: graph, format)
    case .power(let a, .number(let exponent)) where exponent == exponent.rounded() && exponent.magnitude < 64:
      return a.printedValue(in: graph, format).map { $0.raised(to: Int(exponent)) }
    case .power(let a, let b):
      return all([a, b]).flatMap { Self.ofDoubles($0, graph) { .power($0[0], $0[1]) } }
    case .comparison(let a, let relation, let b):
      return all([a, b]).map { numbers in
        switch relation {
        case .greater: numbers[0] > numbers[1] ? 1 : 0
        case .less: numbers[1] > numbers[0] ? 1 : 0
        case .equal: numbers[0] > numbers[1] || numbers[1] > numbers[0] ? 0 : 1
        case .greaterOrEqual: numbers[1] > numbers[0] ? 0 : 1
        case .lessOrEqual: numbers[0] > numbers[1] ? 0 : 1
        case .notEqual: numbers[0] > numbers[1] || numbers[1] > numbers[0] ? 1 : 0
        }
      }
    case .only(let part, let condition, let number):
      return all([part, condition]).map { $0[1] == WideNumber(number) ? 0 : $0[0] }
    case .sign(let part): return all([part]).flatMap { Self.ofDoubles($0, graph) { .sign($0[0]) } }
    case .call(let operation, let arguments):
      return all(arguments).flatMap { Self.ofDoubles($0, graph) { .call(operation, $0) } }
    default: return nil
    }
  }

  /// Functions are evaluated as `Double`, whose last bits no figure shows.
  private static func ofDoubles(
    _ numbers: [WideNumber], _ graph: ComputationGraph, _ formula: ([Formula]) -> Formula
  ) -> WideNumber? {
    let exactness = numbers.map(\.exactness).min() ?? .exact
    return formula(numbers.map { .number($0.high) }).evaluate(in: graph).map {
      WideNumber($0, min(exactness, .ofDouble))
    }
  }
}
