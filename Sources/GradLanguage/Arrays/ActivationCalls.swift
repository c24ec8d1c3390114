import Autograd

/// Checks activations.
struct ActivationCalls {
  let scope: NameScope

  func check(_ call: Call) throws(Issue) -> Fact {
    let values = call.values
    try call.require(
      1...(call.function == .hardtanh ? 3 : [.elu, .leakyReLU, .logSoftmax].contains(call.function) ? 2 : 1))
    let value = values[0]
    let shape = scope[value].shape
    func make(_ steps: Int, _ apply: @escaping @Sendable (Tensor) -> Tensor) throws(Issue) -> Fact {
      try Results(scope: scope).composed(
        call.function.rawValue, [value], shape, steps: steps, isScope: steps > 1, call.node
      ) { apply($0[0]) }
    }
    switch call.function {
    case .softplus: return try make(7) { softplus($0) }
    case .logSigmoid: return try make(7) { logSigmoid($0) }
    case .silu: return try make(2) { silu($0) }
    case .stopGradient: return try make(1) { stopGradient($0) }
    case .gelu:
      let isTanh: Bool
      if let label = call.label("approximate") {
        guard case .text(let word) = scope.tree.nodes[label.operand].kind, ["tanh", "none"].contains(word) else {
          throw Issue(scope.span(label.operand), "`approximate` is \"tanh\" or \"none\"")
        }
        isTanh = word == "tanh"
      } else {
        isTanh = false
      }
      return try make(9) { gelu($0, isApproximate: isTanh) }
    case .elu:
      let alpha = try call.number("alpha", at: 1, 1)
      return try make(7) { elu($0, alpha: alpha) }
    case .leakyReLU:
      let slope = try call.number("negative_slope", at: 1, 0.01)
      return try make(6) { leakyReLU($0, slope: slope) }
    case .hardtanh:
      let low = try call.number("min_val", at: 1, -1)
      let high = try call.number("max_val", at: 2, 1)
      guard low < high else { throw Issue(call.span, "the lower bound is not below the upper one") }
      return try make(8) { hardTanh($0, from: low, to: high) }
    default:
      guard !shape.isEmpty else {
        throw Issue(call.span, "`log_softmax` takes a vector or a matrix, not a scalar")
      }
      let axis = try call.axis(values.dropFirst().first) ?? -1
      let place = try call.place(of: axis, value)
      return try make(3) { $0.logSoftmax(axis: place) }
    }
  }
}
