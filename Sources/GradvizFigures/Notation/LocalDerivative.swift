import Autograd
import GradvizDrawing
import GradvizGraph

/// The local derivative of an operation as it stands on the gradient's wire.
enum LocalDerivative {
  /// Passed on as it is, or with the other sign.
  case unchanged
  case negated
  /// `1 − ŷ² = 0.42`, of arrays what is done to the gradient: `@ Wᵀ`, `Σ rows`.
  case rule(MathText)

  var size: Size {
    switch self {
    case .unchanged, .negated: return Size(width: Measure.dot, height: Measure.dot)
    case .rule(let text):
      let line = TextLine(Self.runs(text))
      let height = Measure.markHeight + (line.isStacked ? 3 : 0)
      return Size(width: (line.width * 1.02 + 12).rounded(.up), height: height)
    }
  }

  static func runs(_ text: MathText, tint: Tint = .gradientInk) -> [Figure.Run] {
    text.runs(size: Typography.smallest, tint: tint)
  }
}

extension ValueText {
  private static let longestRule = 40
  /// In a figure of numbers a longer rule stands in the panel only.
  private static let longestShownRule = 18

  /// What stands on the wire from an operation back to one of its operands; nil for what has no rule.
  func local(user: Int, position: Int) -> LocalDerivative? {
    let node = graph.nodes[user]
    guard let local = node.localDerivatives else {
      if OperationSymbol.cast(node) != nil, node.fold == nil { return .unchanged }
      let passages = notation.symbolic.passages(of: user, operand: position)
      if let operation = node.facts?.operation, node.fold == nil, passages.isEmpty {
        return .rule(MathText("\(OperationSymbol.shortName(operation))′"))
      }
      guard !passages.isEmpty, !node.isLeaf else { return nil }
      let text = notation.rule(passages, of: user)
      if text.plain == "×1" { return .unchanged }
      if text.plain == "×(−1)" || text.plain == "×−1" { return .negated }
      // Of names that leave no room the operation's own is enough.
      return text.count <= Self.longestRule
        ? .rule(text)
        : .rule(MathText("×\(node.operation == .matrixMultiply ? "@" : name(node))′"))
    }
    if isLive { return LiveRoom.local(self, user: user, position: position) }
    let derivative = local[position]
    let rule = notation.symbolic.localDerivative(of: user, operand: position)
    if case .number(1) = rule, derivative == 1 { return .unchanged }
    if case .number(-1) = rule, derivative == -1 { return .negated }
    let number = MathText(notation.format.text(derivative))
    var formula = notation.line(rule, ofEverySample: true)
    if case .value(let factor) = rule, BoxSizes.isPlainConstant(graph.nodes[factor]) { formula = number }
    // 1000000 and 10⁶ are the same number.
    if case .number(derivative) = rule { formula = number }
    if formula.plain == number.plain { return .rule(number) }
    let most = gradients == .numeric ? Self.longestShownRule : Self.longestRule
    if formula.count > most { formula = shorter(rule, of: node, most) }
    return .rule(formula + " = " + number)
  }

  /// What stands for a rule whose names leave no room; the panel has it in full.
  private func shorter(_ rule: Formula, of node: ComputationGraph.Node, _ most: Int) -> MathText {
    // Of a tie, the part that counts.
    if case .sum(let parts) = rule, case .quotient(.comparison(_, .equal, _), _)? = parts.last {
      let tie = notation.line(parts[parts.count - 1], ofEverySample: true)
      if tie.count <= most { return tie }
    }
    return node.operation == .multiply
      ? MathText(notation.words.otherFactor) : MathText(OperationSymbol.text(node, notation.words) + "′")
  }

  private func name(_ node: ComputationGraph.Node) -> String {
    node.operation.map(OperationSymbol.name) ?? node.facts?.operation.map(OperationSymbol.shortName) ?? ""
  }
}
