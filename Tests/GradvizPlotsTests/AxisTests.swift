import Testing

@testable import GradvizPlots

@Suite("Axes")
struct AxisTests {
  @Test func `ticks are round and inside`() {
    for (values, expected) in [
      ([0.0, 100], [0.0, 20, 40, 60, 80, 100]), ([-1, 1], [-1, -0.5, 0, 0.5, 1]), ([0.13, 0.17], nil),
      ([-4e9, 7e9], nil), ([5, 5], nil),
    ] as [([Double], [Double]?)] {
      let axis = Axis(values, isTight: true)
      if let expected {
        #expect(
          axis.ticks.count == expected.count && zip(axis.ticks, expected).allSatisfy { abs($0 - $1) < 1e-12 })
      }
      #expect(axis.ticks.count >= 2 && axis.ticks.count <= 12, "\(values): \(axis.ticks)")
      #expect(
        axis.ticks.allSatisfy {
          $0 >= axis.low - 1e-9 * abs(axis.low) && $0 <= axis.high + 1e-9 * abs(axis.high)
        })
      #expect(Set(axis.ticks.map { axis.label($0) }).count == axis.ticks.count, "\(axis.ticks.map { axis.label($0) })")
    }
  }

  @Test func `an axis has more than one tick`() {
    for tenth in 1...400 {
      let reach = Double(tenth) / 10
      for values in [[-reach, reach], [0.07, reach + 0.08], [-reach, -0.03]] {
        let axis = Axis(values, ticks: 4)
        #expect(axis.ticks.count >= 3 && axis.ticks.count <= 12, "\(values): \(axis.ticks)")
        #expect(Axis(values, ticks: 2).ticks.count >= 2, "\(values)")
      }
    }
  }

  @Test func `rounding alone is drawn flat`() {
    for values in [[1, 1 + 0x1p-52], [0.693, 0.693 + 0x1p-50]] {
      let axis = Axis(values)
      #expect(abs(axis.part(values[0]) - axis.part(values[1])) < 1e-9)
      #expect(Set(axis.ticks.map { axis.label($0) }).count == axis.ticks.count && axis.ticks.count < 15)
    }
  }

  @Test func `a logarithmic axis has powers of ten, or parts of one`() {
    let wide = Axis([0.001, 1000], isLogarithmic: true)
    #expect(
      wide.ticks.contains { abs($0 / 0.1 - 1) < 1e-9 } && wide.ticks.contains { abs($0 / 10 - 1) < 1e-9 })
    #expect(Axis([2, 30], isLogarithmic: true).ticks.count >= 3)
    #expect(abs(wide.part(1) - 0.5) < 1e-6)
  }

  @Test(
    arguments: [
      [], [.nan], [0], [1e300, -1e300], [5e-324], [.infinity, 3], [1.7e308, -1.7e308], [1e-300, 2e-300],
    ] as [[Double]])
  func `every data gives an axis`(_ values: [Double]) {
    for isLogarithmic in [false, true] {
      let axis = Axis(values, isLogarithmic: isLogarithmic)
      #expect(axis.low < axis.high && axis.low.isFinite && axis.high.isFinite, "\(axis)")
      #expect(axis.ticks.count <= 30)
      for value in values where value.isFinite && (!isLogarithmic || value > 0) {
        #expect((-0.001...1.001).contains(axis.part(value)), "\(value) of \(axis)")
      }
    }
  }
}

@Suite("Fields")
struct FieldTests {
  /// x² + y² over −1…1.
  private let circle = Field(
    columns: 40, rows: 40,
    values: (0...40).flatMap { row in
      (0...40).map { column in
        let (x, y) = (Double(column) / 20 - 1, Double(row) / 20 - 1)
        return x * x + y * y
      }
    })

  @Test func `a contour of x² + y² is a circle, closed`() {
    let lines = circle.contours(at: 0.49)
    #expect(lines.count == 1)
    let line = lines[0]
    #expect(line.first?.x == line.last?.x && line.first?.y == line.last?.y)
    for point in line {
      let (x, y) = (point.x / 20 - 1, point.y / 20 - 1)
      #expect(abs((x * x + y * y).squareRoot() - 0.7) < 0.002)
    }
  }

  @Test func `the area above a level is what lies outside the circle`() {
    let areas = circle.area(above: 0.49)
    // The shoelace formula, in cells of a twentieth.
    let area = areas.reduce(0.0) { sum, outline in
      let next = outline.dropFirst() + outline.prefix(1)
      return sum + abs(zip(outline, next).reduce(0) { $0 + $1.0.x * $1.1.y - $1.1.x * $1.0.y }) / 2
    }
    #expect(abs(area / 400 - (4 - 3.14159265 * 0.49)) < 0.01)
    #expect(circle.area(above: 100).isEmpty && circle.contours(at: 100).isEmpty)
  }

  @Test func `at a saddle area and contour agree`() {
    for (values, parts) in [([0.0, 1, 1, 0], 2), ([1, 0, 0, 1], 1)] {
      // Corners of one cell, the lower row first.
      let saddle = Field(columns: 1, rows: 1, values: values)
      let areas = saddle.area(above: 0.5)
      #expect(areas.count == parts)
      #expect(saddle.contours(at: 0.5).count == 2)
      let area = areas.reduce(0.0) { sum, outline in
        let next = outline.dropFirst() + outline.prefix(1)
        return sum + abs(zip(outline, next).reduce(0) { $0 + $1.0.x * $1.1.y - $1.1.x * $1.0.y }) / 2
      }
      #expect(abs(area - (parts == 2 ? 0.25 : 0.75)) < 1e-12)
    }
  }

  @Test func `an open contour ends at the edge`() {
    let slope = Field(columns: 4, rows: 3, values: (0...3).flatMap { _ in (0...4).map(Double.init) })
    let lines = slope.contours(at: 1.5)
    #expect(lines.count == 1 && lines[0].count == 4 && lines[0].allSatisfy { $0.x == 1.5 })
  }
}
