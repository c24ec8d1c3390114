import Autograd

/// One thing that is done to the gradient on its way through an operation to one of its operands.
package enum Passage: Equatable, Sendable {
  /// Elementwise multiplication.
  case times(Formula)
  /// `@ Wᵀ`
  case timesMatrix(Formula)
  /// `xᵀ @`
  case matrixTimes(Formula)
  /// `⊗ w`
  case timesVector(Formula)
  /// `v ⊗`
  case vectorTimes(Formula)
  /// Rows and columns exchanged.
  case transposed
  /// The axes in another order.
  case permuted([Int])
  /// The same numbers in another shape.
  case reshaped([Int])
  /// A selection of entries.
  case taken([AxisIndex])
  /// The sum along an axis, or over everything.
  case total(axis: Int?)
  /// A new axis of size 1 at this position.
  case widened(axis: Int)
  /// Placed in an array that is 0 elsewhere.
  case placed([AxisIndex], shape: [Int])
  /// Back through a softmax with this result.
  case softmax(Formula, axis: Int?)
}

/// The derivative of one operation by one of its operands.
///
/// The matrix rules are from Giles, "Collected matrix derivative results for forward and reverse mode
/// algorithmic differentiation", 2008.
struct DerivativeRule {
  let graph: ComputationGraph
  let index: Int
  let position: Int
  /// The operands on demand, since the rule for one of thousands reads only one or two, and the result.
  let operand: (Int) -> Formula
  let result: Formula
  /// The number of tied operands of a maximum or minimum of scalars.
  let ties: Int

  var node: ComputationGraph.Node { graph.nodes[index] }
  private var input: ComputationGraph.Node { graph.nodes[node.operands[position]] }
  private var x: Formula { operand(position) }

  /// The steps, in order, from ∂loss/∂node to the share of this use in the operand's gradient.
  var passages: [Passage] {
    switch node.operation {
    case .matrixMultiply:
      return node.shape.count > 2 || input.shape.count > 2 ? manyMatrices : [matrix]
    case .transpose:
      if input.shape.count < 2 { return [.times(.number(1))] }
      guard let axes = Shapes.axes(node.position) else { return [.transposed] }
      return [.permuted(axes.indices.map { axis in axes.firstIndex(of: axis) ?? 0 })]
    case .reshape: return [.reshaped(input.shape)]
    case .concat: return [.taken(section)]
    case .index: return [.placed(node.position ?? [], shape: input.shape)]
    case .softmax: return [.softmax(result, axis: axis)]
    case nil: if let recorded { return recorded }
    default: break
    }
    let factor = Passage.times(factor)
    if node.operation?.takesNumbersOnly == true, node.operands.count == 1, !input.shape.isEmpty {
      return widening + [factor]
    }
    guard graph.level == .tensor, input.shape != node.shape else { return [factor] }
    return [factor] + totals(from: node.shape)
  }

  /// An axis of the operand; nil for all.
  private var axis: Int? {
    node.axis.flatMap { input.shape.count < 2 ? nil : Shapes.normalized($0, rank: input.shape.count) }
  }

  /// The result of a reduction broadcasts to its operand again only if the reduced axis is the first.
  private var widening: [Passage] {
    guard let axis, axis > 0 else { return [] }
    return [.widened(axis: axis)]
  }

  /// A broadcast operand sums over the elements it was broadcast to.
  private func totals(from whole: [Int]) -> [Passage] {
    if input.shape.isEmpty { return [.total(axis: nil)] }
    var passages: [Passage] = []
    let extra = whole.count - input.shape.count
    for _ in 0..<max(extra, 0) { passages.append(.total(axis: 0)) }
    for (axis, size) in input.shape.enumerated() where size == 1 && whole[axis + extra] != 1 {
      passages += [.total(axis: axis), .widened(axis: axis)]
    }
    return passages
  }

  /// Where the operand stands in a concatenation.
  private var section: [AxisIndex] {
    // A graph made by hand may have numbers here.
    guard let axis = node.axis.flatMap({ Shapes.normalized($0, rank: input.shape.count) }),
      node.operands.allSatisfy({ graph.nodes[$0].shape.indices.contains(axis) })
    else { return [] }
    let before = node.operands[..<position].reduce(0) { $0 + graph.nodes[$1].shape[axis] }
    return [AxisIndex](repeating: .all, count: axis) + [.range(from: before, to: before + input.shape[axis])]
  }

  /// The matrix rules for the last two axes, and sums over those that were broadcast.
  private var manyMatrices: [Passage] {
    let partner = graph.nodes[node.operands[1 - position]].shape
    var order = Array(partner.indices)
    order.swapAt(order.count - 2, order.count - 1)
    let turned: Formula =
      partner.count == 2 ? .transposed(operand(1 - position)) : .permuted(operand(1 - position), order)
    let result = Array(node.shape.dropLast(2)) + input.shape.suffix(2)
    return [position == 0 ? .timesMatrix(turned) : .matrixTimes(turned)] + totals(from: result)
  }

  private var matrix: Passage {
    let other = graph.nodes[node.operands[1 - position]].shape
    let partner = operand(1 - position)
    if node.shape.isEmpty { return .times(partner) }
    if input.shape.count == 2, other.count == 1 {
      return position == 0 ? .timesVector(partner) : .vectorTimes(partner)
    }
    let turned: Formula
    if other.count < 2 {
      turned = partner
    } else if case .transposed(let inner) = partner {
      turned = inner
    } else {
      turned = .transposed(partner)
    }
    return position == 0 ? .timesMatrix(turned) : .matrixTimes(turned)
  }

