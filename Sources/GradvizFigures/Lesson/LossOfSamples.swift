import Autograd
import GradvizGraph

/// The loss of a batch: a line for each sample's part, and one for what is made of them.
struct LossOfSamples {
  private let context: FigureContext
  /// By sample, the value that goes into the sum or the mean.
  private let parts: [Int]
  private let loss: Int

  private var notation: Notation { context.text.notation }
  private static let size = PanelContent.size
  /// Of more samples the parts are not written out.
  private static let maxSamples = 8
  private static let widest = 1000.0

  /// Returns nil where the loss is not made of one number for each sample.
  init?(_ context: FigureContext) {
    let graph = context.graph
    guard graph.level == .scalar, (2...Self.maxSamples).contains(graph.laneCount), graph.folding == nil,
      let loss = graph.loss
    else { return nil }
    var collector = loss
    while graph.nodes[collector].operands.count == 1, let only = graph.nodes[collector].operands.first,
      graph.nodes[only].lane == nil
    {
      collector = only
    }
    let parts = graph.nodes[collector].operands
    guard parts.map({ graph.nodes[$0].lane }) == (0..<graph.laneCount).map({ $0 }),
      parts.allSatisfy({ !graph.nodes[$0].isLeaf && !graph.nodes[$0].hidesOperands })
    else { return nil }
    self.context = context
    self.parts = parts
    self.loss = loss
  }

  private func text(_ words: String) -> Inline { notation.text(words, size: Self.size) }

  /// Returns nil where a line would be too long.
  func lines() -> [PanelContent.Line]? {
    var lines: [PanelContent.Line] = []
    for part in parts {
      guard let line = line(part, definition(part), .ink),
        !lines.contains(where: { $0.parts.plainText == line.parts.plainText })
      else { return nil }
      lines.append(line)
    }
    guard let total else { return nil }
    return lines + [total]
  }

  /// The number of each sample without its name: `(0.964 − 0.8)² = 0.0269`.
  func rows() -> [[Inline]] {
    parts.map { part in
      let value = context.graph.nodes[part].value[0]
      let numbers = NumberFormula(context, definition: definition(part), result: value)
      return numbers.tinted(size: Self.size)
        + [text(" \(numbers.relation.rawValue) "), notation.number(value, size: Self.size)]
    }
  }

  /// What the parts make together; nil where the line would be too long.
  var total: PanelContent.Line? {
    let known = Set(parts)
    guard var total = line(loss, notation.symbolic.definition(of: loss) { known.contains($0) }, .lossInk) else {
      return nil
    }
    total.gap = 6
    total.remark = [notation.text(context.words.lowerIsBetter, size: Self.size, tint: .muted)]
    return total
  }

  /// In terms of predictions, targets and what has a name.
  private func definition(_ part: Int) -> Formula {
    notation.symbolic.definition(of: part) { node in
      node != part
        && ([.prediction, .target, .input, .parameter].contains(context.graph.nodes[node].role)
          || context.graph.nodes[node].isNamed && !context.lossMembers.contains(node))
    }
  }

  /// `n₅ = (ŷ − y)² = (0.964 − 0.8)² = 0.0269`, in the tints of the boxes.
  private func line(_ node: Int, _ definition: Formula, _ tint: Tint) -> PanelContent.Line? {
    let value = context.graph.nodes[node].value[0]
    let numbers = NumberFormula(context, definition: definition, result: value)
    let formula = notation.tinted().formula(definition, size: Self.size)
    let written = numbers.tinted(size: Self.size)
    guard Typesetter.extent(formula).width + Typesetter.extent(written).width < Self.widest else { return nil }
    let name = notation.name(node, size: Self.size).map { Inline.run($0) }
    var parts = [[.token(name, context.graph.nodes[node].role.tint), text(" = ")]] + Typesetter.breakable(formula)
    if written.plainText != notation.format.text(value) { parts += [[text(" = ")]] + Typesetter.breakable(written) }
    parts.append([
      text(" \(numbers.relation.rawValue) "), notation.number(value, size: Self.size, tint: tint, isBold: true),
    ])
    return .init(parts: parts, indent: 40, gap: 2)
  }
}

extension [[Inline]] {
  fileprivate var plainText: String { map(\.plainText).joined() }
}
