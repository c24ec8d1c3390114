import Autograd
import Foundation
import Testing

@testable import GradLanguage

/// Text in the words of NumPy and PyTorch gives their numbers, or is answered: it never silently means something else.
@Suite struct LibraryCallTests {
  /// See `Fixtures/make_library_fixtures.py`, which has Python evaluate the same text.
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    var text: String
    var shape: [Int]
    var numbers: [Double]
    /// Of each array, for the sum of the entries, each times a weight; by PyTorch where it has them and they are finite.
    var gradients: [String: [Double]]?

    var testDescription: String { text }

    static let all: [Case] = {
      struct File: Decodable { var cases: [Case] }
      guard let url = Bundle.module.url(forResource: "Fixtures/library", withExtension: "json"),
        let data = try? Data(contentsOf: url)
      else { return [] }
      return (try? JSONDecoder().decode(File.self, from: data))?.cases ?? []
    }()
  }

  static let declarations = """
    param s = 1.5
    param v = [0.5, -1.25, 2]
    param x = [[0.5, 0.25, 2], [0.75, 0.125, -1]]
    param y = [[0.25, 1, 0], [0.5, 0.5, 1]]
    param A = [[1, -2], [0.25, 3]]
    param E = [[1, 2], [3, 4], [5, 6.5]]
    param T = [[[1, 2], [3, 4.5]], [[-5, 6], [7, -9]]]
    param g = [0.5, 2, -1]
    param image = [[[[1, 2, 3, -1], [3, 4, 7, 2], [5, 6, 8, 0.5]]]]
    param W = [[[[1, 2], [3, -4]]]]

    """

  @Test func `the fixture is there`() { #expect(Case.all.count > 250) }

  @Test(arguments: Case.all) func `the same text gives the same numbers`(_ fixture: Case) throws {
    let recording = try parse(Self.declarations + "result = \(fixture.text)").record()
    let result = try #require(recording.names["result"])
    #expect(result.shape == fixture.shape)
    try #require(result.data.count == fixture.numbers.count)
    for (found, expected) in zip(result.data, fixture.numbers) {
      #expect(abs(found - expected) <= 1e-12 * max(1, abs(expected)), "\(found), not \(expected)")
    }
  }

  @Test(arguments: Case.all.filter { $0.gradients != nil })
  func `the same text gives the same gradients`(_ fixture: Case) throws {
    let recording = try parse(Self.declarations + "result = \(fixture.text)").record()
    let result = try #require(recording.names["result"])
    let weights = fixture.numbers.indices.map { Double(($0 * 37) % 11 - 4) / 5 }
    let weight = try recording.tape.leaf(weights, shape: result.shape, role: .constant)
    (result * weight).sum().value.backward()
    for (name, expected) in fixture.gradients ?? [:] {
      let found = try #require(recording.names[name]).gradient
      try #require(found.count == expected.count)
      for (found, expected) in zip(found, expected) {
        #expect(abs(found - expected) <= 1e-11 * max(1, abs(expected)), "∂/∂\(name): \(found), not \(expected)")
      }
    }
  }

  /// What is made of numbers alone, drawn at random or no value of its own has no gradient in PyTorch; what no library has
  /// under any name has its gradients in `functions.json`.
  private static let withoutGradient: Set<Vocabulary.Function> = [
    .zeros, .ones, .full, .eye, .arange, .linspace, .oneHot, .random, .csv, .characters, .standardize, .argmax,
    .accuracy, .dense, .dropout, .hinge, .rnn, .gru, .lstm, .focal,
  ]

  @Test func `every function of a library has gradients from PyTorch`() throws {
    var called: Set<String> = []
    for fixture in Case.all where fixture.gradients != nil {
      called.formUnion(try parse(Self.declarations + "result = \(fixture.text)").tree.calls.map(\.name))
    }
    let missing = Vocabulary.Function.allCases.filter {
      !Self.withoutGradient.contains($0) && !called.contains($0.rawValue)
    }
    #expect(missing.isEmpty, "\(missing)")
  }

  /// What a library means otherwise, and this language writes in its own way.
  @Test(arguments: [
    ("np.repeat(x, 2)", "`repeat` needs an axis"), ("torch.repeat_interleave(x, 2)", "`repeat` needs an axis"),
    ("flip(x)", "`flip` needs an axis"), ("torch.flip(x)", "`flip` needs an axis"),
    ("F.pad(v, (1, 2, 3, 4))", "a pair for each axis from the last one on"),
    ("F.pad(x, (1, 0), mode=\"reflect\")", "`pad` puts one number around an array"),
    ("F.batch_norm(x, v, g)", "write `batch_norm(x, g, b)`"),
    ("F.batch_norm(x, None, None, training=False)", "leave `training` out"),
    ("F.dropout(x, 0.5, training=False)", "leave `training` out"),
    ("F.layer_norm(T, (2, 2))", "here `(2,)`, the last one"), ("F.rms_norm(x, v)", "here `(3,)`, the last one"),
    ("F.softmax(T)", "along axis 0 in PyTorch"), ("F.log_softmax(image)", "along axis 1 in PyTorch"),
    ("F.cross_entropy(T, T)", "the classes along axis 1 in PyTorch"),
    ("F.cosine_similarity(T, T)", "along axis 1 in PyTorch"), ("jax.nn.gelu(x)", "an approximation in JAX"),
    ("tf.nn.leaky_relu(x)", "another slope in Keras"), ("tf.keras.losses.mse(y, x)", "takes the target first"),
    ("keras.losses.cosine_similarity(y, x)", "takes the target first"),
    ("np.linalg.norm(A, 1)", "a norm of the matrix as a map"), ("torch.linalg.norm(A, ord=2)", "as a map"),
    ("np.linalg.norm(T, 2, axis=(0, 1))", "as a map"), ("np.dot(T, T)", "`a @ b` pairs them one by one"),
    ("x.where(x > 0, y)", "write `where(mask, a, b)`"), ("x.max(1)[0]", "not one of a pair as in PyTorch"),
    ("torch.max(x, dim=1)[0]", "not one of a pair as in PyTorch"), ("x.min(dim=1)[1]", "not one of a pair"),
    ("x.max(1, keepdim=True)[0]", "not one of a pair"), ("torch.max(x, 1)[1]", "not one of a pair"),
    ("max(x, axis=1, keepdim=True)[0]", "not one of a pair"),
    ("x.max(1).values", "`max(x, axis=1)` is the values"), ("x[x > 0]", "a mask selects no entries"),
    ("sigmoid_focal_loss(x, y)", "write `focal(z, y)`, which is a mean"),
    ("var(x, ddof=7)", "`correction` is below the number of entries, 6"),
    ("np.random.uniform(0, 1, (2, 3))", "or `rand(2, 3)`"), ("x.sum(0, True)", "`sum(x, axis=0, keepdims=True)`"),
  ])
  func `another meaning is answered`(text: String, answer: String) {
    let said = messages(Self.declarations + "result = \(text)")
    #expect(said.count == 1 && said[0].contains(answer), "\(said)")
  }

  /// What gives no pair in any library is indexed as every array.
  @Test(arguments: ["amax(x, dim=1)", "torch.amax(x, 1)", "x.amax(1)", "x.max(1, keepdims=True)", "np.max(x, 1)"])
  func `the first row of a maximum is a number`(text: String) throws {
    let recording = try parse(Self.declarations + "result = \(text)[0]").record()
    #expect(recording.names["result"]?.data == [2])
  }

  @Test func `a named mask selects no entries either`() {
    let said = messages(Self.declarations + "mask = x > 0 and x < 1\nresult = v[mask]")
    #expect(said.count == 1 && said[0].contains("a mask selects no entries"))
  }

  @Test func `random numbers of NumPy and PyTorch have any number of axes and the same numbers in every run`() throws {
    for (text, isUnit) in [
      ("torch.randn(2, 3)", false), ("randn((2, 3))", false), ("np.random.randn(2, 3)", false), ("rand(2, 3)", true),
      ("np.random.rand(2, 3)", true), ("np.random.random((2, 3))", true),
      ("randn(2, 3, seed: 5)", false),
    ] {
      let program = "param a = \(text)\nparam b = \(text)\nloss L = sum(a * b)"
      let recording = try parse(program).record()
      let (a, b) = (try #require(recording.names["a"]), try #require(recording.names["b"]))
      #expect(a.shape == [2, 3] && (a.data == b.data) == text.contains("seed"))
      #expect(try parse(program).record().names["a"]?.data == a.data)
      #expect(a.data.allSatisfy { (0..<1).contains($0) } == isUnit)
    }
    for name in ["zeros", "ones", "randn", "rand"] {
      let six = try parse("param a = \(name)(1, 2, 1, 2, 1, 2)\nloss L = sum(a)").record()
      #expect(six.names["a"]?.shape == [1, 2, 1, 2, 1, 2])
      #expect(messages("param a = \(name)(1, 1, 1, 1, 1, 1, 1)").first?.contains("at most 6 sizes, not 7") == true)
    }
  }
}
