import Autograd
import Foundation
import GradvizFigures
import GradvizGraph
import GradvizKit
import GradvizTestSupport
import Testing

/// Figures in French are French: no word of the table is left in English, numbers have commas, and signs their spaces.
@Suite("French")
struct FrenchTests {
  private static let samples = [
    "neuron", "two-samples", "softmax", "attention", "momentum", "mlp", "conv", "reuse", "minibatch",
  ]

  @Test func `the table has a French text for every English one`() throws {
    let table = try WordTable()
    #expect(table.count > 250)
    #expect(table.english.isSuperset(of: ["the", "with", "loss", "pass", "forward", "backward", "learning", "step"]))
    for text in table.french {
      let words = text.replacing(/`[^`]*`/, with: "")
      #expect(!words.contains(/\b(pass|forward|backward|loss|learning|rate|step|weights|training)\b/), "\(text)")
      // `word` puts the space that a line never breaks at before these.
      #expect(!text.contains(/[a-zéèà)»][:;!?](?:\s|$)/), "no space: \(text)")
    }
  }

  @Test(arguments: samples)
  func `no English word is left in a figure, and numbers have commas`(sample: String) throws {
    let table = try WordTable()
    let graph = try Self.untitled(sample)
    let names = Self.names(graph)
    let set = try FigureSet(graph, options: .init(language: .french))
    var figures = try set.stages.map { try set.figure($0) } + [set.frame(1)]
    if set.reasonAgainst(.shares) == nil { figures.append(try set.figure(.shares)) }
    #expect(figures.count > 4)
    for figure in figures {
      let texts = try Self.texts(figure)
      let place = "\(figure.stage) of \(sample)"
      for text in texts {
        let left = WordTable.words(text).intersection(table.english).subtracting(names)
        #expect(left.isEmpty, "\(left.sorted()) in “\(text)”, \(place)")
        #expect(!text.contains(/[0-9]\.[0-9]/), "“\(text)”, \(place)")
        #expect(!text.contains(/[a-zé)0-9][:;!?]\ /), "no space in “\(text)”, \(place)")
      }
      // A space at the end of a run is a gap.
      for run in SVGDocument(try figure.svg()).elements where ["text", "title", "desc"].contains(run.name) {
        #expect(!run.text.contains(/\ [:;!?](?:\ |$)/), "a line may break in “\(run.text)”, \(place)")
      }
      #expect(texts.contains { $0.contains(/[0-9],[0-9]/) }, "no number in \(place)")
    }
  }

  @Test func `a program can keep its points, or have commas in English`() throws {
    let program = "param w = 1.5\nloss L = max(w * 0.25, -2.5)\nrate 0.1\n"
    for (setting, mark) in [
      ("lang fr", ","), ("lang fr\ndecimal point", "."), ("", "."), ("decimal comma", ","),
    ] {
      let graph = try Project.graph(program: setting + "\n" + program)
      let other = mark == "," ? "." : ","
      let set = try FigureSet(graph)
      for stage in set.stages {
        let texts = try Self.texts(set.figure(stage)).joined(separator: "\n")
        #expect(texts.contains("1\(mark)5") && !texts.contains("1\(other)5"), "\(setting), \(stage): \(texts)")
        #expect(!texts.contains("0\(other)1"), "\(setting), \(stage): \(texts)")
      }
      let tooltips = try Self.texts(set.figure(.forward))
      #expect(tooltips.contains { $0.contains("max(n1\(mark == "," ? "\u{A0};" : ",") −2\(mark)5)") }, "\(tooltips)")
      let again = try ComputationGraph.decodeJSON(graph.encodeJSON())
      #expect(again.presentation.decimal == graph.presentation.decimal)
    }
  }

  @Test func `positions keep their points`() throws {
    let set = try FigureSet(try Project.graph("neuron"), options: .init(language: .french))
    let document = SVGDocument(try set.figure(.backward).svg())
    #expect(document.error == nil)
    for text in document.elements where text.name == "text" {
      #expect(text.number("x") != nil && text.number("y") != nil)
    }
  }

  // MARK: What is read

  private static func untitled(_ sample: String) throws -> ComputationGraph {
    var graph = try Project.graph(sample)
    graph.presentation.title = "Titre"
    graph.presentation.caption = nil
    return graph
  }

  /// The names of values, operations and classes, which are the program's own.
  private static func names(_ graph: ComputationGraph) -> Set<String> {
    let own = graph.nodes.map(\.name) + graph.nodes.compactMap(\.array) + graph.nodes.compactMap(\.scope)
    let words = graph.classes.flatMap { $0.words + [$0.name] } + graph.nodes.flatMap { $0.updateTerms.map(\.name) }
    let functions = Tape.Operation.allCases.map(\.rawValue) + ["where", "zeros", "ones", "None", "axis"]
    return Set((own + words + functions).flatMap(WordTable.words))
  }

  private static func texts(_ figure: Figure) throws -> [String] {
    let document = SVGDocument(try figure.svg())
    let lines = DrawnLine.lines(document.elements).map(\.text)
    return lines + document.elements.filter { ["title", "desc"].contains($0.name) }.map(\.text)
  }
}
