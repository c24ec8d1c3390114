import Autograd
import GradvizGraph

/// The update of one parameter, from its gradient to its new value, so that a reader can follow it with the
/// printed numbers; if these do not give the printed result, it is marked ≈.
struct UpdateRow {
  struct Cell {
    var text: String
    var isFinite = true
  }

  let before: Cell
  /// nil if the loss does not depend on the parameter.
  let gradient: Cell?
  let terms: [Cell]
  let step: Cell
  let after: Cell
  let isUnchanged: Bool

  /// - Parameter entry: the index of the parameter's number in the row.
  init(_ graph: ComputationGraph, node: Int, entry: Int, format: NumberFormat) {
    let numbers = UpdateNumbers(graph, node: node, entry: entry, format: format)
    // The fewest digits with which most of the row can be followed.
    var (shown, missed) = (format, numbers.misses(format))
    for finer in [format.finer, format.finer.finer] where !missed.isEmpty {
      let misses = numbers.misses(finer)
      if misses.count < missed.count { (shown, missed) = (finer, misses) }
    }
    func cell(_ number: Double, _ format: NumberFormat, _ name: String = "") -> Cell {
      Cell(text: (missed.contains(name) ? "≈ " : "") + format.text(number), isFinite: number.isFinite)
    }
    before = cell(numbers.value, numbers.valueFormat(shown))
    gradient = numbers.gradient.map { cell($0, shown) }
    terms = numbers.terms.map { cell($1, shown, $0.isBefore ? "" : $0.name) }
    step = cell(numbers.step, format, "step")
    after = Cell(
      text: (missed.contains("after") ? "≈ " : "") + numbers.change.after, isFinite: numbers.updated.isFinite)
    isUnchanged = numbers.change.isUnchanged
  }

  /// The rate is a factor of every step, so it has two more digits.
  static func rateFormat(_ format: NumberFormat) -> NumberFormat { format.finer.finer }
}

/// The numbers of a row, and which of them do not follow from the others as printed.
private struct UpdateNumbers {
  let format: NumberFormat
  let value: Double
  let updated: Double
  let gradient: Double?
  let terms: [(term: UpdateTerm, value: Double)]
  let change: PrintedChange
  private(set) var step: Double
  private let rule: UpdateRule
  private let rate: Double
  private let time: Int?

  init(_ graph: ComputationGraph, node: Int, entry: Int, format: NumberFormat) {
    let parameter = graph.nodes[node]
    self.format = format
    value = parameter.value[entry]
    updated = parameter.updated?[entry] ?? value
    gradient = parameter.gradient?[entry]
    terms = parameter.updateTerms.map { ($0, $0.value[entry]) }
    change = PrintedChange(value, updated, format)
    rule = UpdateRule(graph.updateRule ?? UpdateRule.plain)
    rate = graph.learningRate ?? 0
    time = graph.updateStep
    step = updated - value
    // The difference shows the rounding of the values.
    if let exact = results({ WideNumber($0) }, before: WideNumber(value), rate: WideNumber(rate))?.step.high,
      !exact.isFinite || (exact - step).magnitude <= 1e-6 * exact.magnitude + 2 * value.ulp
    {
      step = exact
    }
  }

  /// The value before the update has as many digits as the one after.
  func valueFormat(_ shown: NumberFormat) -> NumberFormat {
    shown.with(max(shown.precision, change.format.precision))
  }

  /// The results of the rule with the numbers as printed; nil if the rule cannot be evaluated.
  private func results(
    _ read: (Double) -> WideNumber, before: WideNumber, rate: WideNumber
  ) -> (step: WideNumber, terms: [String: WideNumber])? {
    guard let gradient else { return nil }
    var given: [String: WideNumber] = ["w": before, "g": read(gradient), "lr": rate]
    if let time { given["t"] = WideNumber(Double(time)) }
    var shown: [String: WideNumber] = [:]
    for (term, number) in terms {
      if term.isBefore { given[term.name] = read(number) } else { shown[term.name] = read(number) }
    }
    guard let results = rule.results(given, printed: shown), let end = results["w"] else { return nil }
    return (end - before, results)
  }

  /// The names of the terms, `step` and `after`.
  func misses(_ shown: NumberFormat) -> Set<String> {
    let before = valueFormat(shown).printed(value).value
    guard
      let results = results(
        { shown.printed($0).value }, before: before, rate: UpdateRow.rateFormat(format).printed(rate).value)
    else { return [] }
    var misses = Set<String>()
    for (term, number) in terms where !term.isBefore {
      if let result = results.terms[term.name], !shown.printed(number).admits(result) {
        misses.insert(term.name)
      }
    }
    let shownStep = format.printed(step)
    if !shownStep.admits(results.step) { misses.insert("step") }
    if !change.format.printed(updated).admits(before + shownStep.value) { misses.insert("after") }
    return misses
  }
}
