import Foundation
import GradvizTestSupport
import Testing

@testable import Autograd
@testable import GradvizGraph

/// The schema, checked by a third-party validator: it accepts whatever the reader accepts, and the reader
/// rejects whatever it rejects.
@Suite("The JSON schema")
struct GraphSchemaTests {
  private static let schema = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Sources/GradvizGraph/ComputationGraph.schema.json")

  /// Reads a list of texts and prints `1` for each that the schema accepts.
  private static let program = """
    import json, sys
    import jsonschema
    schema = json.load(open(sys.argv[1]))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    def valid(text):
        try: return validator.is_valid(json.loads(text))
        except ValueError: return False
    print("".join(str(int(valid(text))) for text in json.load(sys.stdin)))
    """

  private static let python: String? = {
    let path = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map {
      "\($0)/python3"
    }
    .first { FileManager.default.isExecutableFile(atPath: $0) }
    guard let path, (try? run(path, ["-c", "import jsonschema"], Data())) != nil else { return nil }
    return path
  }()

  private struct Failed: Error {}

  private static func run(_ path: String, _ arguments: [String], _ input: Data) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    let scratch = FileManager.default.temporaryDirectory.appendingPathComponent(
      "gradviz-schema-\(UUID().uuidString)")
    try input.write(to: scratch)
    defer { try? FileManager.default.removeItem(at: scratch) }
    let output = Pipe()
    process.standardInput = try FileHandle(forReadingFrom: scratch)
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failed() }
    return String(decoding: text, as: UTF8.self)
  }

  private func isValid(_ texts: [String]) throws -> [Bool] {
    let answers = try Self.run(
      try #require(Self.python), ["-c", Self.program, Self.schema.path],
      JSONSerialization.data(withJSONObject: texts))
    return answers.filter { $0 == "0" || $0 == "1" }.map { $0 == "1" }
  }

  private func isRead(_ text: String) -> Bool {
    (try? ComputationGraph.decodeJSON(Data(text.utf8))) != nil
  }

  /// Graphs of both levels with all members a graph can have.
  private static let originals: [String] = {
    let tape = Tape()
    tape.learningRate = 0.1
    let x = tape.input([[1, 2], [4, 3]], name: "x")
    let w = tape.parameter([-1, 1], name: "w")
    let h = tanh(matmul(x, w)).label("h", role: .prediction)
    let loss = ((h ** 2).sum() + x.softmax(axis: 1).transposed[0, ...].mean()).label(
      "L", role: .loss
    ).value
    var shown = ComputationGraph.Presentation(title: "t", caption: "c", precision: 3, gradients: .both)
    shown.width = 900
    shown.theme = .print
    return [ComputationGraph.Level.scalar, .tensor].map { level in
      var graph = tape.graph(loss: loss, level: level, presentation: shown)
      graph.classes = [.init(name: "y", words: ["a", "b"])]
      graph.updateRule = ["w ← w − lr · g"]
      if level == .tensor {
        graph.producer = "torch 2.13.0"
        var facts = ComputationGraph.RecordedFacts()
        facts.type = "float32"
        facts.attributes = [.init(name: "k", value: .list([.number(1), .text("a")]))]
        facts.summary = .init(count: 3)
        facts.state = [.init(name: "m", before: [0], after: [1])]
        graph.nodes[0].facts = facts
      }
      return String(decoding: graph.encodeJSON(), as: UTF8.self)
    }
  }()

  @Test(.enabled(if: python != nil, "python3-jsonschema is missing"))
  func `what is written is valid, and every kind of mistake is not`() throws {
    func scalar(_ node: String) -> String {
      #"{"version":1,"level":"scalar","nodes":[{"id":"a","value":1},\#(node)]}"#
    }
    func recorded(_ member: String) -> String {
      #"{"version":2,"level":"tensor","nodes":[{"id":"a","value":[1]},{"id":"b",\#(member)}]}"#
    }
    let good =
      Self.originals + [
        recorded(#""operation":"lstm","operands":["a"],"output":1,"attributes":{"k":[1,[true]],"m":null}"#),
        recorded(
          #""summary":{"count":3,"min":"-Infinity","histogram":[1,2]},"shape":[3],"source":{"file":"a","line":1}"#),
        recorded(#""value":{"base64":"AACAPw==","dtype":"float32"},"state":[{"name":"m","after":[1]}],"names":"b""#),
        recorded(#""contributions":[[1]],"value":1,"gradient":1,"requiresGradient":false,"error":"e","dtype":"int64""#),
        #"{"version":1,"level":"scalar","nodes":[{"id":"a","value":1}]}"#,
        #"{"version":1,"level":"tensor","nodes":[{"id":"a","value":[[1,2],[3,NaN]],"gradient":null}],"tool":"x"}"#,
        scalar(#"{"id":"b","operation":"exp","operands":"a","value":"Infinity","localDerivatives":2}"#),
        scalar(#"{"id":"b","operation":"clampedLog","operands":["a"],"value":0}"#),
        scalar(#"{"id":"b","operation":"power","operands":["a"],"exponent":2,"value":1}"#),
      ]
    let bad = [
      "{}", "[]", "3", #"{"version":3,"level":"scalar","nodes":[{"id":"a","value":1}]}"#,
      recorded(#""output":-1"#), recorded(#""attributes":{"a":{}}"#), recorded(#""source":{"file":"a"}"#),
      recorded(#""summary":{"min":1}"#), recorded(#""state":[{"after":1}]"#), recorded(#""error":3"#),
      recorded(#""requiresGradient":"no""#), recorded(#""operation":"","operands":["a"]"#),
      #"{"version":1,"level":"flat","nodes":[{"id":"a","value":1}]}"#,
      #"{"version":1,"level":"scalar","nodes":[]}"#,
      scalar(#"{"id":"1b","value":1}"#), scalar(#"{"id":"b"}"#), scalar(#"{"id":"b","value":"one"}"#),
      scalar(#"{"id":"b","value":true}"#), scalar(#"{"id":"b","name":"","value":1}"#),
      scalar(#"{"id":"b","value":1,"axis":0}"#), scalar(#"{"id":"b","value":1,"exponent":2}"#),
      scalar(#"{"id":"b","operation":"tanh","operands":["a"],"value":1,"position":[0]}"#),
      scalar(#"{"id":"b","operation":"tanh","value":1}"#),
      scalar(#"{"id":"b","operation":"cotangent","operands":"a","value":1}"#),
      scalar(#"{"id":"b","operation":"add","operands":["a"],"value":1}"#),
      scalar(#"{"id":"b","operation":"exp","operands":["a","a"],"value":1}"#),
      scalar(#"{"id":"b","value":1,"role":"boss"}"#), scalar(#"{"id":"b","value":1,"lane":-1}"#),
      scalar(#"{"id":"b","value":1,"shape":[0]}"#), scalar(#"{"id":"b","value":1,"named":"yes"}"#),
      #"{"version":1,"level":"scalar","laneCount":-1,"nodes":[{"id":"a","value":1}]}"#,
      #"{"version":1,"level":"scalar","presentation":{"precision":13},"nodes":[{"id":"a","value":1}]}"#,
      #"{"version":1,"level":"scalar","presentation":{"theme":"blue"},"nodes":[{"id":"a","value":1}]}"#,
      #"{"version":1,"level":"scalar","classes":[{"name":"y"}],"nodes":[{"id":"a","value":1}]}"#,
    ]
    let answers = try isValid(good + bad)
    #expect(answers.count == good.count + bad.count)
    for (text, answer) in zip(good + bad, answers) {
      #expect(answer == isRead(text), "\(text.prefix(300))")
      #expect(answer == good.contains(text), "\(text.prefix(300))")
    }
  }

  /// Thousands of graphs with random values in place of their own.
  @Test(.enabled(if: python != nil, "python3-jsonschema is missing"))
  func `what the reader takes is valid, what is invalid it refuses`() throws {
    var generator = SeededNumbers(seed: 11)
    let pieces = [
      "null", "-1", "0", "1", "2.5", "1e999", "\"\"", "[]", "{}", "[1,2]", "[[1],[2]]", "\"NaN\"", "NaN",
      "\"power\"",
      "\"x\"", "\"input\"", "true", "\"a b\"", "[\"x\"]", "[0,null]",
    ]
    var texts: [String] = []
    for index in 0..<Seeds.count(default: 600) {
      let text = Self.originals[index % Self.originals.count]
      var bytes = Array(text.utf8)
      for _ in 0...Int.random(in: 0..<3, using: &generator) {
        let at = Int.random(in: 0..<bytes.count, using: &generator)
        guard let colon = bytes[at...].firstIndex(of: UInt8(ascii: ":")) else { continue }
        // A value ends at a comma of its own depth.
        var depth = 0
        let end = bytes[(colon + 1)...].firstIndex { byte in
          if byte == UInt8(ascii: "[") || byte == UInt8(ascii: "{") { depth += 1 }
          if byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}") { depth -= 1 }
          return depth < 0 || depth == 0 && byte == UInt8(ascii: ",")
        }
        guard let end else { continue }
        let piece = pieces[Int.random(in: 0..<pieces.count, using: &generator)]
        bytes.replaceSubrange((colon + 1)..<end, with: Array(piece.utf8))
      }
      texts.append(String(decoding: bytes, as: UTF8.self))
    }
    let answers = try isValid(texts)
    #expect(answers.count == texts.count)
    var taken = 0
    for (text, answer) in zip(texts, answers) where isRead(text) {
      taken += 1
      #expect(answer, "\(text)")
    }
    // The law would be meaningless if all were rejected.
    #expect(taken > texts.count / 40 && answers.contains(false))
  }
}
