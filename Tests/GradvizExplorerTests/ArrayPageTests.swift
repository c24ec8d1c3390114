import Foundation
import GradvizFigures
import GradvizKit
import GradvizTestSupport
import Testing

@testable import Autograd
@testable import GradvizExplorer
@testable import GradvizGraph

/// Pages of arrays, used with mouse and keyboard in a real browser.
@Suite(
  "The explorer's pages of arrays", .enabled(if: Visit.isPossible, "Chromium or node is not installed"), .serialized)
struct ArrayPageTests {
  private static func page(_ sample: String) throws -> (html: String, loaded: LoadedGraph) {
    let path = Project.folder.appendingPathComponent("Samples/\(sample).grad").path
    let loaded = try ComputationGraph.load(
      text: String(contentsOfFile: path, encoding: .utf8), path: path, level: .tensor)
    return (try Explorer(loaded.graph, optimizer: loaded.optimizer).html, loaded)
  }

  /// The numbers in the boxes of the drawing: values, then gradients.
  private static let boxes =
    "[...document.querySelectorAll('#graph [role=option]')].map(box => box.id + ' ' + "
    + "[...box.querySelectorAll('.val,.grad')].map(text => text.textContent).join(' ')).join('|')"
  private static let edited = "document.getElementById('edited').textContent"

  /// What Swift writes into the boxes of a graph, by the engine's numbers.
  private static func texts(_ graph: ComputationGraph, precision: Int = 3) -> [String: [String]] {
    let (pure, format) = (PureNumbers(graph), NumberFormat(precision: precision))
    var texts: [String: [String]] = [:]
    for (index, node) in graph.nodes.enumerated() where node.role != .constant {
      let gradient = node.gradient == nil ? [] : pure.gradient(of: index).map(format.text)
      texts["v-" + node.id] =
        pure.values(of: index).map(format.text) + (node.shape.isEmpty ? gradient.map { "[\($0)]" } : gradient)
    }
    return texts
  }

  private static func expect(_ seen: String, _ graph: ComputationGraph, _ place: SourceLocation = #_sourceLocation) {
    let expected = texts(graph)
    var count = 0
    for box in seen.split(separator: "|") {
      let words = box.split(separator: " ").map(String.init)
      guard words.count > 1, let texts = expected[words[0]] else { continue }
      // A long number has fewer digits in its cell.
      let isSame =
        words.count - 1 == texts.count
        && zip(words.dropFirst(), texts).allSatisfy {
          $0 == $1 || abs((Double($0.plain) ?? 0) - (Double($1.plain) ?? 1)) < 1e-3
        }
      #expect(isSame, "\(words) for \(texts)", sourceLocation: place)
      count += texts.count
    }
    #expect(count > 50, sourceLocation: place)
  }

  @Test func `an entry is chosen and edited with mouse and keyboard, and everything follows`() throws {
    let (html, loaded) = try Self.page("attention")
    let visit = try Visit(
      html,
      [
        ("click", .text("#v-Wq .val")), ("click", .text("#grid tr:nth-child(2) td:nth-child(1)")), ("key", .text("+")),
        ("wait", .whole(100)), ("see", .text(Self.boxes)), ("see", .text(Self.edited)),
        // Up, into the field, a number, and back to the entry.
        ("key", .text("ArrowUp")), ("key", .text("Enter")), ("type", .text("3")), ("wait", .whole(100)),
        ("key", .text("Enter")), ("see", .text("document.activeElement.textContent")), ("see", .text(Self.boxes)),
        ("see", .text(Self.edited)), ("wait", .whole(400)), ("see", .text("location.hash")),
        ("drag", .list([.text("#grid tr:nth-child(1) td:nth-child(2)"), .number(40)])), ("wait", .whole(100)),
        ("see", .text(Self.edited)), ("click", .text("#undo")), ("see", .text(Self.edited)), ("click", .text("#reset")),
        ("see", .text(Self.boxes)), ("see", .text(Self.edited)),
      ])
    #expect(visit.noise == [])
    try #require(visit.seen.count == 10)
    var graph = loaded.graph
    let weight = try #require(graph.nodes.firstIndex { $0.name == "Wq" })
    graph.nodes[weight].value[2] += 0.1
    Self.expect(visit.seen[0], graph)
    #expect(visit.seen[1] == "Wq[1, 0] = 0.1")
    #expect(visit.seen[2] == "3")
    graph.nodes[weight].value[0] = 3
    Self.expect(visit.seen[3], graph)
    #expect(visit.seen[4] == "Wq[0, 0] = 3, Wq[1, 0] = 0.1")
    #expect(visit.seen[5] == "#stage=backward&value=Wq&set.Wq=3&set.Wq,2=0.1")
    #expect(visit.seen[6] == "Wq[0, 0] = 3, Wq[0, 1] = 0.4, Wq[1, 0] = 0.1")
    #expect(visit.seen[7] == visit.seen[4])
    Self.expect(visit.seen[8], loaded.graph)
    #expect(visit.seen[9] == "")
  }

