import Autograd
import Foundation
import GradvizGraph
import Testing

@testable import GradLanguage

/// Loops, conditions and functions of several lines.
@Suite("Blocks")
struct BlockTests {
  private static let unrolled = """
    input x = [[1, 2], [3, 4], [5, 6]]
    param W = [[0.1, 0.2], [0.3, -0.1]]
    param U = [[0.2, 0.1], [0.1, 0.2]]
    h0 = zeros(2)
    h1 = tanh(x[0] @ W + h0 @ U)
    h2 = tanh(x[1] @ W + h1 @ U)
    h3 = tanh(x[2] @ W + h2 @ U)
    loss L = sum(h3)
    """
  private static let loop = """
    input x = [[1, 2], [3, 4], [5, 6]]
    param W = [[0.1, 0.2], [0.3, -0.1]]
    param U = [[0.2, 0.1], [0.1, 0.2]]
    T = 3
    h = zeros(2)
    for t in range(T):
        h = tanh(x[t] @ W + h @ U)

    loss L = sum(h)
    """

  @Test func `a loop is its turns one after another`() throws {
    let (own, other) = (try parse(Self.loop), try parse(Self.unrolled))
    #expect(own.warnings.isEmpty)
    let (a, b) = (own.graph(), other.graph())
    func node(_ graph: ComputationGraph, _ name: String) -> ComputationGraph.Node? {
      graph.nodes.first { $0.name == name }
    }
    for name in ["h1[0]", "h2[1]", "h3[0]", "W[0, 1]", "U[1, 0]", "L"] {
      #expect(node(a, name) != nil && node(a, name)?.value == node(b, name)?.value, "\(name)")
      #expect(node(a, name)?.gradient == node(b, name)?.gradient, "\(name)")
    }
    #expect(Set(a.nodes.compactMap(\.scope)) == ["t0", "t1", "t2"])
    let recording = own.record()
    for check in recording.tape.check(try #require(recording.loss)) { #expect(check.passes, "\(check)") }
  }

  @Test func `turns of a second loop are scopes of their own`() throws {
    let graph = try parse(
      "param w = 0.5\nh = w\nfor t in range(2):\n  h = tanh(w * h)\nfor t in range(2):\n  h = w * sin(h)\nloss L = h * h\n"
    ).graph()
    #expect(graph.nodes.map(\.scope) == [nil, "t0", "t0", "t1", "t1", "t0_2", "t0_2", "t1_2", "t1_2", nil])
    #expect(graph.nodes.filter(\.isNamed).map(\.name) == ["w", "h1", "h2", "h3", "h4", "L"])
  }

  @Test(arguments: [
    ("for i in range(4):\n  s += i\n", 6.0), ("for i in range(2, 8, 3):\n  s += i\n", 7),
    ("for i in range(3, 0, -1):\n  s = 2 * s + i\n", 17), ("for i in range(3): s += 1\n", 3),
    ("for i in range(2):\n  for j in range(3):\n    s += i * j\n", 3),
    ("for i in range(4):\n  if i > 1 and not i == 3:\n    s += 10\n  else:\n    s += 1\n", 13),
    ("for i in range(2):\n  s += sum([i,\n1,\n2])\n", 7), ("for i in range(2): s += sum([i,\n1,\n2])\n", 7),
    ("n = 2\nfor i in range(n + 1):\n  s += 1\n", 3),
    ("for i in range(3):\n\n  # a comment\n  s += 1\n\n  s += 1\n", 6),
    ("for i in range(2):\n  a = s + 1\n  s = a * a\n", 4), ("if 2 > 1: s += 0\n", -1),
  ]) func `turns, steps and conditions`(body: String, value: Double) throws {
    let text = "param w = 1\ns = w * 0\n\(body)\nloss L = s + w - 1\n"
    guard value >= 0 else {
      // Outside a loop a value keeps one meaning.
      #expect(messages(text).contains { $0.contains("outside a loop a value keeps one meaning") })
      return
    }
    let recording = try parse(text).record()
    #expect(recording.loss?.data == value)
  }

  @Test(arguments: ["pad(w, 0)", "flip(w, axis=1)", "tile(w, [1, 1])", "concat([w])", "w.clip()", "w[:]"])
  func `a call that changes nothing leaves a parameter what it is`(call: String) throws {
    let graph = try parse("param w = [[2], [3]]\ny = \(call)\nloss L = sum(y * w)\n").graph(level: .tensor)
    let node = try #require(graph.nodes.first { $0.name == "w" })
    #expect(node.role == .parameter)
    #expect(!graph.nodes.contains { $0.name == "y" })
  }

  @Test func `a value of the name of a function does not change the function`() throws {
    let text = "stack = 2\nparam a = [1, 2]\nloss L = sum(stack([a, a], axis=1) @ [stack, 1])"
    let recording = try parse(text).record()
    #expect(recording.loss?.data == 9)
  }

  @Test func `a function of several lines is its last line`() throws {
    let text = """
      def cell(x, h):
          z = 0.5 * x + h
          z = z * z
          return tanh(z) + z
      param w = 0.3
      a = cell(w, 1)
      loss L = a + cell(h: w, x: 2)
      """
    let recording = try parse(text).record()
    func cell(_ x: Double, _ h: Double) -> Double {
      let z = (0.5 * x + h) * (0.5 * x + h)
      return Foundation.tanh(z) + z
    }
    let loss = try #require(recording.loss)
    #expect(abs(loss.data - cell(0.3, 1) - cell(2, 0.3)) < 1e-12)
    for check in recording.tape.check(loss) { #expect(check.passes, "\(check)") }
    #expect(Set(try parse(text).graph().nodes.compactMap(\.scope)) == ["cell1", "cell2"])
  }

  @Test func `functions are called in loops, and each call is a scope of the turn`() throws {
    let text = """
      def f(x) = x * 2
      param w = 1
      s = w
      for i in range(2):
        s = f(s)
      loss L = s * 3
      """
    let graph = try parse(text).graph()
    #expect(graph.nodes[try #require(graph.loss)].value == [12])
    #expect(Set(graph.nodes.compactMap(\.scope)) == ["i0.f1", "i1.f2"])
  }

  @Test func `layers and parameters in a loop are others in every turn`() throws {
    let text = """
      input x = [[1, 2]]
      h = x
      for i in range(2):
        layer d = dense(h, 2, tanh)
        param b = 0.5
        h = d + b
      loss L = sum(h)
      """
    let names = Set(try parse(text).record().names.keys)
    #expect(names.isSuperset(of: ["d1.w", "d2.w", "b1", "b2", "h1", "h2"]))
  }

  @Test(arguments: [
    ("for t in range(0):\n  a = 1\n", "1:10: the range is empty; `range(3)` is 0, 1, 2"),
    ("for t in range(3)\n  a = 1\n", "1:18: expected `:`, found the end of the line"),
    ("for t in range(2):\na = 1\n", "1:1: `for` has no lines of its own; indent the lines that belong to it"),
    ("for t in [1, 2]:\n  a = 1\n", "1:10: expected `range(…)`, found `[`; as in `for t in range(3):`"),
    ("for t in range(20000):\n  a = 1\n", "1:10: a loop has at most 10000 turns"),
    ("for t in range(1.5):\n  a = 1\n", "1:16: the end of a `range` must be a whole number"),
    (
      "param w = 1\nfor t in range(w):\n  a = 1\n",
      "2:16: the end of a `range` must be a constant; it is read before the program runs"
    ),
    (
      "param w = 1\nif w > 0:\n  a = 1\n",
      "2:4: the condition of an `if` must be a constant; it is read before the program runs; "
        + "`where(condition, a, b)` chooses between values"
    ),
    ("for t in range(2):\n  t = 3\n", "2:3: `t` counts the turns of a loop; take another name"),
    ("param t = 1\nfor t in range(2):\n  a = 3\n", "2:5: `t` is already a name; take another name for the turns"),
    ("for t in range(2):\n  a = q\n", "2:7: unknown name `q`"),
    (
      "for t in range(2):\n  a = 1\na = 2\n",
      "3:1: `a` is assigned in a loop and keeps its last value; take another name"
    ),
    ("def f(x):\n  y = x\n", "1:1: the function returns nothing; its last line is `return …`"),
    ("def f(x):\n  return x\n  y = 2\n", "3:3: nothing follows a `return`; it returns `x`"),
    ("def f(x):\n  x = 2\n  return x\n", "2:3: `x` is a parameter and keeps its meaning; take another name"),
    ("param w = 1\nw += 1\n", "2:1: outside a loop a value keeps one meaning; give the new value a name of its own"),
  ]) func `what is wrong is said once`(text: String, expected: String) {
    #expect(messages(text) == [expected])
  }

  @Test func `loops that turn very often, and blocks that nest very deep, are refused`() {
    var text = "s = 0\n"
    for depth in 0..<30 { text += String(repeating: " ", count: depth) + "for i\(depth) in range(2):\n" }
    text += String(repeating: " ", count: 30) + "s += 1\n"
    #expect(messages(text).contains { $0.contains("blocks are nested more than 20 levels deep") })
    let nested = "for a in range(10000):\n for b in range(10000):\n  for c in range(10000):\n   if c < 0:\n    x = 1\n"
    let said = messages("param w = 1\n" + nested)
    #expect(said.contains { $0.contains("the loops have more than 20000 turns in all") })
  }

  @Test func `a second name draws no box, and a result takes over the name of a plain value`() throws {
    let text = "param w = 2\nu = w\nh = u * 3\npredict p = h\nloss L = p * p"
    let graph = try parse(text).graph()
    #expect(graph.nodes.map(\.name).sorted() == ["L", "c1", "p", "w"])
    #expect(graph.nodes.first { $0.name == "p" }?.role == .prediction)
    #expect(
      messages("param w = 2\npredict p = w") == ["2:13: `p` would be a second name for `w`; compute something from it"])
  }
}
