import Autograd
import GradvizGraph

extension ComputationGraph {
  /// Returns the graph with the gradients of arrays that are only the rounding of a sum set to 0.
  ///
  /// Such as that of the bias of attention's keys, whose shares of all rows cancel. Its colors would show noise as if it were
  /// a slope.
  ///
  /// A gradient is kept if one of its entries is more than rounding, or if the update shows it.
  func withoutRoundingOfArrays() -> ComputationGraph {
    let uses = self.uses
    var result = self
    for (index, node) in nodes.enumerated() where node.isLeaf && node.role == .parameter && !uses[index].isEmpty {
      guard let gradient = node.gradient, let noise = noise(of: index, uses[index]),
        gradient.contains(where: { $0 != 0 }), zip(gradient, noise).allSatisfy({ $0.magnitude <= $1 }),
        !updateShows(node, gradient)
      else { continue }
      result.nodes[index].gradient = [Double](repeating: 0, count: gradient.count)
      let greatest = gradient.reduce(0) { max($0, $1.magnitude) }
      if node.updated != nil { result.nodes[index].updated = node.value }
      for term in node.updateTerms.indices {
        result.nodes[index].updateTerms[term].value = node.updateTerms[term].value.map {
          $0.magnitude <= greatest ? 0 : $0
        }
      }
    }
    return result
  }

  /// For each entry of a value that is added to the rows of other values, what the sum of its shares may be off by; nil for
  /// other uses.
  private func noise(of index: Int, _ uses: [(user: Int, position: Int)]) -> [Double]? {
    var sizes = [Double](repeating: 0, count: nodes[index].value.count)
    for use in uses {
      let user = nodes[use.user]
      guard user.operation == .add || user.operation == .subtract, user.shape != nodes[index].shape,
        let upstream = user.gradient
      else { return nil }
      let map = Shapes.broadcastMap(from: nodes[index].shape, to: user.shape)
      guard map.count == upstream.count else { return nil }
      for (entry, share) in zip(map, upstream) { sizes[entry] += share.magnitude }
    }
    return sizes.allSatisfy(\.isFinite) ? sizes.map { $0 * 1e-14 } : nil
  }

  /// Whether an update by such a gradient is more than rounding, as Adam's may be, which divides by its size.
  private func updateShows(_ node: Node, _ gradient: [Double]) -> Bool {
    guard let updated = node.updated else { return false }
    let size = node.value.reduce(learningRate ?? 0) { max($0, $1.magnitude) }
    return zip(updated, node.value).contains { !(($0 - $1).magnitude <= 1e-9 * size) }
  }
}
