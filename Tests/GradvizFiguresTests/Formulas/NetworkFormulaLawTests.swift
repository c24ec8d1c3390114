import Foundation
import GradLanguage
import GradvizGraph
import GradvizKit
import GradvizTestSupport
import Testing

@testable import GradvizFigures

/// The chain rule beside a network, read back: each formula gives the gradient that it is said to be, and each line of
/// numbers is right as printed.
@Suite("Formulas beside a network")
struct NetworkFormulaLawTests {
  private struct Law {
    let set: FigureSet
    private let network: NeuralNetwork
    private let graph: ComputationGraph
    private let precision: Int
    private(set) var failures: [String] = []
    private(set) var count = 0

    init(_ set: FigureSet) throws {
      self.set = set
      graph = set.context.graph
      network = try #require(NeuralNetwork(graph))
      precision = set.context.text.notation.format.precision
      let figure = try set.figure(.backward)
      let reader = FormulaReader(svg: try figure.svg(), id: figure.id)
      let lines = reader.parts.filter { $0.id.hasPrefix("of-") }
      #expect(!lines.isEmpty)
      let names = TypesetNames(graph.nodes.map { ($0.name, $0.lane) })
      for neuron in network.layers.joined() where neuron.hasActivation && !graph.nodes[neuron.net].isNamed {
        let net = names[graph.nodes[neuron.net].name, graph.nodes[neuron.net].lane].ofEverySample.flat
        failures += reader.labels.filter { $0.text.contains(net) }.map { "\($0.text) names what has no name here" }
      }
      let nodes = Dictionary(uniqueKeysWithValues: graph.nodes.enumerated().map { ($1.id, $0) })
      for line in lines {
        let node = try #require(nodes[String(line.id.dropFirst(3))], "\(line)")
        check(line.text, node)
        count += ArithmeticLawTests.check(Self.numbers(line.text), precision, line.text)
      }
    }

    /// The sides without names: what a reader works out with a calculator.
    private static func numbers(_ text: String) -> String {
      let sides = text.replacing("≈", with: "= ≈").components(separatedBy: "= ")
      return sides.filter { !$0.contains("∂") }.joined(separator: "= ").replacing("= ≈", with: "≈")
    }

    private mutating func check(_ text: String, _ node: Int) {
      var formula = PrintedFormula(graph)
      let sides = PrintedFormula.split(named(text, node), at: " = ")
      guard formula.partial(sides[0]) == node else { return failures.append("`\(text)` is about something else") }
      let (total, rule) = (graph.nodes[node].gradient ?? [], sides[1])
      guard !rule.hasSuffix("…") else { return }
      do {
        guard let others = [" + other samples", " + autres données"].first(where: rule.hasSuffix) else {
          count += 1
          let value = try formula.value(rule)
          if !value.agrees(with: total) { failures.append("`\(text)`: \(value.numbers), not \(total)") }
          return
        }
        count += 1
        let own = try formula.value(String(rule.dropLast(others.count)))
        if own.shape != [] { failures.append("`\(text)`: the shape") }
        // What the other samples add is the last of the printed terms.
        let terms = sides.dropFirst(2).first?.components(separatedBy: " ≈ ")[0] ?? ""
        guard let range = terms.range(of: #" [+−] [0-9.×⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+$"#, options: .regularExpression),
          let rest = PrintedText.value("0" + terms[range], precision: precision)
        else { return }
        let expected = total[0] - own.numbers[0]
        if (rest.value - expected).magnitude > 2 * rest.halfUnit + 1e-12 {
          failures.append("`\(text)`: the other samples add \(expected)")
        }
      } catch {
        failures.append("`\(text)`: \(error)")
      }
    }

    /// The text with the names of the sums that the figure calls net.
    private func named(_ text: String, _ node: Int) -> String {
      let typeset = TypesetNames(graph.nodes.map { ($0.name, $0.lane) })
      func flat(_ node: Int) -> String { typeset.flat(graph.nodes[node].name, lane: graph.nodes[node].lane) }
      var text = text
      for neuron in network.layers.joined() where neuron.hasActivation && !graph.nodes[neuron.net].isNamed {
        // Of a batch the first sample's.
        let name = flat(neuron.result).replacing(/⁽[¹²³⁴⁵⁶⁷⁸⁹⁰]+⁾$/, with: "")
        text = text.replacing("∂net \(name)⟩", with: "∂\(flat(neuron.net))⟩")
        if neuron.net == node { text = text.replacing("net", with: flat(neuron.net)) }
      }
      return text
    }
  }

  /// Layers of random widths and activations, one sample or a few.
  private static func program(_ seed: UInt64) -> String {
    var random = RandomChoices(seed: seed)
    let (features, samples) = (1 + random.below(4), 1 + random.below(4))
    func row() -> String {
      "[\((0..<features).map { _ in String(format: "%.2f", random.between(-2, 2)) }.joined(separator: ", "))]"
    }
    let rows = (0..<samples).map { _ in row() }
    var lines = ["input x = \(samples == 1 ? rows[0] : "[\(rows.joined(separator: ", "))]")"]
    var last = "x"
    for layer in 1...(1 + random.below(3)) {
      let activation = random.pick(["tanh", "relu", "sigmoid", "softplus", "gelu", "silu", "elu", "sin", "square", ""])
      let width = 1 + random.below(5)
      let isBuiltIn = ["tanh", "relu", "sigmoid"].contains(activation)
      lines.append("layer h\(layer) = dense(\(last), \(width)\(isBuiltIn ? ", \(activation)" : ""))")
      last = "h\(layer)"
      if !isBuiltIn, !activation.isEmpty {
        lines.append("a\(layer) = \(activation)(\(last))")
        last = "a\(layer)"
      }
    }
    return (lines + ["loss L = mean((\(last) - 0.3)**2)", "rate 0.1"]).joined(separator: "\n")
  }

  private static func failures(_ graph: ComputationGraph, _ options: FigureOptions) throws -> (
    failures: [String], count: Int
  )? {
    var graph = graph
    graph.presentation.view = .neurons
    guard let set = try? FigureSet(graph, options: options), set.network != nil else { return nil }
    let law = try Law(set)
    return (law.failures, law.count)
  }

  @Test(arguments: ["mazur", "mlp", "iris", "xor"]) func `of samples`(sample: String) throws {
    let graph = try Project.graph(sample, level: .scalar)
    for language in ComputationGraph.Presentation.Language.allCases {
      // All formulas of a large network take long to be worked out.
      let options = FigureOptions(language: language, formulas: graph.nodes.count < 200 ? .all : .short)
      let (failures, count) = try #require(try Self.failures(graph, options), "\(sample) is not a network")
      #expect(failures.isEmpty, "\(failures.prefix(5).joined(separator: "\n"))")
      #expect(count > 5)
    }
  }

  @Test func `of random networks`() throws {
    var (wrong, drawn, count) = ([String](), 0, 0)
    let seeds = Seeds.count(default: 24)
    for seed in 1...seeds {
      let source = Self.program(UInt64(seed))
      let graph = try Program.load(text: source, path: "program.grad").graph(level: .scalar)
      let options = FigureOptions(precision: 3 + seed % 4, formulas: seed.isMultiple(of: 2) ? .all : .short)
      guard let found = try Self.failures(graph, options) else { continue }
      drawn += 1
      count += found.count
      wrong += found.failures.prefix(3).map { "\($0) in \(source)" }
    }
    #expect(wrong.isEmpty, "\(wrong.joined(separator: "\n"))")
    #expect(drawn > seeds / 3, "\(drawn) networks")
    #expect(count > 10 * drawn)
  }
}
