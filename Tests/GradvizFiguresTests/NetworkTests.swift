import Foundation
import GradvizGraph
import GradvizKit
import GradvizTestSupport
import Testing

@testable import GradvizFigures

/// A network is drawn as neurons with the names and numbers that its values have at the other levels.
@Suite("Networks")
struct NetworkTests {
  @Test func `the update of a large network lists its arrays`() throws {
    let path = Project.folder.appendingPathComponent("Samples/moons.grad").path
    let program = try Program.load(text: String(contentsOfFile: path, encoding: .utf8), path: path)
    var graph = program.graph(level: .scalar)
    graph.presentation.view = .neurons
    let document = SVGDocument(try FigureSet(graph).figure(.update).svg())
    let rows = UpdateTableReader(document).rows
    #expect(rows.count == 11)
    #expect(document.texts.contains { $0.text.contains("all 337 numbers") })
    let weights = graph.nodes.filter { $0.role == .parameter && $0.name.hasPrefix("h2.w") }
    let gradients = weights.flatMap { $0.gradient ?? [] }
    let length = gradients.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let row = try #require(rows.first { $0[""] == "‖h2.w‖" })
    let shown = try #require(row["gradient"].flatMap(DrawnFigure.number))
    #expect(weights.count == 256 && abs(shown - length) < 0.001)
  }

  /// A small net, written by hand number by number, and with arrays: the same names, the same numbers.
  private struct Net {
    var byHand: String
    var withArrays: String
    var weights: Int
    var neurons: Int

    init(seed: UInt64) {
      var numbers = RandomChoices(seed: seed)
      let widths = (0..<(2 + numbers.below(3))).map { _ in 1 + numbers.below(5) }
      let hasBias = numbers.below(3) > 0
      var hand: [String] = []
      var arrays: [String] = []
      func number() -> String { String(format: "%.2f", numbers.between(-1, 1)) }
      let x = (0..<widths[0]).map { _ in number() }
      hand += x.enumerated().map { "input x\($0 + 1) = \($1)" }
      arrays.append("input x = [\(x.joined(separator: ", "))]")
      weights = 0
      neurons = 0
      var previous = "x"
      for layer in 1..<widths.count {
        let (ins, outs) = (widths[layer - 1], widths[layer])
        // A letter at the end keeps `W1_2` and `h1` what arrays of this name call their entries.
        let letter = ["a", "b", "c", "d"][layer]
        let w = (0..<ins).map { _ in (0..<outs).map { _ in number() } }
        let bias = (0..<outs).map { _ in number() }
        let activation = numbers.pick(["tanh", "relu", "sigmoid", ""])
        for (row, line) in w.enumerated() {
          for (column, value) in line.enumerated() {
            hand.append("param W\(letter)\(row + 1)_\(column + 1) = \(value)")
          }
        }
        arrays.append("param W\(letter) = [\(w.map { "[\($0.joined(separator: ", "))]" }.joined(separator: ", "))]")
        if hasBias {
          hand += bias.enumerated().map { "param b\(letter)\($0 + 1) = \($1)" }
          arrays.append("param b\(letter) = [\(bias.joined(separator: ", "))]")
        }
        let isLast = layer == widths.count - 1
        let keyword = isLast ? "predict " : ""
        for out in 0..<outs {
          var sum = (0..<ins).map { "\(previous)\($0 + 1)*W\(letter)\($0 + 1)_\(out + 1)" }.joined(separator: " + ")
          if hasBias { sum += " + b\(letter)\(out + 1)" }
          hand.append("\(keyword)h\(letter)\(out + 1) = \(activation)(\(sum))")
        }
        arrays.append("\(keyword)h\(letter) = \(activation)(\(previous) @ W\(letter)\(hasBias ? " + b\(letter)" : ""))")
        weights += ins * outs
        neurons += outs
        previous = "h\(letter)"
      }
      let outs = widths[widths.count - 1]
      hand.append("loss L = " + (0..<outs).map { "(\(previous)\($0 + 1) - 0.5)**2" }.joined(separator: " + "))
      arrays.append("loss L = sum((\(previous) - 0.5)**2)")
      byHand = (hand + ["rate 0.1"]).joined(separator: "\n")
      withArrays = (arrays + ["rate 0.1"]).joined(separator: "\n")
    }
  }

  private func figures(
    _ source: String, _ view: ComputationGraph.Presentation.View, width: Double? = nil, only: [String] = []
  ) throws -> FigureSet {
    var graph = try ComputationGraph.load(text: source, path: "program.grad", level: .scalar).graph
    graph.presentation.view = view
    return try FigureSet(
      graph,
      options: FigureOptions(
        width: width, only: only.isEmpty ? nil : Excerpt(of: only), collapse: view == .values ? Collapse.none : nil))
  }

