import DOT
import Figures
import GraphvizRenderer

/// Draws a figure that is laid out: the same picture that Graphviz draws of its DOT text, without that text.
///
/// A table label costs Graphviz 0.4 ms, and a box is one; here it costs a hundredth of that, which is half the
/// time of a small figure and nearly all of a large one. Tests compare every sample's figures with what Graphviz
/// draws of them.
struct FigurePainter {
  private let figure: Figure
  private let scheme: Palette.Scheme
  private var events: [Drawing.Event] = []

  /// The drawing in the colours of `scheme`.
  static func drawing(_ figure: Figure, _ scheme: Palette.Scheme = .light) -> Drawing {
    var painter = FigurePainter(figure: figure, scheme: scheme)
    painter.paint()
    return Drawing(width: figure.size.width, height: figure.size.height, events: painter.events)
  }

  private init(figure: Figure, scheme: Palette.Scheme) {
    self.figure = figure
    self.scheme = scheme
  }

  private mutating func paint() {
    begin(.graph, figure.id, ["figure", "stage-\(figure.stage.rawValue)"])
    let size = figure.size
    rectangle(Rectangle(x: 0, y: 0, width: size.width, height: size.height), ink(nil, fill: .page))
    // Graphviz draws regions in the order of their ids.
    for region in figure.regions.sorted(by: { $0.id < $1.id }) { paint(region) }
    for arrow in figure.arrows { paint(arrow) }
    for box in figure.boxes { paint(box) }
    for disc in figure.discs { paint(disc) }
    for chip in figure.chips { paint(chip) }
    for label in figure.labels {
      begin(.node, nil, label.classes)
      // Small print has been moved down or up already.
      var run = label.run
      run.script = .normal
      text(run, x: label.origin.x, middle: label.origin.y - 0.3 * run.size)
      events.append(.end)
    }
    events.append(.end)
  }

  // MARK: Elements

  private mutating func paint(_ region: Figure.Region) {
    begin(.cluster, region.id, region.classes)
    roundedRectangle(
      region.frame, radius: 12,
      ink(region.stroke ?? region.fill ?? .page, fill: region.fill, width: 1.2, region.line))
    events.append(.end)
  }

  private mutating func paint(_ arrow: Figure.Arrow) {
    begin(.edge, arrow.id, [arrow.kind.rawValue] + arrow.classes, tooltip: arrow.tooltip)
    let length = arrow.headLength
    let line = arrow.lineWithoutHead
    events.append(.bezier(line.points.map(Self.point), ink(arrow.tint, width: arrow.width, arrow.line)))
    if arrow.hasHead, let base = line.points.last, let tip = arrow.path.points.last {
      let (dx, dy) = (tip.x - base.x, tip.y - base.y)
      let side = 0.35 * length / max((dx * dx + dy * dy).squareRoot(), 0.001)
      events.append(
        .polygon(
          [
            Drawing.Point(x: base.x + dy * side, y: base.y - dx * side), Self.point(tip),
            Drawing.Point(x: base.x - dy * side, y: base.y + dx * side),
          ], ink(arrow.tint, fill: arrow.tint, width: arrow.width)))
    }
    events.append(.end)
  }

  private mutating func paint(_ box: Figure.Box) {
    begin(.node, box.id, box.classes, tooltip: box.tooltip)
    let frame = box.frame
    rectangle(frame, ink(box.lineTint, fill: .plain, box.line))
    let inner = Rectangle(x: frame.x + 1, y: frame.y + 1, width: frame.width - 2, height: frame.height - 2)
    let nameWidth = Double(box.nameWidth)
    if box.nameWidth > 0 {
      rectangle(
        Rectangle(x: inner.x, y: inner.y, width: nameWidth, height: inner.height),
        ink(nil, fill: box.nameFill))
      let x = inner.x + nameWidth
      events.append(
        .polyline(
          [Drawing.Point(x: x, y: inner.bottom), Drawing.Point(x: x, y: inner.y)], ink(box.lineTint)))
      set(
        lines: box.name, in: Rectangle(x: inner.x, y: inner.y, width: nameWidth, height: inner.height))
    }
    var y = inner.y
    for row in box.rows {
      let cell = Rectangle(
        x: inner.x + nameWidth, y: y, width: inner.width - nameWidth, height: Double(row.height))
      if let fill = row.fill { rectangle(cell, ink(nil, fill: fill)) }
      switch row.content {
      case .text(let runs): set(runs, in: cell)
      case .matrix(let cells, let width, let height, let caption):
        paint(cells, width, height, caption, in: cell)
      }
      y += cell.height
    }
    events.append(.end)
  }

