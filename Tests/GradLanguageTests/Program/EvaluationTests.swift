import Autograd
import GradvizGraph
import Testing

@testable import GradLanguage

/// Training drops and normalises by the batch; what is evaluated does not.
@Suite("Training and evaluation of programs")
struct EvaluationTests {
  static let dropped = """
    input x = [[1, 2], [3, 4], [5, 6], [7, 8]]
    target y = [1, 0, 1, 0]
    param w = [0.5, -0.25]
    d = dropout(x, 0.5, seed: 3)
    predict z = d @ w
    loss L = mse(z, y)
    metric m = mean(z)
    batch 2

    """

  @Test func `a step drops, and evaluation does not`() throws {
    let program = try parse(Self.dropped)
    let training = program.record()
    let values = training.names["d"]?.data ?? []
    #expect(values.count == 4)
    for (own, x) in zip(values, [1.0, 2, 3, 4]) { #expect(own == 0 || own == 2 * x) }
    #expect(values != [2, 4, 6, 8] && values.contains { $0 != 0 })
    #expect(try program.record(rows: [0, 1, 2, 3]).names["d"]?.data == [1, 2, 3, 4, 5, 6, 7, 8])
    #expect(program.hasPhases)
    #expect(try !parse("param a = 2\nloss L = a * a").hasPhases)
  }

  @Test func `each step has its own mask, and every run the same`() throws {
    func run() throws -> [[Double]] {
      let recording = try parse(Self.dropped.replacing("batch 2\n", with: "")).record()
      return (0..<5).map { step in
        if step > 0 { recording.drawMasks() }
        recording.tape.replay()
        return (recording.names["d"]?.data ?? []).map { $0 == 0 ? 0 : 1 }
      }
    }
    let masks = try run()
    #expect(Set(masks).count > 3)
    #expect(try run() == masks)
  }

  @Test func `two dropouts have seeds of their own`() throws {
    let recording = try parse(
      "input x = ones(4, 8)\nparam w = ones(8)\na = dropout(x)\nb = dropout(x)\nloss L = sum((a + b) @ w)"
    ).record()
    let (a, b) = (recording.names["a"]?.data ?? [], recording.names["b"]?.data ?? [])
    #expect(a != b && a.count == 32)
  }

  /// The running statistics after two batches of two are those of `nn.BatchNorm1d(1)`: mean 0.64 and variance 1.06.
  @Test func `evaluation normalises by what training has gathered`() throws {
    let program = try parse(
      """
      input x = [[1], [3], [4], [6]]
      target y = [0, 0, 0, 0]
      param w = [1]
      n = batch_norm(x, eps=0)
      loss L = mse(n @ w, y)
      batch 2

      """)
    let training = program.record()
    let evaluation = try program.record(rows: [0, 1, 2, 3])
    #expect(evaluation.names["n"]?.data == [1, 3, 4, 6])
    training.keepStatistics()
    try training.setRows([2, 3])
    training.tape.replay()
    training.keepStatistics()
    evaluation.take(statisticsOf: training)
    evaluation.tape.replay()
    let (mean, variance) = (0.9 * 0.1 * 2 + 0.1 * 5, 0.9 * (0.9 + 0.2) + 0.2)
    for (own, x) in zip(evaluation.names["n"]?.data ?? [], [1.0, 3, 4, 6]) {
      #expect(abs(own - (x - mean) / variance.squareRoot()) < 1e-14)
    }
    // In training, the two of a batch are −1 and 1.
    #expect(training.names["n"]?.data == [-1, 1])
  }

  @Test(arguments: [
    ("dropout(x, 1)", "the dropout probability must be at least 0 and below 1"),
    ("dropout(x, -0.1)", "the dropout probability must be at least 0 and below 1"),
    ("dropout(x, 0.5, 3)", "`dropout` takes 1 or 2 arguments, not 3"),
    ("dropout(x, 0.5, sed: 3)", "`dropout` has no argument `sed`; did you mean `seed`?"),
    ("batch_norm(x, momentum=2)", "`momentum` is from 0 to 1"),
  ])
  func `a wrong call has an answer`(call: String, answer: String) {
    let said = messages("input x = [[1, 2], [3, 4]]\nparam w = [1, 1]\nloss L = sum(\(call) @ w)")
    #expect(said.count == 1)
    #expect(said.first?.contains(answer) == true, "\(said)")
  }

  // MARK: Losses that leave samples out

  /// `F.cross_entropy` and `F.nll_loss` of PyTorch, with class −1 ignored: the same as without that sample.
  @Test(arguments: [
    ("cross_entropy(z, y, ignore_index=-1)", "cross_entropy(z[[0, 2]], y[[0, 2]])"),
    (
      "cross_entropy(z, y, label_smoothing=0.2, ignore_index=-1)",
      "cross_entropy(z[[0, 2]], y[[0, 2]], label_smoothing=0.2)"
    ),
    ("nll(log_softmax(z), y, ignore_index=-1)", "nll(log_softmax(z)[[0, 2]], y[[0, 2]])"),
    ("nll(log_softmax(z), [2, 1, 0])", "cross_entropy(z, [2, 1, 0])"),
    ("nll(log_softmax(z), one_hot([2, 1, 0], 3))", "cross_entropy(z, [2, 1, 0])"),
  ])
  func `a sample without a class does not count`(own: String, other: String) throws {
    func gradients(_ loss: String) throws -> (Double, [Double]) {
      let recording = try parse(
        "param z = [[1, -2, 0.5], [0.25, 3, -1], [2, 0, 1]]\ntarget y = [2, -1, 0]\nloss L = \(loss)"
      ).record()
      let value = try #require(recording.loss)
      value.backward()
      return (value.data, recording.names["z"]?.gradient ?? [])
    }
    let (a, b) = (try gradients(own), try gradients(other))
    #expect(abs(a.0 - b.0) < 1e-15)
    #expect(a.1.count == 9)
    for (x, y) in zip(a.1, b.1) { #expect(abs(x - y) < 1e-15) }
  }

  @Test func `a class that is not ignored has an answer`() {
    let head = "param z = [[1, -2, 0.5], [0.25, 3, -1]]\ntarget y = [2, -1]\n"
    #expect(
      messages(head + "loss L = cross_entropy(z, y, ignore_index=-2)")
        == ["3:27: −1 is not one of the classes 0 to 2".replacing("−", with: "-")])
    #expect(
      messages(head + "loss L = cross_entropy(z, one_hot([0, 1], 3), ignore_index=1)")
        == ["3:47: `ignore_index` is one of the class numbers, and these targets are rows of weights"])
  }

