import GraphvizRenderer
import Testing

@Suite("SVG")
struct SVGTests {
  private func elements(_ dot: String, _ style: SVGStyle = plainStyle) throws -> Elements {
    try #require(Elements(try Graphviz.svg(dot, style: style)))
  }

  @Test func `The root says size, role, title and description`() throws {
    let all = try elements(pinned)
    let root = try #require(all.all.first)
    #expect(root.name == "svg")
    #expect(root.attributes["viewBox"] == "0 0 200 100")
    #expect(root.attributes["width"] == "200" && root.attributes["height"] == "100")
    #expect(root.attributes["role"] == "img")
    #expect(root.attributes["aria-labelledby"] == "figure-title figure-desc")
    #expect(all.withID("figure-title")?.text == "A figure")
    #expect(all.withID("figure-desc")?.text == "Two boxes.")
    #expect(all.all[1].name == "title")
  }

  @Test func `Pinned boxes stand where they were pinned`() throws {
    let boxes = try elements(pinned).named("rect").filter { $0.attributes["width"] != "200" }
    #expect(boxes.count == 2)
    let a = try #require(boxes.first { $0.number("x") == 30 })
    #expect(a.number("y") == 70 && a.number("width") == 40 && a.number("height") == 20)
    let b = try #require(boxes.first { $0.number("x") == 130 })
    #expect(b.number("y") == 10)
  }

  @Test func `A sheet whose corner is not the origin is moved there whole`() throws {
    let moved = pinned.replacing("0,0,200,100", with: "-10,-20,190,80")
      .replacing("pos=\"0.36,0.36\"", with: "pos=\"-9.64,-19.64\"")
      .replacing("pos=\"199.64,99.64\"", with: "pos=\"189.64,79.64\"")
      .replacing("pos=\"50,20\"", with: "pos=\"40,0\"").replacing("pos=\"150,80\"", with: "pos=\"140,60\"")
      .replacing("e,130,80 70,20 85,20 95,80 120,80", with: "e,120,60 60,0 75,0 85,60 110,60")
    #expect(try Graphviz.svg(moved, style: plainStyle) == (try Graphviz.svg(pinned, style: plainStyle)))
  }

  @Test func `Padding moves the drawing in from the edge`() throws {
    let padded = try elements(pinned.replacing("pad=0", with: "pad=0.125"))
    #expect(padded.all.first?.attributes["viewBox"] == "0 0 218 118")
    // The first rectangle is the page.
    let boxes = padded.named("rect").dropFirst().map { [$0.number("x"), $0.number("y")] }
    #expect(boxes == [[39, 79], [139, 19]])
  }

