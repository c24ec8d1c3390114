import Autograd

extension ComputationGraph: CustomStringConvertible {
  /// One line, such as `a scalar graph of 12 values, L = 0.731`.
  public var description: String {
    let result = loss.flatMap { nodes.indices.contains($0) ? nodes[$0] : nil }
    return "a \(level.rawValue) graph of \(nodes.count) value\(nodes.count == 1 ? "" : "s")"
      + (result.map { ", \($0.name) = \(ShortList(shape: $0.shape, numbers: $0.value).text)" } ?? "")
  }
}
