import Autograd

/// Checks the functions of arrays: what moves numbers, and reductions composed of several operations.
struct ArrayCalls {
  let scope: NameScope

  private var results: Results { Results(scope: scope) }

  func check(_ call: Call) throws(Issue) -> Fact {
    let values = call.values
    switch call.function {
    case .arange, .linspace, .eye, .full: return try numbers(call)
    case .concat, .stack: return try joined(call)
    case .rnn, .gru, .lstm: return try RecurrenceCalls(scope: scope).check(call)
    case .conv1d, .conv2d, .maxPool, .averagePool, .attention, .layerNorm, .batchNorm, .rmsNorm, .dropout, .smoothL1,
      .klDivergence, .cosineSimilarity, .focal:
      return try NetworkCalls(scope: scope).check(call)
    case .clip, .where, .embedding, .matmul, .pow, .square: return try pair(call)
    case .softplus, .silu, .gelu, .elu, .hardtanh, .logSigmoid, .leakyReLU, .logSoftmax, .stopGradient:
      return try ActivationCalls(scope: scope).check(call)
    default: break
    }
    guard let value = values.first else {
      throw Issue(
        call.span, "`\(call.name)` takes an array", hint: "write `\(call.function.usage)`")
    }
    guard scope[value].category == .value else {
      throw scope.noValue(value)
    }
    let arrangements = ArrangementCalls(scope: scope)
    switch call.function {
    case .prod, .variance, .deviation, .norm, .cumsum: return try ReductionCalls(scope: scope).statistic(call)
    case .transpose: return try arrangements.transposed(call)
    case .reshape:
      return try arrangements.reshaped(value, try scope.integers(Array(values.dropFirst()), "a size"), call)
    default: return try arrangements.check(call)
    }
  }

  // MARK: New numbers

  private func numbers(_ call: Call) throws(Issue) -> Fact {
    let (values, function, span) = (call.values, call.function, call.span)
    try call.require(function == .eye ? 1...2 : function == .full ? 2...2 : function == .linspace ? 3...3 : 1...3)
    func scalar(_ operand: Int) throws(Issue) -> Double {
      guard let number = scope[operand].constant?.scalar, number.isFinite else {
        throw Issue(scope.span(operand), "`\(call.name)` takes constant numbers")
      }
      return number
    }
    switch call.function {
    case .full:
      let shape = try scope.integers([values[0]], "a size")
      guard shape.allSatisfy({ $0 >= 1 }), shape.count <= Shapes.maxRank else {
        throw Issue(scope.span(values[0]), "a size must be a whole number, at least 1")
      }
      try scope.budget.requireSize(shape, span)
      let number = try scalar(values[1])
      return .literal(Constant(shape: shape, numbers: [Double](repeating: number, count: Shapes.count(shape) ?? 0)))
    case .eye:
      let sizes = try scope.integers(values, "a size")
      guard sizes.allSatisfy({ $0 >= 1 }), !sizes.isEmpty, sizes.count <= 2 else {
        throw Issue(span, "a size must be a whole number, at least 1")
      }
      let shape = [sizes[0], sizes[sizes.count - 1]]
      try scope.budget.requireSize(shape, span)
      var numbers = [Double](repeating: 0, count: shape[0] * shape[1])
      for row in 0..<min(shape[0], shape[1]) { numbers[row * shape[1] + row] = 1 }
      return .literal(Constant(shape: shape, numbers: numbers))
    case .linspace:
      let (first, last) = (try scalar(values[0]), try scalar(values[1]))
      let count = try scope.integer(values[2], "the number of points")
      guard count >= 1 else { throw Issue(scope.span(values[2]), "the number of points is at least 1") }
      try scope.budget.requireSize([count], span)
      let step = count > 1 ? (last - first) / Double(count - 1) : 0
      var numbers = (0..<count).map { first + Double($0) * step }
      if count > 1 { numbers[count - 1] = last }
      return .literal(Constant(shape: [count], numbers: numbers))
    default:
      let ends = try values.map { operand throws(Issue) in try scalar(operand) }
      let first = ends.count > 1 ? ends[0] : 0
      let (last, step) = (ends.count > 1 ? ends[1] : ends[0], ends.count > 2 ? ends[2] : 1)
      let count = ((last - first) / step).rounded(.up)
      guard step != 0, count >= 1 else { throw Issue(span, "`arange` is empty", hint: "`arange(0, 4)` is 0, 1, 2, 3") }
      guard count <= Double(scope.limits.entries) else {
        throw scope.budget.tooManyEntries(span)
      }
      try scope.budget.requireSize([Int(count)], span)
      return .literal(Constant(shape: [Int(count)], numbers: (0..<Int(count)).map { first + Double($0) * step }))
    }
  }

