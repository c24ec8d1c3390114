import Autograd
import GradvizDrawing
import GradvizGraph

/// The arrows of an overview from card to card, each from and to the symbols it is about, and the loop in the middle.
struct OverviewArrows {
  private let context: FigureContext
  private let cards: Overview.Cards
  private let hasData: Bool

  init(_ context: FigureContext, _ cards: Overview.Cards, hasData: Bool) {
    self.context = context
    self.cards = cards
    self.hasData = hasData
  }

  /// Whether the data is above the forward pass.
  private var isStacked: Bool { cards.data.bottom < cards.forward.y }

  func add(to figure: inout Figure) {
    if hasData {
      let down = cards.data.right - 14
      let corners =
        isStacked
        ? [Point(x: down, y: cards.data.bottom + 3), Point(x: down, y: cards.forward.y - 3)]
        : [
          Point(x: cards.data.right + 4, y: cards.data.center.y), Point(x: cards.forward.x - 4, y: cards.data.center.y),
        ]
      arrow("data-to-forward", .data, corners, .dataInk, &figure)
    }
    addTargets(to: &figure)
    addPredictions(to: &figure)
    addGradients(to: &figure)
    addUpdate(to: &figure)
    addLoop(to: &figure)
  }

  private func arrow(
    _ id: String, _ kind: Figure.Arrow.Kind, _ corners: [Point], _ tint: Tint, line: Figure.Line = .dotted,
    width: Double = 1.8, _ figure: inout Figure
  ) {
    figure.arrows.append(
      Figure.Arrow(
        id: id, kind: kind, tail: "loop-place", head: "loop-place", path: Path(through: corners, radius: 10),
        line: line,
        tint: tint, width: width))
  }

  /// The marks of one kind within a card, from left to right.
  private func marks(_ figure: Figure, in card: Rectangle, _ holds: (Figure.Chip) -> Bool) -> [Rectangle] {
    figure.chips.filter { holds($0) && card.intersects($0.frame) }.map(\.frame).sorted { ($0.x, $0.y) < ($1.x, $1.y) }
  }

  /// Where the line of each sample begins in the loss.
  private func lossRows(_ figure: Figure) -> [Point] {
    var rows: [Point] = []
    for label in figure.labels where label.classes.contains("loss-row") {
      // A line's first text is its leftmost.
      if let last = rows.last, abs(last.y + 4.5 - label.origin.y) < 9 { continue }
      rows.append(Point(x: label.origin.x - 5, y: label.origin.y - 4.5))
    }
    return rows
  }

  // MARK: From card to card

  /// From the targets to where they stand in the loss.
  private func addTargets(to figure: inout Figure) {
    let own = marks(figure, in: cards.forward) { $0.classes.contains("targets") }
    let goals = marks(figure, in: cards.loss) { $0.fill == .data }
    guard context.graph.nodes.contains(where: { $0.role == .target }) else { return }
    if let last = own.last {
      // Beside the formula below, and up beside the loss.
      let formula =
        figure.labels.filter { label in
          cards.forward.contains(label.origin) && label.origin.y > last.bottom + 12 && label.origin.x < last.right
        }.map { $0.origin.x + $0.width }.max() ?? 0
      let x = max(last.right + 12, formula + 10)
      let under = cards.forward.bottom + 14
      let top = cards.loss.y + 12
      let aisle = cards.loss.x - 12
      // Onto the first target's mark; to the formula's line, from the left, where it has no marks.
      let end: [Point]
      if let first = goals.min(by: { $0.y < $1.y }) {
        end = [
          Point(x: aisle, y: under), Point(x: aisle, y: top), Point(x: first.center.x, y: top),
          Point(x: first.center.x, y: first.y - 2),
        ]
      } else {
        let line = cards.loss.y + 28
        end = [Point(x: aisle - 12, y: under), Point(x: aisle - 12, y: line), Point(x: cards.loss.x - 4, y: line)]
      }
      arrow(
        "targets-to-loss", .data,
        [Point(x: last.right + 3, y: last.center.y), Point(x: x, y: last.center.y), Point(x: x, y: under)] + end,
        .dataInk, &figure)
    } else if hasData, isStacked {
      let y = cards.data.center.y
      arrow(
        "data-to-loss", .data, [Point(x: cards.data.right + 4, y: y), Point(x: cards.loss.x - 4, y: y)], .dataInk,
        &figure)
    } else if hasData {
      let over = cards.data.y - 22 - 12
      let x = cards.loss.right - 14
      arrow(
        "data-to-loss", .data,
        [
          Point(x: cards.data.right - 24, y: cards.data.y - 2), Point(x: cards.data.right - 24, y: over),
          Point(x: x, y: over),
          Point(x: x, y: cards.loss.y - 3),
        ], .dataInk, &figure)
    }
  }

