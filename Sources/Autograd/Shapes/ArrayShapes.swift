/// The shapes of what moves numbers without changing them.
extension Shapes {
  /// The largest number of axes.
  public static let maxRank = 6

  /// The axes in another order; nil if the order does not name each of them once.
  public static func transpose(_ shape: [Int], _ order: [Int]) -> [Int]? {
    guard order.sorted() == Array(shape.indices) else { return nil }
    return order.map { shape[$0] }
  }

  /// The shape that a request asks for, where one size may be −1 and is what remains; nil if it does not fit.
  public static func reshape(_ shape: [Int], to request: [Int]) -> [Int]? {
    guard request.count <= maxRank, let total = count(shape), request.count(where: { $0 == -1 }) <= 1 else {
      return nil
    }
    guard let known = count(request.filter { $0 != -1 }) else { return nil }
    guard let free = request.firstIndex(of: -1) else { return known == total ? request : nil }
    guard known > 0, total % known == 0 else { return nil }
    var result = request
    result[free] = total / known
    return result
  }

  /// The product of matrices where a vector may also meet many of them, `np.matmul`; nil if the sizes do not fit.
  public static func product(_ a: [Int], _ b: [Int]) -> [Int]? {
    if a.count == 1, b.count > 2 {
      return matrixMultiply([1] + a, b).map { $0.dropLast(2) + [$0[$0.count - 1]] }
    }
    if b.count == 1, a.count > 2 { return matrixMultiply(a, b + [1]).map { Array($0.dropLast()) } }
    return matrixMultiply(a, b)
  }

  /// Arrays one after another along an axis; nil if they differ in another axis.
  public static func concat(_ shapes: [[Int]], axis: Int) -> [Int]? {
    guard var result = shapes.first, let at = normalized(axis, rank: result.count) else { return nil }
    for shape in shapes.dropFirst() {
      guard shape.count == result.count else { return nil }
      for place in shape.indices where place != at && shape[place] != result[place] { return nil }
      let (sum, overflow) = result[at].addingReportingOverflow(shape[at])
      guard !overflow else { return nil }
      result[at] = sum
    }
    return result
  }

  /// The axes that the position of a transpose lists; nil if it lists something else.
  package static func axes(_ position: [AxisIndex]?) -> [Int]? {
    guard let position else { return nil }
    var axes: [Int] = []
    for entry in position {
      guard case .position(let axis) = entry else { return nil }
      axes.append(axis)
    }
    return axes
  }

  /// For each element of the transposed array, the element of the original that it is.
  package static func transposeMap(_ shape: [Int], _ order: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in shape.indices.reversed().dropFirst() { strides[axis] = strides[axis + 1] * shape[axis + 1] }
    var map = [0]
    for axis in order {
      map = map.flatMap { base in (0..<shape[axis]).map { base + $0 * strides[axis] } }
    }
    return map
  }

  /// For each element of arrays one after another along an axis, the array and the element in it.
  package static func concatMap(_ shapes: [[Int]], axis: Int) -> [(part: Int, element: Int)] {
    let outer = shapes[0][..<axis].reduce(1, *)
    let widths = shapes.map { $0[axis...].reduce(1, *) }
    var map: [(part: Int, element: Int)] = []
    for row in 0..<outer {
      for (part, width) in widths.enumerated() {
        for element in 0..<width { map.append((part, row * width + element)) }
      }
    }
    return map
  }
}

/// The sizes of a product of matrices, or of many of them.
package struct MatrixSizes {
  /// The rows of the left matrix.
  package var rows: Int
  /// The columns of the left matrix, which are the rows of the right one.
  package var inner: Int
  /// The columns of the right matrix.
  package var columns: Int
  /// Where the matrices of each product begin.
  package var batches: [(left: Int, right: Int)] = [(0, 0)]

  /// - Precondition: the shapes fit.
  package init(_ a: [Int], _ b: [Int]) {
    let right = b.count == 1 ? b + [1] : b
    (inner, columns) = (right[right.count - 2], right[right.count - 1])
    rows = a.count == 1 ? 1 : a[a.count - 2]
    guard a.count > 2 || b.count > 2 else { return }
    if right.count == 2 {
      // The rows of all left matrices meet the same right one.
      rows = a.dropLast().reduce(1, *)
      return
    }
    let (outerA, outerB) = (Array(a.dropLast(2)), Array(b.dropLast(2)))
    let outer = Shapes.broadcast(outerA, outerB) ?? []
    let (left, other) = (Shapes.broadcastMap(from: outerA, to: outer), Shapes.broadcastMap(from: outerB, to: outer))
    let (size, otherSize) = (rows * inner, inner * columns)
    batches = zip(left, other).map { ($0 * size, $1 * otherSize) }
  }
}
