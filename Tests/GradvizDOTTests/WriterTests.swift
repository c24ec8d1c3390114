import GradvizDrawing
import Testing

@testable import GradvizDOT

@Suite("DOT text")
struct WriterTests {
  @Test func `a graph is written statement by statement, parts indented`() {
    let part = Graph.Subgraph(
      name: "cluster_1", attributes: [.id("f-part"), .noBackground], statements: [.node("c", [])])
    let graph = Graph(
      name: "f", attributes: [.layout(.nop2), .boundingBox(left: 0, bottom: 0, right: 72.5, top: 36)],
      nodeDefaults: [.shape(.box), .fixedShape], edgeDefaults: [.arrowHead(.none)],
      statements: [
        .comment("boxes"), .node("a b", [.position(Position(x: 1.25, y: -2)), .label(.plain("a \"b\""))]),
        .edge(
          tail: "a b", head: "c", [.path([Position(x: 0, y: 0), Position(x: 1, y: 2)], arrowTip: Position(x: 3, y: 4))]),
        .subgraph(part),
      ])
    #expect(
      graph.text == """
        digraph f {
          graph [layout=nop2 bb="0,0,72.5,36"]
          node [shape=box fixedsize=shape]
          edge [arrowhead=none]
          // boxes
          "a b" [pos="1.25,-2" label="a \\"b\\""]
          "a b" -> c [pos="e,3,4 0,0 1,2"]
          subgraph cluster_1 {
            graph [id="f-part" bgcolor=transparent]
            c
          }
        }

        """)
    #expect(Graph(name: "empty").text == "digraph empty {\n}\n")
  }

  @Test(arguments: [
    ("plain_1", "plain_1"), ("1st", "\"1st\""), ("Node", "\"Node\""), ("", "\"\""), ("a-b", "\"a-b\""),
    ("ŷ", "\"ŷ\""), ("a\"b\\N", "\"a\\\"b\\\\N\""), ("a & b", "\"a &amp; b\""),
  ])
  func `names are bare where DOT reads them so, quoted elsewhere`(name: String, written: String) {
    #expect(Escaping.name(name) == written)
  }

  @Test func `what Graphviz would interpret is shown as it is`() {
    #expect(Escaping.plain("\\N \\l \\G") == "\"\\\\N \\\\l \\\\G\"")
    #expect(Escaping.markup("<b>\"x\" & \\N") == "&lt;b&gt;&quot;x&quot; &amp; \\\\N")
    #expect(Escaping.identifier("a b/é\"<") == "a_b____")
    #expect(XML.cleaned("a\u{0}b\u{202E}c\nd\u{2028}e\u{9F}") == "abc d e")
  }

  @Test(arguments: [
    (0.0, "0"), (-0.0, "0"), (1, "1"), (0.1 + 0.2, "0.3"), (-2.5, "-2.5"), (100000, "100000"), (1e-9, "0"),
  ])
  func `coordinates are short, and no zero is negative`(value: Double, text: String) {
    #expect(Writer.number(value) == text)
  }

  @Test func `every attribute is one word with its value`() throws {
    let attributes: [(Attribute, String)] = [
      (.width(1.0 / 3), "width=0.3333"), (.styles([.filled, .invisible]), "style=\"filled,invis\""),
      (.label(.plainLeft("a\"")), "label=\"a\\\"\\l\""), (.rankDirection(.topToBottom), "rankdir=TB"),
      (.fixedShape, "fixedsize=shape"), (.newRank, "newrank=true"), (.unconstrained, "constraint=false"),
      (.classes(["node", "lane 2"]), "class=\"node lane_2\""), (.tooltip("L = \"1\""), "tooltip=\"L = \\\"1\\\"\""),
      (.outputEdgesFirst, "outputorder=edgesfirst"), (.layout(.dot), "layout=dot"),
    ]
    for (attribute, text) in attributes { #expect(attribute.text == text) }
  }

  @Test func `runs of text nest their styles, and none is empty`() {
    let run = TextRun("w", size: 9.5, color: Color(red: 0, green: 0, blue: 255), typeface: .bold, script: .subscript)
    #expect(run.markup == "<SUB><FONT POINT-SIZE=\"9.5\" COLOR=\"#0000ff\"><B>w</B></FONT></SUB>")
    let empty = TextRun("", size: 8, color: Color(red: 255, green: 255, blue: 255))
    #expect(empty.markup == "<FONT POINT-SIZE=\"8\" COLOR=\"#ffffff\"> </FONT>")
  }
}
