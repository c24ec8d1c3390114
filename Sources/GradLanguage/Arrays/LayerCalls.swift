import Autograd

/// Layers other than `dense`: their parameters with PyTorch's initial numbers, and what they make of them.
extension Checker {
  mutating func otherLayer(
    _ function: Vocabulary.Function, _ call: CallSyntax, _ arguments: Arguments, _ root: Int
  ) throws(Issue) -> LayerParts {
    for value in arguments.values where facts[value].category != .value && value == arguments.values[0] {
      throw noValue(value)
    }
    switch function {
    case .conv1d, .conv2d: return try convolutionLayer(function, call, arguments, root)
    case .embedding: return try embeddingLayer(call, arguments, root)
    case .layerNorm, .batchNorm, .rmsNorm: return try normLayer(function, call, arguments, root)
    case .attention: return try attentionLayer(call, arguments, root)
    default: return try recurrentLayer(function, call, arguments, root)
    }
  }

  /// `layer c = conv2d(x, 16, 3, relu)`: weight and bias are uniform in ±1/√inputs, those of one number of the result.
  private func convolutionLayer(
    _ function: Vocabulary.Function, _ call: CallSyntax, _ arguments: Arguments, _ root: Int
  ) throws(Issue) -> LayerParts {
    try require(arguments.values, 3...4, call, root)
    let span = tree.nodes[root].span
    let x = facts[arguments.values[0]].shape
    let outputs = try width(arguments.values[1])
    let size = try integer(arguments.values[2], "the size of a window")
    try require(size, 1...1 << 10, "the size of a window", arguments.values[2])
    let options = try convolutionOptions(arguments)
    let activation = try activation(arguments, at: 3)
    let rank = function == .conv1d ? 3 : 4
    guard x.count == rank, x[1] % options.groups == 0 else { throw wrongAxes(call, rank, span) }
    let weight = [outputs, x[1] / options.groups] + [Int](repeating: size, count: rank - 2)
    let (shape, entries) = try convolved(x, weight, options, span)
    try requireSize(weight, span)
    let inputs = weight.dropFirst().reduce(1, *)
    var numbers = SeededNumbers(seed: try layerSeed(arguments))
    let bound = 1 / Double(inputs).squareRoot()
    let work = entries * Double(4 + outputs / options.groups)
    let count = Double(Shapes.count(shape) ?? 1)
    return (
      [
        .init(suffix: "w", start: .uniform(weight, within: bound, from: &numbers)),
        .init(suffix: "b", start: .uniform([outputs], within: bound, from: &numbers)),
      ], shape, work / Swift.max(count, 1) + Double(4 + activation.steps), nil, nil,
      { activation(options.apply($0[0], $0[1], $0[2])) }
    )
  }

  /// `layer e = embedding(ids, 27, 10)`: the rows are normal with mean 0 and deviation 1.
  private mutating func embeddingLayer(
    _ call: CallSyntax, _ arguments: Arguments, _ root: Int
  ) throws(Issue) -> LayerParts {
    try require(arguments.values, 3...3, call, root)
    let ids = arguments.values[0]
    let (rows, width) = (try width(arguments.values[1]), try width(arguments.values[2]))
    guard let data = dataValue(of: ids) ?? facts[ids].constant else {
      throw Issue(
        tree.nodes[ids].span, "the numbers of rows must be constants or an input", hint: "they have no gradient")
    }
    if let wrong = data.numbers.first(where: { Int(exactly: $0).map { $0 < 0 || $0 >= rows } ?? true }) {
      throw Issue(
        tree.nodes[ids].span, "\(NumberText.plain(wrong)) is not one of the rows 0 to \(rows - 1)")
    }
    let shape = facts[ids].shape
    guard (1..<Shapes.maxRank).contains(shape.count) else {
      throw Issue(tree.nodes[ids].span, "`embedding` takes a vector or rows of numbers")
    }
    try requireSize(shape + [rows], tree.nodes[root].span)
    try requireSize([rows, width], tree.nodes[root].span)
    let table = Initialization.normal.values(shape: [rows, width], seed: try layerSeed(arguments))
    return (
      [.init(suffix: "w", start: Constant(shape: [rows, width], numbers: table))], shape + [width], 2 * Double(rows),
      nil, rows, { matmul($0[0], $0[1]) }
    )
  }

