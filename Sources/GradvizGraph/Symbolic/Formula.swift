import Autograd

/// A formula over the values of one graph.
///
/// The definition of a value has the form in which it was recorded, with a ``call(_:_:)`` for each operation;
/// gradients are simplified as they are built. Elementwise operations broadcast as in NumPy.
///
/// The size of a formula is bounded by a budget of tokens as it is built, so that recursive traversal is
/// safe.
public indirect enum Formula: Equatable, Sendable {
  /// A number.
  case number(Double)
  /// A number that is not written in digits, such as `√2`.
  case constant(Double, String)
  /// A value of the graph, by index; written by its name.
  case value(Int)
  /// ∂loss/∂value, if it is not written out.
  case gradient(of: Int)
  /// The sum of the terms.
  case sum([Formula])
  /// Elementwise for arrays.
  case product([Formula])
  /// The first divided by the second, entry by entry.
  case quotient(Formula, Formula)
  /// The first to the power of the second.
  case power(Formula, Formula)
  /// The formula with the other sign.
  case negated(Formula)
  /// A scalar or elementwise operation as it was recorded.
  case call(Tape.Operation, [Formula])
  /// A reduction or a softmax, along an axis or over everything.
  case along(Tape.Operation, Formula, axis: Int?)
  /// 1 where it holds, 0 elsewhere.
  case comparison(Formula, Relation, Formula)
  /// The first formula where the condition holds, 0 elsewhere, even if the first is not finite there.
  case only(Formula, where: Formula, isNot: Double)
  /// −1, 0 or 1.
  case sign(Formula)
  /// `a @ b`.
  case matrixProduct(Formula, Formula)
  /// The outer product of two vectors, as a matrix.
  case outerProduct(Formula, Formula)
  /// A matrix with rows and columns exchanged.
  case transposed(Formula)
  /// The axes in another order.
  case permuted(Formula, [Int])
  /// The same numbers in another shape.
  case reshaped(Formula, [Int])
  /// Arrays one after another along an axis.
  case joined([Formula], axis: Int)
  /// A selection of entries, as in `x[:, 1]` or `x[0:2]`.
  case entries(Formula, [AxisIndex])
  /// With a new axis of size 1 at this position.
  case widened(Formula, axis: Int)
  /// The entries of an array of this shape that is 0 elsewhere; what comes to the same place adds up.
  case placed(Formula, at: [AxisIndex], shape: [Int])
  /// An array filled with 0 or 1.
  case filled(Int, shape: [Int])
  /// Of class numbers a row each that is 1 at its class and 0 elsewhere.
  case oneHot(Formula, count: Int)

  /// A comparison between two formulas.
  public enum Relation: String, Sendable {
    case greater = ">"
    case less = "<"
    case equal = "="
    case greaterOrEqual = "≥"
    case lessOrEqual = "≤"
    case notEqual = "≠"

    init?(_ operation: Tape.Operation) {
      switch operation {
      case .greater: self = .greater
      case .less: self = .less
      case .equal: self = .equal
      case .greaterOrEqual: self = .greaterOrEqual
      case .lessOrEqual: self = .lessOrEqual
      case .notEqual: self = .notEqual
      default: return nil
      }
    }

    func holds(_ x: Double, _ y: Double) -> Bool {
      switch self {
      case .greater: x > y
      case .less: x < y
      case .equal: x == y
      case .greaterOrEqual: x >= y
      case .lessOrEqual: x <= y
      case .notEqual: x != y
      }
    }
  }

  /// The approximate number of tokens in the formula.
  public var size: Int {
    switch self {
    case .number, .value, .constant: 1
    case .gradient, .filled: 3
    case .sum(let terms), .product(let terms): terms.reduce(terms.count - 1) { $0 + $1.size }
    case .call(_, let terms), .joined(let terms, _): terms.reduce(2) { $0 + $1.size }
    case .quotient(let a, let b), .power(let a, let b), .matrixProduct(let a, let b),
      .outerProduct(let a, let b):
      a.size + b.size + 1
    case .comparison(let a, _, let b), .only(let a, let b, _): a.size + b.size + 3
    case .negated(let a), .transposed(let a), .entries(let a, _), .widened(let a, _): a.size + 1
    case .along(_, let a, _), .sign(let a): a.size + 2
    case .permuted(let a, let list), .reshaped(let a, let list): a.size + list.count + 1
    case .placed(let a, _, _): a.size + 4
    case .oneHot(let a, _): a.size + 2
    }
  }

  package var isNegative: Bool {
    switch self {
    case .number(let number): number < 0
    case .negated, .call(.negate, _): true
    case .product(let factors): factors.first?.isNegative ?? false
    case .quotient(let a, _): a.isNegative
    default: false
    }
  }

  /// Whether the text starts with a minus sign.
  var beginsWithSign: Bool {
    switch self {
    case .call(.multiply, let parts), .call(.divide, let parts), .product(let parts): parts[0].beginsWithSign
    case .quotient(let top, _): top.beginsWithSign
    default: isNegative
    }
  }

  /// The terms of a sum or difference; the formula itself if it is neither.
  public var terms: [Formula] {
    switch self {
    case .sum(let terms): terms
    case .call(.sum, let terms): terms
    case .call(.add, let parts): parts[0].terms + [parts[1]]
    case .call(.subtract, let parts): parts[0].terms + [.negated(parts[1])]
    default: [self]
    }
  }

  static func total(_ a: Formula, axis: Int?) -> Formula { .along(.sum, a, axis: axis) }
}
