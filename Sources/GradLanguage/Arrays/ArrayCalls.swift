import Autograd

/// Checks the functions of arrays: what moves numbers, and reductions composed of several operations.
extension Checker {
  mutating func arrayCall(
    _ function: Vocabulary.Function, _ call: CallSyntax, _ arguments: Arguments, _ node: Int
  ) throws(Issue) -> Fact {
    let values = arguments.values
    switch function {
    case .arange, .linspace, .eye, .full: return try numbers(function, call, values, node)
    case .concat, .stack: return try joined(function, call, arguments, node)
    case .rnn, .gru, .lstm: return try recurrence(function, call, arguments, node)
    case .conv1d, .conv2d, .maxPool, .averagePool, .attention, .layerNorm, .batchNorm, .rmsNorm, .dropout, .smoothL1,
      .klDivergence, .cosineSimilarity, .focal:
      return try networkCall(function, call, arguments, node)
    case .clip, .where, .embedding, .matmul, .pow, .square: return try pair(function, call, arguments, node)
    case .softplus, .silu, .gelu, .elu, .hardtanh, .logSigmoid, .leakyReLU, .logSoftmax, .stopGradient:
      return try activation(function, call, arguments, node)
    default: break
    }
    guard let value = values.first else {
      throw Issue(
        tree.nodes[node].span, "`\(call.name)` takes an array", hint: "write `\(function.usage)`")
    }
    guard facts[value].category == .value else {
      throw noValue(value)
    }
    switch function {
    case .prod, .variance, .deviation, .norm, .cumsum: return try statistic(function, call, arguments, node)
    case .transpose: return try transposed(call, arguments, node)
    case .reshape:
      return try reshaped(value, try integers(Array(values.dropFirst()), "a size"), call, node)
    default: return try arranged(function, call, arguments, node)
    }
  }

  // MARK: Parts of arguments

  /// A computation composed of several operations.
  mutating func composed(
    _ name: String, _ operands: [Int], _ shape: [Int], steps: Int, isScope: Bool = false, phased: Phased? = nil,
    _ node: Int, apply: @escaping @Sendable ([Tensor]) -> Tensor
  ) throws(Issue) -> Fact {
    var composition = Composition(
      name: name, shape: shape, operands: operands, operandCount: operands.count, steps: steps, isScope: isScope,
      apply: apply)
    composition.phased = phased
    var fact = try computed(.composed(composition), operands, node)
    guard phased != nil, fact.category == .value else { return fact }
    // It is not the same number in training and in evaluation.
    (fact.constant, fact.isLiteral, fact.isData) = (nil, false, false)
    return fact
  }

  /// The fact of a call that changes nothing, such as `pad(x, 0)`: it is the operand, under a second name.
  func unchanged(_ fact: Fact, _ operand: Int) -> Fact {
    var fact = fact
    fact.symbol = facts[operand].symbol
    return fact
  }

  /// The shape of a reduction that keeps the reduced axes with size 1.
  static func kept(_ shape: [Int], _ axis: Int?) -> [Int] {
    shape.indices.map { axis == nil || $0 == axis ? 1 : shape[$0] }
  }

  func kept(_ shape: [Int], _ axis: Int?) -> [Int] { Self.kept(shape, axis) }

  /// An axis of a value, counted from the front.
  func place(of axis: Int, _ value: Int, _ node: Int) throws(Issue) -> Int {
    let shape = facts[value].shape
    if let place = Shapes.normalized(axis, rank: shape.count) { return place }
    _ = try noAxis(axis, value, shape, tree.nodes[node].span)
    return 0
  }

  /// The axis of a value that a call names, counted from the front; nil for all.
  func place(in arguments: Arguments, _ operand: Int?, of value: Int, _ node: Int) throws(Issue) -> Int? {
    guard let axis = try axis(arguments, operand) else { return nil }
    return try place(of: axis, value, node)
  }

  func flag(_ label: (span: Span, operand: Int)?) throws(Issue) -> Bool {
    guard let label else { return false }
    if case .text(let word) = tree.nodes[label.operand].kind {
      if ["True", "true"].contains(word) { return true }
      if ["False", "false"].contains(word) { return false }
    }
    throw Issue(tree.nodes[label.operand].span, "expected `True` or `False`")
  }

