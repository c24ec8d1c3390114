import Autograd
import GradvizGraph

/// A program of arrays as `Script/computing/arrays.mjs` takes it.
struct ArrayData {
  let graph: ComputationGraph

  /// Whether the script computes it: a program of more numbers would take too long after each edit, and one of more
  /// numbers in its leaves makes a page too large to send.
  var isComputed: Bool {
    graph.nodes.reduce(0) { $0 + ($1.isLeaf ? $1.value.count : 0) } <= Self.maxEntries
      && graph.nodes.reduce(0) { $0 + count($1) } <= Self.maxNumbers
  }

  /// Whether a page of it has given numbers only.
  var isStored: Bool { graph.level == .tensor && !isComputed }

  static let maxEntries = 3000
  static let maxNumbers = 60_000

  /// How many single numbers a value is computed by.
  private func count(_ node: ComputationGraph.Node) -> Int {
    let inner = node.operands.first.flatMap { graph.nodes[$0].shape.last } ?? 1
    switch node.operation {
    case .matrixMultiply: return node.value.count * (inner + 1)
    case .softmax: return node.value.count * 5
    default: return node.value.count
    }
  }

  /// The members of a value besides those that a number has.
  func members(_ node: ComputationGraph.Node) -> [(key: String, value: JSONText)] {
    var members: [(key: String, value: JSONText)] =
      node.shape.isEmpty ? [] : [("d", .list(node.shape.map(JSONText.whole)))]
    guard let operation = node.operation else { return members + [("v", .list(node.value.map { .number($0) }))] }
    let shapes = node.operands.map { graph.nodes[$0].shape }
    if let axis = operation == .softmax ? node.axis ?? shapes[0].count - 1 : node.axis {
      members.append(("x", .whole(axis < 0 ? axis + shapes[0].count : axis)))
    }
    if let moves = moves(node, operation, shapes) { members.append(("m", .list(moves.map(JSONText.whole)))) }
    return members
  }

  /// Where each entry comes from, of an operation that only moves entries.
  private func moves(_ node: ComputationGraph.Node, _ operation: Tape.Operation, _ shapes: [[Int]]) -> [Int]? {
    switch operation {
    case .index: return Shapes.indexMap(shapes[0], node.position ?? [])
    case .transpose:
      let order = Shapes.axes(node.position) ?? shapes[0].indices.reversed()
      return shapes[0].count < 2 ? Array(node.value.indices) : Shapes.transposeMap(shapes[0], order)
    case .concat:
      let starts = shapes.reduce(into: [0]) { $0.append($0[$0.count - 1] + (Shapes.count($1) ?? 0)) }
      return Shapes.concatMap(shapes, axis: node.axis ?? 0).map { starts[$0.part] + $0.element }
    default: return nil
    }
  }
}
