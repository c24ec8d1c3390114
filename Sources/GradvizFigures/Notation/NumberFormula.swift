import GradvizGraph

/// A formula with the numbers of its values in place of their names.
struct NumberFormula {
  let definition: Formula
  /// The digits that make the line correct as printed.
  let format: NumberFormat
  /// The sign between the formula and its result.
  let relation: Relation
  private let notation: Notation

  /// - Parameters:
  ///   - result: the result of the formula.
  ///   - parts: parts of the formula that are printed as well.
  init(
    _ context: FigureContext, definition: Formula, result: Double,
    parts: [(formula: Formula, shown: PrintedNumber)] = []
  ) {
    self.definition = definition
    notation = context.text.notation
    let graph = context.graph
    let all = parts + [(definition, notation.format.printed(result))]
    (format, relation) = notation.format.reckoned { format in
      all.allSatisfy { formula, shown in
        formula.printedValue(in: graph, format).map { shown.admits($0) } ?? false
      }
    }
  }

  func inline(size: Double) -> [Inline] {
    notation.inline(numbers(definition.typeset(in: notation.graph)), size: size).map(\.markingNonFinite)
  }

  /// With the numbers of values in the tints of their boxes.
  func tinted(size: Double) -> [Inline] {
    let tokens = definition.typeset(in: notation.graph)
    var texts: [Int: String] = [:]
    for case .name(let node) in tokens where notation.graph.nodes[node].value.count == 1 {
      texts[node] = notation.format(ofValue: node, as: format).text(notation.graph.nodes[node].value[0])
    }
    var result: [MathToken] = []
    for (place, token) in numbers(tokens).enumerated() {
      guard case .name(let node) = tokens[place], notation.graph.nodes[node].role.tint != .plain, texts[node] != nil,
        !(place + 1 < tokens.count && tokens[place + 1] == .superscriptStart)
      else {
        result.append(token)
        continue
      }
      // `0.238 − −1` needs them around the token as well.
      if case .text(let text) = token, text.hasPrefix("(") {
        result += [.text("("), tokens[place], .text(")")]
      } else {
        result.append(tokens[place])
      }
    }
    return notation.tinted(numbers: texts).inline(result, size: size).map(\.markingNonFinite)
  }

  private func numbers(_ tokens: [MathToken]) -> [MathToken] {
    let isScientific = tokens.contains { number($0).map { format.printed($0).isScientific } ?? false }
    return tokens.enumerated().map { place, token in
      // Between two numbers, a dot could be a decimal point; next to ×10ⁿ, a cross could belong to it.
      if token == .text("·") { return .text(isScientific ? " · " : " × ") }
      guard let value = number(token) else { return token }
      let text = own(token).text(value)
      let isBase = place + 1 < tokens.count && tokens[place + 1] == .superscriptStart
      // `1/3×10⁻⁹` could be a third of it.
      let isDivisor = place > 0 && tokens[place - 1] == .text("/")
      let isCompound = text.hasPrefix("−") || (isBase || isDivisor) && format.printed(value).isScientific
      let needsParentheses = isCompound && (isBase || !Self.opens(place == 0 ? nil : tokens[place - 1]))
      return .text(needsParentheses ? "(\(text))" : text)
    }
  }

  private func number(_ token: MathToken) -> Double? {
    switch token {
    case .number(let number), .constant(let number, _): number
    case .name(let node) where notation.graph.nodes[node].value.count == 1:
      notation.graph.nodes[node].value[0]
    default: nil
    }
  }

  private func own(_ token: MathToken) -> NumberFormat {
    if case .name(let node) = token { notation.format(ofValue: node, as: format) } else { format.open }
  }

  /// Whether a number after this token may have a sign without parentheses.
  private static func opens(_ token: MathToken?) -> Bool {
    switch token {
    case nil, .fractionStart, .fractionMiddle, .superscriptStart: true
    case .text(let text): text.hasSuffix("(") || text.hasSuffix(", ") || text == "|" || text == "["
    default: false
    }
  }
}

extension Inline {
  /// Marks numbers that are not finite in red.
  fileprivate var markingNonFinite: Inline {
    switch self {
    case .run(var run):
      if run.text.contains("∞") || run.text.contains("NaN") { run.tint = .warning }
      return .run(run)
    case .fraction(let top, let bottom):
      return .fraction(top.map(\.markingNonFinite), bottom.map(\.markingNonFinite))
    case .chip(let inner, let tint): return .chip(inner.map(\.markingNonFinite), tint)
    case .token(let inner, let tint): return .token(inner.map(\.markingNonFinite), tint)
    case .pill(let inner): return .pill(inner.map(\.markingNonFinite))
    case .space, .badge, .dot: return self
    }
  }
}
