import Autograd
import GradvizDrawing
import GradvizGraph

/// Small curves with the tangent at this very point, for the operations whose slope is the lesson: one of each kind,
/// or all.
struct CloseUpCards {
  let context: FigureContext
  private let closeUps: [CloseUp]

  private var notation: Notation { context.text.notation }
  private static let size = 13.0
  private static let plot = Size(width: 116, height: 84)
  private static let padding = 12.0
  private static let gap = 12.0
  private static let maxOfAll = 24

  /// Returns nil where there is none to show.
  init?(_ context: FigureContext) {
    let choice = context.closeUps
    guard choice != .none else { return nil }
    let graph = context.graph
    var users = graph.nodes.indices.filter { node in
      CloseUp.isLesson(graph.nodes[node]) && (graph.nodes[node].lane ?? 0) == 0
    }
    // From the loss back, as the gradients are computed.
    users.sort { (context.marks.place($0), $0) < (context.marks.place($1), $1) }
    var closeUps: [CloseUp] = []
    for user in users
    where choice == .all
      ? closeUps.count < Self.maxOfAll : !closeUps.contains(where: { $0.operation == graph.nodes[user].operation })
    {
      if let closeUp = CloseUp(graph, user: user) { closeUps.append(closeUp) }
    }
    guard !closeUps.isEmpty else { return nil }
    self.context = context
    self.closeUps = closeUps
  }

  private func text(_ words: String, tint: Tint = .ink, isBold: Bool = false) -> Inline {
    notation.text(words, size: Self.size, tint: tint, isBold: isBold)
  }

  /// The texts beside a curve.
  private func lines(_ closeUp: CloseUp) -> [[Inline]] {
    let format = notation.format
    let runs =
      closeUp.entry.map { MathText(notation.entry(closeUp.operand, $0)).runs(size: Self.size) }
      ?? notation.name(closeUp.operand, size: Self.size)
    let name = runs.map { Inline.run($0) }
    let step = context.marks[closeUp.operand].map { [Inline.badge($0), .space(6)] } ?? []
    var lines = [
      step + [text(context.words.whereItComesFrom(format.text(closeUp.slope)), isBold: true)],
      [text(context.words.slopeOf(OperationSymbol.text(context.graph.nodes[closeUp.user], context.words)) + " ")] + name
        + [text(" = " + format.text(closeUp.x))],
    ]
    let result = text(format.text(closeUp.slope), tint: .gradientInk, isBold: true)
    if let rule = closeUp.rule {
      let numbers = NumberFormula(context, definition: rule, result: closeUp.slope)
      lines.append(numbers.inline(size: Self.size) + [text(" \(numbers.relation.rawValue) "), result])
    } else {
      lines.append([
        text(context.words.slopeInWords(closeUp.operation, at: closeUp.x) + context.words.colon), result,
      ])
    }
    return lines
  }

  private func width(_ closeUp: CloseUp) -> Double {
    let text = lines(closeUp).map { Typesetter.extent($0).width }.max() ?? 0
    return (Self.plot.width + text * 1.03 + 3 * Self.padding).rounded(.up)
  }

  /// How wide and high the cards are in one row.
  var size: Size {
    let widths = closeUps.map(width)
    return Size(
      width: widths.reduce(0, +) + Self.gap * Double(widths.count - 1), height: Self.plot.height + 2 * Self.padding)
  }

  /// Adds the cards in rows with their top left at `origin`; returns their lower end.
  func add(to figure: inout Figure, at origin: Point, width: Double) -> Double {
    let height = Self.plot.height + 2 * Self.padding
    var at = origin
    for (number, closeUp) in closeUps.enumerated() {
      let own = self.width(closeUp)
      if at.x > origin.x, at.x + own > origin.x + width {
        // One of each kind fills a row; all go on in further ones.
        if context.closeUps != .all { break }
        at = Point(x: origin.x, y: at.y + height + Self.gap)
      }
      let frame = Rectangle(x: at.x, y: at.y, width: own, height: height)
      figure.regions.append(
        Figure.Region(
          id: "curve-card-\(number + 1)", classes: ["close-up"], frame: frame, fill: .page, stroke: .backwardBadge))
      CurvePicture(closeUp, number: number + 1).add(
        to: &figure,
        in: Rectangle(
          x: frame.x + Self.padding, y: frame.y + Self.padding, width: Self.plot.width, height: Self.plot.height))
      for (row, line) in lines(closeUp).enumerated() {
        Typesetter.set(
          line, at: Point(x: frame.x + Self.plot.width + 2 * Self.padding, y: frame.y + 30 + Double(row) * 24),
          in: &figure, classes: row == 2 ? ["close-up", "slope-\(number + 1)"] : ["close-up"])
      }
      at.x = frame.right + Self.gap
    }
    return at.y + height
  }
}

/// A curve with its axes, a point, and the tangent there.
private struct CurvePicture {
  let closeUp: CloseUp
  let number: Int
  private let low: Double
  private let high: Double

  private static let pieces = 12

