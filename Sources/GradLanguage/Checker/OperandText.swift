import Autograd

/// What messages say of operands.
extension NameScope {
  /// Such as `` `x @ w`: x is 4×3, w has 2 entries ``.
  func misfit(_ operands: [Int], _ a: [Int], _ b: [Int], _ span: Span) -> String {
    let whole = source.excerpt(span, limit: 40).map { "`\($0)`: " } ?? ""
    let left = subject(operands[0], or: "the left side")
    let right = subject(operands[1], or: "the right side")
    return "\(whole)\(left) \(Shapes.phrase(a)), \(right) \(Shapes.phrase(b))"
  }

  func subject(_ node: Int, or fallback: String) -> String {
    source.excerpt(span(node), limit: 24) ?? fallback
  }

  func excerpt(_ operand: Int) -> String { subject(operand, or: "…") }

  func noAxis(_ axis: Int, _ operand: Int, _ shape: [Int], _ span: Span) -> Issue {
    let name = subject(operand, or: "the operand")
    return Issue(
      span, "axis \(axis) is out of range: \(name) \(Shapes.phrase(shape))",
      hint: shape.isEmpty
        ? nil : shape.count == 1 ? "a vector has axis 0" : "a matrix has axes 0 (down) and 1 (across)")
  }

  /// What text says that stands where a value should.
  func noValue(_ operand: Int) -> Issue {
    let span = span(operand)
    for word in ["True", "False", "None"] where isWord(word, operand) {
      return Issue(span, "`\(word)` cannot be used as a value", hint: word == "None" ? nil : "a mask is 1 or 0")
    }
    return Issue(span, "text cannot be used as a value", hint: "only `csv` takes text")
  }

  /// Whether an operand is a word such as `True` or `None`.
  func isWord(_ word: String, _ operand: Int) -> Bool {
    if case .text(word) = tree.nodes[operand].kind { true } else { false }
  }
}

/// Formats numbers in messages.
enum NumberText {
  static func plain(_ number: Double) -> String {
    number.isFinite ? Int(exactly: number).map(String.init) ?? "\(number)" : PlainNumber.text(number)
  }
}
