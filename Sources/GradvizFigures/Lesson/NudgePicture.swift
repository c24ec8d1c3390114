import Autograd
import GradvizDrawing
import GradvizGraph

/// Draws a nudge: the values before → after with their changes, and the quotient; in a row, or in a narrow panel one
/// below the other.
struct NudgePicture {
  let context: FigureContext
  let nudge: Nudge

  private var notation: Notation { context.text.notation }
  private static let size = 13.0
  private static let boxHeight = 46.0
  private static let gap = 27.0
  private static let space = 20.0

  /// Returns nil where there is nothing to show.
  init?(_ context: FigureContext) {
    guard let nudge = context.nudge else { return nil }
    self.context = context
    self.nudge = nudge
  }

  private func text(_ words: String, tint: Tint = .ink, isBold: Bool = false) -> Inline {
    notation.text(words, size: Self.size, tint: tint, isBold: isBold)
  }

  /// The name of the parameter's number: W₁,₃.
  private func name(_ stop: Nudge.Stop) -> [Inline] {
    let name = notation.name(stop.node, size: Self.size, isBold: true).map { Inline.run($0) }
    guard stop.node == nudge.stops[0].node, let entry = nudge.entry else { return name }
    return MathText(notation.entry(stop.node, entry)).runs(size: Self.size).map { .run($0) }
  }

  private var title: [[Inline]] {
    let words = context.words
    return [
      [text(words.whatAGradientIs, isBold: true)],
      [text(words.nudge + " ")] + name(nudge.stops[0]) + [text(" " + words.nudgedBy(nudge.stops[0].change))],
      [text(words.runForwardAgain)],
    ]
  }

  /// Adds the picture in a frame of the width of `place`, at least as high; returns the frame.
  func addCard(to figure: inout Figure, in place: Rectangle) -> Rectangle {
    let inner = place.width - 2 * Panel.padding
    let height = max(height(width: inner) + 20, place.height)
    let inset = (height - self.height(width: inner)) / 2
    _ = add(to: &figure, at: Point(x: place.x + Panel.padding, y: place.y + inset), width: inner)
    let frame = Rectangle(x: place.x, y: place.y, width: place.width, height: height)
    figure.regions.append(
      Figure.Region(id: "panel-nudge", classes: ["panel"], frame: frame, fill: .page, stroke: .gradientInk))
    return frame
  }

  /// Adds the picture with its top left at `origin`; returns its extent.
  func add(to figure: inout Figure, at origin: Point, width: Double) -> Size {
    let titleWidth = title.map { Typesetter.extent($0).width }.max() ?? 0
    let boxes = nudge.stops.map(boxWidth)
    let row = boxes.reduce(0, +) + Self.gap * Double(boxes.count - 1)
    let quotientWidth = Typesetter.extent(quotient).width
    if titleWidth + row + 2 * Self.space + quotientWidth <= width {
      let height = max(60, Self.boxHeight)
      set(title, at: origin, in: &figure)
      let top = origin.y + (height - Self.boxHeight) / 2
      addBoxes(at: Point(x: origin.x + titleWidth + Self.space, y: top), to: &figure)
      Typesetter.set(
        quotient, at: Point(x: origin.x + titleWidth + 2 * Self.space + row, y: top + Self.boxHeight / 2 + 5),
        in: &figure,
        classes: ["nudge", "quotient"])
      return Size(width: titleWidth + 2 * Self.space + row + quotientWidth, height: height)
    }
    set(title, at: origin, in: &figure)
    var y = origin.y + 3 * 19 + 6
    var extent = titleWidth
    if row <= width {
      addBoxes(at: Point(x: origin.x, y: y), to: &figure)
      y += Self.boxHeight + 12
      extent = max(extent, row)
    } else {
      for place in nudge.stops.indices {
        addBox(place, at: Point(x: origin.x, y: y), to: &figure)
        y += Self.boxHeight + 8
        extent = max(extent, boxes[place])
      }
    }
    let height = Typesetter.extent(quotient)
    Typesetter.set(
      quotient, at: Point(x: origin.x, y: y + height.ascent), in: &figure, classes: ["nudge", "quotient"])
    return Size(width: max(extent, quotientWidth), height: y + height.height - origin.y)
  }

  /// How wide it is in one row, without what is around it.
  var widthOfRow: Double {
    let title = title.map { Typesetter.extent($0).width }.max() ?? 0
    let boxes = nudge.stops.map(boxWidth)
    return title + 2 * Self.space + boxes.reduce(0, +) + Self.gap * Double(boxes.count - 1)
      + Typesetter.extent(quotient).width
  }

