import Autograd

/// Writes a constant expression in mathematical notation, such as `√2` for `sqrt(2)`.
enum ConstantText {
  private enum Binding: Int, Comparable {
    case sum, product, power, atom
    static func < (a: Binding, b: Binding) -> Bool { a.rawValue < b.rawValue }
  }

  /// A constant with a longer text is shown by its digits.
  private static let longest = 24

  /// Returns nil for a plain number and for an expression without a short text.
  static func of(_ node: Int, _ tree: SyntaxTree) -> String? {
    switch tree.nodes[node].kind {
    case .number: return nil
    case .negate:
      guard let operand = tree.operands(of: node).first else { return nil }
      if case .number = tree.nodes[Int(operand)].kind { return nil }
    default: break
    }
    var budget = longest
    guard let text = text(node, tree, &budget)?.text, text.count <= longest else { return nil }
    return text
  }

  /// - Parameter budget: how many more nodes may be read, since the tree of a constant can be deep.
  private static func text(_ node: Int, _ tree: SyntaxTree, _ budget: inout Int) -> (
    text: String, binding: Binding
  )? {
    budget -= 1
    guard budget > 0 else { return nil }
    let operands = tree.operands(of: node).map(Int.init)
    func part(_ operand: Int, atLeast binding: Binding, _ budget: inout Int) -> String? {
      text(operand, tree, &budget).map { $0.binding < binding ? "(\($0.text))" : $0.text }
    }
    switch tree.nodes[node].kind {
    case .number(let value): return number(value).map { ($0, .atom) }
    case .name(let name): return Vocabulary.constants[name] == nil ? nil : (name == "pi" ? "π" : name, .atom)
    case .identity: return text(operands[0], tree, &budget)
    case .negate: return part(operands[0], atLeast: .power, &budget).map { ("−\($0)", .product) }
    case .binary(let operation):
      // Powers associate to the right.
      let (left, right): (Binding, Binding)
      let own: Binding
      switch operation {
      case .add, .subtract: (own, left, right) = (.sum, .sum, .product)
      case .multiply, .divide: (own, left, right) = (.product, .product, .power)
      case .power: (own, left, right) = (.power, .atom, .atom)
      default: return nil
      }
      guard let a = part(operands[0], atLeast: left, &budget) else { return nil }
      if operation == .power {
        guard case .number(let exponent)? = plainNumber(operands[1], tree), let raised = superscript(exponent)
        else { return nil }
        return (a + raised, own)
      }
      guard let b = part(operands[1], atLeast: right, &budget) else { return nil }
      let sign =
        switch operation {
        case .add: " + "
        case .subtract: " − "
        case .multiply: "·"
        default: "/"
        }
      return (a + sign + b, own)
    case .call(let call):
      guard operands.count == 1, let function = Computation.ElementFunction(rawValue: tree.calls[call].name)
      else { return nil }
      if function == .sqrt { return part(operands[0], atLeast: .atom, &budget).map { ("√\($0)", .power) } }
      let name = function == .sigmoid ? "σ" : function.rawValue
      return text(operands[0], tree, &budget).map { ("\(name)(\($0.text))", .atom) }
    case .text, .list, .selection, .range, .classes, .index, .transpose, .not: return nil
    }
  }

  private enum Plain { case number(Double) }

  /// A number with or without a sign.
  private static func plainNumber(_ node: Int, _ tree: SyntaxTree) -> Plain? {
    switch tree.nodes[node].kind {
    case .number(let value): return .number(value)
    case .negate:
      guard let operand = tree.operands(of: node).first, case .number(let value) = tree.nodes[Int(operand)].kind
      else { return nil }
      return .number(-value)
    default: return nil
    }
  }

  private static func number(_ value: Double) -> String? {
    if let whole = Int(exactly: value), whole.magnitude < 1_000_000 { return String(whole) }
    let text = String(value)
    return text.contains("e") ? nil : text
  }

  private static func superscript(_ exponent: Double) -> String? {
    guard let whole = Int(exactly: exponent), whole.magnitude < 1000 else { return nil }
    let digits: [Character] = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]
    return String(String(whole).map { $0 == "-" ? "⁻" : digits[$0.wholeNumberValue ?? 0] })
  }
}
