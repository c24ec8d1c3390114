import CAutograd

extension Tape {
  /// Computes ∂loss/∂node for every node in one sweep, in reverse order of recording.
  ///
  /// Clears the gradients of an earlier sweep first; within a sweep, gradients accumulate over all uses of a
  /// value. (Griewank & Walther, *Evaluating Derivatives*, 2nd ed., 2008, chapter 3.2.) Allocates only in the
  /// first sweep after a recording.
  ///
  /// Where a leaf was set since the values that the loss depends on were computed, they are computed again first, as by
  /// ``replay()``: a gradient belongs to one set of numbers.
  ///
  /// - Complexity: O(operations recorded), a small multiple of the forward pass.
  public func backward(from loss: Value) {
    precondition(loss.tape === self, "the loss belongs to another tape")
    if isStale(loss.index) { replay() }
    sweepState.isForParametersOnly = false
    sweep(from: loss.index)
  }

  /// Computes only the gradients that an update needs: skips arrays that depend on no parameter.
  func backwardForParameters(from loss: Value) {
    if !knowsParameterPaths { markParameterPaths() }
    sweepState.isForParametersOnly = true
    sweep(from: loss.index)
    sweepState.isForParametersOnly = false
  }

  /// Whether a value depends on one that was computed before a leaf was set.
  private func isStale(_ loss: Int) -> Bool {
    let old = 0..<computedBeforeChange
    // A step that is recorded again has leaves only before it.
    guard old.contains(where: { !isLeaf($0) }) else { return false }
    let reached = ReachedNodes(self, from: loss)
    return old.contains { !isLeaf($0) && reached.contains($0) }
  }

  private func sweep(from loss: Int) {
    precondition(loss < count, "a value from before the tape was emptied")
    storage.pointee.clearGradients()
    for (place, array) in arrays.enumerated() {
      array.isReached = false
      array.sharesGradient = sweepState.isForParametersOnly && sweepState.isOnlyUse[place]
    }
    sweepState.reached = nil
    sweepState.start = loss
    storage.pointee.gradients[loss] = 1
    if let schedule, schedule.count == count, schedule.loss == loss { return schedule.sweep(self) }
    sweepRecords(from: loss)
  }

  /// In records; the operands of an operation further ahead are in no near cache where a graph is without order.
  private static let prefetchDistance = 24

  private func sweepRecords(from loss: Int) {
    let (records, values) = (storage.pointee.records, storage.pointee.values)
    let gradients = storage.pointee.gradients
    var index = loss + 1
    while index > 0 {
      index &-= 1
      let record = records + index
      if record.pointee.kind == .productSum {
        index = sweepWeightedSum(index, records, values, gradients)
        continue
      }
      let ahead = max(records, record - Self.prefetchDistance)
      gradviz_prefetch(values + Int(ahead.pointee.a))
      gradviz_prefetch(values + Int(ahead.pointee.b))
      gradviz_prefetch(gradients + Int(ahead.pointee.a))
      gradviz_prefetch(gradients + Int(ahead.pointee.b))
      let upstream = gradients[index]
      let a = Int(record.pointee.a)
      if record.pointee.kind == .arithmetic, upstream != 0 {
        let b = Int(record.pointee.b)
        let local = record.pointee.arithmeticDerivatives(values[a], values[b])
        gradients[a] += upstream * local.0
        gradients[b] += upstream * local.1
      } else if record.pointee.kind == .unary, upstream != 0, !record.pointee.operation.passesNothing {
        gradients[a] +=
          upstream * ElementRules.derivative(record.pointee.operation, values[a], result: values[index])
      } else if record.pointee.kind != .leaf {
        sweepOther(index, upstream)
      }
    }
  }

  /// What is rare, apart from the loop, which then keeps its numbers in registers.
  @inline(never)
  private func sweepOther(_ index: Int, _ upstream: Double) {
    let record = storage.pointee.records[index]
    if upstream == 0, mayPassOver(index, record) { return }
    passBack(index, record, upstream)
  }

  /// Adds the gradient that a node passes back to those of its operands.
  @inline(__always)
  func passBack(_ index: Int, _ record: Record, _ upstream: Double) {
    let (values, gradients) = (storage.pointee.values, storage.pointee.gradients)
    switch record.kind {
    case .leaf, .arrayLeaf: break
    case .arithmetic, .product, .productSum:
      let (a, b) = (Int(record.a), Int(record.b))
      let local = record.arithmeticDerivatives(values[a], values[b])
      gradients[a] += upstream * local.0
      gradients[b] += upstream * local.1
    case .unary:
      if record.operation.passesNothing { return }
      let a = Int(record.a)
      gradients[a] +=
        upstream * ElementRules.derivative(record.operation, values[a], result: values[index])
    case .power:
      let a = Int(record.a)
      gradients[a] += upstream * ElementRules.powerDerivative(values[a], exponent: exponents[Int(record.b)])
    case .binary:
      if record.operation.passesNothing { return }
      let (a, b) = (Int(record.a), Int(record.b))
      let local = ElementRules.derivatives(record.operation, values[a], values[b], result: values[index])
      gradients[a] += upstream * local.0
      gradients[b] += upstream * local.1
    case .list:
      withOperands(ofList: record) { operands in
        ElementRules.forEachDerivative(
          record.operation, of: operands, count: operands.count, result: values[index]
        ) { gradients[Int(operands.places[$0])] += upstream * $1 }
      }
    case .reduction, .array: backwardArray(index)
    }
  }

