import Autograd
import Foundation
import GradLanguage
import GradvizGraph
import GradvizKit
import GradvizTestSupport
import GraphvizRenderer
import Testing

@testable import GradvizFigures

/// The total of a gradient is shown once, in the solid box of its value; each use shows its share on its wire
/// or in its copy of the box; nothing is shown where no gradient flows.
@Suite("Shares and totals")
struct SharesLawTests {
  struct Drawing: CustomTestStringConvertible {
    var parameters: ComputationGraph.Presentation.ParameterStyle
    var direction: ComputationGraph.Presentation.Direction
    var level: ComputationGraph.Level
    var collapse: Collapse = .none
    var testDescription: String { "\(parameters) \(direction.rawValue) \(level) \(collapse.word)" }

    static let all: [Drawing] = [
      Drawing(parameters: .shared, direction: .leftToRight, level: .scalar),
      Drawing(parameters: .repeated, direction: .topToBottom, level: .scalar),
      Drawing(parameters: .repeated, direction: .leftToRight, level: .tensor),
      Drawing(parameters: .shared, direction: .topToBottom, level: .tensor),
      Drawing(parameters: .shared, direction: .leftToRight, level: .scalar, collapse: .samples),
      Drawing(parameters: .repeated, direction: .leftToRight, level: .scalar, collapse: .layers),
      Drawing(parameters: .shared, direction: .topToBottom, level: .scalar, collapse: .boxes(9)),
    ]
  }

  @Test(arguments: Drawing.all)
  func `shares add up to the total in every sample`(_ drawing: Drawing) throws {
    var checked = 0
    for sample in Project.samples {
      let entries = try Project.graph(sample, level: .tensor).nodes.reduce(0) { $0 + $1.value.count }
      // Thousands of numbers are drawn folded.
      guard drawing.level == .tensor ? entries <= 20_000 : entries <= 600 else { continue }
      let graph = try Project.graph(sample, level: drawing.level)
      checked += try check(graph, drawing, sample)
    }
    #expect(checked > 0)
  }

  @Test(arguments: Drawing.all)
  func `shares add up to the total in random programs`(_ drawing: Drawing) throws {
    var checked = 0
    for program in Seeds.programs(default: 24) {
      let graph: ComputationGraph
      do {
        graph = try ComputationGraph.load(text: program.source, path: "random.grad", level: drawing.level)
          .graph
      } catch { continue }
      guard graph.nodes.count <= 250 else { continue }
      checked += try check(graph, drawing, program.description)
    }
    #expect(checked > 2)
  }

  @Test(arguments: [0, 3, 6, 7, 8])
  func `frames and excerpts show shares where arrows are`(_ seed: Int) throws {
    let program = RandomProgram(seed: UInt64(seed), kind: seed % 2 == 0 ? .scalar : .batch)
    let graph = try Project.graph(program: program.source)
    let figures = try FigureSet(graph)
    for step in 1...max(1, figures.stepCount) {
      try checkFlow(DrawnFigure(figures.frame(step)), "\(program) frame \(step)", cells: Self.cells(figures))
    }
    for node in graph.nodes where node.gradient != nil && node.isNamed {
      let excerpt = Excerpt(of: [node.id], with: .descendants)
      let part = try FigureSet(graph, options: .init(only: excerpt))
      guard part.stages.contains(.backward) else { continue }
      try checkFlow(DrawnFigure(part.figure(.backward)), "\(program) only \(node.id)", cells: Self.cells(part))
    }
  }

  /// The ids of the cells of a samples' table.
  private static func cells(_ figures: FigureSet) -> Set<String> {
    let context = figures.context
    return Set(context.sheet.spots.indices.filter { context.sheet.spots[$0].isCell }.map(context.spotID))
  }

  // MARK: The law

