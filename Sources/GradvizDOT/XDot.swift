/// Shapes behind a graph in Graphviz' xdot format: areas and lines, in the order they are added.
package struct XDot: Hashable, Sendable {
  package enum Line: String, Sendable { case solid, dashed, dotted }

  private(set) var text = ""

  package init() {}

  /// Adds a polygon, filled, outlined, or both.
  package mutating func polygon(
    _ corners: [Position], fill: Color?, outline: Color?, width: Double = 1, line: Line = .solid
  ) {
    paint(fill: fill, pen: outline, width, line)
    add((fill == nil ? "p" : "P") + Self.points(corners))
  }

  package mutating func ellipse(
    center: Position, radii: (x: Double, y: Double), fill: Color?, outline: Color?, width: Double = 1,
    line: Line = .solid
  ) {
    paint(fill: fill, pen: outline, width, line)
    let numbers = [center.x, center.y, radii.x, radii.y].map(Writer.number).joined(separator: " ")
    add((fill == nil ? "e " : "E ") + numbers)
  }

  package mutating func polyline(_ points: [Position], color: Color, width: Double = 1, line: Line = .solid) {
    paint(fill: nil, pen: color, width, line)
    add("L" + Self.points(points))
  }

  private mutating func paint(fill: Color?, pen: Color?, _ width: Double, _ line: Line) {
    if let fill { add("C " + Self.counted(fill.word)) }
    add("c " + Self.counted(pen?.word ?? "transparent"))
    add("S " + Self.counted("setlinewidth(\(Writer.number(width)))"))
    add("S " + Self.counted(line.rawValue))
  }

  private mutating func add(_ operation: String) { text += (text.isEmpty ? "" : " ") + operation }

  private static func counted(_ word: String) -> String { "\(word.utf8.count) -\(word)" }

  private static func points(_ points: [Position]) -> String {
    points.reduce(into: " \(points.count)") { text, point in
      text += " \(Writer.number(point.x)) \(Writer.number(point.y))"
    }
  }
}
