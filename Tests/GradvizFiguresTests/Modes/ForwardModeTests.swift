import Autograd
import Foundation
import GradvizDrawing
import GradvizGraph
import GradvizKit
import GradvizTestSupport
import Testing

@testable import GradvizFigures

/// Tangents against differences and against reverse mode, and the figure against its numbers.
@Suite("Forward mode")
struct ForwardModeTests {
  /// Baydin et al., "Automatic differentiation in machine learning: a survey", tables 2 and 3.
  static let survey = "input x1 = 2\ninput x2 = 5\nloss f = log(x1) + x1*x2 - sin(x2)\n"

  @Test func `the survey's table`() throws {
    let graph = try Project.graph(program: Self.survey)
    let (first, second) = (try #require(graph.variable(called: "x1")), try #require(graph.variable(called: "x2")))
    let tangents = graph.tangents(from: first)
    // v₋₁, v₀, v₁ … v₅ of the survey: log, product, sum, sine, difference.
    let values = graph.nodes.map(\.value[0])
    for (number, expected) in zip(values, [2, 5, 0.693147, 10, 10.693147, -0.958924, 11.652071]) {
      #expect(abs(number - expected) < 1e-6, "\(values)")
    }
    let rows: [Double?] = [1, nil, 0.5, 5, 5.5, nil, 5.5]
    #expect(tangents == rows)
    // What the graph does not have.
    #expect(graph.tangents(from: -1) == [Double?](repeating: nil, count: 7))
    #expect(graph.share(user: 7, position: 0) == nil && graph.share(user: 6, position: 2) == nil)
    let adjoints = graph.nodes.map { $0.gradient?.first ?? .nan }
    for (number, expected) in zip(adjoints, [5.5, 1.716338, 1, 1, 1, -1, 1]) {
      #expect(abs(number - expected) < 1e-6, "\(adjoints)")
    }
    let other = try #require(graph.tangents(from: second)[graph.nodes.count - 1])
    #expect(abs(other - (2 - cos(5))) < 1e-12)
  }

  @Test(arguments: ["one-neuron", "two-samples", "chain", "mazur", "minibatch", "reuse", "softmax"])
  func `tangents of the loss are gradients, and those of every value central differences`(_ sample: String) throws {
    let graph = try Project.graph(sample, level: .scalar)
    let loss = try #require(graph.loss)
    let second = try #require(SecondPass(graph))
    for leaf in graph.variables.prefix(6) {
      let tangents = graph.tangents(from: leaf)
      let gradient = try #require(graph.nodes[leaf].gradient?.first)
      #expect(abs((tangents[loss] ?? 0) - gradient) <= 1e-12 * max(1, abs(gradient)), "\(graph.nodes[leaf].name)")
      let (h, value) = (1e-5, graph.nodes[leaf].value[0])
      let all = Array(graph.nodes.indices)
      let (above, below) = (
        second.values(of: all, with: [value + h], in: leaf), second.values(of: all, with: [value - h], in: leaf)
      )
      for node in all {
        let difference = (above[node][0] - below[node][0]) / (2 * h)
        #expect(abs((tangents[node] ?? 0) - difference) <= 1e-6 * max(1, abs(difference)), "\(graph.nodes[node].name)")
      }
    }
  }

  /// A row of the table without spaces, by column.
  private func row(_ id: String, _ figure: Figure) -> [String] {
    TangentTable.columnClasses.map { column in
      figure.labels.filter { $0.classes.contains("row-\(id)") && $0.classes.contains(column) }
        .sorted { $0.origin.x < $1.origin.x }.map(\.run.text).joined().replacing(" ", with: "").replacing(
          "start", with: "")
    }
  }

  @Test func `the figure of the survey, read back`() throws {
    let graph = try Project.graph(program: Self.survey)
    let figure = try FigureSet(graph).figure(.forwardMode)
    let drawn = try DrawnFigure(figure)
    let words = Words(.english).numbers(4)
    for (index, node) in graph.nodes.enumerated() {
      let box = try #require(drawn.boxes.first { $0.id == node.id }, "\(node.id)")
      let tangent = words.text(graph.tangents(from: 0)[index] ?? 0)
      let gradient = words.text(node.gradient?.first ?? .nan)
      let texts = box.texts.map(\.string)
      #expect(texts.suffix(3) == [words.text(node.value[0]), tangent, "[\(gradient)]"], "\(texts)")
      #expect(row(node.id, figure)[1].hasSuffix(tangent), "\(node.id)")
      #expect(row(node.id, figure)[2].hasSuffix(gradient), "\(node.id)")
    }
    #expect(row("x2", figure)[2] == "1×2+(−1)×0.2837=1.716")
    #expect(row("n3", figure)[1] == "0.5×1+5×1=5.5")
    let passes = figure.labels.filter { $0.classes.contains("passes") }.map(\.run.text).joined()
    for count in ["2 passes.", "1 pass."] { #expect(passes.contains("respect to 2 inputs: \(count)"), "\(passes)") }
    // The tangent goes on in orange.
    let tinted = Set(figure.arrows.filter { $0.kind == .forward && $0.tint == .forwardInk }.map(\.tail))
    #expect(tinted.subtracting(["legend-place"]) == ["x1", "n1", "n2", "n3"], "\(tinted)")
  }

  @Test func `another leaf, by name and by id`() throws {
    let graph = try Project.graph("minibatch", level: .scalar)
    for name in ["w2", "x[1, 0]", "x[1,0]"] {
      var options = FigureOptions()
      options.of = name
      let figures = try FigureSet(graph, options: options)
      let figure = try figures.figure(.forwardMode)
      let leaf = try #require(graph.variable(called: name))
      let loss = try #require(graph.loss)
      let slope = Words(.english).numbers(3).text(graph.tangents(from: leaf)[loss] ?? .nan)
      let notes = figure.labels.filter { $0.classes.contains("note") }.map(\.run.text)
      #expect(notes.filter { $0 == slope }.count == 2, "\(name): \(slope) in \(notes)")
      let boxes = try DrawnFigure(figure).boxes
      #expect(boxes.contains { $0.texts.map(\.string).contains("[\(slope)]") })
    }
  }

  @Test func `everything stays on its page, in both languages`() throws {
    for language in ComputationGraph.Presentation.Language.allCases {
      for (sample, width) in [("one-neuron", 830.0), ("mazur", 1140), ("minibatch", 830)] {
        let options = FigureOptions(language: language, width: width)
        let figure = try FigureSet(Project.graph(sample, level: .scalar), options: options).figure(.forwardMode)
        let box = try #require(figure.boxes.first { $0.id == "legend-box" })
        let sentence = try #require(
          figure.labels.first { $0.run.text.hasPrefix("A tangent") || $0.run.text.hasPrefix("Une tangente") })
        #expect(sentence.origin.y < box.frame.y || sentence.origin.y - 12 > box.frame.bottom)
        for label in figure.labels {
          #expect(label.origin.x + label.width <= figure.size.width, "\(label.run.text) of \(sample)")
          #expect(label.origin.y <= figure.size.height, "\(label.run.text) of \(sample)")
        }
        #expect(figure.boxes.allSatisfy { $0.rows.reduce(0) { $0 + Double($1.height) } <= $0.frame.height })
      }
    }
  }

  /// A mean of samples is a fraction, and names have a sample above them and a number below.
  @Test(arguments: ["minibatch", "two-samples", "mazur", "gradient-descent"])
  func `no row of the table touches the next`(sample: String) throws {
    let figure = try FigureSet(Project.graph(sample, level: .scalar), options: FigureOptions(collapse: Collapse.none))
      .figure(.forwardMode)
    var rows: [(name: String, top: Double, bottom: Double)] = []
    for label in figure.labels where label.classes.contains("table") {
      let name = try #require(label.classes.first { $0.hasPrefix("row-") })
      // Digits and capitals reach up seven tenths of their size, and letters with a tail down two tenths.
      let (top, bottom) = (label.origin.y - 0.7 * label.run.size, label.origin.y + 0.2 * label.run.size)
      if let last = rows.last, last.name == name {
        rows[rows.count - 1] = (name, min(last.top, top), max(last.bottom, bottom))
      } else {
        rows.append((name, top, bottom))
      }
    }
    #expect(rows.count > 5 && Set(rows.map(\.name)).count == rows.count)
    for (above, below) in zip(rows, rows.dropFirst()) {
      #expect(above.bottom <= below.top, "\(sample): \(above) and \(below)")
    }
  }

  /// What folding has put together is drawn without it; an array of the program is taken apart.
  @Test func `numbers that are folded are not called arrays`() throws {
    let program = """
      input X = [[1, 2], [0.5, -1], [-1, 1]]
      target Y = [[1, 0], [0, 1], [1, 1]]
      param W = [[0.5, -0.25, 0.1], [0.3, 0.2, -0.4]]
      param V = [[0.2, 0.4], [-0.3, 0.1], [0.5, -0.6]]
      loss L = mean((tanh(X @ W) @ V - Y)**2)
      rate 0.1
      level scalar
      """
    let graph = try Project.graph(program: program)
    let stages = [Stage.shares, .accumulation, .forwardMode, .secondOrder]
    let folded = try FigureSet(graph, options: FigureOptions(collapse: .layers))
    for stage in stages { #expect(folded.reasonAgainst(stage)?.contains("`collapse none`") ?? false, "\(stage)") }
    let whole = try FigureSet(graph, options: FigureOptions(collapse: Collapse.none))
    for stage in stages.dropLast() { #expect(whole.reasonAgainst(stage) == nil, "\(stage)") }
    let arrays = try FigureSet(Project.programText(program).graph(level: .tensor))
    for stage in stages { #expect(arrays.reasonAgainst(stage)?.contains("`level scalar`") ?? false, "\(stage)") }
  }

  @Test(arguments: [
    ("param w = 3\nh = w * 2\n", "loss"), ("target t = 3\nloss L = t * 2\n", "no parameter and no input"),
  ])
  func `programs without one say why`(_ program: String, _ reason: String) throws {
    let figures = try FigureSet(Project.graph(program: program))
    for stage in [Stage.forwardMode, .secondOrder] {
      #expect(figures.reasonAgainst(stage)?.contains(reason) ?? false, "\(figures.reasonAgainst(stage) ?? "none")")
      #expect(!figures.stages.contains(stage))
    }
  }

  @Test func `unknown names and arrays`() throws {
    var options = FigureOptions()
    options.of = "q"
    let named = try FigureSet(Project.graph(program: Self.survey), options: options)
    #expect(named.reasonAgainst(.forwardMode) == "unknown parameter or input `q`; expected one of x1, x2")
    let arrays = try FigureSet(Project.graph("mlp", level: .tensor))
    #expect(arrays.reasonAgainst(.forwardMode)?.contains("`level scalar`") ?? false)
  }
}
