/// The selection of an index along one axis of an array.
///
/// An integer literal is a position: `[.all, 0]` is the first column of a matrix.
public enum AxisIndex: Hashable, Sendable, ExpressibleByIntegerLiteral {
  /// One position, counted from 0, or from the end if negative; removes the axis.
  case position(Int)
  /// The positions from the first number up to, but not including, the second; keeps the axis.
  case range(from: Int, to: Int)
  /// Every position; keeps the axis.
  case all
  /// `count` positions from the first number on, a step apart, which may be negative; keeps the axis.
  case stride(from: Int, count: Int, step: Int)
  /// These positions in this order, each as often as it is listed; keeps the axis.
  case positions([Int])

  /// One position.
  public init(integerLiteral value: Int) { self = .position(value) }

  /// The size of the axis in the result; nil if the axis is removed.
  func size(ofAxis size: Int) -> Int? {
    switch self {
    case .position: nil
    case .range(let from, let to): to - from
    case .all: size
    case .stride(_, let count, _): count
    case .positions(let places): places.count
    }
  }

  /// Whether the selection is within an axis of `size` positions.
  func fits(_ size: Int) -> Bool {
    switch self {
    case .position(let at): at >= -size && at < size
    case .range(let from, let to): from >= 0 && from < to && to <= size
    case .all: true
    case .stride(let from, let count, let step): Self.strideFits(from, count, step, size)
    case .positions(let places): !places.isEmpty && places.allSatisfy { $0 >= -size && $0 < size }
    }
  }

  private static func strideFits(_ from: Int, _ count: Int, _ step: Int, _ size: Int) -> Bool {
    guard from >= 0, from < size, count >= 1, step != 0, count <= size, step.magnitude <= size else { return false }
    let (way, overflow) = step.multipliedReportingOverflow(by: count - 1)
    return !overflow && way >= -from && way < size - from
  }

  /// The selected positions of an axis of `size`.
  ///
  /// - Precondition: ``fits(_:)``.
  func positions(_ size: Int) -> [Int] {
    switch self {
    case .position(let at): [at < 0 ? at + size : at]
    case .range(let from, let to): Array(from..<to)
    case .all: Array(0..<size)
    case .stride(let from, let count, let step): (0..<count).map { from + $0 * step }
    case .positions(let places): places.map { $0 < 0 ? $0 + size : $0 }
    }
  }

  /// Whether a position of an axis of `size` is selected more than once.
  package func repeats(_ size: Int) -> Bool {
    guard case .positions(let places) = self else { return false }
    return Set(places.map { $0 < 0 ? $0 + size : $0 }).count < places.count
  }

  private static func strideText(_ from: Int, _ end: Int, _ step: Int) -> String {
    "\(from):" + (end < 0 ? "" : "\(end)") + ":\(step)"
  }

  /// `[:, 0]` in NumPy's notation.
  package static func text(_ axes: [AxisIndex]) -> String {
    "["
      + axes.map { axis in
        switch axis {
        case .position(let at): "\(at)"
        case .range(let from, let to): "\(from):\(to)"
        case .all: ":"
        case .stride(let from, let count, let step):
          strideText(from, from &+ count &* step, step)
        case .positions(let places): "[" + places.map(String.init).joined(separator: ", ") + "]"
        }
      }.joined(separator: ", ") + "]"
  }
}

/// A selection along one axis in the subscript of a ``Tensor``: an integer or a range of integers.
public protocol AxisSelection {
  /// The selection on an axis of `size` positions.
  func axisIndex(ofSize size: Int) -> AxisIndex
}

extension AxisIndex: AxisSelection {
  /// The selection itself.
  public func axisIndex(ofSize size: Int) -> AxisIndex { self }
}

extension Int: AxisSelection {
  /// One position, which removes the axis.
  public func axisIndex(ofSize size: Int) -> AxisIndex { .position(self) }
}

extension Range: AxisSelection where Bound == Int {
  /// The positions of the range.
  public func axisIndex(ofSize size: Int) -> AxisIndex { .range(from: lowerBound, to: upperBound) }
}

extension ClosedRange: AxisSelection where Bound == Int {
  /// The positions of the range, its last one included.
  public func axisIndex(ofSize size: Int) -> AxisIndex { .range(from: lowerBound, to: upperBound.successor) }
}

extension PartialRangeFrom: AxisSelection where Bound == Int {
  /// The positions from a number to the end of the axis.
  public func axisIndex(ofSize size: Int) -> AxisIndex { .range(from: lowerBound, to: size) }
}

extension PartialRangeUpTo: AxisSelection where Bound == Int {
  /// The positions before a number.
  public func axisIndex(ofSize size: Int) -> AxisIndex { .range(from: 0, to: upperBound) }
}

extension PartialRangeThrough: AxisSelection where Bound == Int {
  /// The positions up to a number.
  public func axisIndex(ofSize size: Int) -> AxisIndex { .range(from: 0, to: upperBound.successor) }
}

extension Int {
  /// The next integer; the largest one, which no axis reaches, stays.
  fileprivate var successor: Int { self == .max ? self : self + 1 }
}
