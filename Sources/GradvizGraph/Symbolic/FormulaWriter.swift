import Autograd

/// Writes an expression with as few parentheses as are needed to read it back.
struct FormulaWriter {
  let graph: ComputationGraph
  var tokens: [MathToken] = []

  private static let longestFraction = 16

  /// How tightly an expression binds, from `←` to names and calls.
  private enum Binding: Int, Comparable {
    case placing, sum, total, matrix, product, power, postfix, atom
    static func < (a: Binding, b: Binding) -> Bool { a.rawValue < b.rawValue }
  }

  private static func binding(_ expression: Formula) -> Binding {
    switch expression {
    case .placed: .placing
    case .sum, .call(.add, _), .call(.subtract, _), .call(.sum, _): .sum
    case .along(.sum, _, _): .total
    case .matrixProduct, .outerProduct: .matrix
    case .negated, .product, .quotient, .call(.negate, _), .call(.multiply, _), .call(.divide, _): .product
    case .number(let number): number < 0 ? .product : .atom
    case .constant(_, let text): binding(ofText: text)
    case .power, .call(.power, _): .power
    case .transposed, .entries, .widened: .postfix
    case .value, .gradient, .call, .along, .comparison, .only, .sign, .filled, .permuted, .reshaped, .joined, .oneHot:
      .atom
    }
  }

  /// How tightly a written constant binds; what is inside parentheses does not count.
  private static func binding(ofText text: String) -> Binding {
    var depth = 0
    let open = text.filter { character in
      if character == ")" { depth -= 1 }
      defer { if character == "(" { depth += 1 } }
      return depth == 0
    }
    return open.contains(" + ") || open.contains(" − ")
      ? .sum : open.contains { "·/−".contains($0) } ? .product : open.first == "√" ? .power : .atom
  }

  private mutating func add(_ text: String) { tokens.append(.text(text)) }

  private mutating func write(_ part: Formula, atLeast binding: Binding, allowsSign: Bool = true) {
    if Self.binding(part) < binding || !allowsSign && part.beginsWithSign {
      add("(")
      write(part)
      add(")")
    } else {
      write(part)
    }
  }

  private mutating func call(_ name: String, _ arguments: [Formula], axis: Int? = nil) {
    add(name + "(")
    for (index, argument) in arguments.enumerated() {
      if index > 0 { add(", ") }
      write(argument)
    }
    if let axis {
      add(", ")
      add("axis=")
      tokens.append(.number(Double(axis)))
    }
    add(")")
  }

  mutating func write(_ expression: Formula, isTop: Bool = false) {
    switch expression {
    case .number(let number): tokens.append(.number(number))
    case .constant(let number, let text): tokens.append(.constant(number, text))
    case .value(let node): tokens.append(.name(node))
    case .gradient(let node): tokens.append(.gradientName(node))
    case .sum(let terms): sum(terms)
    case .call(.add, let parts), .call(.sum, let parts): infix(parts, " + ", .sum)
    case .call(.subtract, let parts): infix(parts, " − ", .sum)
    case .call(.multiply, let parts): infix(parts, "·", .product)
    case .product(let factors):
      for (index, factor) in factors.enumerated() {
        if index > 0 { add("·") }
        write(factor, atLeast: index == 0 ? leftOfProduct(factor) : .power)
      }
    case .quotient(let top, let bottom): quotient(top, bottom, isTop: isTop)
    case .call(.divide, let parts): quotient(parts[0], parts[1], isTop: isTop)
    case .power(let base, let exponent): power(base, exponent)
    case .call(.power, let parts): power(parts[0], parts[1])
    case .negated(let part): negated(part)
    case .call(.negate, let parts): negated(parts[0])
    case .call(.abs, let arguments) where !Self.holdsBars(arguments[0]):
      add("|")
      write(arguments[0])
      add("|")
    case .call(let operation, let arguments): call(Formula.functionName(operation), arguments)
    case .along(.sum, let part, let axis): total(part, axis)
    case .along(let operation, let part, let axis):
      call(Formula.functionName(operation), [part], axis: axis)
    case .comparison(let a, let relation, let b):
      add("[")
      compare(a, relation, b)
      add("]")
    case .only(let part, let condition, let number):
      add("where(")
      if case .comparison(let a, let relation, let b) = condition, number == 0 {
        compare(a, relation, b)
      } else {
        compare(condition, .notEqual, .number(number))
      }
      add(", ")
      write(part)
      add(", ")
      add("0)")
    case .sign(let part): call("sign", [part])
    default: array(expression)
    }
  }

  /// What only arrays have.
  private mutating func array(_ expression: Formula) {
    switch expression {
    case .filled(let number, let shape):
      add(number == 0 ? "zeros(" : "ones(")
      for (axis, size) in shape.enumerated() {
        if axis > 0 { add(", ") }
        add(String(size))
      }
      add(")")
    case .matrixProduct(let a, let b): matrix(a, " @ ", b)
    case .outerProduct(let a, let b): matrix(a, " ⊗ ", b)
    case .transposed(let part):
      write(part, atLeast: .postfix)
      add("ᵀ")
    case .entries(let part, let position):
      write(part, atLeast: .postfix)
      add(Formula.brackets(position))
    case .widened(let part, let axis):
      write(part, atLeast: .postfix)
      add("[" + (Array(repeating: ":", count: axis) + ["None"]).joined(separator: ", ") + rest(part, axis) + "]")
    case .placed(let part, let position, let shape):
      write(.filled(0, shape: shape))
      add(Formula.brackets(position) + " \(Formula.placing(position, shape)) ")
      write(part, atLeast: .sum)
    case .permuted(let part, let axes): list("transpose", part, axes)
    case .reshaped(let part, let shape): list("reshape", part, shape)
    case .joined(let parts, let axis): call("concat", parts, axis: axis)
    case .oneHot(let part, let count): list("one_hot", part, [count])
    default: break
    }
  }

