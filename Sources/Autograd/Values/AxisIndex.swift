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

  /// One position.
  public init(integerLiteral value: Int) { self = .position(value) }

  /// The size of the axis in the result; nil if the axis is removed.
  func size(ofAxis size: Int) -> Int? {
    switch self {
    case .position: nil
    case .range(let from, let to): to - from
    case .all: size
    }
  }

  /// Whether the selection is within an axis of `size` positions.
  func fits(_ size: Int) -> Bool {
    switch self {
    case .position(let at): at >= -size && at < size
    case .range(let from, let to): from >= 0 && from < to && to <= size
    case .all: true
    }
  }

  /// The selected positions of an axis of `size`.
  ///
  /// - Precondition: ``fits(_:)``.
  func positions(_ size: Int) -> Range<Int> {
    switch self {
    case .position(let at): at < 0 ? at + size..<at + size + 1 : at..<at + 1
    case .range(let from, let to): from..<to
    case .all: 0..<size
    }
  }

  /// `[:, 0]` in NumPy's notation.
  package static func text(_ axes: [AxisIndex]) -> String {
    "["
      + axes.map { axis in
        switch axis {
        case .position(let at): "\(at)"
        case .range(let from, let to): "\(from):\(to)"
        case .all: ":"
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
