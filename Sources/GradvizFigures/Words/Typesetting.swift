import Autograd
import GradvizDOT
import GradvizDrawing

/// Mathematics on a line: runs of text, fractions and tinted terms.
indirect enum Inline {
  case run(Figure.Run)
  case fraction([Inline], [Inline])
  /// Terms on a tinted background, such as the terms of one sample.
  case chip([Inline], Tint)
  /// A local derivative as on its wire: in a rounded frame.
  case pill([Inline])
  /// A number or a name in the tint of where it stands in the picture.
  case token([Inline], Tint)
  /// The hollow dot of a gradient that is passed on unchanged.
  case dot
  /// The step of the backward pass, as shown at the box.
  case badge(String)
  case space(Double)
}

/// The extent of a set item, in points from the baseline.
struct Extent {
  var width = 0.0
  var ascent = 0.0
  var descent = 0.0

  var height: Double { ascent + descent }

  mutating func append(_ other: Extent) {
    width += other.width
    ascent = max(ascent, other.ascent)
    descent = max(descent, other.descent)
  }
}

extension Figure.Run {
  /// The offset of a superscript or subscript from the baseline.
  var shift: Double {
    switch script {
    case .normal: 0
    case .below: size * 0.34
    case .above: -size * 0.5
    }
  }

  package var width: Double { TextMetrics.width(of: text, size: size, bold: isBold) }
}

extension Figure.Label {
  /// The label without spaces at its ends, which some viewers drop; nil if nothing is left.
  fileprivate func trimmed() -> Figure.Label? {
    let leading = run.text.prefix { $0 == " " }.count
    let trailing = run.text.reversed().prefix { $0 == " " }.count
    guard leading + trailing > 0 else { return self }
    guard leading < run.text.count else { return nil }
    var result = self
    var spaces = run
    spaces.text = String(repeating: " ", count: leading)
    result.origin.x += spaces.width
    result.run.text = String(run.text.dropFirst(leading).dropLast(trailing))
    result.width = result.run.width
    return result
  }
}

extension [Figure.Run] {
  var width: Double { reduce(0) { $0 + $1.width } }
}

enum Typesetter {
  private static let fractionGap = 2.5

  static func extent(_ items: [Inline]) -> Extent {
    var extent = Extent()
    for item in items { extent.append(self.extent(item)) }
    return extent
  }

  static func extent(_ item: Inline) -> Extent {
    switch item {
    case .run(let run):
      Extent(width: run.width, ascent: run.size * 0.78 - run.shift, descent: run.size * 0.24 + run.shift)
    case .space(let width): Extent(width: width)
    case .badge(let text): Extent(width: badge(text).width, ascent: 11, descent: 3)
    case .chip(let inner, _), .token(let inner, _):
      extent(inner).padded(horizontally: 4, vertically: 2)
    case .pill(let inner): extent(inner).padded(horizontally: 7, vertically: 2.5)
    case .dot: Extent(width: Measure.dot + 2, ascent: axis + Measure.dot / 2 + 1, descent: 0)
    case .fraction(let top, let bottom):
      fraction(extent(top), extent(bottom))
    }
  }

  private static func fraction(_ top: Extent, _ bottom: Extent) -> Extent {
    Extent(
      width: max(top.width, bottom.width) + 6, ascent: axis + fractionGap + top.height,
      descent: bottom.height + fractionGap - axis)
  }

  private static func badge(_ words: String) -> Size {
    let width = Figure.Run(text: words, size: 9.5, isBold: true).width
    return Size(width: max(15, (width + 8).rounded(.up)), height: 14)
  }

  /// The parts of a line that may wrap into rows: terms, and for long ones, those in parentheses.
  static func breakable(_ items: [Inline]) -> [[Inline]] { breakable(items, depth: 0) }

  private static let longestPart = 340.0
  private static let deepestBreak = 4