  /// ∂node/∂operand of each element.
  var factor: Formula {
    let y = result
    switch node.operation {
    case .subtract: return .number(position == 0 ? 1 : -1)
    case .multiply: return operand(1 - position)
    case .divide:
      return position == 0
        ? .number(1) / operand(1) : .negative(operand(0) / .raised(operand(1), .number(2)))
    case .power: return power
    case .negate: return .number(-1)
    case .exp: return y
    case .log: return .number(1) / x
    case .clampedLog: return clampedLogDerivative
    case .tanh: return .number(1) - .raised(y, .number(2))
    case .sigmoid: return y * (.number(1) - y)
    case .sin: return .call(.cos, [x])
    case .cos: return .negative(.call(.sin, [x]))
    case .sqrt: return .number(1) / (.number(2) * y)
    case .relu: return .comparison(named(0), .greater, .number(0))
    case .abs: return .sign(x)
    case .maximum: return chosen(.greater)
    case .minimum: return chosen(.less)
    case .maximumReduction, .minimumReduction: return extreme
    case .mean:
      let count =
        node.operands.count > 1 ? node.operands.count : input.value.count / max(node.value.count, 1)
      return count == 1 ? .number(1) : .quotient(.number(1), .number(Double(count)))
    case .logSumExp:
      return input.shape.isEmpty ? .call(.exp, [x - y]) : .along(.softmax, x, axis: axis)
    case .softmax: return y
    case .masked: return position == 1 ? .number(0) : kept
    case .add, .sum, .transpose, .index, .matrixMultiply, .reshape, .concat, nil: return .number(1)
    default: return otherFactor
    }
  }

  /// 1/x, but where x is so near to 0 or 1 that PyTorch's BCELoss bounds the derivative.
  private var clampedLogDerivative: Formula {
    let least = ElementRules.minClampedProduct
    guard input.value.contains(where: { (0...1).contains($0) && $0 * (1 - $0) < least }) else {
      return .number(1) / x
    }
    // Beyond 1, where only an array's other numbers may be, it is 1/x as well.
    let rest = Formula.number(1) - x
    let distance: Formula = input.value.contains { $0 > 1 } ? .call(.abs, [rest]) : rest
    return .quotient(distance, .call(.maximum, [x * distance, .number(least)]))
  }

  /// As in PyTorch: with exponent 0, the base has no influence; with base 0, the exponent has none.
  private var power: Formula {
    if case .number(let exponent)? = node.constantExponent {
      return .number(exponent) * .raised(x, .number(exponent - 1))
    }
    if let exponent = node.constantExponent { return exponent * .raised(x, exponent - .number(1)) }
    let (base, exponent) = (operand(0), operand(1))
    let bases = graph.nodes[node.operands[0]].value
    if position == 0 {
      let slope = exponent * .raised(base, exponent - .number(1))
      let isFlat = graph.nodes[node.operands[1]].value.contains(0)
      return isFlat ? .only(slope, where: named(1), isNot: 0) : slope
    }
    let slope = .raised(base, exponent) * Formula.call(.log, [base])
    return bases.contains(0) ? .only(slope, where: named(0), isNot: 0) : slope
  }

  /// 1 where the operand is greater or less than the other one, and a half for each on a tie.
  private func chosen(_ relation: Formula.Relation) -> Formula {
    let (a, b) = (named(position), named(1 - position))
    let mask = Formula.comparison(a, relation, b)
    let (first, second) = (graph.nodes[node.operands[0]], graph.nodes[node.operands[1]])
    let isTied =
      ArrayValue.meeting(
        ArrayValue(shape: first.shape, numbers: first.value),
        ArrayValue(shape: second.shape, numbers: second.value)
      ) { $0 == $1 ? 1 : 0 }?.numbers.contains(1) ?? false
    return isTied ? .sum([mask, .quotient(.comparison(a, .equal, b), .number(2))]) : mask
  }

  /// 1 for the maximum or minimum; ties share it.
  private var extreme: Formula {
    guard graph.level == .tensor, !input.shape.isEmpty else {
      let mask = Formula.comparison(named(position), .equal, .value(index))
      return ties > 1 ? .quotient(mask, .number(Double(ties))) : mask
    }
    func kept(_ reduced: Formula) -> Formula {
      axis.map { $0 > 0 ? .widened(reduced, axis: $0) : reduced } ?? reduced
    }
    let mask = Formula.comparison(named(0), .equal, kept(.value(index)))
    guard let hits = mask.value(in: graph), hits.numbers.count == input.value.count,
      let counts = hits.reduced(.sum, axis: axis), counts.numbers.contains(where: { $0 != 1 })
    else { return mask }
    return .quotient(mask, kept(.total(mask, axis: axis)))
  }

  /// An operand by name: written out, it could round to the other side of a comparison.
  private func named(_ position: Int) -> Formula {
    Symbolic.leafFormula(graph.nodes[node.operands[position]], node.operands[position])
  }
}

extension ComputationGraph {
  /// For each maximum or minimum of scalars, the number of tied operands.
  var extremeTies: [Int: Int] {
    var ties: [Int: Int] = [:]
    for (index, node) in nodes.enumerated()
    where node.operation == .maximumReduction || node.operation == .minimumReduction {
      ties[index] = node.operands.count { nodes[$0].value == node.value }
    }
    return ties
  }
}

extension ComputationGraph.Node {
  /// The exponent that is part of the operation, as it is written.
  var constantExponent: Formula? {
    exponent.map { exponent in source.map { .constant(exponent, $0) } ?? .number(exponent) }
  }
}