  func number(_ arguments: Arguments, _ label: String, at place: Int? = nil, _ otherwise: Double) throws(Issue)
    -> Double
  {
    let positional = place.flatMap { $0 < arguments.values.count ? arguments.values[$0] : nil }
    guard let operand = arguments.label(label)?.operand ?? positional else {
      return arguments.presets[label] ?? otherwise
    }
    guard let number = facts[operand].constant?.scalar, number.isFinite else {
      throw Issue(tree.nodes[operand].span, "`\(label)` must be a constant number")
    }
    return number
  }

  func integer(_ operand: Int, _ noun: String) throws(Issue) -> Int {
    guard let number = facts[operand].constant?.scalar else {
      throw Issue(tree.nodes[operand].span, "\(noun) must be a constant whole number")
    }
    return try whole(number, noun, operand)
  }

  private func whole(_ number: Double, _ noun: String, _ operand: Int) throws(Issue) -> Int {
    guard let whole = Int(exactly: number) else {
      let isHuge = number.isFinite && number == number.rounded()
      throw Issue(
        tree.nodes[operand].span,
        isHuge ? "\(noun) is too large: \(NumberText.plain(number))" : "\(noun) must be a constant whole number")
    }
    return whole
  }

  /// Whole numbers one by one, or in a list.
  func integers(_ operands: [Int], _ noun: String) throws(Issue) -> [Int] {
    var found: [Int] = []
    for operand in operands {
      guard let constant = facts[operand].constant, constant.shape.count < 2 else {
        throw Issue(tree.nodes[operand].span, "\(noun) must be a constant whole number")
      }
      for number in constant.numbers {
        found.append(try whole(number, noun, operand))
      }
    }
    return found
  }

  // MARK: New numbers

  private func numbers(_ function: Vocabulary.Function, _ call: CallSyntax, _ values: [Int], _ node: Int) throws(Issue)
    -> Fact
  {
    let span = tree.nodes[node].span
    try require(
      values, function == .eye ? 1...2 : function == .full ? 2...2 : function == .linspace ? 3...3 : 1...3, call, node)
    func scalar(_ operand: Int) throws(Issue) -> Double {
      guard let number = facts[operand].constant?.scalar, number.isFinite else {
        throw Issue(tree.nodes[operand].span, "`\(call.name)` takes constant numbers")
      }
      return number
    }
    switch function {
    case .full:
      let shape = try integers([values[0]], "a size")
      guard shape.allSatisfy({ $0 >= 1 }), shape.count <= Shapes.maxRank else {
        throw Issue(tree.nodes[values[0]].span, "a size must be a whole number, at least 1")
      }
      try requireSize(shape, span)
      let number = try scalar(values[1])
      return .literal(Constant(shape: shape, numbers: [Double](repeating: number, count: Shapes.count(shape) ?? 0)))
    case .eye:
      let sizes = try integers(values, "a size")
      guard sizes.allSatisfy({ $0 >= 1 }), !sizes.isEmpty, sizes.count <= 2 else {
        throw Issue(span, "a size must be a whole number, at least 1")
      }
      let shape = [sizes[0], sizes[sizes.count - 1]]
      try requireSize(shape, span)
      var numbers = [Double](repeating: 0, count: shape[0] * shape[1])
      for row in 0..<min(shape[0], shape[1]) { numbers[row * shape[1] + row] = 1 }
      return .literal(Constant(shape: shape, numbers: numbers))
    case .linspace:
      let (first, last) = (try scalar(values[0]), try scalar(values[1]))
      let count = try integer(values[2], "the number of points")
      guard count >= 1 else { throw Issue(tree.nodes[values[2]].span, "the number of points is at least 1") }
      try requireSize([count], span)
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
      guard count <= Double(limits.entries) else {
        throw Issue(span, "this would have more than \(limits.entries) entries", hint: limits.hint(.entries))
      }
      try requireSize([Int(count)], span)
      return .literal(Constant(shape: [Int(count)], numbers: (0..<Int(count)).map { first + Double($0) * step }))
    }
  }

  // MARK: Several arrays

