import Autograd
import Foundation
import GradvizFigures
import GradvizGraph
import GradvizKit
import GradvizTestSupport
import Testing

/// The pages on what learners ask say what their programs compute.
@Suite("What learners ask")
struct QuestionTests {
  private static let folder = Project.folder.appending(path: "Sources/GradvizKit/GradvizKit.docc/Questions")

  private static func text(_ page: String) throws -> String {
    try String(contentsOf: folder.appending(path: page + ".md"), encoding: .utf8)
  }

  private static func programs(_ text: String) -> [String] {
    text.components(separatedBy: "\n```grad\n").dropFirst().compactMap { $0.components(separatedBy: "\n```\n").first }
  }

  private static func number(_ value: Double?) -> String { NumberFormat(precision: 4).text(value ?? .nan) }

  private static func gradient(_ graph: ComputationGraph, _ name: String) -> String {
    number(graph.nodes.first { $0.name == name }?.gradient?.first)
  }

  private static let quotes: [(page: String, words: @Sendable (ComputationGraph) -> [String])] = [
    ("WhyGradientsAddUp", { ["∂L/∂a = 2 + 3 + 3 = \(gradient($0, "a"))\n"] }),
    (
      "WhyInThisOrder",
      {
        [
          "∂L/∂c = b = \(gradient($0, "c"))", "∂L/∂b = 7 + 6 = \(gradient($0, "b"))\n",
          "∂L/∂a = 13 · 3 = \(gradient($0, "a"))\n",
        ]
      }
    ),
    (
      "WhatALocalDerivativeIs",
      { graph in
        let y = graph.nodes.first { $0.name == "ŷ" }?.value[0] ?? .nan
        return [
          "| 2 · (ŷ − y) | \(gradient(graph, "ŷ")) |", "| 1 − ŷ² | \(number(1 - y * y)) |",
          "\(gradient(graph, "ŷ")) · \(number(1 - y * y)) · 2 = \(gradient(graph, "w"))",
        ]
      }
    ),
    (
      "GradientDescentIsNotBackpropagation",
      { graph in
        let updated = graph.nodes.first { $0.name == "w" }?.updated?.first
        return ["∂L/∂w = \(gradient(graph, "w"))", "| \(number(updated)) |\n", "| \(number(1 + 0.05 * 16)) |"]
      }
    ),
    ("WhatALearningRateDoes", { ["the gradient is \(gradient($0, "w"))"] }),
  ]

  @Test(arguments: quotes.indices) func `numbers in the text are those of the program`(_ index: Int) throws {
    let (page, words) = Self.quotes[index]
    let text = try Self.text(page)
    let programs = Self.programs(text)
    let graph = try Project.graph(program: try #require(programs.first))
    for quote in words(graph) { #expect(text.contains(quote), "\(page) does not say \(quote)") }
  }

  @Test func `every page has a figure, is listed, and has its numbers here`() throws {
    let pages = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).sorted()
    #expect(pages == Self.quotes.map { $0.page + ".md" }.sorted())
    let list = try String(
      contentsOf: Self.folder.deletingLastPathComponent().appending(path: "GradvizKit.md"), encoding: .utf8)
    for page in pages {
      #expect(list.contains("- <doc:\(page.dropLast(3))>"), "\(page)")
      for program in Self.programs(try Self.text(String(page.dropLast(3)))) {
        #expect(try FigureSet(Project.graph(program: program)).stages.count == 5, "\(page)")
      }
    }
  }

  /// The French page of each.
  private static let french = [
    "WhyGradientsAddUp": "PourquoiLesGradientsSAdditionnent", "WhyInThisOrder": "PourquoiDansCetOrdre",
    "WhatALocalDerivativeIs": "LaDeriveeLocale", "GradientDescentIsNotBackpropagation": "DescenteOuRetropropagation",
    "WhatALearningRateDoes": "LeTauxDApprentissage",
  ]

  /// The figures of a text in order: all numbers with digits after the mark, and tables' cells.
  private static func numbers(_ text: String, mark: String) -> [String] {
    let prose = text.replacing(/```grad\n(?s:.)*?\n```/, with: "").replacing(
      /<!-- gradviz:begin(?s:.)*?gradviz:end -->/, with: "")
    return prose.matches(of: /−?[0-9]+(?:[.,][0-9]+)?/).map { $0.output.replacing(mark, with: ".") }.map(String.init)
  }

  @Test func `each page is there in French, with the same programs and numbers, and a French figure`() throws {
    #expect(Set(Self.french.keys) == Set(Self.quotes.map(\.page)))
    let list = try Self.text("../French/EnFrancais")
    for (english, french) in Self.french.sorted(by: { $0.key < $1.key }) {
      let texts = [try Self.text(english), try Self.text("../French/Questions/\(french)")]
      let programs = texts.map { Self.programs($0).map { $0.replacing(/title ".*"\n/, with: "") } }
      #expect(programs[0] == programs[1] && !programs[0].isEmpty, "\(french)")
      #expect(texts[0].components(separatedBy: "\n## ").count == texts[1].components(separatedBy: "\n## ").count)
      // The order of a sentence is the language's own.
      #expect(
        Self.numbers(texts[0], mark: "none").sorted() == Self.numbers(texts[1], mark: ",").sorted(), "\(french)")
      #expect(list.contains("- <doc:\(french)>"), "\(french)")
      #expect(texts[1].components(separatedBy: " lang=fr ").count == programs[1].count + 1, "\(french)")
      let prose = texts[1].replacing(/(?s)```grad.*?```/, with: "").replacing(/\(learning rate\)/, with: "")
      #expect(!prose.contains(/\b(?:forward|backward) pass\b|\blearning rate\b|\bthe\b/), "\(french)")
    }
  }

  @Test(arguments: [0.01, 0.1, 0.5, 1, 1.1]) func `learning rates do what the table says`(_ rate: Double) throws {
    let text = try Self.text("WhatALearningRateDoes")
    let graph = try Project.graph(program: Self.programs(text)[0].replacing("rate  0.1", with: "rate \(rate)"))
    let weight = graph.nodes.first { $0.name == "w" }?.updated?.first
    let row = "| \(Self.number(rate)) | \(Self.number(weight)) | \(Self.number(graph.lossAfterUpdate)) |"
    #expect(text.contains(row), "the table does not say \(row)")
  }
}