  /// Sweeps over alternating products and sums; the gradient of the sums, which all products share, stays in
  /// a register.
  ///
  /// - Returns: the first product.
  @inline(__always)
  private func sweepWeightedSum(
    _ last: Int, _ records: UnsafeMutablePointer<Record>, _ values: UnsafeMutablePointer<Double>,
    _ gradients: UnsafeMutablePointer<Double>
  ) -> Int {
    var index = last
    var upstream = gradients[index]
    if upstream == 0, values[index].isFinite {
      // For example, behind a relu with output 0. A finite sum has only finite products with finite factors,
      // so that there is nothing to pass back unless another use has left a gradient.
      while gradients[index &- 1] == 0 {
        let before = Int(records[index].a)
        guard before == index &- 2, records[before].kind == .productSum else { return index &- 1 }
        index = before
        upstream = gradients[index]
        if upstream != 0 { break }
      }
    }
    while true {
      let product = index &- 1
      let passed = gradients[product] + upstream
      gradients[product] = passed
      let record = records[product]
      let (a, b) = (Int(record.a), Int(record.b))
      let (x, y) = (values[a], values[b])
      // A finite number minus itself is 0; anything else is NaN.
      if passed != 0 || ((x - x) + (y - y) != 0 && isReached(product)) {
        gradients[a] += passed * y
        gradients[b] += passed * x
      }
      let before = Int(records[index].a)
      guard before == index &- 2, records[before].kind == .productSum else {
        gradients[before] += upstream
        return product
      }
      index = before
      upstream += gradients[index]
      gradients[index] = upstream
    }
  }

  /// Whether a node whose gradient is 0 passes nothing back.
  ///
  /// This holds if its local derivatives are finite; an infinite one gives 0 · ∞, NaN as in PyTorch, if the loss
  /// depends on the node at all.
  @inline(__always)
  private func mayPassOver(_ index: Int, _ record: Record) -> Bool {
    switch record.kind {
    case .leaf, .arrayLeaf: return true
    case .productSum: return true
    case .arithmetic where record.productMask == 0: return true
    case .list where record.operation == .sum || record.operation == .mean: return true
    case .array: return arrays[Int(record.a)].knownGradient == nil
    default: return hasFiniteDerivatives(index, record) || !isReached(index)
    }
  }

  private func hasFiniteDerivatives(_ index: Int, _ record: Record) -> Bool {
    let values = storage.pointee.values
    let y = values[index]
    switch record.kind {
    case .arithmetic, .product: return values[Int(record.a)].isFinite && values[Int(record.b)].isFinite
    case .unary: return ElementRules.derivative(record.operation, values[Int(record.a)], result: y).isFinite
    case .binary:
      let (a, b) = (values[Int(record.a)], values[Int(record.b)])
      let local = ElementRules.derivatives(record.operation, a, b, result: y)
      return local.0.isFinite && local.1.isFinite
    default: return false
    }
  }

  /// Whether the loss depends on a node; computed for all nodes on the first call.
  @inline(never)
  private func isReached(_ index: Int) -> Bool {
    if let reached = sweepState.reached { return reached.contains(index) }
    let found = ReachedNodes(self, from: sweepState.start)
    sweepState.reached = found
    return found.contains(index)
  }

  /// One step of gradient descent, w ← w − rate · ∂L/∂w, for all parameters at once.
  ///
  /// Values computed from them do not change until ``replay()``.
  public func update(learningRate: Double) {
    for index in parameters {
      let gradient = gradient(of: index)
      let values = zip(values(of: index), gradient).map { $0 - learningRate * $1 }
      setValues(values, of: index)
    }
  }

  package func setValues(_ values: [Double], of index: Int) {
    precondition(isLeaf(index), "\(description(of: index)) is computed; only leaves can be set")
    let count = isScalar(index) ? 1 : arrayNode(index)?.values.count ?? 0
    precondition(values.count == count, "\(description(of: index)) cannot take \(values.count) values")
    computedBeforeChange = self.count
    if isScalar(index) {
      storage.pointee.values[index] = values[0]
    } else {
      arrayNode(index)?.setValues(values)
    }
  }
}
