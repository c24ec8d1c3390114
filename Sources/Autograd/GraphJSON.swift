import Foundation

/// Why a file is not a computation graph.
public struct GraphFormatError: Error, Equatable, CustomStringConvertible {
  /// Where, such as `nodes[3].operands`; empty for the whole file.
  public var path: String
  public var message: String

  public var description: String { path.isEmpty ? message : "\(path): \(message)" }
}

extension ComputationGraph {
  /// The graph as JSON, a node a line: operands by id, numbers that are not finite as the words `NaN`,
  /// `Infinity` and `-Infinity`; what is absent or the default is not written. The same bytes for the same graph.
  public func encodeJSON() -> Data { GraphJSONWriter(self).data() }

  /// Reads what ``encodeJSON()`` writes, or another framework in the same format.
  ///
  /// - Parameters:
  ///   - data: UTF-8.
  ///   - limits: how large the graph may be; checked before it is read.
  /// - Throws: ``GraphFormatError`` for anything that is not a well-formed graph.
  public static func decodeJSON(_ data: Data, limits: Limits = .init()) throws -> ComputationGraph {
    try JSONSize.check(data, limits)
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    let file: GraphFile
    do {
      file = try decoder.decode(GraphFile.self, from: data)
    } catch let error as DecodingError {
      throw GraphFormatError(error)
    }
    return try file.graph(limits)
  }
}

extension GraphFormatError {
  fileprivate init(_ error: DecodingError) {
    func text(_ path: [any CodingKey]) -> String {
      path.reduce("") { result, key in
        if let index = key.intValue { return "\(result)[\(index)]" }
        return result.isEmpty ? key.stringValue : "\(result).\(key.stringValue)"
      }
    }
    switch error {
    case .keyNotFound(let key, let context):
      self.init(path: text(context.codingPath), message: "\(quoted(key.stringValue)) is missing")
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      self.init(path: text(context.codingPath), message: "a value of another kind is expected here")
    case .dataCorrupted(let context) where !context.codingPath.isEmpty:
      self.init(path: text(context.codingPath), message: "this value cannot be read")
    default: self.init(path: "", message: "this is not JSON")
    }
  }
}

/// The JSON format; see `Sources/Autograd/ComputationGraph.md`.
private struct GraphFile: Decodable {
  struct Node: Decodable {
    var id: String
    var name: String?
    var named: Bool?
    var role: String?
    var operation: String?
    var operands: [String]?
    var exponent: Double?
    var axis: Int?
    var position: [Int?]?
    var shape: [Int]?
    var value: [Double]
    var gradient: [Double]?
    var localDerivatives: [Double]?
    var lane: Int?
    var scope: String?
    var updated: [Double]?
    var source: String?
    var updateTerms: [UpdateTerm]?
  }
  struct UpdateTerm: Decodable {
    var name: String
    var before: Bool?
    var value: [Double]
  }
  struct Presentation: Decodable {
    var title: String?
    var caption: String?
    var precision: Int?
    var gradients: String?
    var direction: String?
    var language: String?
    var parameters: String?
    var theme: String?
    var formulas: String?
    var width: Double?
  }
  var version: Int
  var level: String
  var loss: String?
  var laneCount: Int?
  var learningRate: Double?
  var updateRule: [String]?
  var updateStep: Int?
  var lossAfterUpdate: Double?
  var presentation: Presentation?
  var nodes: [Node]

