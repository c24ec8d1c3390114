import Foundation
import GradvizGraph
import GradvizKit
import GradvizTestSupport
import Testing

@testable import GradvizFigures

/// In the figure of the samples' shares the drawn shares of each parameter add up to its drawn total, which is the
/// gradient of the other figures; bars are as long as their numbers.
@Suite("Shares of samples")
struct SampleSharesTests {
  private func check(_ graph: ComputationGraph, _ what: String) throws -> Int {
    let figures = try FigureSet(graph, options: .init(collapse: Collapse.none))
    guard figures.reasonAgainst(.shares) == nil else { return 0 }
    let drawn = try DrawnFigure(figures.figure(.shares))
    var checked = 0
    var scale: Double?
    for node in figures.context.graph.nodes where node.role == .parameter && node.gradient?[0].isFinite == true {
      let own = drawn.elements.filter { $0.classes.isSuperset(of: ["share-number", "of-\(node.id)"]) }
      guard !own.isEmpty else { continue }
      let numbers = own.map { DrawnFigure.number($0.texts.map(\.string).joined()) ?? .nan }
      let parts = zip(own, numbers).filter { !$0.0.classes.contains("sum") }.map(\.1)
      let total = try #require(zip(own, numbers).first { $0.0.classes.contains("sum") }?.1)
      // Each printed number is off by half a unit of its last digit at the most.
      let tolerance = (parts + [total]).reduce(1e-12) { $0 + abs($1) * 0.006 }
      #expect(abs(parts.reduce(0, +) - total) <= tolerance, "\(node.id): \(parts) \(total) \(what)")
      #expect(
        own.first { $0.classes.contains("sum") }?.texts.first?.string
          == figures.context.text.gradient(
            figures.context.graph.nodes.firstIndex { $0.id == node.id } ?? 0
          ).map { DecimalComma.asPoint($0.plain).trimmingCharacters(in: ["[", "]"]) })
      for bar in drawn.elements where bar.classes.isSuperset(of: ["share-bar", "of-\(node.id)"]) {
        guard let number = DrawnFigure.numbers(bar.title.components(separatedBy: " = ").last ?? "")?.first,
          bar.frame.height > 16
        else { continue }
        let unit = bar.frame.height / abs(number)
        if let scale { #expect(abs(unit / scale - 1) < 0.1, "\(bar.id) \(what)") } else { scale = unit }
      }
      checked += 1
    }
    return checked
  }

  @Test func `shares add up in all samples`() throws {
    var checked = 0
    for sample in ["gradient-descent", "logistic", "minibatch", "polynomial", "xor"] {
      checked += try check(Project.graph(sample, level: .scalar), sample)
    }
    #expect(checked > 15)
  }

  @Test func `shares add up in random programs`() throws {
    var checked = 0
    for program in Seeds.programs(default: 24) {
      guard let graph = try? ComputationGraph.load(text: program.source, path: "random.grad", level: .scalar).graph,
        graph.nodes.count < 400, graph.presentation.gradients ?? .numeric == .numeric
      else { continue }
      checked += try check(graph, program.description)
    }
    #expect(checked > 4)
  }

  @Test func `the sentence says who makes the loss`() throws {
    let figure = try FigureSet(Project.graph("gradient-descent")).figure(.shares)
    let words = figure.labels.map(\.run.text).joined(separator: " ")
    #expect(words.contains("Sample 2 makes 97 % of the loss, yet only 9 % of the push"), "\(words)")
  }

  @Test(arguments: [
    ("param a = 2\nloss L = a * a", "no samples"), ("param a = 2\nb = a * 3", "no `loss`"),
    ("input x = [[1], [2]]\nloss L = sum(x)", "no `param`"),
  ])
  func `where there are none, the figure says why`(_ source: String, _ reason: String) throws {
    let figures = try FigureSet(Project.graph(program: source))
    #expect(figures.reasonAgainst(.shares)?.contains(reason) == true, "\(figures.reasonAgainst(.shares) ?? "none")")
    #expect(!figures.stages.contains(.shares))
    #expect(throws: FigureError.self) { try figures.figure(.shares) }
  }

  @Test func `arrays ask for numbers`() throws {
    let figures = try FigureSet(Project.graph("mlp"))
    #expect(figures.reasonAgainst(.shares)?.contains("level scalar") == true)
  }
}