  // MARK: Several arrays

  /// The arrays of `concat([a, b])`: the items of a list, or the single arguments.
  private func joined(_ call: Call) throws(Issue) -> Fact {
    var items = call.values
    var second: Int?
    if (1...2).contains(items.count), case .selection = scope.tree.nodes[items[0]].kind {
      // `cat([a, b], 1)`: the axis behind the list.
      second = items.dropFirst().first
      items = scope.tree.operands(of: items[0]).map(Int.init)
    }
    let span = call.span
    guard !items.isEmpty else {
      throw Issue(span, "`\(call.name)` takes a list of arrays", hint: "`\(call.name)([a, b])`")
    }
    let shapes = items.map { scope[$0].shape }
    let axis = try call.axis(second) ?? 0
    if call.function == .stack {
      let rank = shapes[0].count + 1
      guard let other = zip(items, shapes).first(where: { $0.1 != shapes[0] })?.0 else {
        guard rank <= Shapes.maxRank, let place = Shapes.normalized(axis, rank: rank) else {
          throw Issue(span, "axis \(axis) is out of range: the result has \(rank) \(rank == 1 ? "axis" : "axes")")
        }
        var shape = shapes[0]
        shape.insert(items.count, at: place)
        return try results.composed("stack", items, shape, steps: 2, call.node) { stack($0, axis: place) }
      }
      throw Issue(
        scope.span(other),
        "`stack` takes arrays of one shape: this \(Shapes.phrase(scope[other].shape)), the first \(Shapes.phrase(shapes[0]))"
      )
    }
    guard !shapes[0].isEmpty else {
      throw Issue(
        scope.span(items[0]), "`concat` takes arrays, not scalars",
        hint: "a list `[a, b]` makes a vector of scalars")
    }
    let place = try call.place(of: axis, items[0])
    for (item, shape) in zip(items, shapes) where Shapes.concat([shapes[0], shape], axis: place) == nil {
      throw Issue(
        scope.span(item),
        "this \(Shapes.phrase(shape)), the first \(Shapes.phrase(shapes[0])): they may differ only in axis \(place)")
    }
    guard let shape = Shapes.concat(shapes, axis: place) else { throw Issue(span, "the arrays are too large") }
    let fact = try results.composed("concat", items, shape, steps: 1, call.node) { concat($0, axis: place) }
    return items.count == 1 ? results.unchanged(fact, items[0]) : fact
  }

  private func pair(_ call: Call) throws(Issue) -> Fact {
    let values = call.values
    switch call.function {
    case .matmul:
      try call.require(2...2)
      return try results.computed(.binary(.matrixMultiply), values, call.node)
    case .pow:
      try call.require(2...2)
      if scope[values[1]].isLiteral, let exponent = scope[values[1]].constant?.scalar {
        return try results.computed(.power(exponent), [values[0]], call.node)
      }
      return try results.computed(.binary(.power), values, call.node)
    case .square:
      try call.require(1...1)
      return try results.computed(.power(2), values, call.node)
    case .embedding:
      try call.require(2...2)
      return try RowChecker(scope: scope).embedding(values[0], values[1], call.node)
    case .where:
      try call.require(3...3)
      let shapes = values.map { scope[$0].shape }
      guard let inner = Shapes.broadcast(shapes[1], shapes[2]), let shape = Shapes.broadcast(shapes[0], inner) else {
        throw Issue(
          call.span,
          "the mask \(Shapes.phrase(shapes[0])), the values "
            + "\(Shapes.text(shapes[1])) and \(Shapes.text(shapes[2])): they do not broadcast")
      }
      return try results.composed("where", values, shape, steps: 4, call.node) { choose($0[0], $0[1], $0[2]) }
    default:
      try call.require(1...3)
      let low = try call.number("min", at: 1, -.infinity)
      let high = try call.number("max", at: 2, .infinity)
      guard low < high else { throw Issue(call.span, "the lower bound is not below the upper one") }
      let fact = try results.composed("clip", [values[0]], scope[values[0]].shape, steps: 8, call.node) {
        $0[0].clipped(from: low == -.infinity ? nil : low, to: high == .infinity ? nil : high)
      }
      return low == -.infinity && high == .infinity ? results.unchanged(fact, values[0]) : fact
    }
  }
}
