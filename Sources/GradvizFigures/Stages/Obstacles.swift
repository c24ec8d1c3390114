import GradvizDrawing

/// Rectangles by columns of the sheet, to find soon what stands in a place.
struct Obstacles {
  private static let column = 64.0
  private var columns: [Int: [Rectangle]] = [:]

  private static func range(_ frame: Rectangle) -> ClosedRange<Int> {
    Int((frame.x / column).rounded(.down))...Int((frame.right / column).rounded(.down))
  }

  mutating func add(_ frame: Rectangle) {
    for column in Self.range(frame) { columns[column, default: []].append(frame) }
  }

  func touch(_ frame: Rectangle) -> Bool {
    Self.range(frame).contains { columns[$0]?.contains { $0.intersects(frame) } ?? false }
  }
}
