import Autograd
import DOT

/// Mathematics on a line: runs of text, fractions, and tinted terms.
indirect enum Inline {
  case run(Figure.Run)
  case fraction([Inline], [Inline])
  /// Terms on a ground of one tint, as the terms that came from one sample.
  case chip([Inline], Tint)
  case space(Double)
}

/// The extent of something set on a line, in points from the base line.
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
  /// How far the base line of a raised or lowered run is off the line's.
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
  /// Without spaces at its ends, which some readers of a file drop; nil where nothing is left.
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
    case .chip(let inner, _):
      extent(inner).padded(horizontally: 4, vertically: 2)
    case .fraction(let top, let bottom):
      fraction(extent(top), extent(bottom))
    }
  }

  private static func fraction(_ top: Extent, _ bottom: Extent) -> Extent {
    Extent(
      width: max(top.width, bottom.width) + 6, ascent: axis + fractionGap + top.height,
      descent: bottom.height + fractionGap - axis)
  }

  /// The height of a fraction's bar over the base line.
  private static let axis = 4.0

  /// Sets `items` with their left end and base line at `origin`; returns their width.
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
        // Neighbours in one style become one text.
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
      case .chip(let inner, let tint):
        flush(&figure)
        figure.chips.append(
          Figure.Chip(
            frame: Rectangle(x: x, y: origin.y - extent.ascent, width: extent.width, height: extent.height),
            fill: tint, isRounded: true))
        set(inner, at: Point(x: x + 4, y: origin.y), in: &figure, classes: classes)
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

/// How the values of one graph are written: their names, numbers and formulas.
struct Notation {
  let graph: ComputationGraph
  let format: NumberFormat
  let symbolic: Symbolic
  let words: Words

  /// With all digits that are ever shown, as in tooltips.
  var precise: Notation {
    Notation(
      graph: graph, format: NumberFormat(precision: NumberFormat.mostDigits), symbolic: symbolic, words: words)
  }

  func name(_ node: Int, size: Double, tint: Tint = .ink, isBold: Bool = false) -> [Figure.Run] {
    let value = graph.nodes[node]
    if value.role == .constant, !value.isNamed, value.value.count == 1 {
      return [Figure.Run(text: format.text(value.value[0]), size: size, tint: tint, isBold: isBold)]
    }
    return Self.runs(shortName(node), size: size, tint: tint, isBold: isBold)
  }

  /// The name without the sample's number where it has none of its own: the lane says which sample it is.
  func shortName(_ node: Int) -> String {
    let value = graph.nodes[node]
    guard let lane = value.lane, !value.isNamed, value.name.hasSuffix("_\(lane + 1)") else {
      return value.name
    }
    return String(value.name.dropLast("_\(lane + 1)".count))
  }

  /// The name on one line of plain text, its indices as the small figures below the line: `w₂`, `x₁,₂`.
  func flatName(_ node: Int) -> String {
    TypesetName(shortName(node)).flat
  }

  static func runs(_ name: String, size: Double, tint: Tint = .ink, isBold: Bool = false) -> [Figure.Run] {
    let typeset = TypesetName(name)
    var runs = [Figure.Run(text: typeset.base, size: size, tint: tint, isBold: isBold)]
    if !typeset.indices.isEmpty {
      runs.append(
        Figure.Run(
          text: typeset.indices, size: (size * 0.72).rounded(), tint: tint, isBold: isBold, script: .below))
    }
    return runs
  }

  /// ∂L/∂x as a fraction.
  func partial(_ node: Int, by other: Int, size: Double) -> Inline {
    let small = size * 0.92
    func part(_ node: Int) -> [Inline] {
      [.run(.init(text: "∂", size: small))] + name(node, size: small).map { .run($0) }
    }
    return .fraction(part(node), part(other))
  }

  func text(_ text: String, size: Double, tint: Tint = .ink, isBold: Bool = false) -> Inline {
    .run(Figure.Run(text: text, size: size, tint: tint, isBold: isBold))
  }

