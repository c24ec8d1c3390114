import Autograd
import Foundation
import GradvizGraph
import GradvizKit
import GradvizTestSupport
import Testing

@testable import GradvizFigures

/// The blocks of the chain rule, the nudge and the close-ups hold as printed, and say what the graph says.
@Suite("Blocks, nudges and close-ups as printed")
struct BlockLawTests {
  private struct Drawn {
    let graph: ComputationGraph
    let reader: FormulaReader
    let place: String
    let precision: Int

    func text(_ id: String) -> String? { reader.parts.first { $0.id == id }?.text }

    func number(_ text: String) -> PrintedText.Result? { PrintedText.value(text, precision: precision) }
  }

  private func draw(_ graph: ComputationGraph, _ place: String, precision: Int = 4, width: Double? = nil) throws
    -> Drawn
  {
    let options = FigureOptions(precision: precision, width: width, closeUps: .all)
    let figure = try FigureSet(graph, options: options).figure(.backward)
    return Drawn(
      graph: graph, reader: FormulaReader(svg: try figure.svg(), id: figure.id),
      place: "\(place), precision \(precision)",
      precision: precision)
  }

  private static let batches = ["minibatch", "gradient-descent", "polynomial", "logistic"]

  @Test(arguments: batches)
  func `of a batch the factors give the share, and the rules give the factors`(sample: String) throws {
    for precision in [2, 3, 4, 7] {
      let drawn = try draw(Project.graph(sample), sample, precision: precision)
      let (blocks, products) = (try checkBlocks(drawn), try checkProducts(drawn))
      // Samples with seven digits do not all fit on the page.
      #expect(blocks > 0 && products > 0 || precision > 4, "\(sample) has no blocks")
    }
  }

  @Test func `of random batches as well`() throws {
    var count = 0
    for program in Seeds.programs(default: 40, [.batch]) {
      let graph = try Program.load(text: program.source, path: "program.grad").graph(level: .scalar)
      guard graph.loss != nil, graph.nodes.count < 200 else { continue }
      let drawn = try draw(graph, "\(program)", precision: Int(program.seed % 6) + 2)
      count += try checkBlocks(drawn)
      _ = try checkProducts(drawn)
    }
    #expect(count > 10, "\(count) blocks")
  }

