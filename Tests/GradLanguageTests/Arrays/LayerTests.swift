import Autograd
import Testing

@testable import GradLanguage

/// `layer` lines other than `dense`: parameters with PyTorch's shapes and initial numbers, and the function's own value.
@Suite("Layers")
struct LayerTests {
  static let head = """
    input x = random(6, 32, seed: 1)
    input ids = [0, 2, 1, 2, 0, 1]
    image = reshape(x, -1, 2, 4, 4)
    line = reshape(x, -1, 4, 8)

    """

  /// The layer, the same written with its parameters, their shapes, and the bound of their initial numbers.
  static let layers: [(layer: String, written: String, shapes: [String: [Int]], bound: Double?)] = [
    ("conv2d(image, 3, 2)", "conv2d(image, a.w, a.b)", ["a.w": [3, 2, 2, 2], "a.b": [3]], 1 / 8.0.squareRoot()),
    (
      "conv2d(image, 4, 3, relu, padding=1, stride=2, groups=2)",
      "relu(conv2d(image, a.w, a.b, padding=1, stride=2, groups=2))", ["a.w": [4, 1, 3, 3], "a.b": [4]], 1.0 / 3
    ),
    (
      "conv1d(line, 5, 3, dilation=2, activation: tanh)", "tanh(conv1d(line, a.w, a.b, dilation=2))",
      ["a.w": [5, 4, 3], "a.b": [5]], 1 / 12.0.squareRoot()
    ),
    ("embedding(ids, 3, 4)", "embedding(a.w, ids)", ["a.w": [3, 4]], nil),
    ("layer_norm(x)", "layer_norm(x, a.w, a.b)", ["a.w": [32], "a.b": [32]], nil),
    ("batch_norm(x)", "batch_norm(x, a.w, a.b)", ["a.w": [32], "a.b": [32]], nil),
    ("batch_norm(image)", "batch_norm(image, a.w, a.b)", ["a.w": [2], "a.b": [2]], nil),
    ("rms_norm(x)", "rms_norm(x, a.w)", ["a.w": [32]], nil),
    ("rnn(line, 3)", "rnn(line, a.w, a.u, a.b)", ["a.w": [8, 3], "a.u": [3, 3], "a.b": [3]], 1 / 3.0.squareRoot()),
    ("gru(line, 2)", "gru(line, a.w, a.u, a.b)", ["a.w": [8, 6], "a.u": [2, 6], "a.b": [6]], 1 / 2.0.squareRoot()),
    ("lstm(line, 2)", "lstm(line, a.w, a.u, a.b)", ["a.w": [8, 8], "a.u": [2, 8], "a.b": [8]], 1 / 2.0.squareRoot()),
    (
      "attention(line)",
      "attention((line @ a.w + a.b)[..., :8], (line @ a.w + a.b)[..., 8:16], (line @ a.w + a.b)[..., 16:]) @ a.u + a.c",
      ["a.w": [8, 24], "a.b": [24], "a.u": [8, 8], "a.c": [8]], nil
    ),
    (
      "attention(line, mask: causal, heads: 2)",
      """
      attention((line @ a.w + a.b)[..., :8], (line @ a.w + a.b)[..., 8:16], (line @ a.w + a.b)[..., 16:], heads: 2,
        is_causal=True) @ a.u + a.c
      """, ["a.w": [8, 24], "a.b": [24], "a.u": [8, 8], "a.c": [8]], nil
    ),
  ]

  @Test(arguments: layers.indices)
  func `a layer is its function of parameters with initial numbers`(index: Int) throws {
    let (layer, written, shapes, bound) = Self.layers[index]
    let recording = try parse(
      Self.head + "layer a = \(layer)\nsame = \(written)\npredict both = sum((a - same)**2)\nloss L = sum(a**2)"
    ).record()
    #expect(recording.names["both"]?.data == [0])
    #expect((recording.names["a"]?.data.count ?? 0) > 5)
    let parameters = recording.tape.parameterTensors
    #expect(Dictionary(uniqueKeysWithValues: parameters.map { ($0.name, $0.tensor.shape) }) == shapes)
    guard let bound else { return }
    for parameter in parameters {
      #expect(parameter.tensor.data.allSatisfy { abs($0) <= bound })
      #expect(Set(parameter.tensor.data).count == parameter.tensor.data.count)
    }
    let most = parameters.flatMap(\.tensor.data).map(abs).max() ?? 0
    #expect(most > bound / 2)
  }