  /// An array's cells, which share the room that is left, whole points each, as those of Graphviz' tables do.
  private mutating func paint(
    _ cells: [[(run: Figure.Run?, fill: Tint?)]], _ width: Int, _ height: Int, _ caption: Figure.Run?,
    in frame: Rectangle
  ) {
    let spacing = MatrixContent.spacing
    let columns = Self.shared(
      [Int](repeating: width, count: cells.first?.count ?? 0), in: Int(frame.width), spacing)
    let rows = Self.shared(
      [Int](repeating: height, count: cells.count) + (caption == nil ? [] : [MatrixContent.captionHeight]),
      in: Int(frame.height), spacing)
    for (line, row) in zip(cells, rows) {
      for (entry, column) in zip(line, columns) {
        let cell = Rectangle(
          x: frame.x + Double(column.start), y: frame.y + Double(row.start), width: Double(column.length),
          height: Double(row.length))
        if let fill = entry.fill { rectangle(cell, ink(nil, fill: fill)) }
        if let run = entry.run { set([run], in: cell) }
      }
    }
    if let caption, let row = rows.last {
      set(
        [caption],
        in: Rectangle(
          x: frame.x, y: frame.y + Double(row.start), width: frame.width, height: Double(row.length)))
    }
  }

  private static func shared(
    _ lengths: [Int], in room: Int, _ spacing: Int
  ) -> [(start: Int, length: Int)] {
    guard !lengths.isEmpty else { return [] }
    let extra = max(room - lengths.reduce(spacing) { $0 + $1 + spacing }, 0)
    var start = spacing
    return lengths.enumerated().map { place, length in
      let length = length + extra / lengths.count + (place < extra % lengths.count ? 1 : 0)
      defer { start += length + spacing }
      return (start, length)
    }
  }

  private mutating func paint(_ disc: Figure.Disc) {
    begin(.node, disc.id, disc.classes, tooltip: disc.tooltip)
    let (center, size) = (disc.center, disc.size)
    let paint = ink(disc.stroke ?? disc.fill, fill: disc.fill)
    if abs(size.width - size.height) < 0.01 {
      events.append(
        .ellipse(
          center: Self.point(center),
          rim: Drawing.Point(x: center.x + size.width / 2, y: center.y + size.height / 2), paint))
    } else {
      roundedRectangle(
        Rectangle(
          x: center.x - size.width / 2, y: center.y - size.height / 2, width: size.width, height: size.height),
        radius: min(12, min(size.width, size.height) / 3), paint)
    }
    let run = Figure.Run(text: disc.text, size: disc.textSize, tint: disc.textTint)
    text(run, x: center.x, middle: center.y, anchor: "middle")
    events.append(.end)
  }

  private mutating func paint(_ chip: Figure.Chip) {
    begin(.node, chip.id, chip.classes)
    if chip.fill != nil || chip.stroke != nil {
      let paint = ink(chip.stroke, fill: chip.fill)
      if chip.isRounded {
        roundedRectangle(chip.frame, radius: min(12, min(chip.frame.width, chip.frame.height) / 3), paint)
      } else {
        rectangle(chip.frame, paint)
      }
    }
    let frame = chip.frame
    let run = Figure.Run(text: chip.text, size: chip.textSize, tint: chip.textTint, isBold: chip.isBold)
    let center = (x: frame.x + frame.width / 2, y: frame.y + frame.height / 2)
    if chip.isBold {
      text(run, x: center.x - run.width / 2, middle: center.y)
    } else {
      text(run, x: center.x, middle: center.y, anchor: "middle")
    }
    events.append(.end)
  }

  // MARK: Shapes and text

  private mutating func begin(
    _ group: Drawing.Group, _ id: String?, _ classes: [String], tooltip: String? = nil
  ) {
    // The writer takes a tooltip as DOT has it.
    events.append(
      .begin(
        group, id: id, classes: classes.isEmpty ? nil : classes.joined(separator: " "),
        tooltip: tooltip.map(Self.asInDOT)))
  }

  private static func asInDOT(_ text: String) -> String {
    let text = Escaping.cleaned(text)
    guard text.utf8.contains(where: { $0 == UInt8(ascii: "\\") || $0 == UInt8(ascii: "&") }) else {
      return text
    }
    return text.replacing("\\", with: "\\\\").replacing("&", with: "&amp;")
  }

  private func ink(
    _ pen: Tint?, fill: Tint? = nil, width: Double = 1, _ line: Figure.Line = .solid
  ) -> Drawing.Ink {
    let kind: Drawing.Line =
      switch line {
      case .solid: .solid
      case .dashed: .dashed
      case .dotted: .dotted
      }
    return Drawing.Ink(
      pen: color(pen ?? fill ?? .page), fill: fill.map(color), width: pen == nil ? 0 : width,
      line: kind)
  }

