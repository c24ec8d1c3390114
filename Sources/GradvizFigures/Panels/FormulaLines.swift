import Autograd
import GradvizGraph

/// The formulas in the forward, loss and update panels: with names, then with numbers.
struct FormulaLines {
  let context: FigureContext
  let isBrief: Bool

  init(_ context: FigureContext, isBrief: Bool) {
    self.context = context
    self.isBrief = isBrief
  }

  var graph: ComputationGraph { context.graph }
  private var notation: Notation { context.text.notation }
  let size = PanelContent.size
  /// The number of array entries that fit on a line.
  private static let maxEntries = 6

  func text(_ text: String, tint: Tint = .ink, isBold: Bool = false) -> Inline {
    notation.text(text, size: size, tint: tint, isBold: isBold)
  }

  func named(_ node: Int) -> [Inline] { notation.name(node, size: size, isBold: true).map { .run($0) } }

  func heading(_ words: String) -> PanelContent.Line {
    .init(parts: [[notation.text(words, size: size - 1, tint: .muted)]], isHeading: true)
  }

  // MARK: Forward

  func forward() -> [PanelContent.Line] {
    var lines: [PanelContent.Line] = []
    // In the overview the loss has a card of its own.
    let every = results(ofAll: context.showsAllFormulas)
    let own = every.filter { !isBrief || $0 != graph.loss }
    let results = own.isEmpty ? every : own
    let shown = self.shown(results)
    for node in shown {
      guard !graph.nodes[node].hidesOperands else {
        if let call = call(node) {
          lines.append(.init(parts: [named(node) + [text(" = ")]] + call, indent: 26, gap: 3))
          continue
        }
        lines.append(folded(node))
        continue
      }
      let definition = definition(node)
      lines.append(
        .init(
          parts: [named(node) + [text(" = ")]]
            + Typesetter.breakable(notation.formula(definition, size: size)), indent: 26, gap: 3))
      if !isBrief, graph.level == .scalar {
        let value = graph.nodes[node].value[0]
        let formula = NumberFormula(context, definition: definition, result: value)
        let numbers = formula.inline(size: size)
        let isAlias = if case .value = definition { true } else { false }
        if Typesetter.extent(numbers).width < 1200 {
          lines.append(
            .init(
              parts: [named(node).map(Self.invisible) + [text(" = ")]] + (isAlias ? [] : Typesetter.breakable(numbers))
                + [
                  (isAlias ? [] : [text(" \(context.sign(formula.relation, ofValue: node)) ")])
                    + [notation.number(value, size: size, tint: .forwardInk, isBold: true)]
                ],
              indent: 26))
        }
      }
    }
    if results.count > shown.count {
      lines.append(heading(context.words.moreFormulas(self.results(ofAll: true).count - shown.count)))
    }
    let unwritten = graph.nodes.indices.count { isUnwritten($0) }
    if unwritten > 0 {
      lines.append(heading(isBrief ? context.words.moreBoxes(unwritten) : context.words.unwrittenValues(unwritten)))
    }
    if graph.laneCount > 1, !isBrief {
      lines.append(
        heading(
          context.words.sameForAll(
            graph.sampleCount, hasParameters: graph.nodes.contains { $0.role == .parameter })))
    }
    return lines + warnings(.forward)
  }

  /// The named values up to the prediction; in a batch, those of the first sample, as the others have the same form.
  private func results(ofAll: Bool) -> [Int] {
    let nodes = graph.nodes
    let hasPrediction = nodes.contains { $0.role == .prediction }
    let results = nodes.indices.filter { index in
      let node = nodes[index]
      guard !node.isLeaf, node.isNamed, ofAll || node.lane ?? 0 == 0 else { return false }
      if node.role == .prediction { return true }
      return hasLine(index) && !(hasPrediction && context.lossMembers.contains(index))
    }
    if !results.isEmpty { return results }
    return Array(nodes.indices.filter { !nodes[$0].isLeaf && hasLine($0) }.suffix(1))
  }

  /// Those that fit: the prediction, and the values nearest to it.
  private func shown(_ results: [Int]) -> [Int] {
    if context.showsAllFormulas { return results }
    let predictions = results.filter { graph.nodes[$0].role == .prediction }
    let others = results.filter { graph.nodes[$0].role != .prediction }
    // A line that says that one more is left out is as high as that one.
    let room = max(0, (isBrief ? 3 : 8) - predictions.count)
    return (predictions + others.suffix(others.count == room + 1 ? room + 1 : room)).sorted()
  }

  /// In terms of named values, or, if that is too long for a line, of the operands as drawn.
  func definition(_ node: Int) -> Formula {
    let whole = notation.symbolic.definition(of: node)
    return Typesetter.extent(notation.formula(whole, size: size)).width < Self.widestDefinition
      ? whole : notation.symbolic.definition(of: node, inlining: false)
  }

