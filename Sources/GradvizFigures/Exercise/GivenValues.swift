import Autograd
import GradvizDrawing
import GradvizGraph

/// What a reader of an exercise computes with, where a box has too few digits for it: the results of functions, numbers that
/// derivatives are made of, and derivatives that are functions themselves.
struct GivenValues {
  /// A line of names with their numbers.
  private struct Entry {
    var name: [Inline]
    var number: Double
  }

  private let context: FigureContext
  private var entries: [Entry] = []
  private var digits: NumberFormat

  private static let size = 13.0
  /// More digits than the answers have, so that these come out as in the solution.
  private static let moreDigits = 3

  init(_ context: FigureContext) {
    self.context = context
    digits = context.text.notation.format
    guard let blanks = context.text.notation.blanks else { return }
    let (graph, notation) = (context.graph, context.text.notation)
    let hasGradients = blanks.stage == .backward
    var isNeeded = [Bool](repeating: false, count: graph.nodes.count)
    var rules: [Entry] = []
    for (user, node) in graph.nodes.enumerated() where !node.isLeaf {
      if blanks.hiddenValues.contains(node.name) { for operand in node.operands { isNeeded[operand] = true } }
      guard hasGradients else { continue }
      for (position, operand) in node.operands.enumerated() {
        guard graph.passesBack(user: user, position: position), !BoxSizes.isPlainConstant(graph.nodes[operand]) else {
          continue
        }
        let rule = notation.symbolic.localDerivative(of: user, operand: position)
        for token in rule.typeset(in: graph) { if case .name(let named) = token { isNeeded[named] = true } }
        guard node.hasRuleOfFunctions, let number = node.localDerivatives?[position] else { continue }
        rules.append(Entry(name: notation.formula(rule, size: Self.size), number: number))
      }
    }
    let format = notation.format.open
    digits = format.with(min(format.precision + Self.moreDigits, NumberFormat.maxDigits))
    for (index, node) in graph.nodes.enumerated() where isNeeded[index] && !BoxSizes.isPlainConstant(node) {
      guard let number = node.value.first, !blanks.hiddenValues.contains(node.name),
        digits.text(number) != format.text(number)
      else { continue }
      entries.append(Entry(name: notation.name(index, size: Self.size).map { .run($0) }, number: number))
    }
    entries += rules
  }

  /// Adds the lines below a figure; returns their lower end.
  func add(to figure: inout Figure, width: Double) -> Double {
    var y = figure.size.height
    guard !entries.isEmpty else { return y }
    let notation = context.text.notation
    func text(_ words: String, isBold: Bool = false) -> Inline { notation.text(words, size: Self.size, isBold: isBold) }
    var lines: [[Inline]] = [[text(context.words.computeWith, isBold: true)]]
    var end = Typesetter.extent(lines[0]).width
    for entry in entries {
      let item = [.space(14)] + entry.name + [text(" = " + digits.text(entry.number))]
      let length = Typesetter.extent(item).width
      if end + length > width - 2 * Measure.sheetMargin {
        lines.append(Array(item.dropFirst()))
        end = length - 14
      } else {
        lines[lines.count - 1] += item
        end += length
      }
    }
    y += 6
    for line in lines {
      let extent = Typesetter.extent(line)
      y += max(extent.ascent, 12) + 3
      Typesetter.set(line, at: Point(x: Measure.sheetMargin, y: y), in: &figure, classes: ["given"])
      y += max(extent.descent, 4) + 2
    }
    return y
  }
}

extension Tape.Operation {
  /// Whether its results have no end as decimals, so that a reader needs a table or a machine for them.
  package var hasNoShortResults: Bool {
    switch self {
    case .log, .clampedLog, .log1p, .log2, .log10, .logSumExp, .exp, .expm1, .tanh, .sigmoid, .erf, .sin, .cos, .tan,
      .asin, .acos, .atan, .sinh, .cosh, .softmax:
      true
    default: false
    }
  }
}

extension ComputationGraph.Node {
  /// Whether an exercise gives its value, which takes more than arithmetic: of a function, a root, or a power that is one.
  var isGivenResult: Bool {
    guard let operation else { return false }
    if operation == .power { return operands.count > 1 || exponent.map { $0 != $0.rounded() } ?? false }
    return operation.hasNoShortResults || operation == .sqrt
  }

  /// Whether its derivative takes another function than the one whose result is given.
  fileprivate var hasRuleOfFunctions: Bool {
    switch operation {
    case .sin, .cos, .sinh, .cosh, .erf, .asin, .acos, .log2, .log10, .logSumExp: true
    case .power: isGivenResult
    default: false
    }
  }
}
