import Autograd
import Foundation
import GradvizGraph
import GradvizKit
import GradvizTestSupport
import Testing

@Suite("gradviz check")
struct CheckCommandTests {
  private func gradviz(_ arguments: String..., in folder: URL = Project.folder) throws -> ProcessResult {
    try ProcessResult(Project.gradviz, arguments, in: folder)
  }

  @Test func `one line at the end sums it up`() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("param a = 0\nparam b = 2\nloss L = relu(a) + b**2\n", to: "kink.grad")
    _ = try folder.write("param a = 2\nloss L = a**2\n", to: "fine.grad")
    let result = try gradviz("check", "kink.grad", "fine.grad", in: folder.url)
    #expect(result.status == 0 && result.errors.isEmpty)
    #expect(result.text.hasSuffix("\n2 files: 3 gradients, 2 ok, 1 kink\n"), "\(result.text)")
    let one = try gradviz("check", "fine.grad", in: folder.url)
    #expect(one.text.hasSuffix("\n1 file: 1 gradient, all ok\n"))
    let quiet = try gradviz("check", "-q", "kink.grad", "fine.grad", in: folder.url)
    #expect(quiet.status == 0 && quiet.text.isEmpty && quiet.errors.isEmpty)
  }

  @Test func `numbers in a file beside a graph are read`() throws {
    let folder = try TemporaryFolder()
    let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }"
    let numbers = [3.0, 4].flatMap { number in (0..<8).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * $0)) }
    }
    let bytes = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8) + numbers
    try Data(bytes).write(to: folder.file("w.npy"))
    _ = try folder.write(
      #"{"version": 2, "level": "tensor", "loss": "L", "nodes": [{"id": "w", "role": "parameter", "shape": [2], "#
        + #""value": {"file": "w.npy"}}, {"id": "L", "operation": "sum", "operands": ["w"], "value": 8}]}"#,
      to: "g.json")
    let result = try gradviz("check", "g.json", in: folder.url)
    #expect(result.status == 1 && result.text.contains("7"), "\(result.text) \(result.errors)")
  }

  @Test func `a save is checked again, an error waits for the next save`() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("param a = 2\nloss L = tnh(a)\n", to: "net.grad")
    _ = try folder.write("", to: "said")
    let said = try FileHandle(forWritingTo: folder.file("said"))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Project.gradviz)
    process.arguments = ["check", "net.grad", "--watch"]
    process.currentDirectoryURL = folder.url
    process.standardOutput = said
    process.standardError = said
    try process.run()
    defer {
      process.interrupt()
      process.waitUntilExit()
    }
    func waits(for text: String) -> Bool {
      for _ in 0..<600 {
        if let now = try? String(contentsOf: folder.file("said"), encoding: .utf8), now.contains(text) { return true }
        usleep(50_000)
      }
      return false
    }
    #expect(waits(for: "net.grad:2:10: error: unknown function `tnh`"))
    _ = try folder.write("param a = 2\nloss L = a**2\n", to: "net.grad")
    #expect(waits(for: "net.grad\ta\t4.0\t") && waits(for: "1 file: 1 gradient, all ok"))
    _ = try folder.write("param a = 3\nloss L = a**2\n", to: "net.grad")
    #expect(waits(for: "net.grad\ta\t6.0\t") && process.isRunning)
    for other in ["--json", "-"] {
      let result = try gradviz("check", "--watch", "net.grad", other, in: folder.url)
      #expect(result.status == 2 && result.errors.contains("`--watch`"), "\(result.errors)")
    }
  }

  @Test func `a bad file does not end the run`() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("param a = 2\nloss L = tnh(a)\n", to: "bad.grad")
    _ = try folder.write("param a = 2\nb = a * 3\n", to: "lossless.grad")
    _ = try folder.write("param a = 2\nloss L = a**2\n", to: "fine.grad")
    let result = try gradviz(
      "check", "bad.grad", "missing.grad", "lossless.grad", "fine.grad", in: folder.url)
    #expect(result.status == 1)
    #expect(result.text.contains("fine.grad\ta\t4.0\t"))
    #expect(result.errors.contains("bad.grad:2:10: error: unknown function `tnh`"))
    #expect(result.errors.contains("missing.grad: error: no such file"))
    #expect(result.errors.contains("lossless.grad: error: the program has no `loss`"))
    #expect(
      result.errors.hasSuffix("gradviz: error: 4 files: 1 gradient, all ok, 3 files not checked\n"),
      "\(result.errors)")
    let quiet = try gradviz("check", "-q", "bad.grad", "fine.grad", in: folder.url)
    #expect(quiet.status == 1 && quiet.text.isEmpty)
  }

  @Test func `a loss or a gradient that is not finite is said with its pass`() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("param a = 0\nloss L = log(a)\n", to: "forward.grad")
    let forward = try gradviz("check", "forward.grad", in: folder.url)
    #expect(forward.status == 1)
    #expect(forward.errors.contains("forward.grad:2:10: warning: `log(a)` is −∞, not a finite number"))
    #expect(
      forward.errors.contains(
        "there is no gradient to check: forward pass: `L` = `log(a)` is −∞, though `a` = 0 is finite"))
    _ = try folder.write("param a = 0\nloss L = a**0.5 + a\n", to: "backward.grad")
    let backward = try gradviz("check", "backward.grad", in: folder.url)
    #expect(backward.status == 1 && backward.text.contains("NOT FINITE"))
    #expect(backward.errors.contains("backward.grad:2:10: warning: backward pass: `a**0.5` passes back ∞"))
    #expect(backward.errors.contains("1 file: 1 gradient, 0 ok, 1 not finite"), "\(backward.errors)")
  }

  @Test func `the tolerance that excuses a relative error of 1 is named`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("param a = 0\nparam b = 3\nloss L = a**1.5 + b * 1e6\n", to: "x.grad")
    let result = try gradviz("check", path)
    #expect(result.status == 0, "\(result.errors)")
    let row = result.text.split(separator: "\n").first { $0.contains("\ta\t") } ?? ""
    #expect(row.contains("\t1.0\tok within ") && row.contains("e-"), "\(result.text)")
  }

  @Test func `for another program: tabs, all digits, plain signs`() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("param W = [[1, -2], [3, 4]]\nparam s = 1e-9\nloss L = sum(W**2) - s\n", to: "net.grad")
    let result = try gradviz("check", "net.grad", in: folder.url)
    let rows = result.text.split(separator: "\n").map { $0.split(separator: "\t", omittingEmptySubsequences: false) }
    #expect(rows[0] == ["file", "parameter", "analytic", "numeric", "relative error", "verdict"])
    let table = rows.dropFirst().filter { $0.count == 6 }
    #expect(table.map { $0[1] } == ["W[0, 0]", "W[0, 1]", "W[1, 0]", "W[1, 1]", "s"])
    #expect(table.map { Double($0[2]) } == [2, -4, 6, 8, -1])
    #expect(table.allSatisfy { Double($0[3]) != nil && Double($0[4]) != nil && $0[5] == "ok" })
    #expect(!result.output.contains(0x1B) && rows.last?.count == 1)
  }

  @Test func `the results as one JSON document`() throws {
    struct Report: Decodable {
      struct File: Decodable {
        struct Gradient: Decodable {
          var parameter: String, verdict: String
          var index: [Int]
          var analytic: Double, numeric: Double, difference: Double, relativeError: Double
          var tolerance: Double?
        }
        struct Recomputed: Decodable {
          var values: Int, gradients: Int, updates: Int
          var problems: [String]
        }
        var file: String
        var reference: String?, error: String?
        var gradients: [Gradient]?
        var recomputed: Recomputed?
      }
      var version: Int
      var ok: Bool
      var summary: String
      var files: [File]
    }
    let folder = try TemporaryFolder()
    _ = try folder.write("param W = [[1, -2], [3, 4]]\nparam k = 0\nloss L = sum(W**2) + relu(k)\n", to: "net.grad")
    _ = try folder.write("param a = 2\nloss L = tnh(a)\n", to: "bad.grad")
    #expect(try gradviz("draw", "net.grad", "-T", "json", "-o", "net.json", in: folder.url).status == 0)
    let result = try gradviz("check", "--json", "net.grad", "bad.grad", "net.json", in: folder.url)
    #expect(result.status == 1)
    let report = try JSONDecoder().decode(Report.self, from: result.output)
    #expect(!report.ok && report.version == 1 && report.files.map(\.file) == ["net.grad", "bad.grad", "net.json"])
    #expect(report.summary.hasPrefix("3 files: 5 gradients, 4 ok, 1 kink"), "\(report.summary)")
    let gradients = try #require(report.files[0].gradients)
    #expect(gradients.map(\.index) == [[0, 0], [0, 1], [1, 0], [1, 1], []])
    #expect(gradients.map(\.verdict) == ["ok", "ok", "ok", "ok", "kink"] && gradients[1].analytic == -4)
    #expect(gradients.allSatisfy { $0.difference == $0.analytic - $0.numeric })
    #expect(report.files[0].reference == "central differences")
    #expect(report.files[1].error?.hasPrefix("bad.grad:2:10: error: unknown function `tnh`") == true)
    #expect(report.files[2].recomputed?.problems == [] && (report.files[2].recomputed?.values ?? 0) > 0)
    let good = try gradviz("check", "--json", "net.grad", in: folder.url)
    #expect(good.status == 0 && good.errors.isEmpty)
    #expect(try JSONDecoder().decode(Report.self, from: good.output).ok)
  }

  @Test(arguments: [
    ("value", "`n1` is 7, but `x[0] * w[0]` gives 0"),
    ("gradient", "the gradient of `w[1]` is −0.5, but its uses give −0.839949"),
    ("doubled", "the gradient of `w[1]` is −1.6799, twice the −0.839949 that its uses give"),
  ])
  func `a graph's numbers are told apart`(_ kind: String, _ message: String) throws {
    let folder = try TemporaryFolder()
    var graph = try Project.graph("neuron", level: .scalar)
    func index(_ name: String) throws -> Int { try #require(graph.nodes.firstIndex { $0.name == name }) }
    switch kind {
    case "value": graph.nodes[try index("n1")].value = [7]
    case "gradient": graph.nodes[try index("w[1]")].gradient = [-0.5]
    default:
      for name in ["w[0]", "w[1]", "b"] {
        let at = try index(name)
        graph.nodes[at].gradient = graph.nodes[at].gradient?.map { $0 * 2 }
      }
    }
    let path = try folder.write(String(decoding: graph.encodeJSON(), as: UTF8.self), to: "g.json")
    let result = try gradviz("check", path)
    #expect(result.status == 1 && result.text.contains("  \(message)"), "\(result.text)")
    #expect(result.errors.contains("of graphs recomputed, "))
    let drawn = try gradviz("draw", path, "--stage", "backward", "-o", folder.file("x.svg").path)
    #expect(drawn.status == 0 && drawn.errors.contains("g.json: warning: \(message)"), "\(drawn.errors)")
  }

  @Test(arguments: Project.samples, ComputationGraph.Level.allCases)
  func `every sample's graph is right by itself`(_ sample: String, _ level: ComputationGraph.Level) throws {
    let problems = try Project.graph(sample, level: level).recomputed().problems
    #expect(problems.isEmpty, "\(problems.map(\.description))")
  }

  @Test func `a correct graph is checked and drawn silently`() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("g.json").path
    #expect(try gradviz("draw", "Samples/moons.grad", "-T", "json", "-o", path).status == 0)
    let result = try gradviz("check", path)
    #expect(result.status == 0 && result.text.contains("recomputed: ok"), "\(result.text)")
    #expect(try gradviz("draw", path, "-q", "-T", "json", "-o", folder.file("h.json").path).errors.isEmpty)
  }

  @Test func `other gradients of parameters that no loss reaches differ`() throws {
    let folder = try TemporaryFolder()
    let program = try folder.write(
      "param w = 2\nparam u = 3\nloss L = w**2\nmetric m = u\n", to: "net.grad")
    var graph = try Project.graph(program: String(contentsOfFile: program, encoding: .utf8))
    let at = try #require(graph.nodes.firstIndex { $0.name == "u" })
    func against(_ gradient: [Double]?) throws -> ProcessResult {
      graph.nodes[at].gradient = gradient
      let path = try folder.write(String(decoding: graph.encodeJSON(), as: UTF8.self), to: "g.json")
      return try gradviz("check", program, "--against", path)
    }
    #expect(try against(nil).status == 0 && against([0]).status == 0)
    let wrong = try against([0.25])
    #expect(wrong.status == 1 && wrong.text.contains("DIFFERS") && wrong.errors.contains("1 differs from"))
    graph.nodes[at].value = [5]
    let elsewhere = try against(nil)
    #expect(elsewhere.status == 1 && elsewhere.errors.contains("`u` is 5 there and 3 in the program"))
  }
}
