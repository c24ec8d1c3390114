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
      let correction = try correction(arguments, shape, result, node)
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
      try require(values, 1...(Shapes.maxRank + 1), call, node)
      let places = try flippedPlaces(arguments, call, node)
      let fact = try own(shape) { places.reduce($0) { $0.flipped(axis: $1) } }
      return places.allSatisfy { shape[$0] < 2 } ? unchanged(fact, value) : fact
    case .repeat, .tile: return try repeated(function, call, arguments, node)
    case .pad: return try padded(value, values, arguments, call, node)
    case .tril, .triu:
      try require(values, 1...2, call, node)
      guard shape.count >= 2 else { throw Issue(span, "`\(call.name)` takes a matrix") }
      let operand = arguments.label("diagonal")?.operand ?? values.dropFirst().first
      let diagonal = try operand.map { operand throws(Issue) in try integer(operand, "`diagonal`") } ?? 0
      try require(diagonal, -limits.entries...limits.entries, "`diagonal`", operand ?? value)
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
      guard let axis = try axis(arguments, values.dropFirst().first) else {
        throw Issue(span, "`unsqueeze` needs the place of the new axis", hint: "`unsqueeze(x, 0)`")
      }
      guard let place = Shapes.normalized(axis, rank: shape.count + 1) else {
        throw Issue(span, "axis \(axis) is out of range: the result has \(shape.count + 1) axes")
      }
      var wide = shape
      wide.insert(1, at: place)
      return try reshaped(value, wide, call, node)
    }
  }

  /// The axes that `flip` turns around: one, several, or in NumPy's words all of them.
  private func flippedPlaces(_ arguments: Arguments, _ call: CallSyntax, _ node: Int) throws(Issue) -> [Int] {
    let (value, rest) = (arguments.values[0], Array(arguments.values.dropFirst()))
    if let label = arguments.label("axis"), !rest.isEmpty { throw Issue(label.span, "the axis is given twice") }
    let axes = try integers(arguments.label("axis").map { [$0.operand] } ?? rest, "an axis")
    guard axes.isEmpty else {
      let places = try axes.map { axis throws(Issue) in try place(of: axis, value, node) }
      guard Set(places).count == places.count else { throw Issue(tree.nodes[node].span, "an axis is named twice") }
      return places.sorted()
    }
    let rank = facts[value].shape.count
    guard rank == 1 || library(call) == .numpy else {
      throw Issue(tree.nodes[node].span, "`flip` needs an axis", hint: "`flip(x, axis=0)`")
    }
    return Array(0..<rank)
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
      let axis = try axis(arguments, values.count > 2 ? values[2] : nil)
      guard axis != nil || shape.count < 2 else {
        throw Issue(
          span, "`repeat` needs an axis", hint: "`repeat(x, 2, axis=0)`; `repeat(reshape(x, -1), 2)` has no others")
      }
      let place = try place(of: axis ?? 0, value, node)
      try requireCount(count, span)
      var result = shape
      result[place] = shape[place].multipliedReportingOverflow(by: count).partialValue
      try requireSize(result, span)
      return try composed("repeat", [value], result, steps: 2, node) { $0[0].repeated(count, axis: place) }
    }
    let counts = try integers(Array(values.dropFirst()), "the number of times")
    guard !counts.isEmpty, counts.count <= Shapes.maxRank else {
      throw Issue(span, "`tile` takes how many times each axis is repeated", hint: "`tile(x, [2, 1])`")
    }
    for count in counts { try requireCount(count, span) }
    var result = [Int](repeating: 1, count: max(counts.count - shape.count, 0)) + shape
    for (back, count) in counts.reversed().enumerated() {
      let place = result.count - 1 - back
      result[place] = result[place].multipliedReportingOverflow(by: count).partialValue
      try requireSize(result, span)
    }
    let fact = try composed("tile", [value], result, steps: 2, node) { $0[0].tiled(counts) }
    return result == shape ? unchanged(fact, value) : fact
  }

  private func requireCount(_ count: Int, _ span: Span) throws(Issue) {
    guard count >= 1 else { throw Issue(span, "the number of times is at least 1, not \(count)") }
    guard count <= limits.entries else {
      throw Issue(span, "this would have more than \(limits.entries) entries", hint: limits.hint(.entries))
    }
  }

  /// `pad(x, [[1, 1], [0, 2]])`: before and after for each axis; one pair for all of them, or in PyTorch's words pairs
  /// from the last axis on.
  private mutating func padded(
    _ value: Int, _ values: [Int], _ arguments: Arguments, _ call: CallSyntax, _ node: Int
  ) throws(Issue) -> Fact {
    try require(values, 2...2, call, node)
    let (span, shape) = (tree.nodes[values[1]].span, facts[value].shape)
    guard let constant = facts[values[1]].constant else {
      throw Issue(span, "the widths must be constant whole numbers")
    }
    if let mode = arguments.label("mode"), !isWord("constant", mode.operand) {
      throw Issue(tree.nodes[mode.operand].span, "`pad` puts one number around an array", hint: "`value=0` says which")
    }
    let widths = try constant.numbers.map { number throws(Issue) in try padWidth(number, span) }
    var pairs: [(before: Int, after: Int)]
    switch constant.shape {
    case let sizes where sizes.count == 1 && library(call) == .torch:
      let count = widths.count
      guard count % 2 == 0, count <= 2 * shape.count else {
        throw Issue(span, "PyTorch's `pad` takes a pair for each axis from the last one on, for at most \(shape.count)")
      }
      pairs = shape.map { _ in (0, 0) }
      for own in 0..<(count / 2) { pairs[shape.count - 1 - own] = (widths[2 * own], widths[2 * own + 1]) }
    case []: pairs = shape.map { _ in (widths[0], widths[0]) }
    case [2]: pairs = shape.map { _ in (widths[0], widths[1]) }
    case [shape.count, 2]: pairs = shape.indices.map { (widths[2 * $0], widths[2 * $0 + 1]) }
    default:
      throw Issue(span, "`pad` takes a pair for each axis", hint: "such as `pad(x, [[1, 1], [0, 2]])`")
    }
    guard !shape.isEmpty else { throw Issue(tree.nodes[value].span, "`pad` takes an array, not a scalar") }
    let number = try number(arguments, "value", 0)
    let own = pairs
    let result = zip(shape, pairs).map { $0 + $1.before + $1.after }
    let fact = try composed("pad", [value], result, steps: 2 * shape.count, node) { $0[0].padded(own, with: number) }
    return result == shape ? unchanged(fact, value) : fact
  }

  private func padWidth(_ number: Double, _ span: Span) throws(Issue) -> Int {
    guard number == number.rounded() else { throw Issue(span, "the widths must be constant whole numbers") }
    guard number >= 0 else {
      throw Issue(
        span, "a width is at least 0, not \(NumberText.plain(number))",
        hint: "a slice makes an array smaller: `x[1:]`")
    }
    guard number <= Double(limits.entries) else {
      throw Issue(span, "this would have more than \(limits.entries) entries", hint: limits.hint(.entries))
    }
    return Int(number)
  }
}
