import Autograd
import Foundation
import GradLanguage
import GradvizFigures
import GradvizKit
import GradvizTestSupport
import Testing

@testable import GradvizExplorer
@testable import GradvizGraph

/// The explorer's JavaScript beside the engine: node runs the modules themselves.
enum Script {
  static let node = Project.tool("node")
  /// The esbuild that `make script` was last run with: another version writes other names.
  static let bundler = Project.tool("esbuild").flatMap { path in
    (try? ProcessResult(path, ["--version"]).text.hasPrefix("0.17.")) == true ? path : nil
  }
  static let folder = Project.folder.appendingPathComponent("Tests/GradvizExplorerTests/Scripts")
  static let modules = Project.folder.appendingPathComponent("Sources/GradvizExplorer/Script")

  struct Verdict: Decodable {
    var count: Int
    var worst: Double
    var problems: [String]
    var failed: Int
  }

  /// What `check.mjs` says of a file.
  static func check(_ given: JSONText) throws -> Verdict {
    let scratch = try TemporaryFolder()
    let path = try scratch.write(given.written, to: "given.json")
    let result = try ProcessResult(
      try #require(node), [folder.appendingPathComponent("check.mjs").path, modules.path, path])
    return try JSONDecoder().decode(
      Verdict.self, from: try #require(result.status == 0 ? result.output : nil, "\(result.errors)"))
  }
}

/// A page as a person uses it: `drive.mjs` sends real events to a headless Chromium.
struct Visit: Decodable {
  /// What the expressions of `see` gave.
  var seen: [String]
  /// What the page said on its console or asked for.
  var noise: [String]

  static let isPossible = Project.browser != nil && Script.node != nil

  init(_ html: String, address: String = "", _ actions: [(key: String, value: JSONText)]) throws {
    let folder = try TemporaryFolder()
    let page = try folder.write(html, to: "page.html")
    let list = JSONText.list(
      actions.map { action in
        if action.key == "drag", case .list(let parts) = action.value {
          return .object([("drag", parts[0]), ("by", parts[1])])
        }
        return .object([action])
      })
    let result = try ProcessResult(
      try #require(Script.node),
      [
        Script.folder.appendingPathComponent("drive.mjs").path, try #require(Project.browser),
        folder.file("profile").path, "file://" + page + address, try folder.write(list.written, to: "actions.json"),
      ])
    self = try JSONDecoder().decode(Visit.self, from: result.output)
  }
}

extension JSONText {
  static func numbers(_ list: [Double]) -> JSONText { .list(list.map { .number($0) }) }
}

/// What the page of a program needs, as `Explorer` has it.
struct Subject {
  let graph: ComputationGraph
  let optimizer: Optimizer?
  let live: LiveValues

  init?(_ loaded: LoadedGraph) throws { try self.init(loaded.graph, loaded.optimizer) }

  init?(_ graph: ComputationGraph, _ optimizer: Optimizer? = nil) throws {
    guard graph.level == .scalar, Explorer.reasonAgainst(graph) == nil else { return nil }
    self.graph = graph
    self.optimizer = optimizer
    var options = FigureOptions(samples: .rows, collapse: Collapse.none, dataGradients: true)
    options.view = .values
    live = try FigureSet(graph, options: options).liveValues
  }

  var json: JSONText { PageData(graph: graph, live: live, optimizer: optimizer).json }

  /// The leaves' numbers, and what the engine makes of them.
  func run(_ edit: (Int, Double) -> Double = { $1 }) -> JSONText {
    var edited = graph
    for index in edited.nodes.indices where edited.nodes[index].isLeaf {
      edited.nodes[index].value[0] = edit(index, edited.nodes[index].value[0])
    }
    let pure = PureNumbers(edited)
    let all = edited.nodes.indices
    return .object([
      ("x", .numbers(all.map { edited.nodes[$0].isLeaf ? edited.nodes[$0].value[0] : 0 })),
      ("values", .numbers(all.map { pure.values(of: $0)[0] })),
      ("gradients", .numbers(all.map { graph.nodes[$0].gradient == nil ? 0 : pure.gradient(of: $0)[0] })),
    ])
  }

  func program(_ name: String, edits: Int, seed: UInt64 = 1, hasChains: Bool = false) -> JSONText {
    var choices = RandomChoices(seed: seed)
    let runs = [run()] + (0..<edits).map { _ in run { _, old in old + choices.between(-1, 1) } }
    var members: [(key: String, value: JSONText)] = [("name", .text(name)), ("graph", json), ("runs", .list(runs))]
    if hasChains {
      let lines = StillLines(live)
      let chains = graph.nodes.indices.filter { live.values[$0].step != nil }.map { index -> JSONText in
        let text = lines.chain(index).map { part in
          switch part {
          case .text(let text), .strong(let text, _): text
          case .derivative(let above, let below): "∂\(above)/∂\(below)"
          }
        }
        return .list([.whole(index), .text(text.joined())])
      }
      members.append(("chains", .list(chains)))
    }
    return .object(members)
  }

  static func sample(_ name: String) throws -> Subject? {
    let path = Project.folder.appendingPathComponent("Samples/\(name).grad").path
    return try Subject(
      ComputationGraph.load(text: String(contentsOfFile: path, encoding: .utf8), path: path, level: .scalar))
  }
}
