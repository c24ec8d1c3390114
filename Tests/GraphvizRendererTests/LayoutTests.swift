import GraphvizRenderer
import Testing

@Suite("Layout")
struct LayoutTests {
  private static let diamond = """
    digraph diamond {
      graph [rankdir=LR newrank=true pad=0]
      node [shape=box fixedsize=true width=1 height=0.5 label=""]
      a [id=a] b [id=b] c [id=c] d [id=d]
      a -> b [id=ab] a -> c [id=ac] b -> d [id=bd] c -> d [id=cd]
    }

    """

  @Test func `Ranks go from left to right`() throws {
    let nodes = try Graphviz.layout(Self.diamond).centers
    let (a, b, c, d) = (
      try #require(nodes["a"]), try #require(nodes["b"]), try #require(nodes["c"]), try #require(nodes["d"])
    )
    #expect(a.x < b.x)
    #expect(abs(b.x - c.x) < 0.5)
    #expect(c.x < d.x)
  }

  @Test func `Boxes keep apart and inside the sheet`() throws {
    let placement = try Graphviz.layout(Self.diamond)
    let centers = Array(placement.centers.values)
    #expect(centers.count == 4)
    for (index, center) in centers.enumerated() {
      #expect(center.x >= 36 && center.x <= placement.width - 36)
      #expect(center.y >= 18 && center.y <= placement.height - 18)
      for other in centers[(index + 1)...] {
        #expect(abs(center.x - other.x) >= 72 || abs(center.y - other.y) >= 36)
      }
    }
  }

  @Test func `An edge runs from its tail to its head in whole Bézier segments`() throws {
    let placement = try Graphviz.layout(Self.diamond)
    #expect(placement.paths.keys.sorted() == ["ab", "ac", "bd", "cd"])
    for (id, points) in placement.paths {
      #expect(points.count >= 4 && points.count % 3 == 1)
      let tail = try #require(placement.centers[String(id.prefix(1))])
      let head = try #require(placement.centers[String(id.suffix(1))])
      let (first, last) = (try #require(points.first), try #require(points.last))
      // The border is 36 points from the center; the arrow head takes up to 12 more at the end.
      #expect(abs(first.x - (tail.x + 36)) < 1.5)
      #expect(abs(first.y - tail.y) <= 18.5)
      #expect(last.x > head.x - 36 - 12 && last.x <= head.x - 35)
    }
  }

  @Test func `Round nodes are placed like boxes`() throws {
    let nodes = try Graphviz.layout(
      "digraph g { rankdir=LR a [id=a shape=circle label=\"+\"] b [id=b shape=ellipse label=\"tanh\"] a -> b }"
    ).centers
    let (a, b) = (try #require(nodes["a"]), try #require(nodes["b"]))
    #expect(a.x < b.x)
    #expect(abs(a.y - b.y) < 0.5)
  }

  @Test func `A table is placed by its whole, not by its last cell`() throws {
    let table = """
      <TABLE BORDER="0" CELLBORDER="1" CELLSPACING="0"><TR><TD FIXEDSIZE="TRUE" WIDTH="60" HEIGHT="20"></TD>\
      <TD FIXEDSIZE="TRUE" WIDTH="20" HEIGHT="20"></TD></TR></TABLE>
      """
    let placement = try Graphviz.layout("digraph g { graph [pad=0]\n a [id=a shape=plain label=<\(table)>] }")
    let a = try #require(placement.centers["a"])
    #expect(abs(a.x - placement.width / 2) < 1)
    #expect(abs(a.y - placement.height / 2) < 1)
  }

  @Test func `The upper of two boxes has the smaller y`() throws {
    let nodes = try Graphviz.layout("digraph g { a [id=a shape=box] b [id=b shape=box] a -> b }").centers
    #expect(try #require(nodes["a"]).y < (try #require(nodes["b"]).y))
  }

  @Test func `An empty graph has no nodes`() throws {
    let placement = try Graphviz.layout("digraph empty { }")
    #expect(placement.centers.isEmpty && placement.paths.isEmpty)
  }

  /// As deep as a program is long: Graphviz recurses over the ranks, on our large stack.
  @Test func `A chain of two thousand boxes is laid out`() throws {
    var dot = "digraph chain {\n graph [newrank=true nslimit=1]\n node [shape=box label=\"\"]\n"
    for index in 0..<2000 { dot += "n\(index) [id=n\(index)]\n" }
    for index in 1..<2000 { dot += "n\(index - 1) -> n\(index)\n" }
    let placement = try Graphviz.layout(dot + "}\n")
    #expect(placement.centers.count == 2000)
  }

  @Test func `The version is Graphviz' own`() throws {
    let version = try Graphviz.version()
    #expect(Int(version.prefix { $0 != "." }).map { $0 >= 2 } == true)
  }
}
