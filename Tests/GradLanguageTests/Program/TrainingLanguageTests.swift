import Autograd
import Foundation
import GradvizGraph
import Testing

@testable import GradLanguage

@Suite("Training in the language") struct TrainingLanguageTests {
  private let points = """
    input  x = [[0, 0], [0, 1], [1, 0], [1, 1], [2, 1], [1, 2]]
    target y = [0, 1, 1, 0, 1, 1]

    """

  @Test func `a layer declares its weights and bias`() throws {
    let recording = try parse(
      points + "layer hidden = dense(x, 3, tanh)\nloss L = sum(hidden.w**2) + sum(hidden)"
    ).record()
    let start = Linear.start(inputs: 2, outputs: 3, initialization: .uniform, seed: 1)
    #expect(
      recording.names["hidden.w"]?.data == start.weight && recording.names["hidden.w"]?.shape == [2, 3])
    #expect(recording.names["hidden.b"]?.data == start.bias)
    #expect(recording.names["hidden"]?.shape == [6, 3])
    let graph = try parse(points + "layer h = dense(x, 3, relu)\nloss L = sum(h)").graph(level: .tensor)
    #expect(graph.nodes.filter { $0.scope == "h" }.compactMap(\.operation) == [.matrixMultiply, .add, .relu])
    #expect(graph.nodes.filter { $0.role == .parameter }.map(\.name) == ["h.w", "h.b"])
    let seeded = try parse(points + "layer h = dense(x, 3, scheme: kaiming_normal, seed: 5)").record()
    #expect(
      seeded.names["h.w"]?.data
        == Linear.start(inputs: 2, outputs: 3, initialization: .kaimingNormal, seed: 5).weight)
  }

  @Test func `a function is put in for each call, each a scope of its own`() throws {
    let program = try parse(
      """
      def neuron(x, w, b) = tanh(x @ w + b)
      def pair(x, w) = neuron(x, w, 1) + neuron(b: 2, x: x, w: w)
      input x = [1, 2]
      param w = [3, -1]
      loss L = pair(x, w) * neuron(x, w, 0)
      """)
    let recording = program.record()
    let direct = try parse(
      "input x = [1, 2]\nparam w = [3, -1]\nloss L = (tanh(x @ w + 1) + tanh(x @ w + 2)) * tanh(x @ w + 0)"
    ).record()
    #expect(recording.loss?.data == direct.loss?.data)
    let scopes = program.graph(level: .tensor).nodes.filter { $0.operation == .tanh }.map(\.scope)
    #expect(scopes == ["pair1.neuron1", "pair1.neuron2", "neuron3"])
  }

  @Test func `losses are the engine's`() throws {
    func value(_ expression: String) throws -> Double {
      let recording = try parse(points + "param z = [1, -2, 0.5, 3, 0, 1]\nloss L = \(expression)").record()
      return try #require(recording.loss).data
    }
    let tape = Tape()
    let z = tape.parameter([1, -2, 0.5, 3, 0, 1])
    let y = tape.target([0, 1, 1, 0, 1, 1])
    #expect(try value("mse(z, y)") == mse(z, y).value.data)
    #expect(try value("mae(z, y)") == mae(z, y).value.data)
    #expect(try value("huber(z, y, delta: 0.7)") == huber(z, y, delta: 0.7).value.data)
    #expect(try value("hinge(z, 2 * y - 1)") == hinge(z, 2 * y - 1).value.data)
    #expect(try value("bce(sigmoid(z), y)") == bce(sigmoid(z), y).value.data)
    #expect(try value("bce_with_logits(z, y)") == bceWithLogits(z, y).value.data)
  }

  @Test func `cross-entropy takes class numbers or rows`() throws {
    let head = "input x = [[1, 0], [0, 1], [1, 1]]\nparam W = [[1, 2, 3], [0, 1, -1]]\n"
    let numbers = try parse(head + "target y = [2, 0, 1]\nloss L = cross_entropy(x @ W, y)").record()
    let rows = try parse(head + "target y = one_hot([2, 0, 1], 3)\nloss L = cross_entropy(x @ W, y)").record()
    #expect(numbers.loss?.data == rows.loss?.data)
    let batched = try parse(head + "target y = [2, 0, 1]\nloss L = cross_entropy(x @ W, y)\nbatch 2").record(
      rows: [2, 0])
    let direct = try parse(
      "input x = [[1, 1], [1, 0]]\nparam W = [[1, 2, 3], [0, 1, -1]]\ntarget y = [1, 2]\nloss L = cross_entropy(x @ W, y)"
    ).record()
    #expect(batched.loss?.data == direct.loss?.data)
    // The rows follow their class numbers when the samples change.
    try batched.setRows([0, 1])
    batched.tape.replay()
    let others = try parse(
      "input x = [[1, 0], [0, 1]]\nparam W = [[1, 2, 3], [0, 1, -1]]\ntarget y = [2, 0]\nloss L = cross_entropy(x @ W, y)"
    ).record()
    #expect(batched.loss?.data == others.loss?.data)
  }

  @Test func `metrics take no part in the gradient`() throws {
    let program = try parse(
      points
        + "param w = [1, -1]\nz = x @ w\nloss L = mse(z, y)\nmetric accuracy = accuracy(z, y)\nmetric first = argmax(z)"
    )
    let recording = program.record()
    // z = 0, −1, 1, 0, 1, −1 against 0, 1, 1, 0, 1, 1 at the threshold ½.
    #expect(recording.metrics().map(\.name) == ["accuracy", "first"])
    #expect(recording.metrics().map(\.value) == [4.0 / 6, 2])
    #expect(!program.graph().nodes.contains { $0.name == "accuracy" })
    let signed = try parse(
      "input x = [1, -2, 3]\ntarget y = [1, 1, -1]\nparam w = 1\nz = x * w\nloss L = hinge(z, y)\nmetric a = accuracy(z, y)"
    )
    #expect(signed.record().metrics()[0].value == 1.0 / 3)
    let classes = try parse(
      "input x = [[1, 2], [3, 1]]\ntarget y = [1, 1]\nparam w = 1\nz = x * w\nloss L = cross_entropy(z, y)\nmetric a = accuracy(z, y)"
    )
    #expect(classes.record().metrics()[0].value == 0.5)
  }

  @Test func `optimizers have PyTorch's names and defaults`() throws {
    func optimizer(_ lines: String) throws -> Optimizer {
      try parse("param w = 1\nloss L = w * w\n" + lines).plan.optimizer
    }
    #expect(try optimizer("rate 0.5") == .sgd(rate: 0.5))
    #expect(try optimizer("") == .sgd(rate: 0.01))
    #expect(try optimizer("optimizer sgd(rate: 0.1, momentum: 0.9)") == .sgd(rate: 0.1, momentum: 0.9))
    #expect(try optimizer("optimizer sgd(0.1)") == .sgd(rate: 0.1))
    #expect(try optimizer("optimizer nesterov\nrate 0.2") == .nesterov(rate: 0.2))
    #expect(try optimizer("optimizer rmsprop") == .rmsprop())
    #expect(
      try optimizer("optimizer adagrad(eps: 1e-8, lr_decay: 0.1)") == .adagrad(rateDecay: 0.1, epsilon: 1e-8))
    #expect(try optimizer("optimizer adam(lr: 0.01, beta1: 0.8)") == .adam(rate: 0.01, beta1: 0.8))
    #expect(try optimizer("optimizer adamw") == .adamw())
    #expect(
      try optimizer("rate 1 - 0.9 * step / 4\nsteps 4")
        == .sgd(rate: .listed([0, 1, 2, 3].map { 1 - 0.9 * $0 / 4 })))
    #expect(
      try optimizer("optimizer adam(rate: 0.1)\nschedule step(size: 30, gamma: 0.5)")
        == .adam(rate: .step(0.1, size: 30, factor: 0.5)))
    #expect(
      try optimizer("rate 0.1\nschedule cosine\nsteps 50") == .sgd(rate: .cosine(0.1, steps: 50, minimum: 0)))
    #expect(
      try optimizer("rate 0.1\nschedule exponential(gamma: 0.9)")
        == .sgd(rate: .exponential(0.1, factor: 0.9)))
  }

  @Test func `steps asked for outside win, and rates are computed for them`() throws {
    let text = "param w = 1\nloss L = w * w\nrate 1 / (1 + step)\nsteps 3"
    let program = try Program.parse(SourceFile(name: "x.grad", text: text), steps: 6) { _ in throw NoData() }
    #expect(program.plan.steps == 6)
    #expect(program.plan.optimizer.rate == .listed([0, 1, 2, 3, 4, 5].map { 1 / (1 + $0) }))
  }

  @Test func `functions that double end at a limit, in one message`() {
    let functions = (1..<60).map { "def f\($0)(a) = f\($0 - 1)(a) + f\($0 - 1)(a)" }.joined(separator: "\n")
    let text = "input x = 2\ndef f0(a) = a + a\n\(functions)\nloss L = f59(x)"
    #expect(
      messages(text) == [
        "20:23: the program has more than 2000000 names and operations after its functions are expanded"
      ])
  }

  @Test func `batches go through all samples, held-out ones never train`() throws {
    let program = try parse(
      points + "param w = [1, 1]\nloss L = mse(x @ w, y)\nbatch 2 shuffle seed 3\nholdout 1/3 seed 5\nsteps 9"
    )
    let plan = program.plan
    #expect(plan.heldOutRows.count == 2 && plan.trainingRows.count == 4 && plan.steps == 9)
    #expect((plan.heldOutRows + plan.trainingRows).sorted() == Array(0..<6))
    var batches = plan.batches
    for _ in 0..<5 {
      let epoch = (batches.next() ?? []) + (batches.next() ?? [])
      #expect(epoch.sorted() == plan.trainingRows)
    }
    #expect(Array(plan.batches.prefix(20)) == Array(plan.batches.prefix(20)))
    let uneven = try parse(points + "param w = [1, 1]\nloss L = mse(x @ w, y)\nbatch 4").plan
    #expect(Array(uneven.batches.prefix(3)) == [[0, 1, 2, 3], [4, 5, 0, 1], [2, 3, 4, 5]])
    #expect(program.record().inputs[0].tensor.shape == [2, 2])
    #expect(try program.record(rows: plan.heldOutRows).inputs[0].tensor.shape == [2, 2])
    #expect(throws: InputError.self) { _ = try program.record(rows: [0, 1, 2]) }
  }

  @Test func `numbers are standardized by column`() throws {
    let x = try #require(try parse("input x = standardize([[1, 10], [3, 10]])").record().names["x"])
    #expect(x.data == [-1, 0, 1, 0])
  }

  @Test(arguments: [
    (
      "layer h = relu(x)",
      [
        "3:11: a layer must be declared with `dense`, or one of `conv1d`, `conv2d`, `embedding`, `layer_norm`, "
          + "`batch_norm`, `rms_norm`, `rnn`, `gru`, `lstm`, `attention`; as in `layer h = dense(x, 16, relu)`"
      ]
    ),
    ("layer h = dense(x, 0)", ["3:20: the width of a layer must be a whole number, at least 1"]),
    ("layer h = dense(x, 3, rellu)", ["3:23: unknown activation `rellu`; did you mean `relu`?"]),
    (
      "layer h = dense(3, 3)",
      [
        "3:17: a layer takes a vector or a matrix with one row per sample; one feature per sample is a matrix with one column: `[[1], [2]]`"
      ]
    ),
    (
      "h = dense(x, 3)",
      ["3:5: `dense` declares parameters, so it must be the whole line; write `layer hidden = dense(…)`"]
    ),
    (
      "layer h = dense(x, 3, scheme: xaver_normal)",
      ["3:31: unknown scheme `xaver_normal`; did you mean `xavier_normal`?"]
    ),
    ("k = x.w * 2", ["3:5: unknown name `x.w`; only layers have weights `.w` and a bias `.b`"]),
    ("def f(a) = f(a)", ["3:12: `f` calls itself; a function can call only those defined above it"]),
    ("def f(a) = a\ndef f(b) = b", ["4:5: `f` is already defined on line 3; take another name"]),
    ("def f(a) = a * 2\nk = f(x, y)", ["4:5: `f(a)` takes 1 argument, not 2"]),
    (
      "def f(a, b) = a @ b\nk = f(x, y)",
      [
        "3:15: `a @ b`: x is 6×2, y has 6 entries: the inner sizes 2 and 6 differ (in `f`, called on line 4); the transpose `x.T` fits"
      ]
    ),
    ("def sum(a) = a", ["3:5: `sum` is already a function; take another name"]),
    ("def f(a, a) = a", ["3:10: `a` is already a parameter"]),
    ("k = accuracy(y, y)", ["3:5: `accuracy` has no gradient; use it in a line `metric accuracy = …`"]),
    (
      "metric a = argmax(x, axis=1)",
      ["3:12: a metric must be a scalar, but `a` has 6 entries; `mean(…)` makes it a scalar"]
    ),
    (
      "metric a = accuracy(x, x)\nmetric a = accuracy(y, y)",
      ["4:8: the metric `a` is already declared on line 3; take another name"]
    ),
    ("optimizer adm", ["3:11: unknown optimizer `adm`; did you mean `adam`?"]),
    ("optimizer sgd(momntum: 0.9)", ["3:15: `sgd` has no option `momntum`; did you mean `momentum`?"]),
    ("optimizer sgd(momentum: 2)", ["3:25: `momentum` must be 0 to 1"]),
    (
      "optimizer sgd(rate: 0.1)\nrate 0.2",
      ["3:21: the rate is given twice, here and on line 4; remove one"]
    ),
    (
      "rate 1 - step\nsteps 4",
      ["3:6: the rate must be a positive constant; in step 2, it is -1"]
    ),
    ("k = step * 2", ["3:5: `step` can be used only in `rate`; as in `rate 1 - 0.9 * step / 100`"]),
    (
      "rate 1 / (step + 1)\nschedule cosine",
      ["4:1: the rate already depends on `step`; remove the schedule"]
    ),
    ("schedule stp(size: 3)", ["3:10: unknown schedule `stp`; did you mean `step`?"]),
    ("schedule exponential", ["3:1: the schedule `exponential` needs `gamma`"]),
    ("steps 0", ["3:7: the number of steps must be a whole number from 1 to 1000000"]),
    ("batch 7", ["3:7: a batch of 7 is larger than the 6 training samples"]),
    (
      "batch 2 shufle",
      ["3:9: expected the end of the line, found `shufle`; as in `batch 32 shuffle seed 1`"]
    ),
    (
      "k = x * [[1, 2], [3, 4], [5, 6], [7, 8], [9, 1], [2, 3]]\nbatch 2",
      [
        "4:7: with 2 of the 6 samples: x is 2×2, the right side is 6×2: sizes 2 and 6 do not match"
      ]
    ),
    ("holdout 2", ["3:9: the holdout must be a fraction between 0 and 1; as in `holdout 1/3`"]),
    (
      "param w = 1\nloss L = mse(x, y)",
      ["4:10: `mse(x, y)`: x is 6×2, y has 6 entries: a loss compares entry by entry"]
    ),
    (
      "param w = 1\nloss L = cross_entropy(x * w, y * 2)",
      ["4:31: 2 is not one of the classes 0 to 1"]
    ),
    (
      "param w = 1\nloss L = cross_entropy(x * w, y * w)",
      ["4:31: the classes are a `target` of whole numbers, or rows of `one_hot`"]
    ),
    (
      "param w = 1\nloss L = cross_entropy(x * w, [0, 1, 2, 0, 1, 1])",
      ["4:31: 2 is not one of the classes 0 to 1"]
    ),
  ])
  func `what is wrong is said`(_ lines: String, _ expected: [String]) {
    #expect(messages(points + lines) == expected)
  }
}