  private func color(_ tint: Tint) -> Drawing.RGBA { Drawing.RGBA(Palette.color(tint, scheme)) }

  private static func point(_ point: Point) -> Drawing.Point { Drawing.Point(x: point.x, y: point.y) }

  private mutating func rectangle(_ frame: Rectangle, _ ink: Drawing.Ink) {
    let (left, top, right, bottom) = (frame.x, frame.y, frame.right, frame.bottom)
    events.append(
      .polygon(
        [
          Drawing.Point(x: left, y: bottom), Drawing.Point(x: left, y: top), Drawing.Point(x: right, y: top),
          Drawing.Point(x: right, y: bottom),
        ], ink))
  }

  /// As Graphviz draws one: the control points of a corner lie half-way to it.
  private mutating func roundedRectangle(_ frame: Rectangle, radius: Double, _ ink: Drawing.Ink) {
    let corners = [
      (Point(x: frame.x, y: frame.y), 0.0, 1.0), (Point(x: frame.right, y: frame.y), -1, 0),
      (Point(x: frame.right, y: frame.bottom), 0, -1), (Point(x: frame.x, y: frame.bottom), 1, 0),
    ]
    var points: [Point] = []
    for (index, (corner, dx, dy)) in corners.enumerated() {
      let (nx, ny) = (corners[(index + 1) % 4].1, corners[(index + 1) % 4].2)
      let entry = Point(x: corner.x + dx * radius, y: corner.y + dy * radius)
      // Away from the corner on its other side: towards the next corner.
      let exit = Point(x: corner.x - nx * radius, y: corner.y - ny * radius)
      if let last = points.last {
        points += [Self.between(last, entry, 1.0 / 3), Self.between(last, entry, 2.0 / 3), entry]
      } else {
        points.append(entry)
      }
      points += [Self.between(entry, corner, 0.5), Self.between(corner, exit, 0.5), exit]
    }
    if let first = points.first, let last = points.last {
      points += [Self.between(last, first, 1.0 / 3), Self.between(last, first, 2.0 / 3), first]
    }
    events.append(.bezier(points.map(Self.point), ink))
  }

  private static func between(_ a: Point, _ b: Point, _ part: Double) -> Point {
    Point(x: a.x + (b.x - a.x) * part, y: a.y + (b.y - a.y) * part)
  }

  /// Lines below one another in the middle of a cell, where Graphviz puts those of a rich label.
  private mutating func set(lines: [[Figure.Run]], in cell: Rectangle) {
    guard lines.count > 1 else {
      if let only = lines.first { set(only, in: cell) }
      return
    }
    let sizes = lines.map { $0.map(\.size).max() ?? 0 }
    var top = cell.y + cell.height / 2 - 0.6 * sizes.reduce(0, +)
    for (place, (runs, size)) in zip(lines, sizes).enumerated() {
      set(runs, in: cell, baseline: top + (place == 0 ? 0.9 : 1.1) * size)
      top += 1.2 * size
    }
  }

  /// A line of runs in the middle of a cell.
  private mutating func set(_ runs: [Figure.Run], in cell: Rectangle) {
    let isPlain = runs.count == 1 && !runs[0].isBold
    let size = runs.map(\.size).max() ?? 0
    set(runs, in: cell, baseline: cell.y + cell.height / 2 + (isPlain ? 0.4 : 0.3) * size)
  }

  private mutating func set(_ runs: [Figure.Run], in cell: Rectangle, baseline: Double) {
    var x = cell.x + (cell.width - runs.reduce(0) { $0 + $1.width }) / 2
    for run in runs {
      text(run, x: x, baseline: baseline)
      x += run.width
    }
  }

  private mutating func text(
    _ run: Figure.Run, x: Double, middle: Double, anchor: String = "start"
  ) {
    text(run, x: x, baseline: middle + (run.isBold ? 0.3 : 0.4) * run.size, anchor: anchor)
  }

  private mutating func text(_ run: Figure.Run, x: Double, baseline: Double, anchor: String = "start") {
    guard !run.text.isEmpty else { return }
    // Graphviz' rich text has whole sizes.
    let size = run.isBold ? run.size.rounded(.down) : run.size
    events.append(
      .text(
        Drawing.Text(
          content: Escaping.cleaned(run.text), origin: Drawing.Point(x: x, y: baseline), size: size, width: run.width,
          color: color(run.tint), isBold: run.isBold, isSubscript: run.script == .below,
          isSuperscript: run.script == .above, anchor: anchor)))
  }
}
