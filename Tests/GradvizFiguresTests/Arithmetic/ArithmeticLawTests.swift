import Autograd
import Foundation
import GradvizFigures
import GradvizGraph
import GradvizKit
import GradvizTestSupport
import Testing

/// Every printed line of arithmetic is correct as printed, to within half a unit of its last digit, or has ≈.
@Suite("Arithmetic as printed")
struct ArithmeticLawTests {
  /// Numbers near the limits of `Double`, sums that cancel, values that are not finite.
  static let extremes = [
    "input a = -1\nparam b = 0\nc = log(a)\nd = 1 / b\nloss L = c * b + d\nrate 0.1",
    "param v = 0\nq = -log(v)\nloss L = q + 1\nrate 0.1", "param v = 800\nq = exp(v)\nloss L = q + 1\nrate 0.1",
    "param w = 0.5\nbig = 1e15\nn = big + w\nm = n - big\nloss L = m * m\nrate 0.1",
    "param x = 18\ny = tanh(x)\nloss L = (y - 1)**2\nrate 0.1",
    "param a = 0.1\nparam b = 0.2\nd = a + b - 0.3\nloss L = d**2\nrate 0.1",
    "param w = 142\ninput x = 142\nloss L = (w - 2*x)**2 + 0.25\nrate 0.00001",
    "param a = 1e-9\nparam b = 1e15\nloss L = a * b * 0.3333 - 1.5e-7\nrate 1e-12",
    "param a = 0.6\nparam c = 0.123456789\nloss L = a * 0.00007 + c * 0.3\nrate 0.01",
    "param a = 123456.789\nparam b = -0.0000123456\nloss L = a * b + 99999.6\nrate 0.1",
    "param a = 1e15\nb = a + 0.5\nloss L = (b - 1e15) * 2\nrate 0.1",
    "param a = 1e-20\nparam b = 1\nc = a + b\nloss L = (c + 1e16) * 3\nrate 0.1",
    "param a = 15\nparam b = 1e-14\nh = tanh(a)\nloss L = h * exp(b) + a**2 * 1e-13 + 1\nrate 0.1",
    "param a = 2\nparam b = 0.5\nc = where(a > b, a * b, a) + clip(a, 0, 1) * b\nloss L = c + sign(a) * elu(b - 1)\nrate 0.1",
    "param w = 2.5\nk = floor(w) + round(w) * gelu(w)\nloss L = k + softplus(w) + leaky_relu(-w) + atan(w) + log2(w)",
    "param a = 0.30004\nparam b = 0.19996\nloss L = (a + b) * 100000.0000001\nrate 0.1",
    "param z1 = 2\nparam z2 = 1\nparam z3 = 0.1\np = max(z1, max(z2, -1)) - z3\nloss L = p * z2 - log(exp(z1) + exp(z3))",
  ]

  @Test(arguments: Project.samples)
  func `of every sample, in every stage`(sample: String) throws {
    let graph = try Project.graph(sample)
    var count = 0
    let other = 1 + sample.utf8.count % 12
    for precision in Seeds.count(default: 0) > 0 ? Array(1...12) : other.isMultiple(of: 2) ? [4] : [4, other] {
      count += try Self.check(graph, precision, precision.isMultiple(of: 2) ? .english : .french, sample)
    }
    if graph.level == .scalar { #expect(count > 0, "\(sample) has no line of arithmetic") }
  }

  @Test(arguments: extremes.indices)
  func `of numbers at the ends of what there is`(index: Int) throws {
    let graph = try Project.graph(program: Self.extremes[index])
    for precision in [1, 3, 4, 12] { _ = try Self.check(graph, precision, .english, Self.extremes[index]) }
  }

  @Test func `of random programs`() throws {
    var count = 0
    for (number, program) in Seeds.programs(default: 10).enumerated() {
      let graph = try Project.graph(program: program.source)
      count += try Self.check(
        graph, number % 12 + 1, number.isMultiple(of: 2) ? .english : .french, "\(program)")
    }
    #expect(count > Seeds.count(default: 10) * 5, "\(count) lines")
  }

  // MARK: The law

  /// Reads back all stages; returns the number of numbers evaluated.
  static func check(
    _ graph: ComputationGraph, _ precision: Int, _ language: ComputationGraph.Presentation.Language,
    _ name: String
  ) throws -> Int {
    let figures = try FigureSet(
      graph, options: .init(precision: precision, language: language))
    var count = 0
    for stage in figures.stages {
      let figure = try figures.figure(stage)
      let drawn = FormulaReader(svg: try figure.svg(), id: figure.id)
      let place = "\(stage) of \(name), precision \(precision)"
      for line in drawn.lines where !line.text.hasPrefix("⚠") { count += check(line.text, precision, place) }
      for text in drawn.labels.map(\.text) + drawn.brackets.map(\.text) {
        count += check(text, precision, "label in \(place)")
      }
      for part in drawn.tooltips.flatMap({ $0.split(separator: "; ") }) {
        count += check(String(part), 12, "tooltip in \(place)")
      }
    }
    return count
  }

  /// Compares each side of a line with the next; returns the number of sides.
  static func check(_ line: String, _ precision: Int, _ place: String) -> Int {
    var line = line
    if line.hasPrefix("["), line.hasSuffix("]") { line = String(line.dropFirst().dropLast()) }
    let (sides, relations) = sides(line)
    for (index, side) in sides.enumerated().dropFirst() where side == sides[index - 1] {
      Issue.record("`\(side)` twice in \(line) of \(place)")
    }
    guard sides.count > 1 else { return 0 }
    let values = sides.map { PrintedText.value($0, precision: precision) }
    var count = 0
    for (index, relation) in relations.enumerated() {
      guard let left = values[index], let right = values[index + 1] else { continue }
      count += 1
      if relation == "=" {
        #expect(left.gives(right).mayBe, "\(line): \(left.value) for \(right.value) in \(place)")
      } else if right.isNumber, relations.count(where: { $0 == "≈" }) == 1 {
        #expect(!left.gives(right).mustBe, "≈ where = would do: \(line) in \(place)")
      }
    }
    return count
  }

  static func agree(_ left: Double, _ right: Double, _ tolerance: Double) -> Bool {
    guard left.isFinite, right.isFinite else { return left.isNaN ? right.isNaN : left == right }
    return abs(left - right) <= tolerance
  }

  private static func sides(_ line: String) -> (sides: [String], relations: [Character]) {
    var (sides, relations, depth): ([String], [Character], Int) = ([""], [], 0)
    for character in line {
      // In brackets and in an argument it is a condition.
      if "([".contains(character) { depth += 1 }
      if ")]".contains(character) { depth -= 1 }
      if depth == 0, character == "=" || character == "≈" {
        relations.append(character)
        sides.append("")
      } else {
        sides[sides.count - 1].append(character)
      }
    }
    return (sides, relations)
  }
}
