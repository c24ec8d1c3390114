/// A valid `.grad` program made at random: the same text for the same seed and kind.
///
/// Between them the programs have every role and operation of the language, values used several times and
/// never, parameters that no loss reaches, names like the figures' own ids, and settings. Values are finite,
/// and few enough to be drawn. Nothing of the language or the engine is used to make them.
package struct RandomProgram: Sendable, CustomStringConvertible {
  package enum Kind: String, CaseIterable, Sendable {
    /// Numbers only.
    case scalar
    /// Vectors and matrices: broadcasting, axes, products, indices.
    case arrays
    /// Several samples through layers or neurons to a prediction and a loss.
    case batch
    /// A batch with all that says how it is trained.
    case training
  }

  package let seed: UInt64
  package let kind: Kind
  package let source: String

  package enum Names: Sendable {
    case ordinary
    /// Those that look like one another, like array elements, and like the figures' own symbols.
    case alike
  }

  package init(seed: UInt64, kind: Kind, names: Names = .ordinary) {
    self.seed = seed
    self.kind = kind
    var builder = RandomProgramBuilder(seed: seed, kind: kind, names: names)
    builder.build()
    source = builder.lines.joined(separator: "\n") + "\n"
  }

  /// What a failing test shows.
  package var description: String { "seed \(seed), \(kind):\n\(source)" }
}

/// Writes the lines of a random program.
struct RandomProgramBuilder {
  let kind: RandomProgram.Kind
  var numbers: RandomChoices
  var lines: [String] = []
  /// All that an expression can use.
  var terms: [RandomTerm] = []
  /// The program's own functions, of two arguments each.
  var functions: [String] = []
  /// Where in ``terms`` the values that have been used stand.
  var used: [Bool] = []
  private var names: [String] = []
  /// Samples of a batch.
  var samples = 1

  /// What a page looks like has choices of its own, so that it changes nothing else in a program.
  private var pages: RandomChoices

  init(seed: UInt64, kind: RandomProgram.Kind, names: RandomProgram.Names) {
    self.kind = kind
    let salt = UInt64(RandomProgram.Kind.allCases.firstIndex(of: kind) ?? 0)
    numbers = RandomChoices(seed: seed &* 4 &+ salt)
    pages = RandomChoices(seed: ~(seed &* 4 &+ salt))
    self.names = numbers.shuffled(names == .ordinary ? Self.names : Self.namesAlike)
  }

  mutating func build() {
    if numbers.below(3) > 0 { lines.append("title \"Program of \(kind), \(numbers.below(100))\"") }
    if numbers.below(8) == 0 { lines.append("caption \"A caption: 1 < 2 & \\\"so on\\\"\"") }
    settings()
    switch kind {
    case .scalar, .arrays:
      leaves()
      body(count: 3 + numbers.below(kind == .scalar ? 12 : 8))
      finish()
    case .batch, .training: network()
    }
    if kind == .training { training() } else if numbers.below(2) == 0 { lines.append("rate 0.1") }
    page()
  }

  // MARK: Names

  /// Names as people give them, among them some that look like what figures call their own elements.
  private static let names = [
    "a", "b", "c", "d", "e", "f", "g", "h", "k", "m", "n", "q", "r", "s", "t", "u", "v", "z", "w1", "w2",
    "w3",
    "b1", "b2", "x1", "x_2", "n₄", "W", "V", "A", "α", "β", "θ", "σ", "ŵ", "é", "score", "hidden_state",
    "very_long_name_of_a_value", "panel", "edge_2", "node_1", "title_1", "loss_region", "update",
    "a_operation",
    "b_step", "c__lane1", "badge", "gradient", "figure", "L1", "x1_2", "_u", "Δ", "λ_1", "学习", "total",
  ]

  /// Names of which several look alike with subscripts, and letters of update rules and of functions.
  private static let namesAlike = [
    "w", "w1", "w_1", "w₁", "w1_1", "w_1_1", "w_2", "w2", "w1_2", "w11", "w_", "x_1", "x_2", "x1", "x2", "x1_1",
    "x_1_1", "x2_1", "x₁", "y1", "y_1", "y_2", "p_1", "p1", "n", "n1", "n_1", "n₁", "n1_1", "n2_1", "n_2", "m",
    "m1", "m_1", "m̂", "v", "v̂", "g", "lr", "s", "t", "θ", "π", "σ", "T", "c1", "c_1", "L1", "L_1", "L₁", "b", "b1",
    "b_1", "h", "h1", "h_1", "rows", "a_b_1", "a_b1", "prediction_1",
  ]

  mutating func freshName() -> String {
    if names.isEmpty { names = (0..<40).map { "extra\(lines.count)_\($0)" } }
    return names.removeLast()
  }

  // MARK: Values

