import GradvizGraph
import GradvizSystem

/// `characters("data/names.txt", 4)`: the characters of each line, as numbers, four in a row.
struct CharacterReader {
  let scope: NameScope
  let files: DataFiles

  /// A row for every character of the file and every end of a line: the character as the last, those before it in front.
  ///
  /// 0 is what is in front of a line and behind it; 1, 2, … are the characters of the file in Unicode order.
  func check(_ call: Call) throws(Issue) -> Fact {
    let span = call.span
    guard call.values.count == 2, case .text(let path) = scope.tree.nodes[call.values[0]].kind else {
      throw Issue(
        span, "`characters` takes a quoted file path and how many of them are in a row",
        hint: "`characters(\"data/names.txt\", 4)`")
    }
    let pathSpan = scope.span(call.values[0])
    try files.requireInside(path, pathSpan)
    let width = try scope.integer(call.values[1], "the number of characters in a row")
    guard (1...Self.maxWidth).contains(width) else {
      throw Issue(scope.span(call.values[1]), "1 to \(Self.maxWidth) characters are in a row")
    }
    let text = try files.text(path, pathSpan)
    let lines = Self.lines(of: text)
    let count = lines.reduce(0) { $0 + $1.count + 1 }
    guard count > 0 else { throw Issue(pathSpan, "\(quoted(path)) is empty") }
    try scope.budget.requireSize([count, width], span)
    try scope.budget.countOperations(Double(count) * Double(width), span)
    return .literal(Constant(shape: [count, width], numbers: Self.rows(of: lines, width: width)))
  }

  private static let maxWidth = 1000

  /// The lines that are not blank, without the spaces around them.
  private static func lines(of text: String) -> [[Character]] {
    text.composed.split(whereSeparator: \.isNewline).compactMap { line in
      let start = line.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
      guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return nil }
      return Array(start[...last])
    }
  }

  private static func rows(of lines: [[Character]], width: Int) -> [Double] {
    let alphabet = Set(lines.joined()).sorted()
    let numbers = Dictionary(uniqueKeysWithValues: zip(alphabet, 1...))
    let edge = [Double](repeating: 0, count: width - 1)
    return lines.flatMap { line -> [Double] in
      let whole = edge + line.map { Double(numbers[$0] ?? 0) } + [0]
      return (0...line.count).flatMap { whole[$0..<($0 + width)] }
    }
  }
}
