import Testing

@testable import GradLanguage

/// Every word of the table of other libraries' words, typed.
@Suite("Words of other libraries")
struct ForeignWordTests {
  /// Arguments that every function of another name takes.
  private static let arguments: [Vocabulary.Function: String] = [
    .max: "x", .mean: "x", .abs: "x", .log: "x", .sigmoid: "x", .asin: "x", .acos: "x", .atan: "x",
    .matmul: "x, x", .pow: "x, 2", .concat: "[x, x]", .transpose: "x, 1, 0", .reshape: "x, 4, 1", .unsqueeze: "x, 0",
    .clip: "x, 0.2, 0.6", .stopGradient: "x", .silu: "x", .prod: "x", .logSoftmax: "x", .logSigmoid: "x",
    .repeat: "x, 2, 0", .mse: "x, y", .mae: "x, y", .huber: "x, y", .bce: "x, y", .bceWithLogits: "x, y",
    .crossEntropy: "x, y", .smoothL1: "x, y", .focal: "x, y", .attention: "x, x, x",
    .random: "2, 2, scheme: normal, seed: 1", .sum: "x", .min: "x", .logsumexp: "x", .embedding: "x, [1, 0]",
    .nll: "x, y", .klDivergence: "x, y", .maxPool: "reshape(x, 1, 1, 2, 2), 2",
    .averagePool: "reshape(x, 1, 1, 2, 2), 2",
  ]

  private static let head = "param x = [[0.5, 0.25], [0.75, 0.125]]\ntarget y = [[1, 0], [0, 1]]\n"

  private func numbers(_ text: String) throws -> [Double]? {
    try parse(Self.head + text).record().names["a"]?.data
  }

