import Autograd
import GradvizSystem

/// Writes the JSON of a graph, a node a line; see `Sources/GradvizGraph/ComputationGraph.md`.
///
/// Written by hand, since graphs with a million nodes are common: Foundation's encoder takes twenty times as
/// long and first builds a tree of all nodes.
struct GraphJSONWriter: ~Copyable {
  private var text: ByteText
  /// The range of each node's id in the text, quoted: its users write it again.
  private var ids: [Range<Int>] = []
  /// The range of each scalar node's value in the text: the derivatives of a product are its factors, and
  /// copying their text avoids formatting them again.
  private var values: [Range<Int>] = []

  init(_ graph: ComputationGraph) {
    text = ByteText(capacity: 1_000 + 220 * graph.nodes.count)
    values.reserveCapacity(graph.nodes.count)
    ids.reserveCapacity(graph.nodes.count)
    append("{\n")
    if !graph.classes.isEmpty {
      member("classes") { $0.list(graph.classes) { $0.write($1) } }
    }
    if graph.usesDefaultRate { member("defaultRate") { $0.append("true") } }
    optional("error", graph.error) { $0.string($1) }
    member("laneCount") { $0.number(graph.laneCount) }
    optional("learningRate", graph.learningRate) { $0.number($1) }
    member("level") { $0.string(graph.level.rawValue) }
    optional("loss", graph.loss) { $0.string(graph.nodes[$1].id) }
    optional("lossAfterUpdate", graph.lossAfterUpdate) { $0.number($1) }
    write(graph.nodes)
    optional("optimizer", graph.optimizer) { $0.write($1) }
    member("presentation") { $0.write(graph.presentation) }
    optional("producer", graph.producer) { $0.string($1) }
    optional("updateRule", graph.updateRule) { writer, lines in writer.list(lines) { $0.string($1) } }
    optional("updateStep", graph.updateStep) { $0.number($1) }
    append("  \"version\": ")
    number(graph.isRecorded ? ComputationGraph.currentVersion : 1)
    append("\n}\n")
  }

  consuming func data() -> Data { text.data() }

  private mutating func write(_ nodes: [ComputationGraph.Node]) {
    append("  \"nodes\": [")
    // Reading a node out of its array would copy it, with a retain for each of its parts.
    nodes.withUnsafeBufferPointer { nodes in
      for index in nodes.indices {
        append(index == 0 ? "\n    {\"id\":" as StaticString : ",\n    {\"id\":")
        write(index, of: nodes)
      }
    }
    append("\n  ],\n")
  }

  private mutating func write(_ index: Int, of nodes: UnsafeBufferPointer<ComputationGraph.Node>) {
    ids.append(text.length..<text.length)
    string(nodes[index].id)
    ids[index] = ids[index].lowerBound..<text.length
    if nodes[index].name != nodes[index].id { field("name") { $0.string(nodes[index].name) } }
    if !nodes[index].isNamed { append(",\"named\":false") }
    field("role") { $0.string(nodes[index].role.rawValue) }
    if let operation = nodes[index].operation { field("operation") { $0.string(operation.rawValue) } }
    if !nodes[index].operands.isEmpty {
      field("operands") { $0.list(nodes[index].operands) { $0.text.appendAgain($0.ids[$1]) } }
    }
    if let exponent = nodes[index].exponent { field("exponent") { $0.number(exponent) } }
    if let axis = nodes[index].axis { field("axis") { $0.number(axis) } }
    if let position = nodes[index].position {
      field("position") { writer in
        writer.list(position) { writer, axis in
          switch axis {
          case .position(let place): writer.number(place)
          case .range(let from, let to): writer.list([from, to]) { $0.number($1) }
          case .all: writer.append("null")
          case .stride(let from, let count, let step): writer.list([from, count, step]) { $0.number($1) }
          case .positions(let places):
            writer.list([places]) { writer, places in writer.list(places) { $0.number($1) } }
          }
        }
      }
    }
    if !nodes[index].shape.isEmpty { field("shape") { $0.list(nodes[index].shape) { $0.number($1) } } }
    if nodes[index].hasNumbers {
      append(",\"value\":")
      let start = text.length
      numbers(nodes[index].value)
      values.append(nodes[index].value.count == 1 ? (start + 1)..<(text.length - 1) : 0..<0)
      if let gradient = nodes[index].gradient { field("gradient") { $0.numbers(gradient) } }
    } else {
      values.append(0..<0)
    }
    if let facts = nodes[index].facts { write(facts) }
    if let local = nodes[index].localDerivatives {
      field("localDerivatives") { writer in
        writer.list(local.indices) { $0.derivative(local[$1], $1, of: index, in: nodes) }
      }
    }
    if let lane = nodes[index].lane { field("lane") { $0.number(lane) } }
    if let scope = nodes[index].scope { field("scope") { $0.string(scope) } }
    if let array = nodes[index].array { field("array") { $0.string(array) } }
    if let updated = nodes[index].updated { field("updated") { $0.numbers(updated) } }
    if let source = nodes[index].source { field("source") { $0.string(source) } }
    if !nodes[index].updateTerms.isEmpty {
      field("updateTerms") { writer in writer.list(nodes[index].updateTerms) { $0.write($1) } }
    }
    append("}")
  }

