import Autograd

/// The backward pass of a graph of numbers, recorded operation by operation behind its forward pass, so that it can be
/// differentiated again.
///
/// Each local derivative is recorded as its formula says, ``DerivativeRule``; the second derivatives are then those of the
/// engine's own backward pass.
package struct BackwardGraph {
  /// Forward pass and backward pass, one behind the other.
  package let tape = Tape()
  /// The place of each value of the graph on the tape.
  private var places: [Int] = []
  /// The gradient of each value on the tape; nil for one that no variable has a part in, or that is 0.
  private var adjoints: [Adjoint?]
  /// The leaves by which the derivatives are taken.
  package let variables: [Int]
  /// The gradient of the loss by each variable as a value of the tape; nil for one that is the same number whatever the
  /// variables are.
  package private(set) var gradients: [Value?] = []
  /// The scope of all that the backward pass records.
  package static let scope = "backward"
  private let graph: ComputationGraph

  /// A gradient: a number, or a value of the tape times one.
  private struct Adjoint {
    var factor: Double
    var place: Int?
  }

  /// Returns nil for a graph whose values cannot be computed again: one that was folded, or cut, or of arrays, or that has
  /// an operation whose derivative has no formula.
  package init?(_ graph: ComputationGraph, variables: [Int]) {
    guard graph.level == .scalar, let loss = graph.loss else { return nil }
    self.graph = graph
    self.variables = variables
    adjoints = [Adjoint?](repeating: nil, count: graph.nodes.count)
    for node in graph.nodes {
      if let place = tape.append(node, node.operands.map { places[$0] }) {
        places.append(place)
      } else if node.isLeaf, !node.hidesUses {
        places.append(tape.leaf(node.value[0], role: node.role).index)
      } else {
        return nil
      }
      if node.isNamed, let place = places.last {
        // What is differentiated now is the gradient.
        tape.setLabel(node.name, node.role == .loss ? .intermediate : node.role, of: place)
      }
    }
    let forwardCount = tape.count
    tape.enterScope(Self.scope)
    guard record(from: loss) else { return nil }
    gradients = variables.map { variable in
      guard let adjoint = adjoints[variable], adjoint.place != nil else { return nil }
      let own = place(adjoint)
      // One that is a value of the forward pass gets a place of its own.
      return Value(tape: tape, index: own < forwardCount ? tape.list(.sum, [own]) : own)
    }
  }

  /// The backward pass: from the loss to each value that a variable has a part in.
  private mutating func record(from loss: Int) -> Bool {
    var isNeeded = [Bool](repeating: false, count: graph.nodes.count)
    for variable in variables { isNeeded[variable] = true }
    for (index, node) in graph.nodes.enumerated() where node.operands.contains(where: { isNeeded[$0] }) {
      isNeeded[index] = true
    }
    let ties = graph.extremeTies
    adjoints[loss] = Adjoint(factor: 1, place: nil)
    for index in graph.nodes.indices.reversed() where isNeeded[index] {
      guard let upstream = adjoints[index] else { continue }
      for (position, operand) in graph.nodes[index].operands.enumerated() where isNeeded[operand] {
        if graph.nodes[index].operation?.passesNothing ?? false { continue }
        let rule = Symbolic.ruleByNames(index, position, graph, ties).factor
        guard let local = recorded(rule) else { return false }
        let share = product(upstream, local)
        adjoints[operand] = adjoints[operand].map { sum($0, share) } ?? share
      }
    }
    return true
  }

  // MARK: Operations

  private func place(_ adjoint: Adjoint) -> Int {
    guard let place = adjoint.place else { return tape.constant(adjoint.factor).index }
    switch adjoint.factor {
    case 1: return place
    case -1: return tape.unary(.negate, place)
    default: return tape.binary(.multiply, tape.constant(adjoint.factor).index, place)
    }
  }

  private func product(_ a: Adjoint, _ b: Adjoint) -> Adjoint {
    guard let left = a.place, let right = b.place else {
      return Adjoint(factor: a.factor * b.factor, place: a.place ?? b.place)
    }
    return Adjoint(factor: a.factor * b.factor, place: tape.binary(.multiply, left, right))
  }

  private func sum(_ a: Adjoint, _ b: Adjoint) -> Adjoint {
    if a.place == nil, b.place == nil { return Adjoint(factor: a.factor + b.factor, place: nil) }
    if b.factor == -1, let subtracted = b.place {
      return Adjoint(factor: 1, place: tape.binary(.subtract, place(a), subtracted))
    }
    return Adjoint(factor: 1, place: tape.binary(.add, place(a), place(b)))
  }

  /// A local derivative on the tape; nil where no formula gives it.
  private func recorded(_ rule: Formula) -> Adjoint? {
    switch rule {
    case .number(let number): return Adjoint(factor: number, place: nil)
    case .negated(let inner):
      return recorded(inner).map { Adjoint(factor: -$0.factor, place: $0.place) }
    case .product(let factors):
      return factors.reduce(Adjoint(factor: 1, place: nil)) { product, factor in
        guard let product, let next = recorded(factor) else { return nil }
        return self.product(product, next)
      }
    default: return tape.record(rule) { places[$0] }.map { Adjoint(factor: 1, place: $0) }
    }
  }

  // MARK: Second derivatives

  /// The gradients' numbers as the backward pass on the tape has them.
  package var gradientNumbers: [Double] {
    zip(variables, gradients).map { variable, gradient in gradient?.data ?? adjoints[variable]?.factor ?? 0 }
  }

  /// The derivatives of a value of the tape by each variable, from one backward pass.
  ///
  /// What is left where all terms cancel out, as in a row of a softmax's Hessian, is their rounding: 0.
  package func derivatives(of value: Value) -> [Double] {
    tape.backward(from: value)
    let terms = TermSizes(tape, loss: value.index)
    return variables.map { variable in
      let derivative = tape.gradient(of: places[variable])[0]
      let rounding = Self.roundings * Double.ulpOfOne * terms.size(of: places[variable], 0)
      return derivative.magnitude <= rounding ? 0 : derivative
    }
  }

  /// The last bits of the terms that a derivative of at most 200 values adds up to.
  private static let roundings = 4.0
}

