import Autograd
import Foundation
import GradvizGraph
import GradvizKit

@testable import GradvizFigures

/// An error in a printed formula.
struct UnreadableFormula: Error, CustomStringConvertible {
  var description: String
}

/// Parses a printed formula and evaluates it with the numbers of a graph.
///
/// Rejects ambiguous formulas: `·` beside `@`, two divisions in a row.
struct PrintedFormula {
  let graph: ComputationGraph
  /// By their names in figures: `n4_1`, `n₄⁽¹⁾`; without their sample, those of one lane.
  private let names: [Unicode.Scalar: [(text: [Unicode.Scalar], node: Int, lane: Int?)]]
  /// The sample to which names without one belong.
  var lane: Int?
  private let nodes: [String: Int]
  private var text: [Unicode.Scalar] = []
  private var at = 0
  /// Whether the last formula contained a name or a shape, and not only numbers.
  private(set) var hasNames = false

  init(_ graph: ComputationGraph) {
    self.graph = graph
    var names: [Unicode.Scalar: [(text: [Unicode.Scalar], node: Int, lane: Int?)]] = [:]
    var nodes: [String: Int] = [:]
    let typeset = TypesetNames(graph.nodes.map { ($0.name, $0.lane) })
    for (index, node) in graph.nodes.enumerated() where node.isNamed || !node.isLeaf || !node.shape.isEmpty {
      let flat = typeset.flat(node.name, lane: node.lane)
      for name in Set([node.name, flat, flat.replacing(" ", with: "")]) {
        let scalars = Array(name.unicodeScalars)
        guard let first = scalars.first else { continue }
        names[first, default: []].append((scalars, index, nil))
        nodes[name] = index
      }
      if node.lane != nil {
        let scalars = Array(typeset[node.name, node.lane].ofEverySample.flat.unicodeScalars)
        if let first = scalars.first { names[first, default: []].append((scalars, index, node.lane)) }
      }
    }
    self.names = names.mapValues { $0.sorted { ($0.text.count, $0.node) > ($1.text.count, $1.node) } }
    self.nodes = nodes
  }

  /// - Throws: if the text is not a formula, or is ambiguous.
  mutating func value(_ text: String) throws -> PrintedArray {
    begin(text)
    hasNames = false
    let value = try sum()
    try end()
    return value
  }

  /// The node that a text names.
  func node(_ name: String) -> Int? { nodes[name] }

  /// The node of `∂L/∂x`, on one line or as a fraction; nil for anything else.
  mutating func partial(_ text: String) -> Int? {
    derivative(text).flatMap { $0.of == graph.loss ? $0.by : nil }
  }

  /// The nodes of `∂ŷ/∂x`, on one line or as a fraction; nil for anything else.
  mutating func derivative(_ text: String) -> (of: Int, by: Int)? {
    begin(text)
    guard let nodes = try? readPartial(), (try? end()) != nil else { return nil }
    return nodes
  }

  /// The derivative of one number by another, along all ways between them.
  static func slope(of end: Int, by node: Int, in graph: ComputationGraph) -> Double {
    var slopes = [Double](repeating: 0, count: graph.nodes.count)
    slopes[end] = 1
    for index in stride(from: end, to: node, by: -1) where slopes[index] != 0 {
      for (position, operand) in graph.nodes[index].operands.enumerated() {
        slopes[operand] += slopes[index] * (graph.nodes[index].localDerivatives?[position] ?? .nan)
      }
    }
    return slopes[node]
  }

  /// Applies the label of an arrow to the incoming gradient.
  mutating func passed(_ label: String, _ gradient: PrintedArray, through user: Int, from operand: Int) throws
    -> PrintedArray
  {
    var value = gradient
    for step in Self.split(label, at: ", ") { value = try pass(step, value, user, operand) }
    return value
  }

