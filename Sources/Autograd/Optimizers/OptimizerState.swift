/// The state of an optimizer between steps, for all parameters of a tape.
///
/// The buffers are allocated in the first step and reused in all others.
struct OptimizerState: Sendable, Equatable {
  /// The number of updates so far, which determines the rate.
  var step = 0
  private(set) var first: [Double] = []
  private(set) var second: [Double] = []
  /// Per parameter, since one that the loss does not depend on is skipped.
  private var progress: [Progress] = []

  /// The progress of a parameter.
  private struct Progress: Sendable, Equatable {
    var step = 0
    /// β₁ᵗ and β₂ᵗ.
    var power1 = 1.0
    var power2 = 1.0
  }

  static func == (a: Self, b: Self) -> Bool {
    a.step == b.step && a.first == b.first && a.second == b.second && a.progress == b.progress
  }

  /// The rate and the corrections of the current step.
  private var present = Present()

  private struct Present: Sendable {
    var method = Optimizer.sgd().method
    /// The rate of the step, from which the step size of each parameter is derived.
    var commonRate = 0.0
    var rate = 0.0
    var isFirst = true
    /// Adam's step size and the square root that corrects its second moment.
    var stepSize = 0.0
    var correction = 1.0
  }

  /// Begins the next step, for a number of parameters with `count` numbers in total.
  mutating func begin(_ optimizer: Optimizer, parameters: Int, count: Int) {
    present.method = optimizer.method
    present.commonRate = optimizer.rate.value(at: step)
    step += 1
    guard first.count != count || progress.count != parameters else { return }
    progress = [Progress](repeating: Progress(), count: parameters)
    first = [Double](repeating: 0, count: count)
    second = [Double](repeating: 0, count: count)
    if case .adagrad(_, _, let initial, _) = optimizer.method {
      second = [Double](repeating: initial, count: count)
    }
  }

  /// Copies another state, without allocating if both have the same parameters.
  mutating func copy(_ other: OptimizerState) {
    guard first.count == other.first.count, progress.count == other.progress.count else {
      self = other
      // Its own memory, so that the other state can keep using its own.
      first.withUnsafeMutableBufferPointer { _ in }
      second.withUnsafeMutableBufferPointer { _ in }
      progress.withUnsafeMutableBufferPointer { _ in }
      return
    }
    step = other.step
    present = other.present
    _ = progress.withUnsafeMutableBufferPointer { $0.update(from: other.progress) }
    // Plain gradient descent has no state.
    if case .sgd(let momentum, _, _, _) = other.present.method, momentum == 0 { return }
    _ = first.withUnsafeMutableBufferPointer { $0.update(from: other.first) }
    _ = second.withUnsafeMutableBufferPointer { $0.update(from: other.second) }
  }

  /// The state after splitting each parameter into the given numbers of scalars.
  func divided(_ counts: [Int]) -> OptimizerState {
    var result = self
    guard progress.count == counts.count else { return result }
    result.progress = zip(progress, counts).flatMap { [Progress](repeating: $0, count: $1) }
    return result
  }

  /// β₁ᵗ and β₂ᵗ of a parameter, by its index.
  func powers(of parameter: Int) -> (Double, Double) {
    progress.indices.contains(parameter) ? (progress[parameter].power1, progress[parameter].power2) : (1, 1)
  }

  /// Begins a parameter's own step.
  private mutating func advance(_ parameter: Int) {
    var own = progress[parameter]
    present.isFirst = own.step == 0
    present.rate = present.commonRate
    own.step += 1
    switch present.method {
    case .adagrad(let rateDecay, _, _, _): present.rate /= 1 + Double(own.step - 1) * rateDecay
    case .adam(let beta1, let beta2, _, _, _):
      own.power1 *= beta1
      own.power2 *= beta2
      present.stepSize = present.rate / (1 - own.power1)
      present.correction = (1 - own.power2).squareRoot()
    case .sgd, .rmsprop: break
    }
    progress[parameter] = own
  }

  /// Moves one parameter's numbers a step along their gradients.
  ///
  /// - Parameters:
  ///   - parameter: its index.
  ///   - offset: the number of numbers in the parameters before it.
  mutating func move(
    _ parameter: Int, _ values: UnsafeMutablePointer<Double>, _ gradients: UnsafePointer<Double>, count: Int,
    offset: Int
  ) {
    advance(parameter)
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
  /// A parameter that the loss of the last backward pass does not depend on has no gradient and does not
  /// change, with or without weight decay, like a PyTorch parameter whose `.grad` is None. Values computed
  /// from the parameters do not change until ``replay()``.
  ///
  /// - Precondition: an optimizer is set.
  public func update() {
    guard let optimizer else { preconditionFailure("the tape has no optimizer; set one, or give a rate") }
    let parameters = parameters
    optimizerState.begin(
      optimizer, parameters: parameters.count, count: parameters.reduce(0) { $0 + elementCount($1) })
    let hasGradient = parametersWithGradient
    computedBeforeChange = self.count
    var offset = 0
    // No parameter is computed from another, so each can move independently once all gradients are computed.
    for (number, index) in parameters.enumerated() {
      let count = elementCount(index)
      defer { offset += count }
      guard hasGradient[number] else { continue }
      if isScalar(index) {
        var gradient = gradientNumber(index)
        optimizerState.move(number, storage.pointee.values + index, &gradient, count: 1, offset: offset)
      } else if let node = arrayNode(index), let values = node.values.baseAddress {
        if let gradient = node.knownGradient {
          optimizerState.move(number, values, gradient, count: count, offset: offset)
        } else {
          var zeros = [Double](repeating: 0, count: count)
          optimizerState.move(number, values, &zeros, count: count, offset: offset)
        }
      }
    }
  }

  /// For each parameter, whether the gradient of the last backward pass arrives at it; cached per recording.
  var parametersWithGradient: [Bool] {
    if let known = sweepState.gradientFlags, known.loss == sweepState.start, known.count == count,
      known.parameters == parameters
    {
      return known.flags
    }
    guard sweepState.start >= 0 else { return [Bool](repeating: false, count: parameters.count) }
    let reached = ReachedNodes(self, gradientFrom: sweepState.start)
    var flags = parameters.map(reached.contains)
    // An array has a gradient as a whole, with 0 for entries that no gradient reaches.
    var first = 0
    for size in parameterParts ?? [] {
      let part = first..<(first + size)
      if flags[part].contains(true) { for place in part { flags[place] = true } }
      first += size
    }
    sweepState.gradientFlags = SweepState.GradientFlags(
      loss: sweepState.start, count: count, parameters: parameters, flags: flags)
    return flags
  }
}
