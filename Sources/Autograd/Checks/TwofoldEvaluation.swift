/// Evaluates a recorded loss with twice the digits, with textbook rules that share no code with the engine.
struct TwofoldEvaluation {
  private let tape: Tape
  private let lossNode: Int
  /// The nodes that the loss depends on, in evaluation order.
  private let nodes: [Int]
  private var values: [Int: [TwofoldNumber]] = [:]
  /// A hash of the sides taken at all kinks in the last evaluation.
  private(set) var branches: UInt64 = 0
  /// The approximate number of operations in all evaluations.
  private(set) var work = 0.0
  /// The maximum relative error of the tape's own values.
  private(set) var roundingOfTape = 0.0

  /// - Complexity: one forward pass, some thirty times as slow as the tape's.
  init(_ tape: Tape, loss: Int) {
    self.tape = tape
    lossNode = loss
    let reached = ReachedNodes(tape, from: loss)
    nodes = (0...loss).filter(reached.contains)
    for node in nodes where tape.isLeaf(node) {
      values[node] = tape.values(of: node).map { TwofoldNumber($0) }
    }
    for node in nodes where !tape.isLeaf(node) { evaluate(node) }
    for node in nodes {
      for (own, other) in zip(values[node] ?? [], tape.values(of: node)) where own.isFinite && other.isFinite {
        let distance = (own - TwofoldNumber(other)).high.magnitude
        if distance > 0 { roundingOfTape = max(roundingOfTape, distance / max(own.high.magnitude, 1e-300)) }
      }
    }
  }

  /// The nodes that depend on a leaf, in evaluation order.
  func users(of leaf: Int) -> [Int] {
    var isUser: Set<Int> = [leaf]
    return nodes.filter { node in
      guard !tape.isLeaf(node), tape.operands(of: node).contains(where: isUser.contains) else { return false }
      isUser.insert(node)
      return true
    }
  }

  /// The loss with one number of a leaf shifted; afterwards, only ``branches`` has changed.
  ///
  /// - Parameter users: ``users(of:)`` for the leaf.
  mutating func loss(moving leaf: Int, _ element: Int, by step: Double, users: [Int]) -> TwofoldNumber {
    guard let before = values[leaf]?[element] else { return TwofoldNumber(.nan) }
    let kept = users.map { values[$0] ?? [] }
    values[leaf]?[element] = before + TwofoldNumber(step)
    branches = 0
    for node in users { evaluate(node) }
    let result = values[lossNode]?.first ?? TwofoldNumber(.nan)
    values[leaf]?[element] = before
    for (node, numbers) in zip(users, kept) { values[node] = numbers }
    return result
  }

  var loss: TwofoldNumber { values[lossNode]?.first ?? TwofoldNumber(.nan) }

  // MARK: Operations

  private mutating func take(_ branch: Int) {
    branches = (branches ^ UInt64(bitPattern: Int64(branch) &+ 1)) &* 0x100_0000_01B3
  }

  /// The approximate number of operations of a forward pass, including memory allocation.
  static func work(_ tape: Tape, loss: Int) -> Double {
    (0...loss).reduce(0) { $0 + work(tape, node: $1) }
  }

  private static func work(_ tape: Tape, node: Int) -> Double {
    let operands = tape.operands(of: node)
    let outputs = Double(tape.elementCount(node))
    if let size = tape.arrayNode(node)?.product { return 1 + outputs * Double(size.inner) }
    return 1 + operands.reduce(outputs) { $0 + Double(tape.elementCount($1)) }
  }

  private mutating func evaluate(_ node: Int) {
    let operands = tape.operands(of: node)
    work += Self.work(tape, node: node)
    let operation = tape.record(node).operation
    let a = operands.first.flatMap { values[$0] } ?? []
    let shapeA = operands.first.map(tape.shape(of:)) ?? []
    switch operation {
    case .matrixMultiply:
      values[node] = product(a, shapeA, values[operands[1]] ?? [], tape.shape(of: operands[1]))
    case .transpose:
      values[node] = Shapes.transposeMap(shapeA, tape.arrayNode(node)?.order ?? []).map { a[$0] }
    case .reshape: values[node] = a
    case .concat:
      let map = Shapes.concatMap(operands.map(tape.shape(of:)), axis: tape.axis(of: node) ?? 0)
      values[node] = map.map { values[operands[$0.part]]?[$0.element] ?? TwofoldNumber(.nan) }
    case .index:
      values[node] = Shapes.indexMap(shapeA, tape.arrayNode(node)?.position ?? []).map { a[$0] }
    case .sum, .mean, .maximumReduction, .minimumReduction, .logSumExp:
      // A reduction has either one array or many scalars.
      let numbers = tape.record(node).kind == .list ? operands.compactMap { values[$0]?.first } : a
      let groups =
        tape.record(node).kind == .list
        ? [Array(numbers.indices)] : Shapes.groups(shapeA, axis: tape.arrayNode(node)?.axis)
      values[node] = groups.map { reduce(operation, $0.map { numbers[$0] }) }
    case .softmax:
      var result = a
      for group in Shapes.groups(shapeA, axis: tape.arrayNode(node)?.axis) {
        let total = reduce(.logSumExp, group.map { a[$0] })
        for place in group { result[place] = (a[place] - total).exponential }
      }
      values[node] = result
    case .power where operands.count == 1:
      let exponent = TwofoldNumber(tape.exponent(of: node) ?? 1)
      values[node] = a.map { $0.raised(to: exponent) }
    case let pair where pair.isElementPair:
      let (b, shape) = (values[operands[1]] ?? [], tape.shape(of: node))
      let left = Shapes.broadcastMap(from: shapeA, to: shape)
      let right = Shapes.broadcastMap(from: tape.shape(of: operands[1]), to: shape)
      values[node] = zip(left, right).map { binary(operation, a[$0], b[$1]) }
    default: values[node] = a.map { unary(operation, $0) }
    }
  }

