import GradvizDOT
import GradvizDrawing

extension Figure {
  /// The figure as DOT with all positions fixed: stock `dot -Tsvg` draws the same picture.
  public var dot: Graph {
    var graph = Graph(
      name: id,
      attributes: [
        .layout(.nop2),
        .boundingBox(left: 0, bottom: 0, right: size.width, top: size.height),
        .padding(0), page.background == .transparent ? .noBackground : .background(color(.page)), .fontName,
        .outputEdgesFirst, .id(id),
        .classes(["figure", "stage-\(stage.rawValue)"]), .label(.plain("")), .tooltip(title),
      ],
      nodeDefaults: Label.nodeDefaults(color) + [.classes([Attribute.inside])],
      edgeDefaults: [.fontName, .arrowSize(0.6), .tooltip("")])
    graph.statements += Self.corners(of: size)
    graph.statements += regions.map(statement)
    var texts = 0
    func add(_ statement: Graph.Statement?, _ labels: [Label]) {
      if let statement { graph.statements.append(statement) }
      for label in labels {
        if label.isBlank { graph.statements.append(blank(behind: label, number: texts, color: color)) }
        if !label.isBlank || isAnswered {
          graph.statements.append(label.inInk.statement(number: texts, sheetHeight: size.height, color: color))
        }
        texts += 1
      }
    }
    for box in boxes { add(statement(box, hasTexts: false), box.texts.map(\.inside)) }
    for disc in discs { add(statement(disc), disc.texts.map(\.inside)) }
    for (number, chip) in chips.enumerated() { add(statement(chip, number: number), chip.texts.map(\.inside)) }
    for label in labels { add(nil, label.parts) }
    graph.statements += anchors
    graph.statements += arrows.map(statement)
    return graph
  }

  /// The values, operations and arrows of the figure without positions, for another program to lay out.
  public var dotWithoutPositions: Graph {
    var graph = dot
    graph.attributes = [
      .layout(.dot), .rankDirection(.leftToRight), .newRank, .fontName, .id(id), .tooltip(title),
    ]
    graph.nodeDefaults = [
      .shape(.plain), .fontName, .margin(0), .penWidth(1), .label(.plain("")), .fontColor(color(.ink)), .tooltip(""),
    ]
    let members = Set(boxes.map(\.id) + discs.map(\.id))
    func unpinned(_ attributes: [Attribute]) -> [Attribute] {
      attributes.filter { attribute in
        switch attribute {
        case .position, .path: false
        default: true
        }
      }
    }
    graph.statements = []
    for box in boxes where !box.classes.contains("legend") {
      if case .node(let name, let attributes) = statement(box, hasTexts: true) {
        graph.statements.append(.node(name, unpinned(attributes)))
      }
    }
    for disc in discs where disc.classes.contains("operation") {
      if case .node(let name, let attributes) = statement(disc) {
        graph.statements.append(.node(name, unpinned(attributes) + [.label(.plain(disc.text))]))
        let box = String(disc.id.dropLast("_operation".count))
        if members.contains(box) { graph.statements.append(.edge(tail: name, head: box, [.arrowHead(.none)])) }
      }
    }
    for arrow in arrows where members.contains(arrow.tail) && members.contains(arrow.head) {
      guard case .edge(let tail, let head, let attributes) = statement(arrow) else { continue }
      // Edges against the forward direction must not affect the ranks.
      let rest = unpinned(attributes) + (arrow.kind == .forward ? [] : [.unconstrained])
      graph.statements.append(.edge(tail: tail, head: head, rest))
    }
    return graph
  }

  /// Invisible nodes for arrows that do not start or end at a value, as in the legend.
  private var anchors: [Graph.Statement] {
    var known = Set(boxes.map(\.id) + discs.map(\.id) + chips.compactMap(\.id))
    var statements: [Graph.Statement] = []
    for arrow in arrows {
      for (name, point) in [(arrow.tail, arrow.path.start), (arrow.head, arrow.path.end)]
      where known.insert(name).inserted {
        statements.append(anchor(name, at: point))
      }
    }
    return statements
  }

  private func anchor(_ name: String, at point: Point) -> Graph.Statement {
    Self.anchor(name, at: position(point))
  }

  private static func anchor(_ name: String, at position: Position) -> Graph.Statement {
    // 0.01 inch is 0.72 points, half of it on either side.
    .node(name, [.position(position), .shape(.point), .width(0.01), .height(0.01), .styles([.invisible])])
  }

