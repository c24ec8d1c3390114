import Autograd
import Foundation
import Testing

@testable import GradvizGraph

/// Tapes of numbers as the matrices, norms and heads of attention that they were written out of.
@Suite("Recovery")
struct RecoveryTests {
  private func recovered(_ graph: ComputationGraph) throws -> Recovery {
    let recovery = try #require(graph.recovered())
    try expectProof(recovery, graph)
    return recovery
  }

  /// The boxes, expanded, are the tape, value for value; every value is in one place.
  private func expectProof(_ recovery: Recovery, _ graph: ComputationGraph) throws {
    let forms = RecoveredForms(recovery, of: graph)
    var stripped = graph
    for index in graph.nodes.indices where recovery.boxOf[index] >= 0 {
      stripped.nodes[index].operation = nil
      stripped.nodes[index].exponent = nil
      stripped.nodes[index].operands = []
    }
    #expect(stripped != graph)
    #expect(forms.expanded(in: stripped) == graph)
    var seen = Set<Int>()
    for (number, box) in recovery.boxes.enumerated() {
      for member in box.nodes { #expect(seen.insert(member).inserted && recovery.boxOf[member] == number) }
      #expect(Set(box.rows.joined()).isSubset(of: box.nodes))
    }
    #expect(seen.count == recovery.boxOf.count { $0 >= 0 })
    #expect(recovery == graph.recovered())
  }

  private func names(_ recovery: Recovery) -> [String] { recovery.boxes.map(\.path) }

  private func box(_ path: String, _ recovery: Recovery) throws -> Recovery.Box {
    try #require(recovery.boxes.first { $0.path == path }, "\(names(recovery))")
  }

  /// The numbers of a box by rows.
  private func values(_ box: Recovery.Box, _ graph: ComputationGraph) -> [[Double]] {
    box.rows.map { $0.map { graph.nodes[$0].value[0] } }
  }

  private func expectEqual(_ a: [[Double]], _ b: [[Double]]) {
    #expect(a.map(\.count) == b.map(\.count))
    for (first, second) in zip(a.joined(), b.joined()) { #expect(abs(first - second) < 1e-9) }
  }

  @Test(arguments: ScalarTapes.Spelling.allCases, 1...4)
  func `layers of a network of numbers are matrices`(_ spelling: ScalarTapes.Spelling, seed: Int) throws {
    var writer = ScalarTapes(spelling, seed: seed)
    let sizes = (0..<4).map { _ in Int.random(in: 2...6, using: &writer.numbers) }
    let layers = (1...3).map {
      (writer.matrix("v\($0)_", sizes[$0], sizes[$0 - 1]), writer.matrix("u\($0)_", 1, sizes[$0])[0])
    }
    var losses: [Value] = []
    for sample in 1...3 {
      var x = writer.vector("x\(sample)_", sizes[0])
      for (weights, bias) in layers { x = writer.linear(x, weights, bias: bias).map { tanh($0) } }
      losses.append(writer.sum(x.map { ($0 - writer.tape.constant(0.5)) ** 2 }))
    }
    let loss = writer.sum(losses) * writer.tape.constant(0.25)
    let graph = writer.tape.graph(loss: loss, level: .scalar)
    let recovery = try recovered(graph)
    for layer in 1...3 {
      let weights = values(try box("W\(layer)", recovery), graph)
      expectEqual(weights, layers[layer - 1].0.map { $0.map(\.data) })
      expectEqual(values(try box("b\(layer)", recovery), graph), [layers[layer - 1].1.map(\.data)])
      // W @ x + b, computed again from the boxes.
      let input = layer == 1 ? "x1" : "tanh \(layer - 1)"
      let x = values(try box(input, recovery), graph)
      let product = x.map { x in
        zip(weights, layers[layer - 1].1).map { row, bias in zip(row, x).reduce(bias.data) { $0 + $1.0 * $1.1 } }
      }
      expectEqual(values(try box("W\(layer) @ x + b", recovery), graph), product)
    }
    // The loss is all that has no box, and its factor.
    #expect(recovery.boxOf.count { $0 < 0 } <= 3)
    if spelling != .shuffled {
      // Each row of a product, and each number of a map, is computed alike.
      #expect(RecoveredForms(recovery, of: graph).instances.allSatisfy { Set($0.map(\.form)).count <= 1 })
    }
  }

  @Test(arguments: [ScalarTapes.Spelling.python, .shuffled], 1...3)
  func `a block of a GPT is its norms, matrices and heads`(_ spelling: ScalarTapes.Spelling, seed: Int) throws {
    var writer = ScalarTapes(spelling, seed: seed)
    let (width, heads, positions) = (4, 2, 3)
    let tokens = writer.matrix("t", positions, width)
    let places = writer.matrix("p", positions, width)
    let (wq, wk, wv) = (writer.matrix("a", 4, 4), writer.matrix("b", 4, 4), writer.matrix("c", 4, 4))
    let (wo, up, down) = (writer.matrix("d", 4, 4), writer.matrix("e", 8, 4), writer.matrix("f", 4, 8))
    let head = writer.matrix("g", 5, 4)
    var (keys, values, losses): ([[Value]], [[Value]], [Value]) = ([], [], [])
    for position in 0..<positions {
      let x = writer.rmsNorm(zip(tokens[position], places[position]).map { $0 + $1 })
      let normed = writer.rmsNorm(x)
      keys.append(writer.linear(normed, wk))
      values.append(writer.linear(normed, wv))
      let mixed = writer.attention(writer.linear(normed, wq), keys, values, heads: heads)
      let y = zip(writer.linear(mixed, wo), x).map { $0 + $1 }
      let hidden = writer.linear(writer.rmsNorm(y), up).map { relu($0) }
      let z = zip(writer.linear(hidden, down), y).map { $0 + $1 }
      losses.append(-log(writer.softmax(writer.linear(z, head))[position]))
    }
    let loss = writer.sum(losses) * writer.tape.constant(1 / 3)
    let graph = writer.tape.graph(loss: loss, level: .scalar)
    let recovery = try recovered(graph)
    #expect(recovery.boxes.count < 40, "\(names(recovery))")
    for (name, weights) in [("W1", wk), ("W2", wv), ("W3", wq)] {
      let path = try #require(recovery.boxes.first { $0.path == "attention.\(name)" || $0.path == name })
      #expect(path.rows.count == 4)
      expectEqual(
        self.values(path, graph).sorted { $0[0] < $1[0] },
        [wq, wk, wv].first { $0[0][0].data == self.values(path, graph)[0][0] }.map { $0.map { $0.map(\.data) } }?
          .sorted { $0[0] < $1[0] } ?? weights.map { $0.map(\.data) })
    }
    for number in 1...heads {
      let path = "attention.head \(number).head \(number)"
      let scores = self.values(try box("\(path) scores", recovery), graph)
      let weights = self.values(try box("\(path) softmax", recovery), graph)
      #expect(scores.map(\.count) == [1, 2, 3])
      for (own, weights) in zip(scores, weights) {
        let total = own.reduce(0) { $0 + Foundation.exp($1) }
        expectEqual([weights], [own.map { Foundation.exp($0) / total }])
      }
      // Each row of the head is its weights times the values.
      let part = (number - 1) * 2..<number * 2
      let v = self.values(try box("attention.v", recovery), graph)
      let mixed = weights.map { own in part.map { place in zip(own, v).reduce(0) { $0 + $1.0 * $1.1[place] } } }
      expectEqual(self.values(try box("\(path) values", recovery), graph), mixed)
    }
    for name in ["rmsnorm 1", "rmsnorm 2", "rmsnorm 3", "relu", "cross entropy", "add 1", "add 2", "add 3"] {
      let count = try box(name, recovery).rows.joined().count
      #expect(count == (name == "cross entropy" ? 3 : name == "relu" ? 24 : 12), "\(name) of \(names(recovery))")
    }
    #expect(recovery.boxOf.count { $0 < 0 } <= 3)
  }

  @Test(arguments: 1...20)
  func `where there is nothing, nothing is recognized`(seed: Int) throws {
    // Every number used once, in operations drawn by lot: a tree without sums of products.
    var writer = ScalarTapes(.plain, seed: seed)
    var values = (1...12).map { writer.tape.parameter(writer.number() + 2, name: "a\($0)") }
    while values.count > 1 {
      let (a, b) = (values.removeFirst(), values.removeFirst())
      values.append(
        [a * b, a - b, a / b, tanh(a) * b][Int.random(in: 0..<4, using: &writer.numbers)])
    }
    let graph = writer.tape.graph(loss: values[0], level: .scalar)
    #expect(graph.recovered() == nil, "\(graph.recovered().map { names($0) } ?? [])")
  }

  @Test(arguments: 1...40)
  func `whatever the tape, the boxes are the tape again`(seed: Int) throws {
    // Graphs drawn by lot: sums, products and functions of values before.
    var writer = ScalarTapes(ScalarTapes.Spelling.allCases[seed % 3], seed: seed)
    var values = writer.matrix("w", 3, 3).joined() + writer.vector("x", 4)
    func some(_ writer: inout ScalarTapes) -> Value { values[Int.random(in: 0..<values.count, using: &writer.numbers)] }
    for _ in 0..<60 {
      switch Int.random(in: 0..<6, using: &writer.numbers) {
      case 0: values.append(some(&writer) * some(&writer))
      case 1: values.append(some(&writer) + some(&writer))
      case 2: values.append(tanh(some(&writer)))
      case 3:
        let terms = (0..<4).map { _ in writer.product(some(&writer), some(&writer)) }
        values.append(writer.sum(terms))
      case 4: values += writer.softmax((0..<3).map { _ in tanh(some(&writer)) })
      default: values += writer.rmsNorm((0..<3).map { _ in tanh(some(&writer)) })
      }
    }
    let loss = writer.sum(values.suffix(12).map { tanh($0) })
    let graph = writer.tape.graph(loss: loss, level: .scalar)
    if let recovery = graph.recovered() { try expectProof(recovery, graph) }
  }

  @Test func `numbers that each neuron has of its own are one vector`() throws {
    var writer = ScalarTapes(.python, seed: 3)
    let (first, second) = (writer.matrix("w", 4, 3), writer.matrix("v", 1, 4))
    // As `model([2.0, 2.0, -1.0])` of micrograd: a new value of each number for each weight.
    let hidden = first.map { row in
      tanh(writer.sum(zip(row, [2.0, 2.0, -1.0]).map { $0 * writer.tape.constant($1) }))
    }
    let loss = (writer.linear(hidden, second)[0] - writer.tape.constant(1)) ** 2
    let graph = writer.tape.graph(loss: loss, level: .scalar)
    let recovery = try recovered(graph)
    expectEqual(values(try box("W1", recovery), graph), first.map { $0.map(\.data) })
    expectEqual(values(try box("x1", recovery), graph), [[2, 2, -1]])
  }

  @Test func `a graph with layers of its own, or of arrays, stays as it is`() throws {
    var writer = ScalarTapes(.plain, seed: 1)
    let (weights, x) = (writer.matrix("w", 3, 3), writer.vector("x", 3))
    let loss = writer.sum(writer.linear(x, weights).map { tanh($0) })
    var graph = writer.tape.graph(loss: loss, level: .scalar)
    #expect(graph.recovered() != nil)
    graph.nodes[graph.nodes.count - 2].scope = "layer"
    #expect(graph.recovered() == nil)
  }
}
