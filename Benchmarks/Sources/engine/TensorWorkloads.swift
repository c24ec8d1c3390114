import Autograd
import CAllocations
import Foundation

/// A network of layers with relu between them, trained on batches one after another by gradient descent.
struct TensorWorkload {
  let name: String
  let sizes: [Int]
  let batch: Int
  let rate: Double

  static let all = [
    TensorWorkload(name: "moons", sizes: [2, 16, 16, 1], batch: 100, rate: 0.1),
    TensorWorkload(name: "digits", sizes: [64, 128, 10], batch: 64, rate: 0.1),
    TensorWorkload(name: "784-256-128-10", sizes: [784, 256, 128, 10], batch: 128, rate: 0.05),
  ]

  /// Reads `<name>.bin`: little-endian Int32 samples, features, then Float64 features row by row, Float64
  /// labels, and the parameters (weights inputs × outputs, then the bias) layer by layer.
  func measure(folder: String) throws {
    let data = try Data(contentsOf: URL(filePath: "\(folder)/\(name).bin"))
    let samples = data.withUnsafeBytes { Int($0.loadUnaligned(as: Int32.self)) }
    let numbers = data.withUnsafeBytes { bytes in
      (0..<(data.count - 8) / 8).map { bytes.loadUnaligned(fromByteOffset: 8 + 8 * $0, as: Double.self) }
    }
    let features = sizes[0]
    let rows = numbers[..<(samples * features)]
    let labels = Array(numbers[(samples * features)..<(samples * (features + 1))])
    var place = samples * (features + 1)
    func take(_ count: Int) -> [Double] {
      defer { place += count }
      return Array(numbers[place..<(place + count)])
    }
    let tape = Tape()
    let x = try tape.leaf(
      [Double](repeating: 0, count: batch * features), shape: [batch, features], role: .input, name: "x")
    var layer = x
    var parameters: [Tensor] = []
    for number in 1..<sizes.count {
      let (inputs, outputs) = (sizes[number - 1], sizes[number])
      let weight = try tape.leaf(
        take(inputs * outputs), shape: [inputs, outputs], role: .parameter, name: "w\(number)")
      let bias = tape.parameter(take(outputs), name: "b\(number)")
      parameters += [weight, bias]
      layer = matmul(number == 1 ? layer : relu(layer), weight) + bias
    }
    let target: Tensor
    let loss: Tensor
    if sizes.last == 1 {
      target = try tape.leaf([Double](repeating: 0, count: batch), shape: [batch, 1], role: .target, name: "y")
      let squares = parameters.map { ($0 ** 2).sum() }
      loss = relu(1 - target * layer).mean() + squares.dropFirst().reduce(squares[0], +) * 1e-4
    } else {
      target = try tape.leaf(
        [Double](repeating: 0, count: batch * 10), shape: [batch, 10], role: .target, name: "y")
      loss = (layer.logSumExp(axis: 1) - (target * layer).sum(axis: 1)).mean()
    }
    let training = Training(loss.value, optimizer: .sgd(rate: .constant(rate)))
    // The first batches, which every peer uses, split in advance.
    let starts = (0..<32).map { samples == batch ? 0 : $0 * batch % (samples - batch + 1) }
    let inputs = starts.map { Array(rows[($0 * features)..<(($0 + batch) * features)]) }
    let targets = starts.map { start -> [Double] in
      let part = Array(labels[start..<(start + batch)])
      return sizes.last == 1 ? part : part.flatMap { label in (0..<10).map { Double($0) == label ? 1 : 0 } }
    }
    var step = 0
    func advance() {
      let number = step % starts.count
      x.data = inputs[number]
      target.data = targets[number]
      guard let result = try? training.next() else { fatalError("the loss is not finite") }
      if step == 19 { report("check", result.loss, "loss at step 20") }
      step += 1
    }
    for _ in 0..<20 { advance() }
    let before = allocation_count()
    for _ in 0..<100 { advance() }
    report("allocations", Double(allocation_count() - before), "in 100 steps")
    report("step", time(runs: 51, span: 0.01, advance) * 1e6, "us")
  }
}
