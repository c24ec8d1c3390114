import Autograd
import Foundation
import GradLanguage
import GradvizGraph
import GradvizKit
import GraphvizRenderer
import Synchronization

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// The package's folder, its samples and shared helpers.
enum Project {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static let samples: [String] = {
    let files =
      (try? FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent("Samples").path))
      ?? []
    return files.filter { $0.hasSuffix(".grad") }.map { String($0.dropLast(5)) }.sorted()
  }()

  static func graph(_ sample: String, level: ComputationGraph.Level? = nil) throws -> ComputationGraph {
    let path = folder.appendingPathComponent("Samples/\(sample).grad").path
    return try ComputationGraph.load(
      text: String(contentsOfFile: path, encoding: .utf8), path: path, level: level
    ).graph
  }

  static func graph(program: String) throws -> ComputationGraph {
    try ComputationGraph.load(text: program, path: "program.grad").graph
  }

  static func programText(_ text: String) throws -> Program {
    try Program.load(text: text, path: "program.grad")
  }

  /// Whether a sample sets its number of training steps.
  static func isTrained(_ sample: String) -> Bool {
    let path = folder.appendingPathComponent("Samples/\(sample).grad").path
    return ((try? String(contentsOfFile: path, encoding: .utf8)) ?? "").contains("\nsteps")
  }

  private static let drawings = Mutex<[String: String]>([:])

  /// A figure of a sample as it is drawn now, once in a run of the tests.
  static func drawn(_ sample: String, _ stage: Stage, _ format: FigureFormat = .svg) throws -> String {
    let key = "\(sample)/\(stage.rawValue).\(format.rawValue)"
    if let text = drawings.withLock({ $0[key] }) { return text }
    let figure = try FigureSet(graph(sample), placer: GraphvizPlacer()).figure(stage)
    let text = format == .dot ? figure.dot.text : try figure.svg()
    drawings.withLock { $0[key] = text }
    return text
  }

  /// Output/ holds the bytes of Debian 12's Graphviz; other versions round layouts differently.
  static let isReferenceGraphviz = (try? Graphviz.version()) == "2.43.0"

  /// The `gradviz` built with the tests, beside their bundle.
  static let gradviz: String = {
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

  static let browser = tool("chromium") ?? tool("google-chrome")

  /// The path of a command-line tool; nil if it is not installed.
  static func tool(_ name: String) -> String? {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
      .map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }
}

/// The result of a process: exit status, standard output, standard error.
struct ProcessResult {
  var status: Int32
  var output: Data
  var errors: String
  var text: String { String(decoding: output, as: UTF8.self) }

  init(
    _ path: String, _ arguments: [String], input: Data? = nil, in folder: URL = Project.folder,
    environment: [String: String]? = nil
  ) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.currentDirectoryURL = folder
    if let environment {
      // Sanitizer options are always passed on.
      let sanitizers = ProcessInfo.processInfo.environment.filter { $0.key.hasSuffix("SAN_OPTIONS") }
      process.environment = environment.merging(sanitizers) { own, _ in own }
    }
    // Files, not pipes: a full pipe would block the process.
    let scratch = try TemporaryFolder()
    let (out, err, stdin) = (scratch.file("out"), scratch.file("err"), scratch.file("in"))
    try Data().write(to: out)
    try Data().write(to: err)
    try (input ?? Data()).write(to: stdin)
    process.standardOutput = try FileHandle(forWritingTo: out)
    process.standardError = try FileHandle(forWritingTo: err)
    process.standardInput = try FileHandle(forReadingFrom: stdin)
    try process.run()
    process.waitUntilExit()
    status = process.terminationStatus
    output = try Data(contentsOf: out)
    errors = String(decoding: try Data(contentsOf: err), as: UTF8.self)
  }
}

/// A folder that is removed with its owner.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("gradviz-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func file(_ name: String) -> URL { url.appendingPathComponent(name) }

  func write(_ text: String, to name: String) throws -> String {
    try Data(text.utf8).write(to: file(name))
    return file(name).path
  }
}

/// An SVG file read by an XML parser.
final class SVGDocument: NSObject, XMLParserDelegate {
  struct Element {
    var name: String
    var attributes: [String: String]
    /// Ids and classes of the groups around it, outermost first.
    var groups: [(id: String, classes: Set<String>)]
    var text = ""

    func number(_ name: String) -> Double? { attributes[name].flatMap(Double.init) }
  }

  private(set) var elements: [Element] = []
  private(set) var error: String?
  private var open: [Int] = []
  private var groups: [(id: String, classes: Set<String>)] = []

  init(_ text: String) {
    super.init()
    let parser = XMLParser(data: Data(text.utf8))
    parser.delegate = self
    if !parser.parse() { error = parser.parserError.map { "\($0)" } ?? "not XML" }
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    if name == "g" {
      groups.append(
        (attributes["id"] ?? "", Set((attributes["class"] ?? "").split(separator: " ").map(String.init))))
    }
    open.append(elements.count)
    elements.append(Element(name: name, attributes: attributes, groups: groups))
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) {
    if let last = open.last { elements[last].text += string }
  }

  func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?)
  {
    if name == "g" { groups.removeLast() }
    open.removeLast()
  }

  /// The rectangle of each value's box: the union of what its group draws.
  var boxes: [(id: String, frame: CGRect)] {
    var frames: [(id: String, frame: CGRect)] = []
    for element in elements where element.name == "rect" || element.name == "path" {
      guard let group = element.groups.last, group.classes.contains("node") else { continue }
      let frame: CGRect
      if element.name == "rect" {
        frame = CGRect(
          x: element.number("x") ?? 0, y: element.number("y") ?? 0, width: element.number("width") ?? 0,
          height: element.number("height") ?? 0)
      } else {
        continue
      }
      if let index = frames.firstIndex(where: { $0.id == group.id }) {
        frames[index].frame = frames[index].frame.union(frame)
      } else {
        frames.append((group.id, frame))
      }
    }
    return frames
  }
}
