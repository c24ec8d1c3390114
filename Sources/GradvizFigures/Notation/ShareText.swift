import Autograd
import GradvizDOT
import GradvizDrawing

/// Describes the share that one or several uses of a value add to its gradient.
extension ValueText {
  static let shareSize = Typography.smallest
  /// Longer lists of numbers and longer formulas appear only in the tooltip.
  private static let maxEntries = 4
  private static let longestList = 110.0

  /// The share as one number or formula, in brackets: `[−0.84]`, `[f·b = 6]`; for a small array, `[1, 2]`, and
  /// larger one the least and the greatest to two digits, `[−0.2…0.35]`; nil where nothing flows.
  func share(_ node: Int, _ uses: [(user: Int, position: Int)]) -> MathText? {
    let value = graph.nodes[node]
    guard let amounts = amounts(uses)?.without(value.fold?.blanks ?? []) else { return nil }
    if value.fold != nil, value.shape.isEmpty {
      return MathText("[\(range(amounts.min() ?? .nan, amounts.max() ?? .nan))]")
    }
    guard value.shape.isEmpty, amounts.count == 1 else { return MathText(list(amounts)) }
    if isLive { return MathText(LiveRoom.shareText) }
    let number = notation.format(ofShares: uses, in: node).text(amounts[0])
    guard gradients != .numeric, let formula = shareFormula(uses), formula.plain != number else {
      return MathText("[\(number)]")
    }
    return "[" + formula + MathText(" = \(number)]")
  }

  /// The same, or the number alone where the formula is wider than a box.
  func share(_ node: Int, _ uses: [(user: Int, position: Int)], within width: Double) -> MathText? {
    guard let words = share(node, uses), let amounts = amounts(uses), amounts.count == 1 else {
      return share(node, uses)
    }
    let isWide = words.runs(size: Measure.valueSize, isBold: true).width * 1.02 > width
    return isWide ? MathText("[\(notation.format(ofShares: uses, in: node).text(amounts[0]))]") : words
  }

  /// The size of the share's mark on its wire.
  func shareSize(_ node: Int, _ uses: [(user: Int, position: Int)]) -> Size? {
    share(node, uses).map { words in
      let line = TextLine(words.runs(size: Self.shareSize, isBold: true))
      let height = Measure.shareHeight + (line.hasIndexAndExponent || words.hasPowerOfNumber ? 3 : 0)
      return Size(width: (line.width * 1.02 + 6).rounded(.up), height: height)
    }
  }

  /// All numbers of the share, and the value it belongs to.
  func shareTooltip(_ node: Int, _ uses: [(user: Int, position: Int)]) -> String {
    let full = notation.format.full
    let users = uses.map { graph.nodes[$0.user].name }
    var seen = Set<String>()
    let names = users.filter { seen.insert($0).inserted }.joined(separator: ", ")
    let amounts = (amounts(uses) ?? []).without(graph.nodes[node].fold?.blanks ?? [])
    let more = amounts.count > 64 ? notation.words.separator + notation.words.more(amounts.count - 64) : ""
    let shown = amounts.prefix(64).map(full.text).joined(separator: notation.words.separator) + more
    return notation.words.share(
      of: names, in: graph.nodes[node].name, amounts.count == 1 ? shown : "[\(shown)]")
  }

  /// The sum of these uses' shares, with one number per entry of the value.
  func amounts(_ uses: [(user: Int, position: Int)]) -> [Double]? {
    var total: [Double]?
    for use in uses {
      guard let share = graph.share(user: use.user, position: use.position) else { return nil }
      total = total.map { zip($0, share).map(+) } ?? share
    }
    return total
  }

  /// `[1, 2]`; of more numbers the least and the greatest, `[−0.2…0.35]`, or the one that all of them are.
  func list(_ amounts: [Double]) -> String {
    if let first = amounts.first, amounts.count > Self.maxEntries, amounts.allSatisfy({ $0 == first }) {
      return "[\(notation.format.text(first))]"
    }
    let numbers = "[" + amounts.map(notation.format.text).joined(separator: notation.words.separator) + "]"
    if amounts.count <= Self.maxEntries,
      Figure.Run(text: numbers, size: Self.shareSize, isBold: true).width <= Self.longestList
    {
      return numbers
    }
    let known = amounts.filter { !$0.isNaN }
    guard known.count == amounts.count, let least = known.min(), let greatest = known.max() else { return "[NaN]" }
    return "[\(range(least, greatest, digits: 2))]"
  }

  /// The formula of the share, written out if it is short, otherwise in terms of the users' gradients; nil if
  /// both are too long.
  private func shareFormula(_ uses: [(user: Int, position: Int)]) -> MathText? {
    [false, true].lazy.compactMap { notation.symbolic.share(of: uses, isBrief: $0) }
      .map { notation.line($0) }.first { $0.count <= Self.longestFormula }
  }
}
