/// Reads numbers that must be constant.
extension NameScope {
  func integer(_ operand: Int, _ noun: String) throws(Issue) -> Int {
    guard let number = self[operand].constant?.scalar else {
      throw Issue(span(operand), "\(noun) must be a constant whole number")
    }
    return try whole(number, noun, operand)
  }

  private func whole(_ number: Double, _ noun: String, _ operand: Int) throws(Issue) -> Int {
    guard let whole = Int(exactly: number) else {
      let isHuge = number.isFinite && number == number.rounded()
      throw Issue(
        span(operand),
        isHuge ? "\(noun) is too large: \(NumberText.plain(number))" : "\(noun) must be a constant whole number")
    }
    return whole
  }

  /// Whole numbers one by one, or in a list.
  func integers(_ operands: [Int], _ noun: String) throws(Issue) -> [Int] {
    var found: [Int] = []
    for operand in operands {
      guard let constant = self[operand].constant, constant.shape.count < 2 else {
        throw Issue(span(operand), "\(noun) must be a constant whole number")
      }
      for number in constant.numbers {
        found.append(try whole(number, noun, operand))
      }
    }
    return found
  }

  func require(_ number: Int, _ range: ClosedRange<Int>, _ noun: String, _ operand: Int) throws(Issue) {
    guard !range.contains(number) else { return }
    throw Issue(
      span(operand),
      number < range.lowerBound
        ? "\(noun) is at least \(range.lowerBound), not \(number)"
        : "\(noun) is at most \(range.upperBound), not \(number)")
  }
}
