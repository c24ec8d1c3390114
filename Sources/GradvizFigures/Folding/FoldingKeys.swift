import Autograd
import GradvizGraph

/// Determines which groups of a partition are merged at each step.
extension Partition {
  private var nodes: [ComputationGraph.Node] { source.nodes }

  /// The values of the samples beyond the first few, by position in their lanes; nil if the lanes differ in
  /// structure, or are too few to fold.
  func sampleKeys() -> [Int]? {
    let division = LaneDivision(source)
    guard division.lanes.count > Collapse.samplesShown + 1 else { return nil }
    var keys = [Int](repeating: -1, count: count)
    for lane in division.lanes.dropFirst(Collapse.samplesShown) {
      for (place, node) in lane.enumerated() { keys[node] = place }
    }
    return keys
  }

  /// Distinguishes the boxes of the level `layers`.
  private struct LayerKey: Hashable {
    enum Kind: Hashable {
      case array(String)
      case scope(String)
      case operation(Tape.Operation?, depth: Int)
      case constants
    }
    var kind: Kind
    var role: Role
  }

  /// More constants than this are merged into one box.
  private static let maxConstants = 6

  func layerKeys() -> [Int] {
    let depth = depths
    let scopes = scopesOfUsers
    let constants = groups.count { nodes[$0[0]].isLeaf && nodes[$0[0]].role == .constant }
    var numbers: [LayerKey: Int] = [:]
    return groups.indices.map { group in
      let node = nodes[groups[group][0]]
      if groups[group].contains(where: { $0 == source.loss }) { return -1 }
      let kind: LayerKey.Kind
      var role = node.role
      if node.isLeaf, node.role == .constant, !node.isNamed, let scope = scopes[group] ?? nil {
        // It goes into the box of its scope.
        kind = .scope(scope)
        role = .intermediate
      } else if node.isLeaf, node.role == .constant, !node.isNamed {
        guard constants > Self.maxConstants else { return -1 }
        kind = .constants
      } else if let scope = node.scope {
        kind = .scope(scope)
      } else if node.isLeaf || node.isNamed {
        let name = TypesetName(node.name)
        if isArray(node) { return -1 }
        kind =
          node.array == nil && name.indices.isEmpty && !node.isLeaf
          ? .operation(node.operation, depth: depth[group]) : .array(node.array ?? name.base)
      } else {
        if isArray(node) { return -1 }
        kind = .operation(node.operation, depth: depth[group])
      }
      let key = LayerKey(kind: kind, role: role)
      if let number = numbers[key] { return number }
      numbers[key] = numbers.count
      return numbers.count - 1
    }
  }

  /// The parameters of each layer: `h.w` and `h.b`.
  func parameterKeys() -> [Int] {
    var numbers: [String: Int] = [:]
    return groups.indices.map { group in
      let node = nodes[groups[group][0]]
      guard node.isLeaf, node.role == .parameter, let dot = node.name.lastIndex(of: ".") else { return -1 }
      let layer = String(node.name[..<dot])
      if let number = numbers[layer] { return number }
      numbers[layer] = numbers.count
      return numbers.count - 1
    }
  }

  /// The scope that all users of a group are in, where there is one.
  private var scopesOfUsers: [Int: String?] {
    var scopes: [Int: String?] = [:]
    for group in groups.indices {
      let scope = nodes[groups[group][0]].scope
      for operand in operands[group] {
        if let known = scopes[operand], known != scope {
          scopes[operand] = .some(nil)
        } else {
          scopes[operand] = .some(scope)
        }
      }
    }
    return scopes
  }

  /// Whether a value outside layers is an array of its own, w1 and w2 say, in a graph with room for such.
  private func isArray(_ node: ComputationGraph.Node) -> Bool {
    !node.shape.isEmpty && node.array == nil && nodes.count <= Collapse.maxBoxesUnfolded
  }

  /// Merges neighboring ranks in pairs, and leaves by role.
  func rankKeys() -> [Int] {
    let depth = depths
    let roles = Role.allCases
    return groups.indices.map { group in
      let node = nodes[groups[group][0]]
      if groups[group].contains(where: { $0 == source.loss }) { return -1 }
      if depth[group] == 0, node.isLeaf { return roles.firstIndex(of: node.role) ?? 0 }
      return roles.count + depth[group] / 2
    }
  }
}