  @Test func `An arrow is a path with its points kept, and a filled head`() throws {
    let svg = try Graphviz.svg(pinned, style: plainStyle)
    #expect(svg.contains("d=\"M70,80C85,80 95,20 120,20\""))
    #expect(svg.contains("stroke-dasharray"))
    let paths = try #require(Elements(svg)).named("path")
    let head = try #require(paths.first { $0.attributes["d"]?.hasSuffix("z") == true })
    #expect(head.attributes["fill"] == "#0b7a43")
    // Newer versions leave room for the width of the pen at its tip.
    let tip = try #require(
      (head.attributes["d"] ?? "").matches(of: /\d[\d.]*/).compactMap { Double($0.0) }.max())
    #expect(tip > 128 && tip <= 130)
  }

  @Test func `A straight curve is written as a line`() throws {
    let svg = try Graphviz.svg(
      pinned.replacing("70,20 85,20 95,80 120,80", with: "70,20 80,20 90,20 100,20"), style: plainStyle)
    #expect(svg.contains("d=\"M70,80H100\""))
  }

  @Test func `Groups carry class, prefixed id and tooltip`() throws {
    let all = try elements(pinned)
    let a = try #require(all.withID("figure-a"))
    #expect(a.name == "g" && a.attributes["class"] == "value param")
    let place = try #require(all.all.firstIndex { $0.attributes["id"] == "figure-a" })
    #expect(all.all[place + 1].name == "title")
    #expect(all.all[place + 1].text == "w1, a parameter")
    #expect(all.withID("figure-a_b") != nil)
    // No tooltip, no title: Graphviz' own would read out internal names.
    #expect(all.named("title").count == 2)
  }

  @Test func `Ids are unique and begin with the figure's`() throws {
    let ids = try elements(pinned).all.compactMap { $0.attributes["id"] }
    #expect(Set(ids).count == ids.count)
    #expect(ids.allSatisfy { $0 == "figure" || $0.hasPrefix("figure-") })
  }

  @Test func `Circles, ellipses and rounded boxes have their elements`() throws {
    let all = try elements(
      """
      digraph g { graph [layout=nop2 pad=0]
        node [fixedsize=true label=""]
        node [shape=point width=0.01 style=invis]
        o [pos="0.36,0.36"] p [pos="199.64,99.64"]
        node [style=""]
        c [shape=circle width=0.5 pos="50,50"] e [shape=ellipse width=1 height=0.5 pos="120,50"]
        r [shape=box style=rounded width=0.5 height=0.3 pos="170,50"]
      }
      """)
    let circle = try #require(all.named("circle").first)
    #expect(circle.number("cx") == 50 && circle.number("cy") == 50 && circle.number("r") == 18)
    let ellipse = try #require(all.named("ellipse").first)
    #expect(ellipse.number("rx") == 36 && ellipse.number("ry") == 18)
    #expect(all.named("rect").contains { ($0.number("rx") ?? 0) > 0 })
  }

  /// Boxes are drawn as `rect`; other shapes with four corners or a curve keep their outline.
  @Test(arguments: ["diamond", "parallelogram", "cylinder", "hexagon", "trapezium"])
  func `An outline that is not a box stays what it is`(shape: String) throws {
    for rounded in ["", " style=rounded"] {
      let all = try elements("digraph g { graph [bgcolor=transparent]\n a [shape=\(shape)\(rounded) label=\"\"] }")
      #expect(all.named("rect").isEmpty, "\(shape)\(rounded)")
      #expect(!all.named("path").isEmpty, "\(shape)\(rounded)")
    }
  }

  @Test func `Transparent ink draws nothing`() throws {
    let svg = try Graphviz.svg(
      "digraph g { a [shape=box color=transparent style=filled fillcolor=\"#bfe3f2\"] }", style: plainStyle)
    #expect(!svg.contains("transparent"))
    #expect(!svg.contains("stroke=\""))
  }

  @Test func `Ink that lets through what is below keeps its opacity`() throws {
    let all = try elements(
      pinned.replacing("#bfe3f2", with: "#bfe3f233").replacing(
        "label=\"\"", with: "label=x fontcolor=\"#00000080\""))
    let box = try #require(all.named("rect").last)
    #expect(box.attributes["fill"] == "#bfe3f2" && box.number("fill-opacity") == 0.2)
    #expect(box.attributes["stroke-opacity"] == nil)
    #expect(all.named("text").allSatisfy { $0.number("fill-opacity") == 0.5 })
  }

  @Test func `Text keeps its anchor, size, weight and measured length`() throws {
    let all = try elements(
      """
      digraph g { graph [layout=nop2 bb="0,0,200,100" pad=0]
        a [shape=plain pos="100,50" fontname=Helvetica label=<<B>loss</B> L<SUB>2</SUB>>]
      }
      """)
    let texts = all.named("text")
    let bold = try #require(texts.first { $0.text == "loss" })
    #expect(bold.attributes["font-weight"] == "bold")
    #expect(bold.number("font-size") == 14)
    #expect(abs((bold.number("textLength") ?? 0) - 14 * (0.278 + 0.611 + 0.556 + 0.556)) < 0.1)
    let below = try #require(texts.first { $0.text == "2" })
    #expect((below.number("y") ?? 0) > (bold.number("y") ?? 0))
  }

  @Test func `Numbers have two decimals at most and no negative zero`() throws {
    let svg = try Graphviz.svg(
      "digraph g { graph [rankdir=LR] a -> b -> c; a -> c [label=x] }", style: plainStyle)
    #expect(svg.firstMatch(of: /\.[0-9]{3}/) == nil)
    #expect(svg.firstMatch(of: /-0[^.0-9]/) == nil)
    #expect(svg.hasSuffix("</svg>\n"))
    #expect(!svg.contains("\r"))
  }

  @Test func `The same text gives the same bytes`() throws {
    let first = try Graphviz.svg(pinned, style: plainStyle)
    for _ in 0..<3 { #expect(try Graphviz.svg(pinned, style: plainStyle) == first) }
  }
}

@Suite("Themes")
struct ThemeTests {
  private func svg(_ param: SVGStyle.Tone, _ gradient: SVGStyle.Tone) throws -> String {
    var style = plainStyle
    style.tones = ["param": param, "gradient": gradient]
    return try Graphviz.svg(namedTints, style: style)
  }

  @Test func `A tone with a dark color is written with a literal rule for it`() throws {
    let text = try svg(.init("#bfe3f2", dark: "#174a5c"), .init("#0b7a43", dark: "#5fe39a"))
    let sheet = try #require(Elements(text)?.named("style").first?.text)
    #expect(sheet.contains("@media (prefers-color-scheme:dark)"))
    #expect(sheet.contains(".f-param{fill:#174a5c}"))
    #expect(sheet.contains(".s-gradient{stroke:#5fe39a}"))
    #expect(!sheet.contains(".s-param"))
    #expect(!text.contains("var("))
    let box = try #require(Elements(text)?.named("rect").first { $0.attributes["fill"] == "#bfe3f2" })
    #expect(box.attributes["class"]?.contains("f-param") == true)
  }

  @Test func `A tone of one color is written without a rule`() throws {
    let text = try svg(.init("#174a5c"), .init("#5fe39a"))
    #expect(text.contains("fill=\"#174a5c\"") && text.contains("stroke=\"#5fe39a\""))
    #expect(!text.contains("class=\"f-") && !text.contains("@media"))
  }

  @Test func `A rule is written only for tones that have a dark color`() throws {
    let text = try svg(.init("#bfe3f2", dark: "#174a5c"), .init("#0b7a43"))
    #expect(text.contains(".f-param{fill:#174a5c}") && !text.contains("s-gradient"))
    #expect(text.contains("stroke=\"#0b7a43\""))
  }
}
