import GradvizDrawing
import GradvizTestSupport
import Testing

@testable import GradvizPlots

/// Names of values in a plot have the letters that they have in figures.
@Suite("Names in plots")
struct VariableNameTests {
  private static func runs(_ name: String, isAtEnd: Bool) -> [(
    text: String, x: Double, y: Double, typeface: TextMetrics.Typeface, size: Double
  )] {
    var plot = Plot(PlotOptions(title: "t"), kind: "k", name: "n", description: "d", width: 100, height: 100)
    plot.name(name, x: 50, y: 20, isAtEnd: isAtEnd)
    return plot.items.compactMap {
      guard case .text(let text, let at, let size, _, let typeface, _) = $0 else { return nil }
      return (text, at.x, at.y, typeface, size)
    }
  }

  @Test(arguments: [("w₂", ["w", "2"]), ("x₁,₁₂", ["x", "1,12"]), ("L", ["L"]), ("area [m²]", ["area [m²]"])])
  func `indices stand below the line`(_ name: String, _ parts: [String]) throws {
    for isAtEnd in [false, true] {
      let runs = Self.runs(name, isAtEnd: isAtEnd)
      #expect(runs.map(\.text) == parts)
      let ends = runs.map { $0.x + TextMetrics.width(of: $0.text, size: $0.size, typeface: $0.typeface) }
      #expect(abs((isAtEnd ? ends[ends.count - 1] : runs[0].x) - 50) < 1e-9)
      #expect(zip(ends, runs.dropFirst()).allSatisfy { abs($0 - $1.x) < 1e-9 })
      #expect(runs[0].typeface == .variable && runs[0].y == 20)
      #expect(runs.dropFirst().allSatisfy { $0.typeface == .index && $0.y > 20 && $0.size < runs[0].size })
    }
  }
}
