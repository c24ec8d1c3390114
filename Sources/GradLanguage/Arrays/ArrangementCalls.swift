import Autograd

/// Checks activations, statistics, and what gives an array another shape or order.
extension Checker {
  mutating func activation(
    _ function: Vocabulary.Function, _ call: CallSyntax, _ arguments: Arguments, _ node: Int
  ) throws(Issue) -> Fact {
    let values = arguments.values
    try require(
      values, 1...(function == .hardtanh ? 3 : [.elu, .leakyReLU, .logSoftmax].contains(function) ? 2 : 1), call, node)
    let value = values[0]
    let shape = facts[value].shape
    func make(_ steps: Int, _ apply: @escaping @Sendable (Tensor) -> Tensor) throws(Issue) -> Fact {
      try composed(function.rawValue, [value], shape, steps: steps, isScope: steps > 1, node) { apply($0[0]) }
    }
    switch function {
    case .softplus: return try make(7) { softplus($0) }
    case .logSigmoid: return try make(7) { logSigmoid($0) }
    case .silu: return try make(2) { silu($0) }
    case .stopGradient: return try make(1) { stopGradient($0) }
    case .gelu:
      let isTanh: Bool
      if let label = arguments.label("approximate") {
        guard case .text(let word) = tree.nodes[label.operand].kind, ["tanh", "none"].contains(word) else {
          throw Issue(tree.nodes[label.operand].span, "`approximate` is \"tanh\" or \"none\"")
        }
        isTanh = word == "tanh"
      } else {
        isTanh = false
      }
      return try make(9) { gelu($0, isApproximate: isTanh) }
    case .elu:
      let alpha = try number(arguments, "alpha", at: 1, 1)
      return try make(7) { elu($0, alpha: alpha) }
    case .leakyReLU:
      let slope = try number(arguments, "negative_slope", at: 1, 0.01)
      return try make(6) { leakyReLU($0, slope: slope) }
    case .hardtanh:
      let low = try number(arguments, "min_val", at: 1, -1)
      let high = try number(arguments, "max_val", at: 2, 1)
      guard low < high else { throw Issue(tree.nodes[node].span, "the lower bound is not below the upper one") }
      return try make(8) { hardTanh($0, from: low, to: high) }
    default:
      guard !shape.isEmpty else {
        throw Issue(tree.nodes[node].span, "`log_softmax` takes a vector or a matrix, not a scalar")
      }
      let axis = try axis(arguments, values.dropFirst().first) ?? -1
      let place = try place(of: axis, value, node)
      return try make(3) { $0.logSoftmax(axis: place) }
    }
  }

  mutating func statistic(
    _ function: Vocabulary.Function, _ call: CallSyntax, _ arguments: Arguments, _ node: Int
  ) throws(Issue) -> Fact {
    let values = arguments.values
    try require(values, 1...2, call, node)
    let value = values[0]
    let shape = facts[value].shape
    let second = function == .norm ? nil : values.dropFirst().first
    if function != .cumsum, let places = try places(in: arguments, second, of: value, node) {
      return try reduced(function, arguments, along: places, of: value, node)
    }
    let place = try place(in: arguments, second, of: value, node)
    if function == .cumsum {
      guard let place = place ?? (shape.count == 1 ? 0 : nil) else {
        throw Issue(tree.nodes[node].span, "`cumsum` needs an axis", hint: "`cumsum(x, axis=0)`")
      }
      guard shape[place] <= 10_000 else {
        throw Issue(tree.nodes[node].span, "`cumsum` runs over at most 10000 entries of an axis")
      }
      return try composed("cumsum", [value], shape, steps: 3, isScope: true, node) { $0[0].cumulativeSum(axis: place) }
    }
    let keeps = try flag(arguments.label("keepdims"))
    let result = keeps ? kept(shape, place) : place.map { Shapes.reduce(shape, axis: $0) ?? [] } ?? []
    func make(_ steps: Int, _ apply: @escaping @Sendable (Tensor) -> Tensor) throws(Issue) -> Fact {
      try composed(function.rawValue, [value], result, steps: steps, isScope: true, node) { apply($0[0]) }
    }
    switch function {
    case .prod: return try make(4) { $0.product(axis: place, keepsAxis: keeps) }
    case .norm:
      let order = try number(arguments, "ord", at: 1, 2)
      guard order == 1 || order == 2 else { throw Issue(tree.nodes[node].span, "a norm has order 1 or 2") }
      return try make(6) { $0.norm(axis: place, order: Int(order), keepsAxis: keeps) }
    default:
      let correction = try number(arguments, "correction", 1)
      if function == .variance {
        return try make(6) { $0.variance(axis: place, correction: correction, keepsAxis: keeps) }
      }
      return try make(10) { $0.standardDeviation(axis: place, correction: correction, keepsAxis: keeps) }
    }
  }

