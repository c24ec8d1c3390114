import Autograd

/// Checks the parts of networks: convolutions, pools, normalizations, attention and further losses.
extension Checker {
  mutating func networkCall(
    _ function: Vocabulary.Function, _ call: CallSyntax, _ arguments: Arguments, _ node: Int
  ) throws(Issue) -> Fact {
    for value in arguments.values where facts[value].category != .value {
      throw noValue(value)
    }
    switch function {
    case .conv1d, .conv2d: return try convolution(function, call, arguments, node)
    case .maxPool, .averagePool: return try pool(function, call, arguments, node)
    case .attention: return try attended(call, arguments, node)
    case .layerNorm, .batchNorm, .rmsNorm: return try normalization(function, call, arguments, node)
    case .dropout: return try dropped(call, arguments, node)
    default: return try otherLoss(function, call, arguments, node)
    }
  }

  /// A whole number of a label, at least the least one.
  func count(_ arguments: Arguments, _ label: String, _ otherwise: Int, least: Int = 1) throws(Issue) -> Int {
    guard let operand = arguments.label(label)?.operand else { return otherwise }
    let number = try integer(operand, "`\(label)`")
    try require(number, least...1 << 20, "`\(label)`", operand)
    return number
  }

  func require(_ number: Int, _ range: ClosedRange<Int>, _ noun: String, _ operand: Int) throws(Issue) {
    guard !range.contains(number) else { return }
    throw Issue(
      tree.nodes[operand].span,
      number < range.lowerBound
        ? "\(noun) is at least \(range.lowerBound), not \(number)"
        : "\(noun) is at most \(range.upperBound), not \(number)")
  }

  // MARK: Windows

  private mutating func convolution(
    _ function: Vocabulary.Function, _ call: CallSyntax, _ arguments: Arguments, _ node: Int
  ) throws(Issue) -> Fact {
    let (values, span) = (arguments.values, tree.nodes[node].span)
    try require(values, 2...3, call, node)
    let rank = function == .conv1d ? 3 : 4
    let (x, weight) = (facts[values[0]].shape, facts[values[1]].shape)
    guard x.count == rank, weight.count == rank else { throw wrongAxes(call, rank, span) }
    let options = try convolutionOptions(arguments)
    guard x[1] == weight[1] * options.groups, weight[0] % options.groups == 0 else {
      let each = options.groups > 1 ? " for each of \(options.groups) groups" : ""
      throw Issue(span, "the weight has \(weight[1]) channels\(each), the first operand \(x[1])")
    }
    if values.count > 2, facts[values[2]].shape != [weight[0]] {
      throw Issue(tree.nodes[values[2]].span, "the bias has an entry for each of \(weight[0]) outputs")
    }
    let (result, entries) = try convolved(x, weight, options, span)
    let work = entries * Double(4 + weight[0] / options.groups)
    return try composed(call.name, values, result, steps: try steps(work, x, result, span), isScope: true, node) {
      options.apply($0[0], $0[1], $0.count > 2 ? $0[2] : nil)
    }
  }

  func wrongAxes(_ call: CallSyntax, _ rank: Int, _ span: Span) -> Issue {
    let axes = rank == 3 ? "samples × channels × length" : "samples × channels × rows × columns"
    let window = rank == 3 ? "width" : "height × width"
    return Issue(
      span, "`\(call.name)` takes \(axes) and a weight of outputs × channels × \(window)",
      hint: "`reshape` gives an array these axes")
  }

  func convolutionOptions(_ arguments: Arguments) throws(Issue) -> ConvolutionOptions {
    ConvolutionOptions(
      stride: try count(arguments, "stride", 1), padding: try count(arguments, "padding", 0, least: 0),
      dilation: try count(arguments, "dilation", 1), groups: try count(arguments, "groups", 1))
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
    guard entries <= Double(limits.entries) * 64 else {
      throw Issue(
        span, "this would have more than \(limits.entries) entries", hint: limits.hint(.entries))
    }
    let most = Double(max(Shapes.count(shape) ?? 1, Shapes.count(result) ?? 1, 1))
    return Int((entries / most).rounded(.up)) + 4
  }

