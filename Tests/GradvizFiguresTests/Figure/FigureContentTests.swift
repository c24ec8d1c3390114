import Autograd
import Foundation
import GradvizFigures
import GradvizGraph
import GradvizKit
import GradvizTestSupport
import Testing

@Suite("What the figures say")
struct FigureContentTests {
  private func texts(_ sample: String, _ stage: Stage) throws -> [String] {
    let figures = try FigureSet(
      Project.graph(sample), options: .init(precision: 4))
    return SVGDocument(try figures.figure(stage).svg()).texts.map(\.text)
  }

  private func boxText(_ svg: String, _ id: String) -> [String] {
    SVGDocument(svg).texts.filter { $0.groups.last?.id.hasSuffix("-\(id)") == true }.map(\.text)
  }

  @Test func `the article's chain has the article's symbolic gradients`() throws {
    let svg = try FigureSet(Project.graph("chain")).figure(.backward).svg()
    for (id, gradient) in [
      ("a", "[f·b = 6]"), ("b", "[f·a = −4]"), ("c", "[f = −2]"), ("d", "[f = −2]"), ("e", "[f = −2]"),
      ("f", "[d = 4]"), ("L", "[1]"),
    ] {
      #expect(boxText(svg, id).contains(gradient), "\(id)")
    }
    let pills = SVGDocument(svg).texts.map(\.text).filter { $0.contains(" = ") && !$0.hasPrefix("[") }
    #expect(Set(["f = −2", "d = 4", "a = 2", "b = −3"]).isSubset(of: pills), "\(pills)")
  }

  @Test func `a fraction on one line keeps its parts together`() throws {
    let graph = try Project.graph(program: "param p = 0.25\nparam q = 3\nloss L = log(1 - p) / (q + 1)")
    let svg = try FigureSet(graph, options: .init(gradients: .symbolic)).figure(
      .backward
    ).svg()
    let texts = SVGDocument(svg).texts.map(\.text)
    #expect(texts.contains("[1/((q + 1)·(1 − p)) = 0.3333]"), "\(texts)")
    #expect(texts.contains("1/n₁ = 1.333") && texts.contains("−n₂/n₃² = 0.01798"), "\(texts)")
    #expect(!texts.contains { $0.contains("1/1") })
    #expect(!svg.contains("/1 − p") && !svg.contains("/q + 1"))
  }

  @Test func `the neuron's update is the article's`() throws {
    let svg = try FigureSet(Project.graph("neuron")).figure(.update).svg()
    #expect(boxText(svg, "w2").contains("2 → 2.084"))
    #expect(boxText(svg, "b").contains("3 → 2.958"))
  }

  @Test func `each sample adds its share`() throws {
    let shown = try texts("minibatch", .backward)
    for text in ["[−0.1768]", "[0.02318]", "[−0.2]", "0.02318", "−0.2", "= −0.1768"] {
      #expect(shown.contains(text), "\(text)")
    }
  }

  @Test func `the loss is written with names, then with numbers`() throws {
    // Spaces are gaps between texts, not characters.
    let line = try texts("minibatch", .loss).joined().replacing(" ", with: "")
    #expect(line.contains("n₅⁽¹⁾=(ŷ⁽¹⁾−y⁽¹⁾)²=(0.96403−0.8)²=0.02691"), "\(line)")
    #expect(line.contains("n₅⁽²⁾=(ŷ⁽²⁾−y⁽²⁾)²=(0−0.1)²=0.01"), "\(line)")
    #expect(line.contains("L=n₅⁽¹⁾+n₅⁽²⁾=0.02691+0.01=0.03691"), "\(line)")
  }

  @Test func `before the backward pass no gradient is shown`() throws {
    for stage in [Stage.forward, .loss] {
      #expect(try texts("minibatch", stage).allSatisfy { !$0.hasPrefix("[") })
    }
  }

  @Test func `numbers that are not finite stand out, with a warning`() throws {
    let graph = try Project.graph(
      program: "input a = -1\nparam b = 0\nc = log(a)\nd = 1 / b\nloss L = c * b + d")
    for stage in Stage.defaults where stage != .overview {
      let svg = try FigureSet(graph).figure(stage).svg()
      let document = SVGDocument(svg)
      let warnings = document.texts.filter { $0.text.hasPrefix("⚠") }
      #expect(warnings.contains { $0.text.contains("c = log(a)") && $0.text.contains("NaN") }, "\(stage)")
      let red = Palette.entry(.warning).light.hex
      #expect(document.texts.contains { $0.text == "NaN" && $0.attributes["fill"] == red }, "\(stage)")
    }
  }

  @Test func `a value used twice has two arrows and both shares`() throws {
    let svg = try FigureSet(Project.graph("reuse")).figure(.backward).svg()
    let document = SVGDocument(svg)
    #expect(document.texts.filter { $0.text == "b = 6" }.count == 2)
    #expect(boxText(svg, "a").contains("[24]"))
  }

  @Test func `precision, gradients and direction are honoured`() throws {
    let graph = try Project.graph("neuron")
    let short = try FigureSet(graph, options: .init(precision: 2)).figure(.backward)
      .svg()
    #expect(boxText(short, "w2").contains("[−0.84]"))
    let both = try FigureSet(graph, options: .init(gradients: .both)).figure(
      .backward
    ).svg()
    #expect(boxText(both, "b").contains("[1 − L² = 0.4200]"))
    let wide = try FigureSet(graph).figure(.forward)
    let tall = try FigureSet(graph, options: .init(direction: .topToBottom)).figure(
      .forward)
    func heightOfBoxes(_ figure: Figure) -> Double {
      let frames = figure.boxes.map(\.frame)
      return (frames.map(\.bottom).max() ?? 0) - (frames.map(\.y).min() ?? 0)
    }
    #expect(heightOfBoxes(tall) > heightOfBoxes(wide))
  }

  @Test func `hostile names and titles are shown, not interpreted`() throws {
    let tape = Tape()
    let name = #"a"|{<b>&amp;\N]]>%\u{202E}"# + "\u{1}\u{202E}\u{1F600}"
    let a = tape.parameter(2, name: name)
    let loss = (a * a).label("L", role: .loss)
    tape.learningRate = 0.1
    let graph = tape.graph(
      loss: loss, level: .scalar, presentation: .init(title: #"<script>"\G\N&copy;"#, caption: "</svg>\\"))
    for stage in Stage.defaults {
      let figure = try FigureSet(graph).figure(stage)
      let document = SVGDocument(try figure.svg())
      #expect(document.error == nil)
      #expect(document.texts.contains { $0.text.contains(#"<script>"\G\N&copy;"#) }, "\(stage)")
      #expect(document.texts.contains { $0.text.contains("</svg>\\") }, "\(stage)")
      if stage != .overview {
        let shown = #"a"|{<b>&amp;\N]]>%\u{202E}"# + " \u{1F600}"
        #expect(
          document.texts.contains { $0.text.replacing(" ", with: "") == shown.replacing(" ", with: "") },
          "\(stage)")
      }
    }
  }

  @Test func `a value gives its figure in one line`() throws {
    let tape = Tape()
    let w = tape.parameter(3, name: "w")
    let loss = (w * w).label("L", role: .loss)
    #expect(try loss.figure(.backward).svg().contains("[6]"))
    #expect(throws: FigureError.self) { try loss.figure(.update) }
    #expect(try loss.figure(.backward, step: 1).svg().contains("[1]"))
    #expect(throws: FigureError.self) { try loss.figure(.backward, step: 9) }
  }
}
