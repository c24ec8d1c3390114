/// A piece of a formula for a typesetter.
public enum MathToken: Equatable, Sendable {
  /// Signs, parentheses and the names of functions.
  case text(String)
  /// The name of a value, by its index.
  case name(Int)
  case number(Double)
  /// ∂loss/∂value.
  case gradientName(Int)
  case superscriptStart, superscriptEnd
  case fractionStart, fractionMiddle, fractionEnd
}

extension Expression {
  /// How tightly an expression binds: sums 1, products 2, powers 3, names and calls 4.
  private var binding: Int {
    switch self {
    case .sum: 1
    case .negated, .product, .quotient, .matrixProduct: 2
    case .number(let number): number < 0 ? 2 : 4
    case .power: 3
    case .value, .gradient, .call, .isPositive, .transposed, .total: 4
    }
  }

  /// The formula as a person would write it.
  public func typeset(in graph: ComputationGraph) -> [MathToken] {
    var tokens: [MathToken] = []
    append(to: &tokens, graph, isTop: true)
    return tokens
  }

  private func append(to tokens: inout [MathToken], _ graph: ComputationGraph, isTop: Bool) {
    func inner(_ part: Expression, atLeast binding: Int) {
      if part.binding < binding {
        tokens.append(.text("("))
        part.append(to: &tokens, graph, isTop: false)
        tokens.append(.text(")"))
      } else {
        part.append(to: &tokens, graph, isTop: false)
      }
    }
    func call(_ name: String, _ arguments: [Expression]) {
      tokens.append(.text(name + "("))
      for (index, argument) in arguments.enumerated() {
        if index > 0 { tokens.append(.text(", ")) }
        argument.append(to: &tokens, graph, isTop: false)
      }
      tokens.append(.text(")"))
    }
    switch self {
    case .number(let number): tokens.append(.number(number))
    case .value(let node): tokens.append(.name(node))
    case .gradient(let node): tokens.append(.gradientName(node))
    case .sum(let terms):
      for (index, term) in terms.enumerated() {
        var shown = term
        if index > 0 {
          if term.isNegative {
            tokens.append(.text(" − "))
            shown = .negative(term)
            if case .negated(let positive) = term { shown = positive }
          } else {
            tokens.append(.text(" + "))
          }
        }
        inner(shown, atLeast: 2)
      }
    case .product(let factors):
      for (index, factor) in factors.enumerated() {
        if index > 0 { tokens.append(.text("·")) }
        // Only the first factor may carry a sign without parentheses.
        inner(factor, atLeast: index == 0 && !(factor.binding == 1) ? 2 : 3)
      }
    case .quotient(let top, let bottom):
      if isTop {
        tokens.append(.fractionStart)
        top.append(to: &tokens, graph, isTop: false)
        tokens.append(.fractionMiddle)
        bottom.append(to: &tokens, graph, isTop: false)
        tokens.append(.fractionEnd)
      } else {
        inner(top, atLeast: 2)
        tokens.append(.text("/"))
        inner(bottom, atLeast: 3)
      }
    case .power(let base, let exponent):
      inner(base, atLeast: 4)
      tokens.append(.superscriptStart)
      exponent.append(to: &tokens, graph, isTop: false)
      tokens.append(.superscriptEnd)
    case .negated(let part):
      tokens.append(.text("−"))
      inner(part, atLeast: 2)
    case .call(.abs, let arguments):
      tokens.append(.text("|"))
      arguments[0].append(to: &tokens, graph, isTop: false)
      tokens.append(.text("|"))
    case .call(let operation, let arguments): call(Self.functionName(operation), arguments)
    case .isPositive(let part):
      tokens.append(.text("["))
      part.append(to: &tokens, graph, isTop: false)
      tokens.append(.text(" > 0]"))
    case .matrixProduct(let a, let b):
      inner(a, atLeast: 2)
      tokens.append(.text(" @ "))
      inner(b, atLeast: 3)
    case .transposed(let part):
      inner(part, atLeast: 4)
      tokens.append(.text("ᵀ"))
    case .total(let part, _):
      tokens.append(.text("Σ "))
      inner(part, atLeast: 2)
    }
  }

  static func functionName(_ operation: Operation) -> String {
    switch operation {
    case .maximum, .maximumReduction: "max"
    case .minimum, .minimumReduction: "min"
    case .sigmoid: "σ"
    case .logSumExp: "logsumexp"
    case .clampedLog: "log"
    default: operation.rawValue
    }
  }

  /// The formula in the syntax of `.grad` files, such as `2*(ŷ - y)` and `1 - ŷ**2`.
  public func text(in graph: ComputationGraph) -> String {
    var text = ""
    var closers: [String] = []
    for token in typeset(in: graph) {
      switch token {
      case .text("·"): text += "*"
      case .text("ᵀ"): text += ".T"
      case .text(let part):
        text += part.replacing("−", with: "-").replacing("σ(", with: "sigmoid(").replacing("Σ ", with: "sum ")
      case .name(let node): text += graph.nodes[node].name
      case .number(let number):
        text += number == number.rounded() && number.magnitude < 1e15 ? String(Int(number)) : String(number)
      case .gradientName(let node):
        text += "∂\(graph.loss.map { graph.nodes[$0].name } ?? "L")/∂\(graph.nodes[node].name)"
      case .superscriptStart: text += "**"
      case .superscriptEnd: break
      case .fractionStart:
        text += "("
        closers.append(")")
      case .fractionMiddle: text += ")/("
      case .fractionEnd: text += closers.popLast() ?? ""
      }
    }
    return text
  }

  /// The number the formula has in a scalar graph; nil for formulas of arrays.
  public func evaluate(in graph: ComputationGraph) -> Double? {
    func all(_ parts: [Expression]) -> [Double]? {
      let numbers = parts.compactMap { $0.evaluate(in: graph) }
      return numbers.count == parts.count ? numbers : nil
    }
    switch self {
    case .number(let number): return number
    case .value(let node): return graph.nodes[node].value.count == 1 ? graph.nodes[node].value[0] : nil
    case .gradient(let node): return graph.nodes[node].gradient?.first
    case .sum(let terms): return all(terms).map { $0.reduce(0, +) }
    case .product(let factors): return all(factors).map { $0.reduce(1, *) }
    case .quotient(let a, let b): return all([a, b]).map { $0[0] / $0[1] }
    case .power(let a, let b): return all([a, b]).map { ElementRules.power($0[0], $0[1]) }
    case .negated(let part): return part.evaluate(in: graph).map { -$0 }
    case .isPositive(let part): return part.evaluate(in: graph).map { $0 > 0 ? 1 : 0 }
    case .call(let operation, let arguments):
      guard let numbers = all(arguments) else { return nil }
      switch operation {
      case .sum, .mean, .maximumReduction, .minimumReduction, .logSumExp:
        return ElementRules.value(operation, of: numbers, count: numbers.count)
      default:
        return numbers.count == 1
          ? ElementRules.value(operation, numbers[0]) : ElementRules.value(operation, numbers[0], numbers[1])
      }
    case .matrixProduct, .transposed, .total: return nil
    }
  }
}
