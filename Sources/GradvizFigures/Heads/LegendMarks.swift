import Autograd
import GradvizDrawing

/// The marks of a legend, each with what it means.
extension Legend {
  /// A mark and what it means, which stay on one line.
  struct Item {
    var width = 0.0
    /// Each gets the item's top left.
    var parts: [(inout Figure, Point) -> Void] = []

    mutating func add(_ width: Double, gap: Double, _ part: @escaping (inout Figure, Point) -> Void) {
      let x = self.width
      parts.append { figure, origin in part(&figure, origin.moved(x, 0)) }
      self.width += width + gap
    }

    mutating func addChip(_ text: String, _ fill: Tint) {
      let width = (Figure.Run(text: text, size: Legend.size).width + 12).rounded(.up)
      add(width, gap: 6) { figure, origin in
        figure.chips.append(
          Figure.Chip(
            frame: Rectangle(x: origin.x, y: origin.y, width: width, height: 17), text: text,
            textSize: Legend.size, fill: fill, stroke: .faint, classes: ["legend"]))
      }
    }

    mutating func addWords(_ text: String, _ tint: Tint, gap: Double = Legend.gap) {
      let run = Figure.Run(text: text, size: Legend.size, tint: tint)
      add(run.width, gap: gap) { figure, origin in
        figure.labels.append(
          Figure.Label(run: run, origin: origin.moved(0, 12), width: run.width, classes: ["legend"]))
      }
    }

    mutating func addArrow(
      _ kind: Figure.Arrow.Kind, _ tint: Tint, forward: Bool, line: Figure.Line = .dotted
    ) {
      add(30, gap: 6) { figure, origin in
        let (left, right) = (origin.moved(0, 8.5), origin.moved(30, 8.5))
        figure.arrows.append(
          Figure.Arrow(
            id: "legend-\(kind.rawValue)", classes: ["legend"], kind: kind, tail: "legend-place",
            head: "legend-place", path: forward ? Path(from: left, to: right) : Path(from: right, to: left),
            line: line, tint: tint, width: 1.3))
      }
    }
  }

  static func chip(_ text: String, _ fill: Tint) -> Item {
    var item = Item()
    item.addChip(text, fill)
    return item
  }

  static func words(_ text: String, _ tint: Tint) -> Item {
    var item = Item()
    item.addWords(text, tint)
    return item
  }

  static func dot(_ words: String, isNegative: Bool) -> Item {
    var item = Item()
    item.add(Measure.dot, gap: 5) { figure, origin in
      let center = origin.moved(Measure.dot / 2, 8.5)
      figure.discs.append(
        Figure.Disc(
          id: isNegative ? "legend-negated" : "legend-unchanged", classes: ["legend"], tooltip: "", center: center,
          size: Size(width: Measure.dot, height: Measure.dot), text: "", textSize: 8, fill: .page,
          stroke: .gradientInk))
      guard isNegative else { return }
      figure.chips.append(
        Figure.Chip(
          frame: Rectangle(center: center, size: Size(width: 4, height: 1.2)), fill: .gradientInk, classes: ["legend"]))
    }
    item.addWords(words, .gradientInk)
    return item
  }

  /// - Parameter isRounded: as the shares of samples are, in the colors of their samples.
  func shareItem(isRounded: Bool) -> Item {
    let mark = context.words.shareMark
    let width = (Figure.Run(text: mark, size: Self.size, isBold: true).width * 1.06 + 8).rounded(.up)
    var item = Item()
    item.add(width, gap: 5) { figure, origin in
      figure.chips.append(
        Figure.Chip(
          frame: Rectangle(x: origin.x, y: origin.y, width: width, height: 17), text: mark, textSize: Self.size,
          textTint: .gradientInk, isBold: true, fill: .backwardRow, stroke: .gradientInk, isRounded: isRounded,
          classes: ["legend"]))
    }
    item.addWords(context.words.ofUse, .gradientInk)
    return item
  }

  var scaleItem: Item {
    var item = Item()
    item.addWords("−max", .muted, gap: 6)
    item.add(13 * Double(2 * Palette.heatLevels + 1), gap: 6) { figure, origin in
      figure.chips += Self.scale(at: origin)
    }
    item.addWords(context.words.heatScale, .muted)
    return item
  }

  /// The letter of a wire that leaves its row.
  func turnItem(_ turn: Figure.Chip) -> Item {
    var item = Item()
    let size = turn.frame.width
    item.add(size, gap: 5) { figure, origin in
      figure.chips.append(
        Figure.Chip(
          frame: Rectangle(x: origin.x, y: origin.y, width: size, height: 17), text: turn.text,
          textSize: Self.size, textTint: .muted, isBold: true, fill: turn.fill, stroke: .faint, isRounded: true,
          classes: ["legend"]))
    }
    item.addWords(context.words.continuedAtLetter, .muted)
    return item
  }

  /// The nine colors of heat maps, with 0 in the middle.
  private static func scale(at origin: Point) -> [Figure.Chip] {
    (-Palette.heatLevels...Palette.heatLevels).enumerated().map { place, level in
      Figure.Chip(
        frame: Rectangle(x: origin.x + 13 * Double(place), y: origin.y + 2, width: 13, height: 13),
        text: level == 0 ? "0" : "", fill: .heat(level), stroke: .faint,
        classes: ["legend", "scale"])
    }
  }
}