  static let widestDefinition = 900.0
  /// Two lines of the overview's card.
  static let widestBriefDefinition = 620.0

  /// Reserves the width of the name on the left, so that the equals signs line up.
  private static func invisible(_ item: Inline) -> Inline { .space(Typesetter.extent(item).width) }

  // MARK: Loss

  func loss() -> [PanelContent.Line] {
    guard let loss = graph.loss else { return [] }
    if !isBrief, let lines = LossOfSamples(context)?.lines() { return lines + warnings(.loss) }
    var lines: [PanelContent.Line] = []
    let formula = notation.symbolic.definition(of: loss) { node in
      [.prediction, .target, .input, .parameter].contains(graph.nodes[node].role)
        || graph.nodes[node].isNamed && !context.lossMembers.contains(node)
    }
    let symbolic = notation.formula(formula, size: size)
    let isLong = Typesetter.extent(symbolic).width > 1600
    let isNamed = isLong || graph.nodes[loss].hidesOperands
    var relation = Relation.equal
    if graph.nodes[loss].hidesOperands {
      // For folded values, no formula gives the loss.
      if let call = call(loss) { lines.append(.init(parts: [named(loss) + [text(" = ")]] + call, indent: 26)) }
    } else if isLong {
      let short = notation.formula(notation.symbolic.definition(of: loss), size: size)
      lines.append(.init(parts: [named(loss) + [text(" = ")]] + Typesetter.breakable(short), indent: 26))
    } else {
      lines.append(.init(parts: [named(loss) + [text(" = ")]] + Typesetter.breakable(symbolic), indent: 26))
      if let formula = graph.level == .scalar ? formula : formula.writtenOut(in: graph, maxEntries: Self.maxEntries) {
        let numbers = LossNumbers(context, formula: formula, result: graph.nodes[loss].value[0], size: size)
        for (number, side) in numbers.sides.enumerated() {
          lines.append(
            .init(
              parts: [named(loss).map(Self.invisible) + [text(" \(side.relation.rawValue) ")]]
                + Typesetter.breakable(side.items), indent: 26, gap: number == 0 ? 4 : 0))
        }
        relation = numbers.relation
      }
    }
    lines.append(
      .init(
        parts: [
          named(loss).map(isNamed ? { $0 } : Self.invisible) + [
            text(" \(context.sign(relation, ofValue: loss)) "),
            notation.number(graph.nodes[loss].value[0], size: size + 1, tint: .lossInk, isBold: true),
          ]
        ], remark: isBrief ? [] : [text(context.words.lowerIsBetter, tint: .muted)], gap: 2))
    return lines + warnings(.loss)
  }

  // MARK: Update

  func update() -> [PanelContent.Line] {
    guard let loss = graph.loss, let learningRate = graph.learningRate else { return [] }
    let example = graph.updateRule == nil ? exampleOfRule : nil
    let parameter = example.map(named) ?? [text(notation.rule("w"), isBold: true)]
    let partial: Inline =
      example.map { notation.partial(loss, by: $0, size: size) }
      ?? .fraction([text("∂")] + notation.name(loss, size: size).map { .run($0) }, [text("∂" + notation.rule("w"))])
    // An optimizer's rule takes several lines, plain gradient descent one.
    let rate = notation.rule("lr")
    let rule: [[Inline]] =
      graph.updateRule == nil
      ? [
        parameter + [text(" ← ", isBold: true)], parameter, [text(" − \(rate) · ", isBold: true), partial],
      ] : [[text(notation.rule("g = "), isBold: true), partial]]
    let isDefault = graph.usesDefaultRate ? " " + context.words.defaultRate : ""
    var lines: [PanelContent.Line] = [
      .init(
        parts: rule + [
          [
            .space(24), text("\(rate) = "),
            text(
              UpdateRow.rateFormat(notation.format).text(learningRate),
              tint: learningRate.isFinite ? .updateInk : .warning, isBold: true),
            text("  " + context.words.learningRate + isDefault, tint: .muted),
          ]
        ])
    ]
    if let step = graph.updateStep {
      lines[0].parts.append([
        .space(24), text(notation.rule("t = ")), text("\(step)", tint: .updateInk, isBold: true),
        text("  " + context.words.numberOfStep, tint: .muted),
      ])
    }
    lines[0].parts += parameterMeaning.map { [[.space(24), text($0, tint: .muted)]] } ?? []
    return lines + ruleLines + lossAfter + warnings(.update)
  }

  /// The parameter that plain descent's rule is written for: the first with a step.
  private var exampleOfRule: Int? {
    let parameters = graph.nodes.indices.filter { graph.nodes[$0].role == .parameter && graph.nodes[$0].updated != nil }
    return parameters.first(where: hasGradient) ?? parameters.first
  }

