import Autograd
import GradvizSystem

/// The nodes of a graph.
extension GraphJSONReader {
  /// A node while its members are read, in any order.
  private struct Draft {
    var node = ComputationGraph.Node(id: "", name: "", value: [])
    var role: Role?
    var facts = ComputationGraph.RecordedFacts()
    var (hasID, hasShape, hasValue) = (false, false, false)
    /// What lists inside lists say of the shape.
    var nested: (shape: [Int], start: Int, key: NodeKey)?

    /// Takes the shape of numbers in nested lists, which is that of the others.
    mutating func take(_ shape: [Int]?, of key: NodeKey, at start: Int, _ reader: JSONReader) throws(GraphFormatError) {
      guard let shape else { return }
      if let nested, nested.shape != shape {
        throw reader.fail(
          "the lists are \(Shapes.text(shape)), in `\(nested.key)` \(Shapes.text(nested.shape))", at: start)
      }
      nested = (shape, start, key)
    }
  }

  /// Reads a node whose operands stand before it.
  mutating func readNode(_ reader: inout JSONReader) throws(GraphFormatError) {
    let start = reader.start()
    var draft = Draft()
    try reader.object(NodeKey.self) { reader, key throws(GraphFormatError) in
      switch key {
      case .id, .name, .named, .role, .operation, .operands, .exponent, .axis, .position:
        try readMaking(key, &draft, &reader)
      case .shape, .value, .gradient, .updated: try readNumbers(key, &draft, &reader)
      case .localDerivatives: draft.node.localDerivatives = try Self.flatNumbers(&reader)
      case .lane: draft.node.lane = try reader.integer()
      case .scope: draft.node.scope = try Self.text(&reader, maxBytes: 8 * Limits.nameBytes)
      case .array: draft.node.array = try Self.text(&reader, maxBytes: Limits.nameBytes)
      case .updateTerms: draft.node.updateTerms = try Self.updateTerms(&reader)
      case .source where isRecorded && reader.begins(with: "{"): draft.facts.line = try Self.sourceLine(&reader)
      case .source: draft.node.source = try Self.source(&reader)
      case _ where isRecorded: try Self.fact(key, of: &draft.facts, &reader)
      default: try reader.skip()
      }
    }
    if isRecorded { draft.hasValue = draft.hasID }
    guard draft.hasID, draft.hasValue else {
      throw reader.fail("`\(draft.hasID ? NodeKey.value : .id)` is missing", at: start)
    }
    if let nested = draft.nested {
      guard !draft.hasShape || nested.shape == draft.node.shape else {
        throw reader.fail(
          "the lists are \(Shapes.text(nested.shape)), the shape is \(Shapes.text(draft.node.shape))", at: nested.start)
      }
      draft.node.shape = nested.shape
    }
    if isRecorded { draft.node.take(draft.facts) }
    try add(draft.node, role: draft.role, start, reader)
  }

  /// What a value is called, and what makes it.
  private mutating func readMaking(
    _ key: NodeKey, _ draft: inout Draft, _ reader: inout JSONReader
  ) throws(GraphFormatError) {
    switch key {
    case .id:
      draft.node.id = try readIdentifier(&reader)
      draft.hasID = true
    case .name: draft.node.name = try readName(&reader)
    case .named: draft.node.isNamed = try reader.boolean()
    case .role: draft.role = try Self.choice(&reader)
    case .operation where isRecorded: draft.facts.operation = try Self.operation(&reader)
    case .operation: draft.node.operation = try Self.choice(&reader)
    case .operands: draft.node.operands = try readOperands(&reader)
    case .exponent: draft.node.exponent = try reader.number()
    case .axis: draft.node.axis = try reader.integer()
    default: draft.node.position = try Self.position(&reader)
    }
  }

  /// Numbers row by row, or in nested lists, which say the shape as well.
  private func readNumbers(
    _ key: NodeKey, _ draft: inout Draft, _ reader: inout JSONReader
  ) throws(GraphFormatError) {
    if key == .shape {
      draft.node.shape = try Self.integers(&reader)
      draft.hasShape = true
      return
    }
    let start = reader.start()
    let (numbers, shape) =
      isRecorded && reader.begins(with: "{") ? try encodedNumbers(&reader) : try Self.numbers(&reader)
    try draft.take(shape, of: key, at: start, reader)
    switch key {
    case .value:
      draft.node.value = numbers
      draft.hasValue = true
    case .gradient: draft.node.gradient = numbers
    default: draft.node.updated = numbers
    }
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
    node.role = role ?? (node.isLeaf ? .input : .intermediate)
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
