import Autograd

/// Checks the parts of networks: convolutions, pools, normalizations and attention.
struct NetworkCalls {
  let scope: NameScope

  private var results: Results { Results(scope: scope) }

  func check(_ call: Call) throws(Issue) -> Fact {
    for value in call.values where scope[value].category != .value {
      throw scope.noValue(value)
    }
    switch call.function {
    case .conv1d, .conv2d: return try convolution(call)
    case .maxPool, .averagePool: return try pool(call)
    case .attention: return try attended(call)
    case .layerNorm, .batchNorm, .rmsNorm: return try normalization(call)
    case .dropout: return try dropped(call)
    default: return try LossCalls(scope: scope).other(call)
    }
  }

  // MARK: Windows

  private func convolution(_ call: Call) throws(Issue) -> Fact {
    let (values, span) = (call.values, call.span)
    try call.require(2...3)
    let rank = call.function == .conv1d ? 3 : 4
    let (x, weight) = (scope[values[0]].shape, scope[values[1]].shape)
    guard x.count == rank, weight.count == rank else { throw wrongAxes(call, rank, span) }
    let options = try convolutionOptions(call)
    guard x[1] == weight[1] * options.groups, weight[0] % options.groups == 0 else {
      let each = options.groups > 1 ? " for each of \(options.groups) groups" : ""
      throw Issue(span, "the weight has \(weight[1]) channels\(each), the first operand \(x[1])")
    }
    if values.count > 2, scope[values[2]].shape != [weight[0]] {
      throw Issue(scope.span(values[2]), "the bias has an entry for each of \(weight[0]) outputs")
    }
    let (result, entries) = try convolved(x, weight, options, span)
    let work = entries * Double(4 + weight[0] / options.groups)
    return try results.composed(
      call.name, values, result, steps: try steps(work, x, result, span), isScope: true, call.node
    ) {
      options.apply($0[0], $0[1], $0.count > 2 ? $0[2] : nil)
    }
  }

  func wrongAxes(_ call: Call, _ rank: Int, _ span: Span) -> Issue {
    let axes = rank == 3 ? "samples × channels × length" : "samples × channels × rows × columns"
    let window = rank == 3 ? "width" : "height × width"
    return Issue(
      span, "`\(call.name)` takes \(axes) and a weight of outputs × channels × \(window)",
      hint: "`reshape` gives an array these axes")
  }

  func convolutionOptions(_ call: Call) throws(Issue) -> ConvolutionOptions {
    ConvolutionOptions(
      stride: try call.count("stride", 1), padding: try call.count("padding", 0, least: 0),
      dilation: try call.count("dilation", 1), groups: try call.count("groups", 1))
  }

  /// The shape of a convolution, and how many numbers its windows have.
  func convolved(_ x: [Int], _ weight: [Int], _ options: ConvolutionOptions, _ span: Span) throws(Issue)
    -> (shape: [Int], entries: Double)
  {
    var result = [x[0], weight[0]]
    var entries = Double(x[0] * x[1])
    for axis in 2..<x.count {
      let plan = WindowPlan(
        size: weight[axis], stride: options.stride, padding: options.padding, dilation: options.dilation)
      guard let windows = plan.count(on: x[axis]) else { throw noWindow(weight[axis], x[axis], span) }
      result.append(windows)
      entries *= Double(windows) * Double(weight[axis])
    }
    return (result, entries)
  }

  private func noWindow(_ size: Int, _ axis: Int, _ span: Span) -> Issue {
    Issue(span, "a window of \(size) does not fit into an axis of \(axis)", hint: "`padding` adds zeros around it")
  }

  /// The operations on each entry that amount to a number of them.
  private func steps(_ entries: Double, _ shape: [Int], _ result: [Int], _ span: Span) throws(Issue) -> Int {
    guard entries <= Double(scope.limits.entries) * 64 else {
      throw scope.budget.tooManyEntries(span)
    }
    let most = Double(max(Shapes.count(shape) ?? 1, Shapes.count(result) ?? 1, 1))
    return Int((entries / most).rounded(.up)) + 4
  }

  private func pool(_ call: Call) throws(Issue) -> Fact {
    let (values, function, span) = (call.values, call.function, call.span)
    try call.require(2...2)
    let x = scope[values[0]].shape
    guard x.count == 4 else {
      throw Issue(
        span, "`\(call.name)` takes samples × channels × rows × columns", hint: "`reshape` gives an array these axes")
    }
    let size = try scope.integer(values[1], "the size of a window")
    try scope.require(size, 1...64, "the size of a window", values[1])
    let stride = try call.count("stride", size)
    let plan = WindowPlan(size: size, stride: stride)
    guard let rows = plan.count(on: x[2]), let columns = plan.count(on: x[3]) else {
      throw Issue(
        scope.span(values[1]), "a window of \(size) does not fit into an axis of \(min(x[2], x[3]))",
        hint: "`pad` adds numbers around an array")
    }
    let result = [x[0], x[1], rows, columns]
    let entries = Double(x[0] * x[1]) * Double(rows * size) * Double(columns * size) * 4
    return try results.composed(
      call.name, [values[0]], result, steps: try steps(entries, x, result, span), isScope: true, call.node
    ) {
      function == .maxPool
        ? maxPool($0[0], size: size, stride: stride) : averagePool($0[0], size: size, stride: stride)
    }
  }