  @Test func `the address holds entries, and a hostile one is ignored`() throws {
    let (html, loaded) = try Self.page("attention")
    var graph = loaded.graph
    let weight = try #require(graph.nodes.firstIndex { $0.name == "Wk" })
    graph.nodes[weight].value[3] = -2
    let name = "document.getElementById('leafname').textContent"
    let visit = try Visit(
      html, address: "#stage=backward&value=Wk,3&set.Wk,3=-2", [("see", .text(Self.boxes)), ("see", .text(name))])
    #expect(visit.noise == [])
    try #require(visit.seen.count == 2)
    Self.expect(visit.seen[0], graph)
    #expect(visit.seen[1] == "Wk[1, 1] =")
    let hostile = try Visit(
      html,
      address: "#value=Wk,9&set.Wk,4=1&set.Wk,x=1&set.Wk,-1=1&set.Wk,__proto__=1&set.Z,0=7&set.Wk,1.5=2&predict=1",
      [("see", .text(Self.boxes)), ("see", .text(Self.edited))])
    #expect(hostile.noise == [])
    try #require(hostile.seen.count == 2)
    Self.expect(hostile.seen[0], loaded.graph)
    #expect(hostile.seen[1] == "")
  }

  /// Adam on arrays, with the learning rate of the program.
  @Test func `updates follow the program's optimizer`() throws {
    let path = Project.folder.appendingPathComponent("Samples/iris.grad").path
    let source = try String(contentsOfFile: path, encoding: .utf8).replacing("batch   20 shuffle seed 1\n", with: "")
      .replacing("holdout 1/3 seed 4\n", with: "").replacing("(x, 8, tanh)", with: "(x, 3, tanh)")
    let program = try Program.load(text: source, path: path)
    let loaded = try ComputationGraph.load(text: source, path: path, level: .tensor)
    let recording = program.record()
    let loss = try #require(recording.loss)
    for _ in 0..<11 {
      loss.backward()
      recording.tape.update()
      recording.tape.replay()
    }
    let format = NumberFormat(precision: 3)
    let biases = recording.tape.parameters.map { recording.tape.values(of: $0) }.filter { $0.count == 3 }
    let shown =
      "['hidden.b', 'scores.b'].map(id => [...document.getElementById('v-' + id).querySelectorAll('.val')]"
      + ".map(text => text.textContent).join(' ')).join('|')"
    let visit = try Visit(
      Explorer(loaded.graph, optimizer: loaded.optimizer).html,
      [
        ("click", .text("#t10")), ("click", .text("#t1")), ("click", .text("#s2 + label")), ("see", .text(shown)),
        ("see", .text("document.getElementById('lossnow').textContent")),
      ])
    #expect(visit.noise == [])
    try #require(visit.seen.count == 2)
    #expect(visit.seen[0] == biases.map { $0.map(format.text).joined(separator: " ") }.joined(separator: "|"))
    #expect(visit.seen[1] == "L = \(format.text(loss.data)) · updates: 11")
  }

  @Test func `arrays that are too large are shown as they are, and the page says so`() throws {
    let (html, loaded) = try Self.page("names")
    #expect(!ArrayData(graph: loaded.graph).isComputed)
    let words = PageWords(words: Words(loaded.graph.presentation)).numbersAreGiven
    let leaf = try #require(loaded.graph.nodes.first { $0.role == .parameter && $0.value.count > 64 })
    let visit = try Visit(
      html,
      [
        ("see", .text("document.getElementById('training').textContent")), ("click", .text("[id='v-\(leaf.id)']")),
        ("see", .text("document.getElementById('leaf').hidden && !document.getElementById('grid').hidden")),
        ("see", .text("document.querySelectorAll('#grid td').length")), ("key", .text("+")),
        ("key", .text("ArrowLeft")),
        ("click", .text("#s3 + label")), ("see", .text("document.getElementById('say').textContent")),
      ])
    #expect(visit.noise == [])
    try #require(visit.seen.count == 4)
    #expect(visit.seen[0].contains(words))
    #expect(visit.seen[1] == "true")
    #expect((Int(visit.seen[2]) ?? 0) > 16)
    #expect(visit.seen[3] == words)
  }
}

extension String {
  /// As a number of Swift.
  fileprivate var plain: String { replacing("−", with: "-").filter { $0 != "[" && $0 != "]" } }
}