  /// Graphviz computes the bounds from what is drawn: two corner nodes preserve the margins.
  package static func corners(of size: Size) -> [Graph.Statement] {
    [
      anchor("corner-1", at: Position(x: 0.36, y: size.height - 0.36)),
      anchor("corner-2", at: Position(x: size.width - 0.36, y: 0.36)),
    ]
  }

  private func position(_ point: Point) -> Position { Position(x: point.x, y: size.height - point.y) }

  private func box(_ frame: Rectangle) -> [Attribute] {
    [
      .position(position(frame.center)), .width(frame.width / 72), .height(frame.height / 72), .fixedShape,
    ]
  }

  private func color(_ tint: Tint) -> Color {
    let entry = Palette.entry(tint)
    var color = entry.color(theme)
    if namesTints { color.name = entry.name }
    return color
  }

  private func statement(_ region: Region) -> Graph.Statement {
    let frame = region.frame
    var styles: [Attribute.Style] = [.rounded]
    if region.fill != nil { styles.append(.filled) }
    switch region.line {
    case .solid: break
    case .dashed: styles.append(.dashed)
    case .dotted: styles.append(.dotted)
    }
    var attributes: [Attribute] = [
      .boundingBox(
        left: frame.x, bottom: size.height - frame.bottom, right: frame.right,
        top: size.height - frame.y),
      .styles(styles), .color(color(region.stroke ?? region.fill ?? .page)), .penWidth(1.2), .id(region.id),
      .classes(region.classes), .label(.plain("")), .tooltip(""),
    ]
    attributes.append(region.fill.map { .fillColor(color($0)) } ?? .noBackground)
    // Graphviz drops a cluster without nodes, so each contains an invisible one.
    let anchor = anchor("anchor-\(region.id)", at: frame.center)
    return .subgraph(
      Graph.Subgraph(name: "cluster_\(region.id)", attributes: attributes, statements: [anchor]))
  }

  private func textRun(_ run: Run) -> TextRun {
    TextRun(
      run.text, size: run.size, color: color(run.tint), typeface: run.typeface,
      script: run.script == .below ? .subscript : run.script == .above ? .superscript : .normal)
  }

  /// - Parameter hasTexts: whether its texts are in its cells, where Graphviz places them.
  private func statement(_ box: Box, hasTexts: Bool) -> Graph.Statement {
    let widthOfAll = Int(box.frame.width) - box.nameWidth - (box.hasFrame ? 2 : 0)
    let height = box.isFlat ? box.rows.first?.height ?? 0 : box.rows.reduce(0) { $0 + $1.height }
    func content(_ runs: [Run]) -> HTMLTable.Cell.Content {
      runs.isEmpty || !hasTexts ? .empty : .runs(runs.map(textRun))
    }
    func cell(_ row: Box.Row) -> HTMLTable.Cell {
      let valueWidth = row.width ?? widthOfAll
      switch row.content {
      case .text(let runs):
        return .init(
          content(runs), width: valueWidth, height: row.height,
          fill: row.fill.map(color))
      case .matrix(let cells, let cellWidth, let cellHeight, let spacing, let captions):
        var rows = cells.map { line in
          line.map { entry in
            HTMLTable.Cell(
              content(entry.run.map { [$0] } ?? []), width: cellWidth, height: cellHeight,
              fill: entry.fill.map(color))
          }
        }
        for caption in captions {
          let columns = cells.first?.count ?? 1
          rows.append([
            .init(
              content([caption]), width: columns, height: MatrixContent.captionHeight,
              columnSpan: columns)
          ])
        }
        return .init(
          .table(
            HTMLTable(border: .none, color: color(box.lineTint), spacing: spacing, rows: rows)),
          width: valueWidth, height: row.height, fill: row.fill.map(color))
      }
    }
    var rows = box.isFlat ? [box.rows.map(cell)] : box.rows.map { [cell($0)] }
    if box.nameWidth > 0 {
      rows[0].insert(
        .init(
          hasTexts ? .lines(box.name.map { $0.map(textRun) }) : .empty, width: box.nameWidth, height: height,
          fill: color(box.nameFill), rowSpan: rows.count,
          hasRightRule: true), at: 0)
    }
    let table = HTMLTable(
      border: !box.hasFrame ? .none : box.line == .solid ? .solid : .dashed, color: color(box.lineTint),
      fill: color(.plain),
      rows: rows)
    return .node(
      box.id,
      [
        .position(position(box.frame.center)), .shape(.plain), .growingShape, .id(box.id), .classes(box.classes),
        .tooltip(box.tooltip), .label(.table(table)),
      ])
  }

