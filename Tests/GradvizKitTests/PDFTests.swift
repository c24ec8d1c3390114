import Foundation
import GradvizFigures
import GradvizGraph
import GradvizTestSupport
import Testing

@testable import GradvizKit

/// A PDF is the picture of the SVG: every box, circle and wire stands where the SVG has it, in the same colors.
@Suite("PDF", .enabled(if: Project.tool("pdftocairo") != nil, "pdftocairo (poppler-utils) is not installed"))
struct PDFTests {
  /// A box, a circle or a line that a picture draws.
  private struct Shape: CustomStringConvertible {
    /// The ends of its lines and curves, each once; empty for a box and a circle.
    var ends: [Double] = []
    /// Its left, top, right and bottom.
    var frame: [Double]
    /// Red, green and blue of 255; nil where there is none.
    var fill: [Double]?
    var stroke: [Double]?

    var description: String { "\(ends.isEmpty ? frame : ends) \(fill ?? []) \(stroke ?? [])" }

    func hasOutline(of other: Shape) -> Bool {
      PDFTests.areNear(frame, other.frame)
        && (ends.isEmpty || other.ends.isEmpty || goesAlong(other) && other.goesAlong(self))
    }

    /// Whether each of its ends is on the line through the other's: an SVG draws what hardly bends as one line.
    private func goesAlong(_ other: Shape) -> Bool {
      func point(_ ends: [Double], _ place: Int) -> (x: Double, y: Double) { (ends[2 * place], ends[2 * place + 1]) }
      let count = other.ends.count / 2
      return (0..<ends.count / 2).allSatisfy { place in
        let own = point(ends, place)
        return (0..<max(count - 1, 1)).contains { next in
          let (one, two) = (point(other.ends, next), point(other.ends, min(next + 1, count - 1)))
          let (dx, dy) = (two.x - one.x, two.y - one.y)
          let along = ((own.x - one.x) * dx + (own.y - one.y) * dy) / max(dx * dx + dy * dy, 1e-9)
          let share = min(max(along, 0), 1)
          return hypot(own.x - one.x - share * dx, own.y - one.y - share * dy) < 0.25
        }
      }
    }
  }

  /// Shapes by where they begin.
  private struct Places {
    private var atPlace: [[Int]: [Shape]] = [:]

    init(_ all: [Shape]) {
      for shape in all { atPlace[Self.place(shape), default: []].append(shape) }
    }

    private static func place(_ shape: Shape) -> [Int] { shape.frame.prefix(2).map { Int($0.rounded()) } }

    func near(_ shape: Shape) -> [Shape] {
      let place = Self.place(shape)
      return (-1...1).flatMap { x in (-1...1).flatMap { y in atPlace[[place[0] + x, place[1] + y]] ?? [] } }
    }
  }

  /// An SVG's places have one decimal.
  private static func areNear(_ one: [Double], _ other: [Double], _ slack: Double = 0.16) -> Bool {
    one.count == other.count && zip(one, other).allSatisfy { abs($0 - $1) < slack }
  }

  // MARK: Reading

  /// The shapes of an SVG: ours, or what pdftocairo writes of a PDF, whose letters are definitions.
  private static func shapes(_ text: String) throws -> [Shape] {
    var text = text
    if let letters = text.firstRange(of: "<defs>"), let end = text.firstRange(of: "</defs>") {
      text.removeSubrange(letters.lowerBound..<end.upperBound)
    }
    let document = SVGDocument(text)
    try #require(document.error == nil)
    return document.elements.compactMap { element in
      var looks = element.attributes
      for word in (looks["style"] ?? "").split(separator: ";") {
        let parts = word.split(separator: ":", maxSplits: 1).map(String.init)
        if parts.count == 2 { looks[parts[0]] = parts[1] }
      }
      func number(_ name: String) -> Double { element.number(name) ?? 0 }
      var shape: Shape
      switch element.name {
      case "rect":
        let (x, y) = (number("x"), number("y"))
        shape = Shape(frame: [x, y, x + number("width"), y + number("height")])
      case "circle", "ellipse":
        let (x, y) = (number("cx"), number("cy"))
        let (rx, ry) = element.name == "circle" ? (number("r"), number("r")) : (number("rx"), number("ry"))
        shape = Shape(frame: [x - rx, y - ry, x + rx, y + ry])
      case "path":
        guard let outline = outline(looks["d"] ?? "") else { return nil }
        shape = outline
      default: return nil
      }
      (shape.fill, shape.stroke) = (color(looks["fill"]), color(looks["stroke"]))
      return shape
    }
  }

