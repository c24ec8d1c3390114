import GraphvizRenderer
import Testing

/// Texts without positions: Graphviz' dot lays them out as it draws them.
@Suite("Texts without positions")
struct UnplacedTextTests {
  private static let diamond = """
    digraph diamond {
      graph [rankdir=LR newrank=true pad=0]
      node [shape=box style=filled fixedsize=true width=1 height=0.5 label=""]
      a [id=a] b [id=b] c [id=c] d [id=d]
      a -> b [id=ab] a -> c [id=ac] b -> d [id=bd] c -> d [id=cd]
    }

    """

  private struct Frame {
    var x, y, width, height: Double
  }

  private func frames(_ dot: String, of ids: [String]) throws -> [Frame] {
    let elements = try #require(Elements(try Graphviz.svg(dot, style: plainStyle))).all
    return try ids.map { id in
      let group = try #require(elements.firstIndex { $0.attributes["id"] == "figure-\(id)" })
      let box = try #require(elements[group...].first { $0.name == "rect" })
      return Frame(
        x: try #require(box.number("x")), y: try #require(box.number("y")), width: try #require(box.number("width")),
        height: try #require(box.number("height")))
    }
  }

  @Test func `Ranks go from left to right`() throws {
    let boxes = try frames(Self.diamond, of: ["a", "b", "c", "d"])
    #expect(boxes[0].x + boxes[0].width < boxes[1].x && boxes[1].x + boxes[1].width < boxes[3].x)
    #expect(abs(boxes[1].x - boxes[2].x) < 0.5)
  }

  @Test func `Boxes keep their size, apart and inside the sheet`() throws {
    let boxes = try frames(Self.diamond, of: ["a", "b", "c", "d"])
    let svg = try #require(Elements(try Graphviz.svg(Self.diamond, style: plainStyle))?.all.first)
    let (width, height) = (try #require(svg.number("width")), try #require(svg.number("height")))
    for (index, box) in boxes.enumerated() {
      #expect(abs(box.width - 72) < 0.1 && abs(box.height - 36) < 0.1)
      #expect(box.x >= 0 && box.x + box.width <= width && box.y >= 0 && box.y + box.height <= height)
      for other in boxes[(index + 1)...] { #expect(abs(box.x - other.x) >= 72 || abs(box.y - other.y) >= 36) }
    }
  }

  @Test func `An edge runs from its tail to its head`() throws {
    let boxes = try frames(Self.diamond, of: ["a", "b"])
    let elements = try #require(Elements(try Graphviz.svg(Self.diamond, style: plainStyle))).all
    let group = try #require(elements.firstIndex { $0.attributes["id"] == "figure-ab" })
    let line = try #require(elements[group...].first { $0.name == "path" }?.attributes["d"])
    let numbers = line.matches(of: /-?\d[\d.]*/).compactMap { Double($0.0) }
    #expect(abs(try #require(numbers.first) - (boxes[0].x + 72)) < 1.5)
    #expect(numbers.max().map { $0 > boxes[0].x + 72 && $0 <= boxes[1].x + 1 } == true)
  }

  @Test func `The upper of two boxes has the smaller y`() throws {
    let boxes = try frames(
      "digraph g { node [shape=box style=filled] a [id=a] b [id=b] a -> b }", of: ["a", "b"])
    #expect(boxes[0].y < boxes[1].y)
  }

  @Test func `An empty graph has no nodes`() throws {
    let elements = try #require(Elements(try Graphviz.svg("digraph empty { }", style: plainStyle)))
    #expect(elements.named("rect").count <= 1 && elements.named("path").isEmpty)
  }

  /// As deep as a program is long: Graphviz recurses over the ranks, on our large stack.
  @Test func `A chain of two thousand boxes is drawn`() throws {
    var dot = "digraph chain {\n graph [newrank=true nslimit=1]\n node [shape=box style=filled label=\"\"]\n"
    for index in 0..<2000 { dot += "n\(index) [id=n\(index)]\n" }
    for index in 1..<2000 { dot += "n\(index - 1) -> n\(index)\n" }
    let elements = try #require(Elements(try Graphviz.svg(dot + "}\n", style: plainStyle)))
    #expect(elements.all.count { $0.attributes["id"]?.hasPrefix("figure-n") == true } == 2000)
  }

  @Test func `The version is Graphviz' own`() throws {
    let version = try Graphviz.version()
    #expect(Int(version.prefix { $0 != "." }).map { $0 >= 2 } == true)
  }
}
