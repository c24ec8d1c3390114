import Autograd
import Foundation
import GradvizGraph
import GradvizKit
import GradvizTestSupport
import Testing

@testable import GradvizFigures

/// Small programs of which every share is known.
extension SharesLawTests {
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

  @Test(arguments: ["scalar", "tensor"]) func `a comparison passes no gradient, nor does stop_gradient`(level: String)
    throws
  {
    let figure = try drawn(
      """
      level \(level)
      param x = 2
      param a = 3
      m = x > 0
      k = stop_gradient(x)
      loss L = m * a + k * a + x * 5
      """, .backward)
    #expect(figure.boxes.first { $0.id == "x" }?.bracketed == "5")
    #expect(figure.gradients.filter { $0.head == "x" }.count == 1)
    #expect(figure.shareMarks.allSatisfy { !$0.classes.contains("into-x") })
    #expect(figure.boxes.filter { $0.classes.contains("same-x") }.allSatisfy { $0.bracketed == nil })
    let labels = figure.labels.flatMap(\.texts).map(\.string)
    #expect(!labels.contains { $0 == "0" || $0 == "×0" }, "\(labels)")
  }

  @Test func `steps of the backward pass are counted without a gap`() throws {
    for program in [
      "param x = 2\nm = x > 1\nk = m + 1\nh = where(k > 1, x * 3, x)\nloss L = clip(h, 0, 9) * x",
      "param x = -0.7\nloss L = elu(2 * x) + leaky_relu(x) + hardtanh(x)",
    ] {
      let graph = try Project.graph(program: program)
      let shown = graph.nodes.indices.filter { graph.nodes[$0].gradient != nil }
      let steps = Set(shown.compactMap { graph.backwardSteps[$0] }).sorted()
      #expect(steps == Array(1...(steps.last ?? 1)), "\(steps)")
      for (node, step) in zip(graph.nodes, graph.backwardSteps) { #expect((step == nil) == (node.gradient == nil)) }
    }
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

  @Test(arguments: [
    // A slope that is computed once, for every sample, a parameter beside the samples, and one under a decay.
    ("k = w ** 2\npredict p = k * x\nloss L = sum(p)", "w", ["12", "24", "36"]),
    ("predict p = max(w * x, 0.1 * w * x)\nloss L = sum(p)", "w", ["1", "2", "3"]),
    ("predict p = w * x\nloss L = sum(p) + w ** 2", "w", ["1", "2", "3", "12"]),
  ])
  func `what comes to samples by a shared value is theirs`(lines: String, name: String, shares: [String]) throws {
    let figure = try drawn("input x = [1, 2, 3]\nparam w = 6\n\(lines)", .shares)
    let own = figure.elements.filter { $0.classes.isSuperset(of: ["share-number", "of-\(name)"]) }
    let numbers = own.filter { !$0.classes.contains("sum") }.map { $0.texts.map(\.string).joined() }
    #expect(numbers == shares, "\(numbers)")
  }
}
