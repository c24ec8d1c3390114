/// What moves numbers of arrays without changing them.
///
/// - Precondition, for all: arrays of one tape, and shapes that fit.

/// Arrays one after another along an axis, `torch.cat`; they differ at most in the size of that axis.
///
/// - Precondition: at least one array, none of them a scalar.
public func concat(_ arrays: [Tensor], axis: Int = 0) -> Tensor {
  precondition(!arrays.isEmpty, "concat of no arrays")
  let tape = arrays[0].tape
  for array in arrays {
    precondition(
      array.tape === tape,
      "\(tape.description(of: arrays[0].index)) and \(array.tape.description(of: array.index)) belong to different tapes"
    )
  }
  if arrays.count == 1 { return arrays[0] }
  return Tensor(tape: tape, index: tape.concat(arrays.map(\.index), axis: axis))
}

/// Arrays of one shape side by side along a new axis, `torch.stack`.
public func stack(_ arrays: [Tensor], axis: Int = 0) -> Tensor {
  concat(arrays.map { $0.widened(at: axis, of: $0.shape.count + 1) }, axis: axis)
}

/// The rows of a table, each by its number, `nn.Embedding`; the gradients of a row that is taken twice add up.
///
/// - Precondition: numbers of rows, or negative ones, which count from the end.
public func embedding(_ table: Tensor, _ rows: [Int]) -> Tensor { table.entries([.positions(rows)]) }

extension Tensor {
  /// The same numbers in another shape, row by row; one size may be −1 and is what remains.
  ///
  /// - Precondition: as many numbers, and at most six axes.
  public func reshaped(_ shape: Int...) -> Tensor { reshaped(to: shape) }

  /// The same for a list of sizes.
  public func reshaped(to shape: [Int]) -> Tensor {
    guard let result = Shapes.reshape(self.shape, to: shape) else {
      preconditionFailure("reshape: \(tape.description(of: index)) does not fit the shape \(shape)")
    }
    return result == self.shape ? self : Tensor(tape: tape, index: tape.reshape(index, result))
  }

  /// The axes in another order, `torch.permute`.
  ///
  /// - Precondition: each axis once, counted from 0.
  public func transposed(axes: [Int]) -> Tensor {
    if axes == Array(axes.indices), axes.count == shape.count { return self }
    return Tensor(tape: tape, index: tape.transpose(index, axes: axes))
  }

  /// Two axes exchanged.
  public func swapped(_ first: Int, _ second: Int) -> Tensor {
    var axes = Array(shape.indices)
    axes.swapAt(axis(first), axis(second))
    return transposed(axes: axes)
  }

  /// Without the axes of size 1.
  public var squeezed: Tensor { reshaped(to: shape.filter { $0 != 1 }) }

  /// With an axis of size 1 at a place of a shape of so many axes.
  func widened(at axis: Int, of rank: Int) -> Tensor {
    var wide = shape
    wide.insert(1, at: Shapes.normalized(axis, rank: rank) ?? 0)
    return reshaped(to: wide)
  }

  /// With a new axis of size 1, `unsqueeze`; a negative axis counts from the end of the result.
  public func expanded(axis: Int) -> Tensor { widened(at: axis, of: shape.count + 1) }

  /// The axis counted from the front.
  func axis(_ axis: Int) -> Int {
    guard let place = Shapes.normalized(axis, rank: shape.count) else {
      preconditionFailure("\(tape.description(of: index)) has no axis \(axis)")
    }
    return place
  }

  /// A selection along one axis.
  func taking(_ selection: AxisIndex, axis place: Int) -> Tensor {
    entries([AxisIndex](repeating: .all, count: place) + [selection])
  }

  /// In reverse order along an axis.
  public func flipped(axis: Int) -> Tensor {
    let place = self.axis(axis)
    let size = shape[place]
    return size < 2 ? self : taking(.stride(from: size - 1, count: size, step: -1), axis: place)
  }

  /// Each entry of an axis so many times in a row, `np.repeat`.
  ///
  /// - Precondition: a positive count.
  public func repeated(_ count: Int, axis: Int) -> Tensor {
    precondition(count > 0, "repeat needs a positive count")
    let place = self.axis(axis)
    return taking(.positions((0..<shape[place]).flatMap { Array(repeating: $0, count: count) }), axis: place)
  }

  /// The array so many times along each axis, `np.tile`; with more counts than axes, new axes come first.
  ///
  /// - Precondition: positive counts, at most six.
  public func tiled(_ counts: [Int]) -> Tensor {
    precondition(counts.allSatisfy { $0 > 0 }, "tile needs positive counts")
    var result = self
    while result.shape.count < counts.count { result = result.expanded(axis: 0) }
    for (back, count) in counts.reversed().enumerated() where count > 1 {
      let place = result.shape.count - 1 - back
      let size = result.shape[place]
      result = result.taking(.positions((0..<size * count).map { $0 % size }), axis: place)
    }
    return result
  }

  /// With a number around it: for each axis, how many entries before and after, `np.pad`.
  ///
  /// - Precondition: no negative counts, and not more of them than axes.
  public func padded(_ widths: [(before: Int, after: Int)], with value: Double = 0) -> Tensor {
    precondition(widths.count <= shape.count, "pad needs at most a pair for each axis")
    var result = self
    for (place, width) in widths.enumerated() {
      func edge(_ count: Int) -> [Tensor] {
        guard count > 0 else { return [] }
        var shape = result.shape
        shape[place] = count
        let numbers = [Double](repeating: value, count: Shapes.count(shape) ?? 0)
        return [tape.array(numbers, shape: shape, role: .constant)]
      }
      result = concat(edge(width.before) + [result] + edge(width.after), axis: place)
    }
    return result
  }

  /// 0 above a diagonal of the last two axes, the main one unless said: `torch.tril`.
  public func lowerTriangle(diagonal: Int = 0) -> Tensor { triangle { $1 <= $0 + diagonal } }
  /// 0 below a diagonal of the last two axes, the main one unless said: `torch.triu`.
  public func upperTriangle(diagonal: Int = 0) -> Tensor { triangle { $1 >= $0 + diagonal } }

  private func triangle(_ isKept: (Int, Int) -> Bool) -> Tensor {
    precondition(shape.count >= 2, "a triangle is that of a matrix, not of \(tape.description(of: index))")
    let (rows, columns) = (shape[shape.count - 2], shape[shape.count - 1])
    let mask = (0..<rows * columns).map { isKept($0 / columns, $0 % columns) ? 1.0 : 0 }
    return masked(by: tape.array(mask, shape: [rows, columns], role: .constant))
  }
}
