import Autograd
import Foundation
import GradvizFigures
import GradvizGraph
import GradvizKit
import GradvizTestSupport
import GraphvizRenderer
import Testing

@Suite("Options of the figures")
struct FigureOptionTests {
  private func document(_ figure: Figure, theme: ComputationGraph.Presentation.Theme = .auto) throws
    -> SVGDocument
  {
    let document = SVGDocument(try figure.svg(theme: theme))
    #expect(document.error == nil)
    return document
  }

  private func boxTexts(_ document: SVGDocument) -> [String: [String]] {
    var texts: [String: [String]] = [:]
    for element in document.texts {
      guard let group = element.groups.last, group.classes.contains("node") else { continue }
      texts[String(group.id.split(separator: "-").last ?? ""), default: []].append(element.text)
    }
    return texts
  }

  @Test func `frames of the backward pass: later gradients blank, places fixed`() throws {
    let figures = try FigureSet(Project.graph("chain"))
    #expect(figures.stepCount == 4)
    // The article's "Exemple manuel", 1 to 4.
    let known: [Set<String>] = [
      ["L"], ["L", "d", "f"], ["L", "d", "f", "e", "c"], ["L", "d", "f", "e", "c", "a", "b"],
    ]
    let whole = try document(figures.figure(.backward)).boxes
    for step in 1...4 {
      let frame = try document(figures.frame(step))
      let shown = boxTexts(frame).filter { $0.value.contains { $0.hasPrefix("[") } }.map(\.key)
      #expect(Set(shown) == known[step - 1], "step \(step)")
      #expect(frame.boxes.map(\.frame) == whole.map(\.frame))
      let badges = frame.elements.filter {
        $0.groups.last?.classes.contains("order") == true && $0.name == "text"
      }
      #expect(badges.count == known[step - 1].count)
    }
  }

  @Test func `French words are the article's`() throws {
    let graph = try Project.graph("gradient-descent")
    let figures = try FigureSet(graph, options: .init(language: .french))
    #expect(try document(figures.figure(.loss)).texts.contains { $0.text == "Fonction de perte (loss)" })
    #expect(try document(figures.figure(.update)).texts.contains { $0.text == "Mise à jour des poids" })
    #expect(try document(figures.figure(.overview)).texts.contains { $0.text == "Descente de gradient" })
    let file = try Project.graph(program: "lang fr\nparam a = 2\nloss L = a * a")
    #expect(file.presentation.language == .french)
    let styled = try Project.graph(program: "theme print\nparameters shared\nparam a = 2\nloss L = a * a")
    #expect(styled.presentation.theme == .print && styled.presentation.parameters == .shared)
    #expect(try ComputationGraph.decodeJSON(styled.encodeJSON()) == styled)
    let again = try ComputationGraph.decodeJSON(file.encodeJSON())
    #expect(again == file)
  }

  @Test func `print is black, white and grey`() throws {
    let figures = try FigureSet(Project.graph("minibatch"))
    for stage in Stage.defaults {
      for element in try document(figures.figure(stage), theme: .print).elements {
        for property in ["fill", "stroke"] {
          guard let color = element.attributes[property], color.hasPrefix("#") else { continue }
          let digits = Array(color.dropFirst())
          #expect(digits[0...1] == digits[2...3] && digits[2...3] == digits[4...5], "\(color)")
        }
      }
    }
    let png = try figures.figure(.loss).png(theme: .dark)
    #expect(try png != figures.figure(.loss).png())
    let dark = try figures.figure(.loss).svg(theme: .dark)
    #expect(!dark.contains("@media") && dark.contains(Palette.entry(.page).dark.hex))
  }

  @Test func `parameters are repeated in every lane, or shared`() throws {
    let graph = try Project.graph("minibatch")
    func dashed(_ style: ComputationGraph.Presentation.ParameterStyle?, _ stage: Stage) throws -> Int {
      let figures = try FigureSet(graph, options: .init(parameters: style))
      return try document(figures.figure(stage)).boxes.count { $0.id.contains("__lane") }
    }
    for stage in [Stage.forward, .loss, .backward, .update] {
      #expect(try dashed(nil, stage) == 0 && dashed(.shared, stage) == 0, "\(stage)")
      #expect(try dashed(.repeated, stage) == 6, "\(stage)")
    }
  }

  @Test func `a local derivative that is a value is named`() throws {
    let figures = try FigureSet(Project.graph("neuron"))
    let texts = try document(figures.figure(.backward)).texts.map(\.text)
    #expect(texts.contains("w₂ = 2") && texts.contains("x₂ = −2") && texts.contains("1 − L² = 0.4200"))
  }

  @Test func `large arrays are heat maps with the least and the greatest number`() throws {
    let graph = try Project.graph(
      program: "level tensor\nparam W = random(40, 30, seed: 1)\nh = tanh(W)\nloss L = sum(h**2)")
    let figures = try FigureSet(graph)
    let forward = try document(figures.figure(.forward))
    let cells = forward.elements.filter { $0.groups.last?.classes.contains("node") == true }.flatMap(\.heatCells)
    #expect(cells.count == 3 * 40 * 30)
    #expect(
      forward.texts.contains {
        $0.text.hasPrefix("min −") && $0.text.contains("max")
      })
    let small = try FigureSet(
      Project.graph(program: "level tensor\nparam W = ones(4, 4)\nloss L = sum(W * W)"))
    #expect(
      try document(small.figure(.forward)).texts.count {
        $0.text == "1" && $0.groups.last?.id.hasSuffix("-W") == true
      } == 16)
  }

  @Test func `without positions the reader's own layout draws the graph`() throws {
    let figure = try FigureSet(Project.graph("neuron")).figure(.backward)
    let text = figure.dotWithoutPositions.text
    #expect(!text.contains("pos=") && !text.contains("nop2"))
    let svg = try Graphviz.svg(text, style: SVGStyle(id: "f", title: "", description: ""))
    let boxes = SVGDocument(svg).elements.filter { element in
      element.name == "g" && ["node ", "operation "].contains { element.attributes["class"]?.hasPrefix($0) == true }
    }
    #expect(boxes.count == 15)
    if let dot = Project.tool("dot") {
      let result = try ProcessResult(dot, ["-Tsvg"], input: Data(text.utf8))
      #expect(result.status == 0 && result.errors == "")
    }
  }
}