  // MARK: Normalization and attention

  private func normalization(_ call: Call) throws(Issue) -> Fact {
    let (values, function) = (call.values, call.function)
    try call.require(1...(function == .rmsNorm ? 2 : 3))
    let x = scope[values[0]].shape
    let size = try features(call, x)
    for part in values.dropFirst() where scope[part].shape != [size] {
      throw Issue(
        scope.span(part), "this \(Shapes.phrase(scope[part].shape)), but there are \(size) features",
        hint: "a scale and a shift have an entry for each feature")
    }
    let (epsilon, phased) = try normOptions(call)
    return try results.composed(call.name, values, x, steps: 10, isScope: true, phased: phased, call.node) {
      Self.normalized(function, $0, epsilon: epsilon)
    }
  }

  /// How many features or channels a normalization has.
  func features(_ call: Call, _ x: [Int]) throws(Issue) -> Int {
    guard x.count >= (call.function == .batchNorm ? 2 : 1) else {
      throw Issue(call.span, "`\(call.name)` takes an array with one row per sample")
    }
    return call.function == .batchNorm ? x[1] : x[x.count - 1]
  }

  func normOptions(_ call: Call) throws(Issue) -> (epsilon: Double, phased: Phased?) {
    let epsilon = try call.number("eps", call.function == .rmsNorm ? .ulpOfOne : 1e-5)
    let span = call.span
    guard epsilon >= 0 else { throw Issue(span, "`eps` is at least 0, not \(NumberText.plain(epsilon))") }
    guard call.function == .batchNorm else { return (epsilon, nil) }
    let momentum = try call.number("momentum", 0.1)
    guard (0...1).contains(momentum) else {
      throw Issue(span, "`momentum` is from 0 to 1, not \(NumberText.plain(momentum))")
    }
    return (epsilon, .batchNorm(epsilon: epsilon, momentum: momentum))
  }

  static func normalized(_ function: Vocabulary.Function, _ operands: [Tensor], epsilon: Double) -> Tensor {
    let (x, scale) = (operands[0], operands.count > 1 ? operands[1] : nil)
    let shift = operands.count > 2 ? operands[2] : nil
    return switch function {
    case .layerNorm: layerNorm(x, scale: scale, shift: shift, epsilon: epsilon)
    case .batchNorm: batchNorm(x, scale: scale, shift: shift, epsilon: epsilon)
    default: rmsNorm(x, scale: scale, epsilon: epsilon)
    }
  }

  /// `dropout(x, 0.5, seed: 3)`: the default seed is the number of the dropout.
  private func dropped(_ call: Call) throws(Issue) -> Fact {
    let values = call.values
    try call.require(1...2)
    scope.count(.dropout)
    let probability = try call.number("p", at: 1, 0.5)
    guard (0..<1).contains(probability) else {
      throw Issue(
        call.span, "the dropout probability must be at least 0 and below 1",
        hint: "it is the share of the entries that become 0")
    }
    let seed = try call.seed()
    return try results.composed(
      call.name, [values[0]], scope[values[0]].shape, steps: 2, isScope: true,
      phased: .dropout(probability: probability, seed: seed ?? scope.seed(of: .dropout)), call.node
    ) { $0[0] }
  }

  private func attended(_ call: Call) throws(Issue) -> Fact {
    let (values, span) = (call.values, call.span)
    try call.require(3...3)
    let shapes = values.map { scope[$0].shape }
    let (q, k, v) = (shapes[0], shapes[1], shapes[2])
    guard (2...3).contains(q.count), k.count == q.count, v.count == q.count, q.last == k.last,
      k.dropLast() == v.dropLast(), q.dropLast(2) == k.dropLast(2)
    else {
      throw Issue(
        span, "the queries \(Shapes.phrase(q)), the keys \(Shapes.phrase(k)), the values \(Shapes.phrase(v))",
        hint: "all are positions × features, with as many keys as values and queries as wide as keys")
    }
    let (isCausal, heads) = try attentionOptions(call, [q.last ?? 0, v.last ?? 0], span)
    let depth = v.last ?? 0
    let scores = Double(heads) * Double(k[k.count - 2]) * Double(Shapes.count(Array(q.dropLast())) ?? 0)
    let result = Array(q.dropLast()) + [depth]
    return try results.composed(
      call.name, values, result, steps: try steps(scores * 8, q, result, span), isScope: true, call.node
    ) { attention($0[0], $0[1], $0[2], isCausal: isCausal, heads: heads) }
  }

  /// Whether a position sees only those up to itself, and the number of heads, which divide the features.
  func attentionOptions(_ call: Call, _ features: [Int], _ span: Span) throws(Issue)
    -> (isCausal: Bool, heads: Int)
  {
    var isCausal = try call.flag("is_causal")
    if let label = call.label("mask") {
      guard case .text(let word) = scope.tree.nodes[label.operand].kind, ["causal", "none"].contains(word) else {
        throw Issue(scope.span(label.operand), "`mask` is `causal` or `none`")
      }
      isCausal = word == "causal"
    }
    let heads = try call.count("heads", 1)
    if let odd = features.first(where: { $0 % heads != 0 }) {
      throw Issue(span, "\(heads) heads do not divide \(odd) features")
    }
    return (isCausal, heads)
  }
}