  private func statement(_ disc: Disc) -> Graph.Statement {
    let frame = Rectangle(center: disc.center, size: disc.size)
    let isRound = !disc.isTab && abs(disc.size.width - disc.size.height) < 0.01
    var attributes = box(frame)
    attributes += [
      .shape(isRound ? .ellipse : .box), .styles(isRound || disc.isTab ? [.filled] : [.filled, .rounded]),
      .fillColor(color(disc.fill)), .color(color(disc.stroke ?? disc.fill)), .id(disc.id),
      .classes(disc.classes), .tooltip(disc.tooltip),
    ]
    return .node(disc.id, attributes)
  }

  private func statement(_ chip: Chip, number: Int) -> Graph.Statement {
    var styles: [Attribute.Style] = []
    if chip.fill != nil { styles.append(.filled) }
    if chip.isRounded { styles.append(.rounded) }
    var attributes = box(chip.frame)
    attributes += [.shape(chip.fill == nil && chip.stroke == nil ? .none : .box)]
    if !styles.isEmpty { attributes.append(.styles(styles)) }
    if let fill = chip.fill { attributes.append(.fillColor(color(fill))) }
    attributes.append(.color(color(chip.stroke ?? chip.fill ?? .page)))
    if chip.stroke == nil { attributes.append(.penWidth(0)) }
    if let id = chip.id { attributes.append(.id(id)) }
    attributes.append(.classes(chip.classes))
    if !chip.tooltip.isEmpty { attributes.append(.tooltip(chip.tooltip)) }
    return .node(chip.id ?? "chip-\(number + 1)", attributes)
  }

  private func statement(_ arrow: Arrow) -> Graph.Statement {
    // The tip touches the target; the line ends where the head begins.
    let headLength = arrow.headLength
    let line = arrow.lineWithoutHead
    var attributes: [Attribute] = [
      .path(
        line.withoutStops.points.map(position), arrowTip: arrow.hasHead ? position(arrow.path.end) : nil),
      .id(arrow.id), .classes([arrow.kind.rawValue] + arrow.classes), .color(color(arrow.tint)),
      .penWidth(arrow.width),
    ]
    if !arrow.hasHead {
      attributes.append(.arrowHead(.none))
    } else if arrow.width > 1.25 {
      attributes.append(.arrowSize(headLength / 10))
    }
    switch arrow.line {
    case .solid: break
    case .dashed: attributes.append(.styles([.dashed]))
    case .dotted: attributes.append(.styles([.dotted]))
    }
    if !arrow.tooltip.isEmpty { attributes.append(.tooltip(arrow.tooltip)) }
    return .edge(tail: arrow.tail, head: arrow.head, attributes)
  }
}

extension Figure.Label {
  /// The label as part of the box or mark before it, whose group it joins in SVG.
  fileprivate var inside: Figure.Label {
    var label = self
    label.classes = [Attribute.inside]
    return label
  }

  /// What most labels have in common: there are three for each box, and Graphviz reads all of it.
  package static func nodeDefaults(_ color: (Tint) -> Color) -> [Attribute] {
    [
      .shape(.none), .fixedShape, .height(Typography.smallest / 72), .fontName, .fontSize(Typography.smallest),
      .margin(0), .penWidth(1), .label(.plain("")), .fontColor(color(.ink)), .tooltip(""),
    ]
  }

  /// The label as a node on a sheet of that height, besides ``nodeDefaults(_:)`` and the class of a text inside a box.
  package func statement(number: Int, sheetHeight: Double, color: (Tint) -> Color) -> Graph.Statement {
    // Graphviz places the baseline of a line of text this far below the center of its node, and that of rich
    // text higher.
    let isRich = run.typeface == .bold || run.typeface == .variable
    let drop = (isRich ? 0.3 : 0.4) * run.size
    let center = Position(x: origin.x + width / 2, y: sheetHeight - origin.y + drop)
    var attributes: [Attribute] = [.position(center), .width(width / 72)]
    if run.size != Typography.smallest { attributes += [.height(run.size / 72), .fontSize(run.size)] }
    switch run.typeface {
    case .regular: attributes.append(.label(.plainLeft(run.text)))
    case .bold: attributes.append(.label(.bold(run.text)))
    case .variable: attributes += [.label(.italic(run.text)), .serifFontName]
    case .index: attributes += [.label(.plainLeft(run.text)), .serifFontName]
    }
    if run.tint != .ink { attributes.append(.fontColor(color(run.tint))) }
    if classes != [Attribute.inside] { attributes.append(.classes(classes)) }
    return .node("text-\(number + 1)", attributes)
  }
}
