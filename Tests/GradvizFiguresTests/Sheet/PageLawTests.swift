import Autograd
import Foundation
import GradvizDrawing
import GradvizGraph
import GradvizKit
import GradvizTestSupport
import Testing

@testable import GradvizFigures

/// The page of a figure: its width, its height and where everything stands, the same in all stages.
@Suite("Pages of figures")
struct PageLawTests {
  /// The samples in both languages and as arrays, and random programs.
  private func forEachGraph(_ body: (FigureSet, String) throws -> Void) throws {
    for sample in Project.samples {
      let graph = try Project.graph(sample)
      for language in [ComputationGraph.Presentation.Language.english, .french] {
        try body(FigureSet(graph, options: .init(language: language)), "\(sample) \(language)")
      }
      if graph.level == .scalar {
        try body(FigureSet(Project.graph(sample, level: .tensor)), "\(sample) as arrays")
      }
    }
    for program in Seeds.programs(default: 8) {
      guard let loaded = try? ComputationGraph.load(text: program.source, path: "random.grad", level: nil),
        loaded.graph.nodes.count <= 250
      else { continue }
      var graph = loaded.graph
      (graph.presentation.width, graph.presentation.direction) = (nil, nil)
      try body(FigureSet(graph), program.description)
    }
  }

  @Test func `every figure is 830 or 1140 wide, with one view box and one place for every box`() throws {
    var wrong: [String] = []
    try forEachGraph { figures, what in
      var drawn: [Figure] = []
      for stage in figures.stages where stage != .overview {
        let figure = try figures.figure(stage)
        if ![830, 1140].contains(figure.size.width) { wrong.append("\(figure.size.width): \(stage) of \(what)") }
        drawn.append(figure)
      }
      if figures.stepCount > 0 { drawn.append(try figures.frame(1)) }
      wrong += Self.differences(drawn).map { "\($0) of \(what)" }
    }
    #expect(wrong.isEmpty, "\(wrong.count):\n\(wrong.prefix(60).joined(separator: "\n"))")
  }