  /// The arrays of `concat([a, b])`: the items of a list, or the single arguments.
  private mutating func joined(
    _ function: Vocabulary.Function, _ call: CallSyntax, _ arguments: Arguments, _ node: Int
  ) throws(Issue) -> Fact {
    var items = arguments.values
    var second: Int?
    if (1...2).contains(items.count), case .selection = tree.nodes[items[0]].kind {
      // `cat([a, b], 1)`: the axis behind the list.
      second = items.dropFirst().first
      items = tree.operands(of: items[0]).map(Int.init)
    }
    let span = tree.nodes[node].span
    guard !items.isEmpty else {
      throw Issue(span, "`\(call.name)` takes a list of arrays", hint: "`\(call.name)([a, b])`")
    }
    let shapes = items.map { facts[$0].shape }
    let axis = try axis(arguments, second) ?? 0
    if function == .stack {
      let rank = shapes[0].count + 1
      guard let other = zip(items, shapes).first(where: { $0.1 != shapes[0] })?.0 else {
        guard rank <= Shapes.maxRank, let place = Shapes.normalized(axis, rank: rank) else {
          throw Issue(span, "axis \(axis) is out of range: the result has \(rank) \(rank == 1 ? "axis" : "axes")")
        }
        var shape = shapes[0]
        shape.insert(items.count, at: place)
        return try composed("stack", items, shape, steps: 2, node) { stack($0, axis: place) }
      }
      throw Issue(
        tree.nodes[other].span,
        "`stack` takes arrays of one shape: this \(Shapes.phrase(facts[other].shape)), the first \(Shapes.phrase(shapes[0]))"
      )
    }
    guard !shapes[0].isEmpty else {
      throw Issue(
        tree.nodes[items[0]].span, "`concat` takes arrays, not scalars",
        hint: "a list `[a, b]` makes a vector of scalars")
    }
    let place = try place(of: axis, items[0], node)
    for (item, shape) in zip(items, shapes) where Shapes.concat([shapes[0], shape], axis: place) == nil {
      throw Issue(
        tree.nodes[item].span,
        "this \(Shapes.phrase(shape)), the first \(Shapes.phrase(shapes[0])): they may differ only in axis \(place)")
    }
    guard let shape = Shapes.concat(shapes, axis: place) else { throw Issue(span, "the arrays are too large") }
    let fact = try composed("concat", items, shape, steps: 1, node) { concat($0, axis: place) }
    return items.count == 1 ? unchanged(fact, items[0]) : fact
  }

  private mutating func pair(
    _ function: Vocabulary.Function, _ call: CallSyntax, _ arguments: Arguments, _ node: Int
  ) throws(Issue) -> Fact {
    let values = arguments.values
    switch function {
    case .matmul:
      try require(values, 2...2, call, node)
      return try computed(.binary(.matrixMultiply), values, node)
    case .pow:
      try require(values, 2...2, call, node)
      if facts[values[1]].isLiteral, let exponent = facts[values[1]].constant?.scalar {
        return try computed(.power(exponent), [values[0]], node)
      }
      return try computed(.binary(.power), values, node)
    case .square:
      try require(values, 1...1, call, node)
      return try computed(.power(2), values, node)
    case .embedding:
      try require(values, 2...2, call, node)
      return try embedding(values[0], values[1], node)
    case .where:
      try require(values, 3...3, call, node)
      let shapes = values.map { facts[$0].shape }
      guard let inner = Shapes.broadcast(shapes[1], shapes[2]), let shape = Shapes.broadcast(shapes[0], inner) else {
        throw Issue(
          tree.nodes[node].span,
          "the mask \(Shapes.phrase(shapes[0])), the values "
            + "\(Shapes.text(shapes[1])) and \(Shapes.text(shapes[2])): they do not broadcast")
      }
      return try composed("where", values, shape, steps: 4, node) { choose($0[0], $0[1], $0[2]) }
    default:
      try require(values, 1...3, call, node)
      let low = try number(arguments, "min", at: 1, -.infinity)
      let high = try number(arguments, "max", at: 2, .infinity)
      guard low < high else { throw Issue(tree.nodes[node].span, "the lower bound is not below the upper one") }
      let fact = try composed("clip", [values[0]], facts[values[0]].shape, steps: 8, node) {
        $0[0].clipped(from: low == -.infinity ? nil : low, to: high == .infinity ? nil : high)
      }
      return low == -.infinity && high == .infinity ? unchanged(fact, values[0]) : fact
    }
  }
}
