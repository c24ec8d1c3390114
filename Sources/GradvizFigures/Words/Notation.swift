import Autograd
import GradvizGraph

/// The notation of a graph's values: their names, numbers and formulas.
struct Notation {
  let graph: ComputationGraph
  private(set) var format: NumberFormat
  let symbolic: Symbolic
  let words: Words
  /// Numbers in place of the names of values.
  private var numbers: [Int: String] = [:]
  /// Whether values stand in the tints of their boxes.
  private var isTinted = false
  /// Names that would look like another value's with subscripts, such as `n4` beside `n₄`.
  private let ambiguous: Set<String>

  init(graph: ComputationGraph, format: NumberFormat, symbolic: Symbolic, words: Words) {
    self.graph = graph
    self.format = format
    self.symbolic = symbolic
    self.words = words
    var first: [String: String] = [:]
    var ambiguous: Set<String> = []
    for node in graph.nodes where node.name.last?.isNumber == true {
      let flat = TypesetName(node.name).flat
      if let other = first[flat] { ambiguous.formUnion([other, node.name]) } else { first[flat] = node.name }
    }
    self.ambiguous = ambiguous
  }

  /// With all digits that are ever shown, as in tooltips; a copy, since there is one for every box.
  var precise: Notation {
    var copy = self
    copy.format = NumberFormat(precision: NumberFormat.maxDigits)
    return copy
  }

  /// With values in the tints of their boxes.
  func tinted(numbers: [Int: String] = [:]) -> Notation {
    var copy = self
    copy.isTinted = true
    copy.numbers = numbers
    return copy
  }

  func name(_ node: Int, size: Double, tint: Tint = .ink, isBold: Bool = false) -> [Figure.Run] {
    let value = graph.nodes[node]
    if value.role == .constant, !value.isNamed, value.value.count == 1 {
      return [Figure.Run(text: format.text(value.value[0]), size: size, tint: tint, isBold: isBold)]
    }
    if ambiguous.contains(value.name) {
      return [Figure.Run(text: value.name, size: size, tint: tint, isBold: isBold)]
    }
    return Self.runs(value.name, size: size, tint: tint, isBold: isBold)
  }

  /// The name on one line of plain text, with its indices as subscripts: `w₂`, `x₁,₂`.
  func flatName(_ node: Int) -> String {
    let name = graph.nodes[node].name
    return ambiguous.contains(name) ? name : TypesetName(name).flat
  }

  static func runs(_ name: String, size: Double, tint: Tint = .ink, isBold: Bool = false) -> [Figure.Run] {
    let typeset = TypesetName(name)
    var runs = [Figure.Run(text: typeset.base, size: size, tint: tint, isBold: isBold)]
    if !typeset.indices.isEmpty {
      runs.append(
        Figure.Run(
          text: typeset.indices, size: (size * 0.72).rounded(), tint: tint, isBold: isBold, script: .below))
    }
    return runs
  }

  /// ∂L/∂x as a fraction.
  func partial(_ node: Int, by other: Int, size: Double) -> Inline {
    let small = size * 0.92
    func part(_ node: Int) -> [Inline] {
      [.run(.init(text: "∂", size: small))] + name(node, size: small).map { .run($0) }
    }
    return .fraction(part(node), part(other))
  }

  func text(_ text: String, size: Double, tint: Tint = .ink, isBold: Bool = false) -> Inline {
    .run(Figure.Run(text: text, size: size, tint: tint, isBold: isBold))
  }

  func number(_ value: Double, size: Double, tint: Tint = .ink, isBold: Bool = false) -> Inline {
    text(
      format.text(value), size: size, tint: value.isFinite ? tint : .warning,
      isBold: isBold || !value.isFinite)
  }

  /// A formula in the notation of a textbook.
  func formula(_ expression: Formula, size: Double) -> [Inline] {
    inline(expression.typeset(in: graph), size: size)
  }

  func inline(_ tokens: [MathToken], size: Double) -> [Inline] {
    var rest = tokens[...]
    return inline(&rest, size: size, script: .normal)
  }

  private func inline(
    _ tokens: inout ArraySlice<MathToken>, size: Double, script: Figure.Run.Script
  ) -> [Inline] {
    var items: [Inline] = []
    func run(_ text: String) -> Inline { .run(Figure.Run(text: text, size: size, script: script)) }
    while let token = tokens.popFirst() {
      switch token {
      case .text("ᵀ"):
        items.append(.run(Figure.Run(text: "T", size: (size * 0.75).rounded(), script: .above)))
      case .text(let text): items.append(run(text))
      case .number(let number): items.append(run(Self.exact.text(number)))
      case .constant(_, let text): items.append(run(text))
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
      case .superscriptStart: items += inline(&tokens, size: (size * 0.75).rounded(), script: .above)
      case .fractionStart:
        let top = inline(&tokens, size: size * 0.92, script: .normal)
        let bottom = inline(&tokens, size: size * 0.92, script: .normal)
        items.append(.fraction(top, bottom))
      case .superscriptEnd, .fractionMiddle, .fractionEnd: return items
      }
    }
    return items
  }

