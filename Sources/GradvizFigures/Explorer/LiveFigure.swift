import Autograd
import GradvizDrawing
import GradvizGraph

/// One drawing for all stages of a graph whose numbers a reader may change: the backward figure's sheet without title and
/// panel, with room for numbers to come, and an id on everything that a script hides, marks or writes.
package struct LiveFigure {
  /// A text that changes.
  package struct Text: Sendable {
    package var kind: String
    /// How wide it may be.
    package var room: Double
    /// Whether it stands in the middle of its room, not at its left end.
    package var isCentered = true
  }

  package var figure: Figure
  /// The part of the page that shows the sheet.
  package var frame = Rectangle(x: 0, y: 0, width: 0, height: 0)
  /// Further attributes of elements, by id.
  package private(set) var attributesByID: [String: String] = [:]
  /// The last texts in an element's group, by its id.
  package private(set) var textsByID: [String: [Text]] = [:]
  /// The boxes of values, by id: where a ring shows the focus.
  package private(set) var rings: [String: Rectangle] = [:]
  private let context: FigureContext
  private let linksByID: [String: Sheet.Link]

  init(_ context: FigureContext, figure: Figure) {
    self.context = context
    linksByID = Dictionary(context.sheet.links.map { (context.edgeID($0), $0) }) { first, _ in first }
    self.figure = figure
    var builder = StageBuilder(context, stage: .backward, figure: figure)
    builder.build()
    self.figure = builder.figure
    self.figure.page.background = .transparent
    addLossRegions()
    nameBoxes()
    nameMarks()
    nameArrows()
    crop()
  }

  private var graph: ComputationGraph { context.graph }
  private var format: NumberFormat { context.text.notation.format }

  /// The id of a value's own box, or of another place where it stands.
  private func id(_ spot: Int) -> String {
    "v-" + (isMain(spot) ? graph.nodes[context.sheet.spots[spot].node].id : context.spotID(spot))
  }
  private func isMain(_ spot: Int) -> Bool { context.sheet.mainSpot(of: context.sheet.spots[spot].node) == spot }

  private mutating func addLossRegions() {
    for (number, frame) in context.sheet.lossRegions.enumerated() {
      figure.regions.append(
        Figure.Region(
          id: "loss-region-\(number)", classes: ["region", "loss"], frame: frame, fill: nil, stroke: .lossInk,
          line: .dashed))
    }
  }

  // MARK: Boxes

  private mutating func nameBoxes() {
    let spots = Dictionary(
      context.sheet.spots.indices.map { (context.spotID($0), $0) }, uniquingKeysWith: { first, _ in first })
    for index in figure.boxes.indices {
      guard let spot = spots[figure.boxes[index].id] else { continue }
      let node = context.sheet.spots[spot].node
      let own = id(spot)
      figure.boxes[index].id = own
      guard isMain(spot) else {
        nameCopy(index, spot, own)
        continue
      }
      if graph.nodes[node].isLeaf { figure.boxes[index].classes.append("leafy") }
      attributesByID[own] = "data-n=\"\(node)\" role=\"option\""
      rings[own] = figure.boxes[index].frame.insetBy(-4)
      write(index, node, own)
    }
    for index in figure.discs.indices {
      let own = figure.discs[index].id
      guard own.hasSuffix("_operation"), let spot = spots[String(own.dropLast("_operation".count))] else {
        nameJunction(index)
        continue
      }
      let tab = id(spot) + "_operation"
      figure.discs[index].id = tab
      attributesByID[tab] = "data-n=\"\(context.sheet.spots[spot].node)\" aria-hidden=\"true\""
    }
  }

  /// Where a value stands once more: its number, and what its uses there add to its gradient.
  private mutating func nameCopy(_ box: Int, _ spot: Int, _ own: String) {
    let node = context.sheet.spots[spot].node
    let uses = context.uses(atSpot: spot)
    let list = uses.map { "\($0.user),\($0.position)" }.joined(separator: " ")
    attributesByID[own] = "data-copy=\"\(node)\" data-uses=\"\(list)\" aria-hidden=\"true\""
    if !graph.nodes[node].shape.isEmpty, figure.boxes[box].rows.count > 1 {
      figure.boxes[box].rows[1].content = .text([])
    }
    write(box, node, own)
    textsByID[own]?.removeAll { $0.kind == "grad" }
    guard figure.boxes[box].rows.count > 1, graph.nodes[node].shape.isEmpty else { return }
    guard !uses.isEmpty, let amount = context.text.amounts(uses)?.first else {
      figure.boxes[box].rows[1].content = .text([])
      return
    }
    figure.boxes[box].rows[1].content = .text([
      Figure.Run(
        text: "[\(format.text(amount))]", size: Measure.valueSize, tint: .gradientInk, isBold: true
      ).live
    ])
    let room = figure.boxes[box].frame.width - Double(figure.boxes[box].nameWidth) - 2
    textsByID[own]?.append(Text(kind: "amount", room: room))
  }

  /// Where a gradient comes into another's wire: shown with the value to which that leads.
  private mutating func nameJunction(_ disc: Int) {
    guard figure.discs[disc].classes == ["junction"], figure.discs[disc].fill == .gradientInk else { return }
    let center = figure.discs[disc].center
    figure.discs[disc].classes.append("back")
    let arrow = figure.arrows.first { arrow in
      arrow.kind == .gradient && abs(arrow.path.end.x - center.x) + abs(arrow.path.end.y - center.y) < 0.01
    }
    guard let arrow, let node = operand(of: arrow.id) else { return }
    attributesByID[figure.discs[disc].id] = "data-wire=\"\(node)\" data-uses=\"\""
  }

  /// The value to which a gradient's wire leads.
  private func operand(of arrow: String) -> Int? {
    (link(of: arrow, "-gradient")?.from ?? branch(of: arrow)?.shared ?? turn(of: arrow)?.spot).map {
      context.sheet.spots[$0].node
    }
  }

  /// The numbers of a box, each one text in the middle of its row.
  private mutating func write(_ box: Int, _ node: Int, _ own: String) {
    guard graph.nodes[node].shape.isEmpty else {
      textsByID[own] = Self.entries(of: figure.boxes[box])
      return
    }
    let frame = figure.boxes[box].frame
    let room = frame.width - Double(figure.boxes[box].nameWidth) - 2
    let value = Figure.Run(text: format.text(graph.nodes[node].value[0]), size: Measure.valueSize)
    figure.boxes[box].rows[0].content = .text([value.live])
    textsByID[own] = [Text(kind: "val", room: room)]
    guard figure.boxes[box].rows.count > 1, let gradient = graph.nodes[node].gradient else { return }
    let text = "[\(format.text(gradient[0]))]"
    figure.boxes[box].rows[1].content = .text([
      Figure.Run(text: text, size: Measure.valueSize, tint: .gradientInk, isBold: true).live
    ])
    textsByID[own]?.append(Text(kind: "grad", room: room))
  }

  // MARK: Marks

  /// What stands on wires and corners: steps, shares, local derivatives.
  private mutating func nameMarks() {
    let spots = Dictionary(
      context.sheet.spots.indices.map { (context.spotID($0), $0) }, uniquingKeysWith: { first, _ in first })
    for index in figure.chips.indices {
      guard let old = figure.chips[index].id else { continue }
      if old.hasSuffix("_step"), let spot = spots[String(old.dropLast("_step".count))] {
        let badge = id(spot) + "_step"
        figure.chips[index].id = badge
        attributesByID[badge] = "data-n=\"\(context.sheet.spots[spot].node)\" aria-hidden=\"true\""
      } else if let spot = spots[old] {
        nameShare(index, id(spot), of: context.sheet.spots[spot].node, context.uses(atSpot: spot))
      } else if let link = link(of: old, "-share") {
        let use = (user: context.sheet.spots[link.to].node, position: link.position)
        nameShare(index, wire(link) + "-share", of: context.sheet.spots[link.from].node, [use])
      } else if let link = link(of: old, "-derivative") {
        nameLocalDerivative(index, link)
      } else {
        attributesByID[old] = "aria-hidden=\"true\""
      }
    }
    for index in figure.discs.indices {
      guard let link = link(of: figure.discs[index].id, "-unchanged") else { continue }
      figure.discs[index].id = wire(link) + "-local"
      figure.discs[index].classes = ["local-derivative"]
    }
  }

  private mutating func nameShare(_ chip: Int, _ own: String, of node: Int, _ uses: [(user: Int, position: Int)]) {
    let amount = context.text.amounts(uses)?.first ?? .nan
    figure.chips[chip].id = own
    figure.chips[chip].runs = [
      Figure.Run(
        text: "[\(format.text(amount))]", size: ValueText.shareSize,
        tint: figure.chips[chip].runs.first?.tint ?? .gradientInk, isBold: true
      ).live
    ]
    let list = uses.map { "\($0.user),\($0.position)" }.joined(separator: " ")
    attributesByID[own] = "data-of=\"\(node)\" data-uses=\"\(list)\" aria-hidden=\"true\""
    textsByID[own] = [Text(kind: "amount", room: figure.chips[chip].frame.width - 4)]
  }

  private mutating func nameLocalDerivative(_ chip: Int, _ link: Sheet.Link) {
    let (user, frame) = (context.sheet.spots[link.to].node, figure.chips[chip].frame)
    let own = wire(link) + "-local"
    figure.chips[chip].id = own
    figure.chips[chip].classes = ["local-derivative"]
    attributesByID[own] = "aria-hidden=\"true\""
    // What is done to an array's gradient is the same for all numbers.
    guard let local = graph.nodes[user].localDerivatives?[link.position] else { return }
    let number = Figure.Run(
      text: format.text(local), size: Typography.smallest,
      tint: .gradientInk, isBold: true
    ).live
    var runs =
      LiveRoom.name(context.text, user: user, position: link.position).map {
        LocalDerivative.runs($0 + " = ")
      } ?? []
    let name = TextLine(runs).width
    runs.append(number)
    figure.chips[chip].runs = runs
    // From where the number begins to the end of the mark.
    let begin = name == 0 ? 4 : (frame.width - TextLine(runs).width) / 2 + name
    textsByID[own] = [
      Text(kind: "amount", room: frame.width - begin - 4, isCentered: name == 0)
    ]
  }

  // MARK: Wires

  private func wire(_ link: Sheet.Link) -> String {
    "e-\(graph.nodes[context.sheet.spots[link.to].node].id)-\(link.position)"
  }

  /// The link that an edge's id, followed by an ending, belongs to.
  private func link(of id: String, _ ending: String = "") -> Sheet.Link? {
    id.hasSuffix(ending) ? linksByID[String(id.dropLast(ending.count))] : nil
  }

  private mutating func nameArrows() {
    for index in figure.arrows.indices {
      let isBack = figure.arrows[index].kind == .gradient
      figure.arrows[index].classes = ["edge", isBack ? "back" : "fore"]
      let old = figure.arrows[index].id
      figure.arrows[index].tail = "v-" + figure.arrows[index].tail
      figure.arrows[index].head = "v-" + figure.arrows[index].head
      if let link = link(of: old, isBack ? "-gradient" : "") {
        figure.arrows[index].id = wire(link) + (isBack ? "-gradient" : "")
      } else if let branch = branch(of: old) {
        // The wire of a shared leaf into a sample carries what its uses there do.
        let uses = context.sheet.links.filter { $0.from == branch.slot }
        let list = uses.map { "\(context.sheet.spots[$0.to].node),\($0.position)" }.joined(separator: " ")
        attributesByID[old] = "data-wire=\"\(context.sheet.spots[branch.shared].node)\" data-uses=\"\(list)\""
      } else if let turn = turn(of: old) {
        // What goes on in another row.
        let uses = context.sheet.links.filter { $0.from == turn.spot && context.sheet.spots[$0.to].row > turn.row }
        let list = uses.map { "\(context.sheet.spots[$0.to].node),\($0.position)" }.joined(separator: " ")
        attributesByID[old] = "data-wire=\"\(context.sheet.spots[turn.spot].node)\" data-uses=\"\(list)\""
      }
    }
  }

  private func turn(of id: String) -> Sheet.Turn? {
    guard id.hasPrefix("branch-turn-"), let number = Int(id.dropFirst("branch-turn-".count).prefix { $0.isNumber }),
      context.sheet.turns.indices.contains(number - 1)
    else { return nil }
    return context.sheet.turns[number - 1]
  }

  private func branch(of id: String) -> Sheet.Branch? {
    guard id.hasPrefix("branch-"), let number = Int(id.dropFirst("branch-".count).prefix { $0.isNumber }),
      context.sheet.branches.indices.contains(number - 1)
    else { return nil }
    return context.sheet.branches[number - 1]
  }

  // MARK: The sheet

  private mutating func crop() {
    var all = context.sheet.bounds
    for box in figure.boxes { all = all.union(box.frame) }
    for chip in figure.chips { all = all.union(chip.frame) }
    for label in figure.labels {
      all = all.union(Rectangle(x: label.origin.x, y: label.origin.y - label.run.size, width: label.width, height: 2))
    }
    frame = all.insetBy(-8)
    figure.size = Size(
      width: max(figure.size.width, frame.right + 8), height: max(figure.size.height, frame.bottom + 8))
  }
}

extension FigureSet {
  /// The drawing for all stages; its set was laid out with `FigureOptions/isLive`.
  package var live: LiveFigure {
    let figure = Figure(
      stage: .backward, id: "drawing", title: title, description: "", size: Size(width: page.width, height: 1))
    return LiveFigure(context, figure: figure)
  }
}
