/// The textual descriptions of the engine's types.

extension Value: CustomStringConvertible {
  /// `L = 0.731`, or only the number for a value without a name.
  public var description: String {
    (name.map { "\($0) = " } ?? "") + PlainNumber.text(data, minus: "-")
  }
}

extension Tensor: CustomStringConvertible {
  /// `W (2×3) = [[0.1, -0.2, 0.3], [1, 2, 3]]`; for a large array, the first numbers and the count of the
  /// rest.
  public var description: String {
    guard !shape.isEmpty else { return value.description }
    let sizes = Shapes.text(shape)
    return (name.map { "\($0) (\(sizes)) = " } ?? "(\(sizes)) ") + ShortList(shape: shape, numbers: data).text
  }
}

extension Tape: CustomStringConvertible {
  /// Such as `a tape of 12 values, 3 of them parameters`.
  public var description: String {
    "a tape of \(count) value\(count == 1 ? "" : "s"), \(parameters.count) of them parameters"
  }
}

extension ParameterElement: CustomStringConvertible {
  /// Such as `w[0, 1] = 0.25`.
  public var description: String { "\(name) = \(PlainNumber.text(value, minus: "-"))" }
}

extension Linear: CustomStringConvertible {
  /// Such as `hidden: 2 → 16, relu`.
  public var description: String {
    "\(name): \(weight.shape[0]) → \(weight.shape[1])" + (activation == .none ? "" : ", \(activation.rawValue)")
  }
}

extension MLP: CustomStringConvertible {
  /// Its layers, one per line.
  public var description: String { layers.map(\.description).joined(separator: "\n") }
}

extension TrainingStep: CustomStringConvertible {
  /// Such as `step 12: loss 0.731, rate 0.01`.
  public var description: String {
    "step \(step): loss \(PlainNumber.text(loss, minus: "-")), rate \(PlainNumber.text(rate, minus: "-"))"
  }
}
