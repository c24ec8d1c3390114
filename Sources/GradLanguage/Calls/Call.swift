/// A call of a function of the language, with what it passes by place and by label.
struct Call {
  let scope: NameScope
  let syntax: CallSyntax
  let function: Vocabulary.Function
  let node: Int
  var values: [Int] = []
  private(set) var labelled: [(name: String, span: Span, operand: Int)] = []
  /// The numbers of labels that the call leaves out, in the library in whose words it is written.
  var presets: [String: Double] = [:]

  /// - Parameter isLayer: whether the call declares its parameters.
  init(
    _ syntax: CallSyntax, _ operands: [Int], of function: Vocabulary.Function, _ node: Int, in scope: NameScope,
    isLayer: Bool = false
  ) throws(Issue) {
    self.scope = scope
    self.syntax = syntax
    self.function = function
    self.node = node
    let known = isLayer ? function.labelsOfLayer : function.labels
    let names = isLayer ? [] : function.operandNames
    for (operand, label) in zip(operands, syntax.labels) {
      guard var label else {
        values.append(operand)
        continue
      }
      label.name = Self.ownLabel(label.name, known)
      let place = values.count
      guard known.contains(label.name) else {
        if labelled.isEmpty, names.indices.contains(place), names[place].contains(label.name) {
          values.append(operand)
          continue
        }
        throw Self.unknownLabel(label, syntax, known, isLayer ? nil : function)
      }
      guard self.label(label.name) == nil else { throw Issue(label.span, "`\(label.name)` is given twice") }
      // As if it were left out.
      if scope.isWord("None", operand) { continue }
      labelled.append((label.name, label.span, operand))
    }
    for label in isLayer ? [] : function.placedLabels where values.count > max(names.count, 1) {
      // `F.conv2d(x, W, b, 2)`: the labels in PyTorch's order.
      let operand = values.remove(at: names.count)
      guard self.label(label) == nil else { throw Issue(nameSpan, "`\(label)` is given twice") }
      if !scope.isWord("None", operand) { labelled.append((label, scope.span(operand), operand)) }
    }
    while values.count > 1, let last = values.last, scope.isWord("None", last) { values.removeLast() }
  }

  /// The label of this language for that of a library, such as `axis` for `dim`, where the function has it.
  private static func ownLabel(_ name: String, _ known: [String]) -> String {
    var own = name
    while !known.contains(own) {
      guard let next = ForeignWords.arguments[own] else { return name }
      own = next
    }
    return own
  }

  private static func unknownLabel(
    _ label: CallSyntax.Label, _ call: CallSyntax, _ known: [String], _ function: Vocabulary.Function?
  ) -> Issue {
    Issue(
      label.span, "`\(call.name)` has no argument `\(label.name)`",
      hint: ForeignWords.labelAnswers[label.name] ?? Spelling.suggestion(for: label.name, among: known)
        ?? function.map { "write `\($0.usage)`" }
        ?? (known.isEmpty ? nil : "expected " + known.map { "`\($0)`" }.joined(separator: " and ")))
  }

  var name: String { syntax.name }
  var nameSpan: Span { syntax.nameSpan }
  var span: Span { scope.span(node) }
  var library: Library? { syntax.library(in: scope) }

  func label(_ name: String) -> (span: Span, operand: Int)? {
    labelled.first { $0.name == name }.map { ($0.span, $0.operand) }
  }

  /// What is known of an argument without a label.
  func fact(_ place: Int) -> Fact { scope[values[place]] }

  func shape(_ place: Int) -> [Int] { scope[values[place]].shape }

  func require(_ counts: ClosedRange<Int>) throws(Issue) {
    guard !counts.contains(values.count) else { return }
    let (least, most) = (counts.lowerBound, counts.upperBound)
    let wanted =
      most == least
      ? "\(least) \(least == 1 ? "argument" : "arguments")"
      : "\(least) \(most == least + 1 ? "or" : "to") \(most) arguments"
    throw Issue(
      span, "`\(name)` takes \(wanted), not \(values.count)",
      hint: "write `\(isLayerLine ? function.layerUsage : function.usage)`")
  }

  /// Whether it is the whole of a `layer` line.
  private var isLayerLine: Bool {
    guard case .declaration(.layer) = scope.statement.kind else { return false }
    return scope.statement.root == node
  }
}
