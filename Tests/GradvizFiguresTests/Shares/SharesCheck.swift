import Foundation
import GradvizGraph
import GradvizTestSupport
import Testing

@testable import GradvizFigures

/// The law of one drawing: its shares, its totals and its arrows.
extension SharesLawTests {
  /// - Returns: the number of totals with several shares.
  func check(_ graph: ComputationGraph, _ drawing: Drawing, _ what: String) throws -> Int {
    let options = FigureOptions(
      precision: 12, gradients: .numeric, direction: drawing.direction, parameters: drawing.parameters,
      collapse: drawing.collapse)
    let figures = try FigureSet(graph, options: options)
    guard figures.stages.contains(.backward) else { return 0 }
    let figure = try DrawnFigure(figures.figure(.backward))
    let context = figures.context
    let cells = Self.cells(figures)
    let tabs = Set(context.sheet.spots.filter(\.isTab).map(\.node))
    checkFlow(figure, what, cells: cells)
    checkArrays(figures.context, figure, what)
    var count = 0
    // A product in the box of a sum is only a tab there.
    for (index, node) in context.graph.nodes.enumerated() where (!node.isLeaf || node.isNamed) && !tabs.contains(index)
    {
      let solid = figure.boxes.filter { $0.id == node.id }
      #expect(solid.count == 1 && !solid[0].isDashed, "\(node.name): \(solid.count) solid boxes in \(what)")
      // In the samples' table there are no wires.
      guard let box = solid.first, node.gradient != nil, !cells.contains(node.id) else { continue }
      let parts = figure.elements.filter {
        $0.classes.contains("share") && $0.classes.contains("same-\(node.id)")
          && ($0.classes.contains("into-\(node.id)") || !$0.classes.contains { $0.hasPrefix("into-") })
      }
      let arrows = figure.gradients.count { $0.head == node.id && !$0.id.hasPrefix("branch") }
      let onWires = parts.count { $0.classes.contains("into-\(node.id)") }
      if parts.isEmpty {
        let isLoss = figures.context.graph.loss == index
        #expect(arrows <= 1 || node.fold != nil, "\(node.name): \(arrows) arrows without a share in \(what)")
        #expect(arrows == 1 || isLoss || node.hidesUses, "\(node.name): \(arrows) arrows in \(what)")
        continue
      }
      #expect(arrows == onWires, "\(node.name): \(arrows) arrows, \(onWires) shares in \(what)")
      guard !node.hidesUses || node.fold == nil, let total = total(of: node, box) else { continue }
      try checkSum(parts, total, node.name, what)
      let isCombined = context.sheet.spots.indices.contains {
        context.sheet.spots[$0].isCell && context.sheet.spots[$0].node == index && context.uses(atSpot: $0).count > 1
      }
      if !isCombined { try checkEachUse(context, index, parts, figure, what) }
      count += 1
    }
    return count
  }

  /// The mark of an array's share shows its numbers, or their minimum and maximum, and no other numbers.
  private func checkArrays(_ context: FigureContext, _ figure: DrawnFigure, _ what: String) {
    let graph = context.graph
    for mark in figure.shareMarks {
      guard mark.id.hasSuffix("-share"),
        let link = context.sheet.links.first(where: { mark.id == context.edgeID($0) + "-share" })
      else { continue }
      let (operand, user) = (graph.nodes[context.sheet.spots[link.from].node], context.sheet.spots[link.to].node)
      guard !operand.shape.isEmpty, let share = graph.share(user: user, position: link.position) else { continue }
      let text = mark.bracketed ?? ""
      let isRange = text.contains("…")
      let shown = text.components(separatedBy: isRange ? "…" : ", ").compactMap(DrawnFigure.number)
      let ends = [share.min() ?? .nan, share.max() ?? .nan]
      // A range has two digits, as everything in a dense figure; of equal numbers one stands for all.
      let isShort = isRange || shown.count == 1
      let expected = isShort ? Array(ends.prefix(max(shown.count, 1))) : share
      let tolerance = isShort ? 0.0501 : 1e-11
      let isTrue =
        shown.count == expected.count
        && zip(shown, expected).allSatisfy { ($0 - $1).magnitude <= tolerance * $1.magnitude + 1e-300 || $0 == $1 }
      let isWhole = shown.count > 1 || (ends[1] - ends[0]).magnitude <= 0.101 * ends[1].magnitude
      #expect(isTrue && (isWhole || share.contains { $0.isNaN }), "\(mark.id): [\(text)] for \(share) in \(what)")
    }
  }

