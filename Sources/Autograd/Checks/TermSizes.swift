import GradvizSystem

/// The sums of the magnitudes of a gradient's terms, which bound what cancels out.
///
/// If all of it does, as in the mean of a softmax, the gradient is left with the rounding of its terms.
package struct TermSizes {
  private let tape: Tape
  private var sizes: [Int: [Double]] = [:]
  /// The magnitudes with which all computed values enter the loss, to which its rounding is relative: more than the
  /// loss where terms cancel out, as in the divergence of two equal distributions.
  private(set) var ofLoss = 0.0

  /// - Complexity: one backward pass.
  package init(_ tape: Tape, loss: Int) {
    self.tape = tape
    let reached = ReachedNodes(tape, from: loss)
    sizes[loss] = [1]
    for node in (0...loss).reversed() where reached.contains(node) && !tape.isLeaf(node) { pass(node) }
  }

  /// The sum for one element; 0 if unknown.
  package func size(of leaf: Int, _ element: Int) -> Double {
    guard let size = sizes[leaf]?[element], size.isFinite else { return 0 }
    return size
  }

  private mutating func add(_ terms: [Double], to node: Int, at places: [Int]? = nil) {
    let zeros = [Double](repeating: 0, count: sizes[node] == nil ? tape.elementCount(node) : 0)
    for (position, term) in terms.enumerated() {
      sizes[node, default: zeros][places?[position] ?? position] += term.magnitude
    }
  }

  /// Adds a node's terms to those of its operands.
  private mutating func pass(_ node: Int) {
    guard let size = sizes.removeValue(forKey: node) else { return }
    let (operands, operation) = (tape.operands(of: node), tape.record(node).operation)
    guard let first = operands.first else { return }
    let (a, shapeA) = (tape.values(of: first), tape.shape(of: first))
    let result = tape.values(of: node)
    ofLoss += zip(size, result).reduce(0) { $0 + ($1.0 * $1.1).magnitude }
    switch operation {
    case .matrixMultiply: passProduct(size, operands, a, shapeA)
    case .transpose: add(size, to: first, at: Shapes.transposeMap(shapeA, tape.arrayNode(node)?.order ?? []))
    case .reshape: add(size, to: first)
    case .concat: passConcat(size, operands, tape.axis(of: node) ?? 0)
    case .index: add(size, to: first, at: Shapes.indexMap(shapeA, tape.arrayNode(node)?.position ?? []))
    case .sum, .mean, .maximumReduction, .minimumReduction, .logSumExp:
      let isList = tape.record(node).kind == .list
      let groups =
        isList ? [Array(operands.indices)] : Shapes.groups(shapeA, axis: tape.arrayNode(node)?.axis)
      for (group, own) in zip(groups, size) {
        let share = operation == .mean ? own / Double(group.count) : own
        for place in group {
          if isList { add([share], to: operands[place]) } else { add([share], to: first, at: [place]) }
        }
      }
    case .softmax:
      for group in Shapes.groups(shapeA, axis: tape.arrayNode(node)?.axis) {
        let inner = group.reduce(0) { $0 + size[$1] * result[$1] }
        add(group.map { result[$0] * (size[$0] + inner) }, to: first, at: group)
      }
    case .power where operands.count == 1:
      let exponent = tape.exponent(of: node) ?? 1
      add(zip(a, size).map { exponent * pow($0, exponent - 1) * $1 }, to: first)
    case let pair where pair.isElementPair:
      let (b, shape) = (tape.values(of: operands[1]), tape.shape(of: node))
      let left = Shapes.broadcastMap(from: shapeA, to: shape)
      let right = Shapes.broadcastMap(from: tape.shape(of: operands[1]), to: shape)
      let slopes = zip(left, right).map { Self.slopes(operation, a[$0], b[$1]) }
      add(zip(slopes, size).map { $0.0 * $1 }, to: first, at: Array(left))
      add(zip(slopes, size).map { $0.1 * $1 }, to: operands[1], at: Array(right))
    default:
      add(a.indices.map { Self.slope(operation, a[$0], result[$0]) * size[$0] }, to: first)
    }
  }

  private mutating func passProduct(_ size: [Double], _ operands: [Int], _ a: [Double], _ shapeA: [Int]) {
    let (b, shapeB) = (tape.values(of: operands[1]), tape.shape(of: operands[1]))
    let sizes = MatrixSizes(shapeA, shapeB)
    var (left, right) = ([Double](repeating: 0, count: a.count), [Double](repeating: 0, count: b.count))
    for (number, batch) in sizes.batches.enumerated() {
      for row in 0..<sizes.rows {
        for column in 0..<sizes.columns {
          let own = size[(number * sizes.rows + row) * sizes.columns + column]
          for k in 0..<sizes.inner {
            let (x, z) = (batch.left + row * sizes.inner + k, batch.right + k * sizes.columns + column)
            left[x] += (own * b[z]).magnitude
            right[z] += (own * a[x]).magnitude
          }
        }
      }
    }
    add(left, to: operands[0])
    add(right, to: operands[1])
  }

  private mutating func passConcat(_ size: [Double], _ operands: [Int], _ axis: Int) {
    let map = Shapes.concatMap(operands.map(tape.shape(of:)), axis: axis)
    for (place, own) in zip(map, size) { add([own], to: operands[place.part], at: [place.element]) }
  }

  /// The derivative of a scalar function; at a kink, that of the steeper side.
  private static func slope(_ operation: Tape.Operation, _ x: Double, _ result: Double) -> Double {
    switch operation {
    case .exp: result
    case .log: 1 / x
    case .clampedLog: 1 / max(x, 1e-12)
    case .tanh: 1 - result * result
    case .sigmoid: result * (1 - result)
    case .sin: cos(x)
    case .cos: sin(x)
    case .sqrt: 0.5 / result
    case .tan, .asin, .acos, .atan, .sinh, .cosh, .log1p, .expm1, .log2, .log10, .erf:
      ElementRules.otherDerivative(operation, x, result: result)
    default: operation.passesNothing ? 0 : 1
    }
  }

  private static func slopes(_ operation: Tape.Operation, _ a: Double, _ b: Double) -> (Double, Double) {
    switch operation {
    case .multiply: (b, a)
    case .divide: (1 / b, a / b / b)
    case .power: (b * pow(a, b - 1), a > 0 ? pow(a, b) * log(a) : 0)
    case .masked: (b != 0 ? 1 : 0, 0)
    default: operation.passesNothing ? (0, 0) : (1, 1)
    }
  }
}
