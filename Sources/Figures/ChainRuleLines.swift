import Autograd

/// The backward panel: the chain rule with this graph's names, then with its numbers; for a parameter
/// with several uses the sum of their shares, each in the tint of the sample it came from.
struct ChainRuleLines {
  let context: FigureContext
  /// Only the rules of this step; nil for all.
  let step: Int?
  let isBrief: Bool

  init(_ context: FigureContext, step: Int? = nil, isBrief: Bool) {
    self.context = context
    self.step = step
    self.isBrief = isBrief
  }

  private var graph: ComputationGraph { context.graph }
  private var notation: Notation { context.text.notation }
  private let size = PanelContent.size

  private static let mostParameters = 12
  private static let mostSteps = 12

  func lines() -> [PanelContent.Line] {
    guard let loss = graph.loss else { return [] }
    return rules(loss) + FormulaLines(context, isBrief: isBrief).warnings(.backward)
  }

  private func isShown(_ node: Int) -> Bool { step.map { context.steps[node] == $0 } ?? true }

  private func rules(_ loss: Int) -> [PanelContent.Line] {
    if graph.level == .tensor { return arrayLines(loss) }
    let leaves = graph.nodes.indices.filter {
      graph.nodes[$0].role == .parameter && graph.nodes[$0].gradient != nil && isShown($0)
    }
    if isBrief { return leaves.prefix(4).map { total(loss, $0) } }
    var lines: [PanelContent.Line] = []
    let steps = graph.nodes.indices.filter { isStep($0, loss) && isShown($0) }
      .sorted { (context.steps[$0] ?? 0, -$0) < (context.steps[$1] ?? 0, -$1) }
    let path = steps.count <= Self.mostSteps ? steps : Array(steps.prefix(Self.mostSteps))
    if graph.laneCount > 1, !path.isEmpty { lines.append(heading(context.words.chainRuleOfFirst)) }
    lines += path.map { step(loss, $0) }
    if steps.count > path.count { lines.append(heading(context.words.moreSteps(steps.count - path.count))) }
    let shared = leaves.filter { context.uses[$0].count > (graph.laneCount > 1 ? 1 : 3) }
    if !shared.isEmpty {
      var title = heading(graph.laneCount > 1 ? context.words.eachSampleAdds : context.words.eachUseAdds)
      title.gap = 4
      lines.append(title)
      lines += shared.prefix(Self.mostParameters).map { total(loss, $0) }
      if shared.count > Self.mostParameters {
        lines.append(heading(context.words.moreParameters(shared.count - Self.mostParameters)))
      }
    }
    return lines
  }

  /// Values whose gradient is one product: the loss, and what has one use; of a batch those of sample 1.
  private func isStep(_ node: Int, _ loss: Int) -> Bool {
    let value = graph.nodes[node]
    guard value.gradient != nil, !BoxSizes.isPlainConstant(value) else { return false }
    if value.role == .target || value.role == .input, graph.laneCount > 1 { return false }
    if node == loss { return true }
    if value.hidesUses { return false }
    // Shared parameters have lines of their own below.
    if value.lane == nil, value.role == .parameter, context.uses[node].count > (graph.laneCount > 1 ? 1 : 3) {
      return false
    }
    if value.lane == nil, graph.laneCount > 1, context.uses[node].count > 1 { return false }
    return value.lane == nil || value.lane == 0
  }

  private func heading(_ words: String) -> PanelContent.Line {
    .init(parts: [[notation.text(words, size: size - 1, tint: .muted, isBold: true)]], isHeading: true)
  }

  private func text(_ words: String, tint: Tint = .ink, isBold: Bool = false) -> Inline {
    notation.text(words, size: size, tint: tint, isBold: isBold)
  }

  private func badge(_ node: Int) -> [Inline] {
    guard let step = context.steps[node], !isBrief else { return [] }
    return [.chip([notation.text("\(step)", size: 9.5, isBold: true)], .backwardBadge), .space(8)]
  }

