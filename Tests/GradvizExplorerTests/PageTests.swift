import Foundation
import GradvizGraph
import GradvizKit
import GradvizTestSupport
import Testing

@testable import GradvizExplorer

/// The page as a file: one script, one style, nothing of anybody else, and not too large.
@Suite("The explorer's page")
struct PageTests {
  static let samples = ["chain", "gradient-descent", "softmax", "reuse", "mazur", "logistic"]

  private func page(_ sample: String) throws -> String { try Explorer(Project.graph(sample, level: .scalar)).html }

  /// NIST's examples, and each length around the border of a block.
  @Test func `the hash is SHA-256`() throws {
    func hex(_ text: String) -> String {
      SecureHash.sha256(Array(text.utf8)).map { String(format: "%02x", $0) }.joined()
    }
    #expect(hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
        == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
    #expect(
      hex(String(repeating: "a", count: 1_000_000))
        == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test(arguments: samples) func `it holds one script, one style and nothing that is fetched`(sample: String) throws {
    let html = try page(sample)
    #expect(html.matches(of: /<script/).count == 1)
    #expect(html.matches(of: /<style/).count == 1)
    #expect(html.contains("<script>\(Explorer.script)</script>"))
    let style = try #require(html.firstMatch(of: /(?s)<style>(.*?)<\/style>/)?.output.1)
    #expect(html.contains("style-src '\(SecureHash.source(String(style)))'"))
    #expect(html.contains("script-src '\(Explorer.scriptHash)'"))
    let rest = html.replacing(Explorer.script, with: "")
    #expect(rest.firstMatch(of: /\son\w+=/) == nil)
    #expect(rest.firstMatch(of: /\sstyle=/) == nil)
    let addresses = rest.matches(of: /https?:[^"' ]*/).map { String($0.output) }
    #expect(addresses.allSatisfy { $0 == "http://www.w3.org/2000/svg" })
    #expect(rest.firstMatch(of: /\s(src|href)=/) == nil)
  }

  @Test(arguments: samples) func `every wire of an operation has its operand's slot`(sample: String) throws {
    let graph = try Project.graph(sample, level: .scalar)
    let html = try Explorer(graph).html
    for node in graph.nodes {
      #expect(html.contains("id=\"v-\(node.id)\""), "\(node.id)")
      for slot in node.operands.indices { #expect(html.contains("id=\"e-\(node.id)-\(slot)\""), "\(node.id) \(slot)") }
    }
    let ids = html.matches(of: /\sid="([^"]+)"/).map { String($0.output.1) }
    #expect(Set(ids).count == ids.count)
  }

  @Test(arguments: ComputationGraph.Presentation.Theme.allCases)
  func `a page has the colors of its theme`(theme: ComputationGraph.Presentation.Theme) throws {
    var graph = try Project.graph("chain", level: .scalar)
    graph.presentation.theme = theme
    let html = try Explorer(graph).html
    #expect(html.contains("prefers-color-scheme") == (theme == .auto))
    #expect(html.matches(of: /@media screen\{/).count == (theme == .dark ? 2 : 0))
    #expect(html.contains("color-scheme:\(["auto": "light dark", "dark": "dark"][theme.rawValue] ?? "light");"))
  }

  @Test func `the legend has what the drawing has, in its language`() throws {
    func legend(_ graph: ComputationGraph) throws -> String {
      try #require(try Explorer(graph).html.firstMatch(of: /<figcaption class="key">(.*?)<\/figcaption>/)).output.1
        .replacing(/<[^>]*>/, with: "").split(separator: " ").joined(separator: " ")
    }
    let neuron = try Project.graph("neuron", level: .scalar)
    #expect(
      try legend(neuron) == "value [gradient] data parameter loss gradient flow rule = number local derivative "
        + "passed on unchanged order of computation")
    let reuse = try Project.graph("reuse", level: .scalar)
    #expect(try legend(reuse).contains("[share] of one use"))
    #expect(try !legend(reuse).contains("data"))
    let batch = try Project.graph("gradient-descent", level: .scalar)
    #expect(try legend(batch).contains("prediction") && legend(batch).contains("goes on at the same letter"))
    var french = neuron
    french.presentation.language = .french
    #expect(try legend(french).contains("données paramètre perte flux du gradient règle = nombre dérivée locale"))
  }

  @Test func `names with signs of markup stay text`() throws {
    var graph = try Project.graph("chain", level: .scalar)
    graph.nodes[0].name = "a<b>&'\"\u{2028}</script>"
    graph.presentation.title = "</title><script>alert(1)</script>"
    let html = try Explorer(graph).html
    #expect(html.matches(of: /<script/).count == 1)
    #expect(html.contains("&lt;/title&gt;"))
    #expect(!html.contains("\u{2028}"))
  }

  @Test func `sizes`() throws {
    #expect(try Self.compressed(Explorer.script) <= 16 * 1024)
    for sample in Self.samples {
      let size = try Self.compressed(page(sample))
      #expect(size <= 60 * 1024, "\(sample): \(size)")
    }
  }

  /// The promise is for up to 150 values; most of these 151 are in each of four samples.
  @Test func `a page of 150 values is small enough`() throws {
    let source = """
      input x = [[0, 0], [0, 1], [1, 0], [1, 1]]
      target y = [0, 1, 1, 0]
      layer hidden = dense(x, 3, tanh)
      layer score = dense(hidden, 1)
      predict p = sigmoid(score[:, 0])
      loss L = bce(p, y) + 0.01 * sum(score.w ** 2) + 0.02 * score.b[0]
      """
    let graph = try ComputationGraph.load(text: source, path: "program.grad", level: .scalar).graph
    #expect(150...155 ~= graph.nodes.count, "\(graph.nodes.count)")
    let size = try Self.compressed(Explorer(graph).html)
    #expect(size <= 60 * 1024, "\(size)")
    #expect(try Self.compressed(Explorer.script) <= 16 * 1024)
  }

  /// Their own programs are of arrays.
  @Test(arguments: ["attention", "houses", "iris", "moons"]) func `pages of arrays are small enough`(sample: String)
    throws
  {
    let size = try Self.compressed(Explorer(Project.graph(sample, level: .tensor)).html)
    #expect(size <= 60 * 1024, "\(sample): \(size)")
  }

  @Test(.enabled(if: Script.bundler != nil, "esbuild 0.17 is not installed"))
  func `the script is that of its modules`() throws {
    let esbuild = try #require(Script.bundler)
    let script = Script.modules
    let names = try String(contentsOf: script.appendingPathComponent("own-names.txt"), encoding: .utf8)
      .split(separator: "\n").joined(separator: "|")
    let result = try ProcessResult(
      esbuild,
      [
        script.appendingPathComponent("main.mjs").path, "--bundle", "--minify", "--format=iife", "--target=es2022",
        "--charset=utf8", "--mangle-props=\(names)",
      ])
    #expect(result.text == Explorer.script, "run `make script`")
  }

  @Test func `a program without a loss is refused in words`() throws {
    var graph = try Project.graph("chain", level: .scalar)
    graph.loss = nil
    #expect(Explorer.reasonAgainst(graph)?.contains("no `loss`") == true)
    graph.presentation.language = .french
    #expect(Explorer.reasonAgainst(graph)?.hasSuffix("le programme n’a pas de `loss`") == true)
  }

  private static func compressed(_ text: String) throws -> Int {
    let folder = try TemporaryFolder()
    let path = try folder.write(text, to: "page")
    return try ProcessResult(try #require(Project.tool("gzip")), ["-9", "-c", path]).output.count
  }
}
