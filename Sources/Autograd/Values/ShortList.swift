/// Nested lists in one line, with at most ``maxCount`` numbers in full.
package struct ShortList {
  /// Arrays of so many numbers are written whole.
  static let maxCount = 12
  /// Of larger ones so many entries of each axis.
  static let prefixLength = 3

  let shape: [Int]
  let numbers: [Double]

  package init(shape: [Int], numbers: [Double]) {
    self.shape = shape
    self.numbers = numbers
  }

  package var text: String {
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
