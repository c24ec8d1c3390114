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

  /// The numbers of as many successive steps as in every other group: of them, those that stand out.
  private struct Group {
    /// In step order; the same point where one number is both the least and the greatest.
    var (begin, end): (Point, Point)
    var count = 1

    init(_ point: Point) { (begin, end) = (point, point) }

    mutating func take(_ other: Group) {
      count += other.count
      // A number that is not finite is an extreme, too.
      guard begin.value.isFinite, end.value.isFinite else { return }
      guard other.begin.value.isFinite, other.end.value.isFinite else {
        (begin, end) = (other.begin, other.end)
        return
      }
      let all = [begin, end, other.begin, other.end]
      let least = all.min { $0.value < $1.value } ?? begin
      let greatest = all.max { $0.value < $1.value } ?? end
      (begin, end) = least.step < greatest.step ? (least, greatest) : (greatest, least)
    }
  }

  private var groups: [Group] = []
  /// The steps of a full group: all are equally long, so that no part of a curve is coarser than another.
  private var span = 1
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

  /// In step order; every step while there are few.
  ///
  /// - Complexity: O(points).
  public var points: [Point] {
    groups.flatMap { $0.begin.step == $0.end.step ? [$0.begin] : [$0.begin, $0.end] }
  }

  /// Adds the number of a step.
  ///
  /// - Precondition: steps increase.
  public mutating func append(_ value: Double, at step: Int) {
    let point = Point(step: step, value: value)
    if first == nil { first = point }
    last = point
    count += 1
    if let open = groups.indices.last, groups[open].count < span {
      groups[open].take(Group(point))
    } else {
      groups.append(Group(point))
    }
    // A group has two points, but for those of one step.
    while groups.count * min(span, 2) >= capacity { merge() }
  }

  /// Puts every two neighbors together.
  private mutating func merge() {
    groups = stride(from: 0, to: groups.count, by: 2).map { place in
      var group = groups[place]
      if groups.indices.contains(place + 1) { group.take(groups[place + 1]) }
      return group
    }
    span *= 2
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