  private mutating func write(_ term: UpdateTerm) {
    append("{\"name\":")
    string(term.name)
    if term.isBefore { append(",\"before\":true") }
    field("value") { $0.numbers(term.value) }
    append("}")
  }

  private mutating func write(_ shown: ComputationGraph.Presentation) {
    let words: [(String, String?)] = [
      ("background", shown.background?.rawValue), ("caption", shown.caption), ("closeUps", shown.closeUps?.rawValue),
      ("decimal", shown.decimal?.rawValue), ("direction", shown.direction?.rawValue),
      ("formulas", shown.formulas?.rawValue), ("gradients", shown.gradients?.rawValue),
      ("language", shown.language?.rawValue),
      ("parameters", shown.parameters?.rawValue), ("samples", shown.samples?.rawValue),
      ("theme", shown.theme?.rawValue), ("title", shown.title),
      ("view", shown.view?.rawValue),
    ]
    append("{")
    var isFirst = true
    func begin(_ key: String, _ writer: inout Self) {
      writer.append(isFirst ? "\"" as StaticString : ", \"")
      writer.append(key)
      writer.append("\": ")
      isFirst = false
    }
    for case (let key, let word?) in words {
      begin(key, &self)
      string(word)
    }
    if let precision = shown.precision {
      begin("precision", &self)
      number(precision)
    }
    for case (let key, let size?) in [("width", shown.width), ("scale", shown.scale), ("dpi", shown.dpi)] {
      begin(key, &self)
      number(size)
    }
    append("}")
  }

  private mutating func write(_ classes: ComputationGraph.Classes) {
    append("{\"name\": ")
    string(classes.name)
    append(", \"words\": ")
    list(classes.words) { $0.string($1) }
    append("}")
  }

  private mutating func derivative(
    _ derivative: Double, _ position: Int, of index: Int, in nodes: UnsafeBufferPointer<ComputationGraph.Node>
  ) {
    if nodes[index].operation == .multiply, nodes[index].operands.count == 2 {
      let other = nodes[index].operands[1 - position]
      if !values[other].isEmpty, nodes[other].value[0].bitPattern == derivative.bitPattern {
        return text.appendAgain(values[other])
      }
    }
    number(derivative)
  }

  // MARK: Parts

  private mutating func member(_ key: String, _ body: (inout Self) -> Void) {
    append("  \"")
    append(key)
    append("\": ")
    body(&self)
    append(",\n")
  }

  private mutating func optional<Value>(_ key: String, _ value: Value?, _ body: (inout Self, Value) -> Void) {
    if let value { member(key) { body(&$0, value) } }
  }

  @inline(__always)
  mutating func field(_ key: StaticString, _ body: (inout Self) -> Void) {
    append(",\"")
    append(key)
    append("\":")
    body(&self)
  }

  mutating func list<Elements: Collection>(
    _ elements: Elements, _ body: (inout Self, Elements.Element) -> Void
  ) {
    append("[")
    for (index, element) in elements.enumerated() {
      if index > 0 { append(",") }
      body(&self, element)
    }
    append("]")
  }

  mutating func numbers(_ numbers: [Double]) { list(numbers) { $0.number($1) } }

  // MARK: Tokens

  @inline(__always)
  mutating func append(_ words: StaticString) { text.append(words) }

  mutating func append(_ words: String) { text.append(words) }

  mutating func number(_ value: Int) { text.append(value) }

  /// The shortest decimal that parses as the same number; a word for a number that is not finite.
  mutating func number(_ value: Double) {
    if value.isNaN { return append("\"NaN\"") }
    if value.isInfinite { return append(value < 0 ? "\"-Infinity\"" : "\"Infinity\"") }
    if value.magnitude < 1e15, value == value.rounded(.towardZero), value != 0 || value.sign == .plus {
      return number(Int(value))
    }
    text.append(value)
  }

  mutating func string(_ words: String) {
    text.append(UInt8(ascii: "\""))
    if words.utf8.allSatisfy({
      $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") && $0 != 0x7F
    }) {
      text.append(words)
    } else {
      for byte in words.utf8 { escaped(byte) }
    }
    text.append(UInt8(ascii: "\""))
  }

  private mutating func escaped(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"):
      text.append(UInt8(ascii: "\\"))
      text.append(byte)
    case 0..<0x20, 0x7F: append("\\u00" + (byte < 0x10 ? "0" : "") + String(byte, radix: 16))
    default: text.append(byte)
    }
  }
}
