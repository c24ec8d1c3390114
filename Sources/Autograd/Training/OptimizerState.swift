/// What an optimizer remembers from step to step, for all parameters of a tape one after another.
///
/// The buffers are made in the first step and used again in all others.
struct OptimizerState: Sendable, Equatable {
  /// How many updates have been made.
  var step = 0
  private var first: [Double] = []
  private var second: [Double] = []
  /// β₁ᵗ and β₂ᵗ.
  private var powers = (1.0, 1.0)

  static func == (a: Self, b: Self) -> Bool {
    a.step == b.step && a.first == b.first && a.second == b.second && a.powers == b.powers
  }

  /// Moves `values` one step along `gradients`; both hold every element of every parameter.
  ///
  /// All gradients are there before the first parameter moves: the update is simultaneous.
  mutating func update(_ values: inout [Double], _ gradients: [Double], _ optimizer: Optimizer) {
    let rate = optimizer.rate.value(at: step)
    let isFirst = step == 0
    step += 1
    if first.count != values.count {
      first = [Double](repeating: 0, count: values.count)
      second = [Double](repeating: 0, count: values.count)
      if case .adagrad(_, _, let initial, _) = optimizer.method {
        second = [Double](repeating: initial, count: values.count)
      }
    }
    switch optimizer.method {
    case .sgd(let momentum, let dampening, let decay, let isNesterov):
      for i in values.indices {
        var g = gradients[i]
        if decay != 0 { g += decay * values[i] }
        if momentum != 0 {
          first[i] = isFirst ? g : momentum * first[i] + (1 - dampening) * g
          g = isNesterov ? g + momentum * first[i] : first[i]
        }
        values[i] -= rate * g
      }
    case .rmsprop(let alpha, let epsilon, let decay, let momentum):
      for i in values.indices {
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
    case .adagrad(let rateDecay, let decay, _, let epsilon):
      let rate = rate / (1 + Double(step - 1) * rateDecay)
      for i in values.indices {
        let g = decay == 0 ? gradients[i] : gradients[i] + decay * values[i]
        second[i] += g * g
        values[i] -= rate * g / (second[i].squareRoot() + epsilon)
      }
    case .adam(let beta1, let beta2, let epsilon, let decay, let isDecoupled):
      powers = (powers.0 * beta1, powers.1 * beta2)
      let stepSize = rate / (1 - powers.0)
      let correction = (1 - powers.1).squareRoot()
      for i in values.indices {
        var g = gradients[i]
        if isDecoupled { values[i] *= 1 - rate * decay } else if decay != 0 { g += decay * values[i] }
        first[i] += (g - first[i]) * (1 - beta1)
        second[i] = beta2 * second[i] + (1 - beta2) * g * g
        values[i] -= stepSize * first[i] / (second[i].squareRoot() / correction + epsilon)
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
    let parameters = parameters
    gather(parameters)
    optimizerState.update(&flatValues, flatGradients, optimizer)
    scatter(parameters)
  }

  /// Copies values and gradients of the parameters into one array each.
  private func gather(_ parameters: [Int]) {
    flatValues.removeAll(keepingCapacity: true)
    flatGradients.removeAll(keepingCapacity: true)
    for index in parameters {
      if isScalar(index) {
        flatValues.append(records[index].value)
        flatGradients.append(index < gradients.count ? gradients[index] : 0)
        continue
      }
      let info = Int(records[index].array)
      flatValues.append(contentsOf: arrays[info].values)
      if arrays[info].gradient.isEmpty {
        flatGradients.append(contentsOf: repeatElement(0, count: arrays[info].values.count))
      } else {
        flatGradients.append(contentsOf: arrays[info].gradient)
      }
    }
  }

  private func scatter(_ parameters: [Int]) {
    var offset = 0
    for index in parameters {
      if isScalar(index) {
        records[index].value = flatValues[offset]
        offset += 1
        continue
      }
      let info = Int(records[index].array)
      for element in arrays[info].values.indices {
        arrays[info].values[element] = flatValues[offset + element]
      }
      offset += arrays[info].values.count
    }
  }
}
