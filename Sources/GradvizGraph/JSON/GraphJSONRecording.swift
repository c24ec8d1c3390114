import Autograd
import GradvizSystem

/// What only version 2 has: what a recorder says of a step.
extension GraphJSONReader {
  private enum SourceKey: String, JSONKey {
    case file, line
    static let all = allCases
  }
  private enum SummaryKey: String, JSONKey {
    case count, min, max, mean, std, nan, histogram
    static let all = allCases
  }
  private enum SlotKey: String, JSONKey {
    case name, before, after
    static let all = allCases
  }
  private enum OptimizerKey: String, JSONKey {
    case name, options
    static let all = allCases
  }
  private enum EncodedKey: String, JSONKey {
    case base64, file, dtype
    static let all = allCases
  }

  private static let maxAttributes = 64
  private static let maxListItems = 4096
  private static let maxSlots = 8
  private static let maxBins = 256
  private static let maxPasses = 1_000
  private static let maxNames = 64

  /// Reads a member of a node that says nothing of its numbers' computation.
  static func fact(
    _ key: NodeKey, of facts: inout ComputationGraph.RecordedFacts, _ reader: inout JSONReader
  ) throws(GraphFormatError) {
    switch key {
    case .attributes: facts.attributes = try attributes(&reader)
    case .arguments: facts.arguments = try names(&reader)
    case .output: facts.output = try integer(&reader, in: 0...1_000)
    case .dtype: facts.type = try text(&reader, maxBytes: Limits.nameBytes)
    case .names: facts.names = try names(&reader)
    case .summary: facts.summary = try summary(&reader)
    case .gradientSummary: facts.gradientSummary = try summary(&reader)
    case .contributions:
      let start = reader.start()
      var passes: [[Double]] = []
      try reader.list { reader, _ throws(GraphFormatError) in passes.append(try numbers(&reader).0) }
      guard passes.count <= maxPasses else { throw reader.fail("expected at most \(maxPasses) passes", at: start) }
      facts.contributions = passes
    case .requiresGradient: facts.requiresGradient = try reader.boolean()
    case .state: facts.state = try slots(&reader)
    case .error: facts.error = try text(&reader, maxBytes: Limits.textBytes)
    default: try reader.skip()
    }
  }

  /// The line of a program: an object, where a constant's source is a text.
  static func sourceLine(_ reader: inout JSONReader) throws(GraphFormatError) -> ComputationGraph.SourceLine {
    let start = reader.start()
    var source = ComputationGraph.SourceLine(file: "", line: 0)
    try reader.object(SourceKey.self) { reader, key throws(GraphFormatError) in
      switch key {
      case .file: source.file = try text(&reader, maxBytes: 16 * Limits.nameBytes)
      case .line: source.line = try integer(&reader, in: 1...1_000_000_000)
      }
    }
    guard !source.file.isEmpty, source.line > 0 else { throw reader.fail("expected `file` and `line`", at: start) }
    return source
  }

  static func operation(_ reader: inout JSONReader) throws(GraphFormatError) -> String {
    let start = reader.start()
    let name = try text(&reader, maxBytes: Limits.nameBytes)
    guard !name.isEmpty else { throw reader.fail("the operation has no name", at: start) }
    return name
  }

  private static func names(_ reader: inout JSONReader) throws(GraphFormatError) -> [String] {
    let start = reader.start()
    let names = try texts(&reader)
    guard names.count <= maxNames, names.allSatisfy({ $0.utf8.count <= Limits.nameBytes }) else {
      throw reader.fail("expected at most \(maxNames) names of at most \(Limits.nameBytes) bytes", at: start)
    }
    return names
  }

  private static func attributes(
    _ reader: inout JSONReader
  ) throws(GraphFormatError) -> [ComputationGraph.RecordedAttribute] {
    let start = reader.start()
    var attributes: [ComputationGraph.RecordedAttribute] = []
    try reader.members { reader, name throws(GraphFormatError) in
      guard attributes.count < maxAttributes, name.utf8.count <= Limits.nameBytes else {
        throw reader.fail(
          "expected at most \(maxAttributes) members with names of at most \(Limits.nameBytes) bytes", at: start)
      }
      guard !attributes.contains(where: { $0.name == name }) else { throw reader.fail("it is given twice") }
      attributes.append(.init(name: name, value: try value(&reader, depth: 0)))
    }
    return attributes
  }

