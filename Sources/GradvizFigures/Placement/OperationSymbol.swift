import Autograd
import GradvizDOT
import GradvizDrawing

/// The appearance of an operation's circle: its mathematical symbol, and a size that fits it.
struct OperationSymbol {
  var text: String
  var textSize: Double
  var size: Size

  init(_ node: ComputationGraph.Node) {
    text = Self.text(node)
    let isWord = text.count > 1 && text.allSatisfy { $0.isLetter || $0 == "Σ" }
    textSize = isWord ? 10 : text.count > 2 ? 10 : 15
    if text == "²" || text == "³" { textSize = 17 }
    let width = TextMetrics.width(of: text, size: textSize) + 8
    let diameter = 26.0
    if width <= 34 {
      let side = max(diameter, width.rounded(.up))
      size = Size(width: side, height: side)
    } else {
      size = Size(width: width.rounded(.up) + 6, height: diameter)
    }
  }

  static func text(_ node: ComputationGraph.Node) -> String {
    switch node.operation {
    case .add: "+"
    case .subtract: "−"
    case .multiply: "×"
    case .divide: "÷"
    case .negate: "−"
    case .power:
      node.exponent.map { exponent in
        exponent == 0.5
          ? "√"
          : exponent == exponent.rounded() && abs(exponent) < 100
            ? (exponent == 2 || exponent == 3 ? "" : "x") + NumberFormat.superscript(Int(exponent))
            : "^" + NumberFormat(precision: 3).text(exponent)
      } ?? "^"
    case .maximum, .maximumReduction: "max"
    case .minimum, .minimumReduction: "min"
    case .sqrt: "√"
    case .abs: "|x|"
    case .sigmoid: "σ"
    // The sum of one number is that number: a second name.
    case .sum where node.localDerivatives?.count == 1 && !node.hidesOperands: "="
    case .sum: "Σ"
    case .mean: "mean"
    case .logSumExp: "logΣexp"
    case .matrixMultiply: "@"
    case .transpose: "ᵀ"
    case .index: "[ ]"
    case .softmax: "softmax"
    case .clampedLog: "log"
    case .exp, .log, .tanh, .relu, .sin, .cos: node.operation?.rawValue ?? ""
    case nil: ""
    }
  }

  /// The operation in words, for tooltips.
  static func words(_ operation: Tape.Operation) -> String {
    switch operation {
    case .maximumReduction: "max"
    case .minimumReduction: "min"
    case .logSumExp: "log of the sum of exponentials"
    case .matrixMultiply: "matrix product"
    case .sum: "sum"
    case .clampedLog: "log, at least −100"
    default: operation.rawValue
    }
  }
}