  /// - Returns: the number of totals with several shares.
  private func check(_ graph: ComputationGraph, _ drawing: Drawing, _ what: String) throws -> Int {
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
      guard let number = mark.id.wholeMatch(of: /edge-([0-9]+)-share/).flatMap({ Int($0.1) }) else { continue }
      let link = context.sheet.links[number - 1]
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
  private func checkFlow(_ figure: DrawnFigure, _ what: String, cells: Set<String> = []) {
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

  // MARK: Cases

  private func drawn(_ program: String, _ stage: Stage, _ options: FigureOptions = .init()) throws
    -> DrawnFigure
  {
    let graph = try Project.graph(program: program)
    return try DrawnFigure(FigureSet(graph, options: options).figure(stage))
  }

  @Test func `a use that no loss reaches shows no gradient`() throws {
    let figure = try drawn(
      """
      input x=3
      param a=1
      param b=2
      param c=3
      param d=4
      dead=a*x
      v=b*x
      w=c*x
      u=d*x
      loss L=v+w*u
      """, .backward)
    let copies = figure.boxes.filter { $0.classes.contains("same-x") }
    #expect(copies.compactMap(\.bracketed).sorted() == ["36", "36"])
    #expect(copies.count == 3)
    #expect(figure.boxes.first { $0.id == "x" }?.bracketed == "74")
    #expect(figure.shareMarks.map(\.bracketed) == ["2"])
    #expect(figure.gradients.allSatisfy { $0.tail != "dead_operation" && $0.head != "a" })
    #expect(figure.boxes.first { $0.id == "a" }?.bracketed == nil)
  }

  @Test func `the total of a residual's input stands in its box, both shares on their wires`() throws {
    let figure = try drawn(
      "input x = 0.5\nparam w = 2\nh = tanh(w * x)\nloss L = (h + x) * 3", .backward, .init(precision: 6))
    let marks = figure.shareMarks.filter { $0.classes.contains("into-x") }.compactMap(\.bracketed)
      .compactMap(DrawnFigure.number)
    #expect(marks.count == 2 && marks.contains(3))
    #expect(
      abs(
        marks.reduce(0, +) - (figure.boxes.first { $0.id == "x" }?.bracketed.flatMap(DrawnFigure.number) ?? 0)
      ) < 1e-4)
  }

  @Test func `a copy of an array has the share of its own use`() throws {
    let program = """
      param W = [[1, 2], [3, 4]]
      input x = [1, 1]
      a = x @ W
      b = a @ W
      c = b @ W
      d = c @ W
      loss L = sum(d)
      """
    let graph = try ComputationGraph.load(text: program, path: "a.grad", level: .tensor).graph
    let figure = try DrawnFigure(FigureSet(graph).figure(.backward))
    let copies = figure.boxes.filter { $0.classes.contains("same-W") }
    #expect(copies.count == 3)
    #expect(Set(copies.map { $0.texts.suffix(4).map(\.string) }).count == 3)
  }

  @Test func `a share of a larger array is a range, never a mean`() throws {
    let program = """
      level tensor
      param W = [[1, 2, 3], [4, 5, 6]]
      loss L = sum(W ** 2) + sum(tanh(W))
      """
    let marks = try drawn(program, .backward).shareMarks.compactMap(\.bracketed)
    #expect(Set(marks) == ["2…12", "2.5×10⁻⁵…0.42"], "\(marks)")
    #expect(try drawn(program, .backward).elements.flatMap(\.texts).contains { $0.string.contains("least…greatest") })
  }

  @Test func `shares are formulas where gradients are`() throws {
    for gradients in [ComputationGraph.Presentation.Gradients.symbolic, .both] {
      let figure = try drawn("param a = 2\nparam b = 3\nloss L = a * b + a", .backward, .init(gradients: gradients))
      #expect(Set(figure.shareMarks.compactMap(\.bracketed)) == ["b = 3", "1"])
    }
  }

  @Test(arguments: [ComputationGraph.Presentation.Direction.leftToRight, .topToBottom])
  func `what no loss reaches is not updated`(_ direction: ComputationGraph.Presentation.Direction) throws {
    for batch in ["2", "[1, 2, 3]"] {
      let figure = try drawn(
        """
        input x = \(batch)
        param w = 0.5
        param q = 7
        metric m = mean(q * x)
        loss L = mean((w * x)**2)
        rate 0.1
        """, .update, .init(direction: direction))
      #expect(figure.wires.filter { $0.classes.contains("update") }.map(\.head) == ["w"])
      let texts = figure.elements.flatMap(\.texts).map(\.string)
      #expect(!texts.contains { $0.contains("7 → 7") })
      #expect(texts.contains("no gradient: unchanged"))
      #expect(figure.boxes.first { $0.id == "q" }?.bracketed == nil)
    }
  }

  @Test func `an alias of a prediction is on its path`() throws {
    let figure = try drawn(
      """
      input x = [[1, 2], [3, 4]]
      target y = [1, -1]
      param v = [[0.5], [0.6]]
      o = x @ v
      predict ŷ = o[:, 0]
      loss L = mean((ŷ - y) ** 2)
      """, .backward)
    let aliases = figure.boxes.filter { $0.classes.contains("prediction") }
    #expect(aliases.count == 2 && aliases.allSatisfy { $0.bracketed != nil })
  }
}
