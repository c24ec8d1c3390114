import GradvizDrawing
import GradvizGraph

/// How much room a figure leaves for numbers that its reader may change.
///
/// A longer one has fewer digits, or smaller ones; boxes that fitted today's numbers had no place for tomorrow's.
enum LiveRoom {
  /// The widths of texts to which an edit or a step of training usually leads.
  private static let gradient = width("[−0.0001234]", isBold: true)
  private static let update = width("−88.88 → −88.88", isBold: true)
  private static let value = width("−0.001", isBold: false)
  /// Of an array's number, from one digit to the next.
  static let entry = Figure.Run(text: "−0.0888", size: MatrixContent.size, isBold: true).width
  /// A page of more cells is slow to draw, and large.
  static let maxCells = 5000
  static let shareText = "[−0.8888]"
  private static let derivativeText = "−0.8888"

  private static func width(_ text: String, isBold: Bool) -> Int {
    Int((Figure.Run(text: text, size: Measure.valueSize, isBold: isBold).width + 4).rounded(.up))
  }

  /// Makes the boxes of numbers, and those of leaves where they are used, as wide as these.
  static func widen(_ values: inout [Int], _ slots: inout [Int], _ graph: ComputationGraph) {
    for (index, node) in graph.nodes.enumerated() where node.shape.isEmpty {
      if BoxSizes.isPlainConstant(node) {
        values[index] = max(values[index], value)
      } else {
        values[index] = max(values[index], node.updated == nil ? gradient : update)
        slots[index] = max(slots[index], gradient)
      }
    }
  }

  /// What stands on a gradient's wire whatever the numbers are: of a product the other factor's name, otherwise the number
  /// alone.
  static func local(_ text: ValueText, user: Int, position: Int) -> LocalDerivative {
    switch text.graph.nodes[user].operation {
    case .add, .sum: return .unchanged
    case .subtract where position == 0: return .unchanged
    case .subtract, .negate: return .negated
    default:
      let number = MathText(derivativeText)
      return .rule(name(text, user: user, position: position).map { $0 + " = " + number } ?? number)
    }
  }

  /// The name of the value that a local derivative is equal to; nil where it is a formula.
  static func name(_ text: ValueText, user: Int, position: Int) -> MathText? {
    let node = text.graph.nodes[user]
    let factor: Int
    switch node.operation {
    case .multiply where node.operands.count == 2: factor = node.operands[1 - position]
    case .exp: factor = user
    default: return nil
    }
    guard !BoxSizes.isPlainConstant(text.graph.nodes[factor]) else { return nil }
    return MathText(text.notation.typesetName(factor, ofEverySample: true))
  }
}