  func number(_ value: Double, size: Double, tint: Tint = .ink, isBold: Bool = false) -> Inline {
    text(
      format.text(value), size: size, tint: value.isFinite ? tint : .warning,
      isBold: isBold || !value.isFinite)
  }

  /// A formula as a person would write it.
  func formula(_ expression: Autograd.Expression, size: Double) -> [Inline] {
    inline(expression.typeset(in: graph), size: size)
  }

  func inline(_ tokens: [MathToken], size: Double) -> [Inline] {
    var rest = tokens[...]
    return inline(&rest, size: size, script: .normal)
  }

  private func inline(
    _ tokens: inout ArraySlice<MathToken>, size: Double, script: Figure.Run.Script
  ) -> [Inline] {
    var items: [Inline] = []
    func run(_ text: String) -> Inline { .run(Figure.Run(text: text, size: size, script: script)) }
    while let token = tokens.popFirst() {
      switch token {
      case .text(let text): items.append(run(text))
      case .number(let number): items.append(run(format.text(number)))
      case .name(let node):
        items += name(node, size: size).map { part in
          var part = part
          if script != .normal { part.script = script }
          return .run(part)
        }
      case .gradientName(let node):
        if let loss = graph.loss { items.append(partial(loss, by: node, size: size)) }
      case .superscriptStart: items += inline(&tokens, size: (size * 0.75).rounded(), script: .above)
      case .fractionStart:
        let top = inline(&tokens, size: size * 0.92, script: .normal)
        let bottom = inline(&tokens, size: size * 0.92, script: .normal)
        items.append(.fraction(top, bottom))
      case .superscriptEnd, .fractionMiddle, .fractionEnd: return items
      }
    }
    return items
  }

  /// A formula on one line of one style, with true minus signs and raised exponents.
  ///
  /// - Parameter isTypeset: `f·w₂` as in boxes, else the article's `f*w2`, as a reader would type it.
  func plain(_ expression: Autograd.Expression, isTypeset: Bool = false) -> String {
    var isRaised = false
    // What stands over a fraction's bar, and under it: on one line they may need parentheses.
    var parts: [String] = [""]
    func add(_ text: String) { parts[parts.count - 1] += text }
    for token in expression.typeset(in: graph) {
      switch token {
      case .fractionStart, .fractionMiddle: parts.append("")
      case .fractionEnd:
        let bottom = parts.removeLast()
        let top = parts.removeLast()
        add(
          Self.grouped(top, by: [" + ", " − "]) + "/"
            + Self.grouped(bottom, by: [" + ", " − ", "·", "*", "/", " @ "]))
      case .number(let number) where isRaised && number == number.rounded() && number.magnitude < 1000:
        add(NumberFormat.superscript(Int(number)))
      case .superscriptStart: isRaised = true
      case .superscriptEnd: isRaised = false
      case .text("·") where isTypeset: add("·")
      case .name(let node)
      where isTypeset && (graph.nodes[node].isNamed || graph.nodes[node].role != .constant):
        add(flatName(node))
      default: add((isRaised ? "^" : "") + plain(token))
      }
    }
    return parts.joined()
  }

  /// In parentheses where one of the signs stands outside of all parentheses.
  private static func grouped(_ text: String, by signs: [String]) -> String {
    var depth = 0
    var outside = ""
    for character in text {
      if character == "(" { depth += 1 }
      if depth == 0 { outside.append(character) }
      if character == ")" { depth -= 1 }
    }
    return signs.contains { outside.contains($0) } ? "(\(text))" : text
  }

  private func plain(_ token: MathToken) -> String {
    switch token {
    case .text(let text): text == "·" ? "*" : text
    case .number(let number): format.text(number)
    case .name(let node):
      graph.nodes[node].role == .constant && !graph.nodes[node].isNamed
        ? format.text(graph.nodes[node].value.first ?? 0) : graph.nodes[node].name
    case .gradientName(let node):
      "∂\(graph.loss.map { graph.nodes[$0].name } ?? "L")/∂\(graph.nodes[node].name)"
    case .fractionMiddle: "/"
    case .superscriptStart, .superscriptEnd, .fractionStart, .fractionEnd: ""
    }
  }
}
