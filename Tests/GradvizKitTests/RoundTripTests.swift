import Autograd
import Foundation
import GradvizFigures
import GradvizGraph
import GradvizKit
import GradvizTestSupport
import Testing

@Suite("Graphs as JSON")
struct RoundTripTests {
  @Test(arguments: Project.samples)
  func `a graph read back gives the same figures, byte for byte`(sample: String) throws {
    let graph = try Project.graph(sample)
    let data = graph.encodeJSON()
    let again = try ComputationGraph.load(text: String(decoding: data, as: UTF8.self), path: "elsewhere.json")
      .graph
    #expect(again.encodeJSON() == data)
    let (a, b) = (
      try FigureSet(graph), try FigureSet(again)
    )
    for stage in Stage.defaults { #expect(try a.figure(stage).svg() == b.figure(stage).svg(), "\(stage)") }
  }

  @Test func `numbers that are not finite survive`() throws {
    let graph = try Project.graph(program: "param a = 0\nloss L = 1 / a")
    let text = String(decoding: graph.encodeJSON(), as: UTF8.self)
    #expect(text.contains("\"Infinity\""))
    let again = try ComputationGraph.load(text: text, path: "g.json").graph
    #expect(again.nodes.last?.value.first == .infinity)
  }

  @Test(arguments: [
    ("{", "g.json:1:2: error: expected a name in quotes, found the end of the file"),
    ("[", "g.json:1:2: error: expected a value, found the end of the file"),
    ("\u{FEFF}{\n]", "g.json:2:1: error: expected a name in quotes, found `]`"),
    (
      #"{"version": 3, "level": "scalar", "nodes": []}"#,
      "g.json:1:13: error: version: unsupported version 3; expected 1 to 2"
    ),
    (#"{"version": 1, "level": "scalar", "nodes": []}"#, "g.json: error: nodes: the graph has no nodes"),
    (
      #"{"version": 1, "level": "scalar", "nodes": [{"id": "a", "value": [1], "operation": "exp", "operands": ["b"]}]}"#,
      "g.json:1:104: error: nodes[0].operands: there is no node `b` before this one"
    ),
    (
      #"{"version": 1, "level": "scalar", "nodes": [{"id": "a", "value": [1, 2]}]}"#,
      "g.json:1:45: error: nodes[0].value: expected 1 number, found 2"
    ),
    (
      #"{"version": 1, "level": "tensor", "nodes": [{"id": "a", "shape": [4611686018427387904, 4], "value": [1]}]}"#,
      "g.json:1:45: error: nodes[0].shape: expected the sizes of at most 8 axes"
    ),
  ])
  func `what is not a graph is refused with its place`(text: String, message: String) throws {
    #expect { try ComputationGraph.load(text: text, path: "g.json") } throws: { "\($0)" == message }
  }
}
