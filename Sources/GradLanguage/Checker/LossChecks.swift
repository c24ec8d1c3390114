import Autograd

/// Checks losses and metrics, and the targets they accept.
extension Checker {
  // MARK: Losses

  mutating func loss(_ function: Vocabulary.Function, _ arguments: Arguments, _ node: Int) throws(Issue)
    -> Fact
  {
    var delta = 1.0
    if let label = arguments.label("delta") {
      guard let own = facts[label.operand].constant?.scalar, own > 0, own.isFinite else {
        throw Issue(tree.nodes[label.operand].span, "`delta` must be a positive constant")
      }
      delta = own
    }
    let values = arguments.values
    switch function {
    case .mse: return try computed(.loss(.mse, delta: delta), values, node)
    case .mae: return try computed(.loss(.mae, delta: delta), values, node)
    case .huber: return try computed(.loss(.huber, delta: delta), values, node)
    case .hinge:
      let fact = try computed(.loss(.hinge, delta: delta), values, node)
      try checkSigns(values[1])
      return fact
    case .bce, .bceWithLogits:
      let fact = try computed(.loss(function == .bce ? .bce : .bceWithLogits, delta: delta), values, node)
      if function == .bce {
        try checkUnit(values[0], "takes probabilities from 0 to 1", ofTargets: false, function)
      }
      try checkUnit(values[1], "takes targets from 0 to 1", ofTargets: true, function)
      return fact
    default: break
    }
    let (scores, targets) = (facts[values[0]].shape, facts[values[1]].shape)
    guard facts[values[0]].category == .value, !scores.isEmpty else {
      let rows = function == .nll ? "the logarithms of probabilities" : "scores"
      throw Issue(tree.nodes[values[0]].span, "`\(function.rawValue)` takes \(rows), one row per sample")
    }
    let smoothing = try number(arguments, "label_smoothing", 0)
    guard (0...1).contains(smoothing) else {
      throw Issue(tree.nodes[node].span, "`label_smoothing` is from 0 to 1, not \(NumberText.plain(smoothing))")
    }
    let ignored =
      try arguments.label("ignore_index").map { label throws(Issue) in try integer(label.operand, "`ignore_index`") }
      ?? arguments.presets["ignore_index"].map { Int($0) }
    guard scores.count == targets.count + 1, targets.count < 2 else {
      if let label = arguments.label("ignore_index") {
        throw Issue(label.span, "`ignore_index` is one of the class numbers, and these targets are rows of weights")
      }
      if function == .nll, scores == targets {
        return try composed("nll", values, [], steps: 6, node) { negativeLogLikelihood($0[0], $0[1]) }
      }
      if smoothing > 0, scores == targets {
        return try composed("cross_entropy", values, [], steps: 10, node) {
          crossEntropy($0[0], smoothedLabels($0[1], by: smoothing))
        }
      }
      let addsUp = addsUpToOne(values[1], scores, node)
      return try computed(
        .loss(addsUp ? .crossEntropyOfDistributions : .crossEntropy, delta: delta), values, node)
    }
    let classes = ClassLoss(
      count: scores.last ?? 1, smoothing: smoothing, ignored: ignored, takesLogarithms: function == .nll)
    return try crossEntropyOfClasses(values, scores, classes, node)
  }

  /// Whether every row of targets is known to add up to 1 in every batch.
  private mutating func addsUpToOne(_ targets: Int, _ scores: [Int], _ node: Int) -> Bool {
    guard factsOfAll.isEmpty else {
      guard case .loss(.crossEntropyOfDistributions, _) = factsOfAll[node].computation else { return false }
      return true
    }
    return facts[targets].shape == scores && dataValue(of: targets)?.rowsAddUpToOne == true
  }

  /// Checks the second operand, which holds class numbers and must be data.
  private mutating func crossEntropyOfClasses(
    _ values: [Int], _ scores: [Int], _ classes: ClassLoss, _ node: Int
  ) throws(Issue) -> Fact {
    let operand = values[1]
    guard let data = dataValue(of: operand) else {
      throw Issue(
        tree.nodes[operand].span, "the classes are a `target` of whole numbers, or rows of `one_hot`")
    }
    guard data.shape == scores.dropLast() else {
      throw Issue(
        tree.nodes[node].span,
        "\(misfit(values, scores, facts[operand].shape, tree.nodes[node].span)): every sample needs a class"
      )
    }
    var counted = data
    counted.numbers.removeAll { Int(exactly: $0) == classes.ignored && classes.ignored != nil }
    try checkClasses(counted, count: classes.count, operand)
    let computation = Computation.crossEntropyOfClasses(classes)
    let span = tree.nodes[node].span
    let others = computation.otherEntries(operands: [scores])
    try requireSize([], others: others, span)
    totalElements += others
    try countOperations(Double(others), span)
    scalarCount += computation.scalarCount(operands: [scores], result: [])
    return Fact(shape: [], computation: computation)
  }

  func checkClasses(_ data: Constant, count: Int, _ operand: Int) throws(Issue) {
    guard let wrong = data.numbers.first(where: { Int(exactly: $0).map { $0 < 0 || $0 >= count } ?? true })
    else {
      return
    }
    let lowest = data.numbers.min() ?? 0
    let fitsFromOne = lowest == 1 && data.numbers.max() == Double(count)
    throw Issue(
      tree.nodes[operand].span, "\(NumberText.plain(wrong)) is not one of the classes 0 to \(count - 1)",
      hint: fitsFromOne ? "if classes count from 1, write `\(excerpt(operand)) - 1`" : nil)
  }