  // MARK: Shapes

  mutating func transposed(_ call: CallSyntax, _ arguments: Arguments, _ node: Int) throws(Issue) -> Fact {
    let value = arguments.values[0]
    let shape = facts[value].shape
    let listed = arguments.label("axes").map { [$0.operand] } ?? Array(arguments.values.dropFirst())
    guard !listed.isEmpty else { return try computed(.transpose, [value], node) }
    var axes = try integers(listed, "an axis")
    axes = try axes.map { axis throws(Issue) in try place(of: axis, value, node) }
    if listed.count == 2, arguments.label("axes") == nil, !source.string(call.nameSpan).hasSuffix("permute") {
      // As in PyTorch: two axes are exchanged, of a matrix as well; `permute` has the order of all axes.
      var order = Array(shape.indices)
      order.swapAt(axes[0], axes[1])
      axes = order
    }
    guard let result = Shapes.transpose(shape, axes) else {
      throw Issue(
        tree.nodes[node].span, "the order of axes names each of 0 to \(max(shape.count - 1, 0)) once",
        hint: "`transpose(x, axes=[\(shape.indices.reversed().map(String.init).joined(separator: ", "))])`")
    }
    let order = axes
    if shape.count < 2 || order == Array(order.indices) { return try computed(.passOn, [value], node) }
    return try composed("transpose", [value], result, steps: 1, node) { $0[0].transposed(axes: order) }
  }

  mutating func reshaped(_ value: Int, _ sizes: [Int], _ call: CallSyntax, _ node: Int) throws(Issue) -> Fact {
    let shape = facts[value].shape
    guard sizes.count <= Shapes.maxRank else {
      throw Issue(tree.nodes[node].span, "an array has at most \(Shapes.maxRank) axes")
    }
    guard let result = Shapes.reshape(shape, to: sizes) else {
      throw Issue(
        tree.nodes[node].span,
        "\(subject(value, or: "the array")) \(Shapes.phrase(shape)), which does not make \(sizes.map(String.init).joined(separator: "×"))",
        hint: "one size may be -1: what remains")
    }
    if result == shape { return try computed(.passOn, [value], node) }
    return try composed("reshape", [value], result, steps: 1, node) { $0[0].reshaped(to: result) }
  }

  mutating func arranged(
    _ function: Vocabulary.Function, _ call: CallSyntax, _ arguments: Arguments, _ node: Int
  ) throws(Issue) -> Fact {
    let values = arguments.values
    let (value, span) = (values[0], tree.nodes[node].span)
    let shape = facts[value].shape
    func own(_ result: [Int], _ apply: @escaping @Sendable (Tensor) -> Tensor) throws(Issue) -> Fact {
      guard result.count <= Shapes.maxRank else { throw Issue(span, "an array has at most \(Shapes.maxRank) axes") }
      return try composed(function.rawValue, [value], result, steps: 2, node) { apply($0[0]) }
    }
    switch function {
    case .flip:
      try require(values, 1...2, call, node)
      let place = try place(of: try axis(arguments, values.dropFirst().first) ?? 0, value, node)
      let fact = try own(shape) { $0.flipped(axis: place) }
      return shape[place] < 2 ? unchanged(fact, value) : fact
    case .repeat, .tile: return try repeated(function, call, arguments, node)
    case .pad: return try padded(value, values, arguments, call, node)
    case .tril, .triu:
      try require(values, 1...2, call, node)
      guard shape.count >= 2 else { throw Issue(span, "`\(call.name)` takes a matrix") }
      let diagonal = Int(exactly: try number(arguments, "diagonal", at: 1, 0)) ?? 0
      guard abs(diagonal) <= limits.entries else { throw Issue(span, "there is no diagonal \(diagonal)") }
      return try own(shape) {
        function == .tril ? $0.lowerTriangle(diagonal: diagonal) : $0.upperTriangle(diagonal: diagonal)
      }
    case .squeeze:
      try require(values, 1...2, call, node)
      guard let axis = try axis(arguments, values.dropFirst().first) else {
        return try reshaped(value, shape.filter { $0 != 1 }, call, node)
      }
      let place = try place(of: axis, value, node)
      return try reshaped(
        value, shape.enumerated().filter { $0.offset != place || $0.element != 1 }.map(\.element), call, node)
    default:
      try require(values, 1...2, call, node)
      guard let axis = try axis(arguments, values.dropFirst().first),
        let place = Shapes.normalized(axis, rank: shape.count + 1)
      else { throw Issue(span, "`unsqueeze` needs the place of the new axis", hint: "`unsqueeze(x, 0)`") }
      var wide = shape
      wide.insert(1, at: place)
      return try reshaped(value, wide, call, node)
    }
  }