  private mutating func pass(_ step: String, _ value: PrintedArray, _ user: Int, _ operand: Int) throws
    -> PrintedArray
  {
    func checked(_ result: PrintedArray?) throws -> PrintedArray {
      guard let result else { throw UnreadableFormula(description: "\(step) of \(value.shape)") }
      return result
    }
    if step == "(·)ᵀ" { return try checked(value.transposed) }
    if step == "softmax′" {
      let node = graph.nodes[user]
      let s = PrintedArray(shape: node.shape, numbers: node.value)
      let axis = node.shape.count < 2 ? nil : node.axis
      let product = try checked(PrintedArray.zip2(s, value, *))
      var total = try checked(product.reduced(axis: axis) { $0.reduce(0, +) })
      if let axis { total = try checked(total.widened(axis: axis)) }
      let rest = try checked(PrintedArray.zip2(value, total, -))
      return try checked(PrintedArray.zip2(s, rest, *))
    }
    if step == "Σ" { return try checked(value.reduced(axis: nil) { $0.reduce(0, +) }) }
    if step == "Σ rows" || step == "Σ lignes" {
      return try checked(value.shape.count == 2 ? value.reduced(axis: 0) { $0.reduce(0, +) } : nil)
    }
    if step == "Σ columns" || step == "Σ colonnes" {
      return try checked(value.shape.count == 2 ? value.reduced(axis: 1) { $0.reduce(0, +) } : nil)
    }
    if step.hasPrefix("Σ axis="), let axis = Int(step.dropFirst("Σ axis=".count)) {
      return try checked(value.reduced(axis: axis) { $0.reduce(0, +) })
    }
    if step.hasSuffix("] ←") || step.hasSuffix("] +=") {
      begin(String(step.dropLast(step.hasSuffix("←") ? 2 : 3)))
      guard case .entries(let position) = try brackets() else { throw UnreadableFormula(description: step) }
      return try checked(value.placed(in: .filled(0, graph.nodes[operand].shape), position))
    }
    if step.hasPrefix("[") {
      begin(step)
      switch try brackets() {
      case .widened(let axis): return try checked(value.widened(axis: axis))
      case .entries(let position): return try checked(value.indexed(position))
      }
    }
    if let (name, numbers) = Self.arranging(step) { return try checked(value.arranged(name, numbers)) }
    if step.hasPrefix("×") { return try checked(.zip2(value, try self.value(String(step.dropFirst())), *)) }
    if step.hasPrefix("@ ") { return try checked(value.times(try self.value(String(step.dropFirst(2))))) }
    if step.hasSuffix(" @") { return try checked(try self.value(String(step.dropLast(2))).times(value)) }
    if step.hasPrefix("⊗ ") { return try checked(value.outer(try self.value(String(step.dropFirst(2))))) }
    if step.hasSuffix(" ⊗") { return try checked(try self.value(String(step.dropLast(2))).outer(value)) }
    throw UnreadableFormula(description: "`\(step)` is nothing that is done to a gradient")
  }

  /// `transpose(·, 1, 0)` and `reshape(·, 2, 3)`.
  private static func arranging(_ step: String) -> (name: String, numbers: [Int])? {
    guard step.hasSuffix(")"), let start = step.range(of: "(·") else { return nil }
    let numbers = step[start.upperBound...].dropLast().split(separator: ",")
      .compactMap { Int($0.filter { $0 != " " }) }
    return (String(step[..<start.lowerBound]), numbers)
  }

  /// The parts between signs outside all brackets.
  static func split(_ text: String, at sign: String) -> [String] {
    var (parts, depth) = ([""], 0)
    var rest = Substring(text)
    while let character = rest.first {
      if depth == 0, rest.hasPrefix(sign) {
        parts.append("")
        rest = rest.dropFirst(sign.count)
        continue
      }
      if "([⟨{".contains(character) { depth += 1 }
      if ")]⟩}".contains(character) { depth -= 1 }
      parts[parts.count - 1].append(character)
      rest = rest.dropFirst()
    }
    return parts
  }

  // MARK: Reading

  private mutating func begin(_ text: String) {
    // `n₄_1` and `n₄.w` are drawn in parts.
    self.text = Array(text.replacing(" _", with: "_").replacing(" .", with: ".").unicodeScalars)
    at = 0
  }

  private mutating func end() throws {
    skip()
    guard at == text.count else { throw problem("something is left over") }
  }

  private func problem(_ words: String) -> UnreadableFormula {
    UnreadableFormula(description: "\(words) at \(at) of `\(String(String.UnicodeScalarView(text)))`")
  }

  private mutating func skip() { while at < text.count, text[at] == " " { at += 1 } }

  private func stands(_ words: String) -> Bool {
    var place = at
    for scalar in words.unicodeScalars {
      guard place < text.count, text[place] == scalar else { return false }
      place += 1
    }
    return true
  }

  private mutating func take(_ words: String) -> Bool {
    skip()
    guard stands(words) else { return false }
    at += words.unicodeScalars.count
    return true
  }

  private mutating func expect(_ words: String) throws {
    guard take(words) else { throw problem("`\(words)` is missing") }
  }