  func excerpt(_ operand: Int) -> String {
    source.excerpt(tree.nodes[operand].span, limit: 24) ?? "…"
  }

  /// Reports negative targets of the Kullback–Leibler divergence.
  mutating func checkProbabilities(_ operand: Int, _ function: Vocabulary.Function) throws(Issue) {
    guard let data = dataValue(of: operand), let wrong = data.numbers.first(where: { !($0 >= 0) }) else { return }
    throw Issue(
      tree.nodes[operand].span,
      "`\(function.rawValue)` takes probabilities as its targets, at least 0, not \(PlainNumber.text(wrong))")
  }

  /// Reports data outside 0 to 1 in binary cross-entropy.
  mutating func checkUnit(
    _ operand: Int, _ rule: String, ofTargets: Bool, _ function: Vocabulary.Function
  ) throws(Issue) {
    guard let data = dataValue(of: operand), let wrong = data.numbers.first(where: { !(0...1).contains($0) })
    else {
      return
    }
    let isSigned = !facts[operand].isLiteral && data.numbers.allSatisfy { abs($0) == 1 }
    let name = excerpt(operand)
    throw Issue(
      tree.nodes[operand].span, "`\(function.rawValue)` \(rule), not \(PlainNumber.text(wrong))",
      hint: !ofTargets
        ? "use `bce_with_logits` for scores before the sigmoid"
        : isSigned ? "`(\(name) + 1) / 2` turns −1 and 1 into 0 and 1; `hinge` takes −1 and 1" : nil)
  }

  /// Reports targets of the hinge loss other than −1 and 1.
  private mutating func checkSigns(_ operand: Int) throws(Issue) {
    guard let data = dataValue(of: operand), let wrong = data.numbers.first(where: { abs($0) != 1 }) else {
      return
    }
    let isBinary = !facts[operand].isLiteral && data.numbers.allSatisfy { $0 == 0 || $0 == 1 }
    throw Issue(
      tree.nodes[operand].span, "`hinge` takes targets −1 and 1, not \(PlainNumber.text(wrong))",
      hint: isBinary ? "`2 * \(excerpt(operand)) - 1` turns 0 and 1 into −1 and 1; `bce` takes 0 and 1" : nil)
  }

  // MARK: Metrics

  mutating func metric(
    _ function: Vocabulary.Function, _ arguments: Arguments, _ call: CallSyntax, _ node: Int
  ) throws(Issue) -> Fact {
    guard function == .accuracy else {
      try require(arguments.values, 1...2, call, node)
      let rank = facts[arguments.values[0]].shape.count
      let axis = try axis(arguments, arguments.values.dropFirst().first)
      return try computed(
        .argmax(axis: axis.map { Shapes.normalized($0, rank: rank) ?? $0 }), [arguments.values[0]], node)
    }
    try require(arguments.values, 2...2, call, node)
    var threshold: Double?
    if let label = arguments.label("threshold") {
      guard let own = facts[label.operand].constant?.scalar else {
        throw Issue(tree.nodes[label.operand].span, "the threshold must be a constant")
      }
      threshold = own
    }
    let (scores, targets) = (facts[arguments.values[0]].shape, facts[arguments.values[1]].shape)
    let samples = scores.first ?? 1
    guard targets.first ?? 1 == samples,
      scores == targets || scores.count > 1 && targets == scores.dropLast()
        || scores.count == 1 && targets == [samples, 1]
    else {
      let span = tree.nodes[node].span
      throw Issue(
        span, "\(misfit(arguments.values, scores, targets, span)): every sample needs scores and a target"
      )
    }
    try checkAccuracyTargets(
      arguments.values[1], classes: scores.count > 1 && (scores.last ?? 1) > 1 ? scores.last : nil, scores.count)
    return try computed(.accuracy(threshold: threshold), arguments.values, node)
  }

  private mutating func checkAccuracyTargets(_ operand: Int, classes: Int?, _ rank: Int) throws(Issue) {
    guard let data = dataValue(of: operand) else { return }
    if let classes {
      if data.shape.count < rank { try checkClasses(data, count: classes, operand) }
      return
    }
    let isUnit = data.numbers.allSatisfy { (0...1).contains($0) }
    guard !isUnit, let wrong = data.numbers.first(where: { abs($0) != 1 }) else { return }
    throw Issue(
      tree.nodes[operand].span,
      "`accuracy` with one score per sample takes targets 0 and 1 or −1 and 1, not \(PlainNumber.text(wrong))",
      hint: "rows of scores take class numbers")
  }
}

/// Formats numbers in messages.
enum NumberText {
  static func plain(_ number: Double) -> String {
    number.isFinite ? Int(exactly: number).map(String.init) ?? "\(number)" : PlainNumber.text(number)
  }
}

extension Constant {
  /// Whether every row is a distribution that adds up to exactly 1.
  fileprivate var rowsAddUpToOne: Bool {
    let width = shape.last ?? 1
    return stride(from: 0, to: numbers.count, by: Swift.max(width, 1)).allSatisfy { start in
      numbers[start..<(start + width)].reduce(0, +) == 1
    }
  }
}