  /// Writes a line and remembers its value.
  @discardableResult mutating func declare(_ keyword: String, _ name: String, _ term: RandomTerm)
    -> RandomTerm
  {
    lines.append("\(keyword)\(keyword.isEmpty ? "" : " ")\(name) = \(term.text)")
    let named = RandomTerm(
      text: name, shape: term.shape, bounds: term.bounds, hasSamples: term.hasSamples, isName: true)
    add(named)
    return named
  }

  mutating func add(_ term: RandomTerm) {
    terms.append(term)
    used.append(false)
  }

  /// Any value, recent ones and the first ones more often: those are the residuals and the hubs.
  mutating func anyTerm() -> RandomTerm {
    let place: Int
    switch numbers.below(6) {
    case 0: place = numbers.below(min(2, terms.count))
    case 1, 2: place = numbers.below(terms.count)
    default: place = terms.count - 1 - numbers.below(min(4, terms.count))
    }
    used[place] = true
    return terms[place]
  }

  /// Another value, the same one again, or a literal.
  mutating func partner(of term: RandomTerm) -> RandomTerm {
    switch numbers.below(8) {
    case 0: return term
    case 1: return literal()
    default: return anyTerm()
    }
  }

  mutating func literal() -> RandomTerm {
    let number = numbers.pick([2, 3, 0.5, 1, 10, 0.1, 1.5])
    return RandomTerm(text: text(number), bounds: number...number, isConstant: true)
  }

  func text(_ number: Double) -> String { Int(exactly: number).map(String.init) ?? "\(number)" }

  /// A list of numbers, some of them whole, as people write them.
  mutating func data(_ shape: [Int], from low: Double = -2, to high: Double = 2) -> RandomTerm {
    func entry() -> String {
      let number = numbers.between(low, high)
      return text(numbers.below(3) == 0 ? number.rounded() : (number * 100).rounded() / 100)
    }
    func list(_ count: Int, _ item: () -> String) -> String {
      "[" + (0..<count).map { _ in item() }.joined(separator: ", ") + "]"
    }
    let body =
      switch shape.count {
      case 0: entry()
      case 1: list(shape[0]) { entry() }
      default: list(shape[0]) { list(shape[1]) { entry() } }
      }
    return RandomTerm(
      text: body, shape: shape, bounds: low.rounded(.down)...high.rounded(.up), isConstant: true)
  }

  /// Numbers to start a parameter with: written out, zeros, ones, or from a seed.
  mutating func start(_ shape: [Int]) -> RandomTerm {
    guard !shape.isEmpty else { return data(shape) }
    let sizes = shape.map(String.init).joined(separator: ", ")
    let schemes = [
      "uniform", "normal", "xavier_uniform", "xavier_normal", "kaiming_uniform", "kaiming_normal",
    ]
    switch numbers.below(6) {
    case 0: return RandomTerm(text: "zeros(\(sizes))", shape: shape, bounds: 0...0)
    case 1: return RandomTerm(text: "ones(\(sizes))", shape: shape, bounds: 1...1)
    case 2:
      let scheme = numbers.pick(schemes)
      return RandomTerm(
        text: "random(\(sizes), seed: \(numbers.below(50)), scheme: \(scheme))", shape: shape, bounds: -5...5)
    default: return data(shape)
    }
  }

  /// A parameter that fits at the right of `@`.
  mutating func weights(for inner: Int) -> RandomTerm? {
    guard lines.count < 40 else { return nil }
    let shape = numbers.below(2) == 0 ? [inner] : [inner, 1 + numbers.below(3)]
    let term = declare("param", freshName(), start(shape))
    used[used.count - 1] = true
    return term
  }

  // MARK: Settings

  /// How the figure looks, as the file can say it.
  private mutating func settings() {
    func set(_ name: String, _ values: [String]) {
      if numbers.below(7) == 0 { lines.append("\(name) \(numbers.pick(values))") }
    }
    set("precision", ["1", "2", "3", "6", "12"])
    set("gradients", ["numeric", "symbolic", "both"])
    set("direction", ["LR", "TB"])
    set("lang", ["en", "fr"])
    // The readers of these laws know points; French commas have suites of their own.
    if lines.last == "lang fr" { lines.append("decimal point") }
    set("parameters", ["shared", "repeated"])
    set("theme", ["auto", "light", "dark", "print"])
    set("width", ["500", "830", "1140", "3000"])
    set("level", ["auto", "scalar", "tensor"])
    set("formulas", ["short", "all"])
    set("samples", ["rows", "table", "all"])
    set("closeups", ["auto", "all", "none"])
  }

  /// How its files look.
  private mutating func page() {
    func set(_ name: String, _ values: [String]) {
      if pages.below(7) == 0 { lines.insert("\(name) \(pages.pick(values))", at: 0) }
    }
    set("scale", ["0.5", "1.25", "2"])
    set("dpi", ["72", "96", "300"])
    set("background", ["page", "transparent", "white"])
  }
}
