import Foundation
import GradLanguage
import GradvizKit
import GradvizTestSupport
import Testing

@testable import Autograd
@testable import GradvizExplorer
@testable import GradvizGraph

/// The page's evaluator of arrays beside the engine, which has kernels of its own for them.
@Suite("The explorer's arrays", .enabled(if: Script.node != nil, "node is not installed"))
struct ArrayScriptTests {
  @Test func `every sample has the engine's arrays, after edits of single entries too`() throws {
    let subjects = try Project.samples.compactMap { name -> JSONText? in
      let graph = try Project.graph(name, level: .tensor)
      guard let subject = ArraySubject(graph) else { return nil }
      return subject.program(name, edits: 4)
    }
    #expect(subjects.count >= 20, "\(subjects.count)")
    try Self.check(subjects, atLeast: 20_000)
  }

  @Test func `random programs have the engine's arrays`() throws {
    var subjects: [JSONText] = []
    for program in Seeds.programs(default: 24, [.arrays, .batch]) {
      let graph = try ComputationGraph.load(text: program.source, path: "program.grad", level: .tensor).graph
      guard let subject = ArraySubject(graph) else { continue }
      subjects.append(subject.program("\(program.seed)", edits: 5, seed: program.seed))
    }
    #expect(subjects.count > 12)
    try Self.check(subjects, atLeast: 1000)
  }

  /// Together they have every function of arrays: axes, masks, slices, products of many matrices.
  @Test func `every function of arrays has the engine's arrays`() throws {
    var subjects: [JSONText] = []
    for seed in 0..<UInt64(Seeds.count(default: ArrayProgram.expressions.count)) {
      let program = ArrayProgram(seed: seed)
      let graph = try ComputationGraph.load(text: program.source, path: "program.grad", level: .tensor).graph
      guard let subject = ArraySubject(graph) else { continue }
      subjects.append(subject.program("\(seed): \(program.source)", edits: 2, seed: seed))
    }
    #expect(subjects.count > 20)
    try Self.check(subjects, atLeast: 5000)
  }

  private static func check(_ subjects: [JSONText], atLeast count: Int) throws {
    let verdict = try Script.check(.object([("arrays", .list(subjects))]))
    #expect(verdict.failed == 0, "\(verdict.failed) of \(verdict.count), worst \(verdict.worst): \(verdict.problems)")
    #expect(verdict.count > count, "\(verdict.count)")
  }
}

/// A graph of arrays as `arrays.mjs` takes it.
struct ArraySubject {
  let graph: ComputationGraph

  /// Larger programs take long, and have nothing that the others lack.
  private static let maxEntries = 6000

  init?(_ graph: ComputationGraph) {
    guard graph.loss != nil, graph.nodes.reduce(0, { $0 + $1.value.count }) <= Self.maxEntries else { return nil }
    self.graph = graph
  }

  private var json: JSONText {
    .object([("nodes", .list(graph.nodes.map(node))), ("loss", .whole(graph.loss ?? 0))])
  }

  private func node(_ node: ComputationGraph.Node) -> JSONText {
    var members: [(key: String, value: JSONText)] = [("i", .text(node.id)), ("r", .text(node.role.rawValue))]
    if let operation = node.operation {
      members += [("o", .text(operation.rawValue)), ("a", .list(node.operands.map(JSONText.whole)))]
      if let exponent = node.exponent { members.append(("p", .number(exponent))) }
    }
    return .object(members + ArrayData(graph: graph).members(node))
  }

  /// The leaves' numbers, and what the engine makes of them.
  private func run(_ edited: ComputationGraph) -> JSONText {
    let pure = PureNumbers(edited)
    func lists(_ numbers: (Int) -> [Double]) -> JSONText {
      .list(edited.nodes.indices.map { .numbers(numbers($0)) })
    }
    return .object([
      ("x", lists { edited.nodes[$0].isLeaf ? edited.nodes[$0].value : [] }), ("values", lists(pure.values)),
      ("gradients", lists { graph.nodes[$0].gradient == nil ? [] : pure.gradient(of: $0) }),
    ])
  }

  /// The program as it is, and after each edit of one entry of one leaf, as a reader makes it.
  func program(_ name: String, edits: Int, seed: UInt64 = 1) -> JSONText {
    var choices = RandomChoices(seed: seed)
    let leaves = graph.nodes.indices.filter { graph.nodes[$0].isLeaf && graph.nodes[$0].role != .constant }
    var edited = graph
    var runs = [run(edited)]
    for _ in 0..<(leaves.isEmpty ? 0 : edits) {
      let leaf = choices.pick(leaves)
      edited.nodes[leaf].value[choices.below(edited.nodes[leaf].value.count)] += choices.between(-0.1, 0.1)
      runs.append(run(edited))
    }
    return .object([("name", .text(name)), ("graph", json), ("runs", .list(runs))])
  }
}
