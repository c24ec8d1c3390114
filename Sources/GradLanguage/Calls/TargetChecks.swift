import Autograd

/// Checks the numbers of targets, where they are known.
struct TargetChecks {
  let scope: NameScope

  func checkClasses(_ data: Constant, count: Int, _ operand: Int) throws(Issue) {
    guard let wrong = data.numbers.first(where: { Int(exactly: $0).map { $0 < 0 || $0 >= count } ?? true })
    else {
      return
    }
    let lowest = data.numbers.min() ?? 0
    let fitsFromOne = lowest == 1 && data.numbers.max() == Double(count)
    throw Issue(
      scope.span(operand), "\(NumberText.plain(wrong)) is not one of the classes 0 to \(count - 1)",
      hint: fitsFromOne ? "if classes count from 1, write `\(scope.excerpt(operand)) - 1`" : nil)
  }

  /// Reports negative targets of the Kullback–Leibler divergence.
  func checkProbabilities(_ operand: Int, _ function: Vocabulary.Function) throws(Issue) {
    guard let data = scope.dataValue(of: operand), let wrong = data.numbers.first(where: { !($0 >= 0) }) else { return }
    throw Issue(
      scope.span(operand),
      "`\(function.rawValue)` takes probabilities as its targets, at least 0, not \(PlainNumber.text(wrong))")
  }

  /// Reports data outside 0 to 1 in binary cross-entropy.
  func checkUnit(
    _ operand: Int, _ rule: String, ofTargets: Bool, _ function: Vocabulary.Function
  ) throws(Issue) {
    guard let data = scope.dataValue(of: operand), let wrong = data.numbers.first(where: { !(0...1).contains($0) })
    else {
      return
    }
    let isSigned = !scope[operand].isLiteral && data.numbers.allSatisfy { abs($0) == 1 }
    let name = scope.excerpt(operand)
    throw Issue(
      scope.span(operand), "`\(function.rawValue)` \(rule), not \(PlainNumber.text(wrong))",
      hint: !ofTargets
        ? "use `bce_with_logits` for scores before the sigmoid"
        : isSigned ? "`(\(name) + 1) / 2` turns −1 and 1 into 0 and 1; `hinge` takes −1 and 1" : nil)
  }

  /// Reports targets of the hinge loss other than −1 and 1.
  func checkSigns(_ operand: Int) throws(Issue) {
    guard let data = scope.dataValue(of: operand), let wrong = data.numbers.first(where: { abs($0) != 1 }) else {
      return
    }
    let isBinary = !scope[operand].isLiteral && data.numbers.allSatisfy { $0 == 0 || $0 == 1 }
    throw Issue(
      scope.span(operand), "`hinge` takes targets −1 and 1, not \(PlainNumber.text(wrong))",
      hint: isBinary ? "`2 * \(scope.excerpt(operand)) - 1` turns 0 and 1 into −1 and 1; `bce` takes 0 and 1" : nil)
  }
}
