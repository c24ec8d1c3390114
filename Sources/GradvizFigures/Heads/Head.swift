import GradvizDrawing
import GradvizGraph

/// What stands above a figure: its stage, its title, the sentence that explains it, and the legend, beside the title or,
/// where that has no room, below the sentence.
struct Head {
  let context: FigureContext
  let stage: Stage
  /// A frame's step and their number.
  var step: (number: Int, count: Int)?
  let title: String
  var caption: String?
  /// What the figure does not show as it could.
  var notes: [String]
  let width: Double
  /// Whether the sheet says what happens in the stage.
  var isExplained = false

  private static let badgeSize = 18.0
  private static let textSize = 14.0
  private static let top = 12.0
  private static let sentence = 68.0
  private static let lineHeight = 20.0

  private var hasTitle: Bool { !context.hiddenParts.contains(.title) }
  /// The base line of the first sentence.
  private var firstLine: Double { hasTitle ? Self.sentence : 22 }

  /// Without a legend below.
  var height: Double {
    let lines = lines
    if !hasTitle, lines.isEmpty { return 4 }
    return firstLine + 8 + Self.lineHeight * Double(lines.count - 1)
  }

  private var lines: [String] {
    guard hasTitle else { return notes.isEmpty ? [] : wrapped(notes.joined(separator: " · ")) }
    let sentence =
      step.map { context.words.step($0.number, of: $0.count) } ?? StageSentence(context, stage: stage).text
    let own = isExplained && step == nil ? [] : wrapped(sentence)
    return own + (caption.map { [Self.cut($0, 160)] } ?? [])
      + (notes.isEmpty ? [] : wrapped(notes.joined(separator: " · ")))
  }

  /// A sentence in lines that fit on the page.
  private func wrapped(_ sentence: String) -> [String] {
    let room = width - 2 * Measure.sheetMargin
    return sentence.split(separator: " ").reduce(into: [String]()) { lines, word in
      let longer = (lines.last.map { $0 + " " } ?? "") + word
      if lines.isEmpty || Figure.Run(text: longer, size: Self.textSize).width > room {
        lines.append(String(word))
      } else {
        lines[lines.count - 1] = longer
      }
    }
  }

  /// Adds the head of what is drawn; returns how many lines of the legend stand below the sentence.
  @discardableResult func add(to figure: inout Figure) -> Int {
    var builder = StageBuilder(context, stage: stage, figure: figure)
    let end = hasTitle ? addTitle(&builder) : nil
    for (number, line) in lines.enumerated() {
      let origin = Point(x: Measure.sheetMargin, y: firstLine + Self.lineHeight * Double(number))
      builder.figure.labels.append(
        builder.label(
          fitted(line, size: Self.textSize, from: origin.x), size: Self.textSize, tint: .muted, at: origin))
    }
    figure = builder.figure
    let right = width - Measure.sheetMargin
    // A box of three rows is higher than the title.
    let isBeside = stage != .forwardMode
    let place = end.flatMap { isBeside ? $0 : nil }.map {
      Rectangle(x: $0 + 24, y: 9, width: right - $0 - 24, height: 40)
    }
    let below = Rectangle(x: Measure.sheetMargin, y: height + 4, width: right - Measure.sheetMargin, height: 0)
    return Legend(context, stage: stage).add(to: &figure, beside: place, below: below)
  }

  /// Adds the stage and the title; returns their right end.
  private func addTitle(_ builder: inout StageBuilder) -> Double {
    let first = builder.figure.chips.count
    builder.addBadge(
      number: stage.number, title: context.words.title(stage), stage: stage,
      at: Point(x: Measure.sheetMargin, y: Self.top), size: Self.badgeSize)
    let left = (builder.figure.chips.dropFirst(first).map(\.frame.right).max() ?? 0) + 18
    let shown = fitted(Self.cut(title, 90), size: Self.badgeSize, isBold: true, from: left)
    let label = builder.label(
      shown, size: Self.badgeSize, tint: .ink, isBold: true, at: Point(x: left, y: Self.top + 23.5))
    builder.figure.labels.append(label)
    return left + label.width
  }

  /// As much of a text as fits on the page.
  private func fitted(_ text: String, size: Double, isBold: Bool = false, from left: Double) -> String {
    let room = width - left - Measure.sheetMargin
    func extent(_ text: String) -> Double { Figure.Run(text: text, size: size, isBold: isBold).width }
    var count = text.count
    while count > 1, extent(count == text.count ? text : Self.cut(text, count)) > room { count -= 1 }
    return Self.cut(text, count)
  }

  /// At most `count` characters; the file's `<title>` has a long title whole.
  private static func cut(_ text: String, _ count: Int) -> String {
    text.count <= count ? text : String(text.prefix(count - 1)) + "…"
  }
}