  /// What a path draws until it is closed.
  private static func outline(_ path: String) -> Shape? {
    var ends: [CGPoint] = []
    var seen: [CGPoint] = []
    for match in path.prefix(while: { $0 != "Z" && $0 != "z" }).matches(of: /([MLHVC])([^MLHVC]*)/) {
      let numbers = match.2.split { $0 == "," || $0 == " " }.compactMap { Double($0) }
      let last = seen.last ?? .zero
      switch match.1 {
      case "H": add(numbers.map { CGPoint(x: $0, y: last.y) })
      case "V": add(numbers.map { CGPoint(x: last.x, y: $0) })
      default:
        let points = stride(from: 0, to: numbers.count - 1, by: 2).map { CGPoint(x: numbers[$0], y: numbers[$0 + 1]) }
        guard match.1 == "C" else {
          add(points)
          continue
        }
        for first in stride(from: 0, to: points.count - 2, by: 3) {
          let start = seen.last ?? .zero
          let (one, two, end) = (points[first], points[first + 1], points[first + 2])
          // Where an arc of a circle reaches furthest.
          seen.append(
            CGPoint(x: (start.x + 3 * one.x + 3 * two.x + end.x) / 8, y: (start.y + 3 * one.y + 3 * two.y + end.y) / 8))
          add([end])
        }
      }
    }
    func add(_ points: [CGPoint]) {
      for point in points {
        seen.append(point)
        if ends.last.map({ !areNear([$0.x, $0.y], [point.x, point.y]) }) ?? true { ends.append(point) }
      }
    }
    guard let left = seen.map(\.x).min(), let right = seen.map(\.x).max(), let top = seen.map(\.y).min(),
      let bottom = seen.map(\.y).max()
    else { return nil }
    return Shape(ends: ends.flatMap { [$0.x, $0.y] }, frame: [left, top, right, bottom])
  }

  /// `#1d232c`, or `rgb(11.4%,13.7%,17.3%)`.
  private static func color(_ text: String?) -> [Double]? {
    guard let text, text != "none" else { return nil }
    if let bits = text.hasPrefix("#") ? Int(text.dropFirst(), radix: 16) : nil {
      return [bits >> 16, bits >> 8 & 0xFF, bits & 0xFF].map(Double.init)
    }
    let parts = text.matches(of: /([0-9.]+)%/).compactMap { Double($0.1) }
    return parts.count == 3 ? parts.map { $0 * 2.55 } : nil
  }

  private static func read(pdf: [UInt8]) throws -> [Shape] {
    let folder = try TemporaryFolder()
    try Data(pdf).write(to: folder.file("figure.pdf"))
    let tool = try #require(Project.tool("pdftocairo"))
    let result = try ProcessResult(tool, ["-svg", "figure.pdf", "figure.svg"], in: folder.url)
    try #require(result.status == 0, "\(result.errors)")
    return try shapes(String(contentsOf: folder.file("figure.svg"), encoding: .utf8))
  }

  // MARK: Comparing

  private static func compare(
    _ figure: Figure, _ theme: ComputationGraph.Presentation.Theme, _ name: String
  ) throws {
    let svg = try shapes(figure.svg(theme: theme, joinsCells: false))
    let pdf = try read(pdf: figure.pdf(theme: theme))
    #expect(svg.count > 15 && svg.contains { $0.ends.count > 4 }, "\(name)")
    let (inSVG, inPDF) = (Places(svg), Places(pdf))
    func isThere(_ shape: Shape) -> Bool {
      let alike = inPDF.near(shape).filter { $0.hasOutline(of: shape) }
      // A box's area and outline are two shapes of a PDF.
      func has(_ color: [Double]?, _ own: KeyPath<Shape, [Double]?>) -> Bool {
        guard let color else { return true }
        return alike.contains { $0[keyPath: own].map { areNear($0, color, 1.5) } ?? false }
      }
      return !alike.isEmpty && has(shape.fill, \.fill) && has(shape.stroke, \.stroke)
    }
    let missing = svg.filter { !isThere($0) }
    #expect(missing.isEmpty, "\(name): \(missing.count) of \(svg.count), such as \(missing.prefix(3))")
    // The outline of an arrow head has the color of its fill, which an SVG need not say.
    let further = pdf.filter { shape in !inSVG.near(shape).contains { $0.hasOutline(of: shape) } }
    #expect(further.isEmpty, "\(name): \(further.count) of \(pdf.count), such as \(further.prefix(3))")
  }

  @Test(arguments: [ComputationGraph.Presentation.Theme.light, .dark, .print])
  func `every box and wire of a theme is that of the SVG, in French`(
    _ theme: ComputationGraph.Presentation.Theme
  ) throws {
    for sample in ["neuron", "two-samples", "mlp"] {
      let figures = try FigureSet(Project.graph(sample), options: FigureOptions(language: .french))
      for stage in figures.stages { try Self.compare(figures.figure(stage), theme, "\(sample) \(stage)") }
    }
  }

  @Test(arguments: Project.samples)
  func `every box and wire of the SVG is in the PDF`(sample: String) throws {
    let figures = try FigureSet(Project.graph(sample))
    let stage = figures.stages.contains(.backward) ? Stage.backward : .forward
    try Self.compare(figures.figure(stage), .light, "\(sample) \(stage)")
  }

  /// A picture that lacks a wire, or has it elsewhere, is told apart from one that has it.
  @Test func `a wire that is missing or moved is found`() throws {
    let svg = try Self.shapes(FigureSet(Project.graph("neuron")).figure(.backward).svg(theme: .light))
    let wire = try #require(svg.first { $0.ends.count > 4 })
    #expect(svg.contains { $0.hasOutline(of: wire) })
    var moved = wire
    for place in moved.ends.indices { moved.ends[place] += 1 }
    for place in moved.frame.indices { moved.frame[place] += 1 }
    #expect(!svg.contains { $0.hasOutline(of: moved) })
  }
}
