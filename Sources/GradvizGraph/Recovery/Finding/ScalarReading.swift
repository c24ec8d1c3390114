import Autograd

/// A tape of numbers, read for its structure: what each value is made of, and what uses it.
struct ScalarReading {
  let operations: [Tape.Operation?]
  let exponents: [Double?]
  let operands: [[Int]]
  let roles: [Role]
  let loss: Int?
  /// The names of leaves and their arrays; empty for computed values.
  let names: [String]
  let arrays: [String?]
  /// Of leaves their numbers, of which only those of constants are read.
  private let numbers: [Double]
  private let starts: [Int]
  private let list: [Int]

  init(_ graph: ComputationGraph) {
    let nodes = graph.nodes
    operations = nodes.map(\.operation)
    exponents = nodes.map(\.exponent)
    operands = nodes.map(\.operands)
    roles = nodes.map(\.role)
    names = nodes.map { $0.isLeaf ? $0.name : "" }
    arrays = nodes.map { $0.isLeaf ? $0.array : nil }
    numbers = nodes.map { $0.value.first ?? .nan }
    loss = graph.loss
    var counts = [Int](repeating: 0, count: nodes.count + 1)
    for node in nodes { for operand in node.operands { counts[operand + 1] += 1 } }
    for index in nodes.indices { counts[index + 1] += counts[index] }
    starts = counts
    var list = [Int](repeating: 0, count: counts[nodes.count])
    for (user, node) in nodes.enumerated() {
      for operand in node.operands {
        list[counts[operand]] = user
        counts[operand] += 1
      }
    }
    self.list = list
  }

  var count: Int { operands.count }

  /// What uses a value, in evaluation order; twice what uses it twice.
  func users(_ node: Int) -> ArraySlice<Int> { list[starts[node]..<starts[node + 1]] }

  /// What uses a value that is used once, and is not the loss.
  func onlyUser(_ node: Int) -> Int? {
    starts[node + 1] - starts[node] == 1 && node != loss ? list[starts[node]] : nil
  }

  func isLeaf(_ node: Int) -> Bool { operands[node].isEmpty }
  func isParameter(_ node: Int) -> Bool { isLeaf(node) && roles[node] == .parameter }
  func isConstant(_ node: Int) -> Bool { isLeaf(node) && roles[node] == .constant }
  /// The number of a constant.
  func number(_ node: Int) -> Double { numbers[node] }
  func isConstant(_ node: Int, _ number: Double) -> Bool { isConstant(node) && numbers[node] == number }

  /// A value times or divided by a number of the program.
  func scaled(_ node: Int) -> Int? {
    guard operands[node].count == 2 else { return nil }
    let (a, b) = (operands[node][0], operands[node][1])
    switch operations[node] {
    case .multiply:
      return isConstant(b) && !isLeaf(a) ? a : isConstant(a) && !isLeaf(b) ? b : nil
    case .divide: return isConstant(b) && !isLeaf(a) ? a : nil
    default: return nil
    }
  }

  /// A value that a number of the program is added to or taken from.
  func shifted(_ node: Int) -> Int? {
    guard operands[node].count == 2 else { return nil }
    let (a, b) = (operands[node][0], operands[node][1])
    switch operations[node] {
    case .add: return isConstant(b) && !isLeaf(a) ? a : isConstant(a) && !isLeaf(b) ? b : nil
    case .subtract: return isConstant(b) && !isLeaf(a) ? a : nil
    default: return nil
    }
  }

  /// The value that a value is the negative of.
  func negated(_ node: Int) -> Int? {
    if operations[node] == .negate { return operands[node].first }
    guard operations[node] == .multiply, operands[node].count == 2 else { return nil }
    let (a, b) = (operands[node][0], operands[node][1])
    return isConstant(b, -1) ? a : isConstant(a, -1) ? b : nil
  }

  /// Whether a leaf stands before another one in its array: by the numbers in their names.
  func precedes(_ a: Int, _ b: Int) -> Bool {
    let (first, second) = (Self.digits(names[a]), Self.digits(names[b]))
    return first == second ? a < b : first.lexicographicallyPrecedes(second)
  }

  private static func digits(_ name: String) -> [Int] {
    var result: [Int] = []
    var isInside = false
    for byte in name.utf8 {
      guard (48...57).contains(byte) else {
        isInside = false
        continue
      }
      let digit = Int(byte) - 48
      if isInside, let last = result.last, last < 1 << 50 {
        result[result.count - 1] = last * 10 + digit
      } else {
        result.append(digit)
      }
      isInside = true
    }
    return result
  }
}
