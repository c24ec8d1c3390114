import Autograd
import Foundation
import GradvizFigures
import GradvizGraph
import GradvizKit
import GradvizTestSupport
import Testing

/// The catalog's articles state what their programs compute, equally in both languages.
@Suite struct DocumentationTests {
  struct Article: CustomTestStringConvertible {
    let english: String
    let french: String
    var testDescription: String { english }

    init(_ english: String, _ french: String) {
      self.english = english
      self.french = french
    }

    func texts() throws -> [String] {
      try [Documentation.text("Learn/\(english).md"), Documentation.text("French/\(french).md")]
    }
  }

  static let articles = [
    Article("TheForwardPass", "PropagationAvant"), Article("TheLoss", "FonctionDePerte"),
    Article("TheBackwardPass", "Retropropagation"),
    Article("GradientDescentAndBackpropagation", "DescenteDeGradient"), Article("MiniBatches", "MiniLots"),
    Article("TheDerivative", "Derivee"), Article("ScalarsAndTensors", "ScalairesEtTenseurs"),
    Article("ThreeQuestions", "TroisQuestions"), Article("TheExplorer", "LExplorateur"),
  ]

  @Test func `each article is there in both languages`() throws {
    let folder = Documentation.catalog
    func names(_ part: String) throws -> Set<String> {
      Set(
        try FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent(part).path)
          .filter { $0.hasSuffix(".md") }.map { String($0.dropLast(3)) })
    }
    #expect(try names("Learn") == Set(Self.articles.map(\.english)))
    #expect(try names("French").subtracting(["EnFrancais", "DepuisPython"]) == Set(Self.articles.map(\.french)))
  }

  @Test(arguments: articles) func `both languages compute the same`(_ article: Article) throws {
    let texts = try article.texts()
    let graphs = try texts.map { try Documentation.programs($0).map { try Project.graph(program: $0) } }
    #expect(!graphs[0].isEmpty)
    #expect(graphs[0].count == graphs[1].count)
    for (english, french) in zip(graphs[0], graphs[1]) {
      #expect(english.nodes.map(\.name) == french.nodes.map(\.name))
      #expect(english.nodes.map(\.value) == french.nodes.map(\.value))
      #expect(english.nodes.map(\.gradient) == french.nodes.map(\.gradient))
      #expect(english.learningRate == french.learningRate)
    }
    #expect(Documentation.sections(texts[0]) == Documentation.sections(texts[1]), "a section is missing")
  }

  /// A quote of a program's numbers in an article: the article, the index of the program, the words with
  /// their numbers.
  struct Quote: Sendable, CustomTestStringConvertible {
    let article: String
    let program: Int
    let words: @Sendable (ComputationGraph) -> String
    var testDescription: String { "\(article), program \(program)" }
  }

  static let quotes: [Quote] = [
    Quote(article: "TheForwardPass", program: 0) { "tanh(\($0.value("n4"))) = \($0.value("ŷ"))" },
    Quote(article: "TheForwardPass", program: 1) { "tanh(2) = \($0.value("ŷ[0]"))" },
    Quote(article: "TheForwardPass", program: 1) { "tanh(0) = \($0.value("ŷ[1]"))" },
    Quote(article: "TheLoss", program: 0) { $0.value("D[0]", 3) },
    Quote(article: "TheLoss", program: 0) {
      "\($0.number("D[0]") * $0.number("D[0]"), 3) + \($0.number("D[1]") * $0.number("D[1]"), 3) = \($0.number("L"), 3)"
    },
    Quote(article: "TheBackwardPass", program: 0) { "∂L/∂d = f = \($0.gradient("d"))" },
    Quote(article: "TheBackwardPass", program: 0) { "∂L/∂f = d = \($0.gradient("f"))" },
    Quote(article: "TheBackwardPass", program: 0) { "∂L/∂e = ∂L/∂c = 1 · −2 = \($0.gradient("c"))" },
    Quote(article: "TheBackwardPass", program: 0) { "∂L/∂e · b = −2 · −3 = \($0.gradient("a"))" },
    Quote(article: "TheBackwardPass", program: 0) { "∂L/∂e · a = −2 · 2 = \($0.gradient("b"))" },
    Quote(article: "TheBackwardPass", program: 1) { "∂c/∂b = \($0.gradient("b"))" },
    Quote(article: "TheBackwardPass", program: 1) { "∂c/∂a = \($0.gradient("a"))" },
    Quote(article: "TheBackwardPass", program: 2) { $0.gradient("w[1]") },
    Quote(article: "TheBackwardPass", program: 2) { $0.gradient("b") },
    Quote(article: "TheBackwardPass", program: 2) { "2 · (ŷ − y) = \($0.gradient("ŷ"))\n" },
    Quote(article: "TheBackwardPass", program: 2) {
      "(1 − ŷ²) = \($0.gradient("ŷ", 5)) · \(1 - $0.number("ŷ") * $0.number("ŷ"), 5) = \($0.gradient("n4"))\n"
    },
    Quote(article: "TheBackwardPass", program: 2) {
      "\($0.gradient("n4", 5)) · \($0.value("x[1]")) = \($0.gradient("w[1]"))\n"
    },
    Quote(article: "GradientDescentAndBackpropagation", program: 0) { "\($0.number("L"), 4)" },
    Quote(article: "GradientDescentAndBackpropagation", program: 0) { "\($0.lossAfterUpdate ?? .nan, 4)" },
    Quote(article: "GradientDescentAndBackpropagation", program: 1) { $0.gradient("w") },
    Quote(article: "MiniBatches", program: 0) {
      "∂L/∂b = \($0.gradient("n4_1")) − 0.2 = \($0.gradient("b"))"
    },
    Quote(article: "TheDerivative", program: 0) { $0.gradient("w[1]") },
    Quote(article: "ThreeQuestions", program: 0) { "1/7 = \($0.gradient("T4"))" },
  ]

  /// Numbers in English, and with French commas.
  private static let languages: [@Sendable (String) -> String] = [
    { $0 }, { $0.replacing(/([0-9])\.([0-9])/) { "\($0.output.1),\($0.output.2)" } },
  ]

  @Test(arguments: quotes) func `numbers in the text are those of its programs`(_ quote: Quote) throws {
    let article = try #require(Self.articles.first { $0.english == quote.article })
    for (text, write) in zip(try article.texts(), Self.languages) {
      let words = write(quote.words(try Project.graph(program: Documentation.programs(text)[quote.program])))
      #expect(text.contains(words), "the article does not say \(words)")
    }
  }

  @Test(arguments: [0.001, 0.05, 0.125, 0.25, 0.3]) func `learning rates do what the table says`(
    _ rate: Double
  ) throws {
    for (text, write) in zip(try Self.articles[3].texts(), Self.languages) {
      let program = Documentation.programs(text)[1].replacing("rate    0.05", with: "rate \(rate)")
      let graph = try Project.graph(program: program)
      let weight = try #require(graph.nodes.first { $0.name == "w" }?.updated?.first)
      let row = write("| \(rate, 4) | \(weight, 4) | \(graph.lossAfterUpdate ?? .nan, 4) |")
      #expect(text.contains(row), "the table does not say \(row)")
    }
  }

  @Test func `the tutorial quotes its last program`() throws {
    let text = try Documentation.text("Tutorials/DrawYourFirstGradient.tutorial")
    let graph = try Project.graph(program: Documentation.text("Resources/first-4.grad"))
    #expect(
      text.contains("a gets −12 · −3 = \(graph.gradient("a")), b gets −12 · 2 = \(graph.gradient("b"))"))
    for name in ["a", "b"] {
      let node = try #require(graph.nodes.first { $0.name == name })
      #expect(text.contains(" = \(node.updated?.first ?? .nan, 4)"), "\(name) after the step")
    }
    #expect(text.contains("L = \(graph.lossAfterUpdate ?? .nan, 4) instead of \(graph.value("L"))"))
  }
}

private enum Documentation {
  static let catalog = Project.folder.appendingPathComponent("Sources/GradvizKit/GradvizKit.docc")

  static func text(_ path: String) throws -> String {
    try String(contentsOf: catalog.appendingPathComponent(path), encoding: .utf8)
  }

  static func programs(_ text: String) -> [String] {
    text.components(separatedBy: "\n```grad\n").dropFirst().compactMap {
      $0.components(separatedBy: "\n```\n").first
    }
  }

  static func sections(_ text: String) -> Int { text.components(separatedBy: "\n## ").count }
}

extension ComputationGraph {
  fileprivate func number(_ name: String) -> Double {
    nodes.first { $0.name == name }?.value.first ?? .nan
  }

  fileprivate func value(_ name: String, _ precision: Int = 4) -> String { "\(number(name), precision)" }

  fileprivate func gradient(_ name: String, _ precision: Int = 4) -> String {
    "\(nodes.first { $0.name == name }?.gradient?.first ?? .nan, precision)"
  }
}

extension String.StringInterpolation {
  /// A number with this many significant digits, as in figures.
  fileprivate mutating func appendInterpolation(_ number: Double, _ precision: Int) {
    appendLiteral(NumberFormat(precision: precision).text(number))
  }
}