  @Test(arguments: Project.samples) func `an overview fits a page`(_ sample: String) throws {
    for language in [ComputationGraph.Presentation.Language.english, .french] {
      let figures = try FigureSet(Project.graph(sample), options: .init(language: language))
      guard figures.stages.contains(.overview) else { continue }
      let overview = try figures.figure(.overview)
      #expect([830, 1140].contains(overview.size.width), "\(language)")
      let right = overview.regions.map(\.frame.right).max() ?? 0
      #expect(right > 0.9 * overview.size.width, "the page is \(overview.size.width), its cards end at \(right)")
      let narrow = try FigureSet(Project.graph(sample), options: .init(language: language, width: 830)).figure(
        .overview)
      #expect(narrow.size.width == 830, "\(language)")
      let stages = ["card-forward", "card-loss", "card-backward", "card-update"]
      #expect(Set(narrow.regions.map(\.id)).isSuperset(of: stages), "a card is missing")
      for (place, card) in narrow.regions.enumerated() {
        #expect(card.frame.right <= 820 && card.frame.x >= 10, "\(card.id) ends at \(card.frame.right)")
        for other in narrow.regions[..<place] {
          #expect(!card.frame.intersects(other.frame), "\(card.id), \(other.id)")
        }
      }
      for label in narrow.labels { #expect(label.origin.x + label.width <= 828, "\(label.run.text) is cut") }
    }
  }

  @Test(arguments: Project.samples) func `arrows of an update stay on a narrow page`(_ sample: String) throws {
    let figures = try FigureSet(Project.graph(sample), options: .init(width: 830))
    let drawn = try DrawnFigure(figures.figure(.update))
    #expect(drawn.size.width == 830)
    #expect(drawn.wires.contains { $0.id.hasPrefix("update-") })
  }

  @Test func `no stage of a sample is much higher than a page that one still reads`() throws {
    for sample in Project.samples {
      let figures = try FigureSet(Project.graph(sample))
      for stage in figures.stages {
        let figure = try figures.figure(stage)
        // Every parameter of every layer has its line in the panel.
        let panel = figure.regions.first { $0.id == "panel" }?.frame
        let height = panel?.y ?? figure.size.height
        #expect(height <= 1.15 * FigureSet.maxHeight, "\(stage) of \(sample) is \(height) high")
        #expect(figure.size.height <= 1.4 * FigureSet.maxHeight, "\(stage) of \(sample) is \(figure.size.height) high")
      }
    }
  }

  @Test func `a loop of many turns shows the first and the last, and one box for those between them`() throws {
    func graph(_ turns: Int) throws -> ComputationGraph {
      try Project.graph(
        program: """
          level tensor
          param x = [[0.5, -1], [2, 1]]
          param W = [[0.1, 0.2], [0.3, -0.4]]
          h = x
          for t in range(\(turns)):
              h = h + tanh(h @ W)
          loss L = sum(h**2)
          rate 0.1
          """)
    }
    let long = try graph(12).folded(.repeats)
    #expect(2 * long.nodes.count < (try graph(12).nodes.count))
    #expect(try graph(12).nodes.count > 36)
    // What goes on from the box is what the turns between made of h, with its own gradient.
    let box = try #require(long.nodes.first { $0.fold != nil })
    let whole = try graph(12)
    #expect(whole.nodes.contains { $0.value == box.value && $0.gradient == box.gradient })
    #expect(box.shape == [2, 2])
    #expect((box.fold?.count ?? 0) > 12)
    // Two turns between the first and the last are not worth a box of their own in three.
    #expect(try graph(3).folded(.repeats).nodes.count == graph(3).nodes.count)
    #expect(Collapse("repeats") == .repeats && Collapse.repeats.word == "repeats")
  }

  @Test func `an overview does not count the loss among the formulas that it leaves out`() throws {
    let figure = try FigureSet(Project.graph("chain")).figure(.overview)
    #expect(!figure.labels.contains { $0.run.text.contains("one more formula") })
  }

  @Test(arguments: [700.0, 1000, 2000])
  func `a width that is asked for is kept`(_ width: Double) throws {
    for sample in ["chain", "neuron", "minibatch", "softmax", "houses"] {
      let figures = try FigureSet(Project.graph(sample), options: .init(width: width))
      for stage in figures.stages where stage != .overview {
        #expect(try figures.figure(stage).size.width == width, "\(stage) of \(sample)")
      }
    }
  }

  @Test func `a figure too wide from top to bottom is drawn from left to right, and says so`() throws {
    let graph = try Project.graph("gradient-descent")
    func figure(_ width: Double?) throws -> Figure {
      try FigureSet(graph, options: .init(direction: .topToBottom, width: width)).figure(.forward)
    }
    func isTold(_ figure: Figure) -> Bool { figure.labels.contains { $0.run.text.contains("from top to bottom") } }
    func lanes(_ figure: Figure) -> [Rectangle] { figure.regions.filter { $0.classes == ["lane"] }.map(\.frame) }
    let (turned, upright) = (try figure(nil), try figure(2000))
    #expect(turned.size.width == 1140 && isTold(turned) && lanes(turned).allSatisfy { $0.width > $0.height })
    #expect(upright.size.width == 2000 && !isTold(upright) && lanes(upright).allSatisfy { $0.width < $0.height })
    #expect(lanes(turned).count == 4 && lanes(upright).count == 4)
  }

  @Test func `numbers far higher than wide are drawn as arrays, in training too`() throws {
    func program(_ steps: Int) -> String {
      """
      input x = [[1, 0], [0, 1], [1, 1]]
      param W = [[0.5, -0.3], [0.2, 0.4]]
      param v = [0.8, -0.6]
      h = zeros(2)
      for t in range(\(steps)):
          h = tanh(h @ W + x[t] @ W)
      predict p = h @ v
      loss L = (p - 0.5)**2
      rate 0.1
      steps 2
      """
    }
    let (short, long) = (try Project.programText(program(1)), try Project.programText(program(3)))
    #expect(short.automaticLevel == .scalar && long.automaticLevel == .scalar)
    #expect(short.drawnGraph(of: short.record(), level: nil).level == .scalar)
    let graph = long.drawnGraph(of: long.record(), level: nil)
    #expect(graph.level == .tensor)
    #expect(try ProgramTraining(long).graph().level == .tensor)
    let heights = try [graph, long.graph(level: .scalar)].map { try #require(FigureSet.height(of: $0)) }
    #expect(heights[0] < heights[1] && heights[1] > 2 * Page.wide)
    #expect(long.drawnGraph(of: long.record(), level: .scalar).level == .scalar)
  }

  @Test func `the steps of a training have one view box and one place for every box`() throws {
    for sample in ["xor", "houses", "gradient-descent"] {
      let path = Project.folder.appendingPathComponent("Samples/\(sample).grad").path
      let program = try Program.load(text: String(contentsOfFile: path, encoding: .utf8), path: path)
      let training = try ProgramTraining(program)
      var graphs: [ComputationGraph] = []
      for step in 0..<21 {
        training.prepareStep()
        if step % 10 == 0 { graphs.append(training.graph()) }
        guard try training.next() != nil else { break }
      }
      let sets = try FigureSet.alike(graphs)
      for stage in [Stage.backward, .update] {
        let found = Self.differences(try sets.map { try $0.figure(stage) })
        #expect(found.isEmpty, "\(stage) of \(sample): \(found)")
      }
    }
  }

  /// What has another size or place in one figure than in the first.
  private static func differences(_ figures: [Figure]) -> [String] {
    var frames: [String: Rectangle] = [:]
    var wrong: [String] = []
    for figure in figures {
      if figure.size != figures[0].size { wrong.append("\(figure.stage): \(figure.size), not \(figures[0].size)") }
      // The legend is of what each figure shows.
      let boxes = figure.boxes.filter { !$0.classes.contains("legend") }
      let own =
        boxes.map { ($0.id, $0.frame) } + figure.regions.filter { $0.classes == ["lane"] }.map { ($0.id, $0.frame) }
      for (id, frame) in own {
        if let first = frames[id], first != frame { wrong.append("\(figure.stage): \(id) at \(frame), not \(first)") }
        frames[id] = frames[id] ?? frame
      }
    }
    return wrong
  }

  @Test func `panels are as wide as the page, or stand beside a narrow sheet`() throws {
    for sample in Project.samples {
      let figures = try FigureSet(Project.graph(sample))
      for stage in figures.stages where stage != .overview {
        let figure = try figures.figure(stage)
        let panel = try #require(figure.regions.first { $0.id == "panel" }).frame
        let right = figure.boxes.map(\.frame.right).max() ?? 0
        let isBeside = panel.x > right
        #expect(abs(figure.size.width - panel.right - Measure.sheetMargin) < 0.01, "\(stage) of \(sample)")
        if !isBeside { #expect(abs(panel.x - Measure.sheetMargin) < 0.01, "\(stage) of \(sample)") }
      }
    }
  }
}
