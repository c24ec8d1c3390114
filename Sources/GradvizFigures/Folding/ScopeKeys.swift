import Autograd
import GradvizGraph

/// Folds a graph as its modules nest: `h.0.attn` is in `h.0`, and blocks that are alike are one box until they are opened.
struct ScopeKeys {
  private let nodes: [ComputationGraph.Node]
  private let loss: Int?
  private let opened: Set<String>
  private let depth: Int
  /// Of a block that is like others, what all of them are called.
  private let repeated: [String: String]
  /// The lists of blocks that have parts of their own, such as `h` of `h.0.attn`; the layers of a sequence have none.
  private let lists: Set<String>

  /// - Parameters:
  ///   - depth: how many levels of modules are told apart.
  ///   - opened: scopes whose parts are told apart whatever their depth.
  init(_ graph: ComputationGraph, depth: Int, opened: [String]) {
    nodes = graph.nodes
    loss = graph.loss
    self.depth = depth
    self.opened = Set(opened.flatMap(Self.withParents))
    lists = Self.lists(graph)
    repeated = graph.recovery != nil ? [:] : Self.repeatedBlocks(graph, opened: Set(opened.flatMap(Self.withParents)))
  }

  /// The box of each value: that of its scope; -1 for a value of its own.
  func keys() -> [Int] {
    // Leaves have scopes where these were recovered. There are few scopes, and many values.
    var known: [String: String?] = [:]
    let boxes = nodes.indices.map { index -> String? in
      guard let scope = nodes[index].scope else { return nil }
      if let box = known[scope] { return box }
      let box = box(of: scope)
      known[scope] = .some(box)
      return box
    }
    // A leaf belongs to the scope of all its users.
    var ofUsers = [String?](repeating: nil, count: nodes.count)
    var isShared = [Bool](repeating: false, count: nodes.count)
    for index in nodes.indices where !nodes[index].isLeaf {
      for operand in nodes[index].operands where nodes[operand].isLeaf {
        if let own = ofUsers[operand], own != boxes[index] { isShared[operand] = true }
        if boxes[index] == nil { isShared[operand] = true }
        ofUsers[operand] = boxes[index]
      }
    }
    var numbers = OrderedTable<String, Int>()
    var count = 0
    return nodes.indices.map { index in
      let node = nodes[index]
      let ofLeaf = node.isLeaf ? boxes[index] ?? (isShared[index] ? nil : ofUsers[index]) : nil
      guard index != loss, let name = node.isLeaf ? ofLeaf : boxes[index] else { return -1 }
      guard !node.isLeaf || [.parameter, .constant].contains(node.role) || node.scope != nil else { return -1 }
      let key = node.role == .parameter ? name + ".*" : node.role == .prediction ? name + " ŷ" : name
      if let number = numbers[key] { return number }
      numbers[key] = count
      count += 1
      return count - 1
    }
  }

  /// The scope whose box a value goes into; nil outside modules.
  private func box(of scope: String?) -> String? {
    guard let scope, !scope.isEmpty else { return nil }
    var name = ""
    var level = 0
    let parts = scope.split(separator: ".")
    for (place, part) in parts.enumerated() {
      name += (name.isEmpty ? "" : ".") + part
      if let all = repeated[name] { return all }
      // The number of a block in a list does not count as a level.
      if place + 1 < parts.count, Int(parts[place + 1]) != nil, lists.contains(name) { continue }
      level += 1
      if level >= depth, !opened.contains(name) { return name }
    }
    // What an opened module does itself, not in a part of it, stays apart.
    return level < depth && !opened.contains(name) ? name : nil
  }

  private static func lists(_ graph: ComputationGraph) -> Set<String> {
    var known: Set<String> = []
    var lists: Set<String> = []
    for scope in graph.nodes.compactMap(\.scope) where known.insert(scope).inserted {
      let parts = scope.split(separator: ".")
      for place in parts.indices.dropFirst() where Int(parts[place]) != nil {
        if graph.recovery != nil || place + 1 < parts.count { lists.insert(parts[..<place].joined(separator: ".")) }
      }
    }
    return lists
  }

