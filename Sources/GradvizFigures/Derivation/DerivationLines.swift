import Autograd
import GradvizGraph

/// The lines of a derivation, from what writes the panels.
struct DerivationLines {
  let context: FigureContext

  private var graph: ComputationGraph { context.graph }
  private var notation: Notation { context.text.notation }
  private var formulas: FormulaLines { FormulaLines(context, isBrief: false) }
  private let size = PanelContent.size
  /// Of larger arrays there is the shape.
  private static let maxNumbers = 24

  init(_ context: FigureContext) { self.context = context }

  func entries(_ part: Derivation.Part) -> [Derivation.Entry] {
    guard part == .forward || graph.loss != nil else { return [] }
    let lines: [Derivation.Entry]
    switch part {
    case .forward: lines = leaves + values { !isOfLoss($0) }
    case .loss:
      lines = loss
    case .backward: lines = backward
    }
    return lines.isEmpty ? [] : [.heading(context.words.title(part.stage))] + lines
  }

  /// A prediction is the forward pass's result, wherever it stands in a figure.
  private func isOfLoss(_ node: Int) -> Bool {
    context.lossMembers.contains(node) && graph.nodes[node].role != .prediction
  }

  /// The panel's lines, and before each of the others that it is computed from, in order.
  private var loss: [Derivation.Entry] {
    var own = entries(formulas.loss())
    var lines: [Derivation.Entry] = []
    for entry in values({ isOfLoss($0) && $0 != graph.loss }) {
      let place = own.firstIndex { isAbout($0, as: entry) }
      lines.append(place.map { own.remove(at: $0) } ?? entry)
    }
    return lines + own
  }

  /// Whether two lines are about the same value.
  private func isAbout(_ entry: Derivation.Entry, as other: Derivation.Entry) -> Bool {
    guard case .line(let own) = entry, case .line(let line) = other else { return false }
    return own.subject == line.subject
  }

  // MARK: Forward

  private func text(_ words: String) -> Inline { notation.text(words, size: size) }

  private func name(_ node: Int) -> [Inline] { notation.name(node, size: size).map { .run($0) } }

  /// Inputs, targets, parameters and named constants.
  private var leaves: [Derivation.Entry] {
    graph.nodes.indices.filter { graph.nodes[$0].isLeaf && (graph.nodes[$0].isNamed || !graph.nodes[$0].shape.isEmpty) }
      .map { node in
        var line = MathLine(MathPiece.pieces(name(node)))
        line.sides = numbers(of: node, graph.nodes[node].value)
        return .line(line)
      }
  }

  /// The numbers of a value or a gradient: one, a small array, or the shape of a large one.
  private func numbers(of node: Int, _ numbers: [Double]) -> [MathLine.Side] {
    let shape = graph.nodes[node].shape
    if shape.isEmpty, let number = numbers.first {
      return [MathLine.Side(sign: "=", pieces: MathPiece.pieces([notation.number(number, size: size)]))]
    }
    guard numbers.count <= Self.maxNumbers, shape.count <= 2 else {
      return [MathLine.Side(sign: "", pieces: [.gap, .text(context.words.shape(Shapes.text(shape)))])]
    }
    return [MathLine.Side(sign: "=", pieces: MathPiece.pieces([text(list(numbers, shape[...]))]))]
  }

  /// Numbers as in a program: `[[1, 2], [3, 4]]`.
  private func list(_ numbers: [Double], _ shape: ArraySlice<Int>) -> String {
    guard let count = shape.first else { return notation.format.text(numbers[0]) }
    let part = count == 0 ? 0 : numbers.count / count
    let parts = (0..<count).map { list(Array(numbers[($0 * part)..<(($0 + 1) * part)]), shape.dropFirst()) }
    return "[\(parts.joined(separator: ", "))]"
  }

  /// Computed values, each with its formula.
  private func values(_ isPart: (Int) -> Bool) -> [Derivation.Entry] {
    graph.nodes.indices.filter { !graph.nodes[$0].isLeaf && isPart($0) }.map { .line(value($0)) }
  }

