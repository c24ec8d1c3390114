import Autograd

/// Reductions along several axes: `sum(x, axis=(0, 1))`.
extension Checker {
  /// The axes of a list, counted from the front in increasing order; nil for one axis or none.
  func places(in arguments: Arguments, _ operand: Int?, of value: Int, _ node: Int) throws(Issue) -> [Int]? {
    guard let list = operand ?? arguments.label("axis")?.operand, facts[list].category == .value,
      facts[value].category == .value, facts[list].shape.count == 1
    else { return nil }
    let axes = try integers([list], "an axis")
    let places = try axes.map { axis throws(Issue) in try place(of: axis, value, node) }
    guard Set(places).count == places.count else {
      throw Issue(tree.nodes[list].span, "an axis is named twice")
    }
    return places.sorted()
  }

  /// The correction of a variance, which is over that many entries fewer.
  func correction(_ arguments: Arguments, _ shape: [Int], _ result: [Int], _ node: Int) throws(Issue) -> Double {
    let correction = try number(arguments, "correction", 1)
    let count = (Shapes.count(shape) ?? 1) / max(Shapes.count(result) ?? 1, 1)
    // The variance of one number is NaN, as in PyTorch.
    guard correction <= Double(max(count, 1)) else {
      throw Issue(
        tree.nodes[arguments.label("correction")?.operand ?? node].span,
        "`correction` is below the number of entries, \(count)",
        hint: "1 estimates a variance from samples, 0 is that of the entries themselves")
    }
    return correction
  }

  mutating func reduced(
    _ function: Vocabulary.Function, _ arguments: Arguments, along places: [Int], of value: Int, _ node: Int
  ) throws(Issue) -> Fact {
    let keeps = try flag(arguments.label("keepdims"))
    let shape = facts[value].shape
    let result =
      keeps
      ? shape.indices.map { places.contains($0) ? 1 : shape[$0] }
      : shape.indices.filter { !places.contains($0) }.map { shape[$0] }
    let correction = try correction(arguments, shape, result, node)
    let order = function == .norm ? try number(arguments, "ord", at: 1, 2) : 2
    guard order == 1 || order == 2 else { throw Issue(tree.nodes[node].span, "a norm has order 1 or 2") }
    return try composed(function.rawValue, [value], result, steps: 12, isScope: true, node) {
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
