import Testing

@testable import Autograd
@testable import GradvizGraph

@Suite("Formulas")
struct SymbolicTests {
  private func formulas(_ build: (Tape) -> Value) -> [String: String] {
    let tape = Tape()
    let graph = tape.graph(loss: build(tape), level: .scalar)
    let symbolic = Symbolic(graph)
    var result: [String: String] = [:]
    for (index, node) in graph.nodes.enumerated() {
      result[node.name] = symbolic.gradient(of: index)?.text(in: graph)
    }
    return result
  }

  @Test func `the article's example, word for word`() {
    let gradients = formulas { tape in
      let a = tape.input(2, name: "a")
      let b = tape.input(-3, name: "b")
      let c = tape.input(10, name: "c")
      let f = tape.input(-2, name: "f")
      let e = (a * b).label("e")
      let d = (e + c).label("d")
      return (d * f).label("L", role: .loss)
    }
    #expect(gradients == ["a": "f*b", "b": "f*a", "c": "f", "d": "f", "e": "f", "f": "d", "L": "1"])
  }

  @Test func `a squared error and a tanh through its own name`() {
    let gradients = formulas { tape in
      let x = tape.input(2, name: "x")
      let y = tape.target(1, name: "y")
      let w = tape.parameter(0.5, name: "w")
      let prediction = tanh(x * w).label("ŷ", role: .prediction)
      return ((prediction - y) ** 2).label("L", role: .loss)
    }
    #expect(gradients["ŷ"] == "2*(ŷ - y)")
    #expect(gradients["n1"] == "2*(ŷ - y)*(1 - ŷ**2)")
    #expect(gradients["y"] == "-2*(ŷ - y)")
    #expect(gradients["w"] == "2*(ŷ - y)*(1 - ŷ**2)*x")
  }

  @Test func `like terms are collected`() {
    let gradients = formulas { tape in
      let a = tape.parameter(3, name: "a")
      let b = (a + a).label("b")
      return (b * b).label("c", role: .loss)
    }
    #expect(gradients == ["a": "4*b", "b": "2*b", "c": "1"])
  }

  @Test func `a sum of one number is that number`() {
    let gradients = formulas { tape in
      let a = tape.parameter(3, name: "a")
      let total = sum([a])
      return (total * mean([total])).label("L", role: .loss)
    }
    #expect(gradients["a"] == "2*a")
  }

  @Test func `simple rules`() {
    let x = Formula.value(0)
    let y = Formula.value(1)
    #expect(Formula.number(1) * x == x)
    #expect(Formula.number(0) * x == .number(0))
    #expect(Formula.number(0) + x == x)
    #expect(x - x == .number(0))
    #expect(x * x == .power(x, .number(2)))
    #expect(x * y / y == x)
    #expect(x / .number(1) == x)
    #expect(Formula.negative(.negative(x)) == x)
    #expect(Formula.number(2) * (.number(3) * x) == .product([.number(6), x]))
  }

  @Test func `formulas of arrays are those of matrix calculus`() throws {
    let tape = Tape()
    let x = tape.input([[1, 2], [3, 4]], name: "x")
    let weights = tape.parameter([[1, 0], [0, 1]], name: "W")
    let z = matmul(x, weights).label("z")
    let graph = tape.graph(loss: (z ** 2).sum().label("L", role: .loss).value, level: .tensor)
    let symbolic = Symbolic(graph)
    func gradient(_ name: String) throws -> String {
      let index = try #require(graph.nodes.firstIndex { $0.name == name })
      return try #require(symbolic.gradient(of: index)).text(in: graph)
    }
    #expect(try gradient("z") == "2*z")
    #expect(try gradient("W") == "x.T @ ∂L/∂z")
    #expect(try gradient("x") == "∂L/∂z @ W.T")
  }

  @Test func `values used again and again do not make formulas explode`() {
    let tape = Tape()
    var value = tape.parameter(1.0001, name: "a")
    for step in 0..<60 { value = (value + value * 0.5).label("v\(step)") }
    let many = sum((0..<3000).map { _ in value }).label("L", role: .loss)
    let graph = tape.graph(loss: many, level: .scalar)
    let symbolic = Symbolic(graph)
    #expect(symbolic.definition(of: graph.nodes.count - 1) { _ in false }.size < 1000)
    #expect(symbolic.gradient(of: 0).map { $0.size < 1000 } == true)
  }
}
