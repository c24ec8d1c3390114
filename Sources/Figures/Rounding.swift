import Autograd

extension ComputationGraph {
  /// The graph with what is only the rounding of a sum set to 0: `0.1 + 0.2 − 0.3` is not 5.6×10⁻¹⁷ in a
  /// figure, and libm's last bits, which differ between machines, decide such numbers.
  func withoutRounding() -> ComputationGraph {
    guard level == .scalar else { return self }
    var result = self
    let uses = self.uses
    for (index, node) in nodes.enumerated() {
      switch node.operation {
      case .add, .subtract, .sum, .mean:
        let size = node.operands.reduce(0) { $0 + nodes[$1].value[0].magnitude }
        if node.value[0].magnitude <= size * 1e-15 { result.nodes[index].value = [0] }
      default: break
      }
      if let gradient = node.gradient?.first, !uses[index].isEmpty {
        let shares = uses[index].compactMap { contribution(user: $0.user, position: $0.position)?.magnitude }
        if gradient.magnitude <= shares.reduce(0, +) * 1e-14 { result.nodes[index].gradient = [0] }
      }
    }
    return result
  }
}
