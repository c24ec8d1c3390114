/// Programs of numbers and of arrays: their leaves, their lines, and the loss over them.
extension RandomProgramBuilder {
  mutating func leaves() {
    if numbers.below(3) == 0 {
      let name = freshName()
      lines.append(
        "def \(name)(first, second) = "
          + numbers.pick([
            "tanh(first * second) + first", "first * sigmoid(second)", "first * first - second",
            "max(first, second) * 2 + first",
          ]))
      functions.append(name)
    }
    if numbers.below(3) == 0 {
      lines.append("\(freshName()) = \(numbers.pick(["2 * pi", "1 / 3", "sqrt(2)", "[1, 2] * 3"]))")
    }
    func shape(_ numbers: inout RandomChoices) -> [Int] {
      kind == .scalar ? [] : numbers.pick([[], [2], [3], [2, 3], [3, 2], [2, 2], [1, 3], [2, 1], [1]])
    }
    for _ in 0..<(1 + numbers.below(2)) {
      // A matrix of data would be a batch; here it is one sample.
      let own = shape(&numbers)
      declare("input", freshName(), data(own.count == 2 ? [own[1]] : own))
    }
    for _ in 0..<(2 + numbers.below(3)) { declare("param", freshName(), start(shape(&numbers))) }
    if numbers.below(3) == 0 { declare("target", freshName(), data([])) }
  }

  /// Lines of one operation or several in one another.
  mutating func body(count: Int) {
    var made = 0
    for _ in 0..<count * 20 where made < count {
      guard var term = operation() else { continue }
      // What has no name of its own: an operation inside an expression.
      for _ in 0..<numbers.below(3) {
        let inner = term
        let outer = numbers.below(2) == 0 ? unary(inner) : binary(inner, partner(of: inner))
        if let outer, outer.size <= 60 { term = outer }
      }
      guard !term.text.isEmpty, term.text.count < 200 else { continue }
      declare("", freshName(), term)
      made += 1
    }
  }

  /// A prediction at times, and the loss over what nothing uses; part of that stays dead.
  mutating func finish() {
    if numbers.below(3) == 0 {
      let last = terms[terms.count - 1]
      used[used.count - 1] = true
      declare(
        "predict", numbers.below(2) == 0 ? "ŷ" : freshName(),
        RandomTerm(
          text: numbers.below(2) == 0 ? "tanh(\(last.text))" : "\(last.text) * 2", shape: last.shape,
          bounds: -120...120))
    }
    let loose = terms.indices.filter { !used[$0] && $0 > 2 }
    let chosen = loose.count > 2 && numbers.below(3) == 0 ? Array(loose.suffix(2)) : loose
    let places = chosen.isEmpty ? [terms.count - 1] : chosen
    let parts = places.map { place -> String in
      let term = terms[place]
      if term.shape.isEmpty { return numbers.below(4) == 0 ? "\(term.text)**2" : term.text }
      return numbers.pick([
        "sum(\(term.text)**2)", "sum(\(term.text))", "mean(\(term.text))", "max(\(term.text))",
      ])
    }
    // A name alone would be a second name for the same value.
    let text =
      parts.count == 1 && parts[0] == terms[places[0]].text
      ? "\(parts[0]) * 0.5" : parts.joined(separator: " + ")
    lines.append("loss \(numbers.below(4) == 0 ? freshName() : "L") = \(text)")
  }
}
