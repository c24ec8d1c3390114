import Foundation
import GradvizGraph
import GradvizKit
import GradvizTestSupport
import Testing

@testable import GradvizExplorer

/// What the script writes first is what Swift wrote, text by text: numbers, marks, lines and tables.
@Suite(
  "The explorer in headless Chromium", .enabled(if: Project.browser != nil, "Chromium is not installed"), .serialized)
struct FirstRenderingTests {
  static let samples = [
    "chain", "gradient-descent", "softmax", "reuse", "mazur", "logistic", "momentum", "attention", "houses", "iris",
    "moons",
    "names",
  ]

  private func opened(_ html: String, address: String = "") throws -> String {
    // A folder with a space in its name.
    let folder = try TemporaryFolder()
    let place = folder.file("a page")
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    let file = place.appendingPathComponent("page.html")
    try Data(html.utf8).write(to: file)
    let profile = try TemporaryFolder()
    return try ProcessResult(
      try #require(Project.browser),
      [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--user-data-dir=\(profile.url.path)",
        "--virtual-time-budget=2000", "--dump-dom", file.absoluteString + address,
      ]
    ).text
  }

  /// The texts that the script writes, by their ids, and the lines below the drawing.
  private func texts(_ html: String) throws -> [String: String] {
    var texts: [String: String] = [:]
    var group = ""
    var counts: [String: Int] = [:]
    for match in html.matches(
      of:
        /<g id="([^"]+)"|<text class="(?:[^"]* )?(val|grad|amount)"[^>]*>([^<]*)<|<rect [^>]*class="f-(heat-[^"]+|warning-row)"/
    ) {
      if let id = match.output.1 { group = String(id) }
      guard let kind = match.output.2 ?? (match.output.4 == nil ? nil : "cell") else { continue }
      counts["\(group) \(kind)", default: 0] += 1
      texts["\(group) \(kind) \(counts["\(group) \(kind)"] ?? 0)"] = String(match.output.3 ?? match.output.4 ?? "")
    }
    let list = try #require(html.firstMatch(of: /(?s)<ol id="rules">(.*?)<\/ol>/)?.output.1)
    for (number, item) in String(list).components(separatedBy: "</li>").enumerated() {
      texts["rule \(number)"] = item.replacing(/<[^>]*>/, with: "")
    }
    if let table = html.firstMatch(of: /(?s)<tbody>(.*?)<\/tbody>/)?.output.1 {
      for (number, cell) in String(table).components(separatedBy: "</td>").enumerated() {
        texts["cell \(number)"] = cell.replacing(/<[^>]*>/, with: "")
      }
    }
    return texts
  }

  /// Whether the sample's page in the catalog says that its numbers can be changed; an explorer of very large arrays has
  /// the given ones only.
  private static func pageOffersChanges(_ sample: String) throws -> Bool {
    let name = "Sample" + sample.split(separator: "-").map(\.capitalized).joined() + ".md"
    let catalog = Project.folder.appendingPathComponent("Sources/GradvizKit/GradvizKit.docc/Samples")
    let path = try #require(
      FileManager.default.subpaths(atPath: catalog.path)?.first { $0.hasSuffix("/" + name) || $0 == name })
    return try String(contentsOf: catalog.appendingPathComponent(path), encoding: .utf8)
      .contains("[Step through it, and change its numbers](")
  }

  @Test(arguments: samples) func `the script begins with what is there`(sample: String) throws {
    let path = Project.folder.appendingPathComponent("Samples/\(sample).grad").path
    let loaded = try ComputationGraph.load(
      text: String(contentsOfFile: path, encoding: .utf8), path: path, maxNumbers: Explorer.maxValues)
    let explorer = try Explorer(loaded.graph, optimizer: loaded.optimizer)
    #expect(try Self.pageOffersChanges(sample) == explorer.canBeChanged)
    let html = explorer.html
    let before = try texts(html)
    let dom = try opened(html)
    // The script ran: it says what the moment is.
    #expect(dom.contains("aria-selected="))
    #expect(dom.firstMatch(of: /<div id="say"[^>]*><\/div>/) == nil)
    let after = try texts(dom)
    #expect(before.count > 10)
    for (id, text) in before.sorted(by: { $0.key < $1.key }) where after[id] != text {
      Issue.record("\(sample), \(id): \(text) became \(after[id] ?? "nothing")")
    }
  }

  /// In a figure an exponent is a text of its own.
  @Test func `numbers with an exponent are one text`() throws {
    let source = "param a = 0.0000123\nparam b = 2\nb2 = b * 1e-7\nloss L = a * b2\nrate 0.1\n"
    let graph = try ComputationGraph.load(text: source, path: "program.grad", level: .scalar).graph
    let html = try Explorer(graph).html
    #expect(html.contains(/class="val"[^>]*>1\.23×10⁻⁵</) && html.contains(/class="val"[^>]*>10⁻⁷</))
    let (before, after) = (try texts(html), try texts(opened(html)))
    for (id, text) in before.sorted(by: { $0.key < $1.key }) { #expect(after[id] == text, "\(id)") }
  }

  @Test func `a sum of which twelve digits do not show the end has ≈`() throws {
    let source = "input x = 1e15\ninput y = 0.5\nparam a = 1\nloss L = a * x + a * y\n"
    let html = try Explorer(ComputationGraph.load(text: source, path: "program.grad", level: .scalar).graph).html
    for page in [html, try opened(html)] {
      let lines = try texts(page).filter { $0.key.hasPrefix("rule") }.values
      let sums = lines.filter { $0.contains("10¹⁵ + 1 · 0.5") }
      #expect(!sums.isEmpty && sums.allSatisfy { $0.contains("10¹⁵ + 1 · 0.5 ≈ 10¹⁵") }, "\(lines)")
    }
  }

  @Test func `the address holds the state, and a hostile one is ignored`() throws {
    let html = try Explorer(Project.graph("chain", level: .scalar)).html
    let edited = try opened(html, address: "#stage=backward&value=a&set.a=2.5")
    #expect(edited.contains(/id="v-L"(?:(?!<\/g>).)*class="val"[^>]*>−5</))
    let hostile = try opened(html, address: "#stage=x&step=1e9&value=__proto__&set.a=NaN&set.e=7&set.%E0=1&lr=-1&%")
    #expect(hostile.contains(/id="v-L"(?:(?!<\/g>).)*class="val"[^>]*>−8</))
    #expect(hostile.contains(/id="v-a"(?:(?!<\/g>).)*grad"[^>]*>\[6\]</))
  }

  @Test func `a prediction leaks no gradient`() throws {
    let html = try Explorer(Project.graph("chain", level: .scalar)).html
    for stage in ["forward", "loss", "backward", "update"] {
      let dom = try opened(html, address: "#stage=\(stage)&predict=1")
      for id in ["a", "b", "c", "e", "d", "f"] {
        #expect(dom.contains(try Regex("id=\"v-\(id)\"(?:(?!</g>).)*grad\"[^>]*>\\[ \\? \\]<")), "\(stage) \(id)")
        #expect(!dom.contains(try Regex("aria-label=\"\(id), [^\"]*gradient")), "\(stage) \(id)")
      }
      #expect(dom.firstMatch(of: /class="val"[^>]*>[^<]*→/) == nil, "\(stage)")
      #expect(dom.matches(of: /<td>\?<\/td>/).count == 12)
    }
  }

  /// The text of axe-core, which the Python package `axe-core-python` carries.
  static let axe: String? = {
    guard let python = Project.tool("python3") else { return nil }
    let search = "from importlib.util import find_spec as f; print(f('axe_core_python').submodule_search_locations[0])"
    guard let result = try? ProcessResult(python, ["-c", search]), result.status == 0 else { return nil }
    return try? String(contentsOfFile: result.text.trimmingCharacters(in: .newlines) + "/axe.min.js", encoding: .utf8)
  }()

  @Test(.enabled(if: axe != nil, "axe-core-python is not installed"), arguments: ["chain", "two-samples", "attention"])
  func `axe-core finds nothing in any state`(sample: String) throws {
    let page = try Explorer(Project.graph(sample, level: sample == "attention" ? .tensor : .scalar)).html
    // It is a second script, which the page's own policy forbids.
    let policy = try #require(page.firstMatch(of: /<meta http-equiv="Content-Security-Policy"[^>]*>/)?.output)
    let check = """
      <pre id="axe"></pre><script>\(try #require(Self.axe))</script><script>
      addEventListener("load", () => setTimeout(() => axe.run(document).then(found => {
        document.getElementById("axe").textContent = (found.passes.length > 15) + ", " + found.violations.map(rule =>
          rule.id + " " + rule.nodes.map(node => node.target.join(" ")).join(", ")).join("; ") + "."
      }), 300))
      </script></body>
      """
    let html = page.replacing(policy, with: "").replacing("</body>", with: check)
    let name = ["chain": "a", "attention": "Wq,2"][sample] ?? "b"
    for state in [
      "", "#stage=forward", "#stage=update", "#stage=backward&value=\(name)&nudge=0.01", "#predict=1&value=\(name)",
    ] {
      let dom = try opened(html, address: state)
      let verdict = try #require(dom.firstMatch(of: /<pre id="axe">([^<]*)<\/pre>/)?.output.1, "\(state)")
      #expect(verdict == "true, .", "\(state): \(verdict)")
    }
  }
}
