/// Numbers one below the other with their decimal points in a line.
struct DecimalColumn {
  private let before: Double
  private let after: Double

  var width: Double { before + after }

  init(_ numbers: [Figure.Run]) {
    before = numbers.map { Self.widths($0).before }.max() ?? 0
    after = numbers.map { Self.widths($0).after }.max() ?? 0
  }

  /// How far the middle of a number is to the right of the column's.
  func shift(of number: Figure.Run) -> Double {
    let (left, right) = Self.widths(number)
    return before - left + (left + right) / 2 - width / 2
  }

  /// Left of the decimal point, or of where it would be, and right of it.
  private static func widths(_ number: Figure.Run) -> (before: Double, after: Double) {
    var whole = number
    if let point = number.text.firstIndex(where: { $0 == "." || $0 == "," }) {
      whole.text = String(number.text[..<point])
    } else if let times = number.text.firstIndex(of: "×") {
      whole.text = String(number.text[..<times])
    }
    return (whole.width, number.width - whole.width)
  }
}
