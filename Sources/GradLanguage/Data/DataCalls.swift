import Autograd

/// Checks functions that create numbers: `zeros`, `ones`, `random`, `one_hot`, or read them from files.
struct DataCalls {
  let scope: NameScope
  let files: DataFiles

  func check(_ call: Call) throws(Issue) -> Fact {
    let (function, span) = (call.function, call.span)
    switch call.function {
    case .zeros, .ones, .random:
      let shape = try sizes(call.values, function, span)
      let written = scope.source.string(call.nameSpan).split(separator: ".").last.map(String.init) ?? call.name
      // `np.random.random((2, 3))` is `rand(2, 3)`.
      let isUnit = call.library == .numpy && written == function.rawValue
      let count = Shapes.count(shape) ?? 0
      guard function == .random else {
        return .literal(
          Constant(shape: shape, numbers: [Double](repeating: function == .ones ? 1 : 0, count: count)))
      }
      let seed: Int
      if let own = try call.seed() {
        seed = own
      } else if written == function.rawValue, !isUnit {
        throw Issue(
          span, "`random` needs a seed, so that every run draws the same numbers", hint: "add `seed: 1`")
      } else {
        // `randn(2, 3)`: others in each of them, as in PyTorch, and the same in every run.
        scope.count(.random)
        seed = scope.seed(of: .random)
      }
      if written == "rand" || isUnit {
        var own = SeededNumbers(seed: seed)
        return .literal(Constant(shape: shape, numbers: (0..<count).map { _ in own.drawUniform() }))
      }
      let scheme = written == "randn" ? Initialization.normal : try call.scheme()
      return .literal(Constant(shape: shape, numbers: scheme.values(shape: shape, seed: seed)))
    case .oneHot: return try oneHot(call.values, span)
    case .characters: return try CharacterReader(scope: scope, files: files).check(call)
    default: return try TableReader(scope: scope, files: files).check(call)
    }
  }

  private func sizes(_ operands: [Int], _ function: Vocabulary.Function, _ span: Span) throws(Issue) -> [Int] {
    var shape: [Int] = []
    for operand in operands {
      let sizes = try scope.integers([operand], "a size")
      guard sizes.allSatisfy({ $0 >= 1 }) else {
        throw Issue(scope.span(operand), "a size must be a whole number, at least 1")
      }
      shape += sizes
    }
    guard !shape.isEmpty else {
      throw Issue(span, "`\(function.rawValue)` takes sizes", hint: "write `\(function.usage)`")
    }
    guard shape.count <= Shapes.maxRank else {
      throw Issue(span, "`\(function.rawValue)` takes at most \(Shapes.maxRank) sizes, not \(shape.count)")
    }
    try scope.budget.requireSize(shape, span)
    return shape
  }

  /// Scales each column to mean 0 and standard deviation 1; a constant column becomes 0.
  func standardized(_ call: Call) throws(Issue) -> Fact {
    let operands = call.values
    guard operands.count == 1, let constant = scope[operands[0]].constant, !constant.shape.isEmpty else {
      throw Issue(
        call.span, "`standardize` takes constant data",
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
    guard let classes = scope[operands[0]].constant, (1..<Shapes.maxRank).contains(classes.shape.count) else {
      throw Issue(scope.span(operands[0]), "`one_hot` takes constant class numbers, such as a vector of them")
    }
    let count = try scope.integer(operands[1], "the number of classes")
    guard count >= 1 else {
      throw Issue(scope.span(operands[1]), "the number of classes must be a whole number, at least 1")
    }
    let shape = classes.shape + [count]
    try scope.budget.requireSize(shape, span)
    var numbers = [Double](repeating: 0, count: classes.numbers.count * count)
    for (row, number) in classes.numbers.enumerated() {
      guard let column = Int(exactly: number), column >= 0, column < count else {
        throw Issue(
          scope.span(operands[0]),
          "\(NumberText.plain(number)) is not one of the classes 0 to \(count - 1)")
      }
      numbers[row * count + column] = 1
    }
    var fact = Fact.literal(Constant(shape: shape, numbers: numbers))
    fact.classes = scope[operands[0]].classes
    return fact
  }
}
