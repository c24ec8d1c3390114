/// Where each element of a result comes from in the only operand of an operation that moves numbers: an index or a
/// transpose.
struct ElementMap {
  /// Where each run of neighbors begins in the operand.
  private let starts: [Int32]
  private let run: Int
  /// Whether every element of the operand is read exactly once.
  let isPermutation: Bool
  /// Whether the result has the operand's elements in its order.
  let isIdentity: Bool

  /// - Parameters:
  ///   - sources: the operand's element for each element of the result.
  ///   - isPermutation: whether every element is there exactly once.
  init(_ sources: [Int], isPermutation: Bool, operandCount: Int) {
    self.isPermutation = isPermutation
    var breaks: [Int] = []
    for place in sources.indices where place > 0 && sources[place] != sources[place - 1] + 1 { breaks.append(place) }
    // The greatest length that divides the result into runs.
    let run = breaks.reduce(sources.count) { length, place in Self.divisor(length, place) }
    self.run = max(run, 1)
    starts = stride(from: 0, to: sources.count, by: self.run).map { Int32(sources[$0]) }
    isIdentity = starts == [0] && self.run == operandCount
  }

  private static func divisor(_ a: Int, _ b: Int) -> Int {
    var (a, b) = (a, b)
    while b != 0 { (a, b) = (b, a % b) }
    return a
  }

  /// Calls `body` for each run, with its places in the result and in the operand.
  @inline(__always)
  private func forEachRun(_ body: (Int, Int) -> Void) {
    starts.withUnsafeBufferPointer { starts in
      var place = 0
      for start in starts {
        body(place, Int(start))
        place &+= run
      }
    }
  }

  func gather(_ x: ArrayLoops.Elements, into y: ArrayLoops.Target) {
    switch run {
    case 1: forEachRun { y[$0] = x[$1] }
    case 2..<16: forEachRun { place, start in for i in 0..<run { y[place &+ i] = x[start &+ i] } }
    default: forEachRun { (y + $0).update(from: x + $1, count: run) }
    }
  }

  /// Adds to the gradients of the elements that were read.
  ///
  /// - Precondition: the gradient is initialized, or every element is read.
  func scatter(_ upstream: ArrayLoops.Elements, to gradient: ArrayLoops.Gradient) {
    let target = gradient.0
    if gradient.isEmpty {
      forEachRun { place, start in for i in 0..<run { target[start &+ i] = upstream[place &+ i] } }
    } else if run == 1 {
      forEachRun { target[$1] += upstream[$0] }
    } else {
      forEachRun { place, start in for i in 0..<run { target[start &+ i] += upstream[place &+ i] } }
    }
  }
}
