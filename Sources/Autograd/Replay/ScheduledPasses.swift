import CAutograd

extension Schedule {
  /// Recomputes every node of the tape.
  func replay(_ tape: Tape) {
    let values = tape.storage.pointee.values
    for run in runs {
      let range = run.entries
      switch run.group {
      case .add: for place in range { binary(place, run, values) { $0 + $1 } }
      case .subtract: for place in range { binary(place, run, values) { $0 - $1 } }
      case .multiply: for place in range { binary(place, run, values) { $0 * $1 } }
      case .productSum:
        replayWeightedSums(run, values)
      case .relu: for place in range { unary(place, run, values) { $0 <= 0 ? 0 : $0 } }
      case .tanh: for place in range { unary(place, run, values) { ElementRules.value(.tanh, $0) } }
      case .exp: for place in range { unary(place, run, values) { ElementRules.value(.exp, $0) } }
      case .other: for place in range { tape.evaluate(node(place, run)) }
      }
    }
  }

  /// Each sum stays in a register.
  @inline(__always)
  private func replayWeightedSums(_ run: Run, _ values: UnsafeMutablePointer<Double>) {
    chains.withUnsafeBufferPointer { chains in
      var place = run.entries.lowerBound
      for number in run.chains {
        let chain = chains[number]
        var sum = values[Int(chain.summand)]
        var pair = values + Int(chain.first)
        for _ in 0..<chain.count {
          let entry = operands[place]
          let product = values[Int(entry.a)] * values[Int(entry.b)]
          sum += product
          pair[0] = product
          pair[1] = sum
          pair += 2
          place &+= 1
        }
      }
    }
  }

  /// The gradient of the sums, which all products share, stays in a register.
  @inline(__always)
  private func sweepWeightedSums(
    _ run: Run, _ values: UnsafeMutablePointer<Double>, _ gradients: UnsafeMutablePointer<Double>
  ) {
    chains.withUnsafeBufferPointer { chains in
      var place = run.entries.upperBound
      for number in run.chains.reversed() {
        let chain = chains[number]
        var upstream = 0.0
        var pair = gradients + (Int(chain.first) + 2 * Int(chain.count))
        for _ in 0..<chain.count {
          pair -= 2
          place &-= 1
          let entry = operands[place]
          upstream += pair[1]
          let passed = pair[0] + upstream
          pair[0] = passed
          pair[1] = upstream
          let (x, y) = (values[Int(entry.a)], values[Int(entry.b)])
          gradients[Int(entry.a)] += passed * y
          gradients[Int(entry.b)] += passed * x
        }
        gradients[Int(chain.summand)] += upstream
      }
    }
  }

  @inline(__always)
  private func binary(
    _ place: Int, _ run: Run, _ values: UnsafeMutablePointer<Double>, _ rule: (Double, Double) -> Double
  ) {
    let entry = operands[place]
    values[node(place, run)] = rule(values[Int(entry.a)], values[Int(entry.b)])
  }

  @inline(__always)
  private func unary(
    _ place: Int, _ run: Run, _ values: UnsafeMutablePointer<Double>, _ rule: (Double) -> Double
  ) {
    let entry = operands[place]
    values[node(place, run)] = rule(values[Int(entry.a)])
  }

  /// Passes the gradient of the loss back to all nodes it depends on; the tape has cleared the gradients.
  func sweep(_ tape: Tape) {
    let (values, gradients) = (tape.storage.pointee.values, tape.storage.pointee.gradients)
    for number in windows.indices.reversed() {
      if number > 0, windows[number - 1].lowest < windows[number].lowest {
        let end = min(windows[number].lowest, windows[number - 1].lowest + 2 * Self.window)
        prefetch(windows[number - 1].lowest..<end, values, gradients)
      }
      for run in runs[windows[number].runs].reversed() where run.isReached {
        sweep(run, tape, values, gradients)
      }
    }
  }

  /// Data that the next window reads and this one does not, so that it is in no cache.
  private func prefetch(
    _ nodes: Range<Int>, _ values: UnsafeMutablePointer<Double>, _ gradients: UnsafeMutablePointer<Double>
  ) {
    for node in stride(from: nodes.lowerBound, to: nodes.upperBound, by: 8) {
      gradviz_prefetch(values + node)
      gradviz_prefetch(gradients + node)
    }
  }

  @inline(__always)
  private func sweep(
    _ run: Run, _ tape: Tape, _ values: UnsafeMutablePointer<Double>,
    _ gradients: UnsafeMutablePointer<Double>
  ) {
    let range = run.entries
    switch run.group {
    case .add:
      for place in range.reversed() {
        let entry = operands[place]
        prefetchOperands(before: place, gradients)
        let upstream = gradients[node(place, run)]
        gradients[Int(entry.a)] += upstream
        gradients[Int(entry.b)] += upstream
      }
    case .subtract:
      for place in range.reversed() {
        let entry = operands[place]
        let upstream = gradients[node(place, run)]
        gradients[Int(entry.a)] += upstream
        gradients[Int(entry.b)] -= upstream
      }
    case .multiply:
      for place in range.reversed() {
        let entry = operands[place]
        prefetchOperands(before: place, gradients)
        prefetchOperands(before: place, values)
        let upstream = gradients[node(place, run)]
        let (x, y) = (values[Int(entry.a)], values[Int(entry.b)])
        gradients[Int(entry.a)] += upstream * y
        gradients[Int(entry.b)] += upstream * x
      }
    case .productSum:
      sweepWeightedSums(run, values, gradients)
    // Written out, since the rule's switch would stay inside the loop.
    case .relu: sweep(run, values, gradients) { x, _ in x <= 0 ? 0 : x.isNaN ? x : 1 }
    case .tanh: sweep(run, values, gradients) { _, y in 1 - y * y }
    case .exp: sweep(run, values, gradients) { _, y in y }
    case .other:
      for place in range.reversed() {
        let result = node(place, run)
        tape.passBack(result, tape.record(result), gradients[result])
      }
    }
  }

  /// In entries; the quickest of 8 … 256.
  private static let prefetchDistance = 32

  /// In an unordered graph, the operands are not in a near cache.
  @inline(__always)
  private func prefetchOperands(before place: Int, _ numbers: UnsafeMutablePointer<Double>) {
    let ahead = operands[max(0, place &- Self.prefetchDistance)]
    gradviz_prefetch(numbers + Int(ahead.a))
    gradviz_prefetch(numbers + Int(ahead.b))
  }

  @inline(__always)
  private func sweep(
    _ run: Run, _ values: UnsafeMutablePointer<Double>, _ gradients: UnsafeMutablePointer<Double>,
    _ derivative: (Double, Double) -> Double
  ) {
    for place in run.entries.reversed() {
      let entry = operands[place]
      let (a, result) = (Int(entry.a), node(place, run))
      let ahead = max(run.entries.lowerBound, place &- Self.prefetchDistance)
      gradviz_prefetch(gradients + Int(operands[ahead].a))
      gradviz_prefetch(values + node(ahead, run))
      gradients[a] += gradients[result] * derivative(values[a], values[result])
    }
  }
}