  /// A computed value: `n₃ = n₁ + n₂ = w₁·x₁ + w₂·x₂ = 0.2 − 0.6 = −0.4`.
  private func value(_ node: Int) -> MathLine {
    let value = graph.nodes[node]
    guard !value.hidesOperands else {
      let call = formulas.call(node).map { $0.flatMap { $0 } } ?? []
      var line = MathLine(MathPiece.pieces(name(node) + (call.isEmpty ? [] : [text(" = ")] + call)))
      line.sides += numbers(of: node, value.value)
      return line
    }
    let (short, whole) = (
      notation.symbolic.definition(of: node, inlining: false), formulas.definition(node)
    )
    var items = name(node) + [text(" = ")] + notation.formula(short, size: size)
    if whole != short { items += [text(" = ")] + notation.formula(whole, size: size) }
    guard graph.level == .scalar else {
      var line = MathLine(MathPiece.pieces(items))
      line.sides += numbers(of: node, value.value)
      return line
    }
    let numbers = NumberFormula(context, definition: whole, result: value.value[0])
    let written = numbers.inline(size: size)
    if written.plainText != notation.format.text(value.value[0]) { items += [text(" = ")] + written }
    items += [text(" \(numbers.relation.rawValue) "), notation.number(value.value[0], size: size)]
    return MathLine(MathPiece.pieces(items))
  }

  // MARK: Panels

  /// Lines as the panels have them; one that begins with a sign continues the one before.
  private func entries(_ lines: [PanelContent.Line]) -> [Derivation.Entry] {
    var entries: [Derivation.Entry] = []
    for line in lines {
      let pieces = MathPiece.pieces(line.parts.flatMap { $0 })
      if line.isHeading || pieces.plain.hasPrefix("⚠") {
        entries.append(.note(pieces.plain))
        continue
      }
      var own = MathLine(pieces)
      // A rule of numbers alone, as the 1/3 of a mean, is what its numbers are.
      own.sides = own.sides.reduce(into: []) { sides, side in
        if sides.last?.pieces.plain != side.pieces.plain { sides.append(side) }
      }
      if own.subject.isEmpty, case .line(var before)? = entries.last {
        before.sides += own.sides
        entries[entries.count - 1] = .line(before)
      } else {
        entries.append(.line(own))
      }
    }
    return entries
  }

  private var backward: [Derivation.Entry] {
    let lines = ChainRuleLines(context, isBrief: false, isWhole: true).lines()
    var entries = entries(lines)
    if graph.level == .tensor { for place in entries.indices { addNumbers(to: &entries[place]) } }
    guard let hand = ChainThroughPredictions(context) else { return entries }
    return entries + [.note(context.words.byHand)] + hand.lines.map { .line($0) }
  }

  /// The numbers of a small array's gradient before its shape.
  private func addNumbers(to entry: inout Derivation.Entry) {
    guard case .line(var line) = entry, case .fraction(_, let bottom)? = line.subject.first,
      let node = graph.nodes.indices.first(where: {
        MathPiece.pieces(name($0)) == Array(bottom.dropFirst()) && graph.nodes[$0].gradient != nil
      }), !graph.nodes[node].shape.isEmpty, let gradient = graph.nodes[node].gradient
    else { return }
    let sides = numbers(of: node, gradient)
    guard sides.first?.sign == "=" else { return }
    let shape = [MathPiece.gap, .text(context.words.shape(Shapes.text(graph.nodes[node].shape)))]
    line.sides = line.sides.compactMap { side in
      var side = side
      if side.pieces.suffix(2) == shape[...] { side.pieces.removeLast(2) }
      return side.pieces.isEmpty ? nil : side
    }
    line.subject = [line.subject[0]]
    line.sides += sides
    line.sides[line.sides.count - 1].pieces += shape
    entry = .line(line)
  }
}