  private func hasGradient(_ node: Int) -> Bool { graph.nodes[node].gradient?.contains { $0 != 0 } ?? false }

  /// `L: 4.10 → 4.06`, and in words whether that is better.
  private var lossAfter: [PanelContent.Line] {
    guard let loss = graph.loss, let after = graph.lossAfterUpdate else { return [] }
    let before = graph.nodes[loss].value[0]
    let change = PrintedChange(before, after, notation.format)
    let verdict = change.isUnchanged ? context.words.unchanged : self.verdict(change, before, after)
    let parts: [[Inline]] = [
      notation.name(loss, size: size).map { .run($0) } + [
        text(context.words.colon + " "), text(change.before, tint: before.isFinite ? .lossInk : .warning, isBold: true),
        text("  →  "), text(change.after, tint: after.isFinite ? .lossInk : .warning, isBold: true),
        text("  " + context.words.afterForwardPass, tint: .muted),
      ]
    ]
    let end = verdict.map { [[.space(18), text($0, isBold: true)]] } ?? []
    var reason: [[Inline]] = []
    // Where weight decay alone moves parameters, the reason is another.
    if !isBrief, verdict != nil, !change.isUnchanged, exampleOfRule.map(hasGradient) ?? false {
      let words = after < before ? context.words.becauseOfSmallStep : context.words.stepTooLarge
      reason = [[text("  (" + words + ")", tint: .muted)]]
    }
    return [.init(parts: parts + end + reason, gap: isBrief ? 0 : 4)]
  }

  /// By how much as printed; nil where one of the numbers is not finite.
  private func verdict(_ change: PrintedChange, _ before: Double, _ after: Double) -> String? {
    guard before.isFinite, after.isFinite else { return nil }
    let amount = change.amount(before, after)
    return after < before ? context.words.better(amount) : context.words.worse(amount)
  }

  /// Whether the rule holds for other parameters as well, and of an optimizer's what its `w` is.
  private var parameterMeaning: String? {
    let parameters = graph.nodes.indices.filter { graph.nodes[$0].role == .parameter }
    guard graph.updateRule != nil else { return parameters.count > 1 ? context.words.eachParameter : nil }
    let symbol = notation.rule("w")
    guard parameters.count == 1 else { return context.words.standsFor(nil, symbol) }
    let name = notation.flatName(parameters[0])
    return name == symbol ? nil : context.words.standsFor(name, symbol)
  }

  /// The optimizer's rule; of a graph as data it may be of any length.
  private var ruleLines: [PanelContent.Line] {
    let rules = graph.updateRule ?? []
    var lines: [PanelContent.Line] = rules.prefix(Self.maxRules).map { line in
      let rule = notation.rule(line)
      let left = rule.count - Self.maxRuleLength
      return .init(
        parts: [[text(String(rule.prefix(Self.maxRuleLength)), isBold: true)]]
          + (left > 0 ? [[text(" " + context.words.more(left), tint: .muted)]] : [])
          + (context.words.meaning(ofRule: line).map { [[.space(18), text($0, tint: .muted)]] } ?? []))
    }
    if rules.count > Self.maxRules { lines.append(heading(context.words.more(rules.count - Self.maxRules))) }
    return lines
  }

  private static let maxRules = 8
  private static let maxRuleLength = 120

  // MARK: Warnings

  /// One line for each number that is NaN or infinite although its operands are finite; in an overview, which
  /// shows all panels, each panel has its own.
  func warnings(_ stage: Stage) -> [PanelContent.Line] {
    let known = [Stage.forward, .backward, .update].filter { $0.number ?? 0 <= stage.number ?? 0 }
    return recordedWarnings(stage) + numberWarnings(isBrief ? [stage] : known)
  }

  /// What recomputing a recorded step has found, and the error that ended it.
  private func recordedWarnings(_ stage: Stage) -> [PanelContent.Line] {
    let found = context.recorded.findings(in: stage)
    let most = isBrief ? 1 : 6
    let loss = graph.loss.map { graph.nodes[$0].name } ?? "L"
    var lines = found.prefix(most).map { context.words.finding($0, loss: loss, notation.format) }
    if found.count > most { lines.append(context.words.more(found.count - most)) }
    if let error = graph.error, !isBrief { lines.append(context.words.endedBy(String(error.prefix(160)))) }
    return lines.map(warning)
  }

  private func warning(_ sentence: String) -> PanelContent.Line {
    .init(parts: [[text("⚠ " + sentence, tint: .warning, isBold: true)]], gap: 4)
  }

  private func numberWarnings(_ stages: [Stage]) -> [PanelContent.Line] {
    context.nonFinite.sentences(stages, maxCount: isBrief ? 1 : 4, notation, inFigure: true).map(warning)
  }
}