  private mutating func pool(
    _ function: Vocabulary.Function, _ call: CallSyntax, _ arguments: Arguments, _ node: Int
  ) throws(Issue) -> Fact {
    let (values, span) = (arguments.values, tree.nodes[node].span)
    try require(values, 2...2, call, node)
    let x = facts[values[0]].shape
    guard x.count == 4 else {
      throw Issue(
        span, "`\(call.name)` takes samples × channels × rows × columns", hint: "`reshape` gives an array these axes")
    }
    let size = try integer(values[1], "the size of a window")
    try require(size, 1...64, "the size of a window", values[1])
    let stride = try count(arguments, "stride", size)
    let plan = WindowPlan(size: size, stride: stride)
    guard let rows = plan.count(on: x[2]), let columns = plan.count(on: x[3]) else {
      throw Issue(
        tree.nodes[values[1]].span, "a window of \(size) does not fit into an axis of \(min(x[2], x[3]))",
        hint: "`pad` adds numbers around an array")
    }
    let result = [x[0], x[1], rows, columns]
    let entries = Double(x[0] * x[1]) * Double(rows * size) * Double(columns * size) * 4
    return try composed(
      call.name, [values[0]], result, steps: try steps(entries, x, result, span), isScope: true, node
    ) {
      function == .maxPool
        ? maxPool($0[0], size: size, stride: stride) : averagePool($0[0], size: size, stride: stride)
    }
  }

  // MARK: Normalization and attention

  private mutating func normalization(
    _ function: Vocabulary.Function, _ call: CallSyntax, _ arguments: Arguments, _ node: Int
  ) throws(Issue) -> Fact {
    let values = arguments.values
    try require(values, 1...(function == .rmsNorm ? 2 : 3), call, node)
    let x = facts[values[0]].shape
    let size = try features(function, call, x, node)
    for part in values.dropFirst() where facts[part].shape != [size] {
      throw Issue(
        tree.nodes[part].span, "this \(Shapes.phrase(facts[part].shape)), but there are \(size) features",
        hint: "a scale and a shift have an entry for each feature")
    }
    let (epsilon, phased) = try normOptions(function, arguments, node)
    return try composed(call.name, values, x, steps: 10, isScope: true, phased: phased, node) {
      Self.normalized(function, $0, epsilon: epsilon)
    }
  }

  /// How many features or channels a normalization has.
  func features(_ function: Vocabulary.Function, _ call: CallSyntax, _ x: [Int], _ node: Int) throws(Issue) -> Int {
    guard x.count >= (function == .batchNorm ? 2 : 1) else {
      throw Issue(tree.nodes[node].span, "`\(call.name)` takes an array with one row per sample")
    }
    return function == .batchNorm ? x[1] : x[x.count - 1]
  }

