import Autograd
import GradvizSystem

/// Reads the JSON of a graph; see `Sources/GradvizGraph/ComputationGraph.md`.
struct GraphJSONReader {
  enum Key: String, JSONKey {
    case version, level, loss, laneCount, learningRate, updateRule, updateStep, lossAfterUpdate, presentation,
      nodes, classes, defaultRate, producer, optimizer, error
    static let all = allCases
  }
  enum NodeKey: String, JSONKey {
    case id, name, named, role, operation, operands, exponent, axis, position, shape, value, gradient
    case localDerivatives, lane, scope, array, updated, updateTerms, source
    case attributes, arguments, output, dtype, names, summary, gradientSummary, contributions, requiresGradient
    case state, error
    static let all = allCases
  }
  enum PresentationKey: String, JSONKey {
    case title, caption, precision, gradients, direction, language, parameters, theme, formulas, samples, width
    case scale, dpi, background, closeUps, view, decimal
    static let all = allCases
  }
  private enum VersionKey: String, JSONKey {
    case version
    static let all = allCases
  }

  let limits: Limits
  /// Reads a file beside the graph; nil where there are none.
  let files: ((String) throws -> [UInt8])?
  /// Whether the file may say what only version 2 can.
  let isRecorded: Bool
  var graph = ComputationGraph(level: .scalar, nodes: [])
  private var seen = Set<String>()
  private var loss: (id: String, start: Int)?
  /// The offset of each node.
  private var starts: [Int] = []
  var places: [String: Int] = [:]
  var takenNames = Set<String>()
  var operandCount = 0

  private init(_ limits: Limits, isRecorded: Bool, files: ((String) throws -> [UInt8])?) {
    self.limits = limits
    self.isRecorded = isRecorded
    self.files = files
  }

  /// - Throws: if the text is not JSON, or not a graph.
  static func graph(
    _ data: Data, limits: Limits, files: ((String) throws -> [UInt8])? = nil
  ) throws(GraphFormatError) -> ComputationGraph {
    var reader = try JSONReader(data, limits: limits)
    var parts = Self(limits, isRecorded: try version(reader) > 1, files: files)
    try reader.object(Key.self) { reader, key throws(GraphFormatError) in try parts.read(key, &reader) }
    try parts.finish(reader)
    return parts.graph
  }

  /// First, since a later version may have members that this one does not know.
  private static func version(_ reader: JSONReader) throws(GraphFormatError) -> Int {
    var reader = reader
    guard reader.begins(with: "{") else {
      throw reader.fail("a graph is an object with `version`, `level` and `nodes`")
    }
    var known: Int?
    try reader.object(VersionKey.self) { reader, _ throws(GraphFormatError) in
      let start = reader.start()
      let version = try reader.integer()
      guard (1...ComputationGraph.currentVersion).contains(version) else {
        throw reader.fail(
          "unsupported version \(version); expected 1 to \(ComputationGraph.currentVersion)", at: start)
      }
      known = version
    }
    guard let known else {
      throw GraphFormatError(
        path: "",
        message: "`version` is missing; this program reads versions 1 to \(ComputationGraph.currentVersion)")
    }
    return known
  }

  /// Checks what depends on the whole file.
  private mutating func finish(_ reader: JSONReader) throws(GraphFormatError) {
    for (key, what) in [(Key.level, "`scalar` or `tensor`"), (.nodes, "the list of all values")]
    where !seen.contains(key.rawValue) {
      throw GraphFormatError(path: "", message: "\(quoted(key.rawValue)) is missing; it is \(what)")
    }
    guard !graph.nodes.isEmpty else {
      throw GraphFormatError(path: "nodes", message: "the graph has no nodes")
    }
    for index in graph.nodes.indices {
      if isRecorded { graph.demoteMisfit(index) }
      if let problem = graph.problem(of: index) {
        throw Self.fail(reader, "nodes[\(index)].\(problem.field)", problem.message, starts[index])
      }
    }
    guard let loss else { return }
    guard let found = places[loss.id] else {
      throw Self.fail(reader, "loss", "there is no node \(quoted(loss.id))", loss.start)
    }
    guard graph.nodes[found].value.count == 1 else {
      throw Self.fail(reader, "loss", "\(quoted(loss.id)) is not a scalar", loss.start)
    }
    graph.loss = found
    if graph.nodes[found].role == .intermediate { graph.nodes[found].role = .loss }
  }

  static func fail(_ reader: JSONReader, _ path: String, _ message: String, _ start: Int)
    -> GraphFormatError
  {
    var error = reader.fail(message, at: start)
    error.path = path
    return error
  }

  // MARK: The graph

