import Foundation
import GradvizGraph

/// What stands between the signs: names, numbers, derivatives, indices and comparisons.
extension PrintedFormula {
  enum Brackets { case entries([PrintedPlace]), widened(Int) }

  mutating func brackets() throws -> Brackets {
    try expect("[")
    var position: [PrintedPlace] = []
    var new: Int?
    repeat {
      if take(":") {
        position.append(.all)
      } else if take("[") {
        var places: [Int] = []
        repeat { places.append(try place()) } while take(",")
        try expect("]")
        position.append(.list(places))
      } else if take("None") {
        new = position.count
      } else {
        let first = try place()
        guard take(":") else {
          position.append(.at(first))
          continue
        }
        let end = next() == ":" ? nil : try place()
        let step = take(":") ? try place() : 1
        position.append(.range(first, end, step))
      }
    } while take(",")
    try expect("]")
    return new.map { .widened($0) } ?? .entries(position)
  }

  private mutating func place() throws -> Int {
    let isNegative = take("−")
    guard let number = readDigits() else { throw problem("a position") }
    return isNegative ? -number : number
  }

  mutating func postfix() throws -> PrintedArray {
    var value = try primary()
    while at < text.count {
      if text[at] == "ᵀ" {
        at += 1
        value = try require(value.transposed, "ᵀ")
      } else if stands("^{T}") {
        at += 4
        value = try require(value.transposed, "ᵀ")
      } else if text[at] == "[" {
        switch try brackets() {
        case .widened(let axis): value = try require(value.widened(axis: axis), "None")
        case .entries(let position):
          for sign in ["←", "+="] where take(sign) { return try require(try sum().placed(in: value, position), sign) }
          value = try require(value.indexed(position), "\(position) of \(value.shape)")
        }
      } else {
        break
      }
    }
    return value
  }

  mutating func primary() throws -> PrintedArray {
    skip()
    guard at < text.count else { throw problem("a value is missing") }
    if stands("∂") || stands("⟨∂") {
      let start = at
      if let (top, bottom) = try? readPartial() {
        hasNames = true
        return top == graph.loss
          ? try gradient(of: bottom) : PrintedArray(Self.slope(of: top, by: bottom, in: graph))
      }
      at = start
    }
    if take("⟨") {
      let top = try sum()
      try expect("⁄")
      let bottom = try sum()
      try expect("⟩")
      return try require(.zip2(top, bottom, /), "fraction")
    }
    if take("(") {
      let value = try sum()
      try expect(")")
      return value
    }
    if take("|") {
      let value = try sum()
      try expect("|")
      return value.map(\.magnitude)
    }
    if take("[") { return try comparison() }
    if take("√") { return try primary().map { $0.squareRoot() } }
    if let value = try function() { return value }
    if let node = readName() {
      hasNames = true
      return PrintedArray(shape: graph.nodes[node].shape, numbers: graph.nodes[node].value)
    }
    if take("π") || take("pi") { return PrintedArray(.pi) }
    return try number()
  }

  mutating func readPartial() throws -> (of: Int, by: Int) {
    let isFraction = take("⟨")
    try expect("∂")
    skip()
    guard let top = readName(), top == graph.loss || graph.level == .scalar else { throw problem("the loss") }
    guard isFraction ? take("⁄") : take("/") else { throw problem("∂ over ∂") }
    try expect("∂")
    skip()
    guard let node = readName() else { throw problem("a name") }
    if isFraction { try expect("⟩") }
    return (top, node)
  }

  private func gradient(of node: Int) throws -> PrintedArray {
    guard let gradient = graph.nodes[node].gradient else { throw problem("a value without gradient") }
    return PrintedArray(shape: graph.nodes[node].shape, numbers: gradient)
  }

  private mutating func readName() -> Int? {
    guard at < text.count, let candidates = names[text[at]] else { return nil }
    guard let found = candidates.first(where: { ($0.lane == nil || $0.lane == lane) && stands($0.text) }) else {
      return nil
    }
    at += found.text.count
    return found.node
  }

  /// Whether the whole word is here, not only its beginning.
  func stands(_ name: [Unicode.Scalar]) -> Bool {
    guard at + name.count <= text.count else { return false }
    for (place, scalar) in name.enumerated() where text[at + place] != scalar { return false }
    guard at + name.count < text.count, let last = name.last, last.properties.isAlphabetic || Self.isDigit(last)
    else { return true }
    let following = text[at + name.count]
    if following == "ᵀ" { return true }
    return !following.properties.isAlphabetic && following != "_" && !Self.isDigit(following)
  }

  private mutating func comparison() throws -> PrintedArray {
    let a = try sum()
    skip()
    guard let value = try relation(a) else { throw problem("a comparison") }
    try expect("]")
    return value
  }

  /// The rest of a comparison, from its sign on; nil if none is here.
  mutating func relation(_ a: PrintedArray) throws -> PrintedArray? {
    guard let relation = next(), "><=≥≤≠".unicodeScalars.contains(relation) else { return nil }
    at += 1
    let b = try sum()
    // Comparisons use the graph's own numbers, which decide exactly.
    let value = PrintedArray.zip2(a, b) { x, y in
      switch relation {
      case ">": x > y ? 1 : 0
      case "<": x < y ? 1 : 0
      case "≥": x >= y ? 1 : 0
      case "≤": x <= y ? 1 : 0
      case "≠": x != y ? 1 : 0
      default: x == y ? 1 : 0
      }
    }
    var result = try require(value, "comparison")
    result.errors = result.errors.map { _ in 0 }
    return result
  }

  private mutating func number() throws -> PrintedArray {
    var digits = ""
    while at < text.count, Self.isDigit(text[at]) || text[at] == "." {
      digits.unicodeScalars.append(text[at])
      at += 1
    }
    for (word, value) in [("∞", Double.infinity), ("NaN", Double.nan)] where digits.isEmpty && take(word) {
      return PrintedArray(value)
    }
    guard var value = Double(digits) else { throw problem("a number") }
    if stands("×10") {
      at += 3
      guard let exponent = raised() else { throw problem("an exponent") }
      value = Double("\(digits)e\(Int(exponent))") ?? .nan
    } else if digits == "10", at < text.count, Self.raisedDigits.contains(text[at]), let exponent = raised() {
      value = pow(10, exponent)
    }
    // Formulas have numbers with up to twelve digits.
    return PrintedArray(value, error: digits.count > 11 ? value.magnitude * 1e-12 : 0)
  }
}
