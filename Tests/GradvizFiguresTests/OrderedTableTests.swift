import GradvizDrawing
import GradvizTestSupport
import Testing

@testable import GradvizFigures

@Suite("Order and rounding of what is placed")
struct OrderedTableTests {
  @Test func `a table is iterated in insertion order of its keys`() {
    var table = OrderedTable<String, Int>()
    for (number, key) in ["w", "a", "ŷ", "b"].enumerated() { table[key] = number }
    table["a"] = 7
    table["z", default: 1] += 4
    table["ŷ"] = nil
    table["nothing"] = nil
    #expect(table.keys == ["w", "a", "b", "z"])
    #expect(table.values == [0, 7, 3, 5])
    #expect(table.map(\.key) == table.keys && table.map(\.value) == table.values)
    #expect(table["b"] == 3 && table["ŷ"] == nil)
    #expect(table.mapValues { $0 * 2 }.values == [0, 14, 6, 10])
  }

  @Test func `a union of rectangles on the grid is the same in any order`() {
    var numbers = RandomChoices(seed: 9)
    var isInexact = false
    for _ in 0..<200 {
      let frames = (0..<6).map { _ in
        Rectangle(
          x: numbers.between(-500, 500), y: numbers.between(0, 90), width: numbers.between(1, 90), height: 38)
      }
      func union(_ frames: [Rectangle]) -> Rectangle { frames.dropFirst().reduce(frames[0]) { $0.union($1) } }
      let placed = frames.map(\.onGrid)
      #expect(union(placed) == union(placed.reversed()))
      #expect(union(placed) == union(numbers.shuffled(placed)))
      if union(frames) != union(frames.reversed()) { isInexact = true }
      #expect(zip(frames, placed).allSatisfy { abs($0.x - $1.x) < 0.01 && abs($0.width - $1.width) < 0.01 })
    }
    #expect(isInexact, "without the grid the order shows")
  }
}