  /// Whether it stands beside cards of a size: in a row, or where that is lower than a row below them.
  func isBeside(_ cards: Size, _ gap: Double, width: Double) -> Bool {
    let room = width - cards.width - gap
    if widthOfRow <= room { return true }
    return room >= Self.minRoom && max(cards.height, height(width: room) + 20) < cards.height + gap + 80
  }

  /// It is not narrower beside something.
  private static let minRoom = 330.0

  func height(width: Double) -> Double {
    var scratch = Figure(
      stage: .backward, id: "scratch", title: "", description: "", size: Size(width: 0, height: 0))
    return add(to: &scratch, at: Point(x: 0, y: 0), width: width).height
  }

  private func set(_ lines: [[Inline]], at origin: Point, in figure: inout Figure) {
    for (number, line) in lines.enumerated() {
      Typesetter.set(line, at: Point(x: origin.x, y: origin.y + 13 + Double(number) * 19), in: &figure)
    }
  }

  /// The quotient of the changes, such as `change of L / change of b = 0.0042 / 0.01 = 0.42 ≈ 0.4200 = ∂L/∂b`.
  private var quotient: [Inline] {
    guard let first = nudge.stops.first, let last = nudge.stops.last, let loss = context.graph.loss else { return [] }
    func change(_ stop: Nudge.Stop) -> [Inline] { [text(context.words.changeOf + " ")] + name(stop) }
    let partial: Inline =
      nudge.entry == nil
      ? notation.partial(loss, by: first.node, size: Self.size)
      : .fraction([text("∂")] + name(last), [text("∂")] + name(first))
    let gradient = nudge.gradient.map { [text($0, tint: .gradientInk, isBold: true), text(" = ")] } ?? []
    return [
      .fraction(change(last), change(first)), text(" = "), .fraction([text(last.change)], [text(first.change)]),
      text(" = "), text(nudge.quotient, tint: .gradientInk, isBold: true), text(" \(nudge.relation.rawValue) "),
    ] + gradient + [.token([partial], .parameter)]
  }

  // MARK: Boxes

  private func nameWidth(_ stop: Nudge.Stop) -> Double { max(28, Typesetter.extent(name(stop)).width + 12) }

  private func change(_ stop: Nudge.Stop) -> [Inline] {
    [text(stop.before), text(" → "), text(stop.after, isBold: true)]
  }

  private func boxWidth(_ stop: Nudge.Stop) -> Double {
    let row = Typesetter.extent(change(stop)).width
    return (nameWidth(stop) + max(row, Typesetter.extent([text(stop.change, isBold: true)]).width) + 16).rounded(.up)
  }

  private func addBoxes(at origin: Point, to figure: inout Figure) {
    var x = origin.x
    for place in nudge.stops.indices {
      addBox(place, at: Point(x: x, y: origin.y), to: &figure)
      x += boxWidth(nudge.stops[place])
      if place + 1 < nudge.stops.count {
        let middle = origin.y + Self.boxHeight / 2
        figure.arrows.append(
          Figure.Arrow(
            id: "nudge-\(place + 1)", kind: .note, tail: "nudge-place", head: "nudge-place",
            path: Path(from: Point(x: x + 4, y: middle), to: Point(x: x + Self.gap - 3, y: middle))))
      }
      x += Self.gap
    }
  }

  private func addBox(_ place: Int, at origin: Point, to figure: inout Figure) {
    let stop = nudge.stops[place]
    let frame = Rectangle(x: origin.x, y: origin.y, width: boxWidth(stop), height: Self.boxHeight)
    let nameWidth = nameWidth(stop)
    figure.chips.append(Figure.Chip(frame: frame, fill: .plain, stroke: .line))
    figure.chips.append(
      Figure.Chip(
        frame: Rectangle(x: frame.x, y: frame.y, width: nameWidth, height: frame.height),
        fill: context.graph.nodes[stop.node].role.tint, stroke: .line))
    func center(_ items: [Inline], _ left: Double, _ right: Double, _ y: Double, _ classes: [String]) {
      let x = (left + right - Typesetter.extent(items).width) / 2
      Typesetter.set(items, at: Point(x: x, y: y), in: &figure, classes: classes)
    }
    let own = ["nudge", "stop-\(place + 1)"]
    center(name(stop), frame.x, frame.x + nameWidth, frame.center.y + 5, [])
    center(change(stop), frame.x + nameWidth, frame.right, frame.y + 18, own)
    center(
      [text(stop.change, tint: .gradientInk, isBold: true)], frame.x + nameWidth, frame.right, frame.y + 37, own)
  }
}
