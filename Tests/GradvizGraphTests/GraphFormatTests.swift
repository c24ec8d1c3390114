import Foundation
import GradvizTestSupport
import Testing

@testable import Autograd
@testable import GradvizGraph

/// What the reader of graphs accepts, and where it rejects the rest.
@Suite("The JSON format")
struct GraphFormatTests {
  private func graph(_ text: String) throws -> ComputationGraph {
    try ComputationGraph.decodeJSON(Data(text.utf8))
  }

  /// A graph of these nodes.
  private func nodes(_ nodes: String, level: String = "scalar", more: String = "") throws -> ComputationGraph {
    try graph("{\"version\":1,\"level\":\"\(level)\",\(more)\"nodes\":[\(nodes)]}")
  }

  private func message(_ text: String) -> String {
    do {
      _ = try graph(text)
      return ""
    } catch { return "\(error)" }
  }

  private func message(of nodes: String, level: String = "scalar", more: String = "") -> String {
    do {
      _ = try self.nodes(nodes, level: level, more: more)
      return ""
    } catch {
      return "\((error as? GraphFormatError)?.path ?? ""): \((error as? GraphFormatError)?.message ?? "")"
    }
  }

  // MARK: What is taken

  @Test func `one alone is a list of one`() throws {
    let graph = try nodes(
      #"{"id":"a","value":2,"gradient":0.5,"updated":1.5},"#
        + #"{"id":"b","operation":"exp","operands":"a","value":7.4,"localDerivatives":7.4}"#,
      more: #""updateRule":"w ← w","#)
    #expect(
      graph.nodes[0].value == [2] && graph.nodes[0].gradient == [0.5] && graph.nodes[0].updated == [1.5])
    #expect(graph.nodes[1].operands == [0] && graph.nodes[1].localDerivatives == [7.4])
    #expect(graph.updateRule == ["w ← w"])
    let array = try nodes(
      #"{"id":"a","value":[2,3],"shape":2},{"id":"b","operation":"index","operands":"a","position":1,"value":3}"#,
      level: "tensor")
    #expect(array.nodes[0].shape == [2] && array.nodes[1].position == [1])
  }