  @Test func `a normalization starts as PyTorch's, an embedding normal`() throws {
    let recording = try parse(
      "input x = random(4, 3, seed: 1)\ninput ids = [0, 1, 0, 1]\nlayer n = layer_norm(x)\nlayer e = embedding(ids, 2, 500)\nloss L = sum(n) + sum(e)"
    ).record()
    #expect(recording.names["n.w"]?.data == [1, 1, 1])
    #expect(recording.names["n.b"]?.data == [0, 0, 0])
    let numbers = recording.names["e.w"]?.data ?? []
    let mean = numbers.reduce(0, +) / 1000
    let deviation = (numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 1000).squareRoot()
    #expect(abs(mean) < 0.2 && abs(deviation - 1) < 0.15)
  }

  @Test func `attention starts as PyTorch's module`() throws {
    let recording = try parse("input x = random(4, 24, seed: 1)\nlayer a = attention(x, heads: 3)\nloss L = sum(a)")
      .record()
    #expect(recording.names["a.b"]?.data == [Double](repeating: 0, count: 72))
    #expect(recording.names["a.c"]?.data == [Double](repeating: 0, count: 24))
    for (name, bound) in [("a.w", 0.25), ("a.u", 1 / 24.0.squareRoot())] {
      let greatest = recording.names[name]?.data.map(abs).max() ?? 0
      #expect(greatest <= bound && greatest > 0.97 * bound, "\(name): \(greatest)")
    }
  }

  @Test func `a seed gives the same layer, and every layer its own`() throws {
    func weights(_ text: String) throws -> [Double] {
      try parse("input x = ones(2, 6)\n\(text)\nloss L = sum(a)").record().names["a.w"]?.data ?? []
    }
    let image = "y = reshape(x, -1, 1, 2, 3)\n"
    #expect(
      try weights("\(image)layer a = conv2d(y, 2, 2, seed: 4)") == weights("\(image)layer a = conv2d(y, 2, 2, seed: 4)")
    )
    #expect(
      try weights("\(image)layer a = conv2d(y, 2, 2, seed: 4)") != weights("\(image)layer a = conv2d(y, 2, 2, seed: 5)")
    )
    let two = try parse("input x = ones(2, 6)\nlayer a = dense(x, 6)\nlayer b = dense(a, 6)\nloss L = sum(b)").record()
    #expect(two.names["a.w"]?.data != two.names["b.w"]?.data)
  }

  @Test(arguments: [
    ("layer a = conv2d(x, 3, 2)", "`conv2d` takes samples × channels × rows × columns"),
    ("layer a = conv2d(image, 3, 9)", "a window of 9 does not fit into an axis of 4"),
    ("layer a = conv2d(image, 0, 2)", "the width of a layer must be a whole number, at least 1"),
    ("layer a = conv2d(image, 3, 2, rleu)", "unknown activation `rleu`; did you mean `relu`?"),
    ("layer a = embedding(x[:, 0], 3, 4)", "is not one of the rows 0 to 2"),
    ("layer a = embedding(ids, 2, 4)", "2 is not one of the rows 0 to 1"),
    ("layer a = lstm(x, 4, 2)", "`lstm` takes 2 arguments, not 3"),
    ("layer a = rnn(ids, 4)", "`rnn` takes steps × inputs, or samples × steps × inputs"),
    ("layer a = batch_norm(ids)", "`batch_norm` takes an array with one row per sample"),
    ("layer a = attention(ids)", "`attention` takes positions × features, or samples × positions × features"),
    ("layer a = attention(line, line, line)", "a layer of attention takes one operand, which attends to itself"),
    ("layer a = attention(line, heads: 3)", "3 heads do not divide 8 features"),
    ("layer a = attention(line, mask: casual)", "`mask` is `causal` or `none`"),
    ("layer a = gru(line, 4, p: 2)", "`gru` has no argument `p`"),
  ])
  func `a wrong layer has an answer`(line: String, answer: String) {
    let said = messages(Self.head + line + "\nloss L = sum(x) + sum(ids)")
    #expect(said.count == 1)
    #expect(said.first?.contains(answer) == true, "\(said)")
  }
}