  // MARK: Several axes

  @Test(arguments: [
    ("sum(T, axis=(0, 2))", "sum(sum(T, axis=2), axis=0)"), ("T.mean(dim=(1, 2))", "mean(reshape(T, 2, -1), axis=1)"),
    ("max(T, axis=[0, 1])", "max(max(T, axis=0), axis=0)"), ("min(T, axis=(-1, 0))", "min(min(T, axis=2), axis=0)"),
    ("logsumexp(T, axis=(0, 1, 2))", "logsumexp(T)"), ("var(T, axis=(1, 2))", "var(reshape(T, 2, -1), axis=1)"),
    ("sum(T, axis=(0, 2), keepdims=True)", "reshape(sum(sum(T, axis=2), axis=0), 1, 2, 1)"),
    ("norm(T, axis=(1, 2))", "norm(reshape(T, 2, -1), axis=1)"), ("sum(T, axis=(1,))", "sum(T, axis=1)"),
  ])
  func `several axes are reduced at once`(own: String, other: String) throws {
    let recording = try parse(
      "param T = [[[1, -2, 3], [0.5, 4, -1]], [[2, 2.5, 0.25], [-3, 1, 7]]]\na = \(own)\nb = \(other)\npredict d = sum(abs(a - b))"
    ).record()
    #expect((recording.names["d"]?.data[0] ?? 1) < 1e-14)
    #expect(recording.names["a"]?.shape == recording.names["b"]?.shape)
  }

  @Test(arguments: [
    ("sum(A, axis=(0, 0))", "an axis is named twice"), ("sum(A, axis=(0, 2))", "axis 2 is out of range: A is 2×2"),
    ("sum(A, axis=(0, 0.5))", "an axis must be a constant whole number"),
  ])
  func `wrong axes have an answer`(call: String, answer: String) {
    let said = messages("param A = [[1, 2], [3, 4]]\nr = \(call)")
    #expect(said.count == 1)
    #expect(said.first?.contains(answer) == true, "\(said)")
  }
}