  /// The path that all paths begin with: `h.0.attn` of its parts, `2 × h` of `h.0` and `h.1`; nil where there is none.
  ///
  /// - Parameter areOfParameters: whether the last part is the name of a parameter.
  static func module(of paths: [String], areOfParameters: Bool = false) -> String? {
    guard let first = paths.first, paths.contains(where: { $0 != first }) else { return nil }
    var common = first.split(separator: ".")
    for path in paths {
      let parts = path.split(separator: ".")
      common = Array(zip(common, parts).prefix { $0 == $1 }.map(\.0))
    }
    if common.isEmpty { return nil }
    // Of blocks that are alike, how many there are: `4 × h`; the layers of a sequence have no parts.
    let rests = paths.map { $0.split(separator: ".").dropFirst(common.count).map(String.init) }
    let isCounted =
      rests.allSatisfy { Int($0.first ?? "") != nil } && rests.contains { $0.count > (areOfParameters ? 2 : 1) }
    let copies = isCounted ? Set(rests.map { $0[0] }).count : 1
    return (copies > 1 ? "\(copies) × " : "") + common.joined(separator: ".")
  }

  static func withParents(_ scope: String) -> [String] {
    let parts = scope.split(separator: ".")
    return parts.indices.map { parts[...$0].joined(separator: ".") }
  }

  /// `h.0`, `h.1`, … that compute the same with other numbers: three or more of them are one box.
  private static func repeatedBlocks(_ graph: ComputationGraph, opened: Set<String>) -> [String: String] {
    var signatures = OrderedTable<String, [String]>()
    for node in graph.nodes where !node.isLeaf {
      guard let scope = node.scope, let block = block(scope) else { continue }
      let rest = scope.dropFirst(block.list.count + block.number.count + 1)
      signatures["\(block.list).\(block.number)", default: []].append(
        "\(rest) \(node.operationName ?? "") \(node.facts?.shape ?? []) \(node.shape)")
    }
    var alike = OrderedTable<String, [String]>()
    for name in signatures.keys where !opened.contains(name) {
      let list = name.split(separator: ".").dropLast().joined(separator: ".")
      alike[([list] + (signatures[name] ?? [])).joined(separator: "\n"), default: []].append(name)
    }
    var result: [String: String] = [:]
    for names in alike.values where names.count > 2 {
      let numbers = names.map { String($0.split(separator: ".").last ?? "") }
      let list = names[0].dropLast(numbers[0].count)
      for name in names { result[name] = "\(list)\(numbers[0])…\(numbers[numbers.count - 1]) ×\(names.count)" }
    }
    return result
  }

  /// The outermost block of a list that a scope is in: `h` and `0` of `h.0.attn`.
  private static func block(_ scope: String) -> (list: String, number: String)? {
    let parts = scope.split(separator: ".")
    guard let place = parts.firstIndex(where: { Int($0) != nil }), place > 0 else { return nil }
    return (parts[..<place].joined(separator: "."), String(parts[place]))
  }
}

extension ComputationGraph {
  /// - Throws: ``FigureError`` for a module to open that no value belongs to.
  func checkModules(_ level: Collapse) throws(FigureError) {
    guard case .scopes(_, let opened) = level, !opened.isEmpty else { return }
    var known = OrderedTable<String, Bool>()
    for scope in nodes.compactMap(\.scope) {
      for name in ScopeKeys.withParents(scope) { known[name] = true }
    }
    for name in opened where known[name] == nil {
      let some = known.keys.prefix(8).map { "`\($0)`" }.joined(separator: ", ") + (known.keys.count > 8 ? ", …" : "")
      throw FigureError(
        message: "there is no module `\(name)`; " + (some.isEmpty ? "none has a name" : "expected one of \(some)"))
    }
  }
}

extension Partition {
  private static let deepest = 8

  /// As many levels of modules as fit on a page, if none are asked for; all that were recovered, where these are few.
  mutating func foldScopes(depth: Int?, opened: [String]) {
    if let depth { return apply(.scopes(depth: depth, opened: opened)) }
    if source.recovery != nil {
      var all = self
      all.apply(.scopes(depth: Self.deepest, opened: opened))
      if all.count <= Collapse.maxBoxesRecovered {
        self = all
        return
      }
    }
    var best = self
    best.apply(.scopes(depth: 1, opened: opened))
    for depth in 2...Self.deepest {
      var next = self
      next.apply(.scopes(depth: depth, opened: opened))
      guard next.count <= Collapse.maxBoxesOfScopes, next.count > best.count else { break }
      best = next
    }
    self = best
  }
}
