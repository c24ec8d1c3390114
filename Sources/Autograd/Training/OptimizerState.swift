/// What an optimizer remembers from step to step, for all parameters of a tape one after another.
///
/// The buffers are made in the first step and used again in all others.
struct OptimizerState: Sendable, Equatable {
  /// How many updates have been made.
  var step = 0
  private(set) var first: [Double] = []
  private(set) var second: [Double] = []
  /// β₁ᵗ and β₂ᵗ.
  private(set) var powers = (1.0, 1.0)

  static func == (a: Self, b: Self) -> Bool {
    a.step == b.step && a.first == b.first && a.second == b.second && a.powers == b.powers
  }

  /// The rate and the corrections of the step that is being made.
  private var present = Present()

  private struct Present: Sendable {
    var method = Optimizer.sgd().method
    var rate = 0.0
    var isFirst = true
    /// Adam's rate and the root that corrects its second moment.
    var stepSize = 0.0
    var correction = 1.0
  }

  /// Begins the next step, for `count` numbers in all.
  mutating func begin(_ optimizer: Optimizer, count: Int) {
    present.method = optimizer.method
    present.rate = optimizer.rate.value(at: step)
    present.isFirst = step == 0
    step += 1
    if first.count != count {
      first = [Double](repeating: 0, count: count)
      second = [Double](repeating: 0, count: count)
      if case .adagrad(_, _, let initial, _) = optimizer.method {
        second = [Double](repeating: initial, count: count)
      }
    }
    switch optimizer.method {
    case .adagrad(let rateDecay, _, _, _): present.rate /= 1 + Double(step - 1) * rateDecay
    case .adam(let beta1, let beta2, _, _, _):
      powers = (powers.0 * beta1, powers.1 * beta2)
      present.stepSize = present.rate / (1 - powers.0)
      present.correction = (1 - powers.1).squareRoot()
    case .sgd, .rmsprop: break
    }
  }

  /// Moves one parameter's numbers a step along their gradients.
  ///
  /// - Parameter offset: how many numbers of other parameters come before.
  mutating func move(
    _ values: UnsafeMutablePointer<Double>, _ gradients: UnsafePointer<Double>, count: Int, offset: Int
  ) {
    let (present, rate) = (present, present.rate)
    first.withUnsafeMutableBufferPointer { all in
      second.withUnsafeMutableBufferPointer { allSecond in
        guard let firstStart = all.baseAddress, let secondStart = allSecond.baseAddress else { return }
        let (first, second) = (firstStart + offset, secondStart + offset)
        switch present.method {
        case .sgd(let momentum, _, let decay, _) where momentum == 0:
          if decay == 0 {
            for i in 0..<count { values[i] -= rate * gradients[i] }
          } else {
            for i in 0..<count { values[i] -= rate * (gradients[i] + decay * values[i]) }
          }
        case .sgd(let momentum, let dampening, let decay, let isNesterov):
          for i in 0..<count {
            var g = gradients[i]
            if decay != 0 { g += decay * values[i] }
            first[i] = present.isFirst ? g : momentum * first[i] + (1 - dampening) * g
            values[i] -= rate * (isNesterov ? g + momentum * first[i] : first[i])
          }
        case .rmsprop(let alpha, let epsilon, let decay, let momentum):
          for i in 0..<count {
            let g = decay == 0 ? gradients[i] : gradients[i] + decay * values[i]
            second[i] = alpha * second[i] + (1 - alpha) * g * g
            let scaled = g / (second[i].squareRoot() + epsilon)
            if momentum == 0 {
              values[i] -= rate * scaled
            } else {
              first[i] = momentum * first[i] + scaled
              values[i] -= rate * first[i]
            }
          }
        case .adagrad(_, let decay, _, let epsilon):
          for i in 0..<count {
            let g = decay == 0 ? gradients[i] : gradients[i] + decay * values[i]
            second[i] += g * g
            values[i] -= rate * g / (second[i].squareRoot() + epsilon)
          }
        case .adam(let beta1, let beta2, let epsilon, let decay, let isDecoupled):
          for i in 0..<count {
            var g = gradients[i]
            if isDecoupled { values[i] *= 1 - rate * decay } else if decay != 0 { g += decay * values[i] }
            first[i] += (g - first[i]) * (1 - beta1)
            second[i] = beta2 * second[i] + (1 - beta2) * g * g
            values[i] -= present.stepSize * first[i] / (second[i].squareRoot() / present.correction + epsilon)
          }
        }
      }
    }
  }
}

extension Tape {
  /// One step of the tape's ``Tape/optimizer`` for all parameters at once, with its rate of that step.
  ///
  /// Values computed from them are as before until ``replay()``.
  ///
  /// - Precondition: an optimizer is set.
  public func update() {
    guard let optimizer else { preconditionFailure("the tape has no optimizer; set one, or give a rate") }
    optimizerState.begin(optimizer, count: parameters.reduce(0) { $0 + elementCount($1) })
    var offset = 0
    // No parameter is computed from another: each can move as soon as all gradients are there.
    for index in parameters {
      let count = elementCount(index)
      if isScalar(index) {
        var gradient = gradientNumber(index)
        optimizerState.move(storage.pointee.values + index, &gradient, count: 1, offset: offset)
      } else if let node = arrayNode(index), let values = node.values.baseAddress {
        if let gradient = node.knownGradient {
          optimizerState.move(values, gradient, count: count, offset: offset)
        } else {
          var zeros = [Double](repeating: 0, count: count)
          optimizerState.move(values, &zeros, count: count, offset: offset)
        }
      }
      offset += count
    }
  }
}
