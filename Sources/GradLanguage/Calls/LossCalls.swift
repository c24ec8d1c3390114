import Autograd

/// Checks losses.
struct LossCalls {
  let scope: NameScope

  private var results: Results { Results(scope: scope) }
  private var targetChecks: TargetChecks { TargetChecks(scope: scope) }

  func check(_ call: Call) throws(Issue) -> Fact {
    var delta = 1.0
    if let label = call.label("delta") {
      guard let own = scope[label.operand].constant?.scalar, own > 0, own.isFinite else {
        throw Issue(scope.span(label.operand), "`delta` must be a positive constant")
      }
      delta = own
    }
    let values = call.values
    switch call.function {
    case .mse: return try results.computed(.loss(.mse, delta: delta), values, call.node)
    case .mae: return try results.computed(.loss(.mae, delta: delta), values, call.node)
    case .huber: return try results.computed(.loss(.huber, delta: delta), values, call.node)
    case .hinge:
      let fact = try results.computed(.loss(.hinge, delta: delta), values, call.node)
      try targetChecks.checkSigns(values[1])
      return fact
    case .bce, .bceWithLogits:
      let fact = try results.computed(
        .loss(call.function == .bce ? .bce : .bceWithLogits, delta: delta), values, call.node)
      if call.function == .bce {
        try targetChecks.checkUnit(values[0], "takes probabilities from 0 to 1", ofTargets: false, call.function)
      }
      try targetChecks.checkUnit(values[1], "takes targets from 0 to 1", ofTargets: true, call.function)
      return fact
    default: break
    }
    let (scores, targets) = (scope[values[0]].shape, scope[values[1]].shape)
    guard scope[values[0]].category == .value, !scores.isEmpty else {
      let rows = call.function == .nll ? "the logarithms of probabilities" : "scores"
      throw Issue(scope.span(values[0]), "`\(call.function.rawValue)` takes \(rows), one row per sample")
    }
    let smoothing = try call.number("label_smoothing", 0)
    guard (0...1).contains(smoothing) else {
      throw Issue(call.span, "`label_smoothing` is from 0 to 1, not \(NumberText.plain(smoothing))")
    }
    let ignored =
      try call.label("ignore_index").map { label throws(Issue) in try scope.integer(label.operand, "`ignore_index`") }
      ?? call.presets["ignore_index"].map { Int($0) }
    guard scores.count == targets.count + 1, targets.count < 2 else {
      if let label = call.label("ignore_index") {
        throw Issue(label.span, "`ignore_index` is one of the class numbers, and these targets are rows of weights")
      }
      if call.function == .nll, scores == targets {
        return try results.composed("nll", values, [], steps: 6, call.node) { negativeLogLikelihood($0[0], $0[1]) }
      }
      if smoothing > 0, scores == targets {
        return try results.composed("cross_entropy", values, [], steps: 10, call.node) {
          crossEntropy($0[0], smoothedLabels($0[1], by: smoothing))
        }
      }
      let addsUp = addsUpToOne(values[1], scores, call.node)
      return try results.computed(
        .loss(addsUp ? .crossEntropyOfDistributions : .crossEntropy, delta: delta), values, call.node)
    }
    let classes = ClassLoss(
      count: scores.last ?? 1, smoothing: smoothing, ignored: ignored, takesLogarithms: call.function == .nll)
    return try crossEntropyOfClasses(call, scores, classes)
  }

  /// Whether every row of targets is known to add up to 1 in every batch.
  private func addsUpToOne(_ targets: Int, _ scores: [Int], _ node: Int) -> Bool {
    guard scope.factsOfAll.isEmpty else {
      guard case .loss(.crossEntropyOfDistributions, _) = scope.factsOfAll[node].computation else { return false }
      return true
    }
    return scope[targets].shape == scores && scope.dataValue(of: targets)?.rowsAddUpToOne == true
  }

  /// Checks the second operand, which holds class numbers and must be data.
  private func crossEntropyOfClasses(_ call: Call, _ scores: [Int], _ classes: ClassLoss) throws(Issue) -> Fact {
    let operand = call.values[1]
    guard let data = scope.dataValue(of: operand) else {
      throw Issue(
        scope.span(operand), "the classes are a `target` of whole numbers, or rows of `one_hot`")
    }
    guard data.shape == scores.dropLast() else {
      throw Issue(
        call.span,
        "\(scope.misfit(call.values, scores, scope[operand].shape, call.span)): every sample needs a class"
      )
    }
    var counted = data
    counted.numbers.removeAll { Int(exactly: $0) == classes.ignored && classes.ignored != nil }
    try targetChecks.checkClasses(counted, count: classes.count, operand)
    let computation = Computation.crossEntropyOfClasses(classes)
    let others = computation.otherEntries(operands: [scores])
    return try results.counted(
      computation, operands: [scores], shape: [], others: others, operations: Double(others), call.span)
  }

  /// Losses that are composed of several operations.
  func other(_ call: Call) throws(Issue) -> Fact {
    let (values, function, span) = (call.values, call.function, call.span)
    try call.require(2...2)
    let (a, b) = (scope[values[0]].shape, scope[values[1]].shape)
    guard a == b else {
      throw Issue(span, "\(scope.misfit(values, a, b, span)): a loss compares entry by entry")
    }
    if call.function == .cosineSimilarity {
      guard !a.isEmpty else { throw Issue(span, "`\(call.name)` takes vectors or rows of them") }
      let place = try call.place(of: try call.axis(nil) ?? -1, values[0])
      return try results.composed(
        call.name, values, Shapes.reduce(a, axis: place) ?? [], steps: 12, isScope: true, call.node
      ) {
        cosineSimilarity($0[0], $0[1], axis: place)
      }
    }
    let beta = try call.number("beta", 1)
    let (alpha, gamma) = (try call.number("alpha", 0.25), try call.number("gamma", 2))
    guard beta > 0 else { throw Issue(span, "`beta` is positive, not \(NumberText.plain(beta))") }
    guard gamma >= 0 else { throw Issue(span, "`gamma` is at least 0, not \(NumberText.plain(gamma))") }
    switch call.function {
    case .focal: try targetChecks.checkUnit(values[1], "takes targets from 0 to 1", ofTargets: true, call.function)
    case .klDivergence: try targetChecks.checkProbabilities(values[1], call.function)
    default: break
    }
    return try results.composed(call.name, values, [], steps: 20, isScope: true, call.node) {
      switch function {
      case .smoothL1: smoothL1($0[0], $0[1], beta: beta)
      case .klDivergence: klDivergence($0[0], $0[1])
      default: focalLoss($0[0], $0[1], alpha: alpha, gamma: gamma)
      }
    }
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