  func graph(_ limits: Limits) throws -> ComputationGraph {
    guard version == ComputationGraph.currentVersion else {
      throw GraphFormatError(
        path: "version",
        message: "this program reads version \(ComputationGraph.currentVersion), not \(version)")
    }
    let level = try choice(ComputationGraph.Level.self, level, "level")
    let lanes = laneCount ?? 0
    guard (0...1_000_000).contains(lanes) else {
      throw GraphFormatError(path: "laneCount", message: "between 0 and 1000000 is expected")
    }
    var places: [String: Int] = [:]
    var names = Set<String>()
    var operandCount = 0
    for (field, text) in [("title", presentation?.title), ("caption", presentation?.caption)] {
      guard (text?.utf8.count ?? 0) <= Limits.textBytes else {
        throw GraphFormatError(
          path: "presentation.\(field)", message: "a \(field) has at most \(Limits.textBytes) bytes")
      }
    }
    for line in updateRule ?? [] where line.utf8.count > Limits.nameBytes || (updateRule?.count ?? 0) > 20 {
      throw GraphFormatError(
        path: "updateRule", message: "at most 20 lines of at most \(Limits.nameBytes) bytes are expected")
    }
    if let updateStep, !(1...1_000_000_000).contains(updateStep) {
      throw GraphFormatError(path: "updateStep", message: "1 to 1000000000 is expected")
    }
    var result: [ComputationGraph.Node] = []
    for (index, node) in nodes.enumerated() {
      let converted = try convert(node, "nodes[\(index)]", level, lanes, places, result)
      guard names.insert(converted.name).inserted else {
        throw GraphFormatError(
          path: "nodes[\(index)].name", message: "\(quoted(converted.name)) is already another node's name")
      }
      operandCount += converted.operands.count
      guard operandCount <= 4 * limits.values else {
        throw GraphFormatError(
          path: "nodes[\(index)].operands",
          message: "with this the graph has more than \(4 * limits.values) operands; \(Limits.hint("values"))"
        )
      }
      places[node.id] = index
      result.append(converted)
    }
    guard !result.isEmpty else { throw GraphFormatError(path: "nodes", message: "the graph has no nodes") }
    var lossIndex: Int?
    if let loss {
      guard let found = places[loss] else {
        throw GraphFormatError(path: "loss", message: "there is no node \(quoted(loss))")
      }
      guard result[found].value.count == 1 else {
        throw GraphFormatError(path: "loss", message: "\(quoted(loss)) is not one number")
      }
      lossIndex = found
    }
    var shown = ComputationGraph.Presentation(title: presentation?.title, caption: presentation?.caption)
    if let precision = presentation?.precision {
      guard (1...12).contains(precision) else {
        throw GraphFormatError(path: "presentation.precision", message: "1 to 12 is expected")
      }
      shown.precision = precision
    }
    shown.gradients = try presentation?.gradients.map {
      try choice(ComputationGraph.Presentation.Gradients.self, $0, "presentation.gradients")
    }
    shown.direction = try presentation?.direction.map {
      try choice(ComputationGraph.Presentation.Direction.self, $0, "presentation.direction")
    }
    shown.parameters = try presentation?.parameters.map {
      try choice(ComputationGraph.Presentation.ParameterStyle.self, $0, "presentation.parameters")
    }
    shown.theme = try presentation?.theme.map {
      try choice(ComputationGraph.Presentation.Theme.self, $0, "presentation.theme")
    }
    shown.formulas = try presentation?.formulas.map {
      try choice(ComputationGraph.Presentation.Formulas.self, $0, "presentation.formulas")
    }
    if let width = presentation?.width {
      let widths = ComputationGraph.Presentation.widths
      guard widths.contains(width) else {
        throw GraphFormatError(
          path: "presentation.width",
          message: "\(Int(widths.lowerBound)) to \(Int(widths.upperBound)) is expected")
      }
      shown.width = width
    }
    shown.language = try presentation?.language.map {
      try choice(ComputationGraph.Presentation.Language.self, $0, "presentation.language")
    }
    return ComputationGraph(
      level: level, nodes: result, loss: lossIndex, laneCount: lanes, learningRate: learningRate,
      updateRule: updateRule, updateStep: updateStep, lossAfterUpdate: lossAfterUpdate, presentation: shown)
  }