  private static func breakable(_ items: [Inline], depth: Int) -> [[Inline]] {
    var parts: [[Inline]] = [[]]
    var open = 0
    for item in items {
      if case .run(let run) = item, run.script == .normal {
        if open == depth, [" + ", " − ", " = ", " ≈ ", ", "].contains(run.text) {
          // A comma ends its part, a sign starts the next.
          if run.text == ", " {
            parts[parts.count - 1].append(item)
            parts.append([])
            continue
          }
          parts.append([])
        }
        open += run.text.count { "([".contains($0) } - run.text.count { ")]".contains($0) }
      }
      parts[parts.count - 1].append(item)
    }
    parts = parts.filter { !$0.isEmpty }
    guard depth < deepestBreak else { return parts }
    return parts.flatMap { part in
      extent(part).width <= longestPart ? [part] : breakable(part, depth: depth + 1)
    }
  }

  /// The height of a fraction bar above the baseline.
  private static let axis = 4.0

  /// Sets `items` with their left end and baseline at `origin`; returns their width.
  @discardableResult
  static func set(_ items: [Inline], at origin: Point, in figure: inout Figure, classes: [String] = [])
    -> Double
  {
    var x = origin.x
    var pending: Figure.Label?
    func flush(_ figure: inout Figure) {
      if let label = pending?.trimmed() { figure.labels.append(label) }
      pending = nil
    }
    for item in items {
      let extent = extent(item)
      switch item {
      case .run(let run):
        // Neighbors in the same style become one text.
        if var label = pending, label.run.size == run.size, label.run.tint == run.tint,
          label.run.isBold == run.isBold, label.run.script == run.script
        {
          label.run.text += run.text
          label.width += run.width
          pending = label
        } else {
          flush(&figure)
          pending = Figure.Label(
            run: run, origin: Point(x: x, y: origin.y + run.shift), width: run.width, classes: classes)
        }
      case .space: flush(&figure)
      case .badge(let words):
        flush(&figure)
        figure.chips.append(
          Figure.Chip(
            frame: Rectangle(x: x, y: origin.y - 11, width: extent.width, height: 14), text: words, textSize: 9.5,
            isBold: true, fill: .backwardBadge, isRounded: true))
      case .chip(let inner, let tint):
        flush(&figure)
        figure.chips.append(
          Figure.Chip(
            frame: Rectangle(x: x, y: origin.y - extent.ascent, width: extent.width, height: extent.height),
            fill: tint, isRounded: true))
        set(inner, at: Point(x: x + 4, y: origin.y), in: &figure, classes: classes)
      case .token(let inner, let tint):
        flush(&figure)
        figure.chips.append(
          Figure.Chip(
            frame: Rectangle(x: x + 1, y: origin.y - extent.ascent, width: extent.width - 2, height: extent.height),
            fill: tint))
        set(inner, at: Point(x: x + 4, y: origin.y), in: &figure, classes: classes)
      case .pill(let inner):
        flush(&figure)
        figure.chips.append(
          Figure.Chip(
            frame: Rectangle(x: x + 1, y: origin.y - extent.ascent, width: extent.width - 2, height: extent.height),
            fill: .page, stroke: .gradientInk, isRounded: true))
        set(inner, at: Point(x: x + 7, y: origin.y), in: &figure, classes: classes)
      case .dot:
        flush(&figure)
        figure.discs.append(
          Figure.Disc(
            id: "panel-dot-\(figure.discs.count + 1)", classes: ["unchanged"], tooltip: "",
            center: Point(x: x + 1 + Measure.dot / 2, y: origin.y - axis), size: Size(width: Measure.dot, height: Measure.dot),
            text: "", textSize: 8, fill: .page, stroke: .gradientInk))
      case .fraction(let top, let bottom):
        flush(&figure)
        let (over, under) = (self.extent(top), self.extent(bottom))
        let bar = origin.y - axis
        figure.chips.append(
          Figure.Chip(
            frame: Rectangle(x: x + 1, y: bar - 0.5, width: extent.width - 2, height: 1), fill: .ink))
        set(
          top, at: Point(x: x + (extent.width - over.width) / 2, y: bar - fractionGap - over.descent),
          in: &figure, classes: classes)
        set(
          bottom, at: Point(x: x + (extent.width - under.width) / 2, y: bar + fractionGap + under.ascent),
          in: &figure, classes: classes)
      }
      x += extent.width
    }
    flush(&figure)
    return x - origin.x
  }
}

extension Extent {
  fileprivate func padded(horizontally x: Double, vertically y: Double) -> Extent {
    Extent(width: width + 2 * x, ascent: ascent + y, descent: descent + y)
  }
}
