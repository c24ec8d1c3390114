import Autograd
import GradvizGraph

/// The chain rule as it is written by hand: from the loss to each prediction, from there to each parameter, and their
/// products added up.
///
///     ∂L/∂o₁ = 2o₁ − 2y₁
///     ∂o₁/∂b = 1 − tanh(n₁)²
///     ∂L/∂b = ∂L/∂o₁·∂o₁/∂b + ∂L/∂o₂·∂o₂/∂b
struct ChainThroughPredictions {
  private(set) var lines: [MathLine] = []

  private let context: FigureContext
  private var graph: ComputationGraph { context.graph }
  private var notation: Notation { context.text.notation }
  private let size = PanelContent.size
  private let loss: Int
  /// The graph that ends with each prediction.
  private let ends: [(prediction: Int, symbolic: Symbolic)]

  /// Longer formulas are not written by hand.
  private static let longest = 12
  private static let maxPredictions = 8

  /// What a parameter's gradient is made of.
  private struct Share {
    var prediction: Int
    var rule: Formula
    var derivative: Double
  }

  /// Returns nil where no parameter's gradient is a sum over predictions with short formulas.
  init?(_ context: FigureContext) {
    let graph = context.graph
    guard graph.level == .scalar, graph.folding == nil, let loss = graph.loss else { return nil }
    let predictions = graph.nodes.indices.filter {
      graph.nodes[$0].role == .prediction && graph.nodes[$0].gradient != nil && $0 != loss
    }
    guard (1...Self.maxPredictions).contains(predictions.count) else { return nil }
    self.context = context
    self.loss = loss
    ends = predictions.compactMap { prediction in
      graph.ending(at: prediction).map { (prediction, Symbolic($0)) }
    }
    let parameters = graph.nodes.indices.filter {
      graph.nodes[$0].role == .parameter && graph.nodes[$0].isLeaf && graph.nodes[$0].gradient != nil
    }
    let sums = parameters.compactMap { parameter in shares(of: parameter).map { (parameter, $0) } }
    guard !sums.isEmpty else { return nil }
    let used = predictions.filter { prediction in sums.contains { $0.1.contains { $0.prediction == prediction } } }
    lines += used.map { line(loss, by: $0, lossRule($0), result: graph.nodes[$0].gradient?[0] ?? .nan) }
    for (parameter, shares) in sums {
      lines += shares.map { line($0.prediction, by: parameter, $0.rule, result: $0.derivative) }
      lines.append(sum(parameter, shares))
    }
  }

  /// The ways from a parameter through the predictions; nil where there are others, or long formulas.
  private func shares(of parameter: Int) -> [Share]? {
    var shares: [Share] = []
    for (prediction, symbolic) in ends where parameter < symbolic.graph.nodes.count {
      guard let derivative = symbolic.graph.nodes[parameter].gradient?.first else { continue }
      guard let rule = symbolic.gradient(of: parameter), rule.size <= Self.longest, !rule.namesGradient else {
        return nil
      }
      shares.append(Share(prediction: prediction, rule: rule.withDataFirst(in: graph), derivative: derivative))
    }
    let total = shares.reduce(0) { $0 + (graph.nodes[$1.prediction].gradient?.first ?? .nan) * $1.derivative }
    let gradient = graph.nodes[parameter].gradient?.first ?? .nan
    let scale = shares.reduce(1) {
      max($0, abs((graph.nodes[$1.prediction].gradient?.first ?? 0) * $1.derivative))
    }
    return !shares.isEmpty && abs(total - gradient) <= 1e-9 * scale ? shares : nil
  }

  private func lossRule(_ prediction: Int) -> Formula {
    notation.symbolic.gradient(of: prediction) ?? .gradient(of: prediction)
  }

  // MARK: Lines

  private func text(_ words: String) -> Inline { notation.text(words, size: size) }

  private func partial(_ node: Int, by other: Int) -> Inline { notation.partial(node, by: other, size: size) }

