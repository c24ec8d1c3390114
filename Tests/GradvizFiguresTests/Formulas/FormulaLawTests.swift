import Autograd
import Foundation
import GradLanguage
import GradvizGraph
import GradvizKit
import GradvizTestSupport
import Testing

@testable import GradvizFigures

/// Every formula in every figure is correct in value and shape, and nothing is silently left out.
@Suite("Formulas as printed")
struct FormulaLawTests {
  /// The errors in the figures of a graph, and the number of evaluated formulas.
  private func failures(_ graph: ComputationGraph, _ options: FigureOptions = .init()) throws -> (
    [String], count: Int
  ) {
    let set = try FigureSet(graph, options: options)
    // What does not fit on its page is folded.
    let shown = set.context.graph.folding == nil ? graph.folded(options.collapse ?? .auto).graph : set.context.graph
    var failures: [String] = []
    var count = 0
    let showsAll = (options.formulas ?? graph.presentation.formulas) == .all
    for stage in set.stages {
      let law = try FormulaLaw(set.figure(stage), of: shown, foldedFrom: shown.folding == nil ? nil : graph)
      failures += law.failures
      count += law.count
      // A network has a line for the first neuron of each layer, and says so; all numbers stand at the neurons.
      // Its formulas have a law of their own.
      if set.network != nil {
        count += 1
      } else {
        // A product in the box of a sum has no box, and so no line: what its operands get stands on their own.
        let boxes = try Set(set.figure(.backward).boxes.map(\.id))
        let inner = Set(
          shown.nodes.filter { $0.operation == .matrixMultiply && !boxes.contains($0.id) }.map(\.id))
        failures += missing(
          law, stage, shown, showsAll: showsAll, dataGradients: options.dataGradients == true, inner: inner)
      }
    }
    return (failures, count)
  }

  /// Parameters and predictions without a line, and lines that are left out without a word.
  private func missing(
    _ law: FormulaLaw, _ stage: Stage, _ graph: ComputationGraph, showsAll: Bool, dataGradients: Bool,
    inner: Set<String>
  ) -> [String] {
    var missing: [String] = []
    let notes = law.reader.notes.joined(separator: "\n").replacing(" ", with: "")
    let typeset = TypesetNames(graph.nodes.map { ($0.name, $0.lane) })
    let isCounted = notes.contains("formulasall")
    for (index, node) in graph.nodes.enumerated() {
      let name = typeset.flat(node.name, lane: node.lane).replacing(" ", with: "")
      // Of a box of different values without a name there is nothing to say.
      if node.isNameless {
        if law.derived.contains(index) { missing.append("\(stage): a line about a box without a name") }
        continue
      }
      if stage == .backward || stage == .overview, node.gradient != nil, !law.derived.contains(index) {
        // The data of a batch is not learned.
        if !dataGradients, node.lane != nil || graph.isBatchOfArrays, node.role == .input || node.role == .target {
          continue
        }
        // What has no formula is counted, but for a parameter that has a box of its own.
        if ["noformulahere", "sansformuleici"].contains(where: notes.contains),
          node.role != .parameter || node.fold != nil
        {
          continue
        }
        if inner.contains(node.id), !showsAll { continue }
        if node.role == .parameter, hasLinesInside(node, law) { continue }
        let isSample = node.lane ?? 0 > 0 || graph.laneCount > 1 && (node.role == .input || node.role == .target)
        if node.role == .parameter || node.role != .constant && !isCounted && !(isSample && !showsAll) {
          missing.append("\(stage): no line says ∂L/∂\(name)")
        }
      }
      if node.role == .parameter, node.isLeaf, node.gradient == nil, stage == .backward || stage == .overview,
        !notes.contains(name)
      {
        missing.append("\(stage): nothing is said of \(name)")
      }
      // A folded parameter that shares its name with another has a number behind it, apart from the name.
      let hasNumber = node.fold != nil && node.name.contains(" ")
      // Many numbers stand by array, ‖W‖ for W₁,₁ and all others.
      let base = name.prefix { !"₀₁₂₃₄₅₆₇₈₉".contains($0) || !node.name.contains("[") }
      let isByArray =
        node.name.contains("[") && law.reader.tableNames.contains { $0.contains("‖") && $0.contains(base) }
      if node.updated != nil, node.gradient != nil, !hasNumber, !isByArray, stage == .update || stage == .overview,
        !law.reader.tableNames.contains(where: { $0.replacing(" ", with: "").contains(name) })
      {
        missing.append("\(stage): the table has no \(name)")
      }
      if node.role == .prediction, node.lane ?? 0 == 0, stage == .forward || stage == .overview,
        !law.defined.contains(index)
      {
        missing.append("\(stage): no line says \(name)")
      }
    }
    return missing + (stage == .backward ? missingInside(law, graph) : [])
  }

  /// Whether what a box of parameters stands for has a line each.
  private func hasLinesInside(_ node: ComputationGraph.Node, _ law: FormulaLaw) -> Bool {
    guard let members = node.fold?.members, let whole = law.unfolded else { return false }
    let learned = whole.nodes.indices.filter {
      members.contains(whole.nodes[$0].id) && whole.nodes[$0].gradient != nil
    }
    return !learned.isEmpty && learned.allSatisfy(law.derivedInside.contains)
  }

