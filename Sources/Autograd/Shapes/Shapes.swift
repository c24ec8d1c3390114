/// The shapes of results, by NumPy's rules; nil if operands do not fit.
///
/// A shape lists the sizes of the axes; a scalar's is empty.
public enum Shapes {
  /// The number of elements; nil if it overflows `Int`.
  public static func count(_ shape: [Int]) -> Int? {
    var count = 1
    for size in shape {
      guard size >= 0 else { return nil }
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      if overflow { return nil }
      count = product
    }
    return count
  }

  /// Aligned at the last axis; sizes must be equal, or one of them 1.
  public static func broadcast(_ a: [Int], _ b: [Int]) -> [Int]? {
    var result: [Int] = []
    for offset in 1...max(a.count, b.count, 1) where offset <= max(a.count, b.count) {
      let x = offset <= a.count ? a[a.count - offset] : 1
      let y = offset <= b.count ? b[b.count - offset] : 1
      guard x == y || x == 1 || y == 1 else { return nil }
      result.append(x == 1 ? y : x)
    }
    return result.reversed()
  }

  /// matrix·matrix, matrix·vector, vector·matrix and vector·vector; of more axes, the last two are those of matrices,
  /// and the others broadcast.
  public static func matrixMultiply(_ a: [Int], _ b: [Int]) -> [Int]? {
    guard let inner = a.last, !b.isEmpty else { return nil }
    if a.count <= 2, b.count <= 2 {
      return inner == b[0] ? Array(a.dropLast()) + Array(b.dropFirst()) : nil
    }
    guard a.count >= 2, b.count >= 2, inner == b[b.count - 2],
      let batch = broadcast(Array(a.dropLast(2)), Array(b.dropLast(2)))
    else { return nil }
    return batch + [a[a.count - 2], b[b.count - 1]]
  }

  /// Over everything (`axis` nil), or along one axis, which is removed; negative axes count from the end.
  public static func reduce(_ shape: [Int], axis: Int?) -> [Int]? {
    guard let axis else { return [] }
    guard let index = normalized(axis, rank: shape.count) else { return nil }
    var result = shape
    result.remove(at: index)
    return result
  }

  /// The axis counted from the front; nil if the shape does not have it.
  public static func normalized(_ axis: Int, rank: Int) -> Int? {
    guard axis >= -rank, axis < rank else { return nil }
    return axis < 0 ? axis + rank : axis
  }

  /// One entry per leading axis; axes that are not listed are taken whole.
  public static func index(_ shape: [Int], _ axes: [AxisIndex]) -> [Int]? {
    guard axes.count <= shape.count, zip(axes, shape).allSatisfy({ $0.fits($1) }) else { return nil }
    return zip(axes, shape).compactMap { $0.size(ofAxis: $1) } + shape.dropFirst(axes.count)
  }

  /// `4×3`, or `a scalar`.
  public static func text(_ shape: [Int]) -> String {
    shape.isEmpty
      ? "a scalar"
      : shape.count == 1 ? "\(shape[0])" : shape.map(String.init).joined(separator: "×")
  }

  /// For each element of `result`, which element of an operand of shape `operand` it reads.
  package static func broadcastMap(from operand: [Int], to result: [Int]) -> [Int] {
    let total = count(result) ?? 0
    var map = [Int](repeating: 0, count: total)
    var strides = [Int](repeating: 0, count: result.count)
    var step = 1
    for offset in 1...max(operand.count, 1) where offset <= operand.count {
      let size = operand[operand.count - offset]
      strides[result.count - offset] = size == 1 ? 0 : step
      step *= size
    }
    for element in 0..<total {
      var rest = element
      var source = 0
      for axis in stride(from: result.count - 1, through: 0, by: -1) {
        source += (rest % result[axis]) * strides[axis]
        rest /= result[axis]
      }
      map[element] = source
    }
    return map
  }

  /// The elements each entry of a reduction along `axis` takes, in order.
  package static func groups(_ shape: [Int], axis: Int?) -> [[Int]] {
    let total = count(shape) ?? 0
    guard let axis, let index = normalized(axis, rank: shape.count) else { return [Array(0..<total)] }
    let inner = shape[(index + 1)...].reduce(1, *)
    let size = shape[index]
    let outer = shape[..<index].reduce(1, *)
    var groups: [[Int]] = []
    for o in 0..<outer {
      for i in 0..<inner { groups.append((0..<size).map { o * size * inner + $0 * inner + i }) }
    }
    return groups
  }

  /// Where an element stands in an array, 0-based.
  package static func indices(of element: Int, in shape: [Int]) -> [Int] {
    var indices: [Int] = []
    var rest = element
    for size in shape.reversed().map({ max($0, 1) }) {
      indices.append(rest % size)
      rest /= size
    }
    return indices.reversed()
  }

  /// The elements that an index takes, in order.
  package static func indexMap(_ shape: [Int], _ axes: [AxisIndex]) -> [Int] {
    var map = [0]
    for (axis, size) in shape.enumerated() {
      let positions = axis < axes.count ? axes[axis].positions(size) : Array(0..<size)
      map = map.flatMap { base in positions.map { base * size + $0 } }
    }
    return map
  }
}
