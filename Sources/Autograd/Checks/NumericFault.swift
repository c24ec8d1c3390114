import GradvizSystem

/// Where a training step stops being finite: the first operation with a result that is not finite, although
/// its operands are.
public struct NumericFault: Sendable, Equatable {
  /// The part of the step.
  public enum Pass: String, Sendable { case forward, backward, update }

  /// The part of the step in which it happens.
  public var pass: Pass
  /// What the number is the result of.
  package enum Subject: Sendable, Equatable {
    /// Code in backquotes.
    case code(String)
    case constant
    /// Of a value with this name in backquotes.
    case sumOfUses(String?)
  }
  package var subject: Subject
  /// The operands with their values, all of them finite.
  package var finite: [String]
  /// The last line of the optimizer's rule.
  package var rule: String?
  /// The result: NaN or an infinity.
  public var value: Double
  /// The node of the tape: the operation, or the parameter of an update.
  package var node: Int

  /// The operation in the program's notation, such as “a = log(w)”, “sqrt(x)” or “w”.
  public var operation: String {
    switch subject {
    case .code(let code): code
    case .constant: "a constant"
    case .sumOfUses(let name): "the sum over the uses of " + (name ?? "a value")
    }
  }

  /// The operands with their values, as one phrase; empty if there are none to name.
  public var operands: String {
    guard let last = finite.last else { return "" }
    let all = finite.count == 1 ? last : finite.dropLast().joined(separator: ", ") + " and " + last
    return "\(all) \(finite.count == 1 ? "is" : "are") finite" + (rule.map { " (\($0))" } ?? "")
  }

  /// One line, such as “forward pass: a = log(w) is NaN”.
  public var description: String {
    let result =
      switch pass {
      case .forward: "forward pass: \(operation) is \(PlainNumber.text(value))"
      case .backward: "backward pass: \(operation) passes back \(PlainNumber.text(value))"
      case .update: "update: \(operation) becomes \(PlainNumber.text(value))"
      }
    return operands.isEmpty ? result : "\(result), though \(operands)"
  }
}

/// Formats numbers in messages.
package enum PlainNumber {
  /// Integers are written in full, others with six digits; infinities are `∞` and `−∞`.
  package static func text(_ number: Double, minus: String = "−") -> String {
    let sign = number < 0 ? minus : ""
    if number.isNaN { return "NaN" }
    if number.isInfinite { return "\(sign)∞" }
    if let whole = Int(exactly: number), whole.magnitude < 1_000_000 { return "\(sign)\(whole.magnitude)" }
    return sign + number.magnitude.general(digits: 6)
  }
}

extension Tape {
  /// Finds where the forward or backward pass of `loss` stops being finite; returns nil if all numbers are
  /// finite.
  ///
  /// - Complexity: two backward passes.
  public func fault(in loss: Value) -> NumericFault? {
    forwardFault(in: loss) ?? backwardFault(in: loss)
  }

  /// The first value, of those the loss depends on, that is not finite.
  func forwardFault(in loss: Value) -> NumericFault? {
    let reached = ReachedNodes(self, from: loss.index)
    for index in 0...loss.index where reached.contains(index) {
      let values = values(of: index)
      guard let place = values.firstIndex(where: { !$0.isFinite }) else { continue }
      let name = labels[index]?.name.map { "`\($0)`" }
      let code = isLeaf(index) ? nil : "`\(code(of: index))`"
      let operation = [name, code].compactMap { $0 }.joined(separator: " = ")
      return NumericFault(
        pass: .forward, subject: operation.isEmpty ? .constant : .code(operation),
        finite: isLeaf(index) ? [] : operandPhrases(of: index, at: place), value: values[place], node: index)
    }
    return nil
  }

  /// The first gradient of the backward pass that is not finite.
  ///
  /// Requires finite values.
  func backwardFault(in loss: Value) -> NumericFault? {
    backward(from: loss)
    let reached = ReachedNodes(self, from: loss.index)
    var index = loss.index
    while index >= 0, !reached.contains(index) || gradient(of: index).allSatisfy(\.isFinite) { index -= 1 }
    guard index >= 0 else { return nil }
    // The sweep reaches users first, so all of them have finite gradients.
    let users = ((index + 1)..<(loss.index + 1)).filter { user in
      reached.contains(user) && operands(of: user).contains(index)
    }
    let total = gradient(of: index).first { !$0.isFinite } ?? .nan
    let lossName = labels[loss.index]?.name ?? "L"
    func derivative(_ node: Int) -> String {
      labels[node]?.name.map { "∂\(lossName)/∂\($0)" } ?? "∂\(lossName)/∂(\(code(of: node)))"
    }
    defer { backward(from: loss) }
    for user in users.reversed() {
      clearGradient(of: index)
      passBack(user, record(user), isScalar(user) ? gradientNumber(user) : 0)
      let passed = gradient(of: index)
      guard let place = passed.firstIndex(where: { !$0.isFinite }) else { continue }
      let upstream = isScalar(user) ? [derivative(user) + " = " + PlainNumber.text(gradientNumber(user))] : []
      return NumericFault(
        pass: .backward, subject: .code("`\(code(of: user))`"),
        finite: operandPhrases(of: user, at: place) + upstream, value: passed[place], node: user)
    }
    return NumericFault(
      pass: .backward, subject: .sumOfUses(labels[index]?.name.map { "`\($0)`" }),
      finite: users.isEmpty ? [] : ["each of them"], value: total, node: index)
  }

