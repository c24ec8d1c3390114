import Foundation
import Testing

@testable import Autograd
@testable import GradvizGraph

/// Layers and losses that a recorder has as one operation have formulas of their gradients.
@Suite("Rules of recorded operations")
struct RecordedRuleTests {
  private static let leaves =
    #"{"id":"x","value":[[1,2],[3,-1],[0.5,0.25]]},{"id":"W","role":"parameter","value":[[1,-1],[0.5,2]]},"#
    + #"{"id":"b","role":"parameter","shape":[2],"value":[0.1,-0.2]},{"id":"t","value":[[[1,2],[3,4]],[[-1,0.5],[2,-3]]]},{"id":"v","shape":[2],"value":[0.3,0.6]},"#
    + #"{"id":"y","value":[[0.5,1],[0.25,0],[1,0.125]]},{"id":"k","dtype":"int64","shape":[3],"value":[1,0,1]},"#
    + #"{"id":"p","value":[[0.5,0.7],[0.2,0.1],[0.9,0.6]]}"#

  /// The graph whose last nodes are these, with the numbers that the engine computes for those without.
  private func graph(_ nodes: String) throws -> ComputationGraph {
    try ComputationGraph.decodeJSON(
      Data(#"{"version":2,"level":"tensor","loss":"L","nodes":[\#(Self.leaves),\#(nodes)]}"#.utf8)
    ).checked().graph
  }

  /// The operations with their values, as the engine has them.
  private func nodes(_ operation: String, _ operands: [String], _ attributes: String = "{}", then loss: String? = nil)
    throws -> String
  {
    let list = operands.map { "\"\($0)\"" }.joined(separator: ",")
    let known: [String: (shape: [Int], values: [Double])] = [
      "x": ([3, 2], [1, 2, 3, -1, 0.5, 0.25]), "W": ([2, 2], [1, -1, 0.5, 2]), "b": ([2], [0.1, -0.2]),
      "v": ([2], [0.3, 0.6]), "t": ([2, 2, 2], [1, 2, 3, 4, -1, 0.5, 2, -3]),
      "y": ([3, 2], [0.5, 1, 0.25, 0, 1, 0.125]), "k": ([3], [1, 0, 1]),
      "p": ([3, 2], [0.5, 0.7, 0.2, 0.1, 0.9, 0.6]),
    ]
    let tape = Tape()
    let places = operands.map { name in
      tape.array(known[name]?.values ?? [], shape: known[name]?.shape ?? [], role: .parameter)
    }
    var facts = ComputationGraph.RecordedFacts()
    facts.operation = operation
    let read = try ComputationGraph.decodeJSON(
      Data(
        #"{"version":2,"level":"tensor","nodes":[{"id":"a","operation":"\#(operation)","attributes":\#(attributes),"value":1}]}"#
          .utf8))
    facts.attributes = read.nodes[0].facts?.attributes ?? []
    for shape in [[], [2], [3, 2], [2, 2, 2]] {
      guard
        let place = RecordedModule(tape: tape, facts: facts, shape: shape, operands: places.map(\.index)).record()
      else { continue }
      let values = Tensor(tape: tape, index: place).data
      let shown = shape.isEmpty ? "\(values[0])" : "\(values)"
      let end = loss.map { #",{"id":"L","operation":"\#($0)","operands":["r"],"value":\#(values.reduce(0, +))}"# } ?? ""
      return
        #"{"id":"\#(loss == nil ? "L" : "r")","operation":"\#(operation)","operands":[\#(list)],"attributes":\#(attributes),"#
        + #""shape":\#(shape),"value":\#(shown)}"# + end
    }
    Issue.record("\(operation) is not known")
    return ""
  }

  private func formula(_ name: String, _ nodes: String) throws -> String {
    let graph = try graph(nodes)
    let place = try #require(graph.nodes.firstIndex { $0.id == name })
    let formula = try #require(Symbolic(graph).gradient(of: place))
    let value = try #require(formula.value(in: graph), "\(formula)")
    let gradient = try #require(graph.nodes[place].gradient)
    #expect(value.shape == graph.nodes[place].shape)
    for (own, given) in zip(value.numbers, gradient) { #expect(abs(own - given) < 1e-9) }
    return formula.text(in: graph)
  }

  @Test(arguments: [
    ("x", "∂L/∂r @ W"), ("W", "∂L/∂r.T @ x"), ("b", "Σ rows ∂L/∂r"),
  ])
  func `a linear layer of rows`(name: String, expected: String) throws {
    let text = try formula(name, nodes("linear", ["x", "W", "b"], then: "sum"))
    #expect(text == expected)
  }

  @Test(arguments: [("v", "∂L/∂r @ W"), ("W", "∂L/∂r ⊗ v"), ("b", "∂L/∂r")])
  func `a linear layer of one row`(name: String, expected: String) throws {
    let text = try formula(name, nodes("linear", ["v", "W", "b"], then: "sum"))
    #expect(text == expected)
  }

  @Test(arguments: [
    ("t", "∂L/∂r @ W"), ("W", "reshape(∂L/∂r, 4, 2).T @ reshape(t, 4, 2)"), ("b", "Σ rows (sum(∂L/∂r, axis=0))"),
  ])
  func `a linear layer of several axes`(name: String, expected: String) throws {
    let text = try formula(name, nodes("linear", ["t", "W", "b"], then: "sum"))
    #expect(text == expected)
  }

  @Test func `layers and losses say what they compute`() throws {
    for (operation, operands, name, expected) in [
      ("linear", ["x", "W", "b"], "r", "x @ W.T + b"), ("linear", ["v", "W"], "r", "W @ v"),
      ("mse_loss", ["x", "y"], "L", "mean((x - y)**2)"), ("l1_loss", ["x", "y"], "L", "mean(|x - y|)"),
    ] {
      var graph = try graph(nodes(operation, operands, then: name == "r" ? "sum" : nil))
      let place = try #require(graph.nodes.firstIndex { $0.id == name })
      #expect(Symbolic(graph).recordedDefinition(of: place)?.text(in: graph) == expected)
      graph.nodes[place].value[0] += 1
      #expect(Symbolic(graph).recordedDefinition(of: place) == nil)
    }
  }

  @Test func `an embedding adds up what comes back to a row`() throws {
    let text = try formula("W", nodes("embedding", ["k", "W"], then: "sum"))
    #expect(text == "zeros(2, 2)[[1, 0, 1], :] += ∂L/∂r")
  }

  @Test(arguments: [("b", "Σ rows ∂L/∂r"), ("x", "∂L/∂r @ W.T"), ("W", "x.T @ ∂L/∂r")])
  func `a product with a bias`(name: String, expected: String) throws {
    let text = try formula(name, nodes("addmm", ["b", "x", "W"], then: "sum"))
    #expect(text == expected)
  }

  @Test(arguments: [
    ("mse_loss", "{}", "(x - y)/(3)"), ("mse_loss", #"{"reduction":"sum"}"#, "2*(x - y)"),
    ("l1_loss", "{}", "(sign(x - y))/(6)"), ("binary_cross_entropy_with_logits", "{}", "(sigmoid(x) - y)/(6)"),
  ])
  func `a loss of pairs`(name: String, attributes: String, expected: String) throws {
    let text = try formula("x", nodes(name, ["x", "y"], attributes))
    #expect(text == expected)
  }

  @Test func `a loss of probabilities`() throws {
    #expect(try !formula("p", nodes("binary_cross_entropy", ["p", "y"])).hasPrefix("∂"))
  }

  @Test(arguments: [
    ("k", "(softmax(x, axis=1) - one_hot(k, 2))/(3)"), ("p", "(softmax(x, axis=1) − p)/3"),
  ])
  func `cross-entropy is the softmax minus the target`(target: String, expected: String) throws {
    // Rows of `p` do not sum to 1: then PyTorch's gradient is another, and no formula is shown.
    let text = try formula("x", nodes("cross_entropy", ["x", target]))
    #expect(text == (target == "k" ? expected : "∂L/∂x"))
  }

  @Test func `a call with anything unusual has no formula that does not hold`() throws {
    let sum = try nodes("cross_entropy", ["x", "k"], #"{"reduction":"sum"}"#)
    let text = try formula("x", sum)
    #expect(text == "softmax(x, axis=1) - one_hot(k, 2)")
    let graph = try graph(sum.replacingOccurrences(of: #""reduction":"sum""#, with: #""label_smoothing":0.1"#))
    let place = try #require(graph.nodes.firstIndex { $0.id == "x" })
    #expect(Symbolic(graph).gradient(of: place)?.text(in: graph) == "∂L/∂x")
  }

  @Test func `numbers of half the digits have formulas, too`() throws {
    let whole = try nodes("mse_loss", ["x", "y"])
    let graph = try graph(whole)
    var rounded = graph
    for index in graph.nodes.indices {
      rounded.nodes[index].gradient = graph.nodes[index].gradient?.map { Double(Float($0 * (1 + 3e-6))) }
    }
    let place = try #require(graph.nodes.firstIndex { $0.id == "x" })
    #expect(Symbolic(rounded).gradient(of: place)?.text(in: graph) == "∂L/∂x")
    var facts = ComputationGraph.RecordedFacts()
    facts.type = "float32"
    rounded.nodes[place].facts = facts
    #expect(Symbolic(rounded).gradient(of: place)?.text(in: graph) != "∂L/∂x")
  }
}
