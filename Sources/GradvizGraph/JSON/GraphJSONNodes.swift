import Autograd
import GradvizSystem

/// The nodes of a graph.
extension GraphJSONReader {
  /// Reads a node whose operands stand before it.
  mutating func readNode(_ reader: inout JSONReader) throws(GraphFormatError) {
    let start = reader.start()
    var node = ComputationGraph.Node(id: "", name: "", value: [])
    var role: Role?
    var (hasID, hasShape, hasValue) = (false, false, false)
    // What lists inside lists say of the shape.
    var nested: (shape: [Int], start: Int, key: NodeKey)?
    func numbers(_ reader: inout JSONReader, _ key: NodeKey) throws(GraphFormatError) -> [Double] {
      let start = reader.start()
      let (numbers, shape) = try Self.numbers(&reader)
      if let shape {
        if let nested, nested.shape != shape {
          throw reader.fail(
            "the lists are \(Shapes.text(shape)), in `\(nested.key)` \(Shapes.text(nested.shape))", at: start)
        }
        nested = (shape, start, key)
      }
      return numbers
    }
    try reader.object(NodeKey.self) { reader, key throws(GraphFormatError) in
      switch key {
      case .id:
        node.id = try readIdentifier(&reader)
        hasID = true
      case .name: node.name = try readName(&reader)
      case .named: node.isNamed = try reader.boolean()
      case .role: role = try Self.choice(&reader)
      case .operation: node.operation = try Self.choice(&reader)
      case .operands: node.operands = try readOperands(&reader)
      case .exponent: node.exponent = try reader.number()
      case .axis: node.axis = try reader.integer()
      case .position: node.position = try Self.position(&reader)
      case .shape:
        node.shape = try Self.integers(&reader)
        hasShape = true
      case .value:
        node.value = try numbers(&reader, key)
        hasValue = true
      case .gradient: node.gradient = try numbers(&reader, key)
      case .localDerivatives: node.localDerivatives = try Self.flatNumbers(&reader)
      case .lane: node.lane = try reader.integer()
      case .scope: node.scope = try Self.text(&reader, maxBytes: 8 * Limits.nameBytes)
      case .array: node.array = try Self.text(&reader, maxBytes: Limits.nameBytes)
      case .updated: node.updated = try numbers(&reader, key)
      case .updateTerms: node.updateTerms = try Self.updateTerms(&reader)
      case .source: node.source = try Self.source(&reader)
      }
    }
    guard hasID, hasValue else {
      throw reader.fail("`\(hasID ? NodeKey.value : .id)` is missing", at: start)
    }
    if let nested {
      guard !hasShape || nested.shape == node.shape else {
        throw reader.fail(
          "the lists are \(Shapes.text(nested.shape)), the shape is \(Shapes.text(node.shape))",
          at: nested.start)
      }
      node.shape = nested.shape
    }
    try add(node, role: role, start, reader)
  }

  /// A node whose id is new and whose name must be.
  private mutating func add(
    _ new: ComputationGraph.Node, role: Role?, _ start: Int, _ reader: JSONReader
  ) throws(GraphFormatError) {
    var node = new
    if node.name.isEmpty { node.name = node.id }
    guard takenNames.insert(node.name).inserted else {
      throw Self.fail(
        reader, "nodes[\(graph.nodes.count)].name", "\(quoted(node.name)) is already another node's name",
        start)
    }
    node.role = role ?? (node.operation == nil ? .input : .intermediate)
    places[node.id] = graph.nodes.count
    graph.nodes.append(node)
  }

  private static func source(_ reader: inout JSONReader) throws(GraphFormatError) -> String {
    let start = reader.start()
    let source = try text(&reader, maxBytes: Limits.nameBytes)
    guard !source.isEmpty else { throw reader.fail("the source is empty", at: start) }
    return source
  }

  private func readIdentifier(_ reader: inout JSONReader) throws(GraphFormatError) -> String {
    let start = reader.start()
    let id = try reader.text()
    let isWord = id.utf8.allSatisfy { byte in
      (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 95
        || byte == 45 || byte == 46
    }
    guard isWord, let first = id.utf8.first, !(45...57).contains(first), id.utf8.count <= 200 else {
      throw reader.fail("expected a letter or `_`, then letters, digits, `_`, `.` or `-`", at: start)
    }
    guard places[id] == nil else { throw reader.fail("`\(id)` is already another node's id", at: start) }
    return id
  }

  private func readName(_ reader: inout JSONReader) throws(GraphFormatError) -> String {
    let start = reader.start()
    let name = try Self.text(&reader, maxBytes: Limits.nameBytes)
    guard !name.isEmpty else { throw reader.fail("the name is empty", at: start) }
    guard name.unicodeScalars.contains(where: Self.isShown) else {
      throw reader.fail("the name has no character that can be shown", at: start)
    }
    return name
  }

  /// Whether a figure shows something for a character: not a space, a control character or a mark of order.
  private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .spaceSeparator, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned:
      false
    default: true
    }
  }

  private mutating func readOperands(_ reader: inout JSONReader) throws(GraphFormatError) -> [Int] {
    var operands: [Int] = []
    func read(_ reader: inout JSONReader) throws(GraphFormatError) {
      let start = reader.start()
      let id = try reader.text()
      guard let index = places[id] else {
        throw Self.fail(
          reader, "nodes[\(graph.nodes.count)].operands", "there is no node \(quoted(id)) before this one",
          start)
      }
      operandCount += 1
      guard operandCount <= limits.operands else {
        throw Self.fail(
          reader, "nodes[\(graph.nodes.count)].operands",
          limits.message("this brings the graph to more than \(limits.operands) operands", .operands), start)
      }
      operands.append(index)
    }
    guard reader.begins(with: "[") else {
      try read(&reader)
      return operands
    }
    try reader.list { reader, _ throws(GraphFormatError) in try read(&reader) }
    return operands
  }
}