  mutating func read(_ key: Key, _ reader: inout JSONReader) throws(GraphFormatError) {
    seen.insert(key.rawValue)
    switch key {
    case .version: try reader.skip()
    case .level: graph.level = try Self.choice(&reader)
    case .loss:
      let start = reader.start()
      loss = (try reader.text(), start)
    case .laneCount: graph.laneCount = try Self.integer(&reader, in: 0...1_000_000)
    case .learningRate:
      let start = reader.start()
      let rate = try reader.number()
      guard rate.isFinite else { throw reader.fail("expected a finite number", at: start) }
      graph.learningRate = rate
    case .defaultRate: graph.usesDefaultRate = try reader.boolean()
    case .lossAfterUpdate: graph.lossAfterUpdate = try reader.number()
    case .updateRule: graph.updateRule = try readRule(&reader)
    case .updateStep: graph.updateStep = try Self.integer(&reader, in: 1...Self.maxSteps)
    case .presentation: try readPresentation(&reader)
    case .classes: graph.classes = try readClasses(&reader)
    case .producer where isRecorded: graph.producer = try Self.text(&reader, maxBytes: Limits.nameBytes)
    case .optimizer where isRecorded: graph.optimizer = try Self.optimizer(&reader)
    case .error where isRecorded: graph.error = try Self.text(&reader, maxBytes: Limits.textBytes)
    case .producer, .optimizer, .error: try reader.skip()
    case .nodes:
      try reader.list { reader, _ throws(GraphFormatError) in
        starts.append(reader.start())
        try readNode(&reader)
      }
    }
  }

  private func readRule(_ reader: inout JSONReader) throws(GraphFormatError) -> [String] {
    let start = reader.start()
    let lines = try Self.texts(&reader)
    guard lines.count <= 20, lines.allSatisfy({ $0.utf8.count <= Limits.nameBytes }) else {
      throw reader.fail(
        "expected at most 20 lines of at most \(Limits.nameBytes) bytes", at: start)
    }
    return lines
  }

  private mutating func readPresentation(_ reader: inout JSONReader) throws(GraphFormatError) {
    var shown = ComputationGraph.Presentation()
    try reader.object(PresentationKey.self) { reader, key throws(GraphFormatError) in
      switch key {
      case .title: shown.title = try Self.text(&reader, maxBytes: Limits.textBytes)
      case .caption: shown.caption = try Self.text(&reader, maxBytes: Limits.textBytes)
      case .precision: shown.precision = try Self.integer(&reader, in: 1...12)
      case .gradients: shown.gradients = try Self.choice(&reader)
      case .direction: shown.direction = try Self.choice(&reader)
      case .language: shown.language = try Self.choice(&reader)
      case .decimal: shown.decimal = try Self.choice(&reader)
      case .parameters: shown.parameters = try Self.choice(&reader)
      case .theme: shown.theme = try Self.choice(&reader)
      case .formulas: shown.formulas = try Self.choice(&reader)
      case .samples: shown.samples = try Self.choice(&reader)
      case .closeUps: shown.closeUps = try Self.choice(&reader)
      case .background: shown.background = try Self.choice(&reader)
      case .view: shown.view = try Self.choice(&reader)
      case .width: shown.width = try Self.number(&reader, in: ComputationGraph.Presentation.widths)
      case .scale: shown.scale = try Self.number(&reader, in: ComputationGraph.Presentation.scales)
      case .dpi: shown.dpi = try Self.number(&reader, in: ComputationGraph.Presentation.resolutions)
      }
    }
    graph.presentation = shown
  }

  private func readClasses(_ reader: inout JSONReader) throws(GraphFormatError)
    -> [ComputationGraph.Classes]
  {
    var classes: [ComputationGraph.Classes] = []
    try reader.list { reader, _ throws(GraphFormatError) in
      var one = ComputationGraph.Classes(name: "", words: [])
      let start = reader.start()
      try reader.object(ClassesKey.self) { reader, key throws(GraphFormatError) in
        switch key {
        case .name: one.name = try Self.text(&reader, maxBytes: Limits.nameBytes)
        case .words:
          let start = reader.start()
          one.words = try Self.texts(&reader)
          guard one.words.allSatisfy({ $0.utf8.count <= Limits.nameBytes }) else {
            throw reader.fail("expected at most \(Limits.nameBytes) bytes", at: start)
          }
        }
      }
      guard !one.name.isEmpty, !one.words.isEmpty else {
        throw reader.fail("expected `name` and `words`", at: start)
      }
      classes.append(one)
    }
    return classes
  }

  private enum ClassesKey: String, JSONKey {
    case name, words
    static let all = allCases
  }
}