  /// The first parameter that the last update made infinite or NaN from finite numbers.
  ///
  /// - Parameter before: the numbers of all parameters before the update, concatenated.
  func updateFault(before: [Double], in loss: Value) -> NumericFault? {
    var offset = 0
    for index in parameters {
      let after = values(of: index)
      defer { offset += after.count }
      guard let place = after.firstIndex(where: { !$0.isFinite }) else { continue }
      let name = labels[index]?.name ?? "parameter \(index + 1)"
      let element = EntryName.text(name, shape(of: index), place)
      let gradients = gradient(of: index)
      let derivative = "∂\(labels[loss.index]?.name ?? "L")/∂\(element)"
      return NumericFault(
        pass: .update, subject: .code("`\(element)`"),
        finite: [
          "`\(element)` = \(PlainNumber.text(before[offset + place]))",
          "\(derivative) = \(PlainNumber.text(place < gradients.count ? gradients[place] : 0))",
        ],
        rule: optimizer?.rule?.last, value: after[place], node: index)
    }
    return nil
  }

  /// Finds what an update would make infinite or NaN, after a forward and a backward pass; values do not
  /// change.
  package func rehearsalFault(in loss: Value) -> NumericFault? {
    var before: [Double] = []
    copyParameters(to: &before)
    let state = optimizerState
    backward(from: loss)
    if optimizer == nil { update(learningRate: learningRate ?? 0) } else { update() }
    defer {
      setParameters(before)
      optimizerState = state
    }
    return hasFiniteParameters ? nil : updateFault(before: before, in: loss)
  }

  private func clearGradient(of index: Int) {
    if isScalar(index) {
      storage.pointee.gradients[index] = 0
    } else {
      arrayNode(index)?.knownGradient?.update(repeating: 0, count: elementCount(index))
    }
  }

  // MARK: Words

  /// The operands with their values, each once; for an array, the entry at the position of the faulty one.
  private func operandPhrases(of index: Int, at place: Int) -> [String] {
    var seen: Set<Int> = []
    let count = operands(of: index).map(elementCount).max() ?? 1
    let isElementwise = ![.matrixMultiply, .transpose, .softmax, .reshape, .concat].contains(record(index).operation)
    return operands(of: index).prefix(4).compactMap { operand in
      guard seen.insert(operand).inserted else { return nil }
      if labels[operand]?.name == nil, isLeaf(operand), isScalar(operand) { return nil }
      let name = labels[operand]?.name ?? code(of: operand)
      if isScalar(operand) { return "`\(name)` = \(PlainNumber.text(number(operand)))" }
      let values = values(of: operand)
      // Elementwise operations have results of the same shape; for others, no entry can be named.
      guard isElementwise, values.count == count, elementCount(index) == count,
        shape(of: operand) == shape(of: index),
        values.indices.contains(place)
      else { return "`\(name)`" }
      return "`\(EntryName.text(name, shape(of: operand), place))` = \(PlainNumber.text(values[place]))"
    }
  }

  /// A node as the program would write it, one operation deep: `sqrt(x)`, `a / …`.
  package func code(of index: Int) -> String {
    let operands = operands(of: index)
    let names = operands.prefix(3).map { operand -> String in
      if let name = labels[operand]?.name { return name }
      return isLeaf(operand) && isScalar(operand) ? PlainNumber.text(number(operand)) : "…"
    }
    let list = names.joined(separator: ", ") + (operands.count > 3 ? ", …" : "")
    let first = names.first ?? "…"
    let axis = arrayNode(index)?.axis.map { ", axis=\($0)" } ?? ""
    return switch record(index).operation {
    case .add: names.joined(separator: " + ")
    case .subtract: names.joined(separator: " - ")
    case .multiply: names.joined(separator: " * ")
    case .divide: names.joined(separator: " / ")
    case .matrixMultiply: names.joined(separator: " @ ")
    case .power: "\(first)**" + (exponent(of: index).map { PlainNumber.text($0) } ?? names.last ?? "…")
    case .negate: "-\(first)"
    case .transpose:
      Shapes.axes(position(of: index)).map { axes in
        "transpose(\(first), axes=(\(axes.map(String.init).joined(separator: ", "))))"
      } ?? "\(first).T"
    case .reshape: "reshape(\(first), \(shape(of: index).map(String.init).joined(separator: ", ")))"
    case .concat: "concat([\(list)]\(axis))"
    case .less: names.joined(separator: " < ")
    case .lessOrEqual: names.joined(separator: " <= ")
    case .greater: names.joined(separator: " > ")
    case .greaterOrEqual: names.joined(separator: " >= ")
    case .equal: names.joined(separator: " == ")
    case .notEqual: names.joined(separator: " != ")
    case .masked: "where(\(names.last ?? "…"), \(first), 0)"
    case .stopGradient: "stop_gradient(\(first))"
    case .index:
      first + AxisIndex.text(arrayNode(index)?.position ?? [])
    case .maximum, .maximumReduction: "max(\(list)\(axis))"
    case .minimum, .minimumReduction: "min(\(list)\(axis))"
    case .clampedLog: "log(\(list))"
    case .logSumExp: "logsumexp(\(list)\(axis))"
    default:
      "\(record(index).operation.rawValue)(\(list)\(axis))"
    }
  }
}
