import Autograd

/// Numbers that are one operation on vectors, as they were found in a tape of scalars: one row of what a box shows.
struct RecoveredPart {
  enum Kind: Hashable {
    case linear(matrix: Int)
    /// Products of a query and the keys.
    case scores
    case softmax
    /// Sums of values, weighted by a softmax.
    case weighted
    case crossEntropy
    case logSumExp
    case rmsNorm
    /// One operation on each number of a vector.
    case map(Tape.Operation, exponent: Double?)
    case sum
  }

  var kind: Kind
  /// The values that it computes on the way, and its results.
  var nodes: [Int]
  /// The vectors that it is made of.
  var inputs: [[Int]]
  /// Its results in order.
  var outputs: [Int]
  /// The head of an attention that it belongs to.
  var head: Int?

  /// Whether its operands stand in an order that is known, as that of a matrix' columns.
  var hasOwnOrder: Bool {
    switch kind {
    case .linear, .rmsNorm: true
    default: false
    }
  }

  /// The same with its results, and what each is made of, in another order.
  func ordered(_ order: [Int]) -> RecoveredPart {
    var result = self
    result.outputs = order.map { outputs[$0] }
    if kind == .scores {
      result.inputs = [inputs[0]] + order.map { inputs[$0 + 1] }
    } else {
      result.inputs = inputs.map { vector in order.map { vector[$0] } }
    }
    return result
  }
}

/// A sum of several terms, written as additions of two.
struct SumChain {
  enum Term: Hashable {
    case zero, bias
    /// A parameter times a value.
    case weighted
    case product, square
    case other(Tape.Operation)
  }

  var root: Int
  var kind: Term
  /// Without a zero that it begins with, and without biases.
  var terms: [Int] = []
  var biases: [Int] = []
  /// The additions, and that zero.
  var nodes: [Int] = []
}

/// Finds the operations on vectors in a tape of numbers.
struct PartFinder {
  let tape: ScalarReading
  var parts: [RecoveredPart] = []
  /// The part that a value belongs to; −1 if none.
  var owner: [Int]
  var chains: [SumChain] = []
  /// The sum that a value is the result of, or a term that is used once; −1 if none.
  var chainOf: [Int]
  /// What a value is in an attention.
  var attention: [AttentionRole?]
  var matrices: [RecoveredMatrix] = []

  enum AttentionRole: Int { case query, key, value }

  init(_ tape: ScalarReading) {
    self.tape = tape
    owner = [Int](repeating: -1, count: tape.count)
    chainOf = owner
    attention = [AttentionRole?](repeating: nil, count: tape.count)
    findSums()
    findSoftmax()
    findHeads()
    findNorms()
    findMatrices()
    findSeries()
    findMaps()
  }

  /// Takes values into a part unless one of them belongs to another.
  @discardableResult mutating func add(_ part: RecoveredPart) -> Int? {
    guard part.nodes.allSatisfy({ owner[$0] < 0 && $0 != tape.loss }) else { return nil }
    for member in part.nodes { owner[member] = parts.count }
    parts.append(part)
    return parts.count - 1
  }
}

extension Sequence<Int> {
  /// Each number once, in the order of its first occurrence.
  func unique() -> [Int] {
    var seen = Set<Int>()
    return filter { seen.insert($0).inserted }
  }
}
