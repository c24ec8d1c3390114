import Foundation
import Testing

@testable import Autograd
@testable import GradvizGraph

/// Version 2 of the JSON: steps that another program recorded.
@Suite("Recorded graphs")
struct RecordedGraphTests {
  private func graph(
    _ nodes: String, more: String = "", level: String = "tensor", files: ((String) throws -> [UInt8])? = nil
  ) throws -> ComputationGraph {
    try ComputationGraph.decodeJSON(
      Data(#"{"version":2,"level":"\#(level)",\#(more)"nodes":[\#(nodes)]}"#.utf8), files: files)
  }

  private let x = #"{"id":"x","value":[[1,2],[3,-1]]}"#
  private let w = #"{"id":"w","role":"parameter","value":[[1,-1],[0.5,2],[0,1]]}"#

  // MARK: What is read

  @Test func `any operation is taken, with what is known of it`() throws {
    let graph = try graph(
      x + #","#
        + #"{"id":"h","operation":"lstm","operands":["x"],"output":1,"attributes":{"bias":true,"k":[3,null,"a"]},"#
        + #""arguments":"input","scope":"h.0.attn#2","dtype":"float32","shape":[2],"source":{"file":"m.py","line":7},"value":[1,2],"#
        + #""requiresGradient":false,"names":["a","b"]}"#, more: #""producer":"torch 2.13.0","#)
    let facts = try #require(graph.nodes[1].facts)
    #expect(graph.nodes[1].operation == nil && facts.operation == "lstm" && facts.output == 1)
    #expect(facts.attribute("bias") == .boolean(true) && facts.attribute("k")?.integers == nil)
    #expect(facts.arguments == ["input"] && facts.type == "float32" && facts.names == ["a", "b"])
    #expect(facts.line == .init(file: "m.py", line: 7) && graph.nodes[1].scope == "h.0.attn#2")
    #expect(facts.requiresGradient == false && graph.producer == "torch 2.13.0" && graph.isRecorded)
  }

  @Test func `a known operation with other rules is drawn as recorded, not refused`() throws {
    for node in [
      #""operation":"add","operands":["x","x","x"]"#, #""operation":"sum","axis":1,"operands":["x"]"#,
      #""operation":"add","exponent":3,"operands":["x"]"#, #""operands":["x"]"#,
    ] {
      let graph = try graph(x + #",{"id":"y",\#(node),"value":[[1,2],[3,4]]}"#)
      #expect(graph.nodes[1].operation == nil && graph.nodes[1].facts?.operation != nil, "\(node)")
      #expect(!graph.checked().report.asRecorded.isEmpty)
    }
  }

  @Test func `values are absent, summarized, or bytes`() throws {
    let bytes = Data([0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0]).base64EncodedString()
    let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 1), }"
    let file =
      [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8)
      + [0.5, -3].flatMap { (number: Double) in (0..<8).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * $0)) }
      }
    let graph = try graph(
      #"{"id":"a"},{"id":"b","shape":[100,100],"summary":{"count":10000,"min":-1,"max":2,"mean":0.5,"std":1,"nan":3},"#
        + #""gradientSummary":{"count":10000,"min":0,"max":1,"mean":0.1}},"#
        + #"{"id":"c","shape":[2],"value":{"base64":"\#(bytes)","dtype":"float32"}},{"id":"d","value":{"file":"d.npy"}}"#,
      files: { $0 == "d.npy" ? file : [] })
    #expect(graph.nodes[0].facts?.hasValue == false)
    let fold = try #require(graph.nodes[1].fold)
    #expect(fold.count == 10000 && fold.lowest == -1 && fold.highest == 2 && fold.highestGradient == 1)
    #expect(graph.nodes[1].facts?.shape == [100, 100] && graph.nodes[1].facts?.summary?.nans == 3)
    #expect(graph.nodes[2].value == [1, -2])
    #expect(graph.nodes[3].value == [0.5, -3] && graph.nodes[3].shape == [2, 1])
    #expect(throws: GraphFormatError.self) { try self.graph(#"{"id":"d","value":{"file":"d.npy"}}"#) }
    #expect(throws: GraphFormatError.self) { try self.graph(#"{"id":"d","value":{"base64":"A","dtype":"float32"}}"#) }
    #expect(throws: GraphFormatError.self) { try self.graph(#"{"id":"d","value":{"base64":"AAAA","dtype":"f9"}}"#) }
  }

  @Test func `what is written is read again as it was`() throws {
    let graph = try graph(
      x + ","
        + #"{"id":"w","role":"parameter","value":[[1,2]],"gradient":[[2,4]],"contributions":[[1,2],[1,2]],"updated":[[0,1]],"#
        + #""state":[{"name":"exp_avg","before":[0,0],"after":[1,2]}]},{"id":"s","shape":[9],"summary":{"count":9}},"#
        + #"{"id":"y","operation":"lstm","operands":["x","w","s"],"attributes":{"a":[1,[true]],"b":"t"},"value":3},"#
        + #"{"id":"z","operation":"mul","operands":["y"],"error":"RuntimeError: no"}"#,
      more:
        #""producer":"p","error":"e","optimizer":{"name":"Adam","options":{"lr":0.1,"betas":[0.9,0.99]}},"learningRate":0.1,"#
    )
    let text = graph.encodeJSON()
    #expect(try ComputationGraph.decodeJSON(text) == graph)
    #expect(String(decoding: text, as: UTF8.self).contains("\"version\": 2"))
    #expect(
      !String(
        decoding: ComputationGraph(level: .scalar, nodes: [.init(id: "a", name: "a", value: [1])]).encodeJSON(),
        as: UTF8.self
      ).contains("\"version\": 2"))
  }

  // MARK: What is recomputed

  /// x @ wᵀ for the arrays above, and the gradients of its sum.
  private func linear(
    _ value: String = "[[-1,4.5,2],[4,-0.5,-1]]", gradient: String = "[[4,1],[4,1],[4,1]]", more: String = ""
  )
    -> String
  {
    x + #",{"id":"w","role":"parameter","value":[[1,-1],[0.5,2],[0,1]],"gradient":\#(gradient)\#(more)},"#
      + #"{"id":"y","operation":"linear","operands":["x","w"],"value":\#(value)},"#
      + #"{"id":"L","operation":"sum","operands":["y"],"value":8}"#
  }

  private func kinds(_ nodes: String, more: String = #""loss":"L","#) throws -> [GraphProblem.Kind] {
    try graph(nodes, more: more).checked().report.problems.map(\.kind)
  }

  @Test func `known operations are recomputed, forward and backward, and what differs is named`() throws {
    #expect(try kinds(linear()) == [])
    #expect(try kinds(linear("[[-1,4.5,2],[4,-0.5,-2]]")).contains(.value))
    #expect(try kinds(linear(gradient: "[[4,1],[4,1],[4,2]]")) == [.gradient])
    #expect(try kinds(linear(gradient: "[[12,3],[12,3],[12,3]]")) == [.accumulated(times: 3)])
    let passes = #","contributions":[[1,1,1,1,1,1],[4,1,4,1,4,1]]"#
    #expect(try kinds(linear(gradient: "[[5,2],[5,2],[5,2]]", more: passes)) == [.added(passes: 2)])
  }

  @Test func `a plain graph keeps what was found, and gets gradients if it has none`() throws {
    func product(_ value: Int) throws -> ComputationGraph {
      try graph(
        #"{"id":"a","value":3},{"id":"b","value":4},"#
          + #"{"id":"L","operation":"multiply","operands":["a","b"],"value":\#(value)}"#,
        more: #""loss":"L","#, level: "scalar"
      ).checked().graph
    }
    #expect(try product(12).nodes.map { $0.gradient ?? [] } == [[4], [3], [1]])
    #expect(try product(13).findings.map(\.kind) == [.value])
  }

  @Test func `missing gradients are computed where the operations are known`() throws {
    let graph = try graph(linear(), more: #""loss":"L","#).checked().graph
    #expect(graph.nodes[2].gradient == [1, 1, 1, 1, 1, 1] && graph.nodes[3].gradient == [1])
    let scalar = try self.graph(
      #"{"id":"a","value":3},{"id":"b","value":4},{"id":"L","operation":"multiply","operands":["a","b"],"value":12}"#,
      more: #""loss":"L","producer":"p","#, level: "scalar"
    ).checked().graph
    #expect(scalar.nodes[2].localDerivatives == [4, 3] && scalar.nodes[0].gradient == [4])
  }

  @Test func `behind an operation that is not known, gradients are as recorded`() throws {
    let nodes =
      #"{"id":"a","role":"parameter","value":2,"gradient":6.9944166},{"id":"t","operation":"tanh","operands":["a"],"value":0.9640276,"#
      + #""gradient":99},{"id":"u","operation":"mystery","operands":["t"],"value":5,"gradient":1},"#
      + #"{"id":"L","operation":"add","operands":["u","u"],"value":10}"#
    let report = try graph(nodes, more: #""loss":"L","#, level: "scalar").checked().report
    // The gradient of `t` cannot be told, that of `a` follows from it; that of `u` is 2.
    #expect(report.problems.map(\.node) == ["u"] && report.asRecorded == ["mystery"])
  }

  @Test func `where the way of a gradient ends is named`() throws {
    let nodes =
      #"{"id":"w","role":"parameter","value":2},"#
      + #"{"id":"d","operation":"exp","operands":["w"],"value":7.38905609893065,"requiresGradient":false},"#
      + #"{"id":"L","operation":"multiply","operands":["d","w"],"value":14.7781121978613}"#
    let checked = try graph(nodes, more: #""loss":"L","#, level: "scalar").checked()
    #expect(checked.report.problems.map(\.kind) == [.detached])
    #expect(checked.graph.isCut(user: 1, operand: 0) && !checked.graph.isCut(user: 2, operand: 0))
    // Only what does not pass through it.
    #expect(checked.graph.nodes[0].gradient == [7.38905609893065])
  }

  /// A file may say anything: no operand, attribute or shape of a known operation ends the program.
  @Test func `operands that do not fit do not trap`() throws {
    let names = [
      "linear", "addmm", "layer_norm", "rms_norm", "batch_norm", "embedding", "conv2d", "conv1d", "max_pool2d",
      "avg_pool2d", "scaled_dot_product_attention", "dropout", "cross_entropy", "nll_loss", "mse_loss", "l1_loss",
      "binary_cross_entropy", "binary_cross_entropy_with_logits", "sum", "mean", "amax", "var", "std", "logsumexp",
      "softmax", "log_softmax", "where", "masked_fill", "tril", "triu", "expand", "stack", "clone", "gelu", "clamp",
    ]
    let shapes = ["", #""shape":[2],"#, #""shape":[2,1],"#, #""shape":[1,1,2,1],"#, #""shape":[1,2],"#]
    let attributes = [
      "{}", #"{"dim":[0,0]}"#, #"{"dim":9,"kernel_size":0}"#,
      #"{"stride":1e9,"padding":1e9,"kernel_size":[1,2],"groups":0,"diagonal":-1e18,"value":1}"#,
      #"{"kernel_size":1e18,"dilation":1e18,"reduction":"x","correction":5,"training":true,"groups":7,"keepdim":true}"#,
      #"{"kernel_size":1,"stride":1,"dim":-1,"normalized_shape":[2],"reduction":"none","is_causal":true,"min":0,"max":1}"#,
    ]
    var computed = 0
    for (place, name) in names.enumerated() {
      for round in 0..<40 {
        let pick = place &* 31 &+ round &* 17
        let leaves = (0..<3).map { index -> String in
          let shape = shapes[(pick / (index + 1)) % shapes.count]
          return #"{"id":"a\#(index)",\#(shape)"value":\#(shape.isEmpty ? "1" : "[1,0]")}"#
        }
        let count = round % 4
        let shape = shapes[round % shapes.count]
        let operands = (0..<count).map { "\"a\($0)\"" }.joined(separator: ",")
        let text =
          leaves.joined(separator: ",")
          + #",{"id":"y","operation":"\#(name)","operands":[\#(operands)],"#
          + #""attributes":\#(attributes[round % attributes.count]),\#(shape)"value":\#(shape.isEmpty ? "1" : "[1,1]")}"#
        computed += try graph(text).checked().report.values > 0 ? 1 : 0
        if let withLoss = try? graph(text, more: #""loss":"y","#).checked().graph { _ = Symbolic(withLoss) }
      }
    }
    #expect(computed > 20)
  }
}
