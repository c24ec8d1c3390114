import Autograd
import GradvizTestSupport
import Testing

@testable import GradLanguage

@Suite("Batches reach data through any expression of it")
struct WrappedBatchTests {
  @Test func `the labels of a wrapped target follow the batch`() throws {
    let head =
      "input x = [[1, 0], [0, 1], [1, 1], [2, 1]]\nparam W = [[1, 2, 3], [0, 1, -1]]\ntarget y = [2, 0, 1, 1]\n"
    for wrapped in ["y", "+y", "y[:]", "y.T", "y * 1", "(y + 1) - 1", "same(y)"] {
      let program = try parse(
        "def same(a) = +a\n" + head + "loss L = cross_entropy(x @ W, \(wrapped))\nbatch 2")
      let batch = program.record()
      try batch.setRows([3, 1])
      batch.tape.replay()
      let direct = try parse(
        "input x = [[2, 1], [0, 1]]\nparam W = [[1, 2, 3], [0, 1, -1]]\ntarget y = [1, 0]\nloss L = cross_entropy(x @ W, y)"
      ).record()
      #expect(batch.loss?.data == direct.loss?.data, "\(wrapped)")
    }
  }

  @Test func `rows of targets of which only the first add up to 1 are weighted in every batch`() throws {
    let text = """
      input x = [[1, 0], [0, 1], [1, 1], [2, 1]]
      param W = [[1, 2], [0, -1]]
      target y = [[1, 0], [0, 1], [0.5, 2], [0, 0]]
      loss L = cross_entropy(x @ W, y)
      """
    let batch = try parse(text + "\nbatch 2").record()
    try batch.setRows([2, 3])
    batch.tape.replay()
    let direct = try parse(
      text.replacing("[[1, 0], [0, 1], [1, 1], [2, 1]]", with: "[[1, 1], [2, 1]]").replacing(
        "[[1, 0], [0, 1], [0.5, 2], [0, 0]]", with: "[[0.5, 2], [0, 0]]")
    ).record()
    #expect(batch.loss?.data == direct.loss?.data)
  }

  @Test(arguments: [
    ("input x = [1, 2, 3]\nlayer h = dense(x, 2)", "x", "h", 3),
    ("input x = [[1, 2], [3, 4], [5, 6], [7, 8]]\nlayer h = dense(x.T, 2)", "x.T", "h", 4),
    ("input x = [1, 2, 3]\nlayer a = dense(x, 2)\nlayer h = dense(a, 2)", "x", "a", 3),
  ])
  func `a layer over one sample's numbers cannot be batched`(
    _ lines: String, _ operand: String, _ layer: String, _ size: Int
  ) {
    let place = lines.split(separator: "\n").count + 2
    for word in ["batch 2", "holdout 0.5", "holdout 1/3"] {
      #expect(
        messages(lines + "\nloss L = sum(h)\n" + word) == [
          "\(place):\(word.prefix { $0 != " " }.count + 2): the program has no samples to choose from: the layer `\(layer)` takes the \(size) numbers of `\(operand)` together; declare an `input` with one row per sample"
        ], "\(word)")
    }
    #expect(messages(lines + "\nloss L = sum(h)").isEmpty)
  }
}

@Suite("Batches of wrapped data train as those of plain data do")
struct WrappedBatchLaw {
  private static let wrappings = [
    "+$", "$[:]", "-(-$)", "same($)", "twice($) / 2", "$ + 0", "$ * 1", "0 + $", "$ / 1", "$**1", "max($, $)",
    "$.T.T",
  ]

  @Test(arguments: 0..<Seeds.count(default: 40))
  func `training with batches of wrapped and of plain data is the same`(_ seed: Int) throws {
    var numbers = SeededNumbers(seed: seed)
    func below(_ count: Int) -> Int { numbers.drawOrder(of: count)[0] }
    func matrix(_ rows: Int, _ columns: Int) -> [[Double]] {
      (0..<rows).map { _ in (0..<columns).map { _ in (numbers.drawNormal() * 100).rounded() / 100 } }
    }
    let samples = 4 + below(5)
    let x = matrix(samples, 2)
    let kind = below(5)
    let loss = [
      "cross_entropy(h, Y)", "mse(h[:, 0], Y)", "bce(sigmoid(h[:, 1]), Y)", "hinge(h[:, 2], 2 * Y - 1)",
      "huber(h[:, 0], Y)",
    ][kind]
    let y = (0..<samples).map { _ in Double(below(kind == 0 ? 3 : 2)) }
    func wrap(_ name: String) -> String {
      Self.wrappings[below(Self.wrappings.count)].replacing("$", with: name)
    }
    let wrappedY = wrap("(\(wrap("y")))")
    let (wrappedX, direct) = (wrap("x"), below(2) == 0)
    func program(_ data: String, _ target: String) -> String {
      """
      def same(a) = +a
      def twice(a) = a + a
      input x = \(x)
      target y = \(y)
      param W = \(matrix(2, 3).map { $0.map { _ in 0.25 } })
      param b = [0.1, -0.2, 0.3]
      \(direct ? "" : "t = \(target) * 1")
      h = (\(data)) @ W + b
      loss L = \(loss.replacing("Y", with: direct ? "(\(target))" : "t"))
      optimizer adam(rate: 0.1)
      batch 2 \(below(2) == 0 ? "shuffle seed 3" : "")
      \(below(2) == 0 ? "holdout 1/4 seed 2" : "")
      """
    }
    var state = numbers
    let plainText = program("x", "y")
    numbers = state
    let wrappedText = program(wrappedX, wrappedY)
    state = numbers
    func history(_ text: String) throws -> [Double] {
      let program = try parse(text)
      let recording = program.record()
      let loss = try #require(recording.loss)
      let training = Training(loss, optimizer: program.plan.optimizer)
      var batches = program.plan.batches
      return try (0..<12).map { _ in
        try recording.setRows(batches.next() ?? [])
        return try training.next()?.loss ?? .nan
      }
    }
    #expect(try history(plainText) == history(wrappedText), "\(wrappedText)")
  }
}
