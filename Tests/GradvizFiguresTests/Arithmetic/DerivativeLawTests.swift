import Foundation
import GradvizKit
import GradvizTestSupport
import Testing

/// The table below a derivative's curve can be worked out from its own numbers, and they are the function's.
@Suite("Derivatives as printed")
struct DerivativeLawTests {
  private static let programs = [
    "param x = 3\nloss L = x * x", "param x = 0.1\nloss L = exp(x) * 1000", "param x = 2\nloss L = 1 / x",
    "param x = 0\nloss L = sqrt(x)", "param x = 0\nloss L = relu(x) + abs(x)", "param x = 0.5\nloss L = log(x)",
    "param x = 123456.789\nloss L = x * x", "param x = 1\nloss L = (x - 1)**2 * 1e-9",
    "param x = -1\nloss L = x**3 - 1e6",
    "param x = 1e-9\nloss L = sin(1000 * x)", "param x = 1\nloss L = max(x, 2 - x)", "param x = 700\nloss L = exp(x)",
  ]

  @Test(arguments: programs)
  func `of functions`(program: String) throws {
    for precision in [1, 2, 4, 7, 12] { try Self.check(program, of: "x", precision) }
  }

  @Test func `of random programs`() throws {
    for (number, program) in Seeds.programs(default: 8, [.scalar, .batch]).enumerated() {
      let graph = try Project.graph(program: program.source)
      guard let node = graph.nodes.first(where: { $0.role == .parameter && $0.shape.isEmpty }) else { continue }
      try Self.check(program.source, of: node.name, number % 12 + 1)
    }
  }

  @Test(arguments: [
    ("abs(x)", 0, "kink"), ("max(x, 2 - x)", 1, "kink"), ("relu(x)", 0, "kink"), ("floor(x) * x", 2, "jump"),
    ("stop_gradient(x) * x", 2, "gradient"), ("x * x", 0, "tangent"), ("relu(x)", 1, "tangent"),
    ("tanh(x)", 0, "tangent"), ("abs(x) ** 3", 0, "tangent"),
  ])
  func `where the curve has no tangent, none is drawn`(formula: String, place: Double, name: String) throws {
    let plot = try Project.programText("param x = \(place)\nloss L = \(formula)")
      .derivativePlot(of: "x", options: PlotOptions(title: "t", id: "t"))
    let texts = SVGDocument(plot.svg()).texts.map(\.text)
    let known = ["tangent", "kink", "jump", "gradient"]
    // In the table, and beside the line if there is one.
    let hasLine = name == "tangent" || name == "gradient"
    #expect(texts.filter(known.contains) == [String](repeating: name, count: hasLine ? 2 : 1), "\(formula)")
    #expect(texts.contains("by convention") == !hasLine)
  }

  private static func check(_ program: String, of name: String, _ precision: Int) throws {
    let parsed = try Project.programText(program)
    let plot = try parsed.derivativePlot(of: name, options: PlotOptions(title: "t", id: "t", precision: precision))
    let texts = SVGDocument(plot.svg()).texts
    let place = "∂/∂\(name), precision \(precision), of \(program)"
    // The rows below the headings, from left to right.
    var rows: [Int: [(x: Double, text: String)]] = [:]
    for text in texts { rows[Int(text.number("y") ?? 0), default: []].append((text.number("x") ?? 0, text.text)) }
    let lines = rows.sorted { $0.key < $1.key }.map { $0.value.sorted { $0.x < $1.x }.map(\.text) }
    let secants = lines.filter { $0.first == "secant" }
    // Above it stands the same word beside the line.
    let tangent = try #require(
      lines.last { ["tangent", "kink", "jump", "gradient"].contains($0.first ?? "") }, "\(lines)")
    #expect(secants.count == 3)
    func value(_ text: String) -> PrintedText.Result? {
      PrintedText.value(text.replacing("≈ ", with: ""), precision: precision)
    }
    func side(_ text: String?) -> String { text?.components(separatedBy: " = ").last ?? "" }
    let (here, slope) = (
      try #require(value(side(tangent.first { $0.contains(") = ") }))),
      try #require(value(side(tangent.first { $0.hasPrefix("∂") })))
    )
    let graph = parsed.graph(level: .scalar)
    let node = try #require(graph.nodes.first { $0.name == name })
    #expect(ArithmeticLawTests.agree(slope.value, node.gradient?[0] ?? 0, slope.halfUnit * 1.0001 + 1e-300), "\(place)")
    for line in secants where line.count == 5 {
      let cells = line.dropFirst().compactMap(value)
      guard cells.count == 4 else {
        Issue.record("\(line) in \(place)")
        continue
      }
      let (h, there, own, error) = (cells[0], cells[1], cells[2], cells[3])
      hold(
        (there.value - here.value) / h.value, own, line[3], max(there.size, here.size) / h.value, "\(line), \(place)")
      hold(own.value - slope.value, error, line[4], own.size, "\(line), \(place)")
    }
  }

  private static func hold(
    _ result: Double, _ shown: PrintedText.Result, _ text: String, _ size: Double, _ place: String
  ) {
    let slack = 1e-6 * shown.halfUnit + 1e-14 * size
    if text.hasPrefix("≈") {
      #expect(!ArithmeticLawTests.agree(result, shown.value, shown.halfUnit - slack), "≈ where = would do: \(place)")
    } else {
      #expect(ArithmeticLawTests.agree(result, shown.value, shown.halfUnit + slack), "\(result): \(place)")
    }
  }
}
