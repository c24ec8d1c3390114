import GradvizDrawing

/// A number for each step of a training of any length, in bounded memory: where there are more than it holds,
/// neighbors are merged, and of each group the least and the greatest stay.
public struct BoundedSeries: Sendable {
  /// A number and its step.
  public struct Point: Sendable, Equatable {
    /// The number of the step, from 0.
    public var step: Int
    /// The number of that step, or the least or greatest of its group.
    public var value: Double
  }

  /// In step order; every step while there are few.
  public private(set) var points: [Point] = []
  /// The number added first.
  public private(set) var first: Point?
  /// The number added last.
  public private(set) var last: Point?
  /// The number of values added.
  public private(set) var count = 0
  private let capacity: Int

  /// Creates an empty series; a plot cannot show more points than it has pixels across.
  public init(capacity: Int = 8192) { self.capacity = max(capacity, 16) }

  /// Creates a series of the steps 0, 1, 2 and so on.
  public init(_ values: some Sequence<Double>) {
    self.init()
    for (step, value) in values.enumerated() { append(value, at: step) }
  }

  /// Adds the number of a step.
  ///
  /// - Precondition: steps increase.
  public mutating func append(_ value: Double, at step: Int) {
    let point = Point(step: step, value: value)
    if first == nil { first = point }
    last = point
    count += 1
    points.append(point)
    if points.count >= capacity { merge() }
  }

  private mutating func merge() {
    var kept: [Point] = []
    kept.reserveCapacity(capacity)
    for start in stride(from: 0, to: points.count, by: 4) {
      let group = points[start..<min(start + 4, points.count)]
      // A value that is not finite is an extreme, too.
      if let bad = group.first(where: { !$0.value.isFinite }) {
        kept.append(bad)
        continue
      }
      guard let least = group.min(by: { $0.value < $1.value }),
        let greatest = group.max(by: { $0.value < $1.value })
      else { continue }
      kept +=
        least.step == greatest.step
        ? [least] : least.step < greatest.step ? [least, greatest] : [greatest, least]
    }
    points = kept
  }
}

/// The mean of the most recent numbers, in bounded memory.
package struct RunningMean: Sendable {
  private var window: [Double] = []
  private var next = 0
  private let size: Int

  package init(size: Int) { self.size = max(size, 1) }

  /// - Complexity: O(size), to avoid accumulating rounding errors.
  package mutating func add(_ value: Double) -> Double {
    if window.count < size { window.append(value) } else { window[next] = value }
    next = (next + 1) % size
    return window.reduce(0, +) / Double(window.count)
  }
}
