import GradvizGraph
import GradvizTestSupport
import Testing

@testable import GradvizFigures

/// `--only W[0, 1]` names an entry as the language does.
@Suite("Excerpts of an entry")
struct EntryExcerptTests {
  private static let program = """
    input x = [[1, 2], [3, 4]]
    target y = [1, 0]
    param W = [[0.1, 0.2], [0.3, 0.4]]
    param v1 = [0.5, -0.5]
    h = tanh(x @ W)
    loss L = sum((h @ v1 - y)**2)
    """

  private func names(_ entry: String, _ level: String) throws -> [String] {
    let graph = try Project.graph(program: "level \(level)\n" + Self.program)
    return try graph.places(of: [entry]).map { graph.nodes[$0].name }
  }

  @Test func `of a graph of numbers it is the number, of arrays the array`() throws {
    #expect(try names("W[0, 1]", "scalar") == ["W[0, 1]"])
    #expect(try names("W[1,0]", "scalar") == ["W[1, 0]"])
    #expect(try names("v1[1]", "scalar") == ["v1[1]"])
    #expect(try names("x[1, 0]", "scalar") == ["x[1, 0]"])
    #expect(try names("W1_2", "scalar") == ["W[0, 1]"], "its id")
    #expect(try names("v1", "scalar") == ["v1[0]", "v1[1]"], "the whole array")
    #expect(try names("W[0, 1]", "tensor") == ["W"])
    for (entry, level) in [("W[2, 0]", "scalar"), ("W[0]", "tensor"), ("W[0, 2]", "tensor"), ("q[0]", "scalar")] {
      #expect(throws: FigureError.self) { try names(entry, level) }
    }
  }
}
