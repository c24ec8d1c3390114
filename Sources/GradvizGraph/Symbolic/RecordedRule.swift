import Autograd

/// The derivative rules of operations that a recorder has as one: of layers and losses of other frameworks.
///
/// As PyTorch defines them; what was called with anything unusual has no rule.
extension DerivativeRule {
  /// The steps from ∂loss/∂node to the share of this use; nil for an operation without a rule here.
  var recorded: [Passage]? {
    guard node.operation == nil, let facts = node.facts, facts.output ?? 0 == 0, !facts.isCut,
      let name = facts.operation
    else { return nil }
    if node.fold != nil { return recovered(name) }
    guard !node.hidesUses else { return nil }
    switch name {
    case "linear": return linear(facts)
    case "addmm": return addedProduct(facts)
    case "embedding": return embedding(facts)
    case "mse_loss", "l1_loss", "binary_cross_entropy", "binary_cross_entropy_with_logits":
      return pairLoss(name, facts)
    case "cross_entropy": return crossEntropy(facts)
    case "softmax":
      guard position == 0, let axis = facts.attribute("dim")?.integer.flatMap({ Shapes.normalized($0, rank: rank) })
      else { return nil }
      return [.softmax(result, axis: rank < 2 ? nil : axis)]
    default: return nil
    }
  }

  /// Of boxes that stand for an array, as they were recovered from numbers: `y = x @ Wᵀ` and `y = a + b`.
  ///
  /// Where a box takes numbers of others only in part, the formula does not hold, and is not shown.
  private func recovered(_ name: String) -> [Passage]? {
    guard node.operands.count == 2, rank == 2, shape(0).count == 2, shape(1).count == 2 else { return nil }
    if name == "+" { return shape(position) == node.shape ? [.times(.number(1))] : nil }
    guard name == "linear", let w = (0...1).first(where: { graph.nodes[node.operands[$0]].isLeaf }),
      shape(w) == [node.shape[1], shape(1 - w)[1]], shape(1 - w)[0] == node.shape[0]
    else { return nil }
    return position == w ? [.transposed, .timesMatrix(operand(1 - w))] : [.timesMatrix(operand(w))]
  }

  private var rank: Int { node.shape.count }

  private func shape(_ place: Int) -> [Int] { graph.nodes[node.operands[place]].shape }

  private func place(_ argument: String, _ usual: Int, _ facts: ComputationGraph.RecordedFacts) -> Int? {
    facts.place(of: argument, orAt: usual, count: node.operands.count)
  }

  // MARK: Products

  /// Of `y = x @ Wᵀ + b`.
  private func linear(_ facts: ComputationGraph.RecordedFacts) -> [Passage]? {
    guard let x = place("input", 0, facts), let w = place("weight", 1, facts), shape(w).count == 2,
      shape(x).last == shape(w)[1], shape(x).count == rank
    else { return nil }
    if position == x { return [.timesMatrix(operand(w))] }
    if position == w {
      switch rank {
      case 1: return [.timesVector(operand(x))]
      case 2: return [.transposed, .timesMatrix(operand(x))]
      default:
        // All rows of all axes before the last.
        let (rows, outputs, inputs) = (shape(x).dropLast().reduce(1, *), shape(w)[0], shape(w)[1])
        return [.reshaped([rows, outputs]), .transposed, .timesMatrix(.reshaped(operand(x), [rows, inputs]))]
      }
    }
    guard position == place("bias", 2, facts) else { return nil }
    return rank == 1 ? [.times(.number(1))] : [Passage](repeating: .total(axis: 0), count: rank - 1)
  }

  /// Of `y = b + A @ B`.
  private func addedProduct(_ facts: ComputationGraph.RecordedFacts) -> [Passage]? {
    guard node.operands.count == 3, rank == 2, (1...2).allSatisfy({ shape($0).count == 2 }),
      [facts.attribute("alpha"), facts.attribute("beta")].allSatisfy({ $0 == nil || $0?.number == 1 })
    else { return nil }
    switch position {
    case 0: return shape(0) == [node.shape[1]] ? [.total(axis: 0)] : shape(0) == node.shape ? [.times(.number(1))] : nil
    case 1: return [.timesMatrix(.transposed(operand(2)))]
    default: return [.matrixTimes(.transposed(operand(1)))]
    }
  }

  /// Each row of the result goes back to the row of the table that it was taken from.
  private func embedding(_ facts: ComputationGraph.RecordedFacts) -> [Passage]? {
    guard let ids = place("input", 0, facts), let table = place("weight", 1, facts), position == table,
      shape(table).count == 2, rank == shape(ids).count + 1
    else { return nil }
    let rows = graph.nodes[node.operands[ids]].value.compactMap { Int(exactly: $0) }
    guard rows.count == graph.nodes[node.operands[ids]].value.count, rows.count == shape(ids).reduce(1, *),
      rows.allSatisfy((0..<shape(table)[0]).contains)
    else { return nil }
    let flat: [Passage] = rank == 2 ? [] : [.reshaped([rows.count, shape(table)[1]])]
    return flat + [.placed([.positions(rows), .all], shape: shape(table))]
  }