  /// From each prediction to its line in the loss; otherwise from card to card.
  private func addPredictions(to figure: inout Figure) {
    let outputs = marks(figure, in: cards.forward) { $0.classes.contains("output") && $0.fill == .plain }.sorted {
      $0.y < $1.y
    }
    let lines = lossRows(figure)
    guard !outputs.isEmpty, outputs.count == lines.count else {
      let y = outputs.count == 1 ? outputs[0].center.y : cards.forward.center.y
      let start = outputs.count == 1 ? outputs[0].right + 2 : cards.forward.right + 4
      arrow(
        "forward-to-loss", .prediction, [Point(x: start, y: y), Point(x: cards.loss.x - 4, y: y)], .forwardInk,
        line: .solid,
        width: 2.2, &figure)
      return
    }
    for (number, pair) in zip(outputs, lines).enumerated() {
      let (from, to) = (Point(x: pair.0.right + 2, y: pair.0.center.y), pair.1)
      let corners =
        abs(from.y - to.y) < 1
        ? [from, Point(x: to.x, y: from.y)]
        : [from, Point(x: cards.loss.x - 20, y: from.y), Point(x: cards.loss.x - 20, y: to.y), to]
      arrow("forward-to-loss-\(number + 1)", .prediction, corners, .forwardInk, width: 1.6, &figure)
    }
  }

  /// From the loss to the gradients, and from these to the table of the update.
  private func addGradients(to figure: inout Figure) {
    let results = figure.labels.filter { (label: Figure.Label) -> Bool in
      label.run.tint == Tint.lossInk && label.run.typeface == .bold && cards.loss.contains(label.origin)
    }
    var start = Point(x: cards.loss.center.x, y: cards.loss.bottom + 4)
    if let result = results.last { start = Point(x: result.origin.x + result.width / 2, y: result.origin.y + 5) }
    let goals = figure.labels.filter { $0.classes.contains("backward-1") && cards.backward.contains($0.origin) }
    let end = Point(x: goals.map(\.origin.x).min().map { $0 + 8 } ?? cards.backward.center.x, y: cards.backward.y - 26)
    let y = cards.backward.y - 44
    arrow(
      "loss-to-backward", .gradient,
      abs(start.x - end.x) < 12
        ? [start, Point(x: start.x, y: end.y)] : [start, Point(x: start.x, y: y), Point(x: end.x, y: y), end],
      .lossInk, width: 2.2, &figure)
    let words = Figure.Run(
      text: context.words.startAt(context.text.notation.flatName(context.graph.loss ?? 0)), size: 12.5, tint: .lossInk)
    // Right of the arrow, or left of it where the page ends.
    let right = max(start.x, end.x) + 10
    let left = right + words.width <= cards.loss.right ? right : start.x - 10 - words.width
    figure.labels.append(
      Figure.Label(run: words, origin: Point(x: left, y: y - 6), width: words.width, classes: ["remark"]))
    let lower = cards.backward.center.y
    arrow(
      "backward-to-update", .gradient,
      [Point(x: cards.backward.x - 4, y: lower), Point(x: cards.update.right + 4, y: lower)], .gradientInk,
      line: .solid,
      width: 2.2, &figure)
  }

  /// Below the last parameter in the formulas under which nothing stands; nil without one.
  private func parameterInFormulas(_ figure: Figure) -> Point? {
    let graph = context.graph
    let names = graph.nodes.indices.filter { graph.nodes[$0].role == .parameter }.map { node in
      context.text.notation.name(node, size: PanelContent.size).first?.text ?? ""
    }
    let own = figure.labels.filter { cards.forward.contains($0.origin) }
    let found = own.filter { label in
      names.contains(label.run.text) && label.classes.contains("formula")
        && label.origin.x + label.width < loopCenter.x - Self.radius - Self.besideLoop
        && !own.contains {
          $0.origin.y > label.origin.y + 8 && $0.origin.x < label.origin.x + label.width + 4
            && $0.origin.x + $0.width > label.origin.x - 4
        }
    }
    return found.max { ($0.origin.y, $0.origin.x) < ($1.origin.y, $1.origin.x) }.map {
      Point(x: $0.origin.x + $0.width / 2, y: $0.origin.y + 7)
    }
  }

