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

enum Typesetter {
  private static let fractionGap = 2.5

  static func extent(_ items: [Inline]) -> Extent {
    var extent = Extent()
    for part in lines(items) { extent.append(self.extent(part)) }
    return extent
  }

  /// A line of runs, or something else between two of them.
  private enum Part {
    case line(TextLine)
    case item(Inline)
  }

  private static func lines(_ items: [Inline]) -> [Part] {
    var parts: [Part] = []
    var runs: [Figure.Run] = []
    func flush() {
      if !runs.isEmpty { parts.append(.line(TextLine(runs))) }
      runs = []
    }
    for item in items {
      if case .run(let run) = item {
        runs.append(run)
      } else {
        flush()
        parts.append(.item(item))
      }
    }
    flush()
    return parts
  }

  private static func extent(_ part: Part) -> Extent {
    switch part {
    case .line(let line): line.extent
    case .item(let item): extent(item)
    }
  }

  static func extent(_ item: Inline) -> Extent {
    switch item {
    case .run(let run): TextLine([run]).extent
    case .space(let width): Extent(width: width)
    case .badge(let text): Extent(width: badge(text).width, ascent: 13, descent: 4)
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

  /// The size of a step's mark.
  static func badge(_ words: String) -> Size {
    let width = Figure.Run(text: words, size: Typography.smallest, isBold: true).width
    return Size(width: max(Measure.badgeHeight, (width + 8).rounded(.up)), height: Measure.badgeHeight)
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
        if open == depth, [" + ", " − ", " = ", " ≈ "].contains(run.text) || Words.isSeparator(run.text) {
          // A comma ends its part, a sign starts the next.
          if Words.isSeparator(run.text) {
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
    for part in lines(items) {
      let extent = extent(part)
      switch part {
      case .line(let line): figure.labels += line.labels(at: Point(x: x, y: origin.y), classes: classes)
      case .item(let item): set(item, extent, at: Point(x: x, y: origin.y), in: &figure, classes)
      }
      x += extent.width
    }
    return x - origin.x
  }

  private static func set(
    _ item: Inline, _ extent: Extent, at origin: Point, in figure: inout Figure, _ classes: [String]
  ) {
    let x = origin.x
    switch item {
    case .run, .space: break
    case .badge(let words):
      figure.chips.append(
        Figure.Chip(
          frame: Rectangle(x: x, y: origin.y - 13, width: extent.width, height: Measure.badgeHeight), text: words,
          isBold: true, fill: .backwardBadge, isRounded: true))
    case .chip(let inner, let tint):
      figure.chips.append(
        Figure.Chip(
          frame: Rectangle(x: x, y: origin.y - extent.ascent, width: extent.width, height: extent.height),
          fill: tint, isRounded: true))
      set(inner, at: Point(x: x + 4, y: origin.y), in: &figure, classes: classes)
    case .token(let inner, let tint):
      figure.chips.append(
        Figure.Chip(
          frame: Rectangle(x: x + 1, y: origin.y - extent.ascent, width: extent.width - 2, height: extent.height),
          fill: tint))
      set(inner, at: Point(x: x + 4, y: origin.y), in: &figure, classes: classes)
    case .pill(let inner):
      figure.chips.append(
        Figure.Chip(
          frame: Rectangle(x: x + 1, y: origin.y - extent.ascent, width: extent.width - 2, height: extent.height),
          fill: .page, stroke: .gradientInk, isRounded: true))
      set(inner, at: Point(x: x + 7, y: origin.y), in: &figure, classes: classes)
    case .dot:
      figure.discs.append(
        Figure.Disc(
          id: "panel-dot-\(figure.discs.count + 1)", classes: ["unchanged"], tooltip: "",
          center: Point(x: x + 1 + Measure.dot / 2, y: origin.y - axis),
          size: Size(width: Measure.dot, height: Measure.dot),
          text: "", textSize: 8, fill: .page, stroke: .gradientInk))
    case .fraction(let top, let bottom):
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
  }
}

extension Extent {
  fileprivate func padded(horizontally x: Double, vertically y: Double) -> Extent {
    Extent(width: width + 2 * x, ascent: ascent + y, descent: descent + y)
  }
}
