import Autograd

/// What a graph says of an optimizer's step.
extension GraphJSONReader {
  static let maxSteps = 1_000_000_000
  private static let maxTerms = 8
  private static let maxTermNameBytes = 40

  private enum TermKey: String, JSONKey {
    case name, before, value
    static let all = allCases
  }

  static func updateTerms(_ reader: inout JSONReader) throws(GraphFormatError) -> [UpdateTerm] {
    let start = reader.start()
    var terms: [UpdateTerm] = []
    try reader.list { reader, _ throws(GraphFormatError) in
      var term = UpdateTerm(name: "", value: [])
      let start = reader.start()
      try reader.object(TermKey.self) { reader, key throws(GraphFormatError) in
        switch key {
        case .name:
          let start = reader.start()
          term.name = try text(&reader, maxBytes: maxTermNameBytes)
          guard !term.name.isEmpty else { throw reader.fail("the name is empty", at: start) }
        case .before: term.isBefore = try reader.boolean()
        case .value: term.value = try numbers(&reader).0
        }
      }
      guard !term.name.isEmpty, !term.value.isEmpty else {
        throw reader.fail("expected `name` and `value`", at: start)
      }
      terms.append(term)
    }
    guard terms.count <= maxTerms else { throw reader.fail("expected at most \(maxTerms) terms", at: start) }
    return terms
  }
}
