import Autograd
import GradvizGraph

/// The notation of a graph's values: their names, numbers and formulas.
struct Notation {
  let graph: ComputationGraph
  private(set) var format: NumberFormat
  let symbolic: Symbolic
  let words: Words
  /// What its reader is to fill in; nil if nothing is.
  ///
  /// Its format is then that of blanks.
  let blanks: Blanks?
  /// Numbers in place of the names of values.
  private var numbers: [Int: String] = [:]
  /// Whether values stand in the tints of their boxes.
  private var isTinted = false
  private let names: TypesetNames
  /// The numbers in a formula are not rounded, since the formula would become wrong.
  let exact: NumberFormat
  let symbols: Symbols
  /// The names, as shown, of what belongs to no sample.
  private let shared: Set<String>

  init(
    graph: ComputationGraph, format: NumberFormat, symbolic: Symbolic, words: Words, blanks: Blanks? = nil
  ) {
    self.graph = graph
    self.format = blanks == nil ? format : format.hidden
    self.blanks = blanks
    self.symbolic = symbolic
    self.words = words
    names = TypesetNames(graph.nodes.lazy.map { ($0.name, $0.lane) })
    symbols = Symbols(graph, mark: format.mark)
    exact = format.open.full
    shared = Set(graph.nodes.filter { $0.lane == nil }.map { TypesetName($0.name).flat })
  }

  /// With all digits that are ever shown, as in tooltips; a copy, since there is one for every box.
  var precise: Notation {
    var copy = self
    copy.format = format.full
    return copy
  }

  /// With values in the tints of their boxes.
  func tinted(numbers: [Int: String] = [:]) -> Notation {
    var copy = self
    copy.isTinted = true
    copy.numbers = numbers
    return copy
  }

  /// - Parameters:
  ///   - size: that of the numbers beside it.
  ///   - isBold: whether an unnamed number is bold; the letters of a name never are.
  ///   - ofEverySample: without the sample that the value belongs to.
  func name(
    _ node: Int, size: Double, tint: Tint = .ink, isBold: Bool = false, ofEverySample: Bool = false
  ) -> [Figure.Run] {
    let value = graph.nodes[node]
    if value.role == .constant, !value.isNamed, value.value.count == 1 {
      return [Figure.Run(text: format.open.text(value.value[0]), size: size, tint: tint, isBold: isBold)]
    }
    return MathText(typesetName(node, ofEverySample: ofEverySample)).runs(
      size: max(size, Typography.smallest), tint: tint)
  }

  /// The name on one line of plain text, with its indices as subscripts: `w₂`, `x₁⁽³⁾`.
  func flatName(_ node: Int) -> String { typesetName(node).flat }

  /// - Parameter ofEverySample: without the sample that the value belongs to, where no other value has that name.
  func typesetName(_ node: Int, ofEverySample: Bool = false) -> TypesetName {
    let value = graph.nodes[node]
    let name = names[value.name, value.lane]
    return ofEverySample && !shared.contains(name.ofEverySample.flat) ? name.ofEverySample : name
  }

  /// An entry of an array: W₁,₂; `W[0, 1]` where an entry of another array would have these subscripts.
  func entry(_ node: Int, _ position: Int) -> TypesetName {
    let value = graph.nodes[node]
    let (text, own) = (EntryName.text(value.name, value.shape, position), TypesetName(value.name))
    let isTaken = graph.nodes.contains { other in
      let typeset = TypesetName(other.name)
      return typeset.base == own.base && typeset.indices.count != own.indices.count
        && typeset.indices.count + other.shape.count == own.indices.count + value.shape.count
    }
    return isTaken || typesetName(node) != own ? TypesetName(asWritten: text) : TypesetName(text)
  }

  /// The source text of a constant, such as `√2`.
  func source(_ node: Int) -> String? { graph.nodes[node].source.map(symbols.constant) }

  /// A line of an optimizer's rule, or one of its terms.
  func rule(_ text: String) -> String { symbols.rule(text) }

