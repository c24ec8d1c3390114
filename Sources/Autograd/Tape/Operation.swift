extension Tape {
  /// The operation that computes a recorded node from its operands.
  ///
  /// The raw value is the operation's name in the JSON export.
  public enum Operation: String, Codable, Sendable, CaseIterable {
    // Two operands, elementwise.
    /// Of two operands, entry by entry.
    case add, subtract, multiply, divide
    /// `a ** b`; with a constant exponent the node has one operand and that exponent.
    case power
    /// The greater and the lesser of two operands, entry by entry.
    case maximum, minimum
    /// 1 where the comparison holds and 0 elsewhere, without a gradient.
    case less, lessOrEqual, greater, greaterOrEqual, equal, notEqual
    /// `a` where `b` is not 0, and 0 elsewhere, even where `a` is not finite; `b` has no gradient.
    case masked
    // One operand, elementwise.
    /// A function of each entry.
    case negate, exp, log, tanh, sigmoid, relu, sin, cos, sqrt, abs
    /// A function of each entry.
    case tan, asin, acos, atan, sinh, cosh, log1p, expm1, log2, log10, erf
    /// With gradient 0, as in PyTorch; `round` rounds halves to the even integer.
    case sign, floor, ceil, round
    /// The operand itself, through which no gradient passes.
    case stopGradient
    /// max(log x, −100), with the derivative that `BCELoss` needs: 1/x, and (1 − x) / 10⁻¹² within 10⁻¹² of 0
    /// and 1.
    case clampedLog
    // Reductions over everything, or along one axis. In a scalar graph, they take any number of scalar
    // operands: their sum, mean, maximum, minimum, log Σ exp.
    /// Many numbers, or an axis of an array, as one.
    case sum, mean, maximumReduction, minimumReduction, logSumExp
    // Tensors only.
    /// An operation on arrays as a whole.
    case softmax, matrixMultiply, transpose, index
    /// The same numbers in another shape.
    case reshape
    /// Arrays one after another along an axis.
    case concat
  }
}

extension Tape.Operation {
  /// Whether the operation has no gradient: a comparison, a step or a stopped gradient.
  package var passesNothing: Bool {
    switch self {
    case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual, .sign, .floor, .ceil, .round,
      .stopGradient:
      true
    default: false
    }
  }

  /// Whether no gradient arrives at its operands at all, not even one of 0.
  package var hasNoBackwardPass: Bool {
    switch self {
    case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual, .stopGradient: true
    default: false
    }
  }

  /// Whether it takes one operand and applies to each of its numbers alone.
  package var isElementFunction: Bool {
    switch self {
    case .negate, .exp, .log, .clampedLog, .tanh, .sigmoid, .relu, .sin, .cos, .sqrt, .abs, .tan, .asin, .acos,
      .atan, .sinh, .cosh, .log1p, .expm1, .log2, .log10, .erf, .sign, .floor, .ceil, .round, .stopGradient:
      true
    default: false
    }
  }

  /// Whether it takes two operands, which broadcast.
  package var isElementPair: Bool {
    switch self {
    case .add, .subtract, .multiply, .divide, .power, .maximum, .minimum, .less, .lessOrEqual, .greater,
      .greaterOrEqual, .equal, .notEqual, .masked:
      true
    default: false
    }
  }
}

/// The role of a value in the network, which determines its tint in figures.
public enum Role: String, Codable, Sendable, CaseIterable {
  /// What a value is for.
  case input, target, parameter, prediction, loss, constant, intermediate
}