  /// A rule in each of its forms, each once: multiplied out, with the activation written out, and as it is.
  private func forms(_ rule: Formula) -> [Formula] {
    var forms: [Formula] = []
    let whole = rule.multipliedOut
    for form in [whole == rule ? nil : whole, rule.writingActivationsOut(notation.symbolic), rule].compactMap({ $0 })
    where !forms.contains(form) {
      forms.append(form)
    }
    return forms
  }

  /// One factor: `∂o₁/∂b = 1 − tanh(n₁)² = 1 − o₁² = 1 − 0.76159² = 0.42`.
  private func line(_ node: Int, by other: Int, _ rule: Formula, result: Double) -> MathLine {
    var items = [partial(node, by: other)]
    if !rule.namesGradient {
      for form in forms(rule) { items += [text(" = ")] + notation.formula(form, size: size) }
    }
    var relation = Relation.equal
    if !rule.namesGradient {
      let numbers = NumberFormula(context, definition: rule, result: result)
      let written = numbers.inline(size: size)
      let own = [notation.format.text(result), notation.formula(rule, size: size).plainText]
      if !own.contains(written.plainText) {
        items += [text(" = ")] + written
      }
      relation = numbers.relation
    }
    if case .number = rule { return MathLine(MathPiece.pieces(items)) }
    return MathLine(
      MathPiece.pieces(items + [text(" \(relation.rawValue) "), notation.number(result, size: size)]))
  }

  /// All of them: `∂L/∂b = ∂L/∂o₁·∂o₁/∂b + … = (2o₁ − 2y₁)·(1 − tanh(n₁)²) + … = −0.4768 × 0.42 + … = 2.161`.
  private func sum(_ parameter: Int, _ shares: [Share]) -> MathLine {
    var items = [partial(loss, by: parameter)]
    for (place, share) in shares.enumerated() {
      items += [
        text(place == 0 ? " = " : " + "), partial(loss, by: share.prediction), text("·"),
        partial(share.prediction, by: parameter),
      ]
    }
    let products = shares.map { share in
      let parts = [lossRule(share.prediction).multipliedOut, share.rule.writingActivationsOut(notation.symbolic)]
      return Formula.withSignInFront(parts.flatMap(\.factors).filter { $0 != .number(1) })
    }
    if !products.contains(where: \.namesGradient) {
      for (place, product) in products.enumerated() {
        let formula = notation.formula(product, size: size)
        let isSigned = place > 0 && formula.plainText.hasPrefix("−")
        items.append(text(place == 0 ? " = " : " + "))
        items += isSigned ? [text("(")] + formula + [text(")")] : formula
      }
    }
    let gradient = graph.nodes[parameter].gradient?.first ?? .nan
    let numbers = PrintedSum(
      shares.map { [graph.nodes[$0.prediction].gradient?.first ?? .nan, $0.derivative] }, result: gradient,
      format: notation.format)
    for (place, term) in numbers.terms.enumerated() { items.append(text((place == 0 ? " = " : term.sign) + term.text)) }
    items += [text(" \(numbers.relation.rawValue) "), notation.number(gradient, size: size)]
    return MathLine(MathPiece.pieces(items))
  }
}

extension ComputationGraph {
  /// The graph with one of its values as the loss, and the gradients of that value; nil for a graph of arrays.
  fileprivate func ending(at end: Int) -> ComputationGraph? {
    var graph = self
    graph.nodes = Array(nodes[...end])
    var slopes = [Double?](repeating: nil, count: end + 1)
    slopes[end] = 1
    for index in graph.nodes.indices.reversed() {
      guard let slope = slopes[index] else { continue }
      guard !nodes[index].hidesOperands, nodes[index].operands.isEmpty || nodes[index].localDerivatives != nil else {
        return nil
      }
      for (position, operand) in nodes[index].operands.enumerated() {
        slopes[operand] = (slopes[operand] ?? 0) + slope * (nodes[index].localDerivatives?[position] ?? 0)
      }
    }
    for index in graph.nodes.indices {
      graph.nodes[index].gradient = slopes[index].map { [$0] }
      graph.nodes[index].shares = nil
      graph.nodes[index].updated = nil
    }
    graph.loss = end
    return graph
  }
}
