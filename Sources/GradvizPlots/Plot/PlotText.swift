import GradvizDrawing
import GradvizFigures
import GraphvizRenderer

/// A line of a plot with names of values in it: `"\(name: "w₂") = 0.5"`, in which w stands in the letters of variables
/// and 2 below the line.
struct PlotText: ExpressibleByStringInterpolation {
  /// Letters of one kind.
  struct Run {
    var text: String
    var typeface: TextMetrics.Typeface
    var size: Double
    /// How far it is below the line.
    var drop: Double

    var width: Double { TextMetrics.width(of: text, size: size, typeface: typeface) }
  }

  private var parts: [(text: String, isName: Bool)] = []

  init(stringLiteral text: String) { parts = [(text, false)] }
  init(stringInterpolation: StringInterpolation) { parts = stringInterpolation.parts }

  struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var parts: [(text: String, isName: Bool)] = []

    init(literalCapacity: Int, interpolationCount: Int) {}
    mutating func appendLiteral(_ text: String) { if !text.isEmpty { parts.append((text, false)) } }
    mutating func appendInterpolation(_ text: String) { parts.append((text, false)) }
    /// - Parameter name: with small digits, as ``TypesetNames/flat(_:lane:)`` gives it.
    mutating func appendInterpolation(name: String) { parts.append((name, true)) }
  }

  func runs(size: Double, isBold: Bool) -> [Run] {
    parts.flatMap { part in
      part.isName
        ? Self.name(part.text, size: size * Typography.nameRatio)
        : [Run(text: part.text, typeface: isBold ? .bold : .regular, size: size, drop: 0)]
    }
  }

  func width(size: Double, isBold: Bool) -> Double { runs(size: size, isBold: isBold).reduce(0) { $0 + $1.width } }

  /// The letters of a name, and its indices below the line.
  static func name(_ name: String, size: Double) -> [Run] {
    let small = 0.78 * size
    var runs: [Run] = []
    for letter in name {
      let digit = ("₀"..."₉").contains(letter) ? letter.wholeNumberValue.map(String.init) : nil
      let isIndex = digit != nil || letter == "," && runs.last?.typeface == .index
      if let last = runs.last, (last.typeface == .index) == isIndex {
        runs[runs.count - 1].text += digit ?? String(letter)
      } else {
        runs.append(
          Run(
            text: digit ?? String(letter), typeface: isIndex ? .index : .variable, size: isIndex ? small : size,
            drop: isIndex ? 0.36 * small : 0))
      }
    }
    return runs
  }
}

extension Plot {
  mutating func text(
    _ text: PlotText, x: Double, y: Double, size: Double = 11.5, tint: Tint = .ink, isBold: Bool = false,
    anchor: Anchor = .start
  ) {
    let width = text.width(size: size, isBold: isBold)
    add(
      text.runs(size: size, isBold: isBold), x: anchor == .start ? x : anchor == .middle ? x - width / 2 : x - width,
      y: y, tint: tint)
  }

  /// Adds the name of a value in the letters of variables, its indices below the line.
  ///
  /// - Parameter isAtEnd: whether it ends at `x`.
  mutating func name(_ name: String, x: Double, y: Double, size: Double = 14, isAtEnd: Bool = false) {
    let runs = PlotText.name(name, size: size)
    add(runs, x: isAtEnd ? x - runs.reduce(0) { $0 + $1.width } : x, y: y, tint: .ink)
  }

  private mutating func add(_ runs: [PlotText.Run], x: Double, y: Double, tint: Tint) {
    var left = x
    for run in runs {
      items.append(
        .text(
          run.text, at: Point(x: left, y: y + run.drop), size: run.size, tint: tint, typeface: run.typeface,
          anchor: .start))
      left += run.width
    }
  }
}
