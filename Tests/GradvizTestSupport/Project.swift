import Autograd
import Foundation
import GradLanguage
import GradvizGraph
import GradvizKit
import GraphvizRenderer
import Synchronization

/// The package's folder, its samples and shared helpers.
package enum Project {
  package static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  package static let samples: [String] = {
    let files =
      (try? FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent("Samples").path))
      ?? []
    return files.filter { $0.hasSuffix(".grad") }.map { String($0.dropLast(5)) }.sorted()
  }()

  private static let graphs = Mutex<[String: ComputationGraph]>([:])

  /// The graph of a sample, computed once in a run of the tests.
  package static func graph(_ sample: String, level: ComputationGraph.Level? = nil) throws -> ComputationGraph {
    let key = "\(sample) \(level?.rawValue ?? "")"
    if let graph = graphs.withLock({ $0[key] }) { return graph }
    let path = folder.appendingPathComponent("Samples/\(sample).grad").path
    let graph = try ComputationGraph.load(
      text: String(contentsOfFile: path, encoding: .utf8), path: path, level: level
    ).graph
    graphs.withLock { $0[key] = graph }
    return graph
  }

  package static func graph(program: String) throws -> ComputationGraph {
    try ComputationGraph.load(text: program, path: "program.grad").graph
  }

  package static func programText(_ text: String) throws -> Program {
    try Program.load(text: text, path: "program.grad")
  }

  /// Whether a sample sets its number of training steps.
  package static func isTrained(_ sample: String) -> Bool {
    let path = folder.appendingPathComponent("Samples/\(sample).grad").path
    return ((try? String(contentsOfFile: path, encoding: .utf8)) ?? "").contains("\nsteps")
  }

  private static let drawings = Mutex<[String: String]>([:])

  /// A figure of a sample as it is drawn now, once in a run of the tests.
  package static func drawn(_ sample: String, _ stage: Stage, _ format: FigureFormat = .svg) throws -> String {
    let key = "\(sample)/\(stage.rawValue).\(format.rawValue)"
    if let text = drawings.withLock({ $0[key] }) { return text }
    let figure = try FigureSet(graph(sample)).figure(stage)
    let text = format == .dot ? figure.dot.text : try figure.svg()
    drawings.withLock { $0[key] = text }
    return text
  }

  /// Output/ holds the bytes of Debian 12's Graphviz; other versions round layouts differently.
  package static let isReferenceGraphviz = (try? Graphviz.version()) == "2.43.0"

  /// The `gradviz` built with the tests, beside their bundle.
  package static let gradviz: String = {
    var folder = Bundle.main.bundleURL
    for _ in 0..<6 {
      let candidate = folder.appendingPathComponent("gradviz").path
      if FileManager.default.isExecutableFile(atPath: candidate), !isFolder(candidate) { return candidate }
      folder.deleteLastPathComponent()
    }
    return Project.folder.appendingPathComponent(".build/debug/gradviz").path
  }()

  private static func isFolder(_ path: String) -> Bool {
    (try? FileManager.default.attributesOfItem(atPath: path))?[.type] as? FileAttributeType == .typeDirectory
  }

  package static let browser = tool("chromium") ?? tool("google-chrome")

  /// The path of a command-line tool; nil if it is not installed.
  package static func tool(_ name: String) -> String? {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
      .map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }
}
