import GradvizGraph

/// The backward panel: the chain rule with this graph's names, then with its numbers; for a parameter with
/// several uses, the sum of their shares, each in the tint of its sample.
struct ChainRuleLines {
  let context: FigureContext
  /// Only the rules of this step; nil for all.
  let step: Int?
  /// What stands in blocks above the lines; nil without blocks.
  let blocks: SampleShares?
  let isBrief: Bool
  /// Whether nothing is left out, however much there is.
  let isWhole: Bool

  init(
    _ context: FigureContext, step: Int? = nil, blocks: SampleShares? = nil, isBrief: Bool, isWhole: Bool = false
  ) {
    self.context = context
    self.step = step
    self.blocks = blocks
    self.isBrief = isBrief
    self.isWhole = isWhole
  }

  private var graph: ComputationGraph { context.graph }
  private var notation: Notation { context.text.notation }
  private let size = PanelContent.size

  func lines() -> [PanelContent.Line] {
    guard graph.loss != nil else { return [] }
    let plan = ChainRulePlan(context, step: step, blocks: blocks, isBrief: isBrief)
    let isCrowded = isBrief || !isWhole && plan.steps.count + plan.totals.count > 60
    let writer = ChainRuleLine(context, isBrief: isBrief, isCrowded: isCrowded, isWhole: isWhole)
    var lines: [PanelContent.Line] = []
    if graph.laneCount > 1, !plan.steps.isEmpty, !isBrief, !context.showsAllFormulas {
      lines.append(heading(context.words.chainRuleOfFirst))
    }
    lines += plan.steps.map(writer.line)
    if !plan.totals.isEmpty {
      if !isBrief {
        // A value of one sample has several uses, not samples.
        let nodes = plan.totals.flatMap(\.nodes)
        let addsSamples = graph.laneCount > 1 && nodes.allSatisfy { graph.nodes[$0].role == .parameter }
        var title = heading(addsSamples ? context.words.eachSampleAdds : context.words.eachUseAdds)
        title.gap = 4
        lines.append(title)
      }
      lines += plan.totals.map(writer.line)
    }
    if plan.omitted > 0 {
      lines.append(FormulaLines(context, isBrief: isBrief).heading(context.words.moreFormulas(plan.omitted)))
    }
    if plan.unwritten > 0 {
      lines.append(FormulaLines(context, isBrief: isBrief).heading(context.words.gradientsThroughBoxes(plan.unwritten)))
    }
    if !plan.idle.isEmpty, let loss = graph.loss {
      let names = plan.idle.map { notation.flatName($0) }.joined(separator: ", ")
      lines.append(heading(context.words.noGradient(notation.flatName(loss), names)))
    }
    if !plan.stopped.isEmpty {
      let names = plan.stopped.map { notation.flatName($0) }.joined(separator: ", ")
      lines.append(heading(context.words.noGradientArrives(names)))
    }
    if !plan.unrecorded.isEmpty {
      let names = plan.unrecorded.map { notation.flatName($0) }.joined(separator: ", ")
      lines.append(heading(context.words.noGradientRecorded(names)))
    }
    return lines + FormulaLines(context, isBrief: isBrief).warnings(.backward)
  }

  private func heading(_ words: String) -> PanelContent.Line {
    .init(parts: [[notation.text(words, size: size - 1, tint: .muted, isBold: true)]], isHeading: true)
  }
}