  /// Returns the number of samples with blocks.
  private func checkBlocks(_ drawn: Drawn) throws -> Int {
    var formula = PrintedFormula(drawn.graph)
    var count = 0
    for lane in 1...max(drawn.graph.laneCount, 1) {
      guard let share = drawn.text("factor-\(lane)-share") else { continue }
      count += 1
      let ids = drawn.reader.parts.map(\.id).filter {
        $0.hasPrefix("factor-\(lane)-") && !$0.hasSuffix("share") && !$0.hasSuffix("about")
      }
      let factors = try ids.map { try #require(drawn.number(drawn.text($0) ?? ""), "\($0) in \(drawn.place)") }
      let isAbout = drawn.reader.parts.contains { $0.id == "factor-\(lane)-about" }
      let result = try #require(drawn.number(share), "\(share) in \(drawn.place)")
      let product = factors.reduce(1) { $0 * $1.value }
      let holds = ArithmeticLawTests.agree(product, result.value, result.halfUnit * 1.000001 + 1e-14 * result.size)
      #expect(holds != isAbout, "\(factors.map(\.value)) for \(share) of sample \(lane) in \(drawn.place)")
      for id in ids {
        guard var rule = drawn.text(id.replacing("factor", with: "rule")), !rule.isEmpty else { continue }
        // A number in front of a name multiplies it.
        rule.replace(/([0-9]) (\p{L})/) { "\($0.1)\($0.2)" }
        let value = try formula.value(rule)
        let number = try #require(drawn.number(drawn.text(id) ?? ""))
        let isNear = abs(value.numbers[0] - number.value) <= 1.01 * number.halfUnit + 1e-9 * number.size
        #expect(isNear, "\(rule) is \(value.numbers), not \(number.value) in \(drawn.place)")
      }
    }
    return count
  }

  private func checkProducts(_ drawn: Drawn) throws -> Int {
    var count = 0
    for part in drawn.reader.parts where part.id.hasPrefix("product-") && part.text.contains("×") {
      count += ArithmeticLawTests.check(part.text, drawn.precision, drawn.place)
    }
    return count
  }

  // MARK: The nudge

  private static let programs = [
    "param a = 2\nparam b = -3\nloss L = a * b + 10", "param a = 0.3\nb = exp(a)\nloss L = tanh(b) * b",
    "param a = 20164\nloss L = a * a",
    "param a = 3\nloss L = relu(a) + abs(a - 3.001)",
    "level tensor\nparam W = random(3, 2, seed: 1)\nloss L = sum(W**2)",
  ]

  @Test(arguments: programs)
  func `a nudge is a second forward pass`(program: String) throws {
    for precision in [2, 4, 8] { try checkNudge(draw(Project.graph(program: program), program, precision: precision)) }
  }

  @Test func `of random programs and samples as well`() throws {
    var count = 0
    for sample in Project.samples { count += try checkNudge(draw(Project.graph(sample), sample)) }
    #expect(count > 12, "\(count) nudges")
    for program in Seeds.programs(default: 30) {
      let graph = try Project.graph(program: program.source)
      guard graph.loss != nil, graph.nodes.count < 300 else { continue }
      count += try checkNudge(draw(graph, "\(program)", precision: Int(program.seed % 7) + 1))
    }
  }

  /// Returns 1 where there is one.
  @discardableResult
  private func checkNudge(_ drawn: Drawn) throws -> Int {
    let stops = drawn.reader.parts.filter { $0.id.hasPrefix("stop-") }
    guard stops.count > 1 else {
      #expect(stops.isEmpty, "\(drawn.place)")
      return 0
    }
    // The reader of the drawn lines does not tell two powers of ten above one another apart.
    if stops.contains(where: { $0.text.contains("×") }) { return 0 }
    var changes: [Double] = []
    for stop in stops {
      // `3 → 3.01 +0.01`
      let match = try #require(
        stop.text.firstMatch(of: /^(.+?) *→ *(.+?) +([+−].+)$/), "\(stop.text) in \(drawn.place)")
      func value(_ text: Substring) throws -> Double {
        try #require(
          PrintedText.value(String(text).replacing("+", with: ""), precision: 12), "\(stop.text) in \(drawn.place)"
        ).value
      }
      let (before, after, change) = (try value(match.1), try value(match.2), try value(match.3))
      #expect(
        abs(after - before - change) <= 1e-9 * max(abs(before), abs(after)) + 1e-15, "\(stop.text) in \(drawn.place)")
      changes.append(change)
    }
    let quotient = try #require(drawn.text("quotient"))
    let ratio = changes[changes.count - 1] / changes[0]
    let gradients = drawn.graph.nodes.filter { $0.role == .parameter }.compactMap(\.gradient).joined()
    #expect(gradients.contains { abs($0 - ratio) <= 0.0501 * abs($0) }, "\(quotient) of \(changes) in \(drawn.place)")
    let sides = quotient.components(separatedBy: " = ").flatMap { $0.components(separatedBy: " ≈ ") }
    let printed = sides.compactMap { PrintedText.value($0, precision: 12)?.value }
    #expect(printed.contains { abs($0 - ratio) <= 1e-9 * abs(ratio) }, "\(quotient) of \(changes) in \(drawn.place)")
    return 1
  }

  // MARK: Close-ups

  @Test(arguments: [
    ("param x = 0.7\nloss L = tanh(x)", 0.6347395899824), ("param x = -2\nloss L = sigmoid(x)", 0.1049935854035),
    ("param x = 1.5\nloss L = exp(x)", 4.4816890703381), ("param x = 0.2\nloss L = log(x)", 5),
    ("param x = -3\nloss L = x**2", -6),
    ("param x = 3\nloss L = relu(x)", 1),
  ])
  func `a close-up says where the slope comes from`(program: String, slope: Double) throws {
    for precision in [3, 4, 9] {
      let drawn = try draw(Project.graph(program: program), program, precision: precision)
      let text = try #require(drawn.text("slope-1"), "\(drawn.reader.parts)")
      let last = try #require(text.split(separator: /[=≈:]/).last.map(String.init))
      let number = try #require(drawn.number(last))
      #expect(abs(number.value - slope) <= number.halfUnit * 1.01, "\(text) in \(drawn.place)")
      _ = ArithmeticLawTests.check(text, precision, drawn.place)
    }
  }

  @Test func `close-ups are chosen by flag, setting and option`() throws {
    let program = "param x = 0.7\na = tanh(x)\nb = tanh(a)\nloss L = exp(b)"
    func count(_ closeUps: ComputationGraph.Presentation.CloseUps?, _ source: String) throws -> Int {
      let figure = try FigureSet(
        Project.graph(program: source), options: .init(closeUps: closeUps)
      ).figure(.backward)
      return figure.regions.count { $0.classes.contains("close-up") }
    }
    // As many as fit beside one another, at most one of a kind.
    #expect(try (1...2).contains(count(nil, program)))
    #expect(try count(.all, program) == 3)
    #expect(try count(ComputationGraph.Presentation.CloseUps.none, program) == 0)
    #expect(try count(nil, "closeups none\n" + program) == 0)
    let graph = try Project.graph(program: "closeups all\n" + program)
    let again = try ComputationGraph.load(text: String(decoding: graph.encodeJSON(), as: UTF8.self), path: "g.json")
      .graph
    #expect(again.presentation.closeUps == .all && again == graph)
  }
}