  private func product(
    _ a: [TwofoldNumber], _ shapeA: [Int], _ b: [TwofoldNumber], _ shapeB: [Int]
  ) -> [TwofoldNumber] {
    let size = MatrixSizes(shapeA, shapeB)
    var result: [TwofoldNumber] = []
    for batch in size.batches {
      for row in 0..<size.rows {
        for column in 0..<size.columns {
          var total = TwofoldNumber(0)
          for k in 0..<size.inner {
            total = total + a[batch.left + row * size.inner + k] * b[batch.right + k * size.columns + column]
          }
          result.append(total)
        }
      }
    }
    return result
  }

  private mutating func unary(_ operation: Tape.Operation, _ x: TwofoldNumber) -> TwofoldNumber {
    switch operation {
    case .negate: return -x
    case .exp: return x.exponential
    case .log: return x.logarithm
    case .clampedLog:
      let isCut = x.high < 3.72e-44
      take(isCut ? 0 : 1)
      return isCut && x.high >= 0 ? TwofoldNumber(-100) : x.logarithm
    case .tanh: return x.hyperbolicTangent
    case .sigmoid: return x.sigmoid
    case .sin: return x.sine
    case .cos: return x.cosine
    case .sqrt: return x.squareRoot
    case .relu, .abs:
      let isNegative = x < TwofoldNumber(0)
      take(isNegative ? 0 : 1)
      return isNegative ? operation == .relu ? TwofoldNumber(0) : -x : x
    case .sign, .floor, .ceil, .round:
      let result = x.stepped(operation)
      take(Int(exactly: result) ?? 0)
      return TwofoldNumber(result)
    default: return x.function(operation)
    }
  }

  private mutating func binary(_ operation: Tape.Operation, _ a: TwofoldNumber, _ b: TwofoldNumber)
    -> TwofoldNumber
  {
    switch operation {
    case .add: return a + b
    case .subtract: return a - b
    case .multiply: return a * b
    case .divide: return a / b
    case .power: return a.raised(to: b)
    case .maximum, .minimum:
      return reduce(operation == .maximum ? .maximumReduction : .minimumReduction, [a, b])
    case .masked: return b.high != 0 ? a : TwofoldNumber(0)
    default:
      let order: Double = a < b ? -1 : b < a ? 1 : 0
      let holds = a.isNaN || b.isNaN ? operation == .notEqual : ElementRules.value(operation, order, 0) == 1
      take(holds ? 1 : 0)
      return TwofoldNumber(holds ? 1 : 0)
    }
  }

  private mutating func reduce(_ operation: Tape.Operation, _ numbers: [TwofoldNumber]) -> TwofoldNumber {
    switch operation {
    case .sum: return numbers.reduce(TwofoldNumber(0), +)
    case .mean: return numbers.reduce(TwofoldNumber(0), +) / TwofoldNumber(Double(numbers.count))
    case .maximumReduction, .minimumReduction:
      if numbers.contains(where: \.isNaN) { return TwofoldNumber(.nan) }
      var best = 0
      for place in numbers.indices.dropFirst() {
        let isBetter =
          operation == .maximumReduction ? numbers[best] < numbers[place] : numbers[place] < numbers[best]
        if isBetter { best = place }
      }
      take(best)
      return numbers[best]
    default:
      // log Σ eˣ; the choice of the maximum does not affect the result.
      guard let greatest = numbers.max(by: <), greatest.isFinite else {
        return numbers.max(by: <) ?? TwofoldNumber(.nan)
      }
      return greatest
        + numbers.reduce(TwofoldNumber(0)) { $0 + ($1 - greatest).exponential }.logarithm
    }
  }
}
