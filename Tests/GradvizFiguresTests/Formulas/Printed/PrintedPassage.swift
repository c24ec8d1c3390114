import Foundation
import GradvizGraph

/// What the labels of arrows do to a gradient on its way backward.
extension PrintedFormula {
  /// Applies the label of an arrow to the incoming gradient.
  mutating func passed(_ label: String, _ gradient: PrintedArray, through user: Int, from operand: Int) throws
    -> PrintedArray
  {
    var value = gradient
    for step in Self.split(label, at: ", ") { value = try pass(step, value, user, operand) }
    return value
  }

  private mutating func pass(_ step: String, _ value: PrintedArray, _ user: Int, _ operand: Int) throws
    -> PrintedArray
  {
    func checked(_ result: PrintedArray?) throws -> PrintedArray {
      guard let result else { throw UnreadableFormula(description: "\(step) of \(value.shape)") }
      return result
    }
    if step == "(·)ᵀ" { return try checked(value.transposed) }
    if step == "softmax′" {
      let node = graph.nodes[user]
      let s = PrintedArray(shape: node.shape, numbers: node.value)
      let axis = node.shape.count < 2 ? nil : node.axis
      let product = try checked(PrintedArray.zip2(s, value, *))
      var total = try checked(product.reduced(axis: axis) { $0.reduce(0, +) })
      if let axis { total = try checked(total.widened(axis: axis)) }
      let rest = try checked(PrintedArray.zip2(value, total, -))
      return try checked(PrintedArray.zip2(s, rest, *))
    }
    if step == "Σ" { return try checked(value.reduced(axis: nil) { $0.reduce(0, +) }) }
    if step == "Σ rows" || step == "Σ lignes" {
      return try checked(value.shape.count == 2 ? value.reduced(axis: 0) { $0.reduce(0, +) } : nil)
    }
    if step == "Σ columns" || step == "Σ colonnes" {
      return try checked(value.shape.count == 2 ? value.reduced(axis: 1) { $0.reduce(0, +) } : nil)
    }
    if step.hasPrefix("Σ axis="), let axis = Int(step.dropFirst("Σ axis=".count)) {
      return try checked(value.reduced(axis: axis) { $0.reduce(0, +) })
    }
    if step.hasSuffix("] ←") || step.hasSuffix("] +=") {
      begin(String(step.dropLast(step.hasSuffix("←") ? 2 : 3)))
      guard case .entries(let position) = try brackets() else { throw UnreadableFormula(description: step) }
      return try checked(value.placed(in: .filled(0, graph.nodes[operand].shape), position))
    }
    if step.hasPrefix("[") {
      begin(step)
      switch try brackets() {
      case .widened(let axis): return try checked(value.widened(axis: axis))
      case .entries(let position): return try checked(value.indexed(position))
      }
    }
    if let (name, numbers) = Self.arranging(step) { return try checked(value.arranged(name, numbers)) }
    if step.hasPrefix("×") { return try checked(.zip2(value, try self.value(String(step.dropFirst())), *)) }
    if step.hasPrefix("@ ") { return try checked(value.times(try self.value(String(step.dropFirst(2))))) }
    if step.hasSuffix(" @") { return try checked(try self.value(String(step.dropLast(2))).times(value)) }
    if step.hasPrefix("⊗ ") { return try checked(value.outer(try self.value(String(step.dropFirst(2))))) }
    if step.hasSuffix(" ⊗") { return try checked(try self.value(String(step.dropLast(2))).outer(value)) }
    throw UnreadableFormula(description: "`\(step)` is nothing that is done to a gradient")
  }

  /// `transpose(·, 1, 0)` and `reshape(·, 2, 3)`.
  private static func arranging(_ step: String) -> (name: String, numbers: [Int])? {
    guard step.hasSuffix(")"), let start = step.range(of: "(·") else { return nil }
    let numbers = step[start.upperBound...].dropLast().split(separator: ",")
      .compactMap { Int($0.filter { $0 != " " }) }
    return (String(step[..<start.lowerBound]), numbers)
  }

  /// The parts between signs outside all brackets.
  static func split(_ text: String, at sign: String) -> [String] {
    var (parts, depth) = ([""], 0)
    var rest = Substring(text)
    while let character = rest.first {
      if depth == 0, rest.hasPrefix(sign) {
        parts.append("")
        rest = rest.dropFirst(sign.count)
        continue
      }
      if "([⟨{".contains(character) { depth += 1 }
      if ")]⟩}".contains(character) { depth -= 1 }
      parts[parts.count - 1].append(character)
      rest = rest.dropFirst()
    }
    return parts
  }
}