  /// A scalar from its box, an array from its tooltip.
  private func total(of node: ComputationGraph.Node, _ box: DrawnFigure.Element) -> [Double]? {
    if node.shape.isEmpty { return box.bracketed.flatMap(DrawnFigure.number).map { [$0] } }
    return node.gradient
  }

  private func share(_ part: DrawnFigure.Element) -> [Double]? {
    if let number = part.bracketed.flatMap(DrawnFigure.number), !part.title.contains(": [") {
      // The one number of an array is short on its wire, and whole in the tooltip.
      let whole = part.title.components(separatedBy: ": ").last.flatMap(DrawnFigure.number)
      return [whole.flatMap { ($0 - number).magnitude <= 0.051 * number.magnitude ? $0 : nil } ?? number]
    }
    return part.title.components(separatedBy: ": ").last.flatMap(DrawnFigure.numbers)
  }

  private func checkSum(
    _ parts: [DrawnFigure.Element], _ total: [Double], _ name: String, _ what: String
  ) throws {
    let shares = parts.compactMap(share)
    guard shares.count == parts.count else {
      // Longer lists than a tooltip shows.
      #expect(total.count > 64, "\(name): a share cannot be read in \(what)")
      return
    }
    for (place, number) in total.enumerated() where number.isFinite {
      let sum = shares.reduce(0) { $0 + $1[place] }
      let size = shares.reduce(number.magnitude) { $0 + $1[place].magnitude }
      #expect((sum - number).magnitude <= 2e-11 * max(size, 1e-3), "\(name): \(sum) for \(number) in \(what)")
    }
  }

  /// The shares are those of the individual uses; if several uses go through one copy, their shares are
  /// before it.
  private func checkEachUse(
    _ context: FigureContext, _ index: Int, _ parts: [DrawnFigure.Element], _ figure: DrawnFigure,
    _ what: String
  ) throws {
    let graph = context.graph
    var single: [DrawnFigure.Element] = []
    for part in parts {
      let before = figure.shareMarks.filter { $0.classes.contains("into-\(part.id)") }
      if before.isEmpty {
        single.append(part)
        continue
      }
      single += before
      if let sum = share(part) { try checkSum(before, sum, part.id, what) }
    }
    guard graph.nodes[index].shape.isEmpty, graph.folding == nil, graph.level == .scalar else { return }
    let drawn = single.compactMap { share($0)?.first }.sorted()
    let expected = context.uses[index].compactMap { use -> Double? in
      guard let upstream = graph.nodes[use.user].gradient?.first else { return nil }
      return graph.nodes[use.user].localDerivatives.map { upstream * $0[use.position] }
    }.sorted()
    let name = graph.nodes[index].name
    guard drawn.count == expected.count else {
      Issue.record("\(name): \(drawn.count) shares of \(expected.count) uses in \(what)")
      return
    }
    for (a, b) in zip(drawn, expected) where b.isFinite {
      #expect((a - b).magnitude <= 1e-11 * max(b.magnitude, 1e-3), "\(name): \(a) for \(b) in \(what)")
    }
  }

  /// A share is shown where a gradient's arrow is, and a copy shows a number where one arrives.
  ///
  /// - Parameter cells: of the samples' table, which has no arrows.
  func checkFlow(_ figure: DrawnFigure, _ what: String, cells: Set<String> = []) {
    let arrows = Set(figure.gradients.map(\.id))
    for mark in figure.shareMarks where !cells.contains(mark.id) {
      let isLane = !mark.id.hasSuffix("-share")
      let wire = mark.id.dropLast("-share".count)
      #expect(
        isLane
          ? figure.gradients.contains { $0.tail == mark.id } : arrows.contains("\(wire)-gradient"),
        "\(mark.id): a share without an arrow in \(what)")
    }
    for box in figure.boxes where !cells.contains(box.id) {
      let comesIn = figure.gradients.contains { $0.head == box.id && $0.id != "\(box.id)-result-gradient" }
      let isCopy = box.classes.contains("same")
      #expect(box.isDashed == isCopy, "\(box.id) in \(what)")
      guard isCopy else { continue }
      #expect(box.classes.contains("share") == comesIn, "\(box.id) in \(what)")
      #expect(box.bracketed == nil || comesIn, "\(box.id): a number without an arrow in \(what)")
    }
  }
}
