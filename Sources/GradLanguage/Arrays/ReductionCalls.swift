import Autograd

/// Checks reductions and other statistics, along one axis, several or all: `sum(x, axis=(0, 1))`.
struct ReductionCalls {
  let scope: NameScope

  private var results: Results { Results(scope: scope) }

  /// - Parameter axisOperand: the axis without a label.
  func check(_ call: Call, axisOperand: Int?) throws(Issue) -> Fact {
    let name = call.function.rawValue
    guard let function = Computation.ReductionFunction(rawValue: name) else { return .poisoned }
    let value = call.values[0]
    if let places = try call.places(axisOperand, of: value) {
      return try reduced(call, along: places, of: value)
    }
    let axis = try call.axis(axisOperand)
    let shape = scope[value].shape
    let rank = shape.count
    if try call.flag("keepdims"), scope[value].category == .value {
      let place = try call.place(axisOperand, of: value)
      let kept = Self.kept(shape, place)
      return try results.composed(name, [value], kept, steps: 2, call.node) {
        Computation.reduction(function, axis: place).apply($0).reshaped(to: kept)
      }
    }
    return try results.computed(
      .reduction(function, axis: axis.map { Shapes.normalized($0, rank: rank) ?? $0 }), [value], call.node)
  }

  func statistic(_ call: Call) throws(Issue) -> Fact {
    let values = call.values
    try call.require(1...2)
    let value = values[0]
    let shape = scope[value].shape
    let second = call.function == .norm ? nil : values.dropFirst().first
    if call.function != .cumsum, let places = try call.places(second, of: value) {
      return try reduced(call, along: places, of: value)
    }
    let place = try call.place(second, of: value)
    if call.function == .cumsum {
      guard let place = place ?? (shape.count == 1 ? 0 : nil) else {
        throw Issue(call.span, "`cumsum` needs an axis", hint: "`cumsum(x, axis=0)`")
      }
      guard shape[place] <= 10_000 else {
        throw Issue(call.span, "`cumsum` runs over at most 10000 entries of an axis")
      }
      return try results.composed("cumsum", [value], shape, steps: 3, isScope: true, call.node) {
        $0[0].cumulativeSum(axis: place)
      }
    }
    let keeps = try call.flag("keepdims")
    let result = keeps ? Self.kept(shape, place) : place.map { Shapes.reduce(shape, axis: $0) ?? [] } ?? []
    func make(_ steps: Int, _ apply: @escaping @Sendable (Tensor) -> Tensor) throws(Issue) -> Fact {
      try results.composed(call.function.rawValue, [value], result, steps: steps, isScope: true, call.node) {
        apply($0[0])
      }
    }
    switch call.function {
    case .prod: return try make(4) { $0.product(axis: place, keepsAxis: keeps) }
    case .norm:
      let order = try call.number("ord", at: 1, 2)
      guard order == 1 || order == 2 else { throw Issue(call.span, "a norm has order 1 or 2") }
      return try make(6) { $0.norm(axis: place, order: Int(order), keepsAxis: keeps) }
    default:
      let correction = try correction(call, shape, result)
      if call.function == .variance {
        return try make(6) { $0.variance(axis: place, correction: correction, keepsAxis: keeps) }
      }
      return try make(10) { $0.standardDeviation(axis: place, correction: correction, keepsAxis: keeps) }
    }
  }

  /// The shape of a reduction that keeps the reduced axes with size 1.
  private static func kept(_ shape: [Int], _ axis: Int?) -> [Int] {
    shape.indices.map { axis == nil || $0 == axis ? 1 : shape[$0] }
  }

  /// The correction of a variance, which is over that many entries fewer.
  private func correction(_ call: Call, _ shape: [Int], _ result: [Int]) throws(Issue) -> Double {
    let correction = try call.number("correction", 1)
    let count = (Shapes.count(shape) ?? 1) / max(Shapes.count(result) ?? 1, 1)
    // The variance of one number is NaN, as in PyTorch.
    guard correction <= Double(max(count, 1)) else {
      throw Issue(
        scope.span(call.label("correction")?.operand ?? call.node),
        "`correction` is below the number of entries, \(count)",
        hint: "1 estimates a variance from samples, 0 is that of the entries themselves")
    }
    return correction
  }

  private func reduced(_ call: Call, along places: [Int], of value: Int) throws(Issue) -> Fact {
    let function = call.function
    let keeps = try call.flag("keepdims")
    let shape = scope[value].shape
    let result =
      keeps
      ? shape.indices.map { places.contains($0) ? 1 : shape[$0] }
      : shape.indices.filter { !places.contains($0) }.map { shape[$0] }
    let correction = try correction(call, shape, result)
    let order = function == .norm ? try call.number("ord", at: 1, 2) : 2
    guard order == 1 || order == 2 else { throw Issue(call.span, "a norm has order 1 or 2") }
    return try results.composed(function.rawValue, [value], result, steps: 12, isScope: true, call.node) {
      let x = $0[0]
      return switch function {
      case .sum: x.sum(axes: places, keepsAxes: keeps)
      case .mean: x.mean(axes: places, keepsAxes: keeps)
      case .max: x.max(axes: places, keepsAxes: keeps)
      case .min: x.min(axes: places, keepsAxes: keeps)
      case .logsumexp: x.logSumExp(axes: places, keepsAxes: keeps)
      case .prod: x.product(axes: places, keepsAxes: keeps)
      case .norm: x.norm(axes: places, order: Int(order), keepsAxes: keeps)
      case .variance: x.variance(axes: places, correction: correction, keepsAxes: keeps)
      default: x.standardDeviation(axes: places, correction: correction, keepsAxes: keeps)
      }
    }
  }
}