  private func require(_ value: PrintedArray?, _ words: String) throws -> PrintedArray {
    guard let value else { throw problem("shapes do not fit: \(words)") }
    return value
  }

  private mutating func sum() throws -> PrintedArray {
    var value = try term()
    while true {
      if take("+ ") || take("+") {
        value = try require(.zip2(value, try term(), +), "+")
      } else if take("−") || take("- ") {
        value = try require(.zip2(value, try term(), -), "−")
      } else {
        return value
      }
    }
  }

  private mutating func term() throws -> PrintedArray {
    if take("Σ") {
      skip()
      var axis = take("axis=") ? readDigits() : nil
      let isNumbered = axis != nil
      for (word, own) in [("rows", 0), ("columns", 1), ("lignes", 0), ("colonnes", 1)] {
        // If a value follows, the word specifies the axis of the sum; otherwise it is a value with that name.
        let start = at
        if take(word + " "), let next = next(), !"+−·/@⊗^=<>)]|,".unicodeScalars.contains(next) {
          axis = own
          break
        }
        at = start
      }
      let part = try product()
      if axis != nil, !isNumbered, part.shape.count != 2 { throw problem("rows and columns are those of a matrix") }
      return try require(part.reduced(axis: axis) { $0.reduce(0, +) }, "Σ")
    }
    if take("−") { return try product().map { -$0 } }
    return try product()
  }

  private mutating func next() -> Unicode.Scalar? {
    skip()
    return at < text.count ? text[at] : nil
  }

  private mutating func product() throws -> PrintedArray {
    var value = try coefficient()
    var signs = ""
    while true {
      skip()
      guard let scalar = next(), "·*/@⊗×".unicodeScalars.contains(scalar) else { return value }
      let sign = Character(scalar)
      at += 1
      // In its frame a negative factor has no parentheses.
      let isNegative = "×·".contains(sign) && take("−")
      let other = isNegative ? try coefficient().map { -$0 } : try coefficient()
      signs.append(sign)
      let isMixed = signs.contains { "@⊗".contains($0) } && signs.contains { "·*/".contains($0) }
      if isMixed || signs.contains("⊗") && signs.count > 1 { throw problem("`\(signs)` can be read in two ways") }
      if signs.dropLast().contains("/"), "·*".contains(sign) { throw problem("a product behind a quotient") }
      switch sign {
      case "/": value = try require(.zip2(value, other, /), "/")
      case "@": value = try require(value.times(other), "\(value.shape) @ \(other.shape)")
      case "⊗": value = try require(value.outer(other), "⊗")
      default: value = try require(.zip2(value, other, *), "\(value.shape) · \(other.shape)")
      }
    }
  }

  /// `2x₁`, `2(x − y)`: a number in front of a name or a bracket multiplies it.
  private mutating func coefficient() throws -> PrintedArray {
    skip()
    let startsWithDigit = at < text.count && Self.isDigit(text[at])
    let value = try factor()
    let last = text[..<at].last { $0 != " " }
    guard startsWithDigit, last.map(Self.isDigit) == true, next() != nil else { return value }
    guard text[at] == "(" || names[text[at]]?.contains(where: { stands($0.text) }) == true else { return value }
    return try require(.zip2(value, try factor(), *), "2x")
  }

  private mutating func factor() throws -> PrintedArray {
    var value = try postfix()
    if take("^{") {
      let exponent = try sum()
      try expect("}")
      value = try require(.zip2(value, exponent, pow), "power")
    } else if take("**") || take("^") {
      value = try require(.zip2(value, try postfix(), pow), "power")
    } else if let exponent = raised() {
      value = try require(.zip2(value, PrintedArray(exponent), pow), "power")
    }
    if at < text.count, "^ᵀ[".unicodeScalars.contains(text[at]) || Self.raisedDigits.contains(text[at]) {
      throw problem("a sign behind a power")
    }
    return value
  }

  private static let raisedDigits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹⁻".unicodeScalars)

  private mutating func raised() -> Double? {
    var digits = ""
    while at < text.count, let digit = Self.raisedDigits.firstIndex(of: text[at]) {
      digits += digit == 10 ? "-" : String(digit)
      at += 1
    }
    return Double(digits)
  }

  private enum Brackets { case entries([PrintedPlace]), widened(Int) }

