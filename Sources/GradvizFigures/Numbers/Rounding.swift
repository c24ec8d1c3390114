import Autograd
import GradvizGraph

extension ComputationGraph {
  /// Returns the graph with values that are only the rounding of a sum set to 0, so that `0.1 + 0.2 − 0.3` is not
  /// 5.6×10⁻¹⁷ in a figure.
  ///
  /// A value is kept if decimal arithmetic gives a result other than 0, as in
  /// `1e15 + 0.5 − 1e15`, and a value computed from it shows it.
  func withoutRounding() -> ComputationGraph {
    guard level == .scalar else { return withoutRoundingOfArrays() }
    let uses = self.uses
    var result = self
    let values = RoundedValues(self, uses)
    for index in nodes.indices where values.isZero[index] { result.nodes[index].value = [0] }
    if values.isZero.contains(true) { result.clearDerivatives(of: values.isZero) }
    let gradients = RoundedGradients(result, before: self, uses)
    for index in nodes.indices where gradients.isZero[index] { result.nodes[index].gradient = [0] }
    return result
  }

  /// Clears derivatives that are such a value themselves: the other factor of a product, the base of a power.
  private mutating func clearDerivatives(of isZero: [Bool]) {
    for index in nodes.indices {
      let operands = nodes[index].operands
      guard operands.contains(where: { isZero[$0] }), nodes[index].localDerivatives != nil else { continue }
      switch nodes[index].operation {
      case .multiply where operands.count == 2:
        for place in 0...1 where isZero[operands[1 - place]] { nodes[index].localDerivatives?[place] = 0 }
      case .power where (nodes[index].exponent ?? 0) > 1: nodes[index].localDerivatives?[0] = 0
      case .divide where isZero[operands[0]]: nodes[index].localDerivatives?[1] = 0
      case .cos, .cosh: nodes[index].localDerivatives = [0]
      default: break
      }
    }
  }
}

/// Finds values that are only rounding.
private struct RoundedValues {
  private(set) var isZero: [Bool]
  /// A greater product of rounding shows it: 10²⁰ times 5.6×10⁻¹⁷ is 5600.
  private static let maxOfProduct = 1e-9

  init(_ graph: ComputationGraph, _ uses: [[(user: Int, position: Int)]]) {
    let nodes = graph.nodes
    isZero = [Bool](repeating: false, count: nodes.count)
    func value(_ index: Int) -> Double { nodes[index].value[0] }
    let suspects = nodes.indices.filter { index in
      Self.isSum(nodes[index]) && value(index) != 0 && value(index).isFinite
        && value(index).magnitude <= 1e-15 * nodes[index].operands.reduce(0) { $0 + value($1).magnitude }
    }
    guard !suspects.isEmpty else { return }
    let exact = Self.exactValues(graph)
    for index in suspects {
      let size = nodes[index].operands.reduce(0) { $0 + exact[$1].high.magnitude }
      isZero[index] = exact[index].high.magnitude <= size * 1e-25
    }
    for index in nodes.indices where !isZero[index] && value(index).magnitude <= Self.maxOfProduct {
      isZero[index] = isProductOfZero(nodes[index])
    }
    var isSettled = false
    while !isSettled {
      isSettled = true
      for index in nodes.indices.reversed() where isZero[index] {
        let isShown = uses[index].contains { use in
          let user = value(use.user)
          guard !isZero[use.user], user != 0 else { return false }
          if let atZero = nodes[use.user].operation.flatMap(Self.smoothValueAtZero) {
            return abs(user - atZero) > 1e-12 * user.magnitude
          }
          return !(Self.isSum(nodes[use.user]) && value(index).magnitude <= 1e-12 * user.magnitude)
        }
        if isShown || !Self.isSum(nodes[index]) && !isProductOfZero(nodes[index]) {
          isZero[index] = false
          isSettled = false
        }
      }
    }
  }

  private static func isSum(_ node: ComputationGraph.Node) -> Bool {
    switch node.operation {
    case .add, .subtract, .sum, .mean: true
    default: false
    }
  }

  private func isProductOfZero(_ node: ComputationGraph.Node) -> Bool {
    switch node.operation {
    case .multiply: node.operands.contains { isZero[$0] }
    case .negate: isZero[node.operands[0]]
    case .divide: isZero[node.operands[0]] && !isZero[node.operands[1]]
    case .power: (node.exponent ?? 0) > 0 && isZero[node.operands[0]]
    case let function?: Self.smoothValueAtZero(function) == 0 && isZero[node.operands[0]]
    case nil: false
    }
  }

