import Autograd
import GradvizGraph

/// Assigns unique names and ids to folded nodes.
struct FoldedNames {
  private var names: Set<String>
  private var ids: Set<String>
  private let nodes: [ComputationGraph.Node]
  private let words: Words
  private let isRecovered: Bool
  /// How many values of the graph have a name.
  private let counts: [String: Int]
  /// The variables of loops: the scopes of their turns are `t0`, `t1`, …; those of calls are numbered from 1.
  private let loops: Set<Substring>

  init(_ graph: ComputationGraph) {
    nodes = graph.nodes
    words = Words(graph.presentation)
    isRecovered = graph.recovery != nil
    counts = graph.nodes.reduce(into: [:]) { $0[$1.name, default: 0] += 1 }
    names = Set(graph.nodes.map(\.name))
    ids = Set(graph.nodes.map(\.id))
    var turns: Set<Substring> = []
    for node in graph.nodes {
      guard let scope = node.scope, scope.contains("0") else { continue }
      for part in scope.split(separator: ".") where part.hasSuffix("0") { turns.insert(part.dropLast()) }
    }
    loops = turns
  }

  /// What a turn of a loop assigns, which the next one reads: `h₁` rather than `t₀`.
  private func resultOfTurn(_ scope: String?, _ results: [Int]) -> String? {
    guard results.count == 1, nodes[results[0]].isNamed, let turn = scope?.split(separator: ".").last,
      let variable = turn.lastIndex(where: { !$0.isNumber }), variable < turn.index(before: turn.endIndex),
      loops.contains(turn[...variable])
    else { return nil }
    return nodes[results[0]].name
  }

  mutating func identifier(_ id: String) -> String {
    Self.unique("\(id)-folded", among: &ids) { "\($0)-\($1)" }
  }

  /// `x[…, 0]` for `x[3, 0]`, …, `x[99, 0]`, and `n1…` for `n1_4`, …: without the sample's index.
  mutating func folded(_ node: ComputationGraph.Node) -> String {
    if let entry = EntryName.parse(node.name), let place = entry.indices.firstIndex(where: { $0 == node.lane }) {
      var indices = entry.indices.map(String.init)
      indices[place] = "…"
      return Self.unique("\(entry.array)[\(indices.joined(separator: ", "))]", among: &names)
    }
    let name = TypesetName(node.name, lane: node.lane)
    return Self.unique(name.base + name.indices.joined(separator: "_") + "…", among: &names)
  }

  /// The name of the layer, the array or the operation.
  mutating func box(_ members: [Int], _ results: [Int]) -> String {
    // A constant on the way has no scope.
    let first = nodes[members.first { nodes[$0].operation != nil } ?? members[0]]
    let scopes = Set(members.filter { nodes[$0].role != .constant || first.operation == nil }.map { nodes[$0].scope })
    let bases = results.map { nodes[$0].array ?? TypesetName(nodes[$0].name).base }
    let operations = Set(members.map { nodes[$0].operation })
    let roles = Set(members.map { nodes[$0].role })
    let name: String
    if let recovered = recoveredName(members) {
      name = recovered
    } else if let layer = Self.layer(results.map { nodes[$0] }) {
      name = layer + ".θ"
    } else if members.count > 1, roles == [.parameter],
      members.allSatisfy({ nodes[$0].isLeaf && nodes[$0].array == nil }),
      let module = ScopeKeys.module(of: members.map { nodes[$0].name }, areOfParameters: true)
    {
      name = module + ".*"
    } else if let module = ScopeKeys.module(of: members.filter { !nodes[$0].isLeaf }.compactMap { nodes[$0].scope }) {
      name = module
    } else if scopes.count == 1, let scope = first.scope, first.operation != nil {
      name = resultOfTurn(scope, results) ?? scope
    } else if results.allSatisfy({ nodes[$0].isNamed }), let base = bases.first,
      bases.allSatisfy({ $0 == base })
    {
      name = results.count == 1 ? nodes[results[0]].name : base
    } else if scopes.count == 1, let scope = first.scope {
      name = scope
    } else if operations.count == 1, let operation = first.operation {
      name = OperationSymbol.name(operation)
    } else if members.allSatisfy({ nodes[$0].isLeaf }), roles.count == 1 {
      name = words.role(first.role)
    } else {
      name = ComputationGraph.Node.nameless
    }
    // A value that disappears in the box leaves its name to it.
    if members.count(where: { nodes[$0].name == name }) == counts[name] { names.remove(name) }
    return Self.unique(name, among: &names)
  }

  /// The last part of where all members are that were recovered: `q` of `attention.q`.
  private func recoveredName(_ members: [Int]) -> String? {
    guard isRecovered else { return nil }
    let scopes = members.filter { nodes[$0].role != .constant }.compactMap { nodes[$0].scope }
    guard scopes.allSatisfy({ $0 == scopes[0] }) else {
      let isOfParameters = members.allSatisfy { nodes[$0].role == .parameter }
      return ScopeKeys.module(of: scopes)?.split(separator: ".").last.map { $0 + (isOfParameters ? ".θ" : "") }
    }
    return scopes.first?.split(separator: ".").last.map(String.init)
  }

  /// The layer that several parameters with names of their own belong to, as `h.w` and `h.b`.
  private static func layer(_ nodes: [ComputationGraph.Node]) -> String? {
    guard Set(nodes.map { $0.array ?? $0.name }).count > 1,
      nodes.allSatisfy({ $0.isLeaf && $0.role == .parameter })
    else { return nil }
    let layers = nodes.map { node in node.name.lastIndex(of: ".").map { node.name[..<$0] } }
    guard let layer = layers[0], layers.allSatisfy({ $0 == layer }) else { return nil }
    return String(layer)
  }

  private static func unique(
    _ name: String, among taken: inout Set<String>, numbered: (String, Int) -> String = { "\($0) (\($1))" }
  ) -> String {
    var candidate = name
    var number = 2
    while !taken.insert(candidate).inserted {
      candidate = numbered(name, number)
      number += 1
    }
    return candidate
  }
}

extension ComputationGraph.Node {
  /// The name of a box of different operations on different values, with a number where there are several.
  static let nameless = "…"
  /// Whether it is such a box.
  var isNameless: Bool { fold != nil && name.hasPrefix(Self.nameless) }
}
