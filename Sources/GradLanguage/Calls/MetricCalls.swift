import Autograd

/// Checks metrics.
struct MetricCalls {
  let scope: NameScope

  private var results: Results { Results(scope: scope) }

  func check(_ call: Call) throws(Issue) -> Fact {
    guard call.function == .accuracy else {
      try call.require(1...2)
      let rank = scope[call.values[0]].shape.count
      let axis = try call.axis(call.values.dropFirst().first)
      return try results.computed(
        .argmax(axis: axis.map { Shapes.normalized($0, rank: rank) ?? $0 }), [call.values[0]], call.node)
    }
    try call.require(2...2)
    var threshold: Double?
    if let label = call.label("threshold") {
      guard let own = scope[label.operand].constant?.scalar else {
        throw Issue(scope.span(label.operand), "the threshold must be a constant")
      }
      threshold = own
    }
    let (scores, targets) = (scope[call.values[0]].shape, scope[call.values[1]].shape)
    let samples = scores.first ?? 1
    guard targets.first ?? 1 == samples,
      scores == targets || scores.count > 1 && targets == scores.dropLast()
        || scores.count == 1 && targets == [samples, 1]
    else {
      let span = call.span
      throw Issue(
        span, "\(scope.misfit(call.values, scores, targets, span)): every sample needs scores and a target"
      )
    }
    try checkAccuracyTargets(
      call.values[1], classes: scores.count > 1 && (scores.last ?? 1) > 1 ? scores.last : nil, scores.count)
    return try results.computed(.accuracy(threshold: threshold), call.values, call.node)
  }

  private func checkAccuracyTargets(_ operand: Int, classes: Int?, _ rank: Int) throws(Issue) {
    guard let data = scope.dataValue(of: operand) else { return }
    if let classes {
      if data.shape.count < rank { try TargetChecks(scope: scope).checkClasses(data, count: classes, operand) }
      return
    }
    let isUnit = data.numbers.allSatisfy { (0...1).contains($0) }
    guard !isUnit, let wrong = data.numbers.first(where: { abs($0) != 1 }) else { return }
    throw Issue(
      scope.span(operand),
      "`accuracy` with one score per sample takes targets 0 and 1 or −1 and 1, not \(PlainNumber.text(wrong))",
      hint: "rows of scores take class numbers")
  }
}