  // MARK: Losses

  /// What a sum or a mean of `count` terms divides by; nil for terms that are not added up.
  private func divisor(_ count: Int, _ facts: ComputationGraph.RecordedFacts) -> Double? {
    guard node.shape.isEmpty else { return nil }
    switch facts.attribute("reduction")?.text {
    case nil, "mean": return Double(max(count, 1))
    case "sum": return 1
    default: return nil
    }
  }

  private func divided(_ factor: Formula, by divisor: Double) -> Formula {
    divisor == 1 ? factor : .quotient(factor, .number(divisor))
  }

  /// Of predictions and targets of one shape, entry by entry.
  private func pairLoss(_ name: String, _ facts: ComputationGraph.RecordedFacts) -> [Passage]? {
    guard let a = place("input", 0, facts), let b = place("target", 1, facts), position == a, node.operands.count == 2,
      shape(a) == shape(b), let count = Shapes.count(shape(a)), let divisor = divisor(count, facts)
    else { return nil }
    let (x, y) = (operand(a), operand(b))
    switch name {
    case "mse_loss":
      let isEven = divisor.truncatingRemainder(dividingBy: 2) == 0
      return [.times(isEven ? divided(x - y, by: divisor / 2) : divided(.number(2) * (x - y), by: divisor))]
    case "l1_loss": return [.times(divided(.sign(x - y), by: divisor))]
    case "binary_cross_entropy": return [.times((x - y) / (.number(divisor) * x * (.number(1) - x)))]
    default: return [.times(divided(.call(.sigmoid, [x]) - y, by: divisor))]
    }
  }

  /// Of rows of scores, the softmax minus the target: a class number for each row, or a probability for each entry.
  private func crossEntropy(_ facts: ComputationGraph.RecordedFacts) -> [Passage]? {
    guard let a = place("input", 0, facts), let b = place("target", 1, facts), position == a, node.operands.count == 2,
      facts.attribute("label_smoothing")?.number ?? 0 == 0, (1...2).contains(shape(a).count),
      let classes = shape(a).last
    else { return nil }
    let target = graph.nodes[node.operands[b]]
    let isClasses = target.shape == Array(shape(a).dropLast())
    guard isClasses || target.shape == shape(a) else { return nil }
    if isClasses {
      // Rows that are ignored have no gradient.
      guard target.value.allSatisfy({ $0 >= 0 && Int(exactly: $0).map { $0 < classes } ?? false }) else { return nil }
    }
    guard let divisor = divisor(shape(a).count == 2 ? shape(a)[0] : 1, facts) else { return nil }
    let scores = Formula.along(.softmax, operand(a), axis: shape(a).count == 2 ? 1 : nil)
    let y = isClasses ? .oneHot(operand(b), count: classes) : operand(b)
    return [.times(divided(scores - y, by: divisor))]
  }
}

extension Symbolic {
  /// What a layer or a loss that was recorded as one operation computes, by the names of its operands; nil where that is
  /// not known, or its numbers are others.
  public func recordedDefinition(of node: Int) -> Formula? {
    let value = graph.nodes[node]
    guard value.operation == nil, value.fold == nil, let facts = value.facts, !facts.isCut else { return nil }
    func operand(_ name: String, _ place: Int) -> Formula? {
      facts.place(of: name, orAt: place, count: value.operands.count).map {
        Self.leafFormula(graph.nodes[value.operands[$0]], value.operands[$0])
      }
    }
    var formula: Formula?
    switch facts.operation {
    case "linear":
      guard let x = operand("input", 0), let w = operand("weight", 1) else { return nil }
      let product =
        value.shape.count < 2 ? Formula.matrixProduct(w, x) : .matrixProduct(x, .transposed(w))
      formula = operand("bias", 2).map { .call(.add, [product, $0]) } ?? product
    case "mse_loss", "l1_loss":
      guard let x = operand("input", 0), let y = operand("target", 1), value.shape.isEmpty else { return nil }
      let difference = Formula.call(.subtract, [x, y])
      let term: Formula = facts.operation == "l1_loss" ? .call(.abs, [difference]) : .power(difference, .number(2))
      formula = .along(facts.attribute("reduction")?.text == "sum" ? .sum : .mean, term, axis: nil)
    default: return nil
    }
    guard let formula, let own = formula.value(in: graph), own.shape == value.shape else { return nil }
    let size = value.value.reduce(0) { max($0, $1.isFinite ? $1.magnitude : 0) }
    let digits = Self.precision(of: value)
    return zip(own.numbers, value.value).allSatisfy { Self.agree($0, $1, size: size, digits) } ? formula : nil
  }
}
