import Autograd
import Foundation
import GradLanguage
import GradvizGraph
import GradvizKit
import GradvizTestSupport
import Testing

@testable import GradvizFigures

/// In a figure, no two values have the same printed name, and no symbol of an update's rule is the name of a value.
@Suite("Names as printed")
struct NameLawTests {
  @Test(arguments: Project.samples)
  func `no two values of a sample look alike`(sample: String) throws {
    let graph = try Project.graph(sample)
    #expect(try check(graph, .init(), sample) > 2)
    try check(graph, .init(collapse: .layers), sample)
  }

  @Test func `no two values of random programs with names that look alike do`() throws {
    for program in Seeds.programs(default: 8, names: .alike) {
      for level in ComputationGraph.Level.allCases {
        let graph = try Program.load(text: program.source, path: "program.grad").graph(level: level)
        guard graph.nodes.count < 200 else { continue }
        #expect(try check(graph, .init(), "\(level), \(program)") > 2)
        if level == .scalar, program.seed % 3 == 0 { try check(graph, .init(collapse: .samples), "\(program)") }
      }
    }
  }

  @Test(
    arguments: [
      ("param w = [1, 2]\nparam w1 = 3\nloss L = sum(w) * w1", ["w[0]", "w[1]", "w₁"]),
      ("param w = [[1, 2]]\nparam w1 = [3, 4]\nloss L = sum(w) * sum(w1)", ["w[0, 0]", "w[0, 1]", "w₁,₁", "w₁,₂"]),
      ("param w1 = [1, 2]\nparam w1_2 = 3\nloss L = sum(w1) * w1_2", ["w1[0]", "w1[1]", "w₁,₂"]),
      (
        "param x = [[1, 2], [3, 4]]\nparam x_2 = [1, 2]\nloss L = sum(x @ x_2)",
        ["x₁,₁", "x₁,₂", "x₂,₁", "x₂,₂", "x_2[0]", "x_2[1]"]
      ),
      (
        "input x = [[1, 2], [3, 4]]\nparam x_2 = [1, 2]\npredict p = x @ x_2\nloss L = sum(p)",
        ["x₁⁽¹⁾", "x₂⁽¹⁾", "x₁⁽²⁾", "x₂⁽²⁾", "x₂,₁", "x₂,₂"]
      ),
      ("param n₁ = [1, 2]\nloss L = sum(n₁) * (n₁[0] + 1)", ["n₁,₁", "n₁,₂", "n₁"]),
      ("param n1 = 2\nparam n_1 = 3\nloss L = (n1 + n_1) * n1", ["n₁", "n_1", "n₂"]),
    ] as [(String, [String])])
  func `array elements and values of their names`(program: String, names: [String]) throws {
    let graph = try Project.graph(program: program)
    let shown = try printed(FigureSet(graph).figure(.backward), graph)
    #expect(Set(names).isSubset(of: shown.map(\.name)), "\(shown.map(\.name))")
    try check(graph, .init(), program)
    let elements = try ProgramTraining(Project.programText(program)).graph().nodes.filter { $0.role == .parameter }
    #expect(Set(elements.map(\.name)).count == elements.count)
  }

  @Test func `a value called like a constant, a function or the rule's letters`() throws {
    let graph = try Project.graph(
      program:
        "param π = 2\nparam σ = 3\nparam m = 1\nparam w = 1\nloss L = pi * π * sigmoid(σ) * m * w\noptimizer adam(rate: 0.1)"
    )
    let set = try FigureSet(graph)
    let forward = SVGDocument(try set.figure(.forward).svg())
    #expect(forward.texts.contains { $0.text == "pi = 3.142" })
    #expect(forward.texts.map(\.text).joined().replacing(" ", with: "").contains("L=pi·π·sigmoid(σ)·m·w"))
    let update = SVGDocument(try set.figure(.update).svg()).texts.map(\.text)
    for text in ["m′ ← 0.9·m′ + 0.1·g", "θ ← θ − lr·m̂′/(√v̂ + 10⁻⁸)", "θ: each parameter", "m̂′"] {
      #expect(update.contains(text), "\(text): \(update)")
    }
  }

  // MARK: The law

  /// - Returns: how many names were compared.
  @discardableResult private func check(_ graph: ComputationGraph, _ options: FigureOptions, _ what: String) throws
    -> Int
  {
    let set = try FigureSet(graph, options: options)
    let shown = graph.folded(options.collapse ?? .auto).graph
    var count = 0
    for stage in set.stages where stage != .overview {
      let figure = try set.figure(stage)
      // Sums without a name are the `net` of their neuron; a cell of the samples' table has its name above the
      // column; a box of several values has that of its operation.
      let names = try printed(figure, shown).filter {
        !$0.name.isEmpty && $0.name != "net" && !$0.id.hasSuffix("-folded")
      }
      count += names.count
      let same = Dictionary(grouping: names, by: \.name).filter { $0.value.count > 1 }
      #expect(same.isEmpty, "\(stage): \(same) in \(what)")
      guard stage == .update else { continue }
      // The rule of plain descent is written for one of the parameters.
      let parameters = shown.nodes.filter { $0.role == .parameter }
      let ids = Set(parameters.map(\.id))
      let whole = shown.updateRule == nil ? names.filter { ids.contains($0.id) }.map(\.name) : []
      // `layer.w` and `w_1` are read as two words.
      let own = whole + whole.flatMap { $0.split(whereSeparator: { !$0.isLetter }).map(String.init) }
      let isAlone = parameters.map(\.name) == ["w"]
      // In ∂L/∂w it is the loss itself.
      let loss = shown.loss.map { shown.nodes[$0].id }
      let lossNames = names.filter { $0.id == loss }.map(\.name)
      let symbols = try symbols(figure).subtracting(own + lossNames + (isAlone ? ["w"] : []))
      #expect(symbols.isDisjoint(with: names.map(\.name)), "\(symbols.intersection(names.map(\.name))) in \(what)")
    }
    return count
  }

  /// The names in the boxes; a number without a name has none.
  private func printed(_ figure: Figure, _ graph: ComputationGraph) throws -> [(id: String, name: String)] {
    let drawn = try DrawnFigure(figure)
    let values = Set(graph.withElementIDs().nodes.filter { $0.role != .constant || $0.isNamed }.map(\.id))
    // The cells of a table of samples have their names in its head.
    return drawn.boxes.filter { values.contains($0.id) && !$0.classes.contains("cell") }
      .map { ($0.id, $0.texts.first?.string ?? "") }
  }

  /// The letters of the rule above an update's table.
  private func symbols(_ figure: Figure) throws -> Set<String> {
    let lines = FormulaReader(svg: try figure.svg(), id: figure.id).lines.map(\.text).filter {
      $0.contains("←") || $0.contains("̂ =") || $0.contains("̂′ =")
    }
    var symbols: Set<String> = []
    for line in lines {
      let rule = line.replacing(/⟨∂[^⁄]*⁄∂([^⟩]*)⟩.*/) { " \($0.output.1)" }.replacing("else", with: "").replacing(
        /\^\{t\}′?/, with: "")
      for word in rule.split(whereSeparator: { !$0.isLetter && $0 != "′" || $0 == "ᵗ" }) {
        symbols.insert(String(word))
      }
    }
    return symbols
  }
}