  /// The value and the gradient that stand in each box, by the value's id.
  private func numbers(_ figure: Figure) throws -> [String: [String]] {
    var result: [String: [String]] = [:]
    for box in try DrawnFigure(figure).boxes where !box.classes.contains("weights") && !box.texts.isEmpty {
      let texts = box.texts.map(\.string)
      // A chip has both in one line.
      let value = texts.last { !($0.hasPrefix("[") && $0.hasSuffix("]")) }?.components(separatedBy: " [").first
      result[box.id] = [value ?? ""] + (box.bracketed.map { [$0] } ?? [])
    }
    return result
  }

  /// - Returns: the number of boxes that were compared.
  private func compare(_ a: FigureSet, _ b: FigureSet, namesAll: Bool = true, _ what: String) throws -> Int {
    var compared = 0
    for stage in [Stage.forward, .backward, .update] where a.reasonAgainst(stage) == nil {
      let (left, right) = (try numbers(a.figure(stage)), try numbers(b.figure(stage)))
      for id in left.keys.sorted() {
        // Values without a name are numbered in another order with arrays.
        guard namesAll || !id.hasPrefix("n"), let own = left[id], let other = right[id] else { continue }
        // An input shows its gradient only at the level of values, a weight's stands in the update's table.
        for (one, two) in zip(own, other) { #expect(one == two, "\(stage) \(id): \(what)") }
        compared += 1
      }
    }
    return compared
  }

  @Test(arguments: 1...8)
  func `values, neurons and arrays have the same names and numbers`(_ seed: Int) throws {
    let net = Net(seed: UInt64(seed))
    let (hand, arrays) = (try figures(net.byHand, .neurons), try figures(net.withArrays, .neurons))
    let values = try figures(net.byHand, .values)
    #expect(try compare(hand, values, net.byHand) > net.neurons)
    #expect(try compare(hand, arrays, namesAll: false, net.byHand) > net.neurons)
    let network = try #require(NeuralNetwork(hand.context.graph))
    #expect(network.neurons.count == net.neurons)
    #expect(network.neurons.reduce(0) { $0 + $1.weights.count } == net.weights)
  }

  @Test(arguments: ["tanh", "relu", "sigmoid", "none"])
  func `dense layers are neurons, of a batch the first sample's`(_ activation: String) throws {
    let source = """
      input x = [[0.5, -1], [1, 2], [-0.3, 0.8]]
      target y = [1, 0, 1]
      layer h = dense(x, 3, \(activation))
      layer o = dense(h, 1, sigmoid)
      predict p = o[:, 0]
      loss L = mse(p, y)
      rate 0.1
      """
    let (neurons, values) = (try figures(source, .neurons), try figures(source, .values))
    #expect(try compare(neurons, values, source) > 20)
    let drawn = try DrawnFigure(neurons.figure(.backward))
    let words = drawn.elements.filter { $0.classes.contains("sentence") }.flatMap { $0.texts.map(\.string) }.joined(
      separator: " ")
    #expect(words.contains("Sample 1 of 3"), "\(words)")
  }

  @Test(arguments: [1, 2, 3, 6, 8], [830.0, 1140])
  func `boxes and marks stand apart, and the figure is as wide as it was asked to be`(_ seed: Int, _ width: Double)
    throws
  {
    let figures = try figures(Net(seed: UInt64(seed)).byHand, .neurons, width: width)
    for stage in Stage.defaults where stage != .overview {
      let figure = try figures.figure(stage)
      let drawn = try DrawnFigure(figure)
      #expect(drawn.size.width <= width + 0.5, "\(stage)")
      let marks = drawn.shareMarks + drawn.labels.filter { !$0.classes.contains("legend") }
      let places = drawn.boxes.map { ($0.id, $0.frame) } + marks.map { ($0.id, $0.frame) }
      for (place, one) in places.enumerated() where !one.1.isNull {
        for other in places[(place + 1)...] where !other.1.isNull {
          #expect(
            !one.1.insetBy(dx: 1, dy: 1).intersects(other.1.insetBy(dx: 1, dy: 1)), "\(stage): \(one.0), \(other.0)")
        }
      }
      let small = drawn.elements.filter { !$0.classes.isDisjoint(with: ["node", "head", "local-derivative", "share"]) }
        .flatMap(\.texts).filter { text in
          text.string.contains(where: { "[.".contains($0) }) && text.size * 830 / width < 8.7
        }
      #expect(small.isEmpty, "\(small)")
    }
  }

