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

  @Test func `a label has names among its words`() {
    var plot = Plot(PlotOptions(title: "t"), kind: "k", name: "n", description: "d", width: 100, height: 100)
    plot.text("Δ\(name: "w₂") = \("0.5")", x: 90, y: 20, anchor: .end)
    var (texts, right): ([String], Double) = ([], 0)
    for case .text(let text, let at, let size, _, let typeface, _) in plot.items {
      texts.append(typeface == .variable ? "<\(text)>" : typeface == .index ? "_\(text)" : text)
      right = at.x + TextMetrics.width(of: text, size: size, typeface: typeface)
    }
    #expect(texts == ["Δ", "<w>", "_2", " = ", "0.5"] && abs(right - 90) < 1e-9)
  }

  @Test func `labels of points that lie close together do not lie on one another`() {
    var choices = RandomChoices(seed: 7)
    for _ in 0..<50 {
      let range = Axis([0, 1], isTight: true)
      let chart = Chart(left: 40, top: 60, width: 700, height: 300, x: range, y: range)
      var places = LabelPlaces(chart)
      let (x, y) = (choices.between(0, 1), choices.between(0, 1))
      places.avoid([chart.place(0, y), chart.place(1, y)])
      let frames = (0..<5).map { _ in
        places.place(
          Size(width: choices.between(60, 130), height: 18), near: chart.place(x, y + choices.between(-0.03, 0.03)))
      }
      for (number, frame) in frames.enumerated() {
        #expect(frames[..<number].allSatisfy { !$0.intersects(frame) }, "\(frames)")
      }
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
