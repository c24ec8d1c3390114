import Autograd

/// Checks what gives an array another shape or order.
struct ArrangementCalls {
  let scope: NameScope

  private var results: Results { Results(scope: scope) }

  func transposed(_ call: Call) throws(Issue) -> Fact {
    let value = call.values[0]
    let shape = scope[value].shape
    let listed = call.label("axes").map { [$0.operand] } ?? Array(call.values.dropFirst())
    guard !listed.isEmpty else { return try results.computed(.transpose, [value], call.node) }
    var axes = try scope.integers(listed, "an axis")
    axes = try axes.map { axis throws(Issue) in try call.place(of: axis, value) }
    if listed.count == 2, call.label("axes") == nil, !scope.source.string(call.nameSpan).hasSuffix("permute") {
      // As in PyTorch: two axes are exchanged, of a matrix as well; `permute` has the order of all axes.
      var order = Array(shape.indices)
      order.swapAt(axes[0], axes[1])
      axes = order
    }
    guard let result = Shapes.transpose(shape, axes) else {
      throw Issue(
        call.span, "the order of axes names each of 0 to \(max(shape.count - 1, 0)) once",
        hint: "`transpose(x, axes=[\(shape.indices.reversed().map(String.init).joined(separator: ", "))])`")
    }
    let order = axes
    if shape.count < 2 || order == Array(order.indices) { return try results.computed(.passOn, [value], call.node) }
    return try results.composed("transpose", [value], result, steps: 1, call.node) { $0[0].transposed(axes: order) }
  }

  func reshaped(_ value: Int, _ sizes: [Int], _ call: Call) throws(Issue) -> Fact {
    let shape = scope[value].shape
    guard sizes.count <= Shapes.maxRank else {
      throw Issue(call.span, "an array has at most \(Shapes.maxRank) axes")
    }
    guard let result = Shapes.reshape(shape, to: sizes) else {
      throw Issue(
        call.span,
        "\(scope.subject(value, or: "the array")) \(Shapes.phrase(shape)), which does not make \(sizes.map(String.init).joined(separator: "×"))",
        hint: "one size may be -1: what remains")
    }
    if result == shape { return try results.computed(.passOn, [value], call.node) }
    return try results.composed("reshape", [value], result, steps: 1, call.node) { $0[0].reshaped(to: result) }
  }

  func check(_ call: Call) throws(Issue) -> Fact {
    let (values, function) = (call.values, call.function)
    let (value, span) = (values[0], call.span)
    let shape = scope[value].shape
    func own(_ result: [Int], _ apply: @escaping @Sendable (Tensor) -> Tensor) throws(Issue) -> Fact {
      guard result.count <= Shapes.maxRank else { throw Issue(span, "an array has at most \(Shapes.maxRank) axes") }
      return try results.composed(call.function.rawValue, [value], result, steps: 2, call.node) { apply($0[0]) }
    }
    switch call.function {
    case .flip:
      try call.require(1...(Shapes.maxRank + 1))
      let places = try flippedPlaces(call)
      let fact = try own(shape) { places.reduce($0) { $0.flipped(axis: $1) } }
      return places.allSatisfy { shape[$0] < 2 } ? results.unchanged(fact, value) : fact
    case .repeat, .tile: return try repeated(call)
    case .pad: return try padded(call)
    case .tril, .triu:
      try call.require(1...2)
      guard shape.count >= 2 else { throw Issue(span, "`\(call.name)` takes a matrix") }
      let operand = call.label("diagonal")?.operand ?? values.dropFirst().first
      let diagonal = try operand.map { operand throws(Issue) in try scope.integer(operand, "`diagonal`") } ?? 0
      try scope.require(diagonal, -scope.limits.entries...scope.limits.entries, "`diagonal`", operand ?? value)
      return try own(shape) {
        function == .tril ? $0.lowerTriangle(diagonal: diagonal) : $0.upperTriangle(diagonal: diagonal)
      }
    case .squeeze:
      try call.require(1...2)
      guard let axis = try call.axis(values.dropFirst().first) else {
        return try reshaped(value, shape.filter { $0 != 1 }, call)
      }
      let place = try call.place(of: axis, value)
      return try reshaped(
        value, shape.enumerated().filter { $0.offset != place || $0.element != 1 }.map(\.element), call)
    default:
      try call.require(1...2)
      guard let axis = try call.axis(values.dropFirst().first) else {
        throw Issue(span, "`unsqueeze` needs the place of the new axis", hint: "`unsqueeze(x, 0)`")
      }
      guard let place = Shapes.normalized(axis, rank: shape.count + 1) else {
        throw Issue(span, "axis \(axis) is out of range: the result has \(shape.count + 1) axes")
      }
      var wide = shape
      wide.insert(1, at: place)
      return try reshaped(value, wide, call)
    }
  }

