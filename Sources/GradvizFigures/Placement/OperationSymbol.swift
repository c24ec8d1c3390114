import Autograd
import GradvizDOT
import GradvizDrawing
import GradvizGraph

/// How an operation's tab looks: the mathematician's symbol, and how wide it is.
struct OperationSymbol {
  var text: String
  var textSize: Double
  var width: Double
  /// How high it is above its box in drawings from top to bottom.
  static let height = 20.0

  /// Of a box of several operations: without a symbol, but as high as its wires need.
  static let several = OperationSymbol()

  private init() {
    text = ""
    textSize = 14
    width = 14
  }

  init(_ node: ComputationGraph.Node, _ words: Words) {
    text = Self.text(node, words)
    textSize = text.count > 2 ? Typography.smallest : 14
    width = max(18, (Figure.Run(text: text, size: textSize).width * 1.02 + 5).rounded(.up))
  }

  static func text(_ node: ComputationGraph.Node, _ words: Words) -> String {
    switch node.operation {
    case .add: "+"
    case .subtract: "−"
    case .multiply: "×"
    case .divide: "÷"
    case .negate: "−x"
    case .power:
      node.exponent.map { exponent in
        exponent == 0.5
          ? "√"
          : exponent == exponent.rounded() && abs(exponent) < 100
            ? "(·)" + NumberFormat.superscript(Int(exponent))
            : "^" + words.numbers(3).text(exponent)
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
    case .logSumExp: "logsumexp"
    case .matrixMultiply: "@"
    case .transpose: "(·)ᵀ"
    case .index: "[ ]"
    case .softmax: "softmax"
    case .clampedLog: "log"
    case .less: "<"
    case .lessOrEqual: "≤"
    case .greater: ">"
    case .greaterOrEqual: "≥"
    case .equal: "="
    case .notEqual: "≠"
    case .masked: "where"
    case .floor: "⌊x⌋"
    case .ceil: "⌈x⌉"
    case .stopGradient: "stop"
    case let operation?: operation.rawValue
    case nil: cast(node) ?? node.facts?.operation.map(shortName) ?? ""
    }
  }

  /// `→ bfloat16`: the same numbers in another type.
  static func cast(_ node: ComputationGraph.Node) -> String? {
    guard node.facts?.operation == "identity", case .text(let type)? = node.facts?.attribute("to") else { return nil }
    return "→ \(shortName(type))"
  }

  /// The name that a framework gives its operation, without what does not fit on a tab.
  static func shortName(_ operation: String) -> String {
    let known = ["scaled_dot_product_attention": "attention", "binary_cross_entropy_with_logits": "bce logits"]
    let name = known[operation] ?? operation
    return name.count > longestName ? name.prefix(longestName - 1) + "…" : name
  }
  private static let longestName = 18

  /// The operation's name in a formula or at a box, without what a tooltip adds.
  static func name(_ operation: Tape.Operation) -> String {
    switch operation {
    case .clampedLog: "log"
    case .logSumExp: "logsumexp"
    case .masked: "where"
    case .stopGradient: "stop_gradient"
    case .reshape, .concat: operation.rawValue
    default: Words(.english).operation(operation)
    }
  }
}