  @Test func `the best-known example by hand is a network of its own accord`() throws {
    let text = """
      input x1 = 0.05
      input x2 = 0.10
      target t1 = 0.01
      target t2 = 0.99
      param w1 = 0.15
      param w2 = 0.20
      param w3 = 0.25
      param w4 = 0.30
      param b1 = 0.35
      param w5 = 0.40
      param w6 = 0.45
      param w7 = 0.50
      param w8 = 0.55
      param b2 = 0.60
      h1 = sigmoid(w1*x1 + w2*x2 + b1)
      h2 = sigmoid(w3*x1 + w4*x2 + b1)
      predict o1 = sigmoid(w5*h1 + w6*h2 + b2)
      predict o2 = sigmoid(w7*h1 + w8*h2 + b2)
      E1 = 1/2 * (o1 - t1)**2
      E2 = 1/2 * (o2 - t2)**2
      loss E = E1 + E2
      rate 0.5
      """
    let figures = try FigureSet(Project.graph(program: text))
    let drawn = try DrawnFigure(figures.figure(.backward))
    #expect(drawn.size.width == 1140)
    let byID = Dictionary(drawn.elements.map { ($0.id, $0) }) { first, _ in first }
    #expect(byID["w5"]?.bracketed == "0.08217")
    #expect(byID["b2"]?.bracketed == "0.1004")
    #expect(byID["h1"]?.texts.contains { $0.string.hasSuffix("= σ(net)") } == true)
    #expect(byID["w5_share"]?.texts.first?.string == "[0.05540]")
    #expect(byID["w7_share"]?.texts.first?.string == "[−0.01905]")
    #expect(drawn.labels.contains { $0.texts.map(\.string).joined().contains("o₁ − t₁ = 0.7414") })
  }

  @Test func `wide layers are discs with a matrix, and a chosen neuron has its numbers`() throws {
    let source = """
      input x = [0.5, -1]
      target y = 1
      layer h = dense(x, 12, tanh)
      layer o = dense(h, 1)
      predict p = o[0]
      loss L = (p - y)**2
      """
    let plain = try DrawnFigure(figures(source, .neurons).figure(.backward))
    #expect(plain.elements.contains { $0.id == "weights-1" })
    #expect(plain.elements.first { $0.id == "h3" }?.bracketed == nil)
    let chosen = try DrawnFigure(figures(source, .neurons, only: ["h3"]).figure(.backward))
    #expect(chosen.elements.first { $0.id == "h3" }?.bracketed != nil)
    #expect(throws: FigureError.self) { try figures(source, .neurons, only: ["nothing"]) }
  }

  @Test func `what has no neurons says so`() throws {
    #expect(throws: FigureError.self) { try figures("param a = 2\nloss L = a * a", .neurons) }
    // A weight of several steps does not belong to one layer.
    let steps = "input x1 = 1\ninput x2 = 2\nparam w = 0.5\nparam u = 0.3\nh = tanh(w*x1)\nloss L = tanh(w*x2 + u*h)"
    #expect(throws: FigureError.self) { try figures(steps, .neurons) }
  }

  /// A local derivative that is a sum stands in brackets behind the gradient that it multiplies.
  @Test(arguments: ["tanh", "sigmoid"])
  func `a slope that is a sum is bracketed`(activation: String) throws {
    for batch in ["[[0.5, 1], [0.2, -1]]", "[0.5, 1]"] {
      let source = """
        input x = \(batch)
        layer hidden = dense(x, 3, \(activation))
        layer score = dense(hidden, 1)
        loss L = sum(score**2)
        """
      let figure = try figures(source, .neurons).figure(.backward)
      let lines = FormulaReader(svg: try figure.svg(), id: figure.id).parts.filter { $0.id.hasPrefix("of-") }.map(
        \.text)
      let slope = lines.first { $0.contains("1 − ") }
      #expect(slope?.replacing(" ", with: "").contains("·(1−") == true, "\(lines)")
    }
  }

  @Test func `a bias that is not learned belongs to its neuron`() throws {
    let graph = try Project.graph("mazur")
    let set = try FigureSet(graph)
    #expect(set.network != nil)
    let drawn = try DrawnFigure(set.figure(.update))
    #expect(drawn.elements.first { $0.id == "b1" }.map { !$0.texts.contains { $0.string.contains("→") } } == true)
  }

  @Test func `steps of the loss beside the network are counted, and an alias has its number once`() throws {
    let graph = try Project.graph(
      program: """
        input x = [[0, 0], [0, 1], [1, 0], [1, 1]]
        target y = [0, 1, 1, 0]
        layer h = dense(x, 2, tanh, seed: 3)
        layer o = dense(h, 1, sigmoid)
        predict p = o[:, 0]
        loss L = bce(p, y)
        level neurons

        """)
    let figure = try FigureSet(graph).figure(.forward)
    let texts = DrawnLine.lines(SVGDocument(try figure.svg()).elements).map(\.text).joined(separator: " ")
    // log p, y · log p, 1 − y, 1 − p, log(1 − p), their product, the sum, and the mean.
    #expect(texts.contains("8 steps of the loss"), "\(texts)")
    #expect(!texts.contains(/([0-9.]+) = \1(?![0-9])/), "\(texts)")
  }
}