  /// ∂L/∂x as a fraction.
  func partial(_ node: Int, by other: Int, size: Double) -> Inline {
    let small = Self.sizeInFraction(size)
    func part(_ node: Int) -> [Inline] {
      let sign = Figure.Run(text: "∂", size: small * Typography.nameRatio, typeface: .variable)
      return [.run(sign)] + name(node, size: small).map { .run($0) }
    }
    return .fraction(part(node), part(other))
  }

  private static func sizeInFraction(_ size: Double) -> Double { max(size * 0.92, Typography.smallest) }

  func text(_ text: String, size: Double, tint: Tint = .ink, isBold: Bool = false) -> Inline {
    .run(Figure.Run(text: text, size: max(size, Typography.smallest), tint: tint, isBold: isBold))
  }

  /// - Parameter own: the format of this number; nil for that of all.
  func number(
    _ value: Double, size: Double, tint: Tint = .ink, isBold: Bool = false, format own: NumberFormat? = nil
  ) -> Inline {
    text(
      (own ?? format).text(value), size: size, tint: value.isFinite ? tint : .warning,
      isBold: isBold || !value.isFinite)
  }

  /// A formula in the notation of a textbook.
  func formula(_ expression: Formula, size: Double) -> [Inline] {
    inline(expression.typeset(in: graph), size: size)
  }

  func inline(_ tokens: [MathToken], size: Double) -> [Inline] {
    let tokens = withBracketedPowers(tokens)
    var rest = tokens.indices.filter { tokens[$0] != .text("·") || !isCoefficient(tokens, before: $0) }
      .map { tokens[$0] }[...]
    return inline(&rest, size: size, script: .normal, literals: literals(among: tokens))
  }

  /// With brackets around the bases that have a sample above the line: (ŷ⁽¹⁾)².
  func withBracketedPowers(_ tokens: [MathToken]) -> [MathToken] {
    tokens.enumerated().flatMap { place, token -> [MathToken] in
      guard place + 1 < tokens.count, tokens[place + 1] == .superscriptStart, case .name(let node) = token,
        numbers[node] == nil, typesetName(node).sample != nil
      else { return [token] }
      return [.text("("), token, .text(")")]
    }
  }

  /// Whether the dot at a place stands between a number and a name or a bracket, where it is left out: 2D.
  func isCoefficient(_ tokens: [MathToken], before place: Int) -> Bool {
    guard place > 0, place + 1 < tokens.count, case .number(let number) = tokens[place - 1], number != 1,
      !exact.printed(number).isScientific
    else { return false }
    if place > 1, tokens[place - 2] == .text("^") || tokens[place - 2] == .text("/") { return false }
    switch tokens[place + 1] {
    case .name(let node): return graph.nodes[node].isNamed || !graph.nodes[node].isLeaf
    case .text(let text): return text.hasPrefix("(")
    default: return false
    }
  }

  private func inline(
    _ tokens: inout ArraySlice<MathToken>, size: Double, script: Figure.Run.Script, literals: NumberFormat
  ) -> [Inline] {
    var items: [Inline] = []
    func run(_ text: String) -> Inline {
      .run(Figure.Run(text: text, size: size, typeface: script == .normal ? .regular : .index, script: script))
    }
    while let token = tokens.popFirst() {
      switch token {
      case .text("ᵀ"):
        items.append(
          .run(Figure.Run(text: "T", size: Typography.script(size), typeface: .index, script: .above)))
      case .text(", "): items.append(run(words.separator))
      case .text(let text): items.append(run(symbols.function(text)))
      case .number(let number): items.append(run(literals.text(number)))
      case .constant(_, let text): items.append(run(symbols.constant(text)))
      case .axis(let axis): items.append(run(words.axis(axis)))
      case .name(let node):
        let runs = numbers[node].map { [Figure.Run(text: $0, size: size)] } ?? name(node, size: size)
        let parts = runs.map { part in
          var part = part
          if script != .normal { part.script = script }
          return Inline.run(part)
        }
        let tint = graph.nodes[node].role.tint
        if isTinted, script == .normal, tint != .plain { items.append(.token(parts, tint)) } else { items += parts }
      case .gradientName(let node):
        if let loss = graph.loss { items.append(partial(loss, by: node, size: size)) }
      case .superscriptStart:
        items += inline(&tokens, size: Typography.script(size), script: .above, literals: literals)
      case .fractionStart:
        let top = inline(&tokens, size: Self.sizeInFraction(size), script: .normal, literals: literals)
        let bottom = inline(&tokens, size: Self.sizeInFraction(size), script: .normal, literals: literals)
        items.append(.fraction(top, bottom))
      case .superscriptEnd, .fractionMiddle, .fractionEnd: return items
      }
    }
    return items
  }