  func normOptions(_ function: Vocabulary.Function, _ arguments: Arguments, _ node: Int) throws(Issue)
    -> (epsilon: Double, phased: Phased?)
  {
    let epsilon = try number(arguments, "eps", function == .rmsNorm ? .ulpOfOne : 1e-5)
    let span = tree.nodes[node].span
    guard epsilon >= 0 else { throw Issue(span, "`eps` is at least 0, not \(NumberText.plain(epsilon))") }
    guard function == .batchNorm else { return (epsilon, nil) }
    let momentum = try number(arguments, "momentum", 0.1)
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
  private mutating func dropped(_ call: CallSyntax, _ arguments: Arguments, _ node: Int) throws(Issue) -> Fact {
    let values = arguments.values
    try require(values, 1...2, call, node)
    dropoutCount += 1
    let probability = try number(arguments, "p", at: 1, 0.5)
    guard (0..<1).contains(probability) else {
      throw Issue(
        tree.nodes[node].span, "the dropout probability must be at least 0 and below 1",
        hint: "it is the share of the entries that become 0")
    }
    let seed = try arguments.label("seed").map { label throws(Issue) in try integer(label.operand, "the seed") }
    return try composed(
      call.name, [values[0]], facts[values[0]].shape, steps: 2, isScope: true,
      phased: .dropout(probability: probability, seed: seed ?? dropoutCount), node
    ) { $0[0] }
  }

  private mutating func attended(_ call: CallSyntax, _ arguments: Arguments, _ node: Int) throws(Issue) -> Fact {
    let (values, span) = (arguments.values, tree.nodes[node].span)
    try require(values, 3...3, call, node)
    let shapes = values.map { facts[$0].shape }
    let (q, k, v) = (shapes[0], shapes[1], shapes[2])
    guard (2...3).contains(q.count), k.count == q.count, v.count == q.count, q.last == k.last,
      k.dropLast() == v.dropLast(), q.dropLast(2) == k.dropLast(2)
    else {
      throw Issue(
        span, "the queries \(Shapes.phrase(q)), the keys \(Shapes.phrase(k)), the values \(Shapes.phrase(v))",
        hint: "all are positions × features, with as many keys as values and queries as wide as keys")
    }
    let (isCausal, heads) = try attentionOptions(arguments, [q.last ?? 0, v.last ?? 0], span)
    let depth = v.last ?? 0
    let scores = Double(heads) * Double(k[k.count - 2]) * Double(Shapes.count(Array(q.dropLast())) ?? 0)
    let result = Array(q.dropLast()) + [depth]
    return try composed(
      call.name, values, result, steps: try steps(scores * 8, q, result, span), isScope: true, node
    ) { attention($0[0], $0[1], $0[2], isCausal: isCausal, heads: heads) }
  }

  /// Whether a position sees only those up to itself, and the number of heads, which divide the features.
  func attentionOptions(_ arguments: Arguments, _ features: [Int], _ span: Span) throws(Issue)
    -> (isCausal: Bool, heads: Int)
  {
    var isCausal = try flag(arguments.label("is_causal"))
    if let label = arguments.label("mask") {
      guard case .text(let word) = tree.nodes[label.operand].kind, ["causal", "none"].contains(word) else {
        throw Issue(tree.nodes[label.operand].span, "`mask` is `causal` or `none`")
      }
      isCausal = word == "causal"
    }
    let heads = try count(arguments, "heads", 1)
    if let odd = features.first(where: { $0 % heads != 0 }) {
      throw Issue(span, "\(heads) heads do not divide \(odd) features")
    }
    return (isCausal, heads)
  }

  // MARK: Losses

  private mutating func otherLoss(
    _ function: Vocabulary.Function, _ call: CallSyntax, _ arguments: Arguments, _ node: Int
  ) throws(Issue) -> Fact {
    let (values, span) = (arguments.values, tree.nodes[node].span)
    try require(values, 2...2, call, node)
    let (a, b) = (facts[values[0]].shape, facts[values[1]].shape)
    guard a == b else {
      throw Issue(span, "\(misfit(values, a, b, span)): a loss compares entry by entry")
    }
    if function == .cosineSimilarity {
      guard !a.isEmpty else { throw Issue(span, "`\(call.name)` takes vectors or rows of them") }
      let place = try place(of: try axis(arguments, nil) ?? -1, values[0], node)
      return try composed(call.name, values, Shapes.reduce(a, axis: place) ?? [], steps: 12, isScope: true, node) {
        cosineSimilarity($0[0], $0[1], axis: place)
      }
    }
    let beta = try number(arguments, "beta", 1)
    let (alpha, gamma) = (try number(arguments, "alpha", 0.25), try number(arguments, "gamma", 2))
    guard beta > 0 else { throw Issue(span, "`beta` is positive, not \(NumberText.plain(beta))") }
    guard gamma >= 0 else { throw Issue(span, "`gamma` is at least 0, not \(NumberText.plain(gamma))") }
    switch function {
    case .focal: try checkUnit(values[1], "takes targets from 0 to 1", ofTargets: true, function)
    case .klDivergence: try checkProbabilities(values[1], function)
    default: break
    }
    return try composed(call.name, values, [], steps: 20, isScope: true, node) {
      switch function {
      case .smoothL1: smoothL1($0[0], $0[1], beta: beta)
      case .klDivergence: klDivergence($0[0], $0[1])
      default: focalLoss($0[0], $0[1], alpha: alpha, gamma: gamma)
      }
    }
  }
}