  /// From the new numbers to the parameters in the neuron or in the formulas; otherwise to the card.
  private func addUpdate(to figure: inout Figure) {
    let goals = marks(figure, in: cards.forward) { $0.classes.contains("weight") }.sorted { $0.bottom < $1.bottom }
    let symbol = goals.isEmpty ? parameterInFormulas(figure) : nil
    let x = goals.last.map(\.center.x) ?? symbol?.x ?? max(cards.forward.x + 70, cards.update.x + 40)
    let end = goals.last.map { $0.bottom + 2 } ?? symbol?.y ?? cards.forward.bottom + 4
    // Beside the tab and its sentence.
    let tab = figure.labels.filter { label in
      label.origin.y < cards.update.y && label.origin.y > cards.update.y - 22 && label.origin.x < cards.update.right
    }.map { $0.origin.x + $0.width }
    let start = Point(x: max(x, (tab.max() ?? cards.update.x + 140) + 14), y: cards.update.y - 3)
    let y = cards.update.y - 44
    arrow(
      "update-to-forward", .update,
      abs(start.x - x) < 1
        ? [start, Point(x: x, y: end)] : [start, Point(x: start.x, y: y), Point(x: x, y: y), Point(x: x, y: end)],
      .updateInk,
      width: 2.2, &figure)
    let run = Figure.Run(text: context.words.newParameters, size: 12.5, tint: .updateInk)
    // Left of both verticals where the loop stands right of them, or between the one and the loop.
    let loop = loopCenter.x - Self.radius - 6
    let isBesideLoop = start.x + 12 + run.width > loop
    let before = min(x, start.x) - 12 - run.width
    let left = isBesideLoop ? before < Measure.sheetMargin ? x + 12 : before : start.x + 12
    figure.labels.append(
      Figure.Label(
        run: run, origin: Point(x: left, y: isBesideLoop ? y - 8 : y + 4), width: run.width, classes: ["remark"]))
  }

  // MARK: The loop

  private var loopCenter: Point {
    Point(x: cards.loss.x - 28, y: (cards.forward.bottom + cards.backward.y - 22) / 2 + 9)
  }
  private static let radius = 46.0
  private static let besideLoop = 24.0

  /// Four arrows in a ring, each in its stage's color, and the loss before and after in the middle.
  private func addLoop(to figure: inout Figure) {
    let (center, radius) = (loopCenter, Self.radius)
    let stages: [(Stage, Tint, Double)] = [
      (.forward, .forwardInk, 180), (.loss, .lossInk, 270), (.backward, .gradientInk, 0), (.update, .updateInk, 90),
    ]
    for (stage, tint, angle) in stages {
      figure.arrows.append(
        Figure.Arrow(
          id: "loop-\(stage.rawValue)", kind: .loop, tail: "loop-place", head: "loop-place",
          path: Self.arc(center, radius, from: angle + 8, to: angle + 82), tint: tint, width: 2.4))
      let place = Self.point(center, radius, angle + 32)
      figure.discs.append(
        Figure.Disc(
          id: "loop-\(stage.rawValue)-number", classes: ["loop"], tooltip: context.words.title(stage), center: place,
          size: Size(width: 19, height: 19), text: stage.number.map(String.init) ?? "", textSize: Typography.smallest,
          fill: .page,
          stroke: tint))
    }
    guard let loss = context.graph.loss, let after = context.graph.lossAfterUpdate else { return }
    let change = PrintedChange(context.graph.nodes[loss].value[0], after, context.text.notation.format)
    for (row, text) in [change.before, "→ " + change.after].enumerated() {
      let run = Figure.Run(text: text, size: 12.5, tint: .lossInk, isBold: true)
      guard run.width < 2 * radius - 8 else { continue }
      figure.labels.append(
        Figure.Label(
          run: run, origin: Point(x: center.x - run.width / 2, y: center.y - 2 + Double(row) * 16), width: run.width,
          classes: ["loop"]))
    }
  }

  private static func point(_ center: Point, _ radius: Double, _ degrees: Double) -> Point {
    let angle = degrees * .pi / 180
    return Point(x: center.x + radius * cosine(angle), y: center.y + radius * sine(angle))
  }

  /// A cubic that is a part of a circle to within a thousandth of its radius.
  private static func arc(_ center: Point, _ radius: Double, from start: Double, to end: Double) -> Path {
    let quarter = (end - start) * .pi / 720
    let reach = 4.0 / 3 * sine(quarter) / cosine(quarter) * radius
    func tangent(_ degrees: Double) -> Point {
      Point(x: -sine(degrees * .pi / 180) * reach, y: cosine(degrees * .pi / 180) * reach)
    }
    let (a, b) = (point(center, radius, start), point(center, radius, end))
    let (s, e) = (tangent(start), tangent(end))
    return Path(points: [a, a.moved(s.x, s.y), b.moved(-e.x, -e.y), b])
  }
}

extension Rectangle {
  fileprivate func contains(_ point: Point) -> Bool {
    point.x >= x && point.x <= right && point.y >= y && point.y <= bottom
  }
}
