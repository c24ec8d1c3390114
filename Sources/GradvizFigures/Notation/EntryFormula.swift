import GradvizGraph

extension Formula {
  /// A sum or mean over a few entries, with each written out in numbers: Σ (ŷ − y)² as `(0.075 − 1)² + (0.063
  /// `(0.075 − 1)² + (0.063 − (−1))²`; nil for other formulas, and for more than `maxEntries` entries.
  func writtenOut(in graph: ComputationGraph, maxEntries: Int) -> Self? {
    guard case .along(let operation, let part, axis: nil) = self, operation == .sum || operation == .mean,
      let count = part.entryCount(in: graph), (2...maxEntries).contains(count)
    else { return nil }
    let terms = (0..<count).compactMap { part.entry($0, of: count, in: graph) }
    guard terms.count == count else { return nil }
    return operation == .sum ? .sum(terms) : .quotient(.sum(terms), .number(Double(count)))
  }

  /// The number of entries of an elementwise formula of scalars and of arrays of the same shape.
  private func entryCount(in graph: ComputationGraph) -> Int? {
    switch self {
    case .value(let node): graph.nodes[node].value.count
    case .number, .constant: 1
    case .sum(let parts), .product(let parts), .call(_, let parts):
      parts.compactMap { $0.entryCount(in: graph) }.max()
    case .quotient(let a, let b), .power(let a, let b):
      [a, b].compactMap { $0.entryCount(in: graph) }.max()
    case .negated(let part): part.entryCount(in: graph)
    default: nil
    }
  }

  private func entry(_ index: Int, of count: Int, in graph: ComputationGraph) -> Self? {
    func all(_ parts: [Self]) -> [Self]? {
      let entries = parts.compactMap { $0.entry(index, of: count, in: graph) }
      return entries.count == parts.count ? entries : nil
    }
    switch self {
    case .value(let node):
      let value = graph.nodes[node].value
      return value.count == 1 ? self : value.count == count ? .number(value[index]) : nil
    case .number, .constant: return self
    case .sum(let parts): return all(parts).map { .sum($0) }
    case .product(let parts): return all(parts).map { .product($0) }
    case .call(let operation, let parts): return all(parts).map { .call(operation, $0) }
    case .quotient(let a, let b): return all([a, b]).map { .quotient($0[0], $0[1]) }
    case .power(let a, let b): return all([a, b]).map { .power($0[0], $0[1]) }
    case .negated(let part): return part.entry(index, of: count, in: graph).map { .negated($0) }
    default: return nil
    }
  }
}
