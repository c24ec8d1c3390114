/// Evaluates the lines of an update rule, such as `m ← 0.9·m + 0.1·g`, with a parameter's numbers.
struct UpdateRule {
  /// Plain gradient descent.
  static let plain = ["w ← w − lr·g"]

  private typealias Names = [String: WideNumber]
  private let assignments: [(name: String, formula: [Character], isAfterFirstStep: Bool)]

  init(_ lines: [String]) {
    assignments = lines.prefix(20).flatMap { $0.split(separator: ",") }.compactMap { part in
      let sides = part.split(separator: part.contains("←") ? "←" : "=", maxSplits: 1)
      guard sides.count == 2 else { return nil }
      let formula = sides[1].split(separator: "  (t > 1", maxSplits: 1)
      return (
        sides[0].filter { $0 != " " }, formula.first?.filter { $0 != " " }.map { $0 } ?? [], formula.count > 1
      )
    }
  }

  /// Evaluates the rule from a row as printed.
  ///
  /// - Parameters:
  ///   - given: the inputs of the rule: `w`, `g`, `lr`, `t` and the state of earlier steps.
  ///   - printed: the results of the rule that the row shows, such as `m` or `√v`; the rule continues with
  ///     these.
  /// - Returns: the results by the names in `printed`, and `w`; nil if the rule cannot be parsed.
  func results(_ given: [String: WideNumber], printed: [String: WideNumber]) -> [String: WideNumber]? {
    var names = given
    var results: [String: WideNumber] = [:]
    for (name, formula, isAfterFirstStep) in assignments {
      let root = "√" + name
      if isAfterFirstStep, given["t"] == 1, let shown = printed[name] {
        names[name] = shown
        continue
      }
      var rest = formula[...]
      guard let value = Self.sum(&rest, names, depth: 0), rest.isEmpty else { return nil }
      names[name] = value
      if let shown = printed[name] {
        results[name] = value
        names[name] = shown
      } else if let shown = printed[root] {
        results[root] = value.squareRoot()
        names[name] = shown * shown
      }
    }
    results["w"] = names["w"]
    return results
  }

  private static func sum(_ rest: inout ArraySlice<Character>, _ names: Names, depth: Int) -> WideNumber? {
    guard depth < 20, var total = product(&rest, names, depth) else { return nil }
    while let sign = rest.first, sign == "+" || sign == "−" {
      rest.removeFirst()
      guard let term = product(&rest, names, depth) else { return nil }
      total = sign == "+" ? total + term : total - term
    }
    return total
  }

  private static func product(_ rest: inout ArraySlice<Character>, _ names: Names, _ depth: Int) -> WideNumber? {
    guard var total = factor(&rest, names, depth) else { return nil }
    while let sign = rest.first, sign == "·" || sign == "/" {
      rest.removeFirst()
      guard let next = factor(&rest, names, depth) else { return nil }
      total = sign == "·" ? total * next : total / next
    }
    return total
  }

  private static func factor(_ rest: inout ArraySlice<Character>, _ names: Names, _ depth: Int) -> WideNumber? {
    guard let first = rest.first else { return nil }
    var value: WideNumber
    if first == "√" {
      rest.removeFirst()
      guard depth < 20, let inner = factor(&rest, names, depth + 1) else { return nil }
      return inner.squareRoot()
    } else if first == "(" {
      rest.removeFirst()
      guard let inner = sum(&rest, names, depth: depth + 1), rest.popFirst() == ")" else { return nil }
      value = inner
    } else if ("0"..."9").contains(first) {
      let digits = rest.prefix { ("0"..."9").contains($0) || $0 == "." }
      rest.removeFirst(digits.count)
      guard let number = Double(String(digits)) else { return nil }
      value = WideNumber(decimalOf: number)
    } else {
      let letters = rest.prefix { $0.isLetter && $0 != "ᵗ" }
      rest.removeFirst(letters.count)
      guard let named = names[String(letters)] else { return nil }
      value = named
    }
    let raised = rest.prefix { superscripts[$0] != nil || $0 == "⁻" || $0 == "ᵗ" }
    rest.removeFirst(raised.count)
    if !raised.isEmpty {
      let digits = raised.compactMap { superscripts[$0] }.reduce(0) { min($0 * 10 + $1, 1000) }
      let time = names["t"].map { Int($0.high) } ?? 0
      value = value.raised(to: raised.contains("ᵗ") ? time : raised.first == "⁻" ? -digits : digits)
    }
    return value
  }

  private static let superscripts: [Character: Int] = [
    "⁰": 0, "¹": 1, "²": 2, "³": 3, "⁴": 4, "⁵": 5, "⁶": 6, "⁷": 7, "⁸": 8, "⁹": 9,
  ]
}