  /// The arrays in the boxes of layers' parameters, or the numbers in those of a batch, without a line.
  private func missingInside(_ law: FormulaLaw, _ graph: ComputationGraph) -> [String] {
    guard let whole = law.unfolded else { return [] }
    let layers = graph.nodes.filter { $0.role == .parameter }.compactMap(\.fold?.members).filter { $0.count <= 4 }
    return whole.nodes.indices.filter { index in
      whole.nodes[index].gradient != nil && layers.contains { $0.contains(whole.nodes[index].id) }
        && !law.derivedInside.contains(index)
    }.map { "no line says ∂L/∂\(whole.nodes[$0].name)" }
  }

  @Test(arguments: Project.samples)
  func `every formula of a sample gives the value and the shape of what it is said to be`(sample: String) throws {
    let own = try Project.graph(sample)
    for gradients in [ComputationGraph.Presentation.Gradients.numeric, .both] {
      let (failures, count) = try failures(own, .init(gradients: gradients))
      #expect(failures.isEmpty, "\(gradients): \(failures.prefix(5).joined(separator: "\n"))")
      #expect(count > 0)
    }
  }

  @Test(arguments: ["neuron", "two-samples", "softmax", "attention", "momentum", "polynomial"])
  func `every formula of a sample is as true in French, with commas`(sample: String) throws {
    for gradients in [ComputationGraph.Presentation.Gradients.numeric, .both] {
      let (failures, count) = try failures(try Project.graph(sample), .init(gradients: gradients, language: .french))
      #expect(failures.isEmpty, "\(gradients): \(failures.prefix(5).joined(separator: "\n"))")
      #expect(count > 0)
    }
  }

  /// The level that the sample does not choose itself.
  private static func otherLevel(_ sample: String) throws -> ComputationGraph {
    let own = try Project.graph(sample)
    return try Project.graph(sample, level: own.level == .scalar ? .tensor : .scalar)
  }

  /// Formulas of large graphs take long to be worked out.
  private static let small = Project.samples.filter {
    (try? otherLevel($0)).map { $0.nodes.count < 120 } ?? true
  }

  @Test(arguments: small)
  func `every formula of a sample on its other level is as true`(sample: String) throws {
    #expect(Self.small.count > 6)
    let graph = try Self.otherLevel(sample)
    let (failures, count) = try failures(graph, .init(formulas: .all))
    #expect(failures.isEmpty, "\(graph.level): \(failures.prefix(5).joined(separator: "\n"))")
    #expect(count > 0)
  }

  @Test func `every formula of random programs gives the value and the shape of what it is said to be`() throws {
    var wrong: [String] = []
    for program in Seeds.programs(default: 12) {
      for level in ComputationGraph.Level.allCases {
        let graph = try Program.load(text: program.source, path: "program.grad").graph(level: level)
        guard graph.nodes.count < 120 else { continue }
        let options = FigureOptions(
          gradients: .allCases[Int(program.seed % 3)], formulas: program.seed % 2 == 0 ? .all : .short,
          dataGradients: program.seed % 4 == 0)
        let (failures, count) = try failures(graph, options)
        wrong += failures.prefix(5).map { "\(level), \($0) in \(program)" }
        #expect(count > 0, "no formula at \(level) in \(program)")
      }
    }
    #expect(wrong.isEmpty, "\(wrong.joined(separator: "\n"))")
  }

  @Test func `folded graphs say nothing false`() throws {
    var wrong: [String] = []
    for program in Seeds.programs(default: 5) {
      let graph = try Program.load(text: program.source, path: "program.grad").graph(level: .scalar)
      for collapse in [Collapse.samples, .layers, .boxes(4 + Int(program.seed % 6))] {
        let (failures, _) = try failures(graph, .init(collapse: collapse))
        wrong += failures.map { "\(collapse): \($0) in \(program)" }
      }
    }
    #expect(wrong.isEmpty, "\(wrong.joined(separator: "\n"))")
  }

  @Test func `every formula of a function of arrays gives the value and the shape of what it is said to be`() throws {
    var wrong: [String] = []
    // As many as have every function.
    for seed in 0..<UInt64(Seeds.count(default: (ArrayProgram.expressions.count + 2) / 3)) {
      let program = ArrayProgram(seed: seed)
      for level in ComputationGraph.Level.allCases {
        let graph = try Program.load(text: program.source, path: "program.grad").graph(level: level)
        guard level == .tensor || Seeds.count(default: 0) > 0 && graph.nodes.count < 200 else { continue }
        let gradients = ComputationGraph.Presentation.Gradients.allCases[Int(seed % 3)]
        let (failures, count) = try failures(graph, FigureOptions(gradients: gradients, formulas: .all))
        wrong += failures.map { "\(level), \($0) in \(program)" }
        // What is folded to a few boxes may have no formula.
        #expect(count > 0 || level == .scalar, "no formula at \(level) in \(program)")
      }
    }
    #expect(wrong.isEmpty, "\(wrong.joined(separator: "\n"))")
  }

  @Test func `the DOT text says what the SVG says`() throws {
    for program in Seeds.programs(default: 5) {
      let graph = try Program.load(text: program.source, path: "program.grad").graph()
      let set = try FigureSet(graph)
      for stage in set.stages {
        let figure = try set.figure(stage)
        let drawn = SVGDocument(try figure.svg()).elements.filter {
          $0.name == "text"
            && (($0.attributes["class"] ?? "").contains("formula")
              || $0.groups.last?.classes.contains("formula") == true)
        }.map(\.text)
        let written = figure.dot.text.split(separator: "\n").filter { $0.contains("class=\"formula ") }
        #expect(drawn.count == written.count)
        for (text, line) in zip(drawn, written) {
          let escaped = text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
          #expect(line.contains(text) || line.contains(escaped), "\(text): \(line)")
        }
      }
    }
  }
}
