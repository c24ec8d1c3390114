import Foundation
import GradvizDrawing

/// The texts of a drawing as a reader sees them: each run of a line has a place of its own, and indices, samples and
/// exponents stand below and above it.
extension SVGDocument.Element {
  fileprivate var typeface: TextMetrics.Typeface {
    if attributes["font-style"] == "italic" { return .variable }
    if attributes["font-family"] != nil { return .index }
    return attributes["font-weight"] == "bold" ? .bold : .regular
  }

  package var size: Double { number("font-size") ?? 14 }

  /// Short words are written without their width.
  package var width: Double {
    number("textLength") ?? TextMetrics.width(of: text, size: size, typeface: typeface)
  }

  package var left: Double { (number("x") ?? 0) - (attributes["text-anchor"] == "middle" ? width / 2 : 0) }

  fileprivate var ownClasses: Set<String> {
    Set((attributes["class"] ?? "").split(separator: " ").filter { !$0.hasPrefix("f-") }.map(String.init))
  }

  /// Capitals and digits reach 0.72 above the baseline, commas and brackets 0.21 below it; the digits of an index or an
  /// exponent stand on it.
  package var textFrame: CGRect {
    let isIndex = typeface == .index && text.allSatisfy(\.isNumber)
    return CGRect(
      x: left, y: (number("y") ?? 0) - (isIndex ? 0.68 : 0.72) * size, width: width,
      height: (isIndex ? 0.68 : 0.93) * size)
  }

  /// The element at this index of the document's list is inside the same group.
  fileprivate func isBeside(_ other: Self) -> Bool {
    guard groups.count == other.groups.count, ownClasses == other.ownClasses else { return false }
    return groups.last.map { $0.id == other.groups.last?.id && $0.classes == other.groups.last?.classes } ?? true
  }
}

/// A line of text with what stands below and above it as small digits: `x₁⁽³⁾ = 0.5`, `1 − L²`.
package struct DrawnLine {
  package private(set) var text: String
  package private(set) var frame: CGRect
  /// The least size of its letters.
  package private(set) var minSize: Double
  package private(set) var runs: [SVGDocument.Element]
  private let baseline: Double
  private var end: Double
  private var isInScript = false

  package init(_ first: SVGDocument.Element) {
    text = first.text
    frame = first.textFrame
    minSize = first.size
    baseline = first.number("y") ?? 0
    end = first.left + first.width
    runs = [first]
  }

  /// Adds a run where it continues the line; returns whether it does.
  package mutating func add(_ run: SVGDocument.Element) -> Bool {
    guard let last = runs.last, run.isBeside(last) else { return false }
    let drop = (run.number("y") ?? 0) - baseline
    if run.text == "ˆ", abs(drop) < 1, run.left < end {
      text += "\u{302}"
      frame = frame.union(run.textFrame)
      runs.append(run)
      return true
    }
    let isScript = abs(drop) > 1
    // A box's name has a cell of its own; after an index it may go on: `n₁.w`.
    if !isScript, runs[0].typeface == .variable, run.left - end > 1.5, run.groups.last?.classes.contains("node") == true
    {
      return false
    }
    // A gradient beside its value is a text of its own.
    if run.text.hasPrefix("["), run.groups.last?.classes.contains("node") == true { return false }
    let gap = run.left - end
    let isStacked = isInScript && isScript && abs(run.left - last.left) < 2
    guard abs(drop) < 0.6 * run.size, isStacked || gap > -1.5 && gap < (isScript ? 2.2 : 0.7 * run.size) else {
      return false
    }
    text += (gap > 2 ? " " : "") + (!isScript ? run.text : drop > 0 ? Self.below(run.text) : Self.above(run.text))
    frame = frame.union(run.textFrame)
    minSize = min(minSize, run.size)
    end = max(end, run.left + run.width)
    isInScript = isScript
    runs.append(run)
    return true
  }

  package static func below(_ text: String) -> String {
    let digits: [Character] = Array("₀₁₂₃₄₅₆₇₈₉")
    return String(text.map { $0.isASCII ? $0.wholeNumberValue.map { digits[$0] } ?? $0 : $0 })
  }

  package static func above(_ text: String) -> String {
    let raised: [Character: Character] = [
      "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸", "9": "⁹",
      "−": "⁻", "(": "⁽", ")": "⁾", "T": "ᵀ", "t": "ᵗ", "…": "…",
    ]
    let letters = text.map { raised[$0] }
    return letters.contains(nil) ? "^{\(text)}" : String(letters.compactMap { $0 })
  }

  package static func lines(_ elements: [SVGDocument.Element]) -> [DrawnLine] {
    var lines: [DrawnLine] = []
    for element in elements where element.name == "text" {
      if lines.isEmpty || !lines[lines.count - 1].add(element) { lines.append(DrawnLine(element)) }
    }
    return lines
  }
}

extension SVGDocument {
  /// The lines of text in drawing order, each with its first run's attributes and its own width; numbers with
  /// points, whatever their mark.
  package var texts: [Element] {
    DrawnLine.lines(elements).map { line in
      var element = line.runs[0]
      element.text = DecimalComma.asPoint(line.text)
      guard line.runs.count > 1 else { return element }
      element.attributes["text-anchor"] = nil
      element.attributes["x"] = "\(line.frame.minX)"
      element.attributes["textLength"] = "\(line.frame.width)"
      return element
    }
  }
}
