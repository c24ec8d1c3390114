/// The loops over elements in which training spends its time: one operation for all elements, no maps of
/// positions, no checks of bounds in the innermost loop.
///
/// Sums run in the order of the elements, as everywhere in the engine: the same bits on every machine.
enum ArrayLoops {
  /// How the elements of two operands meet without a map of positions.
  struct Broadcast {
    /// How often the block of positions repeats: 1 where both operands have the result's shape.
    var rows: Int
    /// The elements of a block.
    var columns: Int
    /// The distance between blocks in each operand: 0 where it is the same for all of them.
    var leftStride: Int
    var rightStride: Int
    /// The distance between elements: 0 for a single number.
    var leftStep: Int
    var rightStep: Int

    /// nil for shapes that need a map: a column beside a row.
    init?(_ a: [Int], _ b: [Int], result: [Int]) {
      let total = result.reduce(1, *)
      func pattern(_ shape: [Int]) -> (stride: Int, step: Int)? {
        let count = shape.reduce(1, *)
        if count == total { return (columnCount, 1) }
        if count == 1 { return (0, 0) }
        // A row for every row of a matrix.
        let isRow = result.count == 2 && count == result[1] && (shape.count == 1 || shape[0] == 1)
        return isRow ? (0, 1) : nil
      }
      let columnCount = result.count == 2 ? result[1] : total
      columns = columnCount
      rows = columnCount == 0 ? 0 : total / columnCount
      guard let left = pattern(a), let right = pattern(b) else { return nil }
      (leftStride, leftStep) = left
      (rightStride, rightStep) = right
    }
  }

  static func sum(_ a: [Double]) -> Double {
    a.withUnsafeBufferPointer { a in
      var total = 0.0
      for value in a { total += value }
      return total
    }
  }

  // MARK: One operand

  @inline(__always)
  private static func map(_ a: [Double], _ rule: (Double) -> Double) -> [Double] {
    [Double](unsafeUninitializedCapacity: a.count) { result, count in
      a.withUnsafeBufferPointer { a in for i in 0..<a.count { result[i] = rule(a[i]) } }
      count = a.count
    }
  }

  static func powers(_ a: [Double], _ exponent: Double) -> [Double] {
    exponent == 2 ? map(a) { $0 * $0 } : map(a) { ElementRules.power($0, exponent) }
  }

  static func values(_ operation: Operation, _ a: [Double]) -> [Double] {
    switch operation {
    case .relu: map(a) { ElementRules.value(.relu, $0) }
    case .negate: map(a) { -$0 }
    case .abs: map(a) { $0.magnitude }
    default: map(a) { ElementRules.value(operation, $0) }
    }
  }

  static func gradients(
    _ operation: Operation, _ upstream: [Double], _ x: [Double], _ y: [Double], into gradient: inout [Double]
  ) {
    @inline(__always)
    func apply(_ rule: (Double, Double) -> Double) {
      gradient.withUnsafeMutableBufferPointer { gradient in
        upstream.withUnsafeBufferPointer { upstream in
          x.withUnsafeBufferPointer { x in
            y.withUnsafeBufferPointer { y in
              for i in 0..<x.count { gradient[i] = upstream[i] * rule(x[i], y[i]) }
            }
          }
        }
      }
    }
    switch operation {
    case .relu: apply { x, y in ElementRules.derivative(.relu, x, result: y) }
    case .tanh: apply { x, y in ElementRules.derivative(.tanh, x, result: y) }
    case .sigmoid: apply { x, y in ElementRules.derivative(.sigmoid, x, result: y) }
    default: apply { x, y in ElementRules.derivative(operation, x, result: y) }
    }
  }

  // MARK: Two operands

