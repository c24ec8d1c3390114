import GradvizFigures
import GraphvizRenderer

/// The texts of a drawing, joined to lines again: what stands beside one another in one color is one formula.
struct TikZText {
  var runs: [Drawing.Text]
  private var places: [TeXLine.Place] = []
  /// The baseline of the whole line.
  private var baseline: Double { runs[0].baseline }
  private(set) var end: Double
  /// Whether its middle stays where it is if its letters are narrower, rather than its beginning.
  let isCentered: Bool

  private init(_ run: Drawing.Text, isCentered: Bool) {
    runs = [run]
    places = [.line]
    end = Self.start(run) + run.width
    self.isCentered = isCentered
  }

  /// Adds a text to the line that it goes on with, or as a line of its own.
  static func add(_ run: Drawing.Text, to lines: inout [TikZText], isCentered: Bool) {
    guard run.content.contains(where: { !$0.isWhitespace }) else { return }
    if let last = lines.indices.last, let place = lines[last].place(of: run) {
      lines[last].runs.append(run)
      lines[last].places.append(place)
      lines[last].end = max(lines[last].end, start(run) + run.width)
    } else {
      lines.append(TikZText(run, isCentered: isCentered))
    }
  }

  private static func start(_ run: Drawing.Text) -> Double {
    switch run.anchor {
    case "middle": run.origin.x - run.width / 2
    case "end": run.origin.x - run.width
    default: run.origin.x
    }
  }

  /// Where a text stands that goes on with this line; nil for one that does not.
  private func place(of run: Drawing.Text) -> TeXLine.Place? {
    guard let last = runs.last, run.color == last.color, run.anchor == "start", last.anchor == "start",
      run.isBold == last.isBold || run.isSerif || last.isSerif, !runs[0].isIndex
    else { return nil }
    let (gap, drop) = (run.origin.x - end, run.baseline - baseline)
    if run.content == "ˆ" { return run.origin.x >= runs[0].origin.x - run.width && gap < 1 ? .line : nil }
    // The exponent of a number has its letters.
    let isPower = drop < -0.3 * run.size && !last.isSerif && !run.isSerif && last.content.last?.isNumber == true
    let isScript = (run.isIndex || isPower) && abs(drop) > 0.1 * run.size && abs(drop) < 0.55 * run.size
    let isSpace = gap > -1.5 && gap < 0.28 * run.size + 0.3
    // An index and an exponent stand above one another.
    let isStacked =
      isScript && places.last != .line && places.last != .above && run.origin.x < end
      && abs(run.origin.x - last.origin.x) < 1.5
    guard isSpace || isStacked else { return nil }
    if isScript { return drop > 0 ? .below : .above }
    return abs(drop) < 0.1 * run.size ? .line : nil
  }

  // MARK: What is written

  /// The size of its numbers and words, which the letters of names are larger than.
  private var size: Double {
    let onLine = zip(runs, places).filter { $0.1 == .line }.map(\.0)
    let usual = onLine.filter { !($0.isItalic && $0.isSerif) }.map(\.size)
    return usual.max() ?? (onLine.map(\.size).max() ?? runs[0].size) / Typography.nameRatio
  }

  /// The line as LaTeX: bold, or mathematics and words.
  var content: String {
    let inner = TeXLine.content(
      runs.indices.map { number in
        let run = runs[number]
        return TeXLine.Run(
          run.content, isVariable: run.isItalic && run.isSerif, place: places[number], isApart: isApart(number))
      })
    return (runs[0].isBold && !inner.isEmpty ? "\\bfseries\\boldmath " : "") + inner
  }

  /// Whether there is a space before a text: those at the ends of texts are not drawn.
  private func isApart(_ number: Int) -> Bool {
    guard number > 0, places[number] == .line else { return false }
    let before = runs[..<number].map { Self.start($0) + $0.width }.max() ?? 0
    return runs[number].origin.x - before > 0.2 * runs[number].size
  }

  /// Whether it is a sign by itself, with room on both sides: that of mathematics is wider.
  private var isSign: Bool {
    runs.count == 1 && runs[0].content.count <= 3 && !runs[0].content.contains { $0.isLetter || $0.isNumber }
  }

  /// - Parameter scale: how large the picture is.
  func command(scale: Double, color: String) -> String? {
    let content = content
    guard !content.isEmpty else { return nil }
    let first = Self.start(runs[0])
    let width = end - first
    let (x, anchor) =
      switch runs[0].anchor {
      case "middle": (first + width / 2, "base")
      case "end": (end, "base east")
      default: isCentered || isSign ? (first + width / 2, "base") : (first, "base west")
      }
    // A little more than in the letters of the SVG does not touch what is beside it.
    let room = isSign ? 1.5 * width : min(1.12 * width, width + 4)
    func number(_ value: Double) -> String { TikZWriter.number(value) }
    return "\\gradvizText{\(number(x)),\(number(baseline))}{\(anchor)}{\(number(size * scale))}"
      + "{\(number(room * scale))}{\(color)}{\(content)}"
  }
}

extension Drawing.Text {
  /// Whether its letters are those of an index, below or above a line that it does not begin.
  fileprivate var isIndex: Bool { isSerif && !isItalic }
}
