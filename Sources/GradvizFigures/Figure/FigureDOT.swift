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
        .padding(0), page.background == .transparent ? .noBackground : .background(color(.page)), .fontName, .outputEdgesFirst, .id(id),
        .classes(["figure", "stage-\(stage.rawValue)"]), .label(.plain("")), .tooltip(title),
      ],
      nodeDefaults: [
        .shape(.plain), .fontName, .margin(0), .penWidth(1), .label(.plain("")),
        .fontColor(color(.ink)), .tooltip(""),
      ],
      edgeDefaults: [.fontName, .arrowSize(0.6), .tooltip("")])
    graph.statements += Self.corners(of: size)
    graph.statements += regions.map(statement)
    graph.statements += boxes.map(statement)
    graph.statements += discs.map(statement)
    graph.statements += chips.enumerated().map { statement($1, number: $0) }
    graph.statements += labels.enumerated().map {
      $1.statement(number: $0, sheetHeight: size.height, color: color)
    }
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
    for box in boxes {
      if case .node(let name, let attributes) = statement(box) {
        graph.statements.append(.node(name, unpinned(attributes)))
      }
    }
    for disc in discs where disc.classes.contains("operation") {
      if case .node(let name, let attributes) = statement(disc) {
        graph.statements.append(.node(name, unpinned(attributes)))
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
    var color = Palette.color(tint, scheme)
    if namesTints { color.name = Palette.entry(tint).name }
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
      run.text, size: run.size, color: color(run.tint), isBold: run.isBold,
      script: run.script == .below ? .subscript : run.script == .above ? .superscript : .normal)
  }

  private func statement(_ box: Box) -> Graph.Statement {
    let border = box.hasFrame ? 2 : 0
    let widthOfAll = Int(box.frame.width) - box.nameWidth - border
    let height = box.isFlat ? box.rows.first?.height ?? 0 : box.rows.reduce(0) { $0 + $1.height }
    func cell(_ row: Box.Row) -> HTMLTable.Cell {
      let valueWidth = row.width ?? widthOfAll
      switch row.content {
      case .text(let runs):
        return .init(
          runs.isEmpty ? .empty : .runs(runs.map(textRun)), width: valueWidth, height: row.height,
          fill: row.fill.map(color))
      case .matrix(let cells, let cellWidth, let cellHeight, let spacing, let captions):
        var rows = cells.map { line in
          line.map { entry in
            HTMLTable.Cell(
              entry.run.map { .runs([textRun($0)]) } ?? .empty, width: cellWidth, height: cellHeight,
              fill: entry.fill.map(color))
          }
        }
        for caption in captions {
          let columns = cells.first?.count ?? 1
          rows.append([
            .init(
              .runs([textRun(caption)]), width: columns, height: MatrixContent.captionHeight,
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
          .lines(box.name.map { $0.map(textRun) }), width: box.nameWidth, height: height,
          fill: color(box.nameFill), rowSpan: rows.count,
          hasRightRule: true), at: 0)
    }
    let table = HTMLTable(
      border: !box.hasFrame ? .none : box.line == .solid ? .solid : .dashed, color: color(box.lineTint), fill: color(.plain),
      rows: rows)
    return .node(
      box.id,
      [
        .position(position(box.frame.center)), .id(box.id), .classes(box.classes),
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
      .classes(disc.classes), .tooltip(disc.tooltip), .label(.plain(disc.text)),
      .fontSize(disc.textSize), .fontColor(color(disc.textTint)),
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
    if !chip.text.isEmpty {
      if chip.isBold {
        attributes.append(
          .label(
            .runs([TextRun(chip.text, size: chip.textSize, color: color(chip.textTint), isBold: true)])))
      } else {
        attributes += [
          .label(.plain(chip.text)), .fontSize(chip.textSize), .fontColor(color(chip.textTint)),
        ]
      }
    }
    if let id = chip.id { attributes.append(.id(id)) }
    if !chip.classes.isEmpty { attributes.append(.classes(chip.classes)) }
    if !chip.tooltip.isEmpty { attributes.append(.tooltip(chip.tooltip)) }
    return .node(chip.id ?? "chip-\(number + 1)", attributes)
  }

  private func statement(_ arrow: Arrow) -> Graph.Statement {
    // The tip touches the target; the line ends where the head begins.
    let headLength = arrow.headLength
    let line = arrow.lineWithoutHead
    var attributes: [Attribute] = [
      .path(
        line.points.map(position), arrowTip: arrow.hasHead ? position(arrow.path.end) : nil),
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
  /// The label as a node on a sheet of that height.
  package func statement(number: Int, sheetHeight: Double, color: (Tint) -> Color) -> Graph.Statement {
    // Graphviz places the baseline of a line of text this far below the center of its node, and that of rich
    // text higher.
    let drop = (run.isBold ? 0.3 : 0.4) * run.size
    let center = Position(x: origin.x + width / 2, y: sheetHeight - origin.y + drop)
    var attributes: [Attribute] = [
      .position(center), .width(width / 72), .height(run.size / 72), .fixedShape, .shape(.none),
    ]
    if run.isBold {
      attributes.append(
        .label(.runs([TextRun(run.text, size: run.size, color: color(run.tint), isBold: true)])))
    } else {
      attributes += [.label(.plainLeft(run.text)), .fontSize(run.size)]
      if run.tint != .ink { attributes.append(.fontColor(color(run.tint))) }
    }
    if !classes.isEmpty { attributes.append(.classes(classes)) }
    return .node("text-\(number + 1)", attributes)
  }
}