  /// Whether a figure shows something for a character: not a space, a control character or a mark of order.
  private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .spaceSeparator, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned:
      false
    default: true
    }
  }

  private func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ type: Choice.Type, _ word: String, _ path: String
  ) throws -> Choice {
    guard let choice = Choice(rawValue: word) else {
      let known = type.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
      throw GraphFormatError(path: path, message: "\(quoted(word)) is not one of \(known)")
    }
    return choice
  }

  private func convert(
    _ node: Node, _ path: String, _ level: ComputationGraph.Level, _ lanes: Int,
    _ places: [String: Int], _ before: [ComputationGraph.Node]
  ) throws -> ComputationGraph.Node {
    func fail(_ field: String, _ message: String) -> GraphFormatError {
      GraphFormatError(path: "\(path).\(field)", message: message)
    }
    let isWord = node.id.utf8.allSatisfy { byte in
      (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 95
        || byte == 45 || byte == 46
    }
    guard isWord, let first = node.id.utf8.first, !(45...57).contains(first), node.id.utf8.count <= 200 else {
      throw fail("id", "a letter or `_`, then letters, digits, `_`, `.` or `-` are expected")
    }
    guard places[node.id] == nil else { throw fail("id", "`\(node.id)` is already another node's id") }
    let name = node.name ?? node.id
    guard !name.isEmpty else { throw fail("name", "the name is empty") }
    guard name.unicodeScalars.contains(where: Self.isShown) else {
      throw fail("name", "the name has no character that can be shown")
    }
    for (field, text) in [("name", name), ("scope", node.scope ?? "")] {
      let most = field == "name" ? Limits.nameBytes : Limits.nameBytes * 8
      guard text.utf8.count <= most else { throw fail(field, "at most \(most) bytes are expected") }
    }
    if let source = node.source, source.isEmpty || source.utf8.count > Limits.nameBytes {
      throw fail("source", "1 to \(Limits.nameBytes) bytes are expected")
    }
    let operation = try node.operation.map { try choice(Operation.self, $0, "\(path).operation") }
    let operands = try (node.operands ?? []).map { operand in
      guard let place = places[operand] else {
        throw fail("operands", "there is no node \(quoted(operand)) before this one")
      }
      return place
    }
    let shape = node.shape ?? []
    guard shape.count <= 8, let count = Shapes.count(shape) else { throw fail("shape", "this is no shape") }
    guard level == .tensor || shape.isEmpty else { throw fail("shape", "a scalar graph has numbers only") }
    guard node.value.count == count else {
      throw fail("value", "\(count) numbers are expected, not \(node.value.count)")
    }
    guard count > 0 else { throw fail("value", "the array is empty") }
    for (field, numbers) in [("gradient", node.gradient), ("updated", node.updated)] {
      if let numbers, numbers.count != count {
        throw fail(field, "\(count) numbers are expected, not \(numbers.count)")
      }
    }
    let terms = try (node.updateTerms ?? []).enumerated().map { number, term in
      guard !term.name.isEmpty, term.name.utf8.count <= 40 else {
        throw fail("updateTerms[\(number)].name", "1 to 40 bytes are expected")
      }
      guard term.value.count == count else {
        throw fail("updateTerms[\(number)].value", "\(count) numbers are expected, not \(term.value.count)")
      }
      return ComputationGraph.UpdateTerm(name: term.name, isBefore: term.before ?? false, value: term.value)
    }
    guard terms.count <= 8 else { throw fail("updateTerms", "at most 8 terms are expected") }
    if let local = node.localDerivatives, local.count != operands.count {
      throw fail("localDerivatives", "one number for each of the \(operands.count) operands is expected")
    }
    if let lane = node.lane, !(0..<lanes).contains(lane) {
      throw fail("lane", "`laneCount` is \(lanes), so lanes go from 0 to \(lanes - 1)")
    }
    let result = ComputationGraph.Node(
      id: node.id, name: name, isNamed: node.named ?? true,
      role: try choice(Role.self, node.role ?? (operation == nil ? "input" : "intermediate"), "\(path).role"),
      operation: operation, operands: operands, exponent: node.exponent, axis: node.axis,
      position: node.position, shape: shape, value: node.value, gradient: node.gradient,
      localDerivatives: node.localDerivatives, lane: node.lane, scope: node.scope, updated: node.updated,
      updateTerms: terms, source: node.source)
    if let message = result.misfit(operandShapes: operands.map { before[$0].shape }) {
      throw fail("operation", message)
    }
    return result
  }
}

extension ComputationGraph.Node {
  /// What is wrong with the operands of the node's operation, or nil.
  fileprivate func misfit(operandShapes shapes: [[Int]]) -> String? {
    guard let operation else { return operands.isEmpty ? nil : "a node with operands needs an operation" }
    let expected: [Int]?
    switch operation {
    case .add, .subtract, .multiply, .divide, .maximum, .minimum:
      guard shapes.count == 2 else { return "`\(operation.rawValue)` takes two operands" }
      expected = Shapes.broadcast(shapes[0], shapes[1])
    case .power:
      guard shapes.count == (exponent == nil ? 2 : 1) else {
        return "`power` takes two operands, or one and an `exponent`"
      }
      expected = shapes.count == 1 ? shapes[0] : Shapes.broadcast(shapes[0], shapes[1])
    case .negate, .exp, .log, .clampedLog, .tanh, .sigmoid, .relu, .sin, .cos, .sqrt, .abs, .softmax:
      guard shapes.count == 1 else { return "`\(operation.rawValue)` takes one operand" }
      expected = shapes[0]
    case .sum, .mean, .maximumReduction, .minimumReduction, .logSumExp:
      guard !shapes.isEmpty else { return "`\(operation.rawValue)` takes at least one operand" }
      if shapes.count > 1 || shapes[0].isEmpty {
        guard shapes.allSatisfy(\.isEmpty) else {
          return "several operands of `\(operation.rawValue)` must be numbers"
        }
        expected = []
      } else {
        expected = Shapes.reduce(shapes[0], axis: axis)
      }
    case .matrixMultiply:
      guard shapes.count == 2 else { return "`matrixMultiply` takes two operands" }
      expected = Shapes.matrixMultiply(shapes[0], shapes[1])
    case .transpose:
      guard shapes.count == 1 else { return "`transpose` takes one operand" }
      expected = shapes[0].reversed()
    case .index:
      guard shapes.count == 1 else { return "`index` takes one operand" }
      expected = Shapes.index(shapes[0], position ?? [])
    }
    guard let expected, expected == shape else {
      return "the shapes of the operands of `\(operation.rawValue)` do not give \(Shapes.text(shape))"
    }
    return nil
  }
}
