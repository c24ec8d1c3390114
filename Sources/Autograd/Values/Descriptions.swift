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
  /// Such as `w1_2 = 0.25`.
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

extension ComputationGraph: CustomStringConvertible {
  /// Such as `a scalar graph of 12 values, L = 0.731`.
  public var description: String {
    let result = loss.flatMap { nodes.indices.contains($0) ? nodes[$0] : nil }
    return "a \(level.rawValue) graph of \(nodes.count) value\(nodes.count == 1 ? "" : "s")"
      + (result.map { ", \($0.name) = \(ShortList(shape: $0.shape, numbers: $0.value).text)" } ?? "")
  }
}

/// Nested lists on one line, with at most ``maxCount`` numbers in full.
struct ShortList {
  /// Arrays with up to this many numbers are written in full.
  static let maxCount = 12
  /// The number of entries per axis for larger arrays.
  static let prefixLength = 3

  let shape: [Int]
  let numbers: [Double]

  var text: String {
    guard !shape.isEmpty else { return numbers.first.map { PlainNumber.text($0, minus: "-") } ?? "–" }
    return list(0, numbers[...])
  }

  private func list(_ axis: Int, _ part: ArraySlice<Double>) -> String {
    let size = shape[axis]
    let cut = numbers.count > Self.maxCount && size > Self.prefixLength + 1
    let length = size == 0 ? 0 : part.count / size
    var entries = (0..<(cut ? Self.prefixLength : size)).map { entry in
      let start = part.startIndex + entry * length
      return axis + 1 == shape.count
        ? PlainNumber.text(part[start], minus: "-") : list(axis + 1, part[start..<start + length])
    }
    if cut { entries.append("… \(size - Self.prefixLength) more") }
    return "[" + entries.joined(separator: ", ") + "]"
  }
}
