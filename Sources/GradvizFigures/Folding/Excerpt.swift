import Autograd
import GradvizGraph

/// The values to draw: some of them, with the values they depend on, the values that depend on them, or both.
public struct Excerpt: Hashable, Sendable {
  /// The values drawn together with the chosen ones.
  public enum Relatives: String, CaseIterable, Sendable { case ancestors, descendants, both }

  /// Names or ids of values; for an array or a layer drawn number by number, its own name: `w` for
  /// `w[0]`, `w[1]`.
  public var names: [String]
  /// Which other values are drawn with them.
  public var relatives: Relatives

  /// Chooses values by name, with their relatives.
  public init(of names: [String], with relatives: Relatives = .both) {
    self.names = names
    self.relatives = relatives
  }
}

extension ComputationGraph {
  /// Returns the part of the graph that the excerpt selects, with the values and gradients of the whole
  /// graph.
  ///
  /// The operands of values that depend on the selection are kept as boxes without their own operands, so
  /// each operation can be read, unless it has more than ``maxOperandsKept``.
  ///
  /// - Throws: ``FigureError`` for an unknown name.
  /// - Complexity: O(nodes + operands)
  func excerpted(_ excerpt: Excerpt) throws(FigureError) -> FoldedGraph {
    let chosen = try places(of: excerpt.names)
    var isAncestor = [Bool](repeating: false, count: nodes.count)
    var isDescendant = isAncestor
    for index in chosen {
      isAncestor[index] = true
      isDescendant[index] = true
    }
    if excerpt.relatives != .descendants {
      for index in nodes.indices.reversed() where isAncestor[index] {
        for operand in nodes[index].operands { isAncestor[operand] = true }
      }
    }
    if excerpt.relatives != .ancestors {
      for index in nodes.indices where !isDescendant[index] {
        isDescendant[index] = nodes[index].operands.contains { isDescendant[$0] }
      }
    }
    let isOwn = nodes.indices.map { isAncestor[$0] || isDescendant[$0] }
    var isKept = isOwn
    for index in nodes.indices where isOwn[index] && nodes[index].operands.count <= Self.maxOperandsKept {
      for operand in nodes[index].operands { isKept[operand] = true }
    }
    return FoldedGraph(graph: kept(isKept, whole: isOwn))
  }

  private static let maxOperandsKept = 3

  func places(of names: [String]) throws(FigureError) -> [Int] {
    var byName: [String: [Int]] = [:]
    for (index, node) in nodes.enumerated() {
      for name in Set([node.name, node.id, TypesetName(node.name).base] + [node.array, node.scope].compactMap(\.self)) {
        byName[name, default: []].append(index)
      }
    }
    var result: [Int] = []
    for name in names {
      if let found = entries(named: name) {
        result += found
        continue
      }
      guard let found = byName[name] else {
        let known = nodes.filter { $0.isNamed && $0.lane ?? 0 == 0 }.map { "`\($0.name)`" }
        throw FigureError(
          message: "there is no value `\(name)`; "
            + (known.isEmpty
              ? "none has a name" : "expected one of \(known.prefix(8).joined(separator: ", "))")
            + (known.count > 8 ? ", …" : ""))
      }
      // A value's own name takes precedence over a stem that it shares with others.
      let own = found.filter { nodes[$0].name == name || nodes[$0].id == name }
      result += own.isEmpty ? found : own
    }
    return result
  }

  /// The values that `W[0, 1]` names: in a graph of numbers the number, in one of arrays the array; nil for other text.
  private func entries(named text: String) -> [Int]? {
    guard let entry = EntryName.parse(text) else { return nil }
    let found = nodes.indices.filter { index in
      let node = nodes[index]
      guard let array = node.array else {
        return node.name == entry.array && node.shape.count == entry.indices.count
          && zip(node.shape, entry.indices).allSatisfy { $0 > $1 }
      }
      return array == entry.array && EntryName.parse(node.name)?.indices == entry.indices
    }
    return found.isEmpty ? nil : found
  }

  /// The graph of the kept values; those that are not `whole` lose their operands.
  func kept(_ isKept: [Bool], whole: [Bool]) -> ComputationGraph {
    guard isKept.contains(false) || whole.contains(false) else { return self }
    var places = [Int](repeating: -1, count: nodes.count)
    var result = self
    result.nodes = []
    result.recovery = nil
    var hidesUses = [Bool](repeating: false, count: nodes.count)
    for (index, node) in nodes.enumerated() where !whole[index] {
      for operand in node.operands { hidesUses[operand] = true }
    }
    let lanes = Set(nodes.indices.filter { isKept[$0] }.compactMap { nodes[$0].lane }).sorted()
    let laneNumbers = Dictionary(uniqueKeysWithValues: lanes.enumerated().map { ($1, $0) })
    for (index, var node) in nodes.enumerated() where isKept[index] {
      places[index] = result.nodes.count
      node.hidesUses = node.hidesUses || hidesUses[index]
      let operands = whole[index] ? node.operands.indices.filter { isKept[node.operands[$0]] } : []
      if operands.count < node.operands.count {
        node.hidesOperands = true
        node.localDerivatives = node.localDerivatives.map { local in operands.map { local[$0] } }
        node.shares = node.shares.map { shares in operands.map { shares[$0] } }
        node.operands = operands.map { node.operands[$0] }
        if operands.isEmpty { node.operation = nil }
        node.facts?.isCut = true
      }
      node.operands = node.operands.map { places[$0] }
      node.lane = lanes.count > 1 ? node.lane.flatMap { laneNumbers[$0] } : nil
      result.nodes.append(node)
    }
    result.laneCount = lanes.count > 1 ? lanes.count : 0
    result.loss = loss.flatMap { places[$0] >= 0 ? places[$0] : nil }
    result.folding = Folding(values: result.nodes.count, isExcerpt: true)
    return result
  }
}