  @Test(arguments: ForeignWords.functions.keys.sorted())
  func `another name of a function is the function`(word: String) throws {
    let function = try #require(ForeignWords.functions[word])
    let arguments = try #require(Self.arguments[function])
    let own = try #require(try numbers("a = \(function.rawValue)(\(arguments))"))
    // `randn` and `rand` say the scheme themselves.
    if function == .random {
      let other = try numbers("a = \(word)(2, 2, seed: 1)")
      #expect((other == own) == (word == "randn") && other?.count == 4)
      #expect(try numbers("a = torch.\(word)(2, 2, seed: 1)") == other)
      return
    }
    #expect(try numbers("a = \(word)(\(arguments))") == own)
    // PyTorch's table comes last.
    if function != .embedding {
      #expect(try numbers("a = torch.\(word)(\(arguments))") == own)
      #expect(try numbers("a = torch.nn.functional.\(word)(\(arguments))") == own)
    }
    if arguments.hasPrefix("x"), ForeignWords.methods[word] == nil {
      #expect(
        try numbers("a = x.\(word)(\(arguments.split(separator: ",").dropFirst().joined(separator: ",")))") == own)
    }
    #expect(Vocabulary.Function(rawValue: word) == nil, "it would hide a function of the language")
  }

  @Test(arguments: ForeignWords.functions.keys.sorted())
  func `a function of the program goes before another name`(word: String) throws {
    #expect(try numbers("def \(word)(u) = 2 * u\na = \(word)(3) * x[0, 0]") == [3])
  }

  @Test(arguments: ForeignWords.modules.sorted())
  func `a library in front of a dot is left out`(word: String) throws {
    #expect(try numbers("a = \(word).relu(x)") == [0.5, 0.25, 0.75, 0.125])
    // A value of that name is a value.
    #expect(try numbers("\(word) = x * 2\na = \(word).sum()") == [3.25])
  }

  @Test func `a constant of a library is the constant`() throws {
    #expect(try numbers("a = x[0, 0] * math.pi") == [0.5 * .pi])
  }

  @Test(arguments: ForeignWords.arguments.keys.sorted())
  func `another name of an argument is the argument`(word: String) throws {
    let lines = [
      "dim": ("sum(x, dim=1)", "sum(x, axis=1)"), "keepdim": ("sum(x, dim=1, keepdim=True)", "sum(x, axis=1)"),
      "dims": ("transpose(x, dims=[1, 0])", "x.T"), "a_min": ("clip(x, a_min=0.5)", "clip(x, 0.5)"),
      "a_max": ("clip(x, a_max=0.5)", "clip(x, max=0.5)"), "axes": ("flip(x, axes=[0, 1])", "flip(x, axis=[0, 1])"),
      "perm": ("transpose(x, perm=[1, 0])", "x.T"), "ddof": ("var(x, ddof=0)", "var(x, correction=0)"),
      "k": ("triu(x, k=1)", "triu(x, 1)"), "p": ("norm(x, p=1)", "norm(x, 1)"),
      "constant_values": ("pad(x, 1, constant_values=2)", "pad(x, 1, value=2)"),
    ]
    let (other, own) = try #require(lines[word])
    #expect(try numbers("a = \(other)") == numbers("a = \(own)"))
  }

  private func said(_ text: String) -> String { messages(Self.head + text).joined(separator: "\n") }

  @Test(arguments: ForeignWords.labelAnswers.keys.sorted())
  func `an argument without meaning is answered`(word: String) throws {
    #expect(said("a = sum(x, \(word)=1)").hasSuffix("; \(try #require(ForeignWords.labelAnswers[word]))"))
  }

  @Test(arguments: ForeignWords.attributes.keys.sorted())
  func `an attribute is answered`(word: String) throws {
    #expect(said("a = x.\(word)").hasSuffix("; \(try #require(ForeignWords.attributes[word]))"))
  }

  @Test(arguments: ForeignWords.valueAnswers.keys.sorted())
  func `a name of a value is answered`(word: String) throws {
    #expect(said("a = \(word)").hasSuffix("; \(try #require(ForeignWords.valueAnswers[word]))"))
  }

  @Test(arguments: ForeignWords.moduleAnswers.keys.sorted())
  func `a line of a library is answered`(word: String) throws {
    #expect(said("\(word).other(x)").hasSuffix("; \(try #require(ForeignWords.moduleAnswers[word]))"))
  }

  @Test(arguments: ForeignWords.methods.keys.sorted())
  func `a method is answered`(word: String) throws {
    let answer = try #require(ForeignWords.methods[word])
    #expect(said("a = x.\(word)()").hasSuffix("; \(answer)"))
    #expect(said("x.\(word)()").hasSuffix("; \(answer)"))
  }

  @Test(arguments: ForeignWords.members.keys.sorted())
  func `a member of a library is answered`(word: String) throws {
    #expect(said("a = torch.\(word)(3, 4)").hasSuffix("; \(try #require(ForeignWords.members[word]))"))
  }

  @Test(arguments: ForeignWords.otherFunctions.keys.sorted())
  func `a function of Python is answered`(word: String) throws {
    #expect(said("a = \(word)(x)").hasSuffix("; \(try #require(ForeignWords.otherFunctions[word]))"))
  }

  @Test(arguments: (Array(ForeignWords.firstWords.keys) + ForeignWords.frenchWords.keys).sorted())
  func `the first word of a line is answered`(word: String) throws {
    #expect(said("\(word) q = 3").hasSuffix("; \(try #require(ForeignWords.answer(toFirst: word)))"))
  }

  @Test(arguments: ForeignWords.endings.keys.sorted())
  func `what stands behind an expression is answered`(word: String) throws {
    #expect(said("a = x \(word) y").hasSuffix("; \(try #require(ForeignWords.endings[word]))"))
  }

  @Test func `a division of whole numbers and a comment of C are answered`() {
    #expect(said("a = x // 2").contains("a comment begins with `#`; `floor(a / b)` divides whole numbers"))
    #expect(said("// a comment").contains("a comment begins with `#`"))
  }

  @Test(arguments: ForeignWords.signs.keys.sorted())
  func `a sign is answered`(sign: Unicode.Scalar) throws {
    let text = "a = x \(Character(sign)) y"
    // Alone it is the sign of a sum or a product.
    #expect(said(text).hasSuffix("; \(try #require(ForeignWords.signs[sign]))"), "\(said(text))")
  }

  /// What is typed in the first hour besides words: each line is the only mistake, and says what is right.
  @Test(arguments: [
    ("loss.backward()", "gradients are computed without it"), ("optimizer.step()", "`gradviz train` takes the steps"),
    ("input.size()", "the shape of a value is in its box"), ("loss = x", "as in `loss L = …`"),
    ("(a, b) = (1, 2)", "a line gives one value a name: `name = …`"), ("a, b = 1, 2", "a line gives one value a name"),
    ("a = b = x", "a line gives one value a name"), ("a := x", "write `a = …`"),
    ("a == x", "one `=` gives a value its name"),
    ("x[0, 1] = 3", "entries do not change"), ("x[0] += 1", "entries do not change"), ("x++", "in a loop `x += 1`"),
    ("x **= 2", "outside a loop a value keeps one meaning"), ("x @= y", "outside a loop a value keeps one meaning"),
    ("x.requires_grad = True", "`param` declares what training changes"),
    ("x.grad.zero_()", "`gradviz draw` and `check` show gradients"), ("\"\"\"text\"\"\"", "a comment begins with `#`"),
    ("@jit", "a function has no decorator"), ("param q: float = 3", "write `q = …`, without a type"),
    ("a: float = 3", "write `a = …`, without a type"), ("def f(t: float) = t", "leave the type out"),
    ("def f(t=2) = t", "every call gives a value for each parameter"),
    ("def f(t):\n  \"text\"\n  return t", "a comment begins with `#`"), ("a = 0x10", "numbers are written in decimal"),
    ("a = 2j", "every number is real"), ("a = 1.5f", "every number is a 64-bit one; write `1.5`"),
    ("a = 2x", "write a product as `2 * x`"), ("a = x \\ y", "a line goes on below"),
    ("a = nn.MSELoss()(x, y)", "a loss as `mse(ŷ, y)`"),
    ("a = sum(x if 1 else y)", "write `where(condition, a, b)`"),
    ("a = [x if 1 else y, x]", "write `where(condition, a, b)`"), ("a = sum(x is y)", "numbers are compared with `==`"),
    ("a = [t for t in x]", "arrays are computed as a whole"),
    ("a = x is None", "numbers are compared with `==`"), ("a = x for x in y", "arrays are computed as a whole"),
    ("int n = 3", "write `name = …`"), ("break", "a loop runs all its turns"), ("except:", "reports every mistake"),
  ])
  func `a line of another language is answered`(line: String, answer: String) {
    let said = messages(Self.head + line)
    #expect(said.count == 1 && said[0].contains(answer), "\(said)")
  }

  @Test func `a line goes on behind a backslash`() throws {
    for end in ["\n", "\r\n", "\r"] {
      #expect(try numbers("a = x[0, 0] + \\\(end)  2\nb = \\\(end)x") == [2.5])
    }
  }

  @Test func `powers and products are assigned again in a loop`() throws {
    let head = "param x = [[0.5, 0.25], [0.75, 0.125]]\nparam s = 3\n"
    let program = try parse(
      head + "for t in range(2):\n  s2 = s + t\n  s2 **= 2\n  m = x\n  m @= x\nloss L = s2 + sum(m)")
    let names = program.record().names
    #expect(names.values.contains { $0.data == [16] })
    #expect(names.values.contains { $0.data == [0.4375, 0.15625, 0.46875, 0.203125] })
  }

  @Test func `the table has about a hundred words and more`() {
    let count =
      ForeignWords.functions.count + ForeignWords.arguments.count + ForeignWords.labelAnswers.count
      + ForeignWords.attributes.count + ForeignWords.methods.count + ForeignWords.members.count
      + ForeignWords.otherFunctions.count + ForeignWords.firstWords.count + ForeignWords.valueAnswers.count
      + ForeignWords.endings.count + ForeignWords.signs.count
    #expect(count >= 100)
  }
}