  /// The axes that `flip` turns around: one, several, or in NumPy's words all of them.
  private func flippedPlaces(_ call: Call) throws(Issue) -> [Int] {
    let (value, rest) = (call.values[0], Array(call.values.dropFirst()))
    if let label = call.label("axis"), !rest.isEmpty { throw Issue(label.span, "the axis is given twice") }
    let axes = try scope.integers(call.label("axis").map { [$0.operand] } ?? rest, "an axis")
    guard axes.isEmpty else {
      let places = try axes.map { axis throws(Issue) in try call.place(of: axis, value) }
      guard Set(places).count == places.count else { throw Issue(call.span, "an axis is named twice") }
      return places.sorted()
    }
    let rank = scope[value].shape.count
    guard rank == 1 || call.library == .numpy else {
      throw Issue(call.span, "`flip` needs an axis", hint: "`flip(x, axis=0)`")
    }
    return Array(0..<rank)
  }

  /// Each entry so often in a row, or the whole so often along each axis.
  private func repeated(_ call: Call) throws(Issue) -> Fact {
    let values = call.values
    let (value, span) = (values[0], call.span)
    let shape = scope[value].shape
    if call.function == .repeat {
      try call.require(2...3)
      let count = try scope.integer(values[1], "the number of times")
      let axis = try call.axis(values.count > 2 ? values[2] : nil)
      guard axis != nil || shape.count < 2 else {
        throw Issue(
          span, "`repeat` needs an axis", hint: "`repeat(x, 2, axis=0)`; `repeat(reshape(x, -1), 2)` has no others")
      }
      let place = try call.place(of: axis ?? 0, value)
      try requireCount(count, span)
      var result = shape
      result[place] = shape[place].multipliedReportingOverflow(by: count).partialValue
      try scope.budget.requireSize(result, span)
      return try results.composed("repeat", [value], result, steps: 2, call.node) { $0[0].repeated(count, axis: place) }
    }
    let counts = try scope.integers(Array(values.dropFirst()), "the number of times")
    guard !counts.isEmpty, counts.count <= Shapes.maxRank else {
      throw Issue(span, "`tile` takes how many times each axis is repeated", hint: "`tile(x, [2, 1])`")
    }
    for count in counts { try requireCount(count, span) }
    var result = [Int](repeating: 1, count: max(counts.count - shape.count, 0)) + shape
    for (back, count) in counts.reversed().enumerated() {
      let place = result.count - 1 - back
      result[place] = result[place].multipliedReportingOverflow(by: count).partialValue
      try scope.budget.requireSize(result, span)
    }
    let fact = try results.composed("tile", [value], result, steps: 2, call.node) { $0[0].tiled(counts) }
    return result == shape ? results.unchanged(fact, value) : fact
  }

  private func requireCount(_ count: Int, _ span: Span) throws(Issue) {
    guard count >= 1 else { throw Issue(span, "the number of times is at least 1, not \(count)") }
    guard count <= scope.limits.entries else {
      throw scope.budget.tooManyEntries(span)
    }
  }

  /// `pad(x, [[1, 1], [0, 2]])`: before and after for each axis; one pair for all of them, or in PyTorch's words pairs
  /// from the last axis on.
  private func padded(_ call: Call) throws(Issue) -> Fact {
    try call.require(2...2)
    let values = call.values
    let value = values[0]
    let (span, shape) = (scope.span(values[1]), scope[value].shape)
    guard let constant = scope[values[1]].constant else {
      throw Issue(span, "the widths must be constant whole numbers")
    }
    if let mode = call.label("mode"), !scope.isWord("constant", mode.operand) {
      throw Issue(scope.span(mode.operand), "`pad` puts one number around an array", hint: "`value=0` says which")
    }
    let widths = try constant.numbers.map { number throws(Issue) in try padWidth(number, span) }
    var pairs: [(before: Int, after: Int)]
    switch constant.shape {
    case let sizes where sizes.count == 1 && call.library == .torch:
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
    guard !shape.isEmpty else { throw Issue(scope.span(value), "`pad` takes an array, not a scalar") }
    let number = try call.number("value", 0)
    let own = pairs
    let result = zip(shape, pairs).map { $0 + $1.before + $1.after }
    let fact = try results.composed("pad", [value], result, steps: 2 * shape.count, call.node) {
      $0[0].padded(own, with: number)
    }
    return result == shape ? results.unchanged(fact, value) : fact
  }

  private func padWidth(_ number: Double, _ span: Span) throws(Issue) -> Int {
    guard number == number.rounded() else { throw Issue(span, "the widths must be constant whole numbers") }
    guard number >= 0 else {
      throw Issue(
        span, "a width is at least 0, not \(NumberText.plain(number))",
        hint: "a slice makes an array smaller: `x[1:]`")
    }
    guard number <= Double(scope.limits.entries) else {
      throw scope.budget.tooManyEntries(span)
    }
    return Int(number)
  }
}