  init(_ closeUp: CloseUp, number: Int) {
    self.closeUp = closeUp
    self.number = number
    let range = closeUp.range
    let values = (0...Self.pieces).map { part in
      CloseUp.value(
        closeUp.operation, range.lowerBound + (range.upperBound - range.lowerBound) * Double(part) / Double(Self.pieces)
      )
    }
    let (least, greatest) = (values.min() ?? 0, values.max() ?? 1)
    let margin = max(greatest - least, 1e-9) * 0.08
    (low, high) = (least - margin, greatest + margin)
  }

  private func point(_ x: Double, _ y: Double, in frame: Rectangle) -> Point {
    let range = closeUp.range
    return Point(
      x: frame.x + (x - range.lowerBound) / (range.upperBound - range.lowerBound) * frame.width,
      y: frame.bottom - (y - low) / (high - low) * frame.height)
  }

  func add(to figure: inout Figure, in frame: Rectangle) {
    let range = closeUp.range
    func line(_ name: String, _ path: Path, _ tint: Tint, _ width: Double) {
      figure.arrows.append(
        Figure.Arrow(
          id: "curve-\(number)-\(name)", classes: ["curve"], kind: .note, tail: "curve-place", head: "curve-place",
          path: path, tint: tint, width: width, hasHead: false))
    }
    if (low...high).contains(0) {
      line(
        "level", Path(from: point(range.lowerBound, 0, in: frame), to: point(range.upperBound, 0, in: frame)), .faint,
        0.7)
    }
    if range.contains(0) {
      line("upright", Path(from: point(0, low, in: frame), to: point(0, high, in: frame)), .faint, 0.7)
    }
    line("function", curve(in: frame), .ink, 1.4)
    line("tangent", tangent(in: frame), .gradientInk, 2)
    figure.discs.append(
      Figure.Disc(
        id: "curve-\(number)-point", classes: ["curve"], tooltip: "", center: point(closeUp.x, closeUp.y, in: frame),
        size: Size(width: 7, height: 7), text: "", textSize: 8, fill: .gradientInk, stroke: .gradientInk))
  }

  /// Cubic pieces with the slopes of the function at their ends.
  private func curve(in frame: Rectangle) -> Path {
    let range = closeUp.range
    if closeUp.operation == .relu {
      let corners = [
        point(range.lowerBound, 0, in: frame), point(0, 0, in: frame),
        point(range.upperBound, range.upperBound, in: frame),
      ]
      return Path(from: corners[0], to: corners[1]).appending(Path(from: corners[1], to: corners[2]))
    }
    let places = places
    let values = places.map { CloseUp.value(closeUp.operation, $0) }
    let secants = places.indices.dropFirst().map { (values[$0] - values[$0 - 1]) / (places[$0] - places[$0 - 1]) }
    var points: [Point] = []
    for (place, x) in places.enumerated() {
      let y = values[place]
      // A slope steeper than three times that of a piece would carry the curve beyond the piece's ends
      // (Fritsch and Carlson, Monotone piecewise cubic interpolation, 1980).
      let beside = secants[max(place - 1, 0)...min(place, secants.count - 1)].map(\.magnitude)
      let own = CloseUp.slope(closeUp.operation, x, y)
      let slope = min(max(own, -3 * (beside.min() ?? 0)), 3 * (beside.min() ?? 0))
      if place > 0 {
        let third = (x - places[place - 1]) / 3
        points.append(point(x - third, y - slope * third, in: frame))
      }
      points.append(point(x, y, in: frame))
      if place + 1 < places.count {
        let third = (places[place + 1] - x) / 3
        points.append(point(x + third, y + slope * third, in: frame))
      }
    }
    return Path(points: points)
  }

  /// Where pieces meet; in a wide range also where tanh and sigmoid rise.
  private var places: [Double] {
    let range = closeUp.range
    let step = (range.upperBound - range.lowerBound) / Double(Self.pieces)
    let even = (0...Self.pieces).map { range.lowerBound + Double($0) * step }
    guard step > 2, [.tanh, .sigmoid].contains(closeUp.operation) else { return even }
    let rise = [-6.0, -3, -1.5, 0, 1.5, 3, 6]
    return (even.filter { $0.magnitude > 7 } + rise.filter(range.contains)).sorted()
  }

  private func tangent(in frame: Rectangle) -> Path {
    let middle = point(closeUp.x, closeUp.y, in: frame)
    // Not one further: that may be far beyond the range, as for log near 0.
    let step = (closeUp.range.upperBound - closeUp.range.lowerBound) / 8
    let other = point(closeUp.x + step, closeUp.y + closeUp.slope * step, in: frame)
    let (dx, dy) = (other.x - middle.x, other.y - middle.y)
    // Of one length, however steep, and within the plot.
    var reach = 32 / max((dx * dx + dy * dy).squareRoot(), 1e-9)
    for (at, edge) in [(middle.x, dx), (middle.y, dy)].enumerated().flatMap({ place, pair -> [(Double, Double)] in
      let (low, high) = place == 0 ? (frame.x, frame.right) : (frame.y, frame.bottom)
      return pair.1.magnitude > 1e-9 ? [(min(pair.0 - low, high - pair.0), pair.1.magnitude)] : []
    }) where edge * reach > max(at, 9) { reach = max(at, 9) / edge }
    return Path(
      from: Point(x: middle.x - dx * reach, y: middle.y - dy * reach),
      to: Point(x: middle.x + dx * reach, y: middle.y + dy * reach))
  }
}