  /// The numbers in a formula are not rounded, since the formula would become wrong.
  static let exact = NumberFormat(precision: 12)

  /// A formula on one line in one style, with true minus signs and superscripts.
  ///
  /// - Parameter isTypeset: `f·w₂`, as in boxes; otherwise `f*w2`, as in the course article.
  func plain(_ expression: Formula, isTypeset: Bool = false) -> String {
    var writer = PlainWriter(notation: self, isTypeset: isTypeset)
    return writer.text(expression.typeset(in: graph))
  }

  /// What an operation does to the gradient on the way to one of its operands, as a label on an arrow: `×w₂`,
  /// `@ Wᵀ`, `Σ rows`.
  func plain(_ passages: [Passage], of user: Int) -> String {
    var rank = graph.nodes[user].shape.count
    let isAlone = passages.count == 1
    var parts: [String] = []
    for passage in passages {
      switch passage {
      case .times(.number(1)) where !isAlone: break
      case .times(let factor): parts.append("×" + self.factor(factor))
      case .timesMatrix(let other): parts.append("@ " + self.factor(other))
      case .matrixTimes(let other): parts.append(self.factor(other) + " @")
      case .timesVector(let other): parts.append("⊗ " + self.factor(other))
      case .vectorTimes(let other): parts.append(self.factor(other) + " ⊗")
      case .transposed: parts.append("ᵀ")
      case .total(let axis):
        parts.append(
          rank == 2 && axis != nil
            ? "Σ " + words.axis(axis ?? 0) : rank > 2 && axis != nil ? "Σ axis=\(axis ?? 0)" : "Σ")
        rank = axis == nil ? 0 : rank - 1
      case .widened(let axis):
        let before = Array(repeating: ":", count: axis)
        let after = Array(repeating: ":", count: max(0, rank - axis))
        parts.append("[" + (before + ["None"] + after).joined(separator: ", ") + "]")
        rank += 1
      case .placed(let position, _): parts.append(Formula.brackets(position) + " ←")
      case .softmax: parts.append("softmax′")
      }
    }
    return parts.joined(separator: ", ")
  }

  /// Adds parentheses if a preceding sign would apply only to its first term.
  func factor(_ expression: Formula) -> String {
    let text = plain(expression, isTypeset: true)
    if case .value = expression { return text }
    return PlainWriter.grouped(text, by: [" + ", " − ", " @ ", " ⊗ ", " ← ", "Σ "])
  }
}

/// Writes a formula on one line.
private struct PlainWriter {
  let notation: Notation
  let isTypeset: Bool
  // The pending texts: a numerator, a denominator or a base may need parentheses.
  var parts: [String] = [""]

  private var graph: ComputationGraph { notation.graph }

  private mutating func add(_ text: String) { parts[parts.count - 1] += text }

  mutating func text(_ tokens: [MathToken]) -> String {
    for (place, token) in tokens.enumerated() {
      switch token {
      case .fractionStart, .fractionMiddle, .superscriptStart: parts.append("")
      case .fractionEnd:
        let bottom = parts.removeLast()
        let top = parts.removeLast()
        let sums = [" + ", " − ", " @ ", " ⊗ ", " ← ", "Σ "]
        add(Self.grouped(top, by: sums) + "/" + Self.grouped(bottom, by: sums + ["·", "*", "/", "−", "×"]))
      case .superscriptEnd:
        let exponent = parts.removeLast()
        add(Self.raised(exponent) ?? "^" + Self.grouped(exponent, by: [" ", "·", "*", "/", "−"]))
      case .gradientName(let node):
        let name = "∂\(graph.loss.map(self.name) ?? "L")/∂\(self.name(node))"
        // A suffix after the name would be read as part of it.
        var isBound = false
        if place + 1 < tokens.count, case .text(let next) = tokens[place + 1] {
          isBound = next.hasPrefix("[") || next == "ᵀ" || next == "/"
        }
        add(isBound ? "(\(name))" : name)
      case .name(let node): add(name(node))
      case .text(let text): add(text == "·" && !isTypeset ? "*" : text)
      case .number(let number): add(Notation.exact.text(number))
      case .constant(_, let text): add(text)
      case .axis(let axis): add(notation.words.axis(axis))
      }
    }
    return parts.joined()
  }

  private func name(_ node: Int) -> String {
    let value = graph.nodes[node]
    if value.role == .constant, !value.isNamed, value.shape.isEmpty {
      return value.source ?? Notation.exact.text(value.value[0])
    }
    return isTypeset ? notation.flatName(node) : value.name
  }

  /// `²` for 2; nil if it is not an integer.
  private static func raised(_ text: String) -> String? {
    guard text.count <= 4, let number = Int(text.replacing("−", with: "-")) else { return nil }
    return NumberFormat.superscript(number)
  }

  /// Adds parentheses if one of the signs is outside all parentheses.
  static func grouped(_ text: String, by signs: [String]) -> String {
    var depth = 0
    var outside = ""
    for character in text {
      if "([".contains(character) { depth += 1 }
      if depth == 0 { outside.append(character) }
      if ")]".contains(character) { depth -= 1 }
    }
    return signs.contains { outside.contains($0) } ? "(\(text))" : text
  }
}
