import GradvizDrawing
import Testing

@testable import GradvizFigures

/// The search for a way of level and upright lines among boxes.
@Suite("Free ways")
struct FreeWayTests {
  private func search(_ boxes: [Rectangle], bottom: Double) -> FreeWay {
    var obstacles = Obstacles()
    for box in boxes { obstacles.add(box) }
    return FreeWay(
      columns: Set(boxes.flatMap { [$0.x - 7, $0.right + 7, $0.center.x] }).sorted(),
      rows: Set(boxes.flatMap { [$0.y - 7, $0.bottom + 7] }).sorted() + [bottom], obstacles: obstacles, taken: [])
  }

  @Test func `a way leads around everything that stands below`() throws {
    let goal = Rectangle(x: 100, y: 0, width: 60, height: 30)
    let boxes = [
      goal, Rectangle(x: 0, y: 60, width: 300, height: 30), Rectangle(x: 320, y: 40, width: 100, height: 200),
    ]
    let door = Point(x: goal.center.x, y: goal.bottom + 7)
    let corners = try #require(search(boxes, bottom: 300).corners(to: door, isUpright: true))
    #expect(corners.first?.y == 300 && corners.last == door)
    for (a, b) in zip(corners, corners.dropFirst()) {
      #expect(a.x == b.x || a.y == b.y)
      let line = Rectangle(x: min(a.x, b.x), y: min(a.y, b.y), width: abs(a.x - b.x), height: abs(a.y - b.y))
      #expect(!boxes.contains { $0.intersects(line.insetBy(-1)) }, "\(a) to \(b)")
    }
  }

  @Test func `where boxes stand all around there is none`() {
    let goal = Rectangle(x: 100, y: 100, width: 60, height: 30)
    let walls = [
      Rectangle(x: 60, y: 60, width: 140, height: 10), Rectangle(x: 60, y: 160, width: 140, height: 10),
      Rectangle(x: 60, y: 60, width: 10, height: 110), Rectangle(x: 190, y: 60, width: 10, height: 110),
    ]
    let door = Point(x: goal.center.x, y: goal.bottom + 7)
    #expect(search([goal] + walls, bottom: 300).corners(to: door, isUpright: true) == nil)
  }
}