  /// The value at 0 of a function that has one slope there: at a kink 0 is another side.
  private static func smoothValueAtZero(_ function: Tape.Operation) -> Double? {
    switch function {
    case .exp, .tanh, .sigmoid, .sin, .cos, .tan, .asin, .acos, .atan, .sinh, .cosh, .log1p, .expm1, .erf:
      ElementRules.value(function, 0)
    default: nil
    }
  }

  /// The values in decimal arithmetic, if they are sums, products and quotients of the given numbers;
  /// otherwise unchanged.
  private static func exactValues(_ graph: ComputationGraph) -> [WideNumber] {
    var exact: [WideNumber] = []
    exact.reserveCapacity(graph.nodes.count)
    for node in graph.nodes {
      let operands = node.operands.map { exact[$0] }
      let value =
        switch node.operation {
        case nil: WideNumber(decimalOf: node.value[0])
        case .add, .sum: operands.reduce(0, +)
        case .mean: operands.reduce(0, +) / WideNumber(Double(max(operands.count, 1)))
        case .subtract: operands[0] - operands[1]
        case .multiply: operands.reduce(1, *)
        case .divide: operands[0] / operands[1]
        case .negate: -operands[0]
        case .power:
          node.exponent.flatMap { $0 == $0.rounded() && $0.magnitude < 64 ? Int($0) : nil }
            .map { operands[0].raised(to: $0) } ?? WideNumber(node.value[0])
        default: WideNumber(node.value[0])
        }
      exact.append(value.isFinite && node.value[0].isFinite ? value : WideNumber(node.value[0]))
    }
    return exact
  }
}

/// Finds gradients that are only rounding.
private struct RoundedGradients {
  private(set) var isZero: [Bool]

  /// - Parameter before: the graph with all its values, to see what clearing them has changed.
  init(
    _ graph: ComputationGraph, before: ComputationGraph, _ uses: [[(user: Int, position: Int)]]
  ) {
    let nodes = graph.nodes
    isZero = [Bool](repeating: false, count: nodes.count)
    for index in nodes.indices.reversed() {
      guard let gradient = nodes[index].gradient?.first, gradient != 0, gradient.isFinite,
        !uses[index].isEmpty
      else { continue }
      var (shares, hadAny): ([(upstream: Double, local: Double)], Bool) = ([], false)
      for use in uses[index] {
        guard let upstream = nodes[use.user].gradient?.first,
          let local = nodes[use.user].localDerivatives?[use.position]
        else { continue }
        shares.append((isZero[use.user] ? 0 : upstream, local))
        hadAny = hadAny || before.contribution(user: use.user, position: use.position) != 0
      }
      let size = shares.reduce(0) { $0 + ($1.upstream * $1.local).magnitude }
      guard hadAny, size.isFinite, gradient.magnitude <= max(size * 1e-14, 1e-14) else { continue }
      let largest = shares.map { ($0.upstream * $0.local).magnitude }.max() ?? 0
      if nodes[index].isLeaf {
        // Its update does not show it either.
        let isShown = nodes[index].updated.map { $0 != nodes[index].value } ?? false
        isZero[index] = size == 0 || !isShown && gradient.magnitude < largest.ulp
      } else {
        // Less than the last bit of a share is rounding.
        isZero[index] = gradient.magnitude < largest.ulp || Self.sum(shares).high.magnitude <= size * 1e-25
      }
    }
    keepShown(graph)
  }

  /// The sum of the products in decimal arithmetic.
  private static func sum(_ products: [(upstream: Double, local: Double)]) -> WideNumber {
    products.reduce(0) { $0 + WideNumber(decimalOf: $1.upstream) * WideNumber(decimalOf: $1.local) }
  }

  /// A gradient is kept if those it is passed on to show it.
  private mutating func keepShown(_ graph: ComputationGraph) {
    let nodes = graph.nodes
    var isSettled = !isZero.contains(true)
    while !isSettled {
      isSettled = true
      for index in nodes.indices where isZero[index] && !nodes[index].isLeaf {
        let isShown = nodes[index].operands.enumerated().contains { position, operand in
          guard !isZero[operand], let below = nodes[operand].gradient?.first, below != 0,
            let share = graph.contribution(user: index, position: position)
          else { return false }
          return share.magnitude > 1e-12 * below.magnitude
        }
        if isShown {
          isZero[index] = false
          isSettled = false
        }
      }
    }
  }
}
