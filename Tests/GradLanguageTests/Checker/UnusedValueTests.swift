import Testing

@testable import GradLanguage

@Suite("Values that nothing uses")
struct UnusedValueTests {
  private func warnings(_ text: String) throws -> [String] {
    try parse(text).warnings.map { warning in
      #expect(warning.severity == .warning)
      return "\(warning.line):\(warning.column): \(warning.message)" + (warning.hint.map { "; \($0)" } ?? "")
    }
  }

  private let tail = "param w = 2\nloss L = w**2"

  @Test(arguments: [
    ("lr = 0.5", "1:1: nothing uses `lr`; did you mean `rate 0.5`?"),
    ("learning_rate = 1e-2", "1:1: nothing uses `learning_rate`; did you mean `rate 1e-2`?"),
    ("epochs = 20", "1:1: nothing uses `epochs`; did you mean `steps 20`?"),
    ("batch_size = 4", "1:1: nothing uses `batch_size`; did you mean `batch 4`?"),
    ("momentum = 0.9", "1:1: nothing uses `momentum`; did you mean `optimizer sgd(momentum: 0.9)`?"),
    ("param lr = 0.5", "1:7: nothing uses `lr`; did you mean `rate 0.5`?"),
    ("param u = 3", "1:7: nothing uses `u`"),
    ("input x = [1, 2]", "1:7: nothing uses `x`"),
    ("c = 3 * 4", "1:1: nothing uses `c`"),
    ("lr = 0.5\nrate 0.1", "1:1: nothing uses `lr`; `rate` is set on line 2"),
    ("lr = 0.5\noptimizer adam(rate: 0.1)", "1:1: nothing uses `lr`; the rate is set on line 2"),
    ("input x = 2\ndead = x * 3", "2:1: nothing uses `dead`; `predict dead = …` makes it a prediction"),
    (
      "input x = [[1, 2]]\nlayer h = dense(x, 2)",
      "2:7: nothing uses `h`; `predict h = …` makes it a prediction"
    ),
    (
      "h = 1\nfor t in range(4):\n  q = h * 2\n  h = h + 1\nmetric m = h",
      "3:3: nothing uses `q`; `predict q = …` makes it a prediction"
    ),
    (
      "param v = 1\nfor t in range(4):\n  h = v * t\nmetric m = h",
      "3:3: nothing uses `h1`; `predict h1 = …` makes it a prediction"
    ),
    ("def f(a):\n  b = a * 2\n  c = b * b\n  return b\nmetric m = f(3)", "3:3: nothing uses `c`"),
    // A function's own parameter does not use a value of that name.
    ("param a = 1\ndef f(a) = a * 2\nk = f(3)\nmetric m = k", "1:7: nothing uses `a`"),
    // A second name of a parameter or of a result cannot be a prediction.
    ("param v = 1\nlr = v\nmetric m = v", "2:1: nothing uses `lr`"),
    ("param v = 1\npredict q = v * 2\nr = q", "3:1: nothing uses `r`"),
  ])
  func `are named, with what was meant`(_ lines: String, _ warning: String) throws {
    #expect(try warnings(lines + "\n" + tail) == [warning])
  }

  @Test(arguments: [
    "target y = 3", "k = 3\nmetric m = 2 * k", "predict p = w * 3",
    "lr = 0.5\nrate lr", "n = 1\nbatch n\ninput x = [1, 2]\nmetric m = sum(x)", "def f(a) = a * c\nc = 3",
    "input x = [[1, 2]]\nlayer h = dense(x, 2)\nk = sum(h.w)\nmetric m = k",
    "input x = 2\nmetric m = x * 3",
  ])
  func `what is looked at, or used by a setting, is not`(_ lines: String) throws {
    #expect(try warnings("param w = 2\n" + lines + "\nloss L = w**2").isEmpty)
  }

  @Test(arguments: [
    "param a = 3", "input x = 2\ny = x * 3", "lr = 0.5", "input a = 2\nparam b = 3\nc = a * b\nd = a - b",
  ])
  func `a program without a loss shows what it computes last`(_ text: String) throws {
    #expect(try warnings(text).isEmpty)
  }

  @Test(arguments: Samples.names)
  func `samples have none`(_ name: String) throws {
    #expect(try Samples.program(name).warnings.isEmpty)
  }
}

@Suite("Several predictions and targets")
struct SeveralPredictionsTests {
  private let text = """
    input x = [[1, 2], [0.5, -1], [2, 0]]
    target y1 = [1, 0, 1]
    target y2 = [2, 1, 3]
    param w = [0.5, -0.3]
    param v = [0.1, 0.2]
    predict p = sigmoid(x @ w)
    predict q = x @ v
    loss L = bce(p, y1) + mse(q, y2)
    metric right = accuracy(p, y1)
    metric far = mae(q, y2)
    """

  @Test func `each is a prediction of the graph, in its lane`() throws {
    let program = try parse(text)
    let recording = program.record()
    #expect(
      recording.predictions.map(\.name) == ["p", "q"] && recording.targets.map(\.name) == ["y1", "y2"])
    let graph = program.graph(level: .scalar)
    let predictions = graph.nodes.filter { $0.role == .prediction }
    #expect(predictions.map(\.name).sorted() == ["p[0]", "p[1]", "p[2]", "q[0]", "q[1]", "q[2]"])
    #expect(graph.laneCount == 3 && predictions.allSatisfy { $0.lane != nil })
    #expect(program.graph(level: .tensor).nodes.filter { $0.role == .prediction }.map(\.name) == ["p", "q"])
    #expect(recording.metrics().map(\.name) == ["right", "far"])
    #expect(program.warnings.isEmpty)
  }

  @Test func `a prediction may be made of another, or lead nowhere`() throws {
    let program = try parse(
      "input x = [1, 2]\ntarget y = [0, 1]\nparam w = 2\npredict z = x * w\npredict p = sigmoid(z)\npredict other = -z\nloss L = bce(p, y)"
    )
    #expect(program.graph().nodes.filter { $0.role == .prediction }.count == 6)
    #expect(program.warnings.isEmpty)
  }

  @Test func `there is one loss`() {
    #expect(
      messages("param w = 1\nloss L = w**2\nloss M = w**3") == [
        "3:6: the loss is already declared: `L` on line 2; remove the keyword: `M = …`"
      ])
  }
}