  private mutating func brackets() throws -> Brackets {
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

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

  private mutating func readDigits() -> Int? {
    skip()
    var digits = ""
    while at < text.count, Self.isDigit(text[at]) {
      digits.unicodeScalars.append(text[at])
      at += 1
    }
    return Int(digits)
  }

  private mutating func postfix() throws -> PrintedArray {
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

  private mutating func primary() throws -> PrintedArray {
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

  private mutating func readPartial() throws -> (of: Int, by: Int) {
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
  private func stands(_ name: [Unicode.Scalar]) -> Bool {
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
  private mutating func relation(_ a: PrintedArray) throws -> PrintedArray? {
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

  // MARK: Functions

  private static let functions = [
    "exp", "log", "tanh", "σ", "sigmoid", "relu", "sin", "cos", "sqrt", "abs", "max", "min", "sum", "mean", "logsumexp",
    "softmax", "sign", "where", "ones", "zeros", "tan", "asin", "acos", "atan", "sinh", "cosh", "log1p", "expm1",
    "log2", "log10", "erf", "floor", "ceil", "round", "stop_gradient", "transpose", "reshape", "concat",
  ]

  private mutating func function() throws -> PrintedArray? {
    guard let name = Self.functions.first(where: { stands($0 + "(") }) else { return nil }
    at += name.unicodeScalars.count + 1
    if name == "ones" || name == "zeros" {
      var shape: [Int] = []
      repeat { shape.append(readDigits() ?? -1) } while take(",")
      try expect(")")
      hasNames = true
      guard shape.allSatisfy({ $0 > 0 }) else { throw problem("a shape") }
      return .filled(name == "ones" ? 1 : 0, shape)
    }
    var (arguments, axis) = ([PrintedArray](), Int?.none)
    var isKept: PrintedArray?
    repeat {
      if take("axis=") {
        axis = readDigits()
      } else {
        arguments.append(try sum())
        if name == "where", arguments.count == 1, isKept == nil {
          isKept = try relation(arguments.removeLast())
        }
      }
    } while take(",")
    try expect(")")
    if name == "where" {
      guard let isKept, arguments.count == 2 else { throw problem("`where`") }
      var value = try require(.zip2(arguments[0], isKept) { $1 == 1 ? $0 : 0 }, "where")
      value.errors = value.errors.map { $0.isFinite ? $0 : 0 }
      return value
    }
    return try apply(name, arguments, axis)
  }

  private func apply(_ name: String, _ x: [PrintedArray], _ axis: Int?) throws -> PrintedArray {
    func reduced(_ function: ([Double]) -> Double) throws -> PrintedArray {
      if x.count == 1 { return try require(x[0].reduced(axis: axis, function), name) }
      if x.count == 2, axis == nil {
        return try require(.zip2(x[0], x[1]) { function([$0, $1]) }, name)
      }
      guard x.allSatisfy(\.shape.isEmpty) else { throw problem("\(name) of arrays") }
      let all = PrintedArray(
        shape: [x.count], numbers: x.map { $0.numbers[0] }, errors: x.map { $0.errors[0] })
      return try require(all.reduced(axis: nil, function), name)
    }
    switch name {
    case "max": return try reduced { $0.contains { $0.isNaN } ? .nan : $0.max() ?? .nan }
    case "min": return try reduced { $0.contains { $0.isNaN } ? .nan : $0.min() ?? .nan }
    case "sum": return try reduced { $0.reduce(0, +) }
    case "mean": return try reduced { $0.reduce(0, +) / Double($0.count) }
    case "logsumexp":
      return try reduced { numbers in
        let greatest = numbers.max() ?? 0
        return greatest + log(numbers.reduce(0) { $0 + exp($1 - greatest) })
      }
    case "softmax": return x[0].softmax(axis: axis)
    case "transpose", "reshape":
      return try require(x[0].arranged(name, x.dropFirst().map { Int($0.numbers[0]) }), name)
    case "concat": return try require(PrintedArray.concat(x, axis: axis ?? 0), name)
    default: break
    }
    guard x.count == 1 else { throw problem("`\(name)` of several values") }
    switch name {
    case "exp": return x[0].map { exp($0) }
    case "log": return x[0].map { log($0) }
    case "tanh": return x[0].map { tanh($0) }
    case "σ", "sigmoid": return x[0].map { 1 / (1 + exp(-$0)) }
    case "relu": return x[0].map { $0 > 0 ? $0 : 0 }
    case "sin": return x[0].map { sin($0) }
    case "cos": return x[0].map { cos($0) }
    case "sqrt": return x[0].map { $0.squareRoot() }
    case "abs": return x[0].map(\.magnitude)
    case "sign": return x[0].map { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 }
    default: return try require(x[0].function(name), name)
    }
  }
}
