/// The lines of an array along one axis, each of which a reduction reduces to one element.
struct Lines {
  private let outer: Int
  private let size: Int
  private let inner: Int

  /// - Parameter axis: nil for one line of all elements.
  init(_ shape: [Int], axis: Int?) {
    guard let axis, let index = Shapes.normalized(axis, rank: shape.count) else {
      (outer, size, inner) = (1, shape.reduce(1, *), 1)
      return
    }
    outer = shape[..<index].reduce(1, *)
    size = shape[index]
    inner = shape[(index + 1)...].reduce(1, *)
  }

  /// Whether the elements of each line are neighbors, and the lines one after another.
  var areRows: Bool { inner == 1 }
  /// The elements of a line.
  var count: Int { size }
  var lineCount: Int { outer * inner }

  /// The positions of one line's elements.
  struct Line {
    let start: Int
    let step: Int
    let count: Int

    var places: StrideTo<Int> { stride(from: start, to: start + count * step, by: step) }

    @inline(__always)
    func place(_ position: Int) -> Int { start + position * step }

    func over(_ elements: UnsafePointer<Double>) -> LineElements {
      LineElements(places: places, elements: elements)
    }
  }

  @inline(__always)
  func forEach(_ body: (Int, Line) -> Void) {
    for o in 0..<outer {
      for i in 0..<inner {
        body(o * inner + i, Line(start: o * size * inner + i, step: inner, count: size))
      }
    }
  }
}

/// The numbers of one line, in order.
struct LineElements: Sequence {
  let places: StrideTo<Int>
  let elements: UnsafePointer<Double>

  func makeIterator() -> Iterator { Iterator(places: places.makeIterator(), elements: elements) }

  struct Iterator: IteratorProtocol {
    var places: StrideToIterator<Int>
    let elements: UnsafePointer<Double>

    mutating func next() -> Double? { places.next().map { elements[$0] } }
  }
}
