extension Tape {
  /// The operation that computes a recorded node from its operands.
  ///
  /// The raw value is the operation's name in the JSON export.
  public enum Operation: String, Codable, Sendable, CaseIterable {
    // Two operands, elementwise.
    case add, subtract, multiply, divide
    /// `a ** b`; with a constant exponent the node has one operand and that exponent.
    case power
    case maximum, minimum
    // One operand, elementwise.
    case negate, exp, log, tanh, sigmoid, relu, sin, cos, sqrt, abs
    /// max(log x, −100), with the derivative that `BCELoss` needs: 1/x, and (1 − x) / 10⁻¹² within 10⁻¹² of 0
    /// and 1.
    case clampedLog
    // Reductions over everything, or along one axis. In a scalar graph, they take any number of scalar
    // operands: their sum, mean, maximum, minimum, log Σ exp.
    case sum, mean, maximumReduction, minimumReduction, logSumExp
    // Tensors only.
    case softmax, matrixMultiply, transpose, index
  }
}

/// The role of a value in the network, which determines its tint in figures.
public enum Role: String, Codable, Sendable, CaseIterable {
  case input, target, parameter, prediction, loss, constant, intermediate
}