extension Tape {
  /// Records a formula of numbers, whose values stand at these places; nil for one of arrays.
  func record(_ formula: Formula, at place: (Int) -> Int) -> Int? {
    func all(_ parts: [Formula]) -> [Int]? {
      let places = parts.compactMap { record($0, at: place) }
      return places.count == parts.count ? places : nil
    }
    func pair(_ operation: Operation, _ a: Formula, _ b: Formula) -> Int? {
      all([a, b]).map { binary(operation, $0[0], $0[1]) }
    }
    switch formula {
    case .number(let number): return constant(number).index
    case .constant(let number, let source):
      let leaf = constant(number).index
      setSource(source, of: Tensor(tape: self, index: leaf))
      return leaf
    case .value(let node): return place(node)
    case .sum(let terms): return recordSum(terms, at: place)
    case .product(let factors):
      return all(factors).map { places in places.dropFirst().reduce(places[0]) { binary(.multiply, $0, $1) } }
    case .quotient(let a, let b): return pair(.divide, a, b)
    case .power(let base, .number(let exponent)):
      return record(base, at: place).map { power($0, exponent: exponent) }
    case .power(let a, let b): return pair(.power, a, b)
    case .negated(let part): return record(part, at: place).map { unary(.negate, $0) }
    case .sign(let part): return record(part, at: place).map { unary(.sign, $0) }
    case .only(let part, let condition, 0): return pair(.masked, part, condition)
    case .comparison(let a, let relation, let b): return pair(relation.operation, a, b)
    case .call(.power, let parts): return record(.power(parts[0], parts[1]), at: place)
    case .call(let operation, let parts):
      guard let places = all(parts) else { return nil }
      if operation.takesNumbersOnly { return list(operation, places) }
      if operation.isElementFunction { return places.count == 1 ? unary(operation, places[0]) : nil }
      return operation.isElementPair && places.count == 2 ? binary(operation, places[0], places[1]) : nil
    default: return nil
    }
  }

  /// `1 − y²` as a difference, not as a sum with what is negated.
  private func recordSum(_ terms: [Formula], at place: (Int) -> Int) -> Int? {
    guard let first = terms.first else { return nil }
    return terms.dropFirst().reduce(record(first, at: place)) { sum, term in
      guard let sum else { return nil }
      if case .negated(let subtracted) = term {
        return record(subtracted, at: place).map { binary(.subtract, sum, $0) }
      }
      return record(term, at: place).map { binary(.add, sum, $0) }
    }
  }
}

extension Formula.Relation {
  fileprivate var operation: Tape.Operation {
    switch self {
    case .greater: .greater
    case .less: .less
    case .equal: .equal
    case .greaterOrEqual: .greaterOrEqual
    case .lessOrEqual: .lessOrEqual
    case .notEqual: .notEqual
    }
  }
}
