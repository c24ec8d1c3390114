import Autograd

/// A piece of a formula for a typesetter.
package enum MathToken: Equatable, Sendable {
  /// Signs, parentheses and the names of functions.
  case text(String)
  /// The name of a value, by its index.
  case name(Int)
  /// A number in digits.
  case number(Double)
  /// A number as it is written where numbers do not stand for names, such as `√2`.
  case constant(Double, String)
  /// ∂loss/∂value.
  case gradientName(Int)
  /// What a sum of a matrix runs over: 0 for its rows, 1 for its columns.
  case axis(Int)
  /// Around an exponent.
  case superscriptStart, superscriptEnd
  /// Around numerator and denominator, and between them.
  case fractionStart, fractionMiddle, fractionEnd
}

extension Formula {
  /// The formula as a person would write it.
  ///
  /// It can be read in one way only: signs bind as in mathematics, `·` and `/` from left to right; `Σ` takes the
  /// whole term after it; `@` and `⊗` stand beside `·` in parentheses only; `ᵀ` and `[…]` behind a value bind
  /// tightest; `[a > b]` in a value's place is 1 where that holds and 0 elsewhere.
  package func typeset(in graph: ComputationGraph) -> [MathToken] {
    var writer = FormulaWriter(graph: graph)
    writer.write(self, isTop: true)
    return writer.tokens
  }

  /// An index as it is written: `[:, 1]`.
  package static func brackets(_ axes: [AxisIndex]) -> String {
    AxisIndex.text(axes).replacing("-", with: "−")
  }

  /// The sign between the places and what comes there: `+=` where several numbers come to one place.
  package static func placing(_ position: [AxisIndex], _ shape: [Int]) -> String {
    zip(position, shape).contains { $0.repeats($1) } ? "+=" : "←"
  }

  static func functionName(_ operation: Tape.Operation) -> String {
    switch operation {
    case .maximum, .maximumReduction: "max"
    case .minimum, .minimumReduction: "min"
    case .sigmoid: "σ"
    case .logSumExp: "logsumexp"
    case .clampedLog: "log"
    case .stopGradient: "stop_gradient"
    default: operation.rawValue
    }
  }

  /// The formula as code, such as `2*(ŷ - y)` and `1 - ŷ**2`.
  public func text(in graph: ComputationGraph) -> String {
    var text = ""
    var closers: [String] = []
    for token in typeset(in: graph) {
      switch token {
      case .text("·"): text += "*"
      case .text("ᵀ"): text += ".T"
      case .text(let part): text += part.replacing("−", with: "-").replacing("σ(", with: "sigmoid(")
      case .axis(let axis): text += axis == 0 ? "rows" : "columns"
      case .name(let node): text += graph.nodes[node].name
      case .number(let number), .constant(let number, _):
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
}
