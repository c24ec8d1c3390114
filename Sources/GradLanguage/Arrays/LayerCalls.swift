import Autograd

/// Layers other than `dense`: their parameters with PyTorch's initial numbers, and what they make of them.
extension LayerChecker {
  func otherLayer(_ call: Call) throws(Issue) -> LayerParts {
    for value in call.values where scope[value].category != .value && value == call.values[0] {
      throw scope.noValue(value)
    }
    switch call.function {
    case .conv1d, .conv2d: return try convolutionLayer(call)
    case .embedding: return try embeddingLayer(call)
    case .layerNorm, .batchNorm, .rmsNorm: return try normLayer(call)
    case .attention: return try attentionLayer(call)
    default: return try recurrentLayer(call)
    }
  }

  /// `layer c = conv2d(x, 16, 3, relu)`: weight and bias are uniform in ±1/√inputs, those of one number of the result.
  private func convolutionLayer(_ call: Call) throws(Issue) -> LayerParts {
    try call.require(3...4)
    let span = call.span
    let x = scope[call.values[0]].shape
    let outputs = try width(call.values[1])
    let size = try scope.integer(call.values[2], "the size of a window")
    try scope.require(size, 1...1 << 10, "the size of a window", call.values[2])
    let options = try network.convolutionOptions(call)
    let activation = try call.activation(at: 3)
    let rank = call.function == .conv1d ? 3 : 4
    guard x.count == rank, x[1] % options.groups == 0 else { throw network.wrongAxes(call, rank, span) }
    let weight = [outputs, x[1] / options.groups] + [Int](repeating: size, count: rank - 2)
    let (shape, entries) = try network.convolved(x, weight, options, span)
    try scope.budget.requireSize(weight, span)
    let inputs = weight.dropFirst().reduce(1, *)
    var numbers = SeededNumbers(seed: try seed(call))
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
  private func embeddingLayer(_ call: Call) throws(Issue) -> LayerParts {
    try call.require(3...3)
    let ids = call.values[0]
    let (rows, width) = (try width(call.values[1]), try width(call.values[2]))
    guard let data = scope.dataValue(of: ids) ?? scope[ids].constant else {
      throw Issue(
        scope.span(ids), "the numbers of rows must be constants or an input", hint: "they have no gradient")
    }
    if let wrong = data.numbers.first(where: { Int(exactly: $0).map { $0 < 0 || $0 >= rows } ?? true }) {
      throw Issue(
        scope.span(ids), "\(NumberText.plain(wrong)) is not one of the rows 0 to \(rows - 1)")
    }
    let shape = scope[ids].shape
    guard (1..<Shapes.maxRank).contains(shape.count) else {
      throw Issue(scope.span(ids), "`embedding` takes a vector or rows of numbers")
    }
    try scope.budget.requireSize(shape + [rows], call.span)
    try scope.budget.requireSize([rows, width], call.span)
    let table = Initialization.normal.values(shape: [rows, width], seed: try seed(call))
    return (
      [.init(suffix: "w", start: Constant(shape: [rows, width], numbers: table))], shape + [width], 2 * Double(rows),
      nil, rows, { matmul($0[0], $0[1]) }
    )
  }

  /// `layer n = batch_norm(x)`: a scale of 1, and a shift of 0 except for `rms_norm`.
  private func normLayer(_ call: Call) throws(Issue) -> LayerParts {
    try call.require(1...1)
    let function = call.function
    let x = scope[call.values[0]].shape
    let size = try network.features(call, x)
    let (epsilon, phased) = try network.normOptions(call)
    var parameters = [
      Computation.Layer.Parameter(
        suffix: "w", start: Constant(shape: [size], numbers: [Double](repeating: 1, count: size)))
    ]
    if function != .rmsNorm {
      parameters.append(
        .init(suffix: "b", start: Constant(shape: [size], numbers: [Double](repeating: 0, count: size))))
    }
    return (parameters, x, 10, phased, nil, { NetworkCalls.normalized(function, $0, epsilon: epsilon) })
  }

  /// `layer a = attention(x, mask: causal, heads: 2)`: as in `torch.nn.MultiheadAttention`, the weight of queries, keys and
  /// values is uniform in ±√(6 / (features + 3 · features)), that behind the heads in ±1/√features, the biases are 0.
  private func attentionLayer(_ call: Call) throws(Issue) -> LayerParts {
    let span = call.span
    guard call.values.count == 1 else {
      throw Issue(
        span, "a layer of attention takes one operand, which attends to itself",
        hint: "`attention(q, k, v)` outside a `layer` line takes queries, keys and values")
    }
    let x = scope[call.values[0]].shape
    guard (2...3).contains(x.count), let features = x.last else {
      throw Issue(
        scope.span(call.values[0]),
        "`attention` takes positions × features, or samples × positions × features",
        hint: "`reshape` gives an array these axes")
    }
    let (isCausal, heads) = try network.attentionOptions(call, [features], span)
    let positions = x[x.count - 2]
    try scope.budget.requireSize([Swift.max(features, positions), 3 * features], span)
    try scope.budget.requireSize(Array(x.dropLast()) + [heads, positions], span)
    var numbers = SeededNumbers(seed: try seed(call))
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
  private func recurrentLayer(_ call: Call) throws(Issue) -> LayerParts {
    try call.require(2...2)
    let x = scope[call.values[0]].shape
    let width = try width(call.values[1])
    let (steps, inputs) = try RecurrenceCalls(scope: scope).requireSteps(x, call, call.values[0])
    let function = call.function
    let gates = function.gateCount
    try scope.budget.requireSize([Swift.max(inputs, width), gates * width], call.span)
    var numbers = SeededNumbers(seed: try seed(call))
    let bound = 1 / Double(width).squareRoot()
    return (
      [
        .init(suffix: "w", start: .uniform([inputs, gates * width], within: bound, from: &numbers)),
        .init(suffix: "u", start: .uniform([width, gates * width], within: bound, from: &numbers)),
        .init(suffix: "b", start: .uniform([gates * width], within: bound, from: &numbers)),
      ], Array(x.dropLast()) + [width], steps > 0 ? Double((inputs + width + 8) * gates + 8) : 0, nil, nil,
      { RecurrenceCalls.unrolled(function, $0[0], $0[1], $0[2], bias: $0[3]) }
    )
  }
}

extension Constant {
  fileprivate static func uniform(_ shape: [Int], within bound: Double, from numbers: inout SeededNumbers) -> Constant {
    let count = Shapes.count(shape) ?? 0
    return Constant(shape: shape, numbers: (0..<count).map { _ in (numbers.drawUniform() * 2 - 1) * bound })
  }
}