  @Test func `Python's words for what is not finite, bare and quoted`() throws {
    let text =
      #"{"id":"a","value":NaN,"gradient":[Infinity],"updated":-Infinity},{"id":"b","value":"Infinity"}"#
    let graph = try nodes(text)
    #expect(graph.nodes[0].value[0].isNaN && graph.nodes[0].gradient == [.infinity])
    #expect(graph.nodes[0].updated == [-.infinity] && graph.nodes[1].value == [.infinity])
    #expect(
      try String(decoding: ComputationGraph.decodeJSON(graph.encodeJSON()).encodeJSON(), as: UTF8.self)
        .contains("\"NaN\""))
    for word in [
      "nan", "inf", "infinity", "NaNs", "-NaN", "+1", ".5", "1.", "0x10", "01", "1e", "1_0", "--1", "NULL",
    ] {
      #expect(!message(of: #"{"id":"a","value":\#(word)}"#).isEmpty, "\(word)")
    }
    for number in ["0", "-0", "1e3", "1E+2", "-1.5e-3", "123456789012345678901234567890"] {
      #expect(try nodes(#"{"id":"a","value":\#(number)}"#).nodes[0].value == [Double(number) ?? .nan])
    }
  }

  @Test func `lists of rows, as tolist makes them`() throws {
    let graph = try nodes(
      #"{"id":"a","value":[[1,2,3],[4,5,6]],"gradient":[[1,1,1],[0,0,0]]}"#, level: "tensor")
    #expect(graph.nodes[0].shape == [2, 3] && graph.nodes[0].value == [1, 2, 3, 4, 5, 6])
    #expect(
      message(of: #"{"id":"a","value":[[1,2],[3]]}"#, level: "tensor").contains(
        "the rows differ in their length"))
    #expect(
      message(of: #"{"id":"a","shape":[2,1],"value":[[1,2]]}"#, level: "tensor").contains(
        "the lists are 1×2, the shape is 2×1"))
    #expect(
      message(of: #"{"id":"a","value":[[1,2]],"gradient":[[1],[2]]}"#, level: "tensor").contains(
        "in `value` 1×2"))
  }

  @Test func `null is absent, other members are passed over`() throws {
    let graph = try nodes(
      #"{"id":"a","name":null,"axis":null,"color":{"deep":[1,{"x":[]}],"y":"\"}"},"value":1}"#,
      more: #""tool":[1,2,"]"],"#)
    #expect(graph.nodes[0].name == "a" && graph.nodes.count == 1)
  }

  @Test func `texts with every escape`() throws {
    let graph = try nodes(#"{"id":"a","name":"\u0077\"\\\/\t é 😀 \ud83d\ude00","value":1}"#)
    #expect(graph.nodes[0].name == "w\"\\/\t é 😀 😀")
    for text in [#""\ud83d""#, #""\ude00x""#, #""\u12""#, #""\x""#, "\"a\nb\""] {
      #expect(!message(of: #"{"id":"a","name":\#(text),"value":1}"#).isEmpty, "\(text)")
    }
    var bytes = Array(#"{"version":1,"level":"scalar","nodes":[{"id":"a","name":"?","value":1}]}"#.utf8)
    bytes[bytes.firstIndex(of: UInt8(ascii: "?")) ?? 0] = 0xFF
    #expect(throws: GraphFormatError.self) { try ComputationGraph.decodeJSON(Data(bytes)) }
  }

  // MARK: Where it is wrong

  @Test(arguments: [
    ("", "line 1, column 1: expected a value, found the end of the file"),
    ("{\"version\":1,\n\"nodes\":[", "line 2, column 10: expected a value, found the end of the file"),
    ("{\n\"version\": 1\n", "line 3, column 1: expected `,` or `}`, found the end of the file"),
    ("{\"a\": \"é", "line 1, column 9: the file ends inside a text"),
    ("{\"a\": [1,]}", "line 1, column 10: expected a value, found `]`"),
    ("{\"a\": 1,}", "line 1, column 9: expected a name in quotes, found `}`"),
    ("{'a': 1}", "line 1, column 2: expected a name in quotes, found `'`"),
    ("{\"é\": tru}", "line 1, column 7: expected a value, found a word"),
    ("{\"a\" 1}", "line 1, column 6: expected `:`, found a number"),
    ("[1, 2", "line 1, column 6: expected `,` or `]`, found the end of the file"),
    ("[1, 2]", "line 1, column 1: a graph is an object with `version`, `level` and `nodes`"),
    ("{} x", "line 1, column 4: expected the end of the file, found a word"),
    ("{\r\n\"version\": 1,\r\"x\": ?}", "line 3, column 6: expected a value, found `?`"),
    (#"{"version":3,"nodes":3}"#, "line 1, column 12: version: unsupported version 3; expected 1 to 2"),
    (#"{"level":"scalar","nodes":[]}"#, "`version` is missing; this program reads versions 1 to 2"),
    (#"{"version":1,"nodes":[]}"#, "`level` is missing; it is `scalar` or `tensor`"),
  ])
  func `line and column of what is not JSON`(text: String, message: String) {
    let found = self.message(text)
    #expect(
      found.hasPrefix(message)
        || message.hasSuffix("expected the end of the file, found a word") && !found.isEmpty, "\(found)")
  }

  /// A truncated file is rejected with the position of its end, whatever was open.
  @Test func `every beginning of a file is refused at its end`() throws {
    let text =
      #"{"version":1,"level":"tensor","nodes":[{"id":"a","name":"é\n","value":[[1,-2.5e3],[NaN,0]]}]}"#
    _ = try graph(text)
    for end in text.indices.dropFirst() {
      let part = String(text[..<end])
      let error = #expect(throws: GraphFormatError.self) { try graph(part) }
      #expect((error?.place?.line ?? 0) == 1 && (error?.place?.column ?? 0) <= part.count + 1, "\(part)")
    }
  }

  @Test(arguments: [
    (#"{"id":"a","id":"b","value":1}"#, "nodes[0].id: it is given twice"),
    (#"{"id":"a"}"#, "nodes[0]: `value` is missing"), (#"{"value":1}"#, "nodes[0]: `id` is missing"),
    (#"{"id":"a","value":1},{"id":"a","value":1}"#, "nodes[1].id: `a` is already another node's id"),
    (
      #"{"id":"a","value":1},{"id":"b","name":"a","value":1}"#,
      "nodes[1].name: `a` is already another node's name"
    ),
    (#"{"id":"a","value":"one"}"#, "nodes[0].value: expected a number, found a string"),
    (#"{"id":"a","value":true}"#, "nodes[0].value: expected a number, found a word"),
    (#"{"id":"a","value":{}}"#, "nodes[0].value: expected a number, found an object"),
    (#"{"id":"a","value":1e999}"#, "nodes[0].value: the number is too large"),
    (#"{"id":"a","value":[]}"#, "nodes[0].value: expected 1 number, found 0"),
    (#"{"id":"a","named":1,"value":1}"#, "nodes[0].named: expected `true` or `false`, found a number"),
    (#"{"id":"a","lane":0.5,"value":1}"#, "nodes[0].lane: expected a whole number"),
    (#"{"id":"a","role":"boss","value":1}"#, "nodes[0].role: `boss` is not one of"),
    (#"{"id":"a","operation":"tnh","value":1}"#, "nodes[0].operation: `tnh` is not one of"),
    (#"{"id":"a","exponent":2,"value":1}"#, "nodes[0].exponent: a leaf has no exponent"),
    (#"{"id":"a","axis":0,"value":1}"#, "nodes[0].axis: a leaf has no axis"),
    (#"{"id":"a","position":[0],"value":1}"#, "nodes[0].position: a leaf has no position"),
    (
      #"{"id":"a","value":1},{"id":"b","operation":"tanh","operands":"a","axis":1,"value":1}"#,
      "nodes[1].axis: `tanh` has no axis"
    ),
    (
      #"{"id":"a","value":1},{"id":"b","operation":"sum","operands":["a","a"],"axis":0,"value":2}"#,
      "nodes[1].axis: scalars have no axis"
    ),
    (
      #"{"id":"a","value":1},{"id":"b","operation":"add","operands":["a"],"value":1}"#,
      "nodes[1].operation: `add` takes two operands"
    ),
    (
      #"{"id":"a","value":1},{"id":"b","operands":["a"],"value":1}"#,
      "nodes[1].operation: a node with operands needs an operation"
    ),
    (
      #"{"id":"a","value":1},{"id":"b","operation":"softmax","operands":["a"],"value":1}"#,
      "nodes[1].operation: `softmax` takes arrays"
    ),
    (#"{"id":"a","shape":[2],"value":[1,2]}"#, "nodes[0].shape: a scalar graph has only scalars"),
    (
      #"{"id":"a","value":1},{"id":"b","operation":"exp","operands":["c"],"value":1}"#,
      "nodes[1].operands: there is no node `c` before this one"
    ),
    (
      #"{"id":"a","value":1},{"id":"b","operation":"exp","operands":["a"],"value":1,"localDerivatives":[1,2]}"#,
      "nodes[1].localDerivatives: expected one number for each of the 1 operands"
    ),
  ])
  func `invalid members of a scalar graph`(nodes: String, message: String) {
    let found = self.message(of: nodes)
    #expect(found.hasPrefix(message), "\(found)")
  }

  @Test(arguments: [
    (
      #""operation":"softmax","operands":"m","axis":7,"shape":[2,3],"value":[1,2,3,4,5,6]"#,
      "axis: axis 7 is out of range for shape 2×3"
    ),
    (
      #""operation":"softmax","operands":"m","axis":-3,"shape":[2,3],"value":[1,2,3,4,5,6]"#,
      "axis: axis -3 is out of range"
    ),
    (
      #""operation":"softmax","operands":"m","shape":[2,3],"value":[1,2,3,4,5,6]"#,
      "axis: `softmax` of a matrix needs an axis"
    ),
    (#""operation":"softmax","operands":"s","value":1"#, "operation: `softmax` takes one array"),
    (#""operation":"sum","operands":"m","axis":2,"value":1"#, "axis: axis 2 is out of range"),
    (#""operation":"mean","operands":"s","axis":0,"value":1"#, "axis: scalars have no axis"),
    (
      #""operation":"sum","operands":["m","m"],"value":1"#,
      "operation: `sum` takes one array, or any number of scalars"
    ),
    (
      #""operation":"index","operands":"m","shape":[2,3],"value":[1,2,3,4,5,6]"#,
      "position: `index` needs a position"
    ),
    (
      #""operation":"index","operands":"m","position":[2],"shape":[3],"value":[1,2,3]"#,
      "position: the position is out of range for shape 2×3"
    ),
    (#""operation":"index","operands":"m","position":[0,0,0],"value":1"#, "position: the position is out of range"),
    (
      #""operation":"transpose","operands":"m","shape":[2,3],"value":[1,2,3,4,5,6]"#,
      "operation: the shapes of the operands of `transpose` do not give 2×3"
    ),
    (
      #""operation":"matrixMultiply","operands":["m","m"],"shape":[2,2],"value":[1,2,3,4]"#,
      "operation: the shapes"
    ),
    (
      #""operation":"exp","operands":"m","shape":[2,3],"value":[1,2,3,4,5,6],"localDerivatives":[1]"#,
      "localDerivatives: a tensor graph has no local derivatives"
    ),
    (#""shape":[0],"value":[]"#, "shape: expected the sizes"),
    (#""shape":[-1],"value":[1]"#, "shape: expected the sizes"),
    (#""shape":[4611686018427387904,4],"value":[1]"#, "shape: expected the sizes"),
    (#""value":1,"lane":0"#, "lane: the graph has no lanes; `laneCount` says how many it has"),
  ])
  func `invalid members of an array graph`(node: String, message: String) {
    let found = self.message(
      of: #"{"id":"m","shape":[2,3],"value":[1,2,3,4,5,6]},{"id":"s","value":1},{"id":"x",\#(node)}"#,
      level: "tensor")
    #expect(found.hasPrefix("nodes[2].\(message)"), "\(found)")
  }

  @Test(arguments: [
    (#""loss":"z","#, "loss: there is no node `z`"),
    (#""laneCount":-1,"#, "laneCount: expected a whole number from 0 to 1000000"),
    (#""learningRate":NaN,"#, "learningRate: expected a finite number"),
    (#""updateRule":[1],"#, "updateRule[0]: expected a string, found a number"),
    (#""presentation":{"precision":13},"#, "presentation.precision: expected a whole number from 1 to 12"),
    (#""presentation":{"width":3},"#, "presentation.width: expected a number from 400 to 20000"),
    (#""presentation":{"scale":0},"#, "presentation.scale: expected a number from 0.1 to 20"),
    (#""presentation":{"dpi":5},"#, "presentation.dpi: expected a number from 10 to 2400"),
    (#""presentation":{"background":"blue"},"#, "presentation.background: `blue` is not one of"),
    (#""presentation":{"theme":"blue"},"#, "presentation.theme: `blue` is not one of"),
    (#""presentation":{"title":"a","title":"b"},"#, "presentation.title: it is given twice"),
    (#""presentation":[],"#, "presentation: expected an object, found a list"),
    (#""classes":[{"name":"y"}],"#, "classes[0]: expected `name` and `words`"),
  ])
  func `invalid members of the graph`(member: String, message: String) {
    let found = self.message(of: #"{"id":"a","value":1}"#, more: member)
    #expect(found.hasPrefix(message), "\(found)")
  }

  @Test func `operands are limited, and their number takes memory in proportion`() throws {
    var limits = Limits()
    limits.operands = 9
    let text =
      #"{"version":1,"level":"scalar","nodes":[{"id":"x","value":1},{"id":"L","operation":"sum","value":10,"operands":["#
      + [String](repeating: "\"x\"", count: 10).joined(separator: ",") + "]}]}"
    let error = #expect(throws: GraphFormatError.self) {
      try ComputationGraph.decodeJSON(Data(text.utf8), limits: limits)
    }
    #expect(
      error?.path == "nodes[1].operands"
        && error?.message == "this brings the graph to more than 9 operands"
    )
    limits.operands = 10
    #expect(try ComputationGraph.decodeJSON(Data(text.utf8), limits: limits).nodes[1].operands.count == 10)
  }

  @Test func `the loss has its role without being told`() throws {
    let graph = try nodes(
      #"{"id":"a","value":2},{"id":"b","operation":"exp","operands":"a","value":7}"#, more: #""loss":"b","#)
    #expect(graph.nodes[0].role == .input && graph.nodes[1].role == .loss)
  }
}