  /// A call with whole numbers behind its first argument: `reshape(x, 2, 3)`.
  private mutating func list(_ name: String, _ part: Formula, _ numbers: [Int]) {
    add(name + "(")
    write(part)
    for number in numbers {
      add(", ")
      add("\(number)")
    }
    add(")")
  }

  private mutating func compare(_ a: Formula, _ relation: Formula.Relation, _ b: Formula) {
    write(a)
    add(" \(relation.rawValue) ")
    write(b)
  }

  /// The axes after the new one: `[None, :]`.
  private func rest(_ part: Formula, _ axis: Int) -> String {
    let rank = graph.shape(of: part).count
    return String(repeating: ", :", count: max(0, rank - axis))
  }

  /// Only the first factor may have a sign without parentheses; a quotient before a dot could be misread.
  private func leftOfProduct(_ factor: Formula) -> Binding {
    switch factor {
    case .quotient, .call(.divide, _): .power
    default: .product
    }
  }

  private mutating func infix(_ parts: [Formula], _ sign: String, _ binding: Binding) {
    for (index, part) in parts.enumerated() {
      if index > 0 { add(sign) }
      let isFirst = index == 0
      // Only the left operand may be of the same kind, so that the text reads in the graph's order of
      // operations.
      let least: Binding =
        binding == .sum ? (isFirst ? .sum : .total) : isFirst ? leftOfProduct(part) : .power
      write(part, atLeast: least, allowsSign: isFirst)
    }
  }

  private mutating func negated(_ part: Formula) {
    add("−")
    write(part, atLeast: .product, allowsSign: false)
  }

  private mutating func sum(_ terms: [Formula]) {
    for (index, term) in terms.enumerated() {
      if index == 0 {
        write(term, atLeast: .total)
      } else if term.isNegative {
        add(" − ")
        var shown = Formula.negative(term)
        if case .negated(let positive) = term { shown = positive }
        write(shown, atLeast: .total, allowsSign: false)
      } else {
        add(" + ")
        write(term, atLeast: .total)
      }
    }
  }

  private mutating func quotient(_ top: Formula, _ bottom: Formula, isTop: Bool) {
    // A long fraction could not wrap.
    if isTop, top.size + bottom.size <= Self.longestFraction {
      tokens.append(.fractionStart)
      write(top)
      tokens.append(.fractionMiddle)
      write(bottom)
      tokens.append(.fractionEnd)
    } else {
      write(top, atLeast: .product)
      add("/")
      write(bottom, atLeast: .power)
    }
  }

  private mutating func power(_ base: Formula, _ exponent: Formula) {
    if case .transposed = base {
      write(base, atLeast: .atom)
    } else {
      write(base, atLeast: .postfix)
    }
    tokens.append(.superscriptStart)
    // A superscript T means a transpose.
    if case .value(let node) = exponent, graph.nodes[node].name == "T" {
      add("(")
      tokens.append(.name(node))
      add(")")
    } else {
      write(exponent)
    }
    tokens.append(.superscriptEnd)
  }

  private mutating func total(_ part: Formula, _ axis: Int?) {
    let rank = graph.shape(of: part).count
    guard let axis, rank > 1 else {
      add("Σ ")
      return write(part, atLeast: .matrix, allowsSign: false)
    }
    guard rank == 2 else { return call("sum", [part], axis: axis) }
    add("Σ ")
    tokens.append(.axis(axis))
    add(" ")
    write(part, atLeast: .matrix, allowsSign: false)
  }

  private mutating func matrix(_ a: Formula, _ sign: String, _ b: Formula) {
    if case .matrixProduct = a, sign == " @ " {
      write(a)
    } else {
      write(a, atLeast: .power)
    }
    add(sign)
    write(b, atLeast: .power)
  }

  /// Whether it already contains absolute value bars: nested bars would be ambiguous.
  private static func holdsBars(_ expression: Formula) -> Bool {
    switch expression {
    case .call(.abs, _): true
    case .sum(let parts), .product(let parts), .call(_, let parts), .joined(let parts, _):
      parts.contains(where: holdsBars)
    case .quotient(let a, let b), .power(let a, let b), .matrixProduct(let a, let b),
      .outerProduct(let a, let b), .comparison(let a, _, let b), .only(let a, let b, _):
      holdsBars(a) || holdsBars(b)
    case .negated(let a), .transposed(let a), .along(_, let a, _), .sign(let a), .entries(let a, _),
      .widened(let a, _), .placed(let a, _, _), .permuted(let a, _), .reshaped(let a, _), .oneHot(let a, _):
      holdsBars(a)
    case .number, .constant, .value, .gradient, .filled: false
    }
  }
}
