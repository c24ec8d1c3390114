/// What an index takes along one axis of an array.
///
/// An integer literal is a position: `[.all, 0]` is the first column of a matrix.
public enum AxisIndex: Hashable, Sendable, ExpressibleByIntegerLiteral {
  /// One position, counted from 0, or from the end where it is negative; the axis disappears.
  case position(Int)
  /// The positions from the first number to before the second; the axis stays.
  case range(from: Int, to: Int)
  /// Every position: the axis stays as it is.
  case all

  public init(integerLiteral value: Int) { self = .position(value) }

  /// The size of the axis in the result, nil where the axis disappears.
  func size(ofAxis size: Int) -> Int? {
    switch self {
    case .position: nil
    case .range(let from, let to): to - from
    case .all: size
    }
  }

  /// Whether an axis of `size` positions has what is taken.
  func fits(_ size: Int) -> Bool {
    switch self {
    case .position(let at): at >= -size && at < size
    case .range(let from, let to): from >= 0 && from < to && to <= size
    case .all: true
    }
  }

  /// The positions that are taken of an axis of `size`.
  ///
  /// - Precondition: ``fits(_:)``.
  func positions(_ size: Int) -> Range<Int> {
    switch self {
    case .position(let at): at < 0 ? at + size..<at + size + 1 : at..<at + 1
    case .range(let from, let to): from..<to
    case .all: 0..<size
    }
  }

  /// `[:, 0]` as NumPy writes it.
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

/// What may stand for one axis in the subscript of a ``Tensor``: an integer or a range of integers.
public protocol AxisSelection {
  /// What is taken of an axis of `size` positions.
  func axisIndex(ofSize size: Int) -> AxisIndex
}

extension AxisIndex: AxisSelection {
  public func axisIndex(ofSize size: Int) -> AxisIndex { self }
}

extension Int: AxisSelection {
  public func axisIndex(ofSize size: Int) -> AxisIndex { .position(self) }
}

extension Range: AxisSelection where Bound == Int {
  public func axisIndex(ofSize size: Int) -> AxisIndex { .range(from: lowerBound, to: upperBound) }
}

extension ClosedRange: AxisSelection where Bound == Int {
  public func axisIndex(ofSize size: Int) -> AxisIndex { .range(from: lowerBound, to: upperBound.successor) }
}

extension PartialRangeFrom: AxisSelection where Bound == Int {
  public func axisIndex(ofSize size: Int) -> AxisIndex { .range(from: lowerBound, to: size) }
}

extension PartialRangeUpTo: AxisSelection where Bound == Int {
  public func axisIndex(ofSize size: Int) -> AxisIndex { .range(from: 0, to: upperBound) }
}

extension PartialRangeThrough: AxisSelection where Bound == Int {
  public func axisIndex(ofSize size: Int) -> AxisIndex { .range(from: 0, to: upperBound.successor) }
}

extension Int {
  /// One more; the greatest number stays, which no axis reaches.
  fileprivate var successor: Int { self == .max ? self : self + 1 }
}
