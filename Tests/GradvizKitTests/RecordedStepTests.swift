import Foundation
import GradvizFigures
import GradvizGraph
import Testing

@testable import GradvizKit

/// Steps that other programs recorded, as their files are in the repository: drawn without those programs.
@Suite("Recorded steps")
struct RecordedStepTests {
  private static let project = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  static let files: [String] = ["Tests/Python/Fixtures", "Samples/python"].flatMap { folder in
    let names =
      (try? FileManager.default.contentsOfDirectory(atPath: project.appendingPathComponent(folder).path)) ?? []
    return names.filter { $0.hasSuffix(".json") }.sorted().map { "\(folder)/\($0)" }
  }

  private func load(_ file: String) throws -> LoadedGraph {
    let url = Self.project.appendingPathComponent(file)
    return try ComputationGraph.load(text: String(contentsOf: url, encoding: .utf8), path: url.path)
  }

  @Test func `there are files`() { #expect(Self.files.count >= 18) }

  @Test(arguments: files)
  func `what PyTorch, JAX and micrograd computed is what is computed again`(_ file: String) throws {
    let loaded = try load(file)
    #expect(loaded.warnings.isEmpty, "\(loaded.warnings)")
    let again = try ComputationGraph.decodeJSON(loaded.graph.encodeJSON()).checked().graph
    #expect(again == loaded.graph)
  }

  @Test(arguments: files)
  func `every stage is drawn, on a page`(_ file: String) throws {
    let figures = try FigureSet(load(file).graph)
    #expect(figures.stages.contains(.backward))
    for stage in figures.stages where stage != .overview {
      let figure = try figures.figure(stage)
      #expect(figure.size.width <= FigureSet.defaultWidth, "\(stage)")
      #expect(!figure.boxes.isEmpty)
    }
  }

  @Test func `modules are boxes that open`() throws {
    let graph = try load("Samples/python/gpt.json").graph
    func names(_ depth: Int?, _ opened: [String] = []) -> [String] {
      graph.folded(.scopes(depth: depth, opened: opened)).graph.nodes.map(\.name)
    }
    let shallow = names(1)
    #expect(shallow.count <= 20 && shallow.contains("h.0") && shallow.contains("h.1.*"))
    let open = names(1, ["h.0"])
    #expect(open.contains("h.0.attn") && open.contains("h.1") && open.contains { $0.hasPrefix("h.0.mlp") })
    #expect(names(2).count > open.count)
    // By itself it is as deep as fits.
    #expect((1...30).contains(names(nil).count))
  }

  @Test func `the layers of a sequence are parts of it, not blocks`() throws {
    let graph = try load("Tests/Python/Fixtures/unet.json").graph
    func names(_ depth: Int) -> [String] {
      graph.folded(.scopes(depth: depth, opened: [])).graph.nodes.map(\.name)
    }
    let (shallow, deep) = (names(1), names(2))
    for name in ["down", "middle"] {
      #expect(!shallow.contains { $0.contains("×") }, "\(shallow)")
      #expect(shallow.contains(name) && !shallow.contains("\(name).0"), "\(shallow)")
      #expect(deep.contains { $0.hasPrefix("\(name).") }, "\(deep)")
    }
  }

  @Test func `blocks that are alike are one box until they are opened`() throws {
    let graph = try load("Tests/Python/Fixtures/gpt_deep.json").graph
    let folded = graph.folded(.scopes(depth: 1, opened: [])).graph
    #expect(folded.nodes.count < 16)
    #expect(folded.nodes.contains { $0.name == "4 × h" }, "\(folded.nodes.map(\.name))")
    let opened = graph.folded(.scopes(depth: 1, opened: ["h.2"])).graph
    #expect(opened.nodes.contains { $0.name == "h.2.attn" } && opened.nodes.count > folded.nodes.count)
  }

  @Test func `what differs is marked, and said in both languages`() throws {
    var graph = try load("Samples/python/mlp.json").graph
    let place = try #require(graph.nodes.firstIndex { $0.name == "fc2.bias" })
    graph.nodes[place].gradient = graph.nodes[place].gradient?.map { $0 * 2 }
    for (language, words) in [
      (ComputationGraph.Presentation.Language.english, "gradient 2 times"), (.french, "gradient 2 fois"),
    ] {
      var checked = graph.checked().graph
      checked.presentation.language = language
      let figure = try FigureSet(checked).figure(.backward)
      let texts = figure.labels.map(\.run.text).joined(separator: " ")
      #expect(texts.contains(words), "\(texts.suffix(300))")
      let box = try #require(figure.boxes.first { $0.id == graph.nodes[place].id })
      #expect(box.lineTint == .warning)
    }
  }

  @Test func `scores filled with a mask are not at fault, and a cast says its type`() throws {
    let json = #"""
      {"version": 2, "level": "tensor", "loss": "L", "producer": "torch", "nodes": [
        {"id": "s", "role": "parameter", "shape": [2], "value": [1, 2]}, {"id": "k", "shape": [2], "value": [0, 1]},
        {"id": "c", "operation": "identity", "operands": ["s"], "attributes": {"to": "bfloat16"}, "shape": [2], "value": [1, 2]},
        {"id": "m", "operation": "masked_fill", "operands": ["c", "k"], "shape": [2], "value": [1, "-Infinity"]},
        {"id": "p", "operation": "softmax", "operands": ["m"], "attributes": {"dim": 0}, "shape": [2], "value": [1, 0]},
        {"id": "L", "operation": "sum", "operands": ["p"], "value": 1}]}
      """#
    let loaded = try ComputationGraph.load(text: json, path: "step.json")
    #expect(loaded.warnings.isEmpty && loaded.graph.nonFiniteWarnings(values: true).isEmpty, "\(loaded.warnings)")
    let text = try String(decoding: FigureSet(loaded.graph).figure(.backward).data(.dot), as: UTF8.self)
    #expect(text.contains("→ bfloat16") && !text.contains("identity′"))
  }
}
