import Autograd
import Foundation
import GradvizFigures
import GradvizGraph
import GradvizKit
import GradvizPlots
import GradvizTestSupport
import Testing

/// Hostile texts are shown as they are, and do nothing.
@Suite("Hostile input")
struct HostileInputTests {
  @Test func `names, scopes, title and rule of a graph are text in every figure`() throws {
    let names = Hostile.names
    // Names that differ only in characters that no file may contain are still two names.
    for start in stride(from: 0, to: names.count, by: 12) {
      let some = Array(names[start..<min(start + 12, names.count)])
      let json = try Hostile.graph(names: some, title: some[0], caption: some[1 % some.count])
      let graph = try ComputationGraph.load(text: json, path: "graph.json").graph
      #expect(graph.nodes.prefix(some.count).map(\.name) == some)
      let wrong = try complaints(graph, dot: start % 24 == 0)
      #expect(wrong == [], "\(some)")
      // Through our own format and back.
      #expect(try ComputationGraph.decodeJSON(graph.encodeJSON()).checked().graph == graph)
    }
  }

  @Test func `a name of which nothing is shown is refused`() throws {
    for text in Hostile.texts where !Hostile.names.contains(text) {
      let json = try Hostile.graph(names: ["a", text], title: "", caption: "")
      let error = #expect(throws: InputError.self) { try ComputationGraph.load(text: json, path: "g.json") }
      #expect(
        error?.description.prefixMatch(of: /g\.json:\d+:\d+: error: nodes\[1\]\.name: the name\s/) != nil,
        "\(text.debugDescription)")
    }
  }

  @Test func `names of a graph that is placed without dot are text as well`() throws {
    let names = Hostile.names
    let many = names + (0..<200).map { "\(names[$0 % names.count]) \($0)" }
    let graph = try ComputationGraph.load(
      text: try Hostile.graph(names: many, title: "]]>\u{202E}<script>", caption: "&amp; \\N"),
      path: "graph.json"
    ).graph
    #expect(graph.nodes.count > FigureLimits.maxBoxesAtOnce)
    let wrong = try complaints(graph)
    #expect(wrong == [])
    let figures = try FigureSet(graph, options: .init(collapse: Collapse.none))
    let svg = SVGDocument(String(decoding: try figures.figure(.forward).data(.svg), as: UTF8.self))
    let tooltips = Set(svg.elements.filter { $0.name == "title" }.map(\.text))
    for name in ["&amp;", "&lt;script&gt;", "\\N", "\\", "]]>"] {
      #expect(tooltips.contains { $0.hasPrefix(name) }, "\(name)")
    }
  }

  @Test func `title and caption of a program are shown as they are`() throws {
    var seen = 0
    for text in Hostile.texts {
      guard let literal = Hostile.literal(text) else { continue }
      let program = "title \(literal)\ncaption \(literal)\nparam w = 2\nloss L = w * w\nrate 0.1\n"
      let graph = try ComputationGraph.load(text: program, path: "program.grad").graph
      #expect(graph.presentation.title == text && graph.presentation.caption == text)
      let figures = try FigureSet(graph)
      let svg = String(decoding: try figures.figure(.loss).data(.svg), as: UTF8.self)
      #expect(SVGAudit.complaints(svg) == [], "\(text.debugDescription)")
      let document = SVGDocument(svg)
      let shown = Hostile.shown(text)
      #expect(
        document.elements.first { $0.name == "title" }?.text.hasPrefix(shown) == true,
        "\(text.debugDescription)")
      // A text of only spaces draws nothing.
      if shown.contains(where: { !$0.isWhitespace }) {
        let bare = shown.trimmingCharacters(in: .whitespaces)
        #expect(
          document.texts.count { $0.text.trimmingCharacters(in: .whitespaces) == bare } >= 2, "\(text.debugDescription)"
        )
      }
      if seen % 8 == 0 {
        #expect(try silence(figures.figure(.loss).dot.text) == [], "\(text.debugDescription)")
      }
      seen += 1
    }
    #expect(seen > 80)
  }

  @Test func `plots carry no more than figures do`() throws {
    for text in ["<script>&]]>\u{1B}[31m\u{202E}", "\" onload=\"x", "\\N%s{|}"] {
      let literal = try #require(Hostile.literal(text))
      let program = try Project.programText(
        "title \(literal)\ninput x = [[0.0], [1.0]]\ntarget y = [0, 1]\nparam w = [1.0]\nparam b = 0.0\nloss L = mse(x @ w + b, y)\nrate 0.1\nsteps 3"
      )
      let training = try ProgramTraining(program)
      while try training.next() != nil {}
      try training.finish()
      let options = PlotOptions(title: text, id: "plot")
      let plots = [
        training.descentPlot(options: options),
        training.parameterPlot(options: options),
        training.fitPlot(options: options),
        try training.landscapePlot(["w1", "b"], others: [], options: options),
        try program.derivativePlot(of: "w1", options: options),
      ].compactMap { $0 }
      #expect(plots.count >= 4)
      for plot in plots {
        #expect(SVGAudit.complaints(plot.svg(theme: .auto)) == [], "\(text.debugDescription)")
      }
    }
  }

  @Test func `PDF and PNG are drawn from any text`() throws {
    let names = Hostile.names
    let graph = try ComputationGraph.load(
      text: try Hostile.graph(names: names, title: names.joined(separator: " "), caption: "\u{0}"),
      path: "graph.json"
    ).graph
    let figure = try FigureSet(graph, options: .init(collapse: Collapse.none))
      .figure(.backward)
    let pdf = String(decoding: try figure.data(.pdf), as: UTF8.self)
    #expect(pdf.hasPrefix("%PDF"))
    for word in ["/JavaScript", "/URI", "/Launch", "/OpenAction", "/EmbeddedFile"] {
      #expect(!pdf.contains(word), "\(word)")
    }
    #expect(try figure.data(.png).prefix(4) == [0x89, 0x50, 0x4E, 0x47])
  }
}
