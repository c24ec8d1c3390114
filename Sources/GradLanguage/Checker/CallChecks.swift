import Autograd

/// Checks calls: the number of arguments, their labels and their meaning.
extension Checker {
  mutating func checkCall(_ call: CallSyntax, _ operands: [Int], _ node: Int) throws(Issue) -> Fact {
    guard let function = Vocabulary.Function(rawValue: call.name) else {
      throw unknownFunction(call)
    }
    if operands.contains(where: { facts[$0].category == .poisoned }) { return .poisoned }
    let arguments = try Arguments(call, operands, for: function)
    let values = arguments.values
    switch function {
    case _ where Computation.ElementFunction(rawValue: function.rawValue) != nil:
      try require(values, 1...1, call, node)
      guard let element = Computation.ElementFunction(rawValue: function.rawValue) else { return .poisoned }
      return try computed(.elementwise(element), values, node)
    case .max, .min:
      try require(values, 1...2, call, node)
      if values.count == 2, namesAxis(call, values) {
        return try reduction(call, function, arguments, axisOperand: values[1], node)
      }
      if values.count == 2 {
        if let axis = arguments.label("axis") {
          throw Issue(
            axis.span, "`\(call.name)` of two values takes no axis",
            hint: "with one value, it reduces along the axis")
        }
        return try computed(function == .max ? .maximum : .minimum, values, node)
      }
      return try reduction(call, function, arguments, axisOperand: nil, node)
    case .sum, .mean, .logsumexp:
      try require(values, 1...2, call, node)
      return try reduction(call, function, arguments, axisOperand: values.dropFirst().first, node)
    case .softmax:
      try require(values, 1...2, call, node)
      let rank = facts[values[0]].shape.count
      guard rank > 0 else {
        throw Issue(tree.nodes[node].span, "`softmax` takes a vector or a matrix, not a scalar")
      }
      let axis = try axis(arguments, values.dropFirst().first) ?? rank - 1
      return try computed(.softmax(axis: Shapes.normalized(axis, rank: rank) ?? axis), [values[0]], node)
    case .zeros, .ones, .random, .csv, .characters, .oneHot: return try data(function, arguments, node)
    case .standardize: return try standardized(values, node)
    case .mse, .mae, .huber, .hinge, .bce, .bceWithLogits, .crossEntropy, .nll:
      try require(values, 2...2, call, node)
      return try loss(function, arguments, node)
    case .argmax, .accuracy:
      guard case .declaration(.metric) = tree.statements[present].kind else {
        throw Issue(
          call.nameSpan, "`\(call.name)` has no gradient",
          hint: "use it in a line `metric \(call.name) = …`")
      }
      return try metric(function, arguments, call, node)
    case .dense:
      throw Issue(
        call.nameSpan, "`dense` declares parameters, so it must be the whole line",
        hint: "write `layer hidden = dense(…)`")
    default: return try arrayCall(function, call, arguments, node)
    }
  }

  /// Whether the second of two operands of a maximum is the axis, as in NumPy and PyTorch: in `x.max(0)`, `np.max(x, 0)`
  /// and `amax(x, 0)`, not in `max(x, 0)` and `np.maximum(x, 0)`.
  private func namesAxis(_ call: CallSyntax, _ values: [Int]) -> Bool {
    guard facts[values[1]].isLiteral, facts[values[1]].constant?.integer != nil, !facts[values[0]].shape.isEmpty else {
      return false
    }
    let written = source.string(call.nameSpan)
    guard !written.hasSuffix("imum") else { return false }
    return call.isMethod || written.contains(".") || written.hasPrefix("a")
  }

  private func unknownFunction(_ call: CallSyntax) -> Issue {
    if symbolByName[call.name] != nil {
      return Issue(
        call.nameSpan, "`\(call.name)` is a value, not a function",
        hint: "write a product as `\(call.name) * (…)`")
    }
    return Issue(
      call.nameSpan, "unknown function `\(call.name)`",
      hint: ForeignWords.otherFunctions[call.name]
        ?? Spelling.suggestion(for: call.name, among: Vocabulary.functionNames))
  }

  /// The operands of a call by place and by label.
  struct Arguments {
    var values: [Int] = []
    var labelled: [(name: String, span: Span, operand: Int)] = []

    /// - Parameter isLayer: whether the call declares its parameters.
    init(
      _ call: CallSyntax, _ operands: [Int], for function: Vocabulary.Function, isLayer: Bool = false
    ) throws(Issue) {
      let known = isLayer ? Self.labelsOfLayer(function) : Self.labels(function)
      for (operand, label) in zip(operands, call.labels) {
        guard var label else {
          values.append(operand)
          continue
        }
        if let own = ForeignWords.arguments[label.name], known.contains(own) { label.name = own }
        guard known.contains(label.name) else {
          throw Issue(
            label.span, "`\(call.name)` has no argument `\(label.name)`",
            hint: ForeignWords.labelAnswers[label.name] ?? Spelling.suggestion(for: label.name, among: known)
              ?? (known.isEmpty ? nil : "expected " + known.map { "`\($0)`" }.joined(separator: " and ")))
        }
        if labelled.contains(where: { $0.name == label.name }) {
          throw Issue(label.span, "`\(label.name)` is given twice")
        }
        labelled.append((label.name, label.span, operand))
      }
    }