  private static func value(
    _ reader: inout JSONReader, depth: Int
  ) throws(GraphFormatError) -> ComputationGraph.RecordedValue {
    let start = reader.start()
    if reader.begins(with: "[") {
      guard depth < 8 else { throw reader.fail("the list is too deep", at: start) }
      var items: [ComputationGraph.RecordedValue] = []
      try reader.list { reader, _ throws(GraphFormatError) in
        items.append(reader.takeNull() ? .text("None") : try value(&reader, depth: depth + 1))
      }
      guard items.count <= maxListItems else { throw reader.fail("expected at most \(maxListItems) items", at: start) }
      return .list(items)
    }
    if reader.begins(with: "t") || reader.begins(with: "f") { return .boolean(try reader.boolean()) }
    guard reader.begins(with: "\"") else { return .number(try reader.number()) }
    let text = try text(&reader, maxBytes: Limits.textBytes)
    switch text {
    case "NaN": return .number(.nan)
    case "Infinity": return .number(.infinity)
    case "-Infinity": return .number(-.infinity)
    default: return .text(text)
    }
  }

  private static func summary(_ reader: inout JSONReader) throws(GraphFormatError) -> ComputationGraph.NumberSummary {
    let start = reader.start()
    var summary = ComputationGraph.NumberSummary()
    try reader.object(SummaryKey.self) { reader, key throws(GraphFormatError) in
      switch key {
      case .count: summary.count = try integer(&reader, in: 1...Int(Int32.max))
      case .min: summary.least = try reader.number()
      case .max: summary.greatest = try reader.number()
      case .mean: summary.mean = try reader.number()
      case .std: summary.deviation = try reader.number()
      case .nan: summary.nans = try integer(&reader, in: 0...Int(Int32.max))
      case .histogram: summary.histogram = try integers(&reader)
      }
    }
    guard summary.count > 0 else { throw reader.fail("`count` is missing", at: start) }
    guard summary.histogram.count <= maxBins, summary.histogram.allSatisfy({ $0 >= 0 }) else {
      throw reader.fail("expected at most \(maxBins) counts in `histogram`", at: start)
    }
    return summary
  }

  private static func slots(_ reader: inout JSONReader) throws(GraphFormatError) -> [ComputationGraph.OptimizerSlot] {
    let start = reader.start()
    var slots: [ComputationGraph.OptimizerSlot] = []
    try reader.list { reader, _ throws(GraphFormatError) in
      var slot = ComputationGraph.OptimizerSlot(name: "")
      let start = reader.start()
      try reader.object(SlotKey.self) { reader, key throws(GraphFormatError) in
        switch key {
        case .name: slot.name = try text(&reader, maxBytes: Limits.nameBytes)
        case .before: slot.before = try numbers(&reader).0
        case .after: slot.after = try numbers(&reader).0
        }
      }
      guard !slot.name.isEmpty else { throw reader.fail("`name` is missing", at: start) }
      slots.append(slot)
    }
    guard slots.count <= maxSlots else { throw reader.fail("expected at most \(maxSlots) of them", at: start) }
    return slots
  }

  static func optimizer(_ reader: inout JSONReader) throws(GraphFormatError) -> ComputationGraph.RecordedOptimizer {
    let start = reader.start()
    var optimizer = ComputationGraph.RecordedOptimizer()
    try reader.object(OptimizerKey.self) { reader, key throws(GraphFormatError) in
      switch key {
      case .name: optimizer.name = try text(&reader, maxBytes: Limits.nameBytes)
      case .options: optimizer.options = try attributes(&reader)
      }
    }
    guard !optimizer.name.isEmpty else { throw reader.fail("`name` is missing", at: start) }
    return optimizer
  }

  /// Numbers that stand as bytes in the file, or in a file beside it.
  func encodedNumbers(_ reader: inout JSONReader) throws(GraphFormatError) -> ([Double], shape: [Int]?) {
    let start = reader.start()
    var (base64, file, type) = (String?.none, String?.none, "float32")
    try reader.object(EncodedKey.self) { reader, key throws(GraphFormatError) in
      switch key {
      case .base64: base64 = try reader.text()
      case .file: file = try Self.text(&reader, maxBytes: 16 * Limits.nameBytes)
      case .dtype: type = try Self.text(&reader, maxBytes: Limits.nameBytes)
      }
    }
    do throws(NumberBytes.Fault) {
      switch (base64, file) {
      case (let text?, nil):
        guard let data = Data(base64Encoded: text) else { throw .init("this is not base64") }
        return (try NumberBytes.numbers(Array(data), type: type), nil)
      case (nil, let file?):
        guard let read = files else { throw .init("files beside the graph are not read here") }
        let array: NumberBytes.Array
        do { array = try NumberBytes.npy(try read(file)) } catch let fault as NumberBytes.Fault { throw fault } catch {
          throw .init("cannot read \(quoted(file)): \(error)")
        }
        return (array.numbers, array.shape.count > 1 ? array.shape : nil)
      default: throw .init("expected `base64` with `dtype`, or `file`")
      }
    } catch {
      throw reader.fail(error.message, at: start)
    }
  }
}
