import Autograd
import GradvizGraph

/// Writes networks number by number, as programs do that know only scalars, each in a spelling of its own.
struct ScalarTapes {
  /// How a program writes what is the same.
  enum Spelling: CaseIterable {
    /// Sums begin with 0, and a quotient is a product with a power of −1.
    case python
    /// Sums begin with their first term.
    case plain
    /// As a set of operands keeps them: in any order, sums with a 0.
    case shuffled
  }

  let tape = Tape()
  let spelling: Spelling
  var numbers: SeededNumbers

  init(_ spelling: Spelling, seed: Int) {
    self.spelling = spelling
    numbers = SeededNumbers(seed: seed)
  }

  mutating func number() -> Double { Double.random(in: -1...1, using: &numbers) }

  mutating func matrix(_ name: String, _ rows: Int, _ columns: Int) -> [[Value]] {
    (1...rows).map { row in
      (1...columns).map { column in tape.parameter(number(), name: "\(name)\(row)_\(column)") }
    }
  }

  mutating func vector(_ name: String, _ count: Int) -> [Value] {
    (1...count).map { tape.input(number(), name: "\(name)\($0)") }
  }

  mutating func sum(_ terms: [Value]) -> Value {
    switch spelling {
    case .python: return terms.reduce(tape.constant(0)) { $0 + $1 }
    case .plain: return terms.dropFirst().reduce(terms[0]) { $0 + $1 }
    case .shuffled:
      return terms.reduce(tape.constant(0)) { Bool.random(using: &numbers) ? $0 + $1 : $1 + $0 }
    }
  }

  mutating func product(_ a: Value, _ b: Value) -> Value {
    spelling == .shuffled && Bool.random(using: &numbers) ? b * a : a * b
  }

  mutating func quotient(_ a: Value, _ b: Value) -> Value {
    spelling == .python ? a * b ** -1 : a / b
  }

  mutating func linear(_ x: [Value], _ weights: [[Value]], bias: [Value]? = nil) -> [Value] {
    weights.enumerated().map { place, row in
      sum((bias.map { [$0[place]] } ?? []) + zip(row, x).map { product($0, $1) })
    }
  }

  mutating func softmax(_ x: [Value]) -> [Value] {
    let greatest = x.map(\.data).max() ?? 0
    let powers = x.map { exp(spelling == .python ? $0 + tape.constant(-greatest) : $0 - tape.constant(greatest)) }
    let total = sum(powers)
    return powers.map { quotient($0, total) }
  }

  mutating func rmsNorm(_ x: [Value]) -> [Value] {
    let squares = sum(x.map { spelling == .plain ? $0 ** 2 : product($0, $0) })
    let scale = (squares / tape.constant(Double(x.count)) + tape.constant(1e-5)) ** -0.5
    return x.map { product($0, scale) }
  }

  mutating func attention(_ q: [Value], _ keys: [[Value]], _ values: [[Value]], heads: Int) -> [Value] {
    let width = q.count / heads
    var result: [Value] = []
    for start in stride(from: 0, to: q.count, by: width) {
      let part = start..<start + width
      let scores = keys.map { key in
        sum(zip(q[part], key[part]).map { product($0, $1) }) * tape.constant(1 / Double(width).squareRoot())
      }
      let weights = softmax(scores)
      for place in part { result.append(sum(zip(weights, values).map { product($0, $1[place]) })) }
    }
    return result
  }
}
