import Autograd

/// Checks functions that create numbers: `zeros`, `ones`, `random`, `one_hot`; for `csv`, see
/// `TableChecks.swift`.
extension Checker {
  mutating func data(
    _ function: Vocabulary.Function, _ call: CallSyntax, _ arguments: Arguments, _ node: Int
  ) throws(Issue) -> Fact {
    let span = tree.nodes[node].span
    switch function {
    case .zeros, .ones, .random:
      let shape = try sizes(arguments.values, function, span)
      let written = source.string(call.nameSpan).split(separator: ".").last.map(String.init) ?? call.name
      // `np.random.random((2, 3))` is `rand(2, 3)`.
      let isUnit = library(call) == .numpy && written == function.rawValue
      let count = Shapes.count(shape) ?? 0
      guard function == .random else {
        return .literal(
          Constant(shape: shape, numbers: [Double](repeating: function == .ones ? 1 : 0, count: count)))
      }
      let seed: Int
      if let label = arguments.label("seed") {
        seed = try integer(label.operand, "the seed")
      } else if written == function.rawValue, !isUnit {
        throw Issue(
          span, "`random` needs a seed, so that every run draws the same numbers", hint: "add `seed: 1`")
      } else {
        // `randn(2, 3)`: others in each of them, as in PyTorch, and the same in every run.
        randomCount += 1
        seed = randomCount
      }
      if written == "rand" || isUnit {
        var own = SeededNumbers(seed: seed)
        return .literal(Constant(shape: shape, numbers: (0..<count).map { _ in own.uniform() }))
      }
      let scheme = written == "randn" ? Initialization.normal : try scheme(arguments)
      return .literal(Constant(shape: shape, numbers: scheme.values(shape: shape, seed: seed)))
    case .oneHot: return try oneHot(arguments.values, span)
    case .characters: return try characters(arguments, span)
    default: return try csv(arguments, span)
    }
  }

  private func sizes(_ operands: [Int], _ function: Vocabulary.Function, _ span: Span) throws(Issue) -> [Int] {
    var shape: [Int] = []
    for operand in operands {
      let sizes = try integers([operand], "a size")
      guard sizes.allSatisfy({ $0 >= 1 }) else {
        throw Issue(tree.nodes[operand].span, "a size must be a whole number, at least 1")
      }
      shape += sizes
    }
    guard !shape.isEmpty else {
      throw Issue(span, "`\(function.rawValue)` takes sizes", hint: "write `\(function.usage)`")
    }
    guard shape.count <= Shapes.maxRank else {
      throw Issue(span, "`\(function.rawValue)` takes at most \(Shapes.maxRank) sizes, not \(shape.count)")
    }
    try requireSize(shape, span)
    return shape
  }

  /// Reads `scheme: kaiming_normal`; the default is uniform in ±1/√inputs.
  func scheme(_ arguments: Arguments) throws(Issue) -> Initialization {
    guard let label = arguments.label("scheme") else { return .uniform }
    let names = Initialization.allCases.map(\.rawValue)
    guard case .text(let name) = tree.nodes[label.operand].kind else {
      throw Issue(
        tree.nodes[label.operand].span, "expected the name of a scheme", hint: "one of " + names.joined(separator: ", ")
      )
    }
    guard let scheme = Initialization(name: name) else {
      throw Issue(
        tree.nodes[label.operand].span, "unknown scheme `\(name.prefix(40))`",
        hint: Spelling.suggestion(for: name, among: names) ?? "one of " + names.joined(separator: ", "))
    }
    return scheme
  }

  /// Scales each column to mean 0 and standard deviation 1; a constant column becomes 0.
  func standardized(_ operands: [Int], _ node: Int) throws(Issue) -> Fact {
    guard operands.count == 1, let constant = facts[operands[0]].constant, !constant.shape.isEmpty else {
      throw Issue(
        tree.nodes[node].span, "`standardize` takes constant data",
        hint: "as in `input x = standardize(csv(…))`")
    }
    let columns = constant.shape.count > 1 ? constant.shape[constant.shape.count - 1] : 1
    let rows = constant.numbers.count / columns
    var numbers = constant.numbers
    for column in 0..<columns {
      let own = (0..<rows).map { constant.numbers[$0 * columns + column] }
      let mean = own.reduce(0, +) / Double(rows)
      let deviation = (own.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(rows)).squareRoot()
      for row in 0..<rows {
        numbers[row * columns + column] = deviation > 0 ? (own[row] - mean) / deviation : 0
      }
    }
    return .literal(Constant(shape: constant.shape, numbers: numbers))
  }

  private func oneHot(_ operands: [Int], _ span: Span) throws(Issue) -> Fact {
    guard operands.count == 2 else {
      throw Issue(
        span, "`one_hot` takes 2 arguments, not \(operands.count)", hint: "`one_hot(classes, count)`")
    }
    guard let classes = facts[operands[0]].constant, (1..<Shapes.maxRank).contains(classes.shape.count) else {
      throw Issue(tree.nodes[operands[0]].span, "`one_hot` takes constant class numbers, such as a vector of them")
    }
    let count = try integer(operands[1], "the number of classes")
    guard count >= 1 else {
      throw Issue(tree.nodes[operands[1]].span, "the number of classes must be a whole number, at least 1")
    }
    let shape = classes.shape + [count]
    try requireSize(shape, span)
    var numbers = [Double](repeating: 0, count: classes.numbers.count * count)
    for (row, number) in classes.numbers.enumerated() {
      guard let column = Int(exactly: number), column >= 0, column < count else {
        throw Issue(
          tree.nodes[operands[0]].span,
          "\(NumberText.plain(number)) is not one of the classes 0 to \(count - 1)")
      }
      numbers[row * count + column] = 1
    }
    var fact = Fact.literal(Constant(shape: shape, numbers: numbers))
    fact.classes = facts[operands[0]].classes
    return fact
  }
}
