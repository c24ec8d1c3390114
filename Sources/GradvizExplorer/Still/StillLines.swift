import Autograd
import GradvizFigures
import GradvizGraph

/// The lines below the drawing as the page has them without its script, which later writes the same ones for other numbers:
/// `Script/computing/formulas.mjs` is this file once more.
struct StillLines {
  enum Part: Equatable {
    case text(String)
    case derivative(String, String)
    case strong(String, String?)
  }

  let live: LiveValues
  private let graph: ComputationGraph
  private let uses: [[(user: Int, slot: Int)]]

  init(_ live: LiveValues) {
    self.live = live
    graph = live.graph
    var uses = [[(user: Int, slot: Int)]](repeating: [], count: graph.nodes.count)
    for (user, node) in graph.nodes.enumerated() where node.gradient != nil {
      for (slot, operand) in node.operands.enumerated() { uses[operand].append((user, slot)) }
    }
    self.uses = uses
  }

  private func bracketed(_ text: String) -> String { text.hasPrefix("−") ? "(\(text))" : text }
  private func value(_ node: Int) -> Double { graph.nodes[node].value[0] }
  private func gradient(_ node: Int) -> Double { graph.nodes[node].gradient?[0] ?? 0 }
  func name(_ node: Int) -> String {
    let name = live.values[node].name
    return name.isEmpty ? bracketed(live.text(value(node))) : name
  }

  // MARK: The chain rule

  /// The chain rule of a value: its gradient as the sum of what its uses pass back.
  func chain(_ node: Int) -> [Part] {
    guard let loss = graph.loss else { return [] }
    let result = live.text(gradient(node))
    let left: [Part] = [.derivative(name(loss), name(node)), .text(" = ")]
    if node == loss { return left + [.strong("1", nil)] }
    let uses = uses[node]
    if uses.isEmpty { return left + [.strong("0", nil)] }
    if graph.level == .tensor { return left + [live.values[node].formula.map { .text($0) } ?? .strong(result, "g")] }
    if uses.count == 1, uses[0].user == loss { return left + ofLoss(loss, uses[0].slot, node, result) }
    var parts: [Part] = []
    for (place, use) in uses.enumerated() {
      if place > 0 { parts.append(.text(" + ")) }
      if use.user != loss { parts += [.derivative(name(loss), name(use.user)), .text(" · ")] }
      // Of b + b the derivative by b is that of both uses: each has its rule.
      let isWhole = use.user != loss && graph.nodes[use.user].operands.count { $0 == node } < 2
      parts.append(
        isWhole ? .derivative(name(use.user), name(node)) : .text(bracketed(rule(use.user, use.slot))))
    }
    let factors = uses.flatMap { [gradient($0.user), local($0.user, $0.slot)] }
    let (texts, sign) = onPaper(factors, gradient(node)) { numbers in
      stride(from: 0, to: numbers.count - 1, by: 2).reduce(0) { $0 + numbers[$1] * numbers[$1 + 1] }
    }
    let numbers = uses.indices.map { "\(bracketed(texts[2 * $0])) · \(bracketed(texts[2 * $0 + 1]))" }
    return left + parts + [.text(" = \(numbers.joined(separator: " + ")) \(sign) "), .strong(result, "g")]
  }

  /// Of a direct operand: ∂L/∂L would say nothing.
  private func ofLoss(_ loss: Int, _ slot: Int, _ node: Int, _ result: String) -> [Part] {
    let rule = rule(loss, slot)
    return (bracketed(rule) == bracketed(result) ? [] : [.text(rule + " = ")]) + [.strong(result, "g")]
  }

  private func local(_ user: Int, _ slot: Int) -> Double { graph.nodes[user].localDerivatives?[slot] ?? .nan }

  // MARK: Formulas

  private func rule(_ node: Int, _ slot: Int) -> String {
    let value = graph.nodes[node]
    if let exponent = value.exponent {
      let base = name(value.operands[0])
      return exponent == 2
        ? "2 · \(base)"
        : "\(bracketed(live.text(exponent, digits: 12))) · \(base)\(Self.superscript(exponent - 1))"
    }
    let templates = value.operation.flatMap(Templates.of) ?? [""]
    return fill(templates[min(slot + 1, templates.count - 1)], node, slot: slot)
  }

  private func fill(_ template: String, _ node: Int, slot: Int) -> String {
    let operands = graph.nodes[node].operands
    var result = ""
    var rest = template[...]
    while let brace = rest.firstIndex(of: "{") {
      result += rest[..<brace]
      let key = rest[rest.index(after: brace)]
      switch key {
      case "y": result += name(node)
      case "n": result += "\(operands.count)"
      case "*": result += operands.map(name).joined(separator: live.words.separator)
      case "+": result += operands.map(name).joined(separator: " + ")
      case "k": result += name(operands[slot])
      default: result += name(operands[key.wholeNumberValue ?? 0])
      }
      rest = rest[rest.index(brace, offsetBy: 3)...]
    }
    return result + rest
  }

  private static func superscript(_ number: Double) -> String {
    let text = number == number.rounded() && abs(number) < 1e15 ? "\(Int(number))" : "\(number)"
    let digits: [Character] = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
    return String(
      text.map { character in
        character == "-" ? "⁻" : character == "." ? "·" : character.wholeNumberValue.map { digits[$0] } ?? character
      })
  }

  // MARK: Numbers

  /// Numbers with so many digits that paper gives the printed result: at most three more than usual, and "≈" where these
  /// are not enough.
  private func onPaper(
    _ numbers: [Double], _ result: Double, _ compute: ([Double]) -> Double
  ) -> (texts: [String], sign: String) {
    let wanted = value(live.text(result))
    for digits in live.precision..<(live.precision + 4) {
      let texts = numbers.map { live.text($0, digits: digits) }
      let found = compute(texts.map(value))
      // 10¹⁵ + 0.5 is not 10¹⁵: from twelve digits on, no text shows that it is rounded.
      let isRight = abs(found) < 1e12 ? value(live.text(found)) == wanted : found.isNaN && result.isNaN
      if found == wanted || isRight { return (texts, "=") }
    }
    return (numbers.map { live.text($0) }, "≈")
  }

  private func value(_ text: String) -> Double {
    Self.printedValue(live.words.mark == .comma ? text.replacing(",", with: ".") : text)
  }

  /// The value of a number as it is printed.
  private static func printedValue(_ text: String) -> Double {
    if text.hasSuffix("∞") { return text.hasPrefix("−") ? -.infinity : .infinity }
    let digits: [Character] = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
    var plain = ""
    var power = ""
    for character in text {
      if let digit = digits.firstIndex(of: character) {
        power += "\(digit)"
      } else if character == "⁻" {
        power += "-"
      } else {
        plain.append(character == "−" ? "-" : character)
      }
    }
    guard !power.isEmpty else { return Double(plain) ?? .nan }
    let mantissa = plain.hasSuffix("×10") ? String(plain.dropLast(3)) : plain.replacing("10", with: "1")
    return Double("\(mantissa)e\(power)") ?? .nan
  }
}