  /// `layer n = batch_norm(x)`: a scale of 1, and a shift of 0 except for `rms_norm`.
  private func normLayer(
    _ function: Vocabulary.Function, _ call: CallSyntax, _ arguments: Arguments, _ root: Int
  ) throws(Issue) -> LayerParts {
    try require(arguments.values, 1...1, call, root)
    let x = facts[arguments.values[0]].shape
    let size = try features(function, call, x, root)
    let (epsilon, phased) = try normOptions(function, arguments, root)
    var parameters = [
      Computation.Layer.Parameter(
        suffix: "w", start: Constant(shape: [size], numbers: [Double](repeating: 1, count: size)))
    ]
    if function != .rmsNorm {
      parameters.append(
        .init(suffix: "b", start: Constant(shape: [size], numbers: [Double](repeating: 0, count: size))))
    }
    return (parameters, x, 10, phased, nil, { Self.normalized(function, $0, epsilon: epsilon) })
  }

  /// `layer a = attention(x, mask: causal, heads: 2)`: as in `torch.nn.MultiheadAttention`, the weight of queries, keys and
  /// values is uniform in ±√(6 / (features + 3 · features)), that behind the heads in ±1/√features, the biases are 0.
  private func attentionLayer(_ call: CallSyntax, _ arguments: Arguments, _ root: Int) throws(Issue) -> LayerParts {
    let span = tree.nodes[root].span
    guard arguments.values.count == 1 else {
      throw Issue(
        span, "a layer of attention takes one operand, which attends to itself",
        hint: "`attention(q, k, v)` outside a `layer` line takes queries, keys and values")
    }
    let x = facts[arguments.values[0]].shape
    guard (2...3).contains(x.count), let features = x.last else {
      throw Issue(
        tree.nodes[arguments.values[0]].span,
        "`attention` takes positions × features, or samples × positions × features",
        hint: "`reshape` gives an array these axes")
    }
    let (isCausal, heads) = try attentionOptions(arguments, [features], span)
    let positions = x[x.count - 2]
    try requireSize([Swift.max(features, positions), 3 * features], span)
    try requireSize(Array(x.dropLast()) + [heads, positions], span)
    var numbers = SeededNumbers(seed: try layerSeed(arguments))
    let bound = (6 / Double(4 * features)).squareRoot()
    func zeros(_ count: Int) -> Constant { Constant(shape: [count], numbers: [Double](repeating: 0, count: count)) }
    return (
      [
        .init(suffix: "w", start: .uniform([features, 3 * features], within: bound, from: &numbers)),
        .init(suffix: "b", start: zeros(3 * features)),
        .init(
          suffix: "u",
          start: .uniform([features, features], within: 1 / Double(features).squareRoot(), from: &numbers)),
        .init(suffix: "c", start: zeros(features)),
      ], x, Double(4 * features + 10) + Double(8 * heads * positions) / Double(features) + Double(2 * positions), nil,
      nil,
      {
        multiheadAttention(
          $0[0], $0[1], bias: $0[2], output: $0[3], outputBias: $0[4], isCausal: isCausal, heads: heads)
      }
    )
  }

  /// `layer h = lstm(x, 16)`: all parameters are uniform in ±1/√width.
  private func recurrentLayer(
    _ function: Vocabulary.Function, _ call: CallSyntax, _ arguments: Arguments, _ root: Int
  ) throws(Issue) -> LayerParts {
    try require(arguments.values, 2...2, call, root)
    let x = facts[arguments.values[0]].shape
    let width = try width(arguments.values[1])
    let (steps, inputs) = try requireSteps(x, call, arguments.values[0], root)
    let gates = function.gateCount
    try requireSize([Swift.max(inputs, width), gates * width], tree.nodes[root].span)
    var numbers = SeededNumbers(seed: try layerSeed(arguments))
    let bound = 1 / Double(width).squareRoot()
    return (
      [
        .init(suffix: "w", start: .uniform([inputs, gates * width], within: bound, from: &numbers)),
        .init(suffix: "u", start: .uniform([width, gates * width], within: bound, from: &numbers)),
        .init(suffix: "b", start: .uniform([gates * width], within: bound, from: &numbers)),
      ], Array(x.dropLast()) + [width], steps > 0 ? Double((inputs + width + 8) * gates + 8) : 0, nil, nil,
      { Self.unrolled(function, $0[0], $0[1], $0[2], bias: $0[3]) }
    )
  }
}

extension Constant {
  fileprivate static func uniform(_ shape: [Int], within bound: Double, from numbers: inout SeededNumbers) -> Constant {
    let count = Shapes.count(shape) ?? 0
    return Constant(shape: shape, numbers: (0..<count).map { _ in (numbers.uniform() * 2 - 1) * bound })
  }
}