  /// Each entry so often in a row, or the whole so often along each axis.
  private mutating func repeated(
    _ function: Vocabulary.Function, _ call: CallSyntax, _ arguments: Arguments, _ node: Int
  ) throws(Issue) -> Fact {
    let values = arguments.values
    let (value, span) = (values[0], tree.nodes[node].span)
    let shape = facts[value].shape
    if function == .repeat {
      try require(values, 2...3, call, node)
      let count = try integer(values[1], "the number of times")
      let place = try place(of: try axis(arguments, values.count > 2 ? values[2] : nil) ?? 0, value, node)
      guard count >= 1, count <= limits.entries else { throw Issue(span, "the number of times is at least 1") }
      var result = shape
      result[place] = shape[place].multipliedReportingOverflow(by: count).partialValue
      try requireSize(result, span)
      return try composed("repeat", [value], result, steps: 2, node) { $0[0].repeated(count, axis: place) }
    }
    let counts = try integers(Array(values.dropFirst()), "the number of times")
    guard !counts.isEmpty, counts.allSatisfy({ $0 >= 1 && $0 <= limits.entries }), counts.count <= Shapes.maxRank
    else {
      throw Issue(span, "`tile` takes how many times each axis is repeated", hint: "`tile(x, [2, 1])`")
    }
    var result = [Int](repeating: 1, count: max(counts.count - shape.count, 0)) + shape
    for (back, count) in counts.reversed().enumerated() {
      let place = result.count - 1 - back
      result[place] = result[place].multipliedReportingOverflow(by: count).partialValue
      try requireSize(result, span)
    }
    let fact = try composed("tile", [value], result, steps: 2, node) { $0[0].tiled(counts) }
    return result == shape ? unchanged(fact, value) : fact
  }

  /// `pad(x, [[1, 1], [0, 2]])`: before and after for each axis; one pair for all of them.
  private mutating func padded(
    _ value: Int, _ values: [Int], _ arguments: Arguments, _ call: CallSyntax, _ node: Int
  ) throws(Issue) -> Fact {
    try require(values, 2...2, call, node)
    let (span, shape) = (tree.nodes[values[1]].span, facts[value].shape)
    guard let constant = facts[values[1]].constant,
      let widths = constant.numbers.map({ Int(exactly: $0) ?? -1 }) as [Int]?,
      widths.allSatisfy({ $0 >= 0 && $0 <= limits.entries })
    else { throw Issue(span, "the widths must be constant whole numbers") }
    let pairs: [(before: Int, after: Int)]
    switch constant.shape {
    case []: pairs = shape.map { _ in (widths[0], widths[0]) }
    case [2]: pairs = shape.map { _ in (widths[0], widths[1]) }
    case [shape.count, 2]: pairs = shape.indices.map { (widths[2 * $0], widths[2 * $0 + 1]) }
    default:
      throw Issue(span, "`pad` takes a pair for each axis", hint: "such as `pad(x, [[1, 1], [0, 2]])`")
    }
    guard !shape.isEmpty else { throw Issue(tree.nodes[value].span, "`pad` takes an array, not a scalar") }
    let number = try number(arguments, "value", 0)
    let result = zip(shape, pairs).map { $0 + $1.before + $1.after }
    let fact = try composed("pad", [value], result, steps: 2 * shape.count, node) { $0[0].padded(pairs, with: number) }
    return result == shape ? unchanged(fact, value) : fact
  }
}