    func label(_ name: String) -> (span: Span, operand: Int)? {
      labelled.first { $0.name == name }.map { ($0.span, $0.operand) }
    }

    /// What a `layer` line labels.
    private static func labelsOfLayer(_ function: Vocabulary.Function) -> [String] {
      switch function {
      case .conv1d, .conv2d: labels(function) + ["activation", "seed"]
      case .embedding, .rnn, .gru, .lstm: ["seed"]
      default: labels(function)
      }
    }

    private static func labels(_ function: Vocabulary.Function) -> [String] {
      switch function {
      case .sum, .mean, .max, .min, .logsumexp: ["axis", "keepdims"]
      case .softmax, .logSoftmax, .concat, .stack, .repeat, .flip, .cumsum, .squeeze, .unsqueeze: ["axis"]
      case .prod: ["axis", "keepdims"]
      case .variance, .deviation: ["axis", "correction", "keepdims"]
      case .norm: ["ord", "axis", "keepdims"]
      case .transpose: ["axes"]
      case .gelu: ["approximate"]
      case .elu: ["alpha"]
      case .leakyReLU: ["negative_slope"]
      case .hardtanh: ["min_val", "max_val"]
      case .clip: ["min", "max"]
      case .pad: ["value"]
      case .tril, .triu: ["diagonal"]
      case .conv1d, .conv2d: ["stride", "padding", "dilation", "groups"]
      case .maxPool, .averagePool: ["stride"]
      case .attention: ["mask", "heads"]
      case .layerNorm, .rmsNorm: ["eps"]
      case .batchNorm: ["eps", "momentum"]
      case .dropout: ["p", "seed"]
      case .rnn, .gru: ["h0"]
      case .lstm: ["h0", "c0"]
      case .smoothL1: ["beta"]
      case .cosineSimilarity: ["axis"]
      case .focal: ["alpha", "gamma"]
      case .crossEntropy: ["label_smoothing", "ignore_index"]
      case .nll: ["ignore_index"]
      case .random: ["seed", "scheme"]
      case .dense: ["activation", "scheme", "seed"]
      case .huber: ["delta"]
      case .argmax: ["axis"]
      case .accuracy: ["threshold"]
      case .csv: ["columns", "rows", "header", "decimal"]
      default: []
      }
    }
  }

  func require(_ values: [Int], _ counts: ClosedRange<Int>, _ call: CallSyntax, _ node: Int) throws(Issue) {
    guard !counts.contains(values.count) else { return }
    let wanted =
      counts.count == 1
      ? "\(counts.lowerBound) \(counts.lowerBound == 1 ? "argument" : "arguments")"
      : "\(counts.lowerBound) or \(counts.upperBound) arguments"
    throw Issue(tree.nodes[node].span, "`\(call.name)` takes \(wanted), not \(values.count)")
  }

  private mutating func reduction(
    _ call: CallSyntax, _ name: Vocabulary.Function, _ arguments: Arguments, axisOperand: Int?, _ node: Int
  ) throws(Issue) -> Fact {
    guard let function = Computation.ReductionFunction(rawValue: name.rawValue) else { return .poisoned }
    let value = arguments.values[0]
    if let places = try places(in: arguments, axisOperand, of: value, node) {
      return try reduced(name, arguments, along: places, of: value, node)
    }
    let axis = try axis(arguments, axisOperand)
    let shape = facts[value].shape
    let rank = shape.count
    if try flag(arguments.label("keepdims")), facts[value].category == .value {
      let place = try place(in: arguments, axisOperand, of: value, node)
      return try composed(name.rawValue, [value], kept(shape, place), steps: 2, node) {
        let reduced = Computation.reduction(function, axis: place).apply($0)
        return reduced.reshaped(to: Checker.kept(shape, place))
      }
    }
    return try computed(
      .reduction(function, axis: axis.map { Shapes.normalized($0, rank: rank) ?? $0 }), [value], node)
  }

  /// `axis=1`, `axis: 1` or a second argument.
  func axis(_ arguments: Arguments, _ operand: Int?) throws(Issue) -> Int? {
    if let operand, let label = arguments.label("axis") {
      throw Issue(
        label.span, "the axis is given twice", hint: "leave `\(source.string(tree.nodes[operand].span))` out")
    }
    guard let operand = operand ?? arguments.label("axis")?.operand else { return nil }
    guard let axis = facts[operand].constant?.integer else {
      throw Issue(
        tree.nodes[operand].span, "an axis must be a constant whole number",
        hint: "0 runs down the rows, 1 across the columns")
    }
    return axis
  }
}