  static func values(_ operation: Operation, _ a: [Double], _ b: [Double], _ broadcast: Broadcast) -> [Double]
  {
    @inline(__always)
    func combine(_ rule: (Double, Double) -> Double) -> [Double] {
      [Double](unsafeUninitializedCapacity: broadcast.rows * broadcast.columns) { result, count in
        a.withUnsafeBufferPointer { a in
          b.withUnsafeBufferPointer { b in
            for row in 0..<broadcast.rows {
              let (left, right) = (row * broadcast.leftStride, row * broadcast.rightStride)
              let start = row * broadcast.columns
              for column in 0..<broadcast.columns {
                result[start + column] = rule(
                  a[left + column * broadcast.leftStep], b[right + column * broadcast.rightStep])
              }
            }
          }
        }
        count = broadcast.rows * broadcast.columns
      }
    }
    switch operation {
    case .add: return combine { $0 + $1 }
    case .subtract: return combine { $0 - $1 }
    case .multiply: return combine { $0 * $1 }
    default: return combine { ElementRules.value(operation, $0, $1) }
    }
  }

  /// Adds to both operands' gradients.
  static func gradients(
    _ operation: Operation, _ upstream: [Double], _ x: [Double], _ z: [Double], _ y: [Double],
    _ broadcast: Broadcast, left: inout [Double], right: inout [Double]
  ) {
    @inline(__always)
    func apply(_ rule: (Double, Double, Double) -> (Double, Double)) {
      left.withUnsafeMutableBufferPointer { left in
        right.withUnsafeMutableBufferPointer { right in
          upstream.withUnsafeBufferPointer { upstream in
            x.withUnsafeBufferPointer { x in
              z.withUnsafeBufferPointer { z in
                y.withUnsafeBufferPointer { y in
                  for row in 0..<broadcast.rows {
                    for column in 0..<broadcast.columns {
                      let element = row * broadcast.columns + column
                      let i = row * broadcast.leftStride + column * broadcast.leftStep
                      let j = row * broadcast.rightStride + column * broadcast.rightStep
                      let local = rule(x[i], z[j], y[element])
                      left[i] += upstream[element] * local.0
                      right[j] += upstream[element] * local.1
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
    switch operation {
    case .add: apply { _, _, _ in (1, 1) }
    case .subtract: apply { _, _, _ in (1, -1) }
    case .multiply: apply { a, b, _ in (b, a) }
    default: apply { a, b, y in ElementRules.derivatives(operation, a, b, result: y) }
    }
  }

  // MARK: Matrix products

  static func product(_ a: [Double], _ b: [Double], rows: Int, inner: Int, columns: Int) -> [Double] {
    [Double](unsafeUninitializedCapacity: rows * columns) { result, count in
      count = rows * columns
      result.initialize(repeating: 0)
      a.withUnsafeBufferPointer { a in
        b.withUnsafeBufferPointer { b in
          for i in 0..<rows {
            for k in 0..<inner {
              let factor = a[i * inner + k]
              for j in 0..<columns { result[i * columns + j] += factor * b[k * columns + j] }
            }
          }
        }
      }
    }
  }

  /// Adds G·Bᵀ to the left gradient and Aᵀ·G to the right one.
  static func productGradients(
    _ upstream: [Double], _ a: [Double], _ b: [Double], rows: Int, inner: Int, columns: Int,
    left: inout [Double], right: inout [Double]
  ) {
    left.withUnsafeMutableBufferPointer { left in
      right.withUnsafeMutableBufferPointer { right in
        upstream.withUnsafeBufferPointer { upstream in
          a.withUnsafeBufferPointer { a in
            b.withUnsafeBufferPointer { b in
              for i in 0..<rows {
                for k in 0..<inner {
                  let factor = a[i * inner + k]
                  var total = 0.0
                  for j in 0..<columns {
                    let g = upstream[i * columns + j]
                    total += g * b[k * columns + j]
                    right[k * columns + j] += g * factor
                  }
                  left[i * inner + k] += total
                }
              }
            }
          }
        }
      }
    }
  }
}
