import Autograd
import Foundation
import GradvizDrawing
import GradvizGraph
import GradvizKit
import GradvizTestSupport
import Testing

@testable import GradvizFigures

/// A reader who has the sheet only: what it prints is enough to compute every answer.
@Suite("Exercises can be computed")
struct ExerciseReaderTests {
  static let programs: [(name: String, text: String)] = [
    (
      "neuron",
      "input x = 2\ntarget y = 1\nparam w = 0.5\nparam b = -0.25\nyhat = tanh(w*x + b)\nloss L = (yhat - y)**2\n"
    ),
    (
      // Where tanh is saturated, 1 − 0.995² is not the slope, and 2 · 2.00 is not 3.99.
      "saturated",
      "precision 3\ninput x = -0.5\ntarget y = -1\nparam w = -2\nparam b = 2\nyhat = tanh(w*x + b)\nloss L = (yhat - y)**2\n"
    ), ("survey", ForwardModeTests.survey),
    ("scores", "param a = 0.3\nparam b = -0.7\ninput x = 1.1\nloss L = log(exp(a*x) + exp(b*x)) - a\n"),
    ("root", "param a = 0.7\nparam c = 0.123456\nloss L = sqrt(a) * c + a**1.5 + sigmoid(c)\n"),
    ("waves", "param a = 0.7\nparam c = 1.3\nloss L = cosh(a) * sin(c) + erf(a*c) + log2(c)\n"),
  ]

  private static let cases =
    programs.map { (name: $0.name, text: String?.some($0.text)) }
    + ["one-neuron", "chain", "mazur", "neuron", "polynomial", "minibatch", "logistic"].map { ($0, nil) }

  /// The lines below the figure: names with numbers.
  private func given(_ figure: Figure) -> [String: Double] {
    let text = figure.labels.filter { $0.classes.contains("given") }.map(\.run.text).joined()
    let start = text.firstIndex(of: ":").map { text[text.index(after: $0)...] } ?? ""
    var numbers: [String: Double] = [:]
    for match in start.matches(of: /([^=]+?) ?= ?(−?[0-9]+(?:\.[0-9]+)?)/) {
      numbers[String(match.output.1)] = Double(match.output.2.replacing("−", with: "-"))
    }
    return numbers
  }

  private func number(_ text: String) -> Double {
    let parts = text.replacing("−", with: "-").split(separator: "×10")
    let digits: [Character] = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
    let power =
      parts.count < 2 ? "0" : String(parts[1].map { digits.firstIndex(of: $0).map { Character("\($0)") } ?? "-" })
    return (Double(parts[0]) ?? .nan) * pow(10, Double(power) ?? .nan)
  }

  @Test(arguments: cases.map(\.name), [["gradients"], ["values"], ["values", "gradients"]])
  func `every answer follows from what is printed`(_ name: String, _ words: [String]) throws {
    let text = Self.programs.first { $0.name == name }?.text
    let graph =
      try text.map { try ComputationGraph.load(text: $0, path: "program.grad", level: .scalar).graph }
      ?? Project.graph(name, level: .scalar)
    guard let blanks = try Blanks.ifAny(words, in: graph) else { return }
    let exercise = try #require(try Exercise.alike([graph], blanks: blanks).first)
    let format = Words(.english).numbers(graph.presentation.precision ?? (graph.laneCount > 1 ? 3 : 4))
    let given = given(exercise.sheet)
    let notation = try FigureSet(graph, options: .init(collapse: Collapse.none)).context.text.notation
    // What is printed, in place of the program's numbers; what is blank is computed.
    var reader = graph
    for (index, node) in graph.nodes.enumerated() {
      let printed = notation.name(index, size: 13).map(\.text).joined()
      if blanks.hiddenValues.contains(node.name) {
        let rule = notation.symbolic.definition(of: index, inlining: false)
        reader.nodes[index].value = [try #require(rule.evaluate(in: reader))]
      } else {
        reader.nodes[index].value = [given[printed] ?? number(format.text(node.value[0]))]
      }
    }
    var gradients = [Double](repeating: 0, count: graph.nodes.count)
    if let loss = graph.loss { gradients[loss] = 1 }
    for (index, node) in graph.nodes.enumerated().reversed() where node.gradient != nil {
      for (position, operand) in node.operands.enumerated() {
        let rule = notation.symbolic.localDerivative(of: index, operand: position)
        let name = notation.formula(rule, size: 13).plainText
        let local = try given[name] ?? #require(rule.evaluate(in: reader))
        gradients[operand] += gradients[index] * local
      }
    }
    for answer in exercise.answers {
      let place = try #require(graph.nodes.firstIndex { $0.name == answer.name })
      let own = answer.kind == .value ? reader.nodes[place].value[0] : gradients[place]
      let unit = abs(number(format.text(answer.number))) * pow(10, 1 - Double(format.precision))
      #expect(abs(own - answer.number) <= 0.5 * unit + 1e-12, "\(answer): the reader has \(own)")
    }
  }

  @Test func `results of functions are given, and only those`() throws {
    let graph = try Project.graph(program: Self.programs[0].text)
    let blanks = try Blanks(["values"], in: graph)
    #expect(blanks.hiddenValues == ["n1", "n2", "n3", "L"])
    let sheet = try #require(try Exercise.alike([graph], blanks: blanks).first).sheet
    #expect(given(sheet) == ["yhat": 0.635149])
    // Where nothing is rounded, there is no such line.
    let exact = try Project.graph(program: "param w = 3\nloss L = (w * 2 - 1)**2\n")
    let other = try #require(try Exercise.alike([exact], blanks: Blanks(["gradients"], in: exact)).first).sheet
    #expect(!other.labels.contains { $0.classes.contains("given") })
  }

  @Test func `a program whose values are all results of functions has none to fill in`() throws {
    let graph = try Project.graph(program: "param w = 3\nloss L = exp(w)\n")
    #expect(throws: FigureError.self) { try Blanks(["values"], in: graph) }
    #expect((try? Blanks(["gradients"], in: graph)) != nil)
  }
}
