@testable import Autograd

/// Vigna's SplitMix64: the same numbers on every machine.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// |a − b| relative to the larger, absolute below 1; equal if both are the same infinity or NaN.
func difference(_ a: Double, _ b: Double) -> Double {
  if a.isNaN && b.isNaN || a == b { return 0 }
  let distance = (a - b).magnitude
  return distance.isNaN ? .infinity : distance / max(1, a.magnitude, b.magnitude)
}

/// Random programs over a few parameters: every operation, reused values, no domain errors.
struct RandomProgram {
  var generator: SeededGenerator

  /// Records `count` operations on scalars and returns the sum of the last ones as the loss.
  mutating func scalars(on tape: Tape, count: Int) -> Value {
    var values = (0..<4).map {
      tape.parameter(Double.random(in: -1.5...1.5, using: &generator), name: "p\($0)")
    }
    for _ in 0..<count {
      let a = values[Int.random(in: 0..<values.count, using: &generator)]
      let b = values[Int.random(in: 0..<values.count, using: &generator)]
      let next: Value
      switch Int.random(in: 0..<17, using: &generator) {
      case 0: next = a + b
      case 1: next = a - b
      case 2: next = tanh(a * b)
      case 3: next = a / (b * b + 1)
      case 4: next = -a
      case 5: next = exp(tanh(a))
      case 6: next = log(a * a + 0.5)
      case 7: next = tanh(a)
      case 8: next = sigmoid(b)
      case 9: next = relu(a)
      case 10: next = sin(a)
      case 11: next = cos(b)
      case 12: next = sqrt(a * a + 1)
      case 13: next = abs(a)
      case 14: next = max(a, b)
      case 15: next = (tanh(a) ** 3)
      default: next = ((a * a + 0.3) ** tanh(b))
      }
      values.append(next)
    }
    return sum(Array(values.suffix(5))).label("L", role: .loss)
  }

  /// Records a network of arrays: inputs, two layers, broadcasts, reductions.
  mutating func arrays(on tape: Tape) -> Value {
    func numbers(_ count: Int) -> [Double] {
      (0..<count).map { _ in Double.random(in: -1...1, using: &generator) }
    }
    let samples = Int.random(in: 2...4, using: &generator)
    let width = Int.random(in: 1...3, using: &generator)
    let x = tape.array(numbers(samples * 2), shape: [samples, 2], role: .input, name: "x")
    let y = tape.array(numbers(samples), shape: [samples], role: .target, name: "y")
    let weights = tape.array(numbers(2 * width), shape: [2, width], role: .parameter, name: "W")
    let b = tape.array(numbers(width), shape: [width], role: .parameter, name: "b")
    let v = tape.array(numbers(width), shape: [width], role: .parameter, name: "v")
    var h = matmul(x, weights) + b
    switch Int.random(in: 0..<5, using: &generator) {
    case 0: h = tanh(h)
    case 1: h = h.softmax(axis: 1)
    case 2: h = sigmoid(h * h - h)
    case 3: h = max(h, sin(h)) / (h * h + 1)
    default: h = relu(h) + exp(-abs(h))
    }
    let prediction = (matmul(h, v) + h.sum(axis: 1) - h.logSumExp(axis: 1)).label("ŷ", role: .prediction)
    let difference = prediction - y
    let transposed = matmul(weights.transposed, weights)
    return ((difference ** 2).mean() + transposed.max() * 0.1 + b[0] * 0.2 + h.min() ** 3).label(
      "L", role: .loss
    ).value
  }
}