  /// `∂L/∂N3 = ∂L/∂N4 · ∂N4/∂N3 = 0.42 × 1 = 0.42`
  private func step(_ loss: Int, _ node: Int) -> PanelContent.Line {
    guard let gradient = graph.nodes[node].gradient?.first else { return .init(parts: []) }
    var parts: [[Inline]] = [badge(node) + [notation.partial(loss, by: node, size: size)]]
    let uses = context.uses[node].filter { graph.nodes[$0.user].gradient != nil }
    if uses.isEmpty {
      parts.append([text(" = "), notation.number(gradient, size: size, tint: .gradientInk, isBold: true)])
      return .init(parts: parts, isFree: true)
    }
    if uses.count == 1 || uses.count <= 3 {
      for (number, use) in uses.enumerated() {
        parts.append([
          text(number == 0 ? " = " : " + "), notation.partial(loss, by: use.user, size: size), text(" · "),
          notation.partial(use.user, by: node, size: size),
        ])
      }
    }
    if context.text.gradients != .numeric, let formula = notation.symbolic.gradient(of: node) {
      let items = notation.formula(formula, size: size)
      if Typesetter.extent(items).width < 320 { parts.append([text(" = ")] + items) }
    }
    let products = uses.prefix(3).compactMap { use in
      graph.nodes[use.user].localDerivatives.flatMap { local in
        graph.nodes[use.user].gradient.map { [$0[0], local[use.position]] }
      }
    }
    var relation = Relation.equal
    if products.count == uses.count {
      let sum = PrintedSum(products, result: gradient, format: notation.format)
      relation = sum.relation
      for (number, term) in sum.terms.enumerated() {
        parts.append([
          text(number == 0 ? " = " : term.sign), text(term.factors, tint: term.isFinite ? .ink : .warning),
        ])
      }
    }
    parts.append([text(" \(relation.rawValue) "), notation.number(gradient, size: size, tint: .gradientInk, isBold: true)])
    return .init(parts: parts, indent: 40, isFree: true)
  }

  /// `∂L/∂b = 0.2 + 0.04 − 0.2 − 0.01 = 0.03`, each term in the tint of its sample.
  private func total(_ loss: Int, _ node: Int) -> PanelContent.Line {
    guard let gradient = graph.nodes[node].gradient?.first else { return .init(parts: []) }
    var parts: [[Inline]] = [badge(node) + [notation.partial(loss, by: node, size: size)]]
    let terms = context.uses[node].compactMap { use in
      graph.contribution(user: use.user, position: use.position).map {
        (amount: $0, lane: graph.nodes[use.user].lane, use: use)
      }
    }
    if terms.count > 1, terms.count <= 4, !isBrief, !graph.nodes[node].hidesUses {
      parts += products(loss, terms.map(\.use))
    }
    var relation = Relation.equal
    if terms.count > 1, terms.count <= 12 {
      let sum = PrintedSum(terms.map { [$0.amount] }, result: gradient, format: notation.format)
      relation = sum.relation
      for (number, (term, printed)) in zip(terms, sum.terms).enumerated() {
        let run = notation.text(
          printed.factors, size: size, tint: !printed.isFinite ? .warning : term.lane.map { .laneInk($0) } ?? .ink,
          isBold: true)
        parts.append([
          text(number == 0 ? " = " : printed.sign), term.lane.map { .chip([run], .laneChip($0)) } ?? run,
        ])
      }
    }
    parts.append([text(" \(relation.rawValue) "), notation.number(gradient, size: size, tint: .gradientInk, isBold: true)])
    return .init(parts: parts, indent: 40, isFree: true)
  }

  /// The shares as products with names, each in the tint of its sample: `∂L/∂n₁ · x₁`.
  private func products(_ loss: Int, _ uses: [(user: Int, position: Int)]) -> [[Inline]] {
    uses.enumerated().map { number, use in
      let local = notation.symbolic.localDerivative(of: use.user, operand: use.position)
      var product: [Inline] = [notation.partial(loss, by: use.user, size: size)]
      if local != .number(1) { product += [text(" · ")] + notation.formula(local, size: size) }
      let lane = graph.nodes[use.user].lane
      return [
        text(number == 0 ? " = " : " + "),
        lane.map { .chip(product, .laneChip($0)) } ?? .chip(product, .panel),
      ]
    }
  }

  private func arrayLines(_ loss: Int) -> [PanelContent.Line] {
    var lines: [PanelContent.Line] = []
    let order = graph.nodes.indices.filter { index in
      let node = graph.nodes[index]
      if isBrief, node.role != .parameter { return false }
      guard isShown(index) else { return false }
      return node.gradient != nil && (node.isNamed || !node.isLeaf) && node.role != .target
        && node.role != .constant
    }.sorted { (context.steps[$0] ?? 0, -$0) < (context.steps[$1] ?? 0, -$1) }
    for node in order.prefix(isBrief ? 6 : Self.mostSteps + 4) {
      guard let formula = notation.symbolic.gradient(of: node), !graph.nodes[node].hidesUses else { continue }
      let items = notation.formula(formula, size: size)
      guard Typesetter.extent(items).width < 900 else { continue }
      var parts: [[Inline]] = [badge(node) + [notation.partial(loss, by: node, size: size), text(" = ")]]
      parts.append(items)
      if !graph.nodes[node].shape.isEmpty, !isBrief {
        parts.append([text("   \(Shapes.text(graph.nodes[node].shape))", tint: .muted)])
      }
      lines.append(.init(parts: parts, indent: 40, isFree: true))
    }
    return lines
  }
}
