import GradvizGraph
import GradvizSystem

/// `characters("data/names.txt", 4)`: the characters of each line, as numbers, four in a row.
extension Checker {
  /// A row for every character of the file and every end of a line: the character as the last, those before it in front.
  ///
  /// 0 is what is in front of a line and behind it; 1, 2, … are the characters of the file in Unicode order.
  mutating func characters(_ arguments: Arguments, _ span: Span) throws(Issue) -> Fact {
    guard arguments.values.count == 2, case .text(let path) = tree.nodes[arguments.values[0]].kind else {
      throw Issue(
        span, "`characters` takes a quoted file path and how many of them are in a row",
        hint: "`characters(\"data/names.txt\", 4)`")
    }
    let pathSpan = tree.nodes[arguments.values[0]].span
    try requireInside(path, pathSpan)
    let width = try integer(arguments.values[1], "the number of characters in a row")
    guard (1...Self.maxWidth).contains(width) else {
      throw Issue(tree.nodes[arguments.values[1]].span, "1 to \(Self.maxWidth) characters are in a row")
    }
    let text: String
    do { text = try files.text(path) } catch let problem as DataTable.Problem {
      throw issue(problem, path, pathSpan)
    } catch {
      throw Issue(pathSpan, "\(quoted(path)) cannot be read: \(error)")
    }
    let lines = Self.lines(of: text)
    let count = lines.reduce(0) { $0 + $1.count + 1 }
    guard count > 0 else { throw Issue(pathSpan, "\(quoted(path)) is empty") }
    try requireSize([count, width], span)
    try countOperations(Double(count) * Double(width), span)
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
