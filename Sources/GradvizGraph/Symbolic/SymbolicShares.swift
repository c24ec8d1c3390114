import Autograd

extension Symbolic {
  /// The sum of the shares of some uses in a scalar's gradient; nil if there are none, if an operation is
  /// folded, and for arrays.
  ///
  /// - Parameters:
  ///   - uses: uses of one value, as the user and the position among its operands.
  ///   - isBrief: whether the gradients of the users are named instead of written out.
  public func share(of uses: [(user: Int, position: Int)], isBrief: Bool = false) -> Formula? {
    guard graph.level == .scalar else { return nil }
    var terms: [Formula] = []
    for (user, position) in uses {
      guard let upstream = gradient(of: user), !graph.nodes[user].hidesOperands else { return nil }
      let named = isBrief && user != graph.loss ? .gradient(of: user) : upstream
      terms.append(.product(of: [named, localDerivative(of: user, operand: position)]))
    }
    return terms.isEmpty ? nil : .sum(of: terms)
  }
}