  /// A formula on one line of plain text, as in the course article: `f*w2`.
  func plain(_ expression: Formula) -> String {
    var writer = FormulaLine(notation: self, style: .plain)
    return writer.line(expression.typeset(in: graph)).plain
  }

  /// A formula on one line, as in boxes: `f·w₂`.
  ///
  /// - Parameter ofEverySample: whether it holds for every sample, so that none is named.
  func line(_ expression: Formula, ofEverySample: Bool = false) -> MathText {
    var writer = FormulaLine(notation: self, style: ofEverySample ? .ofEverySample : .typeset)
    return writer.line(expression.typeset(in: graph))
  }

  /// What an operation does to the gradient on the way to one of its operands, as a label on an arrow: `×w₂`,
  /// `@ Wᵀ`, `Σ rows`.
  func rule(_ passages: [Passage], of user: Int) -> MathText {
    var rank = graph.nodes[user].shape.count
    let isAlone = passages.count == 1
    var parts: [MathText] = []
    for passage in passages {
      switch passage {
      case .times(.number(1)) where !isAlone: break
      case .times(let factor): parts.append("×" + self.factor(factor))
      case .timesMatrix(let other): parts.append("@ " + self.factor(other))
      case .matrixTimes(let other): parts.append(self.factor(other) + " @")
      case .timesVector(let other): parts.append("⊗ " + self.factor(other))
      case .vectorTimes(let other): parts.append(self.factor(other) + " ⊗")
      case .transposed: parts.append("(·)ᵀ")
      case .permuted(let axes): parts.append(MathText("transpose(·\(words.separator)\(list(axes)))"))
      case .reshaped(let shape): parts.append(MathText("reshape(·\(words.separator)\(list(shape)))"))
      case .taken(let position): parts.append(MathText(Formula.brackets(position)))
      case .total(let axis):
        let part =
          rank == 2 && axis != nil
          ? "Σ " + words.axis(axis ?? 0) : rank > 2 && axis != nil ? "Σ axis=\(axis ?? 0)" : "Σ"
        parts.append(MathText(part))
        rank = axis == nil ? 0 : rank - 1
      case .widened(let axis):
        let before = Array(repeating: ":", count: axis)
        let after = Array(repeating: ":", count: max(0, rank - axis))
        parts.append(MathText("[" + (before + ["None"] + after).joined(separator: ", ") + "]"))
        rank += 1
      case .placed(let position, let shape):
        parts.append(MathText(Formula.brackets(position) + " " + Formula.placing(position, shape)))
      case .softmax: parts.append("softmax′")
      }
    }
    // Of a turned gradient the product is one step: (·)ᵀ @ x.
    if passages.count == 2, passages[0] == .transposed, case .timesMatrix = passages[1] { return parts.joined(" ") }
    return parts.joined(MathText(words.separator))
  }

  private func list(_ numbers: [Int]) -> String { numbers.map(String.init).joined(separator: words.separator) }

  /// Adds parentheses if a preceding sign would apply only to its first term.
  private func factor(_ expression: Formula) -> MathText {
    let text = line(expression, ofEverySample: true)
    if case .value = expression { return text }
    return FormulaLine.grouped(text, by: [" + ", " − ", " @ ", " ⊗ ", " ← ", "Σ "])
  }
}
