import Foundation
import Testing

@testable import Autograd
@testable import GradvizGraph

@Suite("JSON from strangers")
struct GraphJSONTests {
  private static let original: [UInt8] = {
    let tape = Tape()
    tape.learningRate = 0.1
    let x = tape.input([[1, 2], [4, 3]], name: "x")
    let w = tape.parameter([-1, 1], name: "w")
    let loss = (tanh(matmul(x, w)) ** 2).sum().label("L", role: .loss).value
    return Array(tape.graph(loss: loss, level: .scalar).encodeJSON())
  }()

  @Test func `numbers are written as Swift describes them, the shortest decimals that read back`() {
    var generator = SeededGenerator(state: 5)
    var numbers = [
      0.1, -0.0, 1e16, .leastNonzeroMagnitude, 1.7976931348623157e308, -2.2250738585072014e-308, .pi, 1e-5,
      123456.5,
    ]
    for _ in 0..<20_000 { numbers.append(Double(bitPattern: .random(in: .min ... .max, using: &generator))) }
    for number in numbers where number.isFinite {
      var text = ByteText(capacity: 1)
      text.append(number)
      #expect(String(decoding: text.bytes, as: UTF8.self) == number.description)
    }
  }

  @Test func `what an optimizer works out is read back, and refused where it does not fit`() throws {
    let tape = Tape()
    tape.optimizer = .adam(rate: 0.1)
    let w = tape.parameter([-1, 1], name: "w")
    let loss = (w * w).sum().label("L", role: .loss).value
    loss.backward()
    tape.update()
    tape.replay()
    let graph = tape.graph(loss: loss, level: .tensor)
    let terms = try #require(graph.nodes.first { $0.name == "w" }).updateTerms
    #expect(terms.map(\.name) == ["m", "v", "m̂", "√v̂"])
    #expect(terms.map(\.isBefore) == [true, true, false, false])
    #expect(graph.updateStep == 2)
    // The first step's gradient, −2 and 2, times 1 − 0.9.
    #expect(zip(terms[0].value, [-0.2, 0.2]).allSatisfy { abs($0 - $1) < 1e-15 })
    let text = String(decoding: graph.encodeJSON(), as: UTF8.self)
    #expect(try ComputationGraph.decodeJSON(Data(text.utf8)) == graph)
    for (old, new, path) in [
      ("\"updateStep\": 2", "\"updateStep\": 0", "updateStep"),
      ("{\"name\":\"m\"", "{\"name\":\"\"", "nodes[0].updateTerms[0].name"),
      ("{\"name\":\"v\",\"before\":true,\"value\":[", "{\"name\":\"v\",\"value\":[1,", "nodes[0].updateTerms[1].value"),
    ] {
      #expect(text.contains(old))
      let error = try #require(
        throws: GraphFormatError.self,
        performing: { try ComputationGraph.decodeJSON(Data(text.replacing(old, with: new).utf8)) })
      #expect(error.path == path)
    }
  }

  /// Thousands of broken files: each is rejected with a reason or is a graph, and none crashes.
  @Test(arguments: 0..<8)
  func `mutations are refused or read, never a trap`(seed: Int) throws {
    var generator = SeededGenerator(state: UInt64(seed))
    let pieces = [
      "null", "-1", "1e999", "\"\"", "[]", "{}", "9223372036854775807", "\"power\"", "\"x1_1\"", "true",
      "-0.5",
    ]
    for _ in 0..<150 {
      var bytes = Self.original
      for _ in 0...Int.random(in: 0..<4, using: &generator) {
        let at = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: bytes[at] = UInt8.random(in: 32..<127, using: &generator)
        case 1: bytes.removeSubrange(at..<min(at + 20, bytes.count))
        case 2:
          // A whole value in place of another.
          guard let colon = bytes[at...].firstIndex(of: UInt8(ascii: ":")),
            let end = bytes[colon...].firstIndex(where: {
              $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\n")
            })
          else { continue }
          let piece = pieces[Int.random(in: 0..<pieces.count, using: &generator)]
          bytes.replaceSubrange((colon + 1)..<end, with: Array(piece.utf8))
        default: bytes.insert(contentsOf: Array("[[[".utf8), at: at)
        }
      }
      do {
        let graph = try ComputationGraph.decodeJSON(Data(bytes))
        #expect(graph.nodes.allSatisfy { $0.value.count == Shapes.count($0.shape) })
        _ = Symbolic(graph)
      } catch {
        #expect(!error.message.isEmpty)
      }
    }
  }

  @Test func `a hundred thousand brackets are harmless`() {
    #expect(throws: GraphFormatError.self) {
      try ComputationGraph.decodeJSON(Data(String(repeating: "[", count: 100_000).utf8))
    }
  }
}
